/* weakrefobject.h: references that do not keep alive. */
#include "expect.h"

/* Gone from the headers of 3.15, still part of the ABI. */
#ifdef __cplusplus
extern "C"
#endif
PyObject *PyWeakref_GetObject(PyObject *);

static PyObject *target(void)
{
    PyObject *type = new_class("Target", (PyObject *)&PyBaseObject_Type);
    return PyObject_CallObject(type, NULL);
}

static int called;
static PyObject *given;

static PyObject *callback(PyObject *self, PyObject *reference)
{
    (void)self;
    called++;
    given = reference;
    return PyLong_FromLong(0);
}

static PyObject *bad_callback(PyObject *self, PyObject *reference)
{
    (void)self, (void)reference;
    called++;
    PyErr_SetString(PyExc_ValueError, "from the callback");
    return NULL;
}

static PyMethodDef callback_def = {"callback", callback, METH_O, NULL};
static PyMethodDef bad_def = {"bad", bad_callback, METH_O, NULL};

TEST(reference)
{
    PyObject *object = target();
    PyObject *reference = keep(PyWeakref_NewRef(object, NULL));
    CHECK(PyWeakref_CheckRef(reference) && PyWeakref_CheckRefExact(reference));
    CHECK(PyWeakref_Check(reference) && !PyWeakref_CheckProxy(reference));
    CHECK(Py_REFCNT(object) == 1);
    CHECK(PyWeakref_GetObject(reference) == object);
    CHECK(is_same(PyObject_CallObject(reference, NULL), object));
    CHECK(keep(PyWeakref_NewRef(object, NULL)) == reference);
    CHECK(keep(PyWeakref_NewRef(object, Py_None)) == reference);
    Py_DECREF(object);
    CHECK(PyWeakref_GetObject(reference) == Py_None);
    CHECK(is_none(PyObject_CallObject(reference, NULL)));
    done();
}

TEST(get_ref)
{
#if TEST_API >= 0x030D0000
    PyObject *object = target(), *out = NULL;
    PyObject *reference = keep(PyWeakref_NewRef(object, NULL));
    CHECK(PyWeakref_GetRef(reference, &out) == 1 && is_same(out, object));
    Py_DECREF(object);
    CHECK(PyWeakref_GetRef(reference, &out) == 0 && out == NULL);
    CHECK_RAISES(PyExc_TypeError, "expected a weakref", PyWeakref_GetRef(L(1), &out) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyWeakref_GetRef(NULL, &out) == -1 && out == NULL);
    done();
#else
    SKIP("needs 3.13");
#endif
}

TEST(callbacks)
{
    PyObject *function = keep(PyCFunction_New(&callback_def, NULL));
    PyObject *object = target();
    PyObject *a = keep(PyWeakref_NewRef(object, function));
    PyObject *b = keep(PyWeakref_NewRef(object, function));
    CHECK(a != b);
    called = 0;
    Py_DECREF(object);
    CHECK(called == 2 && given == a);
    object = target();
    PyObject *dropped = PyWeakref_NewRef(object, function);
    Py_DECREF(dropped);
    called = 0;
    Py_DECREF(object);
    CHECK(called == 0);
    done();
}

TEST(callback_raises)
{
    PyObject *sys = keep(PyImport_ImportModule("sys"));
    PyObject *caught = V("[]");
    PyObject *old = keep(PyObject_GetAttrString(sys, "unraisablehook"));
    CHECK(PyObject_SetAttrString(sys, "unraisablehook",
                                 keep(PyObject_GetAttrString(caught, "append"))) == 0);
    PyObject *object = target();
    PyObject *reference = keep(PyWeakref_NewRef(object, keep(PyCFunction_New(&bad_def, NULL))));
    CHECK(reference != NULL);
    called = 0;
    Py_DECREF(object);
    CHECK(called == 1 && PyErr_Occurred() == NULL && PyList_Size(caught) == 1);
    CHECK(PyObject_SetAttrString(sys, "unraisablehook", old) == 0);
    done();
}

TEST(proxies)
{
    PyObject *object = target();
    CHECK(PyObject_SetAttrString(object, "x", L(5)) == 0);
    PyObject *proxy = keep(PyWeakref_NewProxy(object, NULL));
    CHECK(PyWeakref_CheckProxy(proxy) && PyWeakref_Check(proxy) && !PyWeakref_CheckRef(proxy));
    CHECK(repr_is(PyObject_GetAttrString(proxy, "x"), "5"));
    CHECK(PyObject_SetAttrString(proxy, "y", L(6)) == 0);
    CHECK(repr_is(PyObject_GetAttrString(object, "y"), "6"));
    Py_DECREF(object);
    CHECK_RAISES(PyExc_ReferenceError, "weakly-referenced object no longer exists",
                 PyObject_GetAttrString(proxy, "x") == NULL);
    PyObject *set = keep(PySet_New(V("[i]", 1)));
    proxy = keep(PyWeakref_NewProxy(set, NULL));
    CHECK(PyObject_Size(proxy) == 1 && PySequence_Contains(proxy, L(1)) == 1);
    CHECK(repr_is(PyNumber_Or(proxy, keep(PySet_New(V("[i]", 2)))), "{1, 2}"));
    done();
}

TEST(refuses)
{
    CHECK_RAISES(PyExc_TypeError, "cannot create weak reference to 'int' object",
                 PyWeakref_NewRef(L(1), NULL) == NULL);
    CHECK_RAISES(PyExc_TypeError, "cannot create weak reference to 'list' object",
                 PyWeakref_NewRef(V("[]"), NULL) == NULL);
    CHECK_RAISES(PyExc_TypeError, "cannot create weak reference to 'int' object",
                 PyWeakref_NewProxy(L(1), NULL) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyWeakref_GetObject(L(1)) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyWeakref_GetObject(NULL) == NULL);
    done();
}

TEST(compare_and_hash)
{
    PyObject *object = target();
    PyObject *a = keep(PyWeakref_NewRef(object, NULL));
    PyObject *b = keep(PyWeakref_NewRef(object, keep(PyCFunction_New(&callback_def, NULL))));
    CHECK(PyObject_RichCompareBool(a, b, Py_EQ) == 1);
    CHECK(PyObject_Hash(a) == PyObject_Hash(object));
    Py_DECREF(object);
    CHECK(PyObject_RichCompareBool(a, b, Py_EQ) == 0);
    CHECK(PyObject_Hash(a) != -1);
    CHECK_RAISES(PyExc_TypeError, "weak object has gone away", PyObject_Hash(b) == -1);
    done();
}

TEST(cycle_with_weakref)
{
    PyObject *object = target();
    PyObject *function = keep(PyCFunction_New(&callback_def, NULL));
    PyObject *reference = keep(PyWeakref_NewRef(object, function));
    CHECK(PyObject_SetAttrString(object, "self", object) == 0);
    called = 0;
    Py_DECREF(object);
    CHECK(PyWeakref_GetObject(reference) == object && called == 0);
    CHECK(PyGC_Collect() >= 1);
    CHECK(PyWeakref_GetObject(reference) == Py_None && called == 1);
    done();
}

TEST(repr)
{
    PyObject *object = keep(target());
    PyObject *reference = keep(PyWeakref_NewRef(object, NULL));
    char want[120];
    snprintf(want, sizeof want, "<weakref at %p; to 'tests.Target' at %p>", (void *)reference,
             (void *)object);
    CHECK(shows(reference, want));
    done();
}

TEST_MAIN(reference, get_ref, callbacks, callback_raises, proxies, refuses, compare_and_hash,
          cycle_with_weakref, repr)
