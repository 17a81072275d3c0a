/* pyerrors.h: the error indicator. Exceptions as objects, the ones about text and
 * those from errno have files of their own. */
#include "expect.h"

TEST(set_and_clear)
{
    CHECK(PyErr_Occurred() == NULL);
    PyErr_SetString(PyExc_ValueError, "te\u20acxt");
    CHECK(PyErr_Occurred() == PyExc_ValueError);
    CHECK(raised_is("ValueError('te\u20acxt')") && PyErr_Occurred() == NULL);
    PyErr_SetNone(PyExc_KeyError);
    CHECK(raised_is("KeyError()"));
    PyErr_SetObject(PyExc_KeyError, V("(ii)", 1, 2));
    CHECK(raised_is("KeyError(1, 2)"));
    PyErr_SetObject(PyExc_KeyError, L(5));
    CHECK(raised_is("KeyError(5)"));
    PyErr_SetObject(PyExc_ValueError, Py_None);
    CHECK(raised_is("ValueError()"));
    PyErr_SetObject(PyExc_ValueError, NULL);
    CHECK(raised_is("ValueError()"));
    PyErr_SetString(PyExc_ValueError, "one");
    PyErr_SetString(PyExc_TypeError, "two");
    CHECK(raised_is("TypeError('two')"));
    PyErr_SetString(PyExc_ValueError, "gone");
    PyErr_Clear();
    PyErr_Clear();
    CHECK(PyErr_Occurred() == NULL);
    done();
}

TEST(set_an_instance)
{
    PyObject *error = keep(PyObject_CallFunction(PyExc_KeyError, "i", 1));
    PyErr_SetObject(PyExc_LookupError, error);
    CHECK(PyErr_Occurred() == PyExc_KeyError);
    CHECK(is_same(test_take_raised(), error));
    PyErr_SetObject(PyExc_ValueError, error);
    CHECK(raised_is("ValueError(KeyError(1))"));
    done();
}

TEST(not_an_exception)
{
    PyErr_SetString((PyObject *)&PyLong_Type, "text");
    CHECK(raised_is("SystemError(\"_PyErr_SetObject: exception <class 'int'> is not a "
                    "BaseException subclass\")"));
    PyErr_SetObject(L(1), Py_None);
    CHECK(raised_is("SystemError('_PyErr_SetObject: exception 1 is not a BaseException "
                    "subclass')"));
    done();
}

TEST(constructor_fails)
{
    PyErr_SetString(PyExc_UnicodeDecodeError, "needs five");
    CHECK(raised_is("TypeError('function takes exactly 5 arguments (1 given)')"));
    done();
}

TEST(format)
{
    CHECK(PyErr_Format(PyExc_ValueError, "%s-%d-%R", "a", 1, S("x")) == NULL);
    CHECK(raised_is("ValueError(\"a-1-'x'\")"));
    CHECK(PyErr_Format(PyExc_ValueError, "%R", NULL) == NULL);
    CHECK(raised_is("ValueError('<NULL>')"));
    CHECK(PyErr_Format(PyExc_KeyError, "%c", 0x110000) == NULL);
    CHECK(raised_is("OverflowError('character argument not in range(0x110000)')"));
    done();
}

TEST(matches)
{
    PyErr_SetString(PyExc_KeyError, "k");
    CHECK(PyErr_ExceptionMatches(PyExc_KeyError) && PyErr_ExceptionMatches(PyExc_LookupError));
    CHECK(PyErr_ExceptionMatches(PyExc_BaseException) && !PyErr_ExceptionMatches(PyExc_ValueError));
    PyErr_Clear();
    CHECK(!PyErr_ExceptionMatches(PyExc_Exception));
    PyObject *error = keep(PyObject_CallFunction(PyExc_KeyError, NULL));
    CHECK(PyErr_GivenExceptionMatches(error, PyExc_LookupError));
    CHECK(PyErr_GivenExceptionMatches(PyExc_KeyError, V("(O(O))", PyExc_TypeError,
                                                        PyExc_LookupError)));
    CHECK(!PyErr_GivenExceptionMatches(PyExc_KeyError, V("(O)", PyExc_TypeError)));
    CHECK(!PyErr_GivenExceptionMatches(PyExc_KeyError, V("()")));
    CHECK(PyErr_GivenExceptionMatches(L(1), L(1)) && !PyErr_GivenExceptionMatches(L(1), L(2)));
    CHECK(!PyErr_GivenExceptionMatches(NULL, PyExc_KeyError));
    CHECK(!PyErr_GivenExceptionMatches(PyExc_KeyError, NULL));
    done();
}

TEST(fetch_and_restore)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    CHECK(type == NULL && value == NULL && traceback == NULL);
    PyErr_SetString(PyExc_ValueError, "text");
    PyErr_Fetch(&type, &value, &traceback);
    CHECK(type == PyExc_ValueError && PyErr_Occurred() == NULL && traceback == NULL);
    PyErr_NormalizeException(&type, &value, &traceback);
    CHECK(shows(value, "ValueError('text')"));
    PyErr_Restore(type, value, traceback);
    CHECK(PyErr_Occurred() == PyExc_ValueError);
    PyErr_Restore(NULL, NULL, NULL);
    CHECK(PyErr_Occurred() == NULL);
    Py_INCREF(PyExc_KeyError);
    PyErr_Restore(PyExc_KeyError, PyLong_FromLong(3), NULL);
    CHECK(raised_is("KeyError(3)"));
    done();
}

TEST(normalize)
{
    PyObject *type = PyExc_KeyError, *value = L(70000), *traceback = NULL;
    Py_INCREF(type);
    Py_INCREF(value);
    PyErr_NormalizeException(&type, &value, &traceback);
    CHECK(type == PyExc_KeyError && shows(value, "KeyError(70000)"));
    PyErr_NormalizeException(&type, &value, &traceback);
    CHECK(shows(value, "KeyError(70000)"));
    Py_DECREF(type);
    Py_DECREF(value);
    type = PyExc_LookupError;
    value = PyObject_CallFunction(PyExc_KeyError, "i", 1);
    Py_INCREF(type);
    PyErr_NormalizeException(&type, &value, &traceback);
    CHECK(type == PyExc_KeyError);
    Py_DECREF(type);
    Py_DECREF(value);
    type = value = traceback = NULL;
    PyErr_NormalizeException(&type, &value, &traceback);
    CHECK(type == NULL && value == NULL);
    done();
}

TEST(raised_exception)
{
#if TEST_API >= 0x030C0000
    CHECK(PyErr_GetRaisedException() == NULL);
    PyErr_SetString(PyExc_ValueError, "text");
    PyObject *error = PyErr_GetRaisedException();
    CHECK(shows(error, "ValueError('text')") && PyErr_Occurred() == NULL);
    PyErr_SetRaisedException(error);
    CHECK(PyErr_Occurred() == PyExc_ValueError);
    PyErr_SetRaisedException(NULL);
    CHECK(PyErr_Occurred() == NULL);
    done();
#else
    SKIP("needs 3.12");
#endif
}

TEST(handled_exception)
{
#if TEST_API >= 0x030B0000
    CHECK(PyErr_GetHandledException() == NULL);
    PyObject *first = keep(PyObject_CallFunction(PyExc_ValueError, "s", "first"));
    PyErr_SetHandledException(first);
    CHECK(is_same(PyErr_GetHandledException(), first));
    PyObject *type, *value, *traceback;
    PyErr_GetExcInfo(&type, &value, &traceback);
    CHECK(type == PyExc_ValueError && value == first);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
    PyErr_SetString(PyExc_KeyError, "second");
    PyObject *second = keep(test_take_raised());
    CHECK(is_same(PyException_GetContext(second), first));
    PyErr_SetHandledException(NULL);
    CHECK(PyErr_GetHandledException() == NULL);
    PyErr_SetExcInfo(NULL, NULL, NULL);
    PyException_SetContext(second, NULL);
    done();
#else
    SKIP("needs 3.11");
#endif
}

TEST(bad_arguments)
{
    CHECK(PyErr_BadArgument() == 0);
    CHECK(raised_is("TypeError('bad argument type for built-in operation')"));
    CHECK(PyErr_NoMemory() == NULL);
    CHECK(raised_is("MemoryError()"));
    PyErr_BadInternalCall();
    PyObject *error = keep(test_take_raised());
    PyObject *text = keep(PyObject_Str(error));
    CHECK(PyUnicode_Tailmatch(text, S(": bad argument to internal function"), 0, 999, 1) == 1);
    CHECK(PyErr_GivenExceptionMatches(error, PyExc_SystemError));
    done();
}

TEST(new_exception)
{
    PyObject *error = keep(PyErr_NewException("tests.Error", NULL, NULL));
    CHECK(shows(error, "<class 'tests.Error'>"));
    CHECK(repr_is(PyObject_GetAttrString(error, "__module__"), "'tests'"));
    CHECK(repr_is(PyObject_GetAttrString(error, "__bases__"), "(<class 'Exception'>,)"));
    CHECK(PyExceptionClass_Check(error));
    CHECK(strcmp(PyExceptionClass_Name(error), "Error") == 0);
    PyErr_SetString(error, "text");
    CHECK(PyErr_ExceptionMatches(error) && raised_is("Error('text')"));
    PyObject *sub = keep(PyErr_NewExceptionWithDoc("a.b.Sub", "What it says.",
                                                   V("(OO)", error, PyExc_KeyError),
                                                   V("{si}", "code", 7)));
    CHECK(repr_is(PyObject_GetAttrString(sub, "__module__"), "'a.b'"));
    CHECK(repr_is(PyObject_GetAttrString(sub, "__doc__"), "'What it says.'"));
    CHECK(repr_is(PyObject_GetAttrString(sub, "code"), "7"));
    CHECK(PyErr_GivenExceptionMatches(sub, PyExc_LookupError));
    CHECK_RAISES(PyExc_SystemError, "PyErr_NewException: name must be module.class",
                 PyErr_NewException("NoModule", NULL, NULL) == NULL);
    CHECK(PyExceptionInstance_Check(keep(PyObject_CallObject(sub, NULL))));
    CHECK(!PyExceptionClass_Check((PyObject *)&PyLong_Type));
    done();
}

TEST(write_unraisable)
{
    PyObject *sys = keep(PyImport_ImportModule("sys"));
    PyObject *caught = V("[]");
    PyObject *hook = keep(PyObject_GetAttrString(caught, "append"));
    PyObject *old = keep(PyObject_GetAttrString(sys, "unraisablehook"));
    CHECK(PyObject_SetAttrString(sys, "unraisablehook", hook) == 0);
    PyErr_SetString(PyExc_ValueError, "unraised");
    PyErr_WriteUnraisable(S("where"));
    CHECK(PyErr_Occurred() == NULL && PyList_Size(caught) == 1);
    PyObject *args = PyList_GetItem(caught, 0);
    CHECK(repr_is(PyObject_GetAttrString(args, "exc_value"), "ValueError('unraised')"));
    CHECK(repr_is(PyObject_GetAttrString(args, "object"), "'where'"));
    CHECK(repr_is(PyObject_GetAttrString(args, "err_msg"), "None"));
    CHECK(PyObject_SetAttrString(sys, "unraisablehook", old) == 0);
    done();
}

TEST(small_printf)
{
    char out[10];
    CHECK(PyOS_snprintf(out, sizeof out, "%d-%s", 5, "ab") == 4 && strcmp(out, "5-ab") == 0);
    CHECK(PyOS_snprintf(out, sizeof out, "%s", "0123456789abc") == 13);
    CHECK(strcmp(out, "012345678") == 0);
    done();
}

TEST(signals)
{
    CHECK(PyErr_CheckSignals() == 0);
    done();
}

TEST_MAIN(set_and_clear, set_an_instance, not_an_exception, constructor_fails, format, matches,
          fetch_and_restore, normalize, raised_exception, handled_exception, bad_arguments,
          new_exception, write_unraisable, small_printf, signals)
