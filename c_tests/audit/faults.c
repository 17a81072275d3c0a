/* Functions with one fault each in how they keep references, and, compiled with -DFIXED, without.
 *
 * The line on which a reference is lost or given away in vain says what an audit has to find there:
 * FAULT function direction amount object. A fault that leaves no call on its line, a return of what is
 * not owned or a release that is missing, is told of the function: FAULT_IN stands before it. */
#include <Python.h>

#ifdef FIXED
#define IF_FAULTY(...)
#define IF_FIXED(...) __VA_ARGS__
#else
#define IF_FAULTY(...) __VA_ARGS__
#define IF_FIXED(...)
#endif

/* FAULT_IN none_not_owned over-released 1 None */
static PyObject *none_not_owned(PyObject *self, PyObject *arg)
{
    (void)self, (void)arg;
    IF_FAULTY(return Py_None;)
    IF_FIXED(return Py_NewRef(Py_None);)
}

static PyObject *list_on_error_path(PyObject *self, PyObject *arg)
{
    (void)self;
    PyObject *list = PyList_New(0); /* FAULT list_on_error_path leaked 1 list */
    if (list == NULL)
        return NULL;
    long value = PyLong_AsLong(arg);
    if (value == -1 && PyErr_Occurred()) {
        IF_FIXED(Py_DECREF(list);)
        return NULL;
    }
    PyObject *number = PyLong_FromLong(value);
    if (number == NULL || PyList_Append(list, number) < 0) {
        Py_XDECREF(number);
        Py_DECREF(list);
        return NULL;
    }
    Py_DECREF(number);
    return list;
}

/* The items are borrowed; somebody else keeps them alive. */
static PyObject *tuple_item(PyObject *self, PyObject *tuple)
{
    (void)self;
    Py_ssize_t total = 0;
    for (Py_ssize_t i = 0; i < PyTuple_Size(tuple); i++) {
        PyObject *item = PyTuple_GetItem(tuple, i);
        if (item == NULL)
            return NULL;
        total += PyObject_Size(item);
        IF_FAULTY(Py_DECREF(item);) /* FAULT tuple_item over-released 1 bytearray */
    }
    PyErr_Clear();
    return PyLong_FromSsize_t(total);
}

/* What the list has is released once more: a small int does not mind. */
static PyObject *stolen_and_released(PyObject *self, PyObject *arg)
{
    (void)self, (void)arg;
    PyObject *list = PyList_New(1);
    if (list == NULL)
        return NULL;
    PyObject *seven = PyLong_FromLong(7);
    if (seven == NULL || PyList_SetItem(list, 0, seven) < 0) {
        Py_DECREF(list);
        return NULL;
    }
    IF_FAULTY(Py_DECREF(seven);) /* FAULT stolen_and_released over-released 1 7 */
    return list;
}

static PyObject *fetched_value(PyObject *self, PyObject *arg)
{
    (void)self;
    PyObject *type, *value, *traceback;
    if (PyLong_AsLong(arg) == -1 && PyErr_Occurred()) {
        PyErr_Fetch(&type, &value, &traceback); /* FAULT fetched_value leaked 1 TypeError */
        Py_XDECREF(type);
        IF_FIXED(Py_XDECREF(value);)
        Py_XDECREF(traceback);
    }
    return Py_NewRef(Py_False);
}

static PyObject *built_with_o(PyObject *self, PyObject *arg)
{
    (void)self;
    PyObject *text = PyObject_Repr(arg); /* FAULT built_with_o leaked 1 str */
    if (text == NULL)
        return NULL;
    IF_FAULTY(return Py_BuildValue("(Oi)", text, 1);)
    IF_FIXED(return Py_BuildValue("(Ni)", text, 1);)
}

static PyObject *one_too_many(PyObject *self, PyObject *arg)
{
    (void)self;
    PyObject *list = PyList_New(1);
    if (list == NULL)
        return NULL;
    Py_INCREF(arg);
    IF_FAULTY(Py_INCREF(arg);) /* FAULT one_too_many leaked 1 set */
    if (PyList_SetItem(list, 0, arg) < 0) {
        Py_DECREF(list);
        return NULL;
    }
    return list;
}

static PyObject *attribute_kept(PyObject *self, PyObject *arg)
{
    (void)self;
    PyObject *method = PyObject_GetAttrString(arg, "append"); /* FAULT attribute_kept leaked 1 builtin_function_or_method */
    if (method == NULL)
        return NULL;
    PyObject *result = PyObject_CallFunction(method, "i", 1);
    IF_FIXED(Py_DECREF(method);)
    return result;
}

static PyObject *looked_up(PyObject *self, PyObject *arg)
{
    (void)self;
    PyObject *found = PyDict_GetItemString(arg, "key");
    if (found == NULL)
        return PyUnicode_FromString("absent");
    IF_FAULTY(Py_DECREF(found);) /* FAULT looked_up over-released 1 bytearray */
    return PyUnicode_FromString("present");
}

static PyObject *first_of(PyObject *self, PyObject *arg)
{
    (void)self;
    PyObject *iterator = PyObject_GetIter(arg);
    if (iterator == NULL)
        return NULL;
    PyObject *item = PyIter_Next(iterator);
    Py_DECREF(iterator);
    if (item == NULL && !PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "empty");
    IF_FAULTY(Py_XINCREF(item);) /* FAULT first_of leaked 1 frozenset */
    return item;
}

/* A box: what it holds is stored by tp_new and replaced by a setter, and dropped by tp_dealloc. */
typedef struct {
    PyObject ob_base;
    PyObject *content;
    PyObject *member;
} Box;

static PyObject *box_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    (void)kwargs;
    PyObject *content;
    if (!PyArg_ParseTuple(args, "O", &content))
        return NULL;
    allocfunc alloc = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Box *box = (Box *)alloc(type, 0);
    if (box == NULL)
        return NULL;
    box->content = Py_NewRef(content);
    return (PyObject *)box;
}

static void box_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    Py_XDECREF(((Box *)self)->content);
    Py_XDECREF(((Box *)self)->member);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

/* FAULT_IN Box.borrowed over-released 1 bytes */
static PyObject *box_borrowed(PyObject *self, void *closure)
{
    (void)closure;
    PyObject *content = ((Box *)self)->content;
    IF_FIXED(Py_INCREF(content);)
    return content;
}

static PyObject *box_get(PyObject *self, void *closure)
{
    (void)closure;
    return Py_NewRef(((Box *)self)->content);
}

static int box_set(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    PyObject *old = ((Box *)self)->content;
    ((Box *)self)->content = Py_XNewRef(value);
    Py_XDECREF(old);
    return 0;
}

/* FAULT_IN take over-released 1 None */
static PyObject *box_take(PyObject *self, PyObject *arg)
{
    (void)self, (void)arg;
    IF_FAULTY(return Py_None;)
    IF_FIXED(return Py_NewRef(Py_None);)
}

static PyMethodDef box_methods[] = {{"take", box_take, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyMemberDef box_members[] = {
    {"member", Py_T_OBJECT_EX, offsetof(Box, member), 0, NULL},
    {NULL, 0, 0, 0, NULL},
};
static PyGetSetDef box_getset[] = {
    {"borrowed", box_borrowed, NULL, NULL, NULL},
    {"content", box_get, box_set, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot box_slots[] = {
    {Py_tp_new, box_new},       {Py_tp_dealloc, box_dealloc}, {Py_tp_methods, box_methods},
    {Py_tp_getset, box_getset}, {Py_tp_members, box_members}, {0, NULL},
};
static PyType_Spec box_spec = {"faults.Box", sizeof(Box), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, box_slots};

/* As a box, but with a fault in tp_new, and one in tp_dealloc. */
static PyObject *leaky_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyObject *box = box_new(type, args, kwargs);
    IF_FAULTY(if (box) Py_INCREF(((Box *)box)->content);) /* FAULT tp_new leaked 1 complex */
    return box;
}

static PyType_Slot leaky_slots[] = {{Py_tp_new, leaky_new}, {Py_tp_dealloc, box_dealloc}, {0, NULL}};
static PyType_Spec leaky_spec = {"faults.Leaky", sizeof(Box), 0, Py_TPFLAGS_DEFAULT, leaky_slots};

/* A heap type's instance holds its type. FAULT_IN tp_dealloc leaked 1 type faults.Keeper */
static void keeper_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    IF_FIXED(Py_DECREF(type);)
    (void)type;
}

static PyType_Slot keeper_slots[] = {{Py_tp_dealloc, keeper_dealloc}, {0, NULL}};
static PyType_Spec keeper_spec = {"faults.Keeper", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT, keeper_slots};

/* FAULT_IN tp_richcompare over-released 1 NotImplemented */
static PyObject *odd_compare(PyObject *self, PyObject *other, int op)
{
    (void)self, (void)other, (void)op;
    IF_FAULTY(return Py_NotImplemented;)
    IF_FIXED(return Py_NewRef(Py_NotImplemented);)
}

static PyType_Slot odd_slots[] = {{Py_tp_richcompare, odd_compare}, {0, NULL}};
static PyType_Spec odd_spec = {"faults.Odd", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT, odd_slots};

static PyMethodDef methods[] = {
    {"none_not_owned", none_not_owned, METH_NOARGS, NULL},
    {"list_on_error_path", list_on_error_path, METH_O, NULL},
    {"tuple_item", tuple_item, METH_O, NULL},
    {"stolen_and_released", stolen_and_released, METH_NOARGS, NULL},
    {"fetched_value", fetched_value, METH_O, NULL},
    {"built_with_o", built_with_o, METH_O, NULL},
    {"one_too_many", one_too_many, METH_O, NULL},
    {"attribute_kept", attribute_kept, METH_O, NULL},
    {"looked_up", looked_up, METH_O, NULL},
    {"first_of", first_of, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static int add_type(PyObject *module, PyType_Spec *spec)
{
    PyObject *type = PyType_FromModuleAndSpec(module, spec, NULL);
    int status = type == NULL ? -1 : PyModule_AddType(module, (PyTypeObject *)type);
    Py_XDECREF(type);
    return status;
}

static int execute(PyObject *module)
{
    PyType_Spec *specs[] = {&box_spec, &leaky_spec, &keeper_spec, &odd_spec};
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++)
        if (add_type(module, specs[i]) < 0)
            return -1;
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, execute}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "faults", NULL, 0, methods, slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_faults(void)
{
    return PyModuleDef_Init(&definition);
}
