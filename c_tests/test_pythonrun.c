/* pythonrun.h: source text, where there is a compiler and where there is none. */
#include "tracebacks.h"

TEST(no_python)
{
    PyObject *code = Py_CompileString("1 +", "broken.py", 258);
    CHECK(code == NULL && PyErr_Occurred() != NULL);
    PyErr_Clear();
    done();
}

/* What runs it gives 3; what does not says so, and names the file. */
TEST(source_runs_or_says_why_not)
{
    PyObject *code = Py_CompileString("1 + 2", "sum.py", 258);
    if (code == NULL) {
        CHECK_RAISES(PyExc_NotImplementedError,
                     "cannot compile sum.py: this runtime has no Python compiler", code == NULL);
        CHECK_RAISES(PyExc_TypeError,
                     "cannot evaluate 'dict' object: this runtime has no Python code",
                     PyEval_EvalCode(V("{}"), V("{}"), V("{}")) == NULL);
    } else {
        PyObject *globals = V("{}");
        CHECK(repr_is(PyEval_EvalCode(keep(code), globals, globals), "3"));
        PyDict_Clear(globals);
    }
    done();
}

/* What a module does that Cython wrote for the stable ABI: a frame by evaluating a text, with the name and the
 * line of its function. */
static PyObject *frame_code(const char *function, int line)
{
    PyObject *code = keep(Py_CompileString("_getframe()", "made.pyx", 258));
    return keep(PyObject_Call(at(code, "replace"), V("()"),
                              V("{sssi}", "co_name", function, "co_firstlineno", line)));
}

TEST(frame_by_evaluation)
{
    PyObject *globals = V("{sO}", "_getframe", PySys_GetObject("_getframe"));
    PyObject *code = frame_code("function", 7);
    PyObject *frame = keep(PyEval_EvalCode(code, globals, globals));
    CHECK(frame != NULL && at(frame, "f_code") == code && at(frame, "f_globals") == globals);
    CHECK(at(frame, "f_back") == Py_None && PyFrame_GetLineNumber((PyFrameObject *)frame) == 7);
    PyErr_SetString(PyExc_ValueError, "v");
    CHECK(PyTraceBack_Here((PyFrameObject *)frame) == 0);
    PyObject *entry = at(take_raised(), "__traceback__");
    SHOW(PyTuple_Pack(3, at(entry, "tb_lineno"), at(entry, "tb_frame.f_code.co_name"),
                      at(entry, "tb_frame.f_code.co_filename")));
    CHECK(PyEval_GetFrame() == NULL);
    /* Not 0, for which 3.15 shows what its own call of C begins with. */
    CHECK_RAISES(PyExc_ValueError, "call stack is not deep enough",
                 PyObject_CallFunction(PySys_GetObject("_getframe"), "i", 1) == NULL);
    PyDict_Clear(globals);
    done();
}

static PyObject *look(PyObject *self, PyObject *nothing)
{
    (void)self, (void)nothing;
    PyObject *getframe = PySys_GetObject("_getframe"), *frame = (PyObject *)PyEval_GetFrame();
    CHECK(frame != NULL && is_same(PyObject_CallObject(getframe, NULL), frame));
    CHECK(is_same(PyObject_CallFunction(getframe, "i", -1), frame));
    CHECK(PyEval_GetGlobals() == at(frame, "f_globals"));
    CHECK(PyObject_RichCompareBool(PyEval_GetLocals(), at(frame, "f_locals"), Py_EQ) == 1);
    CHECK_RAISES(PyExc_ValueError, "call stack is not deep enough",
                 PyObject_CallFunction(getframe, "i", 1) == NULL);
    PyObject *globals = V("{sO}", "_getframe", getframe);
    PyObject *inner = keep(PyEval_EvalCode(frame_code("inner", 9), globals, globals));
    CHECK(at(inner, "f_back") == frame && (PyObject *)PyEval_GetFrame() == frame);
    PyDict_Clear(globals);
    PyErr_SetString(PyExc_KeyError, "from within");
    return NULL;
}

static PyMethodDef look_def = {"look", look, METH_NOARGS, NULL};

/* While it is evaluated a frame runs, and what is raised passes through it. */
TEST(frame_that_runs)
{
    PyObject *globals = V("{sO}", "_getframe", keep(PyCFunction_New(&look_def, NULL)));
    PyObject *code = frame_code("outer", 3);
    CHECK(PyEval_EvalCode(code, globals, globals) == NULL);
    PyObject *error = take_raised();
    CHECK(shows(error, "KeyError('from within')"));
    CHECK(at(error, "__traceback__.tb_frame.f_code") == code);
    CHECK(PyEval_GetFrame() == NULL);
    /* Local names come first, built-in ones last. */
    PyObject *locals = V("{si}", "_getframe", 5);
    CHECK_RAISES(PyExc_TypeError, "'int' object is not callable",
                 PyEval_EvalCode(code, globals, locals) == NULL);
    PyDict_Clear(globals);
    CHECK_RAISES(PyExc_NameError, "name '_getframe' is not defined",
                 PyEval_EvalCode(code, globals, globals) == NULL);
    PyDict_Clear(globals);
    done();
}

TEST_MAIN(no_python, source_runs_or_says_why_not, frame_by_evaluation, frame_that_runs)
