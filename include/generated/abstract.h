/* Written by `make headers` from src/capi/abstract*.rs. */

/**
 * `callable(*args, **kwargs)`; no keywords if `kwargs` is NULL. New reference.
 */
PyObject *PyObject_Call(PyObject *callable, PyObject *args, PyObject *kwargs);

/**
 * `callable(*args)`; no arguments if `args` is NULL. New reference. `TypeError` if it is no tuple.
 */
PyObject *PyObject_CallObject(PyObject *callable, PyObject *args);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03090000

/**
 * `callable()`. New reference.
 */
PyObject *PyObject_CallNoArgs(PyObject *callable);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030C0000

/**
 * `callable(*args[..n], **dict(zip(kwnames, args[n..])))`. New reference.
 */
PyObject *PyObject_Vectorcall(PyObject *callable,
                              PyObject *const *args,
                              size_t nargsf,
                              PyObject *kwnames);

/**
 * `args[0].name(*args[1..], …)`. New reference.
 */
PyObject *PyObject_VectorcallMethod(PyObject *name,
                                    PyObject *const *args,
                                    size_t nargsf,
                                    PyObject *kwnames);

#endif

/**
 * `callable(*tuple, **dict)` of a callable with a vectorcall function. New reference.
 */
PyObject *PyVectorcall_Call(PyObject *callable, PyObject *tuple, PyObject *dict);

/**
 * The number of positional arguments in `nargsf`.
 */
Py_ssize_t PyVectorcall_NARGS(size_t nargsf);

/**
 * `len(object)`; -1 on failure.
 */
Py_ssize_t PyObject_Size(PyObject *object);

/**
 * As `PyObject_Size`.
 */
Py_ssize_t PyObject_Length(PyObject *object);

/**
 * `object[key]`. New reference.
 */
PyObject *PyObject_GetItem(PyObject *object, PyObject *key);

/**
 * `object[key] = value`.
 */
int PyObject_SetItem(PyObject *object, PyObject *key, PyObject *value);

/**
 * `del object[key]`.
 */
int PyObject_DelItem(PyObject *object, PyObject *key);

/**
 * `del object[key]`, the key as UTF-8.
 */
int PyObject_DelItemString(PyObject *object, const char *key);

/**
 * `int(object)`.
 *
 * New reference. `TypeError` for what is neither number nor text, `ValueError` for text that is no int.
 */
PyObject *PyNumber_Long(PyObject *object);

/**
 * `float(object)`.
 *
 * New reference. `TypeError` for what is neither number nor text, `ValueError` for text that is no float.
 */
PyObject *PyNumber_Float(PyObject *object);

/**
 * `operator.index(object)` as text in base 2, 8, 10 or 16, with the prefix of a literal.
 *
 * New reference. `SystemError` for another base.
 */
PyObject *PyNumber_ToBase(PyObject *object, int base);

/**
 * Whether `object` is an instance of `class`, or of one of a tuple of classes.
 */
int PyObject_IsInstance(PyObject *object, PyObject *class_);

/**
 * Whether `derived` derives from `class`, or from one of a tuple of classes.
 */
int PyObject_IsSubclass(PyObject *derived, PyObject *class_);

/**
 * Whether `object` is a number: it has `__index__`, `__int__` or `__float__`, or is complex. NULL is none.
 */
int PyNumber_Check(PyObject *object);

/**
 * `left + right`.
 *
 * New reference. `TypeError` if neither operand knows how.
 */
PyObject *PyNumber_Add(PyObject *left, PyObject *right);

/**
 * `left - right`.
 *
 * New reference. `TypeError` if neither operand knows how.
 */
PyObject *PyNumber_Subtract(PyObject *left, PyObject *right);

/**
 * `left * right`.
 *
 * New reference. `TypeError` if neither operand knows how.
 */
PyObject *PyNumber_Multiply(PyObject *left, PyObject *right);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03050000

/**
 * `left @ right`.
 *
 * New reference. `TypeError` if neither operand knows how.
 */
PyObject *PyNumber_MatrixMultiply(PyObject *left, PyObject *right);

#endif

/**
 * `left / right`.
 *
 * New reference. `TypeError` if neither operand knows how.
 */
PyObject *PyNumber_TrueDivide(PyObject *left, PyObject *right);

/**
 * `left // right`.
 *
 * New reference. `TypeError` if neither operand knows how.
 */
PyObject *PyNumber_FloorDivide(PyObject *left, PyObject *right);

/**
 * `left % right`.
 *
 * New reference. `TypeError` if neither operand knows how.
 */
PyObject *PyNumber_Remainder(PyObject *left, PyObject *right);

/**
 * `left << right`.
 *
 * New reference. `TypeError` if neither operand knows how.
 */
PyObject *PyNumber_Lshift(PyObject *left, PyObject *right);

/**
 * `left >> right`.
 *
 * New reference. `TypeError` if neither operand knows how.
 */
PyObject *PyNumber_Rshift(PyObject *left, PyObject *right);

/**
 * `left & right`.
 *
 * New reference. `TypeError` if neither operand knows how.
 */
PyObject *PyNumber_And(PyObject *left, PyObject *right);

/**
 * `left ^ right`.
 *
 * New reference. `TypeError` if neither operand knows how.
 */
PyObject *PyNumber_Xor(PyObject *left, PyObject *right);

/**
 * `left | right`.
 *
 * New reference. `TypeError` if neither operand knows how.
 */
PyObject *PyNumber_Or(PyObject *left, PyObject *right);

/**
 * `divmod(left, right)`.
 *
 * New reference. `TypeError` if neither operand knows how.
 */
PyObject *PyNumber_Divmod(PyObject *left, PyObject *right);

/**
 * `pow(base, exponent, modulus)`; `None` for no modulus.
 *
 * New reference.
 */
PyObject *PyNumber_Power(PyObject *base, PyObject *exponent, PyObject *modulus);

/**
 * `left += right`, in place where the left operand can.
 *
 * New reference, possibly to `left` itself.
 */
PyObject *PyNumber_InPlaceAdd(PyObject *left, PyObject *right);

/**
 * `left -= right`, in place where the left operand can.
 *
 * New reference, possibly to `left` itself.
 */
PyObject *PyNumber_InPlaceSubtract(PyObject *left, PyObject *right);

/**
 * `left *= right`, in place where the left operand can.
 *
 * New reference, possibly to `left` itself.
 */
PyObject *PyNumber_InPlaceMultiply(PyObject *left, PyObject *right);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03050000

/**
 * `left @= right`, in place where the left operand can.
 *
 * New reference, possibly to `left` itself.
 */
PyObject *PyNumber_InPlaceMatrixMultiply(PyObject *left, PyObject *right);

#endif

/**
 * `left /= right`, in place where the left operand can.
 *
 * New reference, possibly to `left` itself.
 */
PyObject *PyNumber_InPlaceTrueDivide(PyObject *left, PyObject *right);

/**
 * `left //= right`, in place where the left operand can.
 *
 * New reference, possibly to `left` itself.
 */
PyObject *PyNumber_InPlaceFloorDivide(PyObject *left, PyObject *right);

/**
 * `left %= right`, in place where the left operand can.
 *
 * New reference, possibly to `left` itself.
 */
PyObject *PyNumber_InPlaceRemainder(PyObject *left, PyObject *right);

/**
 * `left <<= right`, in place where the left operand can.
 *
 * New reference, possibly to `left` itself.
 */
PyObject *PyNumber_InPlaceLshift(PyObject *left, PyObject *right);

/**
 * `left >>= right`, in place where the left operand can.
 *
 * New reference, possibly to `left` itself.
 */
PyObject *PyNumber_InPlaceRshift(PyObject *left, PyObject *right);

/**
 * `left &= right`, in place where the left operand can.
 *
 * New reference, possibly to `left` itself.
 */
PyObject *PyNumber_InPlaceAnd(PyObject *left, PyObject *right);

/**
 * `left ^= right`, in place where the left operand can.
 *
 * New reference, possibly to `left` itself.
 */
PyObject *PyNumber_InPlaceXor(PyObject *left, PyObject *right);

/**
 * `left |= right`, in place where the left operand can.
 *
 * New reference, possibly to `left` itself.
 */
PyObject *PyNumber_InPlaceOr(PyObject *left, PyObject *right);

/**
 * `base **= exponent`, in place where the base can.
 *
 * New reference.
 */
PyObject *PyNumber_InPlacePower(PyObject *base, PyObject *exponent, PyObject *modulus);

/**
 * `-object`.
 *
 * New reference. `TypeError` if the type does not know how.
 */
PyObject *PyNumber_Negative(PyObject *object);

/**
 * `+object`.
 *
 * New reference. `TypeError` if the type does not know how.
 */
PyObject *PyNumber_Positive(PyObject *object);

/**
 * `~object`.
 *
 * New reference. `TypeError` if the type does not know how.
 */
PyObject *PyNumber_Invert(PyObject *object);

/**
 * `abs(object)`.
 *
 * New reference. `TypeError` if the type does not know how.
 */
PyObject *PyNumber_Absolute(PyObject *object);

/**
 * `operator.index(object)`: an exact int.
 *
 * New reference. `TypeError` for what has no `__index__`.
 */
PyObject *PyNumber_Index(PyObject *object);

/**
 * Whether `object` has `__index__`.
 */
int PyIndex_Check(PyObject *object);

/**
 * An index as a C integer. One that does not fit raises `exception`, or is clipped if that is NULL.
 *
 * -1 on failure, which is also a value: ask `PyErr_Occurred`.
 */
Py_ssize_t PyNumber_AsSsize_t(PyObject *object, PyObject *exception);

/**
 * Whether items are had by index, and it is no dict.
 */
int PySequence_Check(PyObject *object);

/**
 * `len(object)` of a sequence. `TypeError` for a mapping.
 */
Py_ssize_t PySequence_Size(PyObject *object);

/**
 * As `PySequence_Size`.
 */
Py_ssize_t PySequence_Length(PyObject *object);

/**
 * `left + right` of sequences. New reference.
 */
PyObject *PySequence_Concat(PyObject *left, PyObject *right);

/**
 * `left += right` of sequences. New reference, possibly to `left`.
 */
PyObject *PySequence_InPlaceConcat(PyObject *left, PyObject *right);

/**
 * `object * count` of a sequence. New reference.
 */
PyObject *PySequence_Repeat(PyObject *object, Py_ssize_t count);

/**
 * `object *= count` of a sequence. New reference, possibly to `object`.
 */
PyObject *PySequence_InPlaceRepeat(PyObject *object, Py_ssize_t count);

/**
 * `object[index]`; a negative index counts from the end. New reference.
 */
PyObject *PySequence_GetItem(PyObject *object, Py_ssize_t index);

/**
 * `object[index] = value`; NULL deletes.
 */
int PySequence_SetItem(PyObject *object, Py_ssize_t index, PyObject *value);

/**
 * `del object[index]`.
 */
int PySequence_DelItem(PyObject *object, Py_ssize_t index);

/**
 * `object[low:high]`. New reference.
 */
PyObject *PySequence_GetSlice(PyObject *object, Py_ssize_t low, Py_ssize_t high);

/**
 * `object[low:high] = value`; NULL deletes.
 */
int PySequence_SetSlice(PyObject *object, Py_ssize_t low, Py_ssize_t high, PyObject *value);

/**
 * `del object[low:high]`.
 */
int PySequence_DelSlice(PyObject *object, Py_ssize_t low, Py_ssize_t high);

/**
 * `tuple(object)`. New reference.
 */
PyObject *PySequence_Tuple(PyObject *object);

/**
 * `list(object)`. New reference.
 */
PyObject *PySequence_List(PyObject *object);

/**
 * The object itself if it is a list or a tuple, else a list of its items. New reference. `TypeError` with
 * `message` for what cannot be iterated.
 */
PyObject *PySequence_Fast(PyObject *object,
                          const char *message);

/**
 * How many items equal `value`.
 */
Py_ssize_t PySequence_Count(PyObject *object, PyObject *value);

/**
 * The index of the first item equal to `value`. `ValueError` if there is none.
 */
Py_ssize_t PySequence_Index(PyObject *object, PyObject *value);

/**
 * `value in object`.
 */
int PySequence_Contains(PyObject *object, PyObject *value);

/**
 * As `PySequence_Contains`.
 */
int PySequence_In(PyObject *object, PyObject *value);

/**
 * Whether it has `__getitem__` as a mapping does: so has a list, which takes slices.
 */
int PyMapping_Check(PyObject *object);

/**
 * `len(object)` of a mapping. `TypeError` for a sequence.
 */
Py_ssize_t PyMapping_Size(PyObject *object);

/**
 * As `PyMapping_Size`.
 */
Py_ssize_t PyMapping_Length(PyObject *object);

/**
 * `object[key]`. New reference.
 */
PyObject *PyMapping_GetItemString(PyObject *object, const char *key);

/**
 * `object[key] = value`.
 */
int PyMapping_SetItemString(PyObject *object, const char *key, PyObject *value);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030D0000

/**
 * `object[key]` into `result`: 1; without such a key NULL and 0.
 */
int PyMapping_GetOptionalItem(PyObject *object, PyObject *key, PyObject **result);

/**
 * As `PyMapping_GetOptionalItem`, the key as UTF-8.
 */
int PyMapping_GetOptionalItemString(PyObject *object, const char *key, PyObject **result);

#endif

/**
 * Whether `object[key]` works; no exception is left, whatever happened.
 */
int PyMapping_HasKey(PyObject *object, PyObject *key);

/**
 * As `PyMapping_HasKey`, the key as UTF-8.
 */
int PyMapping_HasKeyString(PyObject *object, const char *key);

/**
 * Whether `object[key]` works; -1 for any exception but `KeyError`.
 */
int PyMapping_HasKeyWithError(PyObject *object, PyObject *key);

/**
 * As `PyMapping_HasKeyWithError`, the key as UTF-8.
 */
int PyMapping_HasKeyStringWithError(PyObject *object, const char *key);

/**
 * `list(object.keys())`. New reference.
 */
PyObject *PyMapping_Keys(PyObject *object);

/**
 * `list(object.values())`. New reference.
 */
PyObject *PyMapping_Values(PyObject *object);

/**
 * `list(object.items())`. New reference.
 */
PyObject *PyMapping_Items(PyObject *object);

/**
 * `iter(object)`. New reference.
 */
PyObject *PyObject_GetIter(PyObject *object);

/**
 * Whether it can be asked for its next item.
 */
int PyIter_Check(PyObject *object);

/**
 * The next item, or NULL: without an exception at the end. New reference.
 */
PyObject *PyIter_Next(PyObject *iterator);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030E0000

/**
 * The next item into `item`: 1; at the end NULL and 0. `TypeError` for what is no iterator.
 */
int PyIter_NextItem(PyObject *iterator, PyObject **item);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030A0000

/**
 * Sends a value into an iterator; `None` into any asks for the next item. What it yields or returns comes
 * out as `result`, with 1 or 0; -1 and NULL if it raises.
 */
PySendResult PyIter_Send(PyObject *iterator,
                         PyObject *value,
                         PyObject **result);

#endif

/**
 * Whether it can be asked for its next item asynchronously.
 */
int PyAIter_Check(PyObject *object);

/**
 * `aiter(object)`. New reference. `TypeError` for what is no asynchronous iterable.
 */
PyObject *PyObject_GetAIter(PyObject *object);
