/* Written by `make headers` from src/capi/osmodule*.rs. */

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03060000

/**
 * The path as str or bytes, by its `__fspath__` if it is neither.
 */
PyObject *PyOS_FSPath(PyObject *path);

#endif
