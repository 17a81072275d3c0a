/* What do containers cost: to make, to fill, to look into, to drop and to collect? */
#include "kernels.h"

static PyObject *keys[64], *numbers, *table, *item, *set, *ten;

static int prepare_keys(void)
{
    item = PyLong_FromLong(123456);
    table = PyDict_New();
    set = PySet_New(NULL);
    if (item == NULL || table == NULL || set == NULL) return 0;
    for (int i = 0; i < 64; i++) {
        keys[i] = PyUnicode_FromFormat("key %d", i);
        if (keys[i] == NULL || PyDict_SetItem(table, keys[i], item) < 0) return 0;
        if (PySet_Add(set, keys[i]) < 0) return 0;
    }
    return 1;
}

/* A thousand ints in no order. */
static int prepare_numbers(void)
{
    unsigned state = 4242;
    numbers = PyList_New(1000);
    for (Py_ssize_t i = 0; i < 1000 && numbers != NULL; i++) {
        state = state * 1103515245u + 12345u;
        PyObject *number = PyLong_FromLong((long)(state >> 4));
        if (number == NULL || PyList_SetItem(numbers, i, number) < 0) return 0;
    }
    return numbers != NULL;
}

static int prepare_ten(void)
{
    ten = PyTuple_New(10);
    for (Py_ssize_t i = 0; i < 10 && ten != NULL; i++) {
        if (PyTuple_SetItem(ten, i, PyLong_FromLong((long)i)) < 0) return 0;
    }
    return ten != NULL;
}

static void append_hundred(void)
{
    PyObject *list = PyList_New(0);
    for (int i = 0; i < 100; i++) PyList_Append(list, item);
    Py_DecRef(list);
}

static void sort_copy(void)
{
    PyObject *copy = PyList_GetSlice(numbers, 0, 1000);
    PyList_Sort(copy);
    Py_DecRef(copy);
}

static void build_dict(void)
{
    PyObject *dict = PyDict_New();
    for (int i = 0; i < 64; i++) PyDict_SetItem(dict, keys[i], item);
    Py_DecRef(dict);
}

static void walk_dict(void)
{
    Py_ssize_t at = 0;
    PyObject *key, *value;
    while (PyDict_Next(table, &at, &key, &value)) { }
}

static void iterate_list(void)
{
    PyObject *number, *iterator = PyObject_GetIter(numbers);
    while ((number = PyIter_Next(iterator)) != NULL) Py_DecRef(number);
    Py_DecRef(iterator);
}

static void drop_cycle(void)
{
    PyObject *list = PyList_New(0);
    PyList_Append(list, list);
    Py_DecRef(list);
}

static void collect_thousand(void)
{
    for (int i = 0; i < 1000; i++) drop_cycle();
    PyGC_Collect();
}

KERNEL(pack, prepare_keys(), Py_DecRef(PyTuple_Pack(3, item, item, item)))
KERNEL(get_tuple, prepare_ten(), if (PyTuple_GetItem(ten, 5) == NULL) break)
KERNEL(append, prepare_keys(), append_hundred())
KERNEL(sort, prepare_numbers(), sort_copy())
KERNEL(iterate, prepare_numbers(), iterate_list())
KERNEL(lookup, prepare_keys(), if (PyDict_GetItemWithError(table, keys[count & 63]) == NULL) break)
KERNEL(get_item, prepare_keys(), Py_DecRef(PyObject_GetItem(table, keys[count & 63])))
KERNEL(by_name, prepare_keys(), if (PyDict_GetItemString(table, "key 33") == NULL) break)
KERNEL(build, prepare_keys(), build_dict())
KERNEL(walk, prepare_keys(), walk_dict())
KERNEL(copy, prepare_keys(), Py_DecRef(PyDict_Copy(table)))
KERNEL(contains, prepare_keys(), PySet_Contains(set, keys[count & 63]))
KERNEL(cycle, 1, drop_cycle())
KERNEL(collect, 1, collect_thousand())

const Kernel bench_containers[] = {
    ENTRY(pack, "PyTuple_Pack of three"),
    ENTRY(get_tuple, "PyTuple_GetItem"),
    ENTRY(append, "append 100 to a list, drop it"),
    ENTRY(sort, "sort 1000 ints"),
    ENTRY(iterate, "iterate over 1000 ints"),
    ENTRY(lookup, "PyDict_GetItemWithError"),
    ENTRY(get_item, "PyObject_GetItem of a dict"),
    ENTRY(by_name, "PyDict_GetItemString"),
    ENTRY(build, "build a 64-key dict"),
    ENTRY(walk, "walk a 64-key dict"),
    ENTRY(copy, "copy a 64-key dict"),
    ENTRY(contains, "PySet_Contains"),
    ENTRY(cycle, "drop a list that holds itself"),
    ENTRY(collect, "collect 1000 such lists"),
    END,
};
