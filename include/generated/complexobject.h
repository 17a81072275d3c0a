/* Written by `make headers` from src/capi/complexobject*.rs. */

/**
 * The complex number of these parts. New reference.
 */
PyObject *PyComplex_FromDoubles(double real, double imag);

/**
 * The real part of a complex number, or of what `__complex__`, `__float__` or `__index__` says.
 *
 * -1.0 on failure, which is also a value. `TypeError` for what is no number.
 */
double PyComplex_RealAsDouble(PyObject *object);

/**
 * The imaginary part of a complex number, or of what `__complex__` says; 0.0 of another number.
 *
 * -1.0 on failure, which is also a value. `TypeError` for what is no number.
 */
double PyComplex_ImagAsDouble(PyObject *object);
