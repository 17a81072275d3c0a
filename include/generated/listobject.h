/* Written by `make headers` from src/capi/listobject*.rs. */

/**
 * A new list of `size` items, all NULL until `PyList_SetItem` fills them in.
 *
 * New reference. `SystemError` for a negative size.
 */
PyObject *PyList_New(Py_ssize_t size);

/**
 * `len(list)`.
 *
 * -1 with `SystemError` for anything but a list.
 */
Py_ssize_t PyList_Size(PyObject *list);

/**
 * `list[index]`, without counting from the end.
 *
 * Borrowed reference. `IndexError` if out of range.
 */
PyObject *PyList_GetItem(PyObject *list, Py_ssize_t index);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030D0000

/**
 * `list[index]`, without counting from the end.
 *
 * New reference. `TypeError` for anything but a list, `IndexError` if out of range.
 */
PyObject *PyList_GetItemRef(PyObject *list, Py_ssize_t index);

#endif

/**
 * `list[index] = item`, without counting from the end.
 *
 * Steals `item`, even on failure. `IndexError` if out of range.
 */
int PyList_SetItem(PyObject *list, Py_ssize_t index, PyObject *item);

/**
 * `list.insert(index, item)`.
 *
 * `SystemError` for anything but a list, or no item.
 */
int PyList_Insert(PyObject *list, Py_ssize_t index, PyObject *item);

/**
 * `list.append(item)`.
 *
 * `SystemError` for anything but a list, or no item.
 */
int PyList_Append(PyObject *list, PyObject *item);

/**
 * `list[low:high]`, without counting from the end.
 *
 * New reference.
 */
PyObject *PyList_GetSlice(PyObject *list, Py_ssize_t low, Py_ssize_t high);

/**
 * `list[low:high] = items`; NULL deletes.
 */
int PyList_SetSlice(PyObject *list, Py_ssize_t low, Py_ssize_t high, PyObject *items);

/**
 * `list.sort()`.
 */
int PyList_Sort(PyObject *list);

/**
 * `list.reverse()`.
 */
int PyList_Reverse(PyObject *list);

/**
 * `tuple(list)`.
 *
 * New reference.
 */
PyObject *PyList_AsTuple(PyObject *list);
