/* boolobject.h: the two bools. */
#include "expect.h"

TEST(from_long)
{
    CHECK(is_same(PyBool_FromLong(0), Py_False));
    CHECK(is_same(PyBool_FromLong(1), Py_True));
    CHECK(is_same(PyBool_FromLong(-1), Py_True));
    CHECK(is_same(PyBool_FromLong(1L << 62), Py_True));
    done();
}

TEST(identity)
{
    CHECK(PyBool_Check(Py_True));
    CHECK(PyBool_Check(Py_False));
    CHECK(!PyBool_Check(L(1)));
    CHECK(PyLong_Check(Py_True));
    CHECK(!PyLong_CheckExact(Py_True));
#if TEST_API >= 0x030A0000
    CHECK(Py_IsTrue(Py_True) && !Py_IsTrue(Py_False) && !Py_IsTrue(L(1)));
    CHECK(Py_IsFalse(Py_False) && !Py_IsFalse(Py_True) && !Py_IsFalse(Py_None));
#endif
    done();
}

TEST(as_number)
{
    CHECK(PyLong_AsLong(Py_True) == 1);
    CHECK(PyLong_AsLong(Py_False) == 0);
    CHECK(repr_is(PyNumber_Add(Py_True, Py_True), "2"));
    CHECK(repr_is(PyNumber_And(Py_True, Py_False), "False"));
    CHECK(repr_is(PyNumber_Or(Py_True, Py_False), "True"));
    CHECK(repr_is(PyNumber_Xor(Py_True, Py_True), "False"));
    CHECK(repr_is(PyNumber_Xor(Py_True, L(1)), "0"));
    CHECK(repr_is(PyNumber_Negative(Py_True), "-1"));
    CHECK(repr_is(PyNumber_Positive(Py_True), "1"));
    CHECK(repr_is(PyNumber_Index(Py_True), "1"));
    CHECK(repr_is(PyNumber_Long(Py_True), "1"));
    CHECK(PyObject_Hash(Py_True) == 1);
    CHECK(PyObject_RichCompareBool(Py_True, L(1), Py_EQ) == 1);
    done();
}

TEST(constructor)
{
    PyObject *type = (PyObject *)&PyBool_Type;
    CHECK(is_same(PyObject_CallFunction(type, NULL), Py_False));
    CHECK(is_same(PyObject_CallFunction(type, "s", ""), Py_False));
    CHECK(is_same(PyObject_CallFunction(type, "s", "x"), Py_True));
    CHECK_RAISES(PyExc_TypeError, "bool expected at most 1 argument, got 2",
                 PyObject_CallFunction(type, "ii", 1, 2) == NULL);
    CHECK_RAISES(PyExc_TypeError, "type 'bool' is not an acceptable base type",
                 PyObject_CallFunction((PyObject *)&PyType_Type, "s(O){}", "X",
                                       type) == NULL);
    done();
}

TEST_MAIN(from_long, identity, as_number, constructor)
