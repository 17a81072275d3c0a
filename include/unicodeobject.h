/* str. */
#ifndef Py_UNICODEOBJECT_H
#define Py_UNICODEOBJECT_H

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t Py_UCS4;
typedef uint16_t Py_UCS2;
typedef uint8_t Py_UCS1;
typedef wchar_t Py_UNICODE;

#define Py_UNICODE_SIZE SIZEOF_WCHAR_T
#define Py_UNICODE_WIDE
#define Py_USING_UNICODE
#define Py_UNICODE_REPLACEMENT_CHARACTER ((Py_UCS4)0xFFFD)

PyAPI_DATA(PyTypeObject) PyUnicodeIter_Type;
PyAPI_DATA(PyTypeObject) PyUnicode_Type;

#define PyUnicode_Check(op)      PyType_FastSubclass(Py_TYPE(op), Py_TPFLAGS_UNICODE_SUBCLASS)
#define PyUnicode_CheckExact(op) Py_IS_TYPE((op), &PyUnicode_Type)

PyAPI_FUNC(PyObject *) PyUnicode_FromFormat(const char *format, ...);
PyAPI_FUNC(PyObject *) PyUnicode_FromFormatV(const char *format, va_list args);

#include "generated/unicodeobject.h"

#ifndef Py_LIMITED_API

typedef struct {
    PyObject ob_base;
    Py_ssize_t length;
    Py_hash_t hash;
    struct _PyUnicodeObject_state {
        unsigned int interned : 2;
        unsigned int kind : 3;
        unsigned int compact : 1;
        unsigned int ascii : 1;
        unsigned int statically_allocated : 1;
        unsigned int : 24;
    } state;
} PyASCIIObject;

typedef struct {
    PyASCIIObject _base;
    Py_ssize_t utf8_length;
    char *utf8;
} PyCompactUnicodeObject;

typedef struct {
    PyCompactUnicodeObject _base;
    union {
        void *any;
        Py_UCS1 *latin1;
        Py_UCS2 *ucs2;
        Py_UCS4 *ucs4;
    } data;
} PyUnicodeObject;

enum PyUnicode_Kind {
    PyUnicode_1BYTE_KIND = 1,
    PyUnicode_2BYTE_KIND = 2,
    PyUnicode_4BYTE_KIND = 4
};

#define PyUnicode_READY(op)      ((void)(op), 0)
#define PyUnicode_IS_READY(op)   ((void)(op), 1)
#define PyUnicode_IS_COMPACT(op) (((PyASCIIObject *)(op))->state.compact)
#define PyUnicode_IS_ASCII(op)   (((PyASCIIObject *)(op))->state.ascii)
#define PyUnicode_IS_COMPACT_ASCII(op) (PyUnicode_IS_ASCII(op) && PyUnicode_IS_COMPACT(op))
#define PyUnicode_CHECK_INTERNED(op)   (((PyASCIIObject *)(op))->state.interned)
#define PyUnicode_KIND(op)       ((int)((PyASCIIObject *)(op))->state.kind)
#define PyUnicode_GET_LENGTH(op) (((PyASCIIObject *)(op))->length)

static inline void *_PyUnicode_Data(PyObject *op)
{
    if (PyUnicode_IS_COMPACT_ASCII(op)) return (PyASCIIObject *)op + 1;
    if (PyUnicode_IS_COMPACT(op)) return (PyCompactUnicodeObject *)op + 1;
    return ((PyUnicodeObject *)op)->data.any;
}

#define PyUnicode_DATA(op)       _PyUnicode_Data(_PyObject_CAST(op))
#define PyUnicode_1BYTE_DATA(op) ((Py_UCS1 *)PyUnicode_DATA(op))
#define PyUnicode_2BYTE_DATA(op) ((Py_UCS2 *)PyUnicode_DATA(op))
#define PyUnicode_4BYTE_DATA(op) ((Py_UCS4 *)PyUnicode_DATA(op))

static inline Py_UCS4 _PyUnicode_Read(int kind, const void *data, Py_ssize_t index)
{
    if (kind == PyUnicode_1BYTE_KIND) return ((const Py_UCS1 *)data)[index];
    if (kind == PyUnicode_2BYTE_KIND) return ((const Py_UCS2 *)data)[index];
    return ((const Py_UCS4 *)data)[index];
}

static inline void _PyUnicode_Write(int kind, void *data, Py_ssize_t index, Py_UCS4 value)
{
    if (kind == PyUnicode_1BYTE_KIND) ((Py_UCS1 *)data)[index] = (Py_UCS1)value;
    else if (kind == PyUnicode_2BYTE_KIND) ((Py_UCS2 *)data)[index] = (Py_UCS2)value;
    else ((Py_UCS4 *)data)[index] = value;
}

#define PyUnicode_READ(kind, data, index) _PyUnicode_Read((kind), (data), (index))
#define PyUnicode_WRITE(kind, data, index, value) \
    _PyUnicode_Write((kind), (data), (index), (Py_UCS4)(value))
#define PyUnicode_READ_CHAR(op, index) \
    PyUnicode_READ(PyUnicode_KIND(op), PyUnicode_DATA(op), (index))

/* An upper bound, by the width that the string has. */
static inline Py_UCS4 _PyUnicode_MaxCharValue(PyObject *op)
{
    if (PyUnicode_IS_ASCII(op)) return 0x7f;
    if (PyUnicode_KIND(op) == PyUnicode_1BYTE_KIND) return 0xff;
    return PyUnicode_KIND(op) == PyUnicode_2BYTE_KIND ? 0xffff : 0x10ffff;
}
#define PyUnicode_MAX_CHAR_VALUE(op) _PyUnicode_MaxCharValue(_PyObject_CAST(op))

#define Py_UNICODE_IS_SURROGATE(ch)      (0xD800 <= (ch) && (ch) <= 0xDFFF)
#define Py_UNICODE_IS_HIGH_SURROGATE(ch) (0xD800 <= (ch) && (ch) <= 0xDBFF)
#define Py_UNICODE_IS_LOW_SURROGATE(ch)  (0xDC00 <= (ch) && (ch) <= 0xDFFF)
#define Py_UNICODE_JOIN_SURROGATES(high, low) \
    (((((Py_UCS4)(high) & 0x03FF) << 10) | ((Py_UCS4)(low) & 0x03FF)) + 0x10000)
#define Py_UNICODE_HIGH_SURROGATE(ch) (0xD800 - (0x10000 >> 10) + ((ch) >> 10))
#define Py_UNICODE_LOW_SURROGATE(ch)  (0xDC00 + ((ch) & 0x3FF))

#endif

#ifdef __cplusplus
}
#endif

#endif
