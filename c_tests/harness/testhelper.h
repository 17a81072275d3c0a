/* The harness of the C tests: one file c_tests/test_<header>.c for each header.
 *
 *     TEST(appends) { CHECK(PyList_Append(list, item) == 0); }
 *     TEST_MAIN(appends, ...)
 *
 * The program runs every test, or those named on its command line, and prints
 * `ok NAME`, `skip NAME: reason` or `FAIL NAME file:line: what`, and as its last
 * line `N passed, N failed`. A test that leaves an exception behind fails.
 * Limited API only, C11 or C++, the same on CPython's headers and on ours.
 *
 * What a newer API needs goes between `#if TEST_API >= 0x030D0000` and
 * `#else SKIP("needs 3.13"); #endif`: the API that the file is compiled for. What
 * a newer runtime needs begins with `NEEDS(0x030D0000)`: the one that it runs on. */
#ifndef DEATHLESS_TESTHELPER_H
#define DEATHLESS_TESTHELPER_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdio.h>
#include <string.h>

#if defined(Py_LIMITED_API) && Py_LIMITED_API + 0 < PY_VERSION_HEX
#  define TEST_API (Py_LIMITED_API + 0)
#else
#  define TEST_API PY_VERSION_HEX
#endif

#ifdef __cplusplus
extern "C" {
#endif
/* Declared again: the runtime has it (since 3.11), an older API does not show it. */
PyAPI_DATA(const unsigned long) Py_Version;
#ifdef __cplusplus
}
#endif

static const char *test_name;
static int test_failed, test_skipped;

static void test_fail(const char *file, int line, const char *what)
{
    printf("FAIL %s %s:%d: %s\n", test_name, file, line, what);
    fflush(stdout);
    test_failed = 1;
}

/* The pending exception, which is cleared, as a new reference; or NULL. */
static inline PyObject *test_take_raised(void)
{
#if TEST_API >= 0x030C0000
    return PyErr_GetRaisedException();
#else
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    return value;
#endif
}

/* Prints `prefix` and str(object) or repr(object). */
static inline void test_print(const char *prefix, PyObject *object, int repr)
{
    PyObject *text = repr ? PyObject_Repr(object) : PyObject_Str(object);
    PyObject *utf8 = text ? PyUnicode_AsUTF8String(text) : NULL;
    printf("%s%s\n", prefix, utf8 ? PyBytes_AsString(utf8) : "(no text)");
    fflush(stdout);
    Py_XDECREF(utf8);
    Py_XDECREF(text);
    if (utf8 == NULL) PyErr_Clear();
}

static inline void test_raises(const char *file, int line, PyObject *type,
                               const char *message, int is_error, const char *what)
{
    int matches = PyErr_Occurred() != NULL && PyErr_ExceptionMatches(type);
    PyObject *raised = test_take_raised();
    if (!is_error || !matches) test_fail(file, line, what);
    else if (message != NULL && Py_Version >= 0x030F0000) { /* older ones said it differently */
        PyObject *text = PyObject_Str(raised);
        PyObject *utf8 = text ? PyUnicode_AsUTF8String(text) : NULL;
        if (utf8 == NULL || strcmp(PyBytes_AsString(utf8), message) != 0)
            test_fail(file, line, what);
        Py_XDECREF(utf8);
        Py_XDECREF(text);
    }
    if (test_failed && raised != NULL) test_print("  raised: ", raised, 1);
    Py_XDECREF(raised);
}

static inline void test_show(const char *what, PyObject *object)
{
    printf("  %s = ", what);
    if (object != NULL) test_print("", object, 1);
    else {
        PyObject *raised = test_take_raised();
        test_print("raises ", raised, 1);
        Py_XDECREF(raised);
    }
    Py_XDECREF(object);
}

#define TEST(name) static void name(void)
/* `expr` must be true. The test goes on either way. */
#define CHECK(expr) ((expr) ? (void)0 : test_fail(__FILE__, __LINE__, #expr))
/* `is_error` must be true and `type` be raised, with this str() if not NULL. */
#define CHECK_RAISES(type, message, is_error)                                     \
    do {                                                                          \
        int test_is_error = (is_error) ? 1 : 0;                                   \
        test_raises(__FILE__, __LINE__, type, message, test_is_error,             \
                    #is_error " raises " #type " " #message);                     \
    } while (0)
/* Prints the repr of a new reference, which is given back, or what was raised:
 * the runner compares it with what 3.15 printed. */
#define SHOW(expr) test_show(#expr, (expr))
#define SKIP(reason)                                                              \
    do { printf("skip %s: %s\n", test_name, reason); test_skipped = 1; return; } while (0)
#define NEEDS(version) do { if (Py_Version < (version)) SKIP("needs " #version); } while (0)

#define TEST_MAIN(...)                                                            \
    int main(int argc, char **argv)                                               \
    {                                                                             \
        static void (*const tests[])(void) = {__VA_ARGS__};                       \
        static char names[] = #__VA_ARGS__;                                       \
        return test_main(argc, argv, tests, names);                               \
    }

/* `names` is the list as it was written: "first, second, third". */
static int test_main(int argc, char **argv, void (*const tests[])(void), char *names)
{
    int passed = 0, failed = 0, at = 0;
    Py_Initialize();
    for (char *name = strtok(names, ", \n"); name; name = strtok(NULL, ", \n"), at++) {
        int wanted = argc < 2;
        for (int i = 1; i < argc; i++) wanted |= strcmp(argv[i], name) == 0;
        if (!wanted) continue;
        test_name = name;
        test_failed = test_skipped = 0;
        tests[at]();
        if (PyErr_Occurred()) {
            test_fail(__FILE__, __LINE__, "an exception was left behind");
            PyErr_Print();
        }
        if (!test_failed && !test_skipped) printf("ok %s\n", name);
        fflush(stdout);
        failed += test_failed;
        passed += !test_failed && !test_skipped;
    }
    if (Py_FinalizeEx() < 0) failed++;
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}

#endif
