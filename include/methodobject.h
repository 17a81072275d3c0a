/* Functions written in C, and how they are described. */
#ifndef Py_METHODOBJECT_H
#define Py_METHODOBJECT_H

#ifdef __cplusplus
extern "C" {
#endif

PyAPI_DATA(PyTypeObject) PyCFunction_Type;

#define PyCFunction_Check(op)      PyObject_TypeCheck((op), &PyCFunction_Type)
#define PyCFunction_CheckExact(op) Py_IS_TYPE((op), &PyCFunction_Type)

typedef PyObject *(*PyCFunction)(PyObject *, PyObject *);
typedef PyObject *(*PyCFunctionFast)(PyObject *, PyObject *const *, Py_ssize_t);
typedef PyObject *(*PyCFunctionWithKeywords)(PyObject *, PyObject *, PyObject *);
typedef PyObject *(*PyCFunctionFastWithKeywords)(PyObject *, PyObject *const *, Py_ssize_t,
                                                 PyObject *);
typedef PyObject *(*PyCMethod)(PyObject *, PyTypeObject *, PyObject *const *, Py_ssize_t,
                               PyObject *);
typedef PyCFunctionFast _PyCFunctionFast;
typedef PyCFunctionFastWithKeywords _PyCFunctionFastWithKeywords;

/* A function pointer goes through void (*)(void), so that no compiler warns. */
#define _PyCFunction_CAST(func)                 ((PyCFunction)(_Py_funcptr_t)(func))
#define _PyCFunctionFast_CAST(func)             _PyCFunction_CAST(func)
#define _PyCFunctionWithKeywords_CAST(func)     _PyCFunction_CAST(func)
#define _PyCFunctionFastWithKeywords_CAST(func) _PyCFunction_CAST(func)

struct PyMethodDef {
    const char *ml_name;
    PyCFunction ml_meth;
    int ml_flags;
    const char *ml_doc;
};

#define METH_STACKLESS 0
#define METH_VARARGS   1
#define METH_KEYWORDS  2
#define METH_NOARGS    4
#define METH_O         8
#define METH_CLASS     16
#define METH_STATIC    32
#define METH_COEXIST   64
#define METH_FASTCALL  128
#define METH_METHOD    512

#include "generated/methodobject.h"

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03090000
#  define PyCFunction_New(def, self)           PyCFunction_NewEx((def), (self), NULL)
#  define PyCFunction_NewEx(def, self, module) PyCMethod_New((def), (self), (module), NULL)
#endif

#ifndef Py_LIMITED_API

typedef struct {
    PyObject ob_base;
    PyMethodDef *m_ml;
    PyObject *m_self;
    PyObject *m_module;
    PyObject *m_weakreflist;
    vectorcallfunc vectorcall;
} PyCFunctionObject;

typedef struct {
    PyCFunctionObject func;
    PyTypeObject *mm_class;
} PyCMethodObject;

PyAPI_DATA(PyTypeObject) PyCMethod_Type;
#define PyCMethod_Check(op)      PyObject_TypeCheck((op), &PyCMethod_Type)
#define PyCMethod_CheckExact(op) Py_IS_TYPE((op), &PyCMethod_Type)

#define PyCFunction_GET_FUNCTION(op) (((PyCFunctionObject *)(op))->m_ml->ml_meth)
#define PyCFunction_GET_FLAGS(op)    (((PyCFunctionObject *)(op))->m_ml->ml_flags)
#define PyCFunction_GET_SELF(op) \
    (PyCFunction_GET_FLAGS(op) & METH_STATIC ? NULL : ((PyCFunctionObject *)(op))->m_self)
#define PyCFunction_GET_CLASS(op) \
    (PyCFunction_GET_FLAGS(op) & METH_METHOD ? ((PyCMethodObject *)(op))->mm_class : NULL)

#endif

#ifdef __cplusplus
}
#endif

#endif
