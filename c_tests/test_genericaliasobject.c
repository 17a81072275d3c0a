/* genericaliasobject.h: classes with arguments, and the unions of them that `|` makes. */
#include "expect.h"

#if TEST_API >= 0x03090000

static PyObject *alias(PyObject *origin, PyObject *args)
{
    return keep(Py_GenericAlias(origin, args));
}

#define INT ((PyObject *)&PyLong_Type)
#define STR ((PyObject *)&PyUnicode_Type)
#define LIST ((PyObject *)&PyList_Type)

TEST(made_of_anything)
{
    PyObject *list_of_int = alias(LIST, INT);
    CHECK(Py_TYPE(list_of_int) == &Py_GenericAliasType);
    CHECK(shows(list_of_int, "list[int]"));
    CHECK(shows(alias((PyObject *)&PyDict_Type, V("(OO)", STR, INT)), "dict[str, int]"));
    CHECK(shows(alias((PyObject *)&PyTuple_Type, V("(OO)", INT, Py_Ellipsis)), "tuple[int, ...]"));
    CHECK(shows(alias(LIST, V("()")), "list[()]"));
    CHECK(shows(alias(L(5), S("x")), "5['x']"));
    CHECK(repr_is(PyObject_GetAttrString(list_of_int, "__args__"), "(<class 'int'>,)"));
    CHECK(is_same(PyObject_GetAttrString(list_of_int, "__origin__"), LIST));
    done();
}

TEST(references)
{
    PyObject *origin = V("[]"), *args = V("(i)", 1000000);
    Py_ssize_t before = Py_REFCNT(origin), of_args = Py_REFCNT(args);
    PyObject *object = Py_GenericAlias(origin, args);
    CHECK(Py_REFCNT(origin) == before + 1 && Py_REFCNT(args) == of_args + 1);
    Py_DECREF(object);
    CHECK(Py_REFCNT(origin) == before && Py_REFCNT(args) == of_args);
    done();
}

TEST(acts_as_its_origin)
{
    PyObject *list_of_int = alias(LIST, INT);
    CHECK(repr_is(PyObject_CallFunction(list_of_int, "s", "ab"), "['a', 'b']"));
    CHECK(repr_is(PyObject_GetAttrString(list_of_int, "__name__"), "'list'"));
    CHECK(PyObject_HasAttrString(list_of_int, "append") == 1);
    CHECK(PyObject_HasAttrString(list_of_int, "upper") == 0);
    CHECK(PyObject_RichCompareBool(list_of_int, alias(LIST, INT), Py_EQ) == 1);
    CHECK(PyObject_RichCompareBool(list_of_int, alias(LIST, STR), Py_EQ) == 0);
    CHECK(PyObject_Hash(list_of_int) == PyObject_Hash(alias(LIST, INT)));
    CHECK_RAISES(PyExc_TypeError, "isinstance() argument 2 cannot be a parameterized generic",
                 PyObject_IsInstance(L(1), list_of_int) == -1);
    CHECK_RAISES(PyExc_TypeError, "issubclass() argument 2 cannot be a parameterized generic",
                 PyObject_IsSubclass(INT, list_of_int) == -1);
    CHECK_RAISES(PyExc_TypeError, "list[int] is not a generic class",
                 PyObject_GetItem(list_of_int, INT) == NULL);
    CHECK_RAISES(PyExc_TypeError, "unhashable type: 'list'",
                 PyObject_Hash(alias(LIST, V("[]"))) == -1);
    done();
}

/* `__class_getitem__` as an extension's generic class has it. */
static PyMethodDef box_methods[] = {
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "Box[item]"},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot box_slots[] = {{Py_tp_methods, box_methods}, {0, NULL}};
static PyType_Spec box_spec = {"tests.Box", 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
                               box_slots};

TEST(generic_class)
{
    PyObject *box = keep(PyType_FromSpec(&box_spec));
    PyObject *box_of_int = keep(PyObject_GetItem(box, INT));
    CHECK(shows(box_of_int, "tests.Box[int]"));
    CHECK(Py_TYPE(keep(PyObject_CallObject(box_of_int, NULL))) == (PyTypeObject *)box);
    PyObject *derived = new_class("Derived", box);
    PyObject *made = keep(PyObject_CallObject(keep(PyObject_GetItem(derived, STR)), NULL));
    CHECK(repr_is(PyObject_GetAttrString(made, "__orig_class__"), "tests.Derived[str]"));
    CHECK_RAISES(PyExc_TypeError, "type 'int' is not subscriptable", PyObject_GetItem(INT, STR) == NULL);
    done();
}

TEST(starred)
{
    PyObject *iterator = keep(PyObject_GetIter(alias((PyObject *)&PyTuple_Type, INT)));
    PyObject *starred = keep(PyIter_Next(iterator));
    CHECK(shows(starred, "*tuple[int]"));
    CHECK(PyIter_Next(iterator) == NULL && PyErr_Occurred() == NULL);
    CHECK(shows(alias(LIST, starred), "list[*tuple[int]]"));
    done();
}

TEST(weak_references)
{
    PyObject *object = Py_GenericAlias(LIST, INT);
    PyObject *reference = keep(PyWeakref_NewRef(object, NULL));
    CHECK(is_same(PyObject_CallObject(reference, NULL), object));
    Py_DECREF(object);
    CHECK(is_none(PyObject_CallObject(reference, NULL)));
    CHECK(shows(keep(PyObject_GetItem((PyObject *)Py_TYPE(reference), INT)),
                "weakref.ReferenceType[int]"));
    done();
}

TEST(unions)
{
    NEEDS(0x030E0000);
    PyObject *either = keep(PyNumber_Or(INT, STR));
    CHECK(shows(either, "int | str"));
    CHECK(repr_is(PyNumber_Or(either, Py_None), "int | str | None"));
    CHECK(repr_is(PyNumber_Or(alias(LIST, INT), either), "list[int] | int | str"));
    CHECK(is_same(PyNumber_Or(INT, INT), INT));
    CHECK(PyObject_IsInstance(L(1), either) == 1 && PyObject_IsInstance(B("x"), either) == 0);
    CHECK(PyObject_IsSubclass((PyObject *)&PyBool_Type, either) == 1);
    CHECK(PyObject_RichCompareBool(either, keep(PyNumber_Or(STR, INT)), Py_EQ) == 1);
    CHECK(PyObject_Hash(either) == PyObject_Hash(keep(PyNumber_Or(STR, INT))));
    CHECK(from_module("types", "UnionType") == (PyObject *)Py_TYPE(either));
    CHECK_RAISES(PyExc_TypeError, "unsupported operand type(s) for |: 'type' and 'int'",
                 PyNumber_Or(INT, L(5)) == NULL);
    PyObject *reference = keep(PyWeakref_NewRef(either, NULL));
    CHECK(is_same(PyObject_CallObject(reference, NULL), either));
    done();
}

TEST_MAIN(made_of_anything, references, acts_as_its_origin, generic_class, starred, weak_references,
          unions)

#else

TEST(newer_api)
{
    SKIP("needs the limited API of 3.9");
}

TEST_MAIN(newer_api)

#endif
