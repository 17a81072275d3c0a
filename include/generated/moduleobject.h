/* Written by `make headers` from src/capi/moduleobject*.rs. */

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03030000

/**
 * A module of that name.
 */
PyObject *PyModule_NewObject(PyObject *name);

#endif

/**
 * The same from UTF-8.
 */
PyObject *PyModule_New(const char *name);

/**
 * The module's namespace. Borrowed reference.
 */
PyObject *PyModule_GetDict(PyObject *module);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03030000

/**
 * `__name__`. `SystemError` if there is none.
 */
PyObject *PyModule_GetNameObject(PyObject *module);

#endif

/**
 * The same as UTF-8 that lives as long as the name does.
 */
const char *PyModule_GetName(PyObject *module);

/**
 * `__file__`. `SystemError` if there is none.
 */
PyObject *PyModule_GetFilenameObject(PyObject *module);

/**
 * The same as UTF-8 that lives as long as the name does.
 */
const char *PyModule_GetFilename(PyObject *module);

/**
 * The definition that the module was made from, or NULL.
 */
PyModuleDef *PyModule_GetDef(PyObject *module);

/**
 * The module's C state, or NULL.
 */
void *PyModule_GetState(PyObject *module);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030F0000

void *PyModule_GetState_DuringGC(PyObject *module);

/**
 * The size of the state into `*result`, -1 into it on failure.
 */
int PyModule_GetStateSize(PyObject *module, Py_ssize_t *result);

/**
 * The token into `*result`: the definition's address, unless the module's slots name another.
 */
int PyModule_GetToken(PyObject *module, void **result);

int PyModule_GetToken_DuringGC(PyObject *module, void **result);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03050000

/**
 * Makes the definition an object, to be returned by a `PyInit_` function. Borrowed reference.
 */
PyObject *PyModuleDef_Init(PyModuleDef *def);

#endif

/**
 * A module of one phase, complete.
 */
PyObject *PyModule_Create2(PyModuleDef *def, int _api_version);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03050000

/**
 * A module of two phases, to be executed by `PyModule_ExecDef`.
 */
PyObject *PyModule_FromDefAndSpec2(PyModuleDef *def, PyObject *spec, int _api_version);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030F0000

/**
 * The same from slots alone, to be executed by `PyModule_Exec`.
 */
PyObject *PyModule_FromSlotsAndSpec(const PySlot *slots, PyObject *spec);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03050000

/**
 * Runs the exec functions of the module's definition.
 */
int PyModule_ExecDef(PyObject *module, PyModuleDef *def);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030F0000

/**
 * Runs the exec functions that the module was made with.
 */
int PyModule_Exec(PyObject *module);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03050000

/**
 * Makes the definitions functions of the module.
 */
int PyModule_AddFunctions(PyObject *module, PyMethodDef *functions);

/**
 * `module.__doc__ = doc`.
 */
int PyModule_SetDocString(PyObject *module, const char *doc);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030A0000

/**
 * Adds a value to the module.
 */
int PyModule_AddObjectRef(PyObject *module, const char *name, PyObject *value);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030D0000

/**
 * The same; takes the reference, even on failure.
 */
int PyModule_Add(PyObject *module, const char *name, PyObject *value);

#endif

/**
 * The same; takes the reference on success only.
 */
int PyModule_AddObject(PyObject *module, const char *name, PyObject *value);

/**
 * Adds an int.
 */
int PyModule_AddIntConstant(PyObject *module, const char *name, long value);

/**
 * Adds a str.
 */
int PyModule_AddStringConstant(PyObject *module, const char *name, const char *value);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03090000

/**
 * Readies the type and adds it under the last part of its name.
 */
int PyModule_AddType(PyObject *module, PyTypeObject *ty);

#endif

/**
 * The interpreter's module of that definition: borrowed, or NULL without an exception.
 */
PyObject *PyState_FindModule(PyModuleDef *def);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03030000

/**
 * Enters a module under its definition.
 */
int PyState_AddModule(PyObject *module, PyModuleDef *def);

/**
 * Takes the definition's module out.
 */
int PyState_RemoveModule(PyModuleDef *def);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030F0000

/**
 * `ImportError` if what an extension was compiled for is not what it finds here.
 */
int PyABIInfo_Check(PyABIInfo *info, const char *module_name);

#endif
