/* Written by `make headers` from src/capi/methodobject*.rs. */

/**
 * A function for the definition, which must outlive it, with `receiver` as its first argument.
 */
PyObject *PyCFunction_New(PyMethodDef *def, PyObject *receiver);

/**
 * The same, with the name of its module.
 */
PyObject *PyCFunction_NewEx(PyMethodDef *def, PyObject *receiver, PyObject *module);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03090000

/**
 * The same, with the class that defines it, for `METH_METHOD`.
 */
PyObject *PyCMethod_New(PyMethodDef *def,
                        PyObject *receiver,
                        PyObject *module,
                        PyTypeObject *class_);

#endif

/**
 * The C function. `SystemError` if the object is none.
 */
PyCFunction PyCFunction_GetFunction(PyObject *function);

/**
 * What the C function gets as its first argument: borrowed, NULL for a static method.
 */
PyObject *PyCFunction_GetSelf(PyObject *function);

/**
 * The definition's flags.
 */
int PyCFunction_GetFlags(PyObject *function);
