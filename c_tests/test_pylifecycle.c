/* pylifecycle.h: starting and ending, again and again. */
#include "expect.h"
#include <stdlib.h>

/* Resident memory in KB. */
static long resident(void)
{
    long size = 0, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    int found = file != NULL ? fscanf(file, "%ld %ld", &size, &pages) : 0;
    if (file != NULL) fclose(file);
    return found == 2 ? pages * 4 : -1;
}

static int is_ours(void)
{
    return strstr(Py_GetVersion(), "deathless") != NULL;
}

/* What an extension loses: small blocks, blocks of middle size, large ones, and objects. */
static void forget(void)
{
    static const size_t sizes[] = {1, 100, 512, 513, 5000, 16384, 16385, 100000, 3000000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        memset(PyMem_Malloc(sizes[i]), 1, sizes[i]);
        memset(PyObject_Malloc(sizes[i]), 1, sizes[i]);
    }
    char *grown = (char *)PyMem_Malloc(300000);
    memset(grown, 1, 300000);
    grown = (char *)PyMem_Realloc(grown, 900000);
    memset(grown, 1, 900000);
    PyObject *list = PyList_New(10000);
    for (Py_ssize_t i = 0; i < 10000; i++) {
        PyList_SetItem(list, i, PyLong_FromLong(100000 + (long)i));
    }
}

TEST(what_was_forgotten_ends_with_the_runtime)
{
    if (!is_ours()) SKIP("CPython keeps it");
    if (getenv("PYTHONMALLOC") != NULL) SKIP("malloc keeps it");
    long before = 0;
    for (int i = 0; i < 25; i++) {
        forget();
        CHECK(Py_FinalizeEx() == 0);
        Py_Initialize();
        if (i == 4) before = resident();
    }
    /* Each time loses 8 MB. */
    CHECK(resident() - before < 4096);
    done();
}

TEST_MAIN(what_was_forgotten_ends_with_the_runtime)
