/* Critical sections: with a GIL they hold nothing, and cost nothing in the full API. */
#ifndef Py_CRITICAL_SECTION_H
#define Py_CRITICAL_SECTION_H

#ifdef __cplusplus
extern "C" {
#endif

struct PyCriticalSection {
    uintptr_t _cs_prev;
    PyMutex *_cs_mutex;
};

struct PyCriticalSection2 {
    PyCriticalSection _cs_base;
    PyMutex *_cs_mutex2;
};

#include "generated/critical_section.h"

#ifdef Py_LIMITED_API
#  define Py_BEGIN_CRITICAL_SECTION(op) \
    { PyCriticalSection _py_section; PyCriticalSection_Begin(&_py_section, _PyObject_CAST(op))
#  define Py_END_CRITICAL_SECTION() PyCriticalSection_End(&_py_section); }
#  define Py_BEGIN_CRITICAL_SECTION2(a, b) \
    { PyCriticalSection2 _py_section;      \
      PyCriticalSection2_Begin(&_py_section, _PyObject_CAST(a), _PyObject_CAST(b))
#  define Py_END_CRITICAL_SECTION2() PyCriticalSection2_End(&_py_section); }
#else
#  define Py_BEGIN_CRITICAL_SECTION(op)    {
#  define Py_END_CRITICAL_SECTION()        }
#  define Py_BEGIN_CRITICAL_SECTION2(a, b) {
#  define Py_END_CRITICAL_SECTION2()       }
#  define Py_BEGIN_CRITICAL_SECTION_MUTEX(mutex) {
#  define Py_BEGIN_CRITICAL_SECTION2_MUTEX(a, b) {
#endif

#ifdef __cplusplus
}
#endif

#endif
