/* modsupport.h: Py_BuildValue, every format unit. */
#include "expect.h"

#include <limits.h>
#include <stdarg.h>
#include <wchar.h>

TEST(integers)
{
    CHECK(repr_is(Py_BuildValue("(bBhHiI)", -1, 255, -2, 65535, -3, UINT_MAX),
                  "(-1, 255, -2, 65535, -3, 4294967295)"));
    CHECK(repr_is(Py_BuildValue("(lkLKn)", LONG_MIN, ULONG_MAX, LLONG_MIN, ULLONG_MAX,
                                (Py_ssize_t)-5),
                  "(-9223372036854775808, 18446744073709551615, -9223372036854775808, "
                  "18446744073709551615, -5)"));
    NEEDS(0x030E0000);
    CHECK(repr_is(Py_BuildValue("(pp)", 0, 2), "(False, True)"));
    done();
}

TEST(floats)
{
    CHECK(repr_is(Py_BuildValue("(fd)", 1.5, 2.5), "(1.5, 2.5)"));
    done();
}

TEST(characters)
{
    CHECK(repr_is(Py_BuildValue("(cC)", 'x', 0x1f600), "(b'x', '\U0001f600')"));
    done();
}

TEST(texts)
{
    CHECK(repr_is(Py_BuildValue("(szU)", "a", "\u20ac", "c"), "('a', '\u20ac', 'c')"));
    CHECK(repr_is(Py_BuildValue("(szUyu)", NULL, NULL, NULL, NULL, NULL),
                  "(None, None, None, None, None)"));
    CHECK(repr_is(Py_BuildValue("(s#z#U#y#)", "abc", (Py_ssize_t)2, "abc", (Py_ssize_t)1, "abc",
                                (Py_ssize_t)3, "a\0b", (Py_ssize_t)3),
                  "('ab', 'a', 'abc', b'a\\x00b')"));
    CHECK(repr_is(Py_BuildValue("(yu)", "by", L"w\u20ac"), "(b'by', 'w\u20ac')"));
    CHECK(repr_is(Py_BuildValue("u#", L"wide", (Py_ssize_t)2), "'wi'"));
    CHECK_RAISES(PyExc_UnicodeDecodeError, NULL, Py_BuildValue("(is)", 1, "\xff") == NULL);
    done();
}

TEST(objects)
{
    PyObject *list = PyList_New(0);
    PyObject *tuple = keep(Py_BuildValue("(OS)", list, list));
    CHECK(Py_REFCNT(list) == 3);
    CHECK(repr_is(Py_BuildValue("N", list), "[]"));
    CHECK(Py_REFCNT(list) == 2);
    CHECK(shows(tuple, "([], [])"));
    CHECK_RAISES(PyExc_SystemError, "NULL object passed to Py_BuildValue",
                 Py_BuildValue("(OO)", Py_None, NULL) == NULL);
    PyErr_SetString(PyExc_KeyError, "earlier");
    CHECK_RAISES(PyExc_KeyError, "'earlier'", Py_BuildValue("(iN)", 1, NULL) == NULL);
    done();
}

static PyObject *convert(void *address)
{
    return PyLong_FromLong(*(int *)address * 2);
}

static PyObject *refuse(void *address)
{
    (void)address;
    PyErr_SetString(PyExc_KeyError, "no");
    return NULL;
}

TEST(converters)
{
    int n = 21;
    CHECK(repr_is(Py_BuildValue("O&", convert, &n), "42"));
    CHECK(repr_is(Py_BuildValue("[O&i]", convert, &n, 1), "[42, 1]"));
    CHECK_RAISES(PyExc_KeyError, "'no'", Py_BuildValue("(iO&)", 1, refuse, &n) == NULL);
    done();
}

TEST(containers)
{
    CHECK(is_none(Py_BuildValue("")));
    CHECK(repr_is(Py_BuildValue("i", 1), "1") && repr_is(Py_BuildValue("ii", 1, 2), "(1, 2)"));
    CHECK(repr_is(Py_BuildValue("()"), "()") && repr_is(Py_BuildValue("(i)", 1), "(1,)"));
    CHECK(repr_is(Py_BuildValue("[]"), "[]") && repr_is(Py_BuildValue("[i,i]", 1, 2), "[1, 2]"));
    CHECK(repr_is(Py_BuildValue("{}"), "{}"));
    CHECK(repr_is(Py_BuildValue("{s:i,s:[i]}", "a", 1, "b", 2), "{'a': 1, 'b': [2]}"));
    CHECK(repr_is(Py_BuildValue("((ii)[(i)]{s(i)})", 1, 2, 3, "k", 4),
                  "((1, 2), [(3,)], {'k': (4,)})"));
    CHECK(repr_is(Py_BuildValue(" i , \t i : i ", 1, 2, 3), "(1, 2, 3)"));
    done();
}

TEST(bad_formats)
{
    CHECK_RAISES(PyExc_SystemError, "bad format char passed to Py_BuildValue",
                 Py_BuildValue("q", 1) == NULL);
    CHECK_RAISES(PyExc_SystemError, "bad format char passed to Py_BuildValue",
                 Py_BuildValue("(iq)", 1, 1) == NULL);
    CHECK_RAISES(PyExc_SystemError, "unmatched paren in format", Py_BuildValue("(i", 1) == NULL);
    CHECK_RAISES(PyExc_SystemError, "unmatched paren in format", Py_BuildValue("[i)", 1) == NULL);
    CHECK_RAISES(PyExc_SystemError, "Bad dict format", Py_BuildValue("{s}", "a") == NULL);
    CHECK_RAISES(PyExc_TypeError, "cannot use 'list' as a dict key (unhashable type: 'list')",
                 Py_BuildValue("{[]i}", 1) == NULL);
    /* That a parenthesis is missing comes before what went wrong within. */
    CHECK_RAISES(PyExc_SystemError, "Unmatched paren in format", Py_BuildValue("iq)", 1) == NULL);
    CHECK_RAISES(PyExc_SystemError, "bad format char passed to Py_BuildValue", Py_BuildValue("(iq )", 1) == NULL);
    done();
}

static PyObject *build_va(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    PyObject *result = Py_VaBuildValue(format, list);
    va_end(list);
    return result;
}

TEST(va_build)
{
    CHECK(repr_is(build_va("is", 1, "x"), "(1, 'x')"));
    done();
}

TEST(failure_gives_everything_back)
{
    PyObject *list = keep(PyList_New(0));
    Py_INCREF(list);
    CHECK_RAISES(PyExc_KeyError, "'no'",
                 Py_BuildValue("(OO&N)", list, refuse, NULL, list) == NULL);
    CHECK(Py_REFCNT(list) == 1);
    /* What follows a container in which something fails is reached as well. */
    Py_INCREF(list);
    Py_INCREF(list);
    CHECK_RAISES(PyExc_KeyError, "'no'",
                 Py_BuildValue("([O&N]N)", refuse, NULL, list, list) == NULL);
    Py_INCREF(list);
    CHECK_RAISES(PyExc_SystemError, "Bad dict format", Py_BuildValue("{i}N", 1, list) == NULL);
    Py_INCREF(list);
    CHECK_RAISES(PyExc_TypeError, NULL, Py_BuildValue("[{[]i}N]", 1, list) == NULL);
    CHECK(Py_REFCNT(list) == 1);
    done();
}

TEST_MAIN(integers, floats, characters, texts, objects, converters, containers, bad_formats,
          va_build, failure_gives_everything_back)
