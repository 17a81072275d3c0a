/* Written by `make headers` from src/capi/ceval*.rs. */

/**
 * Gives the GIL back, so that other threads may run; what is returned goes to [`PyEval_RestoreThread`].
 */
PyThreadState *PyEval_SaveThread(void);

/**
 * Takes the GIL again.
 */
void PyEval_RestoreThread(PyThreadState *ts);

/**
 * Takes the GIL and attaches to `ts`.
 */
void PyEval_AcquireThread(PyThreadState *ts);

/**
 * Detaches from `ts`, the current thread state, and gives the GIL back.
 */
void PyEval_ReleaseThread(PyThreadState *ts);

/**
 * To be asked before recursing; `RecursionError` when the stack is nearly used up. `place` completes the message.
 */
int Py_EnterRecursiveCall(const char *place);

/**
 * Nothing: the stack itself is what is counted.
 */
void Py_LeaveRecursiveCall(void);

/**
 * How deep Python code may nest.
 */
int Py_GetRecursionLimit(void);

/**
 * Sets how deep Python code may nest.
 */
void Py_SetRecursionLimit(int limit);

/**
 * Has a function called by the main thread when it next looks. Needs no GIL. -1 if too many wait.
 */
int Py_AddPendingCall(int (*function)(void*), void *argument);

/**
 * Makes the calls that wait; -1 with its exception if one fails.
 */
int Py_MakePendingCalls(void);

/**
 * The namespace of the built-in functions; borrowed.
 */
PyObject *PyEval_GetBuiltins(void);

/**
 * The same as a new reference.
 */
PyObject *PyEval_GetFrameBuiltins(void);

/**
 * The frame that runs: NULL unless one does, which is rare (`types/code/call.rs`). Borrowed reference.
 */
PyFrameObject *PyEval_GetFrame(void);

/**
 * The globals of the frame that runs, or NULL. Borrowed reference.
 */
PyObject *PyEval_GetGlobals(void);

/**
 * The same as a new reference.
 */
PyObject *PyEval_GetFrameGlobals(void);

/**
 * The local names of the frame that runs; borrowed. `SystemError` where none does.
 */
PyObject *PyEval_GetLocals(void);

/**
 * The same as a new reference.
 */
PyObject *PyEval_GetFrameLocals(void);

/**
 * The name of a function, or of the type of something else.
 */
const char *PyEval_GetFuncName(PyObject *function);

/**
 * `()` for a function, ` object` for something else.
 */
const char *PyEval_GetFuncDesc(PyObject *function);

/**
 * Evaluates what `Py_CompileString` could compile. New reference. `TypeError` for anything else, since the runtime runs
 * no Python code; `SystemError` for globals that are no dict.
 */
PyObject *PyEval_EvalCode(PyObject *code,
                          PyObject *globals,
                          PyObject *locals);
