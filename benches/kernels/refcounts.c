/* What does a reference cost, where extension modules call for it? The measure is
 * two calls of functions that do nothing, through the same PLT. */
#include "kernels.h"

/* Exported, and so open to interposition: neither inlined nor known to be empty. */
void bench_empty(PyObject *object);
void bench_empty(PyObject *object)
{
    (void)object;
}

static PyObject *none, *mortal;

KERNEL(empty, (none = Py_None) != NULL, (bench_empty(none), bench_empty(none)))
KERNEL(immortal, (none = Py_None) != NULL, (Py_IncRef(none), Py_DecRef(none)))
KERNEL(counted, (mortal = PyList_New(0)) != NULL, (Py_IncRef(mortal), Py_DecRef(mortal)))
KERNEL(stored, (none = Py_None) != NULL, Py_DecRef(PyTuple_New(0)))

/* What compilers put into an extension, on a word of our own: nothing to call, and no runtime has a say. */
static union { int64_t full; uint32_t count; } word;

static int prepare_word(int64_t value)
{
    word.full = value;
    return 1;
}

/* The compiler is not to merge the two halves of a pair. */
#define SEEN __asm__ volatile("" : "+m"(word))

static inline void whole_word(void)
{
    word.full++;
    SEEN;
    if (--word.full == 0) bench_empty(NULL);
    SEEN;
}

/* A 64-bit load is followed by a store of 32 bits, as in 3.12 and 3.13. */
static inline void checked_3_12(void)
{
    uint32_t more = word.count + 1;
    if (more != 0) word.count = more;
    SEEN;
    if ((int32_t)word.full >= 0) {
        if (--word.full == 0) bench_empty(NULL);
    }
    SEEN;
}

static inline void checked_3_14(void)
{
    uint32_t count = word.count;
    if (count < 3U << 30) word.count = count + 1;
    SEEN;
    if ((int32_t)word.count >= 0 && --word.count == 0) bench_empty(NULL);
    SEEN;
}

/* None as 3.12 and as 3.14 write it. */
#define NONE_3_12 ((int64_t)UINT32_MAX)
#define NONE_3_14 ((int64_t)0x00050000C0000000)
KERNEL(old, prepare_word(5), whole_word())
KERNEL(middle_mortal, prepare_word(5), checked_3_12())
KERNEL(middle_immortal, prepare_word(NONE_3_12), checked_3_12())
KERNEL(new_mortal, prepare_word(5), checked_3_14())
KERNEL(new_immortal, prepare_word(NONE_3_14), checked_3_14())

const Kernel bench_refcounts[] = {
    ENTRY(empty, "baseline: two empty calls"),
    ENTRY(old, "baseline: inline, no check"),
    ENTRY(middle_mortal, "baseline: inline as 3.12, mortal"),
    ENTRY(middle_immortal, "baseline: inline as 3.12, None"),
    ENTRY(new_mortal, "baseline: inline as 3.14, mortal"),
    ENTRY(new_immortal, "baseline: inline as 3.14, None"),
    ENTRY(immortal, "Py_IncRef, Py_DecRef of None"),
    ENTRY(counted, "Py_IncRef, Py_DecRef of a mortal"),
    ENTRY(stored, "PyTuple_New(0) and its drop"),
    END,
};
