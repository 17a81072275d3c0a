/* abstract.h: calling. */
#include "expect.h"

static PyObject *show_args(PyObject *self, PyObject *args, PyObject *kwargs)
{
    (void)self;
    if (kwargs == NULL) {
        return Py_BuildValue("(O)", args);
    }
    return Py_BuildValue("(OO)", args, kwargs);
}

static PyObject *fail(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    PyErr_SetString(PyExc_ZeroDivisionError, "called");
    return NULL;
}

static PyObject *forget_error(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    return NULL;
}

static PyObject *result_and_error(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    PyErr_SetString(PyExc_ValueError, "left behind");
    return PyLong_FromLong(1);
}

static PyMethodDef show_def = {"show", (PyCFunction)(void (*)(void))show_args,
                               METH_VARARGS | METH_KEYWORDS, NULL};
static PyMethodDef fail_def = {"fail", fail, METH_VARARGS, NULL};
static PyMethodDef forget_def = {"forget", forget_error, METH_VARARGS, NULL};
static PyMethodDef both_def = {"both", result_and_error, METH_VARARGS, NULL};

static PyObject *function(PyMethodDef *def)
{
    return keep(PyCFunction_New(def, NULL));
}

TEST(call)
{
    PyObject *show = function(&show_def);
    CHECK(repr_is(PyObject_Call(show, V("(ii)", 1, 2), NULL), "((1, 2),)"));
    CHECK(repr_is(PyObject_Call(show, V("()"), V("{si}", "a", 1)), "((), {'a': 1})"));
    CHECK(repr_is(PyObject_Call(show, V("()"), V("{}")), "((), {})"));
    CHECK(repr_is(PyObject_CallObject(show, NULL), "((),)"));
    CHECK(repr_is(PyObject_CallObject(show, V("(i)", 1)), "((1,),)"));
    CHECK_RAISES(PyExc_ZeroDivisionError, "called", PyObject_CallObject(function(&fail_def), NULL) == NULL);
    CHECK_RAISES(PyExc_TypeError, "'int' object is not callable",
                 PyObject_CallObject(L(1), NULL) == NULL);
    CHECK_RAISES(PyExc_TypeError, "'int' object is not callable",
                 PyObject_Call(L(1), V("()"), NULL) == NULL);
    CHECK_RAISES(PyExc_TypeError, "argument list must be a tuple",
                 PyObject_CallObject(show, V("[]")) == NULL);
    done();
}

TEST(wrong_results)
{
    char want[120];
    PyObject *forget = function(&forget_def), *both = function(&both_def);
    CHECK_RAISES(PyExc_SystemError,
                 "<built-in function forget> returned NULL without setting an exception",
                 PyObject_CallObject(forget, NULL) == NULL);
    snprintf(want, sizeof want, "<built-in function both> returned a result with an exception set");
    CHECK(PyObject_CallObject(both, NULL) == NULL);
    PyObject *error = keep(test_take_raised());
    CHECK(text_is(PyObject_Str(error), want));
    PyObject *cause = keep(PyException_GetCause(error));
    CHECK(shows(cause, "ValueError('left behind')"));
    PyException_SetCause(error, NULL);
    PyException_SetContext(error, NULL);
    done();
}

TEST(call_function)
{
    PyObject *show = function(&show_def);
    CHECK(repr_is(PyObject_CallFunction(show, NULL), "((),)"));
    CHECK(repr_is(PyObject_CallFunction(show, ""), "((),)"));
    CHECK(repr_is(PyObject_CallFunction(show, "is", 1, "x"), "((1, 'x'),)"));
    CHECK(repr_is(PyObject_CallFunction(show, "(is)", 1, "x"), "((1, 'x'),)"));
    CHECK(repr_is(PyObject_CallFunction(show, "((is))", 1, "x"), "(((1, 'x'),),)"));
    CHECK(repr_is(PyObject_CallFunction(show, "i", 1), "((1,),)"));
    CHECK(repr_is(PyObject_CallFunction(show, "O", V("(ii)", 1, 2)), "((1, 2),)"));
    CHECK(repr_is(PyObject_CallFunction(show, "[ii]", 1, 2), "(([1, 2],),)"));
    CHECK_RAISES(PyExc_SystemError, NULL, PyObject_CallFunction(NULL, "i", 1) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyObject_CallFunction(show, "!") == NULL);
    done();
}

TEST(call_method)
{
    PyObject *text = S("a,b");
    CHECK(repr_is(PyObject_CallMethod(text, "split", "s", ","), "['a', 'b']"));
    CHECK(repr_is(PyObject_CallMethod(text, "upper", NULL), "'A,B'"));
    CHECK(repr_is(PyObject_CallMethod(text, "replace", "ssi", "a", "z", 1), "'z,b'"));
    CHECK_RAISES(PyExc_AttributeError, "'str' object has no attribute 'nothing'",
                 PyObject_CallMethod(text, "nothing", NULL) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyObject_CallMethod(NULL, "x", NULL) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyObject_CallMethod(text, NULL, NULL) == NULL);
    PyObject *instance = keep(PyObject_CallObject(new_class("X", (PyObject *)&PyBaseObject_Type),
                                                  NULL));
    CHECK(PyObject_SetAttrString(instance, "number", L(1)) == 0);
    CHECK_RAISES(PyExc_TypeError, "attribute of type 'int' is not callable",
                 PyObject_CallMethod(instance, "number", NULL) == NULL);
    done();
}

TEST(object_arguments)
{
    PyObject *show = function(&show_def);
    CHECK(repr_is(PyObject_CallFunctionObjArgs(show, NULL), "((),)"));
    CHECK(repr_is(PyObject_CallFunctionObjArgs(show, L(1), S("a"), NULL), "((1, 'a'),)"));
    CHECK(repr_is(PyObject_CallFunctionObjArgs(show, L(1), L(2), L(3), L(4), L(5), L(6), L(7),
                                               NULL), "((1, 2, 3, 4, 5, 6, 7),)"));
    CHECK(repr_is(PyObject_CallMethodObjArgs(S("a-b"), S("split"), S("-"), NULL), "['a', 'b']"));
    CHECK_RAISES(PyExc_SystemError, NULL, PyObject_CallFunctionObjArgs(NULL, NULL) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyObject_CallMethodObjArgs(NULL, S("x"), NULL) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyObject_CallMethodObjArgs(L(1), NULL, NULL) == NULL);
    done();
}

#if TEST_API >= 0x030C0000

static PyObject *fast(PyObject *self, PyObject *const *args, Py_ssize_t n, PyObject *names)
{
    (void)self;
    PyObject *list = PyList_New(0);
    Py_ssize_t named = names == NULL ? 0 : PyTuple_Size(names);
    for (Py_ssize_t i = 0; list != NULL && i < n + named; i++) {
        if (PyList_Append(list, args[i]) < 0) {
            Py_CLEAR(list);
        }
    }
    return list == NULL ? NULL
                        : Py_BuildValue("(NO)", list, names == NULL ? Py_None : names);
}

static PyMethodDef fast_def = {"fast", (PyCFunction)(void (*)(void))fast,
                               METH_FASTCALL | METH_KEYWORDS, NULL};

#endif

TEST(vectorcall)
{
#if TEST_API >= 0x030C0000
    PyObject *show = function(&show_def), *quick = function(&fast_def);
    PyObject *args[4] = {NULL, L(1), L(2), L(3)};
    PyObject *names = V("(s)", "k");
    CHECK(repr_is(PyObject_CallNoArgs(show), "((),)"));
    CHECK(repr_is(PyObject_Vectorcall(show, args + 1, 2, NULL), "((1, 2),)"));
    CHECK(repr_is(PyObject_Vectorcall(show, args + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL),
                  "((1, 2),)"));
    CHECK(repr_is(PyObject_Vectorcall(show, args + 1, 2, names), "((1, 2), {'k': 3})"));
    CHECK(repr_is(PyObject_Vectorcall(quick, args + 1, 2, names), "([1, 2, 3], ('k',))"));
    CHECK(repr_is(PyObject_Vectorcall(quick, NULL, 0, NULL), "([], None)"));
    CHECK(repr_is(PyObject_Call(quick, V("(i)", 9), V("{sisi}", "a", 1, "b", 2)),
                  "([9, 1, 2], ('a', 'b'))"));
    CHECK(repr_is(PyVectorcall_Call(quick, V("(i)", 9), V("{si}", "a", 1)), "([9, 1], ('a',))"));
    CHECK(repr_is(PyVectorcall_Call(quick, V("(i)", 9), NULL), "([9], None)"));
    CHECK(PyVectorcall_NARGS(3 | PY_VECTORCALL_ARGUMENTS_OFFSET) == 3);
    CHECK_RAISES(PyExc_TypeError, "'int' object does not support vectorcall",
                 PyVectorcall_Call(L(1), V("()"), NULL) == NULL);
    CHECK_RAISES(PyExc_TypeError, "'int' object is not callable",
                 PyObject_Vectorcall(L(1), NULL, 0, NULL) == NULL);
    CHECK_RAISES(PyExc_TypeError, "keywords must be strings",
                 PyObject_Call(quick, V("()"), V("{ii}", 1, 1)) == NULL);
    PyObject *method_args[3] = {S("a-b-c"), S("-"), L(1)};
    CHECK(repr_is(PyObject_VectorcallMethod(S("split"), method_args, 3, NULL), "['a', 'b-c']"));
    CHECK(repr_is(PyObject_VectorcallMethod(S("split"), method_args, 2, V("(s)", "maxsplit")),
                  "['a', 'b-c']"));
    CHECK_RAISES(PyExc_AttributeError, "'str' object has no attribute 'zz'",
                 PyObject_VectorcallMethod(S("zz"), method_args, 1, NULL) == NULL);
    done();
#else
    SKIP("needs 3.12");
#endif
}

TEST(types_as_callables)
{
    CHECK(repr_is(PyObject_CallFunction((PyObject *)&PyLong_Type, "si", "ff", 16), "255"));
    CHECK(repr_is(PyObject_CallFunction((PyObject *)&PyUnicode_Type, "i", 5), "'5'"));
    CHECK(repr_is(PyObject_CallFunction((PyObject *)&PyList_Type, "s", "ab"), "['a', 'b']"));
    CHECK(repr_is(PyObject_Call((PyObject *)&PyDict_Type, V("()"), V("{si}", "a", 1)),
                  "{'a': 1}"));
    CHECK(repr_is(PyObject_CallFunction((PyObject *)&PyType_Type, "i", 5), "<class 'int'>"));
    CHECK_RAISES(PyExc_TypeError, "int expected at most 2 arguments, got 3",
                 PyObject_CallFunction((PyObject *)&PyLong_Type, "sii", "1", 10, 1) == NULL);
    CHECK_RAISES(PyExc_TypeError, "list expected at most 1 argument, got 2",
                 PyObject_CallFunction((PyObject *)&PyList_Type, "ss", "a", "b") == NULL);
    CHECK_RAISES(PyExc_TypeError, "object() takes no arguments",
                 PyObject_CallFunction((PyObject *)&PyBaseObject_Type, "i", 1) == NULL);
    done();
}

TEST(too_deep)
{
    PyObject *type = new_class("Self", (PyObject *)&PyBaseObject_Type);
    PyObject *instance = keep(PyObject_CallObject(type, NULL));
    PyObject *call = keep(PyObject_CallMethod(BUILTIN("getattr"), "__call__", "Os", type, "__class__"));
    CHECK(call != NULL);
    CHECK(PyObject_SetAttrString(type, "__call__", instance) == 0);
    CHECK_RAISES(PyExc_RecursionError, NULL, PyObject_CallObject(instance, NULL) == NULL);
    CHECK(PyObject_DelAttrString(type, "__call__") == 0);
    done();
}

TEST_MAIN(call, wrong_results, call_function, call_method, object_arguments, vectorcall,
          types_as_callables, too_deep)
