/* An extension module that counts references wrongly, on purpose. It is compiled twice:
 * for the limited API of 3.15, where Py_INCREF and Py_DECREF are calls into the runtime,
 * and for that of 3.6, where they are code in this very file that changes the object's
 * reference word without a look at what it says. It knows nothing of deathless. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#define PASTE(a, b) a##b
#define JOIN(a, b) PASTE(a, b)
#define TEXT(x) #x
#define NAME(x) TEXT(x)

/* hammer(object, taken, given_back) */
static PyObject *hammer(PyObject *module, PyObject *args)
{
    PyObject *object;
    long taken, given_back;
    (void)module;
    if (!PyArg_ParseTuple(args, "Oll:hammer", &object, &taken, &given_back)) {
        return NULL;
    }
    for (long i = 0; i < taken; i++) {
        Py_INCREF(object);
    }
    for (long i = 0; i < given_back; i++) {
        Py_DECREF(object);
    }
    return PyLong_FromLong(taken - given_back);
}

static PyMethodDef methods[] = {
    {"hammer", hammer, METH_VARARGS, "hammer($module, object, taken, given_back, /)\n--\n\n"
                                     "Takes and gives back references that are not its own."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, NAME(HAMMER), NULL, 0, methods,
                                        NULL, NULL, NULL, NULL};

PyMODINIT_FUNC JOIN(PyInit_, HAMMER)(void)
{
    return PyModuleDef_Init(&definition);
}
