/* Written by `make headers` from src/capi/boolobject*.rs. */

/**
 * `True` for all but 0. New reference.
 */
PyObject *PyBool_FromLong(long value);
