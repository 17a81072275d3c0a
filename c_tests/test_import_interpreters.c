/* import.h: modules of one phase in interpreters that take every module, and what PyState_FindModule finds there. */
/* NEEDS 3.13 */
#include "expect.h"

static int64_t here(void)
{
    return PyInterpreterState_GetID(PyInterpreterState_Get());
}

static PyObject *where(PyObject *self, PyObject *unused)
{
    (void)self, (void)unused;
    return PyLong_FromLongLong(here());
}

static PyMethodDef methods[] = {{"where", where, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

/* Each is loaded by one test. */
enum { ONCE, AGAIN, WITH_STATE, FIRST_IN_MAIN, MODULES };

static PyModuleDef definitions[MODULES] = {
    {PyModuleDef_HEAD_INIT, "once", NULL, -1, methods, NULL, NULL, NULL, NULL},
    {PyModuleDef_HEAD_INIT, "again", NULL, 0, methods, NULL, NULL, NULL, NULL},
    {PyModuleDef_HEAD_INIT, "with_state", NULL, sizeof(int64_t), methods, NULL, NULL, NULL, NULL},
    {PyModuleDef_HEAD_INIT, "first_in_main", NULL, -1, methods, NULL, NULL, NULL, NULL},
};

/* How often its function ran, and in which interpreter the last time. */
static int runs[MODULES];
static int64_t last[MODULES];

static PyObject *make(int which)
{
    PyObject *module = PyModule_Create(&definitions[which]), *list = PyList_New(0);
    runs[which]++;
    last[which] = here();
    if (PyModule_AddObjectRef(module, "list", list) < 0 || PyModule_AddIntConstant(module, "made_in", (long)here()) < 0) return NULL;
    Py_DECREF(list);
    if (which == WITH_STATE) *(int64_t *)PyModule_GetState(module) = here();
    return module;
}

static PyObject *init_once(void) { return make(ONCE); }
static PyObject *init_again(void) { return make(AGAIN); }
static PyObject *init_with_state(void) { return make(WITH_STATE); }
static PyObject *init_first_in_main(void) { return make(FIRST_IN_MAIN); }

static PyObject *init_in_main_only(void)
{
    static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "in_main_only", NULL, 0, methods, NULL, NULL, NULL, NULL};
    if (here() == 0) return PyModule_Create(&definition);
    PyErr_SetString(PyExc_ValueError, "in main only");
    return NULL;
}

static PyObject *init_elsewhere(void)
{
    PyErr_SetString(PyExc_ValueError, "elsewhere only");
    return NULL;
}

/* Before the runtime starts. */
__attribute__((constructor)) static void enter(void)
{
    PyImport_AppendInittab("once", init_once);
    PyImport_AppendInittab("again", init_again);
    PyImport_AppendInittab("with_state", init_with_state);
    PyImport_AppendInittab("first_in_main", init_first_in_main);
    PyImport_AppendInittab("in_main_only", init_in_main_only);
    PyImport_AppendInittab("elsewhere", init_elsewhere);
}

static int64_t number(PyObject *module, const char *name)
{
    PyObject *value = PyObject_GetAttrString(module, name);
    int64_t n = value ? PyLong_AsLongLong(value) : -1;
    Py_XDECREF(value);
    return n;
}

/* The module, borrowed from `sys.modules`. */
static PyObject *load(const char *name)
{
    PyObject *module = PyImport_ImportModule(name);
    Py_XDECREF(module);
    return module;
}

static PyObject *load_anew(const char *name)
{
    CHECK(PyDict_DelItemString(PyImport_GetModuleDict(), name) == 0);
    return load(name);
}

static int is_loaded(const char *name)
{
    return PyDict_GetItemString(PyImport_GetModuleDict(), name) != NULL;
}

/* Notes where it is loaded, in its list; how often that has been done. */
static Py_ssize_t note(PyObject *module)
{
    PyObject *list = PyObject_GetAttrString(module, "list"), *entry = PyLong_FromLongLong(here());
    Py_ssize_t n = list && PyList_Append(list, entry) == 0 ? PyList_Size(list) : -1;
    Py_XDECREF(entry);
    Py_XDECREF(list);
    return n;
}

static PyThreadState *before;

static void begin(void)
{
    before = PyThreadState_Get();
    CHECK(Py_NewInterpreter() != NULL);
}

static void end(void)
{
    CHECK(!PyErr_Occurred());
    Py_EndInterpreter(PyThreadState_Get());
    PyThreadState_Swap(before);
}

/* A copy of what it was in the main interpreter, where it is not loaded by that. */
TEST(one_that_exists_once)
{
    int64_t first = -1;
    for (int i = 1; i <= 2; i++) {
        begin();
        PyObject *module = load("once");
        CHECK(runs[ONCE] == 1 && last[ONCE] == 0 && number(module, "made_in") == 0 && note(module) == 2 * i - 1);
        CHECK(PyState_FindModule(&definitions[ONCE]) == module && PyModule_GetDef(module) == NULL);
        PyObject *found = PyObject_CallMethod(module, "where", NULL);
        CHECK(PyLong_AsLongLong(found) == here() && here() != first);
        first = here();
        Py_DECREF(found);
        module = load_anew("once");
        CHECK(runs[ONCE] == 1 && note(module) == 2 * i && PyState_FindModule(&definitions[ONCE]) == module);
        end();
        CHECK(!is_loaded("once") && PyState_FindModule(&definitions[ONCE]) == NULL);
    }
    PyObject *module = load("once");
    CHECK(runs[ONCE] == 1 && number(module, "made_in") == 0 && note(module) == 5);
    CHECK(PyModule_GetDef(module) == NULL && PyState_FindModule(&definitions[ONCE]) == module);
    done();
}

TEST(one_that_the_main_interpreter_has)
{
    PyObject *module = load("first_in_main");
    CHECK(PyModule_GetDef(module) == &definitions[FIRST_IN_MAIN] && note(module) == 1);
    CHECK(PyModule_AddIntConstant(module, "made_in", 99) == 0);
    begin();
    PyObject *copy = load("first_in_main");
    CHECK(runs[FIRST_IN_MAIN] == 1 && copy != module && number(copy, "made_in") == 0 && note(copy) == 2);
    CHECK(PyState_FindModule(&definitions[FIRST_IN_MAIN]) == copy && PyModule_GetDef(copy) == NULL);
    end();
    CHECK(PyState_FindModule(&definitions[FIRST_IN_MAIN]) == module && number(module, "made_in") == 99);
    done();
}

/* Its function runs in the main interpreter, and then in each. */
static void is_made_in_each(int which)
{
    const char *name = definitions[which].m_name;
    for (int i = 1; i <= 2; i++) {
        begin();
        PyObject *module = load(name);
        CHECK(runs[which] == 2 * i && last[which] == here() && number(module, "made_in") == here() && note(module) == 1);
        CHECK(PyState_FindModule(&definitions[which]) == module && PyModule_GetDef(module) == &definitions[which]);
        CHECK(which != WITH_STATE || *(int64_t *)PyModule_GetState(module) == here());
        module = load_anew(name);
        CHECK(runs[which] == 2 * i + 1 && note(module) == 1 && PyState_FindModule(&definitions[which]) == module);
        end();
        CHECK(!is_loaded(name) && PyState_FindModule(&definitions[which]) == NULL);
    }
    PyObject *module = load(name);
    CHECK(runs[which] == 6 && last[which] == 0 && PyState_FindModule(&definitions[which]) == module);
}

TEST(one_without_a_state)
{
    is_made_in_each(AGAIN);
    done();
}

TEST(one_with_a_state)
{
    is_made_in_each(WITH_STATE);
    done();
}

TEST(one_that_fails)
{
    begin();
    CHECK_RAISES(PyExc_ValueError, "in main only", load("in_main_only") == NULL);
    CHECK_RAISES(PyExc_ImportError, "failed to import from subinterpreter due to exception", load("elsewhere") == NULL);
    CHECK(!is_loaded("in_main_only") && !is_loaded("elsewhere"));
    end();
    CHECK(load("in_main_only") != NULL);
    CHECK_RAISES(PyExc_ValueError, "elsewhere only", load("elsewhere") == NULL);
    done();
}

/* By hand: what an interpreter adds is its own. */
TEST(what_is_added)
{
    static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "added", NULL, 0, NULL, NULL, NULL, NULL, NULL};
    PyObject *module = keep(PyModule_Create(&definition));
    CHECK(PyState_FindModule(&definition) == NULL && PyState_AddModule(module, &definition) == 0);
    CHECK(PyState_FindModule(&definition) == module);
    begin();
    CHECK(PyState_FindModule(&definition) == NULL);
    PyObject *other = PyModule_Create(&definition);
    CHECK(PyState_AddModule(other, &definition) == 0 && PyState_FindModule(&definition) == other);
    Py_DECREF(other);
    CHECK(PyState_FindModule(&definition) == other && PyState_RemoveModule(&definition) == 0);
    CHECK(PyState_FindModule(&definition) == NULL);
    end();
    CHECK(PyState_FindModule(&definition) == module && PyState_RemoveModule(&definition) == 0);
    CHECK(PyState_FindModule(&definition) == NULL);
    done();
}

TEST_MAIN(one_that_exists_once, one_that_the_main_interpreter_has, one_without_a_state, one_with_a_state, one_that_fails,
          what_is_added)
