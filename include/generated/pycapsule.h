/* Written by `make headers` from src/capi/pycapsule*.rs. */

/**
 * A capsule around the pointer, which must not be NULL. The name must outlive it.
 */
PyObject *PyCapsule_New(void *pointer, const char *name, PyCapsule_Destructor destructor);

/**
 * The pointer. `ValueError` if the name is not the capsule's.
 */
void *PyCapsule_GetPointer(PyObject *capsule, const char *name);

/**
 * The destructor, or NULL.
 */
PyCapsule_Destructor PyCapsule_GetDestructor(PyObject *capsule);

/**
 * The name, or NULL.
 */
const char *PyCapsule_GetName(PyObject *capsule);

/**
 * What `PyCapsule_SetContext` put there, or NULL.
 */
void *PyCapsule_GetContext(PyObject *capsule);

/**
 * Whether the object is a capsule of that name with a pointer. Never fails.
 */
int PyCapsule_IsValid(PyObject *capsule, const char *name);

/**
 * The pointer of the capsule that a module has as an attribute: `"module.attribute"`.
 *
 * `ImportError` if there is no such module, `AttributeError` if that is no capsule of that name.
 */
void *PyCapsule_Import(const char *name, int _no_block);

/**
 * Changes the pointer, to another that is not NULL.
 */
int PyCapsule_SetPointer(PyObject *capsule, void *pointer);

/**
 * Changes the name; the old one is not freed.
 */
int PyCapsule_SetName(PyObject *capsule, const char *name);

/**
 * Changes the destructor.
 */
int PyCapsule_SetDestructor(PyObject *capsule, PyCapsule_Destructor destructor);

/**
 * Changes the context.
 */
int PyCapsule_SetContext(PyObject *capsule, void *context);
