/* Memory that is refused on purpose: our own addition, looked for by its name, so that a program runs on CPython as well. */
#ifndef REFUSAL_H
#define REFUSAL_H

#include <Python.h>
#include <dlfcn.h>
#include <string.h>

typedef Py_ssize_t (*refuse_function)(Py_ssize_t);

/* deathless_fail_allocation, or NULL. */
static inline refuse_function find_refuse(void)
{
    refuse_function refuse = NULL;
    void *address = dlsym(dlopen(NULL, RTLD_NOW), "deathless_fail_allocation");
    memcpy(&refuse, &address, sizeof refuse);
    return refuse;
}

#endif
