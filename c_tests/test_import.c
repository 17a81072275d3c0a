/* import.h: modules by name: built in, added, and extension files found on sys.path.
 *
 * The files are those of c_tests/ext, compiled to NAME.abi3.so in the directory that the
 * environment variable EXT_DIR names, as the runner sees to. Without it those tests are skipped. */
#include "expect.h"

#include <stdlib.h>

static const char *ext_dir(void)
{
    return getenv("EXT_DIR");
}

#define NEEDS_FILES() do { if (ext_dir() == NULL) SKIP("EXT_DIR is not set"); on_path(); } while (0)

static void on_path(void)
{
    PyObject *path = PySys_GetObject("path");
    PyObject *entry = keep(PyUnicode_DecodeFSDefault(ext_dir()));
    if (PySequence_Contains(path, entry) == 0) {
        CHECK(PyList_Insert(path, 0, entry) == 0);
    }
}

static void forget(const char *name)
{
    CHECK(PyDict_DelItemString(PyImport_GetModuleDict(), name) == 0);
}

static PyObject *greet(PyObject *module, PyObject *ignored)
{
    (void)module, (void)ignored;
    return PyUnicode_FromString("hello");
}

static PyMethodDef greeting_methods[] = {{"greet", greet, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot no_slots[] = {{0, NULL}};

static struct PyModuleDef single_def = {PyModuleDef_HEAD_INIT, "greeting_single", "Single.", -1,
                                        greeting_methods, NULL, NULL, NULL, NULL};
static struct PyModuleDef multi_def = {PyModuleDef_HEAD_INIT, "greeting_multi", "Multi.", 0,
                                       greeting_methods, no_slots, NULL, NULL, NULL};

static PyObject *init_single(void)
{
    return PyModule_Create(&single_def);
}

static PyObject *init_multi(void)
{
    return PyModuleDef_Init(&multi_def);
}

TEST(inittab)
{
    static const char *const names[] = {"greeting_single", "greeting_multi"};
    for (int i = 0; i < 2; i++) {
        PyObject *module = keep(PyImport_ImportModule(names[i]));
        CHECK(repr_is(PyObject_CallMethod(module, "greet", NULL), "'hello'"));
        CHECK(is_same(PyImport_ImportModule(names[i]), module));
        CHECK(text_is(PyObject_GetAttrString(module, "__name__"), names[i]));
        char want[60];
        snprintf(want, sizeof want, "<module '%s' (built-in)>", names[i]);
        CHECK(shows(module, want));
        PyObject *builtin_names = PySys_GetObject("builtin_module_names");
        CHECK(PySequence_Contains(builtin_names, S(names[i])) == 1);
    }
    done();
}

TEST(add_module)
{
    PyObject *added = PyImport_AddModule("added");
    CHECK(added != NULL && PyModule_Check(added));
    CHECK(PyImport_AddModule("added") == added);
    CHECK(PyImport_AddModuleObject(S("added")) == added);
    CHECK(is_same(PyImport_ImportModule("added"), added));
    CHECK(PyDict_GetItemString(PyImport_GetModuleDict(), "added") == added);
#if TEST_API >= 0x030D0000
    CHECK(is_same(PyImport_AddModuleRef("added"), added));
    CHECK(is_same(PyImport_GetModule(S("added")), added));
    CHECK(PyImport_GetModule(S("no_such_module")) == NULL && PyErr_Occurred() == NULL);
#endif
    forget("added");
    done();
}

TEST(import_functions)
{
    PyObject *sys = keep(PyImport_ImportModule("sys"));
    CHECK(is_same(PyImport_Import(S("sys")), sys));
    CHECK(is_same(PyImport_ImportModuleLevel("sys", NULL, NULL, NULL, 0), sys));
    CHECK(is_same(PyImport_ImportModuleLevelObject(S("sys"), NULL, NULL, NULL, 0), sys));
    CHECK(is_same(PyImport_ImportModuleEx("sys", NULL, NULL, NULL), sys));
    CHECK(PyImport_GetModuleDict() != NULL
          && PyDict_GetItemString(PyImport_GetModuleDict(), "sys") == sys);
    CHECK(PyImport_GetMagicNumber() != 0);
    CHECK_RAISES(PyExc_ValueError, "level must be >= 0",
                 PyImport_ImportModuleLevel("sys", NULL, NULL, NULL, -1) == NULL);
    CHECK_RAISES(PyExc_ValueError, "Empty module name",
                 PyImport_ImportModuleLevel("", NULL, NULL, NULL, 0) == NULL);
    done();
}

TEST(not_found)
{
    CHECK(PyImport_ImportModule("no_such_module") == NULL);
    PyObject *error = keep(test_take_raised());
    CHECK(shows(error, "ModuleNotFoundError(\"No module named 'no_such_module'\", "
                       "name='no_such_module')"));
    CHECK(repr_is(PyObject_GetAttrString(error, "name"), "'no_such_module'"));
    CHECK(PyDict_SetItemString(PyImport_GetModuleDict(), "blocked", Py_None) == 0);
    CHECK_RAISES(PyExc_ModuleNotFoundError, "import of blocked halted; None in sys.modules",
                 PyImport_ImportModule("blocked") == NULL);
    forget("blocked");
    CHECK_RAISES(PyExc_ModuleNotFoundError,
                 "No module named 'sys.below'; 'sys' is not a package",
                 PyImport_ImportModule("sys.below") == NULL);
    done();
}

TEST(single_phase_file)
{
    NEEDS_FILES();
    PyObject *module = keep(PyImport_ImportModule("single"));
    CHECK(repr_is(PyObject_CallMethod(module, "add", "ii", 40, 2), "42"));
    CHECK(repr_is(PyObject_GetAttrString(module, "ANSWER"), "42"));
    CHECK(repr_is(PyObject_GetAttrString(module, "__doc__"), "'Made at once.'"));
    PyObject *file = keep(PyObject_GetAttrString(module, "__file__"));
    CHECK(PyUnicode_Tailmatch(file, S("/single.abi3.so"), 0, PY_SSIZE_T_MAX, 1) == 1);
    CHECK(is_same(PyImport_ImportModule("single"), module));
    CHECK_RAISES(PyExc_TypeError, "add() takes exactly 2 arguments (1 given)",
                 PyObject_CallMethod(module, "add", "i", 1) == NULL);
    done();
}

TEST(multi_phase_file)
{
    NEEDS_FILES();
    PyObject *first = keep(PyImport_ImportModule("multi"));
    CHECK(repr_is(PyObject_CallMethod(first, "count", NULL), "1"));
    CHECK(repr_is(PyObject_CallMethod(first, "count", NULL), "2"));
    forget("multi");
    PyObject *second = keep(PyImport_ImportModule("multi"));
    CHECK(first != second && repr_is(PyObject_CallMethod(second, "count", NULL), "1"));
    PyObject *error = keep(PyObject_GetAttrString(second, "Error"));
    CHECK(PyObject_CallMethod(second, "fail", "s", "text") == NULL && PyErr_ExceptionMatches(error));
    CHECK(raised_is("Error('text')"));
    CHECK(!PyObject_RichCompareBool(error, keep(PyObject_GetAttrString(first, "Error")), Py_EQ));
    CHECK(repr_is(PyObject_GetAttrString(keep(PyObject_GetAttrString(second, "__spec__")), "name"),
                  "'multi'"));
    forget("multi");
    done();
}

TEST(exported_slots_file)
{
#if TEST_API >= 0x030F0000
    NEEDS_FILES();
    PyObject *module = keep(PyImport_ImportModule("export"));
    CHECK(repr_is(PyObject_GetAttrString(module, "EXECUTED"), "1"));
    CHECK(repr_is(PyObject_CallMethod(module, "count", NULL), "1"));
    CHECK(repr_is(PyObject_CallMethod(module, "count", NULL), "2"));
    CHECK(repr_is(PyObject_GetAttrString(module, "__doc__"), "'Exported as slots.'"));
    Py_ssize_t size = -1;
    CHECK(PyModule_GetStateSize(module, &size) == 0 && size == (Py_ssize_t)sizeof(long));
    forget("export");
    done();
#else
    SKIP("needs 3.15");
#endif
}

TEST(type_in_a_file)
{
    NEEDS_FILES();
    PyObject *module = keep(PyImport_ImportModule("counter"));
    PyObject *counter = PyObject_CallMethod(module, "Counter", "i", 5);
    CHECK(repr_is(PyIter_Next(counter), "5") && repr_is(PyIter_Next(counter), "6"));
    CHECK(shows(counter, "Counter(7)"));
    CHECK(PyObject_SetAttrString(counter, "attached", counter) == 0);
    Py_DECREF(counter);
    CHECK(PyGC_Collect() >= 1);
    forget("counter");
    done();
}

TEST(failing_file)
{
    NEEDS_FILES();
    CHECK_RAISES(PyExc_RuntimeError, "broken on purpose", PyImport_ImportModule("broken") == NULL);
    CHECK(PyDict_GetItemString(PyImport_GetModuleDict(), "broken") == NULL);
    done();
}

TEST(reload)
{
    PyObject *module = keep(PyImport_ImportModule("greeting_multi"));
    CHECK(is_same(PyImport_ReloadModule(module), module));
    done();
}

static PyObject *hook(PyObject *self, PyObject *path)
{
    (void)self;
    if (PyObject_RichCompareBool(path, S("/wanted"), Py_EQ) == 1) {
        return PyUnicode_FromString("an importer");
    }
    PyErr_SetString(PyExc_ImportError, "not mine");
    return NULL;
}

static PyMethodDef hook_def = {"hook", hook, METH_O, NULL};

TEST(importers)
{
    PyObject *hooks = PySys_GetObject("path_hooks");
    PyObject *cache = PySys_GetObject("path_importer_cache");
    PyObject *before = keep(PySequence_List(hooks));
    CHECK(PyList_SetSlice(hooks, 0, PyList_Size(hooks), V("[N]", PyCFunction_New(&hook_def, NULL))) == 0);
    CHECK(repr_is(PyImport_GetImporter(S("/wanted")), "'an importer'"));
    CHECK(repr_is(PyImport_GetImporter(S("/wanted")), "'an importer'"));
    CHECK(repr_is(PyImport_GetImporter(S("/unwanted")), "None"));
    CHECK(shows(PyDict_GetItemString(cache, "/wanted"), "'an importer'"));
    CHECK(shows(PyDict_GetItemString(cache, "/unwanted"), "None"));
    CHECK(PyDict_DelItemString(cache, "/wanted") == 0);
    CHECK(PyDict_DelItemString(cache, "/unwanted") == 0);
    CHECK(PyList_SetSlice(hooks, 0, PyList_Size(hooks), before) == 0);
    CHECK(PyImport_ImportFrozenModule("none_such") == 0);
#if TEST_API >= 0x03070000
    CHECK(PyImport_ImportFrozenModuleObject(S("none_such")) == 0);
#endif
    done();
}

/* What must be said before Py_Initialize, which TEST_MAIN calls. */
#ifdef __GNUC__
__attribute__((constructor))
#endif
static void add_to_inittab(void)
{
    PyImport_AppendInittab("greeting_single", init_single);
    PyImport_AppendInittab("greeting_multi", init_multi);
}

TEST_MAIN(inittab, add_module, import_functions, not_found, single_phase_file, multi_phase_file,
          exported_slots_file, type_in_a_file, failing_file, reload,
          importers)
