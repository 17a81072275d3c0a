/* What does text cost: to make, to join, to search, to decode? */
#include <string.h>

#include "kernels.h"

#define SIZE 10240

static char ascii[SIZE + 1];
static PyObject *parts, *comma, *text, *needle, *letter, *word, *same, *key;

/* Letters as in prose, the word only at the end. */
static int prepare_text(void)
{
    unsigned state = 12345;
    for (int i = 0; i < SIZE; i++) {
        state = state * 1103515245u + 12345u;
        ascii[i] = (char)("etaoin shrdlu"[(state >> 16) % 13]);
    }
    memcpy(ascii + SIZE - 6, "needle", 6);
    text = PyUnicode_FromStringAndSize(ascii, SIZE);
    needle = PyUnicode_FromString("needle");
    letter = PyUnicode_FromString("z");
    return text != NULL && needle != NULL && letter != NULL;
}

static int prepare_parts(void)
{
    comma = PyUnicode_FromString(", ");
    parts = PyList_New(0);
    for (int i = 0; i < 100 && parts != NULL; i++) {
        PyObject *part = PyUnicode_FromFormat("part %d", i);
        if (part == NULL || PyList_Append(parts, part) < 0) return 0;
        Py_DecRef(part);
    }
    return comma != NULL && parts != NULL;
}

static int prepare_words(void)
{
    word = PyUnicode_FromString("some words that");
    same = PyUnicode_FromString("some words that");
    key = PyUnicode_InternFromString("an_interned_key");
    return word != NULL && same != NULL && key != NULL;
}

KERNEL(make, 1, Py_DecRef(PyUnicode_FromString("a short string")))
KERNEL(intern, prepare_words(), Py_DecRef(PyUnicode_InternFromString("an_interned_key")))
KERNEL(as_utf8, prepare_words(), if (PyUnicode_AsUTF8AndSize(word, NULL) == NULL) break)
KERNEL(concat, prepare_words(), Py_DecRef(PyUnicode_Concat(word, same)))
KERNEL(equal, prepare_words(), PyObject_RichCompareBool(word, same, Py_EQ))
KERNEL(join, prepare_parts(), Py_DecRef(PyUnicode_Join(comma, parts)))
KERNEL(split, prepare_text(), Py_DecRef(PyUnicode_Split(text, NULL, -1)))
KERNEL(find, prepare_text(), if (PyUnicode_Find(text, needle, 0, SIZE, 1) < 0) break)
KERNEL(absent, prepare_text(), if (PyUnicode_Find(text, letter, 0, SIZE, 1) != -1) break)
KERNEL(decode, prepare_text(), Py_DecRef(PyUnicode_DecodeUTF8(ascii, SIZE, NULL)))
KERNEL(encode, prepare_text(), Py_DecRef(PyUnicode_AsUTF8String(text)))
KERNEL(format, 1, Py_DecRef(PyUnicode_FromFormat("%s has %d of %zd", "it", 3, (Py_ssize_t)4)))
KERNEL(bytes, 1, Py_DecRef(PyBytes_FromStringAndSize("some sixteen byte", 16)))

const Kernel bench_strings[] = {
    ENTRY(make, "PyUnicode_FromString"),
    ENTRY(intern, "PyUnicode_InternFromString, known"),
    ENTRY(as_utf8, "PyUnicode_AsUTF8AndSize"),
    ENTRY(concat, "PyUnicode_Concat"),
    ENTRY(equal, "compare equal strings"),
    ENTRY(join, "join 100 strings"),
    ENTRY(split, "split 10 KB at blanks"),
    ENTRY(find, "find a word in 10 KB"),
    ENTRY(absent, "find no letter in 10 KB"),
    ENTRY(decode, "decode 10 KB of ASCII"),
    ENTRY(encode, "encode 10 KB of ASCII"),
    ENTRY(format, "PyUnicode_FromFormat"),
    ENTRY(bytes, "PyBytes_FromStringAndSize"),
    END,
};
