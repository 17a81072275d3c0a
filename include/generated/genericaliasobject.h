/* Written by `make headers` from src/capi/genericaliasobject*.rs. */

/**
 * `origin[args]`, as `__class_getitem__` of a class gives it; a tuple is several arguments.
 *
 * New reference. The origin may be anything.
 */
PyObject *Py_GenericAlias(PyObject *origin, PyObject *args);
