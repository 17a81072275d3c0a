/* floatobject.h: float and C's double. */
#include "expect.h"

#include <float.h>
#include <math.h>

static PyObject *half(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    return PyFloat_FromDouble(0.5);
}

static PyObject *text(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    return PyUnicode_FromString("x");
}

static PyMethodDef float_half = {"__float__", half, METH_NOARGS, NULL};
static PyMethodDef float_text = {"__float__", text, METH_NOARGS, NULL};

TEST(from_double)
{
    CHECK(repr_is(PyFloat_FromDouble(0.1), "0.1"));
    CHECK(repr_is(PyFloat_FromDouble(-0.0), "-0.0"));
    CHECK(repr_is(PyFloat_FromDouble(1e16), "1e+16"));
    CHECK(repr_is(PyFloat_FromDouble(123456789012345680.0), "1.2345678901234568e+17"));
    CHECK(repr_is(PyFloat_FromDouble(1e15), "1000000000000000.0"));
    CHECK(repr_is(PyFloat_FromDouble(5e-324), "5e-324"));
    CHECK(repr_is(PyFloat_FromDouble(HUGE_VAL), "inf"));
    CHECK(repr_is(PyFloat_FromDouble(-HUGE_VAL), "-inf"));
    CHECK(repr_is(PyFloat_FromDouble(NAN), "nan"));
    done();
}

TEST(from_string)
{
    CHECK(repr_is(PyFloat_FromString(S(" 1_0.5e-1 ")), "1.05"));
    CHECK(repr_is(PyFloat_FromString(S("-Infinity")), "-inf"));
    CHECK(repr_is(PyFloat_FromString(S("nan")), "nan"));
    CHECK(repr_is(PyFloat_FromString(B("2.5")), "2.5"));
    CHECK(repr_is(PyFloat_FromString(S("1e400")), "inf"));
    CHECK(repr_is(PyFloat_FromString(S("\u0661.\u0665")), "1.5"));
    CHECK_RAISES(PyExc_ValueError, "could not convert string to float: '1.5x'",
                 PyFloat_FromString(S("1.5x")) == NULL);
    CHECK_RAISES(PyExc_ValueError, "could not convert string to float: ''",
                 PyFloat_FromString(S("")) == NULL);
    CHECK_RAISES(PyExc_ValueError, "could not convert string to float: b'x'",
                 PyFloat_FromString(B("x")) == NULL);
    CHECK_RAISES(PyExc_TypeError,
                 "float() argument must be a string or a real number, not 'int'",
                 PyFloat_FromString(L(1)) == NULL);
    /* CRASHES PyFloat_FromString(NULL) */
    done();
}

TEST(as_double)
{
    CHECK(PyFloat_AsDouble(F(2.5)) == 2.5);
    CHECK(PyFloat_AsDouble(L(3)) == 3.0);
    CHECK(PyFloat_AsDouble(Py_True) == 1.0);
    CHECK(PyFloat_AsDouble(F(-1)) == -1.0);
    CHECK(PyErr_Occurred() == NULL);
    CHECK(PyFloat_AsDouble(instance_with(&float_half)) == 0.5);
    CHECK_RAISES(PyExc_TypeError, "tests.C.__float__() must return a float, not str",
                 PyFloat_AsDouble(instance_with(&float_text)) == -1.0);
    CHECK_RAISES(PyExc_TypeError, "must be real number, not str",
                 PyFloat_AsDouble(S("1")) == -1.0);
    CHECK_RAISES(PyExc_TypeError, "bad argument type for built-in operation",
                 PyFloat_AsDouble(NULL) == -1.0);
    CHECK_RAISES(PyExc_OverflowError, "int too large to convert to float",
                 PyFloat_AsDouble(keep(PyNumber_Lshift(L(1), L(1024)))) == -1.0);
    done();
}

TEST(limits)
{
    CHECK(PyFloat_GetMax() == DBL_MAX);
    CHECK(PyFloat_GetMin() == DBL_MIN);
    done();
}

TEST(type_checks)
{
    CHECK(PyFloat_Check(F(1)) && PyFloat_CheckExact(F(1)));
    CHECK(!PyFloat_Check(L(1)));
    PyObject *sub = new_class("Sub", (PyObject *)&PyFloat_Type);
    PyObject *instance = keep(PyObject_CallFunction(sub, "d", 1.5));
    CHECK(PyFloat_Check(instance) && !PyFloat_CheckExact(instance));
    CHECK(PyFloat_AsDouble(instance) == 1.5);
    CHECK(shows(instance, "1.5"));
    done();
}

TEST(hash_and_compare)
{
    CHECK(PyObject_Hash(F(1.0)) == 1);
    CHECK(PyObject_Hash(F(-1.0)) == -2);
    CHECK(PyObject_Hash(F(HUGE_VAL)) == 314159);
    CHECK(PyObject_Hash(F(0.5)) == 1152921504606846976);
    CHECK(PyObject_RichCompareBool(F(1.0), L(1), Py_EQ) == 1);
    CHECK(PyObject_RichCompareBool(F(9007199254740993.0), L(9007199254740993), Py_EQ) == 0);
    CHECK(PyObject_RichCompareBool(F(NAN), F(NAN), Py_EQ) == 0);
    CHECK(PyObject_RichCompareBool(F(HUGE_VAL), keep(PyNumber_Lshift(L(1), L(2000))), Py_GT)
          == 1);
    done();
}

TEST_MAIN(from_double, from_string, as_double, limits, type_checks, hash_and_compare)
