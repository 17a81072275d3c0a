/* fileutils.h: between the system's text and wide characters. */
#include "expect.h"

#include <wchar.h>

/* Declared again for the older APIs that do not show them. */
#ifdef __cplusplus
extern "C" {
#endif
void PyMem_RawFree(void *);
PyAPI_FUNC(wchar_t *) Py_DecodeLocale(const char *, size_t *);
PyAPI_FUNC(char *) Py_EncodeLocale(const wchar_t *, size_t *);
#ifdef __cplusplus
}
#endif

static bool decodes(const char *text, const wchar_t *want)
{
    size_t size = 99;
    wchar_t *wide = Py_DecodeLocale(text, &size);
    bool same = wide != NULL && wcscmp(wide, want) == 0 && size == wcslen(want);
    PyMem_RawFree(wide);
    return same;
}

static bool encodes(const wchar_t *text, const char *want)
{
    size_t error = 99;
    char *bytes = Py_EncodeLocale(text, &error);
    bool same = bytes != NULL && strcmp(bytes, want) == 0 && error == (size_t)-1;
    PyMem_Free(bytes);
    return same;
}

TEST(there_and_back)
{
    static const wchar_t escaped[] = {0xe9, 0xdcff, 'x', 0};
    static const wchar_t halves[] = {0xdced, 0xdca0, 0xdc80, 0};
    CHECK(decodes("", L"") && decodes("abc", L"abc") && decodes("\xf0\x9f\x98\x80", L"\U0001f600"));
    CHECK(decodes("\xc3\xa9\xffx", escaped) && decodes("\xed\xa0\x80", halves));
    CHECK(encodes(L"", "") && encodes(L"abc", "abc") && encodes(L"\U0001f600", "\xf0\x9f\x98\x80"));
    CHECK(encodes(escaped, "\xc3\xa9\xffx") && encodes(halves, "\xed\xa0\x80"));
    wchar_t *wide = Py_DecodeLocale("no size", NULL);
    char *bytes = Py_EncodeLocale(wide, NULL);
    CHECK(strcmp(bytes, "no size") == 0);
    PyMem_RawFree(wide);
    PyMem_Free(bytes);
    done();
}

TEST(what_cannot_be_encoded)
{
    static const wchar_t surrogate[] = {'a', 'b', 0xd800, 0};
    size_t error = 99;
    CHECK(Py_EncodeLocale(surrogate, &error) == NULL && error == 2);
    CHECK(Py_EncodeLocale(surrogate, NULL) == NULL);
    done();
}

TEST_MAIN(there_and_back, what_cannot_be_encoded)
