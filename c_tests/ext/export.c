/* A module of the newest kind: it exports a table of slots (3.15). */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030F0000

typedef struct {
    long calls;
} State;

static PyObject *count(PyObject *module, PyObject *ignored)
{
    (void)ignored;
    return PyLong_FromLong(++((State *)PyModule_GetState(module))->calls);
}

static PyMethodDef methods[] = {
    {"count", count, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static int execute(PyObject *module)
{
    return PyModule_AddIntConstant(module, "EXECUTED", 1);
}

PyABIInfo_VAR(abi_info);

static PySlot slots[] = {
    PySlot_PTR_STATIC(Py_mod_abi, &abi_info),
    PySlot_PTR_STATIC(Py_mod_name, "export"),
    PySlot_PTR_STATIC(Py_mod_doc, "Exported as slots."),
    PySlot_PTR_STATIC(Py_mod_methods, methods),
    PySlot_PTR(Py_mod_state_size, sizeof(State)),
    PySlot_PTR(Py_mod_exec, __extension__ (void *)execute),
    PySlot_PTR(Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED),
    PySlot_END,
};

PyMODEXPORT_FUNC PyModExport_export(void)
{
    return slots;
}

#endif
