/* Written by `make headers` from src/capi/pymacro*.rs. */

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030E0000

/**
 * A version as `PY_VERSION_HEX` has it, each part cut to its width.
 */
uint32_t Py_PACK_FULL_VERSION(int major, int minor, int micro, int level, int serial);

/**
 * The same without the last three parts.
 */
uint32_t Py_PACK_VERSION(int major, int minor);

#endif
