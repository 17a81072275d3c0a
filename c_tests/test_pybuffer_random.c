/* pybuffer.h: formats of the module `struct`, in PyBuffer_SizeFromFormat and in the comparison of memory, on formats that a
 * generator makes: `random.h` says how. */
/* NEEDS 3.11 */
#include "random.h"

static const char codes[] = "bBhHiIlLqQnNPfdecs?pxxFDZ";

static void field(void)
{
    if (one_in(6)) add_char(' ');
    if (one_in(3)) add_char("0123456789"[below(10)]);
    if (one_in(30)) add_text(one_in(2) ? "12" : one_in(2) ? "9223372036854775807" : "99999999999999999999");
    if (one_in(200)) add_text("\xc3\xa9");
    char code = codes[below(sizeof codes - 1)];
    add_char(code);
    if (code == 'Z') add_char("fdg"[below(3)]);
}

static void choose_format(unsigned most)
{
    begin_format();
    if (one_in(2)) add_char("@=<>!"[below(5)]);
    for (unsigned n = below(most + 1); n > 0; n--) field();
    for (unsigned n = one_in(4) ? 1 + below(2) : 0; n > 0; n--) mutate("bhilqdsxFDZ0123456789@=<>! \t\n#gu\xe9");
}

static PyObject *some_value(void)
{
    switch (below(4)) {
    case 0: return PyFloat_FromDouble(some_double());
    case 1: return one_in(2) ? PyBytes_FromStringAndSize("xyz", (Py_ssize_t)below(3)) : some_text();
    default: return some_int();
    }
}

/* The text alone: the exception is of the module that CPython asks. */
static void say_message(void)
{
    PyObject *raised = test_take_raised();
    if (raised == NULL) return;
    say_owned(PyObject_Str(raised));
    Py_DECREF(raised);
}

static void one_size(void)
{
    choose_format(5);
    say_text(format);
    say(" %ld ", (long)PyBuffer_SizeFromFormat(format));
    say_message();
}

/* Two items each, or none, of the formats. */
typedef struct {
    char own_format[sizeof format];
    char data[512];
    Py_ssize_t shape[1], strides[1];
    PyObject *memory;
} Side;

/* False if there is no such view. */
static bool view(Side *side, bool is_like_the_other)
{
    if (!is_like_the_other) choose_format(2);
    memcpy(side->own_format, format, sizeof format);
    say(" ");
    say_text(format);
    Py_ssize_t n = one_in(6) ? 0 : 2;
    Py_ssize_t size = PyBuffer_SizeFromFormat(format);
    PyErr_Clear();
    if (size < 0 || size > 200) return false;
    /* Bytes that are a bool whatever else they are, and some that are not where none is asked for. */
    bool has_bool = strchr(format, '?') != NULL;
    for (size_t i = 0; i < sizeof side->data; i++) side->data[i] = (char)(has_bool || !one_in(200) ? i % 3 == 0 : below(256));
    Py_buffer buffer;
    memset(&buffer, 0, sizeof buffer);
    side->shape[0] = n;
    side->strides[0] = size;
    buffer.buf = side->data;
    buffer.len = n * size;
    buffer.itemsize = size;
    buffer.ndim = 1;
    buffer.format = side->own_format;
    buffer.shape = side->shape;
    buffer.strides = side->strides;
    side->memory = PyMemoryView_FromBuffer(&buffer);
    return side->memory != NULL;
}

static void one_comparison(void)
{
    static Side left, right;
    left.memory = right.memory = NULL;
    if (view(&left, false) && view(&right, one_in(3))) {
        say(" equal ");
        say_result(PyObject_RichCompare(left.memory, right.memory, Py_EQ));
        say(" first ");
        PyObject *first = PySequence_GetItem(left.memory, 0);
        if (first == NULL) say_message();
        else say_owned(first);
        say(" all ");
        PyObject *list = PyObject_CallMethod(left.memory, "tolist", NULL);
        if (list == NULL) say_message();
        else say_owned(list);
        PyObject *iterator = PyObject_GetIter(left.memory);
        say("%s", iterator == NULL ? " no iterator " : " next ");
        PyObject *next = iterator == NULL ? NULL : PyIter_Next(iterator);
        if (next == NULL) say_message();
        else say_owned(next);
        Py_XDECREF(iterator);
        PyObject *value = some_value(), *index = PyLong_FromLong(1);
        Py_ssize_t size = left.strides[0];
        say(" set ");
        say_object(value);
        if (PyObject_SetItem(left.memory, index, value) < 0) say_message();
        else say_bytes(left.data + size, (size_t)size);
        Py_DECREF(value);
        Py_DECREF(index);
        say(" hash ");
        Py_hash_t hash = PyObject_Hash(left.memory);
        say("%s", hash == -1 ? "" : "some ");
        say_message();
    }
    Py_XDECREF(left.memory);
    Py_XDECREF(right.memory);
}

TEST(sizes)
{
    cases(one_size);
}

TEST(comparison)
{
    cases(one_comparison);
}

TEST_MAIN(sizes, comparison)
