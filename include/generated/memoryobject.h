/* Written by `make headers` from src/capi/memoryobject*.rs. */

/**
 * A memoryview of the object's memory, or one more of what a memoryview shows.
 *
 * New reference. `TypeError` if it exports no buffer.
 */
PyObject *PyMemoryView_FromObject(PyObject *object);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03030000

/**
 * A memoryview of `size` bytes of the caller's, which must outlive it and all that are made of it.
 *
 * New reference. It may be written through if the flags are `PyBUF_WRITE`; `PyBUF_READ` is the other choice.
 */
PyObject *PyMemoryView_FromMemory(char *memory,
                                  Py_ssize_t size,
                                  int flags);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030B0000

/**
 * A memoryview of a filled-in buffer, which stays the caller's to release, after the memoryview and all that are made
 * of it are gone.
 *
 * New reference. `ValueError` if its memory is NULL.
 */
PyObject *PyMemoryView_FromBuffer(const Py_buffer *view);

#endif

/**
 * A memoryview of the object's memory with items side by side in C's order (`C`), Fortran's (`F`) or either (`A`): for
 * `PyBUF_READ` of a copy, if they do not lie so.
 *
 * New reference. `BufferError` for `PyBUF_WRITE` if the memory is read-only, or does not lie so.
 */
PyObject *PyMemoryView_GetContiguous(PyObject *object,
                                     int buffertype,
                                     char order);
