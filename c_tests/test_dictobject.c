/* dictobject.h: dicts. */
#include "expect.h"

static PyObject *bad_hash(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    PyErr_SetString(PyExc_ZeroDivisionError, "no hash");
    return NULL;
}

static PyMethodDef raising_hash = {"__hash__", bad_hash, METH_VARARGS, NULL};

TEST(set_get_delete)
{
    PyObject *dict = keep(PyDict_New());
    PyObject *list = V("[]");
    CHECK(PyDict_SetItem(dict, S("a"), L(1)) == 0);
    CHECK(PyDict_SetItemString(dict, "b", L(2)) == 0);
    CHECK(PyDict_SetItem(dict, L(3), L(4)) == 0);
    CHECK(PyDict_SetItem(dict, F(3.0), L(5)) == 0);
    CHECK(shows(dict, "{'a': 1, 'b': 2, 3: 5}"));
    CHECK(shows(PyDict_GetItem(dict, S("b")), "2"));
    CHECK(shows(PyDict_GetItemString(dict, "a"), "1"));
    CHECK(shows(PyDict_GetItemWithError(dict, L(3)), "5"));
    CHECK(PyDict_GetItem(dict, S("zz")) == NULL && PyErr_Occurred() == NULL);
    CHECK(PyDict_GetItemString(dict, "zz") == NULL && PyErr_Occurred() == NULL);
    CHECK(PyDict_GetItemWithError(dict, S("zz")) == NULL && PyErr_Occurred() == NULL);
    CHECK(PyDict_Contains(dict, S("a")) == 1 && PyDict_Contains(dict, S("c")) == 0);
    CHECK(PyDict_DelItem(dict, S("a")) == 0);
    CHECK(PyDict_DelItemString(dict, "b") == 0);
    CHECK(PyDict_Size(dict) == 1);
    CHECK_RAISES(PyExc_KeyError, "'a'", PyDict_DelItem(dict, S("a")) == -1);
    CHECK_RAISES(PyExc_KeyError, "'b'", PyDict_DelItemString(dict, "b") == -1);
    CHECK_RAISES(PyExc_TypeError, "cannot use 'list' as a dict key (unhashable type: 'list')",
                 PyDict_SetItem(dict, list, Py_None) == -1);
    CHECK_RAISES(PyExc_TypeError, "cannot use 'list' as a dict key (unhashable type: 'list')",
                 PyDict_GetItemWithError(dict, list) == NULL);
    CHECK_RAISES(PyExc_TypeError, "cannot use 'list' as a dict key (unhashable type: 'list')",
                 PyDict_DelItem(dict, list) == -1);
    CHECK_RAISES(PyExc_TypeError, "cannot use 'list' as a dict key (unhashable type: 'list')",
                 PyDict_Contains(dict, list) == -1);
    PyObject *odd = instance_with(&raising_hash);
    CHECK_RAISES(PyExc_ZeroDivisionError, "no hash",
                 PyDict_GetItemWithError(dict, odd) == NULL);
    PyDict_Clear(dict);
    CHECK(shows(dict, "{}"));
    done();
}

TEST(not_a_dict)
{
    PyObject *list = V("[]");
    CHECK(PyDict_GetItem(list, Py_None) == NULL && PyErr_Occurred() == NULL);
    CHECK(PyDict_GetItemString(list, "x") == NULL && PyErr_Occurred() == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyDict_GetItemWithError(list, Py_None) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyDict_SetItem(list, Py_None, Py_None) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyDict_SetItemString(list, "x", Py_None) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyDict_DelItem(list, Py_None) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyDict_DelItemString(list, "x") == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyDict_Size(list) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyDict_Keys(list) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyDict_Values(list) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyDict_Items(list) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyDict_Copy(list) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyDict_Copy(NULL) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyDict_Keys(NULL) == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL, PyDict_Merge(list, V("{}"), 1) == -1);
    PyDict_Clear(list);
    Py_ssize_t at = 0;
    CHECK(PyDict_Next(list, &at, NULL, NULL) == 0);
    CHECK(PyErr_Occurred() == NULL);
    /* CRASHES PyDict_SetItem(dict, NULL, x), PyDict_SetItem(dict, x, NULL) */
    done();
}

TEST(next)
{
    PyObject *dict = V("{sisisi}", "a", 1, "b", 2, "c", 3);
    PyObject *key, *value;
    Py_ssize_t at = 0;
    long sum = 0;
    char names[4] = "";
    while (PyDict_Next(dict, &at, &key, &value)) {
        PyObject *name = PyUnicode_AsUTF8String(key);
        strcat(names, PyBytes_AsString(name));
        Py_DECREF(name);
        sum += PyLong_AsLong(value);
        CHECK(PyDict_SetItem(dict, key, keep(PyLong_FromLong(sum))) == 0);
    }
    CHECK(sum == 6 && strcmp(names, "abc") == 0);
    CHECK(shows(dict, "{'a': 1, 'b': 3, 'c': 6}"));
    at = 0;
    CHECK(PyDict_Next(dict, &at, NULL, NULL) == 1);
    CHECK(PyDict_Next(dict, &at, &key, NULL) == 1 && text_is((Py_INCREF(key), key), "b"));
    CHECK(PyDict_Next(dict, &at, NULL, &value) == 1 && PyLong_AsLong(value) == 6);
    CHECK(PyDict_Next(dict, &at, NULL, NULL) == 0);
    done();
}

TEST(lists_and_copy)
{
    PyObject *dict = V("{sisi}", "a", 1, "b", 2);
    CHECK(repr_is(PyDict_Keys(dict), "['a', 'b']"));
    CHECK(repr_is(PyDict_Values(dict), "[1, 2]"));
    CHECK(repr_is(PyDict_Items(dict), "[('a', 1), ('b', 2)]"));
    PyObject *copy = keep(PyDict_Copy(dict));
    CHECK(PyDict_DelItemString(copy, "a") == 0);
    CHECK(shows(copy, "{'b': 2}") && shows(dict, "{'a': 1, 'b': 2}"));
    done();
}

TEST(merge)
{
    PyObject *dict = V("{si}", "a", 1);
    CHECK(PyDict_Merge(dict, V("{sisi}", "a", 2, "b", 3), 0) == 0);
    CHECK(shows(dict, "{'a': 1, 'b': 3}"));
    CHECK(PyDict_Update(dict, V("{si}", "a", 9)) == 0);
    CHECK(shows(dict, "{'a': 9, 'b': 3}"));
    CHECK(PyDict_MergeFromSeq2(dict, V("[(si)[si]]", "a", 0, "c", 4), 0) == 0);
    CHECK(shows(dict, "{'a': 9, 'b': 3, 'c': 4}"));
    CHECK(PyDict_MergeFromSeq2(dict, V("((si))", "a", 0), 1) == 0);
    CHECK(shows(dict, "{'a': 0, 'b': 3, 'c': 4}"));
    CHECK(PyDict_Merge(dict, dict, 1) == 0);
    CHECK_RAISES(PyExc_AttributeError, "'list' object has no attribute 'keys'",
                 PyDict_Merge(dict, V("[]"), 1) == -1);
    CHECK_RAISES(PyExc_ValueError,
                 "dictionary update sequence element #1 has length 3; 2 is required",
                 PyDict_MergeFromSeq2(dict, V("[(ii)(iii)]", 1, 2, 1, 2, 3), 1) == -1);
    CHECK_RAISES(PyExc_TypeError, "object is not iterable",
                 PyDict_MergeFromSeq2(dict, V("[i]", 1), 1) == -1);
    CHECK_RAISES(PyExc_TypeError, "'int' object is not iterable",
                 PyDict_MergeFromSeq2(dict, L(1), 1) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyDict_Merge(dict, NULL, 1) == -1);
    done();
}

TEST(strong_references)
{
#if TEST_API >= 0x030D0000
    PyObject *dict = V("{si}", "a", 5000);
    PyObject *out = Py_None;
    CHECK(PyDict_GetItemRef(dict, S("a"), &out) == 1 && repr_is(out, "5000"));
    CHECK(PyDict_GetItemRef(dict, S("b"), &out) == 0 && out == NULL);
    CHECK(PyDict_GetItemStringRef(dict, "a", &out) == 1 && repr_is(out, "5000"));
    CHECK(PyDict_GetItemStringRef(dict, "b", &out) == 0 && out == NULL);
    out = Py_None;
    CHECK_RAISES(PyExc_TypeError, "cannot use 'list' as a dict key (unhashable type: 'list')",
                 PyDict_GetItemRef(dict, V("[]"), &out) == -1 && out == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL,
                 PyDict_GetItemRef(V("[]"), S("a"), &out) == -1 && out == NULL);
    CHECK_RAISES(PyExc_UnicodeDecodeError, NULL,
                 PyDict_GetItemStringRef(dict, "\xff", &out) == -1 && out == NULL);
    done();
#else
    SKIP("needs 3.13");
#endif
}

TEST(set_default)
{
#if TEST_API >= 0x030F0000
    PyObject *dict = V("{si}", "a", 1);
    PyObject *out = NULL;
    CHECK(PyDict_SetDefaultRef(dict, S("a"), L(9), &out) == 1 && repr_is(out, "1"));
    CHECK(PyDict_SetDefaultRef(dict, S("b"), L(9), &out) == 0 && repr_is(out, "9"));
    CHECK(PyDict_SetDefaultRef(dict, S("c"), L(9), NULL) == 0);
    CHECK(shows(dict, "{'a': 1, 'b': 9, 'c': 9}"));
    CHECK_RAISES(PyExc_TypeError, "cannot use 'list' as a dict key (unhashable type: 'list')",
                 PyDict_SetDefaultRef(dict, V("[]"), L(1), &out) == -1 && out == NULL);
    CHECK_RAISES(PyExc_SystemError, NULL,
                 PyDict_SetDefaultRef(V("[]"), S("a"), L(1), &out) == -1 && out == NULL);
    done();
#else
    SKIP("needs 3.15");
#endif
}

TEST(views)
{
    PyObject *dict = V("{sisi}", "a", 1, "b", 2);
    PyObject *keys = keep(PyObject_CallMethod(dict, "keys", NULL));
    PyObject *values = keep(PyObject_CallMethod(dict, "values", NULL));
    PyObject *items = keep(PyObject_CallMethod(dict, "items", NULL));
    CHECK(PyDictKeys_Check(keys) && PyDictValues_Check(values) && PyDictItems_Check(items));
    CHECK(PyDictViewSet_Check(keys) && !PyDictViewSet_Check(values));
    CHECK(shows(keys, "dict_keys(['a', 'b'])"));
    CHECK(shows(values, "dict_values([1, 2])"));
    CHECK(shows(items, "dict_items([('a', 1), ('b', 2)])"));
    CHECK(PyDict_SetItemString(dict, "c", L(3)) == 0);
    CHECK(PySequence_Size(keys) == 3 && PySequence_Contains(keys, S("c")) == 1);
    CHECK(PySequence_Contains(items, V("(si)", "c", 3)) == 1);
    CHECK(repr_is(PyNumber_And(keys, V("[s]", "b")), "{'b'}"));
    PyObject *iterator = keep(PyObject_GetIter(keys));
    CHECK(repr_is(PyIter_Next(iterator), "'a'"));
    CHECK(PyDict_DelItemString(dict, "a") == 0);
    CHECK_RAISES(PyExc_RuntimeError, "dictionary changed size during iteration",
                 PyIter_Next(iterator) == NULL);
    done();
}

TEST(keeps_order_and_grows)
{
    PyObject *dict = keep(PyDict_New());
    for (long i = 0; i < 1000; i++) {
        PyObject *key = PyLong_FromLong(i * 7919 % 1009);
        CHECK(PyDict_SetItem(dict, key, key) == 0);
        Py_DECREF(key);
    }
    for (long i = 0; i < 1000; i += 2) {
        PyObject *key = PyLong_FromLong(i * 7919 % 1009);
        CHECK(PyDict_DelItem(dict, key) == 0);
        Py_DECREF(key);
    }
    CHECK(PyDict_Size(dict) == 500);
    Py_ssize_t at = 0;
    PyObject *key;
    for (long i = 1; PyDict_Next(dict, &at, &key, NULL); i += 2) {
        CHECK(PyLong_AsLong(key) == i * 7919 % 1009);
    }
    done();
}

TEST(methods)
{
    PyObject *dict = V("{sisi}", "a", 1, "b", 2);
    CHECK(repr_is(PyObject_CallMethod(dict, "get", "si", "z", 7), "7"));
    CHECK(repr_is(PyObject_CallMethod(dict, "pop", "s", "a"), "1"));
    CHECK(repr_is(PyObject_CallMethod(dict, "popitem", NULL), "('b', 2)"));
    CHECK_RAISES(PyExc_KeyError, "'popitem(): dictionary is empty'",
                 PyObject_CallMethod(dict, "popitem", NULL) == NULL);
    CHECK_RAISES(PyExc_KeyError, "'x'", PyObject_CallMethod(dict, "pop", "s", "x") == NULL);
    CHECK(repr_is(PyObject_CallMethod((PyObject *)&PyDict_Type, "fromkeys", "(ss)i", "a", "b",
                                      0), "{'a': 0, 'b': 0}"));
    CHECK(repr_is(PyNumber_Or(V("{si}", "a", 1), V("{si}", "b", 2)), "{'a': 1, 'b': 2}"));
    CHECK(PyObject_RichCompareBool(V("{sisi}", "a", 1, "b", 2), V("{sisi}", "b", 2, "a", 1),
                                   Py_EQ) == 1);
    CHECK(PyDict_SetItemString(dict, "self", dict) == 0);
    CHECK(shows(dict, "{'self': {...}}"));
    PyDict_Clear(dict);
    CHECK_RAISES(PyExc_KeyError, "'x'", PyObject_GetItem(dict, S("x")) == NULL);
    CHECK_RAISES(PyExc_TypeError, "unhashable type: 'dict'", PyObject_Hash(dict) == -1);
    done();
}

static PyObject *missing(PyObject *self, PyObject *args)
{
    (void)self;
    return PyUnicode_FromFormat("no %R", args);
}

static PyMethodDef missing_def = {"__missing__", missing, METH_O, NULL};

TEST(subclass_with_missing)
{
    PyObject *type = new_class("D", (PyObject *)&PyDict_Type);
    PyObject *function = keep(PyCFunction_New(&missing_def, NULL));
    CHECK(PyObject_SetAttrString(type, "__missing__", function) == 0);
    PyObject *dict = keep(PyObject_CallObject(type, NULL));
    CHECK(PyDict_Check(dict) && !PyDict_CheckExact(dict));
    /* Not bound, so the one argument is the key. */
    CHECK(repr_is(PyObject_GetItem(dict, L(4)), "'no 4'"));
    CHECK(PyDict_GetItemWithError(dict, L(4)) == NULL);
    done();
}

enum { CHANGES = 12 };

static int change(PyObject *dict, int how)
{
    PyObject *one = keep(Py_BuildValue("{s:i}", "key 3", 1)), *next;
    switch (how) {
    case 0: return PyDict_SetItemString(dict, "key 3", L(1));
    case 1: return PyDict_SetItem(dict, S("new"), L(1));
    case 2: return PyDict_SetItem(dict, L(3), L(1));
    case 3: return PyDict_DelItemString(dict, "key 3");
    case 4: return PyDict_Update(dict, one);
    case 5: return PyDict_Merge(dict, keep(Py_BuildValue("{s:i}", "new", 1)), 0);
    case 6: next = PyObject_CallMethod(dict, "pop", "s", "key 0"); break;
    case 7: next = PyObject_CallMethod(dict, "popitem", NULL); break;
    case 8: next = PyObject_CallMethod(dict, "setdefault", "si", "new", 1); break;
    case 9: next = PyObject_CallMethod(dict, "update", "(((si)))", "key 3", 1); break;
    case 10: next = PyNumber_InPlaceOr(dict, one); break;
    default: PyDict_Clear(dict); return 0;
    }
    return keep(next) ? 0 : -1;
}

/* Whichever of four dicts is changed, and however: the others do not follow, and what was borrowed stays good. */
static void change_one_of_four(PyObject *dict, int how, int which)
{
    PyObject *copies[4] = {keep(PyDict_Copy(dict))};
    copies[1] = keep(PyDict_Copy(copies[0]));
    copies[2] = keep(PyObject_CallFunction((PyObject *)&PyDict_Type, "O", copies[0]));
    copies[3] = keep(PyDict_New());
    CHECK(PyDict_Update(copies[3], copies[1]) == 0);
    PyObject *borrowed = how == CHANGES - 1 ? NULL : PyDict_GetItemString(copies[which], "key 7");
    CHECK(change(copies[which], how) == 0);
    CHECK(!borrowed || shows(borrowed, "'value 7'"));
    for (int i = 0; i < 4; i++) CHECK(PyObject_RichCompareBool(copies[i], dict, Py_EQ) == (i != which));
    /* And again: now it has what it has for itself. */
    CHECK(PyDict_SetItemString(copies[which], "again", Py_None) == 0 && PyDict_Contains(dict, S("again")) == 0);
}

TEST(copies_are_apart)
{
    PyObject *names = keep(PyDict_New());
    for (int i = 0; i < 40; i++) {
        PyObject *key = keep(PyUnicode_FromFormat("key %d", i));
        CHECK(PyDict_SetItem(names, key, keep(PyUnicode_FromFormat("value %d", i))) == 0);
    }
    PyObject *with_list = keep(PyDict_Copy(names));
    CHECK(PyDict_SetItemString(with_list, "list", V("[]")) == 0);
    PyObject *mixed = keep(PyDict_Copy(names));
    CHECK(PyDict_SetItem(mixed, L(9), L(9)) == 0);
    PyObject *dicts[] = {names, with_list, mixed};
    for (int i = 0; i < 3; i++) {
        PyObject *before = keep(PyObject_Repr(dicts[i]));
        for (int how = 0; how < CHANGES; how++) {
            for (int which = 0; which < 4; which++) change_one_of_four(dicts[i], how, which);
        }
        CHECK(PyObject_RichCompareBool(keep(PyObject_Repr(dicts[i])), before, Py_EQ) == 1);
    }
    done();
}

/* The namespace of an object, copied and then changed from either side. */
TEST(a_copied_namespace)
{
    PyObject *object = keep(PyObject_CallObject(new_class("C", (PyObject *)&PyBaseObject_Type), NULL));
    CHECK(PyObject_SetAttrString(object, "a", L(1)) == 0 && PyObject_SetAttrString(object, "b", L(2)) == 0);
    PyObject *copy = keep(PyDict_Copy(keep(PyObject_GetAttrString(object, "__dict__"))));
    CHECK(PyObject_SetAttrString(object, "a", L(3)) == 0);
    CHECK(shows(copy, "{'a': 1, 'b': 2}") && repr_is(PyObject_GetAttrString(object, "a"), "3"));
    copy = keep(PyDict_Copy(keep(PyObject_GetAttrString(object, "__dict__"))));
    CHECK(PyDict_SetItemString(copy, "b", L(4)) == 0 && PyObject_DelAttrString(object, "a") == 0);
    CHECK(shows(copy, "{'a': 3, 'b': 4}") && repr_is(PyObject_GetAttrString(object, "b"), "2"));
    done();
}

TEST_MAIN(set_get_delete, not_a_dict, next, lists_and_copy, merge, strong_references,
          set_default, views, keeps_order_and_grows, methods, subclass_with_missing, copies_are_apart, a_copied_namespace)
