/* Written by `make headers` from src/capi/traceback*.rs. */

/**
 * Puts an entry for `frame` before the traceback of what is raised, which must be something.
 *
 * -1 with `MemoryError`, what was raised being its context. `SystemError` for what is no frame, unless an exception
 * is set: that one stays as it is.
 */
int PyTraceBack_Here(PyFrameObject *frame);

/**
 * Writes a traceback to a file-like object, the last `sys.tracebacklimit` entries of it or the last 1000.
 *
 * Nothing for NULL; -1 with `SystemError` for anything but a traceback, or with whatever writing raises.
 */
int PyTraceBack_Print(PyObject *traceback,
                      PyObject *file);
