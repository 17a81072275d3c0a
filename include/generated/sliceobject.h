/* Written by `make headers` from src/capi/sliceobject*.rs. */

/**
 * `slice(start, stop, step)`; NULL stands for `None`.
 *
 * New reference.
 */
PyObject *PySlice_New(PyObject *start, PyObject *stop, PyObject *step);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03070000

/**
 * Start, stop and step of a slice as C integers, clipped to their range. To be followed by
 * `PySlice_AdjustIndices`.
 *
 * `ValueError` for a step of zero.
 */
int PySlice_Unpack(PyObject *slice, Py_ssize_t *start, Py_ssize_t *stop, Py_ssize_t *step);

/**
 * Cuts start and stop to a sequence of that length. Returns how many items the slice has.
 */
Py_ssize_t PySlice_AdjustIndices(Py_ssize_t length,
                                 Py_ssize_t *start,
                                 Py_ssize_t *stop,
                                 Py_ssize_t step);

#endif

/**
 * `PySlice_Unpack` and `PySlice_AdjustIndices` in one.
 */
int PySlice_GetIndicesEx(PyObject *slice,
                         Py_ssize_t length,
                         Py_ssize_t *start,
                         Py_ssize_t *stop,
                         Py_ssize_t *step,
                         Py_ssize_t *slicelength);

/**
 * The indexes of a slice for a length; out-of-range ones are an error.
 *
 * `TypeError` for parts that are neither ints nor `None`; -1 without an exception when out of range.
 */
int PySlice_GetIndices(PyObject *slice,
                       Py_ssize_t length,
                       Py_ssize_t *start,
                       Py_ssize_t *stop,
                       Py_ssize_t *step);
