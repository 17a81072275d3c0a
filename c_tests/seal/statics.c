/* Programs about the seal on what an extension's static types hang on to, one for each name on the command line. For the
 * full API: what the compiler was told of a limited one is forgotten. */
#undef Py_LIMITED_API
#include "sealed.h"

#include <pthread.h>
#include <stdatomic.h>

enum { MANY = 200 };

static PyObject *ping(PyObject *self, PyObject *args)
{
    (void)self, (void)args;
    return PyLong_FromLong(1);
}

static PyMethodDef methods[] = {{"ping", ping, METH_NOARGS, "Answers."}, {NULL, NULL, 0, NULL}};

#define TYPE(name)                                                                                      \
    {PyVarObject_HEAD_INIT(NULL, 0) .tp_name = "statics." name, .tp_basicsize = sizeof(PyObject),       \
     .tp_flags = Py_TPFLAGS_DEFAULT, .tp_methods = methods, .tp_new = PyType_GenericNew}

static PyTypeObject early = TYPE("Early"), late = TYPE("Late"), many[MANY];

/* Borrowed from the type, as code that keeps no references has it. */
static PyObject *method_of(PyTypeObject *type)
{
    PyObject *method = PyObject_GetAttrString((PyObject *)type, "ping");
    Py_DecRef(method);
    return method;
}

static void use(PyTypeObject *type)
{
    PyObject *made = PyObject_CallNoArgs((PyObject *)type);
    PyObject *answer = made ? PyObject_CallMethod(made, "ping", NULL) : NULL;
    PyObject *bases = PyObject_GetAttrString((PyObject *)type, "__bases__");
    if (answer == NULL || bases == NULL || PyObject_Hash(bases) == -1)
        PyErr_Print();
    Py_XDECREF(bases);
    Py_XDECREF(answer);
    Py_XDECREF(made);
}

static void counts(void)
{
    Py_Initialize();
    PyType_Ready(&early);
    seal(DEATHLESS_SEAL_COUNT);
    PyType_Ready(&late);
    use(&early);
    use(&late);
    touch(method_of(&early), 3);
    touch(method_of(&late), 4);
    touch(late.tp_bases, 2);
    PyObject *size = PyLong_FromLong(5000);
    PyObject_SetAttrString((PyObject *)&late, "size", size);
    PyErr_Clear();
    Py_DecRef(size);
    deathless_visit_writes(print_write, NULL);
    Py_Finalize();
}

/* The runtime begins anew, and the seal with it. */
static void again(void)
{
    for (int i = 0; i < 3; i++) {
        Py_Initialize();
        PyType_Ready(&early);
        seal(DEATHLESS_SEAL_COUNT);
        PyType_Ready(i == 0 ? &late : &many[0]);
        touch(method_of(&late), 1);
        many[0] = (PyTypeObject)TYPE("Another");
        Py_Finalize();
        touch(late.tp_mro, 1);
    }
    Py_Initialize();
    deathless_visit_writes(print_write, NULL);
    Py_Finalize();
}

static void stop(void)
{
    Py_Initialize();
    PyType_Ready(&early);
    seal(DEATHLESS_SEAL_STOP);
    PyType_Ready(&late);
    use(&early);
    use(&late);
    puts("used");
    fflush(stdout);
    touch(method_of(&late), 1);
    puts("unreachable");
}

static atomic_int done;

static void *touch_till_done(void *method)
{
    while (!done)
        touch(method, 1);
    return NULL;
}

/* Types are readied while a thread writes to what is opened for it, and closed again. */
static void threads(void)
{
    pthread_t id;
    Py_Initialize();
    PyType_Ready(&early);
    seal(DEATHLESS_SEAL_COUNT);
    pthread_create(&id, NULL, touch_till_done, method_of(&early));
    int ready = 0;
    for (int i = 0; i < MANY; i++) {
        many[i] = (PyTypeObject)TYPE("Many");
        ready += PyType_Ready(&many[i]) == 0;
    }
    done = 1;
    pthread_join(id, NULL);
    touch(method_of(&many[MANY - 1]), 5);
    printf("ready %d\n", ready);
    deathless_visit_writes(print_write, NULL);
    Py_Finalize();
}

static const struct program programs[] = {{"counts", counts}, {"again", again}, {"stop", stop}, {"threads", threads}};

int main(int argc, char **argv)
{
    return run_program(programs, sizeof programs / sizeof *programs, argc, argv);
}
