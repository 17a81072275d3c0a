/* The heap walk, beside what fork.c measures: what becomes immortal, that it stays usable, where the walk refuses, and
 * that all of it ends with the interpreter. */
#define _GNU_SOURCE
#include "check.h"

#include <structmember.h>
#include <sys/resource.h>

static int ended, finalized, refused, freed_state;

/* Instances of a C type with a member, without tp_traverse and not for the collector. */
typedef struct {
    PyObject_HEAD
    PyObject *held;
} Holder;

static void holder_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    ended++;
    Py_XDECREF(((Holder *)self)->held);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

static PyMemberDef holder_members[] = {
    {"held", T_OBJECT, offsetof(Holder, held), 0, NULL},
    {NULL, 0, 0, 0, NULL},
};
static PyType_Slot holder_slots[] = {
    {Py_tp_dealloc, (void *)holder_dealloc},
    {Py_tp_members, holder_members},
    {0, NULL},
};
static PyType_Spec holder_spec = {"walk.Holder", sizeof(Holder), 0, Py_TPFLAGS_DEFAULT, holder_slots};

/* For the collector, with a finalizer that asks for the walk. */
typedef struct {
    PyObject_HEAD
    PyObject *other;
} Node;

static int node_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((Node *)self)->other);
    Py_VISIT((PyObject *)Py_TYPE(self));
    return 0;
}

static int node_clear(PyObject *self)
{
    Py_CLEAR(((Node *)self)->other);
    return 0;
}

static void node_finalize(PyObject *self)
{
    (void)self;
    finalized++;
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (deathless_immortalize_heap(NULL) < 0 && PyErr_ExceptionMatches(PyExc_RuntimeError)) refused++;
    PyErr_Restore(type, value, traceback);
}

static void node_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    if (PyObject_CallFinalizerFromDealloc(self) < 0) return;
    PyObject_GC_UnTrack(self);
    node_clear(self);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

static PyMemberDef node_members[] = {
    {"other", T_OBJECT, offsetof(Node, other), 0, NULL},
    {NULL, 0, 0, 0, NULL},
};
static PyType_Slot node_slots[] = {
    {Py_tp_dealloc, (void *)node_dealloc},
    {Py_tp_traverse, (void *)node_traverse},
    {Py_tp_clear, (void *)node_clear},
    {Py_tp_finalize, (void *)node_finalize},
    {Py_tp_members, node_members},
    {0, NULL},
};
static PyType_Spec node_spec = {"walk.Node", sizeof(Node), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, node_slots};

/* A module with a state that holds an object. */
static int module_exec(PyObject *module)
{
    PyObject **state = PyModule_GetState(module);
    *state = Py_BuildValue("[s]", "what only the state holds");
    return *state == NULL ? -1 : 0;
}

static int module_traverse(PyObject *module, visitproc visit, void *arg)
{
    PyObject **state = PyModule_GetState(module);
    Py_VISIT(*state);
    return 0;
}

static void module_free(void *module)
{
    PyObject **state = PyModule_GetState((PyObject *)module);
    Py_CLEAR(*state);
    freed_state++;
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, (void *)module_exec}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "walked", NULL, sizeof(PyObject *), NULL, module_slots,
                                 module_traverse, NULL, module_free};

static PyObject *init_walked(void)
{
    return PyModuleDef_Init(&definition);
}

static PyObject *item(PyObject *dict, const char *name)
{
    return PyDict_GetItemString(dict, name);
}

/* A dict of one of each kind. Nothing but the dict holds them afterwards. */
static PyObject *build(void)
{
    PyObject *all = PyDict_New(), *value;
    PyObject *node = PyType_FromSpec(&node_spec), *holder = PyType_FromSpec(&holder_spec);
    CHECK(node && holder && PyDict_SetItemString(all, "Node", node) == 0);
    Py_DECREF(node);
#define ADD(name, made) CHECK((value = (made)) && PyDict_SetItemString(all, name, value) == 0); Py_XDECREF(value)
    ADD("list", Py_BuildValue("[[i][{s:i}]]", 70001, "inner", 70002));
    ADD("tuple", Py_BuildValue("(s(dy))", "a text", 2.5, "bytes"));
    ADD("unhashable", Py_BuildValue("([])"));
    ADD("text", PyUnicode_FromString("schl\xc3\xbcssel"));
    ADD("surrogate", PyUnicode_DecodeASCII("\xff", 1, "surrogateescape"));
    ADD("frozen", PyFrozenSet_New(item(all, "tuple")));
    ADD("node", PyObject_CallNoArgs(node));
    ADD("holder", PyObject_CallNoArgs(holder));
    ADD("subclass", PyObject_CallFunction((PyObject *)&PyType_Type, "s(O){}", "Sub", (PyObject *)&PyList_Type));
    ADD("large", PyBytes_FromStringAndSize(NULL, 100000));
    memset(PyBytes_AsString(item(all, "large")), 'x', 100000);
    ADD("module", PyImport_ImportModule("walked"));
    ADD("weak", PyWeakref_NewRef(item(all, "frozen"), NULL));
#undef ADD
    PyObject *cycle = item(all, "node"), *held = item(all, "holder");
    CHECK(PyObject_SetAttrString(cycle, "other", cycle) == 0);
    CHECK((value = PyUnicode_FromString("what only a member holds")) && PyObject_SetAttrString(held, "held", value) == 0);
    Py_XDECREF(value);
    Py_DECREF(holder);
    return all;
}

static int is_immortal_attr(PyObject *object, const char *name)
{
    PyObject *value = PyObject_GetAttrString(object, name);
    int immortal = value && PyUnstable_IsImmortal(value);
    Py_XDECREF(value);
    return immortal;
}

static void check_all_immortal(PyObject *all)
{
    PyObject *key, *value;
    Py_ssize_t position = 0;
    CHECK(PyUnstable_IsImmortal(all));
    while (PyDict_Next(all, &position, &key, &value)) {
        CHECK(PyUnstable_IsImmortal(key) && PyUnstable_IsImmortal(value));
        CHECK(!PyObject_GC_IsTracked(value));
    }
    PyObject *list = item(all, "list"), *tuple = item(all, "tuple");
    CHECK(PyUnstable_IsImmortal(PyList_GetItem(PyList_GetItem(list, 0), 0)));
    CHECK(PyUnstable_IsImmortal(PyDict_GetItemString(PyList_GetItem(PyList_GetItem(list, 1), 0), "inner")));
    CHECK(PyUnstable_IsImmortal(PyTuple_GetItem(PyTuple_GetItem(tuple, 1), 1)));
    CHECK(is_immortal_attr(item(all, "holder"), "held"));
    CHECK(PyUnstable_IsImmortal((PyObject *)Py_TYPE(item(all, "holder"))));
    CHECK(is_immortal_attr(item(all, "subclass"), "__name__") && is_immortal_attr(item(all, "subclass"), "__dict__") == 0);
    PyObject **state = PyModule_GetState(item(all, "module"));
    CHECK(PyUnstable_IsImmortal(*state) && PyUnstable_IsImmortal(PyList_GetItem(*state, 0)));
    CHECK(PyUnstable_IsImmortal(PyImport_GetModuleDict()));
}

/* What is immortal can be changed; what it then holds is mortal and ends when it is let go. */
static void check_usable(PyObject *all)
{
    PyObject *list = item(all, "list"), *type = (PyObject *)Py_TYPE(item(all, "holder"));
    PyObject *fresh = PyObject_CallNoArgs(type);
    CHECK(fresh && !PyUnstable_IsImmortal(fresh));
    for (int i = 0; i < 1000; i++) CHECK(PyList_Append(list, fresh) == 0);
    Py_XDECREF(fresh);
    int before = ended;
    CHECK(PyList_SetSlice(list, 2, PyList_Size(list), NULL) == 0 && ended == before + 1);
    CHECK(PyObject_Hash(item(all, "tuple")) != -1 && PyObject_Hash(item(all, "frozen")) != -1);
    CHECK(PyUnicode_AsUTF8AndSize(item(all, "text"), NULL) != NULL);
    CHECK(PyUnicode_AsUTF8AndSize(item(all, "surrogate"), NULL) == NULL);
    PyErr_Clear();
    CHECK(PyBytes_AsString(item(all, "large"))[99999] == 'x');
    CHECK(PyUnicode_CompareWithASCIIString(item(all, "text"), "schl") > 0);
    CHECK(PyGC_Collect() == 0);
    /* Garbage that refers to immortals is collected as ever. */
    PyObject *loop = PyList_New(0);
    CHECK(PyList_Append(loop, loop) == 0 && PyList_Append(loop, all) == 0);
    Py_DECREF(loop);
    CHECK(PyGC_Collect() == 1);
}

/* Where a collection, or the end of an object, is under way the walk refuses. */
static void check_refusals(PyObject *all)
{
    PyObject *type = item(all, "Node");
    int before = refused;
    PyObject *node = PyObject_CallNoArgs(type);
    Py_XDECREF(node);
    CHECK(finalized == 1 && refused == before + 1);
    CHECK((node = PyObject_CallNoArgs(type)) && PyObject_SetAttrString(node, "other", node) == 0);
    Py_XDECREF(node);
    PyGC_Collect();
    CHECK(finalized == 2 && refused == before + 2);
    CHECK(!PyUnstable_IsImmortal(all));
}

/* Without memory for its list the walk changes nothing. */
static void check_no_memory(PyObject *all)
{
    enum { MANY = 300000 };
    PyObject *list = PyList_New(MANY);
    CHECK(list != NULL);
    for (Py_ssize_t i = 0; i < MANY; i++) PyList_SetItem(list, i, PyTuple_New(0) == NULL ? NULL : PyList_New(0));
    PyObject *one = PyList_GetItem(list, MANY / 2), *text = item(all, "text");
    Py_ssize_t counts[] = {Py_REFCNT(one), Py_REFCNT(text), Py_REFCNT(all), Py_REFCNT(list)};
    struct rlimit before, none;
    CHECK(getrlimit(RLIMIT_AS, &before) == 0);
    none = before;
    none.rlim_cur = 1 << 20;
    CHECK(setrlimit(RLIMIT_AS, &none) == 0);
    int status = deathless_immortalize_heap(NULL);
    CHECK(setrlimit(RLIMIT_AS, &before) == 0);
    CHECK(status == -1 && PyErr_ExceptionMatches(PyExc_MemoryError));
    PyErr_Clear();
    PyObject *objects[] = {one, text, all, list};
    for (int i = 0; i < 4; i++) {
        CHECK(!PyUnstable_IsImmortal(objects[i]) && Py_REFCNT(objects[i]) == counts[i]);
        CHECK(objects[i] == text || PyObject_GC_IsTracked(objects[i]));
    }
    Py_DECREF(list);
}

/* Nor without memory for what it fills in: each text that is not ASCII wants a UTF-8 form. */
static void check_no_memory_for_caches(PyObject *all)
{
    PyObject *text = item(all, "text"), *tuple = item(all, "tuple");
    Py_ssize_t counts[] = {Py_REFCNT(text), Py_REFCNT(tuple)};
    for (int nth = 1; nth <= 2; nth++) {
        deathless_fail_allocation(nth);
        int status = deathless_immortalize_heap(NULL);
        Py_ssize_t asked = deathless_fail_allocation(0);
        /* The second time the first form is there, and there is no other. */
        if (nth == 2 && asked < 2) return;
        CHECK(status == -1 && PyErr_ExceptionMatches(PyExc_MemoryError));
        PyErr_Clear();
        CHECK(!PyUnstable_IsImmortal(text) && !PyUnstable_IsImmortal(tuple) && !PyUnstable_IsImmortal(all));
        CHECK(Py_REFCNT(text) == counts[0] && Py_REFCNT(tuple) == counts[1]);
        CHECK(PyObject_GC_IsTracked(all) && PyObject_GC_IsTracked(tuple));
    }
}

/* What `gc.name()` answers, as a number; -1 for None. */
static long ask_gc(const char *name)
{
    PyObject *gc = PyImport_ImportModule("gc"), *answer = gc ? PyObject_CallMethod(gc, name, NULL) : NULL;
    CHECK(answer != NULL);
    long number = answer == NULL || answer == Py_None ? -1 : PyLong_AsLong(answer);
    Py_XDECREF(answer);
    Py_XDECREF(gc);
    return number;
}

/* The walk finds what is frozen, and leaves nothing that could be thawed. */
static void check_thawed(PyObject *all)
{
    CHECK(ask_gc("get_freeze_count") == 0);
    (void)ask_gc("unfreeze");
    CHECK(PyGC_Collect() == 0 && !PyObject_GC_IsTracked(all));
    /* Frozen once more is what came since: it ends with the interpreter. */
    PyObject *loop = PyList_New(0);
    CHECK(PyList_Append(loop, loop) == 0);
    (void)ask_gc("freeze");
    Py_DECREF(loop);
    CHECK(ask_gc("get_freeze_count") > 0 && PyGC_Collect() == 0);
}

static void cycle(int thorough)
{
    ended = finalized = refused = freed_state = 0;
    Py_Initialize();
    PyObject *all = build();
    struct deathless_heap_walk first, second;
    check_refusals(all);
    if (thorough) check_no_memory(all);
    check_no_memory_for_caches(all);
    (void)ask_gc("freeze");
    CHECK(ask_gc("get_freeze_count") > 0 && PyObject_GC_IsTracked(all));
    CHECK(deathless_immortalize_heap(&first) == 0);
    CHECK(first.objects > 100 && first.bytes > 100000);
    check_all_immortal(all);
    check_usable(all);
    CHECK(deathless_immortalize_heap(&second) == 0 && second.objects < 10);
    PyObject *late = Py_BuildValue("[s]", "what came later");
    CHECK(PyList_Append(item(all, "list"), late) == 0);
    Py_DECREF(late);
    CHECK(deathless_immortalize_heap(NULL) == 0 && PyUnstable_IsImmortal(late));
    check_thawed(all);
    Py_DECREF(all);
    int before = ended;
    CHECK(Py_FinalizeEx() == 0);
    CHECK(ended == before + 1 && finalized == 3 && freed_state == 1);
}

static long resident(void)
{
    long pages = 0, ignored;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%ld %ld", &ignored, &pages) != 2) pages = 0;
    if (file) fclose(file);
    return pages * 4;
}

int main(int argc, char **argv)
{
    int cycles = argc > 1 ? atoi(argv[1]) : 1;
    CHECK(PyImport_AppendInittab("walked", init_walked) == 0);
    cycle(argc < 3);
    for (int i = 0; i < 20 && i < cycles; i++) cycle(0);
    long before = resident();
    for (int i = 20; i < cycles; i++) cycle(0);
    CHECK(resident() - before < 256);
    printf("%d failures\n", failures);
    return failures != 0;
}
