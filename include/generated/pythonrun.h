/* Written by `make headers` from src/capi/pythonrun*.rs. */

/**
 * Prints the exception that is set, clears it, and keeps it in `sys.last_exc`. `SystemExit` ends the process.
 */
void PyErr_PrintEx(int set_sys_last);

/**
 * The same, keeping it in `sys.last_exc`.
 */
void PyErr_Print(void);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030C0000

/**
 * Prints an exception to `sys.stderr`.
 */
void PyErr_DisplayException(PyObject *exception);

#endif

/**
 * The same with a traceback for an exception that has none.
 */
void PyErr_Display(PyObject *_kind, PyObject *value, PyObject *traceback);
