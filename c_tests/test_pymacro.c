/* NEEDS 3.15 */
/* pymacro.h and object.h: functions that a macro hides from C. */
#include "expect.h"

#undef Py_PACK_FULL_VERSION
#undef Py_PACK_VERSION
#undef Py_SET_SIZE
#ifdef __cplusplus
extern "C" {
#endif
uint32_t Py_PACK_FULL_VERSION(int, int, int, int, int);
uint32_t Py_PACK_VERSION(int, int);
void Py_SET_SIZE(PyVarObject *, Py_ssize_t);
#ifdef __cplusplus
}
#endif

TEST(versions)
{
    CHECK(Py_PACK_VERSION(3, 15) == 0x030f0000);
    CHECK(Py_PACK_FULL_VERSION(3, 15, 2, 0xf, 0) == 0x030f02f0);
    CHECK(Py_PACK_FULL_VERSION(-1, 256, 300, 0x1f, 0x12) == 0xff002cf2);
    done();
}

TEST(sizes)
{
    PyObject *list = V("[iii]", 1, 2, 3);
    Py_SET_SIZE((PyVarObject *)list, 2);
    CHECK(PyList_Size(list) == 2 && shows(list, "[1, 2]"));
    Py_SET_SIZE((PyVarObject *)list, 3);
    CHECK(shows(list, "[1, 2, 3]"));
    done();
}

TEST_MAIN(versions, sizes)
