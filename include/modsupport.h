/* Building modules, arguments and values. */
#ifndef Py_MODSUPPORT_H
#define Py_MODSUPPORT_H

#ifdef __cplusplus
extern "C" {
#endif

#define PYTHON_API_VERSION 1013
#define PYTHON_API_STRING  "1013"
#define PYTHON_ABI_VERSION 3
#define PYTHON_ABI_STRING  "3"
#define Py_CLEANUP_SUPPORTED   0x20000
#define _Py_LEGACY_ABI_CHECK_FLAG 2

PyAPI_FUNC(int) PyArg_Parse(PyObject *arg, const char *format, ...);
PyAPI_FUNC(int) PyArg_ParseTuple(PyObject *args, const char *format, ...);
/* C++ compilers make nothing of C's char *keywords[] otherwise. */
#ifndef PY_CXX_CONST
#  ifdef __cplusplus
#    define PY_CXX_CONST const
#  else
#    define PY_CXX_CONST
#  endif
#endif
PyAPI_FUNC(int) PyArg_ParseTupleAndKeywords(PyObject *args, PyObject *kwargs, const char *format,
                                            PY_CXX_CONST char *const *names, ...);
PyAPI_FUNC(int) PyArg_VaParse(PyObject *args, const char *format, va_list targets);
PyAPI_FUNC(int) PyArg_VaParseTupleAndKeywords(PyObject *args, PyObject *kwargs, const char *format,
                                              PY_CXX_CONST char *const *names, va_list targets);
PyAPI_FUNC(int) PyArg_UnpackTuple(PyObject *args, const char *name, Py_ssize_t min,
                                  Py_ssize_t max, ...);
PyAPI_FUNC(PyObject *) Py_BuildValue(const char *format, ...);
PyAPI_FUNC(PyObject *) Py_VaBuildValue(const char *format, va_list values);

#include "generated/modsupport.h"

#define PyModule_AddIntMacro(module, macro)    PyModule_AddIntConstant((module), #macro, (macro))
#define PyModule_AddStringMacro(module, macro) PyModule_AddStringConstant((module), #macro, (macro))
#ifdef Py_LIMITED_API
#  define PyModule_Create(def) PyModule_Create2((def), PYTHON_ABI_VERSION)
#  define PyModule_FromDefAndSpec(def, spec) \
    PyModule_FromDefAndSpec2((def), (spec), PYTHON_ABI_VERSION)
#else
#  define PyModule_Create(def) PyModule_Create2((def), PYTHON_API_VERSION)
#  define PyModule_FromDefAndSpec(def, spec) \
    PyModule_FromDefAndSpec2((def), (spec), PYTHON_API_VERSION)
#endif

#ifdef __cplusplus
}
#endif

#endif
