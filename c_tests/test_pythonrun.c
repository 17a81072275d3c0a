/* pythonrun.h: source text, where there is a compiler and where there is none. */
#include "expect.h"

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

TEST_MAIN(no_python, source_runs_or_says_why_not)
