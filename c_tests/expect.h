/* Short words for the C tests.
 *
 * A test makes many small objects. `keep` puts a new reference into a list that
 * `done`, the last line of every test, gives back, so that an expression may
 * hold temporaries: CHECK(repr_is(PyNumber_Add(L(2), L(3)), "5")).
 * `repr_is` and its kin take over the reference they look at.
 * Limited API only, 3.6 upwards.
 */
#ifndef EXPECT_H
#define EXPECT_H

#include "testhelper.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What is deprecated is part of the ABI and tested like the rest. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/* A pointer to a function, as the void * that PyType_Slot wants. */
#define FUNC(f) (__extension__ (void *)(f))

#define KEEP_MAX 4096
static PyObject *kept[KEEP_MAX];
static int n_kept;

/* Takes over a new reference until `done`; NULL passes through. */
static inline PyObject *keep(PyObject *owned)
{
    if (owned != NULL) {
        if (n_kept == KEEP_MAX) {
            fputs("too many kept objects in one test\n", stderr);
            abort();
        }
        kept[n_kept++] = owned;
    }
    return owned;
}

static inline void done(void)
{
    CHECK(PyErr_Occurred() == NULL);
    while (n_kept > 0) {
        Py_DECREF(kept[--n_kept]);
    }
}

#define L(n) keep(PyLong_FromLongLong(n))
#define F(x) keep(PyFloat_FromDouble(x))
#define S(s) keep(PyUnicode_FromString(s))
#define B(s) keep(PyBytes_FromString(s))
#define V(...) keep(Py_BuildValue(__VA_ARGS__))
/* An attribute of a module: builtins' `name`. */
#define BUILTIN(name) from_module("builtins", name)

static inline PyObject *from_module(const char *module, const char *name)
{
    PyObject *m = keep(PyImport_ImportModule(module));
    return m == NULL ? NULL : keep(PyObject_GetAttrString(m, name));
}

/* Compares the text of `owned`, which is given back. */
static inline bool text_is(PyObject *owned, const char *want)
{
    if (owned == NULL) {
        PyObject *raised = test_take_raised();
        if (raised != NULL) {
            test_print("  raised ", raised, 1);
            Py_DECREF(raised);
        }
        return false;
    }
    PyObject *utf8 = PyUnicode_AsUTF8String(owned);
    bool same = utf8 != NULL && strcmp(PyBytes_AsString(utf8), want) == 0;
    if (utf8 != NULL && !same) {
        printf("  got %s\n", PyBytes_AsString(utf8));
    }
    Py_XDECREF(utf8);
    Py_DECREF(owned);
    return same;
}

static inline bool repr_is(PyObject *owned, const char *want)
{
    PyObject *repr = owned == NULL ? NULL : PyObject_Repr(owned);
    Py_XDECREF(owned);
    return text_is(repr, want);
}

/* As `repr_is`, for a borrowed reference. */
static inline bool shows(PyObject *borrowed, const char *want)
{
    return text_is(borrowed == NULL ? NULL : PyObject_Repr(borrowed), want);
}

/* A new reference that must be exactly `want`. */
static inline bool is_same(PyObject *owned, PyObject *want)
{
    bool same = owned == want && owned != NULL;
    Py_XDECREF(owned);
    return same;
}

static inline bool is_none(PyObject *owned)
{
    return is_same(owned, Py_None);
}

/* repr of the raised exception, which is cleared. */
static inline bool raised_is(const char *want)
{
    return repr_is(test_take_raised(), want);
}

/* type(name, (base,), {'__module__': 'tests'}), kept until `done`. */
static inline PyObject *new_class(const char *name, PyObject *base)
{
    return keep(PyObject_CallFunction((PyObject *)&PyType_Type, "s(O){ss}", name, base,
                                      "__module__", "tests"));
}

/* An instance of a new class `tests.C` that finds the C function in its type.
 * A built-in function is not bound: `def` is called without the instance. */
static inline PyObject *instance_with(PyMethodDef *def)
{
    PyObject *type = new_class("C", (PyObject *)&PyBaseObject_Type);
    PyObject *function = keep(PyCFunction_New(def, NULL));
    if (type == NULL || function == NULL
        || PyObject_SetAttrString(type, def->ml_name, function) < 0) {
        return NULL;
    }
    return keep(PyObject_CallObject(type, NULL));
}

#endif
