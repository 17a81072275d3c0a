/* A module with more functions than the ledger tells apart. The first of them leaks. */
#include <Python.h>
#include <stdio.h>

enum { COUNT = 17000 };

static PyObject *leaks(PyObject *self, PyObject *unused)
{
    (void)self, (void)unused;
    if (PyList_New(0) == NULL)
        return NULL;
    return Py_NewRef(Py_None);
}

static PyObject *behaves(PyObject *self, PyObject *unused)
{
    (void)self, (void)unused;
    return Py_NewRef(Py_None);
}

static char names[COUNT][8];
static PyMethodDef methods[COUNT + 1];

/* Each is called once, in their order: a function has its place in the books from its first call on. */
static int execute(PyObject *module)
{
    for (int i = 0; i < COUNT; i++) {
        PyObject *function = PyObject_GetAttrString(module, names[i]);
        PyObject *result = function == NULL ? NULL : PyObject_CallNoArgs(function);
        Py_XDECREF(function);
        if (result == NULL)
            return -1;
        Py_DECREF(result);
    }
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, execute}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "crowd", NULL, 0, methods, slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_crowd(void)
{
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "f%d", i);
        methods[i] = (PyMethodDef){names[i], i == 0 ? leaks : behaves, METH_NOARGS, NULL};
    }
    return PyModuleDef_Init(&definition);
}
