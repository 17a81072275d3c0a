/* Written by `make headers` from src/capi/objimpl*.rs. */

/**
 * Writes the header of an object whose memory the caller has. `MemoryError` if that is NULL.
 */
PyObject *PyObject_Init(PyObject *object, PyTypeObject *ty);

/**
 * The same with a size.
 */
PyVarObject *PyObject_InitVar(PyVarObject *object, PyTypeObject *ty, Py_ssize_t size);

/**
 * Gives a collectable object's memory back.
 */
void PyObject_GC_Del(void *object);

/**
 * Has the collector look at an object.
 */
void PyObject_GC_Track(void *object);

/**
 * Has the collector look at an object no more; nothing happens if it does not.
 */
void PyObject_GC_UnTrack(void *object);

/**
 * Whether the collector looks at the object.
 */
int PyObject_GC_IsTracked(PyObject *object);

/**
 * Whether the object's finalizer has run.
 */
int PyObject_GC_IsFinalized(PyObject *object);

#ifndef Py_LIMITED_API

/**
 * Calls `tp_finalize`, once for a collectable object.
 */
void PyObject_CallFinalizer(PyObject *object);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030F0000

/**
 * Calls `tp_finalize` from `tp_dealloc`; -1 if the object lives on.
 */
int PyObject_CallFinalizerFromDealloc(PyObject *object);

#endif

/**
 * A full collection; how many objects were found to be garbage. 0 while collections are disabled.
 */
Py_ssize_t PyGC_Collect(void);

/**
 * Lets collections begin by themselves; whether they did before.
 */
int PyGC_Enable(void);

/**
 * Lets no collection begin; whether they did before.
 */
int PyGC_Disable(void);

/**
 * Whether collections begin by themselves.
 */
int PyGC_IsEnabled(void);

#ifndef Py_LIMITED_API

/**
 * Calls `callback` with every object that the collector looks at, until it returns 0.
 */
void PyUnstable_GC_VisitObjects(int (*callback)(PyObject*, void*), void *arg);

#endif
