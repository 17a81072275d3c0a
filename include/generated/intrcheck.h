/* Written by `make headers` from src/capi/intrcheck*.rs. */

/**
 * Raises `KeyboardInterrupt` if SIGINT came, and what another thread asked this one to raise.
 */
int PyErr_CheckSignals(void);

/**
 * As if SIGINT had come.
 */
void PyErr_SetInterrupt(void);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030A0000

/**
 * As if the signal had come, if it is one that the runtime handles. -1 for a number that is no signal's.
 */
int PyErr_SetInterruptEx(int signal);

#endif

/**
 * Whether SIGINT came, which is forgotten.
 */
int PyOS_InterruptOccurred(void);

/**
 * The handler of a signal.
 */
PyOS_sighandler_t PyOS_getsig(int signal);

/**
 * Sets the handler of a signal, and gives the one that it had.
 */
PyOS_sighandler_t PyOS_setsig(int signal, PyOS_sighandler_t handler);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03070000

/**
 * Nothing to do before a fork: `fork` itself has the runtime's locks free (`object/lock.rs`).
 */
void PyOS_BeforeFork(void);

/**
 * Nothing to do in the parent after a fork.
 */
void PyOS_AfterFork_Parent(void);

/**
 * In the child of a fork this thread is the main one; the other threads' states are gone, and so are the interpreters
 * other than the main one. Fatal in another than that.
 */
void PyOS_AfterFork_Child(void);

#endif

/**
 * The older name.
 */
void PyOS_AfterFork(void);
