/* A module in phases, with state of its own: every import of a new instance counts for
 * itself. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

typedef struct {
    long calls;
    PyObject *error;
} State;

static State *state_of(PyObject *module)
{
    return (State *)PyModule_GetState(module);
}

static PyObject *count(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    return PyLong_FromLong(++state_of(module)->calls);
}

static PyObject *fail(PyObject *module, PyObject *text)
{
    PyErr_SetObject(state_of(module)->error, text);
    return NULL;
}

static PyMethodDef methods[] = {
    {"count", count, METH_NOARGS, NULL},
    {"fail", fail, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static int execute(PyObject *module)
{
    State *state = state_of(module);
    state->error = PyErr_NewException("multi.Error", PyExc_ValueError, NULL);
    if (state->error == NULL) {
        return -1;
    }
    Py_INCREF(state->error);
    if (PyModule_AddObject(module, "Error", state->error) < 0) {
        Py_DECREF(state->error);
        return -1;
    }
    return 0;
}

static int traverse(PyObject *module, visitproc visit, void *arg)
{
    Py_VISIT(state_of(module)->error);
    return 0;
}

static int clear(PyObject *module)
{
    Py_CLEAR(state_of(module)->error);
    return 0;
}

static void release(void *module)
{
    clear((PyObject *)module);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, __extension__ (void *)execute},
#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030C0000
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
    {0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "multi", "Made in phases.",
                                        sizeof(State), methods, slots, traverse, clear, release};

PyMODINIT_FUNC PyInit_multi(void)
{
    return PyModuleDef_Init(&definition);
}
