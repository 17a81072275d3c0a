/* What deathless offers beyond CPython's API: its immortals, to count and to name, and the ledger. */
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

/* What the ledger has entered for one function of an extension module, one kind of object, one way
 * of changing hands and one place. See deathless_ledger_visit. */
struct deathless_ledger_row {
    const char *function;
    const void *function_address;
    uint64_t calls;
    const char *kind;
    PyObject *object;
    const char *how;
    const void *site;
    const void *api;
    int64_t balance;
};

#include "generated/deathless.h"

#ifdef __cplusplus
}
#endif

#endif
