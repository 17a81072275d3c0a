/* pythread.h: threads, locks, and storage of a thread's own. */
/* NEEDS 3.7 */
#ifndef _GNU_SOURCE
#  define _GNU_SOURCE 1
#endif
#include "expect.h"
#include "pythread.h"
#include <pthread.h>
#include <unistd.h>

/* Runs in a thread of its own, and is waited for without the GIL. */
static void in_a_thread(void *(*function)(void *), void *argument)
{
    pthread_t thread;
    Py_BEGIN_ALLOW_THREADS
    CHECK(pthread_create(&thread, NULL, function, argument) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    Py_END_ALLOW_THREADS
}

static void *give_back(void *lock)
{
    PyThread_release_lock((PyThread_type_lock)lock);
    return NULL;
}

TEST(a_lock_is_taken_once)
{
    PyThread_type_lock lock = PyThread_allocate_lock();
    CHECK(lock != NULL);
    CHECK(PyThread_acquire_lock(lock, WAIT_LOCK) == 1);
    CHECK(PyThread_acquire_lock(lock, NOWAIT_LOCK) == 0);
    CHECK(PyThread_acquire_lock_timed(lock, 0, 0) == PY_LOCK_FAILURE);
    CHECK(PyThread_acquire_lock_timed(lock, 2000, 0) == PY_LOCK_FAILURE);
    CHECK(PyThread_acquire_lock_timed(lock, 2000, 1) == PY_LOCK_FAILURE);
    /* Another thread may give it back. */
    in_a_thread(give_back, lock);
    CHECK(PyThread_acquire_lock(lock, NOWAIT_LOCK) == 1);
    PyThread_release_lock(lock);
    CHECK(PyThread_acquire_lock_timed(lock, -1, 0) == PY_LOCK_ACQUIRED);
    PyThread_release_lock(lock);
    PyThread_free_lock(lock);
    done();
}

static PyThread_type_lock counted;
static long count;

static void *count_up(void *argument)
{
    for (int i = 0; i < 2000; i++) {
        if (i % 3 == 0) PyThread_acquire_lock(counted, WAIT_LOCK);
        else if (i % 3 == 1) PyThread_acquire_lock_timed(counted, -1, 0);
        else while (PyThread_acquire_lock_timed(counted, 50, 0) != PY_LOCK_ACQUIRED) { }
        count++;
        PyThread_release_lock(counted);
    }
    return argument;
}

TEST(threads_take_turns)
{
    pthread_t threads[4];
    counted = PyThread_allocate_lock();
    count = 0;
    Py_BEGIN_ALLOW_THREADS
    for (int i = 0; i < 4; i++) CHECK(pthread_create(&threads[i], NULL, count_up, NULL) == 0);
    for (int i = 0; i < 4; i++) CHECK(pthread_join(threads[i], NULL) == 0);
    Py_END_ALLOW_THREADS
    CHECK(count == 8000);
    PyThread_free_lock(counted);
    done();
}

static PyThread_type_lock started;
static unsigned long started_as;

static void start(void *argument)
{
    started_as = PyThread_get_thread_ident();
    *(int *)argument = 5;
    PyThread_release_lock(started);
}

TEST(a_thread_is_started)
{
    int argument = 0;
    started = PyThread_allocate_lock();
    PyThread_acquire_lock(started, WAIT_LOCK);
    unsigned long thread = PyThread_start_new_thread(start, &argument);
    CHECK(thread != (unsigned long)-1);
    Py_BEGIN_ALLOW_THREADS
    PyThread_acquire_lock(started, WAIT_LOCK);
    Py_END_ALLOW_THREADS
    CHECK(argument == 5 && started_as == thread && thread != PyThread_get_thread_ident());
    PyThread_release_lock(started);
    PyThread_free_lock(started);
    done();
}

TEST(the_size_of_a_stack)
{
    CHECK(PyThread_get_stacksize() == 0);
    CHECK(PyThread_set_stacksize(100) == -1);
    CHECK(PyThread_set_stacksize(1 << 20) == 0 && PyThread_get_stacksize() == 1 << 20);
    CHECK(PyThread_set_stacksize(0) == 0 && PyThread_get_stacksize() == 0);
    done();
}

static void *look_at_the_key(void *key)
{
    static int other;
    Py_tss_t *tss = (Py_tss_t *)key;
    CHECK(PyThread_tss_get(tss) == NULL);
    CHECK(PyThread_tss_set(tss, &other) == 0 && PyThread_tss_get(tss) == &other);
    return NULL;
}

TEST(each_thread_has_its_own_value)
{
    int value;
    Py_tss_t *key = PyThread_tss_alloc();
    CHECK(key != NULL && !PyThread_tss_is_created(key));
    CHECK(PyThread_tss_create(key) == 0 && PyThread_tss_is_created(key));
    CHECK(PyThread_tss_create(key) == 0);
    CHECK(PyThread_tss_get(key) == NULL);
    CHECK(PyThread_tss_set(key, &value) == 0 && PyThread_tss_get(key) == &value);
    in_a_thread(look_at_the_key, key);
    CHECK(PyThread_tss_get(key) == &value);
    PyThread_tss_delete(key);
    CHECK(!PyThread_tss_is_created(key));
    PyThread_tss_delete(key);
    CHECK(PyThread_tss_create(key) == 0 && PyThread_tss_get(key) == NULL);
    PyThread_tss_free(key);
    PyThread_tss_free(NULL);
    done();
}

static void *look_at_the_number(void *key)
{
    static int other;
    CHECK(PyThread_get_key_value(*(int *)key) == NULL);
    CHECK(PyThread_set_key_value(*(int *)key, &other) == 0);
    return NULL;
}

TEST(the_older_way)
{
    int value, key = PyThread_create_key();
    CHECK(key >= 0 && PyThread_get_key_value(key) == NULL);
    CHECK(PyThread_set_key_value(key, &value) == 0 && PyThread_get_key_value(key) == &value);
    in_a_thread(look_at_the_number, &key);
    CHECK(PyThread_get_key_value(key) == &value);
    PyThread_delete_key_value(key);
    CHECK(PyThread_get_key_value(key) == NULL);
    PyThread_ReInitTLS();
    PyThread_delete_key(key);
    done();
}

TEST(what_is_said_of_threads)
{
    PyObject *info = PyThread_GetInfo();
    CHECK(info != NULL && text_is(PyObject_GetAttrString(info, "name"), "pthread"));
    Py_XDECREF(info);
    done();
}

TEST_MAIN(a_lock_is_taken_once, threads_take_turns, a_thread_is_started, the_size_of_a_stack,
          each_thread_has_its_own_value, the_older_way, what_is_said_of_threads)
