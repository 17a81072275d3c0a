/* cpython/object.h: an extension's static types and PyType_Ready.
 * For the full API: what the compiler was told of a limited one is forgotten. */
/* NEEDS 3.15 */
#undef Py_LIMITED_API
#include "expect.h"

#include <stddef.h>

typedef struct {
    PyObject_HEAD
    int n;
    PyObject *dict, *weak_list;
} Box;

static int boxes_freed;

static void box_dealloc(PyObject *self)
{
    Box *box = (Box *)self;
    if (box->weak_list != NULL) {
        PyObject_ClearWeakRefs(self);
    }
    Py_XDECREF(box->dict);
    boxes_freed++;
    Py_TYPE(self)->tp_free(self);
}

static PyObject *box_repr(PyObject *self)
{
    return PyUnicode_FromFormat("Box(%d)", ((Box *)self)->n);
}

static int box_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    (void)kwargs;
    return PyArg_ParseTuple(args, "|i:Box", &((Box *)self)->n) ? 0 : -1;
}

static PyObject *box_add(PyObject *a, PyObject *b)
{
    if (!PyLong_Check(b) || strcmp(Py_TYPE(a)->tp_name, "tests.Box") != 0) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    return PyLong_FromLong(((Box *)a)->n + PyLong_AsLong(b));
}

static Py_ssize_t box_length(PyObject *self)
{
    return ((Box *)self)->n;
}

static PyObject *box_method(PyObject *self, PyObject *arg)
{
    return Py_BuildValue("(OO)", self, arg);
}

static PyNumberMethods box_numbers;
static PySequenceMethods box_sequence;
static PyMethodDef box_methods[] = {{"method", box_method, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyMemberDef box_members[] = {{"n", Py_T_INT, offsetof(Box, n), 0, NULL},
                                    {NULL, 0, 0, 0, NULL}};
/* The rest is filled in by name: C++ has no such initialisers. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
static PyTypeObject box_type = {PyVarObject_HEAD_INIT(NULL, 0) "tests.Box"};
static PyTypeObject sub_type = {PyVarObject_HEAD_INIT(NULL, 0) "tests.SubBox"};

static void ready(void)
{
    if (box_type.tp_flags & Py_TPFLAGS_READY) {
        return;
    }
    box_numbers.nb_add = box_add;
    box_sequence.sq_length = box_length;
    box_type.tp_basicsize = sizeof(Box);
    box_type.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE;
    box_type.tp_dealloc = box_dealloc;
    box_type.tp_repr = box_repr;
    box_type.tp_init = box_init;
    box_type.tp_new = PyType_GenericNew;
    box_type.tp_as_number = &box_numbers;
    box_type.tp_as_sequence = &box_sequence;
    box_type.tp_methods = box_methods;
    box_type.tp_members = box_members;
    box_type.tp_doc = "Box(n=0)\n--\n\nHolds a number.";
    box_type.tp_dictoffset = offsetof(Box, dict);
    box_type.tp_weaklistoffset = offsetof(Box, weak_list);
    CHECK(PyType_Ready(&box_type) == 0);
    sub_type.tp_base = &box_type;
    sub_type.tp_flags = Py_TPFLAGS_DEFAULT;
    CHECK(PyType_Ready(&sub_type) == 0);
}

TEST(what_ready_fills_in)
{
    ready();
    CHECK(PyType_Ready(&box_type) == 0);
    CHECK(Py_TYPE(&box_type) == &PyType_Type && box_type.tp_base == &PyBaseObject_Type);
    CHECK((box_type.tp_flags & Py_TPFLAGS_READY) && !(box_type.tp_flags & Py_TPFLAGS_HEAPTYPE));
    CHECK(box_type.tp_getattro == PyObject_GenericGetAttr);
    CHECK(box_type.tp_setattro == PyObject_GenericSetAttr);
    CHECK(box_type.tp_alloc == PyType_GenericAlloc && box_type.tp_free == PyObject_Free);
    CHECK(box_type.tp_hash == PyBaseObject_Type.tp_hash);
    CHECK(box_type.tp_richcompare == PyBaseObject_Type.tp_richcompare);
    CHECK(shows((PyObject *)&box_type, "<class 'tests.Box'>"));
    CHECK(repr_is(PyObject_GetAttrString((PyObject *)&box_type, "__module__"), "'tests'"));
    CHECK(repr_is(PyObject_GetAttrString((PyObject *)&box_type, "__doc__"), "'Holds a number.'"));
    CHECK(shows(box_type.tp_mro, "(<class 'tests.Box'>, <class 'object'>)"));
    done();
}

TEST(immortal_afterwards)
{
    ready();
    CHECK(_Py_IsImmortal(&box_type));
    Py_ssize_t before = Py_REFCNT(&box_type);
    for (int i = 0; i < 1000; i++) {
        Py_DecRef((PyObject *)&box_type);
    }
    CHECK(Py_REFCNT(&box_type) == before);
    done();
}

TEST(instances)
{
    ready();
    boxes_freed = 0;
    PyObject *box = PyObject_CallFunction((PyObject *)&box_type, "i", 3);
    CHECK(shows(box, "Box(3)") && repr_is(PyNumber_Add(box, L(4)), "7") && PyObject_Size(box) == 3);
    CHECK(repr_is(PyObject_CallMethod(box, "method", "i", 1), "(Box(3), 1)"));
    CHECK(PyObject_SetAttrString(box, "n", L(5)) == 0 && ((Box *)box)->n == 5);
    CHECK(PyObject_SetAttrString(box, "free", S("form")) == 0 && ((Box *)box)->dict != NULL);
    PyObject *reference = keep(PyWeakref_NewRef(box, NULL));
    CHECK(((Box *)box)->weak_list == reference);
    Py_DECREF(box);
    CHECK(boxes_freed == 1 && is_none(PyObject_CallObject(reference, NULL)));
    CHECK_RAISES(PyExc_TypeError, "cannot set 'x' attribute of immutable type 'tests.Box'",
                 PyObject_SetAttrString((PyObject *)&box_type, "x", Py_None) == -1);
    done();
}

TEST(static_subtype)
{
    ready();
    CHECK(sub_type.tp_basicsize == sizeof(Box) && sub_type.tp_repr == box_repr);
    CHECK(sub_type.tp_as_number->nb_add == box_add && sub_type.tp_new == PyType_GenericNew);
    CHECK(sub_type.tp_dictoffset == (Py_ssize_t)offsetof(Box, dict));
    PyObject *box = keep(PyObject_CallFunction((PyObject *)&sub_type, "i", 2));
    CHECK(shows(box, "Box(2)") && PyObject_IsInstance(box, (PyObject *)&box_type) == 1);
    CHECK_RAISES(PyExc_TypeError, "type 'tests.SubBox' is not an acceptable base type",
                 PyObject_CallFunction((PyObject *)&PyType_Type, "s(O){}", "X",
                                       (PyObject *)&sub_type) == NULL);
    done();
}

TEST(subclass_by_call)
{
    ready();
    PyObject *type = new_class("Py", (PyObject *)&box_type);
    boxes_freed = 0;
    PyObject *box = PyObject_CallFunction(type, "i", 9);
    CHECK(shows(box, "Box(9)") && PyObject_SetAttrString(box, "x", L(1)) == 0);
    Py_DECREF(box);
    CHECK(boxes_freed == 1);
    done();
}

TEST_MAIN(what_ready_fills_in, immortal_afterwards, instances, static_subtype, subclass_by_call)
