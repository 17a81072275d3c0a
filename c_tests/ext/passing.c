/* A module whose function raises, and says that the exception passed through it. */
#define PY_SSIZE_T_CLEAN
#include <deathless.h>

static PyObject *fail(PyObject *self, PyObject *args)
{
    const char *function, *file;
    int line;
    (void)self;
    if (!PyArg_ParseTuple(args, "ssi:fail", &function, &file, &line)) return NULL;
    PyErr_SetString(PyExc_ValueError, "failed");
    deathless_add_traceback(function, file, line);
    deathless_add_traceback("fail", "passing.c", 1);
    return NULL;
}

static PyMethodDef methods[] = {
    {"fail", fail, METH_VARARGS, "fail($module, function, file, line, /)\n--\n\nRaise."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "passing", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_passing(void)
{
    return PyModule_Create(&definition);
}
