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

const Kernel bench_refcounts[] = {
    ENTRY(empty, "baseline: two empty calls"),
    ENTRY(immortal, "Py_IncRef, Py_DecRef of None"),
    ENTRY(counted, "Py_IncRef, Py_DecRef of a mortal"),
    ENTRY(stored, "PyTuple_New(0) and its drop"),
    END,
};
