/* Written by `make headers` from src/capi/floatobject*.rs. */

/**
 * The float of that value. New reference.
 */
PyObject *PyFloat_FromDouble(double value);

/**
 * The value of a float, or what `__float__` or `__index__` says.
 *
 * -1.0 on failure, which is also a value. `TypeError` for what is no number.
 */
double PyFloat_AsDouble(PyObject *object);

/**
 * The float that is written in a str, bytes or buffer.
 *
 * New reference. `ValueError` if none is.
 */
PyObject *PyFloat_FromString(PyObject *text);

/**
 * The largest finite float.
 */
double PyFloat_GetMax(void);

/**
 * The smallest positive float that is not subnormal.
 */
double PyFloat_GetMin(void);

/**
 * `sys.float_info`. New reference.
 */
PyObject *PyFloat_GetInfo(void);
