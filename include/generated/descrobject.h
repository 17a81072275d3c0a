/* Written by `make headers` from src/capi/descrobject*.rs. */

/**
 * A method descriptor of `ty` for the definition, which must outlive it.
 */
PyObject *PyDescr_NewMethod(PyTypeObject *ty, PyMethodDef *def);

/**
 * A class method descriptor of `ty` for the definition, which must outlive it.
 */
PyObject *PyDescr_NewClassMethod(PyTypeObject *ty, PyMethodDef *def);

/**
 * A member descriptor of `ty` for the definition, which must outlive it.
 */
PyObject *PyDescr_NewMember(PyTypeObject *ty, PyMemberDef *def);

/**
 * A computed attribute of `ty` for the definition, which must outlive it.
 */
PyObject *PyDescr_NewGetSet(PyTypeObject *ty, PyGetSetDef *def);

/**
 * A proxy through which the mapping can only be read. `TypeError` if it is no mapping.
 */
PyObject *PyDictProxy_New(PyObject *mapping);

/**
 * A slot wrapper bound to an object.
 */
PyObject *PyWrapper_New(PyObject *descriptor, PyObject *object);

/**
 * The value of the field that the definition describes, in the struct at `base`.
 */
PyObject *PyMember_GetOne(const char *base, PyMemberDef *def);

/**
 * Sets the field, or deletes it where `value` is NULL.
 */
int PyMember_SetOne(char *base, PyMemberDef *def, PyObject *value);
