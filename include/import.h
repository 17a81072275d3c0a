/* Importing. */
#ifndef Py_IMPORT_H
#define Py_IMPORT_H

#ifdef __cplusplus
extern "C" {
#endif

#ifndef Py_LIMITED_API

struct _inittab {
    const char *name;
    PyObject *(*initfunc)(void);
};

#endif

#include "generated/import.h"

#define PyImport_ImportModuleEx(name, globals, locals, names) \
    PyImport_ImportModuleLevel((name), (globals), (locals), (names), 0)

#ifdef __cplusplus
}
#endif

#endif
