/* objimpl.h: objects of one's own, and the collector. */
#include "expect.h"

#include <stddef.h>

typedef struct {
    PyObject_HEAD
    PyObject *held;
} Holder;

static int holders_freed, finalized;

static int holder_traverse(PyObject *self, visitproc visit, void *arg)
{
#if TEST_API >= 0x03090000
    Py_VISIT(Py_TYPE(self));
#endif
    Py_VISIT(((Holder *)self)->held);
    return 0;
}

static int holder_clear(PyObject *self)
{
    Py_CLEAR(((Holder *)self)->held);
    return 0;
}

static void holder_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    holder_clear(self);
    holders_freed++;
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static void holder_finalize(PyObject *self)
{
    (void)self;
    finalized++;
}

static PyType_Slot holder_slots[] = {
    {Py_tp_traverse, FUNC(holder_traverse)},
    {Py_tp_clear, FUNC(holder_clear)},
    {Py_tp_dealloc, FUNC(holder_dealloc)},
    {Py_tp_finalize, FUNC(holder_finalize)},
    {0, NULL},
};

static PyType_Spec holder_spec = {"tests.Holder", (int)sizeof(Holder), 0,
                                  Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, holder_slots};

static Holder *new_holder(PyTypeObject *type)
{
    Holder *self = PyObject_GC_New(Holder, type);
    self->held = NULL;
    PyObject_GC_Track(self);
    return self;
}

TEST(collect_a_cycle)
{
    PyTypeObject *type = (PyTypeObject *)keep(PyType_FromSpec(&holder_spec));
    holders_freed = finalized = 0;
    Holder *a = new_holder(type), *b = new_holder(type);
    a->held = (PyObject *)b;
    b->held = (PyObject *)a;
    Py_INCREF((PyObject *)b);
    (void)PyGC_Collect();
    CHECK(holders_freed == 0 && finalized == 0);
    Py_DECREF(b);
    (void)PyGC_Collect();
    CHECK(holders_freed == 2 && finalized == 2);
    done();
}

TEST(held_by_c_is_kept)
{
    PyTypeObject *type = (PyTypeObject *)keep(PyType_FromSpec(&holder_spec));
    holders_freed = finalized = 0;
    Holder *a = new_holder(type);
    a->held = (PyObject *)a;
    Py_INCREF((PyObject *)a);
    (void)PyGC_Collect();
    CHECK(holders_freed == 0 && finalized == 0);
    Py_DECREF(a);
    CHECK(PyGC_Collect() >= 1);
    CHECK(holders_freed == 1 && finalized == 1);
    done();
}

TEST(untracked_is_not_collected)
{
    PyTypeObject *type = (PyTypeObject *)keep(PyType_FromSpec(&holder_spec));
    holders_freed = 0;
    Holder *a = new_holder(type);
    a->held = (PyObject *)a;
    PyObject_GC_UnTrack(a);
    PyObject_GC_UnTrack(a);
    (void)PyGC_Collect();
    CHECK(holders_freed == 0);
    PyObject *cycle = a->held;
    a->held = NULL;
    Py_DECREF(cycle);
    CHECK(holders_freed == 1);
    done();
}

TEST(tracked_and_finalized)
{
#if TEST_API >= 0x03090000
    PyTypeObject *type = (PyTypeObject *)keep(PyType_FromSpec(&holder_spec));
    PyObject *a = keep((PyObject *)new_holder(type));
    CHECK(PyObject_GC_IsTracked(a) == 1);
    PyObject_GC_UnTrack(a);
    CHECK(PyObject_GC_IsTracked(a) == 0);
    PyObject_GC_Track(a);
    CHECK(PyObject_GC_IsFinalized(a) == 0);
    CHECK(PyObject_GC_IsTracked(L(1)) == 0 && PyObject_GC_IsTracked(S("x")) == 0);
    CHECK(PyObject_GC_IsTracked(V("[]")) == 1);
    CHECK(PyType_IS_GC(type) && !PyType_IS_GC(&PyLong_Type));
    done();
#else
    SKIP("needs 3.9");
#endif
}

TEST(enable_and_disable)
{
#if TEST_API >= 0x030A0000
    CHECK(PyGC_IsEnabled() == 1);
    CHECK(PyGC_Disable() == 1 && PyGC_IsEnabled() == 0);
    CHECK(PyGC_Disable() == 0);
    CHECK(PyGC_Enable() == 0 && PyGC_IsEnabled() == 1);
    CHECK(PyGC_Enable() == 1);
    done();
#else
    SKIP("needs 3.10");
#endif
}

typedef struct {
    PyObject_HEAD
    int n;
} Plain;

static void plain_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_Free(self);
    Py_DECREF(type);
}

static PyType_Slot plain_slots[] = {{Py_tp_dealloc, FUNC(plain_dealloc)}, {0, NULL}};
static PyType_Spec plain_spec = {"tests.Plain", (int)sizeof(Plain), 0, Py_TPFLAGS_DEFAULT,
                                 plain_slots};

TEST(object_new)
{
    PyTypeObject *type = (PyTypeObject *)keep(PyType_FromSpec(&plain_spec));
    Py_ssize_t before = Py_REFCNT((PyObject *)type);
    Plain *plain = PyObject_New(Plain, type);
    plain->n = 5;
    CHECK(Py_REFCNT((PyObject *)plain) == 1 && Py_TYPE((PyObject *)plain) == type);
    CHECK(Py_REFCNT((PyObject *)type) == before + 1);
    Py_DECREF(plain);
    CHECK(Py_REFCNT((PyObject *)type) == before);
    done();
}

TEST(init_in_memory_of_ones_own)
{
    PyTypeObject *type = (PyTypeObject *)keep(PyType_FromSpec(&plain_spec));
    PyObject *memory = (PyObject *)PyObject_Malloc(sizeof(Plain));
    CHECK(PyObject_Init(memory, type) == memory);
    CHECK(Py_REFCNT(memory) == 1 && Py_TYPE(memory) == type);
    Py_DECREF(memory);
    CHECK_RAISES(PyExc_MemoryError, "", PyObject_Init(NULL, type) == NULL);
    CHECK_RAISES(PyExc_MemoryError, "", PyObject_InitVar(NULL, type, 1) == NULL);
    done();
}

typedef struct {
    PyObject_VAR_HEAD
    PyObject *items[1];
} Row;

static int row_traverse(PyObject *self, visitproc visit, void *arg)
{
    for (Py_ssize_t i = 0; i < Py_SIZE(self); i++) {
        Py_VISIT(((Row *)self)->items[i]);
    }
#if TEST_API >= 0x03090000
    Py_VISIT(Py_TYPE(self));
#endif
    return 0;
}

static void row_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    for (Py_ssize_t i = 0; i < Py_SIZE(self); i++) {
        Py_XDECREF(((Row *)self)->items[i]);
    }
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static PyType_Slot row_slots[] = {
    {Py_tp_traverse, FUNC(row_traverse)},
    {Py_tp_dealloc, FUNC(row_dealloc)},
    {0, NULL},
};

static PyType_Spec row_spec = {"tests.Row", (int)offsetof(Row, items), (int)sizeof(PyObject *),
                               Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, row_slots};

TEST(variable_size_and_resize)
{
    PyTypeObject *type = (PyTypeObject *)keep(PyType_FromSpec(&row_spec));
    Row *row = PyObject_GC_NewVar(Row, type, 2);
    CHECK(Py_SIZE((PyObject *)row) == 2);
    row->items[0] = PyLong_FromLong(70000);
    row->items[1] = NULL;
    row = PyObject_GC_Resize(Row, row, 500);
    CHECK(Py_SIZE((PyObject *)row) == 500 && PyLong_AsLong(row->items[0]) == 70000);
    for (int i = 1; i < 500; i++) {
        row->items[i] = NULL;
    }
    PyObject_GC_Track(row);
    row->items[499] = PyLong_FromLong(70001);
    Py_DECREF(row);
    CHECK_RAISES(PyExc_MemoryError, "", PyObject_GC_NewVar(Row, type, PY_SSIZE_T_MAX / 16)
                                               == NULL);
    done();
}

TEST_MAIN(collect_a_cycle, held_by_c_is_kept, untracked_is_not_collected, tracked_and_finalized,
          enable_and_disable, object_new, init_in_memory_of_ones_own, variable_size_and_resize)
