/* Starts and ends over and over: the whole runtime, and an interpreter in it, each time with an extension module that
 * keeps what it is given and never lets go of it, and changes a static type's dict. Prints by how many bytes the process
 * has grown after the first few. */
#include "Python.h"
#include "interpreters.h"
#include "memory.h"
#include <string.h>

enum { WARM = 50 };

static PyTypeObject static_type = {
    PyVarObject_HEAD_INIT(NULL, 0) .tp_name = "leaky.Static", .tp_basicsize = sizeof(PyObject), .tp_flags = Py_TPFLAGS_DEFAULT,
};

/* References that nobody gives back: small and large blocks, a cycle, a type, a str that is interned. */
static int leak(PyObject *module)
{
    static PyType_Slot slots[] = {{0, NULL}};
    static PyType_Spec spec = {"leaky.Type", 0, 0, Py_TPFLAGS_DEFAULT, slots};
    PyObject *list = PyList_New(0);
    if (list == NULL || PyList_Append(list, list) < 0) return -1;
    for (int i = 0; i < 100; i++) {
        PyObject *number = PyLong_FromLong(1000000 + i);
        if (number == NULL || PyList_Append(list, number) < 0) return -1;
    }
    if (PyBytes_FromStringAndSize(NULL, 10000) == NULL || PyBytes_FromStringAndSize(NULL, 100000) == NULL) return -1;
    if (PyUnicode_InternFromString("a name that is leaked") == NULL || PyType_FromSpec(&spec) == NULL) return -1;
    if (PyMem_Malloc(500) == NULL || PyObject_Malloc(5000) == NULL) return -1;
    Py_IncRef(module);
    if (PyModule_AddType(module, &static_type) < 0 || PyDict_SetItemString(static_type.tp_dict, "list", list) < 0) return -1;
    return PyWeakref_NewRef((PyObject *)&static_type, NULL) == NULL ? -1 : 0;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)leak},
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
    {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "leaky", NULL, 0, NULL, slots, NULL, NULL, NULL};

static PyObject *init_leaky(void)
{
    return PyModuleDef_Init(&definition);
}

static void import_leaky(void)
{
    if (PyImport_ImportModule("leaky") == NULL) {
        PyErr_Print();
        exit(3);
    }
}

static void runtime(void)
{
    Py_InitializeEx(0);
    import_leaky();
    if (Py_FinalizeEx() != 0) exit(4);
}

static void interpreter(void)
{
    PyInterpreterConfig config = own_gil();
    PyThreadState *here = PyThreadState_Get(), *ts = NULL;
    if (PyStatus_Exception(Py_NewInterpreterFromConfig(&ts, &config))) exit(5);
    import_leaky();
    Py_EndInterpreter(ts);
    PyThreadState_Swap(here);
}

int main(int argc, char **argv)
{
    int whole = argc > 2 && strcmp(argv[1], "runtime") == 0;
    long count = argc > 2 ? atol(argv[2]) : 0, before = 0;
    if (PyImport_AppendInittab("leaky", init_leaky) < 0) return 6;
    if (!whole) Py_InitializeEx(0);
    for (long i = 0; i < count; i++) {
        if (i == WARM) before = resident();
        if (whole) runtime();
        else interpreter();
    }
    printf("%ld\n", resident() - before);
    return 0;
}
