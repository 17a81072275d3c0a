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
