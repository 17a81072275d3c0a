/* A module that counts references as the headers that it is compiled with say, and without balance:
 *
 *     hammer(object, up, down)    takes `up` references that nobody gives back, then gives back `down` that it never had
 *     jump(object, by)            where the headers count on the whole word: what `by` operations leave of it
 *
 * With -DAT_IMPORT=n it forgets n references to None when it is imported. It knows nothing of deathless. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#ifdef __GNUC__
/* Keeps the compiler from making one addition of the loop. */
#  define ONE_BY_ONE() __asm__ volatile("" ::: "memory")
#endif

static PyObject *hammer(PyObject *module, PyObject *args)
{
    PyObject *object;
    long long up, down;
    (void)module;
    if (!PyArg_ParseTuple(args, "OLL:hammer", &object, &up, &down)) return NULL;
    for (long long i = 0; i < up; i++) {
        Py_INCREF(object);
        ONE_BY_ONE();
    }
    for (long long i = 0; i < down; i++) {
        Py_DECREF(object);
        ONE_BY_ONE();
    }
    return PyLong_FromLong(0);
}

#if defined(Py_LIMITED_API) && Py_LIMITED_API + 0 < 0x030c0000
static PyObject *jump(PyObject *module, PyObject *args)
{
    PyObject *object;
    long long by;
    (void)module;
    if (!PyArg_ParseTuple(args, "OL:jump", &object, &by)) return NULL;
    /* The word is the object's first, whatever the headers call it. */
    *(volatile long long *)(void *)object += by;
    return PyLong_FromLong(0);
}
#endif

static PyMethodDef methods[] = {
    {"hammer", hammer, METH_VARARGS, NULL},
#if defined(Py_LIMITED_API) && Py_LIMITED_API + 0 < 0x030c0000
    {"jump", jump, METH_VARARGS, NULL},
#endif
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "hammer", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_hammer(void)
{
#ifdef AT_IMPORT
    for (int i = 0; i < AT_IMPORT; i++) {
        Py_INCREF(Py_None);
        ONE_BY_ONE();
    }
#endif
    return PyModule_Create(&definition);
}
