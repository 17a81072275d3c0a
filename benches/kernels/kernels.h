/* The benchmark kernels: one C file for each question, compiled like an extension
 * module and loaded after the runtime, so that a call costs what it costs there.
 *
 *     KERNEL(add, (left = PyLong_FromLong(1)) != NULL, Py_DecRef(PyNumber_Add(left, left)))
 *     const Kernel bench_numbers[] = {ENTRY(add, "PyNumber_Add of ints"), END};
 *
 * The loop is in here, thus what calls it vanishes. A call that fails shows by the
 * exception that is left behind. Only what CPython has had since 3.11. */
#ifndef DEATHLESS_KERNELS_H
#define DEATHLESS_KERNELS_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

typedef struct {
    const char *name;
    int (*prepare)(void);
    void (*run)(long count);
} Kernel;

#define KERNEL(id, ready, operation)                                              \
    static int id##_prepare(void) { return (ready) ? 0 : -1; }                    \
    static void id##_run(long count)                                              \
    {                                                                             \
        while (count-- > 0) { operation; }                                        \
    }
#define ENTRY(id, name) {name, id##_prepare, id##_run}
#define END {NULL, NULL, NULL}

/* Each is declared before it is defined. */
extern const Kernel bench_refcounts[], bench_numbers[], bench_strings[], bench_containers[],
    bench_calls[], bench_types[], bench_exceptions[], bench_threads[], bench_collector[];

#endif
