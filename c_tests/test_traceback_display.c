/* traceback.h, pythonrun.h: how exceptions are shown that passed through C functions, with what they came
 * from, groups of them, and the lines of source. */
#ifndef _GNU_SOURCE
#  define _GNU_SOURCE
#endif
#include "tracebacks.h"

#include <unistd.h>

static char written[65536];

static PyObject *take_text(PyObject *self, PyObject *text)
{
    (void)self;
    PyObject *utf8 = PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace");
    if (utf8 == NULL) return NULL;
    strncat(written, PyBytes_AsString(utf8), sizeof written - strlen(written) - 1);
    Py_DECREF(utf8);
    Py_RETURN_NONE;
}

static PyObject *flush(PyObject *self, PyObject *nothing)
{
    (void)self, (void)nothing;
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"write", take_text, METH_O, NULL},
    {"flush", flush, METH_NOARGS, NULL},
};

/* An object to write to: what it is given comes to `written`. */
static PyObject *new_file(void)
{
    PyObject *file = keep(PyObject_CallObject(from_module("types", "SimpleNamespace"), NULL));
    for (size_t i = 0; i < 2; i++)
        PyObject_SetAttrString(file, methods[i].ml_name, keep(PyCFunction_New(&methods[i], NULL)));
    return file;
}

static PyObject *stderr_before;

static void listen(void)
{
    stderr_before = PySys_GetObject("stderr");
    Py_XINCREF(stderr_before);
    keep(stderr_before);
    written[0] = '\0';
    PySys_SetObject("stderr", new_file());
}

/* Prints what was written, each line behind `| `. */
static void show_written(void)
{
    PySys_SetObject("stderr", stderr_before);
    for (char *line = written, *end; *line != '\0'; line = end) {
        end = line + strcspn(line, "\n");
        end += *end != '\0';
        printf("  | %.*s", (int)(end - line), line);
    }
    puts("  |");
}

/* What an exception is shown as that ends a program. */
static void display(PyObject *error)
{
    listen();
    PyObject *traceback = PyException_GetTraceback(error);
    PyErr_Display(NULL, error, traceback);
    Py_XDECREF(traceback);
    show_written();
}

static PyObject *error_of(PyObject *type, const char *text)
{
    return keep(PyObject_CallFunction(type, "s", text));
}

/* `error` that passed through one function. */
static PyObject *passed(PyObject *error, const char *function, const char *file, int line)
{
    PyErr_SetObject((PyObject *)Py_TYPE(error), error);
    add(function, file, line);
    return take_raised();
}

static PyObject *group_of(const char *text, PyObject *errors)
{
    return keep(PyObject_CallFunction(BUILTIN("ExceptionGroup"), "sO", text, errors));
}

static void caused(PyObject *error, PyObject *cause)
{
    Py_INCREF(cause);
    PyException_SetCause(error, cause);
}

static void happened_during(PyObject *error, PyObject *context)
{
    Py_INCREF(context);
    PyException_SetContext(error, context);
}

TEST(printed)
{
    NEEDS(0x030D0000); /* Older ones say less, or in other words. */
    listen();
    PyErr_SetString(PyExc_ValueError, "v");
    add("inner", "none.c", 3);
    add("out\xc3\xa9r", "none\xff.c", 4);
    add("none", "<string>", -1);
    PyErr_Print();
    show_written();
    CHECK(repr_is(PyObject_GetAttrString(keep(PyImport_ImportModule("sys")), "last_exc"), "ValueError('v')"));
    CHECK(PyTraceBack_Check(PySys_GetObject("last_traceback")));
    for (size_t i = 0; i < 4; i++) {
        static const char *const names[] = {"last_exc", "last_type", "last_value", "last_traceback"};
        CHECK(PySys_SetObject(names[i], NULL) == 0);
    }
    listen();
    PyErr_SetNone(PyExc_KeyboardInterrupt);
    add("f", "none.c", 1);
    PyErr_PrintEx(0);
    show_written();
    done();
}

/* By the hook, which may bring a traceback. */
TEST(hook)
{
    NEEDS(0x030D0000);
    PyObject *entry = at(raised_in(1, "f", "none.c", 3), "__traceback__");
    PyObject *error = error_of(PyExc_KeyError, "k");
    PyObject *hook = PySys_GetObject("excepthook");
    listen();
    CHECK(is_none(PyObject_CallFunction(hook, "OOi", Py_None, error, 5)));
    CHECK(PyException_GetTraceback(error) == NULL);
    CHECK(is_none(PyObject_CallFunction(hook, "OOO", Py_None, error, entry)));
    CHECK(at(error, "__traceback__") == entry);
    show_written();
    done();
}

/* Lines of a file that can be read; no line where there is none. */
TEST(source)
{
    NEEDS(0x030D0000);
    char folder[] = "/tmp/deathless_traceback_XXXXXX";
    CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0);
    FILE *file = fopen("source.c", "w");
    fputs("int first;\n    indented(two);  \r\n\n\tfour\xc3\xa9;\rfive;\nlast", file);
    fclose(file);
    file = fopen("latin.c", "w");
    fputs("caf\xe9\n", file);
    fclose(file);
    PyObject *error = raised_in(0);
    for (int line = -1; line < 9; line++) error = passed(error, "f", "source.c", line);
    error = passed(error, "g", "latin.c", 1);
    error = passed(error, "h", "/tmp", 1);
    display(error);
    /* As if from elsewhere: by sys.path. */
    CHECK(chdir("/") == 0);
    PyObject *path = PySys_GetObject("path");
    CHECK(PyList_Insert(path, 0, S(folder)) == 0);
    display(raised_in(1, "f", "source.c", 6));
    CHECK(PyList_SetSlice(path, 0, 1, NULL) == 0);
    CHECK(chdir(folder) == 0 && remove("source.c") == 0 && remove("latin.c") == 0);
    CHECK(chdir("/") == 0 && rmdir(folder) == 0);
    done();
}

TEST(repeated)
{
    NEEDS(0x030D0000);
    static const int times[] = {3, 4, 5, 1, 10};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        PyObject *error = raised_in(1, "inner", "none.c", 1);
        for (int n = 0; n < times[i]; n++) error = passed(error, "f", "none.c", 2);
        if (i % 2) error = passed(error, "g", "none.c", 2);
        for (int n = 0; n < times[i]; n++) error = passed(error, "f", "none.c", (int)i);
        display(error);
    }
    PyObject *error = raised_in(0);
    for (int n = 0; n < 5; n++) error = passed(error, "f", "none.c", -1);
    display(error);
    done();
}

TEST(limit)
{
    NEEDS(0x030D0000);
    PyObject *error = raised_in(3, "inner", "none.c", 1, "middle", "none.c", 2, "outer", "none.c", 3);
    PyObject *limits[] = {L(2), L(1), L(0), L(-1), L(100), keep(PyNumber_Power(L(10), L(30), Py_None)),
                          keep(PyNumber_Negative(keep(PyNumber_Power(L(10), L(30), Py_None)))), S("a")};
    PyObject *file = new_file(), *entry = keep(PyException_GetTraceback(error));
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        PySys_SetObject("tracebacklimit", limits[i]);
        test_print("  ", limits[i], 1);
        if (i != 6) display(error); /* 3.15 takes a very negative one for a very large one. */
        listen();
        CHECK(PyTraceBack_Print(entry, file) == 0);
        show_written();
    }
    PySys_SetObject("tracebacklimit", NULL);
    done();
}

TEST(print)
{
    NEEDS(0x030D0000);
    PyObject *file = new_file(), *entry = at(raised_in(1, "f", "none.c", 3), "__traceback__");
    listen();
    CHECK(PyTraceBack_Print(entry, file) == 0);
    CHECK(PyTraceBack_Print(NULL, file) == 0);
    show_written();
    CHECK_RAISES(PyExc_SystemError, NULL, PyTraceBack_Print(Py_None, file) == -1);
    CHECK_RAISES(PyExc_AttributeError, "'int' object has no attribute 'write'",
                 PyTraceBack_Print(entry, L(1)) == -1);
    done();
}

TEST(chains)
{
    NEEDS(0x030D0000);
    PyObject *a = passed(error_of(PyExc_ValueError, "a"), "f", "none.c", 1);
    PyObject *b = passed(error_of(PyExc_TypeError, "b"), "g", "none.c", 2);
    caused(b, a);
    display(b);
    PyObject *c = error_of(PyExc_KeyError, "c");
    happened_during(c, b);
    display(c);
    happened_during(a, c); /* a circle */
    display(c);
    PyException_SetContext(a, NULL);
    PyException_SetCause(b, NULL);
    PyObject *d = error_of(PyExc_OSError, "d");
    caused(d, d);
    display(d);
    PyException_SetCause(d, NULL);
    done();
}

TEST(groups)
{
    NEEDS(0x030D0000);
    PyObject *a = passed(error_of(PyExc_ValueError, "one\ntwo"), "f", "none.c", 1);
    PyObject *b = passed(error_of(PyExc_TypeError, "b"), "g", "none.c", 2);
    caused(b, error_of(PyExc_KeyError, "k"));
    PyObject *inner = group_of("inner", V("[OO]", a, error_of(PyExc_ValueError, "bare")));
    PyObject *outer = passed(group_of("outer", V("[OOO]", b, inner, a)), "h", "none.c", 3);
    CHECK(is_none(PyObject_CallMethod(outer, "add_note", "s", "a note")));
    display(outer);
    PyObject *later = error_of(PyExc_OSError, "later");
    happened_during(later, passed(inner, "i", "none.c", 4));
    display(later);
    PyObject *many = keep(PyList_New(0));
    for (int i = 0; i < 17; i++) PyList_Append(many, error_of(PyExc_ValueError, "x"));
    display(group_of("many", many));
    CHECK(PyList_SetSlice(many, 16, 17, NULL) == 0);
    display(group_of("one more", many));
    PyObject *deep = group_of("0", V("[O]", error_of(PyExc_ValueError, "x")));
    for (int i = 0; i < 12; i++) deep = group_of("d", V("[OO]", error_of(PyExc_KeyError, "k"), deep));
    display(deep);
    done();
}

TEST(notes)
{
    NEEDS(0x030D0000);
    PyObject *error = raised_in(1, "f", "none.c", 1);
    CHECK(PyObject_SetAttrString(error, "__notes__", V("[ssi]", "two\nlines", "", 5)) == 0);
    display(error);
    PyObject *others[] = {V("(is)", 1, "s"), S("text"), L(7), V("{ii}", 1, 2), Py_None};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        CHECK(PyObject_SetAttrString(error, "__notes__", others[i]) == 0);
        display(error);
    }
    done();
}

TEST(names)
{
    NEEDS(0x030D0000);
    PyObject *class_ = new_class("Error", PyExc_ValueError);
    display(keep(PyObject_CallFunction(class_, "s", "mine")));
    display(keep(PyObject_CallObject(class_, NULL)));
    PyObject_SetAttrString(class_, "__qualname__", S("Outer.Error"));
    display(keep(PyObject_CallFunction(class_, "s", "qualified")));
    PyObject_SetAttrString(class_, "__module__", L(5));
    display(keep(PyObject_CallFunction(class_, "s", "from nowhere")));
    PyObject_SetAttrString(class_, "__module__", S("__main__"));
    display(keep(PyObject_CallFunction(class_, "ii", 1, 2)));
    done();
}

static PyObject *syntax_error(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    PyObject *where = keep(Py_VaBuildValue(format, arguments));
    va_end(arguments);
    return keep(PyObject_CallFunction(PyExc_SyntaxError, "sO", "bad", where));
}

TEST(syntax_errors)
{
    NEEDS(0x030F0000);
    PyObject *errors[] = {
        syntax_error("(siisii)", "f.py", 3, 5, "abc def ghi\n", 3, 8),
        syntax_error("(siis)", "f.py", 3, 5, "    abc def ghi\n"),
        syntax_error("(siis)", "f.py", 3, 0, "abc"),
        syntax_error("(siis)", "f.py", 3, 1, "abc"),
        syntax_error("(siis)", "f.py", 3, 9, "  abc"),
        syntax_error("(siOs)", "f.py", 3, Py_None, "abc"),
        syntax_error("(sOOO)", "f.py", Py_None, Py_None, Py_None),
        syntax_error("(siiO)", "f.py", 3, 5, Py_None),
        syntax_error("(Oiis)", Py_None, 3, 2, "abc"),
        syntax_error("(siisii)", "f.py", 3, -1, "abc", 3, -1),
        syntax_error("(siisii)", "f.py", 3, 2, "abc", 4, 1),
        syntax_error("(siisii)", "f.py", 3, 2, "abc", 3, 1),
        syntax_error("(siisii)", "f.py", 3, 50, "abc", 3, 60),
        syntax_error("(siisii)", "f.py", 3, 50, "", 3, 60),
        syntax_error("(siisii)", "f.py", 3, 3, "\tab\tcd", 3, 6),
        syntax_error("(siisii)", "f.py", 3, 2, "   ", 3, 3),
        syntax_error("(siisii)", "f.py", 3, 3, "\xc3\xa9" "a\x0c" "b\n\n", 3, 4),
        syntax_error("(ssisii)", "f.py", "x", 3, "abc", 0, 0),
        error_of(PyExc_SyntaxError, "alone"),
        keep(PyObject_CallObject(PyExc_SyntaxError, NULL)),
        keep(PyObject_CallFunction(PyExc_IndentationError, "s(siis)", "indent", "f", 1, 1, "a")),
    };
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) display(errors[i]);
    display(passed(errors[0], "f", "none.c", 1));
    display(group_of("g", V("[OO]", errors[1], errors[19])));
    done();
}

TEST(unraisable)
{
    NEEDS(0x030F0000);
    PyObject *error = raised_in(2, "inner", "none.c", 1, "outer", "none.c", 2);
    caused(error, error_of(PyExc_KeyError, "cause"));
    PyObject *objects[] = {NULL, Py_None, S("object")};
    for (size_t i = 0; i < 3; i++) {
        listen();
        PyErr_SetObject((PyObject *)Py_TYPE(error), error);
        PyErr_WriteUnraisable(objects[i]);
        show_written();
    }
    listen();
    PyErr_SetObject(BUILTIN("ExceptionGroup"), group_of("g", V("[O]", error)));
    PyErr_WriteUnraisable(objects[2]);
    show_written();
    done();
}

/* No recursion on what is long. */
TEST(long_ones)
{
    NEEDS(0x030D0000);
    int n = getenv("PYTHONMALLOC") == NULL ? 200000 : 5000;
    PyObject *frame = frame_of("f", "none.c", 3), *entry = Py_None;
    Py_INCREF(entry);
    for (int i = 0; i < n; i++) {
        PyObject *outer = PyObject_CallFunction((PyObject *)&PyTraceBack_Type, "OOii", entry, frame, 0, 7);
        Py_DECREF(entry);
        entry = outer;
    }
    PyObject *error = error_of(PyExc_ValueError, "v");
    CHECK(PyException_SetTraceback(error, keep(entry)) == 0);
    listen();
    PyErr_Display(NULL, error, NULL);
    CHECK(strstr(written, "more times]\nValueError: v\n") != NULL);
    PySys_SetObject("stderr", stderr_before);
    done();
}

TEST_MAIN(printed, hook, source, repeated, limit, print, chains, groups, notes, names, syntax_errors,
          unraisable, long_ones)
