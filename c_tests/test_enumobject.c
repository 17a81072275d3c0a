/* enumobject.h, bltinmodule.h: iterators that stand on other iterators. */
#include "expect.h"

static PyObject *call(PyTypeObject *type, PyObject *first, PyObject *second)
{
    return keep(PyObject_CallFunctionObjArgs((PyObject *)type, first, second, NULL));
}

TEST(items)
{
    CHECK(repr_is(PySequence_List(call(&PyEnum_Type, S("ab"), L(5))), "[(5, 'a'), (6, 'b')]"));
    CHECK(repr_is(PySequence_List(call(&PyReversed_Type, S("ab"), NULL)), "['b', 'a']"));
    CHECK(repr_is(PySequence_List(call(&PyZip_Type, S("ab"), V("[ii]", 1, 2))), "[('a', 1), ('b', 2)]"));
    CHECK(repr_is(PySequence_List(call(&PyMap_Type, BUILTIN("ord"), S("ab"))), "[97, 98]"));
    CHECK(repr_is(PySequence_List(call(&PyFilter_Type, Py_None, V("[iii]", 0, 1, 2))), "[1, 2]"));
    CHECK(repr_is(PyObject_CallMethod(call(&PyReversed_Type, S("ab"), NULL), "__length_hint__", NULL), "2"));
    done();
}

/* What an iterator below raises comes through, and the one above can go on. */
static int calls;

static PyObject *third_fails(PyObject *self, PyObject *value)
{
    (void)self;
    if (++calls == 3) {
        PyErr_SetString(PyExc_KeyError, "third");
        return NULL;
    }
    Py_INCREF(value);
    return value;
}

static PyMethodDef third_fails_def = {"third_fails", third_fails, METH_O, NULL};

TEST(errors)
{
    PyTypeObject *types[] = {&PyEnum_Type, &PyZip_Type};
    for (size_t i = 0; i < 2; i++) {
        PyObject *function = keep(PyCFunction_New(&third_fails_def, NULL));
        PyObject *iterator = call(types[i], call(&PyMap_Type, function, S("abcd")), NULL);
        calls = 0;
        CHECK(keep(PyIter_Next(iterator)) != NULL && keep(PyIter_Next(iterator)) != NULL);
        CHECK_RAISES(PyExc_KeyError, "'third'", PyIter_Next(iterator) == NULL);
        SHOW(PyIter_Next(iterator));
        CHECK(PyIter_Next(iterator) == NULL);
    }
    PyObject *filter = call(&PyFilter_Type, keep(PyCFunction_New(&third_fails_def, NULL)), S("abcd"));
    calls = 0;
    CHECK_RAISES(PyExc_KeyError, "'third'", PySequence_List(filter) == NULL);
    SHOW(PySequence_List(filter));
    done();
}

/* A list that holds an iterator over itself. */
TEST(cycles)
{
    PyTypeObject *types[] = {&PyEnum_Type, &PyZip_Type, &PyMap_Type, &PyFilter_Type};
    for (size_t i = 0; i < 4; i++) {
        PyObject *list = PyList_New(0);
        PyObject *iterator = i < 2 ? PyObject_CallFunctionObjArgs((PyObject *)types[i], list, NULL)
                                   : PyObject_CallFunctionObjArgs((PyObject *)types[i], Py_None, list, NULL);
        CHECK(PyList_Append(list, iterator) == 0);
        Py_DECREF(iterator);
        Py_DECREF(list);
        CHECK(PyGC_Collect() >= 3);
    }
    done();
}

TEST_MAIN(items, errors, cycles)
