/* pystate.h: interpreters with their own GILs are the first to look into the built-in types, all at once. FULL-API */
/* NEEDS 3.13 */
#include "expect.h"
#include "interpreters.h"
#include <pthread.h>

enum { THREADS = 4 };

static int arrived;

/* What one interpreter found: how many names, and their characters and the kinds of their values added up. */
struct found {
    int backwards, is_well;
    long names, sum;
};

static long sum_of(const char *text)
{
    long sum = 0;
    for (size_t i = 0; text[i] != '\0'; i++) sum = (sum * 31 + text[i]) & 0xFFFFFF;
    return sum;
}

static int add_entry(PyObject *entry, struct found *found)
{
    PyObject *name = PyTuple_GetItem(entry, 0), *value = PyTuple_GetItem(entry, 1);
    const char *text = PyUnicode_AsUTF8AndSize(name, NULL);
    if (text == NULL) return -1;
    /* CPython's interpreters but the main one lack it where a type shares its base's function. */
    if (strcmp(text, "__new__") == 0) return 0;
    found->names++;
    found->sum += sum_of(text) ^ sum_of(Py_TYPE(value)->tp_name);
    return 0;
}

/* Its namespace, and a name that only `object` has. */
static int look_into(PyObject *type, struct found *found)
{
    PyObject *dict = PyObject_GetAttrString(type, "__dict__");
    PyObject *entries = dict ? PyMapping_Items(dict) : NULL;
    PyObject *reduce = PyObject_GetAttrString(type, "__reduce_ex__"), *dir = PyObject_Dir(type);
    int is_well = entries != NULL && reduce != NULL && dir != NULL;
    for (Py_ssize_t i = 0; is_well && i < PyList_Size(entries); i++)
        is_well = add_entry(PyList_GetItem(entries, i), found) == 0;
    Py_XDECREF(dir);
    Py_XDECREF(reduce);
    Py_XDECREF(entries);
    Py_XDECREF(dict);
    return is_well ? 0 : -1;
}

static int look_into_all(struct found *found)
{
    PyObject *values = PyDict_Values(PyEval_GetBuiltins());
    if (values == NULL) return -1;
    Py_ssize_t count = PyList_Size(values);
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *value = PyList_GetItem(values, found->backwards ? count - 1 - i : i);
        if (PyType_Check(value) && !PyType_HasFeature((PyTypeObject *)value, Py_TPFLAGS_HEAPTYPE)
            && look_into(value, found) < 0) return -1;
    }
    Py_DECREF(values);
    return 0;
}

/* Derives from what may not have been looked into, and makes what has it. */
static int derive_from_all(void)
{
    PyTypeObject *bases[] = {&PyLong_Type, &PyList_Type, &PyUnicode_Type, (PyTypeObject *)PyExc_TabError};
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        PyObject *type = PyObject_CallFunction((PyObject *)&PyType_Type, "s(O){}", "Child", (PyObject *)bases[i]);
        PyObject *instance = type ? PyObject_CallNoArgs(type) : NULL, *text = instance ? PyObject_Repr(instance) : NULL;
        Py_XDECREF(instance);
        Py_XDECREF(type);
        if (text == NULL) return -1;
        Py_DECREF(text);
    }
    return 0;
}

static void *look_in_an_interpreter(void *argument)
{
    struct found *found = (struct found *)argument;
    PyInterpreterConfig config = own_gil();
    PyThreadState *ts = NULL;
    if (PyStatus_Exception(Py_NewInterpreterFromConfig(&ts, &config))) return NULL;
    __atomic_fetch_add(&arrived, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&arrived, __ATOMIC_SEQ_CST) < THREADS) sched_yield();
    found->is_well = (found->backwards ? derive_from_all() : 0) == 0 && look_into_all(found) == 0 && derive_from_all() == 0;
    if (!found->is_well) PyErr_Print();
    Py_EndInterpreter(ts);
    return found;
}

TEST(all_find_the_same)
{
    pthread_t threads[THREADS];
    struct found found[THREADS + 1];
    memset(found, 0, sizeof found);
    PyThreadState *here = PyEval_SaveThread();
    for (int i = 0; i < THREADS; i++) {
        found[i].backwards = i % 2;
        CHECK(pthread_create(&threads[i], NULL, look_in_an_interpreter, &found[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *result = NULL;
        CHECK(pthread_join(threads[i], &result) == 0 && result == &found[i] && found[i].is_well);
    }
    PyEval_RestoreThread(here);
    CHECK(look_into_all(&found[THREADS]) == 0 && found[THREADS].names > 500);
    for (int i = 0; i < THREADS; i++)
        CHECK(found[i].names == found[THREADS].names && found[i].sum == found[THREADS].sum);
    done();
}

/* A descriptor that one interpreter made works in all, and on what the main one has. */
TEST(what_they_made_is_used)
{
    CHECK(repr_is(PyObject_CallMethod(L(5), "bit_length", NULL), "3"));
    CHECK(repr_is(PyObject_CallMethod(S("a b"), "split", NULL), "['a', 'b']"));
    CHECK(repr_is(PyObject_CallMethod(keep(PyObject_CallNoArgs(PyExc_TabError)), "add_note", "s", "n"), "None"));
    CHECK(derive_from_all() == 0);
    done();
}

TEST_MAIN(all_find_the_same, what_they_made_is_used)
