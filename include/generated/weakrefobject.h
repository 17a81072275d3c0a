/* Written by `make headers` from src/capi/weakrefobject*.rs. */

/**
 * `weakref.ref(object, callback)`; NULL and `None` mean no callback.
 */
PyObject *PyWeakref_NewRef(PyObject *object, PyObject *callback);

/**
 * `weakref.proxy(object, callback)`.
 */
PyObject *PyWeakref_NewProxy(PyObject *object, PyObject *callback);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030D0000

/**
 * Puts a new reference to what is referred to into `*result`: 1, or 0 and NULL if it is gone.
 */
int PyWeakref_GetRef(PyObject *reference, PyObject **result);

#endif

/**
 * For a `tp_dealloc`: kills the weak references to the object and calls their callbacks.
 */
void PyObject_ClearWeakRefs(PyObject *object);
