/* Starting and ending the runtime and its interpreters. */
#ifndef Py_PYLIFECYCLE_H
#define Py_PYLIFECYCLE_H

#ifdef __cplusplus
extern "C" {
#endif

typedef void (*PyOS_sighandler_t)(int);

PyAPI_FUNC(void) _Py_NO_RETURN Py_FatalError(const char *message);
PyAPI_FUNC(void) _Py_NO_RETURN Py_Exit(int status);

#ifndef Py_LIMITED_API

typedef struct PyInterpreterConfig {
    int use_main_obmalloc;
    int allow_fork;
    int allow_exec;
    int allow_threads;
    int allow_daemon_threads;
    int check_multi_interp_extensions;
    int gil;
} PyInterpreterConfig;

#define PyInterpreterConfig_DEFAULT_GIL 0
#define PyInterpreterConfig_SHARED_GIL  1
#define PyInterpreterConfig_OWN_GIL     2

#define _PyInterpreterConfig_INIT               \
    {                                           \
        .use_main_obmalloc = 0,                 \
        .allow_fork = 0,                        \
        .allow_exec = 0,                        \
        .allow_threads = 1,                     \
        .allow_daemon_threads = 0,              \
        .check_multi_interp_extensions = 1,     \
        .gil = PyInterpreterConfig_OWN_GIL,     \
    }

#define _PyInterpreterConfig_LEGACY_CHECK_MULTI_INTERP_EXTENSIONS 0
#define _PyInterpreterConfig_LEGACY_INIT        \
    {                                           \
        .use_main_obmalloc = 1,                 \
        .allow_fork = 1,                        \
        .allow_exec = 1,                        \
        .allow_threads = 1,                     \
        .allow_daemon_threads = 1,              \
        .check_multi_interp_extensions =        \
            _PyInterpreterConfig_LEGACY_CHECK_MULTI_INTERP_EXTENSIONS, \
        .gil = PyInterpreterConfig_SHARED_GIL,  \
    }

typedef void (*atexit_datacallbackfunc)(void *);

#endif

#include "generated/pylifecycle.h"

#ifdef __cplusplus
}
#endif

#endif
