/* refcount.h and cpython/object.h: what the full API of 3.14 and 3.15 adds.
 * For the full API: what the compiler was told of a limited one is forgotten. */
/* NEEDS 3.15 */
#undef Py_LIMITED_API
#include "expect.h"

TEST(is_immortal)
{
    CHECK(PyUnstable_IsImmortal(Py_None) == 1);
    CHECK(PyUnstable_IsImmortal(Py_True) == 1);
    CHECK(PyUnstable_IsImmortal(L(1024)) == 1);
    CHECK(PyUnstable_IsImmortal((PyObject *)&PyLong_Type) == 1);
    CHECK(PyUnstable_IsImmortal(V("()")) == 1);
    CHECK(PyUnstable_IsImmortal(S("a")) == 1);
    CHECK(PyUnstable_IsImmortal(L(100000)) == 0);
    CHECK(PyUnstable_IsImmortal(V("[]")) == 0);
    CHECK(_Py_IsImmortal(Py_None) && !_Py_IsImmortal(V("[]")));
    done();
}

TEST(set_immortal)
{
    PyObject *number = PyLong_FromLong(123456789);
    CHECK(PyUnstable_SetImmortal(number) == 1);
    CHECK(PyUnstable_IsImmortal(number) == 1);
    for (int i = 0; i < 1000; i++) {
        Py_DecRef(number);
    }
    CHECK(PyUnstable_IsImmortal(number) == 1 && PyLong_AsLong(number) == 123456789);
    PyObject *shared = L(987654321);
    Py_INCREF(shared);
    CHECK(PyUnstable_SetImmortal(shared) == 0);
    CHECK(PyUnstable_IsImmortal(shared) == 0);
    Py_DECREF(shared);
    PyObject *text = keep(PyUnicode_FromString("a text that stays mortal"));
    CHECK(PyUnstable_SetImmortal(text) == 0);
    done();
}

TEST(the_word_of_a_static_object)
{
    int64_t word = Py_None->ob_refcnt_full;
    CHECK((uint32_t)word >= 1u << 31);
    CHECK((word >> 48 & _Py_IMMORTAL_FLAGS) != 0);
    CHECK((word >> 48 & _Py_STATICALLY_ALLOCATED_FLAG) != 0);
    Py_INCREF(Py_None);
    Py_DECREF(Py_None);
    Py_DECREF(Py_None);
    CHECK(Py_None->ob_refcnt_full == word);
    done();
}

TEST(set_refcnt)
{
    PyObject *list = keep(PyList_New(0));
    Py_SET_REFCNT(list, 5);
    CHECK(Py_REFCNT(list) == 5);
    Py_SET_REFCNT(list, 1);
    Py_ssize_t before = Py_REFCNT(Py_None);
    Py_SET_REFCNT(Py_None, 5);
    CHECK(Py_REFCNT(Py_None) == before);
    done();
}

TEST_MAIN(is_immortal, set_immortal, the_word_of_a_static_object, set_refcnt)
