/* tupleobject.h: tuples, and filling one that nobody has seen yet. */
#include "expect.h"

TEST(new_and_fill)
{
    PyObject *tuple = PyTuple_New(2);
    CHECK(PyTuple_GetItem(tuple, 0) == NULL && PyErr_Occurred() == NULL);
    CHECK(PyTuple_SetItem(tuple, 0, PyLong_FromLong(1)) == 0);
    CHECK(PyTuple_SetItem(tuple, 1, PyLong_FromLong(5000)) == 0);
    CHECK(PyTuple_SetItem(tuple, 1, PyUnicode_FromString("x")) == 0);
    CHECK(repr_is(tuple, "(1, 'x')"));
    CHECK(keep(PyTuple_New(0)) == keep(PyTuple_New(0)));
    CHECK_RAISES(PyExc_SystemError, NULL, PyTuple_New(-1) == NULL);
    CHECK_RAISES(PyExc_MemoryError, "", PyTuple_New(PY_SSIZE_T_MAX / 8) == NULL);
    done();
}

TEST(set_item_refuses)
{
    PyObject *shared = V("(ii)", 1, 2);
    Py_INCREF(shared);
    CHECK_RAISES(PyExc_SystemError, NULL,
                 PyTuple_SetItem(shared, 0, PyLong_FromLong(70000)) == -1);
    Py_DECREF(shared);
    CHECK(shows(shared, "(1, 2)"));
    PyObject *fresh = keep(PyTuple_New(1));
    CHECK_RAISES(PyExc_IndexError, "tuple assignment index out of range",
                 PyTuple_SetItem(fresh, 1, PyLong_FromLong(70000)) == -1);
    CHECK_RAISES(PyExc_IndexError, "tuple assignment index out of range",
                 PyTuple_SetItem(fresh, -1, PyLong_FromLong(70000)) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL,
                 PyTuple_SetItem(V("[i]", 1), 0, PyLong_FromLong(70000)) == -1);
    /* CRASHES PyTuple_SetItem(NULL, 0, x) */
    done();
}

TEST(get_item)
{
    PyObject *tuple = V("(isO)", 1, "b", Py_None);
    CHECK(shows(PyTuple_GetItem(tuple, 1), "'b'"));
    CHECK(PyTuple_GetItem(tuple, 2) == Py_None);
    CHECK(PyTuple_Size(tuple) == 3);
    CHECK_RAISES(PyExc_IndexError, "tuple index out of range", PyTuple_GetItem(tuple, 3) == NULL);
    CHECK_RAISES(PyExc_IndexError, "tuple index out of range", PyTuple_GetItem(tuple, -1) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyTuple_GetItem(V("[i]", 1), 0) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyTuple_Size(V("[i]", 1)) == -1);
    done();
}

TEST(get_slice)
{
    PyObject *tuple = V("(iiii)", 0, 1, 2, 3);
    CHECK(repr_is(PyTuple_GetSlice(tuple, 1, 3), "(1, 2)"));
    CHECK(repr_is(PyTuple_GetSlice(tuple, -9, 1), "(0,)"));
    CHECK(repr_is(PyTuple_GetSlice(tuple, 3, 99), "(3,)"));
    CHECK(repr_is(PyTuple_GetSlice(tuple, 3, 1), "()"));
    CHECK(is_same(PyTuple_GetSlice(tuple, 0, 4), tuple));
    CHECK_RAISES(PyExc_SystemError, NULL, PyTuple_GetSlice(V("[i]", 1), 0, 1) == NULL);
    done();
}

TEST(pack)
{
    PyObject *big = L(123456);
    PyObject *tuple = keep(PyTuple_Pack(3, big, Py_None, big));
    CHECK(shows(tuple, "(123456, None, 123456)"));
    CHECK(PyTuple_GetItem(tuple, 0) == big);
    CHECK(repr_is(PyTuple_Pack(0), "()"));
    CHECK(repr_is(PyTuple_Pack(1, tuple), "((123456, None, 123456),)"));
    done();
}

TEST(checks)
{
    PyObject *sub = new_class("Sub", (PyObject *)&PyTuple_Type);
    PyObject *instance = keep(PyObject_CallFunction(sub, "((ii))", 1, 2));
    CHECK(PyTuple_Check(instance) && !PyTuple_CheckExact(instance));
    CHECK(PyTuple_Check(V("()")) && PyTuple_CheckExact(V("()")) && !PyTuple_Check(V("[]")));
    CHECK(shows(instance, "(1, 2)"));
    CHECK(PyTuple_Size(instance) == 2);
    CHECK(repr_is(PyTuple_GetSlice(instance, 0, 2), "(1, 2)"));
    done();
}

TEST(protocols)
{
    PyObject *tuple = V("(iii)", 3, 1, 2);
    CHECK(repr_is(PySequence_Concat(tuple, V("(i)", 4)), "(3, 1, 2, 4)"));
    CHECK(repr_is(PySequence_Repeat(V("(i)", 1), 3), "(1, 1, 1)"));
    CHECK(repr_is(PyObject_GetItem(tuple, L(-1)), "2"));
    CHECK(repr_is(PyObject_GetItem(tuple, keep(PySlice_New(NULL, NULL, L(-1)))), "(2, 1, 3)"));
    CHECK(PySequence_Count(tuple, L(1)) == 1 && PySequence_Index(tuple, L(2)) == 2);
    CHECK(PyObject_RichCompareBool(tuple, V("(ii)", 3, 2), Py_LT) == 1);
    CHECK(PyObject_Hash(V("()")) == PyObject_Hash(V("()")));
    CHECK(PyObject_Hash(V("(iii)", 1, 2, 3)) == 529344067295497451);
    CHECK_RAISES(PyExc_TypeError, "unhashable type: 'list'", PyObject_Hash(V("([])")) == -1);
    CHECK_RAISES(PyExc_TypeError, "can only concatenate tuple (not \"list\") to tuple",
                 PySequence_Concat(tuple, V("[]")) == NULL);
    CHECK_RAISES(PyExc_TypeError, "'tuple' object does not support item assignment",
                 PySequence_SetItem(tuple, 0, Py_None) == -1);
    CHECK_RAISES(PyExc_TypeError, "tuple indices must be integers or slices, not str",
                 PyObject_GetItem(tuple, S("x")) == NULL);
    CHECK_RAISES(PyExc_ValueError, "tuple.index(x): x not in tuple",
                 PyObject_CallMethod(tuple, "index", "i", 9) == NULL);
    done();
}

TEST(holds_itself)
{
    PyObject *list = keep(PyList_New(0));
    PyObject *tuple = PyTuple_Pack(1, list);
    CHECK(PyList_Append(list, tuple) == 0);
    CHECK(shows(tuple, "([(...)],)"));
    Py_DECREF(tuple);
    CHECK(PyList_SetSlice(list, 0, 1, NULL) == 0);
    done();
}

TEST_MAIN(new_and_fill, set_item_refuses, get_item, get_slice, pack, checks, protocols,
          holds_itself)
