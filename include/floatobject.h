/* float. */
#ifndef Py_FLOATOBJECT_H
#define Py_FLOATOBJECT_H

#ifdef __cplusplus
extern "C" {
#endif

PyAPI_DATA(PyTypeObject) PyFloat_Type;

#define PyFloat_Check(op)      PyObject_TypeCheck((op), &PyFloat_Type)
#define PyFloat_CheckExact(op) Py_IS_TYPE((op), &PyFloat_Type)

#define Py_RETURN_NAN return PyFloat_FromDouble(Py_NAN)
#define Py_RETURN_INF(sign) return PyFloat_FromDouble((sign) < 0 ? -Py_INFINITY : Py_INFINITY)

#include "generated/floatobject.h"

#ifndef Py_LIMITED_API

typedef struct {
    PyObject ob_base;
    double ob_fval;
} PyFloatObject;

#define PyFloat_AS_DOUBLE(op) (((PyFloatObject *)(op))->ob_fval)

#endif

#ifdef __cplusplus
}
#endif

#endif
