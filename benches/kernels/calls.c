/* What does a call cost, and what do its arguments? */
#include "kernels.h"

static PyObject *nothing(PyObject *self, PyObject *unused)
{
    (void)self, (void)unused;
    return Py_NewRef(Py_None);
}

static PyObject *parse(PyObject *self, PyObject *args)
{
    int first, second;
    const char *third;
    (void)self;
    if (!PyArg_ParseTuple(args, "iis", &first, &second, &third)) return NULL;
    return Py_NewRef(Py_None);
}

static PyObject *parse_keywords(PyObject *self, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"first", "second", "third", NULL};
    int first, second = 0;
    const char *third = NULL;
    (void)self;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "i|is", names, &first, &second, &third)) return NULL;
    return Py_NewRef(Py_None);
}

static PyMethodDef nothing_def = {"nothing", nothing, METH_NOARGS, NULL};
static PyMethodDef one_def = {"one", nothing, METH_O, NULL};
static PyMethodDef parse_def = {"parse", parse, METH_VARARGS, NULL};
static PyMethodDef keywords_def = {
    "keywords", (PyCFunction)(void (*)(void))parse_keywords, METH_VARARGS | METH_KEYWORDS, NULL};
static PyObject *function, *one, *parser, *by_keyword, *args, *first, *keywords, *list, *name;

static int prepare_calls(void)
{
    function = PyCFunction_NewEx(&nothing_def, NULL, NULL);
    one = PyCFunction_NewEx(&one_def, NULL, NULL);
    parser = PyCFunction_NewEx(&parse_def, NULL, NULL);
    by_keyword = PyCFunction_NewEx(&keywords_def, NULL, NULL);
    args = Py_BuildValue("(iis)", 1, 2, "three");
    first = Py_BuildValue("(i)", 1);
    keywords = Py_BuildValue("{s:i,s:s}", "second", 2, "third", "three");
    list = PyList_New(0);
    name = PyUnicode_InternFromString("copy");
    return function && one && parser && by_keyword && args && first && keywords && list && name;
}

KERNEL(no_args, prepare_calls(), Py_DecRef(PyObject_CallNoArgs(function)))
KERNEL(an_arg, prepare_calls(), Py_DecRef(PyObject_CallFunctionObjArgs(one, args, NULL)))
KERNEL(iis, prepare_calls(), Py_DecRef(PyObject_Call(parser, args, NULL)))
KERNEL(keyed, prepare_calls(), Py_DecRef(PyObject_Call(by_keyword, first, keywords)))
KERNEL(formatted, prepare_calls(), Py_DecRef(PyObject_CallFunction(parser, "iis", 1, 2, "three")))
KERNEL(method, prepare_calls(), Py_DecRef(PyObject_CallMethodObjArgs(list, name, NULL)))
KERNEL(named, prepare_calls(), Py_DecRef(PyObject_CallMethod(list, "copy", NULL)))
KERNEL(build, 1, Py_DecRef(Py_BuildValue("(is{s:i})", 1, "two", "three", 3)))

const Kernel bench_calls[] = {
    ENTRY(no_args, "call a C function, no argument"),
    ENTRY(an_arg, "call a C function, one argument"),
    ENTRY(iis, "call one that parses iis"),
    ENTRY(keyed, "call one that parses keywords"),
    ENTRY(formatted, "PyObject_CallFunction with iis"),
    ENTRY(method, "call a method of a list"),
    ENTRY(named, "PyObject_CallMethod of a list"),
    ENTRY(build, "Py_BuildValue (is{s:i})"),
    END,
};
