/* Programs about the seal, one for each name on the command line. Compiled for an old limited API, whose
 * Py_INCREF writes to the word. */
#include "sealed.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int print_copy(PyObject *object, const char *program, void *arg)
{
    (void)arg;
    const char *file = strrchr(program, '/');
    printf("%s in %s\n", object == Py_None ? "None" : "another", file ? file + 1 : program);
    return 0;
}

static void stop(void)
{
    Py_Initialize();
    seal(DEATHLESS_SEAL_STOP);
    Py_INCREF(Py_None);
    puts("unreachable");
}

static void stop_field(void)
{
    Py_Initialize();
    seal(DEATHLESS_SEAL_STOP);
    ((volatile char *)&PyList_Type)[168] = 0;
    puts("unreachable");
}

static void stop_name(void)
{
    Py_Initialize();
    PyObject *dict = PyObject_GetAttrString((PyObject *)&PyList_Type, "append");
    seal(DEATHLESS_SEAL_STOP);
    Py_DECREF(dict);
    puts("unreachable");
}

static void *in_thread(void *arg)
{
    touch(Py_None, 200);
    touch(PyExc_ValueError, 200);
    return arg;
}

static void threads(void)
{
    pthread_t ids[4];
    Py_Initialize();
    seal(DEATHLESS_SEAL_COUNT);
    for (int i = 0; i < 4; i++)
        pthread_create(&ids[i], NULL, in_thread, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(ids[i], NULL);
    touch(Py_True, 3);
    deathless_visit_writes(print_write, NULL);
    Py_Finalize();
}

static void in_child(void)
{
    pid_t child = fork();
    if (child == 0) {
        touch(Py_False, 5);
        deathless_visit_writes(print_write, NULL);
        fflush(stdout);
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    printf("child %d\n", status);
    fflush(stdout);
}

static void *in_thread_for_long(void *arg)
{
    for (int i = 0; i < 4000; i++)
        touch(Py_None, 1);
    return arg;
}

/* Forks again and again while a thread has its instructions let through. */
static void forks(void)
{
    pthread_t id;
    Py_Initialize();
    seal(DEATHLESS_SEAL_COUNT);
    in_child();
    pthread_create(&id, NULL, in_thread_for_long, NULL);
    int died = 0;
    for (int i = 0; i < 50; i++) {
        pid_t child = fork();
        if (child == 0) {
            touch(Py_None, 3);
            _exit(0);
        }
        int status;
        waitpid(child, &status, 0);
        died += status != 0;
    }
    pthread_join(id, NULL);
    printf("died %d\n", died);
}

static void again(void)
{
    for (int i = 0; i < 100; i++) {
        Py_Initialize();
        const char *sentence = deathless_seal(DEATHLESS_SEAL_COUNT);
        if (sentence != NULL)
            puts(sentence);
        touch(Py_Ellipsis, 1);
        Py_Finalize();
        touch(Py_Ellipsis, 1);
    }
    Py_Initialize();
    deathless_visit_writes(print_write, NULL);
    Py_Finalize();
}

static void unseal(void)
{
    Py_Initialize();
    seal(DEATHLESS_SEAL_STOP);
    deathless_unseal();
    touch(Py_None, 10);
    seal(DEATHLESS_SEAL_COUNT);
    touch(Py_None, 2);
    size_t drifted;
    deathless_check_immortals(&drifted);
    printf("healed %zu\n", drifted);
    deathless_visit_writes(print_write, NULL);
}

static void too_early(void)
{
    seal(DEATHLESS_SEAL_STOP);
    Py_Initialize();
    touch(Py_None, 1);
    seal(7);
    touch(Py_None, 1);
}

/* mprotect fails as it does where a sandbox forbids it. */
static void forbid_mprotect(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        puts("no seccomp");
}

static void forbidden(void)
{
    Py_Initialize();
    struct sigaction before, after;
    sigaction(SIGSEGV, NULL, &before);
    forbid_mprotect();
    seal(DEATHLESS_SEAL_STOP);
    sigaction(SIGSEGV, NULL, &after);
    printf("handler %s\n", before.sa_handler == after.sa_handler ? "as before" : "changed");
    touch(Py_None, 1);
}

static jmp_buf back;

static void jump(int signal)
{
    longjmp(back, signal);
}

static void chained(void)
{
    signal(SIGSEGV, jump);
    Py_Initialize();
    seal(DEATHLESS_SEAL_COUNT);
    touch(Py_None, 1);
    int caught = setjmp(back);
    if (caught == 0)
        *(volatile int *)8 = 1;
    printf("caught %d\n", caught);
    deathless_unseal();
    struct sigaction now;
    sigaction(SIGSEGV, NULL, &now);
    printf("handler %s\n", now.sa_handler == jump ? "given back" : "kept");
}

static void crash(void)
{
    Py_Initialize();
    seal(DEATHLESS_SEAL_STOP);
    *(volatile int *)8 = 1;
}

static void copies(void)
{
    Py_Initialize();
    seal(DEATHLESS_SEAL_COUNT);
    deathless_visit_copies(print_copy, NULL);
}

static const struct program programs[] = {
    {"stop", stop},     {"stop_field", stop_field}, {"stop_name", stop_name}, {"threads", threads},
    {"forks", forks},   {"again", again},           {"unseal", unseal},       {"too_early", too_early},
    {"chained", chained}, {"forbidden", forbidden}, {"crash", crash},         {"copies", copies},
};

int main(int argc, char **argv)
{
    return run_program(programs, sizeof programs / sizeof *programs, argc, argv);
}
