/* Written by `make headers` from src/capi/tupleobject*.rs. */

/**
 * A new tuple of `size` items, all NULL until `PyTuple_SetItem` fills them in.
 *
 * New reference. `SystemError` for a negative size.
 */
PyObject *PyTuple_New(Py_ssize_t size);

/**
 * `len(tuple)`.
 *
 * -1 with `SystemError` for anything but a tuple.
 */
Py_ssize_t PyTuple_Size(PyObject *tuple);

/**
 * `tuple[index]`, without counting from the end.
 *
 * Borrowed reference. `IndexError` if out of range.
 */
PyObject *PyTuple_GetItem(PyObject *tuple, Py_ssize_t index);

/**
 * Fills a place of a tuple that nobody else has seen.
 *
 * Steals `item`, even on failure. `SystemError` if the tuple is shared already, `IndexError` if out of range.
 */
int PyTuple_SetItem(PyObject *tuple,
                    Py_ssize_t index,
                    PyObject *item);

/**
 * `tuple[low:high]`, without counting from the end.
 *
 * New reference.
 */
PyObject *PyTuple_GetSlice(PyObject *tuple, Py_ssize_t low, Py_ssize_t high);
