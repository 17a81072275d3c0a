/* abstract.h: PySequence_*, PyIter_*, and subscripts of any object. */
#include "expect.h"

TEST(checks)
{
    CHECK(PySequence_Check(V("[]")) && PySequence_Check(S("x")) && !PySequence_Check(V("{}")));
    CHECK(!PySequence_Check(L(1)) && !PySequence_Check(keep(PySet_New(NULL))));
    done();
}

TEST(sizes)
{
    CHECK(PySequence_Size(V("[ii]", 1, 2)) == 2 && PyObject_Size(V("{}")) == 0);
    CHECK(PySequence_Length(S("\u20ac")) == 1 && PyObject_Length(B("ab")) == 2);
    CHECK_RAISES(PyExc_TypeError, "object of type 'int' has no len()", PyObject_Size(L(1)) == -1);
    CHECK_RAISES(PyExc_TypeError, "object of type 'int' has no len()", PySequence_Size(L(1)) == -1);
    CHECK_RAISES(PyExc_TypeError, "dict is not a sequence", PySequence_Size(V("{}")) == -1);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine",
                 PySequence_Size(NULL) == -1);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine", PyObject_Size(NULL) == -1);
    done();
}

TEST(get_item)
{
    PyObject *list = V("[iii]", 1, 2, 3);
    CHECK(repr_is(PySequence_GetItem(list, 0), "1") && repr_is(PySequence_GetItem(list, -1), "3"));
    CHECK_RAISES(PyExc_IndexError, "list index out of range", PySequence_GetItem(list, 3) == NULL);
    CHECK_RAISES(PyExc_IndexError, "list index out of range", PySequence_GetItem(list, -4) == NULL);
    CHECK_RAISES(PyExc_IndexError, "string index out of range",
                 PySequence_GetItem(S(""), 0) == NULL);
    CHECK_RAISES(PyExc_IndexError, "index out of range", PySequence_GetItem(B(""), 0) == NULL);
    CHECK_RAISES(PyExc_TypeError, "'int' object does not support indexing",
                 PySequence_GetItem(L(1), 0) == NULL);
    CHECK_RAISES(PyExc_TypeError, "dict is not a sequence",
                 PySequence_GetItem(V("{}"), 0) == NULL);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine",
                 PySequence_GetItem(NULL, 0) == NULL);
    done();
}

TEST(set_and_delete_item)
{
    PyObject *list = V("[iii]", 1, 2, 3);
    CHECK(PySequence_SetItem(list, -1, S("x")) == 0 && PySequence_DelItem(list, 0) == 0);
    CHECK(shows(list, "[2, 'x']"));
    CHECK_RAISES(PyExc_IndexError, "list assignment index out of range",
                 PySequence_SetItem(list, 5, Py_None) == -1);
    CHECK_RAISES(PyExc_IndexError, "list assignment index out of range",
                 PySequence_DelItem(list, 5) == -1);
    CHECK_RAISES(PyExc_TypeError, "'tuple' object does not support item assignment",
                 PySequence_SetItem(V("(i)", 1), 0, Py_None) == -1);
    CHECK_RAISES(PyExc_TypeError, "'tuple' object doesn't support item deletion",
                 PySequence_DelItem(V("(i)", 1), 0) == -1);
    CHECK_RAISES(PyExc_TypeError, "dict is not a sequence",
                 PySequence_SetItem(V("{}"), 0, Py_None) == -1);
    done();
}

TEST(slices)
{
    PyObject *list = V("[iiii]", 0, 1, 2, 3);
    CHECK(repr_is(PySequence_GetSlice(list, 1, 3), "[1, 2]"));
    CHECK(repr_is(PySequence_GetSlice(list, -2, PY_SSIZE_T_MAX), "[2, 3]"));
    CHECK(repr_is(PySequence_GetSlice(S("abcd"), -3, -1), "'bc'"));
    CHECK(PySequence_SetSlice(list, 1, 3, V("(s)", "x")) == 0 && shows(list, "[0, 'x', 3]"));
    CHECK(PySequence_DelSlice(list, 0, 2) == 0 && shows(list, "[3]"));
    CHECK_RAISES(PyExc_TypeError, "'int' object is unsliceable",
                 PySequence_GetSlice(L(1), 0, 1) == NULL);
    CHECK_RAISES(PyExc_TypeError, "'tuple' object doesn't support slice assignment",
                 PySequence_SetSlice(V("()"), 0, 1, V("()")) == -1);
    CHECK_RAISES(PyExc_TypeError, "'int' object doesn't support slice assignment",
                 PySequence_SetSlice(L(1), 0, 1, V("()")) == -1);
    CHECK_RAISES(PyExc_TypeError, "'int' object doesn't support slice deletion",
                 PySequence_DelSlice(L(1), 0, 1) == -1);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine",
                 PySequence_GetSlice(NULL, 0, 1) == NULL);
    done();
}

TEST(concat_and_repeat)
{
    PyObject *list = V("[i]", 1);
    CHECK(repr_is(PySequence_Concat(list, V("[i]", 2)), "[1, 2]"));
    CHECK(repr_is(PySequence_Repeat(S("ab"), 2), "'abab'"));
    CHECK(is_same(PySequence_InPlaceConcat(list, V("(i)", 2)), list));
    CHECK(is_same(PySequence_InPlaceRepeat(list, 2), list) && shows(list, "[1, 2, 1, 2]"));
    CHECK(repr_is(PySequence_InPlaceRepeat(V("(i)", 1), 2), "(1, 1)"));
    CHECK_RAISES(PyExc_TypeError, "'int' object can't be concatenated",
                 PySequence_Concat(L(1), V("[]")) == NULL);
    CHECK_RAISES(PyExc_TypeError, "'int' object can't be repeated",
                 PySequence_Repeat(L(1), 2) == NULL);
    CHECK_RAISES(PyExc_TypeError, "'int' object can't be concatenated",
                 PySequence_InPlaceConcat(L(1), V("[]")) == NULL);
    CHECK_RAISES(PyExc_TypeError, "'int' object can't be repeated",
                 PySequence_InPlaceRepeat(L(1), 2) == NULL);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine",
                 PySequence_Concat(NULL, list) == NULL);
    done();
}

TEST(searches)
{
    PyObject *list = V("[iiis]", 1, 2, 1, "x");
    CHECK(PySequence_Count(list, L(1)) == 2 && PySequence_Index(list, S("x")) == 3);
    CHECK(PySequence_Contains(list, F(2)) == 1 && PySequence_Contains(list, L(9)) == 0);
    CHECK(PySequence_In(V("{si}", "a", 1), S("a")) == 1);
    CHECK(PySequence_Contains(keep(PyObject_GetIter(list)), L(2)) == 1);
    CHECK_RAISES(PyExc_ValueError, "sequence.index(x): x not in sequence",
                 PySequence_Index(list, L(9)) == -1);
    CHECK_RAISES(PyExc_TypeError, "argument of type 'int' is not a container or iterable",
                 PySequence_Contains(L(1), L(1)) == -1);
    CHECK_RAISES(PyExc_TypeError, "argument of type 'int' is not iterable",
                 PySequence_Count(L(1), L(1)) == -1);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine",
                 PySequence_Count(NULL, L(1)) == -1);
    done();
}

TEST(to_list_and_tuple)
{
    CHECK(repr_is(PySequence_List(S("ab")), "['a', 'b']"));
    CHECK(repr_is(PySequence_Tuple(V("[ii]", 1, 2)), "(1, 2)"));
    CHECK(repr_is(PySequence_Tuple(V("{si}", "a", 1)), "('a',)"));
    PyObject *tuple = V("(i)", 1), *list = V("[i]", 1);
    CHECK(is_same(PySequence_Tuple(tuple), tuple));
    CHECK(repr_is(PySequence_List(list), "[1]"));
    CHECK(is_same(PySequence_Fast(list, "no"), list) && is_same(PySequence_Fast(tuple, "no"), tuple));
    CHECK(repr_is(PySequence_Fast(S("ab"), "no"), "['a', 'b']"));
    CHECK_RAISES(PyExc_TypeError, "no such thing", PySequence_Fast(L(1), "no such thing") == NULL);
    CHECK_RAISES(PyExc_TypeError, "'int' object is not iterable", PySequence_List(L(1)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "'int' object is not iterable", PySequence_Tuple(L(1)) == NULL);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine",
                 PySequence_Tuple(NULL) == NULL);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine",
                 PySequence_Fast(NULL, "no") == NULL);
    done();
}

static PyObject *always_zero(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    PyErr_SetString(PyExc_ZeroDivisionError, "in next");
    return NULL;
}

static PyMethodDef failing_next = {"__next__", always_zero, METH_VARARGS, NULL};

TEST(iteration)
{
    PyObject *iterator = keep(PyObject_GetIter(V("[ii]", 1, 2)));
    CHECK(is_same(PyObject_GetIter(iterator), iterator));
    CHECK(repr_is(PyIter_Next(iterator), "1") && repr_is(PyIter_Next(iterator), "2"));
    CHECK(PyIter_Next(iterator) == NULL && PyErr_Occurred() == NULL);
    CHECK(PyIter_Next(iterator) == NULL && PyErr_Occurred() == NULL);
    CHECK_RAISES(PyExc_TypeError, "'int' object is not iterable", PyObject_GetIter(L(1)) == NULL);
    PyObject *odd = instance_with(&failing_next);
    CHECK_RAISES(PyExc_ZeroDivisionError, "in next", PyIter_Next(odd) == NULL);
#if TEST_API >= 0x03080000
    CHECK(PyIter_Check(iterator) && !PyIter_Check(V("[]")) && PyIter_Check(odd));
#endif
    done();
}

TEST(next_item_and_send)
{
#if TEST_API >= 0x030E0000
    PyObject *iterator = keep(PyObject_GetIter(V("[i]", 1))), *item = NULL;
    CHECK(PyIter_NextItem(iterator, &item) == 1 && repr_is(item, "1"));
    CHECK(PyIter_NextItem(iterator, &item) == 0 && item == NULL);
    CHECK_RAISES(PyExc_TypeError, "expected an iterator, got 'int'",
                 PyIter_NextItem(L(1), &item) == -1 && item == NULL);
    CHECK_RAISES(PyExc_ZeroDivisionError, "in next",
                 PyIter_NextItem(instance_with(&failing_next), &item) == -1 && item == NULL);
    iterator = keep(PyObject_GetIter(V("[i]", 1)));
    CHECK(PyIter_Send(iterator, Py_None, &item) == PYGEN_NEXT && repr_is(item, "1"));
    CHECK(PyIter_Send(iterator, Py_None, &item) == PYGEN_RETURN && is_none(item));
    CHECK_RAISES(PyExc_AttributeError, "'list_iterator' object has no attribute 'send'",
                 PyIter_Send(iterator, L(1), &item) == PYGEN_ERROR && item == NULL);
    CHECK(!PyAIter_Check(iterator));
    CHECK_RAISES(PyExc_TypeError, "'list_iterator' object is not an async iterable",
                 PyObject_GetAIter(iterator) == NULL);
    done();
#else
    SKIP("needs 3.14");
#endif
}

TEST(subscripts)
{
    PyObject *dict = V("{si}", "a", 1), *list = V("[ii]", 1, 2);
    CHECK(repr_is(PyObject_GetItem(dict, S("a")), "1") && repr_is(PyObject_GetItem(list, L(1)), "2"));
    CHECK(PyObject_SetItem(dict, S("b"), L(2)) == 0 && PyObject_DelItem(dict, S("a")) == 0);
    CHECK(PyObject_DelItemString(dict, "b") == 0 && shows(dict, "{}"));
    CHECK_RAISES(PyExc_KeyError, "'a'", PyObject_GetItem(dict, S("a")) == NULL);
    CHECK_RAISES(PyExc_TypeError, "'int' object is not subscriptable",
                 PyObject_GetItem(L(1), L(1)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "'int' object does not support item assignment",
                 PyObject_SetItem(L(1), L(1), L(1)) == -1);
    CHECK_RAISES(PyExc_TypeError, "'int' object does not support item deletion",
                 PyObject_DelItem(L(1), L(1)) == -1);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine",
                 PyObject_GetItem(NULL, L(1)) == NULL);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine",
                 PyObject_GetItem(L(1), NULL) == NULL);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine",
                 PyObject_SetItem(dict, S("a"), NULL) == -1);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine",
                 PyObject_DelItem(dict, NULL) == -1);
    CHECK_RAISES(PyExc_TypeError, "type 'int' is not subscriptable",
                 PyObject_GetItem((PyObject *)&PyLong_Type, L(1)) == NULL);
    CHECK(repr_is(PyObject_GetItem((PyObject *)&PyList_Type, (PyObject *)&PyLong_Type),
                  "list[int]"));
    done();
}

TEST_MAIN(checks, sizes, get_item, set_and_delete_item, slices, concat_and_repeat, searches,
          to_list_and_tuple, iteration, next_item_and_send, subscripts)
