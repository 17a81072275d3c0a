/* What do classes cost: their instances, and what is looked up on them? */
#include "kernels.h"

typedef struct {
    PyObject base;
    long payload;
} Thing;

static PyType_Slot thing_slots[] = {{0, NULL}};
static PyType_Spec thing_spec = {"bench.Thing", sizeof(Thing), 0, Py_TPFLAGS_DEFAULT, thing_slots};
static PyObject *thing, *class, *instance, *attribute, *inherited, *absent, *number;

static int prepare_types(void)
{
    thing = PyType_FromSpec(&thing_spec);
    class = PyObject_CallFunction((PyObject *)&PyType_Type, "s(){s:i}", "C", "inherited", 7);
    instance = class ? PyObject_CallNoArgs(class) : NULL;
    attribute = PyUnicode_InternFromString("attribute");
    inherited = PyUnicode_InternFromString("inherited");
    absent = PyUnicode_InternFromString("absent");
    number = PyLong_FromLong(123456);
    if (!thing || !instance || !attribute || !inherited || !absent || !number) return 0;
    return PyObject_SetAttr(instance, attribute, number) == 0;
}

static void look_for_absent(void)
{
    if (PyObject_GetAttr(instance, absent) == NULL) PyErr_Clear();
}

KERNEL(create, prepare_types(), Py_DecRef(PyObject_CallNoArgs(thing)))
KERNEL(create_class, prepare_types(), Py_DecRef(PyObject_CallNoArgs(class)))
KERNEL(get, prepare_types(), Py_DecRef(PyObject_GetAttr(instance, attribute)))
KERNEL(get_named, prepare_types(), Py_DecRef(PyObject_GetAttrString(instance, "attribute")))
KERNEL(get_class, prepare_types(), Py_DecRef(PyObject_GetAttr(instance, inherited)))
KERNEL(get_absent, prepare_types(), look_for_absent())
KERNEL(set, prepare_types(), PyObject_SetAttr(instance, attribute, number))
KERNEL(is_instance, prepare_types(), PyObject_IsInstance(instance, class))
KERNEL(from_spec, prepare_types(), Py_DecRef(PyType_FromSpec(&thing_spec)))

const Kernel bench_types[] = {
    ENTRY(create, "create and drop an instance"),
    ENTRY(create_class, "the same, with a __dict__"),
    ENTRY(get, "PyObject_GetAttr on an instance"),
    ENTRY(get_named, "PyObject_GetAttrString"),
    ENTRY(get_class, "PyObject_GetAttr on its class"),
    ENTRY(get_absent, "PyObject_GetAttr of what is not"),
    ENTRY(set, "PyObject_SetAttr on an instance"),
    ENTRY(is_instance, "PyObject_IsInstance"),
    ENTRY(from_spec, "PyType_FromSpec and its drop"),
    END,
};
