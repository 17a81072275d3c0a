/* traceback.h, pyframe.h: code objects, frames and tracebacks of C functions; how they are
 * shown is in test_traceback_display.c. */
#include "tracebacks.h"
#include "refusal.h"

TEST(entries)
{
    PyObject *error = raised_in(3, "inner", "inner.c", 7, "outer", "outer.c", 3, "main", "main.c", 1);
    PyObject *entry = keep(PyException_GetTraceback(error));
    CHECK(PyTraceBack_Check(entry));
    for (; entry != NULL && entry != Py_None; entry = at(entry, "tb_next")) {
        CHECK(is_same(PyObject_GetAttrString(at(entry, "tb_frame.f_code"), "co_name"),
                      at(entry, "tb_frame.f_code.co_qualname")));
        SHOW(PyTuple_Pack(4, at(entry, "tb_frame.f_code.co_name"),
                          at(entry, "tb_frame.f_code.co_filename"), at(entry, "tb_lineno"),
                          at(entry, "tb_lasti")));
    }
    done();
}

/* Without a line, before the first one, at none. */
TEST(lines)
{
    for (int line = -3; line < 2; line++) {
        PyObject *error = raised_in(1, "f", "f.c", line);
        PyObject *entry = keep(PyException_GetTraceback(error));
        SHOW(PyTuple_Pack(2, at(entry, "tb_lineno"), at(entry, "tb_frame.f_lineno")));
    }
    done();
}

TEST(code)
{
    static const char *const names[] = {
        "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_nlocals", "co_stacksize",
        "co_flags", "co_consts", "co_names", "co_varnames", "co_cellvars", "co_freevars",
        "co_filename", "co_name", "co_qualname", "co_firstlineno", "co_exceptiontable",
    };
    PyObject *code = code_of("f", "file.c", 3);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        printf("  %s", names[i]);
        SHOW(PyObject_GetAttrString(code, names[i]));
    }
    SHOW(listed(PyObject_CallMethod(code, "co_lines", NULL)));
    SHOW(listed(PyObject_CallMethod(code, "co_positions", NULL)));
    CHECK(repr_is(PyObject_CallMethod(code, "__sizeof__", NULL), "216") || Py_Version < 0x030F0000);
    print_without_address(code);
    print_without_address(code_of("f", "file.c", 0));
    print_without_address(code_of("f", "file.c", -5));
    done();
}

/* The file's name does not count. */
TEST(code_equality)
{
    PyObject *code = code_of("f", "file.c", 3);
    PyObject *same = code_of("f", "another.c", 3);
    CHECK(PyObject_RichCompareBool(code, same, Py_EQ) == 1);
    CHECK(PyObject_Hash(code) == PyObject_Hash(same) && PyObject_Hash(code) != -1);
    CHECK(PyObject_RichCompareBool(code, code_of("g", "file.c", 3), Py_EQ) == 0);
    CHECK(PyObject_RichCompareBool(code, code_of("f", "file.c", 4), Py_EQ) == 0);
    CHECK(PyObject_RichCompareBool(code, code_of("f", "file.c", 4), Py_NE) == 1);
    CHECK_RAISES(PyExc_TypeError, "'<' not supported between instances of 'code' and 'code'",
                 PyObject_RichCompareBool(code, same, Py_LT) == -1);
    PyObject *changed = keep(PyObject_Call(at(code, "replace"), V("()"),
                                           V("{sssi}", "co_name", "h", "co_firstlineno", 9)));
    print_without_address(changed);
    CHECK(repr_is(PyObject_GetAttrString(changed, "co_qualname"), "'f'"));
    CHECK(PyObject_RichCompareBool(keep(PyObject_CallMethod(code, "replace", NULL)), code, Py_EQ) == 1);
    done();
}

TEST(frame)
{
    PyObject *frame = frame_of("f", "file.c", 3);
    print_without_address(frame);
    CHECK(PyFrame_GetLineNumber((PyFrameObject *)frame) == 3);
    CHECK(is_same((PyObject *)PyFrame_GetCode((PyFrameObject *)frame), at(frame, "f_code")));
    static const char *const names[] = {
        "f_back", "f_globals", "f_locals", "f_lineno", "f_lasti", "f_trace", "f_trace_lines",
        "f_trace_opcodes", "f_generator",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        PyObject *value = PyObject_GetAttrString(frame, names[i]);
        /* Older ones have no f_generator. */
        if (value == NULL) PyErr_Clear();
        else test_print("  ", keep(value), 1);
    }
    CHECK(PyDict_Check(at(frame, "f_builtins")));
    CHECK(PyDict_GetItemString(at(frame, "f_builtins"), "len") != NULL);
    CHECK(at(frame, "f_locals") == at(frame, "f_locals"));
    CHECK(at(frame, "f_globals") == at(frame, "f_globals"));
    CHECK(PyEval_GetFrame() == NULL);
    CHECK_RAISES(PyExc_TypeError, "cannot create 'frame' instances",
                 PyObject_CallObject((PyObject *)Py_TYPE(frame), NULL) == NULL);
    CHECK_RAISES(PyExc_TypeError, "cannot create weak reference to 'frame' object",
                 PyWeakref_NewRef(frame, NULL) == NULL);
    done();
}

TEST(frame_setters)
{
    NEEDS(0x030D0100); /* 3.13.0 crashes. */
    NEEDS(0x030D0000); /* 3.11 and 3.12 crash on the line of such a frame. */
    PyObject *frame = frame_of("f", "file.c", 3);
    CHECK_RAISES(PyExc_AttributeError, "attribute 'f_code' of 'frame' objects is not writable",
                 PyObject_SetAttrString(frame, "f_code", L(1)) == -1);
    CHECK_RAISES(PyExc_ValueError, "f_lineno can only be set in a trace function",
                 PyObject_SetAttrString(frame, "f_lineno", L(1)) == -1);
    CHECK_RAISES(PyExc_ValueError, "lineno must be an integer",
                 PyObject_SetAttrString(frame, "f_lineno", Py_None) == -1);
    CHECK_RAISES(PyExc_AttributeError, "attribute 'f_lineno' of 'frame' objects cannot be deleted",
                 PyObject_DelAttrString(frame, "f_lineno") == -1);
    CHECK(PyObject_SetAttrString(frame, "f_trace", L(1)) == 0);
    CHECK(repr_is(PyObject_GetAttrString(frame, "f_trace"), "1"));
    CHECK(PyObject_DelAttrString(frame, "f_trace") == 0);
    CHECK(is_none(PyObject_GetAttrString(frame, "f_trace")));
    CHECK_RAISES(PyExc_TypeError, "attribute value type must be bool",
                 PyObject_SetAttrString(frame, "f_trace_lines", L(1)) == -1);
    CHECK(PyObject_SetAttrString(frame, "f_trace_lines", Py_False) == 0);
    CHECK(repr_is(PyObject_GetAttrString(frame, "f_trace_lines"), "False"));
    CHECK_RAISES(PyExc_TypeError, "attribute value type must be bool",
                 PyObject_SetAttrString(frame, "f_trace_opcodes", L(1)) == -1);
    CHECK(PyObject_SetAttrString(frame, "f_trace_opcodes", Py_True) == 0);
    CHECK(repr_is(PyObject_GetAttrString(frame, "f_trace_opcodes"), "True"));
    CHECK_RAISES(PyExc_AttributeError, NULL, PyObject_DelAttrString(frame, "f_trace_opcodes") == -1);
    done();
}

TEST(frame_clear)
{
    PyObject *frame = frame_of("f", "file.c", 3);
    CHECK(PyObject_SetItem(at(frame, "f_locals"), S("a"), L(1)) == 0);
    CHECK(repr_is(PyObject_GetAttrString(frame, "f_locals"), "{'a': 1}"));
    CHECK(PyObject_SetAttrString(frame, "f_trace", L(1)) == 0);
    CHECK(is_none(PyObject_CallMethod(frame, "clear", NULL)));
    CHECK(repr_is(PyObject_GetAttrString(frame, "f_locals"), "{}"));
    CHECK(is_none(PyObject_GetAttrString(frame, "f_trace")));
    CHECK(repr_is(PyObject_GetAttrString(at(frame, "f_code"), "co_name"), "'f'"));
    done();
}

TEST(constructor)
{
    PyObject *type = (PyObject *)&PyTraceBack_Type, *frame = frame_of("f", "file.c", 3);
    PyObject *first = keep(PyObject_CallFunction(type, "OOii", Py_None, frame, 5, 9));
    SHOW(PyTuple_Pack(3, at(first, "tb_lasti"), at(first, "tb_lineno"), at(first, "tb_next")));
    PyObject *second = keep(PyObject_CallFunction(type, "OOii", first, frame, -3, -7));
    SHOW(PyTuple_Pack(2, at(second, "tb_lasti"), at(second, "tb_lineno")));
    CHECK(at(second, "tb_next") == first && at(second, "tb_frame") == frame);
    SHOW(PyObject_CallMethod(first, "__dir__", NULL));
    static const int offsets[] = {-9, -1, 0, 2, 7, 8, 1000};
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        PyObject *entry = keep(PyObject_CallFunction(type, "OOii", Py_None, frame, offsets[i], -1));
        SHOW(PyObject_GetAttrString(entry, "tb_lineno"));
    }
    SHOW(PyObject_CallFunction(type, "OOis", Py_None, frame, 1, "a"));
    SHOW(PyObject_CallFunction(type, "OOfi", Py_None, frame, 1.5, 1));
    SHOW(PyObject_CallFunction(type, "OOiL", Py_None, frame, 1, 1LL << 40));
    SHOW(PyObject_CallFunction(type, "iOii", 1, frame, 1, 1));
    SHOW(PyObject_CallFunction(type, "iiii", 1, 2, 3, 4));
    CHECK_RAISES(PyExc_TypeError, "cannot create weak reference to 'traceback' object",
                 PyWeakref_NewRef(first, NULL) == NULL);
    done();
}

TEST(next)
{
    PyObject *type = (PyObject *)&PyTraceBack_Type, *frame = frame_of("f", "file.c", 3);
    PyObject *a = keep(PyObject_CallFunction(type, "OOii", Py_None, frame, 0, 1));
    PyObject *b = keep(PyObject_CallFunction(type, "OOii", a, frame, 0, 2));
    PyObject *c = keep(PyObject_CallFunction(type, "OOii", b, frame, 0, 3));
    CHECK_RAISES(PyExc_ValueError, "traceback loop detected",
                 PyObject_SetAttrString(a, "tb_next", a) == -1);
    CHECK_RAISES(PyExc_ValueError, "traceback loop detected",
                 PyObject_SetAttrString(a, "tb_next", c) == -1);
    CHECK_RAISES(PyExc_TypeError, "expected traceback object, got 'int'",
                 PyObject_SetAttrString(a, "tb_next", L(1)) == -1);
    CHECK_RAISES(PyExc_TypeError, "can't delete tb_next attribute",
                 PyObject_DelAttrString(a, "tb_next") == -1);
    CHECK(PyObject_SetAttrString(c, "tb_next", a) == 0 && at(c, "tb_next") == a);
    CHECK(PyObject_SetAttrString(c, "tb_next", Py_None) == 0 && at(c, "tb_next") == Py_None);
    CHECK(PyObject_SetAttrString(a, "tb_next", c) == 0);
    CHECK_RAISES(PyExc_AttributeError, NULL, PyObject_SetAttrString(a, "tb_frame", frame) == -1);
    CHECK_RAISES(PyExc_AttributeError, NULL, PyObject_SetAttrString(a, "tb_lineno", L(1)) == -1);
    CHECK_RAISES(PyExc_AttributeError, NULL, PyObject_SetAttrString(a, "tb_lasti", L(1)) == -1);
    done();
}

TEST(here)
{
    PyObject *frame = frame_of("f", "file.c", 3);
    PyErr_SetString(PyExc_ValueError, "v");
    CHECK(PyTraceBack_Here((PyFrameObject *)frame) == 0);
    CHECK(PyTraceBack_Here((PyFrameObject *)frame) == 0);
    PyObject *error = take_raised();
    PyObject *entry = keep(PyException_GetTraceback(error));
    CHECK(at(entry, "tb_frame") == frame && at(entry, "tb_next.tb_frame") == frame);
    CHECK(at(entry, "tb_next.tb_next") == Py_None);
    done();
}

TEST(fetch_and_restore)
{
    PyObject *error = raised_in(1, "f", "file.c", 3), *type, *value, *traceback;
    PyObject *entry = keep(PyException_GetTraceback(error));
    PyErr_SetObject((PyObject *)Py_TYPE(error), error);
    PyErr_Fetch(&type, &value, &traceback);
    CHECK(value == error && traceback == entry);
    /* None takes the traceback away, an entry replaces it. */
    Py_DECREF(traceback);
    Py_INCREF(Py_None);
    PyErr_Restore(type, value, Py_None);
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    CHECK(traceback == NULL || Py_Version < 0x030C0000);
    Py_XDECREF(traceback);
    Py_INCREF(entry);
    PyErr_Restore(type, value, entry);
    PyErr_Fetch(&type, &value, &traceback);
    CHECK(traceback == entry);
    Py_DECREF(type);
    Py_DECREF(value);
    Py_DECREF(traceback);
    /* An instance of a subtype stays as it is, and nothing is put beside it. */
    type = PyExc_Exception, value = error, traceback = NULL;
    Py_INCREF(type);
    Py_INCREF(value);
    PyErr_NormalizeException(&type, &value, &traceback);
    CHECK(type == PyExc_ValueError && value == error && traceback == NULL);
    CHECK(is_same(PyException_GetTraceback(error), entry));
    Py_DECREF(type);
    Py_DECREF(value);
    /* As what is handled. */
    Py_INCREF(error);
    PyErr_SetExcInfo(NULL, error, NULL);
    PyErr_GetExcInfo(&type, &value, &traceback);
    CHECK(value == error && type == PyExc_ValueError);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
    PyErr_SetExcInfo(NULL, NULL, NULL);
    done();
}

TEST(attribute)
{
    PyObject *error = raised_in(1, "f", "file.c", 3);
    PyObject *entry = keep(PyException_GetTraceback(error));
    PyObject *other = keep(PyObject_CallFunction(PyExc_KeyError, "s", "k"));
    CHECK(is_same(PyObject_CallMethod(other, "with_traceback", "O", entry), other));
    CHECK(at(other, "__traceback__") == entry);
    CHECK(PyObject_SetAttrString(other, "__traceback__", Py_None) == 0);
    CHECK(PyException_GetTraceback(other) == NULL);
    CHECK(PyException_SetTraceback(other, entry) == 0);
    CHECK_RAISES(PyExc_TypeError, "__traceback__ must be a traceback or None",
                 PyException_SetTraceback(other, L(5)) == -1);
    CHECK(at(other, "__traceback__") == entry);
    done();
}

/* An exception raised while another one is handled: each keeps its own. */
TEST(nested)
{
    PyObject *first = raised_in(2, "inner", "a.c", 1, "outer", "a.c", 2);
    Py_INCREF(first);
    PyErr_SetExcInfo(NULL, first, NULL);
    PyObject *second = raised_in(1, "handler", "b.c", 3);
    PyErr_SetExcInfo(NULL, NULL, NULL);
    CHECK(at(second, "__context__") == first);
    CHECK(repr_is(PyObject_GetAttrString(at(second, "__traceback__.tb_frame.f_code"), "co_name"), "'handler'"));
    CHECK(repr_is(PyObject_GetAttrString(at(first, "__traceback__.tb_frame.f_code"), "co_name"), "'outer'"));
    PyErr_SetObject((PyObject *)Py_TYPE(first), first);
    add("again", "c.c", 4);
    CHECK(is_same(test_take_raised(), first));
    CHECK(repr_is(PyObject_GetAttrString(at(first, "__traceback__.tb_next.tb_frame.f_code"), "co_name"), "'outer'"));
    done();
}

/* A name that is no UTF-8: the error about it is raised, and what was raised is its context. */
TEST(bad_name)
{
    PyErr_SetString(PyExc_ValueError, "v");
    add("f\xff", "file.c", 1);
    PyObject *error = take_raised();
    CHECK(PyErr_GivenExceptionMatches(error, PyExc_UnicodeDecodeError));
    CHECK(repr_is(PyObject_GetAttrString(error, "__context__"), "ValueError('v')"));
    CHECK(PyException_GetTraceback(error) == NULL);
    error = raised_in(1, "f\xc3\xa9", "file\xff.c", 1);
    PyObject *code = at(keep(PyException_GetTraceback(error)), "tb_frame.f_code");
    SHOW(PyTuple_Pack(2, at(code, "co_name"), at(code, "co_filename")));
    done();
}

/* Under a memory checker, which runs with PYTHONMALLOC=malloc, fewer must do. */
static int deep(void)
{
    return getenv("PYTHONMALLOC") == NULL ? 1000000 : 50000;
}

TEST(deep_chain)
{
    PyObject *frame = frame_of("f", "file.c", 3), *innermost = NULL, *entry = Py_None;
    Py_INCREF(entry);
    for (int i = 0; i < deep(); i++) {
        PyObject *outer = PyObject_CallFunction((PyObject *)&PyTraceBack_Type, "OOii", entry, frame, 0, i);
        Py_DECREF(entry);
        entry = outer;
        if (innermost == NULL) innermost = outer;
    }
    CHECK_RAISES(PyExc_ValueError, "traceback loop detected",
                 PyObject_SetAttrString(innermost, "tb_next", entry) == -1);
    CHECK(PyGC_Collect() >= 0);
    PyObject *error = keep(PyObject_CallFunction(PyExc_ValueError, "s", "v"));
    CHECK(PyException_SetTraceback(error, entry) == 0);
    Py_DECREF(entry);
    done();
}

/* A frame whose local names hold the exception that passed through it. */
TEST(cycle)
{
    PyObject *error = raised_in(1, "f", "file.c", 3);
    PyObject *frame = at(keep(PyException_GetTraceback(error)), "tb_frame");
    PyObject *weak = PyWeakref_NewRef(at(frame, "f_code"), NULL);
    CHECK(PyObject_SetItem(at(frame, "f_locals"), S("error"), error) == 0);
    done();
    CHECK(PyGC_Collect() >= 3);
    CHECK(is_none(PyObject_CallObject(weak, NULL)));
    Py_DECREF(weak);
    done();
}

/* Each allocation refused in turn: what was raised is never lost, nor is memory. */
TEST(no_memory)
{
    refuse_function refuse = find_refuse();
    if (refuse == NULL) SKIP("only where memory can be refused");
    PyObject *blocks = keep(PyObject_GetAttrString(keep(PyImport_ImportModule("sys")), "getallocatedblocks"));
    int refused = 0, done_with = 0;
    for (int nth = 1; !done_with && nth < 100; nth++) {
        PyObject *error = PyObject_CallFunction(PyExc_ValueError, "s", "v");
        PyObject *before = keep(PyObject_CallObject(blocks, NULL));
        PyErr_SetObject(PyExc_ValueError, error);
        refuse(nth);
        add("f", "file.c", 3);
        done_with = refuse(0) < nth;
        PyObject *raised = test_take_raised();
        if (!done_with) {
            refused++;
            CHECK(PyErr_GivenExceptionMatches(raised, PyExc_MemoryError));
            CHECK(is_same(PyObject_GetAttrString(raised, "__context__"), error));
        } else {
            CHECK(raised == error);
        }
        Py_DECREF(raised);
        if (!done_with) {
            PyObject *after = keep(PyObject_CallObject(blocks, NULL));
            /* The count before is an int, kept. */
            CHECK(PyLong_AsLong(after) - PyLong_AsLong(before) <= 1);
        }
        Py_DECREF(error);
    }
    CHECK(done_with && refused > 5);
    done();
}

TEST_MAIN(entries, lines, code, code_equality, frame, frame_setters, frame_clear, constructor, next,
          here, fetch_and_restore, attribute, nested, bad_name, deep_chain, cycle, no_memory)
