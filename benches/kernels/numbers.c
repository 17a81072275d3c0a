/* What do numbers cost: small ones, which are everywhere, and large ones? */
#include <string.h>

#include "kernels.h"

static PyObject *left, *right, *half, *third, *large, *other, *text;

static PyObject *thousand_digits(char digit)
{
    char digits[1001];
    memset(digits, digit, 1000);
    digits[0] = '7';
    digits[1000] = 0;
    return PyLong_FromString(digits, NULL, 10);
}

static int prepare_ints(void)
{
    left = PyLong_FromLong(123456789);
    right = PyLong_FromLong(987654);
    return left != NULL && right != NULL;
}

static int prepare_floats(void)
{
    half = PyFloat_FromDouble(0.5);
    third = PyFloat_FromDouble(1.0 / 3.0);
    return half != NULL && third != NULL;
}

static int prepare_large(void)
{
    large = thousand_digits('3');
    other = thousand_digits('8');
    text = large ? PyObject_Str(large) : NULL;
    return text != NULL && other != NULL;
}

KERNEL(small_int, 1, Py_DecRef(PyLong_FromLong(count & 255)))
KERNEL(new_int, 1, Py_DecRef(PyLong_FromLong(1000000 + count)))
KERNEL(as_long, prepare_ints(), if (PyLong_AsLong(left) == -1) break)
KERNEL(add_ints, prepare_ints(), Py_DecRef(PyNumber_Add(left, right)))
KERNEL(multiply_ints, prepare_ints(), Py_DecRef(PyNumber_Multiply(left, right)))
KERNEL(divide_ints, prepare_ints(), Py_DecRef(PyNumber_FloorDivide(left, right)))
KERNEL(compare_ints, prepare_ints(), PyObject_RichCompareBool(left, right, Py_LT))
KERNEL(new_float, 1, Py_DecRef(PyFloat_FromDouble((double)count)))
KERNEL(add_floats, prepare_floats(), Py_DecRef(PyNumber_Add(half, third)))
KERNEL(float_text, prepare_floats(), Py_DecRef(PyObject_Repr(third)))
KERNEL(int_text, prepare_ints(), Py_DecRef(PyObject_Repr(left)))
KERNEL(add_large, prepare_large(), Py_DecRef(PyNumber_Add(large, other)))
KERNEL(multiply_large, prepare_large(), Py_DecRef(PyNumber_Multiply(large, other)))
KERNEL(large_text, prepare_large(), Py_DecRef(PyObject_Str(large)))
KERNEL(large_parse, prepare_large(), Py_DecRef(PyNumber_Long(text)))

const Kernel bench_numbers[] = {
    ENTRY(small_int, "PyLong_FromLong, small"),
    ENTRY(new_int, "PyLong_FromLong, new"),
    ENTRY(as_long, "PyLong_AsLong"),
    ENTRY(add_ints, "PyNumber_Add of ints"),
    ENTRY(multiply_ints, "PyNumber_Multiply of ints"),
    ENTRY(divide_ints, "PyNumber_FloorDivide of ints"),
    ENTRY(compare_ints, "PyObject_RichCompareBool of ints"),
    ENTRY(new_float, "PyFloat_FromDouble"),
    ENTRY(add_floats, "PyNumber_Add of floats"),
    ENTRY(float_text, "repr of a float"),
    ENTRY(int_text, "repr of an int"),
    ENTRY(add_large, "add 1000-digit ints"),
    ENTRY(multiply_large, "multiply 1000-digit ints"),
    ENTRY(large_text, "1000-digit int to text"),
    ENTRY(large_parse, "1000-digit int from text"),
    END,
};
