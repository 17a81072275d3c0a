/* complexobject.h, the format unit D, and codecs.h: what a registered codec has besides functions. */
#include "expect.h"

#include <math.h>

typedef struct {
    double real, imag;
} pair;

static PyObject *search(PyObject *self, PyObject *name)
{
    (void)self;
    if (PyUnicode_CompareWithASCIIString(name, "four") != 0)
        Py_RETURN_NONE;
    return Py_BuildValue("(OOOO)", &PyLong_Type, &PyFloat_Type, &PyTuple_Type, &PyList_Type);
}

static PyMethodDef search_function = {"search", search, METH_O, NULL};

TEST(parts)
{
    CHECK(repr_is(PyComplex_FromDoubles(1.5, -2), "(1.5-2j)"));
    CHECK(repr_is(PyComplex_FromDoubles(0, -0.0), "-0j"));
    PyObject *z = PyComplex_FromDoubles(1.5, -2);
    CHECK(PyComplex_RealAsDouble(z) == 1.5);
    CHECK(PyComplex_ImagAsDouble(z) == -2);
    CHECK(Py_TYPE(z) == &PyComplex_Type);
    CHECK(PyNumber_Check(z));
    Py_DECREF(z);
    CHECK(PyComplex_RealAsDouble(F(2.5)) == 2.5);
    CHECK(PyComplex_ImagAsDouble(F(2.5)) == 0);
    CHECK(PyComplex_RealAsDouble(L(3)) == 3);
    CHECK(PyComplex_ImagAsDouble(L(3)) == 0);
    CHECK_RAISES(PyExc_TypeError, "must be real number, not str", PyComplex_RealAsDouble(S("1")) == -1);
    CHECK_RAISES(PyExc_TypeError, "must be real number, not str", PyComplex_ImagAsDouble(S("1")) == -1);
    done();
}

TEST(unit)
{
    pair z = {0.5, 3};
    CHECK(repr_is(Py_BuildValue("D", &z), "(0.5+3j)"));
    CHECK(repr_is(Py_BuildValue("iD", 1, &z), "(1, (0.5+3j))"));
    PyObject *args = Py_BuildValue("(Dd)", &z, 2.5);
    pair first, second;
    CHECK(PyArg_ParseTuple(args, "DD", &first, &second));
    CHECK(first.real == 0.5 && first.imag == 3);
    CHECK(second.real == 2.5 && second.imag == 0);
    Py_DECREF(args);
    args = Py_BuildValue("(s)", "1j");
    CHECK_RAISES(PyExc_TypeError, "must be real number, not str", !PyArg_ParseTuple(args, "D", &first));
    Py_DECREF(args);
    done();
}

TEST(registered)
{
    PyObject *function = PyCFunction_NewEx(&search_function, NULL, NULL);
    CHECK(PyCodec_Register(function) == 0);
    CHECK(repr_is(PyCodec_Encoder("four"), "<class 'int'>"));
    CHECK(repr_is(PyCodec_Decoder("FOUR"), "<class 'float'>"));
    CHECK(repr_is(PyCodec_StreamReader("four", S("ab"), NULL), "('a', 'b')"));
    CHECK(repr_is(PyCodec_StreamWriter("four", S("ab"), NULL), "['a', 'b']"));
    CHECK_RAISES(PyExc_TypeError, "list expected at most 1 argument, got 2",
                 PyCodec_StreamWriter("four", S("ab"), "strict") == NULL);
    CHECK_RAISES(PyExc_AttributeError, "'tuple' object has no attribute 'incrementalencoder'",
                 PyCodec_IncrementalEncoder("four", NULL) == NULL);
    CHECK_RAISES(PyExc_AttributeError, "'tuple' object has no attribute 'incrementaldecoder'",
                 PyCodec_IncrementalDecoder("four", "strict") == NULL);
    CHECK(PyCodec_Unregister(function) == 0);
    Py_DECREF(function);
    CHECK_RAISES(PyExc_LookupError, "unknown encoding: five", PyCodec_Encoder("five") == NULL);
    CHECK_RAISES(PyExc_LookupError, "unknown encoding: five", PyCodec_Decoder("five") == NULL);
    CHECK_RAISES(PyExc_LookupError, "unknown encoding: five",
                 PyCodec_IncrementalDecoder("five", NULL) == NULL);
    done();
}

TEST_MAIN(parts, unit, registered)
