/* Written by `make headers` from src/capi/longobject*.rs. */

/**
 * `sys.int_info`. New reference.
 */
PyObject *PyLong_GetInfo(void);

/**
 * The int of that value. New reference.
 */
PyObject *PyLong_FromLong(long value);

/**
 * The int of that value. New reference.
 */
PyObject *PyLong_FromLongLong(long long value);

/**
 * The int of that value. New reference.
 */
PyObject *PyLong_FromSsize_t(Py_ssize_t value);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030E0000

/**
 * The int of that value. New reference.
 */
PyObject *PyLong_FromInt32(int32_t value);

/**
 * The int of that value. New reference.
 */
PyObject *PyLong_FromInt64(int64_t value);

#endif

/**
 * The int of that value. New reference.
 */
PyObject *PyLong_FromUnsignedLong(unsigned long value);

/**
 * The int of that value. New reference.
 */
PyObject *PyLong_FromUnsignedLongLong(unsigned long long value);

/**
 * The int of that value. New reference.
 */
PyObject *PyLong_FromSize_t(size_t value);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030E0000

/**
 * The int of that value. New reference.
 */
PyObject *PyLong_FromUInt32(uint32_t value);

/**
 * The int of that value. New reference.
 */
PyObject *PyLong_FromUInt64(uint64_t value);

#endif

/**
 * The int of an address. New reference.
 */
PyObject *PyLong_FromVoidPtr(void *pointer);

/**
 * The whole part of a float.
 *
 * New reference. `ValueError` for a nan, `OverflowError` for an infinity.
 */
PyObject *PyLong_FromDouble(double value);

/**
 * The int that a text is in a base of 2 to 36, or 0 for the literal's own. `end`, unless NULL, gets where reading
 * ended.
 *
 * New reference. `ValueError` if there is anything else in the text than white space around the int.
 */
PyObject *PyLong_FromString(const char *text,
                            char **end,
                            int base);

/**
 * The value of an int, or of what `__index__` gives.
 *
 * -1 on failure, which is also a value: `OverflowError` if it does not fit, `TypeError`.
 */
long PyLong_AsLong(PyObject *object);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030D0000

/**
 * The value of an int, or of what `__index__` gives.
 *
 * -1 on failure, which is also a value: `OverflowError` if it does not fit, `TypeError`.
 */
int PyLong_AsInt(PyObject *object);

#endif

/**
 * The value of an int, or of what `__index__` gives.
 *
 * -1 on failure, which is also a value: `OverflowError` if it does not fit, `TypeError`.
 */
long long PyLong_AsLongLong(PyObject *object);

/**
 * The value of an int.
 *
 * -1 on failure, which is also a value: `OverflowError` if it does not fit, `TypeError` for what is no int.
 */
Py_ssize_t PyLong_AsSsize_t(PyObject *object);

/**
 * The value of an int.
 *
 * The largest value on failure: `OverflowError` if it does not fit, `TypeError` for what is no int.
 */
unsigned long PyLong_AsUnsignedLong(PyObject *object);

/**
 * The value of an int.
 *
 * The largest value on failure: `OverflowError` if it does not fit, `TypeError` for what is no int.
 */
unsigned long long PyLong_AsUnsignedLongLong(PyObject *object);

/**
 * The value of an int.
 *
 * The largest value on failure: `OverflowError` if it does not fit, `TypeError` for what is no int.
 */
size_t PyLong_AsSize_t(PyObject *object);

/**
 * The value of an int, or of what `__index__` gives, modulo 2^64.
 *
 * The largest value on failure.
 */
unsigned long PyLong_AsUnsignedLongMask(PyObject *object);

/**
 * The value of an int, or of what `__index__` gives, modulo 2^64.
 *
 * The largest value on failure.
 */
unsigned long long PyLong_AsUnsignedLongLongMask(PyObject *object);

/**
 * The value of an int, or of what `__index__` gives. `overflow` gets 0; 1 or -1 if the value is too large or too small,
 * and the answer is then -1 without an exception.
 */
long PyLong_AsLongAndOverflow(PyObject *object,
                              int *overflow);

/**
 * The value of an int, or of what `__index__` gives. `overflow` gets 0; 1 or -1 if the value is too large or too small,
 * and the answer is then -1 without an exception.
 */
long long PyLong_AsLongLongAndOverflow(PyObject *object,
                                       int *overflow);

/**
 * The nearest float.
 *
 * -1.0 on failure: `OverflowError` beyond the largest, `TypeError` for what is no int.
 */
double PyLong_AsDouble(PyObject *object);

/**
 * The address that an int is.
 *
 * NULL on failure, which is also a value.
 */
void *PyLong_AsVoidPtr(PyObject *object);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030E0000

/**
 * Writes the value of an int, or of what `__index__` gives.
 *
 * -1 on failure: `OverflowError` if it does not fit.
 */
int PyLong_AsInt32(PyObject *object, int32_t *value);

/**
 * Writes the value of an int, or of what `__index__` gives.
 *
 * -1 on failure: `OverflowError` if it does not fit.
 */
int PyLong_AsInt64(PyObject *object, int64_t *value);

/**
 * Writes the value of an int, or of what `__index__` gives.
 *
 * -1 on failure: `OverflowError` if it does not fit, `ValueError` if it is negative.
 */
int PyLong_AsUInt32(PyObject *object, uint32_t *value);

/**
 * Writes the value of an int, or of what `__index__` gives.
 *
 * -1 on failure: `OverflowError` if it does not fit, `ValueError` if it is negative.
 */
int PyLong_AsUInt64(PyObject *object, uint64_t *value);

/**
 * Writes an int's two's complement into so many bytes, as much of it as there is room for.
 *
 * How many bytes the value takes; -1 on failure.
 */
Py_ssize_t PyLong_AsNativeBytes(PyObject *object, void *buffer, Py_ssize_t n_bytes, int flags);

/**
 * The int that bytes are in two's complement, or without a sign if the flags say so.
 *
 * New reference.
 */
PyObject *PyLong_FromNativeBytes(const void *buffer, size_t n_bytes, int flags);

/**
 * The int that bytes are, without a sign.
 *
 * New reference.
 */
PyObject *PyLong_FromUnsignedNativeBytes(const void *buffer, size_t n_bytes, int flags);

#endif

/**
 * How the digits are laid out that `PyLong_Export` and `PyLongWriter_Create` show.
 */
const PyLongLayout *PyLong_GetNativeLayout(void);

/**
 * Shows an int's value: as a C integer where it fits, else as digits that stay the int's own, until
 * `PyLong_FreeExport`.
 *
 * -1 with `TypeError` for what is no int.
 */
int PyLong_Export(PyObject *object, PyLongExport *export_);

/**
 * Ends what `PyLong_Export` began. A second time does nothing.
 */
void PyLong_FreeExport(PyLongExport *export_);

/**
 * A new int of so many digits, which C writes where `digits` then points.
 *
 * To be ended by `PyLongWriter_Finish` or `PyLongWriter_Discard`. `ValueError` if there is to be no digit.
 */
struct PyLongWriter *PyLongWriter_Create(int negative,
                                         Py_ssize_t n_digits,
                                         void **digits);

/**
 * Ends the writing.
 *
 * New reference.
 */
PyObject *PyLongWriter_Finish(struct PyLongWriter *writer);

/**
 * Gives up writing. NULL does nothing.
 */
void PyLongWriter_Discard(struct PyLongWriter *writer);

/**
 * The number that a text begins with, in that base, or after its prefix for base 0. The largest, and `ERANGE` in
 * `errno`, for one that is too large.
 */
unsigned long PyOS_strtoul(const char *text,
                           char **end,
                           int base);

/**
 * The same with a sign. `LONG_MAX` for what does not fit.
 */
long PyOS_strtol(const char *text, char **end, int base);
