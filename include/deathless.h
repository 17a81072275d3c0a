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

/* What deathless_immortalize_heap() made immortal: how many objects, and how many bytes they and
 * the blocks that are theirs alone (a dict's table, a list's items) take. What was immortal before
 * is not counted again. */
struct deathless_heap_walk {
    size_t objects;
    size_t bytes;
};

/* deathless_immortalize_heap(report), declared below, is the heap walk: one call at the end of
 * initialisation, or just before a server forks its workers.
 *
 * It makes immortal everything that the current interpreter holds: all objects that its collector
 * knows, its modules, its interned strs, the dicts of static types that extensions brought, and
 * whatever these reach through tp_traverse, through an instance's type or through members that a
 * type shows. It takes all of that out of the collector, and fills in what reading would write
 * later: hashes of str, bytes, frozenset, and of tuples of values that the library knows; UTF-8 forms;
 * versions of types. From then on no reference to those objects is counted, no collection looks at
 * them, and nothing made later lies on a memory page with them: a forked child that reads, hashes,
 * compares and passes them on shares every page of them with its parent.
 *
 * They stay usable as before: a list can still be appended to, and what is appended is mortal. They
 * are given back when their interpreter ends, not before. A block of theirs that is given back in
 * the meantime (a list's items that moved) is not used again.
 *
 * It does not find what no container holds: a str or int that only C's own variables refer to
 * (PyUnstable_SetImmortal is for those), nor what a type without tp_traverse keeps to itself. No
 * foreign __hash__ is called. Modules that count references inline for a limited API up to 3.11 write
 * to every object that they use, immortal or not, and dirty its page.
 *
 * Needs an attached thread state, like any function of the API. It may be called again: then it
 * takes in what came since. */

#include "generated/deathless.h"

#ifdef __cplusplus
}
#endif

#endif
