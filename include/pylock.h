/* PyMutex and critical sections. */
#ifndef Py_PYLOCK_H
#define Py_PYLOCK_H

#ifdef __cplusplus
extern "C" {
#endif

struct PyMutex {
    uint8_t _bits;
};

#ifdef __cplusplus
}
#endif

#endif
