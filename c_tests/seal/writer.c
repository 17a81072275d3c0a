/* A module that counts references to immortals: compiled for an old limited API it writes to them, for
 * a new one it calls the library instead. */
#include <Python.h>

static PyObject *work(PyObject *self, PyObject *arg)
{
    (void)self;
    long n = PyLong_AsLong(arg);
    for (long i = 0; i < n; i++) {
        PyObject *seven = PyLong_FromLong(7);
        Py_DECREF(seven);
    }
    Py_INCREF(Py_None);
    return Py_None;
}

static PyMethodDef methods[] = {
    {"work", work, METH_O, "Gets the int 7 so many times, and drops it again."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "writer", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_writer(void)
{
    return PyModule_Create(&definition);
}
