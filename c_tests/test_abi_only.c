/* Functions that no header shows any more, or that a macro hides, but that compiled modules
 * still call: each is declared here as the last header that had it did. */
#include "expect.h"

#undef Py_Is
#undef Py_IsNone
#undef Py_IsTrue
#undef Py_IsFalse
#undef Py_NewRef
#undef Py_XNewRef
#undef Py_REFCNT
#undef PySequence_In
#undef PySequence_Length
#undef PyObject_Length
#undef PyMapping_Length
#undef PyCFunction_New
#undef PyCFunction_NewEx
#undef PyErr_BadInternalCall

#ifdef __cplusplus
extern "C" {
#endif
int Py_Is(PyObject *, PyObject *);
int Py_IsNone(PyObject *);
int Py_IsTrue(PyObject *);
int Py_IsFalse(PyObject *);
PyObject *Py_NewRef(PyObject *);
PyObject *Py_XNewRef(PyObject *);
Py_ssize_t Py_REFCNT(PyObject *);
int PySequence_In(PyObject *, PyObject *);
Py_ssize_t PySequence_Length(PyObject *);
Py_ssize_t PyObject_Length(PyObject *);
Py_ssize_t PyMapping_Length(PyObject *);
PyObject *PyCFunction_New(PyMethodDef *, PyObject *);
PyObject *PyCFunction_NewEx(PyMethodDef *, PyObject *, PyObject *);
PyObject *PyCFunction_Call(PyObject *, PyObject *, PyObject *);
PyObject *PyEval_CallObjectWithKeywords(PyObject *, PyObject *, PyObject *);
PyObject *PyEval_CallFunction(PyObject *, const char *, ...);
PyObject *PyEval_CallMethod(PyObject *, const char *, const char *, ...);
PyObject *_PyObject_CallFunction_SizeT(PyObject *, const char *, ...);
PyObject *_PyObject_CallMethod_SizeT(PyObject *, const char *, const char *, ...);
PyObject *_Py_BuildValue_SizeT(const char *, ...);
int _PyArg_ParseTuple_SizeT(PyObject *, const char *, ...);
int _PyArg_Parse_SizeT(PyObject *, const char *, ...);
int _PyArg_ParseTupleAndKeywords_SizeT(PyObject *, PyObject *, const char *, char **, ...);
int PyObject_CheckReadBuffer(PyObject *);
int PyObject_AsReadBuffer(PyObject *, const void **, Py_ssize_t *);
int PyObject_AsCharBuffer(PyObject *, const char **, Py_ssize_t *);
int PyObject_AsWriteBuffer(PyObject *, void **, Py_ssize_t *);
void PyUnicode_InternImmortal(PyObject **);
PyObject *PyUnicode_AsEncodedObject(PyObject *, const char *, const char *);
PyObject *PyUnicode_AsEncodedUnicode(PyObject *, const char *, const char *);
PyObject *PyUnicode_AsDecodedObject(PyObject *, const char *, const char *);
PyObject *PyUnicode_AsDecodedUnicode(PyObject *, const char *, const char *);
PyObject *PyImport_ImportModuleNoBlock(const char *);
void _Py_IncRef(PyObject *);
void _Py_DecRef(PyObject *);
#ifdef __cplusplus
}
#endif

TEST(behind_macros)
{
    PyObject *list = V("[ii]", 1, 2);
    CHECK(Py_Is(list, list) && !Py_Is(list, Py_None) && Py_IsNone(Py_None) && !Py_IsNone(list));
    CHECK(Py_IsTrue(Py_True) && !Py_IsTrue(L(1)) && Py_IsFalse(Py_False));
    CHECK(Py_NewRef(list) == list && Py_XNewRef(list) == list && Py_XNewRef(NULL) == NULL);
    CHECK(Py_REFCNT(list) == 3);
    _Py_IncRef(list);
    CHECK(Py_REFCNT(list) == 4);
    for (int i = 0; i < 3; i++) {
        _Py_DecRef(list);
    }
    CHECK(Py_REFCNT(list) == 1);
    CHECK(PySequence_Length(list) == 2 && PyObject_Length(list) == 2);
    CHECK(PyMapping_Length(V("{}")) == 0 && PySequence_In(list, L(2)) == 1);
    done();
}

static PyObject *echo(PyObject *self, PyObject *args)
{
    (void)self;
    Py_INCREF(args);
    return args;
}

static PyMethodDef echo_def = {"echo", echo, METH_VARARGS, NULL};

TEST(calls)
{
    PyObject *function = keep(PyCFunction_New(&echo_def, NULL));
    CHECK(repr_is(PyCFunction_Call(function, V("(i)", 1), NULL), "(1,)"));
    CHECK(repr_is(PyEval_CallObjectWithKeywords(function, NULL, NULL), "()"));
    CHECK(repr_is(PyEval_CallObjectWithKeywords(function, V("(i)", 1), NULL), "(1,)"));
    CHECK_RAISES(PyExc_TypeError, "argument list must be a tuple",
                 PyEval_CallObjectWithKeywords(function, V("[]"), NULL) == NULL);
    CHECK(repr_is(PyEval_CallFunction(function, "(ii)", 1, 2), "(1, 2)"));
    CHECK(repr_is(PyEval_CallMethod(S("a,b"), "split", "(s)", ","), "['a', 'b']"));
    CHECK(repr_is(_PyObject_CallFunction_SizeT(function, "s#", "abc", (Py_ssize_t)2), "('ab',)"));
    CHECK(repr_is(_PyObject_CallMethod_SizeT(S("x"), "join", "[ss]", "a", "b"), "'axb'"));
    CHECK(repr_is(PyObject_GetAttrString(keep(PyCFunction_NewEx(&echo_def, NULL, S("m"))),
                                         "__module__"), "'m'"));
    done();
}

TEST(sizes_as_ssize_t)
{
    const char *s = NULL;
    Py_ssize_t n = 0;
    int i = 0;
    char name[] = "a";
    char *names[] = {name, NULL};
    CHECK(repr_is(_Py_BuildValue_SizeT("y#", "abc", (Py_ssize_t)2), "b'ab'"));
    CHECK(_PyArg_ParseTuple_SizeT(V("(s)", "abc"), "s#", &s, &n) && n == 3);
    CHECK(_PyArg_Parse_SizeT(L(5), "i", &i) && i == 5);
    CHECK(_PyArg_ParseTupleAndKeywords_SizeT(V("()"), V("{si}", "a", 6), "i", names, &i) && i == 6);
    done();
}

TEST(old_buffers)
{
    const void *memory = NULL;
    const char *text = NULL;
    void *writable = NULL;
    Py_ssize_t n = 0;
    CHECK(PyObject_CheckReadBuffer(B("x")) == 1 && PyObject_CheckReadBuffer(L(1)) == 0);
    CHECK(PyObject_AsReadBuffer(B("xyz"), &memory, &n) == 0 && n == 3);
    CHECK(PyObject_AsCharBuffer(B("xy"), &text, &n) == 0 && n == 2);
    CHECK_RAISES(PyExc_TypeError, "expected a writable bytes-like object",
                 PyObject_AsWriteBuffer(B("x"), &writable, &n) == -1);
    CHECK_RAISES(PyExc_TypeError, "a bytes-like object is required, not 'int'",
                 PyObject_AsReadBuffer(L(1), &memory, &n) == -1);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine",
                 PyObject_AsReadBuffer(NULL, &memory, &n) == -1);
    done();
}

TEST(old_text)
{
    CHECK(repr_is(PyUnicode_AsEncodedObject(S("\u00e9"), "latin-1", NULL), "b'\\xe9'"));
    CHECK_RAISES(PyExc_TypeError, NULL, PyUnicode_AsEncodedUnicode(S("x"), "latin-1", NULL) == NULL);
    CHECK_RAISES(PyExc_TypeError, NULL, PyUnicode_AsDecodedObject(S("x"), "latin-1", NULL) == NULL);
    CHECK_RAISES(PyExc_TypeError, NULL, PyUnicode_AsDecodedUnicode(S("x"), "latin-1", NULL) == NULL);
    PyObject *text = PyUnicode_FromString("interned for ever by a test");
    PyUnicode_InternImmortal(&text);
    CHECK(keep(PyUnicode_InternFromString("interned for ever by a test")) == text);
    CHECK(keep(PyImport_ImportModuleNoBlock("sys")) == keep(PyImport_ImportModule("sys")));
    done();
}

TEST_MAIN(behind_macros, calls, sizes_as_ssize_t, old_buffers, old_text)
