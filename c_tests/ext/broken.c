/* A module whose initialisation raises. */
#include <Python.h>

PyMODINIT_FUNC PyInit_broken(void)
{
    PyErr_SetString(PyExc_RuntimeError, "broken on purpose");
    return NULL;
}
