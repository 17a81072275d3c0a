/* An interpreter that ends with something left in it, or with nothing. The first argument says which interpreter ("main",
 * "isolated" or "legacy"); the second what becomes of it ("leaks", "clean", or "walked leaks" and "walked clean" if its
 * heap is made immortal before); the third who is told: "table" (on stderr, where DEATHLESS_LEAKS asks for it), "rows"
 * (printed here) or "nobody". What must be told is said in tests/leaks.rs. */
#include "Python.h"
#include "deathless.h"
#include "interpreters.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static PyType_Slot no_slots[] = {{0, NULL}};
static PyType_Spec spec = {"leaky.Foo", 0, 0, Py_TPFLAGS_DEFAULT, no_slots};

static void *demand(void *p)
{
    if (p == NULL) {
        PyErr_Print();
        exit(3);
    }
    return p;
}

/* What any module does, and gives back: nothing of it may be told. */
static void behave(void)
{
    PyObject *type = demand(PyType_FromSpec(&spec));
    PyObject *dict = demand(PyDict_New()), *list = demand(PyList_New(0));
    for (long i = 0; i < 1000; i++) {
        PyObject *number = demand(PyLong_FromLong(100000 + i)), *foo = demand(PyObject_CallNoArgs(type));
        if (PyDict_SetItem(dict, number, foo) < 0 || PyList_Append(list, dict) < 0) exit(3);
        Py_DECREF(number);
        Py_DECREF(foo);
    }
    void *memory = demand(PyMem_Malloc(100));
    memory = demand(PyMem_Realloc(memory, 100000));
    memory = demand(PyMem_Realloc(memory, 1000000));
    PyMem_Free(memory);
    PyObject *name = demand(PyUnicode_InternFromString("a name that is given back"));
    PyObject *module = demand(PyImport_AddModule("held_by_sys_modules"));
    if (PyModule_AddObjectRef(module, "Foo", type) < 0 || PyModule_AddObjectRef(module, "text", name) < 0) exit(3);
    /* A cycle, which the last collection ends. */
    if (PyList_Append(list, list) < 0) exit(3);
    Py_DECREF(name);
    Py_DECREF(list);
    Py_DECREF(dict);
    Py_DECREF(type);
}

/* Three of a type of its own, a list of two ints, two bytes objects of which one is large, memory of 100 bytes that moved
 * to where there is room for 1000, and an object that C made of memory that it asked for. */
static void leak(void)
{
    PyObject *type = demand(PyType_FromSpec(&spec));
    for (int i = 0; i < 3; i++) demand(PyObject_CallNoArgs(type));
    Py_DECREF(type);
    PyObject *list = demand(PyList_New(0));
    for (int i = 0; i < 2; i++) {
        PyObject *number = demand(PyLong_FromLong(123456 + i));
        if (PyList_Append(list, number) < 0) exit(3);
        Py_DECREF(number);
    }
    demand(PyBytes_FromStringAndSize("leaked", 6));
    demand(PyBytes_FromStringAndSize(NULL, 100000));
    demand(PyMem_Realloc(demand(PyMem_Malloc(100)), 1000));
    demand(PyObject_Init(demand(PyObject_Malloc(sizeof(PyObject))), &PyBaseObject_Type));
}

static int show(const struct deathless_living *row, void *prefix)
{
    const char *const kinds[] = {"", "object", "parts", "raw"};
    printf("%s%d %s %s %zu %zu %zu\n", (const char *)prefix, (int)row->interpreter, kinds[row->what],
           row->type_name ? row->type_name : "-", row->count, row->leaked, row->bytes);
    return 0;
}

static int count_lists(const struct deathless_living *row, void *count)
{
    if (row->type_name != NULL && strcmp(row->type_name, "list") == 0) *(size_t *)count = row->count;
    return 0;
}

/* A list more is one list more. */
static void ask_before_the_end(void)
{
    size_t before = 0, after = 0;
    if (deathless_visit_living(count_lists, &before) != 0) exit(4);
    PyObject *list = demand(PyList_New(0));
    if (deathless_visit_living(count_lists, &after) != 0) exit(4);
    Py_DECREF(list);
    if (after != before + 1) exit(5);
}

int main(int argc, char **argv)
{
    const char *where = argc > 3 ? argv[1] : "", *what = argc > 3 ? argv[2] : "", *who = argc > 3 ? argv[3] : "";
    static char prefix[] = "told: ";
    if (strcmp(who, "rows") == 0) {
        const char *sentence = deathless_watch_leaks(show, prefix);
        if (sentence != NULL) {
            puts(sentence);
            return 6;
        }
    }
    Py_InitializeEx(0);
    if (strcmp(who, "nobody") == 0) {
        if (deathless_visit_living(show, prefix) != -1 || !PyErr_ExceptionMatches(PyExc_RuntimeError)) return 7;
        PyErr_Clear();
    } else ask_before_the_end();
    PyThreadState *main_state = PyThreadState_Get(), *ts = NULL;
    behave();
    if (strcmp(where, "isolated") == 0) {
        PyInterpreterConfig config = own_gil();
        if (PyStatus_Exception(Py_NewInterpreterFromConfig(&ts, &config))) return 8;
    } else if (strcmp(where, "legacy") == 0) ts = demand(Py_NewInterpreter());
    behave();
    if (strncmp(what, "walked", 6) == 0 && deathless_immortalize_heap(NULL) < 0) return 10;
    if (strstr(what, "clean") == NULL) leak();
    if (ts != NULL) {
        Py_EndInterpreter(ts);
        PyThreadState_Swap(main_state);
    }
    behave();
    return Py_FinalizeEx() == 0 ? 0 : 9;
}
