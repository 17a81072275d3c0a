/* Written by `make headers` from src/capi/bytearrayobject*.rs. */

/**
 * `bytearray(object)`, of a buffer, a number or an iterable of numbers.
 *
 * New reference. `TypeError` for anything else.
 */
PyObject *PyByteArray_FromObject(PyObject *object);

/**
 * A bytearray with that content; with NULL, room that the caller fills.
 *
 * New reference. `SystemError` for a negative size.
 */
PyObject *PyByteArray_FromStringAndSize(const char *content, Py_ssize_t size);

/**
 * `a + b`, for anything with a buffer.
 *
 * New reference. `TypeError` for anything else.
 */
PyObject *PyByteArray_Concat(PyObject *a, PyObject *b);

/**
 * `len(bytearray)`.
 *
 * -1 with `SystemError` for anything but a bytearray, which CPython does not check.
 */
Py_ssize_t PyByteArray_Size(PyObject *bytearray);

/**
 * The content, a NUL behind it, until the size changes.
 *
 * NULL with `SystemError` for anything but a bytearray, which CPython does not check.
 */
char *PyByteArray_AsString(PyObject *bytearray);

/**
 * Changes the size. Bytes that come in at the end are zeros.
 *
 * `BufferError` while a buffer is held, `ValueError` for a negative size.
 */
int PyByteArray_Resize(PyObject *bytearray, Py_ssize_t size);
