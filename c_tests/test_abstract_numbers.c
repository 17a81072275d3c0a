/* abstract.h: PyNumber_*. */
#include "expect.h"

typedef PyObject *(*binary)(PyObject *, PyObject *);

typedef struct {
    binary plain, in_place;
    const char *symbol;
    const char *seven_and_two;
} Operator;

static const Operator operators[] = {
    {PyNumber_Add, PyNumber_InPlaceAdd, "+", "9"},
    {PyNumber_Subtract, PyNumber_InPlaceSubtract, "-", "5"},
    {PyNumber_Multiply, PyNumber_InPlaceMultiply, "*", "14"},
    {PyNumber_TrueDivide, PyNumber_InPlaceTrueDivide, "/", "3.5"},
    {PyNumber_FloorDivide, PyNumber_InPlaceFloorDivide, "//", "3"},
    {PyNumber_Remainder, PyNumber_InPlaceRemainder, "%", "1"},
    {PyNumber_Lshift, PyNumber_InPlaceLshift, "<<", "28"},
    {PyNumber_Rshift, PyNumber_InPlaceRshift, ">>", "1"},
    {PyNumber_And, PyNumber_InPlaceAnd, "&", "2"},
    {PyNumber_Or, PyNumber_InPlaceOr, "|", "7"},
    {PyNumber_Xor, PyNumber_InPlaceXor, "^", "5"},
    {PyNumber_MatrixMultiply, PyNumber_InPlaceMatrixMultiply, "@", NULL},
};

#define EACH_OPERATOR(op)                                                                        \
    for (const Operator *op = operators;                                                         \
         op < operators + sizeof operators / sizeof *operators; op++)

TEST(binary_operators)
{
    EACH_OPERATOR(op) {
        if (op->seven_and_two != NULL) {
            CHECK(repr_is(op->plain(L(7), L(2)), op->seven_and_two));
            CHECK(repr_is(op->in_place(L(7), L(2)), op->seven_and_two));
        }
    }
    done();
}

TEST(unsupported_operands)
{
    EACH_OPERATOR(op) {
        char message[120];
        snprintf(message, sizeof message,
                 "unsupported operand type(s) for %s: 'int' and 'NoneType'", op->symbol);
        CHECK_RAISES(PyExc_TypeError, message, op->plain(L(7), Py_None) == NULL);
        snprintf(message, sizeof message,
                 "unsupported operand type(s) for %s=: 'NoneType' and 'int'", op->symbol);
        CHECK_RAISES(PyExc_TypeError, message, op->in_place(Py_None, L(7)) == NULL);
        /* CRASHES PyNumber_Add(NULL, x), PyNumber_Add(x, NULL) */
    }
    done();
}

TEST(sequences_as_operands)
{
    CHECK(repr_is(PyNumber_Add(S("a"), S("b")), "'ab'"));
    CHECK(repr_is(PyNumber_Add(V("[i]", 1), V("[i]", 2)), "[1, 2]"));
    CHECK(repr_is(PyNumber_Multiply(S("ab"), L(2)), "'abab'"));
    CHECK(repr_is(PyNumber_Multiply(L(2), V("(i)", 1)), "(1, 1)"));
    CHECK(repr_is(PyNumber_Multiply(V("[i]", 1), L(-1)), "[]"));
    PyObject *list = V("[i]", 1);
    CHECK(is_same(PyNumber_InPlaceAdd(list, V("(i)", 2)), list));
    CHECK(is_same(PyNumber_InPlaceMultiply(list, L(2)), list));
    CHECK(shows(list, "[1, 2, 1, 2]"));
    CHECK_RAISES(PyExc_TypeError, "can't multiply sequence by non-int of type 'float'",
                 PyNumber_Multiply(S("a"), F(2)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "can only concatenate str (not \"int\") to str",
                 PyNumber_Add(S("a"), L(1)) == NULL);
    CHECK_RAISES(PyExc_OverflowError, "cannot fit 'int' into an index-sized integer",
                 PyNumber_Multiply(S("a"), keep(PyNumber_Lshift(L(1), L(100)))) == NULL);
    CHECK_RAISES(PyExc_MemoryError, "", PyNumber_Multiply(V("[ii]", 1, 2), L(PY_SSIZE_T_MAX)) == NULL);
    done();
}

TEST(unary_operators)
{
    CHECK(repr_is(PyNumber_Negative(L(5)), "-5") && repr_is(PyNumber_Positive(L(5)), "5"));
    CHECK(repr_is(PyNumber_Absolute(L(-5)), "5") && repr_is(PyNumber_Invert(L(5)), "-6"));
    CHECK(repr_is(PyNumber_Negative(F(1.5)), "-1.5") && repr_is(PyNumber_Absolute(F(-1.5)), "1.5"));
    CHECK_RAISES(PyExc_TypeError, "bad operand type for unary -: 'str'",
                 PyNumber_Negative(S("x")) == NULL);
    CHECK_RAISES(PyExc_TypeError, "bad operand type for unary +: 'str'",
                 PyNumber_Positive(S("x")) == NULL);
    CHECK_RAISES(PyExc_TypeError, "bad operand type for unary ~: 'float'",
                 PyNumber_Invert(F(1)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "bad operand type for abs(): 'str'",
                 PyNumber_Absolute(S("x")) == NULL);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine",
                 PyNumber_Negative(NULL) == NULL);
    done();
}

TEST(division)
{
    CHECK(repr_is(PyNumber_Divmod(L(-7), L(2)), "(-4, 1)"));
    CHECK(repr_is(PyNumber_Divmod(F(7.5), L(2)), "(3.0, 1.5)"));
    CHECK(repr_is(PyNumber_FloorDivide(L(-7), L(2)), "-4"));
    CHECK(repr_is(PyNumber_Remainder(L(-7), L(2)), "1"));
    CHECK(repr_is(PyNumber_Remainder(F(-1), F(3)), "2.0"));
    CHECK_RAISES(PyExc_ZeroDivisionError, "division by zero", PyNumber_Divmod(L(1), L(0)) == NULL);
    CHECK_RAISES(PyExc_ZeroDivisionError, "division by zero", PyNumber_TrueDivide(L(1), L(0)) == NULL);
    CHECK_RAISES(PyExc_ZeroDivisionError, "division by zero", PyNumber_TrueDivide(F(1), F(0)) == NULL);
    CHECK_RAISES(PyExc_TypeError, "unsupported operand type(s) for divmod(): 'int' and 'str'",
                 PyNumber_Divmod(L(1), S("x")) == NULL);
    done();
}

TEST(power)
{
    CHECK(repr_is(PyNumber_Power(L(2), L(100), Py_None), "1267650600228229401496703205376"));
    CHECK(repr_is(PyNumber_Power(L(2), L(-1), Py_None), "0.5"));
    CHECK(repr_is(PyNumber_Power(L(3), L(200), L(13)), "9"));
    CHECK(repr_is(PyNumber_Power(L(3), L(-1), L(11)), "4"));
    CHECK(repr_is(PyNumber_InPlacePower(L(2), L(10), Py_None), "1024"));
    CHECK(repr_is(PyNumber_Power(F(4), F(0.5), Py_None), "2.0"));
    CHECK_RAISES(PyExc_ValueError, "pow() 3rd argument cannot be 0",
                 PyNumber_Power(L(2), L(2), L(0)) == NULL);
    CHECK_RAISES(PyExc_ValueError, "base is not invertible for the given modulus",
                 PyNumber_Power(L(2), L(-1), L(4)) == NULL);
    CHECK_RAISES(PyExc_ZeroDivisionError, "zero to a negative power",
                 PyNumber_Power(L(0), L(-1), Py_None) == NULL);
    CHECK_RAISES(PyExc_TypeError, "unsupported operand type(s) for ** or pow(): 'int' and 'str'",
                 PyNumber_Power(L(2), S("x"), Py_None) == NULL);
    CHECK_RAISES(PyExc_TypeError,
                 "unsupported operand type(s) for ** or pow(): 'int', 'int', 'str'",
                 PyNumber_Power(L(2), L(2), S("x")) == NULL);
    CHECK_RAISES(PyExc_TypeError, "unsupported operand type(s) for **=: 'str' and 'int'",
                 PyNumber_InPlacePower(S("x"), L(2), Py_None) == NULL);
    CHECK_RAISES(PyExc_TypeError, "pow() 3rd argument not allowed unless all arguments are integers",
                 PyNumber_Power(F(2), F(2), F(2)) == NULL);
    done();
}

TEST(shifts)
{
    CHECK(repr_is(PyNumber_Lshift(L(1), L(70)), "1180591620717411303424"));
    CHECK(repr_is(PyNumber_Rshift(L(-1), L(70)), "-1"));
    CHECK_RAISES(PyExc_ValueError, "negative shift count", PyNumber_Lshift(L(1), L(-1)) == NULL);
    CHECK_RAISES(PyExc_ValueError, "negative shift count", PyNumber_Rshift(L(1), L(-1)) == NULL);
    done();
}

TEST(conversions)
{
    CHECK(repr_is(PyNumber_Long(F(3.9)), "3") && repr_is(PyNumber_Long(S(" 0012 ")), "12"));
    CHECK(repr_is(PyNumber_Long(B("12")), "12") && repr_is(PyNumber_Float(S("1.5")), "1.5"));
    CHECK(repr_is(PyNumber_Float(L(2)), "2.0") && repr_is(PyNumber_Index(L(5)), "5"));
    CHECK_RAISES(PyExc_TypeError,
                 "int() argument must be a string, a bytes-like object or a real number, not 'list'",
                 PyNumber_Long(V("[]")) == NULL);
    CHECK_RAISES(PyExc_ValueError, "invalid literal for int() with base 10: 'x'",
                 PyNumber_Long(S("x")) == NULL);
    CHECK_RAISES(PyExc_TypeError, "float() argument must be a string or a real number, not 'list'",
                 PyNumber_Float(V("[]")) == NULL);
    CHECK_RAISES(PyExc_TypeError, "'float' object cannot be interpreted as an integer",
                 PyNumber_Index(F(1)) == NULL);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine", PyNumber_Long(NULL) == NULL);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine", PyNumber_Float(NULL) == NULL);
    CHECK_RAISES(PyExc_SystemError, "null argument to internal routine", PyNumber_Index(NULL) == NULL);
    done();
}

TEST(as_ssize_t)
{
    PyObject *huge = keep(PyNumber_Lshift(L(1), L(100)));
    CHECK(PyNumber_AsSsize_t(L(-5), NULL) == -5);
    CHECK(PyNumber_AsSsize_t(huge, NULL) == PY_SSIZE_T_MAX);
    CHECK(PyNumber_AsSsize_t(keep(PyNumber_Negative(huge)), NULL) == PY_SSIZE_T_MIN);
    CHECK_RAISES(PyExc_IndexError, "cannot fit 'int' into an index-sized integer",
                 PyNumber_AsSsize_t(huge, PyExc_IndexError) == -1);
    CHECK_RAISES(PyExc_TypeError, "'str' object cannot be interpreted as an integer",
                 PyNumber_AsSsize_t(S("x"), NULL) == -1);
    done();
}

TEST(to_base)
{
    CHECK(text_is(PyNumber_ToBase(L(-255), 2), "-0b11111111"));
    CHECK(text_is(PyNumber_ToBase(L(255), 8), "0o377") && text_is(PyNumber_ToBase(L(255), 10), "255"));
    CHECK(text_is(PyNumber_ToBase(L(255), 16), "0xff") && text_is(PyNumber_ToBase(Py_True, 16), "0x1"));
    CHECK_RAISES(PyExc_SystemError, "PyNumber_ToBase: base must be 2, 8, 10 or 16",
                 PyNumber_ToBase(L(1), 3) == NULL);
    CHECK_RAISES(PyExc_TypeError, "'float' object cannot be interpreted as an integer",
                 PyNumber_ToBase(F(1), 2) == NULL);
    done();
}

TEST(checks)
{
    CHECK(PyNumber_Check(L(1)) && PyNumber_Check(F(1)) && !PyNumber_Check(S("1")));
    CHECK(!PyNumber_Check(NULL) && !PyNumber_Check(V("[]")));
#if TEST_API >= 0x03080000
    CHECK(PyIndex_Check(L(1)) && PyIndex_Check(Py_True) && !PyIndex_Check(F(1)));
#endif
    done();
}

TEST_MAIN(binary_operators, unsupported_operands, sequences_as_operands, unary_operators, division,
          power, shifts, conversions, as_ssize_t, to_base, checks)
