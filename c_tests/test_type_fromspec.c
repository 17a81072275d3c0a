/* object.h: PyType_FromSpec and what it makes: names, bases, new, init, dealloc, slots
 * and how they are inherited. Members and the newer functions have files of their own. */
#include "expect.h"

typedef struct {
    PyObject_HEAD
    int x, y;
} Point;

static int points_alive;

static PyObject *point_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    (void)args, (void)kwargs;
    PyObject *self = PyType_GenericAlloc(type, 0);
    if (self != NULL) {
        ((Point *)self)->x = -1;
        points_alive++;
    }
    return self;
}

static int point_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    static PY_CXX_CONST char *names[] = {(PY_CXX_CONST char *)"x", (PY_CXX_CONST char *)"y", NULL};
    Point *point = (Point *)self;
    return PyArg_ParseTupleAndKeywords(args, kwargs, "i|i:Point", names, &point->x, &point->y)
               ? 0 : -1;
}

static void point_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    points_alive--;
    freefunc free_self = __extension__ (freefunc)PyType_GetSlot(type, Py_tp_free);
    free_self(self);
    Py_DECREF(type);
}

static PyObject *point_repr(PyObject *self)
{
    return PyUnicode_FromFormat("Point(%d, %d)", ((Point *)self)->x, ((Point *)self)->y);
}

static PyObject *point_add(PyObject *a, PyObject *b)
{
    int ax = PyLong_Check(a) ? (int)PyLong_AsLong(a) : ((Point *)a)->x;
    if (!PyLong_Check(b)) {
        Py_INCREF(Py_NotImplemented);
        return Py_NotImplemented;
    }
    return PyLong_FromLong(ax + PyLong_AsLong(b));
}

static Py_ssize_t point_length(PyObject *self)
{
    (void)self;
    return 2;
}

static PyObject *point_item(PyObject *self, Py_ssize_t i)
{
    if (i < 0 || i > 1) {
        PyErr_SetString(PyExc_IndexError, "a point has two");
        return NULL;
    }
    return PyLong_FromLong(i == 0 ? ((Point *)self)->x : ((Point *)self)->y);
}

static Py_hash_t point_hash(PyObject *self)
{
    return ((Point *)self)->x * 1000 + ((Point *)self)->y;
}

static PyObject *point_compare(PyObject *a, PyObject *b, int op)
{
    if (Py_TYPE(a) != Py_TYPE(b) || (op != Py_EQ && op != Py_NE)) {
        Py_INCREF(Py_NotImplemented);
        return Py_NotImplemented;
    }
    int same = ((Point *)a)->x == ((Point *)b)->x && ((Point *)a)->y == ((Point *)b)->y;
    return PyBool_FromLong(op == Py_EQ ? same : !same);
}

static PyObject *point_call(PyObject *self, PyObject *args, PyObject *kwargs)
{
    (void)kwargs;
    return Py_BuildValue("(iO)", ((Point *)self)->x, args);
}

static PyObject *point_swap(PyObject *self, PyObject *ignored)
{
    (void)ignored;
    Point *point = (Point *)self;
    int x = point->x;
    point->x = point->y;
    point->y = x;
    Py_INCREF(self);
    return self;
}

static PyObject *point_origin(PyObject *type, PyObject *ignored)
{
    (void)ignored;
    return PyObject_CallFunction(type, "ii", 0, 0);
}

static PyObject *point_static(PyObject *ignored, PyObject *arg)
{
    CHECK(ignored == NULL);
    return Py_BuildValue("(O)", arg);
}

static PyMethodDef point_methods[] = {
    {"swap", point_swap, METH_NOARGS, "swap($self, /)\n--\n\nExchanges x and y."},
    {"origin", point_origin, METH_NOARGS | METH_CLASS, NULL},
    {"wrap", point_static, METH_O | METH_STATIC, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot point_slots[] = {
    {Py_tp_new, FUNC(point_new)},
    {Py_tp_init, FUNC(point_init)},
    {Py_tp_dealloc, FUNC(point_dealloc)},
    {Py_tp_repr, FUNC(point_repr)},
    {Py_tp_hash, FUNC(point_hash)},
    {Py_tp_richcompare, FUNC(point_compare)},
    {Py_tp_call, FUNC(point_call)},
    {Py_tp_methods, point_methods},
    {Py_tp_doc, (void *)"Point(x, y=0)\n--\n\nA point in the plane."},
    {Py_nb_add, FUNC(point_add)},
    {Py_sq_length, FUNC(point_length)},
    {Py_sq_item, FUNC(point_item)},
    {0, NULL},
};

static PyType_Spec point_spec = {"tests.geometry.Point", (int)sizeof(Point), 0,
                                 Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, point_slots};

static PyObject *point_type(void)
{
    return keep(PyType_FromSpec(&point_spec));
}

TEST(names_and_doc)
{
    PyObject *type = point_type();
    CHECK(shows(type, "<class 'tests.geometry.Point'>"));
    CHECK(repr_is(PyObject_GetAttrString(type, "__name__"), "'Point'"));
    CHECK(repr_is(PyObject_GetAttrString(type, "__module__"), "'tests.geometry'"));
    CHECK(repr_is(PyObject_GetAttrString(type, "__doc__"), "'A point in the plane.'"));
    CHECK(repr_is(PyObject_GetAttrString(type, "__text_signature__"), "'(x, y=0)'"));
    CHECK(repr_is(PyObject_GetAttrString(type, "__basicsize__"), "24"));
    CHECK(repr_is(PyObject_GetAttrString(type, "__bases__"), "(<class 'object'>,)"));
    CHECK(PyType_HasFeature((PyTypeObject *)type, Py_TPFLAGS_HEAPTYPE));
    done();
}

TEST(life)
{
    PyObject *type = point_type();
    points_alive = 0;
    PyObject *point = PyObject_CallFunction(type, "ii", 3, 4);
    CHECK(points_alive == 1 && shows(point, "Point(3, 4)"));
    Py_ssize_t count = Py_REFCNT(type);
    Py_DECREF(point);
    CHECK(points_alive == 0 && Py_REFCNT(type) == count - 1);
    CHECK_RAISES(PyExc_TypeError, "Point() missing required argument 'x' (pos 1)",
                 PyObject_CallObject(type, NULL) == NULL);
    CHECK(points_alive == 0);
    CHECK(repr_is(PyObject_Call(type, V("()"), V("{sisi}", "y", 1, "x", 2)), "Point(2, 1)"));
    done();
}

TEST(slots_work)
{
    PyObject *type = point_type();
    PyObject *point = keep(PyObject_CallFunction(type, "ii", 3, 4));
    CHECK(repr_is(PyNumber_Add(point, L(10)), "13"));
    CHECK(PyObject_Size(point) == 2 && repr_is(PySequence_GetItem(point, 1), "4"));
    CHECK(repr_is(PySequence_GetItem(point, -1), "4") && repr_is(PyObject_GetItem(point, L(-2)), "3"));
    CHECK(repr_is(PySequence_List(point), "[3, 4]") && PySequence_Contains(point, L(4)) == 1);
    CHECK(PyObject_Hash(point) == 3004);
    PyObject *same = keep(PyObject_CallFunction(type, "ii", 3, 4));
    CHECK(PyObject_RichCompareBool(point, same, Py_EQ) == 1);
    CHECK_RAISES(PyExc_TypeError,
                 "'<' not supported between instances of 'tests.geometry.Point' and "
                 "'tests.geometry.Point'",
                 PyObject_RichCompare(point, same, Py_LT) == NULL);
    CHECK(repr_is(PyObject_CallFunction(point, "i", 9), "(3, (9,))"));
    CHECK_RAISES(PyExc_IndexError, "a point has two", PyObject_GetItem(point, L(5)) == NULL);
    CHECK_RAISES(PyExc_TypeError,
                 "unsupported operand type(s) for +: 'tests.geometry.Point' and 'str'",
                 PyNumber_Add(point, S("x")) == NULL);
    CHECK_RAISES(PyExc_AttributeError,
                 "'tests.geometry.Point' object has no attribute 'z' and no __dict__ for setting "
                 "new attributes",
                 PyObject_SetAttrString(point, "z", Py_None) == -1);
    done();
}

TEST(methods_work)
{
    PyObject *type = point_type();
    PyObject *point = keep(PyObject_CallFunction(type, "ii", 3, 4));
    CHECK(is_same(PyObject_CallMethod(point, "swap", NULL), point) && shows(point, "Point(4, 3)"));
    CHECK(repr_is(PyObject_CallMethod(type, "origin", NULL), "Point(0, 0)"));
    CHECK(repr_is(PyObject_CallMethod(point, "wrap", "i", 5), "(5,)"));
    CHECK(repr_is(PyObject_CallMethod(point, "__repr__", NULL), "'Point(4, 3)'"));
    CHECK(repr_is(PyObject_CallMethod(point, "__add__", "i", 1), "5"));
    CHECK_RAISES(PyExc_TypeError, NULL, PyObject_CallMethod(point, "__add__", NULL) == NULL);
    CHECK(repr_is(PyObject_CallMethod(point, "__len__", NULL), "2"));
    CHECK(repr_is(PyObject_CallMethod(point, "__getitem__", "i", 0), "4"));
    PyObject *swap = keep(PyObject_GetAttrString(type, "swap"));
    CHECK(shows(swap, "<method 'swap' of 'tests.geometry.Point' objects>"));
    done();
}

TEST(slot_of_a_type)
{
    PyTypeObject *type = (PyTypeObject *)point_type();
    CHECK(PyType_GetSlot(type, Py_tp_new) == FUNC(point_new));
    CHECK(PyType_GetSlot(type, Py_nb_add) == FUNC(point_add));
    CHECK(PyType_GetSlot(type, Py_sq_length) == FUNC(point_length));
    CHECK(PyType_GetSlot(type, Py_mp_length) == NULL);
    CHECK(PyType_GetSlot(type, Py_tp_base) == (void *)&PyBaseObject_Type);
    CHECK(PyErr_Occurred() == NULL);
    done();
}

TEST(subclass_by_spec)
{
    PyObject *base = point_type();
    static PyType_Slot slots[] = {{0, NULL}};
    static PyType_Spec spec = {"tests.Sub", (int)sizeof(Point) + 8, 0, Py_TPFLAGS_DEFAULT, slots};
    PyObject *sub = keep(PyType_FromSpecWithBases(&spec, base));
    CHECK(PyType_IsSubtype((PyTypeObject *)sub, (PyTypeObject *)base));
    CHECK(PyType_GetSlot((PyTypeObject *)sub, Py_tp_repr) == FUNC(point_repr));
    CHECK(PyType_GetSlot((PyTypeObject *)sub, Py_nb_add) == FUNC(point_add));
    points_alive = 0;
    PyObject *point = PyObject_CallFunction(sub, "ii", 1, 2);
    CHECK(shows(point, "Point(1, 2)") && PyObject_Size(point) == 2);
    Py_DECREF(point);
    CHECK(points_alive == 0);
    PyObject *in_tuple = keep(PyType_FromSpecWithBases(&spec, V("(O)", base)));
    CHECK(PyType_IsSubtype((PyTypeObject *)in_tuple, (PyTypeObject *)base));
    CHECK_RAISES(PyExc_TypeError, "type 'bool' is not an acceptable base type",
                 PyType_FromSpecWithBases(&spec, (PyObject *)&PyBool_Type) == NULL);
    CHECK_RAISES(PyExc_TypeError, "bases must be types; got 'int'",
                 PyType_FromSpecWithBases(&spec, V("(i)", 1)) == NULL);
    done();
}

TEST(subclass_by_call)
{
    PyObject *sub = new_class("Py", point_type());
    points_alive = 0;
    PyObject *point = PyObject_CallFunction(sub, "ii", 1, 2);
    CHECK(shows(point, "Point(1, 2)") && repr_is(PyNumber_Add(point, L(1)), "2"));
    CHECK(PyObject_SetAttrString(point, "free", S("form")) == 0);
    CHECK(repr_is(PyObject_GetAttrString(point, "__dict__"), "{'free': 'form'}"));
    Py_DECREF(point);
    CHECK(points_alive == 0);
    done();
}

TEST(disallow_instantiation)
{
#if TEST_API >= 0x030A0000
    static PyType_Slot slots[] = {{0, NULL}};
    static PyType_Spec spec = {"tests.Nope", (int)sizeof(Point), 0,
                               Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION
                                   | Py_TPFLAGS_IMMUTABLETYPE, slots};
    PyObject *type = keep(PyType_FromSpec(&spec));
    CHECK_RAISES(PyExc_TypeError, "cannot create 'tests.Nope' instances",
                 PyObject_CallObject(type, NULL) == NULL);
    CHECK_RAISES(PyExc_TypeError, "cannot set 'x' attribute of immutable type 'tests.Nope'",
                 PyObject_SetAttrString(type, "x", Py_None) == -1);
    CHECK(PyType_GetSlot((PyTypeObject *)type, Py_tp_new) == NULL && PyErr_Occurred() == NULL);
    done();
#else
    SKIP("needs 3.10");
#endif
}

TEST(bad_specs)
{
    static PyType_Slot bad_slots[] = {{5000, NULL}, {0, NULL}};
    static PyType_Spec bad = {"tests.Bad", 16, 0, Py_TPFLAGS_DEFAULT, bad_slots};
    CHECK_RAISES(PyExc_SystemError, NULL, PyType_FromSpec(&bad) == NULL);
    static PyType_Slot two_docs[] = {{Py_tp_doc, (void *)"a"}, {Py_tp_doc, (void *)"b"}, {0, NULL}};
    static PyType_Spec twice = {"tests.Bad", 16, 0, Py_TPFLAGS_DEFAULT, two_docs};
    CHECK_RAISES(PyExc_SystemError, NULL, PyType_FromSpec(&twice) == NULL);
    static PyType_Slot none[] = {{0, NULL}};
    static PyType_Spec nameless = {NULL, 16, 0, Py_TPFLAGS_DEFAULT, none};
    CHECK_RAISES(PyExc_SystemError, "Type spec does not define the name field.",
                 PyType_FromSpec(&nameless) == NULL);
    static PyType_Spec gc_less = {"tests.Bad", 16, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, none};
    CHECK_RAISES(PyExc_SystemError,
                 "type tests.Bad has the Py_TPFLAGS_HAVE_GC flag but has no traverse function",
                 PyType_FromSpec(&gc_less) == NULL);
    done();
}

TEST(size_is_inherited)
{
    static PyType_Slot none[] = {{0, NULL}};
    static PyType_Spec spec = {"NoModule", 0, 0, Py_TPFLAGS_DEFAULT, none};
    PyObject *type = keep(PyType_FromSpec(&spec));
    CHECK(repr_is(PyObject_GetAttrString(type, "__basicsize__"), "16"));
    CHECK(repr_is(PyObject_GetAttrString(type, "__doc__"), "None"));
    CHECK(Py_TYPE(keep(PyObject_CallObject(type, NULL))) == (PyTypeObject *)type);
    done();
}

TEST_MAIN(names_and_doc, life, slots_work, methods_work, slot_of_a_type, subclass_by_spec,
          subclass_by_call, disallow_instantiation, bad_specs, size_is_inherited)
