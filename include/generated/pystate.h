/* Written by `make headers` from src/capi/pystate*.rs. */

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
 * A new thread state, attached to no thread yet.
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
 * The frame that runs: NULL, since no Python code does.
 */
PyFrameObject *PyThreadState_GetFrame(PyThreadState *_ts);

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
