/* unicodeobject.h: from bytes to text and back. */
#include "expect.h"

static PyObject *surrogate(void)
{
    return keep(PyUnicode_FromOrdinal(0xdcff));
}

TEST(utf8)
{
    Py_ssize_t eaten = -1;
    CHECK(repr_is(PyUnicode_DecodeUTF8("\xc3\xa9", 2, NULL), "'\u00e9'"));
    CHECK(repr_is(PyUnicode_DecodeUTF8("a\xff\xc3", 3, "replace"), "'a\ufffd\ufffd'"));
    CHECK(repr_is(PyUnicode_DecodeUTF8("a\xff", 2, "ignore"), "'a'"));
    CHECK(repr_is(PyUnicode_DecodeUTF8("a\xff", 2, "surrogateescape"), "'a\\udcff'"));
    CHECK(repr_is(PyUnicode_DecodeUTF8("a\xff", 2, "backslashreplace"), "'a\\\\xff'"));
    CHECK(repr_is(PyUnicode_DecodeUTF8("\xed\xa0\x80", 3, "surrogatepass"), "'\\ud800'"));
    CHECK(repr_is(PyUnicode_DecodeUTF8Stateful("a\xe2\x82", 3, NULL, &eaten), "'a'"));
    CHECK(eaten == 1);
    CHECK_RAISES(PyExc_UnicodeDecodeError,
                 "'utf-8' codec can't decode bytes in position 1-2: unexpected end of data",
                 PyUnicode_DecodeUTF8("a\xe2\x82", 3, NULL) == NULL);
    CHECK_RAISES(PyExc_UnicodeDecodeError,
                 "'utf-8' codec can't decode byte 0xc0 in position 0: invalid start byte",
                 PyUnicode_DecodeUTF8("\xc0\x80", 2, NULL) == NULL);
    CHECK_RAISES(PyExc_UnicodeDecodeError,
                 "'utf-8' codec can't decode byte 0xed in position 0: "
                 "invalid continuation byte",
                 PyUnicode_DecodeUTF8("\xed\xa0\x80", 3, NULL) == NULL);
    CHECK_RAISES(PyExc_LookupError, "unknown error handler name 'what'",
                 PyUnicode_DecodeUTF8("\xff", 1, "what") == NULL);
    CHECK(repr_is(PyUnicode_AsUTF8String(S("\u20ac")), "b'\\xe2\\x82\\xac'"));
    CHECK_RAISES(PyExc_UnicodeEncodeError,
                 "'utf-8' codec can't encode character '\\udcff' in position 0: "
                 "surrogates not allowed",
                 PyUnicode_AsUTF8String(surrogate()) == NULL);
    CHECK_RAISES(PyExc_TypeError, "bad argument type for built-in operation",
                 PyUnicode_AsUTF8String(B("x")) == NULL);
    done();
}

TEST(latin1_and_ascii)
{
    CHECK(repr_is(PyUnicode_DecodeLatin1("a\xff", 2, NULL), "'a\u00ff'"));
    CHECK(repr_is(PyUnicode_AsLatin1String(S("a\u00ff")), "b'a\\xff'"));
    CHECK_RAISES(PyExc_UnicodeEncodeError,
                 "'latin-1' codec can't encode characters in position 1-2: "
                 "ordinal not in range(256)",
                 PyUnicode_AsLatin1String(S("a\u20ac\u20ac")) == NULL);
    CHECK(repr_is(PyUnicode_DecodeASCII("abc", 3, NULL), "'abc'"));
    CHECK(repr_is(PyUnicode_DecodeASCII("a\x80", 2, "replace"), "'a\ufffd'"));
    CHECK_RAISES(PyExc_UnicodeDecodeError,
                 "'ascii' codec can't decode byte 0x80 in position 1: "
                 "ordinal not in range(128)",
                 PyUnicode_DecodeASCII("a\x80", 2, NULL) == NULL);
    CHECK(repr_is(PyUnicode_AsASCIIString(S("abc")), "b'abc'"));
    CHECK_RAISES(PyExc_UnicodeEncodeError,
                 "'ascii' codec can't encode character '\\xe9' in position 0: "
                 "ordinal not in range(128)",
                 PyUnicode_AsASCIIString(S("\u00e9")) == NULL);
    CHECK_RAISES(PyExc_TypeError, "bad argument type for built-in operation",
                 PyUnicode_AsASCIIString(L(1)) == NULL);
    done();
}

TEST(utf16)
{
    int order = 0;
    Py_ssize_t eaten;
    CHECK(repr_is(PyUnicode_DecodeUTF16("\xff\xfe" "a\0", 4, NULL, &order), "'a'"));
    CHECK(order == -1);
    order = 0;
    CHECK(repr_is(PyUnicode_DecodeUTF16("\xfe\xff\0a", 4, NULL, &order), "'a'"));
    CHECK(order == 1);
    CHECK(repr_is(PyUnicode_DecodeUTF16("\0a\xd8\x3d\xde\0", 6, NULL, &order),
                  "'a\U0001f600'"));
    order = -1;
    CHECK(repr_is(PyUnicode_DecodeUTF16Stateful("a\0\x3d\xd8", 4, NULL, &order, &eaten), "'a'"));
    CHECK(eaten == 2);
    CHECK_RAISES(PyExc_UnicodeDecodeError,
                 "'utf-16-le' codec can't decode byte 0x61 in position 0: truncated data",
                 PyUnicode_DecodeUTF16("a", 1, NULL, &order) == NULL);
    CHECK_RAISES(PyExc_UnicodeDecodeError,
                 "'utf-16-le' codec can't decode bytes in position 0-1: illegal encoding",
                 PyUnicode_DecodeUTF16("\0\xdc", 2, NULL, &order) == NULL);
    CHECK(repr_is(PyUnicode_AsUTF16String(S("a\U0001f600")),
                  "b'\\xff\\xfea\\x00=\\xd8\\x00\\xde'"));
    CHECK_RAISES(PyExc_UnicodeEncodeError,
                 "'utf-16' codec can't encode character '\\udcff' in position 0: "
                 "surrogates not allowed",
                 PyUnicode_AsUTF16String(surrogate()) == NULL);
    done();
}

TEST(utf32)
{
    int order = -1;
    Py_ssize_t eaten;
    CHECK(repr_is(PyUnicode_DecodeUTF32("\0\xf6\x01\0", 4, NULL, &order), "'\U0001f600'"));
    CHECK(repr_is(PyUnicode_DecodeUTF32Stateful("a\0\0\0b\0", 6, NULL, &order, &eaten), "'a'"));
    CHECK(eaten == 4);
    CHECK(repr_is(PyUnicode_AsUTF32String(S("a")), "b'\\xff\\xfe\\x00\\x00a\\x00\\x00\\x00'"));
    CHECK_RAISES(PyExc_UnicodeDecodeError,
                 "'utf-32-le' codec can't decode bytes in position 0-3: "
                 "code point not in range(0x110000)",
                 PyUnicode_DecodeUTF32("\0\0\x11\0", 4, NULL, &order) == NULL);
    CHECK_RAISES(PyExc_UnicodeDecodeError,
                 "'utf-32-le' codec can't decode bytes in position 0-3: "
                 "code point in surrogate code point range(0xd800, 0xe000)",
                 PyUnicode_DecodeUTF32("\0\xd8\0\0", 4, NULL, &order) == NULL);
    done();
}

TEST(escapes)
{
    CHECK(repr_is(PyUnicode_DecodeUnicodeEscape("a\\n\\x41\\u20ac\\U0001f600\\101", 27, NULL),
                  "'a\\nA\u20ac\U0001f600A'"));
    CHECK_RAISES(PyExc_UnicodeDecodeError,
                 "'unicodeescape' codec can't decode bytes in position 0-3: "
                 "truncated \\uXXXX escape",
                 PyUnicode_DecodeUnicodeEscape("\\u12", 4, NULL) == NULL);
    CHECK_RAISES(PyExc_UnicodeDecodeError,
                 "'unicodeescape' codec can't decode byte 0x5c in position 0: \\ at end of string",
                 PyUnicode_DecodeUnicodeEscape("\\", 1, NULL) == NULL);
    CHECK(repr_is(PyUnicode_AsUnicodeEscapeString(S("a\n\u00e9\u20ac\U0001f600\\")),
                  "b'a\\\\n\\\\xe9\\\\u20ac\\\\U0001f600\\\\\\\\'"));
    CHECK(repr_is(PyUnicode_DecodeRawUnicodeEscape("\\n\\u20ac", 8, NULL), "'\\\\n\u20ac'"));
    CHECK(repr_is(PyUnicode_AsRawUnicodeEscapeString(S("\n\u00e9\u20ac")),
                  "b'\\n\\xe9\\\\u20ac'"));
    CHECK_RAISES(PyExc_UnicodeDecodeError,
                 "'rawunicodeescape' codec can't decode bytes in position 0-2: "
                 "truncated \\uXXXX escape",
                 PyUnicode_DecodeRawUnicodeEscape("\\u1", 3, NULL) == NULL);
    done();
}

TEST(charmap)
{
    PyObject *mapping = V("{isisiOii}", 'a', "xyz", 'b', "", 'c', Py_None, 'd', 0x20ac);
    CHECK(repr_is(PyUnicode_DecodeCharmap("abd", 3, mapping, NULL), "'xyz\u20ac'"));
    CHECK(repr_is(PyUnicode_DecodeCharmap("a\xff", 2, NULL, NULL), "'a\u00ff'"));
    CHECK_RAISES(PyExc_UnicodeDecodeError,
                 "'charmap' codec can't decode byte 0x63 in position 1: "
                 "character maps to <undefined>",
                 PyUnicode_DecodeCharmap("ac", 2, mapping, NULL) == NULL);
    CHECK_RAISES(PyExc_UnicodeDecodeError,
                 "'charmap' codec can't decode byte 0x7a in position 0: "
                 "character maps to <undefined>",
                 PyUnicode_DecodeCharmap("z", 1, mapping, NULL) == NULL);
    CHECK(repr_is(PyUnicode_DecodeCharmap("az", 2, mapping, "replace"), "'xyz\ufffd'"));
    CHECK(repr_is(PyUnicode_DecodeCharmap("\1\0", 2, S("AB"), NULL), "'BA'"));
    PyObject *back = V("{iyii}", 'a', "xy", 'b', 66);
    CHECK(repr_is(PyUnicode_AsCharmapString(S("ab"), back), "b'xyB'"));
    CHECK_RAISES(PyExc_UnicodeEncodeError,
                 "'charmap' codec can't encode character '\\x63' in position 0: "
                 "character maps to <undefined>",
                 PyUnicode_AsCharmapString(S("c"), back) == NULL);
    CHECK_RAISES(PyExc_TypeError, "bad argument type for built-in operation",
                 PyUnicode_AsCharmapString(B("c"), back) == NULL);
    PyObject *all = keep(PyUnicode_DecodeLatin1("abc", 3, NULL));
    CHECK(PyUnicode_Check(all));
    done();
}

TEST(by_name)
{
    CHECK(repr_is(PyUnicode_Decode("a\xe9", 2, "ISO-8859-1", NULL), "'a\u00e9'"));
    CHECK(repr_is(PyUnicode_Decode("abc", 3, NULL, NULL), "'abc'"));
    CHECK(repr_is(PyUnicode_Decode("a\0", 2, "utf-16-le", NULL), "'a'"));
    CHECK(repr_is(PyUnicode_Decode("abc", 3, "US-ASCII", NULL), "'abc'"));
    CHECK_RAISES(PyExc_LookupError, "unknown encoding: no-such",
                 PyUnicode_Decode("abc", 3, "no-such", NULL) == NULL);
    CHECK(repr_is(PyUnicode_AsEncodedString(S("\u20ac"), "utf_8", NULL), "b'\\xe2\\x82\\xac'"));
    CHECK(repr_is(PyUnicode_AsEncodedString(S("\u20acx"), "ascii", "replace"), "b'?x'"));
    CHECK(repr_is(PyUnicode_AsEncodedString(S("\u20acx"), "ascii", "xmlcharrefreplace"),
                  "b'&#8364;x'"));
    CHECK(repr_is(PyUnicode_AsEncodedString(S("\u20acx"), "latin-1", "backslashreplace"),
                  "b'\\\\u20acx'"));
    CHECK(repr_is(PyUnicode_AsEncodedString(S("\u20acx"), "ascii", "namereplace"),
                  "b'\\\\N{EURO SIGN}x'"));
    CHECK(repr_is(PyUnicode_AsEncodedString(surrogate(), "utf-8", "surrogateescape"),
                  "b'\\xff'"));
    CHECK(repr_is(PyUnicode_AsEncodedString(surrogate(), "utf-8", "surrogatepass"),
                  "b'\\xed\\xb3\\xbf'"));
    CHECK_RAISES(PyExc_LookupError, "unknown encoding: no-such",
                 PyUnicode_AsEncodedString(S("x"), "no-such", NULL) == NULL);
    CHECK_RAISES(PyExc_TypeError, "bad argument type for built-in operation",
                 PyUnicode_AsEncodedString(L(1), "utf-8", NULL) == NULL);
    done();
}

TEST(file_names)
{
    PyObject *out = NULL;
    CHECK(repr_is(PyUnicode_DecodeFSDefault("a\xff"), "'a\\udcff'"));
    CHECK(repr_is(PyUnicode_DecodeFSDefaultAndSize("a\xff" "b", 2), "'a\\udcff'"));
    CHECK(repr_is(PyUnicode_EncodeFSDefault(keep(PyUnicode_DecodeFSDefault("a\xff"))),
                  "b'a\\xff'"));
    CHECK(PyUnicode_FSConverter(S("name"), &out) == Py_CLEANUP_SUPPORTED);
    CHECK(repr_is(out, "b'name'"));
    CHECK(PyUnicode_FSConverter(B("name"), &out) == Py_CLEANUP_SUPPORTED);
    CHECK(PyUnicode_FSConverter(NULL, &out) == 1 && out == NULL);
    CHECK(PyUnicode_FSDecoder(B("name"), &out) == Py_CLEANUP_SUPPORTED);
    CHECK(repr_is(out, "'name'"));
    CHECK(PyUnicode_FSDecoder(S("name"), &out) == Py_CLEANUP_SUPPORTED);
    CHECK(PyUnicode_FSDecoder(NULL, &out) == 1 && out == NULL);
    CHECK_RAISES(PyExc_TypeError, "expected str, bytes or os.PathLike object, not int",
                 PyUnicode_FSConverter(L(1), &out) == 0);
    CHECK_RAISES(PyExc_ValueError, "embedded null byte",
                 PyUnicode_FSConverter(keep(PyUnicode_FromStringAndSize("a\0b", 3)), &out) == 0);
    CHECK_RAISES(PyExc_ValueError, "embedded null character",
                 PyUnicode_FSDecoder(keep(PyUnicode_FromStringAndSize("a\0b", 3)), &out) == 0);
    done();
}

TEST(locale)
{
    CHECK(repr_is(PyUnicode_DecodeLocale("abc", NULL), "'abc'"));
    CHECK(repr_is(PyUnicode_DecodeLocaleAndSize("abc", 3, "surrogateescape"), "'abc'"));
    CHECK(repr_is(PyUnicode_EncodeLocale(S("abc"), NULL), "b'abc'"));
    CHECK_RAISES(PyExc_ValueError, "embedded null byte",
                 PyUnicode_DecodeLocaleAndSize("a\0b", 3, NULL) == NULL);
    CHECK_RAISES(PyExc_ValueError, "unsupported error handler",
                 PyUnicode_DecodeLocale("abc", "replace") == NULL);
    CHECK_RAISES(PyExc_ValueError, "embedded null character",
                 PyUnicode_EncodeLocale(keep(PyUnicode_FromStringAndSize("a\0b", 3)), NULL)
                     == NULL);
    done();
}

TEST(names_as_a_handler)
{
    PyObject *text = S("a\u20ac\u00e9");
    PyObject *handler = keep(PyCodec_LookupError("namereplace"));
    PyObject *encode = keep(PyObject_CallFunction(PyExc_UnicodeEncodeError, "sOnns", "ascii", text,
                                                  (Py_ssize_t)1, (Py_ssize_t)3, "none such"));
    PyObject *decode = keep(PyObject_CallFunction(PyExc_UnicodeDecodeError, "sOnns", "ascii",
                                                  B("\xff"), (Py_ssize_t)0, (Py_ssize_t)1, "no"));
    const char *named = "('\\\\N{EURO SIGN}\\\\N{LATIN SMALL LETTER E WITH ACUTE}', 3)";
    CHECK(repr_is(PyCodec_NameReplaceErrors(encode), named));
    CHECK(repr_is(PyObject_CallFunctionObjArgs(handler, encode, NULL), named));
    CHECK_RAISES(PyExc_TypeError,
                 "don't know how to handle UnicodeDecodeError in error callback",
                 PyCodec_NameReplaceErrors(decode) == NULL);
    CHECK(repr_is(PyUnicode_DecodeUnicodeEscape("\\N{SNOWMAN}", 11, NULL), "'\u2603'"));
    CHECK_RAISES(PyExc_UnicodeDecodeError, NULL,
                 PyUnicode_DecodeUnicodeEscape("\\N{NONE SUCH}", 13, NULL) == NULL);
    done();
}

TEST_MAIN(utf8, latin1_and_ascii, utf16, utf32, escapes, charmap, by_name, file_names,
          locale, names_as_a_handler)
