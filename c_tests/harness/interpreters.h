/* Interpreters with a GIL and memory of their own, for the tests that make some. */
#ifndef INTERPRETERS_H
#define INTERPRETERS_H
#include <string.h>

static PyInterpreterConfig own_gil(void)
{
    PyInterpreterConfig config;
    memset(&config, 0, sizeof config);
    config.allow_threads = 1;
    config.check_multi_interp_extensions = 1;
    config.gil = PyInterpreterConfig_OWN_GIL;
    return config;
}

#endif
