/* Written by `make headers` from src/capi/pystate*.rs. */

/**
 * A new thread state, attached to no thread yet; NULL without memory.
 */
PyThreadState *PyThreadState_New(PyInterpreterState *interp);

/**
 * Gives back what a thread state holds.
 */
void PyThreadState_Clear(PyThreadState *ts);

/**
 * Frees a thread state that was cleared and is not the current one.
 */
void PyThreadState_Delete(PyThreadState *ts);

/**
 * The current thread state; fatal without one.
 */
PyThreadState *PyThreadState_Get(void);

#ifndef Py_LIMITED_API

/**
 * The current thread state, or NULL.
 */
PyThreadState *PyThreadState_GetUnchecked(void);

#endif

/**
 * Detaches from the current thread state and attaches to another; either may be NULL.
 */
PyThreadState *PyThreadState_Swap(PyThreadState *ts);

/**
 * A dict for extensions to keep what belongs to the thread; borrowed. NULL without an exception if there is none.
 */
PyObject *PyThreadState_GetDict(void);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03090000

/**
 * The interpreter of a thread state.
 */
PyInterpreterState *PyThreadState_GetInterpreter(PyThreadState *ts);

/**
 * The thread state's number, never used twice in an interpreter.
 */
uint64_t PyThreadState_GetID(PyThreadState *ts);

/**
 * The frame that runs in a thread: NULL unless one does, which is rare (`types/code/call.rs`). New reference.
 */
PyFrameObject *PyThreadState_GetFrame(PyThreadState *ts);

#endif

/**
 * Asks a thread to raise `exception` when it next looks, or no more for NULL; how many threads were asked.
 */
int PyThreadState_SetAsyncExc(unsigned long thread,
                              PyObject *exception);

/**
 * Makes sure that this thread is attached, whatever it was; undone by [`PyGILState_Release`].
 */
PyGILState_STATE PyGILState_Ensure(void);

/**
 * Undoes the matching [`PyGILState_Ensure`]; the last one ends a thread state that was made for it.
 */
void PyGILState_Release(PyGILState_STATE state);

/**
 * The thread state that [`PyGILState_Ensure`] would attach, or NULL.
 */
PyThreadState *PyGILState_GetThisThreadState(void);

#ifndef Py_LIMITED_API

/**
 * Whether this thread is attached to its own state.
 */
int PyGILState_Check(void);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03090000

/**
 * The current interpreter; fatal without one.
 */
PyInterpreterState *PyInterpreterState_Get(void);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03070000

/**
 * The interpreter's number: 0 for the main one. -1 with an exception for NULL.
 */
int64_t PyInterpreterState_GetID(PyInterpreterState *interp);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03080000

/**
 * A dict for extensions to keep what belongs to the interpreter; borrowed. NULL without an exception if there is
 * none.
 */
PyObject *PyInterpreterState_GetDict(PyInterpreterState *interp);

#endif

/**
 * An interpreter of the old kind with nothing in it, not even modules; NULL without memory.
 */
PyInterpreterState *PyInterpreterState_New(void);

/**
 * Gives back what an interpreter holds, its modules and its threads' states included.
 */
void PyInterpreterState_Clear(PyInterpreterState *interp);

/**
 * Frees an interpreter that was cleared, and that no thread is attached to.
 */
void PyInterpreterState_Delete(PyInterpreterState *interp);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030F0000

/**
 * A guard that keeps the current interpreter from ending until it is closed. `PythonFinalizationError` if that has
 * begun already.
 */
PyInterpreterGuard *PyInterpreterGuard_FromCurrent(void);

/**
 * The same for the view's interpreter; NULL without an exception if it has ended or is ending. Needs no GIL.
 */
PyInterpreterGuard *PyInterpreterGuard_FromView(PyInterpreterView *view);

/**
 * Closes a guard. Needs no GIL.
 */
void PyInterpreterGuard_Close(PyInterpreterGuard *guard);

/**
 * A name for the current interpreter, which may outlive it.
 */
PyInterpreterView *PyInterpreterView_FromCurrent(void);

/**
 * A name for the main interpreter, whether it is there or not. Needs no GIL.
 */
PyInterpreterView *PyInterpreterView_FromMain(void);

/**
 * Forgets a view. Needs no GIL.
 */
void PyInterpreterView_Close(PyInterpreterView *view);

/**
 * Attaches this thread to the guard's interpreter, whatever it was attached to; what is returned goes to
 * [`PyThreadState_Release`]. The guard must stay open until then. NULL without memory.
 */
PyThreadStateToken *PyThreadState_Ensure(PyInterpreterGuard *guard);

/**
 * The same for the view's interpreter, which cannot end meanwhile; NULL if it has ended or is ending,
 * or without memory.
 */
PyThreadStateToken *PyThreadState_EnsureFromView(PyInterpreterView *view);

/**
 * Undoes the matching [`PyThreadState_Ensure`]; fatal without one.
 */
void PyThreadState_Release(PyThreadStateToken *token);

#endif
