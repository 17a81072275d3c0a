/* Cases that a small generator makes, for what parses.
 *
 * A test of such a file is one kind of case; `cases(make)` calls `make` for each, which makes one by `below` and its kin,
 * evaluates it and tells by `say` what it was and what came of it. What they said is hashed, and for every 50 cases the
 * hash is printed: so the runner compares all of it with what CPython 3.15 said. A case depends on its seed, its test's
 * name and its number alone.
 *
 *     SEED=7 CASES=100000 ./test_modsupport_random       other cases, more of them
 *     VERBOSE=1 ./test_modsupport_random parse_tuple     each in full, to be compared with what another runtime says
 *     VERBOSE=1 FIRST=1234 CASES=1 …                     this one again
 *
 * Arguments behind `...` are chosen after the format is made, by reading it as the function will. Formats lie in rooms
 * full of zeros, since CPython steps over the end of some that are wrong.
 */
#ifndef RANDOM_H
#define RANDOM_H

#include "../expect.h"

#include <ctype.h>
#include <dlfcn.h>
#include <math.h>
#include <stdarg.h>

static uint64_t random_state;

/* splitmix64. */
static uint64_t random64(void)
{
    uint64_t z = (random_state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static inline unsigned below(unsigned n)
{
    return (unsigned)(random64() >> 33) % n;
}

static inline bool one_in(unsigned n)
{
    return below(n) == 0;
}

#define PICK(array) ((array)[below((unsigned)(sizeof(array) / sizeof *(array)))])

/* What the case says. */
static char said[1 << 16];
static size_t said_len;

__attribute__((format(printf, 1, 2))) static inline void say(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int n = vsnprintf(said + said_len, sizeof said - said_len, format, list);
    va_end(list);
    if (n > 0) said_len += (size_t)n;
    if (said_len >= sizeof said) said_len = sizeof said - 1;
}

static inline void say_bytes(const char *bytes, size_t n)
{
    say("\"");
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c < ' ' || c > '~' || c == '"' || c == '\\') say("\\x%02x", c);
        else say("%c", c);
    }
    say("\"");
}

static inline void say_text(const char *text)
{
    say_bytes(text, strlen(text));
}

/* ascii() of a new reference, which is given back, without addresses. */
static inline void say_owned(PyObject *object)
{
    PyObject *ascii = object == NULL ? NULL : PyObject_ASCII(object);
    PyObject *bytes = ascii == NULL ? NULL : PyUnicode_AsUTF8String(ascii);
    const char *text = bytes == NULL ? "(no text)" : PyBytes_AsString(bytes), *address;
    for (; (address = strstr(text, " at 0x")) != NULL; text = address + strspn(address, " at0123456789xbcdef"))
        say("%.*s", (int)(address - text), text);
    say("%s", text);
    if (bytes == NULL) PyErr_Clear();
    Py_XDECREF(bytes);
    Py_XDECREF(ascii);
    Py_XDECREF(object);
}

static inline void say_object(PyObject *borrowed)
{
    Py_INCREF(borrowed);
    say_owned(borrowed);
}

/* The exception's type and text; it is cleared. */
static inline void say_raised(void)
{
    PyObject *raised = test_take_raised();
    if (raised == NULL) {
        say("nothing raised");
        return;
    }
    PyObject *name = PyObject_GetAttrString((PyObject *)Py_TYPE(raised), "__name__");
    say_owned(name);
    say(": ");
    say_owned(PyObject_Str(raised));
    Py_DECREF(raised);
}

/* What a call made, which is given back, or what it raised. */
static inline void say_result(PyObject *made)
{
    if (made == NULL) say_raised();
    else say_owned(made);
}

static inline uint64_t hash_of(uint64_t hash, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001B3u; /* FNV-1a */
    return hash;
}

static inline long setting(const char *name, long usual)
{
    const char *value = getenv(name);
    return value == NULL ? usual : strtol(value, NULL, 10);
}

#define NO_HASH 0xCBF29CE484222325u
#define AT_ONCE 50

static inline void cases(void (*make)(void))
{
    long first = setting("FIRST", 0), n = setting("CASES", getenv("SLOW") != NULL ? 300 : 4000);
    uint64_t seed = (uint64_t)setting("SEED", 1) * 0x9E3779B97F4A7C15u ^ hash_of(NO_HASH, test_name, strlen(test_name));
    uint64_t hash = NO_HASH;
    for (long i = first; i < first + n; i++) {
        random_state = seed + (uint64_t)i * 0xD1342543DE82EF95u;
        said_len = 0;
        make();
        if (PyErr_Occurred()) {
            say(" left behind ");
            say_raised();
        }
        hash = hash_of(hash, said, said_len);
        if (getenv("VERBOSE") != NULL) printf("%s %ld %.*s\n", test_name, i, (int)said_len, said);
        else if ((i + 1) % AT_ONCE == 0) {
            printf("  %ld %016llx\n", i + 1 - AT_ONCE, (unsigned long long)hash);
            hash = NO_HASH;
        }
    }
}

/* The objects of a case, each a reference of ours, and how often it is referred to before the call. */
#define OBJECTS_MAX 256
static PyObject *objects[OBJECTS_MAX];
static Py_ssize_t counts[OBJECTS_MAX];
static int n_objects;

/* Takes a new reference over until the end of the case. */
static inline PyObject *made(PyObject *owned)
{
    if (owned == NULL || n_objects == OBJECTS_MAX) {
        fprintf(stderr, "%s: a value cannot be made\n", test_name);
        if (owned == NULL) PyErr_Print();
        abort();
    }
    objects[n_objects++] = owned;
    return owned;
}

/* Whether the object is immortal, by what the runtime says where it can be asked, else by the count. */
static inline int lasts(PyObject *object)
{
    static int (*ask)(PyObject *);
    static int looked_for;
    if (!looked_for) {
        void *address = dlsym(dlopen(NULL, RTLD_NOW), "PyUnstable_IsImmortal");
        memcpy(&ask, &address, sizeof ask);
        looked_for = 1;
    }
    return ask != NULL ? ask(object) : Py_REFCNT(object) >= 1 << 20;
}

/* How many more references there are than before the call. None of what is immortal: not all code leaves it alone. */
static inline Py_ssize_t surplus(int i)
{
    return lasts(objects[i]) ? 0 : Py_REFCNT(objects[i]) - counts[i];
}

static inline void count_references(void)
{
    for (int i = 0; i < n_objects; i++) counts[i] = Py_REFCNT(objects[i]);
}

/* Says which objects have more or fewer references than before the call. */
static inline void say_references(void)
{
    for (int i = 0; i < n_objects; i++) {
        if (surplus(i) != 0) say(" (%+ld on #%d)", (long)surplus(i), i);
    }
}

static inline void drop_objects(void)
{
    while (n_objects > 0) Py_DECREF(objects[--n_objects]);
}

/* A format, with room to go beyond its end. */
#define FORMAT_MAX 256
static char format[FORMAT_MAX + 64];
static size_t format_len;

static inline void begin_format(void)
{
    memset(format, 0, sizeof format);
    format_len = 0;
}

static inline void add_char(char c)
{
    if (format_len < FORMAT_MAX) format[format_len++] = c;
}

static inline void add_text(const char *text)
{
    while (*text != '\0') add_char(*text++);
}

/* Changes the format in one place, by characters of `alphabet`. */
static inline void mutate(const char *alphabet)
{
    size_t at = below((unsigned)format_len + 1);
    char c = alphabet[below((unsigned)strlen(alphabet))];
    switch (below(5)) {
    case 0:
    case 1:
        if (format_len >= FORMAT_MAX) return;
        memmove(format + at + 1, format + at, format_len - at);
        format[at] = c;
        format_len++;
        return;
    case 2:
        if (at == format_len) return;
        memmove(format + at, format + at + 1, format_len - at);
        format_len--;
        return;
    case 3:
        if (at < format_len) format[at] = c;
        return;
    default:
        if (at + 1 >= format_len) return;
        c = format[at];
        format[at] = format[at + 1];
        format[at + 1] = c;
    }
}

/* Arguments of several types behind `...`: those of integers and pointers, a word each, and then doubles. Where both kinds
 * are passed in registers of their own and a word is 8 bytes, a function that reads them one by one finds each in its
 * order, whatever stands between: so says the ABI of x86-64 and of 64-bit ARM, but not C. */
#if (defined(__x86_64__) || defined(__aarch64__)) && !defined(__APPLE__)
#  define WORDS_ARE_APART 1
#else
#  define WORDS_ARE_APART 0
#endif

#define WORDS_MAX 20
#define DOUBLES_MAX 8
static uint64_t words[WORDS_MAX];
static double doubles_passed[DOUBLES_MAX];
static int n_words, n_doubles;
/* The format asks for more than fits. */
static bool is_too_much;

static inline void begin_words(void)
{
    memset(words, 0, sizeof words);
    memset(doubles_passed, 0, sizeof doubles_passed);
    n_words = n_doubles = 0;
    is_too_much = false;
}

static inline void pass_word(uint64_t word)
{
    if (n_words == WORDS_MAX) is_too_much = true;
    else words[n_words++] = word;
}

static inline void pass_pointer(const void *pointer)
{
    pass_word((uint64_t)(uintptr_t)pointer);
}

static inline void pass_double(double value)
{
    if (n_doubles == DOUBLES_MAX) is_too_much = true;
    else doubles_passed[n_doubles++] = value;
}

#define W(i) words[i]
#define ALL_WORDS                                                                                                       \
    W(0), W(1), W(2), W(3), W(4), W(5), W(6), W(7), W(8), W(9), W(10), W(11), W(12), W(13), W(14), W(15), W(16), W(17), \
        W(18), W(19)
#define D(i) doubles_passed[i]
#define ALL_DOUBLES D(0), D(1), D(2), D(3), D(4), D(5), D(6), D(7)

/* Values. */

typedef struct {
    const char *text;
    size_t len;
} Literal;
#define LITERAL(text) {text, sizeof(text) - 1}

static const Literal texts[] = {
    LITERAL(""), LITERAL("x"), LITERAL("abc"), LITERAL("a\0b"), LITERAL("\0"), LITERAL("\xc3\xa9"),
    LITERAL("na\xc3\xafve"), LITERAL("\xe2\x82\xac"), LITERAL("\xf0\x9f\x98\x80"), LITERAL("a\xf0\x9f\x98\x80z"),
    LITERAL("\xed\xa0\x80"), LITERAL("x\xed\xbf\xbf"), LITERAL("it's"), LITERAL("\"'\n"),
    LITERAL("a text that is somewhat longer than the others"), LITERAL("%d {} \\"),
};

static const Literal byte_strings[] = {
    LITERAL(""), LITERAL("x"), LITERAL("raw"), LITERAL("r\0w"), LITERAL("\xff"), LITERAL("\xc3\xa9"),
    LITERAL("a\xe2\x82"), LITERAL("\xed\xa0\x80"), LITERAL("bytes that are somewhat longer than the others"),
};

static inline PyObject *same(PyObject *object)
{
    Py_INCREF(object);
    return object;
}

static inline PyObject *some_text(void)
{
    Literal text = PICK(texts);
    return PyUnicode_DecodeUTF8(text.text, (Py_ssize_t)text.len, "surrogatepass");
}

static inline PyObject *some_bytes(void)
{
    Literal bytes = PICK(byte_strings);
    return PyBytes_FromStringAndSize(bytes.text, (Py_ssize_t)bytes.len);
}

static inline PyObject *some_bytearray(void)
{
    Literal bytes = PICK(byte_strings);
    return PyByteArray_FromStringAndSize(bytes.text, (Py_ssize_t)bytes.len);
}

/* At the borders of C's types. */
static inline int64_t some_integer(void)
{
    static const int bits[] = {0, 1, 7, 8, 15, 16, 21, 31, 32, 62, 63};
    if (one_in(3)) return (int64_t)below(300) - 20;
    uint64_t value = ((uint64_t)1 << PICK(bits)) + below(3) - 1;
    return (int64_t)(one_in(2) ? value : 0 - value);
}

static inline PyObject *some_int(void)
{
    static const char *const large[] = {
        "8000000000000000", "7fffffffffffffff", "-8000000000000000", "-8000000000000001", "ffffffffffffffff",
        "10000000000000000", "-10000000000000000", "123456789abcdef0123456789abcdef", "-fffffffffffffffffffffffffff",
    };
    return one_in(4) ? PyLong_FromString(PICK(large), NULL, 16) : PyLong_FromLongLong(some_integer());
}

static const double doubles[] = {0.0, -0.0, 1.0, 1.5, -2.25, 1e300, -1e-310, 3.4028235e38, 1e39, 0.1, 123456789.0};

static inline double some_double(void)
{
    return one_in(10) ? (one_in(2) ? HUGE_VAL : -HUGE_VAL) : PICK(doubles);
}

#endif
