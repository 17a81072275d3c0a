/* Written by `make headers` from src/capi/pymem*.rs. */

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030D0000

/**
 * `size` bytes. Needs no GIL.
 */
void *PyMem_RawMalloc(size_t size);

/**
 * `n` times `size` zeroed bytes. Needs no GIL.
 */
void *PyMem_RawCalloc(size_t n, size_t size);

/**
 * Moves a block to a new size; on failure it stays as it was. Needs no GIL.
 */
void *PyMem_RawRealloc(void *block, size_t size);

/**
 * Gives a block back; NULL is passed over. Needs no GIL.
 */
void PyMem_RawFree(void *block);

#endif

/**
 * `size` bytes of the interpreter's heap.
 */
void *PyMem_Malloc(size_t size);

/**
 * `n` times `size` zeroed bytes of the interpreter's heap.
 */
void *PyMem_Calloc(size_t n, size_t size);

/**
 * Moves a block to a new size; on failure it stays as it was.
 */
void *PyMem_Realloc(void *block, size_t size);

/**
 * Gives a block back; NULL is passed over.
 */
void PyMem_Free(void *block);

/**
 * `size` bytes of the interpreter's heap.
 */
void *PyObject_Malloc(size_t size);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03050000

/**
 * `n` times `size` zeroed bytes of the interpreter's heap.
 */
void *PyObject_Calloc(size_t n, size_t size);

#endif

/**
 * Moves a block to a new size; on failure it stays as it was.
 */
void *PyObject_Realloc(void *block, size_t size);

/**
 * Gives a block back; NULL is passed over.
 */
void PyObject_Free(void *block);
