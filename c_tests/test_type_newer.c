/* object.h: what came after 3.9 to types made from specs: modules and their state, metaclasses,
 * data of a relative size, tokens, and PyType_FromSlots. */
#include "expect.h"

#if TEST_API >= 0x030F0000

#include <stddef.h>

typedef struct { int number; } State;

static struct PyModuleDef module_def = {PyModuleDef_HEAD_INIT, "tests", NULL, sizeof(State), NULL,
                                        NULL, NULL, NULL, NULL};

static PyType_Slot no_slots[] = {{0, NULL}};
static PyType_Spec plain_spec = {"tests.Plain", 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
                                 no_slots};

static PyTypeObject *as_type(PyObject *type)
{
    return (PyTypeObject *)type;
}

TEST(module_and_state)
{
    PyObject *module = keep(PyModule_Create(&module_def));
    ((State *)PyModule_GetState(module))->number = 42;
    PyObject *type = keep(PyType_FromModuleAndSpec(module, &plain_spec, NULL));
    CHECK(PyType_GetModule(as_type(type)) == module);
    CHECK(((State *)PyType_GetModuleState(as_type(type)))->number == 42);
    PyObject *sub = new_class("Sub", type);
    CHECK(PyType_GetModuleByDef(as_type(sub), &module_def) == module);
    CHECK_RAISES(PyExc_TypeError, "PyType_GetModule: Type 'Sub' has no associated module",
                 PyType_GetModule(as_type(sub)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "PyType_GetModule: Type 'int' is not a heap type",
                 PyType_GetModule(&PyLong_Type) == NULL);
    CHECK_RAISES(PyExc_TypeError,
                 "PyType_GetModuleByDef: No superclass of 'int' has the given module",
                 PyType_GetModuleByDef(&PyLong_Type, &module_def) == NULL);
    PyObject *found = keep(PyType_GetModuleByToken(as_type(sub), &module_def));
    CHECK(found == module);
    done();
}

static int meta_called;

static PyObject *meta_repr(PyObject *self)
{
    meta_called++;
    PyObject *name = PyType_GetName(as_type(self));
    PyObject *result = name == NULL ? NULL : PyUnicode_FromFormat("<meta %U>", name);
    Py_XDECREF(name);
    return result;
}

static PyType_Slot meta_slots[] = {{Py_tp_repr, FUNC(meta_repr)}, {0, NULL}};
static PyType_Spec meta_spec = {"tests.Meta", 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
                                meta_slots};

TEST(metaclass)
{
    PyObject *meta = keep(PyType_FromSpecWithBases(&meta_spec, (PyObject *)&PyType_Type));
    PyObject *type = keep(PyType_FromMetaclass(as_type(meta), NULL, &plain_spec, NULL));
    CHECK(Py_TYPE(type) == as_type(meta) && shows(type, "<meta Plain>"));
    PyObject *sub = new_class("Sub", type);
    CHECK(Py_TYPE(sub) == as_type(meta) && shows(sub, "<meta Sub>"));
    CHECK(Py_TYPE(keep(PyObject_CallObject(type, NULL))) == as_type(type));
    CHECK_RAISES(PyExc_TypeError,
                 "metaclass conflict: the metaclass of a derived class must be a (non-strict) "
                 "subclass of the metaclasses of all its bases",
                 PyType_FromMetaclass(&PyLong_Type, NULL, &plain_spec, NULL) == NULL);
    done();
}

typedef struct { long a, b; } Extra;

static PyMemberDef extra_members[] = {
    {"a", Py_T_LONG, offsetof(Extra, a), Py_RELATIVE_OFFSET, NULL},
    {"b", Py_T_LONG, offsetof(Extra, b), Py_RELATIVE_OFFSET | Py_READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot extra_slots[] = {{Py_tp_members, extra_members}, {0, NULL}};
static PyType_Spec extra_spec = {"tests.Extra", -(int)sizeof(Extra), 0, Py_TPFLAGS_DEFAULT,
                                 extra_slots};

TEST(relative_size)
{
    PyObject *type = keep(PyType_FromSpecWithBases(&extra_spec, (PyObject *)&PyList_Type));
    CHECK(PyType_GetTypeDataSize(as_type(type)) >= (Py_ssize_t)sizeof(Extra));
    PyObject *list = keep(PyObject_CallFunction(type, "[ii]", 1, 2));
    Extra *extra = (Extra *)PyObject_GetTypeData(list, as_type(type));
    CHECK((char *)extra >= (char *)list + 40 && extra->a == 0 && extra->b == 0);
    extra->b = 7;
    CHECK(PyObject_SetAttrString(list, "a", L(5)) == 0 && extra->a == 5);
    CHECK(repr_is(PyObject_GetAttrString(list, "b"), "7"));
    CHECK_RAISES(PyExc_AttributeError, "readonly attribute",
                 PyObject_SetAttrString(list, "b", L(1)) == -1);
    CHECK(PyList_Append(list, L(3)) == 0 && shows(list, "[1, 2, 3]"));
    CHECK(PyObject_GetTypeData_DuringGC(list, as_type(type)) == (void *)extra);
    PyObject *plain = keep(PyType_FromSpec(&extra_spec));
    PyObject *instance = keep(PyObject_CallObject(plain, NULL));
    CHECK((char *)PyObject_GetTypeData(instance, as_type(plain)) == (char *)instance + 16);
    done();
}

TEST(relative_errors)
{
    static PyMemberDef relative[] = {{"a", Py_T_LONG, 0, Py_RELATIVE_OFFSET, NULL},
                                     {NULL, 0, 0, 0, NULL}};
    static PyType_Slot other_slots[] = {{Py_tp_members, relative}, {0, NULL}};
    static PyType_Spec other = {"tests.Bad", 32, 0, Py_TPFLAGS_DEFAULT, other_slots};
    CHECK_RAISES(PyExc_SystemError, "With Py_RELATIVE_OFFSET, basicsize must be extended",
                 PyType_FromSpec(&other) == NULL);
    done();
}

TEST(tokens)
{
    static char token;
    static PyType_Slot slots[] = {{Py_tp_token, &token}, {0, NULL}};
    static PyType_Spec spec = {"tests.Token", 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, slots};
    PyObject *type = keep(PyType_FromSpec(&spec));
    PyObject *sub = new_class("Sub", type);
    PyTypeObject *found = NULL;
    CHECK(PyType_GetBaseByToken(as_type(sub), &token, &found) == 1);
    CHECK(is_same((PyObject *)found, type));
    CHECK(PyType_GetBaseByToken(as_type(sub), &token, NULL) == 1);
    CHECK(PyType_GetBaseByToken(&PyLong_Type, &token, &found) == 0 && found == NULL);
    CHECK_RAISES(PyExc_SystemError, "PyType_GetBaseByToken called with token=NULL",
                 PyType_GetBaseByToken(as_type(sub), NULL, &found) == -1);
    done();
}

static PyObject *answer(PyObject *self, PyObject *ignored)
{
    (void)self, (void)ignored;
    return PyLong_FromLong(42);
}

static PyObject *slots_repr(PyObject *self)
{
    (void)self;
    return PyUnicode_FromString("<from slots>");
}

static PyMethodDef slot_methods[] = {{"answer", answer, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

TEST(from_slots)
{
    static PySlot inner[] = {
        PySlot_PTR_STATIC(Py_tp_methods, slot_methods),
        PySlot_END,
    };
    static PySlot slots[] = {
        PySlot_PTR_STATIC(Py_tp_name, "tests.Slotted"),
        PySlot_PTR(Py_tp_repr, FUNC(slots_repr)),
        PySlot_PTR(Py_tp_flags, (uintptr_t)(Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE)),
        PySlot_PTR(Py_tp_extra_basicsize, sizeof(Extra)),
        PySlot_PTR_STATIC(Py_tp_members, extra_members),
        PySlot_PTR(Py_slot_subslots, inner),
        PySlot_END,
    };
    PyObject *type = keep(PyType_FromSlots(slots));
    PyObject *instance = keep(PyObject_CallObject(type, NULL));
    CHECK(shows(instance, "<from slots>"));
    CHECK(repr_is(PyObject_CallMethod(instance, "answer", NULL), "42"));
    CHECK(PyObject_SetAttrString(instance, "a", L(3)) == 0);
    CHECK(((Extra *)PyObject_GetTypeData(instance, as_type(type)))->a == 3);
    CHECK(repr_is(PyType_GetFullyQualifiedName(as_type(type)), "'tests.Slotted'"));
    done();
}

TEST(from_slots_errors)
{
    static PySlot nameless[] = {PySlot_END};
    CHECK_RAISES(PyExc_SystemError, NULL, PyType_FromSlots(nameless) == NULL);
    static PySlot unknown[] = {
        PySlot_PTR_STATIC(Py_tp_name, "tests.X"),
        {5000, 0, {0}, {NULL}},
        PySlot_END,
    };
    CHECK_RAISES(PyExc_SystemError, NULL, PyType_FromSlots(unknown) == NULL);
    static PySlot optional[] = {
        PySlot_PTR_STATIC(Py_tp_name, "tests.X"),
        {5000, PySlot_OPTIONAL, {0}, {NULL}},
        PySlot_END,
    };
    CHECK(shows(keep(PyType_FromSlots(optional)), "<class 'tests.X'>"));
    static PySlot of_module[] = {
        PySlot_PTR_STATIC(Py_tp_name, "tests.X"),
        PySlot_PTR(Py_mod_doc, "text"),
        PySlot_END,
    };
    CHECK_RAISES(PyExc_SystemError, NULL, PyType_FromSlots(of_module) == NULL);
    static PySlot not_static[] = {
        PySlot_PTR_STATIC(Py_tp_name, "tests.X"),
        PySlot_PTR(Py_tp_members, extra_members),
        PySlot_END,
    };
    CHECK_RAISES(PyExc_SystemError, "Py_tp_members requires PySlot_STATIC",
                 PyType_FromSlots(not_static) == NULL);
    done();
}

TEST_MAIN(module_and_state, metaclass, relative_size, relative_errors, tokens, from_slots,
          from_slots_errors)

#else

TEST(newer_api)
{
    SKIP("needs the limited API of 3.15");
}

TEST_MAIN(newer_api)

#endif
