/* dictobject.h, setobject.h: keys and values that change the container while it works on them. */
#include "expect.h"

typedef struct {
    PyObject_HEAD
    long number;
} Key;

static PyObject *key_type;
/* Run when two keys are compared; cleared first, so that it runs once. */
static void (*on_compare)(void);
/* Run when a key ends. */
static void (*on_end)(void);
static PyObject *dict, *set;
static PyObject *shared[8];

static PyObject *key_compare(PyObject *a, PyObject *b, int op)
{
    void (*action)(void) = on_compare;
    PyObject *answer;
    if (Py_TYPE(a) != Py_TYPE(b) || (op != Py_EQ && op != Py_NE)) Py_RETURN_NOTIMPLEMENTED;
    on_compare = NULL;
    if (action) action();
    if (PyErr_Occurred()) return NULL;
    answer = (((Key *)a)->number == ((Key *)b)->number) == (op == Py_EQ) ? Py_True : Py_False;
    Py_INCREF(answer);
    return answer;
}

/* All in one chain of the table. */
static Py_hash_t key_hash(PyObject *self)
{
    (void)self;
    return 5;
}

static void key_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    void (*action)(void) = on_end;
    on_end = NULL;
    if (action) action();
    PyObject_Free(self);
    Py_DECREF(type);
}

static PyObject *key_repr(PyObject *self)
{
    return PyUnicode_FromFormat("<%ld>", ((Key *)self)->number);
}

static PyType_Slot key_slots[] = {
    {Py_tp_richcompare, FUNC(key_compare)},
    {Py_tp_hash, FUNC(key_hash)},
    {Py_tp_dealloc, FUNC(key_dealloc)},
    {Py_tp_repr, FUNC(key_repr)},
    {0, NULL},
};
static PyType_Spec key_spec = {"tests.Key", sizeof(Key), 0, Py_TPFLAGS_DEFAULT, key_slots};

static PyObject *key(long number)
{
    PyObject *made = keep(PyType_GenericAlloc((PyTypeObject *)key_type, 0));
    ((Key *)made)->number = number;
    return made;
}

static void begin(void)
{
    long i;
    key_type = keep(PyType_FromSpec(&key_spec));
    dict = keep(PyDict_New());
    set = keep(PySet_New(NULL));
    for (i = 0; i < 8; i++) shared[i] = key(i);
    for (i = 0; i < 4; i++) {
        CHECK(PyDict_SetItem(dict, shared[i], L(i)) == 0);
        CHECK(PySet_Add(set, shared[i]) == 0);
    }
}

static void clear_both(void)
{
    PyDict_Clear(dict);
    PySet_Clear(set);
}

static void grow_both(void)
{
    long i;
    for (i = 100; i < 160; i++) {
        PyObject *number = PyLong_FromLong(i);
        CHECK(PyDict_SetItem(dict, number, number) == 0);
        CHECK(PySet_Add(set, number) == 0);
        Py_DECREF(number);
    }
}

/* Frees the table and makes another of the same size, so that it may lie in the same place. */
static void replace_both(void)
{
    clear_both();
    CHECK(PyDict_SetItem(dict, shared[7], Py_None) == 0);
    CHECK(PySet_Add(set, shared[7]) == 0);
}

static void remove_both(void)
{
    CHECK(PyDict_DelItem(dict, shared[0]) == 0);
    CHECK(PySet_Discard(set, shared[0]) == 1);
}

static void raise_error(void)
{
    PyErr_SetString(PyExc_ZeroDivisionError, "no comparison");
}

TEST(lookup_while_cleared)
{
    begin();
    on_compare = clear_both;
    CHECK(PyDict_GetItemWithError(dict, key(3)) == NULL && PyErr_Occurred() == NULL);
    begin();
    on_compare = clear_both;
    CHECK(PySet_Contains(set, key(3)) == 0);
    begin();
    on_compare = clear_both;
    CHECK(PyDict_SetItem(dict, key(3), Py_None) == 0);
    CHECK(shows(dict, "{<3>: None}"));
    begin();
    on_compare = clear_both;
    CHECK(PySet_Add(set, key(3)) == 0 && shows(set, "{<3>}"));
    begin();
    on_compare = clear_both;
    CHECK_RAISES(PyExc_KeyError, "<3>", PyDict_DelItem(dict, key(3)) == -1);
    begin();
    on_compare = clear_both;
    CHECK(PySet_Discard(set, key(3)) == 0);
    done();
}

TEST(lookup_while_grown)
{
    begin();
    on_compare = grow_both;
    CHECK(shows(PyDict_GetItemWithError(dict, key(3)), "3"));
    begin();
    on_compare = grow_both;
    CHECK(PySet_Contains(set, key(3)) == 1 && PySet_Size(set) == 64);
    begin();
    on_compare = grow_both;
    CHECK(PyDict_SetItem(dict, key(3), Py_None) == 0 && PyDict_Size(dict) == 64);
    begin();
    on_compare = grow_both;
    CHECK(PySet_Add(set, key(6)) == 0 && PySet_Size(set) == 65);
    done();
}

TEST(lookup_while_replaced)
{
    begin();
    on_compare = replace_both;
    CHECK(PyDict_GetItemWithError(dict, key(3)) == NULL && PyErr_Occurred() == NULL);
    begin();
    on_compare = replace_both;
    CHECK(PyDict_SetItem(dict, key(3), Py_True) == 0);
    CHECK(shows(dict, "{<7>: None, <3>: True}"));
    begin();
    on_compare = replace_both;
    CHECK(PySet_Add(set, key(3)) == 0 && PySet_Size(set) == 2);
    done();
}

TEST(lookup_while_removed)
{
    begin();
    on_compare = remove_both;
    CHECK(PyDict_GetItemWithError(dict, key(0)) == NULL && PyErr_Occurred() == NULL);
    begin();
    on_compare = remove_both;
    CHECK(PySet_Contains(set, key(0)) == 0);
    begin();
    on_compare = remove_both;
    CHECK(PyDict_SetItem(dict, key(0), Py_None) == 0);
    CHECK(shows(dict, "{<1>: 1, <2>: 2, <3>: 3, <0>: None}"));
    done();
}

TEST(comparison_fails)
{
    PyObject *other;
    begin();
    other = V("{O:i,O:i,O:i,O:i}", key(0), 0, key(1), 1, key(2), 2, key(3), 3);
    on_compare = raise_error;
    CHECK_RAISES(PyExc_ZeroDivisionError, "no comparison",
                 PyDict_GetItemWithError(dict, key(3)) == NULL);
    on_compare = raise_error;
    CHECK_RAISES(PyExc_ZeroDivisionError, "no comparison", PyDict_SetItem(dict, key(9), Py_None) == -1);
    on_compare = raise_error;
    CHECK_RAISES(PyExc_ZeroDivisionError, "no comparison", PySet_Add(set, key(9)) == -1);
    on_compare = raise_error;
    CHECK_RAISES(PyExc_ZeroDivisionError, "no comparison",
                 PyObject_RichCompareBool(dict, other, Py_EQ) == -1);
    CHECK(PyDict_Size(dict) == 4 && PySet_Size(set) == 4);
    done();
}

TEST(end_changes_the_dict)
{
    begin();
    CHECK(PyDict_SetItem(dict, Py_None, Py_None) == 0);
    {
        PyObject *dying = PyType_GenericAlloc((PyTypeObject *)key_type, 0);
        CHECK(PyDict_SetItem(dict, Py_None, dying) == 0);
        Py_DECREF(dying);
    }
    on_end = clear_both;
    CHECK(PyDict_SetItem(dict, Py_None, Py_True) == 0);
    CHECK(PyDict_Size(dict) == 0);

    begin();
    {
        PyObject *dying = PyType_GenericAlloc((PyTypeObject *)key_type, 0);
        CHECK(PyDict_SetItem(dict, Py_None, dying) == 0);
        Py_DECREF(dying);
    }
    on_end = grow_both;
    PyDict_Clear(dict);
    CHECK(PyDict_Size(dict) == 60);
    done();
}

TEST(sources_that_change)
{
    PyObject *other;
    begin();
    other = keep(PyDict_New());
    CHECK(PyDict_SetItem(other, key(0), Py_None) == 0);
    CHECK(PyDict_SetItem(other, Py_None, Py_None) == 0);
    on_compare = grow_both;
    CHECK_RAISES(PyExc_RuntimeError, "dict mutated during update", PyDict_Update(other, dict) == -1);
    begin();
    other = keep(PySet_New(V("[O]", key(2))));
    on_compare = clear_both;
    CHECK(PyErr_Occurred() == NULL);
    Py_XDECREF(PyObject_CallMethod(other, "intersection", "O", set));
    begin();
    other = keep(PySet_New(V("[OO]", key(2), key(6))));
    on_compare = clear_both;
    Py_XDECREF(PyNumber_Subtract(set, other));
    begin();
    other = keep(PySet_New(V("[OO]", key(2), key(6))));
    on_compare = clear_both;
    Py_XDECREF(PyNumber_InPlaceXor(set, other));
    begin();
    on_compare = clear_both;
    Py_XDECREF(PyObject_CallMethod(other, "update", "O", dict));
    CHECK(PyErr_Occurred() == NULL);
    done();
}

TEST(walk_while_changed)
{
    PyObject *iterator, *k, *v;
    Py_ssize_t at = 0;
    long n = 0;
    begin();
    while (PyDict_Next(dict, &at, &k, &v)) {
        CHECK(PyDict_SetItem(dict, k, Py_None) == 0);
        n++;
    }
    CHECK(n == 4);
    iterator = keep(PyObject_CallMethod(dict, "items", NULL));
    iterator = keep(PyObject_GetIter(iterator));
    CHECK(repr_is(PyIter_Next(iterator), "(<0>, None)"));
    CHECK(PyDict_DelItem(dict, shared[0]) == 0 && PyDict_SetItem(dict, shared[5], Py_None) == 0);
    CHECK(repr_is(PyIter_Next(iterator), "(<1>, None)"));
    CHECK(repr_is(PyIter_Next(iterator), "(<2>, None)"));
    CHECK(repr_is(PyIter_Next(iterator), "(<3>, None)"));
    CHECK_RAISES(PyExc_RuntimeError, "dictionary keys changed during iteration",
                 PyIter_Next(iterator) == NULL);
    CHECK(PyIter_Next(iterator) == NULL && PyErr_Occurred() == NULL);
    done();
}

TEST_MAIN(lookup_while_cleared, lookup_while_grown, lookup_while_replaced, lookup_while_removed,
          comparison_fails, end_changes_the_dict, sources_that_change, walk_while_changed)
