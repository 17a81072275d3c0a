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
 * `bytes(object)`, without ints and strs; NULL gives `<NULL>`. New reference.
 */
PyObject *PyObject_Bytes(PyObject *object);

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

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030F0000

/**
 * Sets the size that a variable-sized object gives. The caller knows that there is room.
 */
void Py_SET_SIZE(PyVarObject *object, Py_ssize_t size);

#endif

/**
 * Finishes a static type: everything is inherited, and its dict is filled. The type becomes immortal.
 */
int PyType_Ready(PyTypeObject *type);

/**
 * A heap type as `spec` says. New reference.
 */
PyObject *PyType_FromSpec(PyType_Spec *spec);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03030000

/**
 * The same with bases: a tuple, a single type, or NULL for what the spec says. New reference.
 */
PyObject *PyType_FromSpecWithBases(PyType_Spec *spec, PyObject *bases);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03090000

/**
 * The same for a type that belongs to `module`. New reference.
 */
PyObject *PyType_FromModuleAndSpec(PyObject *module, PyType_Spec *spec, PyObject *bases);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030C0000

/**
 * The same with a metaclass, which may be NULL. New reference.
 */
PyObject *PyType_FromMetaclass(PyTypeObject *metaclass,
                               PyObject *module,
                               PyType_Spec *spec,
                               PyObject *bases);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030F0000

/**
 * A heap type as an array of slots says, which ends with slot 0. New reference.
 */
PyObject *PyType_FromSlots(PySlot *slots);

#endif

/**
 * `tp_alloc` of most types: a zeroed instance, tracked if collectable. New reference.
 */
PyObject *PyType_GenericAlloc(PyTypeObject *type, Py_ssize_t nitems);

/**
 * `tp_new` of types that only allocate. New reference.
 */
PyObject *PyType_GenericNew(PyTypeObject *type, PyObject *_args, PyObject *_kwds);

/**
 * Takes back all that is remembered of lookups. There is nothing to do: a version that is given up is never
 * given out again. The last version that was given out.
 */
unsigned int PyType_ClearCache(void);

/**
 * `tp_flags`.
 */
unsigned long PyType_GetFlags(PyTypeObject *type);

/**
 * Tells that the type's dict or bases were changed behind its back.
 */
void PyType_Modified(PyTypeObject *type);

/**
 * Whether `a` is `b` or derives from it. Never fails.
 */
int PyType_IsSubtype(PyTypeObject *a, PyTypeObject *b);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030E0000

/**
 * Makes the type immutable; `TypeError` if a base is mutable.
 */
int PyType_Freeze(PyTypeObject *type);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03040000

/**
 * What fills a slot: NULL if nothing does. `SystemError` for a number that is no slot.
 */
void *PyType_GetSlot(PyTypeObject *type, int slot);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030B0000

/**
 * `__name__`. New reference.
 */
PyObject *PyType_GetName(PyTypeObject *type);

/**
 * `__qualname__`. New reference.
 */
PyObject *PyType_GetQualName(PyTypeObject *type);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030D0000

/**
 * `module.qualname`, without the modules `builtins` and `__main__`. New reference.
 */
PyObject *PyType_GetFullyQualifiedName(PyTypeObject *type);

/**
 * `__module__`. New reference.
 */
PyObject *PyType_GetModuleName(PyTypeObject *type);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03090000

/**
 * The module that the type was made with. Borrowed; `TypeError` if there is none.
 */
PyObject *PyType_GetModule(PyTypeObject *type);

/**
 * The state of that module: NULL if it has none.
 */
void *PyType_GetModuleState(PyTypeObject *type);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030D0000

/**
 * The module made from `def` that the type or a base of it belongs to. Borrowed; `TypeError` if there is none.
 */
PyObject *PyType_GetModuleByDef(PyTypeObject *type,
                                PyModuleDef *def);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030F0000

/**
 * The same by the module's token. New reference.
 */
PyObject *PyType_GetModuleByToken(PyTypeObject *type, const void *token);

/**
 * The same for a collector's functions: borrowed, and no exception.
 */
PyObject *PyType_GetModuleByToken_DuringGC(PyTypeObject *type, const void *token);

/**
 * `PyType_GetModule` for a collector's functions: borrowed, and no exception.
 */
PyObject *PyType_GetModule_DuringGC(PyTypeObject *type);

/**
 * `PyType_GetModuleState` for a collector's functions: no exception.
 */
void *PyType_GetModuleState_DuringGC(PyTypeObject *type);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030E0000

/**
 * The type or the first base of it that has the token: 1 and a new reference in `result` (which may be NULL), or 0.
 */
int PyType_GetBaseByToken(PyTypeObject *type,
                          void *token,
                          PyTypeObject **result);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030F0000

/**
 * The same for a collector's functions: the reference in `result` is borrowed, and there is no exception.
 */
int PyType_GetBaseByToken_DuringGC(PyTypeObject *type,
                                   void *token,
                                   PyTypeObject **result);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030C0000

/**
 * The data that `cls` added to its base's instances, in `object`.
 */
void *PyObject_GetTypeData(PyObject *object, PyTypeObject *cls);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030F0000

/**
 * The same for a collector's functions.
 */
void *PyObject_GetTypeData_DuringGC(PyObject *object, PyTypeObject *cls);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030C0000

/**
 * How many bytes those are.
 */
Py_ssize_t PyType_GetTypeDataSize(PyTypeObject *cls);

#endif
