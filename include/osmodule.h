/* os. */
#ifndef Py_OSMODULE_H
#define Py_OSMODULE_H

#ifdef __cplusplus
extern "C" {
#endif

#include "generated/osmodule.h"

#ifdef __cplusplus
}
#endif

#endif
