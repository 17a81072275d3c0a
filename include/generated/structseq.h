/* Written by `make headers` from src/capi/structseq*.rs. */

/**
 * A type of tuples with named items. New reference.
 */
PyTypeObject *PyStructSequence_NewType(PyStructSequence_Desc *desc);

/**
 * An instance whose fields C fills in with `PyStructSequence_SetItem`. New reference.
 */
PyObject *PyStructSequence_New(PyTypeObject *ty);

/**
 * Fills field `index` in, hidden ones counted. Steals `value`.
 */
void PyStructSequence_SetItem(PyObject *this_, Py_ssize_t index, PyObject *value);

/**
 * Field `index`, hidden ones counted. Borrowed reference.
 */
PyObject *PyStructSequence_GetItem(PyObject *this_, Py_ssize_t index);
