/* modsupport.h: Py_BuildValue, and the calls that take arguments so, on formats and values that a generator makes:
 * `random.h` says how.
 *
 * Not gone into: Py_complex, strings and converters at NULL where CPython asks no such question. */
#include "random.h"

#include <wchar.h>

static const wchar_t *const wide_texts[] = {L"", L"w", L"wide", L"\u20ac", L"\U0001f600!", L"a\u00e9"};

static PyObject *convert(void *address)
{
    return PyLong_FromLong(*(int *)address * 2);
}

static PyObject *refuse(void *address)
{
    (void)address;
    PyErr_SetString(PyExc_KeyError, "no");
    return NULL;
}

static int converted = 21;

/* What an object is asked for with: a new one, or one from before, so that it may be referred to twice. */
static PyObject *an_object(void)
{
    if (n_objects > 0 && one_in(4)) return objects[below((unsigned)n_objects)];
    switch (below(6)) {
    case 0: return made(PyList_New(0));
    case 1: return made(PyTuple_New(0));
    case 2: return made(PyDict_New());
    case 3: return made(some_bytearray());
    case 4: return made(some_text());
    default: return made(some_int());
    }
}

/* References that were given away. */
static PyObject *given_away[WORDS_MAX];
static int n_given_away;

static void pass_object(char letter)
{
    PyObject *object = one_in(25) ? NULL : an_object();
    if (letter == 'N' && object != NULL) given_away[n_given_away++] = object;
    pass_pointer(object);
}

static void pass_maker(void)
{
    pass_pointer(one_in(12) ? FUNC(refuse) : FUNC(convert));
    pass_pointer(&converted);
}

/* Text, or NULL, and how much of it. */
static void pass_text(bool has_length)
{
    Literal text = PICK(texts);
    if (one_in(6)) text = PICK(byte_strings);
    bool is_null = one_in(12);
    pass_pointer(is_null ? NULL : text.text);
    if (has_length) pass_word((uint64_t)(one_in(8) ? -1 : (int64_t)below((unsigned)text.len + 1)));
}

static void pass_wide(bool has_length)
{
    const wchar_t *text = PICK(wide_texts);
    pass_pointer(one_in(12) ? NULL : text);
    if (has_length) pass_word((uint64_t)(one_in(8) ? -1 : (int64_t)below((unsigned)wcslen(text) + 1)));
}

/* Reads the format as the function does, whatever fails on the way, and chooses what is behind it. */
static void pass_all(void)
{
    static double parts[2];
    begin_words();
    n_given_away = 0;
    parts[0] = some_double();
    parts[1] = some_double();
    for (const char *f = format; *f != '\0';) {
        char letter = *f++;
        bool has_length = *f == '#';
        switch (letter) {
        case 'b': case 'B': case 'h': case 'H': case 'i': case 'I': case 'c':
            pass_word((uint64_t)(int64_t)(int32_t)some_integer());
            break;
        case 'p':
            if (Py_Version >= 0x030E0000) pass_word(below(3));
            break;
        case 'C': pass_word(one_in(6) ? (uint64_t)(int64_t)(int32_t)some_integer() : below(0x110000)); break;
        case 'l': case 'k': case 'L': case 'K': case 'n': pass_word((uint64_t)some_integer()); break;
        case 'f': pass_double((double)(float)some_double()); break;
        case 'd': pass_double(some_double()); break;
        case 'D': pass_pointer(parts); break;
        case 's': case 'z': case 'U': case 'y':
            pass_text(has_length);
            f += has_length;
            break;
        case 'u':
            pass_wide(has_length);
            f += has_length;
            break;
        case 'O': case 'S': case 'N':
            if (*f == '&') {
                f++;
                pass_maker();
            } else pass_object(letter);
            break;
        default: break;
        }
    }
}

static void unit(int depth)
{
    static const char units[] = "bBhHiIlkLKnfdDcCpsszzUyyuOOSSNNN(([[{";
    static const char *const separators[] = {"", "", "", ",", ", ", ":", "\t", " "};
    char letter = units[below(sizeof units - 1)];
    if (depth >= 4 && strchr("([{", letter) != NULL) letter = 'i';
    if (letter == 'p' && Py_Version < 0x030E0000) letter = 'i';
    add_char(letter);
    if (strchr("szUyu", letter) != NULL && one_in(3)) add_char('#');
    if (strchr("OSN", letter) != NULL && one_in(5)) add_char('&');
    const char *pairs = "([{", *pair = strchr(pairs, letter);
    if (pair != NULL) {
        unsigned n = below(4);
        if (letter == '{' && !one_in(8)) n = n / 2 * 2;
        for (unsigned i = 0; i < n; i++) unit(depth + 1);
        add_char(")]}"[pair - pairs]);
    }
    add_text(PICK(separators));
}

static void choose_format(void)
{
    begin_format();
    for (unsigned n = one_in(3) ? 1 : below(5); n > 0; n--) unit(0);
    for (unsigned n = one_in(3) ? 1 + below(2) : 0; n > 0; n--) mutate("bBhHiIlkLKnfdDcCszUyuOSN#&([{)]}()[]{},: \tqx%|$!*\xe9");
    pass_all();
}

/* What was given away and never reached, since the format is wrong before: nobody else will drop it. */
static void take_back(void)
{
    for (int i = 0; i < n_objects; i++) {
        while (surplus(i) > 0) Py_DECREF(objects[i]);
    }
}

/* Calls with what was chosen, says what came of it, and gives back what it made. */
static void evaluate(PyObject *(*call)(void))
{
    choose_format();
    if (!is_too_much) {
        say_text(format);
        for (int i = 0; i < n_objects; i++) say(" "), say_object(objects[i]);
        count_references();
        for (int i = 0; i < n_given_away; i++) Py_INCREF(given_away[i]);
        PyObject *result = call();
        say(" -> ");
        say_result(result);
        say_references();
        take_back();
    }
    drop_objects();
}

static PyObject *build(void)
{
    return Py_BuildValue(format, ALL_WORDS, ALL_DOUBLES);
}

static PyObject *arguments_of(PyObject *self, PyObject *args)
{
    (void)self;
    Py_INCREF(args);
    return args;
}

static PyMethodDef arguments_def = {"arguments", arguments_of, METH_VARARGS, NULL};
static PyObject *function, *module;

static PyObject *call_function(void)
{
    return PyObject_CallFunction(function, format, ALL_WORDS, ALL_DOUBLES);
}

static PyObject *call_method(void)
{
    return PyObject_CallMethod(module, "arguments", format, ALL_WORDS, ALL_DOUBLES);
}

static void one_value(void)
{
    evaluate(build);
}

static void one_call(void)
{
    evaluate(one_in(2) ? call_function : call_method);
}

TEST(build_value)
{
    if (!WORDS_ARE_APART) SKIP("needs arguments of both kinds in registers of their own");
    cases(one_value);
}

TEST(call)
{
    if (!WORDS_ARE_APART) SKIP("needs arguments of both kinds in registers of their own");
    function = keep(PyCFunction_New(&arguments_def, NULL));
    module = keep(PyModule_New("tests"));
    CHECK(PyObject_SetAttrString(module, "arguments", function) == 0);
    cases(one_call);
    done();
}

TEST_MAIN(build_value, call)
