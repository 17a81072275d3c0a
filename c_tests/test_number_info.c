/* PyLong_GetInfo, PyFloat_GetInfo and PyThread_GetInfo, which are struct sequences. */
#include "expect.h"

TEST(long_info)
{
    PyObject *info = keep(PyLong_GetInfo());
    CHECK(repr_is(PyObject_GetAttrString(info, "bits_per_digit"), "30"));
    CHECK(repr_is(PyObject_GetAttrString(info, "sizeof_digit"), "4"));
    CHECK(repr_is(PyObject_GetAttrString(info, "default_max_str_digits"), "4300"));
    CHECK(PyTuple_Size(info) == 4);
    done();
}

TEST(float_info)
{
    PyObject *info = keep(PyFloat_GetInfo());
    CHECK(repr_is(PyObject_GetAttrString(info, "dig"), "15"));
    CHECK(repr_is(PyObject_GetAttrString(info, "max_exp"), "1024"));
    CHECK(repr_is(PyObject_GetAttrString(info, "epsilon"), "2.220446049250313e-16"));
    CHECK(PyTuple_Size(info) == 11);
    done();
}

TEST(thread_info)
{
    PyObject *info = keep(PyThread_GetInfo());
    CHECK(repr_is(PyObject_GetAttrString(info, "name"), "'pthread'"));
    CHECK(PyTuple_Size(info) == 3 && PyUnicode_Check(keep(PyObject_GetAttrString(info, "version"))));
    CHECK(shows((PyObject *)Py_TYPE(info), "<class 'sys.thread_info'>"));
    done();
}

TEST_MAIN(long_info, float_info, thread_info)
