/* Written by `make headers` from src/capi/deathless*.rs. */

/**
 * Calls `visit` with every immortal that this interpreter can meet, until it returns something other than 0, which is
 * then returned. What it is shown is valid during the call; it must not make or end objects.
 */
int deathless_visit_immortals(int (*visit)(const struct deathless_immortal*, void*),
                              void *arg);

/**
 * Looks at the reference word of every immortal and writes back those that drifted; `*drifted` says how many. NULL
 * is passed over. Always 0.
 */
int deathless_check_immortals(size_t *drifted);

/**
 * How often in this process the word of an immortal was found drifted and written back.
 */
uint64_t deathless_heal_count(void);

/**
 * Has the `nth` allocation from now on fail, counted from 1, and only that one; 0 for none. Of the blocks of the
 * current interpreter's heap: every object, `PyMem_*` and `PyObject_*`. Returns how many were asked for since the last
 * call.
 */
Py_ssize_t deathless_fail_allocation(Py_ssize_t nth);

/**
 * The strategy that the library was built with, by which it keeps shared objects alive: `immortal`, `plain`,
 * `high-count` or `lookup`.
 */
const char *deathless_strategy(void);

/**
 * Loads the extension module in the file `path` as `name`, wherever the file lies. New reference.
 */
PyObject *deathless_load_module(const char *name, const char *path);

/**
 * Begins to keep the books of what extension modules hold: 0, or -1 if this library was built without the ledger.
 */
int deathless_ledger_open(void);

/**
 * Ends the books.
 */
void deathless_ledger_close(void);

/**
 * Calls `visit` with what is in the books, until it returns something other than 0, which is then returned; -1 if they
 * are not kept. Only rows of objects that live, of immortals, and of objects that ended while references were missing
 * or left over. What `visit` is shown is valid during the call; it must not call the library.
 */
int deathless_ledger_visit(int (*visit)(const struct deathless_ledger_row*, void*),
                           void *arg);
