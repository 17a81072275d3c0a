/* Memory that runs out for everybody: the program has its own malloc and mmap, which fail once, at the nth call. So what
 * the library takes for itself can be refused, beside the blocks of its heaps. The argument says what is tried:
 * "isolated", "legacy" and "bare" interpreters, a thread's "state", "handles" of locks, keys, guards and views, "ensure"
 * in a thread of its own, or the "start". For every n until nothing is refused any more an error must come of it, with
 * nothing taken for good, and a second attempt must go well. Prints how often it failed. What cannot say that it failed,
 * the last two, ends the process with words, so each is tried in a fork. */
#include "Python.h"
#include "interpreters.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

/* How many calls are left until one fails, 0 for none; of this thread alone, so that nothing else is counted. */
static __thread long countdown;
static __thread int is_counting;
/* Blocks and mappings taken and not given back, while somebody counts. */
static __thread long taken, mapped;

static int fails(void)
{
    if (countdown == 0 || --countdown > 0) return 0;
    errno = ENOMEM;
    return 1;
}

static void *took(void *block)
{
    if (is_counting && block != NULL) taken++;
    return block;
}

void *malloc(size_t size)
{
    return fails() ? NULL : took(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : took(__libc_calloc(count, size));
}

void *realloc(void *block, size_t size)
{
    if (fails()) return NULL;
    return block == NULL ? took(__libc_realloc(NULL, size)) : __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : took(__libc_memalign(alignment, size));
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    if (fails()) return ENOMEM;
    *block = took(__libc_memalign(alignment, size));
    return *block == NULL ? ENOMEM : 0;
}

void free(void *block)
{
    if (is_counting && block != NULL) taken--;
    __libc_free(block);
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset)
{
    if (fails()) return MAP_FAILED;
    if (is_counting) mapped++;
    return (void *)syscall(SYS_mmap, address, length, protection, flags, file, offset);
}

int munmap(void *address, size_t length)
{
    if (is_counting) mapped--;
    return (int)syscall(SYS_munmap, address, length);
}

static PyThreadState *here;
/* Whether the call that was to fail came to pass. */
static int came_to_pass;

static void arm(long nth)
{
    countdown = nth;
}

static void disarm(long nth)
{
    came_to_pass = nth > 0 && countdown == 0;
    countdown = 0;
}

/* Each makes the thing with the nth call failing, and gives it back: 1 if it was made, 0 if an error came of it. */

static int interpreter(long nth, PyInterpreterConfig config)
{
    PyThreadState *ts = NULL;
    arm(nth);
    PyStatus status = Py_NewInterpreterFromConfig(&ts, &config);
    disarm(nth);
    if (PyStatus_Exception(status) != (ts == NULL)) exit(3);
    if (ts != NULL) {
        Py_EndInterpreter(ts);
        PyThreadState_Swap(here);
    } else if (status.err_msg == NULL) exit(4);
    return ts != NULL;
}

static int isolated(long nth)
{
    return interpreter(nth, own_gil());
}

static int legacy(long nth)
{
    PyInterpreterConfig config = {1, 1, 1, 1, 1, 0, PyInterpreterConfig_SHARED_GIL};
    return interpreter(nth, config);
}

static int state(long nth)
{
    arm(nth);
    PyThreadState *ts = PyThreadState_New(PyInterpreterState_Get());
    disarm(nth);
    if (ts == NULL) return 0;
    PyThreadState_Clear(ts);
    PyThreadState_Delete(ts);
    return 1;
}

static int bare(long nth)
{
    arm(nth);
    PyInterpreterState *interp = PyInterpreterState_New();
    disarm(nth);
    if (interp == NULL) return 0;
    PyInterpreterState_Clear(interp);
    PyInterpreterState_Delete(interp);
    return 1;
}

/* What is no state, but memory of its own for C to keep: NULL, and a MemoryError where an exception can be set. */
static int handles(long nth)
{
    arm(nth);
    PyThread_type_lock lock = PyThread_allocate_lock();
    Py_tss_t *key = PyThread_tss_alloc();
    PyInterpreterGuard *guard = PyInterpreterGuard_FromCurrent();
    PyInterpreterView *view = PyInterpreterView_FromCurrent();
    disarm(nth);
    if ((guard == NULL || view == NULL) != (PyErr_ExceptionMatches(PyExc_MemoryError) != 0)) exit(15);
    PyErr_Clear();
    int made = lock != NULL && key != NULL && guard != NULL && view != NULL;
    if (lock != NULL) PyThread_free_lock(lock);
    PyThread_tss_free(key);
    if (guard != NULL) PyInterpreterGuard_Close(guard);
    if (view != NULL) PyInterpreterView_Close(view);
    return made;
}

static void try_all(int (*make)(long))
{
    long failed = 0, nth = 0;
    int is_asked;
    /* What is made once a process. */
    for (int warm = 0; warm < 20; warm++) if (!make(0)) exit(5);
    do {
        nth++;
        /* What the process keeps for good, a list that has grown say, it takes the first time only. */
        for (int again = 0; again < 2; again++) {
            is_counting = 1;
            taken = mapped = 0;
            int made = make(nth);
            is_counting = 0;
            is_asked = came_to_pass;
            failed += !made && again;
            if (PyThreadState_Get() != here || PyErr_Occurred() != NULL || (!made && !is_asked)) exit(6);
            if (!make(0)) exit(8);
        }
        if (taken != 0 || mapped != 0) {
            printf("%ld blocks and %ld mappings are left of refusal %ld\n", taken, mapped, nth);
            exit(7);
        }
    } while (is_asked);
    printf("%ld\n", failed);
}

static void *ensure(void *nth)
{
    arm((long)nth);
    PyGILState_STATE before = PyGILState_Ensure();
    disarm((long)nth);
    PyGILState_Release(before);
    return NULL;
}

static void ensure_in_a_thread(long nth)
{
    pthread_t thread;
    Py_BEGIN_ALLOW_THREADS
    if (pthread_create(&thread, NULL, ensure, (void *)nth) != 0 || pthread_join(thread, NULL) != 0) exit(10);
    Py_END_ALLOW_THREADS
}

static void start(long nth)
{
    arm(nth);
    Py_InitializeEx(0);
    disarm(nth);
}

/* What cannot say that it failed: it succeeds, or ends the process with words. */
static void try_in_forks(void (*make)(long))
{
    long failed = 0, nth = 0;
    int status, is_asked = 1;
    while (is_asked) {
        int ends[2];
        char words[512] = "";
        if (pipe(ends) != 0) exit(11);
        pid_t child = fork();
        if (child == 0) {
            dup2(ends[1], 2);
            close(ends[0]);
            make(++nth);
            int asked = came_to_pass;
            _exit(Py_FinalizeEx() == 0 ? asked : 12);
        }
        nth++;
        close(ends[1]);
        /* The beginning is kept, and the rest read, so that nobody writes in vain. */
        char rest[512];
        ssize_t got = read(ends[0], words, sizeof words - 1);
        while (got > 0 && (got = read(ends[0], rest, sizeof rest)) > 0) {}
        close(ends[0]);
        if (waitpid(child, &status, 0) != child) exit(13);
        int has_words = strstr(words, "memory") != NULL || strstr(words, "Fatal Python error: ") != NULL;
        int is_fatal = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && has_words;
        if (!is_fatal && !(WIFEXITED(status) && WEXITSTATUS(status) <= 1)) {
            printf("refusal %ld: status %d: %s\n", nth, status, words);
            exit(14);
        }
        failed += is_fatal;
        is_asked = is_fatal || WEXITSTATUS(status) == 1;
    }
    printf("%ld\n", failed);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "start") == 0) {
        try_in_forks(start);
        return 0;
    }
    Py_InitializeEx(0);
    if (strcmp(what, "ensure") == 0) try_in_forks(ensure_in_a_thread);
    here = PyThreadState_Get();
    if (strcmp(what, "isolated") == 0) try_all(isolated);
    else if (strcmp(what, "legacy") == 0) try_all(legacy);
    else if (strcmp(what, "state") == 0) try_all(state);
    else if (strcmp(what, "bare") == 0) try_all(bare);
    else if (strcmp(what, "handles") == 0) try_all(handles);
    return Py_FinalizeEx() == 0 ? 0 : 9;
}
