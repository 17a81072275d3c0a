/* pycapsule.h: a C pointer as an object. */
#include "expect.h"

static int here, there, destroyed;

static void count_destroyed(PyObject *capsule)
{
    if (PyCapsule_GetPointer(capsule, PyCapsule_GetName(capsule)) != NULL) {
        destroyed++;
    }
}

TEST(pointer_and_name)
{
    PyObject *capsule = keep(PyCapsule_New(&here, "mod.thing", NULL));
    CHECK(PyCapsule_CheckExact(capsule));
    CHECK(PyCapsule_GetPointer(capsule, "mod.thing") == &here);
    CHECK(strcmp(PyCapsule_GetName(capsule), "mod.thing") == 0);
    CHECK(PyCapsule_IsValid(capsule, "mod.thing") == 1);
    CHECK(PyCapsule_IsValid(capsule, "other") == 0);
    CHECK(PyCapsule_IsValid(capsule, NULL) == 0);
    CHECK(PyCapsule_IsValid(Py_None, "mod.thing") == 0);
    CHECK(PyCapsule_IsValid(NULL, "mod.thing") == 0);
    CHECK(PyCapsule_SetPointer(capsule, &there) == 0);
    CHECK(PyCapsule_GetPointer(capsule, "mod.thing") == &there);
    CHECK(PyCapsule_SetName(capsule, NULL) == 0 && PyCapsule_GetName(capsule) == NULL);
    CHECK(PyCapsule_GetPointer(capsule, NULL) == &there);
    CHECK(PyErr_Occurred() == NULL);
    done();
}

TEST(errors)
{
    PyObject *capsule = keep(PyCapsule_New(&here, "name", NULL));
    CHECK_RAISES(PyExc_ValueError, "PyCapsule_GetPointer called with incorrect name",
                 PyCapsule_GetPointer(capsule, "other") == NULL);
    CHECK_RAISES(PyExc_ValueError, "PyCapsule_New called with null pointer",
                 PyCapsule_New(NULL, "name", NULL) == NULL);
    CHECK_RAISES(PyExc_ValueError, "PyCapsule_SetPointer called with null pointer",
                 PyCapsule_SetPointer(capsule, NULL) == -1);
    CHECK_RAISES(PyExc_ValueError,
                 "PyCapsule_GetPointer called with invalid PyCapsule object",
                 PyCapsule_GetPointer(Py_None, "name") == NULL);
    CHECK_RAISES(PyExc_ValueError,
                 "PyCapsule_GetPointer called with invalid PyCapsule object",
                 PyCapsule_GetPointer(NULL, "name") == NULL);
    CHECK_RAISES(PyExc_ValueError, "PyCapsule_GetName called with invalid PyCapsule object",
                 PyCapsule_GetName(Py_None) == NULL);
    CHECK_RAISES(PyExc_ValueError,
                 "PyCapsule_GetDestructor called with invalid PyCapsule object",
                 PyCapsule_GetDestructor(Py_None) == NULL);
    CHECK_RAISES(PyExc_ValueError,
                 "PyCapsule_GetContext called with invalid PyCapsule object",
                 PyCapsule_GetContext(Py_None) == NULL);
    CHECK_RAISES(PyExc_ValueError, "PyCapsule_SetName called with invalid PyCapsule object",
                 PyCapsule_SetName(Py_None, "x") == -1);
    CHECK_RAISES(PyExc_ValueError,
                 "PyCapsule_SetContext called with invalid PyCapsule object",
                 PyCapsule_SetContext(Py_None, &here) == -1);
    CHECK_RAISES(PyExc_ValueError,
                 "PyCapsule_SetDestructor called with invalid PyCapsule object",
                 PyCapsule_SetDestructor(Py_None, NULL) == -1);
    CHECK_RAISES(PyExc_ValueError,
                 "PyCapsule_SetPointer called with invalid PyCapsule object",
                 PyCapsule_SetPointer(Py_None, &here) == -1);
    done();
}

TEST(destructor_and_context)
{
    PyObject *capsule = PyCapsule_New(&here, "name", count_destroyed);
    CHECK(PyCapsule_GetDestructor(capsule) == count_destroyed);
    CHECK(PyCapsule_GetContext(capsule) == NULL && PyErr_Occurred() == NULL);
    CHECK(PyCapsule_SetContext(capsule, &there) == 0);
    CHECK(PyCapsule_GetContext(capsule) == &there);
    destroyed = 0;
    Py_DECREF(capsule);
    CHECK(destroyed == 1);
    capsule = PyCapsule_New(&here, "name", count_destroyed);
    CHECK(PyCapsule_SetDestructor(capsule, NULL) == 0);
    Py_DECREF(capsule);
    CHECK(destroyed == 1);
    done();
}

TEST(import_by_name)
{
    PyObject *module = PyImport_AddModule("capsules");
    CHECK(module != NULL);
    PyObject *capsule = keep(PyCapsule_New(&here, "capsules.api", NULL));
    CHECK(PyObject_SetAttrString(module, "api", capsule) == 0);
    CHECK(PyObject_SetAttrString(module, "none", Py_None) == 0);
    CHECK(PyCapsule_Import("capsules.api", 0) == &here);
    CHECK_RAISES(PyExc_AttributeError, "module 'capsules' has no attribute 'gone'",
                 PyCapsule_Import("capsules.gone", 0) == NULL);
    CHECK_RAISES(PyExc_AttributeError, "PyCapsule_Import \"capsules.none\" is not valid",
                 PyCapsule_Import("capsules.none", 0) == NULL);
    CHECK_RAISES(PyExc_ImportError,
                 "PyCapsule_Import could not import module \"no_such_module\"",
                 PyCapsule_Import("no_such_module.api", 0) == NULL);
    CHECK(PyDict_DelItemString(PyImport_GetModuleDict(), "capsules") == 0);
    done();
}

TEST(repr)
{
    char want[100];
    PyObject *capsule = keep(PyCapsule_New(&here, "a.b", NULL));
    snprintf(want, sizeof want, "<capsule object \"a.b\" at %p>", (void *)capsule);
    CHECK(shows(capsule, want));
    capsule = keep(PyCapsule_New(&here, NULL, NULL));
    snprintf(want, sizeof want, "<capsule object NULL at %p>", (void *)capsule);
    CHECK(shows(capsule, want));
    done();
}

TEST_MAIN(pointer_and_name, errors, destructor_and_context, import_by_name, repr)
