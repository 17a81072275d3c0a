/* What does it cost to collect the young, beside a million objects that are old? */
#include "kernels.h"

enum { OLD = 1000000 };

static PyObject *old, *collect, *youngest;

/* The old are full collections' to look at; they are kept for good, so these kernels come last. */
static int prepare_old(void)
{
    if (old != NULL) return 1;
    PyObject *gc = PyImport_ImportModule("gc");
    collect = gc == NULL ? NULL : PyObject_GetAttrString(gc, "collect");
    youngest = PyTuple_New(1);
    old = PyList_New(OLD);
    if (collect == NULL || youngest == NULL || old == NULL) return 0;
    if (PyTuple_SetItem(youngest, 0, PyLong_FromLong(0)) < 0) return 0;
    for (Py_ssize_t i = 0; i < OLD; i++) {
        PyObject *list = PyList_New(0);
        if (list == NULL || PyList_SetItem(old, i, list) < 0) return 0;
    }
    PyGC_Collect();
    return 1;
}

static void collect_young(void)
{
    for (int i = 0; i < 1000; i++) {
        PyObject *list = PyList_New(0);
        PyList_Append(list, list);
        Py_DecRef(list);
    }
    Py_DecRef(PyObject_CallObject(collect, youngest));
}

/* What stays a while moves on to an older generation first. */
static void keep_and_drop(void)
{
    PyObject *kept = PyList_New(0);
    for (int i = 0; i < 10000; i++) {
        PyObject *list = PyList_New(0);
        PyList_Append(kept, list);
        Py_DecRef(list);
        PyErr_CheckSignals();
    }
    Py_DecRef(kept);
}

KERNEL(young, prepare_old(), collect_young())
KERNEL(kept, prepare_old(), keep_and_drop())

const Kernel bench_collector[] = {
    ENTRY(young, "collect 1000 young beside a million old"),
    ENTRY(kept, "keep 10000 lists a while, then drop them"),
    END,
};
