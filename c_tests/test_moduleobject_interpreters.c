/* moduleobject.h: which modules an interpreter takes, by what their slots say, and what is said of them first. FULL-API */
/* NEEDS 3.15 */
#include "expect.h"
#include "interpreters.h"

static int execute(PyObject *module)
{
    return PyModule_AddIntConstant(module, "executed", 1);
}

PyABIInfo_VAR(abi_info);

#define ABI PySlot_PTR_STATIC(Py_mod_abi, &abi_info)
#define EXEC PySlot_PTR(Py_mod_exec, FUNC(execute))
#define SIZE(n) PySlot_PTR(Py_mod_state_size, (void *)(intptr_t)(n))
#define INTERPRETERS(value) PySlot_PTR(Py_mod_multiple_interpreters, value)
#define GIL(value) PySlot_PTR(Py_mod_gil, value)

static PySlot silent[] = {ABI, EXEC, PySlot_END};
static PySlot none[] = {ABI, INTERPRETERS(Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED), EXEC, PySlot_END};
static PySlot some[] = {ABI, INTERPRETERS(Py_MOD_MULTIPLE_INTERPRETERS_SUPPORTED), EXEC, PySlot_END};
static PySlot all[] = {ABI, INTERPRETERS(Py_MOD_PER_INTERPRETER_GIL_SUPPORTED), EXEC, PySlot_END};
static PySlot odd[] = {ABI, INTERPRETERS((void *)7), EXEC, PySlot_END};
static PySlot gil_used[] = {ABI, INTERPRETERS(Py_MOD_PER_INTERPRETER_GIL_SUPPORTED), GIL(Py_MOD_GIL_USED), EXEC, PySlot_END};
static PySlot gil_not_used[] = {ABI, INTERPRETERS(Py_MOD_PER_INTERPRETER_GIL_SUPPORTED), GIL(Py_MOD_GIL_NOT_USED), EXEC, PySlot_END};
static PySlot without_abi[] = {INTERPRETERS(Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED), SIZE(-1), EXEC, PySlot_END};
static PySlot executed_twice[] = {INTERPRETERS(Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED), SIZE(-1), EXEC, EXEC, PySlot_END};
static PySlot negative_size[] = {ABI, INTERPRETERS(Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED), SIZE(-1), EXEC, PySlot_END};
static PySlot said_twice[] = {ABI, INTERPRETERS(Py_MOD_PER_INTERPRETER_GIL_SUPPORTED), INTERPRETERS(Py_MOD_PER_INTERPRETER_GIL_SUPPORTED), EXEC, PySlot_END};
static PySlot unknown[] = {ABI, INTERPRETERS(Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED), PySlot_PTR(777, NULL), EXEC, PySlot_END};

static const struct {
    const char *name;
    PySlot *slots;
} modules[] = {
    {"silent", silent}, {"none", none}, {"some", some}, {"all", all}, {"odd", odd}, {"gil_used", gil_used},
    {"gil_not_used", gil_not_used}, {"without_abi", without_abi}, {"executed_twice", executed_twice},
    {"negative_size", negative_size}, {"said_twice", said_twice}, {"unknown", unknown},
};

/* What has a name, as a spec. */
static PyObject *spec_for(const char *name)
{
    PyObject *spec = PyObject_CallFunction((PyObject *)&PyType_Type, "s(O){ss}", "Spec", (PyObject *)&PyBaseObject_Type, "name", name);
    return spec;
}

static void try_all(void)
{
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++) {
        PyObject *spec = spec_for(modules[i].name), *module = PyModule_FromSlotsAndSpec(modules[i].slots, spec);
        printf("%s: ", modules[i].name);
        if (module != NULL && PyModule_Exec(module) == 0) test_print("", PyObject_GetAttrString(module, "executed"), 1);
        else {
            PyObject *raised = test_take_raised();
            test_print("", raised, 1);
            Py_XDECREF(raised);
        }
        Py_XDECREF(module);
        Py_XDECREF(spec);
    }
}

static void try_in(PyInterpreterConfig config)
{
    PyThreadState *here = PyThreadState_Get(), *ts = NULL;
    CHECK(!PyStatus_Exception(Py_NewInterpreterFromConfig(&ts, &config)));
    try_all();
    Py_EndInterpreter(ts);
    PyThreadState_Swap(here);
}

TEST(in_the_main_one)
{
    try_all();
    done();
}

TEST(in_one_that_takes_all)
{
    PyThreadState *here = PyThreadState_Get(), *ts = Py_NewInterpreter();
    try_all();
    Py_EndInterpreter(ts);
    PyThreadState_Swap(here);
    done();
}

TEST(in_one_with_its_own_gil)
{
    try_in(own_gil());
    done();
}

TEST(in_one_that_checks_and_shares_the_gil)
{
    PyInterpreterConfig config = own_gil();
    config.gil = PyInterpreterConfig_SHARED_GIL;
    try_in(config);
    done();
}

TEST(in_one_with_its_own_gil_that_takes_all)
{
    PyInterpreterConfig config = own_gil();
    config.check_multi_interp_extensions = 0;
    config.use_main_obmalloc = 1;
    try_in(config);
    done();
}

TEST_MAIN(in_the_main_one, in_one_that_takes_all, in_one_with_its_own_gil, in_one_that_checks_and_shares_the_gil,
          in_one_with_its_own_gil_that_takes_all)
