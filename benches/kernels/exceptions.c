/* What does an exception cost, which most often is only matched and cleared? */
#include "kernels.h"

static PyObject *list;

static int prepare_list(void)
{
    list = PyList_New(0);
    return list != NULL;
}

static void set_and_match(void)
{
    PyErr_SetString(PyExc_KeyError, "what was sought");
    if (PyErr_ExceptionMatches(PyExc_LookupError)) PyErr_Clear();
}

static void set_and_fetch(void)
{
    PyObject *type, *value, *traceback;
    PyErr_SetString(PyExc_ValueError, "what was wrong");
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    Py_DecRef(type);
    Py_DecRef(value);
    Py_DecRef(traceback);
}

KERNEL(occurred, 1, if (PyErr_Occurred() != NULL) break)
KERNEL(set, 1, (PyErr_SetString(PyExc_ValueError, "what was wrong"), PyErr_Clear()))
KERNEL(none, 1, (PyErr_SetNone(PyExc_StopIteration), PyErr_Clear()))
KERNEL(format, 1, (PyErr_Format(PyExc_TypeError, "an int, not %s, in %d", "str", 3), PyErr_Clear()))
KERNEL(match, 1, set_and_match())
KERNEL(fetch, 1, set_and_fetch())
KERNEL(index, prepare_list(), if (PyList_GetItem(list, 5) == NULL) PyErr_Clear())

const Kernel bench_exceptions[] = {
    ENTRY(occurred, "PyErr_Occurred"),
    ENTRY(set, "PyErr_SetString and PyErr_Clear"),
    ENTRY(none, "PyErr_SetNone and PyErr_Clear"),
    ENTRY(format, "PyErr_Format and PyErr_Clear"),
    ENTRY(match, "set, match by a base and clear"),
    ENTRY(fetch, "set, fetch and normalize"),
    ENTRY(index, "PyList_GetItem out of range"),
    END,
};
