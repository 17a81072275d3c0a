/* What a forked child dirties by using what its parent built: 300,000 tuples of a str, an int and a float, none of
 * them shared. The child reads, hashes and compares every one, passes it on (to functions, into a new list, to an
 * iterator), takes and gives back references to it and to what it holds, and runs a collection.
 *
 *     fork walk|plain         the heap walk before the fork, or nothing
 *     fork walk|plain FILE    besides, the child has the module FILE (see hammer.c) count references to each
 *
 * Prints the private memory dirtied in the child as `dirtied N` in KB, and for the walk `objects N`, `bytes N`,
 * `nanoseconds N`. Compiled with -DWALK it knows the walk; without, it is a program for any Python. */
#define _GNU_SOURCE
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#ifdef WALK
#  include "deathless.h"
#endif

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TUPLES = 300000 };

static void require(int holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "fork: %s\n", what);
        if (PyErr_Occurred()) PyErr_Print();
        exit(2);
    }
}
#define REQUIRE(expr) require((expr) ? 1 : 0, #expr)

/* A sixth of the strs are not ASCII, and have a UTF-8 form that is made when asked for. */
static PyObject *build(void)
{
    PyObject *list = PyList_New(0);
    REQUIRE(list);
    for (int i = 0; i < TUPLES; i++) {
        const char *format = i % 6 == 0 ? "schl\xc3\xbcssel %d" : "a key of its own %d";
        PyObject *tuple = PyTuple_New(3);
        REQUIRE(tuple);
        char text[64];
        snprintf(text, sizeof text, format, i);
        PyTuple_SetItem(tuple, 0, PyUnicode_FromString(text));
        PyTuple_SetItem(tuple, 1, PyLong_FromLongLong(1000000007LL * (i + 1)));
        PyTuple_SetItem(tuple, 2, PyFloat_FromDouble(i + 0.25));
        REQUIRE(PyList_Append(list, tuple) == 0);
        Py_DECREF(tuple);
    }
    return list;
}

/* KB of private memory that was written since the fork, without a buffer of the C library's. */
static long dirty(void)
{
    static char text[4096];
    FILE *file = fopen("/proc/self/smaps_rollup", "r");
    require(file != NULL, "no /proc/self/smaps_rollup");
    setvbuf(file, NULL, _IONBF, 0);
    size_t n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[n] = '\0';
    const char *line = strstr(text, "Private_Dirty:");
    require(line != NULL, "no Private_Dirty");
    return atol(line + strlen("Private_Dirty:"));
}

/* Reads and hashes one, and what is in it. */
static void read_one(PyObject *tuple, int i)
{
    PyObject *text = PyTuple_GetItem(tuple, 0);
    PyObject *number = PyTuple_GetItem(tuple, 1);
    PyObject *fraction = PyTuple_GetItem(tuple, 2);
    Py_ssize_t n;
    const char *utf8 = PyUnicode_AsUTF8AndSize(text, &n);
    REQUIRE(utf8 && n > 8 && utf8[n] == '\0');
    REQUIRE(PyLong_AsLongLong(number) == 1000000007LL * (i + 1));
    REQUIRE(PyFloat_AsDouble(fraction) == i + 0.25);
    REQUIRE(PyObject_Hash(text) != -1 && PyObject_Hash(number) != -1 && PyObject_Hash(fraction) != -1);
    REQUIRE(PyObject_Hash(tuple) != -1);
    REQUIRE(PyObject_RichCompareBool(tuple, tuple, Py_EQ) == 1);
    REQUIRE(PyUnicode_Compare(text, text) == 0);
    REQUIRE(PyObject_RichCompareBool(number, fraction, Py_EQ) == 0);
}

/* Hands one on: to the reference functions, to a function, into a tuple and out again. */
static void pass_on(PyObject *tuple, PyObject *length)
{
    for (int i = 0; i < 3; i++) {
        PyObject *item = PySequence_GetItem(tuple, i);
        REQUIRE(item);
        Py_IncRef(item);
        Py_DecRef(item);
        Py_DecRef(item);
    }
    PyObject *n = PyObject_CallFunctionObjArgs(length, tuple, NULL);
    REQUIRE(n && PyLong_AsLong(n) == 3);
    Py_DECREF(n);
    PyObject *holder = PyTuple_Pack(2, tuple, tuple);
    REQUIRE(holder);
    Py_DECREF(holder);
}

static void use(PyObject *list, PyObject *length)
{
    PyObject *copy = PyList_New(0), *before = NULL;
    REQUIRE(copy);
    for (int i = 0; i < TUPLES; i++) {
        PyObject *tuple = PyList_GetItem(list, i);
        read_one(tuple, i);
        pass_on(tuple, length);
        if (before) REQUIRE(PyObject_RichCompareBool(before, tuple, Py_EQ) == 0);
        before = tuple;
        /* A hundred: what a worker holds of the data at a time. */
        if (PyList_Size(copy) == 100) REQUIRE(PyList_SetSlice(copy, 0, 100, NULL) == 0);
        REQUIRE(PyList_Append(copy, tuple) == 0);
    }
    Py_DECREF(copy);
    PyObject *iterator = PyObject_GetIter(list), *item;
    REQUIRE(iterator);
    while ((item = PyIter_Next(iterator)) != NULL) Py_DECREF(item);
    Py_DECREF(iterator);
    REQUIRE(!PyErr_Occurred());
    PyGC_Collect();
}

/* Has the module's function count references to every tuple and its items, as many down as up. */
static void hammer(PyObject *list, PyObject *function)
{
    for (int i = 0; i < TUPLES; i++) {
        PyObject *tuple = PyList_GetItem(list, i);
        for (int at = -1; at < 3; at++) {
            PyObject *object = at < 0 ? tuple : PyTuple_GetItem(tuple, at);
            PyObject *result = PyObject_CallFunction(function, "Oii", object, 1, 1);
            REQUIRE(result);
            Py_DECREF(result);
        }
    }
}

static PyObject *function_of(const char *module, const char *name)
{
    PyObject *imported = PyImport_ImportModule(module);
    REQUIRE(imported);
    PyObject *function = PyObject_GetAttrString(imported, name);
    REQUIRE(function);
    return function;
}

int main(int argc, char **argv)
{
    int walk = argc > 1 && strcmp(argv[1], "walk") == 0;
    Py_Initialize();
    PyObject *list = build(), *length = function_of("builtins", "len"), *hammering = NULL;
#ifdef WALK
    if (argc > 2) {
        PyObject *module = deathless_load_module("hammer", argv[2]);
        REQUIRE(module);
        REQUIRE(hammering = PyObject_GetAttrString(module, "hammer"));
        Py_DECREF(module);
    }
    if (walk) {
        struct deathless_heap_walk report;
        struct timespec from, to;
        clock_gettime(CLOCK_MONOTONIC, &from);
        REQUIRE(deathless_immortalize_heap(&report) == 0);
        clock_gettime(CLOCK_MONOTONIC, &to);
        long long nanoseconds = (to.tv_sec - from.tv_sec) * 1000000000LL + (to.tv_nsec - from.tv_nsec);
        printf("objects %zu\nbytes %zu\nnanoseconds %lld\n", report.objects, report.bytes, nanoseconds);
    }
#else
    require(!walk, "compiled without the walk");
#endif
    fflush(stdout);
    PyOS_BeforeFork();
    pid_t child = fork();
    require(child >= 0, "no fork");
    if (child == 0) {
        PyOS_AfterFork_Child();
        long before = dirty();
        if (hammering) hammer(list, hammering);
        else use(list, length);
        printf("dirtied %ld\n", dirty() - before);
        fflush(stdout);
        _exit(0);
    }
    PyOS_AfterFork_Parent();
    int status;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    Py_XDECREF(hammering);
    Py_DECREF(length);
    Py_DECREF(list);
    return Py_FinalizeEx() < 0;
}
