/* pystate.h: what interpreters with their own GILs share, used by all of them at once. FULL-API */
/* NEEDS 3.13 */
#include "expect.h"
#include "interpreters.h"
#include <pthread.h>

enum { INTERPRETERS = 2, THREADS = 2 };

static int rounds;

/* One of each: a built-in type, its parts, and what it is asked for. */
static int look_at(PyObject *object)
{
    static const char *const names[] = {"__name__", "__doc__", "__mro__", "__dict__", "__init__", "__eq__", "__hash__"};
    PyObject *type = (PyObject *)Py_TYPE(object);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        PyObject *part = PyObject_GetAttrString(type, names[i]);
        if (part == NULL) return -1;
        PyObject *text = PyObject_Repr(part);
        Py_DECREF(part);
        if (text == NULL) return -1;
        Py_DECREF(text);
    }
    PyObject *text = PyObject_Repr(object);
    if (text == NULL || PyUnicode_AsUTF8AndSize(text, NULL) == NULL || PyObject_Hash(text) == -1) return -1;
    Py_DECREF(text);
    PyObject *dir = PyObject_Dir(object);
    if (dir == NULL || PyObject_IsTrue(dir) != 1) return -1;
    Py_DECREF(dir);
    return PyObject_IsInstance(object, (PyObject *)&PyBaseObject_Type) == 1 ? 0 : -1;
}

static int look_at_what_is_shared(void)
{
    PyObject *shared[] = {
        Py_None, Py_True, Py_Ellipsis, Py_NotImplemented, (PyObject *)&PyType_Type, (PyObject *)&PyDict_Type,
        (PyObject *)&PyUnicode_Type, PyExc_ValueError, PyLong_FromLong(7), PyUnicode_FromString("a"), PyUnicode_FromString(""),
        PyTuple_New(0), PyBytes_FromString("b"),
    };
    int count = (int)(sizeof shared / sizeof *shared);
    for (int i = 0; i < count; i++) {
        if (look_at(shared[i]) < 0) return -1;
        for (int k = 0; k < 20; k++) {
            Py_INCREF(shared[i]);
            Py_IncRef(shared[i]);
            Py_DecRef(shared[i]);
            Py_DECREF(shared[i]);
        }
        if (i >= 8) Py_DECREF(shared[i]);
    }
    return 0;
}

/* What is mutable about the built-in types, and so an interpreter's own. */
static int derive_and_refer(void)
{
    PyObject *child = PyObject_CallFunction((PyObject *)&PyType_Type, "s(O){}", "Child", (PyObject *)&PyLong_Type);
    PyObject *reference = PyWeakref_NewRef((PyObject *)&PyLong_Type, NULL);
    PyObject *children = PyObject_CallMethod((PyObject *)&PyLong_Type, "__subclasses__", NULL);
    PyObject *number = child ? PyObject_CallFunction(child, "i", 5) : NULL;
    int is_well = reference != NULL && children != NULL && PySequence_Contains(children, child) == 1 && number != NULL
                  && PyLong_AsLong(number) == 5;
    Py_XDECREF(number);
    Py_XDECREF(children);
    Py_XDECREF(reference);
    Py_XDECREF(child);
    return is_well ? 0 : -1;
}

static int raise_and_catch(void)
{
    PyErr_SetString(PyExc_KeyError, "key");
    if (!PyErr_ExceptionMatches(PyExc_LookupError)) return -1;
    PyObject *raised = PyErr_GetRaisedException();
    PyObject *text = raised ? PyObject_Repr(raised) : NULL;
    Py_XDECREF(raised);
    Py_XDECREF(text);
    return text == NULL ? -1 : 0;
}

static int work_on_ones_own(void)
{
    PyObject *dict = PyDict_New(), *list = PyList_New(0);
    for (int i = 0; i < 50; i++) {
        PyObject *key = PyUnicode_FromFormat("key %d", i % 7), *value = PyFloat_FromDouble(i * 1.5);
        PyUnicode_InternInPlace(&key);
        if (PyDict_SetItem(dict, key, value) < 0 || PyList_Append(list, value) < 0) return -1;
        Py_DECREF(key);
        Py_DECREF(value);
    }
    PyList_Append(list, list);
    PyObject *upper = PyObject_CallMethod(PyTuple_New(0), "__len__", NULL), *module = PyImport_ImportModule("types");
    int is_well = upper != NULL && module != NULL && PyDict_Size(dict) == 7 && PyErr_CheckSignals() == 0;
    Py_XDECREF(module);
    Py_XDECREF(upper);
    Py_DECREF(dict);
    Py_DECREF(list);
    PyGC_Collect();
    return is_well ? 0 : -1;
}

static int failures;

static void work(void)
{
    for (int i = 0; i < rounds; i++) {
        if (look_at_what_is_shared() < 0 || derive_and_refer() < 0 || raise_and_catch() < 0 || work_on_ones_own() < 0) {
            PyErr_Print();
            __atomic_fetch_add(&failures, 1, __ATOMIC_SEQ_CST);
            return;
        }
    }
}

static void *in_another_thread(void *interp)
{
    PyThreadState *ts = PyThreadState_New((PyInterpreterState *)interp);
    PyEval_RestoreThread(ts);
    work();
    PyThreadState_Clear(ts);
    PyThreadState_DeleteCurrent();
    return NULL;
}

/* What it was given, if all went well. */
static void *in_an_interpreter(void *argument)
{
    PyInterpreterConfig config = own_gil();
    PyThreadState *ts = NULL;
    pthread_t threads[THREADS - 1];
    if (PyStatus_Exception(Py_NewInterpreterFromConfig(&ts, &config))) return NULL;
    for (int i = 0; i < THREADS - 1; i++)
        if (pthread_create(&threads[i], NULL, in_another_thread, PyInterpreterState_Get()) != 0) return NULL;
    work();
    Py_BEGIN_ALLOW_THREADS
    for (int i = 0; i < THREADS - 1; i++) pthread_join(threads[i], NULL);
    Py_END_ALLOW_THREADS
    Py_EndInterpreter(ts);
    return argument;
}

TEST(what_is_shared_is_used_by_all_at_once)
{
    pthread_t threads[INTERPRETERS];
    rounds = getenv("SLOW") != NULL ? 3 : 30;
    failures = 0;
    PyThreadState *here = PyEval_SaveThread();
    for (int i = 0; i < INTERPRETERS; i++)
        CHECK(pthread_create(&threads[i], NULL, in_an_interpreter, &rounds) == 0);
    for (int i = 0; i < INTERPRETERS; i++) {
        void *result = NULL;
        CHECK(pthread_join(threads[i], &result) == 0 && result == &rounds);
    }
    PyEval_RestoreThread(here);
    CHECK(failures == 0);
    done();
}

TEST(in_the_main_interpreter_as_well)
{
    pthread_t thread;
    rounds = 3;
    failures = 0;
    CHECK(pthread_create(&thread, NULL, in_an_interpreter, &rounds) == 0);
    work();
    Py_BEGIN_ALLOW_THREADS
    CHECK(pthread_join(thread, NULL) == 0);
    Py_END_ALLOW_THREADS
    CHECK(failures == 0);
    done();
}

TEST_MAIN(what_is_shared_is_used_by_all_at_once, in_the_main_interpreter_as_well)
