/* Tracebacks. */
#ifndef Py_TRACEBACK_H
#define Py_TRACEBACK_H

#ifdef __cplusplus
extern "C" {
#endif

PyAPI_DATA(PyTypeObject) PyTraceBack_Type;

#define PyTraceBack_Check(op) Py_IS_TYPE((op), &PyTraceBack_Type)

#ifndef Py_LIMITED_API

typedef struct _traceback PyTracebackObject;

struct _traceback {
    PyObject ob_base;
    PyTracebackObject *tb_next;
    PyFrameObject *tb_frame;
    int tb_lasti;
    int tb_lineno;
};

#endif

#include "generated/traceback.h"

#ifdef __cplusplus
}
#endif

#endif
