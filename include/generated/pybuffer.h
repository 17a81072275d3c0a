/* Written by `make headers` from src/capi/pybuffer*.rs. */

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030B0000

/**
 * 1 if the object exports its memory. Always succeeds.
 */
int PyObject_CheckBuffer(PyObject *object);

/**
 * Fills in a view of the object's memory, which holds the object until `PyBuffer_Release`.
 *
 * -1 with `TypeError` if it exports none, `BufferError` if it cannot give what the flags ask for.
 */
int PyObject_GetBuffer(PyObject *object, Py_buffer *view, int flags);

/**
 * Gives a view back. One of nothing, or one that was given back before, is left alone.
 */
void PyBuffer_Release(Py_buffer *view);

/**
 * 1 if the items lie side by side in C's order (`C`), Fortran's (`F`) or either (`A`). Always succeeds.
 */
int PyBuffer_IsContiguous(const Py_buffer *view,
                          char order);

/**
 * Where the item with these indices lies: one a dimension, within the shape.
 */
void *PyBuffer_GetPointer(const Py_buffer *view, const Py_ssize_t *indices);

/**
 * The size of one item of a format of the module `struct`; 1 for none.
 *
 * -1 with `ValueError`, where CPython has `struct.error`, if it is no such format, or what is wrong with it as UTF-8.
 */
Py_ssize_t PyBuffer_SizeFromFormat(const char *format);

/**
 * Copies the view's items side by side. `len` must be the view's.
 */
int PyBuffer_ToContiguous(void *room, const Py_buffer *view, Py_ssize_t len, char order);

/**
 * Copies `len` bytes, items side by side, into the view.
 */
int PyBuffer_FromContiguous(const Py_buffer *view, const void *bytes, Py_ssize_t len, char order);

/**
 * Copies all of `source`'s memory over `target`'s.
 *
 * -1 with `TypeError` if one exports none, `BufferError` if the target is read-only or too small.
 */
int PyObject_CopyData(PyObject *target, PyObject *source);

/**
 * The strides of items that lie side by side, in C's order or Fortran's (`F`).
 */
void PyBuffer_FillContiguousStrides(int ndim,
                                    Py_ssize_t *shape,
                                    Py_ssize_t *strides,
                                    int itemsize,
                                    char order);

/**
 * Fills in a view of `len` contiguous bytes for an exporter of such.
 *
 * -1 with `BufferError`, and a view of no object, if it is to be written to and is `readonly`.
 */
int PyBuffer_FillInfo(Py_buffer *view,
                      PyObject *object,
                      void *buf,
                      Py_ssize_t len,
                      int readonly,
                      int flags);

#endif
