/* memoryview. */
#ifndef Py_MEMORYOBJECT_H
#define Py_MEMORYOBJECT_H

#ifdef __cplusplus
extern "C" {
#endif

PyAPI_DATA(PyTypeObject) PyMemoryView_Type;

#define PyMemoryView_Check(op) Py_IS_TYPE((op), &PyMemoryView_Type)

#ifndef Py_LIMITED_API

typedef struct _PyManagedBufferObject _PyManagedBufferObject;

#define _Py_MEMORYVIEW_RELEASED   1
#define _Py_MEMORYVIEW_C          2
#define _Py_MEMORYVIEW_FORTRAN    4
#define _Py_MEMORYVIEW_SCALAR     8
#define _Py_MEMORYVIEW_PIL        16
#define _Py_MEMORYVIEW_RESTRICTED 32

typedef struct {
    PyVarObject ob_base;
    _PyManagedBufferObject *mbuf;
    Py_hash_t hash;
    int flags;
    Py_ssize_t exports;
    Py_buffer view;
    PyObject *weakreflist;
    Py_ssize_t ob_array[1];
} PyMemoryViewObject;

#define PyMemoryView_GET_BUFFER(op) (&((PyMemoryViewObject *)(op))->view)
#define PyMemoryView_GET_BASE(op)   (((PyMemoryViewObject *)(op))->view.obj)

#endif

#include "generated/memoryobject.h"

#ifdef __cplusplus
}
#endif

#endif
