/* A module that works on threads of its own, which the runtime did not enter by any of its functions. Compiled with
 * -DFIXED nothing is lost. */
#include <Python.h>
#include <pthread.h>

static void *make_list(void *unused)
{
    (void)unused;
    PyGILState_STATE state = PyGILState_Ensure();
    PyObject *list = PyList_New(0); /* FAULT: one is lost in each thread */
#ifdef FIXED
    Py_XDECREF(list);
#else
    (void)list;
#endif
    PyGILState_Release(state);
    return NULL;
}

static void *drop(void *object)
{
    PyGILState_STATE state = PyGILState_Ensure();
    Py_DECREF((PyObject *)object);
    PyGILState_Release(state);
    return NULL;
}

static PyObject *run(void *(*work)(void *), void *argument)
{
    pthread_t thread;
    int failed;
    Py_BEGIN_ALLOW_THREADS
    failed = pthread_create(&thread, NULL, work, argument) != 0 || pthread_join(thread, NULL) != 0;
    Py_END_ALLOW_THREADS
    if (failed) {
        PyErr_SetString(PyExc_RuntimeError, "no thread");
        return NULL;
    }
    return Py_NewRef(Py_None);
}

static PyObject *in_a_thread(PyObject *self, PyObject *unused)
{
    (void)self, (void)unused;
    return run(make_list, NULL);
}

/* What the function takes the thread gives up: together they are even. */
static PyObject *handed_to_a_thread(PyObject *self, PyObject *object)
{
    (void)self;
    return run(drop, Py_NewRef(object));
}

static PyMethodDef methods[] = {
    {"in_a_thread", in_a_thread, METH_NOARGS, NULL},
    {"handed_to_a_thread", handed_to_a_thread, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "threads", NULL, 0, methods, slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_threads(void)
{
    return PyModuleDef_Init(&definition);
}
