/* Frames. */
#ifndef Py_PYFRAME_H
#define Py_PYFRAME_H

#ifdef __cplusplus
extern "C" {
#endif

#include "generated/pyframe.h"

#ifdef __cplusplus
}
#endif

#endif
