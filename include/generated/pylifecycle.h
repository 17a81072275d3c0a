/* Written by `make headers` from src/capi/pylifecycle*.rs. */

/**
 * Starts the runtime, signal handlers included. Nothing happens if it runs already.
 */
void Py_Initialize(void);

/**
 * Starts the runtime, with signal handlers unless `handlers` is 0.
 */
void Py_InitializeEx(int handlers);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03060000

/**
 * Ends the runtime and gives all memory back. -1 if what was printed could not be written out.
 */
int Py_FinalizeEx(void);

#endif

/**
 * The same without an answer.
 */
void Py_Finalize(void);

#ifndef Py_LIMITED_API

/**
 * A new interpreter: this thread is attached to its first thread state, which `*ts` names, and to nothing that it was
 * attached to before. Where that fails, `*ts` is NULL and all is as it was.
 */
PyStatus Py_NewInterpreterFromConfig(PyThreadState **ts,
                                     const PyInterpreterConfig *config);

#endif

/**
 * A new interpreter that shares the main one's GIL and allows everything; fatal if it cannot be made.
 */
PyThreadState *Py_NewInterpreter(void);

/**
 * Ends the interpreter of the current thread state `ts` and gives all its memory back. Waits until its guards are
 * closed. The thread is attached to nothing afterwards.
 */
void Py_EndInterpreter(PyThreadState *ts);

#ifndef Py_LIMITED_API

/**
 * Has `function` called with `data` when the interpreter ends and its modules are gone, the newest first. Always 0.
 */
int PyUnstable_AtExit(PyInterpreterState *interp,
                      void (*function)(void*),
                      void *data);

#endif

/**
 * Whether the runtime runs.
 */
int Py_IsInitialized(void);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030D0000

/**
 * Whether the runtime is ending.
 */
int Py_IsFinalizing(void);

#endif

/**
 * Registers a function to be called last at the end, the newest first. -1 if there are too many.
 */
int Py_AtExit(void (*function)(void));

/**
 * Ends the runtime and the process. Status 120 if what was printed could not be written out.
 */
void Py_Exit(int status) __attribute__((noreturn));

/**
 * `3.15.2 (deathless …)`.
 */
const char *Py_GetVersion(void);

/**
 * The platform's name, as in `sys.platform`.
 */
const char *Py_GetPlatform(void);

/**
 * Who holds the rights.
 */
const char *Py_GetCopyright(void);

/**
 * What this was compiled with, in brackets.
 */
const char *Py_GetCompiler(void);

/**
 * Which build this is.
 */
const char *Py_GetBuildInfo(void);

/**
 * Says that something cannot be borne, and aborts the process.
 */
void Py_FatalError(const char *message) __attribute__((noreturn));
