/* modsupport.h: PyArg_Parse and PyArg_ParseTuple, every format unit. */
#include "expect.h"

#include <limits.h>
#include <stdarg.h>

#define TOO_LARGE "Python int too large to convert to C "

static PyObject *big(void)
{
    return keep(PyNumber_Lshift(L(1), L(100)));
}

TEST(signed_integers)
{
    short h = 0;
    int i = 0;
    long l = 0;
    long long q = 0;
    Py_ssize_t n = 0;
    CHECK(PyArg_ParseTuple(V("(iiiii)", -1, -2, -3, -4, -5), "hilLn", &h, &i, &l, &q, &n));
    CHECK(h == -1 && i == -2 && l == -3 && q == -4 && n == -5);
    CHECK_RAISES(PyExc_OverflowError, "signed short integer is greater than maximum",
                 !PyArg_Parse(L(32768), "h", &h));
    CHECK_RAISES(PyExc_OverflowError, "signed short integer is less than minimum",
                 !PyArg_Parse(L(-32769), "h", &h));
    CHECK_RAISES(PyExc_OverflowError, "signed integer is greater than maximum",
                 !PyArg_Parse(L(INT_MAX + 1LL), "i", &i));
    CHECK_RAISES(PyExc_OverflowError, "signed integer is less than minimum",
                 !PyArg_Parse(L(INT_MIN - 1LL), "i", &i));
    CHECK_RAISES(PyExc_OverflowError, TOO_LARGE "long", !PyArg_Parse(big(), "l", &l));
    CHECK_RAISES(PyExc_OverflowError, "int too big to convert", !PyArg_Parse(big(), "L", &q));
    CHECK_RAISES(PyExc_OverflowError, TOO_LARGE "ssize_t", !PyArg_Parse(big(), "n", &n));
    CHECK_RAISES(PyExc_TypeError, "'str' object cannot be interpreted as an integer",
                 !PyArg_Parse(S("x"), "i", &i));
    CHECK_RAISES(PyExc_TypeError, "'float' object cannot be interpreted as an integer",
                 !PyArg_Parse(F(1), "l", &l));
    CHECK_RAISES(PyExc_TypeError, "'float' object cannot be interpreted as an integer",
                 !PyArg_Parse(F(1), "n", &n));
    done();
}

TEST(unsigned_integers)
{
    unsigned char b = 0, B = 0;
    unsigned short H = 0;
    unsigned int I = 0;
    unsigned long k = 0;
    unsigned long long K = 0;
    CHECK(PyArg_ParseTuple(V("(iiiiii)", 255, 256 + 1, 65536 + 2, 3, 4, 5), "bBHIkK", &b, &B, &H,
                           &I, &k, &K));
    CHECK(b == 255 && B == 1 && H == 2 && I == 3 && k == 4 && K == 5);
    CHECK(PyArg_ParseTuple(V("(iiiii)", -1, -1, -1, -1, -1), "BHIkK", &B, &H, &I, &k, &K));
    CHECK(B == 255 && H == 65535 && I == UINT_MAX && k == ULONG_MAX && K == ULLONG_MAX);
    CHECK_RAISES(PyExc_OverflowError, "unsigned byte integer is greater than maximum",
                 !PyArg_Parse(L(256), "b", &b));
    CHECK_RAISES(PyExc_OverflowError, "unsigned byte integer is less than minimum",
                 !PyArg_Parse(L(-1), "b", &b));
    CHECK(PyArg_Parse(big(), "K", &K) && K == 0);
    CHECK_RAISES(PyExc_TypeError, "'float' object cannot be interpreted as an integer",
                 !PyArg_Parse(F(1), "I", &I));
    CHECK_RAISES(PyExc_TypeError, "argument must be int, not float", !PyArg_Parse(F(1), "k", &k));
    CHECK_RAISES(PyExc_TypeError, "argument must be int, not float", !PyArg_Parse(F(1), "K", &K));
    done();
}

static PyObject *forty_two(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    return PyLong_FromLong(42);
}

static PyMethodDef index_def = {"__index__", forty_two, METH_VARARGS, NULL};

TEST(by_index)
{
    int i = 0;
    unsigned int I = 0;
    unsigned long k = 0;
    unsigned long long K = 0;
    PyObject *index = instance_with(&index_def);
    CHECK(PyArg_Parse(index, "i", &i) && i == 42 && PyArg_Parse(index, "I", &I) && I == 42);
    NEEDS(0x030E0000);
    CHECK(PyArg_Parse(index, "k", &k) && k == 42 && PyArg_Parse(index, "K", &K) && K == 42);
    done();
}

TEST(floats)
{
    float f = 0;
    double d = 0;
    CHECK(PyArg_ParseTuple(V("(di)", 1.5, 2), "fd", &f, &d) && f == 1.5f && d == 2.0);
    CHECK_RAISES(PyExc_TypeError, "must be real number, not str", !PyArg_Parse(S("1"), "d", &d));
    CHECK_RAISES(PyExc_TypeError, "must be real number, not str", !PyArg_Parse(S("1"), "f", &f));
    PyObject *ty = new_class("a_class_whose_name_is_longer_than_forty_nine_bytes\u00e9", (PyObject *)&PyBaseObject_Type);
    CHECK_RAISES(PyExc_TypeError, "must be real number, not a_class_whose_name_is_longer_than_forty_nine_bytes",
                 !PyArg_Parse(keep(PyObject_CallObject(ty, NULL)), "d", &d));
    done();
}

TEST(characters_and_truth)
{
    char c = 0;
    int C = 0, p = -1, q = -1;
    CHECK(PyArg_ParseTuple(V("(yssi)", "x", "\U0001f600", "", 5), "cCpp", &c, &C, &p, &q));
    CHECK(c == 'x' && C == 0x1f600 && p == 0 && q == 1);
    CHECK_RAISES(PyExc_TypeError, "argument must be a byte string of length 1, not str",
                 !PyArg_Parse(S("x"), "c", &c));
    CHECK_RAISES(PyExc_TypeError, "argument must be a byte string of length 1, not a bytes object of length 2",
                 !PyArg_Parse(B("xy"), "c", &c));
    CHECK_RAISES(PyExc_TypeError, "argument must be a unicode character, not bytes",
                 !PyArg_Parse(B("x"), "C", &C));
    CHECK_RAISES(PyExc_TypeError,
                 "argument must be a unicode character, not a string of length 2",
                 !PyArg_Parse(S("xy"), "C", &C));
    CHECK_RAISES(PyExc_TypeError, "NotImplemented should not be used in a boolean context",
                 !PyArg_Parse(Py_NotImplemented, "p", &p));
    done();
}

TEST(texts)
{
    const char *s = NULL, *z = NULL;
    Py_ssize_t n = 0;
    PyObject *null_inside = keep(PyUnicode_FromStringAndSize("a\0b", 3));
    CHECK(PyArg_ParseTuple(V("(sO)", "\u20ac", Py_None), "sz", &s, &z));
    CHECK(strcmp(s, "\u20ac") == 0 && z == NULL);
    CHECK(PyArg_Parse(null_inside, "s#", &s, &n) && n == 3 && memcmp(s, "a\0b", 4) == 0);
    CHECK(PyArg_Parse(B("xy"), "s#", &s, &n) && n == 2 && memcmp(s, "xy", 2) == 0);
    CHECK(PyArg_Parse(Py_None, "z#", &z, &n) && z == NULL && n == 0);
    CHECK_RAISES(PyExc_ValueError, "embedded null character", !PyArg_Parse(null_inside, "s", &s));
    CHECK_RAISES(PyExc_TypeError, "argument must be str, not bytes", !PyArg_Parse(B("x"), "s", &s));
    CHECK_RAISES(PyExc_TypeError, "argument must be str, not None", !PyArg_Parse(Py_None, "s", &s));
    CHECK_RAISES(PyExc_TypeError, "argument must be str or None, not int", !PyArg_Parse(L(1), "z", &z));
    CHECK_RAISES(PyExc_TypeError, "a bytes-like object is required, not 'int'",
                 !PyArg_Parse(L(1), "s#", &s, &n));
    CHECK_RAISES(PyExc_UnicodeEncodeError, NULL,
                 !PyArg_Parse(keep(PyUnicode_FromOrdinal(0xd800)), "s", &s));
    done();
}

TEST(byte_strings)
{
    const char *y = NULL;
    Py_ssize_t n = 0;
    CHECK(PyArg_Parse(B("ab"), "y", &y) && strcmp(y, "ab") == 0);
    CHECK(PyArg_Parse(keep(PyBytes_FromStringAndSize("a\0b", 3)), "y#", &y, &n) && n == 3);
    CHECK_RAISES(PyExc_ValueError, "embedded null byte",
                 !PyArg_Parse(keep(PyBytes_FromStringAndSize("a\0b", 3)), "y", &y));
    CHECK_RAISES(PyExc_TypeError, "a bytes-like object is required, not 'str'",
                 !PyArg_Parse(S("x"), "y", &y));
    CHECK_RAISES(PyExc_TypeError, "a bytes-like object is required, not 'int'",
                 !PyArg_Parse(L(1), "y#", &y, &n));
    /* What is refused leaves NULL behind, and what has a zero in it is there all the same. */
    y = "before";
    CHECK_RAISES(PyExc_TypeError, NULL, !PyArg_Parse(L(1), "y", &y));
    CHECK(y == NULL);
    CHECK_RAISES(PyExc_ValueError, NULL, !PyArg_Parse(keep(PyBytes_FromStringAndSize("a\0b", 3)), "y", &y));
    CHECK(y != NULL && strcmp(y, "a") == 0);
    CHECK_RAISES(PyExc_TypeError, NULL, !PyArg_Parse(L(1), "s#", &y, &n));
    CHECK(y == NULL);
    done();
}

TEST(buffers)
{
#if TEST_API >= 0x030B0000
    Py_buffer s, z, y;
    CHECK(PyArg_ParseTuple(V("(sOy)", "\u20ac", Py_None, "by"), "s*z*y*", &s, &z, &y));
    CHECK(s.len == 3 && z.buf == NULL && z.len == 0 && y.len == 2 && memcmp(y.buf, "by", 2) == 0);
    PyBuffer_Release(&s);
    PyBuffer_Release(&z);
    PyBuffer_Release(&y);
    CHECK_RAISES(PyExc_TypeError, "a bytes-like object is required, not 'str'",
                 !PyArg_Parse(S("x"), "y*", &y));
    CHECK_RAISES(PyExc_TypeError, "argument must be read-write bytes-like object, not bytes",
                 !PyArg_Parse(B("x"), "w*", &y));
    /* The first view is given back when the second fails. */
    PyObject *bytes = keep(PyBytes_FromString("some bytes"));
    Py_ssize_t before = Py_REFCNT(bytes);
    PyObject *args = keep(PyTuple_Pack(2, bytes, Py_None));
    CHECK_RAISES(PyExc_TypeError, NULL, !PyArg_ParseTuple(args, "y*y*", &s, &y));
    CHECK(Py_REFCNT(bytes) == before + 1);
    /* A view that a memoryview refuses refers to nothing. */
    y.obj = Py_None;
    CHECK_RAISES(PyExc_TypeError, "argument must be read-write bytes-like object, not memoryview",
                 !PyArg_Parse(keep(PyMemoryView_FromObject(bytes)), "w*", &y));
    CHECK(y.obj == NULL);
    done();
#else
    SKIP("needs 3.11");
#endif
}

TEST(encoded)
{
    char *e = NULL, room[4];
    char *in_room = room;
    Py_ssize_t n = 0;
    CHECK(PyArg_Parse(S("\u00e9"), "es", "latin-1", &e) && strcmp(e, "\xe9") == 0);
    PyMem_Free(e);
    e = NULL;
    CHECK(PyArg_Parse(S("\u00e9"), "es", NULL, &e) && strcmp(e, "\u00e9") == 0);
    PyMem_Free(e);
    e = NULL;
    CHECK(PyArg_Parse(B("raw"), "et", "latin-1", &e) && strcmp(e, "raw") == 0);
    PyMem_Free(e);
    e = NULL;
    CHECK(PyArg_Parse(S("a\u00e9"), "es#", "latin-1", &e, &n) && n == 2 && strcmp(e, "a\xe9") == 0);
    PyMem_Free(e);
    n = sizeof room;
    CHECK(PyArg_Parse(S("abc"), "es#", "ascii", &in_room, &n) && n == 3 && strcmp(room, "abc") == 0);
    n = 3;
    CHECK_RAISES(PyExc_ValueError, "encoded string too long (3, maximum length 2)",
                 !PyArg_Parse(S("abc"), "es#", "ascii", &in_room, &n));
    e = NULL;
    CHECK_RAISES(PyExc_TypeError, "argument must be str, not bytes",
                 !PyArg_Parse(B("raw"), "es", "latin-1", &e));
    CHECK_RAISES(PyExc_TypeError, "argument must be str, bytes or bytearray, not int",
                 !PyArg_Parse(L(1), "et", "latin-1", &e));
    CHECK_RAISES(PyExc_SystemError, "argument (buffer is NULL)", !PyArg_Parse(L(1), "es#", "ascii", NULL, NULL));
    CHECK_RAISES(PyExc_TypeError, "argument must be str, not int", !PyArg_Parse(L(1), "es#", "ascii", &e, NULL));
    CHECK_RAISES(PyExc_SystemError, "argument (buffer_len is NULL)", !PyArg_Parse(S("a"), "es#", "ascii", &e, NULL));
    CHECK_RAISES(PyExc_UnicodeEncodeError, NULL, !PyArg_Parse(S("\u00e9"), "es", "ascii", &e));
    CHECK_RAISES(PyExc_TypeError, "argument must be encoded string without null bytes, not str",
                 !PyArg_Parse(keep(PyUnicode_FromStringAndSize("a\0b", 3)), "es", "ascii", &e));
    /* What was encoded is freed when a later argument fails. */
    int i;
    CHECK_RAISES(PyExc_TypeError, NULL, !PyArg_ParseTuple(V("(ss)", "a", "b"), "esi", "ascii", &e, &i));
    CHECK(e == NULL);
    done();
}

static int converter(PyObject *object, void *out)
{
    static int calls;
    calls++;
    if (!PyLong_Check(object)) {
        PyErr_SetString(PyExc_KeyError, "converter says no");
        return 0;
    }
    *(long *)out = PyLong_AsLong(object) * 2;
    return 1;
}

static int clean_ups;

static int cleaning(PyObject *object, void *out)
{
    if (object == NULL) {
        clean_ups++;
        return 1;
    }
    *(PyObject **)out = object;
    return Py_CLEANUP_SUPPORTED;
}

static int silent(PyObject *object, void *out)
{
    (void)object, (void)out;
    return 0;
}

TEST(objects)
{
    PyObject *object = NULL, *list = V("[]");
    long twice = 0;
    CHECK(PyArg_Parse(list, "O", &object) && object == list);
    CHECK(PyArg_Parse(list, "O!", &PyList_Type, &object) && object == list);
    CHECK(PyArg_Parse(L(4), "O&", converter, &twice) && twice == 8);
    CHECK(PyArg_Parse(S("x"), "U", &object) && PyUnicode_Check(object));
    CHECK(PyArg_Parse(B("x"), "S", &object) && PyBytes_Check(object));
    CHECK_RAISES(PyExc_TypeError, "argument must be dict, not list",
                 !PyArg_Parse(list, "O!", &PyDict_Type, &object));
    CHECK_RAISES(PyExc_KeyError, "'converter says no'", !PyArg_Parse(list, "O&", converter, &twice));
    CHECK_RAISES(PyExc_SystemError, "argument (unspecified)",
                 !PyArg_Parse(list, "O&", silent, &twice));
    CHECK_RAISES(PyExc_TypeError, "argument must be str, not bytes", !PyArg_Parse(B("x"), "U", &object));
    CHECK_RAISES(PyExc_TypeError, "argument must be bytes, not str", !PyArg_Parse(S("x"), "S", &object));
    CHECK_RAISES(PyExc_TypeError, "argument must be bytearray, not bytes",
                 !PyArg_Parse(B("x"), "Y", &object));
    int i;
    clean_ups = 0;
    CHECK_RAISES(PyExc_TypeError, NULL,
                 !PyArg_ParseTuple(V("(is)", 1, "x"), "O&i", cleaning, &object, &i));
    CHECK(clean_ups == 1);
    done();
}

TEST(counts)
{
    int a = 0, b = 7;
    const char *unused = NULL;
    CHECK(PyArg_ParseTuple(V("()"), "") && PyArg_ParseTuple(V("(i)", 1), "i|i", &a, &b));
    CHECK(a == 1 && b == 7);
    CHECK_RAISES(PyExc_TypeError, "function takes exactly 2 arguments (1 given)",
                 !PyArg_ParseTuple(V("(i)", 1), "ii", &a, &b));
    CHECK_RAISES(PyExc_TypeError, "name() takes exactly 1 argument (0 given)",
                 !PyArg_ParseTuple(V("()"), "i:name", &a));
    CHECK_RAISES(PyExc_TypeError, "name() takes at least 1 argument (0 given)",
                 !PyArg_ParseTuple(V("()"), "i|i:name", &a, &b));
    CHECK_RAISES(PyExc_TypeError, "name() takes at most 2 arguments (3 given)",
                 !PyArg_ParseTuple(V("(iii)", 1, 2, 3), "i|i:name", &a, &b));
    CHECK_RAISES(PyExc_TypeError, "name() takes exactly 0 arguments (1 given)",
                 !PyArg_ParseTuple(V("(i)", 1), ":name"));
    CHECK_RAISES(PyExc_TypeError, "my own message",
                 !PyArg_ParseTuple(V("()"), "i;my own message", &a));
    CHECK_RAISES(PyExc_TypeError, "name() argument 2 must be str, not int",
                 !PyArg_ParseTuple(V("(ii)", 1, 2), "is:name", &a, &unused));
    CHECK_RAISES(PyExc_TypeError, "argument 1 must be str, not int",
                 !PyArg_ParseTuple(V("(i)", 1), "s", &unused));
    done();
}

TEST(nested)
{
    int a, b, c;
    CHECK(PyArg_ParseTuple(V("(i(ii))", 1, 2, 3), "i(ii)", &a, &b, &c) && a == 1 && b == 2 && c == 3);
    CHECK(PyArg_Parse(V("(ii)", 4, 5), "(ii)", &a, &b) && a == 4 && b == 5);
    CHECK_RAISES(PyExc_TypeError, "argument 2 must be 2-item tuple, not int",
                 !PyArg_ParseTuple(V("(ii)", 1, 2), "i(ii)", &a, &b, &c));
    CHECK_RAISES(PyExc_TypeError, "argument 2 must be tuple of length 2, not 3",
                 !PyArg_ParseTuple(V("(i(iii))", 1, 2, 3, 4), "i(ii)", &a, &b, &c));
    CHECK_RAISES(PyExc_TypeError, "'str' object cannot be interpreted as an integer",
                 !PyArg_ParseTuple(V("(i(is))", 1, 2, "x"), "i(ii)", &a, &b, &c));
    CHECK_RAISES(PyExc_TypeError, "argument must be tuple of length 2, not 1",
                 !PyArg_Parse(V("((i))", 1), "(ie)", &a, NULL));
    done();
}

static PyObject *two(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    return PyLong_FromLong(2);
}

static PyObject *no_item(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    PyErr_SetString(PyExc_KeyError, "no item");
    return NULL;
}

static PyMethodDef len_def = {"__len__", two, METH_VARARGS, NULL};
static PyMethodDef item_def = {"__getitem__", no_item, METH_VARARGS, NULL};

/* Other sequences will do where nothing is borrowed from the items. */
TEST(nested_sequences)
{
    int a = 0, b = 0;
    CHECK(PyArg_Parse(keep(PyObject_CallFunction(BUILTIN("range"), "ii", 3, 5)), "(ii)", &a, &b) && a == 3 && b == 4);
    char *e = NULL;
    const char *s;
    CHECK(PyArg_Parse(V("[ii]", 4, 5), "(ii)", &a, &b) && a == 4 && b == 5);
    CHECK(PyArg_Parse(V("[s]", "x"), "(es)", NULL, &e) && strcmp(e, "x") == 0);
    PyMem_Free(e);
    CHECK(PyArg_Parse(V("[s]", "x"), "(s)", &s) && strcmp(s, "x") == 0);
    CHECK_RAISES(PyExc_TypeError, "argument must be sequence of length 2, not 1",
                 !PyArg_Parse(V("[i]", 4), "(ii)", &a, &b));
    CHECK_RAISES(PyExc_TypeError, "argument must be tuple of length 2, not 1",
                 !PyArg_Parse(V("[i]", 4), "(is)", &a, &s));
    CHECK_RAISES(PyExc_TypeError, "argument must be tuple of length 2, not 1",
                 !PyArg_Parse(V("[i]", 4), "(i(s))", &a, &s));
    NEEDS(0x030E0000);
    /* What one iterates over is what counts, and what it says is wrong is raised. */
    PyObject *sequence = instance_with(&len_def);
    PyObject_SetAttrString((PyObject *)Py_TYPE(sequence), "__getitem__", keep(PyCFunction_New(&item_def, NULL)));
    CHECK_RAISES(PyExc_KeyError, "'no item'", !PyArg_Parse(sequence, "(ii)", &a, &b));
    CHECK_RAISES(PyExc_TypeError, "argument must be 2-item tuple, not str", !PyArg_Parse(S("ab"), "(CC)", &a, &b));
    CHECK_RAISES(PyExc_TypeError, "argument must be 2-item tuple, not bytearray",
                 !PyArg_Parse(keep(PyByteArray_FromStringAndSize("ab", 2)), "(ii)", &a, &b));
    done();
}

/* Messages are cut by bytes, and must be UTF-8 then. */
TEST(names)
{
    int a;
    const char *s;
    char format[300] = "s:";
    memset(format + 2, 'n', 199);
    strcpy(format + 201, "\u00e9");
    CHECK_RAISES(PyExc_UnicodeDecodeError, NULL, !PyArg_Parse(Py_None, format, &s));
    format[2 + 148] = '\0';
    strcat(format, "\u20ac");
    CHECK_RAISES(PyExc_TypeError, NULL, !PyArg_ParseTuple(V("()"), format, &s));
    CHECK_RAISES(PyExc_UnicodeDecodeError, NULL, !PyArg_Parse(Py_None, "s:\xff", &s));
    CHECK_RAISES(PyExc_UnicodeDecodeError, NULL, !PyArg_Parse(Py_None, "s;\xff", &s));
    CHECK_RAISES(PyExc_TypeError, "\ufffd() takes exactly 1 argument (0 given)",
                 !PyArg_ParseTuple(V("()"), "i:\xff", &a));
    done();
}

TEST(bad_formats)
{
    int a;
    CHECK_RAISES(PyExc_SystemError, "argument 1 (impossible<bad format char>)",
                 !PyArg_ParseTuple(V("(i)", 1), "q", &a));
    CHECK_RAISES(PyExc_SystemError, "new style getargs format but argument is not a tuple",
                 !PyArg_ParseTuple(V("[i]", 1), "i", &a));
    CHECK_RAISES(PyExc_SystemError, "old style getargs format uses new features",
                 !PyArg_Parse(L(1), "ii", &a, &a));
    done();
}

static int parse_va(PyObject *args, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int result = PyArg_VaParse(args, format, list);
    va_end(list);
    return result;
}

TEST(va_parse)
{
    int a = 0;
    const char *s = NULL;
    CHECK(parse_va(V("(is)", 5, "x"), "is", &a, &s) && a == 5 && strcmp(s, "x") == 0);
    CHECK_RAISES(PyExc_TypeError, "function takes exactly 2 arguments (0 given)",
                 !parse_va(V("()"), "is", &a, &s));
    done();
}

TEST(unpack_tuple)
{
    PyObject *a = NULL, *b = NULL;
    CHECK(PyArg_UnpackTuple(V("(ii)", 1, 2), "f", 1, 2, &a, &b) && PyLong_AsLong(b) == 2);
    b = NULL;
    CHECK(PyArg_UnpackTuple(V("(i)", 1), "f", 1, 2, &a, &b) && b == NULL);
    CHECK_RAISES(PyExc_TypeError, "f expected at least 1 argument, got 0",
                 !PyArg_UnpackTuple(V("()"), "f", 1, 2, &a, &b));
    CHECK_RAISES(PyExc_TypeError, "f expected at most 2 arguments, got 3",
                 !PyArg_UnpackTuple(V("(iii)", 1, 2, 3), "f", 1, 2, &a, &b));
    CHECK_RAISES(PyExc_TypeError, "f expected 2 arguments, got 1",
                 !PyArg_UnpackTuple(V("(i)", 1), "f", 2, 2, &a, &b));
    CHECK_RAISES(PyExc_TypeError, "unpacked tuple should have 2 elements, but has 1",
                 !PyArg_UnpackTuple(V("(i)", 1), NULL, 2, 2, &a, &b));
    CHECK_RAISES(PyExc_SystemError, "PyArg_UnpackTuple() argument list is not a tuple",
                 !PyArg_UnpackTuple(V("[]"), "f", 0, 0));
    done();
}

TEST_MAIN(signed_integers, unsigned_integers, by_index, floats, characters_and_truth, texts, byte_strings,
          buffers, encoded, objects, counts, nested, nested_sequences, names, bad_formats, va_parse, unpack_tuple)
