/* A module of the old kind: PyInit_ makes it at once. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *add(PyObject *self, PyObject *args)
{
    long a, b;
    (void)self;
    return PyArg_ParseTuple(args, "ll:add", &a, &b) ? PyLong_FromLong(a + b) : NULL;
}

static PyMethodDef methods[] = {
    {"add", add, METH_VARARGS, "add($module, a, b, /)\n--\n\nThe sum of two ints."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "single", "Made at once.", -1,
                                        methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_single(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module != NULL && PyModule_AddIntConstant(module, "ANSWER", 42) < 0) {
        Py_CLEAR(module);
    }
    return module;
}
