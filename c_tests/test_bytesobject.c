/* bytesobject.h: making, reading and joining bytes. */
#include "expect.h"

#include <stdarg.h>

static PyObject *format(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    PyObject *result = PyBytes_FromFormatV(fmt, args);
    va_end(args);
    return result;
}

TEST(from_string_and_size)
{
    CHECK(repr_is(PyBytes_FromStringAndSize("a\0b", 3), "b'a\\x00b'"));
    CHECK(repr_is(PyBytes_FromStringAndSize("ab", 0), "b''"));
    CHECK(repr_is(PyBytes_FromString("it's"), "b\"it's\""));
    CHECK(repr_is(PyBytes_FromString("\t\n\r\\\x7f\xff"), "b'\\t\\n\\r\\\\\\x7f\\xff'"));
    PyObject *blank = PyBytes_FromStringAndSize(NULL, 2);
    memcpy(PyBytes_AsString(blank), "ok", 2);
    CHECK(PyBytes_AsString(blank)[2] == '\0');
    CHECK(repr_is(blank, "b'ok'"));
    CHECK(keep(PyBytes_FromString("")) == keep(PyBytes_FromStringAndSize(NULL, 0)));
    CHECK(B("a") == B("a"));
    CHECK_RAISES(PyExc_SystemError, "Negative size passed to PyBytes_FromStringAndSize",
                 PyBytes_FromStringAndSize("", -1) == NULL);
    CHECK_RAISES(PyExc_OverflowError, "byte string is too large",
                 PyBytes_FromStringAndSize(NULL, PY_SSIZE_T_MAX) == NULL);
    /* CRASHES PyBytes_FromString(NULL) */
    done();
}

TEST(from_object)
{
    CHECK(repr_is(PyBytes_FromObject(V("[iii]", 0, 65, 255)), "b'\\x00A\\xff'"));
    CHECK(repr_is(PyBytes_FromObject(V("(ii)", 1, 2)), "b'\\x01\\x02'"));
    PyObject *abc = B("abc");
    CHECK(is_same(PyBytes_FromObject(abc), abc));
    CHECK_RAISES(PyExc_ValueError, "bytes must be in range(0, 256)",
                 PyBytes_FromObject(V("[i]", 256)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "'str' object cannot be interpreted as an integer",
                 PyBytes_FromObject(V("[s]", "x")) == NULL);
    CHECK_RAISES(PyExc_TypeError, "cannot convert 'str' object to bytes",
                 PyBytes_FromObject(S("x")) == NULL);
    CHECK_RAISES(PyExc_TypeError, "cannot convert 'int' object to bytes",
                 PyBytes_FromObject(L(3)) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyBytes_FromObject(NULL) == NULL);
    done();
}

TEST(from_format)
{
    CHECK(repr_is(PyBytes_FromFormat("%%|%c|%d|%u|%i|%x", 'c', -1, 2u, 3, 255u),
                  "b'%|c|-1|2|3|ff'"));
    CHECK(repr_is(PyBytes_FromFormat("%ld %lu %zd %zu", -1L, 2UL, (Py_ssize_t)-3,
                                     (size_t)4), "b'-1 2 -3 4'"));
    CHECK(repr_is(PyBytes_FromFormat("%s|%.2s", "abc", "xyz"), "b'abc|xy'"));
    CHECK(repr_is(PyBytes_FromFormat("%p", (void *)0xabc), "b'0xabc'"));
    CHECK(repr_is(format("%c%d", 'a', 1), "b'a1'"));
    CHECK_RAISES(PyExc_OverflowError,
                 "PyBytes_FromFormatV(): %c format expects an integer in range [0; 255]",
                 PyBytes_FromFormat("%c", 256) == NULL);
    done();
}

TEST(reading)
{
    PyObject *bytes = keep(PyBytes_FromStringAndSize("a\0b", 3));
    char *s = NULL;
    Py_ssize_t n = 0;
    CHECK(PyBytes_Size(bytes) == 3);
    CHECK(memcmp(PyBytes_AsString(bytes), "a\0b", 4) == 0);
    CHECK(PyBytes_AsStringAndSize(bytes, &s, &n) == 0 && n == 3
          && s == PyBytes_AsString(bytes));
    CHECK(PyBytes_AsStringAndSize(B("x"), &s, NULL) == 0);
    CHECK_RAISES(PyExc_ValueError, "embedded null byte",
                 PyBytes_AsStringAndSize(bytes, &s, NULL) == -1);
    CHECK_RAISES(PyExc_TypeError, "expected bytes, str found",
                 PyBytes_AsStringAndSize(S("x"), &s, &n) == -1);
    CHECK_RAISES(PyExc_TypeError, "expected bytes, int found", PyBytes_AsString(L(1)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "expected bytes, int found", PyBytes_Size(L(1)) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyBytes_AsStringAndSize(bytes, NULL, &n) == -1);
    /* CRASHES PyBytes_Size(NULL), PyBytes_AsString(NULL) */
    done();
}

TEST(concat)
{
    PyObject *bytes = PyBytes_FromString("ab");
    PyBytes_Concat(&bytes, B("cd"));
    PyBytes_ConcatAndDel(&bytes, PyBytes_FromString("e"));
    CHECK(shows(bytes, "b'abcde'"));
    PyBytes_Concat(&bytes, B(""));
    CHECK(shows(bytes, "b'abcde'"));
    CHECK_RAISES(PyExc_TypeError, "can't concat str to bytes",
                 (PyBytes_Concat(&bytes, S("x")), bytes == NULL));
    PyBytes_Concat(&bytes, B("x"));
    CHECK(bytes == NULL);
    bytes = PyBytes_FromString("z");
    PyBytes_Concat(&bytes, NULL);
    CHECK(bytes == NULL && PyErr_Occurred() == NULL);
    bytes = PyBytes_FromString("z");
    PyBytes_ConcatAndDel(&bytes, NULL);
    CHECK(bytes == NULL && PyErr_Occurred() == NULL);
    done();
}

TEST(repr)
{
    CHECK(text_is(PyBytes_Repr(B("it's"), 1), "b\"it's\""));
    CHECK(text_is(PyBytes_Repr(B("it's"), 0), "b'it\\'s'"));
    CHECK(text_is(PyBytes_Repr(B("'\""), 1), "b'\\'\"'"));
    done();
}

TEST(decode_escape)
{
    CHECK(repr_is(PyBytes_DecodeEscape("a\\n\\x41\\101\\\\", 13, NULL, 0, NULL),
                  "b'a\\nAA\\\\'"));
    CHECK(repr_is(PyBytes_DecodeEscape("a\\xg", 4, "replace", 0, NULL), "b'a?g'"));
    CHECK(repr_is(PyBytes_DecodeEscape("a\\xg", 4, "ignore", 0, NULL), "b'ag'"));
    CHECK_RAISES(PyExc_ValueError, "invalid \\x escape at position 1",
                 PyBytes_DecodeEscape("a\\xg", 4, NULL, 0, NULL) == NULL);
    CHECK_RAISES(PyExc_ValueError, "Trailing \\ in string",
                 PyBytes_DecodeEscape("a\\", 2, NULL, 0, NULL) == NULL);
    CHECK_RAISES(PyExc_ValueError,
                 "decoding error; unknown error handling code: what",
                 PyBytes_DecodeEscape("a\\xg", 4, "what", 0, NULL) == NULL);
    done();
}

TEST(protocols)
{
    PyObject *bytes = B("abcab");
    CHECK(repr_is(PySequence_GetItem(bytes, 1), "98"));
    CHECK(repr_is(PySequence_GetSlice(bytes, 1, 3), "b'bc'"));
    CHECK(repr_is(PySequence_Concat(bytes, B("x")), "b'abcabx'"));
    CHECK(repr_is(PySequence_Repeat(B("ab"), 2), "b'abab'"));
    CHECK(PySequence_Contains(bytes, L(99)) == 1);
    CHECK(PySequence_Contains(bytes, B("ca")) == 1);
    CHECK(PyBytes_Check(bytes) && PyBytes_CheckExact(bytes) && !PyBytes_Check(S("")));
    CHECK(PyObject_RichCompareBool(bytes, S("abcab"), Py_EQ) == 0);
    CHECK(repr_is(PyNumber_Remainder(B("%d-%s"), V("(iy)", 1, "x")), "b'1-x'"));
    CHECK(repr_is(PyObject_CallMethod(bytes, "split", "y", "c"), "[b'ab', b'ab']"));
    done();
}

TEST_MAIN(from_string_and_size, from_object, from_format, reading, concat, repr,
          decode_escape, protocols)
