/* Flags of code objects (full API). */
#ifndef Py_CODE_H
#define Py_CODE_H

#ifdef __cplusplus
extern "C" {
#endif

#ifndef Py_LIMITED_API

#define CO_OPTIMIZED            1
#define CO_NEWLOCALS            2
#define CO_VARARGS              4
#define CO_VARKEYWORDS          8
#define CO_NESTED               16
#define CO_MAXBLOCKS            21
#define CO_GENERATOR            32
#define CO_COROUTINE            128
#define CO_ITERABLE_COROUTINE   256
#define CO_ASYNC_GENERATOR      512
#define CO_NO_MONITORING_EVENTS 33554432
#define CO_HAS_DOCSTRING        67108864
#define CO_METHOD               134217728

#define PyUnstable_EXECUTABLE_KIND_SKIP              0
#define PyUnstable_EXECUTABLE_KIND_PY_FUNCTION       1
#define PyUnstable_EXECUTABLE_KIND_BUILTIN_FUNCTION  3
#define PyUnstable_EXECUTABLE_KIND_METHOD_DESCRIPTOR 4
#define PyUnstable_EXECUTABLE_KINDS                  5

#endif

#ifdef __cplusplus
}
#endif

#endif
