/* Immortals under modules that count without balance, each compiled for another API, all in one process.
 *
 *     stick TIMES MODULE=FILE...
 *
 * TIMES is how many references each takes, and gives back, of each object. None may end an immortal, make it mortal or
 * change what is in it; drift is seen, healed and counted. */
#include "check.h"

enum { MODULES = 24, OBJECTS = 24 };

static struct {
    const char *name;
    PyObject *hammer, *jump;
} modules[MODULES];
static int n_modules;

static struct {
    PyObject *object;
    char *repr;
} objects[OBJECTS];
static int n_objects;
static int ended;

static void immortal_ends(PyObject *capsule)
{
    (void)capsule;
    ended++;
}

static char *repr_of(PyObject *object)
{
    PyObject *text = PyObject_Repr(object);
    const char *utf8 = text ? PyUnicode_AsUTF8AndSize(text, NULL) : NULL;
    char *copy = strdup(utf8 ? utf8 : "(no repr)");
    PyErr_Clear();
    Py_XDECREF(text);
    return copy;
}

static void add(PyObject *object)
{
    CHECK(object != NULL && n_objects < OBJECTS && PyUnstable_IsImmortal(object));
    objects[n_objects].object = object;
    objects[n_objects++].repr = repr_of(object);
}

static PyObject *promoted(PyObject *object)
{
    CHECK(object != NULL && PyUnstable_SetImmortal(object) == 1);
    return object;
}

static int find_drift(const struct deathless_immortal *row, void *arg)
{
    struct deathless_immortal *wanted = arg;
    if (row->object != wanted->object) return 0;
    *wanted = *row;
    return 1;
}

static struct deathless_immortal row_of(PyObject *object)
{
    struct deathless_immortal row = {0};
    row.object = object;
    CHECK(deathless_visit_immortals(find_drift, &row) == 1);
    return row;
}

static void call(PyObject *function, PyObject *object, long long up, long long down)
{
    PyObject *result = PyObject_CallFunction(function, "OLL", object, up, down);
    CHECK(result != NULL);
    Py_XDECREF(result);
}

static void jump(PyObject *object, long long by)
{
    PyObject *function = NULL;
    for (int i = 0; i < n_modules && !function; i++) function = modules[i].jump;
    PyObject *result = PyObject_CallFunction(function, "OL", object, by);
    CHECK(result != NULL);
    Py_XDECREF(result);
}

static void is_whole(int at)
{
    PyObject *object = objects[at].object;
    char *now = repr_of(object);
    CHECK(PyUnstable_IsImmortal(object));
    CHECK(strcmp(now, objects[at].repr) == 0);
    CHECK(Py_REFCNT(object) > 1000000);
    CHECK(ended == 0);
    free(now);
}

/* Every module on every object: up, down, and both. What has drifted is seen, and healed when asked for. */
static void hammer_all(long long times)
{
    for (int m = 0; m < n_modules; m++) {
        /* The loops that the whole amount is asked of work on one object; the others take a share. */
        for (int o = 0; o < n_objects; o++) {
            long long n = o == 0 ? times : times / 64;
            call(modules[m].hammer, objects[o].object, n, 0);
            is_whole(o);
            call(modules[m].hammer, objects[o].object, 0, n);
            call(modules[m].hammer, objects[o].object, 0, n);
            is_whole(o);
        }
        size_t drifted = 0;
        CHECK(deathless_check_immortals(&drifted) == 0);
        printf("%-16s drifted %zu\n", modules[m].name, drifted);
        CHECK(deathless_check_immortals(&drifted) == 0 && drifted == 0);
    }
}

/* How the word is changed by 2^33 operations, at once; then whatever counts on the rest of it. */
static void far_away(int at, long long by)
{
    PyObject *object = objects[at].object;
    for (int m = 0; m < n_modules; m++) {
        jump(object, by);
        CHECK(row_of(object).drift == by);
        is_whole(at);
        call(modules[m].hammer, object, 1000, 0);
        is_whole(at);
        call(modules[m].hammer, object, 0, 5000);
        is_whole(at);
        Py_IncRef(object);
        Py_DecRef(object);
        Py_DecRef(object);
        is_whole(at);
        size_t drifted = 0;
        CHECK(deathless_check_immortals(&drifted) == 0);
        CHECK(row_of(object).drift == 0);
    }
}

/* Whoever brings an immortal's count to zero finds it healed, and it is counted. */
static void brought_to_zero(int at)
{
    PyObject *object = objects[at].object;
    for (int m = 0; m < n_modules; m++) {
        uint64_t before = deathless_heal_count(), healed = row_of(object).heals;
        /* The low half at 3, the sign bit with it gone: newer inline code takes the object for a mortal. */
        jump(object, 3 - 0xC0000000LL);
        call(modules[m].hammer, object, 0, 10);
        is_whole(at);
        /* 3.12 and 3.13 count down on the whole word, which never gets there. */
        if (strcmp(modules[m].name, "full-3.14") == 0 || strcmp(modules[m].name, "full-3.15") == 0) {
            CHECK(deathless_heal_count() == before + 1 && row_of(object).heals == healed + 1);
        }
        size_t drifted;
        CHECK(deathless_check_immortals(&drifted) == 0);
        CHECK(deathless_heal_count() > before);
    }
}

/* The collector heals what drifted far when it comes by, and leaves alone what did not. */
static void collector_heals(int at)
{
    PyObject *object = objects[at].object, *list = PyList_New(0);
    CHECK(list && PyList_Append(list, object) == 0);
    uint64_t before = deathless_heal_count();
    jump(object, 1000);
    PyGC_Collect();
    CHECK(deathless_heal_count() == before && row_of(object).drift == 1000);
    jump(object, -(1LL << 30));
    PyGC_Collect();
    CHECK(deathless_heal_count() == before + 1 && row_of(object).drift == 0);
    CHECK(row_of(object).heals >= 1 && row_of(object).healed < 0);
    is_whole(at);
    Py_XDECREF(list);
}

/* A mortal whose count overflows becomes immortal, whoever counts. */
static PyObject *overflowed(void)
{
    PyObject *object = Py_BuildValue("[s]", "counted too often");
    CHECK(object && !PyUnstable_IsImmortal(object));
    _Py_SetRefcnt(object, (Py_ssize_t)0x7ffffff0);
    for (int i = 0; i < 32; i++) Py_IncRef(object);
    return object;
}

int main(int argc, char **argv)
{
    long long times = argc > 1 ? strtoll(argv[1], NULL, 0) : 1000;
    Py_Initialize();
    for (int i = 2; i < argc && n_modules < MODULES; i++) {
        char *file = strchr(argv[i], '=');
        *file++ = '\0';
        char name[64];
        snprintf(name, sizeof name, "%s.hammer", argv[i]);
        for (char *dot = strchr(name, '.'); dot != strrchr(name, '.'); dot = strchr(name, '.')) *dot = '_';
        PyObject *module = deathless_load_module(name, file);
        CHECK(module != NULL);
        modules[n_modules].name = argv[i];
        modules[n_modules].hammer = PyObject_GetAttrString(module, "hammer");
        modules[n_modules].jump = PyObject_GetAttrString(module, "jump");
        CHECK(modules[n_modules++].hammer != NULL);
        PyErr_Clear();
    }
    add(Py_None);
    add(Py_True);
    add(Py_NotImplemented);
    add(PyLong_FromLong(7));
    add(PyUnicode_FromString("x"));
    add(PyTuple_New(0));
    add(PyBytes_FromString("b"));
    add((PyObject *)&PyList_Type);
    add(PyExc_ValueError);
    add(promoted(PyLong_FromLong(123456789)));
    add(promoted(PyCapsule_New(objects, "stick", immortal_ends)));
    add(overflowed());
    PyObject *walked = Py_BuildValue("(s[i]d)", "walked", 70000, 0.5);
    CHECK(deathless_immortalize_heap(NULL) == 0);
    add(walked);
    hammer_all(times);
    for (int at = 0; at < n_objects; at++) {
        far_away(at, 1LL << 33);
        far_away(at, -(1LL << 33));
        far_away(at, 1 - (1LL << 30));
        far_away(at, (1LL << 30) - 1);
        brought_to_zero(at);
        collector_heals(at);
    }
    for (int at = 0; at < n_objects; at++) is_whole(at);
    CHECK(Py_FinalizeEx() == 0);
    CHECK(ended == 1);
    printf("%d failures\n", failures);
    return failures != 0;
}
