/* modsupport.h: PyArg_ParseTupleAndKeywords. */
#include "expect.h"

#include <stdarg.h>

#define PARSE PyArg_ParseTupleAndKeywords

static PY_CXX_CONST char *abc[] = {(PY_CXX_CONST char *)"a", (PY_CXX_CONST char *)"b",
                                   (PY_CXX_CONST char *)"c", NULL};

TEST(by_position_and_name)
{
    int a = 0, b = 0, c = 9;
    CHECK(PARSE(V("(ii)", 1, 2), NULL, "ii|i:f", abc, &a, &b, &c) && a == 1 && b == 2 && c == 9);
    CHECK(PARSE(V("(i)", 3), V("{si}", "b", 4), "ii|i:f", abc, &a, &b, &c) && a == 3 && b == 4);
    CHECK(PARSE(V("()"), V("{sisisi}", "c", 7, "a", 5, "b", 6), "ii|i:f", abc, &a, &b, &c));
    CHECK(a == 5 && b == 6 && c == 7);
    CHECK(PARSE(V("()"), NULL, "|iii:f", abc, &a, &b, &c) && a == 5 && c == 7);
    done();
}

TEST(missing_and_unknown)
{
    int a, b, c;
    CHECK_RAISES(PyExc_TypeError, "f() missing required argument 'b' (pos 2)",
                 !PARSE(V("(i)", 1), NULL, "ii|i:f", abc, &a, &b, &c));
    CHECK_RAISES(PyExc_TypeError, "f() missing required argument 'a' (pos 1)",
                 !PARSE(V("()"), V("{si}", "b", 1), "ii|i:f", abc, &a, &b, &c));
    CHECK_RAISES(PyExc_TypeError, "f() got an unexpected keyword argument 'zz'",
                 !PARSE(V("(ii)", 1, 2), V("{si}", "zz", 1), "ii|i:f", abc, &a, &b, &c));
    CHECK_RAISES(PyExc_TypeError, "this function got an unexpected keyword argument 'zz'",
                 !PARSE(V("(ii)", 1, 2), V("{si}", "zz", 1), "ii|i", abc, &a, &b, &c));
    CHECK_RAISES(PyExc_TypeError, "f() got an unexpected keyword argument 'bb'. Did you mean 'b'?",
                 !PARSE(V("(i)", 1), V("{si}", "bb", 1), "i|ii:f", abc, &a, &b, &c));
    CHECK_RAISES(PyExc_TypeError, "argument for f() given by name ('a') and position (1)",
                 !PARSE(V("(i)", 1), V("{si}", "a", 1), "i|ii:f", abc, &a, &b, &c));
    CHECK_RAISES(PyExc_TypeError, "f() takes at most 3 arguments (4 given)",
                 !PARSE(V("(iiii)", 1, 2, 3, 4), NULL, "ii|i:f", abc, &a, &b, &c));
    CHECK_RAISES(PyExc_TypeError, "f() takes at most 3 arguments (4 given)",
                 !PARSE(V("(iiii)", 1, 2, 3, 4), NULL, "iii:f", abc, &a, &b, &c));
    CHECK_RAISES(PyExc_TypeError, "keywords must be strings",
                 !PARSE(V("(ii)", 1, 2), V("{ii}", 1, 1), "ii|i:f", abc, &a, &b, &c));
    done();
}

TEST(keyword_only)
{
    static PY_CXX_CONST char *one_nameless[] = {(PY_CXX_CONST char *)"",
                                                (PY_CXX_CONST char *)"b", NULL};
    int a = 0, b = 0, c = 0;
    CHECK(PARSE(V("(i)", 1), V("{sisi}", "b", 2, "c", 3), "i|$ii:f", abc, &a, &b, &c));
    CHECK(a == 1 && b == 2 && c == 3);
    CHECK_RAISES(PyExc_TypeError, "f() takes at most 1 positional argument (2 given)",
                 !PARSE(V("(ii)", 1, 2), NULL, "i|$ii:f", abc, &a, &b, &c));
    CHECK_RAISES(PyExc_TypeError, "f() takes exactly 1 positional argument (0 given)",
                 !PARSE(V("()"), V("{si}", "b", 2), "i|$i:f", one_nameless, &a, &b));
    done();
}

TEST(positional_only)
{
    static PY_CXX_CONST char *names[] = {(PY_CXX_CONST char *)"", (PY_CXX_CONST char *)"",
                                         (PY_CXX_CONST char *)"c", NULL};
    int a = 0, b = 0, c = 0;
    CHECK(PARSE(V("(ii)", 1, 2), V("{si}", "c", 3), "ii|i:f", names, &a, &b, &c) && c == 3);
    CHECK_RAISES(PyExc_TypeError, "f() takes at least 2 positional arguments (1 given)",
                 !PARSE(V("(i)", 1), V("{si}", "c", 3), "ii|i:f", names, &a, &b, &c));
    CHECK_RAISES(PyExc_TypeError, "f() got an unexpected keyword argument 'a'",
                 !PARSE(V("(ii)", 1, 2), V("{si}", "a", 3), "ii|i:f", names, &a, &b, &c));
    done();
}

TEST(wrong_types)
{
    int a, b, c;
    const char *s;
    CHECK_RAISES(PyExc_TypeError, "f() argument 2 must be str, not int",
                 !PARSE(V("()"), V("{sisi}", "a", 1, "b", 2), "is|i:f", abc, &a, &s, &c));
    CHECK_RAISES(PyExc_TypeError, "'str' object cannot be interpreted as an integer",
                 !PARSE(V("(sii)", "x", 1, 2), NULL, "iii:f", abc, &a, &b, &c));
    done();
}

TEST(bad_use)
{
    int a, b, c;
    CHECK_RAISES(PyExc_SystemError, "More keyword list entries (3) than format specifiers (2)",
                 !PARSE(V("(ii)", 1, 2), NULL, "ii:f", abc, &a, &b, &c));
    CHECK_RAISES(PyExc_SystemError, "more argument specifiers than keyword list entries (remaining format:'i:f')",
                 !PARSE(V("(iii)", 1, 2, 3), NULL, "iiii:f", abc, &a, &b, &c, &a));
    CHECK_RAISES(PyExc_SystemError, NULL, !PARSE(NULL, NULL, "", abc));
    CHECK_RAISES(PyExc_SystemError, NULL, !PARSE(V("[]"), NULL, "", abc));
    CHECK_RAISES(PyExc_SystemError, NULL, !PARSE(V("()"), V("[]"), "", abc));
    CHECK_RAISES(PyExc_SystemError, NULL, !PARSE(V("()"), NULL, NULL, abc));
    CHECK_RAISES(PyExc_SystemError, NULL, !PARSE(V("()"), NULL, "", NULL));
    done();
}

static int parse_va(PyObject *args, PyObject *kwargs, const char *format,
                    PY_CXX_CONST char *const *names, ...)
{
    va_list list;
    va_start(list, names);
    int result = PyArg_VaParseTupleAndKeywords(args, kwargs, format, names, list);
    va_end(list);
    return result;
}

TEST(va_parse)
{
    int a = 0, b = 0, c = 0;
    CHECK(parse_va(V("(i)", 1), V("{si}", "c", 3), "i|ii:f", abc, &a, &b, &c) && a == 1 && c == 3);
    done();
}

TEST(validate)
{
    CHECK(PyArg_ValidateKeywordArguments(V("{si}", "a", 1)) == 1);
    CHECK_RAISES(PyExc_TypeError, "keywords must be strings",
                 PyArg_ValidateKeywordArguments(V("{ii}", 1, 1)) == 0);
    CHECK_RAISES(PyExc_SystemError, NULL, PyArg_ValidateKeywordArguments(V("[]")) == 0);
    done();
}

TEST_MAIN(by_position_and_name, missing_and_unknown, keyword_only, positional_only, wrong_types,
          bad_use, va_parse, validate)
