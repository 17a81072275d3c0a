/* What deathless offers beyond CPython's API: its immortals, to count, to name and to seal, what interpreters leave
 * behind, and the ledger. */
#ifndef DEATHLESS_H
#define DEATHLESS_H

#include "Python.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A row of the registry: an immortal object that the current interpreter can meet. The strings are
 * valid while the row is: during the call of the visitor that was given it.
 *
 *   kind         what it is to the runtime: "singleton", "built-in type", "exception", "small int",
 *                "one-character str", "one-byte bytes", "identifier"; "type's namespace", "type's
 *                bases", "descriptor", "name"; "extension's type", "extension's module definition";
 *                "promoted", "overflowed", "interned for ever", "walked"
 *   type_name    tp_name of its type
 *   owner        whose memory it lies in: "deathless", the file of an extension, "interpreter N"
 *   origin       how it became immortal, in words
 *   object       borrowed
 *   bytes        of it, of the collector's header before it, and of the blocks that are its alone
 *   mortal_cost  of those, what would have been given back, had it been mortal: 0 in an image
 *   drift        by how many references unbalanced code is ahead on it, seen from its word
 *   heals        how often its word was found drifted and written back
 *   healed       by how many references it was off then, added up: above 0 if it was taken too often
 *   registry     for deathless_immortal_name() alone
 *
 * deathless_visit_immortals() gives every immortal once, those of the process first: what lies in
 * the library's image, what the built-in types hang on to, what extensions brought, then what became
 * immortal in this interpreter. A visitor that returns something other than 0 ends the visit. It
 * must not make or end objects, nor walk the heap: copy what is wanted and look at it afterwards. */
struct deathless_immortal {
    const char *kind;
    const char *type_name;
    const char *owner;
    const char *origin;
    PyObject *object;
    size_t bytes;
    uint64_t mortal_cost;
    int64_t drift;
    uint64_t heals;
    int64_t healed;
    const void *registry;
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

/* What of one type, or of none, lives in an interpreter, or was left by one that has ended.
 *
 *   interpreter  its number, as PyInterpreterState_GetID() says
 *   what         DEATHLESS_OBJECTS; DEATHLESS_PARTS: what objects keep apart, such as a list's items;
 *                DEATHLESS_RAW: memory from PyMem_Malloc, PyObject_Malloc and their like
 *   type_name    of objects: the type's module and qualified name; else NULL. A type whose own
 *                references were miscounted may be gone: then it is called "<a type that is gone>"
 *   count        how many
 *   leaked       of objects: how many have references that no living object accounts for. Once an
 *                interpreter has ended, these are what was leaked; the others are left because these
 *                hold them. Before, it is what C's own variables and the runtime hold as well
 *   bytes        of their blocks, as the heap hands them out
 *   examples     names of a few of the leaked ones, where these say which they are: of types, modules, strs,
 *                bytes, numbers; else NULL
 *
 * Immortals are not among them: those are in the registry, and go with their interpreter. Nor is
 * PyMem_RawMalloc, which is malloc.
 *
 * A row, and its name, is valid during the call of the visitor that was given it. At an
 * interpreter's end the visitor is called by the thread that ends it, which is attached to nothing
 * that could be used any more: it must call nothing of the API. What Py_NewInterpreter made shares its
 * heap with the main interpreter: it is told of what it made and no other interpreter holds. */
struct deathless_living {
    int64_t interpreter;
    int what;
    const char *type_name;
    size_t count;
    size_t leaked;
    size_t bytes;
    const char *examples;
};

#define DEATHLESS_OBJECTS 1
#define DEATHLESS_PARTS   2
#define DEATHLESS_RAW     3

/* What the ledger has entered for one function of an extension module, one kind of object, one way
 * of changing hands and one place; what a module does on threads of its own, outside of any function, stands under
 * "threads of FILE". A row that says "called" or "unheard" has calls and no more: how often the function was called, or
 * how many functions the library could not tell apart any more. See deathless_ledger_visit. */
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

/* Tracebacks. A C function that fails shows up in what is printed of the exception, as the functions of CPython's
 * own modules do:
 *
 *     if (failed) {
 *         PyErr_SetString(PyExc_ValueError, "no such colour");
 *         deathless_add_traceback(__func__, __FILE__, __LINE__);
 *         return NULL;
 *     }
 *
 *     Traceback (most recent call last):
 *       File "paint.c", line 81, in mix
 *         deathless_add_traceback(__func__, __FILE__, __LINE__);
 *     ValueError: no such colour
 *
 * Each function that the exception passes through may add itself: the last that does is shown first.
 * The line of source is shown where the file can be read. A module that is to load elsewhere as well
 * looks the function up by dlsym(). */

#include "generated/deathless.h"

#ifdef __cplusplus
}
#endif

#endif
