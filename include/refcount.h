/* Reference counting, in the three forms of immortality:
 * 
 * * limited API before 3.12: on the whole 64-bit word, without a check;
 * * limited API since 3.12: a call, so that the runtime decides;
 * * full API: on the low 32 bits, which stay in their upper half for an immortal. */
#ifndef Py_REFCOUNT_H
#define Py_REFCOUNT_H

#ifdef __cplusplus
extern "C" {
#endif

PyAPI_FUNC(void) _Py_Dealloc(PyObject *op);
PyAPI_FUNC(void) _Py_IncRef(PyObject *op);
PyAPI_FUNC(void) _Py_DecRef(PyObject *op);
PyAPI_FUNC(void) _Py_SetRefcnt(PyObject *op, Py_ssize_t count);

#include "generated/refcount.h"

#if !defined(Py_LIMITED_API)
#  define Py_REFCNT(ob) ((Py_ssize_t)_PyObject_CAST(ob)->ob_refcnt)
#elif Py_LIMITED_API + 0 < 0x030C0000
#  define Py_REFCNT(ob) ((Py_ssize_t)_PyObject_CAST(ob)->ob_refcnt_full)
#elif Py_LIMITED_API + 0 < 0x030E0000
#  define Py_REFCNT(ob) ((Py_ssize_t)_PyObject_CAST(ob)->ob_refcnt)
#else
PyAPI_FUNC(Py_ssize_t) Py_REFCNT(PyObject *ob);
#  define Py_REFCNT(ob) Py_REFCNT(_PyObject_CAST(ob))
#endif
#define Py_SET_REFCNT(ob, count) _Py_SetRefcnt(_PyObject_CAST(ob), (count))

static inline Py_ALWAYS_INLINE void Py_INCREF(PyObject *op)
{
#if !defined(Py_LIMITED_API)
    uint32_t count = op->ob_refcnt;
    if (count < _Py_IMMORTAL_INITIAL_REFCNT) op->ob_refcnt = count + 1;
#elif Py_LIMITED_API + 0 < 0x030C0000
    op->ob_refcnt_full++;
#else
    _Py_IncRef(op);
#endif
}

static inline Py_ALWAYS_INLINE void Py_DECREF(PyObject *op)
{
#if !defined(Py_LIMITED_API)
    if ((int32_t)op->ob_refcnt >= 0 && --op->ob_refcnt == 0) _Py_Dealloc(op);
#elif Py_LIMITED_API + 0 < 0x030C0000
    if (--op->ob_refcnt_full == 0) _Py_Dealloc(op);
#else
    _Py_DecRef(op);
#endif
}

static inline void Py_XINCREF(PyObject *op)
{
    if (op != NULL) Py_INCREF(op);
}

static inline void Py_XDECREF(PyObject *op)
{
    if (op != NULL) Py_DECREF(op);
}

static inline PyObject *_Py_NewRef(PyObject *op)
{
    Py_INCREF(op);
    return op;
}

static inline PyObject *_Py_XNewRef(PyObject *op)
{
    Py_XINCREF(op);
    return op;
}

#define Py_INCREF(op)  Py_INCREF(_PyObject_CAST(op))
#define Py_DECREF(op)  Py_DECREF(_PyObject_CAST(op))
#define Py_XINCREF(op) Py_XINCREF(_PyObject_CAST(op))
#define Py_XDECREF(op) Py_XDECREF(_PyObject_CAST(op))
#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030A0000
#  define Py_NewRef(op)  _Py_NewRef(_PyObject_CAST(op))
#  define Py_XNewRef(op) _Py_XNewRef(_PyObject_CAST(op))
#endif

/* The variable changes before the reference is given back: what runs then may look. */
#define Py_CLEAR(op)                              \
    do {                                          \
        __typeof__(op) *_py_place = &(op);        \
        __typeof__(op) _py_old = *_py_place;      \
        if (_py_old != NULL) {                    \
            *_py_place = NULL;                    \
            Py_DECREF(_py_old);                   \
        }                                         \
    } while (0)
#ifndef Py_LIMITED_API
#  define Py_SETREF(dst, src)                           \
    do {                                                \
        PyObject *_py_old = _PyObject_CAST(dst);        \
        (dst) = (src);                                  \
        Py_DECREF(_py_old);                             \
    } while (0)
#  define Py_XSETREF(dst, src)                          \
    do {                                                \
        PyObject *_py_old = _PyObject_CAST(dst);        \
        (dst) = (src);                                  \
        Py_XDECREF(_py_old);                            \
    } while (0)
static inline int _Py_IsImmortal(PyObject *op)
{
    return (int32_t)op->ob_refcnt < 0;
}
#  define _Py_IsImmortal(op) _Py_IsImmortal(_PyObject_CAST(op))
#endif

#ifdef __cplusplus
}
#endif

#endif
