/* abstract.h: PyMapping_*, instance checks and PyObject_Format. */
#include "expect.h"

static PyObject *zero(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    PyErr_SetString(PyExc_ZeroDivisionError, "on purpose");
    return NULL;
}

static PyObject *say_yes(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    return PyBool_FromLong(1);
}

static PyMethodDef instance_check = {"__instancecheck__", say_yes, METH_VARARGS, NULL};
static PyMethodDef failing_format = {"__format__", zero, METH_VARARGS, NULL};

TEST(checks_and_size)
{
    CHECK(PyMapping_Check(V("{}")) && PyMapping_Check(V("[]")) && PyMapping_Check(S("")));
    CHECK(!PyMapping_Check(L(1)) && !PyMapping_Check(NULL));
    CHECK(PyMapping_Size(V("{si}", "a", 1)) == 1 && PyMapping_Length(V("{}")) == 0);
    CHECK_RAISES(PyExc_TypeError, "object of type 'int' has no len()", PyMapping_Size(L(1)) == -1);
    CHECK_RAISES(PyExc_TypeError, "set is not a mapping", PyMapping_Size(keep(PySet_New(NULL))) == -1);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine", PyMapping_Size(NULL) == -1);
    done();
}

TEST(keys)
{
    PyObject *dict = V("{si}", "a", 1);
    CHECK(PyMapping_HasKey(dict, S("a")) == 1 && PyMapping_HasKey(dict, S("b")) == 0);
    CHECK(PyMapping_HasKeyString(dict, "a") == 1 && PyMapping_HasKeyString(dict, "b") == 0);
    CHECK(repr_is(PyMapping_GetItemString(dict, "a"), "1"));
    CHECK(PyMapping_SetItemString(dict, "b", L(2)) == 0);
    CHECK(PyMapping_DelItemString(dict, "a") == 0 && PyMapping_DelItem(dict, S("b")) == 0);
    CHECK(shows(dict, "{}"));
    CHECK_RAISES(PyExc_KeyError, "'a'", PyMapping_GetItemString(dict, "a") == NULL);
    CHECK_RAISES(PyExc_KeyError, "'a'", PyMapping_DelItemString(dict, "a") == -1);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine",
                 PyMapping_GetItemString(dict, NULL) == NULL);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine",
                 PyMapping_SetItemString(dict, NULL, Py_None) == -1);
    done();
}

#if TEST_API >= 0x030D0000
static PyMethodDef failing_getitem = {"__getitem__", zero, METH_VARARGS, NULL};
#endif

TEST(keys_with_errors)
{
#if TEST_API >= 0x030D0000
    PyObject *dict = V("{si}", "a", 1), *odd = instance_with(&failing_getitem), *out = Py_None;
    CHECK(PyMapping_HasKeyWithError(dict, S("a")) == 1);
    CHECK(PyMapping_HasKeyStringWithError(dict, "b") == 0);
    CHECK_RAISES(PyExc_ZeroDivisionError, "on purpose",
                 PyMapping_HasKeyWithError(odd, S("a")) == -1);
    CHECK_RAISES(PyExc_ZeroDivisionError, "on purpose",
                 PyMapping_HasKeyStringWithError(odd, "a") == -1);
    CHECK(PyMapping_GetOptionalItem(dict, S("a"), &out) == 1 && repr_is(out, "1"));
    CHECK(PyMapping_GetOptionalItem(dict, S("b"), &out) == 0 && out == NULL);
    CHECK(PyMapping_GetOptionalItemString(dict, "a", &out) == 1 && repr_is(out, "1"));
    CHECK(PyMapping_GetOptionalItemString(dict, "b", &out) == 0 && out == NULL);
    CHECK_RAISES(PyExc_ZeroDivisionError, "on purpose",
                 PyMapping_GetOptionalItem(odd, S("a"), &out) == -1 && out == NULL);
    CHECK_RAISES(PyExc_TypeError, "'int' object is not subscriptable",
                 PyMapping_GetOptionalItem(L(1), S("a"), &out) == -1 && out == NULL);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine",
                 PyMapping_GetOptionalItemString(dict, NULL, &out) == -1);
    done();
#else
    SKIP("needs 3.13");
#endif
}

TEST(lists)
{
    PyObject *dict = V("{sisi}", "a", 1, "b", 2);
    CHECK(repr_is(PyMapping_Keys(dict), "['a', 'b']") && repr_is(PyMapping_Values(dict), "[1, 2]"));
    CHECK(repr_is(PyMapping_Items(dict), "[('a', 1), ('b', 2)]"));
    PyObject *proxy = keep(PyDictProxy_New(dict));
    CHECK(repr_is(PyMapping_Keys(proxy), "['a', 'b']"));
    CHECK_RAISES(PyExc_AttributeError, "'list' object has no attribute 'keys'",
                 PyMapping_Keys(V("[]")) == NULL);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine",
                 PyMapping_Keys(NULL) == NULL);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine",
                 PyMapping_Items(NULL) == NULL);
    done();
}

TEST(instances)
{
    PyObject *number = (PyObject *)&PyLong_Type, *text = (PyObject *)&PyUnicode_Type;
    CHECK(PyObject_IsInstance(L(1), number) == 1 && PyObject_IsInstance(Py_True, number) == 1);
    CHECK(PyObject_IsInstance(L(1), text) == 0);
    CHECK(PyObject_IsInstance(L(1), V("(O(O))", text, number)) == 1);
    CHECK(PyObject_IsInstance(L(1), V("()")) == 0);
    CHECK(PyObject_IsSubclass((PyObject *)&PyBool_Type, number) == 1);
    CHECK(PyObject_IsSubclass(number, V("(OO)", text, (PyObject *)&PyBaseObject_Type)) == 1);
    CHECK(PyObject_IsSubclass(number, text) == 0);
    CHECK_RAISES(PyExc_TypeError, "isinstance() arg 2 must be a type, a tuple of types, or a union",
                 PyObject_IsInstance(L(1), L(1)) == -1);
    CHECK_RAISES(PyExc_TypeError, "issubclass() arg 1 must be a class",
                 PyObject_IsSubclass(L(1), number) == -1);
    CHECK_RAISES(PyExc_TypeError,
                 "issubclass() arg 2 must be a class, a tuple of classes, or a union",
                 PyObject_IsSubclass(number, L(1)) == -1);
    CHECK(PyObject_IsInstance(L(1), instance_with(&instance_check)) == 1);
    done();
}

TEST(instances_of_a_union)
{
    PyObject *either = keep(PyNumber_Or((PyObject *)&PyLong_Type, (PyObject *)&PyUnicode_Type));
    CHECK(either != NULL && PyObject_IsInstance(L(1), either) == 1);
    done();
}

TEST(format)
{
    CHECK(text_is(PyObject_Format(L(255), NULL), "255"));
    CHECK(text_is(PyObject_Format(L(255), S("")), "255"));
    CHECK(text_is(PyObject_Format(L(255), S("#x")), "0xff"));
    CHECK(text_is(PyObject_Format(L(1234567), S(",d")), "1,234,567"));
    CHECK(text_is(PyObject_Format(L(-5), S("=+6")), "-    5"));
    CHECK(text_is(PyObject_Format(F(3.14159), S(".2f")), "3.14"));
    CHECK(text_is(PyObject_Format(F(0.25), S(".1%")), "25.0%"));
    CHECK(text_is(PyObject_Format(F(12345.678), S("12_.1e")), "     1.2e+04"));
    CHECK(text_is(PyObject_Format(S("abc"), S("*^7.2")), "**ab***"));
    CHECK(text_is(PyObject_Format(S("x"), S("\u20ac>3")), "\u20ac\u20acx"));
    CHECK(text_is(PyObject_Format(V("[]"), NULL), "[]"));
    CHECK_RAISES(PyExc_TypeError, "unsupported format string passed to list.__format__",
                 PyObject_Format(V("[]"), S("x")) == NULL);
    CHECK_RAISES(PyExc_ValueError, "Unknown format code 'q' for object of type 'int'",
                 PyObject_Format(L(1), S("q")) == NULL);
    CHECK_RAISES(PyExc_ValueError, "Sign not allowed in string format specifier",
                 PyObject_Format(S("x"), S("+")) == NULL);
    CHECK_RAISES(PyExc_ZeroDivisionError, "on purpose",
                 PyObject_Format(instance_with(&failing_format), NULL) == NULL);
    CHECK_RAISES(PyExc_SystemError, "Format specifier must be a string, not int",
                 PyObject_Format(L(1), L(1)) == NULL);
    done();
}

TEST_MAIN(checks_and_size, keys, keys_with_errors, lists, instances, instances_of_a_union, format)
