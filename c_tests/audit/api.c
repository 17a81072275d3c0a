/* The functions of the C API that hand references out or take them over in an unusual way, each used rightly:
 * an audit of this module finds nothing. */
#include <Python.h>

/* What is raised and handled. */
static PyObject *exceptions(PyObject *self, PyObject *arg)
{
    (void)self;
    PyObject *type, *value, *traceback;
    PyErr_SetObject(PyExc_KeyError, arg);
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    PyErr_Restore(type, value, traceback);
    PyErr_Fetch(&type, &value, &traceback);
    Py_XDECREF(traceback);
    PyErr_Restore(type, Py_NewRef(arg), NULL);
    Py_XDECREF(value);
    PyObject *raised = PyErr_GetRaisedException();
    PyException_SetCause(raised, PyObject_CallFunction(PyExc_ValueError, "s", "cause"));
    PyException_SetContext(raised, PyObject_CallNoArgs(PyExc_OSError));
    Py_XDECREF(PyException_GetCause(raised));
    Py_XDECREF(PyException_GetContext(raised));
    Py_XDECREF(PyException_GetTraceback(raised));
    PyErr_SetHandledException(raised);
    Py_XDECREF(PyErr_GetHandledException());
    PyErr_GetExcInfo(&type, &value, &traceback);
    PyErr_SetExcInfo(type, value, traceback);
    PyErr_SetHandledException(NULL);
    PyErr_SetRaisedException(raised);
    PyErr_Clear();
    return PyUnicode_FromString("done");
}

/* Texts that are replaced in place. */
static PyObject *texts(PyObject *self, PyObject *arg)
{
    (void)self;
    PyObject *text = PyUnicode_FromFormat("%R", arg);
    PyUnicode_Append(&text, arg);
    PyUnicode_AppendAndDel(&text, PyUnicode_FromString("tail of the text"));
    PyUnicode_InternInPlace(&text);
    PyObject *bytes = PyBytes_FromString("head");
    PyObject *more = PyBytes_FromString("more");
    PyBytes_Concat(&bytes, more);
    PyBytes_ConcatAndDel(&bytes, more);
    PyObject *path = NULL, *decoded = NULL;
    int status = PyUnicode_FSConverter(arg, &path) && PyUnicode_FSDecoder(path, &decoded);
    Py_XDECREF(path);
    Py_XDECREF(decoded);
    PyObject *result = status ? Py_BuildValue("(NN)", text, bytes) : NULL;
    return result;
}

static int remember(PyObject *object, void *place)
{
    *(PyObject **)place = Py_NewRef(object);
    return 1;
}

static PyObject *made(void *text)
{
    return PyUnicode_FromString(text);
}

/* Arguments that are owned, and values that are given. */
static PyObject *arguments(PyObject *self, PyObject *args)
{
    (void)self;
    Py_buffer view;
    PyObject *path, *kept, *borrowed;
    if (!PyArg_ParseTuple(args, "y*O&O&O", &view, PyUnicode_FSConverter, &path, remember, &kept, &borrowed))
        return NULL;
    PyObject *size = PyLong_FromSsize_t(view.len + 100000);
    PyBuffer_Release(&view);
    PyObject *result = Py_BuildValue("(NNNOO&)", size, path, kept, borrowed, made, "made");
    return result;
}

/* What comes in a variable. */
static PyObject *found(PyObject *self, PyObject *arg)
{
    (void)self;
    PyObject *value, *key = PyUnicode_FromString("key");
    PyObject *dict = Py_BuildValue("{s:O}", "key", arg);
    if (PyMapping_GetOptionalItem(dict, key, &value) == 1)
        Py_DECREF(value);
    if (PyObject_GetOptionalAttr(arg, key, &value) == 1)
        Py_DECREF(value);
    if (PyDict_GetItemRef(dict, key, &value) == 1)
        Py_DECREF(value);
    if (PyDict_GetItemStringRef(dict, "key", &value) == 1)
        Py_DECREF(value);
    if (PyDict_SetDefaultRef(dict, key, Py_None, &value) == 1)
        Py_DECREF(value);
    PyObject *iterator = PyObject_GetIter(arg);
    while (iterator && PyIter_NextItem(iterator, &value) == 1)
        Py_DECREF(value);
    Py_XDECREF(iterator);
    value = NULL;
    iterator = PyObject_GetIter(arg);
    while (iterator && PyIter_Send(iterator, Py_None, &value) == PYGEN_NEXT)
        Py_DECREF(value);
    Py_XDECREF(value);
    Py_XDECREF(iterator);
    PyObject *reference = PyWeakref_NewRef((PyObject *)Py_TYPE(self), NULL);
    if (PyWeakref_GetRef(reference, &value) == 1)
        Py_DECREF(value);
    Py_DECREF(reference);
    Py_DECREF(dict);
    Py_DECREF(key);
    PyErr_Clear();
    return Py_BuildValue("[O]", arg);
}

/* What is taken over. */
static PyObject *taken(PyObject *self, PyObject *arg)
{
    PyObject *tuple = PyTuple_New(2);
    PyTuple_SetItem(tuple, 0, Py_NewRef(arg));
    PyTuple_SetItem(tuple, 0, PyLong_FromLong(123456));
    PyTuple_SetItem(tuple, 1, PyList_New(0));
    PyList_SetItem(tuple, 0, Py_NewRef(arg));
    PyErr_Clear();
    PyModule_Add(self, "added", Py_NewRef(arg));
    PyModule_AddObject(self, "added", Py_NewRef(arg));
    if (PyModule_AddObject(arg, "added", Py_NewRef(arg)) < 0)
        Py_DECREF(arg);
    PyErr_Clear();
    PyModule_AddObjectRef(self, "added", arg);
    return tuple;
}

/* Calls, there and back: what is called is the module's too. */
static PyObject *called(PyObject *self, PyObject *arg)
{
    PyObject *method = PyObject_GetAttrString(self, "taken");
    PyObject *arguments[] = {arg};
    PyObject *results[] = {
        PyObject_CallFunction(method, "(O)", arg),
        PyObject_CallFunction(method, "N", Py_NewRef(arg)),
        PyObject_CallFunctionObjArgs(method, arg, NULL),
        PyObject_CallMethod(self, "taken", "O", arg),
        PyObject_Vectorcall(method, arguments, 1, NULL),
    };
    Py_DECREF(method);
    for (size_t i = 0; i < sizeof results / sizeof *results; i++)
        Py_XDECREF(results[i]);
    return PyLong_FromLong(5);
}

/* A type whose memory the runtime exports, iterates over, and fills fields and a dict of. */
typedef struct {
    PyObject ob_base;
    PyObject *member;
    PyObject *dict;
    int left;
} Thing;

static void thing_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    Py_XDECREF(((Thing *)self)->member);
    Py_XDECREF(((Thing *)self)->dict);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

static PyObject *thing_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    (void)args, (void)kwargs;
    Thing *thing = (Thing *)((allocfunc)PyType_GetSlot(type, Py_tp_alloc))(type, 0);
    if (thing == NULL)
        return NULL;
    thing->left = 3;
    return (PyObject *)thing;
}

static int thing_getbuffer(PyObject *self, Py_buffer *view, int flags)
{
    return PyBuffer_FillInfo(view, self, &((Thing *)self)->left, sizeof(int), 1, flags);
}

static PyObject *thing_iter(PyObject *self)
{
    return Py_NewRef(self);
}

static PyObject *thing_next(PyObject *self)
{
    int left = ((Thing *)self)->left--;
    return left > 0 ? PyLong_FromLong(left + 100000) : NULL;
}

static PyObject *thing_add(PyObject *left, PyObject *right)
{
    (void)right;
    return Py_NewRef(left);
}

static PyMemberDef thing_members[] = {
    {"member", Py_T_OBJECT_EX, offsetof(Thing, member), 0, NULL},
    {"__dictoffset__", Py_T_PYSSIZET, offsetof(Thing, dict), Py_READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};
static PyGetSetDef thing_getset[] = {
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot thing_slots[] = {
    {Py_tp_new, thing_new},
    {Py_tp_dealloc, thing_dealloc},
    {Py_tp_members, thing_members},
    {Py_tp_getset, thing_getset},
    {Py_bf_getbuffer, thing_getbuffer},
    {Py_tp_iter, thing_iter},
    {Py_tp_iternext, thing_next},
    {Py_nb_add, thing_add},
    {0, NULL},
};
static PyType_Spec thing_spec = {"api.Thing", sizeof(Thing), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, thing_slots};

static void capsule_end(PyObject *capsule)
{
    PyObject *object = PyCapsule_GetPointer(capsule, "api");
    Py_XDECREF(object);
}

static PyObject *capsule(PyObject *self, PyObject *arg)
{
    (void)self;
    return PyCapsule_New(Py_NewRef(arg), "api", capsule_end);
}

/* What Py_RETURN_NONE does is tolerated where it cannot matter. */
static PyObject *returned(PyObject *self, PyObject *arg)
{
    (void)self, (void)arg;
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"exceptions", exceptions, METH_O, NULL}, {"texts", texts, METH_O, NULL},
    {"arguments", arguments, METH_VARARGS, NULL}, {"found", found, METH_O, NULL},
    {"taken", taken, METH_O, NULL}, {"called", called, METH_O, NULL},
    {"capsule", capsule, METH_O, NULL}, {"returned", returned, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static int execute(PyObject *module)
{
    PyObject *type = PyType_FromModuleAndSpec(module, &thing_spec, NULL);
    int status = type == NULL ? -1 : PyModule_AddType(module, (PyTypeObject *)type);
    Py_XDECREF(type);
    return status;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, execute}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "api", NULL, 0, methods, slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_api(void)
{
    return PyModuleDef_Init(&definition);
}
