/* unicodeobject.h: making str and reading it. The codecs, the formats and what is
 * done with text have files of their own. */
#include "expect.h"

#include <limits.h>
#include <wchar.h>

TEST(from_utf8)
{
    CHECK(repr_is(PyUnicode_FromString("abc"), "'abc'"));
    CHECK(repr_is(PyUnicode_FromString("\u00e9\u20ac\U0001f600"), "'\u00e9\u20ac\U0001f600'"));
    CHECK(repr_is(PyUnicode_FromStringAndSize("a\0b", 3), "'a\\x00b'"));
    CHECK(repr_is(PyUnicode_FromStringAndSize("abc", 2), "'ab'"));
    CHECK(repr_is(PyUnicode_FromStringAndSize("abc", 0), "''"));
    CHECK(keep(PyUnicode_FromString("")) == keep(PyUnicode_FromStringAndSize(NULL, 0)));
    CHECK(S("x") == S("x") && S("\u00e9") == S("\u00e9"));
    CHECK_RAISES(PyExc_SystemError, "Negative size passed to PyUnicode_FromStringAndSize",
                 PyUnicode_FromStringAndSize("abc", -1) == NULL);
    CHECK_RAISES(PyExc_SystemError,
                 "NULL string with positive size with NULL passed to "
                 "PyUnicode_FromStringAndSize",
                 PyUnicode_FromStringAndSize(NULL, 3) == NULL);
    CHECK_RAISES(PyExc_UnicodeDecodeError,
                 "'utf-8' codec can't decode byte 0xff in position 1: invalid start byte",
                 PyUnicode_FromString("a\xff") == NULL);
    /* CRASHES PyUnicode_FromString(NULL) */
    done();
}

TEST(from_object)
{
    PyObject *text = S("abc");
    CHECK(is_same(PyUnicode_FromObject(text), text));
    PyObject *sub = keep(PyObject_CallFunction(new_class("Sub", (PyObject *)&PyUnicode_Type),
                                               "s", "xyz"));
    CHECK(PyUnicode_Check(sub) && !PyUnicode_CheckExact(sub));
    PyObject *exact = keep(PyUnicode_FromObject(sub));
    CHECK(PyUnicode_CheckExact(exact) && shows(exact, "'xyz'"));
    CHECK_RAISES(PyExc_TypeError, "Can't convert 'int' object to str implicitly",
                 PyUnicode_FromObject(L(1)) == NULL);
    /* CRASHES PyUnicode_FromObject(NULL) */
    done();
}

TEST(from_encoded_object)
{
    CHECK(repr_is(PyUnicode_FromEncodedObject(B("a\xe9"), "latin-1", NULL), "'a\u00e9'"));
    CHECK(repr_is(PyUnicode_FromEncodedObject(B("abc"), NULL, NULL), "'abc'"));
    CHECK(repr_is(PyUnicode_FromEncodedObject(B(""), "no-such", NULL), "''"));
    CHECK_RAISES(PyExc_TypeError, "decoding str is not supported",
                 PyUnicode_FromEncodedObject(S("x"), NULL, NULL) == NULL);
    CHECK_RAISES(PyExc_TypeError,
                 "decoding to str: need a bytes-like object, int found",
                 PyUnicode_FromEncodedObject(L(1), NULL, NULL) == NULL);
    CHECK_RAISES(PyExc_LookupError, "unknown encoding: no-such",
                 PyUnicode_FromEncodedObject(B("x"), "no-such", NULL) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL,
                 PyUnicode_FromEncodedObject(NULL, NULL, NULL) == NULL);
    done();
}

TEST(from_ordinal)
{
    CHECK(repr_is(PyUnicode_FromOrdinal('a'), "'a'"));
    CHECK(repr_is(PyUnicode_FromOrdinal(0x10ffff), "'\\U0010ffff'"));
    CHECK(repr_is(PyUnicode_FromOrdinal(0xd800), "'\\ud800'"));
    CHECK_RAISES(PyExc_ValueError, "chr() arg not in range(0x110000)",
                 PyUnicode_FromOrdinal(0x110000) == NULL);
    CHECK_RAISES(PyExc_ValueError, "chr() arg not in range(0x110000)",
                 PyUnicode_FromOrdinal(-1) == NULL);
    done();
}

TEST(wide_characters)
{
    wchar_t buffer[10];
    Py_ssize_t size = -1;
    PyObject *text = S("a\U0001f600");
    CHECK(repr_is(PyUnicode_FromWideChar(L"a\u20ac\U0001f600", -1), "'a\u20ac\U0001f600'"));
    CHECK(repr_is(PyUnicode_FromWideChar(L"abc", 2), "'ab'"));
    CHECK(repr_is(PyUnicode_FromWideChar(NULL, 0), "''"));
    CHECK_RAISES(PyExc_SystemError, NULL, PyUnicode_FromWideChar(NULL, 2) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyUnicode_FromWideChar(NULL, -1) == NULL);
    CHECK(PyUnicode_AsWideChar(text, buffer, 10) == 2);
    CHECK(buffer[0] == L'a' && buffer[1] == (wchar_t)0x1f600 && buffer[2] == 0);
    CHECK(PyUnicode_AsWideChar(text, buffer, 1) == 1);
    CHECK(PyUnicode_AsWideChar(text, NULL, 0) == 3);
    CHECK_RAISES(PyExc_SystemError, NULL, PyUnicode_AsWideChar(NULL, buffer, 10) == -1);
    CHECK_RAISES(PyExc_TypeError, "bad argument type for built-in operation",
                 PyUnicode_AsWideChar(L(1), buffer, 10) == -1);
    wchar_t *copy = PyUnicode_AsWideCharString(text, &size);
    CHECK(size == 2 && copy[1] == (wchar_t)0x1f600 && copy[2] == 0);
    PyMem_Free(copy);
    PyObject *null_inside = keep(PyUnicode_FromStringAndSize("a\0b", 3));
    CHECK_RAISES(PyExc_ValueError, "embedded null character",
                 PyUnicode_AsWideCharString(null_inside, NULL) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyUnicode_AsWideCharString(NULL, NULL) == NULL);
    (void)size;
    done();
}

TEST(ucs4)
{
    Py_UCS4 buffer[5] = {9, 9, 9, 9, 9};
    PyObject *text = S("\u00e9\U0001f600");
    CHECK(PyUnicode_AsUCS4(text, buffer, 5, 1) == buffer);
    CHECK(buffer[0] == 0xe9 && buffer[1] == 0x1f600 && buffer[2] == 0 && buffer[3] == 9);
    CHECK(PyUnicode_AsUCS4(text, buffer, 2, 0) == buffer);
    CHECK_RAISES(PyExc_SystemError, "string is longer than the buffer",
                 PyUnicode_AsUCS4(text, buffer, 2, 1) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyUnicode_AsUCS4(text, NULL, 5, 1) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyUnicode_AsUCS4(text, buffer, -1, 1) == NULL);
    Py_UCS4 *copy = PyUnicode_AsUCS4Copy(text);
    CHECK(copy[0] == 0xe9 && copy[1] == 0x1f600 && copy[2] == 0);
    PyMem_Free(copy);
    done();
}

TEST(length_and_characters)
{
    PyObject *text = S("a\u00e9\u20ac\U0001f600");
    CHECK(PyUnicode_GetLength(text) == 4);
    CHECK(PyUnicode_ReadChar(text, 0) == 'a' && PyUnicode_ReadChar(text, 1) == 0xe9);
    CHECK(PyUnicode_ReadChar(text, 2) == 0x20ac && PyUnicode_ReadChar(text, 3) == 0x1f600);
    CHECK_RAISES(PyExc_IndexError, "string index out of range",
                 PyUnicode_ReadChar(text, 4) == (Py_UCS4)-1);
    CHECK_RAISES(PyExc_IndexError, "string index out of range",
                 PyUnicode_ReadChar(text, -1) == (Py_UCS4)-1);
    CHECK_RAISES(PyExc_TypeError, "bad argument type for built-in operation",
                 PyUnicode_ReadChar(L(1), 0) == (Py_UCS4)-1);
    CHECK_RAISES(PyExc_TypeError, "bad argument type for built-in operation",
                 PyUnicode_GetLength(B("x")) == -1);
    CHECK(repr_is(PyUnicode_Substring(text, 1, 3), "'\u00e9\u20ac'"));
    CHECK(repr_is(PyUnicode_Substring(text, 0, 1), "'a'"));
    CHECK(repr_is(PyUnicode_Substring(text, 2, 99), "'\u20ac\U0001f600'"));
    CHECK(repr_is(PyUnicode_Substring(text, 3, 2), "''"));
    CHECK(is_same(PyUnicode_Substring(text, 0, 4), text));
    CHECK_RAISES(PyExc_IndexError, "string index out of range",
                 PyUnicode_Substring(text, -1, 2) == NULL);
    CHECK_RAISES(PyExc_IndexError, "string index out of range",
                 PyUnicode_Substring(text, 0, -1) == NULL);
    done();
}

TEST(write_char)
{
    PyObject *text = PyUnicode_FromString("abc");
    CHECK(PyUnicode_WriteChar(text, 1, 'X') == 0);
    CHECK_RAISES(PyExc_IndexError, "string index out of range",
                 PyUnicode_WriteChar(text, 3, 'X') == -1);
    CHECK_RAISES(PyExc_ValueError, "character out of range",
                 PyUnicode_WriteChar(text, 0, 0x20ac) == -1);
    CHECK_RAISES(PyExc_TypeError, "bad argument type for built-in operation",
                 PyUnicode_WriteChar(L(1), 0, 'X') == -1);
    CHECK(repr_is(text, "'aXc'"));
    PyObject *hashed = S("hashed");
    CHECK(PyObject_Hash(hashed) != -1);
    CHECK_RAISES(PyExc_SystemError, "Cannot modify a string currently used",
                 PyUnicode_WriteChar(hashed, 0, 'X') == -1);
    done();
}

TEST(resize)
{
    PyObject *text = PyUnicode_FromString("abc");
    CHECK(PyUnicode_Resize(&text, 2) == 0 && shows(text, "'ab'"));
    CHECK(PyUnicode_Resize(&text, 2) == 0);
    Py_INCREF(text);
    PyObject *other = text;
    CHECK(PyUnicode_Resize(&text, 1) == 0 && text != other);
    CHECK(shows(text, "'a'") && shows(other, "'ab'"));
    Py_DECREF(other);
    CHECK(PyUnicode_Resize(&text, 0) == 0 && shows(text, "''"));
    Py_DECREF(text);
    PyObject *number = L(1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyUnicode_Resize(&number, 1) == -1);
    text = PyUnicode_FromString("abc");
    CHECK_RAISES(PyExc_SystemError, NULL, PyUnicode_Resize(&text, -1) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyUnicode_Resize(NULL, 1) == -1);
    Py_DECREF(text);
    done();
}

TEST(interning)
{
    PyObject *a = PyUnicode_InternFromString("an interned name");
    PyObject *b = PyUnicode_FromString("an interned name");
    CHECK(a != b);
    PyUnicode_InternInPlace(&b);
    CHECK(a == b);
    CHECK(keep(PyUnicode_InternFromString("an interned name")) == a);
    Py_DECREF(a);
    Py_DECREF(b);
    PyObject *number = L(1);
    PyUnicode_InternInPlace(&number);
    CHECK(number == L(1) && PyErr_Occurred() == NULL);
    CHECK_RAISES(PyExc_UnicodeDecodeError, NULL, PyUnicode_InternFromString("\xff") == NULL);
    done();
}

TEST(utf8_form)
{
#if TEST_API >= 0x030A0000
    Py_ssize_t size;
    PyObject *text = S("\u00e9x");
    const char *utf8 = PyUnicode_AsUTF8AndSize(text, &size);
    CHECK(size == 3 && strcmp(utf8, "\u00e9x") == 0);
    CHECK(PyUnicode_AsUTF8AndSize(text, NULL) == utf8);
    CHECK_RAISES(PyExc_UnicodeEncodeError,
                 "'utf-8' codec can't encode character '\\ud800' in position 0: "
                 "surrogates not allowed",
                 PyUnicode_AsUTF8AndSize(keep(PyUnicode_FromOrdinal(0xd800)), &size) == NULL);
    CHECK(size == -1);
    CHECK_RAISES(PyExc_TypeError, "bad argument type for built-in operation",
                 PyUnicode_AsUTF8AndSize(B("x"), &size) == NULL);
    done();
#else
    SKIP("needs 3.10");
#endif
}

TEST(default_encoding)
{
    CHECK(strcmp(PyUnicode_GetDefaultEncoding(), "utf-8") == 0);
    done();
}

TEST(reprs)
{
    CHECK(shows(S("it's"), "\"it's\""));
    CHECK(shows(S("'\""), "'\\'\"'"));
    CHECK(shows(S("\t\n\r\\\x01\x7f"), "'\\t\\n\\r\\\\\\x01\\x7f'"));
    CHECK(shows(S("\u00a0\u00ad\u200b"), "'\\xa0\\xad\\u200b'"));
    CHECK(shows(keep(PyUnicode_FromOrdinal(0xdc80)), "'\\udc80'"));
    CHECK(shows(keep(PyUnicode_FromOrdinal(0xe000)), "'\\ue000'"));
    CHECK(shows(keep(PyUnicode_FromOrdinal(0x378)), "'\\u0378'"));
    done();
}

TEST_MAIN(from_utf8, from_object, from_encoded_object, from_ordinal, wide_characters, ucs4,
          length_and_characters, write_char, resize, interning, utf8_form, default_encoding,
          reprs)
