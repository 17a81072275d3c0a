/* Written by `make headers` from src/capi/fileobject*.rs. */

/**
 * The file descriptor that an object stands for: an int itself, or what its `fileno()` gives.
 *
 * -1 with `TypeError` for what is neither, `ValueError` for a negative one.
 */
int PyObject_AsFileDescriptor(PyObject *object);
