/* Text of the locale. */
#ifndef Py_FILEUTILS_H
#define Py_FILEUTILS_H

#ifdef __cplusplus
extern "C" {
#endif

#include "generated/fileutils.h"

#ifdef __cplusplus
}
#endif

#endif
