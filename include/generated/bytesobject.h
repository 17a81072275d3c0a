/* Written by `make headers` from src/capi/bytesobject*.rs. */

/**
 * Bytes with that content; with NULL, room that the caller fills before anyone sees it.
 *
 * New reference. `SystemError` for a negative size.
 */
PyObject *PyBytes_FromStringAndSize(const char *content, Py_ssize_t size);

/**
 * Bytes of what stands before the NUL.
 *
 * New reference.
 */
PyObject *PyBytes_FromString(const char *content);

/**
 * Bytes of a buffer or of an iterable of numbers.
 *
 * New reference. `TypeError` for anything else.
 */
PyObject *PyBytes_FromObject(PyObject *object);

/**
 * `len(bytes)`.
 *
 * -1 with `TypeError` for anything but bytes.
 */
Py_ssize_t PyBytes_Size(PyObject *bytes);

/**
 * The content, a NUL behind it.
 *
 * Lives as long as the bytes. NULL with `TypeError` for anything else.
 */
char *PyBytes_AsString(PyObject *bytes);

/**
 * The content and its size.
 *
 * `ValueError` if nobody asked for the size and there is a NUL within; `TypeError` for anything but bytes.
 */
int PyBytes_AsStringAndSize(PyObject *bytes,
                            char **content,
                            Py_ssize_t *size);

/**
 * `repr(bytes)`; without `smart_quotes` always in single quotes.
 *
 * New reference.
 */
PyObject *PyBytes_Repr(PyObject *bytes, int smart_quotes);

/**
 * `*left += right`, for anything with a buffer on the right.
 *
 * Steals the old `*left`; on failure `*left` becomes NULL, with an exception.
 */
void PyBytes_Concat(PyObject **left, PyObject *right);

/**
 * The same, with `right` stolen.
 */
void PyBytes_ConcatAndDel(PyObject **left, PyObject *right);

/**
 * What the backslash escapes of a bytes literal stand for. The last two arguments mean nothing any more.
 *
 * New reference. `ValueError` for a bad escape, unless `errors` says otherwise.
 */
PyObject *PyBytes_DecodeEscape(const char *text,
                               Py_ssize_t size,
                               const char *errors,
                               Py_ssize_t _unicode,
                               const char *_recode_encoding);
