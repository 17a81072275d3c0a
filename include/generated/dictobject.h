/* Written by `make headers` from src/capi/dictobject*.rs. */

/**
 * A new empty dict.
 *
 * New reference.
 */
PyObject *PyDict_New(void);

/**
 * `dict[key]`, or NULL without an exception, whatever went wrong: that is reported as unraisable.
 *
 * Borrowed reference. NULL for anything but a dict. An exception that was set stays set.
 */
PyObject *PyDict_GetItem(PyObject *dict, PyObject *key);

/**
 * `dict[key]` where the key is UTF-8 text, or NULL without an exception, whatever went wrong.
 *
 * Borrowed reference.
 */
PyObject *PyDict_GetItemString(PyObject *dict, const char *key);

/**
 * `dict[key]`, or NULL: without an exception if there is no such key.
 *
 * Borrowed reference. `SystemError` for anything but a dict.
 */
PyObject *PyDict_GetItemWithError(PyObject *dict, PyObject *key);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030D0000

/**
 * Puts `dict[key]` in `result`: 1 if it is there, else 0 and NULL.
 *
 * New reference. -1 and NULL with an exception; `SystemError` for anything but a dict.
 */
int PyDict_GetItemRef(PyObject *dict, PyObject *key, PyObject **result);

/**
 * As `PyDict_GetItemRef`, the key given as UTF-8 text.
 *
 * New reference.
 */
int PyDict_GetItemStringRef(PyObject *dict, const char *key, PyObject **result);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030F0000

/**
 * `dict.setdefault(key, default)`: 1 if the key was there, else 0.
 *
 * The value goes to `result` as a new reference, unless that is NULL. -1 and NULL with an exception.
 */
int PyDict_SetDefaultRef(PyObject *dict,
                         PyObject *key,
                         PyObject *default_,
                         PyObject **result);

#endif

/**
 * `dict[key] = value`.
 *
 * `SystemError` for anything but a dict.
 */
int PyDict_SetItem(PyObject *dict, PyObject *key, PyObject *value);

/**
 * `dict[key] = value` where the key is UTF-8 text.
 */
int PyDict_SetItemString(PyObject *dict, const char *key, PyObject *value);

/**
 * `del dict[key]`.
 *
 * `KeyError` if there is no such key, `SystemError` for anything but a dict.
 */
int PyDict_DelItem(PyObject *dict, PyObject *key);

/**
 * `del dict[key]` where the key is UTF-8 text.
 */
int PyDict_DelItemString(PyObject *dict, const char *key);

/**
 * `key in dict`.
 *
 * `SystemError` for anything but a dict.
 */
int PyDict_Contains(PyObject *dict, PyObject *key);

/**
 * Removes all items. Does nothing to anything but a dict.
 */
void PyDict_Clear(PyObject *dict);

/**
 * The item at or behind `*position`: 1, or 0 at the end or for anything but a dict.
 *
 * Begin with 0 and take `*position` for opaque; values alone may be changed between two calls. Borrowed references
 * go to `key` and `value`, unless those are NULL.
 */
int PyDict_Next(PyObject *dict,
                Py_ssize_t *position,
                PyObject **key,
                PyObject **value);

/**
 * `list(dict.keys())`.
 *
 * New reference. `SystemError` for anything but a dict.
 */
PyObject *PyDict_Keys(PyObject *dict);

/**
 * `list(dict.values())`.
 *
 * New reference. `SystemError` for anything but a dict.
 */
PyObject *PyDict_Values(PyObject *dict);

/**
 * `list(dict.items())`.
 *
 * New reference. `SystemError` for anything but a dict.
 */
PyObject *PyDict_Items(PyObject *dict);

/**
 * `len(dict)`.
 *
 * -1 with `SystemError` for anything but a dict.
 */
Py_ssize_t PyDict_Size(PyObject *dict);

/**
 * `dict.copy()`.
 *
 * New reference. `SystemError` for anything but a dict.
 */
PyObject *PyDict_Copy(PyObject *dict);

/**
 * Takes over the items of a mapping: a dict, or what has `keys()` and items by key.
 *
 * `SystemError` for anything but a dict as the first argument.
 */
int PyDict_Update(PyObject *dict, PyObject *other);

/**
 * As `PyDict_Update`; with 0 for `replace`, keys that are in the dict already keep their values.
 */
int PyDict_Merge(PyObject *dict, PyObject *other, int replace);

/**
 * Takes over an iterable's pairs of key and value; with 0 for `replace`, keys that are in the dict already keep
 * their values.
 */
int PyDict_MergeFromSeq2(PyObject *dict,
                         PyObject *pairs,
                         int replace);
