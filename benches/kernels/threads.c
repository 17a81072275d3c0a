/* What does it cost a thread to come in, to step out, and to know where it is? */
#include "kernels.h"

static void save_and_restore(void)
{
    PyEval_RestoreThread(PyEval_SaveThread());
}

KERNEL(ensure, 1, PyGILState_Release(PyGILState_Ensure()))
KERNEL(save, 1, save_and_restore())
KERNEL(current, 1, if (PyThreadState_Get() == NULL) break)
KERNEL(block, 1, PyMem_Free(PyMem_Malloc(64)))
KERNEL(large_block, 1, PyMem_Free(PyMem_Malloc(2000)))

const Kernel bench_threads[] = {
    ENTRY(ensure, "PyGILState_Ensure, Release"),
    ENTRY(save, "PyEval_SaveThread, RestoreThread"),
    ENTRY(current, "PyThreadState_Get"),
    ENTRY(block, "PyMem_Malloc, Free of 64"),
    ENTRY(large_block, "PyMem_Malloc, Free of 2000"),
    END,
};
