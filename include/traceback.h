/* Tracebacks. */
#ifndef Py_TRACEBACK_H
#define Py_TRACEBACK_H

#ifdef __cplusplus
extern "C" {
#endif

PyAPI_DATA(PyTypeObject) PyTraceBack_Type;

#define PyTraceBack_Check(op) Py_IS_TYPE((op), &PyTraceBack_Type)

#include "generated/traceback.h"

#ifdef __cplusplus
}
#endif

#endif
