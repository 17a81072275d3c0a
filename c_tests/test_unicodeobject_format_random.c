/* unicodeobject.h, bytesobject.h, pyerrors.h and pyport.h: what writes text by a format, on formats and values that a
 * generator makes: `random.h` says how.
 *
 * Not gone into: NULL where CPython asks no such question, a negative precision of objects, which crashes it, and widths
 * that would take gigabytes. `PyOS_snprintf` is the C
 * library's, so its formats are those that C defines. */
#include "random.h"

#include <wchar.h>

static const wchar_t *const wide_texts[] = {L"", L"w", L"wide", L"\u20ac", L"\U0001f600!", L"a\u00e9", L"\xd800z"};

/* A type, made at run time in a module and in none, or built in. */
static PyObject *a_type(void)
{
    static const char *const modules[] = {"tests", "builtins", "__main__", "a.b", ""};
    if (one_in(3)) return same(one_in(2) ? (PyObject *)&PyLong_Type : PyExc_UnicodeDecodeError);
    return PyObject_CallFunction((PyObject *)&PyType_Type, "s(O){ss}", one_in(2) ? "X" : "Klasse\xc3\x84",
                                 (PyObject *)&PyList_Type, "__module__", PICK(modules));
}

/* An object whose texts are refused, or none. */

static int refusal;

static PyObject *text_of(PyObject *self)
{
    (void)self;
    switch (refusal) {
    case 0: return PyLong_FromLong(1);
    case 1: return PyUnicode_FromString("na\xc3\xafve");
    default: return PyErr_Format(PyExc_ZeroDivisionError, "no %s", "text"), (PyObject *)NULL;
    }
}

static PyObject *refusing(void)
{
    static PyType_Slot slots[] = {{Py_tp_str, FUNC(text_of)}, {Py_tp_repr, FUNC(text_of)}, {0, NULL}};
    static PyType_Spec spec = {"tests.Refusing", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT, slots};
    static PyObject *type;
    if (type == NULL) type = PyType_FromSpec(&spec);
    return PyObject_CallObject(type, NULL);
}

static PyObject *an_object(void)
{
    PyObject *type;
    switch (below(10)) {
    case 9: return refusing();
    case 0: return some_int();
    case 1: return some_bytes();
    case 2: return some_text();
    case 3: return PyFloat_FromDouble(some_double());
    case 4: return Py_BuildValue("[si]", "in a list", 1);
    case 5: return a_type();
    case 6:
        type = a_type();
        if (PyType_IsSubtype((PyTypeObject *)type, &PyList_Type)) {
            PyObject *instance = PyObject_CallObject(type, NULL);
            Py_DECREF(type);
            return instance;
        }
        return type;
    default: return some_text();
    }
}

static const char *a_c_string(void)
{
    return one_in(3) ? PICK(byte_strings).text : PICK(texts).text;
}

static void pass_int(void)
{
    pass_word((uint64_t)(int64_t)(int32_t)some_integer());
}

/* For `*`. */
static void pass_width(void)
{
    pass_word((uint64_t)((int64_t)below(30) - 6));
}

static void pass_object(char letter)
{
    PyObject *object = letter == 'U' ? some_text() : letter == 'N' && !one_in(6) ? a_type() : an_object();
    pass_pointer(made(object));
}

/* Behind the length modifier; false if the function goes no further. */
static bool pass_converted(char letter, bool is_long, bool is_wide)
{
    switch (letter) {
    case 'd': case 'i': case 'u': case 'x': case 'X': case 'o':
        if (is_long || is_wide) pass_word((uint64_t)some_integer());
        else pass_int();
        return true;
    case 'c': pass_word(one_in(3) ? (uint64_t)(int64_t)(int32_t)some_integer() : below(0x180)); return !is_long && !is_wide;
    case 'p': pass_pointer(one_in(5) ? NULL : (void *)(uintptr_t)(0xabc0 + below(99))); return !is_long && !is_wide;
    case 's':
        pass_pointer(is_long ? (const void *)PICK(wide_texts) : (const void *)a_c_string());
        return !is_wide;
    case 'V': {
        PyObject *text = one_in(2) ? NULL : made(some_text());
        pass_pointer(text);
        pass_pointer(is_long ? (const void *)PICK(wide_texts) : (const void *)a_c_string());
        return !is_wide;
    }
    case 'U': case 'S': case 'R': case 'A': case 'T': case 'N': pass_object(letter); return !is_long && !is_wide;
    default: return false;
    }
}

/* Reads the format as PyUnicode_FromFormat does. */
static void pass_for_text(void)
{
    for (const char *f = format; *f != '\0';) {
        if (*f++ != '%') continue;
        if (*f == '%') {
            f++;
            continue;
        }
        while (*f != '\0' && strchr("-0#", *f) != NULL) f++;
        if (*f == '*') pass_width(), f++;
        while (*f >= '0' && *f <= '9') f++;
        uint64_t *precision = NULL;
        if (*f == '.') {
            f++;
            if (*f == '*') precision = &words[n_words], pass_width(), f++;
            while (*f >= '0' && *f <= '9') f++;
        }
        bool is_long = *f == 'l' && f[1] != 'l', is_wide = !is_long && *f != '\0' && strchr("lztj", *f) != NULL;
        if (is_long || is_wide) f += *f == 'l' && is_wide ? 2 : 1;
        if (precision != NULL && *f != '\0' && strchr("VUSRATN", *f) != NULL) *precision &= 15;
        if (*f == '\0' || !pass_converted(*f++, is_long, is_wide)) return;
    }
}

/* As PyBytes_FromFormat does. */
static void pass_for_bytes(void)
{
    for (const char *f = format; *f != '\0';) {
        if (*f++ != '%') continue;
        while (*f >= '0' && *f <= '9') f++;
        if (*f == '.') f++;
        while (*f >= '0' && *f <= '9') f++;
        while (*f != '\0' && *f != '%' && !isalpha((unsigned char)*f)) f++;
        bool is_wide = (*f == 'l' || *f == 'z') && (f[1] == 'd' || f[1] == 'u');
        f += is_wide;
        if (*f == '%') f++;
        else if (*f == '\0' || strchr("cdiuxsp", *f) == NULL) return;
        else pass_converted(*f++, false, is_wide);
    }
}

/* Numbers in a format stay small, or are too large for anything. */
static bool has_harmless_numbers(void)
{
    for (const char *f = format; *f != '\0'; f++) {
        size_t n = strspn(f, "0123456789");
        if (n > 2 && n < 20) return false;
        if (n > 0) f += n - 1;
    }
    return true;
}

static void conversion(const char *letters)
{
    static const char *const sizes[] = {"", "", "", "", "", "", "l", "l", "ll", "z", "t", "j", "h", "q", "L"};
    add_char('%');
    for (unsigned n = one_in(2) ? below(3) : 0; n > 0; n--) add_char("-00#-+ "[below(7)]);
    if (one_in(4)) add_char('*');
    else if (one_in(3)) add_char((char)('1' + below(9))), one_in(3) ? add_char('2') : (void)0;
    if (one_in(4)) {
        add_char('.');
        if (one_in(4)) add_char('*');
        else if (!one_in(5)) add_char((char)('0' + below(10))), one_in(9) ? add_char('0') : (void)0;
    }
    if (one_in(100)) add_text("99999999999999999999");
    add_text(PICK(sizes));
    add_char(letters[below((unsigned)strlen(letters))]);
}

/* Most often one that C defines, or no flags at all, so that there is more to it than the first conversion. */
static void choose_format(const char *letters)
{
    static const char *const literals[] = {"", "", " ", "a", "text ", "%%", "10%% of "};
    begin_format();
    for (unsigned n = below(5); n > 0; n--) {
        add_text(PICK(literals));
        if (one_in(3)) conversion(letters);
        else add_char('%'), add_char(letters[below((unsigned)strlen(letters))]);
    }
    add_text(PICK(literals));
    char before[sizeof format];
    memcpy(before, format, sizeof format);
    for (unsigned n = one_in(4) ? 1 + below(2) : 0; n > 0; n--) mutate("diuxXocspUVSRATN%.*-0#+ lzjtq1\xe9");
    if (!has_harmless_numbers()) memcpy(format, before, sizeof format);
    begin_words();
}

static void say_given(void)
{
    say_text(format);
    for (int i = 0; i < n_objects; i++) say(" "), say_object(objects[i]);
    count_references();
    say(" -> ");
}

static void finish(PyObject *result)
{
    say_result(result);
    say_references();
    drop_objects();
}

static PyObject *text_va(const char *text, ...)
{
    va_list list;
    va_start(list, text);
    PyObject *result = PyUnicode_FromFormatV(text, list);
    va_end(list);
    return result;
}

static void one_text(void)
{
    refusal = (int)below(3);
    choose_format("ddiuxXocssspUUVVSRATN%");
    pass_for_text();
    if (is_too_much || !has_harmless_numbers()) {
        drop_objects();
        return;
    }
    say_given();
    switch (below(6)) {
    case 0: finish(PyErr_Format(PyExc_KeyError, format, ALL_WORDS)); break;
    case 1: finish(PyErr_Format(PyExc_UnicodeDecodeError, format, ALL_WORDS)); break;
    case 2: finish(PyErr_Format(one_in(2) ? Py_None : (PyObject *)&PyLong_Type, format, ALL_WORDS)); break;
    case 3: finish(text_va(format, ALL_WORDS)); break;
    default: finish(PyUnicode_FromFormat(format, ALL_WORDS));
    }
}

static void one_bytes(void)
{
    choose_format("ddiuxcsssp%");
    pass_for_bytes();
    if (is_too_much || !has_harmless_numbers()) {
        drop_objects();
        return;
    }
    say_given();
    finish(PyBytes_FromFormat(format, ALL_WORDS));
}

/* A conversion that C defines, with what it takes. */
static void defined_conversion(void)
{
    static const char *const integers[] = {"d", "i", "u", "x", "X", "o", "ld", "lu", "lx", "lld", "llu", "zd", "zu", "jd", "td"};
    add_char('%');
    unsigned kind = below(6);
    if (kind == 2) {
        add_char('%');
        return;
    }
    if (one_in(3)) add_char('-');
    if (one_in(3)) add_char((char)('1' + below(9)));
    switch (kind) {
    case 0: add_char('s'), pass_pointer(a_c_string()); break;
    case 1: add_char('c'), pass_word('a' + below(26)); break;
    case 3:
        if (one_in(2)) add_char('.'), add_char((char)('0' + below(10)));
        add_char("efgG"[below(4)]);
        pass_double(some_double());
        break;
    default: {
        const char *integer = PICK(integers);
        if (one_in(3)) add_char('.'), add_char((char)('0' + below(10)));
        add_text(integer);
        if (integer[1] == '\0') pass_int();
        else pass_word((uint64_t)some_integer());
    }
    }
}

static void one_snprintf(void)
{
    char out[80];
    begin_format();
    begin_words();
    for (unsigned n = below(5); n > 0; n--) {
        defined_conversion();
        if (one_in(2)) add_text(" and ");
    }
    if (is_too_much) return;
    size_t room = 1 + below(one_in(2) ? 79 : 12);
    memset(out, '!', sizeof out);
    say_text(format);
    int n = PyOS_snprintf(out, room, format, ALL_WORDS, ALL_DOUBLES);
    say(" -> %d ", n);
    say_bytes(out, sizeof out);
}

TEST(text)
{
    NEEDS(0x030C0000); /* An older one asks for other arguments. */
    if (!WORDS_ARE_APART) SKIP("needs all arguments to be passed as words");
    cases(one_text);
}

TEST(bytes)
{
    if (!WORDS_ARE_APART) SKIP("needs all arguments to be passed as words");
    cases(one_bytes);
}

TEST(os_snprintf)
{
    if (!WORDS_ARE_APART) SKIP("needs arguments of both kinds in registers of their own");
    cases(one_snprintf);
}

TEST_MAIN(text, bytes, os_snprintf)
