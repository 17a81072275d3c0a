/* NEEDS 3.11 */
/* bytearrayobject.h: making, reading and resizing bytearrays; format unit Y. */
#include "expect.h"

TEST(from_string_and_size)
{
    CHECK(repr_is(PyByteArray_FromStringAndSize("a\0b", 3), "bytearray(b'a\\x00b')"));
    CHECK(repr_is(PyByteArray_FromStringAndSize(NULL, 0), "bytearray(b'')"));
    PyObject *room = keep(PyByteArray_FromStringAndSize(NULL, 2));
    CHECK(PyByteArray_Check(room) && PyByteArray_CheckExact(room));
    memcpy(PyByteArray_AsString(room), "ok", 2);
    CHECK(PyByteArray_Size(room) == 2 && PyByteArray_AsString(room)[2] == '\0');
    CHECK_RAISES(PyExc_SystemError, "Negative size passed to PyByteArray_FromStringAndSize",
                 PyByteArray_FromStringAndSize("", -1) == NULL);
    /* CRASHES PyByteArray_Size(NULL), PyByteArray_AsString(NULL) */
    done();
}

TEST(from_object_and_concat)
{
    CHECK(repr_is(PyByteArray_FromObject(V("[iii]", 0, 65, 255)), "bytearray(b'\\x00A\\xff')"));
    CHECK(repr_is(PyByteArray_FromObject(B("abc")), "bytearray(b'abc')"));
    CHECK_RAISES(PyExc_ValueError, "byte must be in range(0, 256)",
                 PyByteArray_FromObject(V("[i]", 256)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "string argument without an encoding",
                 PyByteArray_FromObject(S("x")) == NULL);
    CHECK(repr_is(PyByteArray_Concat(B("a"), B("b")), "bytearray(b'ab')"));
    CHECK_RAISES(PyExc_TypeError, "can't concat str to bytes",
                 PyByteArray_Concat(B("a"), S("b")) == NULL);
    done();
}

TEST(resize)
{
    PyObject *array = keep(PyByteArray_FromStringAndSize("abc", 3));
    CHECK(PyByteArray_Resize(array, 2) == 0 && PyByteArray_Size(array) == 2);
    CHECK(strcmp(PyByteArray_AsString(array), "ab") == 0);
    CHECK(PyByteArray_Resize(array, 1000) == 0 && PyByteArray_Size(array) == 1000);
    CHECK(memcmp(PyByteArray_AsString(array), "ab", 2) == 0);
    CHECK(PyByteArray_Resize(array, 1) == 0);
    Py_buffer view;
    CHECK(PyObject_GetBuffer(array, &view, PyBUF_WRITABLE) == 0);
    CHECK(view.buf == PyByteArray_AsString(array) && view.len == 1 && !view.readonly);
    CHECK_RAISES(PyExc_BufferError, "Existing exports of data: object cannot be re-sized",
                 PyByteArray_Resize(array, 5) < 0);
    CHECK(PyByteArray_Resize(array, 1) == 0);
    PyBuffer_Release(&view);
    CHECK(PyByteArray_Resize(array, 0) == 0 && PyByteArray_AsString(array)[0] == '\0');
    done();
}

TEST(format_unit)
{
    PyObject *array = keep(PyByteArray_FromStringAndSize("x", 1)), *object = NULL;
    CHECK(PyArg_Parse(array, "Y", &object) && object == array);
    Py_buffer view;
    CHECK(PyArg_Parse(array, "w*", &view) && view.len == 1);
    PyBuffer_Release(&view);
    CHECK_RAISES(PyExc_TypeError, "argument must be read-only bytes-like object, not bytearray",
                 !PyArg_Parse(array, "y", &object));
    done();
}

TEST_MAIN(from_string_and_size, from_object_and_concat, resize, format_unit)
