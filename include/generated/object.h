/* Written by `make headers` from src/capi/object*.rs. */

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030D0000

/**
 * `Py_CONSTANT_*` by number: `None`, `False`, `True`, `...`, `NotImplemented`, 0, 1, `""`, `b""`, `()`.
 *
 * New reference. `SystemError` for any other number.
 */
PyObject *Py_GetConstant(unsigned int constant_id);

/**
 * As `Py_GetConstant`; all of them are immortal, so the reference is borrowed.
 */
PyObject *Py_GetConstantBorrowed(unsigned int constant_id);

#endif

/**
 * `x is y`.
 */
int Py_Is(PyObject *x, PyObject *y);

/**
 * `x is None`.
 */
int Py_IsNone(PyObject *x);

/**
 * `x is True`.
 */
int Py_IsTrue(PyObject *x);

/**
 * `x is False`.
 */
int Py_IsFalse(PyObject *x);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030E0000

/**
 * The object's type. Borrowed reference.
 */
PyTypeObject *Py_TYPE(PyObject *object);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030F0000

/**
 * `ob_size` of a variable-size object.
 */
Py_ssize_t Py_SIZE(PyObject *object);

/**
 * Whether the type is exactly `ty`, for the macro of that name.
 */
int Py_IS_TYPE(PyObject *object, PyTypeObject *ty);

#endif

/**
 * `type(object)`. New reference; `SystemError` for NULL.
 */
PyObject *PyObject_Type(PyObject *object);

/**
 * `repr(object)`; NULL gives `<NULL>`. New reference.
 */
PyObject *PyObject_Repr(PyObject *object);

/**
 * `str(object)`; NULL gives `<NULL>`. New reference.
 */
PyObject *PyObject_Str(PyObject *object);

/**
 * `ascii(object)`; NULL gives `<NULL>`. New reference.
 */
PyObject *PyObject_ASCII(PyObject *object);

/**
 * `format(object, spec)`; NULL stands for an empty spec. New reference.
 */
PyObject *PyObject_Format(PyObject *object, PyObject *spec);

/**
 * `hash(object)`; -1 on failure.
 */
Py_hash_t PyObject_Hash(PyObject *object);

/**
 * The `tp_hash` of what cannot be hashed: always `TypeError`.
 */
Py_hash_t PyObject_HashNotImplemented(PyObject *object);

/**
 * `bool(object)`: 1, 0, or -1 on failure.
 */
int PyObject_IsTrue(PyObject *object);

/**
 * `not object`: 1, 0, or -1 on failure.
 */
int PyObject_Not(PyObject *object);

/**
 * `x op y`. New reference; `SystemError` for NULL.
 */
PyObject *PyObject_RichCompare(PyObject *x, PyObject *y, int op);

/**
 * The truth of `x op y`, identity counting as equality: 1, 0, or -1 on failure.
 */
int PyObject_RichCompareBool(PyObject *x, PyObject *y, int op);

/**
 * `object.name`. New reference.
 */
PyObject *PyObject_GetAttr(PyObject *object, PyObject *name);

/**
 * `object.name`, the name as UTF-8. New reference.
 */
PyObject *PyObject_GetAttrString(PyObject *object, const char *attr);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030D0000

/**
 * `object.name` into `result`: 1; without such an attribute NULL and 0, and no exception.
 */
int PyObject_GetOptionalAttr(PyObject *object, PyObject *name, PyObject **result);

/**
 * As `PyObject_GetOptionalAttr`, the name as UTF-8.
 */
int PyObject_GetOptionalAttrString(PyObject *object, const char *attr, PyObject **result);

/**
 * Whether there is such an attribute; -1 for any exception but `AttributeError`.
 */
int PyObject_HasAttrWithError(PyObject *object, PyObject *name);

/**
 * As `PyObject_HasAttrWithError`, the name as UTF-8.
 */
int PyObject_HasAttrStringWithError(PyObject *object, const char *attr);

#endif

/**
 * Whether there is such an attribute. Never fails: an exception is reported as unraisable.
 */
int PyObject_HasAttr(PyObject *object, PyObject *name);

/**
 * As `PyObject_HasAttr`, the name as UTF-8.
 */
int PyObject_HasAttrString(PyObject *object, const char *attr);

/**
 * `object.name = value`; NULL deletes.
 */
int PyObject_SetAttr(PyObject *object, PyObject *name, PyObject *value);

/**
 * `object.name = value`, the name as UTF-8; NULL deletes.
 */
int PyObject_SetAttrString(PyObject *object, const char *attr, PyObject *value);

/**
 * `del object.name`.
 */
int PyObject_DelAttr(PyObject *object, PyObject *name);

/**
 * `del object.name`, the name as UTF-8.
 */
int PyObject_DelAttrString(PyObject *object, const char *attr);

/**
 * `tp_getattro` of types that keep attributes the usual way. New reference.
 */
PyObject *PyObject_GenericGetAttr(PyObject *object, PyObject *name);

/**
 * `tp_setattro` of types that keep attributes the usual way; NULL deletes.
 */
int PyObject_GenericSetAttr(PyObject *object, PyObject *name, PyObject *value);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030A0000

/**
 * Getter of `__dict__` for types with a dict offset. New reference.
 */
PyObject *PyObject_GenericGetDict(PyObject *object, void *_context);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03030000

/**
 * Setter of `__dict__` for types with a dict offset.
 */
int PyObject_GenericSetDict(PyObject *object, PyObject *value, void *_context);

#endif

/**
 * `tp_iter` of iterators: the object itself. New reference.
 */
PyObject *PyObject_SelfIter(PyObject *object);

/**
 * Whether it can be called.
 */
int PyCallable_Check(PyObject *object);

/**
 * The names in `object.__dir__()`, sorted; of NULL, `SystemError` without a frame. New reference.
 */
PyObject *PyObject_Dir(PyObject *object);

/**
 * Enters the repr of a container: 0, or 1 if it is under way already.
 */
int Py_ReprEnter(PyObject *object);

/**
 * Leaves what `Py_ReprEnter` entered.
 */
void Py_ReprLeave(PyObject *object);
