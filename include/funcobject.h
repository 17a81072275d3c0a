/* classmethod and staticmethod (full API). */
#ifndef Py_FUNCOBJECT_H
#define Py_FUNCOBJECT_H

#ifndef Py_LIMITED_API

#ifdef __cplusplus
extern "C" {
#endif

PyAPI_DATA(PyTypeObject) PyClassMethod_Type;
PyAPI_DATA(PyTypeObject) PyStaticMethod_Type;

#include "generated/funcobject.h"

#ifdef __cplusplus
}
#endif

#endif

#endif
