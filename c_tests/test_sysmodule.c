/* sysmodule.h and pylifecycle.h: options and settings, some of them from before the start. */
#ifndef _GNU_SOURCE
#  define _GNU_SOURCE
#endif
#include "expect.h"

#include <signal.h>
#include <sys/wait.h>
#include <wchar.h>

/* No header shows them any more. */
#ifdef __cplusplus
extern "C" {
#endif
void PySys_AddWarnOption(const wchar_t *);
void PySys_AddWarnOptionUnicode(PyObject *);
void PySys_AddXOption(const wchar_t *);
int PySys_HasWarnOptions(void);
void PySys_ResetWarnOptions(void);
wchar_t *Py_GetPath(void);
wchar_t *Py_GetPrefix(void);
wchar_t *Py_GetExecPrefix(void);
wchar_t *Py_GetProgramFullPath(void);
wchar_t *Py_GetProgramName(void);
void Py_GetArgcArgv(int *, wchar_t ***);
extern const char *Py_FileSystemDefaultEncoding;
extern const char *Py_FileSystemDefaultEncodeErrors;
extern int Py_HasFileSystemDefaultEncoding;
extern int Py_UTF8Mode;
extern int _Py_SwappedOp[];
#ifdef __cplusplus
}
#endif

static int null_before_the_start;

__attribute__((constructor)) static void before_the_start(void)
{
    null_before_the_start = Py_GetPath() == NULL && Py_GetPrefix() == NULL
        && Py_GetExecPrefix() == NULL && Py_GetProgramFullPath() == NULL
        && Py_GetProgramName() == NULL && Py_FileSystemDefaultEncoding == NULL
        && Py_FileSystemDefaultEncodeErrors == NULL && Py_UTF8Mode == 0;
    PySys_AddXOption(L"early=1=2");
    PySys_AddXOption(L"flag");
    PySys_AddWarnOption(L"ignore::ImportWarning");
}

/* The value behind a key of a dict that `sys` has, if it is that text. */
static bool option_is(const char *key, const char *repr)
{
    PyObject *options = PySys_GetObject("_xoptions");
    return options != NULL && shows(PyDict_GetItemString(options, key), repr);
}

TEST(options)
{
    PyObject *warn = PySys_GetObject("warnoptions");
    CHECK(option_is("early", "'1=2'") && option_is("flag", "True"));
    CHECK(shows(warn, "['ignore::ImportWarning']") && PySys_HasWarnOptions());
    PySys_AddXOption(L"late=a");
    PySys_AddXOption(L"flag=no");
    CHECK(option_is("late", "'a'") && option_is("flag", "'no'"));
    PySys_AddWarnOption(L"ignore::ResourceWarning");
    PySys_AddWarnOptionUnicode(S("default::ImportWarning"));
    CHECK(shows(warn, "['ignore::ImportWarning', 'ignore::ResourceWarning', "
                      "'default::ImportWarning']"));
    PySys_ResetWarnOptions();
    done();
}

static bool is_sys(const char *name, const wchar_t *text)
{
    PyObject *wide = text == NULL ? NULL : keep(PyUnicode_FromWideChar(text, -1));
    PyObject *value = PySys_GetObject(name);
    return wide != NULL && value != NULL && PyObject_RichCompareBool(wide, value, Py_EQ) == 1;
}

TEST(settings)
{
    int argc = -1;
    wchar_t **argv = NULL;
    CHECK(null_before_the_start);
    CHECK(Py_GetPath() != NULL && wcscmp(Py_GetProgramName(), L"python3") == 0);
    CHECK(is_sys("prefix", Py_GetPrefix()) && is_sys("exec_prefix", Py_GetExecPrefix()));
    CHECK(is_sys("executable", Py_GetProgramFullPath()));
    Py_GetArgcArgv(&argc, &argv);
    CHECK(argc == 0 && argv == NULL);
    CHECK(strcmp(Py_FileSystemDefaultEncoding, "utf-8") == 0);
    CHECK(strcmp(Py_FileSystemDefaultEncodeErrors, "surrogateescape") == 0);
    CHECK(Py_HasFileSystemDefaultEncoding == 0 && Py_UTF8Mode == 1);
    CHECK(_Py_SwappedOp[Py_LT] == Py_GT && _Py_SwappedOp[Py_LE] == Py_GE);
    CHECK(_Py_SwappedOp[Py_EQ] == Py_EQ && _Py_SwappedOp[Py_NE] == Py_NE);
    CHECK(_Py_SwappedOp[Py_GT] == Py_LT && _Py_SwappedOp[Py_GE] == Py_LE);
    done();
}

/* What a child says that calls Py_FatalError, and how it ends. */
TEST(fatal_error)
{
    int pipes[2], status = 0;
    char said[64] = "";
    CHECK(pipe(pipes) == 0);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        dup2(pipes[1], 2);
#undef Py_FatalError
        Py_FatalError("cannot go on");
    }
    close(pipes[1]);
    FILE *from = fdopen(pipes[0], "r");
    CHECK(fgets(said, sizeof said, from) != NULL);
    CHECK(strstr(said, "Fatal Python error: ") == said && strstr(said, "cannot go on\n") != NULL);
    fclose(from);
    CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGABRT);
    done();
}

TEST_MAIN(options, settings, fatal_error)
