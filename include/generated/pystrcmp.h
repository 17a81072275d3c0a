/* Written by `make headers` from src/capi/pystrcmp*.rs. */

/**
 * As `strcasecmp`, whatever the locale.
 */
int PyOS_mystricmp(const char *a, const char *b);

/**
 * As `strncasecmp`, whatever the locale.
 */
int PyOS_mystrnicmp(const char *a, const char *b, Py_ssize_t size);
