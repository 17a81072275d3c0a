/* int. */
#ifndef Py_LONGOBJECT_H
#define Py_LONGOBJECT_H

#ifdef __cplusplus
extern "C" {
#endif

PyAPI_DATA(PyTypeObject) PyLong_Type;

#define PyLong_Check(op)      PyType_FastSubclass(Py_TYPE(op), Py_TPFLAGS_LONG_SUBCLASS)
#define PyLong_CheckExact(op) Py_IS_TYPE((op), &PyLong_Type)

struct PyLongLayout {
    uint8_t bits_per_digit;
    uint8_t digit_size;
    int8_t digits_order;
    int8_t digit_endianness;
};

struct PyLongExport {
    int64_t value;
    uint8_t negative;
    Py_ssize_t ndigits;
    const void *digits;
    Py_uintptr_t _reserved;
};

#define Py_ASNATIVEBYTES_DEFAULTS        (-1)
#define Py_ASNATIVEBYTES_BIG_ENDIAN      0
#define Py_ASNATIVEBYTES_LITTLE_ENDIAN   1
#define Py_ASNATIVEBYTES_NATIVE_ENDIAN   3
#define Py_ASNATIVEBYTES_UNSIGNED_BUFFER 4
#define Py_ASNATIVEBYTES_REJECT_NEGATIVE 8
#define Py_ASNATIVEBYTES_ALLOW_INDEX     16

#include "generated/longobject.h"

#define PyLong_FromPid PyLong_FromLong
#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030D0000
#  define PyLong_AsPid PyLong_AsInt
#else
#  define PyLong_AsPid PyLong_AsLong
#endif
#define PyLong_AS_LONG(op) PyLong_AsLong(op)
#define _Py_PARSE_PID      "i"
#define _Py_PARSE_INTPTR   "n"
#define _Py_PARSE_UINTPTR  "k"

#ifndef Py_LIMITED_API

typedef uint32_t digit;
typedef int32_t sdigit;
typedef uint64_t twodigits;
typedef int64_t stwodigits;

#define PyLong_SHIFT          30
#define PyLong_BASE           ((digit)1 << PyLong_SHIFT)
#define PyLong_MASK           ((digit)(PyLong_BASE - 1))
#define _PyLong_DECIMAL_SHIFT 9
#define _PyLong_DECIMAL_BASE  ((digit)1000000000)
#define _PyLong_SIGN_MASK     3
#define _PyLong_NON_SIZE_BITS 3

/* The tag: the number of digits, above two bits of sign (0 plus, 1 zero, 2 minus). */
typedef struct _PyLongValue {
    uintptr_t lv_tag;
    digit ob_digit[1];
} _PyLongValue;

struct _longobject {
    PyObject ob_base;
    _PyLongValue long_value;
};

static inline int PyUnstable_Long_IsCompact(const PyLongObject *op)
{
    return op->long_value.lv_tag < (2 << _PyLong_NON_SIZE_BITS);
}

static inline Py_ssize_t PyUnstable_Long_CompactValue(const PyLongObject *op)
{
    Py_ssize_t sign = 1 - (Py_ssize_t)(op->long_value.lv_tag & _PyLong_SIGN_MASK);
    return sign * (Py_ssize_t)op->long_value.ob_digit[0];
}

#endif

#ifdef __cplusplus
}
#endif

#endif
