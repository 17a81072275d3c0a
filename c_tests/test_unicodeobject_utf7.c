/* UTF-7. */
#include "expect.h"

TEST(utf7)
{
    Py_ssize_t eaten;
    CHECK(repr_is(PyUnicode_DecodeUTF7("a+IKw-b", 7, NULL), "'a\u20acb'"));
    CHECK(repr_is(PyUnicode_DecodeUTF7("+-", 2, NULL), "'+'"));
    CHECK(repr_is(PyUnicode_DecodeUTF7Stateful("a+IK", 4, NULL, &eaten), "'a'"));
    CHECK(eaten == 1);
    CHECK_RAISES(PyExc_UnicodeDecodeError,
                 "'utf7' codec can't decode byte 0xff in position 0: "
                 "unexpected special character",
                 PyUnicode_DecodeUTF7("\xff", 1, NULL) == NULL);
    done();
}

TEST_MAIN(utf7)
