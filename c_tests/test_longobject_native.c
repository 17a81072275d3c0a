/* longobject.h: fixed widths, native bytes, and the digits of an int (3.13 up). */
#include "expect.h"

#include <limits.h>

#if TEST_API >= 0x030F0000

static PyObject *shifted(long long n, int bits)
{
    return keep(PyNumber_Lshift(L(n), L(bits)));
}

TEST(as_int)
{
    CHECK(PyLong_AsInt(L(INT_MIN)) == INT_MIN);
    CHECK_RAISES(PyExc_OverflowError, "Python int too large to convert to C int",
                 PyLong_AsInt(L(INT_MAX + 1LL)) == -1);
    CHECK_RAISES(PyExc_TypeError, "'str' object cannot be interpreted as an integer",
                 PyLong_AsInt(S("")) == -1);
    done();
}

TEST(fixed_widths)
{
    int32_t i32 = 1;
    uint32_t u32 = 1;
    int64_t i64 = 1;
    uint64_t u64 = 1;
    CHECK(repr_is(PyLong_FromInt32(INT32_MIN), "-2147483648"));
    CHECK(repr_is(PyLong_FromUInt32(UINT32_MAX), "4294967295"));
    CHECK(repr_is(PyLong_FromInt64(INT64_MIN), "-9223372036854775808"));
    CHECK(repr_is(PyLong_FromUInt64(UINT64_MAX), "18446744073709551615"));
    CHECK(PyLong_AsInt32(L(INT32_MIN), &i32) == 0 && i32 == INT32_MIN);
    CHECK(PyLong_AsUInt32(L(UINT32_MAX), &u32) == 0 && u32 == UINT32_MAX);
    CHECK(PyLong_AsInt64(L(INT64_MIN), &i64) == 0 && i64 == INT64_MIN);
    CHECK(PyLong_AsUInt64(keep(PyLong_FromUInt64(UINT64_MAX)), &u64) == 0
          && u64 == UINT64_MAX);
    CHECK_RAISES(PyExc_OverflowError, "Python int too large to convert to C int32_t",
                 PyLong_AsInt32(L(2147483648LL), &i32) == -1);
    CHECK_RAISES(PyExc_OverflowError, "Python int too large to convert to C uint32_t",
                 PyLong_AsUInt32(L(4294967296LL), &u32) == -1);
    CHECK_RAISES(PyExc_ValueError, "Cannot convert negative int",
                 PyLong_AsUInt32(L(-1), &u32) == -1);
    CHECK_RAISES(PyExc_OverflowError, "Python int too large to convert to C int64_t",
                 PyLong_AsInt64(shifted(1, 63), &i64) == -1);
    CHECK_RAISES(PyExc_OverflowError, "Python int too large to convert to C uint64_t",
                 PyLong_AsUInt64(shifted(1, 64), &u64) == -1);
    CHECK_RAISES(PyExc_ValueError, "Cannot convert negative int",
                 PyLong_AsUInt64(L(-1), &u64) == -1);
    CHECK_RAISES(PyExc_TypeError, "'str' object cannot be interpreted as an integer",
                 PyLong_AsInt64(S(""), &i64) == -1);
    CHECK(i32 == INT32_MIN && i64 == INT64_MIN && u64 == UINT64_MAX);
    done();
}

TEST(as_native_bytes)
{
    unsigned char out[10];
    CHECK(PyLong_AsNativeBytes(L(0x0102), out, 2, Py_ASNATIVEBYTES_BIG_ENDIAN) == 2
          && out[0] == 1 && out[1] == 2);
    CHECK(PyLong_AsNativeBytes(L(0x0102), out, 2, Py_ASNATIVEBYTES_LITTLE_ENDIAN) == 2
          && out[0] == 2 && out[1] == 1);
    CHECK(PyLong_AsNativeBytes(L(-2), out, 10, Py_ASNATIVEBYTES_BIG_ENDIAN) == 8);
    CHECK(out[0] == 0xFF && out[8] == 0xFF && out[9] == 0xFE);
    CHECK(PyLong_AsNativeBytes(L(255), out, 1, -1) == 1 && out[0] == 255);
    CHECK(PyLong_AsNativeBytes(L(255), out, 1, Py_ASNATIVEBYTES_NATIVE_ENDIAN) == 2);
    CHECK(PyLong_AsNativeBytes(L(255), out, 1,
                               Py_ASNATIVEBYTES_NATIVE_ENDIAN
                                   | Py_ASNATIVEBYTES_UNSIGNED_BUFFER) == 1);
    CHECK(PyLong_AsNativeBytes(L(0), NULL, 0, -1) > 0);
    CHECK(PyLong_AsNativeBytes(shifted(1, 100), NULL, 0, -1) == 13);
    CHECK(PyLong_AsNativeBytes(shifted(1, 100), out, 2, -1) == 13);
    CHECK(out[0] == 0 && out[1] == 0);
    CHECK_RAISES(PyExc_ValueError, "Cannot convert negative int",
                 PyLong_AsNativeBytes(L(-1), out, 8,
                                      Py_ASNATIVEBYTES_NATIVE_ENDIAN
                                          | Py_ASNATIVEBYTES_REJECT_NEGATIVE) == -1);
    CHECK_RAISES(PyExc_TypeError, "expect int, got float",
                 PyLong_AsNativeBytes(F(1), out, 8, -1) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyLong_AsNativeBytes(L(1), out, -1, -1) == -1);
    CHECK_RAISES(PyExc_SystemError, NULL, PyLong_AsNativeBytes(NULL, out, 8, -1) == -1);
    done();
}

TEST(from_native_bytes)
{
    const unsigned char bytes[] = {0xFF, 0xFE};
    CHECK(repr_is(PyLong_FromNativeBytes(bytes, 2, Py_ASNATIVEBYTES_BIG_ENDIAN), "-2"));
    CHECK(repr_is(PyLong_FromNativeBytes(bytes, 2, Py_ASNATIVEBYTES_LITTLE_ENDIAN),
                  "-257"));
    CHECK(repr_is(PyLong_FromNativeBytes(bytes, 2,
                                         Py_ASNATIVEBYTES_BIG_ENDIAN
                                             | Py_ASNATIVEBYTES_UNSIGNED_BUFFER),
                  "65534"));
    CHECK(repr_is(PyLong_FromUnsignedNativeBytes(bytes, 2, Py_ASNATIVEBYTES_BIG_ENDIAN),
                  "65534"));
    CHECK(repr_is(PyLong_FromUnsignedNativeBytes(bytes, 0, -1), "0"));
    CHECK_RAISES(PyExc_SystemError, NULL, PyLong_FromNativeBytes(NULL, 2, -1) == NULL);
    done();
}

TEST(layout)
{
    const PyLongLayout *layout = PyLong_GetNativeLayout();
    CHECK(layout->bits_per_digit == 30);
    CHECK(layout->digit_size == 4);
    CHECK(layout->digits_order == -1);
    CHECK(layout->digit_endianness == -1);
    done();
}

TEST(export_digits)
{
    PyLongExport out;
    CHECK(PyLong_Export(L(-5), &out) == 0);
    CHECK(out.value == -5 && out.digits == NULL);
    PyLong_FreeExport(&out);
    PyObject *value = keep(PyNumber_Negative(keep(PyNumber_Add(shifted(3, 90), L(7)))));
    CHECK(PyLong_Export(value, &out) == 0);
    const uint32_t *digits = (const uint32_t *)out.digits;
    CHECK(out.negative == 1 && out.ndigits == 4);
    CHECK(digits[0] == 7 && digits[1] == 0 && digits[2] == 0 && digits[3] == 3);
    PyLong_FreeExport(&out);
    PyLong_FreeExport(&out);
    CHECK_RAISES(PyExc_TypeError, "expect int, got str", PyLong_Export(S(""), &out) == -1);
    done();
}

TEST(writer)
{
    void *digits;
    PyLongWriter *writer = PyLongWriter_Create(1, 3, &digits);
    ((uint32_t *)digits)[0] = 7;
    ((uint32_t *)digits)[1] = 0;
    ((uint32_t *)digits)[2] = 1;
    CHECK(repr_is(PyLongWriter_Finish(writer), "-1152921504606846983"));
    writer = PyLongWriter_Create(0, 3, &digits);
    memset(digits, 0, 12);
    ((uint32_t *)digits)[0] = 7;
    CHECK(is_same(PyLongWriter_Finish(writer), L(7)));
    writer = PyLongWriter_Create(0, 1, &digits);
    PyLongWriter_Discard(writer);
    PyLongWriter_Discard(NULL);
    CHECK_RAISES(PyExc_ValueError, "ndigits must be positive",
                 PyLongWriter_Create(0, 0, &digits) == NULL);
    done();
}

TEST_MAIN(as_int, fixed_widths, as_native_bytes, from_native_bytes, layout,
          export_digits, writer)

#else

TEST(newer_api)
{
    SKIP("needs the limited API of 3.15");
}

TEST_MAIN(newer_api)

#endif
