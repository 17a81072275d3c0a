/* Written by `make headers` from src/capi/pystrtod*.rs. */

/**
 * The float that a text begins with; `end`, unless NULL, gets where it ends, else all of the text must be it.
 *
 * -1.0 on failure: `ValueError`; `overflow`, unless NULL, for a number that is too large, which is otherwise an
 * infinity.
 */
double PyOS_string_to_double(const char *text,
                             char **end,
                             PyObject *overflow);

/**
 * A float as text, after a format code: `e`, `f`, `g`, their capitals, or `r` with precision 0. `kind`, unless
 * NULL, gets 0 for a finite float, 1 for an infinity, 2 for a nan.
 *
 * To be freed by `PyMem_Free`. NULL on failure: `SystemError` for another code, `MemoryError`.
 */
char *PyOS_double_to_string(double value,
                            char code,
                            int precision,
                            int flags,
                            int *kind);
