/* Written by `make headers` from src/capi/iterobject*.rs. */

/**
 * An iterator over `sequence[0]`, `sequence[1]`, …
 *
 * New reference. `SystemError` for what is no sequence.
 */
PyObject *PySeqIter_New(PyObject *sequence);

/**
 * An iterator over the results of `callable()` until one equals `sentinel`.
 *
 * New reference.
 */
PyObject *PyCallIter_New(PyObject *callable, PyObject *sentinel);
