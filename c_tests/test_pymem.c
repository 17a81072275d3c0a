/* pymem.h: raw memory from the interpreter. */
#include "expect.h"

static bool aligned(const void *p)
{
    return p != NULL && (uintptr_t)p % 16 == 0;
}

TEST(malloc_and_free)
{
    char *p = (char *)PyMem_Malloc(100);
    CHECK(aligned(p));
    memset(p, 1, 100);
    p = (char *)PyMem_Realloc(p, 10000);
    CHECK(aligned(p) && p[0] == 1 && p[99] == 1);
    p = (char *)PyMem_Realloc(p, 10);
    CHECK(p[9] == 1);
    PyMem_Free(p);
    PyMem_Free(NULL);
    done();
}

TEST(zero_bytes)
{
    void *a = PyMem_Malloc(0), *b = PyMem_Malloc(0);
    CHECK(a != NULL && b != NULL && a != b);
    PyMem_Free(a);
    PyMem_Free(b);
    void *c = PyMem_Realloc(NULL, 10);
    CHECK(c != NULL);
    c = PyMem_Realloc(c, 0);
    CHECK(c != NULL);
    PyMem_Free(c);
    done();
}

TEST(too_much)
{
    CHECK(PyMem_Malloc((size_t)PY_SSIZE_T_MAX + 1) == NULL);
    CHECK(PyObject_Malloc((size_t)PY_SSIZE_T_MAX + 1) == NULL);
    void *p = PyMem_Malloc(10);
    CHECK(PyMem_Realloc(p, (size_t)PY_SSIZE_T_MAX + 1) == NULL);
    PyMem_Free(p);
    CHECK(PyErr_Occurred() == NULL);
    done();
}

TEST(calloc_zeroes)
{
#if TEST_API >= 0x03070000
    for (size_t n = 1; n < 3000; n = n * 3 + 1) {
        unsigned char *p = (unsigned char *)PyMem_Calloc(n, 3);
        unsigned sum = 0;
        for (size_t i = 0; i < n * 3; i++) {
            sum += p[i];
        }
        CHECK(sum == 0);
        memset(p, 0xAA, n * 3);
        PyMem_Free(p);
    }
    CHECK(PyMem_Calloc(PY_SSIZE_T_MAX, 4) == NULL);
    void *p = PyObject_Calloc(4, 4);
    CHECK(aligned(p) && ((int *)p)[3] == 0);
    PyObject_Free(p);
    void *q = PyMem_Calloc(0, 4);
    CHECK(q != NULL);
    PyMem_Free(q);
    done();
#else
    SKIP("needs 3.7");
#endif
}

TEST(raw)
{
#if TEST_API >= 0x030D0000
    char *p = (char *)PyMem_RawMalloc(64);
    CHECK(aligned(p));
    memset(p, 7, 64);
    p = (char *)PyMem_RawRealloc(p, 4096);
    CHECK(p[63] == 7);
    PyMem_RawFree(p);
    p = (char *)PyMem_RawCalloc(8, 8);
    CHECK(p[63] == 0);
    PyMem_RawFree(p);
    PyMem_RawFree(NULL);
    CHECK(PyMem_RawMalloc((size_t)PY_SSIZE_T_MAX + 1) == NULL);
    CHECK(PyMem_RawCalloc(PY_SSIZE_T_MAX, 2) == NULL);
    done();
#else
    SKIP("needs 3.13");
#endif
}

TEST(typed_macros)
{
    long *numbers = PyMem_New(long, 10);
    CHECK(aligned(numbers));
    numbers[9] = 9;
    PyMem_Resize(numbers, long, 100);
    CHECK(numbers[9] == 9);
    PyMem_Free(numbers);
    numbers = PyMem_New(long, PY_SSIZE_T_MAX);
    CHECK(numbers == NULL);
    done();
}

TEST(objects_allocator)
{
    char *p = (char *)PyObject_Malloc(48);
    CHECK(aligned(p));
    memset(p, 3, 48);
    p = (char *)PyObject_Realloc(p, 900);
    CHECK(p[47] == 3);
    PyObject_Free(p);
    PyObject_Free(NULL);
    done();
}

TEST(many_sizes)
{
    enum { COUNT = 2000 };
    static unsigned char *blocks[COUNT];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < COUNT; i++) {
            size_t n = (size_t)(i * 37 % 1500 + 1);
            blocks[i] = (unsigned char *)PyMem_Malloc(n);
            CHECK(aligned(blocks[i]));
            memset(blocks[i], i & 255, n);
        }
        for (int i = 0; i < COUNT; i++) {
            size_t n = (size_t)(i * 37 % 1500 + 1);
            int at = i * 7919 % COUNT;
            size_t m = (size_t)(at * 37 % 1500 + 1);
            (void)n;
            CHECK(blocks[at][0] == (at & 255) && blocks[at][m - 1] == (at & 255));
            PyMem_Free(blocks[at]);
        }
    }
    done();
}

TEST_MAIN(malloc_and_free, zero_bytes, too_much, calloc_zeroes, raw, typed_macros,
          objects_allocator, many_sizes)
