/* What deathless offers beyond CPython's API: its immortals, to count and to name. */
#ifndef DEATHLESS_H
#define DEATHLESS_H

#include "Python.h"

#ifdef __cplusplus
extern "C" {
#endif

#include "generated/deathless.h"

#ifdef __cplusplus
}
#endif

#endif
