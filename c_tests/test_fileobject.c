/* fileobject.h: what is asked of objects that are like files. */
#include "expect.h"

static PyObject *echo(PyObject *self, PyObject *args)
{
    (void)self;
    Py_INCREF(args);
    return args;
}

static PyMethodDef echo_def = {"echo", echo, METH_VARARGS, NULL};

/* An object with one attribute: a bound method of a list. */
static PyObject *file_of(const char *name, PyObject *list, const char *method)
{
    PyObject *file = keep(PyObject_CallObject(from_module("types", "SimpleNamespace"), NULL));
    PyObject_SetAttrString(file, name, keep(PyObject_GetAttrString(list, method)));
    return file;
}

TEST(writing)
{
    PyObject *written = V("[]");
    PyObject *file = file_of("write", written, "append");
    CHECK(PyFile_WriteObject(S("a"), file, 0) == 0);
    CHECK(PyFile_WriteObject(S("a"), file, Py_PRINT_RAW) == 0);
    CHECK(PyFile_WriteObject(NULL, file, 0) == 0);
    CHECK(PyFile_WriteString("b\xc3\xa9", file) == 0);
    CHECK(shows(written, "[\"'a'\", 'a', '<NULL>', 'b\u00e9']"));
    CHECK_RAISES(PyExc_TypeError, "writeobject with NULL file",
                 PyFile_WriteObject(Py_None, NULL, 0) == -1);
    CHECK_RAISES(PyExc_SystemError, "null file for PyFile_WriteString",
                 PyFile_WriteString("x", NULL) == -1);
    CHECK_RAISES(PyExc_AttributeError, "'int' object has no attribute 'write'",
                 PyFile_WriteObject(Py_None, L(1), 0) == -1);
    PyErr_SetString(PyExc_KeyError, "before");
    CHECK_RAISES(PyExc_KeyError, "'before'", PyFile_WriteString("x", file) == -1);
    CHECK(PyObject_Size(written) == 4);
    done();
}

TEST(reading)
{
    PyObject *lines = V("[sssyyyiO]", "", "last", "a\n", "", "last", "a\n", 5, Py_None);
    PyObject *file = file_of("readline", lines, "pop");
    CHECK_RAISES(PyExc_TypeError, NULL, PyFile_GetLine(file, 0) == NULL);
    CHECK_RAISES(PyExc_TypeError, NULL, PyFile_GetLine(file, -1) == NULL);
    CHECK(repr_is(PyFile_GetLine(file, -1), "b'a'"));
    CHECK(repr_is(PyFile_GetLine(file, -1), "b'last'"));
    CHECK_RAISES(PyExc_EOFError, "EOF when reading a line", PyFile_GetLine(file, -1) == NULL);
    CHECK(repr_is(PyFile_GetLine(file, 2), "'a\\n'"));
    CHECK(repr_is(PyFile_GetLine(file, -1), "'last'"));
    CHECK(PySequence_InPlaceConcat(lines, V("[s]", "a\n")) == lines);
    Py_DECREF(lines);
    CHECK(repr_is(PyFile_GetLine(file, -1), "'a'"));
    CHECK(repr_is(PyFile_GetLine(file, 0), "''"));
    CHECK_RAISES(PyExc_SystemError, NULL, PyFile_GetLine(NULL, 0) == NULL);
    CHECK_RAISES(PyExc_AttributeError, "'int' object has no attribute 'readline'",
                 PyFile_GetLine(L(1), 0) == NULL);
    done();
}

/* Whatever `_io` a program has is asked. */
TEST(from_descriptor)
{
    PyObject *modules = PyImport_GetModuleDict();
    PyObject *before = PyDict_GetItemString(modules, "_io");
    PyObject *io = keep(PyModule_New("_io"));
    Py_XINCREF(before);
    keep(before);
    PyModule_AddObject(io, "open", PyCFunction_New(&echo_def, NULL));
    CHECK(PyDict_SetItemString(modules, "_io", io) == 0);
    CHECK(repr_is(PyFile_FromFd(7, "name", "rb", -1, NULL, "strict", NULL, 0),
                  "(7, 'rb', -1, None, 'strict', None, False)"));
    CHECK(repr_is(PyFile_FromFd(7, NULL, "w", 1, "utf-8", NULL, "", 1),
                  "(7, 'w', 1, 'utf-8', None, '', True)"));
    CHECK((before == NULL ? PyDict_DelItemString(modules, "_io")
                          : PyDict_SetItemString(modules, "_io", before)) == 0);
    done();
}

TEST(descriptors)
{
    PyObject *file = file_of("fileno", V("[iis]", 3, -1, "x"), "pop");
    CHECK(PyObject_AsFileDescriptor(L(4)) == 4);
    CHECK_RAISES(PyExc_TypeError, "types.SimpleNamespace.fileno() must return an int, not str",
                 PyObject_AsFileDescriptor(file) == -1);
    CHECK_RAISES(PyExc_ValueError, "file descriptor cannot be a negative integer (-1)",
                 PyObject_AsFileDescriptor(file) == -1);
    CHECK(PyObject_AsFileDescriptor(file) == 3);
    done();
}

TEST_MAIN(writing, reading, from_descriptor, descriptors)
