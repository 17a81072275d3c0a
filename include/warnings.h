/* Warnings are in pyerrors.h; the file is here for those who include it. */
#ifndef Py_WARNINGS_H
#define Py_WARNINGS_H

#ifdef __cplusplus
extern "C" {
#endif

#include "generated/warnings.h"

#ifdef __cplusplus
}
#endif

#endif
