/* unicodeobject.h: finding, splitting, joining and comparing text. */
#include "expect.h"

#define END PY_SSIZE_T_MAX

TEST(concat)
{
    PyObject *text = PyUnicode_FromString("ab");
    CHECK(repr_is(PyUnicode_Concat(text, S("\u20ac")), "'ab\u20ac'"));
    CHECK(is_same(PyUnicode_Concat(text, S("")), text));
    CHECK(is_same(PyUnicode_Concat(S(""), text), text));
    PyUnicode_Append(&text, S("cd"));
    CHECK(shows(text, "'abcd'"));
    PyUnicode_AppendAndDel(&text, PyUnicode_FromString("\u20ac"));
    CHECK(shows(text, "'abcd\u20ac'"));
    CHECK_RAISES(PyExc_TypeError, "can only concatenate str (not \"int\") to str",
                 PyUnicode_Concat(text, L(1)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "must be str, not int",
                 PyUnicode_Concat(L(1), text) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, (PyUnicode_Append(&text, L(1)), text == NULL));
    CHECK_RAISES(PyExc_SystemError, NULL, (PyUnicode_Append(&text, S("x")), text == NULL));
    text = PyUnicode_FromString("z");
    CHECK_RAISES(PyExc_SystemError, NULL, (PyUnicode_AppendAndDel(&text, NULL), text == NULL));
    done();
}

TEST(split)
{
    CHECK(repr_is(PyUnicode_Split(S("a,b,,c"), S(","), -1), "['a', 'b', '', 'c']"));
    CHECK(repr_is(PyUnicode_Split(S("a,b,c"), S(","), 1), "['a', 'b,c']"));
    CHECK(repr_is(PyUnicode_Split(S(" a \u2003b\n"), NULL, -1), "['a', 'b']"));
    CHECK(repr_is(PyUnicode_Split(S(" a b c"), NULL, 1), "['a', 'b c']"));
    CHECK(repr_is(PyUnicode_Split(S(""), NULL, -1), "[]"));
    CHECK(repr_is(PyUnicode_Split(S(""), S(","), -1), "['']"));
    CHECK(repr_is(PyUnicode_RSplit(S("a,b,c"), S(","), 1), "['a,b', 'c']"));
    CHECK(repr_is(PyUnicode_RSplit(S(" a b c "), NULL, 1), "[' a b', 'c']"));
    CHECK_RAISES(PyExc_ValueError, "empty separator",
                 PyUnicode_Split(S("a"), S(""), -1) == NULL);
    CHECK_RAISES(PyExc_TypeError, "must be str, not bytes",
                 PyUnicode_Split(B("a"), S(","), -1) == NULL);
    CHECK_RAISES(PyExc_TypeError, "must be str, not int",
                 PyUnicode_Split(S("a"), L(1), -1) == NULL);
    CHECK_RAISES(PyExc_TypeError, "must be str, not int",
                 PyUnicode_RSplit(S("a"), L(1), -1) == NULL);
    done();
}

TEST(lines)
{
    CHECK(repr_is(PyUnicode_Splitlines(S("a\nb\r\n\rc"), 0), "['a', 'b', '', 'c']"));
    CHECK(repr_is(PyUnicode_Splitlines(S("a\nb\r\n"), 1), "['a\\n', 'b\\r\\n']"));
    CHECK(repr_is(PyUnicode_Splitlines(S("a\u2028b\x0b\x0c\x1c\xc2\x85"), 0),
                  "['a', 'b', '', '', '']"));
    CHECK(repr_is(PyUnicode_Splitlines(S(""), 0), "[]"));
    CHECK_RAISES(PyExc_TypeError, "must be str, not int", PyUnicode_Splitlines(L(1), 0) == NULL);
    done();
}

TEST(partition)
{
    CHECK(repr_is(PyUnicode_Partition(S("a=b=c"), S("=")), "('a', '=', 'b=c')"));
    CHECK(repr_is(PyUnicode_Partition(S("abc"), S("=")), "('abc', '', '')"));
    CHECK(repr_is(PyUnicode_RPartition(S("a=b=c"), S("=")), "('a=b', '=', 'c')"));
    CHECK(repr_is(PyUnicode_RPartition(S("abc"), S("=")), "('', '', 'abc')"));
    CHECK_RAISES(PyExc_ValueError, "empty separator", PyUnicode_Partition(S("a"), S("")) == NULL);
    CHECK_RAISES(PyExc_TypeError, "must be str, not int", PyUnicode_Partition(S("a"), L(1)) == NULL);
    done();
}

TEST(join)
{
    CHECK(repr_is(PyUnicode_Join(S(", "), V("[sss]", "a", "\u20ac", "c")), "'a, \u20ac, c'"));
    CHECK(repr_is(PyUnicode_Join(S(", "), V("()")), "''"));
    CHECK(repr_is(PyUnicode_Join(NULL, V("[ss]", "a", "b")), "'a b'"));
    PyObject *only = S("only one");
    CHECK(is_same(PyUnicode_Join(S(", "), V("(O)", only)), only));
    CHECK_RAISES(PyExc_TypeError, "sequence item 1: expected str instance, int found",
                 PyUnicode_Join(S(""), V("[si]", "a", 1)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "can only join an iterable",
                 PyUnicode_Join(S(""), L(1)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "separator: expected str instance, int found",
                 PyUnicode_Join(L(1), V("[ss]", "a", "b")) == NULL);
    done();
}

/* Three parts of a size, each of letters of its own, with a separator of another size between; `kind` is added to
 * every letter: 0 leaves them in ASCII, 0x80 makes them Latin-1. */
static int joins(int size, int between, int kind)
{
    char parts[3][48], middle[48], whole[256];
    int length = 0;
    PyObject *list = PyList_New(3);
    memset(middle, '-' + kind, sizeof middle);
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < size; j++) parts[i][j] = (char)('a' + kind + (i * size + j) % 26);
        PyList_SetItem(list, i, PyUnicode_DecodeLatin1(parts[i], size, NULL));
        memcpy(whole + length, middle, (size_t)(i == 0 ? 0 : between));
        length += i == 0 ? 0 : between;
        memcpy(whole + length, parts[i], (size_t)size);
        length += size;
    }
    PyObject *separator = PyUnicode_DecodeLatin1(middle, between, NULL);
    PyObject *joined = PyUnicode_Join(separator, list);
    PyObject *expected = PyUnicode_DecodeLatin1(whole, length, NULL);
    int same = joined != NULL && PyUnicode_Compare(joined, expected) == 0;
    Py_DECREF(list);
    Py_DECREF(separator);
    Py_XDECREF(joined);
    Py_DECREF(expected);
    return same;
}

TEST(join_of_all_sizes)
{
    int right = 0;
    for (int size = 0; size < 48; size++) {
        for (int between = 0; between < 48; between++) {
            right += joins(size, between, 0) + joins(size, between, 0x80);
        }
    }
    CHECK(right == 2 * 48 * 48);
    done();
}

TEST(find)
{
    PyObject *text = S("abcabc\u20ac");
    CHECK(PyUnicode_Find(text, S("bc"), 0, END, 1) == 1);
    CHECK(PyUnicode_Find(text, S("bc"), 0, END, -1) == 4);
    CHECK(PyUnicode_Find(text, S("bc"), 2, END, 1) == 4);
    CHECK(PyUnicode_Find(text, S("bc"), -3, END, 1) == 4);
    CHECK(PyUnicode_Find(text, S("\u20ac"), 0, END, 1) == 6);
    CHECK(PyUnicode_Find(text, S("zz"), 0, END, 1) == -1 && PyErr_Occurred() == NULL);
    CHECK(PyUnicode_Find(text, S(""), 3, END, 1) == 3);
    CHECK(PyUnicode_Find(text, S(""), 9, END, 1) == -1);
    CHECK_RAISES(PyExc_TypeError, "must be str, not int", PyUnicode_Find(text, L(1), 0, 9, 1) == -2);
    CHECK_RAISES(PyExc_TypeError, "must be str, not bytes",
                 PyUnicode_Find(B("x"), text, 0, 9, 1) == -2);
    CHECK(PyUnicode_FindChar(text, 'c', 0, 7, 1) == 2);
    CHECK(PyUnicode_FindChar(text, 'c', 0, 7, -1) == 5);
    CHECK(PyUnicode_FindChar(text, 0x20ac, 0, 99, 1) == 6);
    CHECK(PyUnicode_FindChar(text, 0x1f600, 0, 7, 1) == -1);
    CHECK(PyUnicode_FindChar(text, 'a', 1, 3, 1) == -1);
    done();
}

TEST(count_and_tails)
{
    PyObject *text = S("ababa");
    CHECK(PyUnicode_Count(text, S("aba"), 0, END) == 1);
    CHECK(PyUnicode_Count(text, S("a"), 1, END) == 2);
    CHECK(PyUnicode_Count(text, S(""), 0, END) == 6);
    CHECK(PyUnicode_Count(text, S("\u20ac"), 0, END) == 0);
    CHECK(PyUnicode_Tailmatch(text, S("ab"), 0, END, -1) == 1);
    CHECK(PyUnicode_Tailmatch(text, S("ba"), 0, END, 1) == 1);
    CHECK(PyUnicode_Tailmatch(text, S("ba"), 1, END, -1) == 1);
    CHECK(PyUnicode_Tailmatch(text, S("ba"), 0, 4, 1) == 0);
    CHECK(PyUnicode_Tailmatch(text, S(""), 0, END, 1) == 1);
    CHECK_RAISES(PyExc_TypeError, "must be str, not int",
                 PyUnicode_Count(text, L(1), 0, END) == -1);
    CHECK_RAISES(PyExc_TypeError, "must be str, not int",
                 PyUnicode_Tailmatch(L(1), text, 0, END, 1) == -1);
    done();
}

TEST(replace)
{
    PyObject *text = S("abcabc");
    CHECK(repr_is(PyUnicode_Replace(text, S("b"), S("\u20ac"), -1), "'a\u20acca\u20acc'"));
    CHECK(repr_is(PyUnicode_Replace(text, S("bc"), S(""), 1), "'aabc'"));
    CHECK(repr_is(PyUnicode_Replace(S("ab"), S(""), S("-"), -1), "'-a-b-'"));
    CHECK(is_same(PyUnicode_Replace(text, S("z"), S("y"), -1), text));
    CHECK(is_same(PyUnicode_Replace(text, S("a"), S("y"), 0), text));
    CHECK_RAISES(PyExc_TypeError, "must be str, not int",
                 PyUnicode_Replace(text, L(1), S(""), -1) == NULL);
    done();
}

TEST(contains)
{
    CHECK(PyUnicode_Contains(S("abc"), S("bc")) == 1 && PyUnicode_Contains(S("abc"), S("")) == 1);
    CHECK(PyUnicode_Contains(S("abc"), S("\u20ac")) == 0);
    CHECK_RAISES(PyExc_TypeError, "'in <string>' requires string as left operand, not int",
                 PyUnicode_Contains(S("abc"), L(1)) == -1);
    CHECK_RAISES(PyExc_TypeError, "must be str, not list",
                 PyUnicode_Contains(V("[]"), S("a")) == -1);
    done();
}

TEST(compare)
{
    CHECK(PyUnicode_Compare(S("a"), S("b")) == -1 && PyUnicode_Compare(S("b"), S("a")) == 1);
    CHECK(PyUnicode_Compare(S("a"), S("a")) == 0 && PyUnicode_Compare(S("a"), S("aa")) == -1);
    CHECK(PyUnicode_Compare(S("\uffff"), S("\U0001f600")) == -1);
    CHECK_RAISES(PyExc_TypeError, "Can't compare str and int",
                 PyUnicode_Compare(S("a"), L(1)) == -1);
    CHECK(PyUnicode_CompareWithASCIIString(S("abc"), "abc") == 0);
    CHECK(PyUnicode_CompareWithASCIIString(S("abc"), "abd") == -1);
    CHECK(PyUnicode_CompareWithASCIIString(S("abc"), "ab") == 1);
    CHECK(PyUnicode_CompareWithASCIIString(S("ab"), "abc") == -1);
    CHECK(PyUnicode_CompareWithASCIIString(S("\u00e9"), "\xe9") == 0);
    CHECK(PyUnicode_CompareWithASCIIString(S("\u20ac"), "z") == 1);
    CHECK(PyUnicode_CompareWithASCIIString(keep(PyUnicode_FromStringAndSize("a\0", 2)), "a") == 1);
    CHECK(is_same(PyUnicode_RichCompare(S("a"), S("b"), Py_LT), Py_True));
    CHECK(is_same(PyUnicode_RichCompare(S("a"), S("b"), Py_GE), Py_False));
    CHECK(is_same(PyUnicode_RichCompare(S("ab"), S("ab"), Py_EQ), Py_True));
    CHECK(is_same(PyUnicode_RichCompare(S("a"), L(1), Py_EQ), Py_NotImplemented));
    done();
}

TEST(equal)
{
#if TEST_API >= 0x030E0000
    CHECK(PyUnicode_EqualToUTF8(S("\u20ac"), "\u20ac") == 1);
    CHECK(PyUnicode_EqualToUTF8(S("\u20ac"), "x") == 0);
    CHECK(PyUnicode_EqualToUTF8(S("a"), "\xff") == 0);
    CHECK(PyUnicode_EqualToUTF8AndSize(keep(PyUnicode_FromStringAndSize("a\0b", 3)), "a\0b", 3)
          == 1);
    CHECK(PyUnicode_EqualToUTF8AndSize(S("ab"), "abc", 3) == 0);
    CHECK(PyUnicode_EqualToUTF8(keep(PyUnicode_FromOrdinal(0xd800)), "\xed\xa0\x80") == 0);
    CHECK(PyUnicode_Equal(S("ab"), S("ab")) == 1 && PyUnicode_Equal(S("ab"), S("ac")) == 0);
    CHECK_RAISES(PyExc_TypeError, "first argument must be str, not int",
                 PyUnicode_Equal(L(1), S("")) == -1);
    CHECK_RAISES(PyExc_TypeError, "second argument must be str, not int",
                 PyUnicode_Equal(S(""), L(1)) == -1);
    done();
#else
    SKIP("needs 3.14");
#endif
}

TEST(identifiers)
{
    CHECK(PyUnicode_IsIdentifier(S("_a1")) == 1 && PyUnicode_IsIdentifier(S("\u00e9t\u00e9")) == 1);
    CHECK(PyUnicode_IsIdentifier(S("1a")) == 0 && PyUnicode_IsIdentifier(S("")) == 0);
    CHECK(PyUnicode_IsIdentifier(S("a b")) == 0 && PyUnicode_IsIdentifier(S("\u20ac")) == 0);
    CHECK(PyUnicode_IsIdentifier(S("class")) == 1);
    done();
}

TEST(translate)
{
    PyObject *table = V("{isiOii}", 'a', "xyz", 'b', Py_None, 'c', 0x20ac);
    CHECK(repr_is(PyUnicode_Translate(S("abcd"), table, "ignore"), "'xyz\u20acd'"));
    CHECK(repr_is(PyUnicode_Translate(S("ddd"), table, NULL), "'ddd'"));
    CHECK_RAISES(PyExc_UnicodeTranslateError,
                 "can't translate character '\\x62' in position 0: character maps to <undefined>",
                 PyUnicode_Translate(S("b"), table, NULL) == NULL);
    CHECK_RAISES(PyExc_TypeError, "character mapping must return integer, None or str",
                 PyUnicode_Translate(S("a"), V("{i()}", 'a'), NULL) == NULL);
    CHECK_RAISES(PyExc_ValueError, "character mapping must be in range(0x110000)",
                 PyUnicode_Translate(S("a"), V("{ii}", 'a', 0x110000), NULL) == NULL);
    CHECK_RAISES(PyExc_TypeError, "'int' object is not subscriptable",
                 PyUnicode_Translate(S("a"), L(1), NULL) == NULL);
    done();
}

TEST(percent_format)
{
    CHECK(repr_is(PyUnicode_Format(S("%s|%r|%d|%5.2f|%x|%%|%c"),
                                   V("(ssidii)", "a", "b", 3, 2.5, 255, 'z')),
                  "\"a|'b'|3| 2.50|ff|%|z\""));
    CHECK(repr_is(PyUnicode_Format(S("%(k)s-%(n)03d"), V("{sssi}", "k", "v", "n", 7)), "'v-007'"));
    CHECK(repr_is(PyUnicode_Format(S("%s"), L(5)), "'5'"));
    CHECK(repr_is(PyUnicode_Format(S("%-5s|%+d|% d|%#x|%o"), V("(siiii)", "a", 1, 2, 255, 8)),
                  "'a    |+1| 2|0xff|10'"));
    CHECK_RAISES(PyExc_TypeError, "not enough arguments for format string (got 1)",
                 PyUnicode_Format(S("%s%s"), V("(i)", 1)) == NULL);
    CHECK_RAISES(PyExc_TypeError,
                 "not all arguments converted during string formatting (required 0, got 1)",
                 PyUnicode_Format(S("x"), V("(i)", 1)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "format argument: %d requires a real number, not str",
                 PyUnicode_Format(S("%d"), S("x")) == NULL);
    CHECK_RAISES(PyExc_ValueError, "unsupported format %q at position 0",
                 PyUnicode_Format(S("%q"), L(1)) == NULL);
    CHECK_RAISES(PyExc_ValueError, "stray % at position 0",
                 PyUnicode_Format(S("%"), L(1)) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyUnicode_Format(NULL, L(1)) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyUnicode_Format(S(""), NULL) == NULL);
    CHECK_RAISES(PyExc_TypeError, "must be str, not int", PyUnicode_Format(L(1), L(1)) == NULL);
    done();
}

TEST(encoding_map)
{
    char table[256];
    for (int i = 0; i < 256; i++) {
        table[i] = (char)(255 - i);
    }
    PyObject *text = keep(PyUnicode_DecodeLatin1(table, 256, NULL));
    PyObject *map = keep(PyUnicode_BuildEncodingMap(text));
    CHECK(repr_is(PyUnicode_AsCharmapString(S("\xc3\xbe\x01"), map), "b'\\x01\\xfe'"));
    done();
}

TEST_MAIN(concat, split, lines, partition, join, join_of_all_sizes, find, count_and_tails, replace,
          contains, compare, equal, identifiers, translate, percent_format, encoding_map)
