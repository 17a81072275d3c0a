/* The integer types and the attributes of the compiler. */
#ifndef Py_PYPORT_H
#define Py_PYPORT_H

typedef ssize_t    Py_ssize_t;
typedef Py_ssize_t Py_hash_t;
typedef size_t     Py_uhash_t;
typedef Py_ssize_t Py_ssize_clean_t;
typedef intptr_t   Py_intptr_t;
typedef uintptr_t  Py_uintptr_t;

#define SIZEOF_PY_HASH_T  8
#define SIZEOF_PY_UHASH_T 8

#define PY_SSIZE_T_MAX ((Py_ssize_t)INTPTR_MAX)
#define PY_SSIZE_T_MIN ((Py_ssize_t)INTPTR_MIN)
#define PY_SIZE_MAX    SIZE_MAX
#define Py_INVALID_SIZE ((Py_ssize_t)-1)

#define PY_LONG_LONG    long long
#define PY_LLONG_MIN    LLONG_MIN
#define PY_LLONG_MAX    LLONG_MAX
#define PY_ULLONG_MAX   ULLONG_MAX
#define PY_INT32_T      int32_t
#define PY_UINT32_T     uint32_t
#define PY_INT64_T      int64_t
#define PY_UINT64_T     uint64_t
#define PY_FORMAT_SIZE_T "z"
#define PY_LITTLE_ENDIAN 1
#define PY_BIG_ENDIAN    0

#define Py_GCC_ATTRIBUTE(x)   __attribute__(x)
#define Py_DEPRECATED(version) __attribute__((__deprecated__))
#define Py_ALIGNED(bytes)     __attribute__((aligned(bytes)))
#define Py_ALWAYS_INLINE      __attribute__((always_inline))
#define Py_NO_INLINE          __attribute__((noinline))
#define _Py_NO_RETURN         __attribute__((noreturn))
#define Py_LOCAL(type)        static type
#define Py_LOCAL_INLINE(type) static inline type
#define Py_VA_COPY            va_copy
#define Py_SAFE_DOWNCAST(value, wide, narrow) ((narrow)(value))
#define Py_ARITHMETIC_RIGHT_SHIFT(type, i, j) ((i) >> (j))
#define Py_FORCE_EXPANSION(x) x

#define Py_CAN_START_THREADS 1
#if defined(__cplusplus)
#  define _Py_thread_local thread_local
#else
#  define _Py_thread_local _Thread_local
#endif
#define WITH_THREAD 1

#endif
