/* Written by `make headers` from src/capi/warnings*.rs. */

/**
 * Issues a warning; -1 if it became an exception.
 */
int PyErr_WarnEx(PyObject *category, const char *message, Py_ssize_t _level);

/**
 * The same for a place that the caller names.
 */
int PyErr_WarnExplicit(PyObject *category,
                       const char *message,
                       const char *filename,
                       int line,
                       const char *module,
                       PyObject *_registry);
