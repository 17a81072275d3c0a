/* Written by `make headers` from src/capi/setobject*.rs. */

/**
 * `set(iterable)`, or an empty set for NULL.
 *
 * New reference. `TypeError` if the argument is not iterable or an item not hashable.
 */
PyObject *PySet_New(PyObject *iterable);

/**
 * `frozenset(iterable)`, or an empty one for NULL. Until it is shared, `PySet_Add` may fill it.
 *
 * New reference. `TypeError` if the argument is not iterable or an item not hashable.
 */
PyObject *PyFrozenSet_New(PyObject *iterable);

/**
 * `len(set)`.
 *
 * -1 with `SystemError` for anything but a set or frozenset.
 */
Py_ssize_t PySet_Size(PyObject *set);

/**
 * `key in set`, but a set as the key is not searched for as a frozenset.
 *
 * -1 with `SystemError` for anything but a set or frozenset, with `TypeError` for what cannot be hashed.
 */
int PySet_Contains(PyObject *set,
                   PyObject *key);

/**
 * `set.add(key)`, for a frozenset as well as long as nobody else has seen it.
 *
 * `SystemError` for a frozenset that is shared, and for anything but a set.
 */
int PySet_Add(PyObject *set, PyObject *key);

/**
 * `set.discard(key)`: whether it was there.
 *
 * `SystemError` for anything but a set, `TypeError` for what cannot be hashed.
 */
int PySet_Discard(PyObject *set, PyObject *key);

/**
 * `set.pop()`.
 *
 * New reference. `KeyError` if the set is empty, `SystemError` for anything but a set.
 */
PyObject *PySet_Pop(PyObject *set);

/**
 * `set.clear()`.
 *
 * `SystemError` for anything but a set.
 */
int PySet_Clear(PyObject *set);
