/* Structures so deep that freeing them one inside the other would overflow the
 * stack of 8 MB: ten million levels. */
#include "expect.h"

#include <stdlib.h>

/* Under a memory checker, which runs with PYTHONMALLOC=malloc, fewer must do. */
static int deep(void)
{
    return getenv("PYTHONMALLOC") == NULL ? 10000000 : 200000;
}

TEST(list_in_list)
{
    PyObject *outer = PyList_New(0);
    for (int i = 0; i < deep(); i++) {
        PyObject *next = PyList_New(1);
        CHECK(PyList_SetItem(next, 0, outer) == 0);
        outer = next;
    }
    Py_DECREF(outer);
    done();
}

TEST(tuple_in_tuple)
{
    PyObject *outer = PyTuple_New(0);
    for (int i = 0; i < deep() / 10; i++) {
        PyObject *next = PyTuple_New(1);
        CHECK(PyTuple_SetItem(next, 0, outer) == 0);
        outer = next;
    }
    Py_DECREF(outer);
    done();
}

TEST(dict_in_dict)
{
    PyObject *outer = PyDict_New();
    for (int i = 0; i < deep() / 10; i++) {
        PyObject *next = PyDict_New();
        CHECK(PyDict_SetItem(next, Py_None, outer) == 0);
        Py_DECREF(outer);
        outer = next;
    }
    Py_DECREF(outer);
    done();
}

TEST(mixed)
{
    PyObject *outer = PyList_New(0);
    for (int i = 0; i < deep() / 10; i++) {
        PyObject *next = i % 2 ? PyTuple_Pack(1, outer) : Py_BuildValue("[O]", outer);
        Py_DECREF(outer);
        outer = next;
    }
    Py_DECREF(outer);
    done();
}

TEST(deep_cycle)
{
    PyObject *first = PyList_New(0);
    PyObject *outer = first;
    Py_INCREF(first);
    for (int i = 0; i < deep() / 10; i++) {
        PyObject *next = PyList_New(1);
        CHECK(PyList_SetItem(next, 0, outer) == 0);
        outer = next;
    }
    CHECK(PyList_Append(first, outer) == 0);
    Py_DECREF(outer);
    Py_DECREF(first);
    CHECK(PyGC_Collect() >= deep() / 10);
    done();
}

TEST(instances)
{
    PyObject *type = new_class("Link", (PyObject *)&PyBaseObject_Type);
    PyObject *outer = PyObject_CallObject(type, NULL);
    for (int i = 0; i < deep() / 100; i++) {
        PyObject *next = PyObject_CallObject(type, NULL);
        CHECK(PyObject_SetAttrString(next, "next", outer) == 0);
        Py_DECREF(outer);
        outer = next;
    }
    Py_DECREF(outer);
    done();
}

TEST(exceptions)
{
    PyObject *outer = PyObject_CallFunction(PyExc_ValueError, "s", "first");
    for (int i = 0; i < deep() / 100; i++) {
        PyObject *next = PyObject_CallFunction(PyExc_ValueError, "s", "next");
        PyException_SetCause(next, outer);
        outer = next;
    }
    Py_DECREF(outer);
    done();
}

TEST(repr_refuses)
{
    PyObject *outer = PyList_New(0);
    for (int i = 0; i < 200000; i++) {
        PyObject *next = PyList_New(1);
        CHECK(PyList_SetItem(next, 0, outer) == 0);
        outer = next;
    }
    CHECK_RAISES(PyExc_RecursionError, NULL, PyObject_Repr(outer) == NULL);
    Py_DECREF(outer);
    done();
}

TEST_MAIN(list_in_list, tuple_in_tuple, dict_in_dict, mixed, deep_cycle, instances, exceptions,
          repr_refuses)
