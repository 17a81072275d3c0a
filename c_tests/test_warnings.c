/* warnings.h: what becomes of a warning, by the options that were given before the start. */
#include "expect.h"

#include <wchar.h>

#ifdef __cplusplus
extern "C" {
#endif
void PySys_AddWarnOption(const wchar_t *);
#ifdef __cplusplus
}
#endif

__attribute__((constructor)) static void before_the_start(void)
{
    PySys_AddWarnOption(L"error::FutureWarning");
    PySys_AddWarnOption(L"error");
    PySys_AddWarnOption(L"default::UserWarning");
    PySys_AddWarnOption(L"ignore:be QUIET:UserWarning");
    PySys_AddWarnOption(L"ignore::builtins.UnicodeWarning");
    PySys_AddWarnOption(L"always:again:UserWarning");
    PySys_AddWarnOption(L"o:only:UserWarning");
    PySys_AddWarnOption(L"module:mine:UserWarning");
    PySys_AddWarnOption(L"error::UserWarning:strict");
    PySys_AddWarnOption(L"error::UserWarning:lines:7");
}

/* What is written to sys.stderr while a warning is issued. */
static PyObject *written, *stderr_before;

static void listen(void)
{
    stderr_before = PySys_GetObject("stderr");
    Py_XINCREF(stderr_before);
    keep(stderr_before);
    PyObject *file = keep(PyObject_CallObject(from_module("types", "SimpleNamespace"), NULL));
    written = V("[]");
    PyObject_SetAttrString(file, "write", keep(PyObject_GetAttrString(written, "append")));
    PySys_SetObject("stderr", file);
}

/* Issues a warning in a module and line: 0, and whether it was written. */
static bool warns(const char *text, const char *module, int line, bool is_written)
{
    Py_ssize_t before = PyObject_Size(written);
    int status = PyErr_WarnExplicit(PyExc_UserWarning, text, "no/such.py", line, module, NULL);
    return status == 0 && (PyObject_Size(written) > before) == is_written;
}

TEST(raised)
{
    CHECK_RAISES(PyExc_FutureWarning, "soon", PyErr_WarnEx(PyExc_FutureWarning, "soon", 1) == -1);
    CHECK_RAISES(PyExc_RuntimeWarning, "no class", PyErr_WarnEx(NULL, "no class", 1) == -1);
    CHECK_RAISES(PyExc_DeprecationWarning, "old", PyErr_WarnEx(PyExc_DeprecationWarning, "old", 1) == -1);
    CHECK_RAISES(PyExc_UserWarning, "x",
                 PyErr_WarnExplicit(PyExc_UserWarning, "x", "f", 1, "strict", NULL) == -1);
    CHECK_RAISES(PyExc_UserWarning, "x",
                 PyErr_WarnExplicit(PyExc_UserWarning, "x", "f", 7, "lines", NULL) == -1);
    CHECK_RAISES(PyExc_ResourceWarning, "n = 5",
                 PyErr_WarnFormat(PyExc_ResourceWarning, 1, "n = %d", 5) == -1);
    done();
}

TEST(written_or_not)
{
    listen();
    CHECK(warns("be quiet, please", "m", 1, false));
    CHECK(PyErr_WarnEx(PyExc_UnicodeWarning, "ignored", 1) == 0 && PyObject_Size(written) == 0);
    CHECK(warns("plain", "m", 1, true));
    CHECK(shows(written, "['no/such.py:1: UserWarning: plain\\n']"));
    CHECK(warns("plain", "lines", 8, true) && warns("strictly", "stricter", 7, true));
    CHECK(warns("again", "m", 1, true) && warns("again and Again", "m", 1, true));
    CHECK(warns("again", "m", 1, true) && warns("AGAIN", "m", 1, true));
    CHECK(PySys_SetObject("stderr", stderr_before) == 0);
    done();
}

TEST_MAIN(raised, written_or_not)
