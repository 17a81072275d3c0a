/* longobject.h: conversions between int and C's integers. */
#include "expect.h"

#include <limits.h>
#include <math.h>

#define TOO_LARGE(type) "Python int too large to convert to C " type

static PyObject *big(const char *digits)
{
    return keep(PyLong_FromString(digits, NULL, 10));
}

static PyObject *seven(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    return PyLong_FromLong(7);
}

static PyObject *not_int(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    return PyUnicode_FromString("x");
}

static PyMethodDef index_seven = {"__index__", seven, METH_NOARGS, NULL};
static PyMethodDef index_text = {"__index__", not_int, METH_NOARGS, NULL};

TEST(from_c)
{
    CHECK(repr_is(PyLong_FromLong(LONG_MIN), "-9223372036854775808"));
    CHECK(repr_is(PyLong_FromLong(LONG_MAX), "9223372036854775807"));
    CHECK(repr_is(PyLong_FromUnsignedLong(ULONG_MAX), "18446744073709551615"));
    CHECK(repr_is(PyLong_FromLongLong(LLONG_MIN), "-9223372036854775808"));
    CHECK(repr_is(PyLong_FromUnsignedLongLong(ULLONG_MAX), "18446744073709551615"));
    CHECK(repr_is(PyLong_FromSsize_t(-1), "-1"));
    CHECK(repr_is(PyLong_FromSize_t(SIZE_MAX), "18446744073709551615"));
    CHECK(repr_is(PyLong_FromVoidPtr(NULL), "0"));
    CHECK(repr_is(PyLong_FromVoidPtr((void *)4096), "4096"));
    CHECK(repr_is(PyLong_FromLong(1073741823), "1073741823"));
    CHECK(repr_is(PyLong_FromLong(1073741824), "1073741824"));
    CHECK(repr_is(PyLong_FromLong(-1073741824), "-1073741824"));
    done();
}

TEST(small_ints_are_shared)
{
    for (long n = -5; n <= 256; n++) {
        CHECK(L(n) == L(n));
    }
    NEEDS(0x030F0000);
    for (long n = 257; n <= 1024; n++) {
        CHECK(L(n) == L(n));
    }
    CHECK(L(1025) != L(1025));
    CHECK(L(-6) != L(-6));
    done();
}

TEST(from_double)
{
    CHECK(repr_is(PyLong_FromDouble(0.0), "0"));
    CHECK(repr_is(PyLong_FromDouble(-2.9), "-2"));
    CHECK(repr_is(PyLong_FromDouble(1e22), "10000000000000000000000"));
    CHECK(repr_is(PyLong_FromDouble(-9.223372036854775808e18), "-9223372036854775808"));
    CHECK_RAISES(PyExc_OverflowError, "cannot convert float infinity to integer",
                 PyLong_FromDouble(HUGE_VAL) == NULL);
    CHECK_RAISES(PyExc_ValueError, "cannot convert float NaN to integer",
                 PyLong_FromDouble(NAN) == NULL);
    done();
}

TEST(as_long)
{
    CHECK(PyLong_AsLong(L(LONG_MAX)) == LONG_MAX);
    CHECK(PyLong_AsLong(L(LONG_MIN)) == LONG_MIN);
    CHECK(PyLong_AsLong(L(-1)) == -1);
    CHECK(PyErr_Occurred() == NULL);
    CHECK_RAISES(PyExc_OverflowError, TOO_LARGE("long"),
                 PyLong_AsLong(big("9223372036854775808")) == -1);
    CHECK_RAISES(PyExc_OverflowError, TOO_LARGE("long"),
                 PyLong_AsLong(big("-9223372036854775809")) == -1);
    CHECK_RAISES(PyExc_TypeError, "'str' object cannot be interpreted as an integer",
                 PyLong_AsLong(S("1")) == -1);
    CHECK_RAISES(PyExc_TypeError, "'float' object cannot be interpreted as an integer",
                 PyLong_AsLong(F(1.0)) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyLong_AsLong(NULL) == -1);
    CHECK(PyLong_AsLong(instance_with(&index_seven)) == 7);
    CHECK_RAISES(PyExc_TypeError, "tests.C.__index__() must return an int, not str",
                 PyLong_AsLong(instance_with(&index_text)) == -1);
    done();
}

TEST(as_long_and_overflow)
{
    int overflow = 9;
    CHECK(PyLong_AsLongAndOverflow(L(-3), &overflow) == -3 && overflow == 0);
    CHECK(PyLong_AsLongAndOverflow(big("9223372036854775808"), &overflow) == -1
          && overflow == 1);
    CHECK(PyLong_AsLongAndOverflow(big("-9223372036854775809"), &overflow) == -1
          && overflow == -1);
    CHECK(PyLong_AsLongLongAndOverflow(L(LLONG_MIN), &overflow) == LLONG_MIN
          && overflow == 0);
    CHECK(PyLong_AsLongLongAndOverflow(big("99999999999999999999"), &overflow) == -1
          && overflow == 1);
    CHECK(PyLong_AsLongLongAndOverflow(big("-99999999999999999999"), &overflow) == -1
          && overflow == -1);
    CHECK(PyErr_Occurred() == NULL);
    CHECK_RAISES(PyExc_TypeError, "'str' object cannot be interpreted as an integer",
                 PyLong_AsLongAndOverflow(S("1"), &overflow) == -1 && overflow == 0);
    CHECK_RAISES(PyExc_SystemError, NULL, PyLong_AsLongAndOverflow(NULL, &overflow) == -1);
    done();
}

TEST(as_unsigned)
{
    CHECK(PyLong_AsUnsignedLong(big("18446744073709551615")) == ULONG_MAX);
    CHECK(PyLong_AsUnsignedLongLong(big("18446744073709551615")) == ULLONG_MAX);
    CHECK(PyLong_AsSize_t(L(5)) == 5);
    CHECK_RAISES(PyExc_OverflowError, "can't convert negative value to unsigned int",
                 PyLong_AsUnsignedLong(L(-1)) == (unsigned long)-1);
    CHECK_RAISES(PyExc_OverflowError, TOO_LARGE("unsigned long"),
                 PyLong_AsUnsignedLong(big("18446744073709551616")) == (unsigned long)-1);
    CHECK_RAISES(PyExc_OverflowError, "can't convert negative int to unsigned",
                 PyLong_AsUnsignedLongLong(L(-1)) == (unsigned long long)-1);
    CHECK_RAISES(PyExc_OverflowError, "int too big to convert",
                 PyLong_AsUnsignedLongLong(big("18446744073709551616"))
                     == (unsigned long long)-1);
    CHECK_RAISES(PyExc_OverflowError, "can't convert negative value to size_t",
                 PyLong_AsSize_t(L(-1)) == (size_t)-1);
    CHECK_RAISES(PyExc_OverflowError, TOO_LARGE("size_t"),
                 PyLong_AsSize_t(big("18446744073709551616")) == (size_t)-1);
    CHECK_RAISES(PyExc_TypeError, "an integer is required",
                 PyLong_AsUnsignedLong(F(1)) == (unsigned long)-1);
    CHECK_RAISES(PyExc_TypeError, "an integer is required",
                 PyLong_AsSize_t(F(1)) == (size_t)-1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyLong_AsUnsignedLong(NULL) == (unsigned long)-1);
    done();
}

TEST(as_ssize_t_and_long_long)
{
    CHECK(PyLong_AsSsize_t(L(PY_SSIZE_T_MIN)) == PY_SSIZE_T_MIN);
    CHECK_RAISES(PyExc_OverflowError, TOO_LARGE("ssize_t"),
                 PyLong_AsSsize_t(big("9223372036854775808")) == -1);
    CHECK_RAISES(PyExc_TypeError, "an integer is required", PyLong_AsSsize_t(F(1)) == -1);
    CHECK(PyLong_AsLongLong(L(LLONG_MIN)) == LLONG_MIN);
    CHECK_RAISES(PyExc_OverflowError, "int too big to convert",
                 PyLong_AsLongLong(big("9223372036854775808")) == -1);
    CHECK_RAISES(PyExc_TypeError, "'float' object cannot be interpreted as an integer",
                 PyLong_AsLongLong(F(1)) == -1);
    done();
}

TEST(masks)
{
    CHECK(PyLong_AsUnsignedLongMask(L(-1)) == ULONG_MAX);
    CHECK(PyLong_AsUnsignedLongMask(big("18446744073709551617")) == 1);
    CHECK(PyLong_AsUnsignedLongLongMask(big("-18446744073709551617")) == ULLONG_MAX);
    CHECK(PyLong_AsUnsignedLongMask(big("340282366920938463463374607431768211455"))
          == ULONG_MAX);
    CHECK(PyLong_AsUnsignedLongMask(instance_with(&index_seven)) == 7);
    CHECK_RAISES(PyExc_TypeError, "'str' object cannot be interpreted as an integer",
                 PyLong_AsUnsignedLongMask(S("")) == (unsigned long)-1);
    CHECK_RAISES(PyExc_SystemError, NULL,
                 PyLong_AsUnsignedLongLongMask(NULL) == (unsigned long long)-1);
    done();
}

TEST(as_double)
{
    CHECK(PyLong_AsDouble(L(-3)) == -3.0);
    CHECK(PyLong_AsDouble(big("9007199254740993")) == 9007199254740992.0);
    CHECK(PyLong_AsDouble(big("9007199254740995")) == 9007199254740996.0);
    PyObject *huge = keep(PyNumber_Lshift(L(1), L(1024)));
    CHECK_RAISES(PyExc_OverflowError, "int too large to convert to float",
                 PyLong_AsDouble(huge) == -1.0);
    CHECK_RAISES(PyExc_TypeError, "an integer is required", PyLong_AsDouble(F(1)) == -1.0);
    CHECK_RAISES(PyExc_SystemError, NULL, PyLong_AsDouble(NULL) == -1.0);
    done();
}

TEST(as_void_ptr)
{
    int here;
    CHECK(PyLong_AsVoidPtr(keep(PyLong_FromVoidPtr(&here))) == &here);
    CHECK(PyLong_AsVoidPtr(L(-1)) == (void *)-1);
    CHECK(PyErr_Occurred() == NULL);
    CHECK_RAISES(PyExc_TypeError, "an integer is required", PyLong_AsVoidPtr(F(1)) == NULL);
    done();
}

TEST(from_string)
{
    char *end;
    const char *text = " -0x1F_ff rest";
    CHECK(repr_is(PyLong_FromString("  42  ", NULL, 10), "42"));
    CHECK(repr_is(PyLong_FromString("-1_000", NULL, 10), "-1000"));
    CHECK(repr_is(PyLong_FromString("0b101", NULL, 0), "5"));
    CHECK(repr_is(PyLong_FromString("0o17", NULL, 0), "15"));
    CHECK(repr_is(PyLong_FromString("0xFF", NULL, 16), "255"));
    CHECK(repr_is(PyLong_FromString("zz", NULL, 36), "1295"));
    CHECK(repr_is(PyLong_FromString("000", NULL, 0), "0"));
    CHECK_RAISES(PyExc_ValueError,
                 "invalid literal for int() with base 16: ' -0x1F_ff rest'",
                 PyLong_FromString(text, &end, 0) == NULL);
    CHECK(strcmp(end, "rest") == 0);
    CHECK(repr_is(PyLong_FromString(" -0x1F_ff ", &end, 0), "-8191"));
    CHECK(*end == 0);
    CHECK_RAISES(PyExc_ValueError, "invalid literal for int() with base 10: '4x'",
                 PyLong_FromString("4x", NULL, 10) == NULL);
    CHECK_RAISES(PyExc_ValueError, "invalid literal for int() with base 0: '010'",
                 PyLong_FromString("010", NULL, 0) == NULL);
    CHECK_RAISES(PyExc_ValueError, "invalid literal for int() with base 10: ''",
                 PyLong_FromString("", NULL, 10) == NULL);
    CHECK_RAISES(PyExc_ValueError, "invalid literal for int() with base 10: '1__0'",
                 PyLong_FromString("1__0", NULL, 10) == NULL);
    CHECK_RAISES(PyExc_ValueError, "int() arg 2 must be >= 2 and <= 36",
                 PyLong_FromString("1", NULL, 1) == NULL);
    CHECK_RAISES(PyExc_ValueError, "int() arg 2 must be >= 2 and <= 36",
                 PyLong_FromString("1", NULL, 37) == NULL);
    done();
}

TEST(os_strtol)
{
    char *end;
    CHECK(PyOS_strtoul("0x1fz", &end, 0) == 31 && *end == 'z');
    CHECK(PyOS_strtol("-12", &end, 10) == -12 && *end == 0);
    done();
}

TEST(too_many_digits)
{
    PyObject *huge = keep(PyNumber_Lshift(L(1), L(20000)));
    CHECK_RAISES(PyExc_ValueError,
                 "Exceeds the limit (4300 digits) for integer string conversion; "
                 "use sys.set_int_max_str_digits() to increase the limit",
                 PyObject_Repr(huge) == NULL);
    CHECK(text_is(PyNumber_ToBase(keep(PyNumber_Rshift(huge, L(19990))), 16), "0x400"));
    done();
}

TEST_MAIN(from_c, small_ints_are_shared, from_double, as_long, as_long_and_overflow,
          as_unsigned, as_ssize_t_and_long_long, masks, as_double, as_void_ptr,
          from_string, os_strtol, too_many_digits)
