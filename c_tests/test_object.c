/* object.h: what works on any object: attributes, comparison, text, hash, truth. */
#include "expect.h"

static PyObject *plain(void)
{
    return keep(PyObject_CallObject(new_class("Plain", (PyObject *)&PyBaseObject_Type), NULL));
}

static PyObject *raise_zero(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    PyErr_SetString(PyExc_ZeroDivisionError, "on purpose");
    return NULL;
}

static PyObject *give_42(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    return PyLong_FromLong(42);
}

static PyMethodDef bad_repr = {"__repr__", give_42, METH_VARARGS, NULL};
static PyMethodDef bad_str = {"__str__", give_42, METH_VARARGS, NULL};
static PyMethodDef bad_bytes = {"__bytes__", give_42, METH_VARARGS, NULL};
static PyMethodDef raising_bool = {"__bool__", raise_zero, METH_VARARGS, NULL};
static PyMethodDef bad_bool = {"__bool__", give_42, METH_VARARGS, NULL};
static PyMethodDef bad_len = {"__len__", raise_zero, METH_VARARGS, NULL};
static PyMethodDef raising_eq = {"__eq__", raise_zero, METH_VARARGS, NULL};
static PyMethodDef good_hash = {"__hash__", give_42, METH_VARARGS, NULL};

TEST(attributes)
{
    PyObject *object = plain();
    PyObject *name = S("x");
    CHECK(PyObject_HasAttr(object, name) == 0 && PyObject_HasAttrString(object, "x") == 0);
    CHECK(PyObject_SetAttr(object, name, L(1)) == 0);
    CHECK(repr_is(PyObject_GetAttr(object, name), "1"));
    CHECK(PyObject_SetAttrString(object, "y", L(2)) == 0);
    CHECK(repr_is(PyObject_GetAttrString(object, "y"), "2"));
    CHECK(PyObject_HasAttr(object, name) == 1 && PyObject_HasAttrString(object, "y") == 1);
    CHECK(repr_is(PyObject_GetAttrString(object, "__dict__"), "{'x': 1, 'y': 2}"));
    CHECK(PyObject_DelAttr(object, name) == 0 && PyObject_DelAttrString(object, "y") == 0);
    CHECK_RAISES(PyExc_AttributeError, "'Plain' object has no attribute 'x'",
                 PyObject_GetAttr(object, name) == NULL);
    CHECK_RAISES(PyExc_AttributeError, "'Plain' object has no attribute 'x'",
                 PyObject_DelAttr(object, name) == -1);
    CHECK_RAISES(PyExc_AttributeError, "'int' object has no attribute 'q'",
                 PyObject_GetAttrString(L(1), "q") == NULL);
    CHECK_RAISES(PyExc_AttributeError,
                 "'int' object has no attribute 'q' and no __dict__ for setting new attributes",
                 PyObject_SetAttrString(L(1), "q", Py_None) == -1);
    CHECK_RAISES(PyExc_AttributeError, "'int' object attribute 'bit_length' is read-only",
                 PyObject_SetAttrString(L(1), "bit_length", Py_None) == -1);
    CHECK_RAISES(PyExc_TypeError, "attribute name must be string, not 'int'",
                 PyObject_GetAttr(object, L(1)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "attribute name must be string, not 'int'",
                 PyObject_SetAttr(object, L(1), L(1)) == -1);
    CHECK_RAISES(PyExc_AttributeError, "type object 'int' has no attribute 'q'",
                 PyObject_GetAttrString((PyObject *)&PyLong_Type, "q") == NULL);
    CHECK_RAISES(PyExc_TypeError, "cannot set 'q' attribute of immutable type 'int'",
                 PyObject_SetAttrString((PyObject *)&PyLong_Type, "q", Py_None) == -1);
    /* CRASHES PyObject_GetAttr(NULL, name), PyObject_GetAttr(object, NULL) */
    done();
}

#if TEST_API >= 0x030D0000
static PyMethodDef raising_getattr = {"__getattr__", raise_zero, METH_VARARGS, NULL};
#endif

TEST(optional_attributes)
{
#if TEST_API >= 0x030D0000
    PyObject *object = plain();
    PyObject *odd = instance_with(&raising_getattr);
    PyObject *out = Py_None;
    CHECK(PyObject_GetOptionalAttrString(object, "x", &out) == 0 && out == NULL);
    CHECK(PyObject_GetOptionalAttr(object, S("__class__"), &out) == 1);
    CHECK(is_same(out, (PyObject *)Py_TYPE(object)));
    CHECK(PyObject_HasAttrWithError(object, S("x")) == 0);
    CHECK(PyObject_HasAttrStringWithError(object, "__class__") == 1);
    CHECK_RAISES(PyExc_ZeroDivisionError, "on purpose",
                 PyObject_GetOptionalAttrString(odd, "x", &out) == -1 && out == NULL);
    CHECK_RAISES(PyExc_ZeroDivisionError, "on purpose",
                 PyObject_HasAttrStringWithError(odd, "x") == -1);
    CHECK_RAISES(PyExc_TypeError, "attribute name must be string, not 'int'",
                 PyObject_GetOptionalAttr(object, L(1), &out) == -1 && out == NULL);
    CHECK_RAISES(PyExc_TypeError, "attribute name must be string, not 'int'",
                 PyObject_HasAttrWithError(object, L(1)) == -1);
    done();
#else
    SKIP("needs 3.13");
#endif
}

TEST(generic_attributes)
{
    PyObject *object = plain();
    CHECK(PyObject_GenericSetAttr(object, S("x"), L(1)) == 0);
    CHECK(repr_is(PyObject_GenericGetAttr(object, S("x")), "1"));
    CHECK(PyObject_GenericSetAttr(object, S("x"), NULL) == 0);
    CHECK_RAISES(PyExc_AttributeError, "'Plain' object has no attribute 'x'",
                 PyObject_GenericGetAttr(object, S("x")) == NULL);
    CHECK_RAISES(PyExc_TypeError, "attribute name must be string, not 'int'",
                 PyObject_GenericGetAttr(object, L(1)) == NULL);
    CHECK(PyObject_GenericSetDict(object, V("{si}", "z", 3), NULL) == 0);
    CHECK(repr_is(PyObject_GetAttrString(object, "z"), "3"));
    CHECK_RAISES(PyExc_TypeError, "__dict__ must be set to a dictionary, not a 'list'",
                 PyObject_GenericSetDict(object, V("[]"), NULL) == -1);
    CHECK_RAISES(PyExc_TypeError, "cannot delete __dict__",
                 PyObject_GenericSetDict(object, NULL, NULL) == -1);
#if TEST_API >= 0x030A0000
    CHECK(repr_is(PyObject_GenericGetDict(object, NULL), "{'z': 3}"));
    CHECK_RAISES(PyExc_AttributeError, "This object has no __dict__",
                 PyObject_GenericGetDict(L(1), NULL) == NULL);
#endif
    done();
}

TEST(compare)
{
    CHECK(repr_is(PyObject_RichCompare(L(1), L(2), Py_LT), "True"));
    CHECK(repr_is(PyObject_RichCompare(L(1), L(2), Py_LE), "True"));
    CHECK(repr_is(PyObject_RichCompare(L(1), L(2), Py_EQ), "False"));
    CHECK(repr_is(PyObject_RichCompare(L(1), L(2), Py_NE), "True"));
    CHECK(repr_is(PyObject_RichCompare(L(1), L(2), Py_GT), "False"));
    CHECK(repr_is(PyObject_RichCompare(L(1), L(2), Py_GE), "False"));
    CHECK(repr_is(PyObject_RichCompare(L(1), S("x"), Py_EQ), "False"));
    CHECK(PyObject_RichCompareBool(L(1), F(1.0), Py_EQ) == 1);
    PyObject *nan = keep(PyFloat_FromString(S("nan")));
    CHECK(PyObject_RichCompareBool(nan, nan, Py_EQ) == 1);
    CHECK(PyObject_RichCompareBool(nan, nan, Py_NE) == 0);
    CHECK(repr_is(PyObject_RichCompare(nan, nan, Py_EQ), "False"));
    static const char *const ops[] = {"<", "<=", NULL, NULL, ">", ">="};
    for (int op = 0; op < 6; op++) {
        char message[90];
        if (ops[op] != NULL) {
            snprintf(message, sizeof message,
                     "'%s' not supported between instances of 'int' and 'str'", ops[op]);
            CHECK_RAISES(PyExc_TypeError, message,
                         PyObject_RichCompare(L(1), S("x"), op) == NULL);
        }
    }
    PyObject *odd = instance_with(&raising_eq);
    CHECK(PyObject_RichCompareBool(odd, odd, Py_EQ) == 1);
    CHECK_RAISES(PyExc_ZeroDivisionError, "on purpose",
                 PyObject_RichCompareBool(odd, L(1), Py_EQ) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyObject_RichCompare(NULL, L(1), Py_EQ) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyObject_RichCompare(L(1), NULL, Py_EQ) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyObject_RichCompareBool(NULL, L(1), Py_EQ) == -1);
    done();
}

TEST(texts)
{
    CHECK(text_is(PyObject_Repr(NULL), "<NULL>"));
    CHECK(text_is(PyObject_Str(NULL), "<NULL>"));
    CHECK(text_is(PyObject_ASCII(NULL), "<NULL>"));
    CHECK(repr_is(PyObject_Bytes(NULL), "b'<NULL>'"));
    CHECK(text_is(PyObject_Repr(S("\u00e9")), "'\u00e9'"));
    CHECK(text_is(PyObject_ASCII(S("\u00e9\u20ac\U0001f600")), "'\\xe9\\u20ac\\U0001f600'"));
    PyObject *text = S("abc");
    CHECK(is_same(PyObject_Str(text), text));
    CHECK(text_is(PyObject_Str(V("[s]", "a")), "['a']"));
    CHECK(repr_is(PyObject_Bytes(V("[i]", 65)), "b'A'"));
    CHECK_RAISES(PyExc_TypeError, "cannot convert 'int' object to bytes",
                 PyObject_Bytes(L(1)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "cannot convert 'str' object to bytes",
                 PyObject_Bytes(text) == NULL);
    CHECK_RAISES(PyExc_TypeError, "tests.C.__repr__() must return a str, not int",
                 PyObject_Repr(instance_with(&bad_repr)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "tests.C.__str__() must return a str, not int",
                 PyObject_Str(instance_with(&bad_str)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "tests.C.__bytes__() must return a bytes, not int",
                 PyObject_Bytes(instance_with(&bad_bytes)) == NULL);
    char want[90];
    PyObject *object = plain();
    snprintf(want, sizeof want, "<tests.Plain object at %p>", (void *)object);
    CHECK(shows(object, want));
    CHECK(shows((PyObject *)Py_TYPE(object), "<class 'tests.Plain'>"));
    done();
}

TEST(hash)
{
    CHECK(PyObject_Hash(L(5)) == 5 && PyObject_Hash(L(-1)) == -2);
    CHECK(PyObject_Hash(L(2305843009213693951)) == 0);
    CHECK(PyObject_Hash(L(2305843009213693952)) == 1);
    CHECK(PyObject_Hash(S("")) == 0 && PyObject_Hash(B("")) == 0);
    CHECK(PyObject_Hash(S("abc")) == PyObject_Hash(B("abc")));
    CHECK(PyObject_Hash(instance_with(&good_hash)) == 42);
    CHECK_RAISES(PyExc_TypeError, "unhashable type: 'list'", PyObject_Hash(V("[]")) == -1);
    CHECK_RAISES(PyExc_TypeError, "unhashable type: 'int'",
                 PyObject_HashNotImplemented(L(1)) == -1);
    PyObject *equal_only = keep(PyObject_CallFunction(
        (PyObject *)&PyType_Type, "s(){sO}", "E", "__eq__", BUILTIN("isinstance")));
    CHECK_RAISES(PyExc_TypeError, "unhashable type: 'E'",
                 PyObject_Hash(keep(PyObject_CallObject(equal_only, NULL))) == -1);
    done();
}

TEST(truth)
{
    CHECK(PyObject_IsTrue(L(0)) == 0 && PyObject_IsTrue(L(-1)) == 1);
    CHECK(PyObject_IsTrue(Py_None) == 0 && PyObject_IsTrue(Py_True) == 1);
    CHECK(PyObject_IsTrue(S("")) == 0 && PyObject_IsTrue(V("[i]", 0)) == 1);
    CHECK(PyObject_IsTrue(F(-0.0)) == 0 && PyObject_IsTrue(plain()) == 1);
    CHECK(PyObject_Not(L(0)) == 1 && PyObject_Not(L(1)) == 0);
    CHECK_RAISES(PyExc_ZeroDivisionError, "on purpose",
                 PyObject_IsTrue(instance_with(&raising_bool)) == -1);
    CHECK_RAISES(PyExc_ZeroDivisionError, "on purpose",
                 PyObject_Not(instance_with(&raising_bool)) == -1);
    CHECK_RAISES(PyExc_ZeroDivisionError, "on purpose",
                 PyObject_IsTrue(instance_with(&bad_len)) == -1);
    CHECK_RAISES(PyExc_TypeError, "tests.C.__bool__() must return a bool, not int",
                 PyObject_IsTrue(instance_with(&bad_bool)) == -1);
    done();
}

TEST(dir)
{
    PyObject *object = plain();
    CHECK(PyObject_SetAttrString(object, "zebra", Py_None) == 0);
    PyObject *names = keep(PyObject_Dir(object));
    CHECK(PyList_Check(names) && PySequence_Contains(names, S("zebra")) == 1);
    CHECK(PySequence_Contains(names, S("__class__")) == 1);
    CHECK(PySequence_Contains(keep(PyObject_Dir(L(1))), S("bit_length")) == 1);
    done();
}

TEST(callable)
{
    CHECK(PyCallable_Check((PyObject *)&PyLong_Type) == 1);
    CHECK(PyCallable_Check(BUILTIN("len")) == 1);
    CHECK(PyCallable_Check(L(1)) == 0 && PyCallable_Check(NULL) == 0);
    done();
}

TEST(repr_enter)
{
    PyObject *list = V("[]");
    CHECK(Py_ReprEnter(list) == 0);
    CHECK(Py_ReprEnter(list) == 1);
    Py_ReprLeave(list);
    CHECK(Py_ReprEnter(list) == 0);
    Py_ReprLeave(list);
    done();
}

TEST(identity)
{
    PyObject *list = V("[]");
    CHECK(is_same(PyObject_SelfIter(list), list));
    CHECK(shows(Py_None, "None") && shows(Py_NotImplemented, "NotImplemented"));
#if TEST_API >= 0x030A0000
    CHECK(Py_Is(list, list) && !Py_Is(list, Py_None) && Py_IsNone(Py_None) && !Py_IsNone(list));
#endif
    CHECK_RAISES(PyExc_TypeError, "NotImplemented should not be used in a boolean context",
                 PyObject_IsTrue(Py_NotImplemented) == -1);
    done();
}

TEST(constants)
{
#if TEST_API >= 0x030D0000
    static const char *const texts[] = {"None", "False", "True", "Ellipsis", "NotImplemented",
                                        "0", "1", "''", "b''", "()"};
    for (unsigned int id = 0; id < 10; id++) {
        CHECK(repr_is(Py_GetConstant(id), texts[id]));
        CHECK(is_same(Py_GetConstant(id), Py_GetConstantBorrowed(id)));
    }
    CHECK(Py_GetConstantBorrowed(Py_CONSTANT_ZERO) == L(0));
    CHECK(Py_GetConstantBorrowed(Py_CONSTANT_EMPTY_TUPLE) == V("()"));
    CHECK_RAISES(PyExc_SystemError, NULL, Py_GetConstant(10) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, Py_GetConstantBorrowed(99) == NULL);
    done();
#else
    SKIP("needs 3.13");
#endif
}

TEST_MAIN(attributes, optional_attributes, generic_attributes, compare, texts, hash, truth, dir,
          callable, repr_enter, identity, constants)
