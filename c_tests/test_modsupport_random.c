/* modsupport.h: PyArg_Parse and its kin on formats, arguments and keywords that a generator makes: `random.h` says how.
 *
 * All that these functions take behind the format are pointers, each to a cell of its own here, so a format may be
 * changed as one likes: only what is read through a pointer must be chosen for it (`assign_cells`). Not gone into, since
 * CPython ends the process or writes beyond its arrays there: parentheses without a partner, where no keywords are; more
 * than 8 things to give back in one format; a name behind a parenthesis that is not closed. */
#include "random.h"

#include <dlfcn.h>
#include <wchar.h>

#ifndef PY_CXX_CONST
#  define PY_CXX_CONST
#endif
#define NAME(text) ((PY_CXX_CONST char *)(text))

/* Py_buffer, and PyBuffer_Release below, which an older API does not show. */
typedef struct {
    void *buf;
    PyObject *obj;
    Py_ssize_t len, itemsize;
    int readonly, ndim;
    char *format;
    Py_ssize_t *shape, *strides, *suboffsets;
    void *internal;
} View;

typedef void (*release_function)(View *);

static void release(View *view)
{
    static release_function release_buffer;
    if (release_buffer == NULL) {
        void *address = dlsym(dlopen(NULL, RTLD_NOW), "PyBuffer_Release");
        memcpy(&release_buffer, &address, sizeof address);
    }
    release_buffer(view);
}

/* Where a value goes. */
typedef union {
    unsigned char bytes[128];
    uint16_t short_value;
    uint32_t int_value;
    uint64_t long_value;
    float float_value;
    double double_values[2];
    void *pointer;
    Py_ssize_t size;
    View view;
} Cell;

#define CELLS 24
#define UNTOUCHED 0x5A
static Cell cells[CELLS];
static void *pointers[CELLS];
/* The unit for which each cell is, or 0; `lengths` has the cell of a unit's length. */
static char unit_of[CELLS];
static int lengths[CELLS];
static int n_cells;
static char room[64];

/* Values that look like others. */

static int index_kind;

static PyObject *index_of(PyObject *self)
{
    (void)self;
    switch (index_kind) {
    case 0: return PyLong_FromLong(42);
    case 1: return PyLong_FromString("123456789abcdef0123456789abcdef", NULL, 16);
    case 2: return PyUnicode_FromString("no int");
    default: return PyErr_Format(PyExc_KeyError, "no index"), (PyObject *)NULL;
    }
}

static PyObject *float_of(PyObject *self)
{
    (void)self;
    switch (index_kind) {
    case 0: return PyFloat_FromDouble(2.5);
    case 1: return PyFloat_FromDouble(-1e300);
    case 2: return PyLong_FromLong(3);
    default: return PyErr_Format(PyExc_KeyError, "no float"), (PyObject *)NULL;
    }
}

static int truth_of(PyObject *self)
{
    (void)self;
    if (index_kind == 3) PyErr_SetString(PyExc_KeyError, "no truth");
    return index_kind == 3 ? -1 : index_kind & 1;
}

static PyObject *repr_of(PyObject *self)
{
    (void)self;
    return PyUnicode_FromFormat("<look-alike %d>", index_kind);
}

static PyObject *look_alike(void)
{
    static PyType_Slot slots[] = {
        {Py_nb_index, FUNC(index_of)}, {Py_nb_float, FUNC(float_of)}, {Py_nb_bool, FUNC(truth_of)},
        {Py_tp_repr, FUNC(repr_of)}, {0, NULL},
    };
    static PyType_Spec spec = {"tests.LookAlike", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT, slots};
    static PyObject *type;
    if (type == NULL) type = PyType_FromSpec(&spec);
    return PyObject_CallObject(type, NULL);
}

/* An instance of a class of `base` with the value of `owned`. */
static PyObject *derived(PyObject *base, PyObject *owned)
{
    static const char *const classes[] = {"Derived", "Klasse\xc3\x84", "A_class_whose_name_is_of_forty_nine_bytes_or_so\xc3\xa9\xc3\xa9\xc3\xa9"};
    PyObject *type = PyObject_CallFunction((PyObject *)&PyType_Type, "s(O){ss}", PICK(classes), base, "__module__", "tests");
    PyObject *instance = type == NULL || owned == NULL ? NULL : PyObject_CallFunction(type, "(O)", owned);
    Py_XDECREF(type);
    Py_XDECREF(owned);
    return instance;
}

/* memoryview(b'...'), every other byte of it by chance. */
static PyObject *some_view(void)
{
    PyObject *bytes = one_in(2) ? some_bytearray() : some_bytes();
    PyObject *view = bytes == NULL ? NULL : PyMemoryView_FromObject(bytes);
    Py_XDECREF(bytes);
    if (view == NULL || one_in(2)) return view;
    PyObject *two = PyLong_FromLong(one_in(2) ? 2 : -1), *slice = PySlice_New(NULL, NULL, two);
    PyObject *part = PyObject_GetItem(view, slice);
    Py_XDECREF(two);
    Py_XDECREF(slice);
    Py_DECREF(view);
    return part;
}

/* A sequence of one's own, which holds its items; some of them it does not find. */

typedef struct {
    PyObject_HEAD
    PyObject *items;
} Sequence;

static PyObject *items_of(PyObject *self)
{
    return ((Sequence *)(void *)self)->items;
}

static Py_ssize_t len_of(PyObject *self)
{
    if (index_kind != 3) return PyList_Size(items_of(self));
    PyErr_SetString(PyExc_KeyError, "no length");
    return -1;
}

static PyObject *item_of(PyObject *self, Py_ssize_t i)
{
    if (index_kind == 2 && i == 1) return PyErr_Format(PyExc_KeyError, "no item"), (PyObject *)NULL;
    PyObject *item = PyList_GetItem(items_of(self), i);
    Py_XINCREF(item);
    return item;
}

static PyObject *repr_of_sequence(PyObject *self)
{
    return PyUnicode_FromFormat("<%d %R>", index_kind, items_of(self));
}

static void drop_sequence(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    Py_DECREF(items_of(self));
    PyObject_Free(self);
    Py_DECREF(type);
}

/* Takes the list over. */
static PyObject *sequence_of(PyObject *list)
{
    static PyType_Slot slots[] = {
        {Py_sq_length, FUNC(len_of)}, {Py_sq_item, FUNC(item_of)}, {Py_tp_repr, FUNC(repr_of_sequence)},
        {Py_tp_dealloc, FUNC(drop_sequence)}, {0, NULL},
    };
    static PyType_Spec spec = {"tests.Sequence", sizeof(Sequence), 0, Py_TPFLAGS_DEFAULT, slots};
    static PyObject *type;
    if (type == NULL) type = PyType_FromSpec(&spec);
    Sequence *sequence = PyObject_New(Sequence, (PyTypeObject *)type);
    sequence->items = list;
    return (PyObject *)sequence;
}

static PyObject *anything(void)
{
    switch (below(22)) {
    case 0: return same(Py_None);
    case 1: return same(one_in(2) ? Py_True : Py_False);
    case 2: return PyFloat_FromDouble(some_double());
    case 3: return PyComplex_FromDoubles(some_double(), some_double());
    case 4: return PyList_New(0);
    case 5: return PyTuple_New(0);
    case 6: return PyDict_New();
    case 7: return some_view();
    case 8: return look_alike();
    case 9: return derived((PyObject *)&PyUnicode_Type, some_text());
    case 10: return derived((PyObject *)&PyLong_Type, some_int());
    case 11: return derived((PyObject *)&PyBytes_Type, some_bytes());
    case 12: return same((PyObject *)&PyLong_Type);
    case 13: return same(Py_NotImplemented);
    case 14: return same(Py_Ellipsis);
    case 15: return some_bytearray();
    case 16:
    case 17: return some_int();
    case 18:
    case 19: return some_text();
    case 20: return PySet_New(NULL);
    default: return some_bytes();
    }
}

/* A unit with a value that most often fits. */

static int n_units;

static PyObject *fitting(char unit)
{
    if (one_in(6)) return anything();
    switch (unit) {
    case 'f': case 'd': case 'D':
        return one_in(3) ? some_int() : PyFloat_FromDouble(some_double());
    case 'c': return PyBytes_FromStringAndSize("xyz", one_in(5) ? (Py_ssize_t)below(4) : 1);
    case 'C': return one_in(3) ? some_text() : PyUnicode_FromOrdinal((int)below(0x110000));
    case 's': case 'z': case 'U': case 'e': return some_text();
    case 'y': case 'S': return some_bytes();
    case 'Y': case 'w': return some_bytearray();
    case 'p': case 'O': return anything();
    default: return some_int();
    }
}

static PyObject *unit(int depth);

static PyObject *nested(int depth)
{
    PyObject *items[4];
    unsigned n = below(4);
    add_char('(');
    for (unsigned i = 0; i < n; i++) items[i] = unit(depth + 1);
    add_char(')');
    if (one_in(15)) return anything();
    unsigned given = one_in(12) ? below(4) : n;
    bool is_list = one_in(6);
    PyObject *tuple = PyTuple_New((Py_ssize_t)given);
    for (unsigned i = 0; i < given; i++) PyTuple_SetItem(tuple, (Py_ssize_t)i, i < n ? same(items[i]) : anything());
    if (!is_list) return tuple;
    PyObject *list = PySequence_List(tuple);
    Py_DECREF(tuple);
    return one_in(2) ? list : sequence_of(list);
}

/* One in many: messages name the way only so far. */
static PyObject *deeply_nested(void)
{
    unsigned depth = 4 + below(9);
    for (unsigned i = 0; i < depth; i++) add_char('(');
    PyObject *value = same(unit(3));
    for (unsigned i = 0; i < depth; i++) {
        add_char(')');
        PyObject *tuple = PyTuple_New(1);
        PyTuple_SetItem(tuple, 0, value);
        value = tuple;
    }
    return value;
}

/* Adds a unit to the format; the value for it, which the case owns. */
static PyObject *unit(int depth)
{
    static const char units[] = "bBhHiIlkLKnfdDcCpsssszzzyyyywUSYOOOeee((";
    char letter = units[below(sizeof units - 1)];
    n_units++;
    if (letter == '(' && depth < 3) return made(one_in(40) ? deeply_nested() : nested(depth));
    if (letter == '(') letter = 'i';
    add_char(letter);
    if (letter == 'e') add_char(one_in(2) ? 's' : 't');
    if (letter == 'w' || (strchr("szy", letter) != NULL && one_in(3))) add_char('*');
    else if (strchr("szye", letter) != NULL && one_in(2)) add_char('#');
    else if (letter == 'O' && one_in(2)) add_char(one_in(2) ? '!' : '&');
    return made(fitting(letter));
}

static void add_ending(void)
{
    static const char *const endings[] = {
        "", "", "", ":f", ":name", ";message", ";a message (of) |its own: %d", ":na;me", ":", ";", ":caf\xc3\xa9", ":\xff",
        ":a_name_that_is_longer_than_fifty_bytes_and_shorter_than_two_hundred",
    };
    add_text(PICK(endings));
    /* Where messages cut names: within a character, or before one. */
    if (one_in(30)) {
        add_char(':');
        for (unsigned n = 140 + below(15) + (one_in(2) ? 50 : 0); n > 0; n--) add_char('n');
        add_text(PICK(texts).text);
        add_text("more");
    }
}

/* Whether CPython can look at it: see above. */
static bool is_safe(bool with_keywords)
{
    int depth = 0, deepest = 0;
    const char *f = format;
    for (; *f != '\0' && *f != ':' && *f != ';'; f++) {
        depth += *f == '(';
        depth -= *f == ')';
        if (depth < 0 && !with_keywords) return false;
        if (depth > deepest) deepest = depth;
    }
    if (with_keywords) return (depth <= 0 || *f == '\0') && deepest < 20;
    return depth == 0 && deepest < 20;
}

static void change_format(bool with_keywords)
{
    for (unsigned n = one_in(3) ? 1 + below(2) : 0; n > 0; n--) {
        char before[sizeof format];
        size_t len = format_len;
        memcpy(before, format, sizeof format);
        mutate("bBhHiIlkLKnfdDcCpszywUSYOestO!&#*|$:;()((||##**,? qQvuZ%\xe9""0");
        if (!is_safe(with_keywords)) {
            memcpy(format, before, sizeof format);
            format_len = len;
        }
    }
}

/* What is written to sys.stderr when something is warned of. */

static PyObject *written;

#ifdef __cplusplus
extern "C" {
#endif
void PySys_AddWarnOption(const wchar_t *);
#ifdef __cplusplus
}
#endif

__attribute__((constructor)) static void before_the_start(void)
{
    PySys_AddWarnOption(L"always::DeprecationWarning");
}

/* The cases of a test, with sys.stderr a list. */
static void listening(void (*make)(void))
{
    PyObject *before = PySys_GetObject("stderr");
    Py_XINCREF(keep(before));
    PyObject *file = keep(PyObject_CallObject(from_module("types", "SimpleNamespace"), NULL));
    written = keep(PyList_New(0));
    PyObject_SetAttrString(file, "write", keep(PyObject_GetAttrString(written, "append")));
    PySys_SetObject("stderr", file);
    cases(make);
    PySys_SetObject("stderr", before);
    done();
}

static void say_written(void)
{
    for (Py_ssize_t i = 0; i < PyList_Size(written); i++) {
        say(" ");
        say_object(PyList_GetItem(written, i));
    }
    PyList_SetSlice(written, 0, PY_SSIZE_T_MAX, NULL);
}

/* Cells. */

static int converter(PyObject *object, void *out)
{
    Cell *cell = (Cell *)out;
    if (object == NULL) {
        cell->int_value += 1000;
        return 1;
    }
    if (!PyLong_Check(object)) {
        if (!PyUnicode_Check(object)) PyErr_SetString(PyExc_KeyError, "converter says no");
        return 0;
    }
    cell->int_value = 7;
    return PyLong_CheckExact(object) ? Py_CLEANUP_SUPPORTED : 1;
}

static int next_cell(char letter)
{
    if (n_cells + 3 >= CELLS) {
        is_too_much = true;
        return 0;
    }
    memset(&cells[n_cells], UNTOUCHED, sizeof cells[n_cells]);
    pointers[n_cells] = &cells[n_cells];
    unit_of[n_cells] = letter;
    lengths[n_cells] = -1;
    return n_cells++;
}

static void next_pointer(void *pointer)
{
    pointers[next_cell(0)] = pointer;
}

/* What `es` is given: where the text goes, and with `#` how much fits. */
static void encoded_cells(const char **f)
{
    static const char *const encodings[] = {"latin-1", "ascii", "utf-8", "utf-16-le", "no such encoding", NULL};
    next_pointer((void *)PICK(encodings));
    if (**f != 's' && **f != 't') return;
    ++*f;
    int cell = next_cell('e'), length = cell;
    if (**f == '#') ++*f, length = next_cell(0);
    if (one_in(50)) {
        int missing = one_in(2) ? cell : length;
        pointers[missing] = NULL;
        unit_of[cell] = 0;
        cells[cell].pointer = NULL;
    }
    if (length == cell || unit_of[cell] == 0) return;
    lengths[cell] = length;
    bool has_room = one_in(2);
    cells[cell].pointer = has_room ? room : NULL;
    cells[length].size = has_room ? (Py_ssize_t)below(12) : -1;
}

/* Reads the format as the functions do, and chooses what is behind it. */
static void assign_cells(void)
{
    static PyTypeObject *const types[] = {&PyLong_Type, &PyUnicode_Type, &PyBaseObject_Type, &PyList_Type};
    int to_give_back = 0;
    n_cells = 0;
    is_too_much = false;
    memset(cells, 0, sizeof cells);
    memset(room, 0, sizeof room);
    memset(unit_of, 0, sizeof unit_of);
    for (int i = 0; i < CELLS; i++) pointers[i] = &cells[i];
    for (const char *f = format; *f != '\0' && *f != ':' && *f != ';';) {
        char letter = *f++;
        if (strchr("()|$", letter) != NULL) continue;
        if (strchr("bBhHiIlkLKnfdDcCpSYUszywOe", letter) == NULL) break;
        if (letter == 'e') {
            to_give_back++;
            encoded_cells(&f);
        } else if (strchr("szyw", letter) != NULL) {
            bool is_view = *f == '*';
            int cell = next_cell(is_view ? '*' : letter == 'w' ? 0 : letter);
            to_give_back += is_view;
            if (*f == '#' && letter != 'w') lengths[cell] = next_cell(0);
            if (is_view || (*f == '#' && letter != 'w')) f++;
        } else if (letter == 'O' && *f == '!') {
            f++;
            next_pointer(PICK(types));
            next_cell('O');
        } else if (letter == 'O' && *f == '&') {
            f++;
            to_give_back++;
            next_pointer(FUNC(converter));
            next_cell('&');
        } else next_cell(letter);
    }
    is_too_much |= to_give_back > 8;
}

static bool is_untouched(const Cell *cell)
{
    for (size_t i = 0; i < sizeof cell->bytes; i++) {
        if (cell->bytes[i] != UNTOUCHED) return false;
    }
    return true;
}

static void say_which(const void *object)
{
    for (int i = 0; i < n_objects; i++) {
        if (objects[i] == object) {
            say("#%d", i);
            return;
        }
    }
    say(object == NULL ? "NULL" : "another");
}

static void say_double(double value)
{
    if (value != value) say("nan");
    else say("%a", value);
}

static void say_view(Cell *cell, bool ok)
{
    View *view = &cell->view;
    say("view of ");
    say_which(view->obj);
    if (!ok) return;
    say(" %ld %ld %d %d %s %d%d%d", (long)view->len, (long)view->itemsize, view->readonly, view->ndim,
        view->format == NULL ? "NULL" : view->format, view->shape != NULL, view->strides != NULL, view->suboffsets != NULL);
    if (view->buf == NULL) say("NULL");
    else say_bytes((const char *)view->buf, (size_t)view->len);
    release(view);
}

static void say_pointed(const Cell *cell, int length, bool is_bytes)
{
    const char *text = (const char *)cell->pointer;
    if (length >= 0) say("%ld:", (long)cells[length].size);
    if (text == NULL) say("NULL");
    else if (length >= 0 && is_bytes) say_bytes(text, (size_t)cells[length].size);
    else say_text(text);
}

/* What a cell holds; what it owns is given back if all went well. */
static void say_cell(int i, bool ok)
{
    Cell *cell = &cells[i];
    say(" %c=", unit_of[i]);
    if (is_untouched(cell)) {
        say("-");
        return;
    }
    switch (unit_of[i]) {
    case 'b': case 'B': case 'c': say("%x", cell->bytes[0]); break;
    case 'h': case 'H': say("%x", cell->short_value); break;
    case 'i': case 'I': case 'C': case 'p': case '&': say("%x", cell->int_value); break;
    case 'l': case 'k': case 'L': case 'K': case 'n': say("%llx", (unsigned long long)cell->long_value); break;
    case 'f': say_double(cell->float_value); break;
    case 'd': say_double(cell->double_values[0]); break;
    case 'D': say_double(cell->double_values[0]), say(","), say_double(cell->double_values[1]); break;
    case 'O': case 'S': case 'U': case 'Y': say_which(cell->pointer); break;
    case '*': say_view(cell, ok); break;
    case 's': case 'z': case 'y': say_pointed(cell, lengths[i], true); break;
    case 'e':
        /* Given back after a failure, and so NULL. With a room of the caller's it says how much was used. */
        if (ok || cell->pointer == NULL || cell->pointer == room) say_pointed(cell, lengths[i], ok);
        else say("not given back");
        if (ok && cell->pointer != room) PyMem_Free(cell->pointer);
        break;
    default: break;
    }
}

#define P(i) pointers[i]
#define ALL_POINTERS                                                                                                    \
    P(0), P(1), P(2), P(3), P(4), P(5), P(6), P(7), P(8), P(9), P(10), P(11), P(12), P(13), P(14), P(15), P(16), P(17), \
        P(18), P(19), P(20), P(21), P(22), P(23)

static int parse_va(PyObject *args, const char *units, ...)
{
    va_list list;
    va_start(list, units);
    int ok = PyArg_VaParse(args, units, list);
    va_end(list);
    return ok;
}

static int parse_keywords_va(PyObject *args, PyObject *kwargs, const char *units, PY_CXX_CONST char **keywords, ...)
{
    va_list list;
    va_start(list, keywords);
    int ok = PyArg_VaParseTupleAndKeywords(args, kwargs, units, keywords, list);
    va_end(list);
    return ok;
}

static void say_outcome(int ok)
{
    say(" -> %d ", ok);
    if (!ok) say_raised();
    for (int i = 0; i < n_cells; i++) {
        if (unit_of[i] != 0) say_cell(i, ok);
    }
    say_references();
    say_written();
}

static void say_case(PyObject *arguments)
{
    say_text(format);
    say(" ");
    if (arguments == NULL) say("NULL");
    else say_object(arguments);
}

static void begin_case(void)
{
    begin_format();
    n_units = 0;
    index_kind = (int)below(4);
}

/* A tuple of the first values, or of some that were not asked for. */
static PyObject *tuple_of(PyObject *const *values, unsigned n, unsigned given)
{
    PyObject *tuple = PyTuple_New((Py_ssize_t)given);
    for (unsigned i = 0; i < given; i++) PyTuple_SetItem(tuple, (Py_ssize_t)i, i < n ? same(values[i]) : anything());
    return made(tuple);
}

static void one_tuple(void)
{
    PyObject *values[6];
    unsigned n = below(6), optional = one_in(2) ? below(n + 1) : 99;
    begin_case();
    for (unsigned i = 0; i < n; i++) {
        if (i == optional) add_char('|');
        values[i] = unit(0);
    }
    add_ending();
    change_format(false);
    assign_cells();
    unsigned given = one_in(4) ? below(n + 2) : n;
    PyObject *arguments = one_in(100) ? made(anything()) : tuple_of(values, n, given);
    if (!is_too_much) {
        say_case(arguments);
        count_references();
        say_outcome((one_in(4) ? parse_va : PyArg_ParseTuple)(arguments, format, ALL_POINTERS));
    }
    drop_objects();
}

static void one_object(void)
{
    begin_case();
    if (one_in(20)) add_char('|');
    PyObject *argument = one_in(15) ? made(anything()) : unit(0);
    if (one_in(15)) unit(0);
    if (one_in(15)) begin_format();
    if (one_in(30)) argument = NULL;
    add_ending();
    change_format(false);
    assign_cells();
    if (!is_too_much) {
        say_case(argument);
        count_references();
        say_outcome(PyArg_Parse(argument, format, ALL_POINTERS));
    }
    drop_objects();
}

/* Keywords. */

static const char *const name_pool[] = {
    "a", "b", "c", "key", "keys", "value", "values", "a_rather_long_name", "caf\xc3\xa9", "index", "_x", "d", "x1",
};

static PY_CXX_CONST char *names[12];
static unsigned n_names;

static void choose_names(unsigned n)
{
    unsigned nameless = one_in(3) ? below(n + 1) : 0;
    n_names = one_in(12) ? below(n + 2) : n;
    unsigned first = below((unsigned)(sizeof name_pool / sizeof *name_pool));
    for (unsigned i = 0; i < n_names; i++) {
        bool is_empty = i < nameless || one_in(200);
        names[i] = NAME(is_empty ? "" : name_pool[(first + i) % (sizeof name_pool / sizeof *name_pool)]);
        if (one_in(100)) names[i] = NAME(PICK(name_pool));
    }
    names[n_names] = NULL;
    for (unsigned i = 0; i < n_names; i++) {
        say_text(names[i]);
        say(",");
    }
}

/* {name: value} for what is not given by position, less some, and with others by chance. */
static PyObject *chosen_keywords(PyObject *const *values, unsigned n, unsigned given)
{
    if (given == n && one_in(2)) return NULL;
    PyObject *keywords = made(PyDict_New());
    for (unsigned k = 0; k < n; k++) {
        unsigned i = one_in(3) ? below(n) : k;
        if (i >= n_names || *names[i] == '\0' || one_in(12)) continue;
        if (i >= given || one_in(40)) PyDict_SetItemString(keywords, names[i], values[i]);
    }
    if (one_in(10)) {
        PyObject *key = made(one_in(8) ? anything() : one_in(4) ? some_text() : PyUnicode_FromString(PICK(name_pool)));
        PyObject *value = made(anything());
        if (PyObject_SetItem(keywords, key, value) < 0) PyErr_Clear();
    }
    return keywords;
}

static void one_with_keywords(void)
{
    PyObject *values[6];
    begin_case();
    unsigned n = below(6), optional = one_in(3) ? 99 : below(n + 1), only = one_in(3) ? below(n + 1) : 99;
    if (only < optional && !one_in(10)) optional = only;
    for (unsigned i = 0; i <= n; i++) {
        if (i == optional) add_char('|');
        if (i == only) add_char('$');
        if (i < n) values[i] = unit(0);
    }
    add_ending();
    change_format(true);
    assign_cells();
    if (!is_too_much) {
        choose_names(n);
        unsigned given = one_in(3) ? n : below(n + 1);
        if (given > only && !one_in(6)) given = only;
        PyObject *keywords = chosen_keywords(values, n, given);
        PyObject *arguments = tuple_of(values, n, given + one_in(30));
        say_case(arguments);
        say(" ");
        if (keywords != NULL) say_object(keywords);
        count_references();
        say_outcome(one_in(4) ? parse_keywords_va(arguments, keywords, format, names, ALL_POINTERS)
                              : PyArg_ParseTupleAndKeywords(arguments, keywords, format, names, ALL_POINTERS));
    }
    drop_objects();
}

static void one_unpacked(void)
{
    PyObject *values[6], *found[7];
    begin_case();
    unsigned n = below(6);
    for (unsigned i = 0; i < n; i++) values[i] = made(anything());
    PyObject *arguments = one_in(30) ? made(anything()) : tuple_of(values, n, n);
    unsigned max = one_in(5) ? below(7) : n, min = one_in(2) ? max : below(max + 1);
    static const char *const functions[] = {"f", NULL, "", "caf\xc3\xa9", "a name of several words"};
    const char *function = PICK(functions);
    memset(found, 0, sizeof found);
    say_text(function == NULL ? "NULL" : function);
    say(" %u %u ", min, max);
    say_object(arguments);
    count_references();
    int ok = PyArg_UnpackTuple(arguments, function, (Py_ssize_t)min, (Py_ssize_t)max, &found[0], &found[1], &found[2],
                               &found[3], &found[4], &found[5], &found[6]);
    say(" -> %d", ok);
    for (int i = 0; i < 7; i++) {
        say(" ");
        say_which(found[i]);
    }
    if (!ok) say_raised();
    say_references();
    drop_objects();
}

TEST(parse_tuple)
{
    listening(one_tuple);
}

TEST(parse_one)
{
    listening(one_object);
}

TEST(parse_keywords)
{
    listening(one_with_keywords);
}

TEST(unpack_tuple)
{
    listening(one_unpacked);
}

TEST_MAIN(parse_tuple, parse_one, parse_keywords, unpack_tuple)
