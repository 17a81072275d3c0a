/* list[int] and its like. */
#ifndef Py_GENERICALIASOBJECT_H
#define Py_GENERICALIASOBJECT_H

#ifdef __cplusplus
extern "C" {
#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03090000
PyAPI_DATA(PyTypeObject) Py_GenericAliasType;
#endif

#include "generated/genericaliasobject.h"

#ifdef __cplusplus
}
#endif

#endif
