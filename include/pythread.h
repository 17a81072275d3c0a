/* Threads and locks. */
#ifndef Py_PYTHREAD_H
#define Py_PYTHREAD_H

#ifdef __cplusplus
extern "C" {
#endif

#define WAIT_LOCK   1
#define NOWAIT_LOCK 0
#define PY_TIMEOUT_T long long
#define PY_HAVE_THREAD_NATIVE_ID

typedef enum PyLockStatus {
    PY_LOCK_FAILURE = 0,
    PY_LOCK_ACQUIRED = 1,
    PY_LOCK_INTR
} PyLockStatus;

#include "generated/pythread.h"

#ifndef Py_LIMITED_API

struct _Py_tss_t {
    int _is_initialized;
    pthread_key_t _key;
};
#define Py_tss_NEEDS_INIT {0, 0}
#define PYTHREAD_INVALID_THREAD_ID ((unsigned long)-1)

#endif

#ifdef __cplusplus
}
#endif

#endif
