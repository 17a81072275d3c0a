/* bytearray. */
#ifndef Py_BYTEARRAYOBJECT_H
#define Py_BYTEARRAYOBJECT_H

#ifdef __cplusplus
extern "C" {
#endif

PyAPI_DATA(PyTypeObject) PyByteArrayIter_Type;
PyAPI_DATA(PyTypeObject) PyByteArray_Type;

#define PyByteArray_Check(op)      PyObject_TypeCheck((op), &PyByteArray_Type)
#define PyByteArray_CheckExact(op) Py_IS_TYPE((op), &PyByteArray_Type)

#ifndef Py_LIMITED_API

typedef struct {
    PyVarObject ob_base;
    Py_ssize_t ob_alloc;
    char *ob_bytes;
    char *ob_start;
    Py_ssize_t ob_exports;
    PyObject *ob_bytes_object;
} PyByteArrayObject;

#define PyByteArray_AS_STRING(op) (((PyByteArrayObject *)(op))->ob_start)
#define PyByteArray_GET_SIZE(op)  Py_SIZE(op)

#endif

#include "generated/bytearrayobject.h"

#ifdef __cplusplus
}
#endif

#endif
