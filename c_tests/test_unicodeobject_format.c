/* unicodeobject.h: PyUnicode_FromFormat, every conversion. */
#include "expect.h"

#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <wchar.h>

#define FORMAT PyUnicode_FromFormat

static PyObject *through_va_list(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    PyObject *result = PyUnicode_FromFormatV(format, args);
    va_end(args);
    return result;
}

TEST(plain_text)
{
    CHECK(repr_is(FORMAT("abc"), "'abc'"));
    CHECK(repr_is(FORMAT(""), "''"));
    CHECK(repr_is(FORMAT("100%%"), "'100%'"));
    CHECK(repr_is(FORMAT("%%%%"), "'%%'"));
    CHECK_RAISES(PyExc_ValueError,
                 "PyUnicode_FromFormatV() expects an ASCII-encoded format string, got a "
                 "non-ASCII byte: 0xe9",
                 FORMAT("\xe9%d", 1) == NULL);
    CHECK_RAISES(PyExc_ValueError,
                 "PyUnicode_FromFormatV() expects an ASCII-encoded format string, got a "
                 "non-ASCII byte: 0xe9",
                 FORMAT("%y\xe9") == NULL);
    done();
}

TEST(characters)
{
    CHECK(repr_is(FORMAT("%c%c", 'a', 0x1f600), "'a\U0001f600'"));
    CHECK(repr_is(FORMAT("%c", 0), "'\\x00'"));
    CHECK_RAISES(PyExc_OverflowError, "character argument not in range(0x110000)",
                 FORMAT("%c", 0x110000) == NULL);
    CHECK_RAISES(PyExc_OverflowError, "character argument not in range(0x110000)",
                 FORMAT("%c", -1) == NULL);
    done();
}

TEST(integers)
{
    CHECK(repr_is(FORMAT("%d %i %u", INT_MIN, INT_MAX, UINT_MAX),
                  "'-2147483648 2147483647 4294967295'"));
    CHECK(repr_is(FORMAT("%ld %li %lu", LONG_MIN, LONG_MAX, ULONG_MAX),
                  "'-9223372036854775808 9223372036854775807 18446744073709551615'"));
    CHECK(repr_is(FORMAT("%lld %lli %llu", LLONG_MIN, LLONG_MAX, ULLONG_MAX),
                  "'-9223372036854775808 9223372036854775807 18446744073709551615'"));
    CHECK(repr_is(FORMAT("%zd %zi %zu", PY_SSIZE_T_MIN, PY_SSIZE_T_MAX, SIZE_MAX),
                  "'-9223372036854775808 9223372036854775807 18446744073709551615'"));
    CHECK(repr_is(FORMAT("%x %X %o", 255u, 255u, 8u), "'ff FF 10'"));
    CHECK(repr_is(FORMAT("%lx %llX %zo", 0xabcUL, 0xABCULL, (size_t)64), "'abc ABC 100'"));
    NEEDS(0x030C0000);
    CHECK(repr_is(FORMAT("%jd %ju %td %tu", (intmax_t)-1, (uintmax_t)1, (ptrdiff_t)-2,
                         (size_t)2), "'-1 1 -2 2'"));
    done();
}

TEST(width_and_precision)
{
    CHECK(repr_is(FORMAT("%5d|%-5d|%05d|%.5d", 123, 123, 123, 123), "'  123|123  |00123|00123'"));
    CHECK(repr_is(FORMAT("%5d|%05d|%.5d", -12, -12, -12), "'  -12|-0012|-00012'"));
    CHECK(repr_is(FORMAT("%8.5d|%-8.5d|%08.5d", 12, 12, 12), "'   00012|00012   |00000012'"));
    CHECK(repr_is(FORMAT("%*d|%-*d|%.*d", 5, 1, 5, 2, 3, 3), "'    1|2    |003'"));
    CHECK(repr_is(FORMAT("%*d|", -4, 1), "'1   |'"));
    CHECK(repr_is(FORMAT("%10x|%-10X|%010x", 255u, 255u, 255u),
                  "'        ff|FF        |00000000ff'"));
    CHECK(repr_is(FORMAT("%1d", 12345), "'12345'"));
    CHECK(repr_is(FORMAT("%.0d", 0), "'0'"));
    CHECK(repr_is(FORMAT("%20s|%-20s|", "abc", "abc"),
                  "'                 abc|abc                 |'"));
    CHECK(repr_is(FORMAT("%.2s|%5.1s|%-5.1s|", "abc", "abc", "abc"), "'ab|    a|a    |'"));
    done();
}

TEST(c_strings)
{
    CHECK(repr_is(FORMAT("%s", "\u20ac"), "'\u20ac'"));
    CHECK(repr_is(FORMAT("%s", "\xff"), "'\ufffd'"));
    CHECK(repr_is(FORMAT("%.2s", "a\u20ac"), "'a'"));
    CHECK(repr_is(FORMAT("%.4s", "a\u20ac"), "'a\u20ac'"));
    CHECK(repr_is(FORMAT("[%s]", ""), "'[]'"));
    NEEDS(0x030C0000);
    CHECK(repr_is(FORMAT("%ls|%.2ls", L"a\u20ac", L"xyz"), "'a\u20ac|xy'"));
    /* CRASHES PyUnicode_FromFormat("%s", NULL) */
    done();
}

TEST(pointers)
{
    CHECK(repr_is(FORMAT("%p", (void *)0xabcdef), "'0xabcdef'"));
    CHECK(repr_is(FORMAT("%p", (void *)NULL), "'0x(nil)'"));
    CHECK_RAISES(PyExc_SystemError, "invalid format string: %12p",
                 FORMAT("%12p", (void *)0xabc) == NULL);
    /* A negative precision is none. */
    CHECK(repr_is(FORMAT("%.*p%.*c", -1, (void *)0xabc, -2, 'x'), "'0xabcx'"));
    CHECK_RAISES(PyExc_SystemError, "invalid format string: %.*c", FORMAT("%.*c", 0, 'x') == NULL);
    done();
}

TEST(objects)
{
    PyObject *text = S("\u00e9'");
    CHECK(repr_is(FORMAT("%U", text), "\"\u00e9'\""));
    CHECK(text_is(FORMAT("%S|%R|%A", text, text, text), "\u00e9'|\"\u00e9'\"|\"\\xe9'\""));
    CHECK(text_is(FORMAT("%S|%R", V("[s]", "a"), V("(i)", 1)), "['a']|(1,)"));
    CHECK(text_is(FORMAT("%V|%V", text, "ignored", (PyObject *)NULL, "\u20ac"), "\u00e9'|\u20ac"));
    CHECK(text_is(FORMAT("%5U|%-5S|%.1R|", text, text, text), "   \u00e9'|\u00e9'   |\"|"));
    CHECK(text_is(FORMAT("%5V|%.1V|", (PyObject *)NULL, "ab", (PyObject *)NULL, "ab"),
                  "   ab|a|"));
    done();
}

TEST(types)
{
    NEEDS(0x030D0000);
    PyObject *instance = keep(PyObject_CallObject(new_class("X", (PyObject *)&PyBaseObject_Type),
                                                  NULL));
    CHECK(text_is(FORMAT("%T|%#T", instance, instance), "tests.X|tests:X"));
    CHECK(text_is(FORMAT("%N|%#N", (PyObject *)Py_TYPE(instance), (PyObject *)Py_TYPE(instance)),
                  "tests.X|tests:X"));
    CHECK(text_is(FORMAT("%T|%#T", L(1), L(1)), "int|int"));
    CHECK(text_is(FORMAT("%10T|%-10T|%.2T|", L(1), L(1), L(1)), "       int|int       |in|"));
    CHECK_RAISES(PyExc_TypeError, "%N argument must be a type", FORMAT("%N", L(1)) == NULL);
    done();
}

static PyObject *failing(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    PyErr_SetString(PyExc_ZeroDivisionError, "no text");
    return NULL;
}

static PyMethodDef failing_repr = {"__repr__", failing, METH_VARARGS, NULL};

TEST(errors)
{
    CHECK_RAISES(PyExc_ZeroDivisionError, "no text",
                 FORMAT("%s %R", "before", instance_with(&failing_repr)) == NULL);
    NEEDS(0x030C0000);
    CHECK_RAISES(PyExc_SystemError, "invalid format string: %y", FORMAT("%y", 1) == NULL);
    CHECK_RAISES(PyExc_SystemError, "invalid format string: %", FORMAT("%") == NULL);
    CHECK_RAISES(PyExc_SystemError, "invalid format string: %l", FORMAT("%l") == NULL);
    CHECK_RAISES(PyExc_SystemError, "invalid format string: %5", FORMAT("abc%5") == NULL);
    CHECK_RAISES(PyExc_SystemError, "invalid format string: %hd", FORMAT("%hd", 1) == NULL);
    CHECK_RAISES(PyExc_ValueError, "width too big",
                 FORMAT("%99999999999999999999d", 1) == NULL);
    CHECK_RAISES(PyExc_ValueError, "precision too big",
                 FORMAT("%.99999999999999999999d", 1) == NULL);
    done();
}

TEST(va_list_form)
{
    CHECK(repr_is(through_va_list("%d-%s-%U", 1, "x", S("y")), "'1-x-y'"));
    done();
}

TEST(many_arguments)
{
    CHECK(repr_is(FORMAT("%d%d%d%d%d%d%d%d%d%d%d%d", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
                  "'123456789101112'"));
    CHECK(repr_is(FORMAT("%s%zd%c%U%lu%p", "a", (Py_ssize_t)1, 'c', S("d"), 2UL, (void *)3),
                  "'a1cd20x3'"));
    done();
}

TEST_MAIN(plain_text, characters, integers, width_and_precision, c_strings, pointers, objects,
          types, errors, va_list_form, many_arguments)
