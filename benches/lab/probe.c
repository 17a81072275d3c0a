/* What the lab does in a runtime, from C as an extension would: uses what is shared, from one thread or
 * several; builds and reads data that a forked child is to read; counts as old code does.
 *
 * Bound lazily: a function that a runtime lacks is looked for first. */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#define _GNU_SOURCE
#include <Python.h>

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

/* What is hammered: the interpreter's own by the call, where there is one, else the symbol. */
static PyObject *shared(int which)
{
    PyObject *(*constant)(unsigned) = (PyObject *(*)(unsigned))dlsym(RTLD_DEFAULT, "Py_GetConstantBorrowed");
    if (constant != NULL) return constant(which == 0 ? 0 : which == 1 ? 2 : 6);
    if (which == 0) return Py_None;
    if (which == 1) return Py_True;
    PyObject *one = PyLong_FromLong(1);
    Py_DecRef(one);
    return one;
}

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- one or two threads on what is shared ---- */

typedef struct {
    PyObject *objects[3];
    long pairs;
    pthread_barrier_t *start;
    int own_interpreter;
    double begun, ended, processor;
} Worker;

static void hammer(const Worker *worker)
{
    PyObject *none = worker->objects[0], *yes = worker->objects[1], *one = worker->objects[2];
    for (long i = 0; i < worker->pairs; i++) {
        Py_IncRef(none);
        Py_IncRef(yes);
        Py_IncRef(one);
        Py_DecRef(none);
        Py_DecRef(yes);
        Py_DecRef(one);
    }
}

static void timed(Worker *worker)
{
    worker->begun = seconds(CLOCK_MONOTONIC);
    double processor = seconds(CLOCK_THREAD_CPUTIME_ID);
    hammer(worker);
    worker->processor = seconds(CLOCK_THREAD_CPUTIME_ID) - processor;
    worker->ended = seconds(CLOCK_MONOTONIC);
}

/* PyInterpreterConfig, and the status that the call answers with. */
typedef struct { int options[6]; int gil; } Config;
typedef struct { int type; const char *function, *message; int code; } Status;
typedef Status (*NewInterpreter)(PyThreadState **, const Config *);

static PyThreadState *new_interpreter(void)
{
    NewInterpreter make = (NewInterpreter)dlsym(RTLD_DEFAULT, "Py_NewInterpreterFromConfig");
    if (make == NULL) return NULL;
    /* Its own allocator and its own GIL; threads may be made, extensions are checked. */
    const Config config = {{0, 0, 0, 1, 0, 1}, 2};
    PyThreadState *made = NULL;
    Status status = make(&made, &config);
    return status.type == 0 ? made : NULL;
}

static void *work(void *argument)
{
    Worker *worker = argument;
    PyThreadState *own = NULL;
    PyGILState_STATE state = PyGILState_Ensure();
    PyThreadState *here = PyThreadState_Get();
    if (worker->own_interpreter) own = new_interpreter();
    worker->own_interpreter = own != NULL;
    for (int i = 0; i < 3; i++) worker->objects[i] = shared(i);
    if (own == NULL) PyEval_SaveThread();
    pthread_barrier_wait(worker->start);
    timed(worker);
    pthread_barrier_wait(worker->start);
    if (own == NULL) {
        PyEval_RestoreThread(here);
    } else {
        ((void (*)(PyThreadState *))dlsym(RTLD_DEFAULT, "Py_EndInterpreter"))(own);
        PyThreadState_Swap(here);
    }
    PyGILState_Release(state);
    return NULL;
}

/* Processor seconds of the slower of `threads` threads, and the part of the whole time in which all of them had a core;
 * whether each had an interpreter of its own, or they counted without one, and so without a lock. */
int probe_traffic(int threads, long pairs, int interpreters, double *processor, double *together)
{
    pthread_t handles[8];
    Worker workers[8];
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, (unsigned)threads);
    PyThreadState *here = PyEval_SaveThread();
    for (int i = 0; i < threads; i++) {
        workers[i] = (Worker){.pairs = pairs, .start = &start, .own_interpreter = interpreters};
        pthread_create(&handles[i], NULL, work, &workers[i]);
    }
    int own = 1;
    double first = 1e300, last = 0, cores = 0;
    *processor = 0;
    for (int i = 0; i < threads; i++) {
        pthread_join(handles[i], NULL);
        own &= workers[i].own_interpreter;
        if (workers[i].processor > *processor) *processor = workers[i].processor;
        if (workers[i].begun < first) first = workers[i].begun;
        if (workers[i].ended > last) last = workers[i].ended;
        cores += workers[i].processor;
    }
    *together = cores / threads / (last - first);
    PyEval_RestoreThread(here);
    pthread_barrier_destroy(&start);
    return own;
}

/* CPython before 3.12 ends the process when None's count reaches 0, and threads that count without a lock lose
 * updates: its count begins far from there. */
void probe_guard(void)
{
    for (int i = 0; i < 3; i++) *(int64_t *)shared(i) += (int64_t)1 << 40;
}

/* ---- what a forked child reads ---- */

static PyObject *data;

/* `n` tuples of a str, an int and a float. */
int probe_build(long n)
{
    data = PyList_New(n);
    for (long i = 0; data != NULL && i < n; i++) {
        PyObject *tuple = PyTuple_New(3);
        PyTuple_SetItem(tuple, 0, PyUnicode_FromFormat("record number %ld", i));
        PyTuple_SetItem(tuple, 1, PyLong_FromLong(100000 + i));
        PyTuple_SetItem(tuple, 2, PyFloat_FromDouble((double)i / 8));
        PyList_SetItem(data, i, tuple);
    }
    return data == NULL ? -1 : 0;
}

/* Reads, hashes, compares and passes on every one, and collects. */
int probe_read(void)
{
    Py_ssize_t n = PyList_Size(data);
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *tuple = PyList_GetItem(data, i);
        Py_IncRef(tuple);
        for (Py_ssize_t j = 0; j < 3; j++) {
            PyObject *item = PyTuple_GetItem(tuple, j);
            Py_IncRef(item);
            if (PyObject_Hash(item) == -1 && PyErr_Occurred()) return -1;
            if (PyObject_RichCompareBool(item, item, Py_EQ) != 1) return -1;
            Py_DecRef(item);
        }
        Py_DecRef(tuple);
    }
    PyGC_Collect();
    return 0;
}

/* Uses what comes with the runtime: singletons, small ints, characters, types. */
int probe_use(void)
{
    for (int i = 0; i < 3; i++) {
        Py_IncRef(shared(i));
        Py_DecRef(shared(i));
    }
    for (long i = -5; i <= 256; i++) Py_DecRef(PyLong_FromLong(i));
    for (int i = 0; i < 128; i++) Py_DecRef(PyUnicode_FromFormat("%c", i));
    PyObject *types[] = {(PyObject *)&PyLong_Type, (PyObject *)&PyUnicode_Type, (PyObject *)&PyList_Type,
                         (PyObject *)&PyDict_Type, (PyObject *)&PyTuple_Type, PyExc_ValueError, PyExc_KeyError};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        PyObject *names = PyObject_Dir(types[i]);
        if (names == NULL) return -1;
        for (Py_ssize_t j = 0; j < PyList_Size(names); j++) {
            PyObject *value = PyObject_GetAttr(types[i], PyList_GetItem(names, j));
            if (value == NULL) PyErr_Clear();
            else Py_DecRef(value);
        }
        Py_DecRef(names);
    }
    return 0;
}

/* Makes all of the interpreter's objects immortal, where the runtime can: 1, else 0. */
int probe_walk(void)
{
    int (*walk)(void *) = (int (*)(void *))dlsym(RTLD_DEFAULT, "deathless_immortalize_heap");
    if (walk == NULL) return 0;
    size_t room[16] = {0};
    return walk(room) == 0;
}

/* ---- what extensions do that were compiled before ---- */

/* The reference operations of four kinds of code, on the word of `object` and never balanced. */
#define FORM(id, operation)                                                         \
    void probe_##id(PyObject *object, long count)                                   \
    {                                                                               \
        while (count-- > 0) {                                                       \
            operation;                                                              \
            __asm__ volatile("" ::: "memory");                                      \
        }                                                                           \
    }

#define WORD  (*(int64_t *)object)
#define COUNT (*(uint32_t *)object)

FORM(old_up, WORD++)
FORM(old_down, if (--WORD == 0) _Py_Dealloc(object))
FORM(middle_up, uint32_t more = COUNT + 1; if (more != 0) COUNT = more)
FORM(middle_down, if ((int32_t)COUNT >= 0 && --COUNT == 0) _Py_Dealloc(object))
FORM(new_up, uint32_t count = COUNT; if (count < 3U << 30) COUNT = count + 1)
FORM(new_down, if ((int32_t)COUNT >= 0 && --COUNT == 0) _Py_Dealloc(object))
FORM(call_up, Py_IncRef(object))
FORM(call_down, Py_DecRef(object))

typedef void (*Form)(PyObject *, long);

/* Counts None up or down `count` times by form `which`, then uses it: 0 if it is still what it was. */
int probe_unbalanced(int which, long count)
{
    static const Form forms[] = {probe_old_up, probe_old_down, probe_middle_up, probe_middle_down,
                                 probe_new_up, probe_new_down, probe_call_up, probe_call_down};
    PyObject *none = shared(0);
    forms[which](none, count);
    PyObject *text = PyObject_Repr(none);
    PyObject *list = PyList_New(1);
    PyList_SetItem(list, 0, Py_NewRef(none));
    Py_DecRef(list);
    int same = text != NULL && PyUnicode_CompareWithASCIIString(text, "None") == 0;
    Py_XDECREF(text);
    return same ? 0 : -1;
}
