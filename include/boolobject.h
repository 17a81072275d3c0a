/* bool. */
#ifndef Py_BOOLOBJECT_H
#define Py_BOOLOBJECT_H

#ifdef __cplusplus
extern "C" {
#endif

PyAPI_DATA(PyTypeObject) PyBool_Type;
/* As in CPython, these are said to be ints. */
PyAPI_DATA(PyLongObject) _Py_FalseStruct;
PyAPI_DATA(PyLongObject) _Py_TrueStruct;

#define Py_False _PyObject_CAST(&_Py_FalseStruct)
#define Py_True  _PyObject_CAST(&_Py_TrueStruct)
#define Py_RETURN_TRUE  return Py_True
#define Py_RETURN_FALSE return Py_False

#define PyBool_Check(op) Py_IS_TYPE((op), &PyBool_Type)

#include "generated/boolobject.h"

#ifdef __cplusplus
}
#endif

#endif
