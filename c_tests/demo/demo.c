/* Shows what two builds of one extension module do to immortal objects.
 *
 *     demo DIRECTORY      where hammer_calls.abi3.so and hammer_inline.abi3.so are
 *
 * The one build calls the runtime for every reference: not one word may change. The other
 * counts inside the object: its words drift, and the runtime puts them right. The exit
 * status says whether both held. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "deathless.h"

#define TAKEN 1000000L
#define GIVEN_BACK 3000000L

typedef struct {
    const char *name;
    PyObject *object;
    uint64_t before;
} Subject;

static Subject subjects[4];
static int failures;

static uint64_t word_of(PyObject *object)
{
    uint64_t word;
    memcpy(&word, object, sizeof word);
    return word;
}

static void must(int holds, const char *what)
{
    if (!holds) {
        failures++;
        printf("      NOT SO: %s\n", what);
        if (PyErr_Occurred()) {
            PyErr_Print();
        }
    }
}

static void choose_subjects(void)
{
    static const char *const names[] = {"None", "True", "int", "7"};
    subjects[0].object = Py_None;
    subjects[1].object = Py_True;
    subjects[2].object = (PyObject *)&PyLong_Type;
    subjects[3].object = PyLong_FromLong(7);
    for (int i = 0; i < 4; i++) {
        subjects[i].name = names[i];
        subjects[i].before = word_of(subjects[i].object);
        printf("      %-5s 0x%016" PRIx64 "\n", names[i], subjects[i].before);
    }
}

/* The module, or NULL with the reason printed. */
static PyObject *load(const char *name)
{
    PyObject *module = PyImport_ImportModule(name);
    must(module != NULL, "the module can be loaded");
    return module;
}

static void hammer(PyObject *module, PyObject *object, long taken, long given_back)
{
    PyObject *result = PyObject_CallMethod(module, "hammer", "Oll", object, taken, given_back);
    must(result != NULL && PyLong_AsLong(result) == taken - given_back, "hammer() counts");
    Py_XDECREF(result);
}

static void with_calls(void)
{
    PyObject *module = load("hammer_calls");
    if (module == NULL) {
        return;
    }
    for (int i = 0; i < 4; i++) {
        Subject *subject = &subjects[i];
        hammer(module, subject->object, TAKEN, GIVEN_BACK);
        hammer(module, subject->object, GIVEN_BACK, TAKEN);
        hammer(module, subject->object, 0, GIVEN_BACK);
        uint64_t now = word_of(subject->object);
        printf("      %-5s 0x%016" PRIx64 "  %s\n", subject->name, now,
               now == subject->before ? "unchanged" : "CHANGED");
        must(now == subject->before, "not one word changes");
    }
    Py_DECREF(module);
}

static void with_inline_counts(void)
{
    PyObject *module = load("hammer_inline");
    if (module == NULL) {
        return;
    }
    for (int i = 0; i < 4; i++) {
        Subject *subject = &subjects[i];
        if (i % 2 == 0) {
            hammer(module, subject->object, TAKEN, GIVEN_BACK);
        } else {
            hammer(module, subject->object, GIVEN_BACK, TAKEN);
        }
        uint64_t now = word_of(subject->object);
        printf("      %-5s 0x%016" PRIx64 "  drifted by %+" PRId64 "\n", subject->name, now,
               (int64_t)(now - subject->before));
        must(now != subject->before, "what counts inline drifts");
        must(now >> 48 == subject->before >> 48, "the flags survive");
    }
    Py_DECREF(module);
}

static void heal(void)
{
    size_t drifted = 0;
    uint64_t healed_before = deathless_heal_count();
    must(deathless_check_immortals(&drifted) == 0, "the immortals can be checked");
    printf("      %zu words had drifted, %" PRIu64 " were put right\n", drifted,
           deathless_heal_count() - healed_before);
    for (int i = 0; i < 4; i++) {
        uint64_t now = word_of(subjects[i].object);
        printf("      %-5s 0x%016" PRIx64 "  %s\n", subjects[i].name, now,
               now == subjects[i].before ? "as at the beginning" : "STILL OFF");
        must(now == subjects[i].before, "every word is right again");
    }
}

/* The hammered objects still do what they are for. */
static void still_at_work(void)
{
    PyObject *sum = PyNumber_Add(subjects[3].object, Py_True);
    PyObject *number = PyObject_CallFunction((PyObject *)&PyLong_Type, "s", "12");
    PyObject *row = Py_BuildValue("(OOO)", Py_None, sum, number);
    PyObject *text = row == NULL ? NULL : PyObject_Repr(row);
    PyObject *utf8 = text == NULL ? NULL : PyUnicode_AsUTF8String(text);
    must(utf8 != NULL && strcmp(PyBytes_AsString(utf8), "(None, 8, 12)") == 0,
         "(None, 7 + True, int('12')) is (None, 8, 12)");
    if (utf8 != NULL) {
        printf("      (None, 7 + True, int('12')) is %s\n", PyBytes_AsString(utf8));
    }
    Py_XDECREF(utf8);
    Py_XDECREF(text);
    Py_XDECREF(row);
    Py_XDECREF(number);
    Py_XDECREF(sum);
}

static int find_modules_in(const char *directory)
{
    PyObject *path = PySys_GetObject("path");
    PyObject *entry = PyUnicode_DecodeFSDefault(directory);
    int result = path == NULL || entry == NULL ? -1 : PyList_Insert(path, 0, entry);
    Py_XDECREF(entry);
    return result;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    Py_Initialize();
    must(find_modules_in(argv[1]) == 0, "sys.path takes a directory");

    puts("\n   The reference words of four immortal objects");
    choose_subjects();
    puts("\n   hammer_calls, limited API 3.15: each reference is a call.");
    puts("   7 million given back that nobody had taken, 4 million taken:");
    with_calls();
    puts("\n   hammer_inline, limited API 3.6: counts in the object, without a look.");
    puts("   2 million too many given back, or taken:");
    with_inline_counts();
    puts("\n   The runtime goes through its immortals");
    heal();
    puts("\n   Nothing was freed");
    still_at_work();

    Py_XDECREF(subjects[3].object);
    if (Py_FinalizeEx() < 0) {
        failures++;
    }
    puts(failures == 0 ? "\n   All of it held.\n" : "\n   Something did NOT hold: see above.\n");
    return failures != 0;
}
