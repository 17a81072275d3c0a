/* refcount.h: counting, and the objects that no count ever changes.
 *
 * For the limited API of 3.6 Py_INCREF and Py_DECREF change the word inline,
 * without a look at the immortal flag; for that of 3.12 upwards they call. What is
 * hammered here in both ways must survive with its flag. */
/* HAMMERS */
#include "expect.h"

#define HAMMER 100000

static int freed;

static void count_freed(PyObject *capsule)
{
    (void)capsule;
    freed++;
}

static PyObject *mortal(void)
{
    static int anything;
    return PyCapsule_New(&anything, NULL, count_freed);
}

TEST(last_reference_frees)
{
    PyObject *object = mortal();
    freed = 0;
    CHECK(Py_REFCNT(object) == 1);
    Py_INCREF(object);
    Py_IncRef(object);
    CHECK(Py_REFCNT(object) == 3);
    Py_DECREF(object);
    Py_DecRef(object);
    CHECK(Py_REFCNT(object) == 1 && freed == 0);
    Py_DECREF(object);
    CHECK(freed == 1);
    done();
}

TEST(call_and_inline_agree)
{
    PyObject *object = mortal();
    freed = 0;
    for (int i = 0; i < 1000; i++) {
        Py_IncRef(object);
        Py_INCREF(object);
    }
    CHECK(Py_REFCNT(object) == 2001);
    for (int i = 0; i < 1000; i++) {
        Py_DECREF(object);
        Py_DecRef(object);
    }
    CHECK(Py_REFCNT(object) == 1 && freed == 0);
    Py_DecRef(object);
    CHECK(freed == 1);
    done();
}

TEST(null_is_allowed)
{
    PyObject *nothing = NULL;
    Py_IncRef(NULL);
    Py_DecRef(NULL);
    Py_XINCREF(nothing);
    Py_XDECREF(nothing);
    Py_CLEAR(nothing);
    /* CRASHES Py_INCREF(NULL), Py_DECREF(NULL), Py_REFCNT(NULL) */
    done();
}

TEST(new_ref)
{
#if TEST_API >= 0x030A0000
    PyObject *object = mortal();
    freed = 0;
    CHECK(Py_NewRef(object) == object && Py_XNewRef(object) == object);
    CHECK(Py_XNewRef((PyObject *)NULL) == NULL);
    CHECK(Py_REFCNT(object) == 3);
    Py_DECREF(object);
    Py_DECREF(object);
    Py_CLEAR(object);
    CHECK(object == NULL && freed == 1);
    done();
#else
    SKIP("needs 3.10");
#endif
}

TEST(clear_sets_null_first)
{
    PyObject *object = mortal();
    freed = 0;
    Py_CLEAR(object);
    CHECK(object == NULL && freed == 1);
    done();
}

static void hammer(PyObject *object)
{
    for (int i = 0; i < HAMMER; i++) {
        Py_IncRef(object);
    }
    for (int i = 0; i < 3 * HAMMER; i++) {
        Py_DecRef(object);
    }
    for (int i = 0; i < HAMMER; i++) {
        Py_INCREF(object);
    }
    for (int i = 0; i < 3 * HAMMER; i++) {
        Py_DECREF(object);
    }
}

/* The objects that live as long as the process, with what they are. */
static PyObject *immortal(int which, const char **repr)
{
    switch (which) {
    case 0: *repr = "None"; return Py_None;
    case 1: *repr = "True"; return Py_True;
    case 2: *repr = "False"; return Py_False;
    case 3: *repr = "Ellipsis"; return Py_Ellipsis;
    case 4: *repr = "NotImplemented"; return Py_NotImplemented;
    case 5: *repr = "7"; return L(7);
    case 6: *repr = "-5"; return L(-5);
    case 7: *repr = "()"; return V("()");
    case 8: *repr = "''"; return S("");
    case 9: *repr = "b''"; return B("");
    case 10: *repr = "'a'"; return S("a");
    case 11: *repr = "b'\\xff'"; return B("\xff");
    case 12: *repr = "<class 'int'>"; return (PyObject *)&PyLong_Type;
    case 13: *repr = "<class 'type'>"; return (PyObject *)&PyType_Type;
    case 14: *repr = "<class 'ValueError'>"; return PyExc_ValueError;
    default: return NULL;
    }
}

TEST(unbalanced_counts_do_no_harm)
{
    const char *repr;
    PyObject *object;
    for (int which = 0; (object = immortal(which, &repr)) != NULL; which++) {
        hammer(object);
        CHECK(shows(object, repr));
    }
    done();
}

TEST(calls_never_change_the_word)
{
    NEEDS(0x030C0000);
    const char *repr;
    PyObject *object;
    for (int which = 0; (object = immortal(which, &repr)) != NULL; which++) {
        Py_ssize_t before = Py_REFCNT(object);
        for (int i = 0; i < 1000; i++) {
            Py_IncRef(object);
        }
        CHECK(Py_REFCNT(object) == before);
        for (int i = 0; i < 5000; i++) {
            Py_DecRef(object);
        }
        CHECK(Py_REFCNT(object) == before);
    }
    done();
}

TEST(use_never_changes_the_word)
{
    NEEDS(0x030C0000);
    PyObject *list = keep(PyList_New(0));
    PyObject *one = L(1);
    Py_ssize_t none_before = Py_REFCNT(Py_None), one_before = Py_REFCNT(one);
    for (int i = 0; i < 100; i++) {
        CHECK(PyList_Append(list, Py_None) == 0 && PyList_Append(list, one) == 0);
    }
    PyObject *tuple = keep(PyList_AsTuple(list));
    PyObject *again = keep(PySequence_Repeat(tuple, 10));
    CHECK(PyTuple_Size(again) == 2000);
    CHECK(Py_REFCNT(Py_None) == none_before && Py_REFCNT(one) == one_before);
    done();
}

TEST(what_holds_an_immortal_is_mortal)
{
    PyObject *list = PyList_New(0);
    CHECK(PyList_Append(list, Py_None) == 0 && Py_REFCNT(list) == 1);
    Py_DECREF(list);
    PyObject *number = PyLong_FromLong(1000000);
    CHECK(Py_REFCNT(number) == 1);
    Py_DECREF(number);
    PyObject *text = PyUnicode_FromString("more than a character");
    CHECK(Py_REFCNT(text) == 1);
    Py_DECREF(text);
    done();
}

TEST_MAIN(last_reference_frees, call_and_inline_agree, null_is_allowed, new_ref,
          clear_sets_null_first, unbalanced_counts_do_no_harm, calls_never_change_the_word,
          use_never_changes_the_word, what_holds_an_immortal_is_mortal)
