/* Written by `make headers` from src/capi/deathless*.rs. */

/**
 * Calls `visit` with every immortal that this interpreter can meet, until it returns something other than 0, which is
 * then returned. What it is shown is valid during the call; it must not make or end objects.
 */
int deathless_visit_immortals(int (*visit)(const struct deathless_immortal*, void*),
                              void *arg);

/**
 * Writes a name by which a person recognises the object of a row (`module.qualname` of a function or type, a value
 * shortened, `dict of TYPE`) to `buffer`, in UTF-8, cut to `size` with the NUL at its end; gives the length of the
 * whole name. To be called by a visitor, with the row that it was given. Nothing of the object's own is called.
 */
size_t deathless_immortal_name(const struct deathless_immortal *row,
                               char *buffer,
                               size_t size);

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
 * current interpreter's heap: every object, `PyMem_*` and `PyObject_*`; and of that of an interpreter which is being made
 * from here. Returns how many were asked for since the last call.
 */
Py_ssize_t deathless_fail_allocation(Py_ssize_t nth);

/**
 * The strategy that the library was built with, by which it keeps shared objects alive: `immortal`, `plain`,
 * `high-count` or `lookup`.
 */
const char *deathless_strategy(void);

/**
 * Makes everything that the current interpreter holds immortal, and writes how much that was to `*report`, unless it
 * is NULL. 0, or -1 with an exception: `MemoryError`, or `RuntimeError` where a collection or the end of an object or
 * of the interpreter is under way; nothing has become immortal then. deathless.h says more.
 */
int deathless_immortalize_heap(struct deathless_heap_walk *report);

/**
 * Loads the extension module in the file `path` as `name`, wherever the file lies. New reference.
 */
PyObject *deathless_load_module(const char *name, const char *path);

/**
 * Puts an entry before the traceback of what is raised: that the exception passed through `function`, at `line` of
 * `file`. What CPython's own modules use `_PyTraceback_Add` for. `function` is UTF-8, `file` a file name.
 *
 * 0, or -1 with an exception: `SystemError` where nothing is raised, else what went wrong, with what was raised as its
 * context. In either case an exception is set, and the caller has only to return.
 */
int deathless_add_traceback(const char *function,
                            const char *file,
                            int line);

/**
 * Has each interpreter that is made from now on count what it holds, and calls `visit` at its end with a row for each type
 * of which something is left, until it returns something other than 0. With NULL a table is printed on stderr, as by
 * `DEATHLESS_LEAKS=1`. To be called before `Py_Initialize` if the main interpreter is to be among them. NULL; or a
 * sentence that says why it cannot be done, valid for ever, and then nothing has changed. A second call changes who is
 * called.
 */
const char *deathless_watch_leaks(int (*visit)(const struct deathless_living*, void*),
                                  void *arg);

/**
 * Calls `visit` with what lives in the current interpreter, a row for each type, until it returns something other than
 * 0, which is then returned. -1 with `RuntimeError` where the interpreter does not count.
 */
int deathless_visit_living(int (*visit)(const struct deathless_living*, void*),
                           void *arg);

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

/**
 * Makes the pages of the process's immortals read-only, from now on until the runtime ends or `deathless_unseal`. With
 * `DEATHLESS_SEAL_STOP` a write is reported on stderr and ends the process; with `DEATHLESS_SEAL_COUNT` it passes and
 * is counted. NULL; or a sentence that says why it cannot be done, valid for ever, and then nothing has changed. A
 * second call changes what a write leads to.
 */
const char *deathless_seal(int mode);

/**
 * Makes the pages writable again. What was counted is kept.
 */
void deathless_unseal(void);

/**
 * Calls `visit` with what was counted, for each function and object, module by module, until it returns something
 * other than 0, which is then returned. What it is shown is valid during the call.
 */
int deathless_visit_writes(int (*visit)(const struct deathless_write*, void*),
                           void *arg);

/**
 * Calls `visit` with every immortal of the library's of which a program has a copy in its own memory, where no seal
 * reaches it, and with the program's file; until it returns something other than 0, which is then returned. A program
 * that is compiled with deathless's headers takes no copies.
 */
int deathless_visit_copies(int (*visit)(PyObject*, const char*, void*),
                           void *arg);
