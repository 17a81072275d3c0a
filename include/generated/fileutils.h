/* Written by `make headers` from src/capi/fileutils*.rs. */

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03050000

/**
 * A text of the system's as wide characters, bytes that are no UTF-8 as lone surrogates. The runtime need not be
 * started.
 *
 * To be freed by `PyMem_RawFree`. NULL with a size of -1 if there is no memory.
 */
wchar_t *Py_DecodeLocale(const char *text,
                         size_t *size);

/**
 * Wide characters as the system's text, the surrogates that stand for bytes as these bytes.
 *
 * To be freed by `PyMem_Free`. NULL with the index of a character that cannot be encoded, or -1 if there is no
 * memory, in `error_pos`; -1 too if all went well.
 */
char *Py_EncodeLocale(const wchar_t *text,
                      size_t *error_pos);

#endif
