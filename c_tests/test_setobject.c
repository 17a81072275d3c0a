/* setobject.h: set and frozenset. */
#include "expect.h"

#define UNHASHABLE "cannot use 'list' as a set element (unhashable type: 'list')"

TEST(construct)
{
    CHECK(repr_is(PySet_New(NULL), "set()"));
    CHECK(repr_is(PyFrozenSet_New(NULL), "frozenset()"));
    CHECK(repr_is(PySet_New(V("[iii]", 1, 2, 1)), "{1, 2}"));
    CHECK(repr_is(PyFrozenSet_New(V("(i)", 1)), "frozenset({1})"));
    PyObject *frozen = keep(PyFrozenSet_New(V("(i)", 1)));
    CHECK(is_same(PyObject_CallFunctionObjArgs((PyObject *)&PyFrozenSet_Type, frozen, NULL),
                  frozen));
    CHECK_RAISES(PyExc_TypeError, "'int' object is not iterable", PySet_New(L(1)) == NULL);
    CHECK_RAISES(PyExc_TypeError, UNHASHABLE, PySet_New(V("[[]]")) == NULL);
    CHECK_RAISES(PyExc_TypeError, UNHASHABLE, PyFrozenSet_New(V("[[]]")) == NULL);
    done();
}

TEST(add_and_contains)
{
    PyObject *set = keep(PySet_New(NULL));
    CHECK(PySet_Add(set, L(1)) == 0 && PySet_Add(set, L(1)) == 0 && PySet_Size(set) == 1);
    CHECK(PySet_Contains(set, F(1.0)) == 1 && PySet_Contains(set, L(2)) == 0);
    CHECK(PySet_Contains(keep(PyFrozenSet_New(set)), L(1)) == 1);
    CHECK_RAISES(PyExc_TypeError, UNHASHABLE, PySet_Add(set, V("[]")) == -1);
    CHECK_RAISES(PyExc_TypeError, UNHASHABLE, PySet_Contains(set, V("[]")) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PySet_Add(V("[]"), L(1)) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PySet_Contains(V("[]"), L(1)) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PySet_Size(V("[]")) == -1);
    done();
}

TEST(fill_a_new_frozenset)
{
    PyObject *frozen = PyFrozenSet_New(V("(i)", 1));
    CHECK(PySet_Add(frozen, L(2)) == 0);
    CHECK(repr_is(frozen, "frozenset({1, 2})"));
    PyObject *shared = keep(PyFrozenSet_New(V("(i)", 3)));
    Py_INCREF(shared);
    CHECK_RAISES(PyExc_SystemError, NULL, PySet_Add(shared, L(4)) == -1);
    Py_DECREF(shared);
    done();
}

TEST(remove_item)
{
    PyObject *set = keep(PySet_New(V("[ii]", 1, 2)));
    CHECK(PySet_Discard(set, L(1)) == 1 && PySet_Discard(set, L(1)) == 0);
    CHECK(repr_is(PySet_Pop(set), "2"));
    CHECK_RAISES(PyExc_KeyError, "'pop from an empty set'", PySet_Pop(set) == NULL);
    CHECK(PySet_Add(set, L(3)) == 0 && PySet_Clear(set) == 0 && PySet_Size(set) == 0);
    PyObject *frozen = keep(PyFrozenSet_New(NULL));
    CHECK_RAISES(PyExc_TypeError, UNHASHABLE, PySet_Discard(set, V("[]")) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PySet_Discard(frozen, L(1)) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PySet_Pop(frozen) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PySet_Clear(frozen) == -1);
    done();
}

TEST(checks)
{
    PyObject *set = keep(PySet_New(NULL));
    PyObject *frozen = keep(PyFrozenSet_New(NULL));
    CHECK(PySet_Check(set) && !PySet_Check(frozen));
    CHECK(PyFrozenSet_Check(frozen) && PyFrozenSet_CheckExact(frozen) && !PyFrozenSet_Check(set));
    CHECK(PyAnySet_Check(set) && PyAnySet_Check(frozen) && PyAnySet_CheckExact(set));
    CHECK(!PyAnySet_Check(V("[]")));
    done();
}

TEST(operators)
{
    PyObject *a = keep(PySet_New(V("[iii]", 1, 2, 3)));
    PyObject *b = keep(PyFrozenSet_New(V("[ii]", 3, 4)));
    CHECK(repr_is(PyNumber_Or(a, b), "{1, 2, 3, 4}"));
    CHECK(repr_is(PyNumber_And(a, b), "{3}"));
    CHECK(repr_is(PyNumber_And(b, a), "frozenset({3})"));
    CHECK(repr_is(PyNumber_Subtract(a, b), "{1, 2}"));
    CHECK(repr_is(PyNumber_Xor(a, b), "{1, 2, 4}"));
    CHECK(is_same(PyNumber_InPlaceOr(a, b), a));
    CHECK(PyObject_RichCompareBool(b, a, Py_LT) == 1);
    CHECK(PyObject_RichCompareBool(a, b, Py_GE) == 1);
    CHECK_RAISES(PyExc_TypeError, "unsupported operand type(s) for |: 'set' and 'list'",
                 PyNumber_Or(a, V("[]")) == NULL);
    CHECK_RAISES(PyExc_TypeError, "unhashable type: 'set'", PyObject_Hash(a) == -1);
    CHECK(PyObject_Hash(b) == PyObject_Hash(keep(PyFrozenSet_New(V("[ii]", 4, 3)))));
    CHECK(repr_is(PyObject_CallMethod(a, "issuperset", "([i])", 1), "True"));
    CHECK_RAISES(PyExc_KeyError, "9", PyObject_CallMethod(a, "remove", "i", 9) == NULL);
    done();
}

TEST(changed_while_iterating)
{
    PyObject *set = keep(PySet_New(V("[ii]", 1, 2)));
    PyObject *iterator = keep(PyObject_GetIter(set));
    CHECK(repr_is(PyIter_Next(iterator), "1"));
    CHECK(PySet_Add(set, L(9)) == 0);
    CHECK_RAISES(PyExc_RuntimeError, "Set changed size during iteration",
                 PyIter_Next(iterator) == NULL);
    done();
}

TEST(set_in_set_lookup)
{
    PyObject *outer = keep(PySet_New(NULL));
    CHECK(PySet_Add(outer, keep(PyFrozenSet_New(V("[i]", 1)))) == 0);
    CHECK(PySet_Contains(outer, keep(PySet_New(V("[i]", 1)))) == -1
          && PyErr_ExceptionMatches(PyExc_TypeError));
    PyErr_Clear();
    CHECK(PySequence_Contains(outer, keep(PySet_New(V("[i]", 1)))) == 1);
    done();
}

TEST_MAIN(construct, add_and_contains, fill_a_new_frozenset, remove_item, checks, operators,
          changed_while_iterating, set_in_set_lookup)
