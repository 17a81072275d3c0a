/* Makes an interpreter with each of its allocations refused in turn: each time an error must come of it, nothing may
 * be left, and the next attempt must go well. The argument is how many bytes all of it may take for good. */
#include "Python.h"
#include "deathless.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const PyInterpreterConfig isolated = {0, 0, 0, 1, 0, 1, PyInterpreterConfig_OWN_GIL};

/* Bytes of this process's memory that are not in a file. */
static long resident(void)
{
    long size = 0, all = 0, files = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%ld %ld %ld", &size, &all, &files) != 3) exit(2);
    fclose(file);
    return (all - files) * sysconf(_SC_PAGESIZE);
}

static long blocks(void)
{
    PyObject *function = PySys_GetObject("getallocatedblocks");
    PyObject *number = PyObject_CallNoArgs(function);
    long count = PyLong_AsLong(number);
    Py_DecRef(number);
    return count;
}

/* 1 if it was made, and ended again; 0 if an error came of it. */
static int make(PyThreadState *here, Py_ssize_t refused, Py_ssize_t *asked)
{
    PyThreadState *ts = NULL;
    deathless_fail_allocation(refused);
    PyStatus status = Py_NewInterpreterFromConfig(&ts, &isolated);
    int made = !PyStatus_Exception(status);
    if (made != (ts != NULL)) exit(3);
    if (made) {
        Py_EndInterpreter(ts);
        PyThreadState_Swap(here);
    }
    if (PyThreadState_Get() != here || PyErr_Occurred() != NULL) exit(4);
    *asked = deathless_fail_allocation(0);
    return made;
}

int main(void)
{
    Py_InitializeEx(0);
    PyThreadState *here = PyThreadState_Get();
    Py_ssize_t asked = 0, nth = 0;
    long failed = 0, before = 0, in_use = 0;
    for (int warm = 0; warm < 3; warm++) make(here, 0, &asked);
    in_use = blocks();
    do {
        if (++nth == 20) before = resident();
        int made = make(here, nth, &asked);
        failed += !made;
        if (!made && asked < nth) return 5;
        Py_ssize_t unused;
        if (!make(here, 0, &unused)) return 6;
    } while (asked >= nth);
    printf("%ld of %zd refusals failed, %ld blocks and %ld bytes lost\n", failed, nth - 1, blocks() - in_use, resident() - before);
    return Py_FinalizeEx() == 0 ? 0 : 7;
}
