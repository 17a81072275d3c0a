/* What deathless offers beyond CPython's API: its immortals, to count, to name and to seal. */
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

/* What a write to a sealed immortal leads to. */
#define DEATHLESS_SEAL_STOP  1
#define DEATHLESS_SEAL_COUNT 2

/* What one function did to one immortal: the file that its code lies in, its name, where debug
 * information says so file and line (else NULL), the object's name, and how often it counted
 * references up and down and wrote something else. */
struct deathless_write {
    const char *module;
    const char *function;
    const char *source;
    const char *object;
    uint64_t up;
    uint64_t down;
    uint64_t other;
};

#include "generated/deathless.h"

#ifdef __cplusplus
}
#endif

#endif
