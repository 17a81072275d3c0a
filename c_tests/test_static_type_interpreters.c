/* cpython/object.h: an extension's static types in several interpreters, and over several runtimes.
 * For the full API: what the compiler was told of a limited one is forgotten. */
/* NEEDS 3.15 */
#undef Py_LIMITED_API
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* for barriers */
#endif
#include "expect.h"
#include "interpreters.h"
#include <pthread.h>

/* The rest is filled in by name: C++ has no such initialisers. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

enum { TYPES = 3, INTERPRETERS = 3 };

/* CPython keeps all that a static type has in the interpreter that readied it, and has the others use it there. */
#define NEEDS_ISOLATION() \
    do { if (strstr(Py_GetVersion(), "deathless") == NULL) SKIP("CPython shares what is mutable"); } while (0)

typedef struct {
    PyObject_HEAD
    long number;
} Counter;

static PyObject *counter_next(PyObject *self, PyObject *unused)
{
    (void)unused;
    return PyLong_FromLong(++((Counter *)self)->number);
}

static PyObject *counter_add(PyObject *a, PyObject *b)
{
    long n = PyLong_AsLong(b);
    return n == -1 && PyErr_Occurred() ? NULL : PyLong_FromLong(((Counter *)a)->number + n);
}

static PyObject *make(PyObject *type, PyObject *unused)
{
    (void)unused;
    return PyObject_CallNoArgs(type);
}

static PyObject *nothing(PyObject *self, PyObject *unused)
{
    (void)self, (void)unused;
    return PyUnicode_FromString("nothing");
}

static PyObject *counter_number(PyObject *self, void *unused)
{
    (void)unused;
    return PyLong_FromLong(((Counter *)self)->number);
}

static PyNumberMethods numbers[TYPES];
static PyMethodDef methods[] = {{"next_number", counter_next, METH_NOARGS, "next_number($self)\n--\n\nThe next."},
                                {"make", make, METH_NOARGS | METH_CLASS, NULL},
                                {"nothing", nothing, METH_NOARGS | METH_STATIC, "Nothing."},
                                {NULL, NULL, 0, NULL}};
static PyGetSetDef computed[] = {{"number", counter_number, NULL, NULL, NULL}, {NULL, NULL, NULL, NULL, NULL}};

static PyTypeObject counters[TYPES] = {
    {PyVarObject_HEAD_INIT(NULL, 0) "tests.Base"},
    {PyVarObject_HEAD_INIT(NULL, 0) "tests.Middle"},
    {PyVarObject_HEAD_INIT(NULL, 0) "tests.Top"},
};

/* Before any interpreter can see them. */
static void lay_out(PyTypeObject *types, int count)
{
    for (int i = 0; i < count; i++) {
        numbers[i].nb_add = counter_add;
        types[i].tp_basicsize = sizeof(Counter);
        types[i].tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE;
        types[i].tp_methods = methods;
        types[i].tp_getset = computed;
        types[i].tp_as_number = &numbers[i];
        types[i].tp_new = PyType_GenericNew;
        types[i].tp_doc = "Counter()\n--\n\nZ\xc3\xa4hlt.";
        if (i > 0) types[i].tp_base = &types[i - 1];
    }
}

static int failures;

static int expect(int holds, int line)
{
    if (!holds) {
        fprintf(stderr, "line %d\n", line);
        if (PyErr_Occurred()) PyErr_Print();
        __atomic_fetch_add(&failures, 1, __ATOMIC_SEQ_CST);
    }
    return holds;
}

#define EXPECT(expr) expect((expr) ? 1 : 0, __LINE__)

/* Takes over the reference. */
static int is_number(PyObject *object, long expected)
{
    int holds = object != NULL && PyLong_AsLong(object) == expected;
    Py_XDECREF(object);
    return holds;
}

/* Whether it is there; with the text of its repr made, and its hash. */
static int is_text(PyObject *object)
{
    PyObject *text = object ? PyObject_Str(object) : NULL;
    int holds = text != NULL && PyUnicode_GetLength(text) > 0 && PyObject_Hash(text) != -1
                && PyUnicode_AsUTF8AndSize(text, NULL) != NULL;
    Py_XDECREF(object);
    Py_XDECREF(text);
    return holds;
}

static void use_instances(PyTypeObject *type)
{
    PyObject *counter = PyObject_CallNoArgs((PyObject *)type), *other = PyObject_CallMethod((PyObject *)type, "make", NULL);
    PyObject *five = PyLong_FromLong(5);
    EXPECT(counter != NULL && Py_IS_TYPE(other, type));
    EXPECT(is_number(PyObject_CallMethod(counter, "next_number", NULL), 1));
    EXPECT(is_number(PyObject_CallMethod(counter, "next_number", NULL), 2));
    EXPECT(is_number(PyObject_GetAttrString(counter, "number"), 2) && is_number(PyNumber_Add(counter, five), 7));
    EXPECT(is_text(PyObject_CallMethod(counter, "nothing", NULL)) && is_text(PyObject_Repr(counter)));
    Py_XDECREF(five);
    Py_XDECREF(counter);
    Py_XDECREF(other);
}

static void use_parts(PyTypeObject *type)
{
    static const char *const names[] = {"__name__", "__qualname__", "__doc__", "__mro__", "__bases__", "__dict__",
                                        "__new__", "__add__", "next_number", "make", "nothing", "number"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        PyObject *part = PyObject_GetAttrString((PyObject *)type, names[i]);
        PyObject *doc = part ? PyObject_GetAttrString(part, "__doc__") : NULL;
        EXPECT(is_text(doc) && is_text(part));
    }
    PyObject *function = PyDict_GetItemString(type->tp_dict, "nothing");
    EXPECT(is_text(PyObject_GetAttrString(function, "__dict__")) && is_text(PyObject_GetAttrString(function, "__wrapped__")));
    EXPECT(is_text(PyObject_Dir((PyObject *)type)));
}

/* A subclass, a weak reference, a value of one's own. */
static void change(PyTypeObject *type, long mine)
{
    PyObject *child = PyObject_CallFunction((PyObject *)&PyType_Type, "s(O){}", "Child", (PyObject *)type);
    PyObject *children = PyObject_CallMethod((PyObject *)type, "__subclasses__", NULL);
    PyObject *reference = PyWeakref_NewRef((PyObject *)type, NULL), *value = PyLong_FromLong(mine);
    EXPECT(child != NULL && PySequence_Contains(children, child) == 1 && reference != NULL);
    EXPECT(PyDict_SetItemString(type->tp_dict, "mine", value) == 0);
    PyType_Modified(type);
    if (child != NULL) use_instances((PyTypeObject *)child);
    EXPECT(is_number(PyObject_GetAttrString((PyObject *)type, "mine"), mine));
    EXPECT(is_number(PyObject_GetAttrString(child, "mine"), mine));
    Py_XDECREF(value);
    Py_XDECREF(reference);
    Py_XDECREF(children);
    Py_XDECREF(child);
}

static void work(PyTypeObject *types, long mine)
{
    for (int i = TYPES - 1; i >= 0; i--) EXPECT(PyType_Ready(&types[i]) == 0);
    for (int k = 0; k < (getenv("SLOW") ? 2 : 20); k++) {
        for (int i = 0; i < TYPES; i++) {
            use_instances(&types[i]);
            use_parts(&types[i]);
            change(&types[i], mine + i);
        }
    }
}

typedef struct {
    PyTypeObject *types;
    long mine;
    pthread_barrier_t *barrier;
} Task;

/* Works in an interpreter of its own, and once more when another has ended. */
static void *in_an_interpreter(void *argument)
{
    Task *task = (Task *)argument;
    PyInterpreterConfig config = own_gil();
    PyThreadState *ts = NULL;
    int is_made = !PyStatus_Exception(Py_NewInterpreterFromConfig(&ts, &config));
    pthread_barrier_wait(task->barrier);
    if (is_made) work(task->types, task->mine);
    if (is_made && task->mine == 1000) Py_EndInterpreter(ts);
    pthread_barrier_wait(task->barrier);
    if (is_made && task->mine != 1000) {
        work(task->types, task->mine);
        Py_EndInterpreter(ts);
    }
    return is_made ? argument : NULL;
}

static void in_all_at_once(PyTypeObject *types)
{
    pthread_t threads[INTERPRETERS];
    Task tasks[INTERPRETERS];
    pthread_barrier_t barrier;
    pthread_barrier_init(&barrier, NULL, INTERPRETERS);
    failures = 0;
    PyThreadState *here = PyEval_SaveThread();
    for (int i = 0; i < INTERPRETERS; i++) {
        tasks[i].types = types;
        tasks[i].mine = 1000 * (i + 1);
        tasks[i].barrier = &barrier;
        CHECK(pthread_create(&threads[i], NULL, in_an_interpreter, &tasks[i]) == 0);
    }
    for (int i = 0; i < INTERPRETERS; i++) {
        void *result = NULL;
        CHECK(pthread_join(threads[i], &result) == 0 && result == &tasks[i]);
    }
    PyEval_RestoreThread(here);
    pthread_barrier_destroy(&barrier);
    CHECK(failures == 0);
}

/* Whichever is the first readies them; the first to end takes nothing along. */
TEST(readied_by_all_at_once)
{
    NEEDS_ISOLATION();
    lay_out(counters, TYPES);
    in_all_at_once(counters);
    for (int i = 0; i < TYPES; i++) {
        CHECK(counters[i].tp_flags & Py_TPFLAGS_READY);
        CHECK(PyObject_HasAttrStringWithError((PyObject *)&counters[i], "mine") == 0);
    }
    work(counters, 5000);
    CHECK(failures == 0);
    done();
}

/* A thread state's interpreter ends, and the one from before goes on. */
static void end_and_go_on(PyThreadState *ts, PyThreadState *before)
{
    Py_EndInterpreter(ts);
    PyThreadState_Swap(before);
}

static PyTypeObject early[TYPES] = {
    {PyVarObject_HEAD_INIT(NULL, 0) "tests.Early"},
    {PyVarObject_HEAD_INIT(NULL, 0) "tests.EarlyMiddle"},
    {PyVarObject_HEAD_INIT(NULL, 0) "tests.EarlyTop"},
};

TEST(readied_in_one_that_ends)
{
    NEEDS_ISOLATION();
    lay_out(early, TYPES);
    PyThreadState *here = PyThreadState_Get(), *ts = NULL;
    PyInterpreterConfig config = own_gil();
    failures = 0;
    CHECK(!PyStatus_Exception(Py_NewInterpreterFromConfig(&ts, &config)));
    work(early, 6000);
    end_and_go_on(ts, here);
    CHECK(PyObject_HasAttrStringWithError((PyObject *)&early[0], "mine") == 0);
    in_all_at_once(early);
    done();
}

static PyTypeObject seen[TYPES] = {
    {PyVarObject_HEAD_INIT(NULL, 0) "tests.Seen"},
    {PyVarObject_HEAD_INIT(NULL, 0) "tests.SeenMiddle"},
    {PyVarObject_HEAD_INIT(NULL, 0) "tests.SeenTop"},
};

/* Those that share the main interpreter's GIL see what it has put there, as its modules of one phase rely on. */
TEST(seen_where_memory_is_shared)
{
    lay_out(seen, TYPES);
    CHECK(PyType_Ready(&seen[2]) == 0 && PyDict_SetItemString(seen[0].tp_dict, "mine", L(77777)) == 0);
    PyType_Modified(&seen[0]);
    CHECK(repr_is(PyObject_GetAttrString((PyObject *)&seen[2], "mine"), "77777"));
    PyThreadState *here = PyThreadState_Get(), *ts = Py_NewInterpreter();
    failures = 0;
    EXPECT(PyType_Ready(&seen[2]) == 0 && is_number(PyObject_GetAttrString((PyObject *)&seen[2], "mine"), 77777));
    PyObject *value = PyLong_FromLong(88888);
    EXPECT(PyDict_SetItemString(seen[0].tp_dict, "mine", value) == 0);
    Py_DECREF(value);
    PyType_Modified(&seen[0]);
    end_and_go_on(ts, here);
    PyType_Modified(&seen[0]);
    CHECK(failures == 0 && repr_is(PyObject_GetAttrString((PyObject *)&seen[1], "mine"), "88888"));
    done();
}

static PyTypeObject given_type = {PyVarObject_HEAD_INIT(NULL, 0) "tests.Given"};

static void give(long number)
{
    PyObject *value = PyLong_FromLong(number);
    given_type.tp_dict = PyDict_New();
    EXPECT(PyDict_SetItemString(given_type.tp_dict, "given", value) == 0 && PyType_Ready(&given_type) == 0);
    Py_XDECREF(value);
    EXPECT(is_number(PyObject_GetAttrString((PyObject *)&given_type, "given"), number));
    EXPECT(PyObject_HasAttrStringWithError((PyObject *)&given_type, "next_number") == 1);
}

/* Each puts a dict of its own there before it readies the type, as one does that believes itself alone. */
TEST(given_in_each)
{
    NEEDS_ISOLATION();
    lay_out(&given_type, 1);
    failures = 0;
    give(11111);
    PyThreadState *here = PyThreadState_Get(), *ts = NULL;
    PyInterpreterConfig config = own_gil();
    CHECK(!PyStatus_Exception(Py_NewInterpreterFromConfig(&ts, &config)));
    EXPECT(PyObject_HasAttrStringWithError((PyObject *)&given_type, "given") == 0);
    give(22222);
    end_and_go_on(ts, here);
    CHECK(failures == 0 && repr_is(PyObject_GetAttrString((PyObject *)&given_type, "given"), "11111"));
    done();
}

static PyTypeObject classy_type = {PyVarObject_HEAD_INIT(NULL, 0) "tests.Classy"};

TEST(a_class_that_is_one_interpreter_s)
{
    NEEDS_ISOLATION();
    lay_out(&classy_type, 1);
    PyThreadState *here = PyThreadState_Get(), *ts = NULL;
    PyInterpreterConfig config = own_gil();
    CHECK(!PyStatus_Exception(Py_NewInterpreterFromConfig(&ts, &config)));
    PyObject *meta = PyObject_CallFunction((PyObject *)&PyType_Type, "s(O){}", "Meta", (PyObject *)&PyType_Type);
    Py_SET_TYPE(&classy_type, (PyTypeObject *)meta);
    CHECK_RAISES(PyExc_TypeError,
                 "type 'tests.Classy' is shared by all interpreters but its metaclass 'Meta' is dynamically allocated",
                 PyType_Ready(&classy_type) == -1);
    Py_SET_TYPE(&classy_type, NULL);
    Py_XDECREF(meta);
    end_and_go_on(ts, here);
    meta = new_class("Meta", (PyObject *)&PyType_Type);
    Py_SET_TYPE(&classy_type, (PyTypeObject *)meta);
    CHECK(PyType_Ready(&classy_type) == 0 && PyObject_HasAttrStringWithError((PyObject *)&classy_type, "make") == 1);
    done();
}

static PyTypeObject lasting[TYPES] = {
    {PyVarObject_HEAD_INIT(NULL, 0) "tests.Lasting"},
    {PyVarObject_HEAD_INIT(NULL, 0) "tests.LastingMiddle"},
    {PyVarObject_HEAD_INIT(NULL, 0) "tests.LastingTop"},
};

/* The last: it ends the runtime. */
TEST(over_ten_runtimes)
{
    NEEDS_ISOLATION();
    lay_out(lasting, TYPES);
    failures = 0;
    for (int i = 0; i < 10; i++) {
        work(lasting, 100000 + 10 * i);
        CHECK(Py_FinalizeEx() == 0);
        CHECK(lasting[0].tp_flags & Py_TPFLAGS_READY);
        Py_Initialize();
        CHECK(PyObject_HasAttrStringWithError((PyObject *)&lasting[0], "mine") == 0);
        CHECK(PyObject_HasAttrStringWithError((PyObject *)&lasting[2], "next_number") == 1);
    }
    CHECK(failures == 0 && Py_IS_TYPE(&classy_type, classy_type.tp_base ? &PyType_Type : NULL));
    done();
}

TEST_MAIN(readied_by_all_at_once, readied_in_one_that_ends, seen_where_memory_is_shared, given_in_each,
          a_class_that_is_one_interpreter_s, over_ten_runtimes)
