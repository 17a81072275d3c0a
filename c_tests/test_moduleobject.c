/* moduleobject.h, and modsupport.h's PyModule_*: modules made by hand. */
#include "expect.h"

typedef struct {
    long number;
    PyObject *held;
} State;

static int freed;

static PyObject *get_number(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    return PyLong_FromLong(((State *)PyModule_GetState(module))->number);
}

static int traverse(PyObject *module, visitproc visit, void *arg)
{
    Py_VISIT(((State *)PyModule_GetState(module))->held);
    return 0;
}

static int clear(PyObject *module)
{
    Py_CLEAR(((State *)PyModule_GetState(module))->held);
    return 0;
}

static void release(void *module)
{
    clear((PyObject *)module);
    freed++;
}

static PyMethodDef methods[] = {
    {"get_number", get_number, METH_NOARGS, "get_number($module, /)\n--\n\nThe number."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef state_def = {PyModuleDef_HEAD_INIT, "with_state", "Has a state.",
                                       sizeof(State), methods, NULL, traverse, clear, release};

TEST(create)
{
    PyObject *module = PyModule_Create(&state_def);
    State *state = (State *)PyModule_GetState(module);
    CHECK(state->number == 0 && state->held == NULL);
    state->number = 7;
    state->held = PyList_New(0);
    CHECK(repr_is(PyObject_CallMethod(module, "get_number", NULL), "7"));
    CHECK(PyModule_GetDef(module) == &state_def);
    CHECK(strcmp(PyModule_GetName(module), "with_state") == 0);
    CHECK(repr_is(PyModule_GetNameObject(module), "'with_state'"));
    CHECK(repr_is(PyObject_GetAttrString(module, "__doc__"), "'Has a state.'"));
    PyObject *function = keep(PyObject_GetAttrString(module, "get_number"));
    CHECK(repr_is(PyObject_GetAttrString(function, "__module__"), "'with_state'"));
    CHECK(PyCFunction_GetSelf(function) == module);
    CHECK(shows(module, "<module 'with_state'>"));
    freed = 0;
    Py_DECREF(module);
    CHECK(freed == 0);
    done();
    (void)PyGC_Collect();
    CHECK(freed == 1);
}

TEST(bare)
{
    PyObject *module = keep(PyModule_New("bare"));
    CHECK(PyModule_Check(module) && PyModule_CheckExact(module) && !PyModule_Check(Py_None));
    CHECK(repr_is(PyObject_GetAttrString(module, "__name__"), "'bare'"));
    CHECK(repr_is(PyObject_GetAttrString(module, "__doc__"), "None"));
    CHECK(PyDict_GetItemString(PyModule_GetDict(module), "__name__") != NULL);
    CHECK(PyModule_GetState(module) == NULL && PyModule_GetDef(module) == NULL);
    CHECK(PyErr_Occurred() == NULL);
    CHECK_RAISES(PyExc_SystemError, "module filename missing",
                 PyModule_GetFilenameObject(module) == NULL);
    CHECK_RAISES(PyExc_AttributeError, "module 'bare' has no attribute 'gone'",
                 PyObject_GetAttrString(module, "gone") == NULL);
    CHECK(PyObject_SetAttrString(module, "__file__", S("/a/b.so")) == 0);
    CHECK(repr_is(PyModule_GetFilenameObject(module), "'/a/b.so'"));
    CHECK(shows(module, "<module 'bare' from '/a/b.so'>"));
    CHECK(PyObject_DelAttrString(module, "__name__") == 0);
    CHECK_RAISES(PyExc_SystemError, "nameless module", PyModule_GetName(module) == NULL);
    done();
}

TEST(not_a_module)
{
    CHECK_RAISES(PyExc_SystemError, NULL, PyModule_GetDict(L(1)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "bad argument type for built-in operation",
                 PyModule_GetNameObject(L(1)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "bad argument type for built-in operation",
                 PyModule_GetState(L(1)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "bad argument type for built-in operation",
                 PyModule_GetDef(L(1)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "PyModule_AddObjectRef() first argument must be a module",
                 PyModule_AddIntConstant(L(1), "x", 1) == -1);
    done();
}

TEST(add)
{
    PyObject *module = keep(PyModule_New("adding"));
    CHECK(PyModule_AddIntConstant(module, "i", -5) == 0);
    CHECK(PyModule_AddStringConstant(module, "s", "te\u20acxt") == 0);
    CHECK(PyModule_AddIntMacro(module, METH_O) == 0);
    CHECK(PyModule_AddObject(module, "o", PyList_New(0)) == 0);
    CHECK(PyModule_SetDocString(module, "New doc.") == 0);
    CHECK(PyModule_AddFunctions(module, methods) == 0);
    CHECK(repr_is(PyObject_GetAttrString(module, "i"), "-5"));
    CHECK(repr_is(PyObject_GetAttrString(module, "s"), "'te\u20acxt'"));
    CHECK(repr_is(PyObject_GetAttrString(module, "METH_O"), "8"));
    CHECK(repr_is(PyObject_GetAttrString(module, "o"), "[]"));
    CHECK(repr_is(PyObject_GetAttrString(module, "__doc__"), "'New doc.'"));
    CHECK(shows(keep(PyObject_GetAttrString(module, "get_number")), "<built-in function get_number>"));
#if TEST_API >= 0x030D0000
    PyObject *list = PyList_New(0);
    CHECK(PyModule_AddObjectRef(module, "r", list) == 0 && Py_REFCNT(list) == 2);
    Py_DECREF(list);
    CHECK(PyModule_Add(module, "a", PyLong_FromLong(5000)) == 0);
    CHECK(PyModule_AddType(module, &PyLong_Type) == 0);
    CHECK(is_same(PyObject_GetAttrString(module, "int"), (PyObject *)&PyLong_Type));
    CHECK_RAISES(PyExc_SystemError,
                 "PyModule_AddObjectRef() must be called with an exception raised if value is NULL",
                 PyModule_AddObjectRef(module, "x", NULL) == -1);
    CHECK_RAISES(PyExc_KeyError, "'earlier'",
                 (PyErr_SetString(PyExc_KeyError, "earlier"), PyModule_Add(module, "x", NULL) == -1));
#endif
    done();
}

static int executed;

static int exec_ok(PyObject *module)
{
    executed++;
    return PyModule_AddIntConstant(module, "executed", executed);
}

static int exec_fail(PyObject *module)
{
    (void)module;
    PyErr_SetString(PyExc_ValueError, "exec says no");
    return -1;
}

static int exec_silent(PyObject *module)
{
    (void)module;
    return -1;
}

static PyModuleDef_Slot ok_slots[] = {{Py_mod_exec, FUNC(exec_ok)}, {Py_mod_exec, FUNC(exec_ok)},
                                      {0, NULL}};
static PyModuleDef_Slot fail_slots[] = {{Py_mod_exec, FUNC(exec_fail)}, {0, NULL}};
static PyModuleDef_Slot silent_slots[] = {{Py_mod_exec, FUNC(exec_silent)}, {0, NULL}};
static struct PyModuleDef ok_def = {PyModuleDef_HEAD_INIT, "phases", NULL, 0, NULL, ok_slots, NULL,
                                    NULL, NULL};
static struct PyModuleDef fail_def = {PyModuleDef_HEAD_INIT, "failing", NULL, 0, NULL, fail_slots,
                                      NULL, NULL, NULL};
static struct PyModuleDef silent_def = {PyModuleDef_HEAD_INIT, "silent", NULL, 0, NULL, silent_slots,
                                        NULL, NULL, NULL};

static PyObject *spec_for(const char *name)
{
    PyObject *namespace_type = from_module("types", "SimpleNamespace");
    return keep(PyObject_Call(namespace_type, V("()"), V("{ssss}", "name", name, "origin", "here")));
}

TEST(phases)
{
    PyObject *module = keep(PyModule_FromDefAndSpec(&ok_def, spec_for("another")));
    CHECK(repr_is(PyModule_GetNameObject(module), "'another'"));
    executed = 0;
    CHECK(PyModule_ExecDef(module, &ok_def) == 0 && executed == 2);
    CHECK(repr_is(PyObject_GetAttrString(module, "executed"), "2"));
    module = keep(PyModule_FromDefAndSpec(&fail_def, spec_for("failing")));
    CHECK_RAISES(PyExc_ValueError, "exec says no", PyModule_ExecDef(module, &fail_def) == -1);
    module = keep(PyModule_FromDefAndSpec(&silent_def, spec_for("silent")));
    CHECK_RAISES(PyExc_SystemError,
                 "execution of <module 'silent'> failed without setting an exception",
                 PyModule_ExecDef(module, &silent_def) == -1);
    CHECK(PyModuleDef_Init(&ok_def) == (PyObject *)&ok_def);
    CHECK_RAISES(PyExc_SystemError, "module phases: PyModule_Create is incompatible with m_slots",
                 PyModule_Create(&ok_def) == NULL);
    done();
}

#if TEST_API >= 0x030F0000

PyABIInfo_VAR(abi_info);

static PySlot module_slots[] = {
    PySlot_PTR_STATIC(Py_mod_abi, &abi_info),
    PySlot_PTR_STATIC(Py_mod_name, "ignored_name"),
    PySlot_PTR_STATIC(Py_mod_doc, "Doc."),
    PySlot_PTR(Py_mod_state_size, sizeof(State)),
    PySlot_PTR_STATIC(Py_mod_methods, methods),
    PySlot_PTR(Py_mod_exec, FUNC(exec_ok)),
    PySlot_PTR(Py_mod_token, &executed),
    PySlot_END,
};

#endif

TEST(from_slots)
{
#if TEST_API >= 0x030F0000
    void *token = NULL;
    Py_ssize_t size = -1;
    CHECK(PyABIInfo_Check(&abi_info, "tests") == 0);
    PyABIInfo other = {1, 0, PyABIInfo_STABLE | PyABIInfo_FREETHREADED, 0x030f0000, 0x030f0000};
    CHECK_RAISES(PyExc_ImportError, NULL, PyABIInfo_Check(&other, "tests") == -1);
    PyABIInfo later = {1, 0, PyABIInfo_STABLE | PyABIInfo_GIL, 0x04000000, 0x04000000};
    CHECK_RAISES(PyExc_ImportError, NULL, PyABIInfo_Check(&later, "tests") == -1);
    PyObject *module = keep(PyModule_FromSlotsAndSpec(module_slots, spec_for("slotted")));
    CHECK(repr_is(PyModule_GetNameObject(module), "'slotted'"));
    CHECK(repr_is(PyObject_GetAttrString(module, "__doc__"), "'Doc.'"));
    CHECK(PyModule_GetStateSize(module, &size) == 0 && size == (Py_ssize_t)sizeof(State));
    CHECK(PyModule_GetToken(module, &token) == 0 && token == (void *)&executed);
    CHECK_RAISES(PyExc_SystemError,
                 "module slotted does not define Py_mod_abi, which is mandatory for modules "
                 "defined from slots only.",
                 PyModule_FromSlotsAndSpec(module_slots + 1, spec_for("slotted")) == NULL);
    executed = 0;
    CHECK(PyModule_Exec(module) == 0 && executed == 1);
    CHECK(repr_is(PyObject_CallMethod(module, "get_number", NULL), "0"));
    CHECK(PyModule_GetDef(module) == NULL && PyErr_Occurred() == NULL);
    CHECK(PyModule_GetStateSize(keep(PyModule_New("x")), &size) == 0 && size == 0);
    CHECK_RAISES(PyExc_TypeError, NULL, PyModule_GetStateSize(L(1), &size) == -1);
    done();
#else
    SKIP("needs 3.15");
#endif
}

TEST_MAIN(create, bare, not_a_module, add, phases, from_slots)
