/* A module with a type that takes part in the collection of cycles. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stddef.h>

/* Headers before 3.12 and 3.13. */
#ifndef Py_T_LONG
#include <structmember.h>
#define Py_T_LONG T_LONG
#define Py_T_OBJECT_EX T_OBJECT_EX
#endif
#ifndef PY_CXX_CONST
#define PY_CXX_CONST
#endif

typedef struct {
    PyObject_HEAD
    long value;
    PyObject *attached;
} Counter;

static int counter_traverse(PyObject *self, visitproc visit, void *arg)
{
#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03090000
    Py_VISIT(Py_TYPE(self));
#endif
    Py_VISIT(((Counter *)self)->attached);
    return 0;
}

static int counter_clear(PyObject *self)
{
    Py_CLEAR(((Counter *)self)->attached);
    return 0;
}

static void counter_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    counter_clear(self);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static int counter_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static PY_CXX_CONST char *names[] = {(PY_CXX_CONST char *)"value", NULL};
    return PyArg_ParseTupleAndKeywords(args, kwargs, "|l:Counter", names,
                                       &((Counter *)self)->value) ? 0 : -1;
}

static PyObject *counter_next(PyObject *self)
{
    return PyLong_FromLong(((Counter *)self)->value++);
}

static PyObject *counter_iter(PyObject *self)
{
    Py_INCREF(self);
    return self;
}

static PyObject *counter_repr(PyObject *self)
{
    return PyUnicode_FromFormat("Counter(%ld)", ((Counter *)self)->value);
}

static PyMemberDef members[] = {
    {"value", Py_T_LONG, offsetof(Counter, value), 0, "Where it stands."},
    {"attached", Py_T_OBJECT_EX, offsetof(Counter, attached), 0, "Any object."},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot counter_slots[] = {
    {Py_tp_doc, (void *)"Counter(value=0)\n--\n\nCounts for ever."},
    {Py_tp_traverse, __extension__ (void *)counter_traverse},
    {Py_tp_clear, __extension__ (void *)counter_clear},
    {Py_tp_dealloc, __extension__ (void *)counter_dealloc},
    {Py_tp_init, __extension__ (void *)counter_init},
    {Py_tp_iter, __extension__ (void *)counter_iter},
    {Py_tp_iternext, __extension__ (void *)counter_next},
    {Py_tp_repr, __extension__ (void *)counter_repr},
    {Py_tp_members, members},
    {0, NULL},
};

static PyType_Spec counter_spec = {"counter.Counter", (int)sizeof(Counter), 0,
                                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
                                   counter_slots};

static int execute(PyObject *module)
{
    PyObject *type = PyType_FromSpec(&counter_spec);
    if (type == NULL || PyModule_AddObject(module, "Counter", type) < 0) {
        Py_XDECREF(type);
        return -1;
    }
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, __extension__ (void *)execute}, {0, NULL}};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "counter", NULL, 0, NULL, slots,
                                        NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_counter(void)
{
    return PyModuleDef_Init(&definition);
}
