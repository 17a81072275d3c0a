/* pystate.h: attaching from any thread, and what keeps an interpreter from ending. FULL-API */
#ifndef _GNU_SOURCE
#  define _GNU_SOURCE 1
#endif
#include "expect.h"
#include <pthread.h>
#include <unistd.h>

static PyInterpreterGuard *guard;
static PyInterpreterView *view;
static int is_closed;

/* In a thread of its own, without the GIL here. */
static void in_a_thread(void *(*function)(void *))
{
    pthread_t thread;
    PyThreadState *here = PyEval_SaveThread();
    CHECK(pthread_create(&thread, NULL, function, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    PyEval_RestoreThread(here);
}

static void *attach(void *argument)
{
    (void)argument;
    PyThreadStateToken *outer = PyThreadState_Ensure(guard);
    PyThreadState *ts = PyThreadState_GetUnchecked();
    CHECK(outer != NULL && ts != NULL);
    PyThreadStateToken *inner = PyThreadState_Ensure(guard);
    CHECK((void *)inner == (void *)ts && PyThreadState_Get() == ts);
    PyThreadState_Release(inner);
    CHECK(PyThreadState_GetUnchecked() == ts);
    PyObject *list = PyList_New(3);
    CHECK(PyList_Size(list) == 3);
    Py_DECREF(list);
    PyThreadState_Release(outer);
    CHECK(PyThreadState_GetUnchecked() == NULL && PyGILState_GetThisThreadState() == NULL);
    return NULL;
}

TEST(a_thread_attaches_and_detaches)
{
    guard = PyInterpreterGuard_FromCurrent();
    in_a_thread(attach);
    PyInterpreterGuard_Close(guard);
    done();
}

static void *attach_under_gilstate(void *argument)
{
    (void)argument;
    PyGILState_STATE state = PyGILState_Ensure();
    PyThreadState *ts = PyThreadState_Get();
    PyThreadStateToken *token = PyThreadState_Ensure(guard);
    CHECK((void *)token == (void *)ts && PyThreadState_Get() == ts);
    PyThreadState_Release(token);
    CHECK(PyThreadState_GetUnchecked() == ts);
    PyThreadState *saved = PyEval_SaveThread();
    token = PyThreadState_Ensure(guard);
    CHECK(token != NULL && PyThreadState_Get() == ts);
    PyThreadState_Release(token);
    CHECK(PyThreadState_GetUnchecked() == NULL);
    PyEval_RestoreThread(saved);
    PyGILState_Release(state);
    return NULL;
}

TEST(a_state_of_the_thread_is_used_again)
{
    guard = PyInterpreterGuard_FromCurrent();
    in_a_thread(attach_under_gilstate);
    PyInterpreterGuard_Close(guard);
    done();
}

static void *attach_by_view(void *argument)
{
    (void)argument;
    PyThreadStateToken *outer = PyThreadState_EnsureFromView(view);
    CHECK(outer != NULL);
    PyThreadStateToken *inner = PyThreadState_EnsureFromView(view);
    CHECK((void *)inner == (void *)PyThreadState_Get());
    PyThreadState_Release(inner);
    PyThreadState_Release(outer);
    CHECK(PyThreadState_GetUnchecked() == NULL);
    return NULL;
}

TEST(a_view_is_enough)
{
    view = PyInterpreterView_FromCurrent();
    in_a_thread(attach_by_view);
    PyInterpreterView_Close(view);
    view = PyInterpreterView_FromMain();
    in_a_thread(attach_by_view);
    guard = PyInterpreterGuard_FromView(view);
    CHECK(guard != NULL);
    PyInterpreterGuard_Close(guard);
    PyInterpreterView_Close(view);
    done();
}

TEST(another_interpreter_for_a_while)
{
    PyThreadState *here = PyThreadState_Get();
    PyThreadState *there = Py_NewInterpreter();
    int64_t id = PyInterpreterState_GetID(PyInterpreterState_Get());
    guard = PyInterpreterGuard_FromCurrent();
    view = PyInterpreterView_FromCurrent();
    CHECK(PyThreadState_Swap(here) == there);
    PyThreadStateToken *token = PyThreadState_Ensure(guard);
    CHECK((void *)token == (void *)here);
    CHECK(PyInterpreterState_GetID(PyInterpreterState_Get()) == id);
    CHECK(PyThreadState_Get() != there);
    PyThreadState_Release(token);
    CHECK(PyThreadState_GetUnchecked() == here);
    PyInterpreterGuard_Close(guard);
    PyThreadState_Swap(there);
    Py_EndInterpreter(there);
    PyThreadState_Swap(here);
    CHECK(PyInterpreterGuard_FromView(view) == NULL);
    CHECK(PyThreadState_EnsureFromView(view) == NULL);
    CHECK(PyErr_Occurred() == NULL);
    PyInterpreterView_Close(view);
    done();
}

static void *close_late(void *argument)
{
    (void)argument;
    usleep(20000);
    __atomic_store_n(&is_closed, 1, __ATOMIC_SEQ_CST);
    PyInterpreterGuard_Close(guard);
    return NULL;
}

TEST(the_end_waits_for_the_guards)
{
    PyThreadState *here = PyThreadState_Get();
    pthread_t thread;
    for (int i = 0; i < 2; i++) {
        PyThreadState *there = i == 0 ? Py_NewInterpreter() : here;
        guard = PyInterpreterGuard_FromCurrent();
        is_closed = 0;
        CHECK(pthread_create(&thread, NULL, close_late, NULL) == 0);
        if (i == 0) Py_EndInterpreter(there);
        else Py_FinalizeEx();
        CHECK(__atomic_load_n(&is_closed, __ATOMIC_SEQ_CST) == 1);
        CHECK(pthread_join(thread, NULL) == 0);
        if (i == 0) PyThreadState_Swap(here);
        else Py_Initialize();
    }
    done();
}

static int ended_calls;

static void ask_for_a_guard(PyObject *capsule)
{
    (void)capsule;
    ended_calls++;
    CHECK_RAISES(PyExc_PythonFinalizationError, "cannot acquire finalization guard anymore",
                 PyInterpreterGuard_FromCurrent() == NULL);
    PyInterpreterView *name = PyInterpreterView_FromCurrent();
    CHECK(PyInterpreterGuard_FromView(name) == NULL);
    CHECK(PyThreadState_EnsureFromView(name) == NULL);
    PyInterpreterView_Close(name);
}

TEST(no_guard_once_the_end_has_begun)
{
    PyThreadState *here = PyThreadState_Get();
    PyThreadState *there = Py_NewInterpreter();
    static int something;
    PyObject *capsule = PyCapsule_New(&something, NULL, ask_for_a_guard);
    CHECK(PyDict_SetItemString(PyImport_GetModuleDict(), "a capsule", capsule) == 0);
    Py_DECREF(capsule);
    ended_calls = 0;
    Py_EndInterpreter(there);
    CHECK(ended_calls == 1);
    PyThreadState_Swap(here);
    done();
}

TEST(critical_sections_hold_nothing)
{
    PyObject *a = PyList_New(0), *b = PyList_New(0);
    Py_BEGIN_CRITICAL_SECTION(a);
    CHECK(PyList_Append(a, Py_None) == 0);
    Py_END_CRITICAL_SECTION();
    Py_BEGIN_CRITICAL_SECTION2(a, b);
    CHECK(PyList_Append(b, a) == 0);
    Py_END_CRITICAL_SECTION2();
    Py_DECREF(b);
    Py_DECREF(a);
    done();
}

TEST_MAIN(a_thread_attaches_and_detaches, a_state_of_the_thread_is_used_again, a_view_is_enough,
          another_interpreter_for_a_while, the_end_waits_for_the_guards, no_guard_once_the_end_has_begun,
          critical_sections_hold_nothing)
