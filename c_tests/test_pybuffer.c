/* pybuffer.h: views of memory (limited API since 3.11). */
#include "expect.h"

#if TEST_API >= 0x030B0000

TEST(bytes)
{
    Py_buffer view;
    PyObject *bytes = B("abcdef");
    CHECK(PyObject_CheckBuffer(bytes) == 1 && PyObject_CheckBuffer(L(1)) == 0);
    Py_ssize_t before = Py_REFCNT(bytes);
    CHECK(PyObject_GetBuffer(bytes, &view, PyBUF_SIMPLE) == 0);
    CHECK(Py_REFCNT(bytes) == before + 1 && view.obj == bytes);
    CHECK(view.len == 6 && view.itemsize == 1 && view.readonly == 1 && view.ndim == 1);
    CHECK(memcmp(view.buf, "abcdef", 6) == 0 && view.format == NULL && view.shape == NULL);
    PyBuffer_Release(&view);
    CHECK(view.obj == NULL && Py_REFCNT(bytes) == before);
    PyBuffer_Release(&view);
    CHECK(PyObject_GetBuffer(bytes, &view, PyBUF_FULL_RO) == 0);
    CHECK(strcmp(view.format, "B") == 0 && view.shape[0] == 6 && view.strides[0] == 1);
    PyBuffer_Release(&view);
    CHECK_RAISES(PyExc_BufferError, "Object is not writable.",
                 PyObject_GetBuffer(bytes, &view, PyBUF_WRITABLE) == -1);
    CHECK_RAISES(PyExc_TypeError, "a bytes-like object is required, not 'int'",
                 PyObject_GetBuffer(L(1), &view, PyBUF_SIMPLE) == -1);
    done();
}

TEST(fill_info)
{
    Py_buffer view;
    char memory[4] = "abc";
    CHECK(PyBuffer_FillInfo(&view, NULL, memory, 4, 0, PyBUF_CONTIG) == 0);
    CHECK(view.obj == NULL && view.len == 4 && view.readonly == 0 && view.shape[0] == 4);
    PyBuffer_Release(&view);
    PyObject *owner = V("[]");
    CHECK(PyBuffer_FillInfo(&view, owner, memory, 4, 1, PyBUF_SIMPLE) == 0);
    CHECK(view.obj == owner && Py_REFCNT(owner) == 2);
    PyBuffer_Release(&view);
    CHECK(Py_REFCNT(owner) == 1);
    CHECK_RAISES(PyExc_BufferError, "Object is not writable.",
                 PyBuffer_FillInfo(&view, NULL, memory, 4, 1, PyBUF_WRITABLE) == -1);
    CHECK_RAISES(PyExc_BufferError, "PyBuffer_FillInfo: view==NULL argument is obsolete",
                 PyBuffer_FillInfo(NULL, NULL, memory, 4, 1, PyBUF_SIMPLE) == -1);
    done();
}

static Py_buffer matrix(int *memory, Py_ssize_t *shape, Py_ssize_t *strides)
{
    Py_buffer view;
    memset(&view, 0, sizeof view);
    view.buf = memory;
    view.len = 24;
    view.itemsize = 4;
    view.ndim = 2;
    view.shape = shape;
    view.strides = strides;
    return view;
}

TEST(contiguous)
{
    int memory[6] = {0, 1, 2, 3, 4, 5}, out[6];
    Py_ssize_t shape[2] = {2, 3}, c[2], f[2], odd[2] = {16, 4};
    PyBuffer_FillContiguousStrides(2, shape, c, 4, 'C');
    CHECK(c[0] == 12 && c[1] == 4);
    PyBuffer_FillContiguousStrides(2, shape, f, 4, 'F');
    CHECK(f[0] == 4 && f[1] == 8);
    Py_buffer view = matrix(memory, shape, c);
    CHECK(PyBuffer_IsContiguous(&view, 'C') == 1 && PyBuffer_IsContiguous(&view, 'F') == 0);
    CHECK(PyBuffer_IsContiguous(&view, 'A') == 1);
    Py_ssize_t at[2] = {1, 2};
    CHECK(PyBuffer_GetPointer(&view, at) == &memory[5]);
    CHECK(PyBuffer_ToContiguous(out, &view, 24, 'F') == 0);
    CHECK(out[0] == 0 && out[1] == 3 && out[2] == 1 && out[3] == 4 && out[4] == 2 && out[5] == 5);
    CHECK(PyBuffer_FromContiguous(&view, out, 24, 'C') == 0);
    CHECK(memory[1] == 3 && memory[5] == 5);
    view = matrix(memory, shape, f);
    CHECK(PyBuffer_IsContiguous(&view, 'C') == 0 && PyBuffer_IsContiguous(&view, 'F') == 1);
    view = matrix(memory, shape, odd);
    CHECK(PyBuffer_IsContiguous(&view, 'A') == 0);
    CHECK_RAISES(PyExc_ValueError, "PyBuffer_ToContiguous: len != view->len",
                 PyBuffer_ToContiguous(out, &view, 20, 'C') == -1);
    done();
}

/* Whatever class the exception is of. */
static bool raised_with(const char *text)
{
    PyObject *raised = keep(test_take_raised());
    return raised != NULL && text_is(PyObject_Str(raised), text);
}

TEST(formats)
{
    CHECK(PyBuffer_SizeFromFormat("i") == 4 && PyBuffer_SizeFromFormat("<hq") == 10);
    /* The first thing that is wrong is what is told. */
    CHECK(PyBuffer_SizeFromFormat("9223372036854775807s2s!") == -1);
    CHECK(raised_with("total struct size too long"));
    CHECK(PyBuffer_SizeFromFormat("9223372036854775808!") == -1);
    CHECK(raised_with("total struct size too long") || Py_Version < 0x030F0000);
    CHECK_RAISES(PyExc_UnicodeDecodeError, NULL, PyBuffer_SizeFromFormat("i\xff") == -1);
    done();
}

typedef struct {
    PyObject_HEAD
    char data[4];
    int exports, released;
} Cell;

static int cell_getbuffer(PyObject *self, Py_buffer *view, int flags)
{
    Cell *cell = (Cell *)self;
    if (PyBuffer_FillInfo(view, self, cell->data, 4, 0, flags) < 0) {
        return -1;
    }
    cell->exports++;
    return 0;
}

static void cell_releasebuffer(PyObject *self, Py_buffer *view)
{
    (void)view;
    ((Cell *)self)->exports--;
    ((Cell *)self)->released++;
}

static PyType_Slot cell_slots[] = {
    {Py_bf_getbuffer, FUNC(cell_getbuffer)},
    {Py_bf_releasebuffer, FUNC(cell_releasebuffer)},
    {0, NULL},
};

static PyType_Spec cell_spec = {"tests.Cell", (int)sizeof(Cell), 0, Py_TPFLAGS_DEFAULT,
                                cell_slots};

TEST(exporter)
{
    Py_buffer view;
    PyObject *type = keep(PyType_FromSpec(&cell_spec));
    PyObject *object = keep(PyObject_CallObject(type, NULL));
    CHECK(PyObject_GetBuffer(object, &view, PyBUF_CONTIG) == 0 && view.readonly == 0);
    memcpy(view.buf, "wxyz", 4);
    CHECK(((Cell *)object)->exports == 1);
    PyBuffer_Release(&view);
    CHECK(((Cell *)object)->exports == 0 && ((Cell *)object)->released == 1);
    CHECK(repr_is(PyBytes_FromObject(object), "b'wxyz'"));
    CHECK(repr_is(PyObject_Bytes(object), "b'wxyz'"));
    CHECK(repr_is(PyUnicode_FromEncodedObject(object, "ascii", NULL), "'wxyz'"));
    CHECK(repr_is(PyObject_CallMethod(B("-"), "join", "[OO]", object, object), "b'wxyz-wxyz'"));
    CHECK(PyObject_CopyData(object, B("abcd")) == 0 && memcmp(((Cell *)object)->data, "abcd", 4) == 0);
    CHECK_RAISES(PyExc_BufferError, "destination is too small to receive data from source",
                 PyObject_CopyData(object, B("abcde")) == -1);
    CHECK(((Cell *)object)->exports == 0);
    done();
}

TEST_MAIN(bytes, fill_info, contiguous, formats, exporter)

#else

TEST(newer_api)
{
    SKIP("needs the limited API of 3.11");
}

TEST_MAIN(newer_api)

#endif
