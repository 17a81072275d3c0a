/* cpython/object.h: the dict of an extension's static type, which its extension may write to.
 * For the full API: what the compiler was told of a limited one is forgotten. */
/* NEEDS 3.15 */
#undef Py_LIMITED_API
#include "expect.h"
#include "refusal.h"

/* The rest is filled in by name: C++ has no such initialisers. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

static PyObject *first(PyObject *self, PyObject *unused)
{
    (void)unused;
    return PyUnicode_FromFormat("first of %s", PyType_Check(self) ? ((PyTypeObject *)self)->tp_name : "an instance");
}

static PyObject *second(PyObject *self, PyObject *unused)
{
    (void)self, (void)unused;
    return PyUnicode_FromString("second");
}

static PyMethodDef methods[] = {{"first", first, METH_NOARGS, "first($self)\n--\n\nThe first."},
                                {"second", second, METH_NOARGS, NULL},
                                {"of_class", first, METH_NOARGS | METH_CLASS, NULL},
                                {"of_nobody", second, METH_NOARGS | METH_STATIC, NULL},
                                {NULL, NULL, 0, NULL}};

static void prepare(PyTypeObject *type)
{
    type->tp_basicsize = sizeof(PyObject);
    type->tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE;
    type->tp_methods = methods;
    type->tp_new = PyType_GenericNew;
}

static PyObject *get(PyTypeObject *type, const char *name)
{
    return PyObject_GetAttrString((PyObject *)type, name);
}

static int has(PyTypeObject *type, const char *name)
{
    return PyObject_HasAttrStringWithError((PyObject *)type, name);
}

static PyTypeObject plain_type = {PyVarObject_HEAD_INIT(NULL, 0) "tests.Plain"};

TEST(what_is_in_it)
{
    prepare(&plain_type);
    plain_type.tp_doc = "Gr\xc3\xbc\xc3\x9f" "e, \xe2\x82\xac";
    CHECK(PyType_Ready(&plain_type) == 0);
    PyObject *dict = plain_type.tp_dict;
    CHECK(PyDict_CheckExact(dict) && PyDict_Size(dict) == 6 && PyDict_GET_SIZE(dict) == 6 && PyObject_IsTrue(dict) == 1);
    SHOW(PyObject_CallMethod(dict, "keys", NULL));
    SHOW(PyDict_Keys(dict));
    SHOW(get(&plain_type, "__doc__"));
    SHOW(PyObject_GetAttrString(keep(get(&plain_type, "first")), "__doc__"));
    SHOW(PyObject_CallMethod((PyObject *)&plain_type, "of_class", NULL));
    SHOW(PyObject_CallMethod((PyObject *)&plain_type, "of_nobody", NULL));
    SHOW(PyObject_CallMethod(keep(PyObject_CallNoArgs((PyObject *)&plain_type)), "first", NULL));
    SHOW(PyObject_GetItem(dict, S("second")));
    CHECK(PyDict_GetItemString(dict, "second") == PyDict_GetItem(dict, S("second")));
    CHECK(PyDict_GetItemWithError(dict, S("second")) != NULL && PyDict_GetItemWithError(dict, L(2)) == NULL);
    CHECK(PyDict_Contains(dict, S("first")) == 1 && PySequence_Contains(dict, S("third")) == 0);
    CHECK(PyObject_RichCompareBool(dict, keep(PyDict_Copy(dict)), Py_EQ) == 1);
    PyObject *proxy = keep(get(&plain_type, "__dict__"));
    CHECK(PyObject_Size(proxy) == 6 && PySequence_Contains(proxy, S("__new__")) == 1);
    done();
}

static PyTypeObject changed_type = {PyVarObject_HEAD_INIT(NULL, 0) "tests.Changed"};

static PyObject *listed(PyObject *dict)
{
    PyObject *list = keep(PyList_New(0)), *key, *value;
    Py_ssize_t position = 0;
    while (PyDict_Next(dict, &position, &key, &value)) {
        if (!PyUnicode_Check(key) || value == NULL || PyList_Append(list, key) < 0) return NULL;
    }
    return Py_NewRef(list);
}

TEST(changed_afterwards)
{
    prepare(&changed_type);
    CHECK(PyType_Ready(&changed_type) == 0);
    PyTypeObject *child = (PyTypeObject *)new_class("Child", (PyObject *)&changed_type);
    PyObject *dict = changed_type.tp_dict, *iterator = keep(PyObject_GetIter(dict));
    for (int i = 0; i < 200; i++) {
        /* What is not there, and what is, is known by now. */
        CHECK(has(child, "added") == 0 && has(child, "second") == 1);
    }
    CHECK(keep(PyIter_Next(iterator)) != NULL);
    CHECK(PyDict_SetItemString(dict, "added", L(1000)) == 0);
    CHECK_RAISES(PyExc_RuntimeError, "dictionary changed size during iteration", PyIter_Next(iterator) == NULL);
    CHECK(PyDict_SetItem(dict, S("second"), L(2000)) == 0 && PyObject_SetItem(dict, S("third"), L(3000)) == 0);
    PyType_Modified(&changed_type);
    SHOW(get(child, "added"));
    SHOW(get(&changed_type, "added"));
    SHOW(get(child, "second"));
    SHOW(get(child, "third"));
    CHECK(PyDict_Size(dict) == 8);
    CHECK(PyDict_DelItemString(dict, "first") == 0 && PyObject_DelItem(dict, S("third")) == 0);
    PyType_Modified(&changed_type);
    CHECK(has(child, "first") == 0 && has(&changed_type, "third") == 0 && PyDict_Size(dict) == 6);
    CHECK_RAISES(PyExc_KeyError, "'first'", PyDict_DelItemString(dict, "first") == -1);
    SHOW(listed(dict));
    SHOW(PyDict_Keys(dict));
    PyObject *more = V("{s:i,s:i}", "added", 5, "fourth", 4), *found;
    CHECK(PyDict_Merge(dict, more, 0) == 0 && PyLong_AsLong(PyDict_GetItemString(dict, "added")) == 1000);
    CHECK(PyDict_Update(dict, more) == 0 && PyLong_AsLong(PyDict_GetItemString(dict, "added")) == 5);
    CHECK(PyDict_SetDefaultRef(dict, S("fourth"), Py_None, &found) == 1 && PyLong_AsLong(keep(found)) == 4);
    CHECK(PyDict_SetDefaultRef(dict, S("fifth"), Py_None, &found) == 0 && keep(found) == Py_None);
    CHECK(is_none(PyObject_CallMethod(dict, "pop", "s", "fifth")) && PyDict_Size(dict) == 7);
    PyType_Modified(&changed_type);
    SHOW(PyObject_CallMethod(keep(get(&changed_type, "__dict__")), "get", "s", "fourth"));
    SHOW(PyObject_CallMethod(dict, "popitem", NULL));
    PyType_Modified(&changed_type);
    CHECK(has(child, "fourth") == 0);
    done();
}

static int ended;

static void count_end(PyObject *self)
{
    (void)self;
    ended++;
}

static PyTypeObject holder_type = {PyVarObject_HEAD_INIT(NULL, 0) "tests.Holder"};

static PyObject *mortal(void)
{
    static PyType_Slot slots[] = {{Py_tp_finalize, FUNC(count_end)}, {0, NULL}};
    static PyType_Spec spec = {"tests.Mortal", 0, 0, Py_TPFLAGS_DEFAULT, slots};
    PyObject *type = PyType_FromSpec(&spec), *made = type ? PyObject_CallNoArgs(type) : NULL;
    Py_XDECREF(type);
    return made;
}

TEST(what_is_put_there_ends_when_it_is_replaced)
{
    prepare(&holder_type);
    CHECK(PyType_Ready(&holder_type) == 0);
    PyObject *dict = holder_type.tp_dict, *value = mortal();
    ended = 0;
    CHECK(PyDict_SetItemString(dict, "value", value) == 0);
    Py_DECREF(value);
    for (int i = 0; i < 200; i++) CHECK(has(&holder_type, "value") == 1);
    CHECK(ended == 0 && PyDict_SetItemString(dict, "value", Py_None) == 0 && ended == 1);
    PyType_Modified(&holder_type);
    CHECK(is_none(get(&holder_type, "value")));
    value = mortal();
    CHECK(PyDict_SetItemString(dict, "value", value) == 0);
    Py_DECREF(value);
    PyType_Modified(&holder_type);
    CHECK(ended == 1 && PyDict_DelItemString(dict, "value") == 0 && ended == 2);
    PyType_Modified(&holder_type);
    CHECK(has(&holder_type, "value") == 0 && has(&holder_type, "first") == 1);
    done();
}

static PyTypeObject given_type = {PyVarObject_HEAD_INIT(NULL, 0) "tests.Given"};
static PyTypeObject below_type = {PyVarObject_HEAD_INIT(NULL, 0) "tests.Below"};

TEST(given_before_it_is_ready)
{
    prepare(&given_type);
    given_type.tp_dict = PyDict_New();
    CHECK(PyDict_SetItemString(given_type.tp_dict, "number", L(123456)) == 0);
    CHECK(PyDict_SetItemString(given_type.tp_dict, "first", L(654321)) == 0);
    CHECK(PyDict_SetItemString(given_type.tp_dict, "__hash__", Py_None) == 0);
    CHECK(PyDict_SetItemString(given_type.tp_dict, "__doc__", S("given")) == 0);
    given_type.tp_doc = "the type's own";
    CHECK(PyType_Ready(&given_type) == 0 && PyType_Ready(&given_type) == 0);
    SHOW(get(&given_type, "number"));
    SHOW(get(&given_type, "first"));
    SHOW(PyObject_GetItem(given_type.tp_dict, S("__doc__")));
    CHECK(has(&given_type, "second") == 1 && PyDict_Size(given_type.tp_dict) == 8);
    below_type.tp_base = &given_type;
    below_type.tp_flags = Py_TPFLAGS_DEFAULT;
    CHECK(PyType_Ready(&below_type) == 0);
    SHOW(get(&below_type, "number"));
    SHOW(get(&below_type, "__bases__"));
    SHOW(get(&below_type, "__mro__"));
    done();
}

static PyTypeObject left_type = {PyVarObject_HEAD_INIT(NULL, 0) "tests.Left"};
static PyTypeObject right_type = {PyVarObject_HEAD_INIT(NULL, 0) "tests.Right"};
static PyTypeObject both_type = {PyVarObject_HEAD_INIT(NULL, 0) "tests.Both"};

TEST(several_bases)
{
    prepare(&left_type);
    prepare(&right_type);
    prepare(&both_type);
    CHECK(PyType_Ready(&left_type) == 0 && PyType_Ready(&right_type) == 0);
    both_type.tp_base = &left_type;
    both_type.tp_bases = PyTuple_Pack(2, &left_type, &right_type);
    CHECK(PyType_Ready(&both_type) == 0);
    SHOW(get(&both_type, "__bases__"));
    SHOW(get(&both_type, "__mro__"));
    SHOW(PyObject_CallMethod((PyObject *)&right_type, "__subclasses__", NULL));
    PyObject *reference = keep(PyWeakref_NewRef((PyObject *)&both_type, NULL));
    CHECK(keep(PyObject_CallNoArgs(reference)) == (PyObject *)&both_type);
    done();
}

static PyTypeObject heir_type = {PyVarObject_HEAD_INIT(NULL, 0) "tests.Heir"};
static PyTypeObject wrong_type = {PyVarObject_HEAD_INIT(NULL, 0) "tests.Wrong"};

TEST(refused)
{
    static PyMethodDef both[] = {{"both", first, METH_NOARGS | METH_CLASS | METH_STATIC, NULL}, {NULL, NULL, 0, NULL}};
    PyTypeObject *dynamic = (PyTypeObject *)new_class("Dynamic", (PyObject *)&PyBaseObject_Type);
    prepare(&heir_type);
    heir_type.tp_base = dynamic;
    CHECK_RAISES(PyExc_TypeError,
                 "type 'tests.Heir' is not dynamically allocated but its base type 'Dynamic' is dynamically allocated",
                 PyType_Ready(&heir_type) == -1);
    prepare(&wrong_type);
    wrong_type.tp_methods = both;
    CHECK_RAISES(PyExc_ValueError, "method cannot be both class and static", PyType_Ready(&wrong_type) == -1);
    CHECK(!(wrong_type.tp_flags & Py_TPFLAGS_READY));
    wrong_type.tp_methods = methods;
    CHECK(PyType_Ready(&wrong_type) == 0 && has(&wrong_type, "first") == 1);
    done();
}

static PyTypeObject classy_type = {PyVarObject_HEAD_INIT(NULL, 0) "tests.Classy"};

TEST(a_class_made_at_run_time)
{
    static PyObject *meta;
    meta = Py_NewRef(new_class("Meta", (PyObject *)&PyType_Type));
    prepare(&classy_type);
    Py_SET_TYPE(&classy_type, (PyTypeObject *)meta);
    CHECK(PyType_Ready(&classy_type) == 0 && Py_TYPE(&classy_type) == (PyTypeObject *)meta);
    SHOW(PyObject_Repr((PyObject *)Py_TYPE(new_class("Child", (PyObject *)&classy_type))));
    done();
}

TEST(referred_to_weakly)
{
    CHECK(PyType_Ready(&plain_type) == 0 || (PyErr_Clear(), 0));
    PyObject *objects[] = {(PyObject *)&plain_type, keep(get(&plain_type, "__new__")), keep(get(&plain_type, "of_nobody"))};
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
        PyObject *reference = PyWeakref_NewRef(objects[i], NULL), *called = PyWeakref_NewRef(objects[i], objects[i]);
        CHECK(is_same(PyObject_CallNoArgs(reference), objects[i]) && is_same(PyWeakref_NewRef(objects[i], NULL), reference));
        Py_XDECREF(called);
        CHECK(is_same(PyWeakref_NewRef(objects[i], NULL), reference));
        Py_XDECREF(reference);
    }
    done();
}

static PyTypeObject late_type = {PyVarObject_HEAD_INIT(NULL, 0) "tests.Late"};

/* Each allocation refused in turn: a type that is not ready has nothing, and can be readied again. */
TEST(no_memory)
{
    refuse_function refuse = find_refuse();
    if (refuse == NULL) SKIP("only where memory can be refused");
    prepare(&late_type);
    late_type.tp_doc = "Sp\xc3\xa4t";
    late_type.tp_dict = PyDict_New();
    PyObject *given = late_type.tp_dict;
    CHECK(PyDict_SetItemString(given, "given", L(99999)) == 0);
    int refused = 0, is_ready = 0;
    for (int nth = 1; !is_ready && nth < 200; nth++) {
        refuse(nth);
        int failed = PyType_Ready(&late_type);
        is_ready = refuse(0) < nth;
        if (is_ready) {
            CHECK(failed == 0);
            continue;
        }
        refused++;
        CHECK_RAISES(PyExc_MemoryError, NULL, failed == -1);
        CHECK(!(late_type.tp_flags & Py_TPFLAGS_READY) && late_type.tp_dict == given && PyDict_Size(given) == 1);
        CHECK(late_type.tp_bases == NULL && late_type.tp_mro == NULL);
    }
    CHECK(is_ready && refused > 20 && has(&late_type, "first") == 1);
    CHECK(repr_is(get(&late_type, "given"), "99999"));
    done();
}

TEST_MAIN(what_is_in_it, changed_afterwards, what_is_put_there_ends_when_it_is_replaced, given_before_it_is_ready,
          several_bases, refused, a_class_made_at_run_time, referred_to_weakly, no_memory)
