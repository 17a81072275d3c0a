/* Written by `make headers` from src/capi/traceback*.rs. */

/**
 * Adds a frame to the traceback of what is raised. There are no frames: always `SystemError`, unless an
 * exception is set already, which then stays.
 */
int PyTraceBack_Here(PyFrameObject *_frame);

/**
 * Prints a traceback to a file-like object. Nothing for NULL; `SystemError` for anything but a traceback, of
 * which there can be none.
 */
int PyTraceBack_Print(PyObject *traceback,
                      PyObject *_file);
