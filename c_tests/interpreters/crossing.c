/* Hands an object of one interpreter to another, which has its own GIL. The argument says which object, and how:
 * every way in which a function of the C API takes one. What must come of it is said in tests/interpreters.rs. */
#include "Python.h"
#include "interpreters.h"
#include <stdio.h>
#include <string.h>

static PyThreadState *isolated(void)
{
    PyInterpreterConfig config = own_gil();
    PyThreadState *ts = NULL;
    PyStatus status = Py_NewInterpreterFromConfig(&ts, &config);
    return PyStatus_Exception(status) ? NULL : ts;
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    Py_InitializeEx(0);
    PyThreadState *main_state = PyThreadState_Get();
    PyObject *list = PyList_New(0), *text = PyUnicode_FromString("made in the main interpreter");
    /* Too large for a page that they would share with others; one lies behind the collector's header. */
    PyObject *large = PyBytes_FromStringAndSize(NULL, 100000), *tuple = PyTuple_New(300000);
    if (large == NULL || tuple == NULL) return 2;
    PyThreadState *other = isolated();
    if (list == NULL || text == NULL || other == NULL) return 2;
    if (strcmp(how, "borrowed") == 0) PyObject_Size(list);
    else if (strcmp(how, "large") == 0) PyBytes_AsString(large);
    else if (strcmp(how, "large tuple") == 0) PyTuple_GetItem(tuple, 0);
    else if (strcmp(how, "item") == 0) {
        PyObject *mine = PyList_New(0);
        PyList_Append(mine, text);
    } else if (strcmp(how, "stolen") == 0) {
        PyObject *mine = PyTuple_New(1);
        PyTuple_SetItem(mine, 0, list);
    } else if (strcmp(how, "dropped") == 0) Py_DecRef(list);
    else if (strcmp(how, "back") == 0) {
        PyObject *theirs = PyDict_New();
        PyThreadState_Swap(main_state);
        PyDict_Clear(theirs);
    } else if (strcmp(how, "shared") == 0) {
        PyObject *mine = PyList_New(0);
        PyList_Append(mine, Py_None);
        PyList_Append(mine, (PyObject *)&PyLong_Type);
        PyList_Append(mine, PyLong_FromLong(7));
        Py_DecRef(mine);
        PyThreadState_Swap(main_state);
        Py_DecRef(list);
        Py_DecRef(text);
        Py_DecRef(large);
        Py_DecRef(tuple);
        PyThreadState_Swap(other);
        Py_EndInterpreter(other);
        PyThreadState_Swap(main_state);
        if (Py_FinalizeEx() != 0) return 3;
    }
    puts("went unnoticed");
    return 0;
}
