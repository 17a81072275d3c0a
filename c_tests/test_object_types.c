/* object.h: what C may ask a type, and types made by calling `type`. */
#include "expect.h"

static PyObject *add_100(PyObject *self, PyObject *other)
{
    (void)self;
    return PyNumber_Add(other, keep(PyLong_FromLong(100)));
}

static PyObject *self_and_args(PyObject *self, PyObject *args)
{
    (void)self;
    return Py_BuildValue("O", args);
}

static PyMethodDef add_def = {"__add__", add_100, METH_O, NULL};
static PyMethodDef method_def = {"method", self_and_args, METH_VARARGS, NULL};

TEST(flags)
{
    unsigned long flags = PyType_GetFlags(&PyLong_Type);
    CHECK((flags & Py_TPFLAGS_LONG_SUBCLASS) && (flags & Py_TPFLAGS_BASETYPE));
    CHECK((flags & Py_TPFLAGS_READY) && !(flags & Py_TPFLAGS_HEAPTYPE));
    CHECK(!(PyType_GetFlags(&PyBool_Type) & Py_TPFLAGS_BASETYPE));
    CHECK(PyType_HasFeature(&PyList_Type, Py_TPFLAGS_HAVE_GC));
    CHECK(PyType_HasFeature((PyTypeObject *)new_class("X", (PyObject *)&PyBaseObject_Type),
                            Py_TPFLAGS_HEAPTYPE));
    CHECK(PyType_Check((PyObject *)&PyLong_Type) && !PyType_Check(L(1)));
    CHECK(PyType_CheckExact((PyObject *)&PyLong_Type));
    done();
}

TEST(subtypes)
{
    CHECK(PyType_IsSubtype(&PyBool_Type, &PyLong_Type));
    CHECK(PyType_IsSubtype(&PyBool_Type, &PyBaseObject_Type));
    CHECK(!PyType_IsSubtype(&PyLong_Type, &PyBool_Type));
    CHECK(PyType_IsSubtype(&PyType_Type, &PyBaseObject_Type));
    CHECK(PyObject_TypeCheck(Py_True, &PyLong_Type) && !PyObject_TypeCheck(L(1), &PyBool_Type));
    done();
}

TEST(slots_of_built_in_types)
{
    PyTypeObject *heap = (PyTypeObject *)new_class("X", (PyObject *)&PyBaseObject_Type);
    CHECK(PyType_GetSlot(heap, Py_tp_base) == (void *)&PyBaseObject_Type);
    CHECK(PyType_GetSlot(heap, Py_tp_repr) == PyType_GetSlot(&PyBaseObject_Type, Py_tp_repr));
    CHECK(PyType_GetSlot(&PyLong_Type, Py_nb_add) != NULL);
    CHECK(PyType_GetSlot(&PyLong_Type, Py_sq_length) == NULL && PyErr_Occurred() == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyType_GetSlot(&PyLong_Type, 0) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyType_GetSlot(&PyLong_Type, -1) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyType_GetSlot(&PyLong_Type, 5000) == NULL);
    done();
}

TEST(made_by_calling_type)
{
    PyObject *function = keep(PyCFunction_New(&add_def, NULL));
    PyObject *type = keep(PyObject_CallFunction((PyObject *)&PyType_Type, "s(){sOsssi}", "Adds",
                                                "__add__", function, "__module__", "tests",
                                                "attribute", 7));
    PyObject *instance = keep(PyObject_CallObject(type, NULL));
    CHECK(repr_is(PyNumber_Add(instance, L(5)), "105"));
    CHECK(repr_is(PyObject_GetAttrString(instance, "attribute"), "7"));
    CHECK_RAISES(PyExc_TypeError, "unsupported operand type(s) for -: 'Adds' and 'int'",
                 PyNumber_Subtract(instance, L(5)) == NULL);
    CHECK(PyObject_DelAttrString(type, "__add__") == 0);
    CHECK_RAISES(PyExc_TypeError, "unsupported operand type(s) for +: 'Adds' and 'int'",
                 PyNumber_Add(instance, L(5)) == NULL);
    CHECK(PyObject_SetAttrString(type, "__add__", function) == 0);
    CHECK(repr_is(PyNumber_Add(instance, L(6)), "106"));
    CHECK(repr_is(PyObject_GetAttrString(type, "__mro__"),
                  "(<class 'tests.Adds'>, <class 'object'>)"));
    CHECK_RAISES(PyExc_TypeError, "Adds() takes no arguments",
                 PyObject_CallFunction(type, "i", 1) == NULL);
    done();
}

TEST(methods_of_the_class)
{
    PyObject *type = new_class("M", (PyObject *)&PyBaseObject_Type);
    PyObject *method = keep(PyDescr_NewMethod((PyTypeObject *)type, &method_def));
    CHECK(PyObject_SetAttrString(type, "method", method) == 0);
    PyObject *instance = keep(PyObject_CallObject(type, NULL));
    CHECK(repr_is(PyObject_CallMethod(instance, "method", "ii", 1, 2), "(1, 2)"));
    PyObject *sub = new_class("N", type);
    CHECK(repr_is(PyObject_CallMethod(keep(PyObject_CallObject(sub, NULL)), "method", NULL),
                  "()"));
    done();
}

TEST(c3)
{
    PyObject *object = (PyObject *)&PyBaseObject_Type;
    PyObject *a = new_class("A", object);
    PyObject *b = new_class("B", a);
    PyObject *c = new_class("C", a);
    PyObject *d = keep(PyObject_CallFunction((PyObject *)&PyType_Type, "s(OO){ss}", "D", b, c,
                                             "__module__", "t"));
    PyObject *mro = keep(PyObject_GetAttrString(d, "__mro__"));
    CHECK(PyTuple_Size(mro) == 5);
    CHECK(PyTuple_GetItem(mro, 1) == b && PyTuple_GetItem(mro, 2) == c
          && PyTuple_GetItem(mro, 3) == a);
    CHECK_RAISES(PyExc_TypeError,
                 "Cannot create a consistent method resolution order (MRO) for bases A, B",
                 PyObject_CallFunction((PyObject *)&PyType_Type, "s(OO){}", "E", a, b) == NULL);
    CHECK_RAISES(PyExc_TypeError, "multiple bases have instance lay-out conflict",
                 PyObject_CallFunction((PyObject *)&PyType_Type, "s(OO){}", "E",
                                       (PyObject *)&PyLong_Type, (PyObject *)&PyList_Type)
                     == NULL);
    CHECK_RAISES(PyExc_TypeError, "duplicate base class A",
                 PyObject_CallFunction((PyObject *)&PyType_Type, "s(OO){}", "E", a, a) == NULL);
    CHECK_RAISES(PyExc_TypeError, "type.__new__() argument 1 must be str, not int",
                 PyObject_CallFunction((PyObject *)&PyType_Type, "i(){}", 1) == NULL);
    done();
}

TEST(slots_of_a_class)
{
    PyObject *type = keep(PyObject_CallFunction((PyObject *)&PyType_Type, "s(){s(ss)ss}", "S",
                                                "__slots__", "x", "y", "__module__", "tests"));
    PyObject *instance = keep(PyObject_CallObject(type, NULL));
    CHECK_RAISES(PyExc_AttributeError, "'tests.S' object has no attribute 'x'",
                 PyObject_GetAttrString(instance, "x") == NULL);
    CHECK(PyObject_SetAttrString(instance, "x", instance) == 0);
    CHECK(is_same(PyObject_GetAttrString(instance, "x"), instance));
    CHECK_RAISES(PyExc_AttributeError,
                 "'S' object has no attribute 'z' and no __dict__ for setting new attributes",
                 PyObject_SetAttrString(instance, "z", Py_None) == -1);
    CHECK(PyObject_DelAttrString(instance, "x") == 0);
    done();
}

TEST(generic_new_and_alloc)
{
    PyTypeObject *type = (PyTypeObject *)new_class("G", (PyObject *)&PyBaseObject_Type);
    PyObject *instance = keep(PyType_GenericNew(type, V("()"), NULL));
    CHECK(Py_TYPE(instance) == type);
    CHECK(PyObject_SetAttrString(instance, "x", L(1)) == 0);
    CHECK(Py_TYPE(keep(PyType_GenericAlloc(type, 0))) == type);
    PyObject *tuple = PyType_GenericAlloc(&PyTuple_Type, 2);
    CHECK(PyTuple_SetItem(tuple, 0, PyLong_FromLong(1)) == 0);
    CHECK(PyTuple_SetItem(tuple, 1, PyLong_FromLong(2)) == 0);
    CHECK(repr_is(tuple, "(1, 2)"));
    PyType_Modified(type);
    (void)PyType_ClearCache();
    done();
}

TEST(names)
{
#if TEST_API >= 0x030B0000
    PyTypeObject *type = (PyTypeObject *)new_class("Name", (PyObject *)&PyBaseObject_Type);
    CHECK(PyObject_SetAttrString((PyObject *)type, "__qualname__", S("Outer.Name")) == 0);
    CHECK(repr_is(PyType_GetName(type), "'Name'"));
    CHECK(repr_is(PyType_GetQualName(type), "'Outer.Name'"));
    CHECK(repr_is(PyType_GetName(&PyLong_Type), "'int'"));
    CHECK(repr_is(PyType_GetQualName(&PyLong_Type), "'int'"));
#if TEST_API >= 0x030D0000
    CHECK(repr_is(PyType_GetFullyQualifiedName(type), "'tests.Outer.Name'"));
    CHECK(repr_is(PyType_GetFullyQualifiedName(&PyLong_Type), "'int'"));
    CHECK(repr_is(PyType_GetModuleName(type), "'tests'"));
    CHECK(repr_is(PyType_GetModuleName(&PyLong_Type), "'builtins'"));
#endif
    done();
#else
    SKIP("needs 3.11");
#endif
}

TEST(freeze)
{
#if TEST_API >= 0x030E0000
    PyObject *type = new_class("Frozen", (PyObject *)&PyBaseObject_Type);
    CHECK(PyObject_SetAttrString(type, "x", L(1)) == 0);
    CHECK(PyType_Freeze((PyTypeObject *)type) == 0);
    CHECK_RAISES(PyExc_TypeError, "cannot set 'x' attribute of immutable type 'Frozen'",
                 PyObject_SetAttrString(type, "x", L(2)) == -1);
    PyObject *sub = new_class("Sub", new_class("Base", (PyObject *)&PyBaseObject_Type));
    CHECK_RAISES(PyExc_TypeError,
                 "Creating immutable type Sub from mutable base tests.Base",
                 PyType_Freeze((PyTypeObject *)sub) == -1);
    done();
#else
    SKIP("needs 3.14");
#endif
}

TEST(type_of)
{
    CHECK(is_same(PyObject_Type(L(1)), (PyObject *)&PyLong_Type));
    CHECK_RAISES(PyExc_SystemError, NULL, PyObject_Type(NULL) == NULL);
    CHECK(Py_TYPE(L(1)) == &PyLong_Type && Py_IS_TYPE(L(1), &PyLong_Type));
    CHECK(Py_SIZE(V("[ii]", 1, 2)) == 2);
    done();
}

TEST_MAIN(flags, subtypes, slots_of_built_in_types, made_by_calling_type, methods_of_the_class,
          c3, slots_of_a_class, generic_new_and_alloc, names, freeze, type_of)
