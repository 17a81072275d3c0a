/* Written by `make headers` from src/capi/sysmodule*.rs. */

/**
 * `sys.name`, borrowed; NULL without an exception if there is none.
 */
PyObject *PySys_GetObject(const char *name);

/**
 * `sys.name = value`; NULL deletes it.
 */
int PySys_SetObject(const char *name, PyObject *value);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030F0000

/**
 * `sys.name`; `RuntimeError` if there is none.
 */
PyObject *PySys_GetAttr(PyObject *name);

/**
 * The same with UTF-8.
 */
PyObject *PySys_GetAttrString(const char *name);

/**
 * 1 with `sys.name` in `*value`, or 0 with NULL if there is none.
 */
int PySys_GetOptionalAttr(PyObject *name, PyObject **value);

/**
 * The same with UTF-8.
 */
int PySys_GetOptionalAttrString(const char *name, PyObject **value);

#endif

/**
 * `sys._xoptions`, borrowed.
 */
PyObject *PySys_GetXOptions(void);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030D0000

/**
 * Tells audit hooks, of which there are none. `TypeError` for other than a tuple or NULL.
 */
int PySys_AuditTuple(const char *_event, PyObject *args);

#endif
