/* descrobject.h: descriptors made by hand, property, classmethod and mappingproxy. */
#include "expect.h"

#include <stddef.h>

typedef struct {
    PyObject_HEAD
    int number;
    PyObject *held;
} Thing;

static PyObject *thing_number(PyObject *self, void *closure)
{
    return PyLong_FromLong(((Thing *)self)->number + *(int *)closure);
}

static int thing_set_number(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    if (value == NULL) {
        PyErr_SetString(PyExc_TypeError, "stays");
        return -1;
    }
    long n = PyLong_AsLong(value);
    if (n == -1 && PyErr_Occurred()) {
        return -1;
    }
    ((Thing *)self)->number = (int)n;
    return 0;
}

static PyObject *method(PyObject *self, PyObject *arg)
{
    return Py_BuildValue("(OO)", (PyObject *)Py_TYPE(self), arg);
}

static PyObject *of_class(PyObject *type, PyObject *arg)
{
    return Py_BuildValue("(OO)", type, arg);
}

static int hundred = 100;
static PyGetSetDef number_def = {"number", thing_number, thing_set_number, "A number.", &hundred};
static PyGetSetDef fixed_def = {"fixed", thing_number, NULL, NULL, &hundred};
static PyMemberDef raw_def = {"raw", Py_T_INT, offsetof(Thing, number), 0, "The bare number."};
static PyMethodDef method_def = {"method", method, METH_O, "method($self, x, /)\n--\n\nText."};
static PyMethodDef class_def = {"of_class", of_class, METH_O, NULL};

static PyType_Slot no_slots[] = {{0, NULL}};
static PyType_Spec thing_spec = {"tests.Thing", (int)sizeof(Thing), 0,
                                 Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, no_slots};

static PyTypeObject *thing_type(void)
{
    return (PyTypeObject *)keep(PyType_FromSpec(&thing_spec));
}

static void add(PyTypeObject *type, const char *name, PyObject *descriptor)
{
    CHECK(PyObject_SetAttrString((PyObject *)type, name, descriptor) == 0);
}

TEST(getset)
{
    PyTypeObject *type = thing_type();
    PyObject *descriptor = keep(PyDescr_NewGetSet(type, &number_def));
    CHECK(Py_TYPE(descriptor) == &PyGetSetDescr_Type);
    add(type, "number", descriptor);
    add(type, "fixed", keep(PyDescr_NewGetSet(type, &fixed_def)));
    PyObject *thing = keep(PyObject_CallObject((PyObject *)type, NULL));
    CHECK(PyObject_SetAttrString(thing, "number", L(5)) == 0);
    CHECK(repr_is(PyObject_GetAttrString(thing, "number"), "105"));
    CHECK_RAISES(PyExc_TypeError, "stays", PyObject_DelAttrString(thing, "number") == -1);
    CHECK_RAISES(PyExc_AttributeError, "attribute 'fixed' of 'tests.Thing' objects is not writable",
                 PyObject_SetAttrString(thing, "fixed", L(1)) == -1);
    CHECK(repr_is(PyObject_GetAttrString(descriptor, "__doc__"), "'A number.'"));
    CHECK(repr_is(PyObject_GetAttrString(descriptor, "__objclass__"), "<class 'tests.Thing'>"));
    CHECK(repr_is(PyObject_GetAttrString(descriptor, "__qualname__"), "'Thing.number'"));
    CHECK(shows(descriptor, "<attribute 'number' of 'tests.Thing' objects>"));
    CHECK_RAISES(PyExc_TypeError,
                 "descriptor 'number' for 'tests.Thing' objects doesn't apply to a 'int' object",
                 PyObject_CallMethod(descriptor, "__get__", "i", 1) == NULL);
    CHECK(PyObject_DelAttrString((PyObject *)type, "number") == 0);
    CHECK(PyObject_DelAttrString((PyObject *)type, "fixed") == 0);
    done();
}

TEST(member)
{
    PyTypeObject *type = thing_type();
    PyObject *descriptor = keep(PyDescr_NewMember(type, &raw_def));
    add(type, "raw", descriptor);
    PyObject *thing = keep(PyObject_CallObject((PyObject *)type, NULL));
    CHECK(PyObject_SetAttrString(thing, "raw", L(7)) == 0 && ((Thing *)thing)->number == 7);
    CHECK(repr_is(PyObject_GetAttrString(thing, "raw"), "7"));
    CHECK(shows(descriptor, "<member 'raw' of 'tests.Thing' objects>"));
    CHECK(Py_TYPE(descriptor) == &PyMemberDescr_Type);
    CHECK(PyMember_SetOne((char *)thing, &raw_def, L(9)) == 0);
    CHECK(repr_is(PyMember_GetOne((const char *)thing, &raw_def), "9"));
    CHECK_RAISES(PyExc_TypeError, "can't delete numeric/char attribute",
                 PyObject_DelAttrString(thing, "raw") == -1);
    CHECK(PyObject_DelAttrString((PyObject *)type, "raw") == 0);
    done();
}

TEST(methods)
{
    PyTypeObject *type = thing_type();
    PyObject *descriptor = keep(PyDescr_NewMethod(type, &method_def));
    CHECK(Py_TYPE(descriptor) == &PyMethodDescr_Type);
    CHECK(shows(descriptor, "<method 'method' of 'tests.Thing' objects>"));
    CHECK(repr_is(PyObject_GetAttrString(descriptor, "__doc__"), "'Text.'"));
    CHECK(repr_is(PyObject_GetAttrString(descriptor, "__text_signature__"), "'($self, x, /)'"));
    PyObject *thing = keep(PyObject_CallObject((PyObject *)type, NULL));
    CHECK(repr_is(PyObject_CallFunction(descriptor, "Oi", thing, 5), "(<class 'tests.Thing'>, 5)"));
    CHECK_RAISES(PyExc_TypeError, "unbound method Thing.method() needs an argument",
                 PyObject_CallObject(descriptor, NULL) == NULL);
    CHECK_RAISES(PyExc_TypeError,
                 "descriptor 'method' for 'tests.Thing' objects doesn't apply to a 'int' object",
                 PyObject_CallFunction(descriptor, "ii", 1, 2) == NULL);
    CHECK_RAISES(PyExc_TypeError, "Thing.method() takes exactly one argument (0 given)",
                 PyObject_CallFunction(descriptor, "O", thing) == NULL);
    done();
}

TEST(class_methods)
{
    PyTypeObject *type = thing_type();
    PyObject *descriptor = keep(PyDescr_NewClassMethod(type, &class_def));
    CHECK(Py_TYPE(descriptor) == &PyClassMethodDescr_Type);
    add(type, "of_class", descriptor);
    CHECK(repr_is(PyObject_CallMethod((PyObject *)type, "of_class", "i", 1),
                  "(<class 'tests.Thing'>, 1)"));
    PyObject *sub = new_class("Sub", (PyObject *)type);
    PyObject *instance = keep(PyObject_CallObject(sub, NULL));
    CHECK(repr_is(PyObject_CallMethod(instance, "of_class", "i", 1), "(<class 'tests.Sub'>, 1)"));
    CHECK(PyObject_DelAttrString((PyObject *)type, "of_class") == 0);
    done();
}

TEST(wrappers)
{
    PyObject *add_wrapper = keep(PyObject_GetAttrString((PyObject *)&PyLong_Type, "__add__"));
    CHECK(Py_TYPE(add_wrapper) == &PyWrapperDescr_Type);
    CHECK(shows(add_wrapper, "<slot wrapper '__add__' of 'int' objects>"));
    CHECK(repr_is(PyObject_CallFunction(add_wrapper, "ii", 1, 2), "3"));
    PyObject *bound = keep(PyWrapper_New(add_wrapper, L(40)));
    CHECK(repr_is(PyObject_CallFunction(bound, "i", 2), "42"));
    CHECK(repr_is(PyObject_GetAttrString(bound, "__self__"), "40"));
    CHECK_RAISES(PyExc_TypeError, "descriptor '__add__' requires a 'int' object but received a 'str'",
                 PyObject_CallFunction(add_wrapper, "si", "x", 2) == NULL);
    CHECK_RAISES(PyExc_TypeError, "expected 1 argument, got 0",
                 PyObject_CallFunction(add_wrapper, "i", 1) == NULL);
    done();
}

TEST(mapping_proxy)
{
    PyObject *dict = V("{si}", "a", 1);
    PyObject *proxy = keep(PyDictProxy_New(dict));
    CHECK(Py_TYPE(proxy) == &PyDictProxy_Type);
    CHECK(shows(proxy, "mappingproxy({'a': 1})"));
    CHECK(repr_is(PyObject_GetItem(proxy, S("a")), "1") && PyObject_Size(proxy) == 1);
    CHECK(PyDict_SetItemString(dict, "b", L(2)) == 0 && PySequence_Contains(proxy, S("b")) == 1);
    CHECK(repr_is(PyObject_CallMethod(proxy, "get", "s", "z"), "None"));
    CHECK(repr_is(PyObject_CallMethod(proxy, "copy", NULL), "{'a': 1, 'b': 2}"));
    CHECK_RAISES(PyExc_TypeError, "'mappingproxy' object does not support item assignment",
                 PyObject_SetItem(proxy, S("a"), L(1)) == -1);
    CHECK_RAISES(PyExc_TypeError, "mappingproxy() argument must be a mapping, not list",
                 PyDictProxy_New(V("[]")) == NULL);
    done();
}

TEST(property)
{
    PyObject *getter = keep(PyCFunction_New(&method_def, S("self")));
    PyObject *object = keep(PyObject_CallFunction((PyObject *)&PyProperty_Type, "O", getter));
    CHECK(is_same(PyObject_GetAttrString(object, "fget"), getter));
    CHECK(repr_is(PyObject_GetAttrString(object, "fset"), "None"));
    PyObject *type = new_class("P", (PyObject *)&PyBaseObject_Type);
    CHECK(PyObject_SetAttrString(type, "p", object) == 0);
    PyObject *instance = keep(PyObject_CallObject(type, NULL));
    PyObject *value = keep(PyObject_GetAttrString(instance, "p"));
    CHECK(PyTuple_GetItem(value, 1) == instance);
    CHECK_RAISES(PyExc_AttributeError, "property 'method' of 'P' object has no setter",
                 PyObject_SetAttrString(instance, "p", L(1)) == -1);
    CHECK_RAISES(PyExc_AttributeError, "property 'method' of 'P' object has no deleter",
                 PyObject_DelAttrString(instance, "p") == -1);
    done();
}

TEST_MAIN(getset, member, methods, class_methods, wrappers, mapping_proxy, property)
