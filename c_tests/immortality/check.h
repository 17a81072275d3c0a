/* Checks of programs that need our library: a check that fails is printed and makes the program end with 1. */
#ifndef IMMORTALITY_CHECK_H
#define IMMORTALITY_CHECK_H

#ifndef _GNU_SOURCE
#  define _GNU_SOURCE
#endif
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include "deathless.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

static inline void check(int holds, const char *file, int line, const char *what)
{
    if (holds) return;
    printf("FAIL %s:%d: %s\n", file, line, what);
    if (PyErr_Occurred()) PyErr_Print();
    fflush(stdout);
    failures++;
}
#define CHECK(expr) check((expr) ? 1 : 0, __FILE__, __LINE__, #expr)

/* Declared again: the limited API does not show them. */
PyAPI_FUNC(void) PyUnicode_InternImmortal(PyObject **text);
PyAPI_FUNC(int) PyUnstable_IsImmortal(PyObject *object);
PyAPI_FUNC(int) PyUnstable_SetImmortal(PyObject *object);

#endif
