/* slice and Ellipsis. */
#ifndef Py_SLICEOBJECT_H
#define Py_SLICEOBJECT_H

#ifdef __cplusplus
extern "C" {
#endif

PyAPI_DATA(PyObject) _Py_EllipsisObject;
PyAPI_DATA(PyTypeObject) PyEllipsis_Type;
PyAPI_DATA(PyTypeObject) PySlice_Type;

#define Py_Ellipsis      (&_Py_EllipsisObject)
#define PySlice_Check(op) Py_IS_TYPE((op), &PySlice_Type)

#include "generated/sliceobject.h"

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03060100
#  define PySlice_GetIndicesEx(slice, length, start, stop, step, slicelen)           \
    (PySlice_Unpack((slice), (start), (stop), (step)) < 0                            \
         ? (*(slicelen) = 0, -1)                                                     \
         : (*(slicelen) = PySlice_AdjustIndices((length), (start), (stop), *(step)), 0))
#endif

#ifndef Py_LIMITED_API

typedef struct {
    PyObject ob_base;
    PyObject *start;
    PyObject *stop;
    PyObject *step;
} PySliceObject;

#endif

#ifdef __cplusplus
}
#endif

#endif
