/* Codecs. */
#ifndef Py_CODECS_H
#define Py_CODECS_H

#ifdef __cplusplus
extern "C" {
#endif

#include "generated/codecs.h"

#ifdef __cplusplus
}
#endif

#endif
