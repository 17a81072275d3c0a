/* Written by `make headers` from src/capi/refcount*.rs. */

/**
 * One reference more; NULL is passed over.
 */
void Py_IncRef(PyObject *object);

/**
 * One reference less; NULL is passed over.
 */
void Py_DecRef(PyObject *object);

/**
 * A new reference to `object`.
 */
PyObject *Py_NewRef(PyObject *object);

/**
 * A new reference to `object`, or NULL for NULL.
 */
PyObject *Py_XNewRef(PyObject *object);

/**
 * The count; an immortal's never changes.
 */
Py_ssize_t Py_REFCNT(PyObject *object);

#ifndef Py_LIMITED_API

/**
 * Whether no reference count ever changes the object.
 */
int PyUnstable_IsImmortal(PyObject *object);

/**
 * Makes an object immortal that nobody else refers to; 0 for one that is shared, and for a str.
 */
int PyUnstable_SetImmortal(PyObject *object);

#endif
