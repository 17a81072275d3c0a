/* Raw memory. */
#ifndef Py_PYMEM_H
#define Py_PYMEM_H

#ifdef __cplusplus
extern "C" {
#endif

#include "generated/pymem.h"

#define PyMem_New(type, n)                                                   \
    ((size_t)(n) > PY_SSIZE_T_MAX / sizeof(type)                             \
         ? NULL : (type *)PyMem_Malloc((n) * sizeof(type)))
/* As realloc, but the variable itself is set, also to NULL. */
#define PyMem_Resize(p, type, n)                                             \
    ((p) = (size_t)(n) > PY_SSIZE_T_MAX / sizeof(type)                       \
         ? NULL : (type *)PyMem_Realloc((p), (n) * sizeof(type)))
#define PyMem_MALLOC(n)          PyMem_Malloc(n)
#define PyMem_NEW(type, n)       PyMem_New(type, (n))
#define PyMem_REALLOC(p, n)      PyMem_Realloc((p), (n))
#define PyMem_RESIZE(p, type, n) PyMem_Resize(p, type, (n))
#define PyMem_FREE(p)            PyMem_Free(p)
#define PyMem_Del(p)             PyMem_Free(p)
#define PyMem_DEL(p)             PyMem_Free(p)

#ifdef __cplusplus
}
#endif

#endif
