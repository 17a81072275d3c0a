/* memoryobject.h: memoryview, of objects and of C's own memory; and buffers with more to them than
 * an expression can make: other formats, pointers to follow, classes with __buffer__. */
#include "expect.h"

#define VIEW(object) keep(PyMemoryView_FromObject(object))
#define BYTES(view) PyObject_CallMethod(view, "tobytes", NULL)
#define LIST(view) PyObject_CallMethod(view, "tolist", NULL)
#define GET(object, name) PyObject_GetAttrString(object, name)

/* Also where the API does not show them. */
#ifndef PyBUF_READ
#  define PyBUF_READ 0x100
#  define PyBUF_WRITE 0x200
#endif

static PyObject *bytearray(const char *content)
{
    return keep(PyObject_CallFunction((PyObject *)&PyByteArray_Type, "(O)", B(content)));
}

TEST(from_object)
{
    PyObject *bytes = B("abcdef"), *array = bytearray("xyz");
    Py_ssize_t before = Py_REFCNT(bytes);
    PyObject *view = PyMemoryView_FromObject(bytes);
    CHECK(PyMemoryView_Check(view) && !PyMemoryView_Check(bytes));
    CHECK(Py_REFCNT(bytes) == before + 1);
    PyObject *second = PyMemoryView_FromObject(view);
    CHECK(Py_REFCNT(bytes) == before + 1);
    CHECK(is_same(GET(second, "obj"), bytes));
    Py_DECREF(view);
    CHECK(repr_is(BYTES(second), "b'abcdef'"));
    Py_DECREF(second);
    CHECK(Py_REFCNT(bytes) == before);
    CHECK_RAISES(PyExc_TypeError, "memoryview: a bytes-like object is required, not 'int'",
                 PyMemoryView_FromObject(L(1)) == NULL);
    view = VIEW(array);
    CHECK(PyObject_SetItem(view, L(0), L(65)) == 0 && shows(array, "bytearray(b'Ayz')"));
    CHECK_RAISES(PyExc_BufferError, "Existing exports of data: object cannot be re-sized",
                 PyByteArray_Resize(array, 9) == -1);
    CHECK(is_none(PyObject_CallMethod(view, "release", NULL)));
    CHECK(PyByteArray_Resize(array, 0) == 0);
    CHECK_RAISES(PyExc_ValueError, "operation forbidden on released memoryview object",
                 PyObject_Size(view) == -1);
    CHECK_RAISES(PyExc_ValueError, "operation forbidden on released memoryview object",
                 PyMemoryView_FromObject(view) == NULL);
    done();
}

TEST(from_memory)
{
#if TEST_API >= 0x03070000
    char memory[] = "hello";
    PyObject *view = keep(PyMemoryView_FromMemory(memory, 5, PyBUF_WRITE));
    CHECK(is_none(GET(view, "obj")));
    CHECK(repr_is(BYTES(view), "b'hello'"));
    CHECK(PyObject_SetItem(view, L(-1), L('!')) == 0 && strcmp(memory, "hell!") == 0);
    PyObject *part = keep(PyObject_GetItem(view, keep(PySlice_New(L(1), L(4), L(2)))));
    CHECK(PyObject_SetItem(part, keep(PySlice_New(NULL, NULL, NULL)), B("EL")) == 0);
    CHECK(strcmp(memory, "hElL!") == 0);
    view = keep(PyMemoryView_FromMemory(memory, 5, PyBUF_READ));
    CHECK_RAISES(PyExc_TypeError, "cannot modify read-only memory",
                 PyObject_SetItem(view, L(0), L(0)) == -1);
    CHECK(PyObject_Hash(view) == PyObject_Hash(B("hElL!")));
    CHECK(PyObject_Size(keep(PyMemoryView_FromMemory(memory, 0, PyBUF_READ))) == 0);
    done();
#else
    SKIP("needs the limited API of 3.7");
#endif
}

TEST(sequence)
{
    PyObject *view = VIEW(B("abc"));
    CHECK(PySequence_Check(view) == 1 && PySequence_Size(view) == 3 && PyMapping_Size(view) == 3);
    CHECK(repr_is(PySequence_GetItem(view, 1), "98") && repr_is(PySequence_GetItem(view, -1), "99"));
    CHECK(repr_is(PySequence_List(view), "[97, 98, 99]"));
    CHECK(PySequence_Contains(view, L(97)) == 1 && PySequence_Contains(view, L(1)) == 0);
    CHECK(PySequence_Index(view, L(99)) == 2 && PySequence_Count(view, L(97)) == 1);
    CHECK_RAISES(PyExc_IndexError, "index out of bounds on dimension 1",
                 PySequence_GetItem(view, 3) == NULL);
    CHECK(repr_is(PyBytes_FromObject(view), "b'abc'"));
    PyObject *reference = keep(PyWeakref_NewRef(view, NULL));
    CHECK(is_same(PyObject_CallObject(reference, NULL), view));
    done();
}

#if TEST_API >= 0x030B0000

/* A view of `memory` that nobody exports. */
static Py_buffer described(void *memory, const char *format, Py_ssize_t itemsize, int ndim,
                           Py_ssize_t *shape, Py_ssize_t *strides)
{
    Py_buffer view;
    memset(&view, 0, sizeof view);
    view.buf = memory;
    view.itemsize = itemsize;
    view.format = (char *)format;
    view.ndim = ndim;
    view.shape = shape;
    view.strides = strides;
    view.len = itemsize;
    for (int i = 0; i < ndim; i++) view.len *= shape[i];
    return view;
}

TEST(from_buffer)
{
    int memory[6] = {1, 2, 3, 4, 5, 6};
    Py_ssize_t shape[2] = {2, 3}, fortran[2] = {4, 8};
    Py_buffer info = described(memory, "i", 4, 2, shape, NULL);
    PyObject *view = keep(PyMemoryView_FromBuffer(&info));
    CHECK(repr_is(LIST(view), "[[1, 2, 3], [4, 5, 6]]"));
    CHECK(repr_is(GET(view, "strides"), "(12, 4)") && repr_is(GET(view, "nbytes"), "24"));
    CHECK(repr_is(PyObject_GetItem(view, V("(ii)", 1, -1)), "6"));
    CHECK(PyObject_SetItem(view, V("(ii)", 0, 1), L(-7)) == 0 && memory[1] == -7);
    info.strides = fortran;
    view = keep(PyMemoryView_FromBuffer(&info));
    CHECK(repr_is(LIST(view), "[[1, 3, 5], [-7, 4, 6]]"));
    CHECK(is_same(GET(view, "f_contiguous"), Py_True) && is_same(GET(view, "c_contiguous"), Py_False));
    CHECK(repr_is(PyObject_CallMethod(keep(PyMemoryView_GetContiguous(view, PyBUF_READ, 'C')), "tolist", NULL),
                  "[[1, 3, 5], [-7, 4, 6]]"));
    info = described(NULL, "B", 1, 1, shape, NULL);
    CHECK_RAISES(PyExc_ValueError, "PyMemoryView_FromBuffer(): info->buf must not be NULL",
                 PyMemoryView_FromBuffer(&info) == NULL);
    done();
}

TEST(contiguous)
{
    int memory[6] = {1, 2, 3, 4, 5, 6};
    Py_ssize_t shape[2] = {3, 2};
    Py_buffer info = described(memory, "i", 4, 2, shape, NULL);
    PyObject *view = keep(PyMemoryView_FromBuffer(&info));
    PyObject *same = keep(PyMemoryView_GetContiguous(view, PyBUF_WRITE, 'C'));
    CHECK(PyObject_SetItem(same, V("(ii)", 0, 0), L(10)) == 0 && memory[0] == 10);
    PyObject *copy = keep(PyMemoryView_GetContiguous(view, PyBUF_READ, 'F'));
    CHECK(repr_is(GET(copy, "strides"), "(4, 12)") && repr_is(GET(copy, "format"), "'i'"));
    CHECK(PyObject_RichCompareBool(copy, view, Py_EQ) == 1);
    memory[5] = 0;
    CHECK(repr_is(LIST(copy), "[[10, 2], [3, 4], [5, 6]]"));
    CHECK(PyObject_RichCompareBool(copy, view, Py_EQ) == 0);
    CHECK_RAISES(PyExc_BufferError, "writable contiguous buffer requested for a non-contiguous object.",
                 PyMemoryView_GetContiguous(view, PyBUF_WRITE, 'F') == NULL);
    CHECK_RAISES(PyExc_BufferError, "underlying buffer is not writable",
                 PyMemoryView_GetContiguous(B("x"), PyBUF_WRITE, 'A') == NULL);
    PyObject *every_other = keep(PyObject_GetItem(VIEW(B("abcdef")), keep(PySlice_New(NULL, NULL, L(2)))));
    CHECK(repr_is(BYTES(keep(PyMemoryView_GetContiguous(every_other, PyBUF_READ, 'A'))), "b'ace'"));
    done();
}

/* What only the module `struct` knows is neither read nor written, but compared by value. */
TEST(other_formats)
{
    NEEDS(0x030F0000);
    struct { int32_t i; uint8_t pad[4]; double d; } record[2] = {{1, {0}, 2.5}, {-3, {9}, 1e300}};
    struct { double d; int32_t i; } turned = {1.0, 2};
    unsigned char big[4] = {0, 0, 0, 7}, little[4] = {7, 0, 0, 0}, pascal[4] = {2, 'a', 'b', 'c'};
    Py_ssize_t one[1] = {1}, two[1] = {2};
    Py_buffer info = described(record, "id", 16, 1, two, NULL);
    PyObject *a = keep(PyMemoryView_FromBuffer(&info));
    record[0].pad[0] = 1;
    PyObject *b = keep(PyMemoryView_FromBuffer(&info));
    CHECK(PyObject_RichCompareBool(a, b, Py_EQ) == 1);
    CHECK_RAISES(PyExc_NotImplementedError, "memoryview: unsupported format id",
                 PyObject_GetItem(a, L(0)) == NULL);
    CHECK_RAISES(PyExc_NotImplementedError, "memoryview: unsupported format id", LIST(a) == NULL);
    CHECK_RAISES(PyExc_NotImplementedError, "memoryview: unsupported format id",
                 PyObject_SetItem(a, L(0), L(1)) == -1);
    CHECK_RAISES(PyExc_NotImplementedError, "memoryview: unsupported format id",
                 PyObject_GetIter(a) == NULL);
    CHECK(PyObject_Size(a) == 2);
    info = described(pascal, "@s", 1, 1, two, NULL);
    PyObject *text = keep(PyMemoryView_FromBuffer(&info)), *iterator = keep(PyObject_GetIter(text));
    CHECK_RAISES(PyExc_NotImplementedError, "memoryview: format s not supported", PyObject_GetItem(text, L(0)) == NULL);
    CHECK_RAISES(PyExc_NotImplementedError, "memoryview: format s not supported", PyIter_Next(iterator) == NULL);
    CHECK_RAISES(PyExc_NotImplementedError, "memoryview: format s not supported",
                 PyObject_SetItem(text, L(0), B("x")) == -1);
    info = described(&turned, "di", 12, 1, one, NULL);
    CHECK(PyObject_RichCompareBool(a, keep(PyMemoryView_FromBuffer(&info)), Py_EQ) == 0);
    info = described(big, ">i", 4, 1, one, NULL);
    PyObject *seven = keep(PyMemoryView_FromBuffer(&info));
    info = described(little, "<l", 4, 1, one, NULL);
    CHECK(PyObject_RichCompareBool(seven, keep(PyMemoryView_FromBuffer(&info)), Py_EQ) == 1);
    info = described(little, "i", 4, 1, one, NULL);
    CHECK(PyObject_RichCompareBool(seven, keep(PyMemoryView_FromBuffer(&info)), Py_EQ) == 1);
    info = described(pascal, "4p", 4, 1, one, NULL);
    b = keep(PyMemoryView_FromBuffer(&info));
    info = described(pascal + 1, "2s", 2, 1, one, NULL);
    CHECK(PyObject_RichCompareBool(b, keep(PyMemoryView_FromBuffer(&info)), Py_EQ) == 1);
    info = described(little, "no such format", 4, 1, one, NULL);
    b = keep(PyMemoryView_FromBuffer(&info));
    CHECK(is_same(PyObject_RichCompare(b, b, Py_EQ), Py_False));
    done();
}

/* An array of pointers to rows, as some imaging libraries have. */
TEST(pointers)
{
    char row0[] = "abc", row1[] = "def";
    char *rows[2] = {row0, row1};
    Py_ssize_t shape[2] = {2, 3}, strides[2] = {sizeof(char *), 1}, suboffsets[2] = {0, -1};
    Py_buffer info = described(rows, "c", 1, 2, shape, strides);
    info.suboffsets = suboffsets;
    PyObject *view = keep(PyMemoryView_FromBuffer(&info));
    CHECK(repr_is(GET(view, "suboffsets"), "(0, -1)"));
    CHECK(is_same(GET(view, "contiguous"), Py_False));
    CHECK(repr_is(LIST(view), "[[b'a', b'b', b'c'], [b'd', b'e', b'f']]"));
    CHECK(repr_is(PyObject_GetItem(view, V("(ii)", 1, 2)), "b'f'"));
    CHECK(PyObject_SetItem(view, V("(ii)", 0, 0), B("X")) == 0 && row0[0] == 'X');
    CHECK(repr_is(BYTES(view), "b'Xbcdef'"));
    PyObject *last = keep(PyObject_GetItem(view, keep(PySlice_New(L(1), NULL, NULL))));
    CHECK(repr_is(LIST(last), "[[b'd', b'e', b'f']]"));
    CHECK(PyObject_RichCompareBool(view, view, Py_EQ) == 1);
    Py_buffer asked;
    CHECK_RAISES(PyExc_BufferError, "memoryview: underlying buffer requires suboffsets",
                 PyObject_GetBuffer(view, &asked, PyBUF_STRIDES) == -1);
    CHECK(repr_is(PyBytes_FromObject(view), "b'Xbcdef'"));
    done();
}

/* A memoryview gives out buffers itself, and cannot be released meanwhile. */
TEST(exports)
{
    Py_buffer asked;
    PyObject *view = VIEW(B("abcdef"));
    CHECK(PyObject_GetBuffer(view, &asked, PyBUF_SIMPLE) == 0);
    CHECK(asked.obj == view && asked.len == 6 && asked.format == NULL && asked.shape == NULL);
    CHECK_RAISES(PyExc_BufferError, "memoryview has 1 exported buffer",
                 PyObject_CallMethod(view, "release", NULL) == NULL);
    PyBuffer_Release(&asked);
    CHECK(is_none(PyObject_CallMethod(view, "release", NULL)));
    CHECK_RAISES(PyExc_ValueError, "operation forbidden on released memoryview object",
                 PyObject_GetBuffer(view, &asked, PyBUF_SIMPLE) == -1);
    view = VIEW(bytearray("abcd"));
    view = keep(PyObject_CallMethod(view, "cast", "s", "h"));
    CHECK(PyObject_GetBuffer(view, &asked, PyBUF_FULL) == 0);
    CHECK(strcmp(asked.format, "h") == 0 && asked.shape[0] == 2 && asked.strides[0] == 2);
    PyBuffer_Release(&asked);
    CHECK_RAISES(PyExc_BufferError,
                 "memoryview: cannot cast to unsigned bytes if the format flag is present",
                 PyObject_GetBuffer(view, &asked, PyBUF_FORMAT) == -1);
    done();
}

/* A class whose methods are C functions that find the instance among their arguments. */
static PyObject *memory_of_holder;
static int releases;
static PyObject *released_with;

static PyObject *holder_buffer(PyObject *self, PyObject *args)
{
    (void)self;
    (void)args;
    return PyMemoryView_FromObject(memory_of_holder);
}

static PyObject *holder_release(PyObject *self, PyObject *memory)
{
    (void)self;
    releases++;
    Py_XDECREF(released_with);
    released_with = Py_NewRef(memory);
    Py_RETURN_NONE;
}

static PyObject *fails(PyObject *self, PyObject *memory)
{
    (void)self;
    (void)memory;
    releases++;
    PyErr_SetString(PyExc_ValueError, "cannot");
    return NULL;
}

static PyMethodDef holder_methods[] = {
    {"__buffer__", holder_buffer, METH_O, NULL},
    {"__release_buffer__", holder_release, METH_O, NULL},
    {"__release_buffer__", fails, METH_O, NULL},
};

static PyObject *holder(PyObject *base, int first, int last)
{
    PyObject *type = new_class("Holder", base);
    for (int i = first; i <= last; i++)
        PyObject_SetAttrString(type, holder_methods[i].ml_name,
                               keep(PyCFunction_New(&holder_methods[i], NULL)));
    return type;
}

TEST(classes)
{
    NEEDS(0x030C0000);
    Py_buffer asked;
    PyObject *object = keep(PyObject_CallObject(holder((PyObject *)&PyBaseObject_Type, 0, 1), NULL));
    memory_of_holder = bytearray("held");
    releases = 0;
    CHECK(PyObject_CheckBuffer(object) == 1);
    CHECK(PyObject_GetBuffer(object, &asked, PyBUF_CONTIG) == 0);
    CHECK(asked.len == 4 && memcmp(asked.buf, "held", 4) == 0 && asked.obj != object);
    CHECK_RAISES(PyExc_BufferError, "Existing exports of data: object cannot be re-sized",
                 PyByteArray_Resize(memory_of_holder, 1) == -1);
    PyBuffer_Release(&asked);
    CHECK(releases == 1 && PyMemoryView_Check(released_with));
    Py_CLEAR(released_with);
    CHECK(PyByteArray_Resize(memory_of_holder, 4) == 0);
    CHECK(repr_is(PyBytes_FromObject(object), "b'held'") && releases == 2);
    Py_CLEAR(released_with);
    PyObject *view = PyMemoryView_FromObject(object);
    CHECK(repr_is(BYTES(view), "b'held'") && releases == 2);
    Py_DECREF(view);
    CHECK(releases == 3);
    Py_CLEAR(released_with);
    memory_of_holder = V("[]");
    CHECK_RAISES(PyExc_TypeError, "memoryview: a bytes-like object is required, not 'list'",
                 PyObject_GetBuffer(object, &asked, PyBUF_SIMPLE) == -1);
    CHECK(releases == 3);
    done();
}

/* A C type's own release comes first, and the memoryview is lent for the call alone. */
TEST(derived_classes)
{
    NEEDS(0x030C0000);
    Py_buffer asked;
    PyObject *type = holder((PyObject *)&PyByteArray_Type, 1, 1);
    PyObject *object = keep(PyObject_CallFunction(type, "O", B("abc")));
    releases = 0;
    CHECK(PyObject_GetBuffer(object, &asked, PyBUF_SIMPLE) == 0 && asked.obj == object);
    PyBuffer_Release(&asked);
    CHECK(releases == 1 && PyByteArray_Resize(object, 9) == 0);
    CHECK_RAISES(PyExc_ValueError, "operation forbidden on released memoryview object",
                 PyObject_GetItem(released_with, L(0)) == NULL);
    Py_CLEAR(released_with);
    done();
}

TEST(release_fails)
{
    NEEDS(0x030F0000);
    Py_buffer asked;
    PyObject *hook = keep(PyList_New(0));
    CHECK(PySys_SetObject("unraisablehook", keep(PyObject_GetAttrString(hook, "append"))) == 0);
    PyObject *object = keep(PyObject_CallFunction(holder((PyObject *)&PyByteArray_Type, 2, 2), "O", B("abc")));
    releases = 0;
    CHECK(PyObject_GetBuffer(object, &asked, PyBUF_SIMPLE) == 0);
    PyErr_SetString(PyExc_KeyError, "before");
    PyBuffer_Release(&asked);
    CHECK_RAISES(PyExc_KeyError, "'before'", 1);
    CHECK(releases == 1 && PyList_Size(hook) == 1);
    PyObject *told = PyList_GetItem(hook, 0);
    CHECK(repr_is(GET(told, "exc_value"), "ValueError('cannot')"));
    CHECK(repr_is(GET(told, "err_msg"), "'Exception ignored in __release_buffer__ of Holder'"));
    CHECK(PyList_SetSlice(hook, 0, 1, NULL) == 0);
    CHECK(PySys_SetObject("unraisablehook", keep(PyObject_GetAttrString(keep(PyImport_ImportModule("sys")), "__unraisablehook__"))) == 0);
    done();
}

/* Functions that release the view while something is done with it, and then answer as if nothing were. */
static PyObject *victim;

static PyObject *one_released(PyObject *self, PyObject *args)
{
    (void)self;
    (void)args;
    return is_none(PyObject_CallMethod(victim, "release", NULL)) ? PyLong_FromLong(1) : NULL;
}

static PyObject *not_equal_released(PyObject *self, PyObject *other)
{
    (void)self;
    (void)other;
    return is_none(PyObject_CallMethod(victim, "release", NULL)) ? Py_NewRef(Py_False) : NULL;
}

static PyObject *buffer_released(PyObject *self, PyObject *flags)
{
    (void)self;
    (void)flags;
    return is_none(PyObject_CallMethod(victim, "release", NULL)) ? PyMemoryView_FromObject(B("xyz")) : NULL;
}

static PyMethodDef releasing[] = {
    {"__index__", one_released, METH_NOARGS, NULL},
    {"__eq__", not_equal_released, METH_O, NULL},
    {"__buffer__", buffer_released, METH_O, NULL},
};

#define RELEASED(is_error)                                                                        \
    do {                                                                                          \
        victim = keep(PyMemoryView_FromObject(bytearray("abc")));                                 \
        CHECK_RAISES(PyExc_ValueError, "operation forbidden on released memoryview object",       \
                     is_error);                                                                   \
    } while (0)

TEST(released_meanwhile)
{
    NEEDS(0x030F0000);
    PyObject *index = instance_with(&releasing[0]), *other = instance_with(&releasing[1]);
    PyObject *exporter = instance_with(&releasing[2]);
    PyObject *from_index = keep(PySlice_New(index, NULL, NULL)), *all = keep(PySlice_New(NULL, NULL, NULL));
    RELEASED(PyObject_GetItem(victim, index) == NULL);
    RELEASED(PyObject_GetItem(victim, keep(PyTuple_Pack(1, index))) == NULL);
    RELEASED(PyObject_SetItem(victim, index, L(1)) == -1);
    RELEASED(PyObject_SetItem(victim, L(0), index) == -1);
    RELEASED(PyObject_SetItem(victim, all, exporter) == -1);
    RELEASED(PySequence_Index(victim, other) == -1);
    RELEASED(PyObject_CallMethod(victim, "index", "(OO)", L(97), index) == NULL);
    RELEASED(PyObject_CallMethod(victim, "count", "(O)", other) == NULL);
    victim = VIEW(bytearray("abc"));
    CHECK(repr_is(LIST(keep(PyObject_GetItem(victim, from_index))), "[98, 99]"));
    CHECK_RAISES(PyExc_ValueError, "operation forbidden on released memoryview object", PyObject_Size(victim) == -1);
    /* CPython compares what was given back. */
    victim = VIEW(bytearray("abc"));
    CHECK(is_same(PyObject_RichCompare(victim, exporter, Py_EQ), Py_False));
    done();
}

/* An object that holds a view of itself. */
TEST(collected)
{
    PyObject *object = PyObject_CallFunction(new_class("C", (PyObject *)&PyByteArray_Type), "O", B("abc"));
    PyObject *view = PyMemoryView_FromObject(object);
    PyObject *reference = keep(PyWeakref_NewRef(object, NULL));
    CHECK(PyObject_SetAttrString(object, "view", view) == 0);
    Py_DECREF(view);
    Py_DECREF(object);
    PyGC_Collect();
    CHECK(is_none(PyObject_CallObject(reference, NULL)));
    done();
}

#else

#define NEWER(name) TEST(name) { SKIP("needs the limited API of 3.11"); }

NEWER(from_buffer)
NEWER(contiguous)
NEWER(other_formats)
NEWER(pointers)
NEWER(exports)
NEWER(classes)
NEWER(derived_classes)
NEWER(release_fails)
NEWER(released_meanwhile)
NEWER(collected)

#endif

TEST_MAIN(from_object, from_memory, sequence, from_buffer, contiguous, other_formats, pointers,
          exports, classes, derived_classes, release_fails, released_meanwhile,
          collected)
