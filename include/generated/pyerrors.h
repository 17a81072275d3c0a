/* Written by `make headers` from src/capi/pyerrors*.rs. */

/**
 * What is raised, as a type; NULL if nothing is. Borrowed reference.
 */
PyObject *PyErr_Occurred(void);

/**
 * Drops what is raised, if anything is.
 */
void PyErr_Clear(void);

/**
 * Raises `exception` with `value`: an instance as it is, a tuple as several arguments, NULL or `None` as none.
 */
void PyErr_SetObject(PyObject *exception,
                     PyObject *value);

/**
 * Raises `exception` without arguments.
 */
void PyErr_SetNone(PyObject *exception);

/**
 * Raises `exception` with a message in UTF-8.
 */
void PyErr_SetString(PyObject *exception, const char *message);

/**
 * Raises `MemoryError`. Returns NULL.
 */
PyObject *PyErr_NoMemory(void);

/**
 * `TypeError: bad argument type for built-in operation`. Returns 0.
 */
int PyErr_BadArgument(void);

/**
 * `SystemError: bad argument to internal function`.
 */
void PyErr_BadInternalCall(void);

/**
 * Takes what is raised; NULL if nothing is. New reference.
 */
PyObject *PyErr_GetRaisedException(void);

/**
 * Puts an exception back, in place of what is raised; NULL clears. Steals `exception`.
 */
void PyErr_SetRaisedException(PyObject *exception);

/**
 * Takes what is raised as type, value and traceback. New references, or NULL.
 */
void PyErr_Fetch(PyObject **ptype, PyObject **pvalue, PyObject **ptraceback);

/**
 * Raises a type with a value and a traceback, in place of what is raised; a NULL type clears. Steals all.
 */
void PyErr_Restore(PyObject *ptype,
                   PyObject *value,
                   PyObject *traceback);

/**
 * Makes the value an instance of the type, where it is not one yet.
 */
void PyErr_NormalizeException(PyObject **ptype, PyObject **pvalue, PyObject **ptraceback);

/**
 * Whether what is raised matches `exception`: 1 or 0.
 */
int PyErr_ExceptionMatches(PyObject *exception);

/**
 * Whether `given` matches `exception`: 1 or 0, and 0 for NULL.
 */
int PyErr_GivenExceptionMatches(PyObject *given, PyObject *exception);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030B0000

/**
 * The exception being handled. New reference, or NULL.
 */
PyObject *PyErr_GetHandledException(void);

/**
 * Sets the exception being handled; NULL or `None` for none.
 */
void PyErr_SetHandledException(PyObject *exception);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03030000

/**
 * The exception being handled as type, value and traceback. New references; `None` or NULL where absent.
 */
void PyErr_GetExcInfo(PyObject **ptype,
                      PyObject **pvalue,
                      PyObject **ptraceback);

/**
 * Sets the exception being handled by its value. Steals all three; only the value counts.
 */
void PyErr_SetExcInfo(PyObject *ptype, PyObject *value, PyObject *traceback);

#endif

/**
 * A new exception class by its dotted name; `base` a class or a tuple of them, `Exception` if NULL. New
 * reference. `SystemError` for a name without a dot.
 */
PyObject *PyErr_NewException(const char *name,
                             PyObject *base,
                             PyObject *dict);

/**
 * As `PyErr_NewException`, with a docstring unless `doc` is NULL.
 */
PyObject *PyErr_NewExceptionWithDoc(const char *name,
                                    const char *doc,
                                    PyObject *base,
                                    PyObject *dict);

/**
 * Raises `exception` for C's `errno`. Returns NULL.
 */
PyObject *PyErr_SetFromErrno(PyObject *exception);

/**
 * As `PyErr_SetFromErrno`, with a file name unless it is NULL. Returns NULL.
 */
PyObject *PyErr_SetFromErrnoWithFilenameObject(PyObject *exception, PyObject *filename);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03040000

/**
 * As `PyErr_SetFromErrno`, with two file names unless they are NULL. Returns NULL.
 */
PyObject *PyErr_SetFromErrnoWithFilenameObjects(PyObject *exception,
                                                PyObject *filename,
                                                PyObject *filename2);

#endif

/**
 * As `PyErr_SetFromErrno`, with a file name in the file system's encoding unless it is NULL. Returns NULL.
 */
PyObject *PyErr_SetFromErrnoWithFilename(PyObject *exception,
                                         const char *filename);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03030000

/**
 * Raises `ImportError` with message, name and path; the latter two may be NULL. Returns NULL.
 */
PyObject *PyErr_SetImportError(PyObject *message, PyObject *name, PyObject *path);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03060000

/**
 * As `PyErr_SetImportError`, of a subclass. `TypeError` for another class or without a message. Returns NULL.
 */
PyObject *PyErr_SetImportErrorSubclass(PyObject *exception,
                                       PyObject *message,
                                       PyObject *name,
                                       PyObject *path);

#endif

/**
 * Prints what is raised to stderr, with what it was raised in, and clears it: for where nobody can be told.
 */
void PyErr_WriteUnraisable(PyObject *object);

/**
 * The name of an exception class, with its module where `tp_name` has it.
 */
const char *PyExceptionClass_Name(PyObject *class_);

/**
 * `exception.__traceback__`. New reference, or NULL.
 */
PyObject *PyException_GetTraceback(PyObject *exception);

/**
 * `exception.__traceback__ = traceback`; `None` for none. `TypeError` for anything else.
 */
int PyException_SetTraceback(PyObject *exception, PyObject *traceback);

/**
 * `exception.__context__`. New reference, or NULL.
 */
PyObject *PyException_GetContext(PyObject *exception);

/**
 * `exception.__context__ = context`; NULL for none. Steals `context`.
 */
void PyException_SetContext(PyObject *exception, PyObject *context);

/**
 * `exception.__cause__`. New reference, or NULL.
 */
PyObject *PyException_GetCause(PyObject *exception);

/**
 * `exception.__cause__ = cause`; NULL for none. Steals `cause`.
 */
void PyException_SetCause(PyObject *exception, PyObject *cause);

/**
 * `exception.args`. New reference.
 */
PyObject *PyException_GetArgs(PyObject *exception);

/**
 * `exception.args = args`.
 */
void PyException_SetArgs(PyObject *exception, PyObject *args);

/**
 * The line of that number of a file, its end included.
 *
 * New reference. NULL without an exception if there is no such file or line.
 */
PyObject *PyErr_ProgramText(const char *filename, int line);

/**
 * Adds to the exception that is set where in a file it is, without a column.
 */
void PyErr_SyntaxLocation(const char *filename, int line);

/**
 * Adds to the exception that is set where in a file it is: attributes of the names that `SyntaxError` has, the
 * line's text among them. Nothing happens if none is set.
 */
void PyErr_SyntaxLocationEx(const char *filename,
                            int line,
                            int column);

/**
 * A `UnicodeDecodeError` of so many bytes. New reference.
 */
PyObject *PyUnicodeDecodeError_Create(const char *encoding,
                                      const char *object,
                                      Py_ssize_t length,
                                      Py_ssize_t start,
                                      Py_ssize_t end,
                                      const char *reason);

/**
 * The encoding's name. New reference.
 */
PyObject *PyUnicodeDecodeError_GetEncoding(PyObject *error);

/**
 * The bytes that could not be decoded. New reference.
 */
PyObject *PyUnicodeDecodeError_GetObject(PyObject *error);

/**
 * Where the trouble starts, cut to the object.
 */
int PyUnicodeDecodeError_GetStart(PyObject *error, Py_ssize_t *start);

/**
 * Changes where the trouble starts.
 */
int PyUnicodeDecodeError_SetStart(PyObject *error, Py_ssize_t start);

/**
 * Where the trouble ends, cut to the object.
 */
int PyUnicodeDecodeError_GetEnd(PyObject *error, Py_ssize_t *end);

/**
 * Changes where the trouble ends.
 */
int PyUnicodeDecodeError_SetEnd(PyObject *error, Py_ssize_t end);

/**
 * What the trouble is. New reference.
 */
PyObject *PyUnicodeDecodeError_GetReason(PyObject *error);

/**
 * Changes what the trouble is.
 */
int PyUnicodeDecodeError_SetReason(PyObject *error, const char *reason);

/**
 * The encoding's name. New reference.
 */
PyObject *PyUnicodeEncodeError_GetEncoding(PyObject *error);

/**
 * The str that could not be encoded. New reference.
 */
PyObject *PyUnicodeEncodeError_GetObject(PyObject *error);

/**
 * Where the trouble starts, cut to the object.
 */
int PyUnicodeEncodeError_GetStart(PyObject *error, Py_ssize_t *start);

/**
 * Changes where the trouble starts.
 */
int PyUnicodeEncodeError_SetStart(PyObject *error, Py_ssize_t start);

/**
 * Where the trouble ends, cut to the object.
 */
int PyUnicodeEncodeError_GetEnd(PyObject *error, Py_ssize_t *end);

/**
 * Changes where the trouble ends.
 */
int PyUnicodeEncodeError_SetEnd(PyObject *error, Py_ssize_t end);

/**
 * What the trouble is. New reference.
 */
PyObject *PyUnicodeEncodeError_GetReason(PyObject *error);

/**
 * Changes what the trouble is.
 */
int PyUnicodeEncodeError_SetReason(PyObject *error, const char *reason);

/**
 * The str that could not be translated. New reference.
 */
PyObject *PyUnicodeTranslateError_GetObject(PyObject *error);

/**
 * Where the trouble starts, cut to the object.
 */
int PyUnicodeTranslateError_GetStart(PyObject *error, Py_ssize_t *start);

/**
 * Changes where the trouble starts.
 */
int PyUnicodeTranslateError_SetStart(PyObject *error, Py_ssize_t start);

/**
 * Where the trouble ends, cut to the object.
 */
int PyUnicodeTranslateError_GetEnd(PyObject *error, Py_ssize_t *end);

/**
 * Changes where the trouble ends.
 */
int PyUnicodeTranslateError_SetEnd(PyObject *error, Py_ssize_t end);

/**
 * What the trouble is. New reference.
 */
PyObject *PyUnicodeTranslateError_GetReason(PyObject *error);

/**
 * Changes what the trouble is.
 */
int PyUnicodeTranslateError_SetReason(PyObject *error, const char *reason);
