/* Tracebacks of C functions, on CPython and on ours: each has a function of its own for them. */
#ifndef TRACEBACKS_H
#define TRACEBACKS_H

#include "../expect.h"

#include <dlfcn.h>
#include <stdarg.h>

/* CPython has no header for them in the limited API of old. */
#include <frameobject.h>

typedef int (*add_function)(const char *, const char *, int);

/* Adds an entry to what is raised: by `deathless_add_traceback`, or by CPython's `_PyTraceback_Add`, which
 * returns nothing. */
static inline void add(const char *function, const char *file, int line)
{
    static add_function add_traceback;
    if (add_traceback == NULL) {
        void *program = dlopen(NULL, RTLD_NOW);
        void *address = dlsym(program, "deathless_add_traceback");
        if (address == NULL) address = dlsym(program, "_PyTraceback_Add");
        memcpy(&add_traceback, &address, sizeof address);
    }
    add_traceback(function, file, line);
}

/* The pending exception with its traceback, which 3.11 keeps beside it; kept. */
static inline PyObject *take_raised(void)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback != NULL) PyException_SetTraceback(value, traceback);
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    return keep(value);
}

/* `ValueError('v')` that passed through `n` functions, of each name, file and line, the innermost first. */
static inline PyObject *raised_in(int n, ...)
{
    va_list arguments;
    va_start(arguments, n);
    PyErr_SetString(PyExc_ValueError, "v");
    for (int i = 0; i < n; i++) {
        const char *function = va_arg(arguments, const char *);
        const char *file = va_arg(arguments, const char *);
        add(function, file, va_arg(arguments, int));
    }
    va_end(arguments);
    return take_raised();
}

/* `object.first.second`, kept. */
static inline PyObject *at(PyObject *object, const char *path)
{
    while (object != NULL && *path != '\0') {
        size_t n = strcspn(path, ".");
        PyObject *name = keep(PyUnicode_FromStringAndSize(path, (Py_ssize_t)n));
        object = keep(PyObject_GetAttr(object, name));
        path += n + (path[n] == '.');
    }
    return object;
}

static inline PyObject *frame_of(const char *function, const char *file, int line)
{
    return at(raised_in(1, function, file, line), "__traceback__.tb_frame");
}

static inline PyObject *code_of(const char *function, const char *file, int line)
{
    return at(frame_of(function, file, line), "f_code");
}

/* The items of an iterator, which is given back. */
static inline PyObject *listed(PyObject *iterator)
{
    PyObject *list = iterator == NULL ? NULL : PySequence_List(iterator);
    Py_XDECREF(iterator);
    return list;
}

/* The repr, `0x…` in place of an address. */
static inline void print_without_address(PyObject *object)
{
    PyObject *utf8 = keep(PyUnicode_AsUTF8String(keep(PyObject_Repr(object))));
    const char *text = PyBytes_AsString(utf8), *address = strstr(text, "0x");
    int before = (int)(address - text) + 2;
    printf("  %.*s...%s\n", before, text, address + 2 + strspn(address + 2, "0123456789abcdef"));
}

#endif
