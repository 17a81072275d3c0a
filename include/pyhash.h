/* Hashing. */
#ifndef Py_PYHASH_H
#define Py_PYHASH_H

#ifdef __cplusplus
extern "C" {
#endif

#define Py_HASH_CUTOFF    0
#define Py_HASH_EXTERNAL  0
#define Py_HASH_SIPHASH24 1
#define Py_HASH_FNV       2
#define Py_HASH_ALGORITHM 3
#define Py_HASH_SIPHASH13 3

#ifndef Py_LIMITED_API

#define PyHASH_BITS       61
#define PyHASH_MODULUS    (((size_t)1 << PyHASH_BITS) - 1)
#define PyHASH_INF        314159
#define PyHASH_MULTIPLIER 1000003UL
#define PyHASH_IMAG       PyHASH_MULTIPLIER
#define _PyHASH_BITS       PyHASH_BITS
#define _PyHASH_MODULUS    PyHASH_MODULUS
#define _PyHASH_INF        PyHASH_INF
#define _PyHASH_MULTIPLIER PyHASH_MULTIPLIER
#define _PyHASH_IMAG       PyHASH_IMAG

#endif

#include "generated/pyhash.h"

#ifdef __cplusplus
}
#endif

#endif
