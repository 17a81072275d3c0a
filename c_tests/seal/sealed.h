/* What the programs about the seal have in common. */
#ifndef SEALED_H
#define SEALED_H

#include <deathless.h>

#include <stdio.h>
#include <string.h>

static inline void seal(int mode)
{
    const char *sentence = deathless_seal(mode);
    printf("%s\n", sentence ? sentence : "sealed");
    fflush(stdout);
}

static inline int print_write(const struct deathless_write *write, void *arg)
{
    (void)arg;
    const char *file = strrchr(write->module, '/');
    printf("%s %s %s %llu %llu %llu\n", write->object, write->function, file ? file + 1 : write->module,
           (unsigned long long)write->up, (unsigned long long)write->down, (unsigned long long)write->other);
    return 0;
}

/* Each volatile access is an instruction of its own, in a function of its own. */
__attribute__((noinline, unused)) static void touch(PyObject *object, long n)
{
    volatile Py_ssize_t *word = (volatile Py_ssize_t *)object;
    while (n-- > 0)
        *word += 1;
}

struct program {
    const char *name;
    void (*run)(void);
};

/* Runs the one that is named on the command line. */
static inline int run_program(const struct program *programs, size_t count, int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < count; i++) {
        if (strcmp(programs[i].name, argv[1]) == 0) {
            programs[i].run();
            return 0;
        }
    }
    return 2;
}

#endif
