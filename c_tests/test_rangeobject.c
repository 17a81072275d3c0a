/* rangeobject.h: ranges by the sequence and the mapping protocol, and the two iterators over them. */
#include "expect.h"

#include <stdarg.h>

static PyObject *range_of(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    PyObject *args = keep(Py_VaBuildValue(format, arguments));
    va_end(arguments);
    return keep(PyObject_CallObject((PyObject *)&PyRange_Type, args));
}

TEST(protocols)
{
    PyObject *range = range_of("(iii)", 2, 20, 3);
    CHECK(PyRange_Check(range) && !PyRange_Check(Py_None));
    CHECK(PySequence_Check(range) && PyMapping_Check(range));
    CHECK(PySequence_Size(range) == 6 && PyMapping_Size(range) == 6 && PyObject_IsTrue(range) == 1);
    CHECK(repr_is(PySequence_GetItem(range, 1), "5") && repr_is(PySequence_GetItem(range, -1), "17"));
    CHECK_RAISES(PyExc_IndexError, "range object index out of range", PySequence_GetItem(range, 6) == NULL);
    CHECK(repr_is(PySequence_GetSlice(range, 1, 3), "range(5, 11, 3)"));
    CHECK(repr_is(PyObject_GetItem(range, keep(PySlice_New(NULL, NULL, L(-1)))), "range(17, -1, -3)"));
    CHECK(PySequence_Contains(range, L(5)) == 1 && PySequence_Contains(range, L(6)) == 0);
    CHECK(PySequence_Index(range, L(8)) == 2 && PySequence_Count(range, L(8)) == 1);
    CHECK(repr_is(PySequence_List(range), "[2, 5, 8, 11, 14, 17]"));
    CHECK(PyObject_RichCompareBool(range, range_of("(iii)", 2, 18, 3), Py_EQ) == 1);
    CHECK(PyObject_Hash(range) == PyObject_Hash(range_of("(iii)", 2, 18, 3)));
    CHECK_RAISES(PyExc_OverflowError, "Python int too large to convert to C ssize_t",
                 PyObject_Size(range_of("(K)", 1ULL << 63)) == -1);
    done();
}

TEST(iterators)
{
    PyObject *range = range_of("(i)", 3), *iterator = keep(PyObject_GetIter(range));
    CHECK(Py_TYPE(iterator) == &PyRangeIter_Type && PyIter_Check(iterator));
    CHECK(repr_is(PyIter_Next(iterator), "0") && repr_is(PyIter_Next(iterator), "1"));
    CHECK(repr_is(PyObject_CallMethod(iterator, "__length_hint__", NULL), "1"));
    CHECK(repr_is(PyIter_Next(iterator), "2") && PyIter_Next(iterator) == NULL);
    range = range_of("(KK)", 1ULL << 63, (1ULL << 63) + 2);
    iterator = keep(PyObject_GetIter(range));
    CHECK(Py_TYPE(iterator) == &PyLongRangeIter_Type);
    CHECK(repr_is(PyIter_Next(iterator), "9223372036854775808"));
    CHECK(repr_is(PyIter_Next(iterator), "9223372036854775809") && PyIter_Next(iterator) == NULL);
    iterator = keep(PyObject_CallMethod(range_of("(i)", 3), "__reversed__", NULL));
    CHECK(repr_is(PySequence_List(iterator), "[2, 1, 0]"));
    done();
}

TEST_MAIN(protocols, iterators)
