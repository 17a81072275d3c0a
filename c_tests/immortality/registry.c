/* Every way to become immortal is in the registry, with what it says of itself.
 *
 *     registry FILE    FILE is a module (hammer.c)                                                       */
#include "check.h"

enum { MOST = 20000 };

static struct {
    PyObject *object;
    char kind[48], type_name[48], owner[300], origin[48], name[128];
    size_t bytes;
    uint64_t cost;
} rows[MOST];
static int n_rows;

static int copy_row(const struct deathless_immortal *row, void *arg)
{
    (void)arg;
    if (n_rows == MOST) return -2;
    rows[n_rows].object = row->object;
    snprintf(rows[n_rows].kind, sizeof rows->kind, "%s", row->kind);
    snprintf(rows[n_rows].type_name, sizeof rows->type_name, "%s", row->type_name);
    snprintf(rows[n_rows].owner, sizeof rows->owner, "%s", row->owner);
    snprintf(rows[n_rows].origin, sizeof rows->origin, "%s", row->origin);
    size_t length = deathless_immortal_name(row, rows[n_rows].name, sizeof rows->name);
    CHECK(length > 0 && strlen(rows[n_rows].name) == (length < sizeof rows->name ? length : strlen(rows[n_rows].name)));
    rows[n_rows].bytes = row->bytes;
    rows[n_rows++].cost = row->mortal_cost;
    return 0;
}

static void visit(void)
{
    n_rows = 0;
    CHECK(deathless_visit_immortals(copy_row, NULL) == 0);
}

/* The row of an object, which must be there once. */
static int row_of(PyObject *object)
{
    int found = -1, times = 0;
    for (int i = 0; i < n_rows; i++) {
        if (rows[i].object == object) {
            found = i;
            times++;
        }
    }
    CHECK(times == 1);
    return found < 0 ? 0 : found;
}

static void says(PyObject *object, const char *kind, const char *origin, const char *name, int costs)
{
    int row = row_of(object);
    int right = strcmp(rows[row].kind, kind) == 0 && strcmp(rows[row].origin, origin) == 0
                && strcmp(rows[row].name, name) == 0 && (rows[row].cost == rows[row].bytes) == costs
                && (costs || rows[row].cost == 0) && rows[row].bytes >= 16;
    CHECK(right);
    if (!right) {
        printf("  kind '%s' origin '%s' name '%s' bytes %zu cost %llu\n", rows[row].kind, rows[row].origin,
               rows[row].name, rows[row].bytes, (unsigned long long)rows[row].cost);
    }
}

/* A static type, as an extension brings one. The limited API does not show its layout: the first fields are CPython's. */
enum { TP_DICT = 27 };

static struct {
    PyObject_HEAD
    Py_ssize_t size;
    const char *name;
    Py_ssize_t basicsize, itemsize;
    void *rest[80];
} static_type = {.size = 0, .name = "registry.Static", .basicsize = sizeof(PyObject)};

static void statics(void)
{
    const char *compiled = "laid out by the compiler", *built = "built when the process started";
    PyObject *seven = PyLong_FromLong(7), *letter = PyUnicode_FromString("x");
    says(Py_None, "singleton", compiled, "None", 0);
    says(Py_True, "singleton", compiled, "True", 0);
    says(seven, "small int", compiled, "7", 0);
    says(letter, "one-character str", compiled, "'x'", 0);
    says((PyObject *)&PyList_Type, "built-in type", compiled, "list", 0);
    says(PyExc_ValueError, "exception", compiled, "ValueError", 0);
    PyObject *append = PyObject_GetAttrString((PyObject *)&PyList_Type, "append");
    says(append, "descriptor", built, "list.append", 1);
    int namespaces = 0;
    for (int i = 0; i < n_rows; i++) namespaces += strcmp(rows[i].name, "dict of list") == 0;
    CHECK(namespaces == 1);
}

int main(int argc, char **argv)
{
    Py_Initialize();
    visit();
    int before = n_rows;
    statics();
    /* One of each way. */
    PyObject *by_hand = Py_BuildValue("(s[i])", "by hand", 70000), *overflowed = PyFloat_FromDouble(2.5);
    CHECK(PyUnstable_SetImmortal(by_hand) == 1);
    _Py_SetRefcnt(overflowed, (Py_ssize_t)0x7ffffff0);
    for (int i = 0; i < 32; i++) Py_IncRef(overflowed);
    CHECK(PyType_Ready((PyTypeObject *)&static_type) == 0);
    PyObject *interned = PyUnicode_FromString("a name for ever");
    PyUnicode_InternImmortal(&interned);
    visit();
    says(by_hand, "promoted", "promoted by hand", "('by hand', list of 1)", 1);
    says(overflowed, "overflowed", "its count overflowed", "2.5", 1);
    says(interned, "interned for ever", "interned for ever", "'a name for ever'", 1);
    says((PyObject *)&static_type, "extension's type", "static in an extension", "registry.Static", 0);
    CHECK(strcmp(rows[row_of(by_hand)].owner, "interpreter 0") == 0);
    CHECK(strstr(rows[row_of((PyObject *)&static_type)].owner, "registry") != NULL);
    CHECK(strcmp(rows[row_of((PyObject *)&static_type)].type_name, "type") == 0);
    int hung = 0;
    for (int i = 0; i < n_rows; i++) {
        if (strcmp(rows[i].origin, "built for a static type of an extension") != 0) continue;
        CHECK(strstr(rows[i].owner, "registry") != NULL && rows[i].cost == rows[i].bytes);
        hung++;
    }
    CHECK(hung == 4);
    says((PyObject *)static_type.rest[TP_DICT], "type's namespace", "built for a static type of an extension",
         "dict of registry.Static", 1);
    /* And by the walk. */
    PyObject *module = argc > 1 ? deathless_load_module("hammer", argv[1]) : NULL;
    CHECK(module != NULL);
    PyObject *list = Py_BuildValue("[{s:y}]", "key", "some bytes"), *put = Py_BuildValue("[s]", "put");
    CHECK(PyDict_SetItemString((PyObject *)static_type.rest[TP_DICT], "put", put) == 0);
    struct deathless_heap_walk report;
    CHECK(deathless_immortalize_heap(&report) == 0);
    visit();
    const char *walk = "made so by the heap walk";
    PyObject *dict = PyList_GetItem(list, 0), *bytes = PyDict_GetItemString(dict, "key");
    says(list, "walked", walk, "list of 1", 1);
    says(dict, "walked", walk, "dict of 1", 1);
    says(put, "walked", walk, "list of 1", 1);
    says(bytes, "walked", walk, "b'some bytes'", 1);
    says(module, "walked", walk, "module hammer", 1);
    says(PyModule_GetDict(module), "walked", walk, "dict of module hammer", 1);
    PyObject *function = PyObject_GetAttrString(module, "hammer");
    says(function, "walked", walk, "hammer.hammer", 1);
    says(PyList_GetItem(PyTuple_GetItem(by_hand, 1), 0) ? PyTuple_GetItem(by_hand, 1) : NULL, "walked", walk, "list of 1", 1);
    says(by_hand, "promoted", "promoted by hand", "('by hand', list of 1)", 1);
    size_t walked = 0, walked_bytes = 0;
    for (int i = 0; i < n_rows; i++) {
        if (strcmp(rows[i].kind, "walked") != 0) continue;
        walked++;
        walked_bytes += rows[i].bytes;
    }
    CHECK(walked == report.objects && walked_bytes == report.bytes && n_rows > before);
    CHECK(Py_FinalizeEx() == 0);
    /* All of the interpreter's went with it; the type, what it hangs on to and the definition of the module did not. */
    Py_Initialize();
    visit();
    CHECK(n_rows == before + 2 + hung);
    CHECK(Py_FinalizeEx() == 0);
    printf("%d failures\n", failures);
    return failures != 0;
}
