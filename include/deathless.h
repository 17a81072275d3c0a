/* What deathless offers beyond CPython's API: its immortals, to count and to name. */
#ifndef DEATHLESS_H
#define DEATHLESS_H

#include "Python.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An immortal object: its kind, its type's name, whose memory it lies in, how it became immortal,
 * its size, and how much of that a mortal would have given back. */
struct deathless_immortal {
    const char *kind;
    const char *type_name;
    const char *owner;
    const char *origin;
    PyObject *object;
    size_t bytes;
    uint64_t mortal_cost;
};

#include "generated/deathless.h"

#ifdef __cplusplus
}
#endif

#endif
