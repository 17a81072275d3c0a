/* Written by `make headers` from src/capi/unicodeobject*.rs. */

/**
 * A str of UTF-8 text up to its NUL.
 *
 * New reference. `UnicodeDecodeError` if it is not UTF-8.
 */
PyObject *PyUnicode_FromString(const char *text);

/**
 * A str of so many bytes of UTF-8.
 *
 * New reference. `SystemError` for a negative size, or NULL with a size; `UnicodeDecodeError`.
 */
PyObject *PyUnicode_FromStringAndSize(const char *text, Py_ssize_t size);

/**
 * The str itself, or an exact copy of an instance of a subclass.
 *
 * New reference. `TypeError` for anything else.
 */
PyObject *PyUnicode_FromObject(PyObject *object);

/**
 * A str of one character.
 *
 * New reference. `ValueError` if there is no such character.
 */
PyObject *PyUnicode_FromOrdinal(int ordinal);

/**
 * The interned str of UTF-8 text.
 *
 * New reference.
 */
PyObject *PyUnicode_InternFromString(const char *text);

/**
 * Puts the interned str equal to `*text` in its place.
 *
 * Steals the old reference and gives a new one. Errors are ignored, and the str then stays.
 */
void PyUnicode_InternInPlace(PyObject **text);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03030000

/**
 * Length in characters.
 *
 * -1 with `TypeError` for anything but a str.
 */
Py_ssize_t PyUnicode_GetLength(PyObject *text);

/**
 * The character at `index`.
 *
 * -1 with `IndexError` if out of range, `TypeError` for anything but a str.
 */
uint32_t PyUnicode_ReadChar(PyObject *text, Py_ssize_t index);

/**
 * Writes a character of a str that nobody else has seen.
 *
 * `IndexError` if out of range, `SystemError` if the str is shared or hashed, `ValueError` if the character
 * is wider than the str's.
 */
int PyUnicode_WriteChar(PyObject *text,
                        Py_ssize_t index,
                        uint32_t c);

#endif

/**
 * Changes the length of a str that nobody else has seen; where it is shared, makes another.
 *
 * `SystemError` for NULL, anything but a str, or a negative length.
 */
int PyUnicode_Resize(PyObject **text, Py_ssize_t length);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03030000

/**
 * Characters from `start` up to `end`, which is clipped.
 *
 * New reference. `IndexError` for negative indexes.
 */
PyObject *PyUnicode_Substring(PyObject *text, Py_ssize_t start, Py_ssize_t end);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030A0000

/**
 * The text as UTF-8, kept by the str.
 *
 * Lives as long as the str. NULL with `TypeError` for anything but a str, `UnicodeEncodeError`.
 */
const char *PyUnicode_AsUTF8AndSize(PyObject *text, Py_ssize_t *size);

#endif

/**
 * `left + right`.
 *
 * New reference. `TypeError` for anything but strs.
 */
PyObject *PyUnicode_Concat(PyObject *left, PyObject *right);

/**
 * `*left += right`.
 *
 * Steals the old `*left`; on failure `*left` becomes NULL, with an exception.
 */
void PyUnicode_Append(PyObject **left, PyObject *right);

/**
 * The same, with `right` stolen.
 */
void PyUnicode_AppendAndDel(PyObject **left, PyObject *right);

/**
 * `format % args`.
 *
 * New reference. `SystemError` for NULL.
 */
PyObject *PyUnicode_Format(PyObject *format, PyObject *args);

/**
 * The text that a bytes-like object stands for.
 *
 * New reference. `TypeError` for a str or what has no buffer.
 */
PyObject *PyUnicode_FromEncodedObject(PyObject *object, const char *encoding, const char *errors);

/**
 * The name of the default encoding: always UTF-8.
 */
const char *PyUnicode_GetDefaultEncoding(void);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03030000

/**
 * Where one character first (`direction` > 0) or last occurs.
 *
 * -1 if it does not; -2 on failure.
 */
Py_ssize_t PyUnicode_FindChar(PyObject *text,
                              uint32_t c,
                              Py_ssize_t start,
                              Py_ssize_t end,
                              int direction);

#endif

/**
 * The text of so many bytes in an encoding; NULL means UTF-8.
 *
 * New reference. `LookupError` for an unknown encoding, `UnicodeDecodeError`.
 */
PyObject *PyUnicode_Decode(const char *text,
                           Py_ssize_t size,
                           const char *encoding,
                           const char *errors);

/**
 * The bytes of a str in an encoding; NULL means UTF-8.
 *
 * New reference. `TypeError` for anything but a str, `LookupError`, `UnicodeEncodeError`.
 */
PyObject *PyUnicode_AsEncodedString(PyObject *text, const char *encoding, const char *errors);

/**
 * The text of so many bytes of UTF-8.
 *
 * New reference.
 */
PyObject *PyUnicode_DecodeUTF8(const char *text, Py_ssize_t size, const char *errors);

/**
 * The text of so many bytes of Latin-1.
 *
 * New reference.
 */
PyObject *PyUnicode_DecodeLatin1(const char *text, Py_ssize_t size, const char *errors);

/**
 * The text of so many bytes of ASCII.
 *
 * New reference.
 */
PyObject *PyUnicode_DecodeASCII(const char *text, Py_ssize_t size, const char *errors);

/**
 * The text of so many bytes of `unicode_escape`.
 *
 * New reference.
 */
PyObject *PyUnicode_DecodeUnicodeEscape(const char *text, Py_ssize_t size, const char *errors);

/**
 * The text of so many bytes of `raw_unicode_escape`.
 *
 * New reference.
 */
PyObject *PyUnicode_DecodeRawUnicodeEscape(const char *text, Py_ssize_t size, const char *errors);

/**
 * The same; with `consumed` an incomplete character at the end waits for more, and `consumed` says how many
 * bytes were decoded.
 *
 * New reference.
 */
PyObject *PyUnicode_DecodeUTF8Stateful(const char *text,
                                       Py_ssize_t size,
                                       const char *errors,
                                       Py_ssize_t *consumed);

/**
 * The text of so many bytes of UTF-7.
 *
 * New reference. `UnicodeDecodeError`.
 */
PyObject *PyUnicode_DecodeUTF7(const char *text, Py_ssize_t size, const char *errors);

/**
 * The same; with `consumed` a section in base64 that has no end waits for more.
 *
 * New reference. `UnicodeDecodeError`.
 */
PyObject *PyUnicode_DecodeUTF7Stateful(const char *text,
                                       Py_ssize_t size,
                                       const char *errors,
                                       Py_ssize_t *consumed);

/**
 * The text of so many bytes of UTF-16. `*byteorder` is -1 for little endian, 1 for big, 0 for what a mark
 * says, and then tells what it said; NULL counts as 0.
 *
 * New reference.
 */
PyObject *PyUnicode_DecodeUTF16(const char *text,
                                Py_ssize_t size,
                                const char *errors,
                                int *byteorder);

/**
 * The same; with `consumed` an incomplete character at the end waits for more.
 *
 * New reference.
 */
PyObject *PyUnicode_DecodeUTF16Stateful(const char *text,
                                        Py_ssize_t size,
                                        const char *errors,
                                        int *byteorder,
                                        Py_ssize_t *consumed);

/**
 * The text of so many bytes of UTF-32. `*byteorder` is -1 for little endian, 1 for big, 0 for what a mark
 * says, and then tells what it said; NULL counts as 0.
 *
 * New reference.
 */
PyObject *PyUnicode_DecodeUTF32(const char *text,
                                Py_ssize_t size,
                                const char *errors,
                                int *byteorder);

/**
 * The same; with `consumed` an incomplete character at the end waits for more.
 *
 * New reference.
 */
PyObject *PyUnicode_DecodeUTF32Stateful(const char *text,
                                        Py_ssize_t size,
                                        const char *errors,
                                        int *byteorder,
                                        Py_ssize_t *consumed);

/**
 * The bytes of a str in UTF-8.
 *
 * New reference. `TypeError` for anything but a str, `UnicodeEncodeError`.
 */
PyObject *PyUnicode_AsUTF8String(PyObject *text);

/**
 * The bytes of a str in UTF-16, with a mark in the machine's order.
 *
 * New reference. `TypeError` for anything but a str, `UnicodeEncodeError`.
 */
PyObject *PyUnicode_AsUTF16String(PyObject *text);

/**
 * The bytes of a str in UTF-32, with a mark in the machine's order.
 *
 * New reference. `TypeError` for anything but a str, `UnicodeEncodeError`.
 */
PyObject *PyUnicode_AsUTF32String(PyObject *text);

/**
 * The bytes of a str in Latin-1.
 *
 * New reference. `TypeError` for anything but a str, `UnicodeEncodeError`.
 */
PyObject *PyUnicode_AsLatin1String(PyObject *text);

/**
 * The bytes of a str in ASCII.
 *
 * New reference. `TypeError` for anything but a str, `UnicodeEncodeError`.
 */
PyObject *PyUnicode_AsASCIIString(PyObject *text);

/**
 * The bytes of a str in `unicode_escape`.
 *
 * New reference. `TypeError` for anything but a str, `UnicodeEncodeError`.
 */
PyObject *PyUnicode_AsUnicodeEscapeString(PyObject *text);

/**
 * The bytes of a str in `raw_unicode_escape`.
 *
 * New reference. `TypeError` for anything but a str, `UnicodeEncodeError`.
 */
PyObject *PyUnicode_AsRawUnicodeEscapeString(PyObject *text);

/**
 * The text of bytes by a table from bytes to characters; NULL means Latin-1.
 *
 * New reference.
 */
PyObject *PyUnicode_DecodeCharmap(const char *text,
                                  Py_ssize_t size,
                                  PyObject *table,
                                  const char *errors);

/**
 * The bytes of a str by a table from characters to bytes.
 *
 * New reference. `SystemError` for NULL or anything but a str.
 */
PyObject *PyUnicode_AsCharmapString(PyObject *text, PyObject *table);

/**
 * The table for encoding that goes with a str for decoding.
 *
 * New reference. `TypeError` for anything but a str that is not empty.
 */
PyObject *PyUnicode_BuildEncodingMap(PyObject *table);

/**
 * -1, 0 or 1 by code points.
 *
 * -1 with `TypeError` for anything but strs.
 */
int PyUnicode_Compare(PyObject *left, PyObject *right);

/**
 * -1, 0 or 1, the right side being Latin-1 up to its NUL. Never fails.
 */
int PyUnicode_CompareWithASCIIString(PyObject *text, const char *other);

/**
 * `left op right`: `True`, `False`, or `NotImplemented` unless both are strs.
 */
PyObject *PyUnicode_RichCompare(PyObject *left, PyObject *right, int op);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030E0000

/**
 * Whether two strs are equal.
 *
 * -1 with `TypeError` for anything but strs.
 */
int PyUnicode_Equal(PyObject *left, PyObject *right);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030D0000

/**
 * Whether a str is that UTF-8 text. Never fails.
 */
int PyUnicode_EqualToUTF8(PyObject *text, const char *other);

/**
 * Whether a str is that UTF-8 text of a size. Never fails: anything but a str is not.
 */
int PyUnicode_EqualToUTF8AndSize(PyObject *text, const char *other, Py_ssize_t size);

#endif

/**
 * `str.isidentifier`. Never fails: anything but a str is none.
 */
int PyUnicode_IsIdentifier(PyObject *text);

/**
 * `element in container`.
 *
 * -1 with `TypeError` for anything but strs.
 */
int PyUnicode_Contains(PyObject *container, PyObject *element);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03030000

/**
 * The text of so many bytes in the locale's encoding.
 *
 * New reference. `ValueError` for a NUL within, or a handler other than `strict` and `surrogateescape`.
 */
PyObject *PyUnicode_DecodeLocaleAndSize(const char *text,
                                        Py_ssize_t size,
                                        const char *errors);

/**
 * The text of what stands before the NUL, in the locale's encoding.
 *
 * New reference.
 */
PyObject *PyUnicode_DecodeLocale(const char *text, const char *errors);

/**
 * The bytes of a str in the locale's encoding.
 *
 * New reference. `ValueError` as for decoding.
 */
PyObject *PyUnicode_EncodeLocale(PyObject *text, const char *errors);

#endif

/**
 * The text of a file name.
 *
 * New reference.
 */
PyObject *PyUnicode_DecodeFSDefaultAndSize(const char *text, Py_ssize_t size);

/**
 * The text of a file name that ends with a NUL.
 *
 * New reference.
 */
PyObject *PyUnicode_DecodeFSDefault(const char *text);

/**
 * The bytes of a file name.
 *
 * New reference.
 */
PyObject *PyUnicode_EncodeFSDefault(PyObject *text);

/**
 * `PyArg_Parse`'s `O&` for file names as bytes; NULL for `object` gives `*result` back.
 *
 * `Py_CLEANUP_SUPPORTED` with a new reference in `*result`; 0 on failure.
 */
int PyUnicode_FSConverter(PyObject *object, void *result);

/**
 * `PyArg_Parse`'s `O&` for file names as str; NULL for `object` gives `*result` back.
 *
 * `Py_CLEANUP_SUPPORTED` with a new reference in `*result`; 0 on failure.
 */
int PyUnicode_FSDecoder(PyObject *object, void *result);

/**
 * Where `sub` first (`direction` > 0) or last occurs in `text[start:end]`.
 *
 * -1 if it does not; -2 with `TypeError` for anything but strs.
 */
Py_ssize_t PyUnicode_Find(PyObject *text,
                          PyObject *sub,
                          Py_ssize_t start,
                          Py_ssize_t end,
                          int direction);

/**
 * How often `sub` occurs in `text[start:end]`, without overlap.
 *
 * -1 with `TypeError` for anything but strs.
 */
Py_ssize_t PyUnicode_Count(PyObject *text, PyObject *sub, Py_ssize_t start, Py_ssize_t end);

/**
 * Whether `text[start:end]` begins (`direction` <= 0) or ends with `affix`.
 *
 * -1 with `TypeError` for anything but strs.
 */
Py_ssize_t PyUnicode_Tailmatch(PyObject *text,
                               PyObject *affix,
                               Py_ssize_t start,
                               Py_ssize_t end,
                               int direction);

/**
 * `text.split(sep, max)`; NULL for `sep` means white space.
 *
 * New reference.
 */
PyObject *PyUnicode_Split(PyObject *text, PyObject *sep, Py_ssize_t max);

/**
 * `text.rsplit(sep, max)`; NULL for `sep` means white space.
 *
 * New reference.
 */
PyObject *PyUnicode_RSplit(PyObject *text, PyObject *sep, Py_ssize_t max);

/**
 * `text.splitlines(keepends)`.
 *
 * New reference.
 */
PyObject *PyUnicode_Splitlines(PyObject *text, int keep_ends);

/**
 * `text.partition(sep)`.
 *
 * New reference.
 */
PyObject *PyUnicode_Partition(PyObject *text, PyObject *sep);

/**
 * `text.rpartition(sep)`.
 *
 * New reference.
 */
PyObject *PyUnicode_RPartition(PyObject *text, PyObject *sep);

/**
 * `text.replace(old, new, max)`.
 *
 * New reference.
 */
PyObject *PyUnicode_Replace(PyObject *text, PyObject *old, PyObject *new_, Py_ssize_t max);

/**
 * `separator.join(iterable)`; NULL for the separator means a space.
 *
 * New reference.
 */
PyObject *PyUnicode_Join(PyObject *separator, PyObject *iterable);

/**
 * `text.translate(table)`.
 *
 * New reference. The error handler is not needed: what the table does not know stays.
 */
PyObject *PyUnicode_Translate(PyObject *text, PyObject *table, const char *errors);

/**
 * A str of wide characters; a size of -1 means up to the NUL.
 *
 * New reference. `ValueError` for what is no character.
 */
PyObject *PyUnicode_FromWideChar(const wchar_t *text, Py_ssize_t size);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03030000

/**
 * Writes the code points into `target`, a NUL behind them if `copy_null`.
 *
 * `target`, or NULL with `SystemError` if the buffer is too small.
 */
uint32_t *PyUnicode_AsUCS4(PyObject *text, uint32_t *target, Py_ssize_t size, int copy_null);

/**
 * The code points and a NUL in a block of `PyMem_Malloc`'s.
 *
 * NULL with `MemoryError`.
 */
uint32_t *PyUnicode_AsUCS4Copy(PyObject *text);

#endif

/**
 * Writes wide characters, at most `size`, a NUL behind them if there is room.
 *
 * How many without the NUL; with NULL for `target`, how many with it. -1 on failure.
 */
Py_ssize_t PyUnicode_AsWideChar(PyObject *text, wchar_t *target, Py_ssize_t size);

/**
 * The wide characters and a NUL in a block of `PyMem_Malloc`'s.
 *
 * NULL with `ValueError` if nobody asked for the size and the text holds a NUL.
 */
wchar_t *PyUnicode_AsWideCharString(PyObject *text, Py_ssize_t *size);
