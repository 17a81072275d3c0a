/* Small macros that know nothing of objects. */
#ifndef Py_PYMACRO_H
#define Py_PYMACRO_H

#define _Py_CAST(type, expr)        ((type)(expr))
#define _Py_STATIC_CAST(type, expr) ((type)(expr))
#define _Py_RVALUE(expr)            ((void)0, (expr))
#define _Py_NULL                    NULL

#define Py_MIN(x, y)   ((x) < (y) ? (x) : (y))
#define Py_MAX(x, y)   ((x) > (y) ? (x) : (y))
#define Py_ABS(x)      ((x) < 0 ? -(x) : (x))
#define Py_CHARMASK(c) ((unsigned char)((c) & 0xff))

#define _Py_XSTRINGIFY(x) #x
#define Py_STRINGIFY(x)   _Py_XSTRINGIFY(x)

#define Py_MEMBER_SIZE(type, member) sizeof(((type *)0)->member)
#define Py_ARRAY_LENGTH(array)       (sizeof(array) / sizeof((array)[0]))
#define Py_BUILD_ASSERT_EXPR(cond)   (sizeof(char[1 - 2 * !(cond)]) - 1)
#ifdef __cplusplus
#  define Py_BUILD_ASSERT(cond) static_assert((cond), #cond)
#else
#  define Py_BUILD_ASSERT(cond) _Static_assert((cond), #cond)
#endif

#define PyDoc_VAR(name)         static const char name[]
#define PyDoc_STR(text)         text
#define PyDoc_STRVAR(name, text) PyDoc_VAR(name) = PyDoc_STR(text)

#define Py_UNUSED(name)  _unused_##name __attribute__((unused))
#define Py_UNREACHABLE() __builtin_unreachable()

#define Py_LL(x)  x##LL
#define Py_ULL(x) x##ULL

#ifdef __cplusplus
extern "C" {
#endif

#include "generated/pymacro.h"

#ifdef __cplusplus
}
#endif

#define _Py_PACK_FULL_VERSION(x, y, z, level, serial)                                    \
    ((((x) & 0xff) << 24) | (((y) & 0xff) << 16) | (((z) & 0xff) << 8)                   \
     | (((level) & 0xf) << 4) | ((serial) & 0xf))
#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030E0000
#  define Py_PACK_FULL_VERSION(x, y, z, level, serial) _Py_PACK_FULL_VERSION(x, y, z, level, serial)
#  define Py_PACK_VERSION(x, y) Py_PACK_FULL_VERSION(x, y, 0, 0, 0)
#endif

#endif
