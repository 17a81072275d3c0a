/* pyerrors.h: exceptions as objects: chains, arguments, notes, tracebacks, and those
 * that carry a text, a module or an errno. */
#include "expect.h"

#include <errno.h>

static PyObject *error_of(PyObject *type, const char *text)
{
    return keep(PyObject_CallFunction(type, "s", text));
}

TEST(cause_and_context)
{
    PyObject *error = error_of(PyExc_ValueError, "error");
    PyObject *cause = error_of(PyExc_KeyError, "cause");
    PyObject *context = error_of(PyExc_TypeError, "context");
    CHECK(PyException_GetCause(error) == NULL && PyException_GetContext(error) == NULL);
    CHECK(repr_is(PyObject_GetAttrString(error, "__suppress_context__"), "False"));
    Py_INCREF(cause);
    PyException_SetCause(error, cause);
    Py_INCREF(context);
    PyException_SetContext(error, context);
    CHECK(is_same(PyException_GetCause(error), cause));
    CHECK(is_same(PyException_GetContext(error), context));
    CHECK(repr_is(PyObject_GetAttrString(error, "__suppress_context__"), "True"));
    PyException_SetCause(error, NULL);
    PyException_SetContext(error, NULL);
    CHECK(PyException_GetCause(error) == NULL && PyException_GetContext(error) == NULL);
    CHECK_RAISES(PyExc_TypeError, "exception cause must be None or derive from BaseException",
                 PyObject_SetAttrString(error, "__cause__", L(1)) == -1);
    CHECK_RAISES(PyExc_TypeError, "exception context must be None or derive from BaseException",
                 PyObject_SetAttrString(error, "__context__", L(1)) == -1);
    done();
}

TEST(arguments)
{
    PyObject *error = keep(PyObject_CallFunction(PyExc_ValueError, "is", 1, "b"));
    CHECK(shows(error, "ValueError(1, 'b')"));
    CHECK(text_is(PyObject_Str(error), "(1, 'b')"));
    CHECK(repr_is(PyObject_GetAttrString(error, "args"), "(1, 'b')"));
    CHECK(PyObject_SetAttrString(error, "args", V("[i]", 7)) == 0);
    CHECK(text_is(PyObject_Str(error), "7"));
#if TEST_API >= 0x030C0000
    CHECK(repr_is(PyException_GetArgs(error), "(7,)"));
    PyException_SetArgs(error, V("(ii)", 8, 9));
    CHECK(repr_is(PyException_GetArgs(error), "(8, 9)"));
#endif
    CHECK(text_is(PyObject_Str(error_of(PyExc_KeyError, "k")), "'k'"));
    CHECK(text_is(PyObject_Str(keep(PyObject_CallObject(PyExc_KeyError, NULL))), ""));
    CHECK_RAISES(PyExc_TypeError, "ValueError() takes no keyword arguments",
                 PyObject_Call(PyExc_ValueError, V("()"), V("{si}", "a", 1)) == NULL);
    done();
}

TEST(notes)
{
    PyObject *error = error_of(PyExc_ValueError, "x");
    CHECK_RAISES(PyExc_AttributeError, "'ValueError' object has no attribute '__notes__'",
                 PyObject_GetAttrString(error, "__notes__") == NULL);
    CHECK(is_none(PyObject_CallMethod(error, "add_note", "s", "one")));
    CHECK(is_none(PyObject_CallMethod(error, "add_note", "s", "two")));
    CHECK(repr_is(PyObject_GetAttrString(error, "__notes__"), "['one', 'two']"));
    CHECK_RAISES(PyExc_TypeError, "add_note() argument must be str, not int",
                 PyObject_CallMethod(error, "add_note", "i", 1) == NULL);
    done();
}

TEST(traceback)
{
    PyObject *error = error_of(PyExc_ValueError, "x");
    CHECK(PyException_GetTraceback(error) == NULL);
    CHECK_RAISES(PyExc_TypeError, "__traceback__ must be a traceback or None",
                 PyException_SetTraceback(error, L(1)) == -1);
    CHECK(PyException_SetTraceback(error, Py_None) == 0);
    CHECK(PyException_GetTraceback(error) == NULL);
    CHECK(PyTraceBack_Check(Py_None) == 0);
    CHECK_RAISES(PyExc_TypeError, "__traceback__ may not be deleted",
                 PyObject_DelAttrString(error, "__traceback__") == -1);
    CHECK(is_same(PyObject_CallMethod(error, "with_traceback", "O", Py_None), error));
    done();
}

TEST(special_attributes)
{
    PyObject *error = keep(PyObject_CallFunction(PyExc_StopIteration, "i", 7));
    CHECK(repr_is(PyObject_GetAttrString(error, "value"), "7"));
    error = keep(PyObject_CallFunction(PyExc_SystemExit, "i", 3));
    CHECK(repr_is(PyObject_GetAttrString(error, "code"), "3"));
    error = keep(PyObject_Call(PyExc_AttributeError, V("(s)", "m"),
                               V("{sssi}", "name", "n", "obj", 5)));
    CHECK(repr_is(PyObject_GetAttrString(error, "name"), "'n'"));
    CHECK(repr_is(PyObject_GetAttrString(error, "obj"), "5"));
    error = keep(PyObject_Call(PyExc_NameError, V("()"), V("{ss}", "name", "n")));
    CHECK(repr_is(PyObject_GetAttrString(error, "name"), "'n'"));
    CHECK_RAISES(PyExc_TypeError, "NameError() got an unexpected keyword argument 'x'",
                 PyObject_Call(PyExc_NameError, V("()"), V("{si}", "x", 1)) == NULL);
    error = keep(PyObject_CallFunction(PyExc_SyntaxError, "s(siis)", "bad", "f.py", 3, 5, "text"));
    CHECK(text_is(PyObject_Str(error), "bad (f.py, line 3)"));
    CHECK(repr_is(PyObject_GetAttrString(error, "offset"), "5"));
    done();
}

TEST(groups)
{
    PyObject *group = keep(PyObject_CallFunction(PyExc_BaseExceptionGroup, "s[OO]", "two",
                                                 error_of(PyExc_ValueError, "a"),
                                                 error_of(PyExc_KeyError, "b")));
    CHECK(shows((PyObject *)Py_TYPE(group), "<class 'ExceptionGroup'>"));
    CHECK(text_is(PyObject_Str(group), "two (2 sub-exceptions)"));
    CHECK(shows(group, "ExceptionGroup('two', [ValueError('a'), KeyError('b')])"));
    CHECK(repr_is(PyObject_CallMethod(group, "subgroup", "O", PyExc_KeyError),
                  "ExceptionGroup('two', [KeyError('b')])"));
    CHECK_RAISES(PyExc_ValueError,
                 "second argument (exceptions) must be a non-empty sequence",
                 PyObject_CallFunction(PyExc_BaseExceptionGroup, "s[]", "none") == NULL);
    CHECK_RAISES(PyExc_ValueError, "Item 0 of second argument (exceptions) is not an exception",
                 PyObject_CallFunction(PyExc_BaseExceptionGroup, "s[i]", "one", 1) == NULL);
    done();
}

TEST(from_errno)
{
    errno = ENOENT;
    CHECK(PyErr_SetFromErrno(PyExc_OSError) == NULL);
    CHECK(raised_is("FileNotFoundError(2, 'No such file or directory')"));
    errno = EACCES;
    CHECK(PyErr_SetFromErrnoWithFilename(PyExc_OSError, "f.txt") == NULL);
    PyObject *error = keep(test_take_raised());
    CHECK(text_is(PyObject_Str(error), "[Errno 13] Permission denied: 'f.txt'"));
    CHECK(shows((PyObject *)Py_TYPE(error), "<class 'PermissionError'>"));
    CHECK(repr_is(PyObject_GetAttrString(error, "filename"), "'f.txt'"));
    CHECK(repr_is(PyObject_GetAttrString(error, "errno"), "13"));
    CHECK(repr_is(PyObject_GetAttrString(error, "strerror"), "'Permission denied'"));
    errno = EEXIST;
    CHECK(PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, L(3)) == NULL);
    CHECK(text_is(PyObject_Str(keep(test_take_raised())), "[Errno 17] File exists: 3"));
#if TEST_API >= 0x03070000
    errno = EXDEV;
    CHECK(PyErr_SetFromErrnoWithFilenameObjects(PyExc_OSError, S("a"), S("b")) == NULL);
    CHECK(text_is(PyObject_Str(keep(test_take_raised())),
                  "[Errno 18] Invalid cross-device link: 'a' -> 'b'"));
#endif
    errno = ENOENT;
    CHECK(PyErr_SetFromErrno(PyExc_ValueError) == NULL);
    CHECK(raised_is("ValueError(2, 'No such file or directory')"));
    done();
}

TEST(errno_types)
{
    static const struct { int number; const char *name; } cases[] = {
        {EAGAIN, "BlockingIOError"}, {EPIPE, "BrokenPipeError"}, {ECHILD, "ChildProcessError"},
        {ECONNABORTED, "ConnectionAbortedError"}, {ECONNREFUSED, "ConnectionRefusedError"},
        {ECONNRESET, "ConnectionResetError"}, {EEXIST, "FileExistsError"},
        {ENOENT, "FileNotFoundError"}, {EINTR, "InterruptedError"},
        {EISDIR, "IsADirectoryError"}, {ENOTDIR, "NotADirectoryError"},
        {EPERM, "PermissionError"}, {ESRCH, "ProcessLookupError"}, {ETIMEDOUT, "TimeoutError"},
        {EIO, "OSError"}, {ESHUTDOWN, "BrokenPipeError"}, {EALREADY, "BlockingIOError"},
        {EINPROGRESS, "BlockingIOError"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        PyObject *error = keep(PyObject_CallFunction(PyExc_OSError, "is", cases[i].number, "m"));
        CHECK(text_is(PyObject_GetAttrString((PyObject *)Py_TYPE(error), "__name__"),
                      cases[i].name));
    }
    CHECK(shows(keep(PyObject_CallFunction(PyExc_OSError, "i", 2)), "OSError(2)"));
    done();
}

TEST(import_errors)
{
#if TEST_API >= 0x03070000
    CHECK(PyErr_SetImportError(S("message"), S("name"), S("path")) == NULL);
    PyObject *error = keep(test_take_raised());
    CHECK(shows(error, "ImportError('message', name='name', path='path')"));
    CHECK(repr_is(PyObject_GetAttrString(error, "name"), "'name'"));
    CHECK(repr_is(PyObject_GetAttrString(error, "path"), "'path'"));
    CHECK(PyErr_SetImportErrorSubclass(PyExc_ModuleNotFoundError, S("m"), NULL, NULL) == NULL);
    error = keep(test_take_raised());
    CHECK(repr_is(PyObject_GetAttrString(error, "name"), "None"));
    CHECK(shows((PyObject *)Py_TYPE(error), "<class 'ModuleNotFoundError'>"));
    CHECK_RAISES(PyExc_TypeError, "expected a message argument",
                 PyErr_SetImportError(NULL, NULL, NULL) == NULL);
    CHECK_RAISES(PyExc_TypeError, "expected a subclass of ImportError",
                 PyErr_SetImportErrorSubclass(PyExc_ValueError, S("m"), NULL, NULL) == NULL);
    done();
#else
    SKIP("needs 3.7");
#endif
}

TEST(decode_error)
{
    Py_ssize_t n = -1;
    PyObject *error = keep(PyUnicodeDecodeError_Create("utf-8", "ab\xff" "c", 4, 2, 3, "bad byte"));
    CHECK(text_is(PyObject_Str(error),
                  "'utf-8' codec can't decode byte 0xff in position 2: bad byte"));
    CHECK(repr_is(PyUnicodeDecodeError_GetEncoding(error), "'utf-8'"));
    CHECK(repr_is(PyUnicodeDecodeError_GetObject(error), "b'ab\\xffc'"));
    CHECK(repr_is(PyUnicodeDecodeError_GetReason(error), "'bad byte'"));
    CHECK(PyUnicodeDecodeError_GetStart(error, &n) == 0 && n == 2);
    CHECK(PyUnicodeDecodeError_GetEnd(error, &n) == 0 && n == 3);
    CHECK(PyUnicodeDecodeError_SetStart(error, 0) == 0 && PyUnicodeDecodeError_SetEnd(error, 2) == 0);
    CHECK(PyUnicodeDecodeError_SetReason(error, "other") == 0);
    CHECK(text_is(PyObject_Str(error),
                  "'utf-8' codec can't decode bytes in position 0-1: other"));
    CHECK(PyUnicodeDecodeError_SetStart(error, 99) == 0);
    CHECK(PyUnicodeDecodeError_GetStart(error, &n) == 0 && n == 3);
    CHECK(PyUnicodeDecodeError_SetEnd(error, -5) == 0);
    CHECK(PyUnicodeDecodeError_GetEnd(error, &n) == 0 && n == 1);
    done();
}

TEST(encode_and_translate_errors)
{
    Py_ssize_t n = -1;
    PyObject *error = keep(PyObject_CallFunction(PyExc_UnicodeEncodeError, "ssiis", "ascii",
                                                 "a\u20ac", 1, 2, "no"));
    CHECK(text_is(PyObject_Str(error),
                  "'ascii' codec can't encode character '\\u20ac' in position 1: no"));
    CHECK(repr_is(PyUnicodeEncodeError_GetEncoding(error), "'ascii'"));
    CHECK(repr_is(PyUnicodeEncodeError_GetObject(error), "'a\u20ac'"));
    CHECK(repr_is(PyUnicodeEncodeError_GetReason(error), "'no'"));
    CHECK(PyUnicodeEncodeError_GetStart(error, &n) == 0 && n == 1);
    CHECK(PyUnicodeEncodeError_GetEnd(error, &n) == 0 && n == 2);
    CHECK(PyUnicodeEncodeError_SetStart(error, 0) == 0 && PyUnicodeEncodeError_SetEnd(error, 1) == 0);
    CHECK(PyUnicodeEncodeError_SetReason(error, "yes") == 0);
    CHECK(text_is(PyObject_Str(error),
                  "'ascii' codec can't encode character '\\x61' in position 0: yes"));
    error = keep(PyObject_CallFunction(PyExc_UnicodeTranslateError, "siis", "abc", 0, 2, "no"));
    CHECK(text_is(PyObject_Str(error), "can't translate characters in position 0-1: no"));
    CHECK(repr_is(PyUnicodeTranslateError_GetObject(error), "'abc'"));
    CHECK(repr_is(PyUnicodeTranslateError_GetReason(error), "'no'"));
    CHECK(PyUnicodeTranslateError_GetStart(error, &n) == 0 && n == 0);
    CHECK(PyUnicodeTranslateError_GetEnd(error, &n) == 0 && n == 2);
    CHECK(PyUnicodeTranslateError_SetStart(error, 1) == 0);
    CHECK(PyUnicodeTranslateError_SetEnd(error, 3) == 0);
    CHECK(PyUnicodeTranslateError_SetReason(error, "yes") == 0);
    CHECK(text_is(PyObject_Str(error), "can't translate characters in position 1-2: yes"));
    CHECK_RAISES(PyExc_TypeError, "expecting a UnicodeDecodeError object, got int",
                 PyUnicodeDecodeError_GetObject(L(1)) == NULL);
    done();
}

TEST(tree)
{
    static const struct { PyObject **child, **parent; } cases[] = {
        {&PyExc_Exception, &PyExc_BaseException}, {&PyExc_KeyError, &PyExc_LookupError},
        {&PyExc_IndexError, &PyExc_LookupError}, {&PyExc_TabError, &PyExc_IndentationError},
        {&PyExc_IndentationError, &PyExc_SyntaxError}, {&PyExc_KeyboardInterrupt, &PyExc_BaseException},
        {&PyExc_GeneratorExit, &PyExc_BaseException}, {&PyExc_SystemExit, &PyExc_BaseException},
        {&PyExc_ZeroDivisionError, &PyExc_ArithmeticError}, {&PyExc_OverflowError, &PyExc_ArithmeticError},
        {&PyExc_FloatingPointError, &PyExc_ArithmeticError}, {&PyExc_UnboundLocalError, &PyExc_NameError},
        {&PyExc_RecursionError, &PyExc_RuntimeError}, {&PyExc_NotImplementedError, &PyExc_RuntimeError},
        {&PyExc_UnicodeError, &PyExc_ValueError}, {&PyExc_UnicodeDecodeError, &PyExc_UnicodeError},
        {&PyExc_ModuleNotFoundError, &PyExc_ImportError}, {&PyExc_BytesWarning, &PyExc_Warning},
        {&PyExc_EnvironmentError, &PyExc_Exception}, {&PyExc_IOError, &PyExc_Exception},
        {&PyExc_ConnectionResetError, &PyExc_ConnectionError}, {&PyExc_ConnectionError, &PyExc_OSError},
        {&PyExc_BrokenPipeError, &PyExc_ConnectionError}, {&PyExc_TimeoutError, &PyExc_OSError},
        {&PyExc_EncodingWarning, &PyExc_Warning}, {&PyExc_ResourceWarning, &PyExc_Warning},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK(is_same(PyObject_GetAttrString(*cases[i].child, "__base__"), *cases[i].parent));
    }
    CHECK(PyExc_EnvironmentError == PyExc_OSError && PyExc_IOError == PyExc_OSError);
    done();
}

TEST_MAIN(cause_and_context, arguments, notes, traceback, special_attributes, groups, from_errno,
          errno_types, import_errors, decode_error, encode_and_translate_errors, tree)
