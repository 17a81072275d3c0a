/* Makes an interpreter with each of its allocations refused in turn: each time an error must come of it, nothing may
 * be left, and the next attempt must go well. Prints how often, and what was lost. */
#include "Python.h"
#include "deathless.h"
#include "interpreters.h"
#include "memory.h"

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
    PyInterpreterConfig config = own_gil();
    PyThreadState *ts = NULL;
    deathless_fail_allocation(refused);
    PyStatus status = Py_NewInterpreterFromConfig(&ts, &config);
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
