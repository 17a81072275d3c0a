/* descrobject.h: members of every Py_T_* type, getset, __dict__ and weak references of a
 * type made from a spec. */
#include "expect.h"

#include <float.h>
#include <limits.h>
#include <stddef.h>

typedef struct {
    PyObject_HEAD
    char a_bool, a_byte, a_char, in_place[8];
    unsigned char a_ubyte;
    short a_short;
    unsigned short a_ushort;
    int an_int;
    unsigned int a_uint;
    long a_long;
    unsigned long a_ulong;
    long long a_longlong;
    unsigned long long a_ulonglong;
    Py_ssize_t a_size;
    float a_float;
    double a_double;
    const char *a_string;
    PyObject *an_object, *object_ex;
    PyObject *dict, *weak_list;
} All;

#define AT(field) offsetof(All, field)

static PyMemberDef all_members[] = {
    {"a_bool", Py_T_BOOL, AT(a_bool), 0, NULL},
    {"a_byte", Py_T_BYTE, AT(a_byte), 0, NULL},
    {"a_char", Py_T_CHAR, AT(a_char), 0, NULL},
    {"in_place", Py_T_STRING_INPLACE, AT(in_place), 0, NULL},
    {"a_ubyte", Py_T_UBYTE, AT(a_ubyte), 0, NULL},
    {"a_short", Py_T_SHORT, AT(a_short), 0, NULL},
    {"a_ushort", Py_T_USHORT, AT(a_ushort), 0, NULL},
    {"an_int", Py_T_INT, AT(an_int), 0, NULL},
    {"a_uint", Py_T_UINT, AT(a_uint), 0, NULL},
    {"a_long", Py_T_LONG, AT(a_long), 0, NULL},
    {"a_ulong", Py_T_ULONG, AT(a_ulong), 0, NULL},
    {"a_longlong", Py_T_LONGLONG, AT(a_longlong), 0, NULL},
    {"a_ulonglong", Py_T_ULONGLONG, AT(a_ulonglong), 0, NULL},
    {"a_size", Py_T_PYSSIZET, AT(a_size), 0, NULL},
    {"a_float", Py_T_FLOAT, AT(a_float), 0, NULL},
    {"a_double", Py_T_DOUBLE, AT(a_double), 0, NULL},
    {"a_string", Py_T_STRING, AT(a_string), 0, NULL},
    {"an_object", _Py_T_OBJECT, AT(an_object), 0, NULL},
    {"object_ex", Py_T_OBJECT_EX, AT(object_ex), 0, NULL},
    {"nothing", _Py_T_NONE, 0, 0, NULL},
    {"fixed", Py_T_INT, AT(an_int), Py_READONLY, "Cannot be changed."},
    {"__dictoffset__", Py_T_PYSSIZET, AT(dict), Py_READONLY, NULL},
    {"__weaklistoffset__", Py_T_PYSSIZET, AT(weak_list), Py_READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyObject *get_twice(PyObject *self, void *closure)
{
    (void)closure;
    return PyLong_FromLong(2L * ((All *)self)->an_int);
}

static int set_twice(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    ((All *)self)->an_int = value == NULL ? 0 : (int)PyLong_AsLong(value) / 2;
    return 0;
}

static PyGetSetDef all_getset[] = {
    {"twice", get_twice, set_twice, "Twice an_int.", NULL},
    {"read_only", get_twice, NULL, NULL, NULL},
    {"__dict__", NULL, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static void all_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    All *all = (All *)self;
    if (all->weak_list != NULL) {
        PyObject_ClearWeakRefs(self);
    }
    Py_XDECREF(all->an_object);
    Py_XDECREF(all->object_ex);
    Py_XDECREF(all->dict);
    PyObject_Free(self);
    Py_DECREF(type);
}

static PyType_Slot all_slots[] = {
    {Py_tp_members, all_members},
    {Py_tp_getset, all_getset},
    {Py_tp_dealloc, FUNC(all_dealloc)},
    {0, NULL},
};

static PyType_Spec all_spec = {"tests.All", (int)sizeof(All), 0, Py_TPFLAGS_DEFAULT, all_slots};

static All *new_all(void)
{
#if TEST_API >= 0x030A0000
    all_getset[2].get = PyObject_GenericGetDict;
    all_getset[2].set = PyObject_GenericSetDict;
#else
    all_getset[2].name = NULL;
#endif
    PyObject *type = keep(PyType_FromSpec(&all_spec));
    return (All *)keep(PyObject_CallObject(type, NULL));
}

static bool sets(All *all, const char *name, PyObject *value, const char *shown)
{
    return PyObject_SetAttrString((PyObject *)all, name, value) == 0
           && repr_is(PyObject_GetAttrString((PyObject *)all, name), shown);
}

TEST(integers)
{
    All *all = new_all();
    CHECK(sets(all, "a_byte", L(-128), "-128") && all->a_byte == -128);
    CHECK(sets(all, "a_ubyte", L(255), "255") && all->a_ubyte == 255);
    CHECK(sets(all, "a_short", L(-32768), "-32768") && all->a_short == -32768);
    CHECK(sets(all, "a_ushort", L(65535), "65535") && all->a_ushort == 65535);
    CHECK(sets(all, "an_int", L(INT_MIN), "-2147483648") && all->an_int == INT_MIN);
    CHECK(sets(all, "a_uint", L(UINT_MAX), "4294967295") && all->a_uint == UINT_MAX);
    CHECK(sets(all, "a_long", L(LONG_MIN), "-9223372036854775808"));
    CHECK(sets(all, "a_ulong", keep(PyLong_FromUnsignedLong(ULONG_MAX)), "18446744073709551615"));
    CHECK(sets(all, "a_longlong", L(LLONG_MAX), "9223372036854775807"));
    CHECK(sets(all, "a_ulonglong", keep(PyLong_FromUnsignedLong(ULONG_MAX)), "18446744073709551615"));
    CHECK(sets(all, "a_size", L(-7), "-7") && all->a_size == -7);
    CHECK_RAISES(PyExc_TypeError, "'str' object cannot be interpreted as an integer",
                 PyObject_SetAttrString((PyObject *)all, "an_int", S("x")) == -1);
    CHECK_RAISES(PyExc_OverflowError, NULL,
                 PyObject_SetAttrString((PyObject *)all, "a_long",
                                        keep(PyNumber_Lshift(L(1), L(70)))) == -1);
    done();
}

static PyObject *forty_two(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    return PyLong_FromLong(42);
}

static PyMethodDef index_def = {"__index__", forty_two, METH_VARARGS, NULL};

TEST(truth_and_floats)
{
    All *all = new_all();
    CHECK(sets(all, "a_bool", Py_True, "True") && all->a_bool == 1);
    CHECK(sets(all, "a_float", F(0.5), "0.5") && all->a_float == 0.5f);
    CHECK(sets(all, "a_double", F(DBL_MAX), "1.7976931348623157e+308"));
    CHECK(sets(all, "a_double", L(2), "2.0"));
    CHECK(sets(all, "a_double", instance_with(&index_def), "42.0"));
    CHECK_RAISES(PyExc_TypeError, "attribute value type must be bool",
                 PyObject_SetAttrString((PyObject *)all, "a_bool", L(1)) == -1);
    CHECK_RAISES(PyExc_TypeError, "must be real number, not str",
                 PyObject_SetAttrString((PyObject *)all, "a_double", S("x")) == -1);
    done();
}

/* Each kind of number at the borders of each: what is read back, or raised. */
TEST(borders)
{
    All *all = new_all();
    for (const PyMemberDef *member = all_members; strcmp(member->name, "a_string") != 0; member++) {
        if (member->type == Py_T_CHAR || member->type == Py_T_STRING_INPLACE) continue;
        printf("  %s\n", member->name);
        for (int bits = 7; bits <= 70; bits = bits == 32 ? 63 : bits == 64 ? 70 : bits % 2 == 1 ? bits + 1 : bits * 2 - 1) {
            for (int k = -2; k <= 2; k++) {
                PyObject *border = keep(PyNumber_Lshift(L(k < 0 ? -1 : 1), L(bits)));
                PyObject *value = keep(PyNumber_Add(border, L(k % 2)));
                int status = PyObject_SetAttrString((PyObject *)all, member->name, value);
                SHOW(status < 0 ? NULL : PyObject_GetAttrString((PyObject *)all, member->name));
            }
        }
        int status = PyObject_SetAttrString((PyObject *)all, member->name, instance_with(&index_def));
        SHOW(status < 0 ? NULL : PyObject_GetAttrString((PyObject *)all, member->name));
        status = PyObject_SetAttrString((PyObject *)all, member->name, F(1.5));
        SHOW(status < 0 ? NULL : PyObject_GetAttrString((PyObject *)all, member->name));
    }
    done();
}

TEST(texts)
{
    All *all = new_all();
    CHECK(sets(all, "a_char", S("x"), "'x'") && all->a_char == 'x');
    CHECK_RAISES(PyExc_TypeError, NULL,
                 PyObject_SetAttrString((PyObject *)all, "a_char", S("xy")) == -1);
    CHECK(repr_is(PyObject_GetAttrString((PyObject *)all, "a_string"), "None"));
    all->a_string = "te\u20acxt";
    CHECK(repr_is(PyObject_GetAttrString((PyObject *)all, "a_string"), "'te\u20acxt'"));
    strcpy(all->in_place, "inside");
    CHECK(repr_is(PyObject_GetAttrString((PyObject *)all, "in_place"), "'inside'"));
    CHECK_RAISES(PyExc_TypeError, "readonly attribute",
                 PyObject_SetAttrString((PyObject *)all, "a_string", S("x")) == -1);
    CHECK_RAISES(PyExc_TypeError, "readonly attribute",
                 PyObject_SetAttrString((PyObject *)all, "in_place", S("x")) == -1);
    done();
}

TEST(objects)
{
    All *all = new_all();
    PyObject *self = (PyObject *)all, *list = V("[]");
    CHECK(repr_is(PyObject_GetAttrString(self, "an_object"), "None"));
    CHECK_RAISES(PyExc_AttributeError, "'tests.All' object has no attribute 'object_ex'",
                 PyObject_GetAttrString(self, "object_ex") == NULL);
    CHECK(sets(all, "an_object", list, "[]") && sets(all, "object_ex", list, "[]"));
    CHECK(Py_REFCNT(list) == 3);
    CHECK(PyObject_DelAttrString(self, "an_object") == 0);
    CHECK(PyObject_DelAttrString(self, "object_ex") == 0);
    CHECK(Py_REFCNT(list) == 1 && all->object_ex == NULL);
    CHECK_RAISES(PyExc_AttributeError, "object_ex", PyObject_DelAttrString(self, "object_ex") == -1);
    CHECK(repr_is(PyObject_GetAttrString(self, "nothing"), "None"));
    done();
}

TEST(read_only)
{
    All *all = new_all();
    all->an_int = 5;
    CHECK(repr_is(PyObject_GetAttrString((PyObject *)all, "fixed"), "5"));
    CHECK_RAISES(PyExc_AttributeError, "readonly attribute",
                 PyObject_SetAttrString((PyObject *)all, "fixed", L(1)) == -1);
    CHECK_RAISES(PyExc_TypeError, "can't delete numeric/char attribute",
                 PyObject_DelAttrString((PyObject *)all, "an_int") == -1);
    PyObject *member = keep(PyObject_GetAttrString((PyObject *)Py_TYPE((PyObject *)all), "fixed"));
    CHECK(repr_is(PyObject_GetAttrString(member, "__doc__"), "'Cannot be changed.'"));
    done();
}

TEST(getset)
{
    All *all = new_all();
    CHECK(sets(all, "twice", L(10), "10") && all->an_int == 5);
    CHECK(PyObject_DelAttrString((PyObject *)all, "twice") == 0 && all->an_int == 0);
    CHECK_RAISES(PyExc_AttributeError,
                 "attribute 'read_only' of 'tests.All' objects is not writable",
                 PyObject_SetAttrString((PyObject *)all, "read_only", L(1)) == -1);
    done();
}

TEST(dict_and_weakrefs)
{
    All *all = new_all();
    PyObject *self = (PyObject *)all;
    CHECK(sets(all, "anything", L(5000), "5000") && all->dict != NULL);
#if TEST_API >= 0x030A0000
    CHECK(repr_is(PyObject_GetAttrString(self, "__dict__"), "{'anything': 5000}"));
#endif
    CHECK(PyObject_DelAttrString(self, "anything") == 0);
    PyObject *reference = keep(PyWeakref_NewRef(self, NULL));
    CHECK(all->weak_list == reference);
    CHECK(is_same(PyObject_CallObject(reference, NULL), self));
    PyObject *type = (PyObject *)Py_TYPE(self);
    PyObject *other = PyObject_CallObject(type, NULL);
    reference = keep(PyWeakref_NewRef(other, NULL));
    Py_DECREF(other);
    CHECK(is_none(PyObject_CallObject(reference, NULL)));
    done();
}

TEST_MAIN(integers, truth_and_floats, borders, texts, objects, read_only, getset, dict_and_weakrefs)
