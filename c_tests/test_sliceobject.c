/* sliceobject.h: slices and the arithmetic of their indices. */
#include "expect.h"

static PyObject *slice(PyObject *start, PyObject *stop, PyObject *step)
{
    return keep(PySlice_New(start, stop, step));
}

TEST(construct)
{
    CHECK(repr_is(PySlice_New(NULL, NULL, NULL), "slice(None, None, None)"));
    CHECK(repr_is(PySlice_New(L(1), S("x"), Py_None), "slice(1, 'x', None)"));
    PyObject *s = slice(L(1), L(2), L(3));
    CHECK(PySlice_Check(s) && !PySlice_Check(Py_None));
    CHECK(repr_is(PyObject_GetAttrString(s, "start"), "1"));
    CHECK(repr_is(PyObject_GetAttrString(s, "stop"), "2"));
    CHECK(repr_is(PyObject_GetAttrString(s, "step"), "3"));
    CHECK(repr_is(PyObject_CallMethod(s, "indices", "i", 10), "(1, 2, 3)"));
    CHECK(PyObject_RichCompareBool(s, slice(L(1), L(2), L(3)), Py_EQ) == 1);
    CHECK(repr_is(PyObject_CallFunction((PyObject *)&PySlice_Type, "i", 5),
                  "slice(None, 5, None)"));
    done();
}

TEST(get_indices)
{
    Py_ssize_t start, stop, step;
    CHECK(PySlice_GetIndices(slice(L(-3), NULL, NULL), 10, &start, &stop, &step) == 0);
    CHECK(start == 7 && stop == 10 && step == 1);
    CHECK(PySlice_GetIndices(slice(NULL, NULL, L(-1)), 10, &start, &stop, &step) == 0);
    CHECK(start == 9 && stop == -1 && step == -1);
    CHECK(PySlice_GetIndices(slice(NULL, L(11), NULL), 10, &start, &stop, &step) == -1);
    CHECK(PySlice_GetIndices(slice(L(10), NULL, NULL), 10, &start, &stop, &step) == -1);
    CHECK(PySlice_GetIndices(slice(NULL, NULL, L(0)), 10, &start, &stop, &step) == -1);
    CHECK(PyErr_Occurred() == NULL);
    done();
}

TEST(get_indices_ex)
{
    Py_ssize_t start, stop, step, n;
    CHECK(PySlice_GetIndicesEx(slice(L(1), L(-1), L(3)), 10, &start, &stop, &step, &n) == 0);
    CHECK(start == 1 && stop == 9 && step == 3 && n == 3);
    CHECK(PySlice_GetIndicesEx(slice(L(100), L(-100), L(-1)), 4, &start, &stop, &step, &n)
          == 0);
    CHECK(start == 3 && stop == -1 && step == -1 && n == 4);
    CHECK(PySlice_GetIndicesEx(slice(L(3), L(1), NULL), 4, &start, &stop, &step, &n) == 0);
    CHECK(n == 0);
    CHECK_RAISES(PyExc_ValueError, "slice step cannot be zero",
                 PySlice_GetIndicesEx(slice(NULL, NULL, L(0)), 4, &start, &stop, &step, &n)
                     == -1);
    CHECK_RAISES(PyExc_TypeError,
                 "slice indices must be integers or have an __index__ method",
                 PySlice_GetIndicesEx(slice(S("a"), NULL, NULL), 4, &start, &stop, &step, &n)
                     == -1);
    done();
}

TEST(unpack_and_adjust)
{
#if TEST_API >= 0x03070000
    Py_ssize_t start, stop, step;
    CHECK(PySlice_Unpack(slice(NULL, NULL, NULL), &start, &stop, &step) == 0);
    CHECK(start == 0 && stop == PY_SSIZE_T_MAX && step == 1);
    CHECK(PySlice_Unpack(slice(NULL, NULL, L(-2)), &start, &stop, &step) == 0);
    CHECK(start == PY_SSIZE_T_MAX && stop == PY_SSIZE_T_MIN && step == -2);
    CHECK(PySlice_AdjustIndices(5, &start, &stop, step) == 3);
    CHECK(start == 4 && stop == -1);
    PyObject *huge = keep(PyNumber_Lshift(L(1), L(100)));
    CHECK(PySlice_Unpack(slice(keep(PyNumber_Negative(huge)), huge,
                               keep(PyNumber_Negative(huge))), &start, &stop, &step) == 0);
    CHECK(start == PY_SSIZE_T_MIN && stop == PY_SSIZE_T_MAX && step == -PY_SSIZE_T_MAX);
    start = -2;
    stop = 100;
    CHECK(PySlice_AdjustIndices(5, &start, &stop, 1) == 2 && start == 3 && stop == 5);
    start = -200;
    stop = -100;
    CHECK(PySlice_AdjustIndices(5, &start, &stop, 1) == 0 && start == 0 && stop == 0);
    CHECK_RAISES(PyExc_ValueError, "slice step cannot be zero",
                 PySlice_Unpack(slice(NULL, NULL, L(0)), &start, &stop, &step) == -1);
    CHECK_RAISES(PyExc_TypeError,
                 "slice indices must be integers or have an __index__ method",
                 PySlice_Unpack(slice(NULL, F(1), NULL), &start, &stop, &step) == -1);
    done();
#else
    SKIP("needs 3.6.1");
#endif
}

TEST(ellipsis)
{
    CHECK(shows(Py_Ellipsis, "Ellipsis"));
    CHECK(Py_TYPE(Py_Ellipsis) == &PyEllipsis_Type);
    CHECK(repr_is(PyObject_CallMethod(Py_Ellipsis, "__reduce__", NULL), "'Ellipsis'"));
    CHECK_RAISES(PyExc_TypeError, "EllipsisType takes no arguments",
                 PyObject_CallFunction((PyObject *)&PyEllipsis_Type, "i", 1) == NULL);
    CHECK(is_same(PyObject_CallObject((PyObject *)&PyEllipsis_Type, NULL), Py_Ellipsis));
    done();
}

TEST(hash)
{
    CHECK(PyObject_Hash(slice(L(1), L(2), L(3))) == PyObject_Hash(slice(L(1), L(2), L(3))));
    CHECK_RAISES(PyExc_TypeError, "unhashable type: 'list'",
                 PyObject_Hash(slice(V("[]"), NULL, NULL)) == -1);
    done();
}

TEST_MAIN(construct, get_indices, get_indices_ex, unpack_and_adjust, ellipsis, hash)
