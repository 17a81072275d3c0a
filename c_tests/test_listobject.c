/* listobject.h: lists. */
#include "expect.h"

TEST(new_and_fill)
{
    PyObject *list = PyList_New(3);
    CHECK(PyList_SetItem(list, 0, PyLong_FromLong(1)) == 0);
    CHECK(PyList_SetItem(list, 1, PyLong_FromLong(2)) == 0);
    CHECK(PyList_SetItem(list, 2, PyLong_FromLong(3000)) == 0);
    CHECK(PyList_SetItem(list, 2, PyLong_FromLong(4000)) == 0);
    CHECK(PyList_Size(list) == 3);
    CHECK(repr_is(list, "[1, 2, 4000]"));
    CHECK_RAISES(PyExc_SystemError, NULL, PyList_New(-1) == NULL);
    CHECK_RAISES(PyExc_MemoryError, "", PyList_New(PY_SSIZE_T_MAX / 8) == NULL);
    done();
}

TEST(set_item_steals_on_failure)
{
    PyObject *list = V("[i]", 1);
    CHECK_RAISES(PyExc_IndexError, "list assignment index out of range",
                 PyList_SetItem(list, 1, PyLong_FromLong(70000)) == -1);
    CHECK_RAISES(PyExc_IndexError, "list assignment index out of range",
                 PyList_SetItem(list, -1, PyLong_FromLong(70000)) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL,
                 PyList_SetItem(V("(i)", 1), 0, PyLong_FromLong(70000)) == -1);
    /* CRASHES PyList_SetItem(NULL, 0, x) */
    done();
}

TEST(get_item)
{
    PyObject *list = V("[is]", 1, "b");
    CHECK(shows(PyList_GetItem(list, 1), "'b'"));
    CHECK_RAISES(PyExc_IndexError, "list index out of range", PyList_GetItem(list, 2) == NULL);
    CHECK_RAISES(PyExc_IndexError, "list index out of range", PyList_GetItem(list, -1) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyList_GetItem(V("(i)", 1), 0) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyList_Size(V("(i)", 1)) == -1);
#if TEST_API >= 0x030D0000
    CHECK(repr_is(PyList_GetItemRef(list, 0), "1"));
    CHECK_RAISES(PyExc_IndexError, "list index out of range",
                 PyList_GetItemRef(list, 2) == NULL);
    CHECK_RAISES(PyExc_IndexError, "list index out of range",
                 PyList_GetItemRef(list, -1) == NULL);
    CHECK_RAISES(PyExc_TypeError, "expected a list", PyList_GetItemRef(V("(i)", 1), 0) == NULL);
#endif
    /* CRASHES PyList_GetItem(NULL, 0), PyList_Size(NULL) */
    done();
}

TEST(append_and_insert)
{
    PyObject *list = keep(PyList_New(0));
    CHECK(PyList_Append(list, L(1)) == 0);
    CHECK(PyList_Append(list, S("x")) == 0);
    CHECK(PyList_Insert(list, 0, Py_None) == 0);
    CHECK(PyList_Insert(list, -1, L(7)) == 0);
    CHECK(PyList_Insert(list, 99, L(8)) == 0);
    CHECK(PyList_Insert(list, -99, L(9)) == 0);
    CHECK(shows(list, "[9, None, 1, 7, 'x', 8]"));
    CHECK_RAISES(PyExc_SystemError, NULL, PyList_Append(list, NULL) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyList_Append(V("()"), Py_None) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyList_Insert(list, 0, NULL) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyList_Insert(V("()"), 0, Py_None) == -1);
    done();
}

TEST(slices)
{
    PyObject *list = V("[iiiii]", 0, 1, 2, 3, 4);
    CHECK(repr_is(PyList_GetSlice(list, 1, 3), "[1, 2]"));
    CHECK(repr_is(PyList_GetSlice(list, -3, 2), "[0, 1]"));
    CHECK(repr_is(PyList_GetSlice(list, 4, 99), "[4]"));
    CHECK(repr_is(PyList_GetSlice(list, 3, 1), "[]"));
    CHECK(PyList_SetSlice(list, 1, 3, V("[ss]", "a", "b")) == 0);
    CHECK(shows(list, "[0, 'a', 'b', 3, 4]"));
    CHECK(PyList_SetSlice(list, 0, 0, V("(i)", 9)) == 0);
    CHECK(PyList_SetSlice(list, 5, 99, list) == 0);
    CHECK(shows(list, "[9, 0, 'a', 'b', 3, 9, 0, 'a', 'b', 3, 4]"));
    CHECK(PyList_SetSlice(list, 1, 10, NULL) == 0);
    CHECK(shows(list, "[9, 4]"));
    CHECK_RAISES(PyExc_TypeError, "can only assign an iterable",
                 PyList_SetSlice(list, 0, 1, L(1)) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyList_SetSlice(V("()"), 0, 0, NULL) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyList_GetSlice(V("()"), 0, 0) == NULL);
    done();
}

TEST(sort_and_reverse)
{
    PyObject *list = V("[iiiii]", 3, 1, 2, 5, 4);
    CHECK(PyList_Sort(list) == 0);
    CHECK(shows(list, "[1, 2, 3, 4, 5]"));
    CHECK(PyList_Reverse(list) == 0);
    CHECK(shows(list, "[5, 4, 3, 2, 1]"));
    PyObject *mixed = V("[idis]", 2, 1.5, 1, "x");
    CHECK_RAISES(PyExc_TypeError, "'<' not supported between instances of 'str' and 'int'",
                 PyList_Sort(mixed) == -1);
    CHECK(PyList_Size(mixed) == 4);
    PyObject *words = V("[ssss]", "pear", "fig", "apple", "kiwi");
    CHECK(is_none(PyObject_Call(keep(PyObject_GetAttrString(words, "sort")), V("()"),
                                V("{sOsO}", "key", BUILTIN("len"), "reverse", Py_True))));
    CHECK(shows(words, "['apple', 'pear', 'kiwi', 'fig']"));
    CHECK_RAISES(PyExc_SystemError, NULL, PyList_Sort(V("()")) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyList_Sort(NULL) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyList_Reverse(V("()")) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyList_Reverse(NULL) == -1);
    done();
}

static PyObject *victim;

static PyObject *append_meanwhile(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    if (PyList_Append(victim, Py_None) < 0) {
        return NULL;
    }
    return PyLong_FromLong(1);
}

static PyMethodDef meddler = {"meddler", append_meanwhile, METH_VARARGS, NULL};

TEST(changed_while_sorting)
{
    victim = V("[ii]", 2, 1);
    PyObject *sort = keep(PyObject_GetAttrString(victim, "sort"));
    PyObject *key = keep(PyCFunction_New(&meddler, NULL));
    CHECK_RAISES(PyExc_ValueError, "list modified during sort",
                 PyObject_Call(sort, V("()"), V("{sO}", "key", key)) == NULL);
    CHECK(shows(victim, "[2, 1]"));
    done();
}

TEST(as_tuple)
{
    CHECK(repr_is(PyList_AsTuple(V("[is]", 1, "a")), "(1, 'a')"));
    CHECK(repr_is(PyList_AsTuple(V("[]")), "()"));
    CHECK_RAISES(PyExc_SystemError, NULL, PyList_AsTuple(V("()")) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyList_AsTuple(NULL) == NULL);
    done();
}

TEST(protocols)
{
    PyObject *list = V("[iiii]", 0, 1, 2, 3);
    CHECK(repr_is(PyObject_GetItem(list, L(-1)), "3"));
    CHECK(PyObject_DelItem(list, L(0)) == 0);
    CHECK(PyObject_SetItem(list, keep(PySlice_New(NULL, NULL, L(2))), V("(ss)", "a", "b")) == 0);
    CHECK(shows(list, "['a', 2, 'b']"));
    CHECK_RAISES(PyExc_ValueError,
                 "attempt to assign sequence of size 1 to extended slice of size 2",
                 PyObject_SetItem(list, keep(PySlice_New(NULL, NULL, L(2))), V("(s)", "a"))
                     == -1);
    CHECK(repr_is(PySequence_Concat(list, V("[i]", 1)), "['a', 2, 'b', 1]"));
    CHECK(is_same(PySequence_InPlaceConcat(list, V("(i)", 5)), list));
    CHECK(is_same(PySequence_InPlaceRepeat(list, 2), list));
    CHECK(shows(list, "['a', 2, 'b', 5, 'a', 2, 'b', 5]"));
    CHECK_RAISES(PyExc_IndexError, "list index out of range",
                 PyObject_GetItem(list, L(100)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "list indices must be integers or slices, not str",
                 PyObject_GetItem(list, S("x")) == NULL);
    CHECK_RAISES(PyExc_TypeError, "can only concatenate list (not \"tuple\") to list",
                 PySequence_Concat(list, V("()")) == NULL);
    CHECK_RAISES(PyExc_TypeError, "unhashable type: 'list'", PyObject_Hash(list) == -1);
    CHECK_RAISES(PyExc_IndexError, "pop from empty list",
                 PyObject_CallMethod(V("[]"), "pop", NULL) == NULL);
    CHECK_RAISES(PyExc_ValueError, "list.remove(x): x not in list",
                 PyObject_CallMethod(V("[]"), "remove", "i", 1) == NULL);
    done();
}

TEST(holds_itself)
{
    PyObject *list = keep(PyList_New(0));
    CHECK(PyList_Append(list, list) == 0);
    CHECK(shows(list, "[[...]]"));
    CHECK(PyList_SetSlice(list, 0, 1, NULL) == 0);
    PyObject *cycle = PyList_New(0);
    CHECK(PyList_Append(cycle, cycle) == 0);
    Py_DECREF(cycle);
    CHECK(PyGC_Collect() >= 1);
    done();
}

TEST_MAIN(new_and_fill, set_item_steals_on_failure, get_item, append_and_insert, slices,
          sort_and_reverse, changed_while_sorting, as_tuple, protocols, holds_itself)
