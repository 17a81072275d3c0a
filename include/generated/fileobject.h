/* Written by `make headers` from src/capi/fileobject*.rs. */

/**
 * The file descriptor that an object stands for: an int itself, or what its `fileno()` gives.
 *
 * -1 with `TypeError` for what is neither, `ValueError` for a negative one.
 */
int PyObject_AsFileDescriptor(PyObject *object);

/**
 * `file.write(repr(object))`, or `str(object)` with `Py_PRINT_RAW`.
 *
 * -1 with `TypeError` for a NULL file, or whatever writing raises.
 */
int PyFile_WriteObject(PyObject *object, PyObject *file, int flags);

/**
 * `file.write(text)`.
 *
 * -1 with an exception, one that was set before included: then nothing is written.
 */
int PyFile_WriteString(const char *text, PyObject *file);

/**
 * `file.readline(n)`, without a size if `n` is not positive. If it is negative, the line's end is taken off.
 *
 * New reference. `EOFError` at the end if `n` is negative; `TypeError` for what is neither str nor bytes.
 */
PyObject *PyFile_GetLine(PyObject *file,
                         int n);

/**
 * `_io.open(fd, mode, buffering, encoding, errors, newline, closefd)`; the name is not used.
 *
 * New reference. There is no module `_io` unless the program brings one: `ModuleNotFoundError`.
 */
PyObject *PyFile_FromFd(int fd,
                        const char *_name,
                        const char *mode,
                        int buffering,
                        const char *encoding,
                        const char *errors,
                        const char *newline,
                        int closefd);
