/* Written by `make headers` from src/capi/pyframe*.rs. */

/**
 * The line that a frame stands on; negative if it has none. No exception.
 */
int PyFrame_GetLineNumber(PyFrameObject *frame);

/**
 * The code of a frame. New reference; no exception.
 */
PyCodeObject *PyFrame_GetCode(PyFrameObject *frame);
