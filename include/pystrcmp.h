/* Comparison of C strings without case. */
#ifndef Py_PYSTRCMP_H
#define Py_PYSTRCMP_H

#ifdef __cplusplus
extern "C" {
#endif

#include "generated/pystrcmp.h"

#define PyOS_stricmp  PyOS_mystricmp
#define PyOS_strnicmp PyOS_mystrnicmp

#ifdef __cplusplus
}
#endif

#endif
