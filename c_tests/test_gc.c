/* objimpl.h: what the collector does, and in which order. The making of collectable objects is in test_objimpl.c. */
/* NEEDS 3.13 */
#include "expect.h"

#include <stddef.h>

/* In no limited API, or in the newest one only. */
#ifdef __cplusplus
extern "C" {
#endif
int PyObject_CallFinalizerFromDealloc(PyObject *);
void PyUnstable_GC_VisitObjects(int (*callback)(PyObject *, void *), void *arg);
#ifdef __cplusplus
}
#endif

/* What happened: a letter for each event, and the name of the object that it happened to. */
static char events[256];
static size_t n_events;

static void note(char what, char who)
{
    if (n_events + 2 < sizeof events) {
        events[n_events++] = what;
        events[n_events++] = who;
        events[n_events] = 0;
    }
}

static void forget(void)
{
    n_events = 0;
    events[0] = 0;
}

static bool happened(const char *want)
{
    if (strcmp(events, want) != 0) {
        printf("  happened %s\n", events);
        return false;
    }
    return true;
}

/* An object that holds another, and can be referred to weakly. */
typedef struct Node {
    PyObject_HEAD
    PyObject *held;
    PyObject *weak_references;
    char name;
    /* What its finalizer does besides noting that it ran. */
    void (*finalize)(struct Node *self);
} Node;

static PyTypeObject *node_type;
static long traversed;

static int node_traverse(PyObject *self, visitproc visit, void *arg)
{
    traversed++;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((Node *)self)->held);
    return 0;
}

static int node_clear(PyObject *self)
{
    note('c', ((Node *)self)->name);
    Py_CLEAR(((Node *)self)->held);
    return 0;
}

static void node_finalize(PyObject *self)
{
    Node *node = (Node *)self;
    note('f', node->name);
    if (node->finalize != NULL) {
        node->finalize(node);
    }
}

static void node_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    if (PyObject_CallFinalizerFromDealloc(self) < 0) {
        return;
    }
    PyObject_GC_UnTrack(self);
    if (((Node *)self)->weak_references != NULL) {
        PyObject_ClearWeakRefs(self);
    }
    note('d', ((Node *)self)->name);
    Py_XDECREF(((Node *)self)->held);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static PyMemberDef node_members[] = {
    {"__weaklistoffset__", Py_T_PYSSIZET, offsetof(Node, weak_references), Py_READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot node_slots[] = {
    {Py_tp_traverse, FUNC(node_traverse)}, {Py_tp_clear, FUNC(node_clear)},
    {Py_tp_finalize, FUNC(node_finalize)}, {Py_tp_dealloc, FUNC(node_dealloc)},
    {Py_tp_members, node_members},         {0, NULL},
};

static PyType_Spec node_spec = {"tests.Node", (int)sizeof(Node), 0,
                                Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, node_slots};

/* Every test begins with this. */
static void begin(void)
{
    node_type = (PyTypeObject *)keep(PyType_FromSpec(&node_spec));
    (void)PyGC_Collect();
    forget();
}

static Node *new_node(char name)
{
    Node *node = PyObject_GC_New(Node, node_type);
    node->held = node->weak_references = NULL;
    node->name = name;
    node->finalize = NULL;
    PyObject_GC_Track(node);
    return node;
}

/* `node` holds `held`, whose reference is taken over. */
static void hold(Node *node, void *held)
{
    node->held = (PyObject *)held;
}

/* Two nodes that hold each other, and nothing else does. The first is returned. */
static Node *new_pair(char first, char second)
{
    Node *a = new_node(first), *b = new_node(second);
    hold(a, b);
    Py_INCREF((PyObject *)a);
    hold(b, a);
    Py_DECREF((PyObject *)a);
    return a;
}

static PyObject *on_death(PyObject *self, PyObject *reference)
{
    (void)reference;
    note('w', (char)PyLong_AsLong(self));
    return PyLong_FromLong(0);
}

static PyMethodDef on_death_def = {"on_death", on_death, METH_O, NULL};

static PyObject *callback_named(char name)
{
    return keep(PyCFunction_New(&on_death_def, L(name)));
}

/* Whether a weak reference is alive. */
static bool is_alive(PyObject *reference)
{
    PyObject *object = NULL;
    int alive = PyWeakref_GetRef(reference, &object);
    Py_XDECREF(object);
    return alive == 1;
}

/* What the unraisable hook was told, as a list of messages; `sys.unraisablehook` must be given back. */
static PyObject *caught;

static PyObject *catch_one(PyObject *self, PyObject *told)
{
    (void)self;
    PyObject *message = PyObject_GetAttrString(told, "err_msg");
    PyObject *value = PyObject_GetAttrString(told, "exc_value");
    PyObject *both = PyTuple_Pack(2, message, value);
    PyObject *repr = PyObject_Repr(both);
    int failed = PyList_Append(caught, repr);
    Py_DECREF(message);
    Py_DECREF(value);
    Py_DECREF(both);
    Py_DECREF(repr);
    return failed < 0 ? NULL : PyLong_FromLong(0);
}

static PyMethodDef catch_def = {"catch", catch_one, METH_O, NULL};

static void catch_unraisable(bool on)
{
    static PyObject *before;
    if (on) {
        caught = keep(PyList_New(0));
        before = PySys_GetObject("unraisablehook");
        Py_INCREF(before);
        CHECK(PySys_SetObject("unraisablehook", keep(PyCFunction_New(&catch_def, NULL))) == 0);
    } else {
        CHECK(PySys_SetObject("unraisablehook", before) == 0);
        Py_DECREF(before);
    }
}

static PyObject *plain_reference, *called_reference;

static void look_at_references(Node *self)
{
    note(is_alive(plain_reference) ? '+' : '-', self->name);
    note(is_alive(called_reference) ? '+' : '-', self->name);
}

TEST(order)
{
    begin();
    Node *a = new_pair('a', 'b'), *b = (Node *)a->held;
    a->finalize = b->finalize = look_at_references;
    plain_reference = keep(PyWeakref_NewRef((PyObject *)a, NULL));
    called_reference = keep(PyWeakref_NewRef((PyObject *)a, callback_named('a')));
    PyObject *other = keep(PyWeakref_NewRef((PyObject *)b, callback_named('b')));
    CHECK(PyGC_Collect() == 2);
    CHECK(happened("wawbfa+a-afb+b-bcadbda"));
    CHECK(!is_alive(plain_reference) && !is_alive(called_reference) && !is_alive(other));
    done();
}

TEST(newest_callback_first)
{
    begin();
    Node *a = new_pair('a', 'b');
    PyObject *first = keep(PyWeakref_NewRef((PyObject *)a, callback_named('1')));
    PyObject *second = keep(PyWeakref_NewRef((PyObject *)a, callback_named('2')));
    PyObject *third = keep(PyWeakref_NewRef((PyObject *)a, callback_named('3')));
    CHECK(first != NULL && second != NULL && third != NULL);
    (void)PyGC_Collect();
    events[6] = 0;
    CHECK(happened("w3w2w1"));
    done();
}

TEST(a_reference_that_is_garbage_is_not_called)
{
    begin();
    Node *a = new_node('a');
    Py_INCREF((PyObject *)a);
    hold(a, a);
    /* Held by garbage alone, to what is garbage, and to what is not. */
    PyObject *alive = keep((PyObject *)new_node('x'));
    PyObject *within = PyWeakref_NewRef((PyObject *)a, callback_named('a'));
    PyObject *to_alive = PyWeakref_NewRef(alive, callback_named('x'));
    PyObject *both = PyList_New(0);
    CHECK(PyList_Append(both, within) == 0 && PyList_Append(both, to_alive) == 0);
    CHECK(PyList_Append(both, (PyObject *)a) == 0);
    Py_DECREF(within);
    Py_DECREF(to_alive);
    Py_DECREF(a->held);
    hold(a, both);
    Py_DECREF((PyObject *)a);
    CHECK(PyGC_Collect() == 4);
    CHECK(happened("facada"));
    done();
}

static Node *resurrected;

static void resurrect(Node *self)
{
    Py_INCREF((PyObject *)self);
    resurrected = self;
}

TEST(resurrection)
{
    begin();
    Node *a = new_pair('a', 'b');
    a->finalize = resurrect;
    PyObject *reference = keep(PyWeakref_NewRef((PyObject *)a, NULL));
    PyObject *called = keep(PyWeakref_NewRef((PyObject *)a, callback_named('a')));
    CHECK(PyGC_Collect() == 0);
    CHECK(happened("wafafb"));
    CHECK(resurrected == a && is_alive(reference) && !is_alive(called));
    /* 3.15 leaves the callback of a reference that the collector killed where it is. */
    CHECK(!is_none(PyObject_GetAttrString(called, "__callback__")));
    CHECK(PyObject_GC_IsFinalized((PyObject *)a) == 1);
    CHECK(PyObject_GC_IsFinalized(a->held) == 1 && PyObject_GC_IsTracked(a->held) == 1);
    forget();
    Py_DECREF((PyObject *)a);
    CHECK(PyGC_Collect() == 2);
    CHECK(happened("cadbda"));
    CHECK(!is_alive(reference));
    done();
}

TEST(resurrection_at_the_end_of_an_object)
{
    begin();
    Node *a = new_node('a');
    a->finalize = resurrect;
    PyObject *reference = keep(PyWeakref_NewRef((PyObject *)a, NULL));
    Py_DECREF((PyObject *)a);
    CHECK(happened("fa") && resurrected == a && Py_REFCNT((PyObject *)a) == 1);
    CHECK(is_alive(reference) && PyObject_GC_IsTracked((PyObject *)a) == 1);
    Py_DECREF((PyObject *)a);
    CHECK(happened("fada") && !is_alive(reference));
    done();
}

static Py_ssize_t found_within;

static void collect_within(Node *self)
{
    (void)self;
    found_within = PyGC_Collect();
}

TEST(collecting_while_collecting)
{
    begin();
    Node *a = new_pair('a', 'b');
    a->finalize = collect_within;
    found_within = -1;
    CHECK(PyGC_Collect() == 2 && found_within == 0);
    done();
}

static void make_a_cycle(Node *self)
{
    (void)self;
    (void)new_pair('y', 'z');
}

TEST(garbage_that_is_made_during_a_collection)
{
    begin();
    Node *a = new_pair('a', 'b');
    a->finalize = make_a_cycle;
    CHECK(PyGC_Collect() == 2);
    CHECK(strchr(events, 'z') == NULL);
    CHECK(PyGC_Collect() == 2);
    CHECK(strchr(events, 'z') != NULL);
    done();
}

static void fail(Node *self)
{
    PyErr_Format(PyExc_ValueError, "by %c", self->name);
}

TEST(a_finalizer_that_fails)
{
    begin();
    catch_unraisable(true);
    Node *a = new_pair('a', 'b');
    a->finalize = fail;
    CHECK(PyGC_Collect() == 2 && PyErr_Occurred() == NULL);
    catch_unraisable(false);
    /* C is not to leave an exception behind, and who comes to see it first tells. */
    CHECK(PyList_Size(caught) == 1);
    SHOW(PyObject_Str(caught));
    done();
}

static PyObject *failing_del(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    PyErr_SetString(PyExc_KeyError, "in __del__");
    return NULL;
}

static PyMethodDef failing_del_def = {"__del__", failing_del, METH_VARARGS, NULL};

TEST(a_del_that_fails)
{
    begin();
    catch_unraisable(true);
    PyObject *object = instance_with(&failing_del_def);
    CHECK(PyObject_SetAttrString(object, "me", object) == 0);
    n_kept--;
    Py_DECREF(object);
    CHECK(PyGC_Collect() >= 1 && PyErr_Occurred() == NULL);
    catch_unraisable(false);
    CHECK(PyList_Size(caught) == 1);
    done();
}

static int failing_clear(PyObject *self)
{
    node_clear(self);
    PyErr_SetString(PyExc_ValueError, "in tp_clear");
    return -1;
}

TEST(a_tp_clear_that_fails)
{
    begin();
    PyType_Slot slots[sizeof node_slots / sizeof node_slots[0]];
    memcpy(slots, node_slots, sizeof slots);
    slots[1].pfunc = FUNC(failing_clear);
    PyType_Spec spec = {"tests.Failing", (int)sizeof(Node), 0,
                        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, slots};
    node_type = (PyTypeObject *)keep(PyType_FromSpec(&spec));
    catch_unraisable(true);
    Node *a = new_node('a');
    Py_INCREF((PyObject *)a);
    hold(a, a);
    Py_DECREF((PyObject *)a);
    CHECK(PyGC_Collect() == 1 && PyErr_Occurred() == NULL);
    catch_unraisable(false);
    SHOW(PyObject_Str(caught));
    CHECK(happened("facada"));
    done();
}

TEST(an_error_that_is_set_stays)
{
    begin();
    (void)new_pair('a', 'b');
    PyErr_SetString(PyExc_KeyError, "before");
    CHECK(PyGC_Collect() == 2);
    CHECK_RAISES(PyExc_KeyError, "'before'", 1);
    done();
}

TEST(disabled)
{
    begin();
    (void)new_pair('a', 'b');
    CHECK(PyGC_Disable() == 1);
    CHECK(PyGC_Collect() == 0 && happened(""));
    CHECK(PyGC_Enable() == 0);
    CHECK(PyGC_Collect() == 2);
    done();
}

/* A tp_traverse that shows the object itself, which it does not hold. */
static int self_traverse(PyObject *self, visitproc visit, void *arg)
{
    PyObject *nothing = NULL;
    Py_VISIT(nothing);
    Py_VISIT(((Node *)self)->held);
    return 0;
}

TEST(a_type_that_is_not_shown)
{
    /* As types for the limited API of 3.8 and before were: their type has one reference more. */
    begin();
    PyType_Slot slots[sizeof node_slots / sizeof node_slots[0]];
    memcpy(slots, node_slots, sizeof slots);
    slots[0].pfunc = FUNC(self_traverse);
    PyType_Spec spec = {"tests.Unshown", (int)sizeof(Node), 0,
                        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, slots};
    node_type = (PyTypeObject *)PyType_FromSpec(&spec);
    (void)new_pair('a', 'b');
    Py_DECREF((PyObject *)node_type);
    CHECK(PyGC_Collect() == 2);
    CHECK(PyGC_Collect() >= 1);
    done();
}

static int visits, enabled_within;
static PyObject *looked_for;

static int visit_one(PyObject *object, void *arg)
{
    visits += *(int *)arg;
    enabled_within = PyGC_IsEnabled();
    return object != looked_for;
}

TEST(visit_objects)
{
    begin();
    int one = 1;
    looked_for = keep((PyObject *)new_node('a'));
    PyObject *last = keep((PyObject *)new_node('b'));
    visits = 0;
    enabled_within = -1;
    PyUnstable_GC_VisitObjects(visit_one, &one);
    int found = visits;
    CHECK(found > 0 && enabled_within == 0 && PyGC_IsEnabled() == 1);
    looked_for = NULL;
    visits = 0;
    PyUnstable_GC_VisitObjects(visit_one, &one);
    CHECK(visits > found);
    PyObject_GC_UnTrack(last);
    int all = visits;
    visits = 0;
    PyUnstable_GC_VisitObjects(visit_one, &one);
    CHECK(visits == all - 1);
    PyObject_GC_Track(last);
    done();
}

/* Nodes that hold each other in a row, longer than ends may nest, each of which collects at its end. */
static int ended;

static void row_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    /* CRASHES to collect before this. */
    PyObject_GC_UnTrack(self);
    (void)PyGC_Collect();
    ended++;
    Py_XDECREF(((Node *)self)->held);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static int row_clear(PyObject *self)
{
    Py_CLEAR(((Node *)self)->held);
    return 0;
}

TEST(collecting_while_a_row_ends)
{
    begin();
    PyType_Slot slots[] = {
        {Py_tp_traverse, FUNC(node_traverse)},
        {Py_tp_clear, FUNC(row_clear)},
        {Py_tp_dealloc, FUNC(row_dealloc)},
        {0, NULL},
    };
    PyType_Spec spec = {"tests.Row", (int)sizeof(Node), 0,
                        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, slots};
    node_type = (PyTypeObject *)keep(PyType_FromSpec(&spec));
    Node *first = NULL;
    for (int i = 0; i < 300; i++) {
        Node *node = new_node('r');
        hold(node, first);
        first = node;
    }
    ended = 0;
    Py_DECREF((PyObject *)first);
    CHECK(ended == 300);
    done();
}

/* Under valgrind, which sets this, there are fewer. */
static long fewer(long many)
{
    const char *allocator = getenv("PYTHONMALLOC");
    return allocator != NULL && strcmp(allocator, "malloc") == 0 ? many / 1000 : many;
}

typedef struct {
    PyObject_HEAD
    PyObject *next;
} Link;

static long links_ended;

static int link_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((Link *)self)->next);
    return 0;
}

static int link_clear(PyObject *self)
{
    Py_CLEAR(((Link *)self)->next);
    return 0;
}

static void link_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    links_ended++;
    Py_XDECREF(((Link *)self)->next);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static PyType_Slot link_slots[] = {
    {Py_tp_traverse, FUNC(link_traverse)},
    {Py_tp_clear, FUNC(link_clear)},
    {Py_tp_dealloc, FUNC(link_dealloc)},
    {0, NULL},
};

static PyType_Spec link_spec = {"tests.Link", (int)sizeof(Link), 0,
                                Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, link_slots};

TEST(a_cycle_of_ten_million)
{
    /* Ends recursed before. */
    NEEDS(0x030E0000);
    begin();
    PyTypeObject *type = (PyTypeObject *)keep(PyType_FromSpec(&link_spec));
#ifdef __cplusplus
    long many = fewer(100000);
#else
    long many = fewer(10000000);
#endif
    PyGC_Disable();
    Link *first = PyObject_GC_New(Link, type), *last = first;
    first->next = NULL;
    PyObject_GC_Track(first);
    for (long i = 1; i < many; i++) {
        Link *link = PyObject_GC_New(Link, type);
        link->next = (PyObject *)last;
        PyObject_GC_Track(link);
        last = link;
    }
    first->next = (PyObject *)last;
    PyGC_Enable();
    links_ended = 0;
    CHECK(PyGC_Collect() == many && links_ended == many);
    done();
}

/* Has a collection begin that is due: a runtime that collects in no allocation does it here. */
static void give_way(void)
{
    CHECK(PyErr_CheckSignals() == 0);
}

TEST(a_young_collection_looks_at_the_young)
{
    begin();
    long old = fewer(1000000), young = old / 10;
    PyObject *list = keep(PyList_New(0));
    for (long i = 0; i < old; i++) {
        Node *node = new_node('o');
        CHECK(PyList_Append(list, (PyObject *)node) == 0);
        Py_DECREF((PyObject *)node);
        forget();
    }
    (void)PyGC_Collect();
    /* As many as a tenth of the old are made, and stay. */
    traversed = 0;
    for (long i = 0; i < young; i++) {
        Node *node = new_node('y');
        CHECK(PyList_Append(list, (PyObject *)node) == 0);
        Py_DECREF((PyObject *)node);
        give_way();
    }
    CHECK(young < 2000 || traversed > young);
    CHECK(traversed <= 6 * young);
    /* Twice as many as are old are made and dropped, each holding itself. */
    traversed = 0;
    long made = 2 * old;
    for (long i = 0; i < made; i++) {
        Node *node = new_node('g');
        Py_INCREF((PyObject *)node);
        hold(node, node);
        Py_DECREF((PyObject *)node);
        give_way();
        forget();
    }
    CHECK(made < 2000 || traversed > made / 2);
    CHECK(traversed <= 4 * made);
    forget();
    done();
}

TEST_MAIN(order, newest_callback_first, a_reference_that_is_garbage_is_not_called, resurrection,
          resurrection_at_the_end_of_an_object, collecting_while_collecting,
          garbage_that_is_made_during_a_collection, a_finalizer_that_fails, a_del_that_fails,
          a_tp_clear_that_fails, an_error_that_is_set_stays, disabled, a_type_that_is_not_shown,
          visit_objects, collecting_while_a_row_ends, a_cycle_of_ten_million,
          a_young_collection_looks_at_the_young)
