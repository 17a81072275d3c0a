/* The module gc, for what an expression cannot ask: c_tests/expressions/gc.expr has the rest. */
/* NEEDS 3.13 */
#include "expect.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
void PyUnstable_GC_VisitObjects(int (*callback)(PyObject *, void *), void *arg);
#ifdef __cplusplus
}
#endif

static PyObject *gc(const char *name)
{
    return keep(PyObject_GetAttrString(keep(PyImport_ImportModule("gc")), name));
}

static PyObject *call(const char *name, PyObject *arg)
{
    return arg == NULL ? PyObject_CallNoArgs(gc(name))
                       : PyObject_CallFunctionObjArgs(gc(name), arg, NULL);
}

static bool number_is(PyObject *owned, long want)
{
    long value = owned == NULL ? -1 : PyLong_AsLong(owned);
    Py_XDECREF(owned);
    return value == want;
}

/* A list that holds itself, and nothing else does. */
static void drop_cycle(void)
{
    PyObject *list = PyList_New(0);
    CHECK(PyList_Append(list, list) == 0);
    Py_DECREF(list);
}

/* Whether `list`, which is given back, has `object` in it. */
static bool has(PyObject *list, PyObject *object)
{
    bool found = false;
    for (Py_ssize_t i = 0; list != NULL && i < PyList_Size(list); i++) {
        found = found || PyList_GetItem(list, i) == object;
    }
    Py_XDECREF(list);
    return found;
}

TEST(generations)
{
    CHECK(PyGC_Collect() >= 0);
    PyObject *object = keep(PyList_New(0));
    for (int age = 0; age < 4; age++) {
        for (int generation = 0; generation < 3; generation++) {
            bool is_there = generation == (age < 2 ? age : 2);
            CHECK(has(call("get_objects", L(generation)), object) == is_there);
        }
        CHECK(has(call("get_objects", NULL), object));
        PyObject *collected = call("collect", L(age < 2 ? age : 2));
        CHECK(collected != NULL);
        Py_XDECREF(collected);
    }
    PyObject *all = call("get_objects", NULL);
    CHECK(!has(all, all));
    done();
}

static int visit_until(PyObject *object, void *wanted)
{
    if (object == *(PyObject **)wanted) {
        *(PyObject **)wanted = NULL;
        return 0;
    }
    return 1;
}

TEST(freezing)
{
    PyObject *object = keep(PyList_New(0)), *holder = Py_BuildValue("[O]", object);
    CHECK(PyGC_Collect() >= 0);
    CHECK(is_none(call("freeze", NULL)));
    PyObject *count = call("get_freeze_count", NULL);
    CHECK(PyLong_AsLong(count) >= 2);
    Py_DECREF(count);
    CHECK(!has(call("get_objects", NULL), object) && !has(call("get_referrers", object), holder));
    CHECK(PyObject_GC_IsTracked(object) == 1);
    /* What is visited from C is frozen or not. */
    PyObject *wanted = object;
    PyUnstable_GC_VisitObjects(visit_until, &wanted);
    CHECK(wanted == NULL);
    /* What ends while it is frozen is gone. */
    PyObject *before = call("get_freeze_count", NULL);
    Py_DECREF(holder);
    PyObject *after = call("get_freeze_count", NULL);
    CHECK(PyLong_AsLong(before) - PyLong_AsLong(after) == 1);
    Py_DECREF(before);
    Py_DECREF(after);
    CHECK(is_none(call("unfreeze", NULL)) && number_is(call("get_freeze_count", NULL), 0));
    CHECK(has(call("get_objects", L(2)), object));
    done();
}

static PyObject *phases;

static PyObject *on_phase(PyObject *self, PyObject *args)
{
    PyObject *phase, *info;
    (void)self;
    if (!PyArg_ParseTuple(args, "UO", &phase, &info)) {
        return NULL;
    }
    PyObject *generation = PyDict_GetItemString(info, "generation");
    PyObject *collected = PyDict_GetItemString(info, "collected");
    PyObject *row = Py_BuildValue("(OOO)", phase, generation, collected);
    int failed = PyList_Append(phases, row);
    Py_DECREF(row);
    return failed < 0 ? NULL : PyLong_FromLong(0);
}

static PyObject *collect_again(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    return number_is(call("collect", NULL), 0) ? PyLong_FromLong(0) : NULL;
}

static PyObject *failing(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    PyErr_SetString(PyExc_ValueError, "in the callback");
    return NULL;
}

static PyMethodDef on_phase_def = {"on_phase", on_phase, METH_VARARGS, NULL};
static PyMethodDef collect_again_def = {"collect_again", collect_again, METH_VARARGS, NULL};
static PyMethodDef failing_def = {"failing", failing, METH_VARARGS, NULL};

static PyObject *messages;

static PyObject *catch_one(PyObject *self, PyObject *told)
{
    (void)self;
    PyObject *message = PyObject_GetAttrString(told, "err_msg");
    PyObject *value = PyObject_GetAttrString(told, "exc_value");
    PyObject *text = PyUnicode_FromFormat("%S: %R", message, value);
    int failed = PyList_Append(messages, text);
    Py_DECREF(message);
    Py_DECREF(value);
    Py_DECREF(text);
    return failed < 0 ? NULL : PyLong_FromLong(0);
}

static PyMethodDef catch_def = {"catch", catch_one, METH_O, NULL};

TEST(callbacks)
{
    PyObject *list = gc("callbacks");
    phases = keep(PyList_New(0));
    messages = keep(PyList_New(0));
    CHECK(PyGC_Collect() >= 0);
    CHECK(PyList_Append(list, keep(PyCFunction_New(&on_phase_def, NULL))) == 0);
    CHECK(PyList_Append(list, keep(PyCFunction_New(&collect_again_def, NULL))) == 0);
    CHECK(number_is(call("collect", L(0)), 0));
    drop_cycle();
    drop_cycle();
    CHECK(PyGC_Collect() == 2);
    SHOW(PyObject_Str(phases));
    /* One that fails is told of, and the others are called all the same. */
    PyObject *before = PySys_GetObject("unraisablehook");
    Py_INCREF(before);
    CHECK(PySys_SetObject("unraisablehook", keep(PyCFunction_New(&catch_def, NULL))) == 0);
    CHECK(PyList_Insert(list, 0, keep(PyCFunction_New(&failing_def, NULL))) == 0);
    CHECK(PyList_Insert(list, 0, Py_None) == 0);
    CHECK(PyList_SetSlice(phases, 0, 4, NULL) == 0);
    CHECK(number_is(call("collect", L(1)), 0));
    CHECK(PySys_SetObject("unraisablehook", before) == 0);
    Py_DECREF(before);
    SHOW(PyObject_Str(phases));
    CHECK(PyList_SetSlice(list, 0, PyList_Size(list), NULL) == 0);
    CHECK(PyList_Size(messages) == 4);
    /* CPython's message ends with the callback, which the hook is told of apart here. */
    for (Py_ssize_t i = 0; i < PyList_Size(messages); i++) {
        PyObject *start = S("Exception ignored while calling GC callback");
        CHECK(PyUnicode_Tailmatch(PyList_GetItem(messages, i), start, 0, 1000, -1) == 1);
    }
    /* What stands where the list was is not called. */
    PyObject *module = keep(PyImport_ImportModule("gc"));
    CHECK(PyObject_SetAttrString(module, "callbacks", keep(PyList_New(0))) == 0);
    CHECK(PyObject_SetAttrString(module, "callbacks", list) == 0);
    done();
}

static char written[4000];

static PyObject *write_text(PyObject *self, PyObject *text)
{
    (void)self;
    PyObject *utf8 = PyUnicode_AsUTF8String(text);
    strncat(written, PyBytes_AsString(utf8), sizeof written - strlen(written) - 1);
    Py_DECREF(utf8);
    return PyLong_FromLong(0);
}

static PyMethodDef write_def = {"write", write_text, METH_O, NULL};

/* What a full collection prints under these flags that finds so many. */
static const char *printed_with(int flags, int found)
{
    PyObject *stream = instance_with(&write_def);
    PyObject *before = PySys_GetObject("stderr");
    Py_INCREF(before);
    CHECK(PySys_SetObject("stderr", stream) == 0);
    written[0] = 0;
    CHECK(is_none(call("set_debug", L(flags))));
    CHECK(number_is(call("collect", NULL), found));
    CHECK(is_none(call("set_debug", L(0))));
    CHECK(PySys_SetObject("stderr", before) == 0);
    Py_DECREF(before);
    return written;
}

TEST(debugging)
{
    CHECK(PyGC_Collect() >= 0);
    drop_cycle();
    unsigned long young, middle, old, frozen, unreachable, uncollectable;
    int length = 0;
    double elapsed;
    int n = sscanf(printed_with(1, 1),
                   "gc: collecting generation 2...\n"
                   "gc: objects in each generation: %lu %lu %lu\n"
                   "gc: objects in permanent generation: %lu\n"
                   "gc: done, %lu unreachable, %lu uncollectable, %lfs elapsed\n%n",
                   &young, &middle, &old, &frozen, &unreachable, &uncollectable, &elapsed, &length);
    CHECK(n == 7 && length == (int)strlen(written));
    CHECK(young > 0 && frozen == 0 && unreachable == 1 && uncollectable == 0 && elapsed < 60);
    drop_cycle();
    void *address;
    length = 0;
    n = sscanf(printed_with(2, 1), "gc: collectable <list %p>\n%n", &address, &length);
    CHECK(n == 1 && length == (int)strlen(written));
    drop_cycle();
    CHECK(strcmp(printed_with(4, 1), "") == 0);
    done();
}

TEST(saving_all)
{
    PyObject *garbage = gc("garbage");
    CHECK(PyGC_Collect() >= 0 && PyList_Size(garbage) == 0);
    drop_cycle();
    CHECK(is_none(call("set_debug", L(32))));
    CHECK(number_is(call("collect", NULL), 1) && PyList_Size(garbage) == 1);
    /* It is reachable now. */
    CHECK(number_is(call("collect", NULL), 0) && PyList_Size(garbage) == 1);
    CHECK(is_none(call("set_debug", L(0))));
    CHECK(PyList_SetSlice(garbage, 0, 1, NULL) == 0);
    CHECK(number_is(call("collect", NULL), 1));
    done();
}

TEST(by_interpreter)
{
    PyThreadState *main_state = PyThreadState_Get();
    PyObject *list = gc("callbacks"), *garbage = gc("garbage");
    phases = keep(PyList_New(0));
    CHECK(PyList_Append(list, keep(PyCFunction_New(&on_phase_def, NULL))) == 0);
    CHECK(is_none(call("disable", NULL)));
    CHECK(is_none(call("set_debug", L(32))));
    CHECK(is_none(PyObject_CallFunction(gc("set_threshold"), "iii", 7, 8, 9)));
    PyThreadState *other = Py_NewInterpreter();
    CHECK(other != NULL);
    PyObject *module = PyImport_ImportModule("gc");
    PyObject *threshold = PyObject_CallMethod(module, "get_threshold", NULL);
    CHECK(shows(threshold, "(2000, 10, 10)"));
    CHECK(PyGC_IsEnabled() == 1);
    CHECK(number_is(PyObject_CallMethod(module, "get_debug", NULL), 0));
    PyObject *callbacks = PyObject_GetAttrString(module, "callbacks");
    PyObject *kept_there = PyObject_GetAttrString(module, "garbage");
    CHECK(callbacks != list && PyList_Size(callbacks) == 0 && kept_there != garbage);
    drop_cycle();
    CHECK(number_is(PyObject_CallMethod(module, "collect", NULL), 1));
    CHECK(PyList_Size(kept_there) == 0);
    Py_DECREF(threshold);
    Py_DECREF(callbacks);
    Py_DECREF(kept_there);
    Py_DECREF(module);
    Py_EndInterpreter(other);
    (void)PyThreadState_Swap(main_state);
    CHECK(PyList_Size(phases) == 0);
    CHECK(PyGC_IsEnabled() == 0 && is_none(call("enable", NULL)));
    CHECK(is_none(call("set_debug", L(0))));
    CHECK(is_none(PyObject_CallFunction(gc("set_threshold"), "iii", 2000, 10, 10)));
    CHECK(PyList_SetSlice(list, 0, 1, NULL) == 0);
    done();
}

/* A type with the finalizer of old, which the collector does not call. */
typedef struct {
    PyObject_HEAD
    PyObject *held;
} Old;

static int old_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((Old *)self)->held);
    return 0;
}

static int old_clear(PyObject *self)
{
    Py_CLEAR(((Old *)self)->held);
    return 0;
}

static void old_del(PyObject *self)
{
    (void)self;
}

static void old_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    (void)old_clear(self);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

TEST(uncollectable)
{
    PyType_Slot slots[] = {
        {Py_tp_traverse, FUNC(old_traverse)}, {Py_tp_clear, FUNC(old_clear)},
        {Py_tp_dealloc, FUNC(old_dealloc)},   {Py_tp_del, FUNC(old_del)},
        {0, NULL},
    };
    PyType_Spec spec = {"tests.Old", (int)sizeof(Old), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
                        slots};
    PyTypeObject *type = (PyTypeObject *)keep(PyType_FromSpec(&spec));
    PyObject *garbage = gc("garbage");
    CHECK(PyGC_Collect() >= 0 && PyList_Size(garbage) == 0);
    Old *self = PyObject_GC_New(Old, type);
    /* It holds a list that holds it: that is kept with it, though it is not garbage of old. */
    self->held = PyList_New(0);
    PyObject_GC_Track(self);
    CHECK(PyList_Append(self->held, (PyObject *)self) == 0);
    Py_DECREF((PyObject *)self);
    void *address;
    int length = 0, other = 0;
    const char *printed = printed_with(4, 2);
    const char *first = strstr(printed, "<tests.Old");
    CHECK(first != NULL && sscanf(first, "<tests.Old %p>\n%n", &address, &length) == 1);
    first = strstr(printed, "<list");
    CHECK(first != NULL && sscanf(first, "<list %p>\n%n", &address, &other) == 1);
    CHECK((int)strlen(printed) == length + other + 2 * (int)strlen("gc: uncollectable "));
    CHECK(PyList_Size(garbage) == 1 && PyList_GetItem(garbage, 0) == (PyObject *)self);
    CHECK(number_is(call("collect", NULL), 0) && PyList_Size(garbage) == 1);
    PyObject *stats = keep(call("get_stats", NULL));
    PyObject *count = PyDict_GetItemString(PyList_GetItem(stats, 2), "uncollectable");
    CHECK(PyLong_AsLong(count) == 2);
    (void)old_clear((PyObject *)self);
    CHECK(PyList_SetSlice(garbage, 0, 1, NULL) == 0);
    CHECK(number_is(call("collect", NULL), 0));
    done();
}

/* It ends with the interpreter, with us. */
TEST(frozen_at_the_end)
{
    drop_cycle();
    CHECK(is_none(call("freeze", NULL)));
    CHECK(number_is(call("collect", NULL), 0));
    drop_cycle();
    CHECK(is_none(call("set_debug", L(32))));
    CHECK(number_is(call("collect", NULL), 1));
    done();
}

/* The lists are the collector's, whatever becomes of the module. */
TEST(made_again)
{
    PyObject *module = keep(PyImport_ImportModule("gc"));
    PyObject *list = gc("garbage");
    CHECK(PyDict_DelItemString(PyImport_GetModuleDict(), "gc") == 0);
    PyObject *again = keep(PyImport_ImportModule("gc"));
    CHECK(again != NULL && again != module && gc("garbage") == list);
    done();
}

TEST_MAIN(generations, freezing, callbacks, debugging, saving_all, by_interpreter,
          uncollectable, made_again, frozen_at_the_end)
