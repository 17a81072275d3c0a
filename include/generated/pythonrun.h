/* Written by `make headers` from src/capi/pythonrun*.rs. */

/**
 * There is no compiler: `NotImplementedError`, which names the file. New reference for the one expression that is
 * known, by which modules that Cython wrote make frames (`types/code/call.rs`).
 *
 * For other texts it is here, rather than missing, for extension modules that offer to run Python source and never do:
 * bound to all their symbols when they are loaded, they could not be loaded at all. They are told as of a text that is
 * no Python.
 */
PyObject *Py_CompileString(const char *source,
                           const char *filename,
                           int start);

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
 * The same with a traceback for an exception that has none; anything but a traceback is none.
 */
void PyErr_Display(PyObject *_kind, PyObject *value, PyObject *traceback);
