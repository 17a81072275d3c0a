/* methodobject.h: C functions as objects, every calling convention. */
#include "expect.h"

static PyObject *no_args(PyObject *self, PyObject *ignored)
{
    return Py_BuildValue("(Oi)", self == NULL ? Py_None : self, ignored == NULL);
}

static PyObject *one(PyObject *self, PyObject *arg)
{
    (void)self;
    return Py_BuildValue("(O)", arg);
}

static PyObject *var_args(PyObject *self, PyObject *args)
{
    (void)self;
    return Py_BuildValue("O", args);
}

static PyObject *key_words(PyObject *self, PyObject *args, PyObject *kwargs)
{
    (void)self;
    return Py_BuildValue("(OO)", args, kwargs == NULL ? Py_None : kwargs);
}

static PyMethodDef no_args_def = {"no_args", no_args, METH_NOARGS,
                                  "no_args($self, /)\n--\n\nTakes nothing."};
static PyMethodDef one_def = {"one", one, METH_O, NULL};
static PyMethodDef var_def = {"var_args", var_args, METH_VARARGS, "Plain text."};
static PyMethodDef key_def = {"key_words", (PyCFunction)(void (*)(void))key_words,
                              METH_VARARGS | METH_KEYWORDS, NULL};
static PyMethodDef bad_def = {"bad", one, METH_O | METH_NOARGS, NULL};

TEST(conventions)
{
    PyObject *self = S("self");
    PyObject *f = keep(PyCFunction_New(&no_args_def, self));
    CHECK(repr_is(PyObject_CallObject(f, NULL), "('self', 1)"));
    CHECK_RAISES(PyExc_TypeError, "str.no_args() takes no arguments (1 given)",
                 PyObject_CallFunction(f, "i", 1) == NULL);
    CHECK_RAISES(PyExc_TypeError, "str.no_args() takes no keyword arguments",
                 PyObject_Call(f, V("()"), V("{si}", "a", 1)) == NULL);
    f = keep(PyCFunction_New(&one_def, NULL));
    CHECK(repr_is(PyObject_CallFunction(f, "i", 5), "(5,)"));
    CHECK_RAISES(PyExc_TypeError, "one() takes exactly one argument (0 given)",
                 PyObject_CallObject(f, NULL) == NULL);
    CHECK_RAISES(PyExc_TypeError, "one() takes exactly one argument (2 given)",
                 PyObject_CallFunction(f, "ii", 1, 2) == NULL);
    f = keep(PyCFunction_New(&var_def, NULL));
    CHECK(repr_is(PyObject_CallFunction(f, "ii", 1, 2), "(1, 2)"));
    CHECK_RAISES(PyExc_TypeError, "var_args() takes no keyword arguments",
                 PyObject_Call(f, V("()"), V("{si}", "a", 1)) == NULL);
    f = keep(PyCFunction_New(&key_def, NULL));
    CHECK(repr_is(PyObject_Call(f, V("(i)", 1), V("{si}", "a", 1)), "((1,), {'a': 1})"));
    CHECK(repr_is(PyObject_CallFunction(f, "i", 1), "((1,), None)"));
    CHECK_RAISES(PyExc_SystemError, "bad() method: bad call flags",
                 PyCFunction_New(&bad_def, NULL) == NULL);
    done();
}

#if TEST_API >= 0x030A0000

static PyObject *fast(PyObject *self, PyObject *const *args, Py_ssize_t n)
{
    (void)self;
    return Py_BuildValue("(nO)", n, n > 0 ? args[n - 1] : Py_None);
}

static PyObject *fast_keys(PyObject *self, PyObject *const *args, Py_ssize_t n, PyObject *names)
{
    (void)self;
    return Py_BuildValue("(nOO)", n, names == NULL ? Py_None : names,
                         names == NULL ? Py_None : args[n]);
}

static PyObject *with_class(PyObject *self, PyTypeObject *type, PyObject *const *args, Py_ssize_t n,
                            PyObject *names)
{
    (void)self, (void)args, (void)names;
    return Py_BuildValue("(On)", (PyObject *)type, n);
}

static PyMethodDef fast_def = {"fast", (PyCFunction)(void (*)(void))fast, METH_FASTCALL, NULL};
static PyMethodDef fast_keys_def = {"fast_keys", (PyCFunction)(void (*)(void))fast_keys,
                                    METH_FASTCALL | METH_KEYWORDS, NULL};
static PyMethodDef with_class_def = {"with_class", (PyCFunction)(void (*)(void))with_class,
                                     METH_METHOD | METH_FASTCALL | METH_KEYWORDS, NULL};

#endif

TEST(fast_conventions)
{
#if TEST_API >= 0x030A0000
    PyObject *f = keep(PyCFunction_New(&fast_def, NULL));
    CHECK(repr_is(PyObject_CallFunction(f, "ii", 7, 8), "(2, 8)"));
    CHECK(repr_is(PyObject_CallObject(f, NULL), "(0, None)"));
    CHECK_RAISES(PyExc_TypeError, "fast() takes no keyword arguments",
                 PyObject_Call(f, V("()"), V("{si}", "a", 1)) == NULL);
    f = keep(PyCFunction_New(&fast_keys_def, NULL));
    CHECK(repr_is(PyObject_Call(f, V("(i)", 1), V("{si}", "a", 2)), "(1, ('a',), 2)"));
    PyObject *type = new_class("Owner", (PyObject *)&PyBaseObject_Type);
    f = keep(PyCMethod_New(&with_class_def, Py_None, NULL, (PyTypeObject *)type));
    CHECK(repr_is(PyObject_CallFunction(f, "i", 1), "(<class 'tests.Owner'>, 1)"));
    CHECK_RAISES(PyExc_SystemError, NULL,
                 PyCMethod_New(&with_class_def, Py_None, NULL, NULL) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL,
                 PyCMethod_New(&fast_def, Py_None, NULL, (PyTypeObject *)type) == NULL);
    done();
#else
    SKIP("needs 3.10");
#endif
}

TEST(attributes)
{
    PyObject *f = keep(PyCFunction_NewEx(&no_args_def, NULL, S("module.name")));
    CHECK(repr_is(PyObject_GetAttrString(f, "__name__"), "'no_args'"));
    CHECK(repr_is(PyObject_GetAttrString(f, "__qualname__"), "'no_args'"));
    CHECK(repr_is(PyObject_GetAttrString(f, "__doc__"), "'Takes nothing.'"));
    CHECK(repr_is(PyObject_GetAttrString(f, "__text_signature__"), "'($self, /)'"));
    CHECK(repr_is(PyObject_GetAttrString(f, "__module__"), "'module.name'"));
    CHECK(repr_is(PyObject_GetAttrString(f, "__self__"), "None"));
    f = keep(PyCFunction_New(&var_def, NULL));
    CHECK(repr_is(PyObject_GetAttrString(f, "__doc__"), "'Plain text.'"));
    CHECK(repr_is(PyObject_GetAttrString(f, "__text_signature__"), "None"));
    CHECK(shows(f, "<built-in function var_args>"));
    PyObject *list = V("[]");
    f = keep(PyCFunction_New(&one_def, list));
    char want[90];
    snprintf(want, sizeof want, "<built-in method one of list object at %p>", (void *)list);
    CHECK(shows(f, want));
    CHECK(repr_is(PyObject_GetAttrString(f, "__qualname__"), "'list.one'"));
    done();
}

TEST(getters)
{
    PyObject *self = V("[]");
    PyObject *f = keep(PyCFunction_New(&one_def, self));
    CHECK(PyCFunction_Check(f) && PyCFunction_CheckExact(f) && !PyCFunction_Check(self));
    CHECK(PyCFunction_GetFunction(f) == one);
    CHECK(PyCFunction_GetSelf(f) == self);
    CHECK(PyCFunction_GetFlags(f) == METH_O);
    CHECK_RAISES(PyExc_SystemError, NULL, PyCFunction_GetFunction(self) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyCFunction_GetSelf(self) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyCFunction_GetFlags(self) == -1);
    CHECK(PyCFunction_GetSelf(keep(PyCFunction_New(&one_def, NULL))) == NULL);
    CHECK(PyErr_Occurred() == NULL);
    done();
}

TEST(compare_and_hash)
{
    PyObject *self = V("[]");
    PyObject *a = keep(PyCFunction_New(&one_def, self)), *b = keep(PyCFunction_New(&one_def, self));
    CHECK(a != b && PyObject_RichCompareBool(a, b, Py_EQ) == 1);
    CHECK(PyObject_Hash(a) == PyObject_Hash(b));
    CHECK(PyObject_RichCompareBool(a, keep(PyCFunction_New(&one_def, V("[]"))), Py_EQ) == 0);
    CHECK_RAISES(PyExc_TypeError, NULL, PyObject_RichCompare(a, b, Py_LT) == NULL);
    done();
}

TEST(holds_what_it_was_given)
{
    PyObject *self = PyList_New(0), *module = PyUnicode_FromString("a module name");
    PyObject *f = PyCFunction_NewEx(&one_def, self, module);
    CHECK(Py_REFCNT(self) == 2 && Py_REFCNT(module) == 2);
    Py_DECREF(f);
    CHECK(Py_REFCNT(self) == 1 && Py_REFCNT(module) == 1);
    Py_DECREF(self);
    Py_DECREF(module);
    done();
}

TEST_MAIN(conventions, fast_conventions, attributes, getters, compare_and_hash,
          holds_what_it_was_given)
