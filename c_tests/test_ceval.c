/* ceval.h: the GIL, handed over and given back; and what is left of threads and interpreters after a fork. FULL-API */
#ifndef _GNU_SOURCE
#  define _GNU_SOURCE 1
#endif
#include "expect.h"
#include "interpreters.h"
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif
/* In the ABI, and in no header since 3.13. */
PyAPI_FUNC(void) PyEval_AcquireLock(void);
PyAPI_FUNC(void) PyEval_ReleaseLock(void);
#ifdef __cplusplus
}
#endif

static int is_ours(void)
{
    return strstr(Py_GetVersion(), "deathless") != NULL;
}

static PyObject *call_sys(const char *name, PyObject *argument)
{
    PyObject *function = PySys_GetObject(name);
    if (function == NULL) return NULL;
    PyObject *result = PyObject_CallFunctionObjArgs(function, argument, NULL);
    Py_XDECREF(argument);
    return result;
}

TEST(the_switch_interval)
{
    SHOW(call_sys("getswitchinterval", NULL));
    SHOW(call_sys("setswitchinterval", PyFloat_FromDouble(0.25)));
    SHOW(call_sys("getswitchinterval", NULL));
    SHOW(call_sys("setswitchinterval", PyLong_FromLong(2)));
    SHOW(call_sys("getswitchinterval", NULL));
    SHOW(call_sys("setswitchinterval", PyLong_FromLong(0)));
    SHOW(call_sys("setswitchinterval", PyFloat_FromDouble(-1.0)));
    SHOW(call_sys("setswitchinterval", PyUnicode_FromString("1")));
    SHOW(call_sys("setswitchinterval", PyFloat_FromDouble(0.005)));
    SHOW(call_sys("getswitchinterval", NULL));
    done();
}

static int progress[3];
/* What a thread does that never blocks. */
static int (*step)(void);

static int look_for_signals(void)
{
    return PyErr_CheckSignals();
}

static int call_something(void)
{
    PyObject *result = call_sys("getswitchinterval", NULL);
    Py_XDECREF(result);
    return result == NULL ? -1 : 0;
}

/* Goes on until all have come as far. */
static void *never_block(void *index)
{
    PyGILState_STATE state = PyGILState_Ensure();
    int *mine = &progress[(int *)index - progress];
    int all = 0;
    while (!all) {
        __atomic_fetch_add(mine, 1, __ATOMIC_SEQ_CST);
        if (step() < 0) break;
        all = 1;
        for (int i = 0; i < 3; i++) all &= __atomic_load_n(&progress[i], __ATOMIC_SEQ_CST) >= 1000;
    }
    PyGILState_Release(state);
    return NULL;
}

static void take_turns(int (*what)(void))
{
    pthread_t threads[3];
    memset(progress, 0, sizeof progress);
    step = what;
    Py_XDECREF(call_sys("setswitchinterval", PyFloat_FromDouble(0.0002)));
    PyThreadState *here = PyEval_SaveThread();
    for (int i = 0; i < 3; i++) CHECK(pthread_create(&threads[i], NULL, never_block, &progress[i]) == 0);
    for (int i = 0; i < 3; i++) CHECK(pthread_join(threads[i], NULL) == 0);
    PyEval_RestoreThread(here);
    Py_XDECREF(call_sys("setswitchinterval", PyFloat_FromDouble(0.005)));
}

TEST(threads_that_never_block_take_turns)
{
    if (!is_ours()) SKIP("CPython switches between instructions of its own");
    take_turns(look_for_signals);
    done();
}

TEST(threads_that_only_call_take_turns)
{
    if (!is_ours()) SKIP("CPython switches between instructions of its own");
    take_turns(call_something);
    done();
}

static int released;

static void *use_the_lock(void *argument)
{
    (void)argument;
    PyGILState_STATE state = PyGILState_Ensure();
    released = 1;
    PyGILState_Release(state);
    return NULL;
}

TEST(the_lock_by_itself)
{
    pthread_t thread;
    released = 0;
    CHECK(pthread_create(&thread, NULL, use_the_lock, NULL) == 0);
    PyEval_ReleaseLock();
    CHECK(pthread_join(thread, NULL) == 0);
    PyEval_AcquireLock();
    CHECK(released == 1);
    done();
}

static int calls;

static int count_calls(void *argument)
{
    (void)argument;
    calls++;
    return 0;
}

static int stop;

static void make_objects(void)
{
    PyObject *list = PyList_New(50), *text = PyUnicode_FromFormat("%p of %d", (void *)list, stop);
    Py_XDECREF(list);
    Py_XDECREF(text);
}

/* Waits for the GIL and holds it, in turns. */
static void *count_up(void *argument)
{
    (void)argument;
    while (!__atomic_load_n(&stop, __ATOMIC_SEQ_CST)) {
        PyGILState_STATE state = PyGILState_Ensure();
        make_objects();
        PyGILState_Release(state);
    }
    return NULL;
}

/* Is always in the middle of something that takes the runtime's own locks. */
static void *come_and_go(void *argument)
{
    PyInterpreterConfig config = own_gil();
    PyThread_type_lock lock = (PyThread_type_lock)argument;
    while (!__atomic_load_n(&stop, __ATOMIC_SEQ_CST)) {
        PyThreadState *ts = NULL;
        PyThread_acquire_lock(lock, 1);
        if (!PyStatus_Exception(Py_NewInterpreterFromConfig(&ts, &config))) {
            PyThreadState *other = PyThreadState_New(PyInterpreterState_Get());
            void *block = PyMem_Malloc(100000);
            for (int i = 0; i < 100; i++) make_objects();
            PyMem_Free(block);
            PyThreadState_Clear(other);
            PyThreadState_Delete(other);
            Py_EndInterpreter(ts);
        }
        PyThread_release_lock(lock);
    }
    return NULL;
}

/* Keeps the interpreter from ending, for as long as it runs. */
static void *guard_it(void *argument)
{
    PyGILState_STATE state = PyGILState_Ensure();
    PyInterpreterGuard *guard = PyInterpreterGuard_FromCurrent();
    PyGILState_Release(state);
    while (!__atomic_load_n(&stop, __ATOMIC_SEQ_CST)) usleep(500);
    PyInterpreterGuard_Close(guard);
    return argument;
}

/* What a child of the fork does: everything that it did before. Its number says what went wrong. */
static int child(PyThread_type_lock mine)
{
    pthread_t thread;
    PyOS_AfterFork_Child();
    for (int i = 0; i < 100; i++) make_objects();
    released = 0;
    PyThreadState *here = PyEval_SaveThread();
    if (pthread_create(&thread, NULL, use_the_lock, NULL) != 0 || pthread_join(thread, NULL) != 0) return 2;
    PyEval_RestoreThread(here);
    if (released != 1) return 3;
    PyInterpreterConfig config = own_gil();
    PyThreadState *there = Py_NewInterpreter(), *own = NULL;
    if (there == NULL || PyStatus_Exception(Py_NewInterpreterFromConfig(&own, &config))) return 4;
    make_objects();
    Py_EndInterpreter(own);
    PyThreadState_Swap(there);
    Py_EndInterpreter(there);
    PyThreadState_Swap(here);
    PyThread_release_lock(mine);
    if (!PyThread_acquire_lock(mine, 0)) return 5;
    if (Py_AddPendingCall(count_calls, NULL) != 0 || Py_MakePendingCalls() != 0 || calls != 1) return 6;
    if (Py_FinalizeEx() != 0) return 7;
    Py_Initialize();
    make_objects();
    return Py_FinalizeEx() == 0 ? 0 : 8;
}

TEST(the_child_of_a_fork_is_usable)
{
    if (!is_ours()) SKIP("CPython's child may wait for ever, or die");
    if (getenv("PYTHONMALLOC") != NULL) SKIP("nobody gives back what threads held that are no more");
    PyThreadState *here = PyThreadState_Get();
    PyThreadState *there = Py_NewInterpreter();
    PyThreadState_Swap(here);
    pthread_t threads[5];
    PyThread_type_lock theirs[2] = {PyThread_allocate_lock(), PyThread_allocate_lock()};
    PyThread_type_lock mine = PyThread_allocate_lock();
    PyThread_acquire_lock(mine, 1);
    enum { count = 5 };
    stop = calls = 0;
    for (int i = 0; i < 2; i++) CHECK(pthread_create(&threads[i], NULL, count_up, NULL) == 0);
    for (int i = 0; i < 2; i++) CHECK(pthread_create(&threads[2 + i], NULL, come_and_go, theirs[i]) == 0);
    CHECK(pthread_create(&threads[4], NULL, guard_it, NULL) == 0);
    for (int i = 0; i < (getenv("SLOW") ? 5 : 50); i++) {
        Py_BEGIN_ALLOW_THREADS
        usleep(300);
        Py_END_ALLOW_THREADS
        fflush(stdout);
        if (i % 2) PyOS_BeforeFork();
        pid_t pid = fork();
        if (pid == 0) {
            alarm(60);
            _exit(child(mine));
        }
        if (i % 2) PyOS_AfterFork_Parent();
        int status = -1;
        Py_BEGIN_ALLOW_THREADS
        CHECK(pid > 0 && waitpid(pid, &status, 0) == pid);
        Py_END_ALLOW_THREADS
        CHECK(WIFEXITED(status));
        if (WEXITSTATUS(status) != 0) printf("  the child said %d\n", WEXITSTATUS(status));
        CHECK(WEXITSTATUS(status) == 0);
    }
    __atomic_store_n(&stop, 1, __ATOMIC_SEQ_CST);
    Py_BEGIN_ALLOW_THREADS
    for (int i = 0; i < count; i++) CHECK(pthread_join(threads[i], NULL) == 0);
    Py_END_ALLOW_THREADS
    for (int i = 0; i < 2; i++) PyThread_free_lock(theirs[i]);
    PyThread_release_lock(mine);
    PyThread_free_lock(mine);
    PyThreadState_Swap(there);
    Py_EndInterpreter(there);
    PyThreadState_Swap(here);
    done();
}

/* What the runtime says on stderr as it dies of `fault`, its first line. */
static void show_death(const char *what, void (*fault)(void))
{
    int pipes[2];
    char text[400] = "";
    CHECK(pipe(pipes) == 0);
    fflush(stdout);
    PyOS_BeforeFork();
    pid_t pid = fork();
    if (pid == 0) {
        dup2(pipes[1], 2);
        PyOS_AfterFork_Child();
        fault();
        _exit(0);
    }
    PyOS_AfterFork_Parent();
    close(pipes[1]);
    FILE *said = fdopen(pipes[0], "r");
    CHECK(said != NULL && fgets(text, sizeof text, said) != NULL);
    int status = 0;
    CHECK(waitpid(pid, &status, 0) == pid && status != 0);
    fclose(said);
    printf("  %s: %s", what, text);
}

static void end_what_is_not_current(void)
{
    PyThreadState *here = PyThreadState_Get(), *there = Py_NewInterpreter();
    PyThreadState_Swap(here);
    Py_EndInterpreter(there);
}

static void end_detached(void)
{
    PyThreadState *there = Py_NewInterpreter();
    PyEval_SaveThread();
    Py_EndInterpreter(there);
}

static void fork_elsewhere(void)
{
    Py_NewInterpreter();
    PyOS_BeforeFork();
    if (fork() == 0) {
        PyOS_AfterFork_Child();
        _exit(0);
    }
    int status = 0;
    wait(&status);
    _exit(status != 0);
}

TEST(what_is_fatal)
{
    NEEDS(0x030F0000);
    if (getenv("PYTHONMALLOC") != NULL) SKIP("what dies gives nothing back");
    show_death("to end an interpreter from another", end_what_is_not_current);
    show_death("to end an interpreter while detached", end_detached);
    show_death("to fork in another than the main one", fork_elsewhere);
    done();
}

static PyInterpreterState *shared;
static int stage;

static void come_to(int next)
{
    __atomic_store_n(&stage, next, __ATOMIC_SEQ_CST);
}

static void wait_for(int wanted)
{
    while (__atomic_load_n(&stage, __ATOMIC_SEQ_CST) != wanted) usleep(500);
}

/* Leaves its state as it is. */
static void *die(void *argument)
{
    (void)argument;
    PyThreadState *ts = PyThreadState_New(shared);
    PyEval_RestoreThread(ts);
    PyObject *dict = PyThreadState_GetDict();
    PyEval_SaveThread();
    return dict;
}

static void *wait_for_the_lock(void *argument)
{
    PyThreadState *ts = PyThreadState_New(shared);
    come_to(1);
    PyEval_RestoreThread(ts);
    /* Never, in an interpreter that ended. */
    come_to(99);
    PyEval_SaveThread();
    return argument;
}

TEST(an_interpreter_ends_with_threads_in_it)
{
    if (!is_ours()) SKIP("CPython 3.15 crashes, older ones refuse");
    if (getenv("PYTHONMALLOC") != NULL) SKIP("a thread that waits for ever keeps its state");
    for (int own = 0; own < 2; own++) {
        PyInterpreterConfig config = own_gil();
        PyThreadState *here = PyThreadState_Get(), *there = NULL;
        pthread_t thread;
        if (own) CHECK(!PyStatus_Exception(Py_NewInterpreterFromConfig(&there, &config)));
        else there = Py_NewInterpreter();
        shared = PyInterpreterState_Get();
        /* One dies, holding nothing. */
        Py_BEGIN_ALLOW_THREADS
        void *dict = NULL;
        CHECK(pthread_create(&thread, NULL, die, NULL) == 0 && pthread_join(thread, &dict) == 0 && dict != NULL);
        Py_END_ALLOW_THREADS
        /* One waits for the GIL, for ever. */
        come_to(0);
        CHECK(pthread_create(&thread, NULL, wait_for_the_lock, NULL) == 0);
        wait_for(1);
        usleep(20000);
        Py_EndInterpreter(there);
        PyThreadState_Swap(here);
        make_objects();
        Py_BEGIN_ALLOW_THREADS
        usleep(20000);
        Py_END_ALLOW_THREADS
        CHECK(__atomic_load_n(&stage, __ATOMIC_SEQ_CST) == 1);
    }
    done();
}

static void *daemon_of_the_runtime(void *argument)
{
    PyGILState_STATE state = PyGILState_Ensure();
    PyThreadState *ts = PyEval_SaveThread();
    come_to(1);
    wait_for(2);
    PyEval_RestoreThread(ts);
    come_to(99);
    PyGILState_Release(state);
    return argument;
}

TEST(daemon_threads_wait_for_ever_once_the_runtime_has_ended)
{
    NEEDS(0x030E0000);
    if (getenv("PYTHONMALLOC") != NULL) SKIP("a thread that waits for ever keeps its state");
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) {
        come_to(0);
        CHECK(pthread_create(&threads[i], NULL, daemon_of_the_runtime, NULL) == 0);
        Py_BEGIN_ALLOW_THREADS
        wait_for(1);
        Py_END_ALLOW_THREADS
        CHECK(Py_FinalizeEx() == 0);
        come_to(2);
        usleep(20000);
        CHECK(__atomic_load_n(&stage, __ATOMIC_SEQ_CST) == 2);
        /* The next runtime is none of its business. */
        Py_Initialize();
        make_objects();
        Py_BEGIN_ALLOW_THREADS
        usleep(20000);
        Py_END_ALLOW_THREADS
        CHECK(__atomic_load_n(&stage, __ATOMIC_SEQ_CST) == 2);
    }
    done();
}

static int made;

static int make_a_call(void *argument)
{
    (void)argument;
    made += PyInterpreterState_GetID(PyInterpreterState_Get()) == 0 ? 1 : 100;
    return 0;
}

TEST(pending_calls_are_the_main_interpreters)
{
    PyThreadState *here = PyThreadState_Get();
    PyThreadState *there = Py_NewInterpreter();
    made = 0;
    CHECK(Py_AddPendingCall(make_a_call, NULL) == 0);
    CHECK(Py_MakePendingCalls() == 0);
    CHECK(made == 0);
    Py_EndInterpreter(there);
    PyThreadState_Swap(here);
    CHECK(Py_MakePendingCalls() == 0);
    CHECK(made == 1);
    done();
}

enum { TEXT = 300000 };

static void *write_much(void *text)
{
    PyGILState_STATE state = PyGILState_Ensure();
    PyObject *out = PySys_GetObject("stdout");
    PyObject *written = PyObject_CallMethod(out, "write", "O", (PyObject *)text);
    PyObject *flushed = PyObject_CallMethod(out, "flush", NULL);
    CHECK(written != NULL && PyLong_AsLong(written) == TEXT && flushed != NULL);
    Py_XDECREF(written);
    Py_XDECREF(flushed);
    PyGILState_Release(state);
    return NULL;
}

/* More than a pipe holds, and nobody reads it until another thread has had the GIL. */
TEST(who_waits_for_a_pipe_holds_nobody_up)
{
    static char room[TEXT];
    int pipes[2], saved = dup(1);
    pthread_t thread;
    memset(room, 'x', sizeof room);
    PyObject *text = PyUnicode_FromStringAndSize(room, TEXT);
    fflush(stdout);
    CHECK(pipe(pipes) == 0 && dup2(pipes[1], 1) == 1);
    alarm(100);
    CHECK(pthread_create(&thread, NULL, write_much, text) == 0);
    Py_BEGIN_ALLOW_THREADS
    usleep(50000);
    Py_END_ALLOW_THREADS
    make_objects();
    Py_BEGIN_ALLOW_THREADS
    for (ssize_t left = TEXT, got; left > 0; left -= got)
        if ((got = read(pipes[0], room, sizeof room)) <= 0) break;
    CHECK(pthread_join(thread, NULL) == 0);
    Py_END_ALLOW_THREADS
    alarm(0);
    CHECK(dup2(saved, 1) == 1);
    close(saved);
    close(pipes[0]);
    close(pipes[1]);
    Py_DECREF(text);
    done();
}

static void *add_calls(void *argument)
{
    int left = 200;
    while (left > 0) {
        if (Py_AddPendingCall(count_calls, NULL) == 0) left--;
        else usleep(100);
    }
    return argument;
}

TEST(any_thread_may_ask_for_a_call)
{
    pthread_t threads[3];
    calls = 0;
    for (int i = 0; i < 3; i++) CHECK(pthread_create(&threads[i], NULL, add_calls, NULL) == 0);
    while (calls < 600) CHECK(Py_MakePendingCalls() == 0);
    for (int i = 0; i < 3; i++) CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(Py_MakePendingCalls() == 0);
    CHECK(calls == 600);
    done();
}

TEST_MAIN(the_switch_interval, threads_that_never_block_take_turns, threads_that_only_call_take_turns,
          the_lock_by_itself, the_child_of_a_fork_is_usable, what_is_fatal, an_interpreter_ends_with_threads_in_it,
          daemon_threads_wait_for_ever_once_the_runtime_has_ended, pending_calls_are_the_main_interpreters,
          any_thread_may_ask_for_a_call, who_waits_for_a_pipe_holds_nobody_up)
