/* pyerrors.h: where in a source file a syntax error is. */
#ifndef _GNU_SOURCE
#  define _GNU_SOURCE
#endif
#include "expect.h"

#include <unistd.h>

static char file_name[] = "/tmp/deathless-lines-XXXXXX";

static void write_lines(void)
{
    static const char lines[] = "first\r\nsecond \xc3\xa9\n\n\xff\xfe\rlast";
    int fd = mkstemp(file_name);
    CHECK(fd >= 0 && write(fd, lines, sizeof lines - 1) == (ssize_t)(sizeof lines - 1));
    close(fd);
}

TEST(lines)
{
    write_lines();
    CHECK(repr_is(PyErr_ProgramText(file_name, 1), "'first\\n'"));
    CHECK(repr_is(PyErr_ProgramText(file_name, 2), "'second \u00e9\\n'"));
    CHECK(repr_is(PyErr_ProgramText(file_name, 3), "'\\n'"));
    CHECK(repr_is(PyErr_ProgramText(file_name, 4), "'\ufffd\ufffd\\n'"));
    CHECK(repr_is(PyErr_ProgramText(file_name, 5), "'last'"));
    CHECK(PyErr_ProgramText(file_name, 6) == NULL && PyErr_ProgramText(file_name, 0) == NULL);
    CHECK(PyErr_ProgramText(file_name, -1) == NULL);
    CHECK(PyErr_ProgramText("/nonexistent/file", 1) == NULL && PyErr_ProgramText(NULL, 1) == NULL);
    done();
}

static bool has(PyObject *exception, const char *name, const char *repr)
{
    return repr_is(PyObject_GetAttrString(exception, name), repr);
}

TEST(locations)
{
    PyErr_SetString(PyExc_SyntaxError, "oops");
    PyErr_SyntaxLocation(file_name, 2);
    PyObject *raised = keep(test_take_raised());
    CHECK(has(raised, "msg", "'oops'") && has(raised, "lineno", "2") && has(raised, "offset", "None"));
    CHECK(has(raised, "text", "'second \u00e9\\n'") && has(raised, "end_lineno", "2"));
    CHECK(has(raised, "end_offset", "None") && has(raised, "print_file_and_line", "None"));
    CHECK(repr_is(PyObject_GetAttrString(raised, "filename"),
                  PyBytes_AsString(keep(PyUnicode_AsUTF8String(
                      keep(PyObject_Repr(S(file_name))))))));

    PyErr_SetString(PyExc_ValueError, "oops");
    PyErr_SyntaxLocationEx(file_name, 1, 3);
    raised = keep(test_take_raised());
    CHECK(PyErr_GivenExceptionMatches(raised, PyExc_ValueError));
    CHECK(has(raised, "msg", "'oops'") && has(raised, "lineno", "1") && has(raised, "offset", "3"));
    CHECK(has(raised, "text", "'first\\n'") && has(raised, "print_file_and_line", "None"));

    PyErr_SetString(PyExc_IndentationError, "oops");
    PyErr_SyntaxLocationEx("/nonexistent/file", 7, 0);
    raised = keep(test_take_raised());
    CHECK(has(raised, "filename", "'/nonexistent/file'") && has(raised, "text", "None"));
    CHECK(has(raised, "lineno", "7") && has(raised, "offset", "0"));
    CHECK(text_is(PyObject_Str(raised), "oops (file, line 7)"));
    unlink(file_name);
    done();
}

TEST_MAIN(lines, locations)
