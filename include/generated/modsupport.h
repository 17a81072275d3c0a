/* Written by `make headers` from src/capi/modsupport*.rs. */

/**
 * 1 if all keys of the dict are strs.
 *
 * 0 with `TypeError` if one is not, `SystemError` if it is no dict.
 */
int PyArg_ValidateKeywordArguments(PyObject *kwargs);
