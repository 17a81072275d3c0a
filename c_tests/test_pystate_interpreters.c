/* pystate.h: interpreters, each with what is its own. FULL-API */
/* NEEDS 3.13 */
#ifndef _GNU_SOURCE
#  define _GNU_SOURCE 1
#endif
#include "expect.h"
#include "interpreters.h"
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static PyInterpreterConfig legacy(void)
{
    PyInterpreterConfig config = own_gil();
    config.use_main_obmalloc = config.allow_fork = config.allow_exec = config.allow_daemon_threads = 1;
    config.check_multi_interp_extensions = 0;
    config.gil = PyInterpreterConfig_SHARED_GIL;
    return config;
}

static PyThreadState *start(PyInterpreterConfig config)
{
    PyThreadState *ts = NULL;
    PyStatus status = Py_NewInterpreterFromConfig(&ts, &config);
    CHECK(!PyStatus_Exception(status));
    CHECK(ts != NULL && PyThreadState_Get() == ts);
    return ts;
}

static void end(PyThreadState *ts, PyThreadState *then)
{
    Py_EndInterpreter(ts);
    CHECK(PyThreadState_GetUnchecked() == NULL);
    CHECK(PyThreadState_Swap(then) == NULL);
}

static int64_t current_id(void)
{
    return PyInterpreterState_GetID(PyInterpreterState_Get());
}

TEST(each_has_its_own_modules)
{
    PyThreadState *here = PyThreadState_Get();
    PyObject *modules = PyImport_GetModuleDict(), *sys = PyImport_AddModule("sys");
    PyObject *builtins = PyEval_GetBuiltins(), *dict = PyInterpreterState_GetDict(PyInterpreterState_Get());
    PyObject *value = PyLong_FromLong(1);
    CHECK(PySys_SetObject("ours", value) == 0);
    for (int i = 0; i < 2; i++) {
        PyThreadState *there = start(i == 0 ? own_gil() : legacy());
        CHECK(PyImport_GetModuleDict() != modules);
        CHECK(PyImport_AddModule("sys") != sys);
        CHECK(PyEval_GetBuiltins() != builtins);
        CHECK(PyInterpreterState_GetDict(PyInterpreterState_Get()) != dict);
        CHECK(PySys_GetObject("ours") == NULL);
        CHECK(PyDict_GetItemString(PyEval_GetBuiltins(), "int") == (PyObject *)&PyLong_Type);
        CHECK(PyDict_GetItemString(PyEval_GetBuiltins(), "None") == Py_None);
        PyObject *other = PyLong_FromLong(2);
        CHECK(PySys_SetObject("theirs", other) == 0);
        Py_DECREF(other);
        end(there, here);
        CHECK(PySys_GetObject("theirs") == NULL);
    }
    CHECK(PySys_GetObject("ours") == value);
    CHECK(PySys_SetObject("ours", NULL) == 0);
    Py_DECREF(value);
    done();
}

TEST(each_has_its_own_exception)
{
    PyThreadState *here = PyThreadState_Get();
    PyErr_SetString(PyExc_ValueError, "here");
    PyThreadState *there = start(own_gil());
    CHECK(PyErr_Occurred() == NULL);
    PyErr_SetString(PyExc_KeyError, "there");
    CHECK(PyThreadState_Swap(here) == there);
    CHECK(PyErr_ExceptionMatches(PyExc_ValueError));
    CHECK(PyThreadState_Swap(there) == here);
    CHECK(PyErr_ExceptionMatches(PyExc_KeyError));
    PyErr_Clear();
    end(there, here);
    CHECK_RAISES(PyExc_ValueError, "here", 1);
    done();
}

TEST(each_has_its_own_interned_strings_and_subclasses)
{
    PyThreadState *here = PyThreadState_Get();
    PyObject *name = PyUnicode_InternFromString("a name that nobody else has");
    PyObject *mine = PyObject_CallFunction((PyObject *)&PyType_Type, "s(O){}", "Mine", (PyObject *)&PyLong_Type);
    PyThreadState *there = start(own_gil());
    PyObject *other = PyUnicode_InternFromString("a name that nobody else has");
    CHECK(other != NULL && other != name);
    PyObject *found = PyObject_CallMethod((PyObject *)&PyLong_Type, "__subclasses__", NULL);
    int seen = 0;
    for (Py_ssize_t i = 0; found != NULL && i < PyList_Size(found); i++) seen |= PyList_GetItem(found, i) == mine;
    CHECK(found != NULL && !seen);
    Py_XDECREF(found);
    Py_XDECREF(other);
    end(there, here);
    found = PyObject_CallMethod((PyObject *)&PyLong_Type, "__subclasses__", NULL);
    for (Py_ssize_t i = 0; found != NULL && i < PyList_Size(found); i++) seen |= PyList_GetItem(found, i) == mine;
    CHECK(seen);
    Py_XDECREF(found);
    Py_DECREF(mine);
    Py_DECREF(name);
    done();
}

static void show_fault(const char *what, PyInterpreterConfig config)
{
    PyThreadState *here = PyThreadState_Get(), *ts = here;
    PyStatus status = Py_NewInterpreterFromConfig(&ts, &config);
    printf("  %s: %s\n", what, status.err_msg);
    CHECK(PyStatus_Exception(status) && ts == NULL && PyThreadState_Get() == here);
}

TEST(configurations_that_cannot_be)
{
    PyInterpreterConfig config = own_gil();
    config.gil = 99;
    show_fault("no such GIL", config);
    config = own_gil();
    config.check_multi_interp_extensions = 0;
    show_fault("own memory, any extension", config);
    done();
}

TEST(numbers_are_never_used_twice)
{
    PyThreadState *here = PyThreadState_Get();
    CHECK(current_id() == 0);
    PyThreadState *first = start(own_gil());
    int64_t id = current_id();
    CHECK(id > 0);
    CHECK(PyThreadState_GetInterpreter(first) == PyInterpreterState_Get());
    end(first, here);
    PyThreadState *second = start(own_gil());
    CHECK(current_id() > id);
    CHECK(PyThreadState_GetID(second) == 1);
    end(second, here);
    CHECK(current_id() == 0);
    done();
}

static char calls[100];

static void at_exit(void *data)
{
    snprintf(calls + strlen(calls), sizeof calls - strlen(calls), "%s%d ", (char *)data, (int)(current_id() != 0));
}

TEST(what_is_registered_for_the_end)
{
    static char one[] = "one", two[] = "two";
    PyThreadState *here = PyThreadState_Get();
    PyThreadState *there = start(own_gil());
    CHECK(PyUnstable_AtExit(PyInterpreterState_Get(), at_exit, one) == 0);
    CHECK(PyUnstable_AtExit(PyInterpreterState_Get(), at_exit, two) == 0);
    calls[0] = 0;
    end(there, here);
    CHECK(strcmp(calls, "two1 one1 ") == 0);
    done();
}

TEST(saving_and_restoring_across)
{
    PyThreadState *here = PyThreadState_Get();
    PyThreadState *there = start(own_gil());
    CHECK(PyEval_SaveThread() == there);
    CHECK(PyThreadState_GetUnchecked() == NULL);
    PyEval_RestoreThread(here);
    CHECK(current_id() == 0);
    PyEval_ReleaseThread(here);
    PyEval_AcquireThread(there);
    CHECK(current_id() != 0);
    PyThreadState *second = PyThreadState_New(PyInterpreterState_Get());
    CHECK(PyThreadState_GetID(second) == 2);
    CHECK(PyThreadState_Swap(second) == there);
    CHECK(current_id() != 0);
    CHECK(PyThreadState_Swap(there) == second);
    PyThreadState_Clear(second);
    PyThreadState_Delete(second);
    end(there, here);
    done();
}

TEST(gilstate_follows_the_thread)
{
    PyThreadState *here = PyThreadState_Get();
    PyThreadState *there = start(legacy());
    PyGILState_STATE state = PyGILState_Ensure();
    CHECK(state == PyGILState_LOCKED && PyThreadState_Get() == there && PyGILState_Check());
    PyGILState_Release(state);
    PyEval_SaveThread();
    state = PyGILState_Ensure();
    CHECK(state == PyGILState_UNLOCKED && PyThreadState_Get() == there);
    PyGILState_Release(state);
    PyEval_RestoreThread(there);
    end(there, here);
    CHECK(PyGILState_GetThisThreadState() == here);
    done();
}

static int arrived;

/* Ends only when two threads hold their GILs at the same time. */
static void *meet(void *argument)
{
    (void)argument;
    PyInterpreterConfig config = own_gil();
    PyThreadState *ts = NULL;
    PyStatus status = Py_NewInterpreterFromConfig(&ts, &config);
    if (PyStatus_Exception(status)) return NULL;
    PyObject *list = PyList_New(0);
    __atomic_fetch_add(&arrived, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&arrived, __ATOMIC_SEQ_CST) < 2) {
    }
    for (long i = 0; i < 100000; i++) {
        PyObject *number = PyLong_FromLong(i);
        PyList_Append(list, number);
        Py_DECREF(number);
        Py_INCREF(Py_None);
        Py_DECREF(Py_None);
    }
    static char ok;
    char *result = PyList_Size(list) == 100000 && PyObject_IsTrue(list) == 1 ? &ok : NULL;
    Py_DECREF(list);
    Py_EndInterpreter(ts);
    return result;
}

TEST(own_gils_are_held_at_once)
{
    pthread_t threads[2];
    __atomic_store_n(&arrived, 0, __ATOMIC_SEQ_CST);
    PyThreadState *here = PyEval_SaveThread();
    for (int i = 0; i < 2; i++) CHECK(pthread_create(&threads[i], NULL, meet, NULL) == 0);
    for (int i = 0; i < 2; i++) {
        void *result = NULL;
        CHECK(pthread_join(threads[i], &result) == 0 && result != NULL);
    }
    PyEval_RestoreThread(here);
    done();
}

static PyThreadState *parked;
static int stage;

static void *come_back_late(void *interp)
{
    parked = PyThreadState_New((PyInterpreterState *)interp);
    PyEval_RestoreThread(parked);
    PyEval_SaveThread();
    __atomic_store_n(&stage, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&stage, __ATOMIC_SEQ_CST) == 1) usleep(1000);
    __atomic_store_n(&stage, 3, __ATOMIC_SEQ_CST);
    PyEval_RestoreThread(parked);
    __atomic_store_n(&stage, 4, __ATOMIC_SEQ_CST);
    return NULL;
}

TEST(a_thread_that_comes_back_after_the_end_waits_for_ever)
{
    NEEDS(0x030F0000);
    PyThreadState *here = PyThreadState_Get();
    PyThreadState *there = start(own_gil());
    PyThreadState_New(PyInterpreterState_Get());
    pthread_t thread;
    __atomic_store_n(&stage, 0, __ATOMIC_SEQ_CST);
    PyInterpreterState *interp = PyInterpreterState_Get();
    PyEval_SaveThread();
    CHECK(pthread_create(&thread, NULL, come_back_late, interp) == 0);
    while (__atomic_load_n(&stage, __ATOMIC_SEQ_CST) == 0) usleep(1000);
    PyEval_RestoreThread(there);
    end(there, here);
    __atomic_store_n(&stage, 2, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&stage, __ATOMIC_SEQ_CST) == 2) usleep(1000);
    usleep(20000);
    CHECK(__atomic_load_n(&stage, __ATOMIC_SEQ_CST) == 3);
    done();
}

static PyModuleDef single = {PyModuleDef_HEAD_INIT, "single", NULL, 0, NULL, NULL, NULL, NULL, NULL};

static PyObject *init_single(void)
{
    return PyModule_Create(&single);
}

static PyModuleDef_Slot says_nothing[] = {{0, NULL}};
static PyModuleDef_Slot says_no[] = {
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED}, {0, NULL}};
static PyModuleDef_Slot says_shared[] = {
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_SUPPORTED}, {0, NULL}};
static PyModuleDef_Slot says_own[] = {
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED}, {0, NULL}};
static PyModuleDef definitions[] = {
    {PyModuleDef_HEAD_INIT, "nothing", NULL, 0, NULL, says_nothing, NULL, NULL, NULL},
    {PyModuleDef_HEAD_INIT, "no", NULL, 0, NULL, says_no, NULL, NULL, NULL},
    {PyModuleDef_HEAD_INIT, "shared", NULL, 0, NULL, says_shared, NULL, NULL, NULL},
    {PyModuleDef_HEAD_INIT, "own", NULL, 0, NULL, says_own, NULL, NULL, NULL},
};

static PyObject *init_nothing(void) { return PyModuleDef_Init(&definitions[0]); }
static PyObject *init_no(void) { return PyModuleDef_Init(&definitions[1]); }
static PyObject *init_shared(void) { return PyModuleDef_Init(&definitions[2]); }
static PyObject *init_own(void) { return PyModuleDef_Init(&definitions[3]); }

/* Imported first by an interpreter that refuses it. */
static PyModuleDef lone = {PyModuleDef_HEAD_INIT, "lone", NULL, 0, NULL, NULL, NULL, NULL, NULL};
static int begun, begun_in;

static PyObject *init_lone(void)
{
    begun++;
    begun_in = (int)current_id();
    return PyModule_Create(&lone);
}

static PyObject *init_fails(void)
{
    PyErr_SetString(PyExc_ValueError, "said on stderr");
    return NULL;
}

static void register_modules(void)
{
    static int is_done;
    if (is_done++) return;
    CHECK(Py_FinalizeEx() == 0);
    PyImport_AppendInittab("single", init_single);
    PyImport_AppendInittab("nothing", init_nothing);
    PyImport_AppendInittab("no", init_no);
    PyImport_AppendInittab("shared", init_shared);
    PyImport_AppendInittab("own", init_own);
    PyImport_AppendInittab("lone", init_lone);
    PyImport_AppendInittab("fails", init_fails);
    Py_Initialize();
}

static void import_all(const char *where)
{
    static const char *const names[] = {"single", "nothing", "no", "shared", "own"};
    printf("  in %s:\n", where);
    for (int i = 0; i < 5; i++) {
        PyObject *module = PyImport_ImportModule(names[i]);
        printf("  %s ", names[i]);
        if (module != NULL) printf("is loaded\n");
        else {
            PyObject *raised = test_take_raised();
            test_print("raises ", raised, 1);
            Py_XDECREF(raised);
        }
        Py_XDECREF(module);
    }
}

TEST(extensions_are_checked)
{
    register_modules();
    PyThreadState *here = PyThreadState_Get();
    import_all("the main interpreter");
    PyThreadState *there = start(own_gil());
    import_all("one with its own GIL");
    end(there, here);
    PyInterpreterConfig config = own_gil();
    config.gil = PyInterpreterConfig_SHARED_GIL;
    there = start(config);
    import_all("one that shares the GIL");
    end(there, here);
    there = start(legacy());
    import_all("one that checks nothing");
    end(there, here);
    config = legacy();
    config.gil = PyInterpreterConfig_OWN_GIL;
    there = start(config);
    import_all("one with its own GIL that checks nothing");
    end(there, here);
    done();
}

TEST(a_module_begins_in_the_main_interpreter)
{
    NEEDS(0x030D0100); /* 3.13.0 crashes where an initialisation fails. */
    register_modules();
    PyThreadState *here = PyThreadState_Get();
    PyThreadState *there = start(own_gil());
    begun = 0;
    begun_in = -1;
    /* Before it is known of which kind it is; once is enough to know. */
    SHOW(PyImport_ImportModule("lone"));
    SHOW(PyImport_ImportModule("lone"));
    CHECK(begun == 1 && begun_in == 0);
    SHOW(PyImport_ImportModule("fails"));
    end(there, here);
    SHOW(PyImport_ImportModule("fails"));
    PyObject *module = PyImport_ImportModule("lone");
    CHECK(module != NULL && begun == 2 && begun_in == 0);
    PyObject *spec = module ? PyObject_GetAttrString(module, "__spec__") : NULL;
    CHECK(spec != NULL && spec != Py_None);
    Py_XDECREF(spec);
    Py_XDECREF(module);
    done();
}

static int destroyed;

static void destroy(PyObject *capsule)
{
    (void)capsule;
    destroyed++;
}

static void keep_in(PyObject *dict)
{
    static int something;
    PyObject *capsule = PyCapsule_New(&something, NULL, destroy);
    CHECK(dict != NULL && PyDict_SetItemString(dict, "kept", capsule) == 0);
    Py_DECREF(capsule);
}

TEST(an_interpreter_is_cleared_and_deleted_by_hand)
{
    PyThreadState *here = PyThreadState_Get();
    PyThreadState *there = Py_NewInterpreter();
    PyInterpreterState *interp = PyThreadState_GetInterpreter(there);
    keep_in(PyInterpreterState_GetDict(interp));
    destroyed = 0;
    PyThreadState_Swap(here);
    PyInterpreterState_Clear(interp);
    CHECK(destroyed == 1);
    PyInterpreterState_Delete(interp);
    CHECK(PyThreadState_Get() == here && current_id() == 0);
    done();
}

TEST(one_is_made_from_nothing)
{
    if (strstr(Py_GetVersion(), "deathless") == NULL) SKIP("CPython crashes where such a one makes an object");
    PyThreadState *here = PyThreadState_Get();
    PyInterpreterState *interp = PyInterpreterState_New();
    CHECK(interp != NULL && PyInterpreterState_GetID(interp) > 0);
    PyThreadState *ts = PyThreadState_New(interp);
    CHECK(PyThreadState_GetInterpreter(ts) == interp);
    PyThreadState_Swap(ts);
    keep_in(PyInterpreterState_GetDict(interp));
    keep_in(PyThreadState_GetDict());
    destroyed = 0;
    PyThreadState_Clear(ts);
    CHECK(destroyed == 1);
    PyInterpreterState_Clear(interp);
    CHECK(destroyed == 2);
    PyThreadState_Swap(here);
    PyInterpreterState_Delete(interp);
    CHECK(PyThreadState_Get() == here && current_id() == 0);
    done();
}

TEST(those_that_are_left_end_with_the_runtime)
{
    Py_NewInterpreter();
    PyThreadState *here = PyThreadState_Get();
    start(own_gil());
    CHECK(PyThreadState_Swap(here) != here);
    CHECK(Py_FinalizeEx() == 0);
    CHECK(!Py_IsInitialized());
    Py_Initialize();
    CHECK(current_id() == 0);
    PyThreadState *main = PyThreadState_Get();
    PyThreadState *there = Py_NewInterpreter();
    CHECK(current_id() == 1);
    end(there, main);
    done();
}

static long resident(void)
{
    long size = 0, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    int found = file != NULL ? fscanf(file, "%ld %ld", &size, &pages) : 0;
    if (file != NULL) fclose(file);
    return found == 2 ? pages * 4 : -1;
}

TEST(nothing_is_left_of_one)
{
    if (strstr(Py_GetVersion(), "deathless") == NULL) SKIP("CPython keeps some");
    if (getenv("PYTHONMALLOC") != NULL) SKIP("malloc keeps what is forgotten");
    if (getenv("SLOW") != NULL) SKIP("the process is not alone in its memory");
    PyThreadState *here = PyThreadState_Get();
    long before = 0;
    for (int i = 0; i < 1000; i++) {
        PyThreadState *there = start(own_gil());
        /* Forgotten: half a megabyte in all sizes. */
        for (size_t size = 16; size < 300000; size *= 2) memset(PyMem_Malloc(size), 1, size);
        PyObject *list = PyList_New(100);
        for (Py_ssize_t k = 0; k < 100; k++) PyList_SetItem(list, k, PyLong_FromLong(70000 + (long)k));
        end(there, here);
        if (i == 20) before = resident();
    }
    CHECK(resident() - before < 1024);
    done();
}

TEST(many_at_once)
{
    PyThreadState *here = PyThreadState_Get();
    PyThreadState *states[100];
    int count = strstr(Py_GetVersion(), "deathless") == NULL || getenv("SLOW") != NULL ? 5 : 100;
    for (int i = 0; i < count; i++) {
        states[i] = start(own_gil());
        PyObject *number = PyLong_FromLong(i);
        CHECK(PySys_SetObject("number", number) == 0);
        Py_DECREF(number);
    }
    for (int i = count - 1; i >= 0; i--) {
        PyThreadState_Swap(states[i]);
        CHECK(PyLong_AsLong(PySys_GetObject("number")) == i);
        end(states[i], here);
    }
    done();
}

TEST_MAIN(each_has_its_own_modules, each_has_its_own_exception, each_has_its_own_interned_strings_and_subclasses,
          configurations_that_cannot_be, numbers_are_never_used_twice, what_is_registered_for_the_end,
          saving_and_restoring_across, gilstate_follows_the_thread, own_gils_are_held_at_once,
          a_thread_that_comes_back_after_the_end_waits_for_ever, extensions_are_checked,
          a_module_begins_in_the_main_interpreter, an_interpreter_is_cleared_and_deleted_by_hand,
          one_is_made_from_nothing, those_that_are_left_end_with_the_runtime, nothing_is_left_of_one, many_at_once)
