/* For those who include it: there is no marshalling of code here. */
#ifndef Py_MARSHAL_H
#define Py_MARSHAL_H

#ifdef __cplusplus
extern "C" {
#endif

#include "generated/marshal.h"

#ifdef __cplusplus
}
#endif

#endif
