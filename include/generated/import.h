/* Written by `make headers` from src/capi/import*.rs. */

/**
 * Registers a built-in module, before the start. -1 if there is no memory.
 */
int PyImport_AppendInittab(const char *name, PyObject *(*init)(void));

#ifndef Py_LIMITED_API

/**
 * The same for an array that ends with a NULL name.
 */
int PyImport_ExtendInittab(struct _inittab *table);

#endif

/**
 * The module of that name, borrowed; made empty if there is none.
 */
PyObject *PyImport_AddModule(const char *name);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030D0000

/**
 * The same as a new reference.
 */
PyObject *PyImport_AddModuleRef(const char *name);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03030000

/**
 * The same as [`PyImport_AddModule`] with a str.
 */
PyObject *PyImport_AddModuleObject(PyObject *name);

#endif

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03070000

/**
 * The module of that name if it is imported; NULL without an exception if it is not.
 */
PyObject *PyImport_GetModule(PyObject *name);

#endif

/**
 * `sys.modules`, borrowed.
 */
PyObject *PyImport_GetModuleDict(void);

/**
 * Imports the module of that full name.
 */
PyObject *PyImport_ImportModule(const char *name);

/**
 * The same with a str.
 */
PyObject *PyImport_Import(PyObject *name);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03050000

/**
 * `__import__(name, globals, locals, from, level)`.
 */
PyObject *PyImport_ImportModuleLevelObject(PyObject *name,
                                           PyObject *globals,
                                           PyObject *_locals,
                                           PyObject *from,
                                           int level);

#endif

/**
 * The same with UTF-8.
 */
PyObject *PyImport_ImportModuleLevel(const char *name,
                                     PyObject *globals,
                                     PyObject *_locals,
                                     PyObject *from,
                                     int level);

/**
 * The number with which files of byte code for 3.15 begin.
 */
long PyImport_GetMagicNumber(void);

/**
 * What the names of such files say: `cpython-315`.
 */
const char *PyImport_GetMagicTag(void);

/**
 * The module again: code of an extension is loaded once.
 */
PyObject *PyImport_ReloadModule(PyObject *module);

/**
 * The importer that one of `sys.path_hooks` makes for an entry of `sys.path`, kept in `sys.path_importer_cache`;
 * `None` if no hook wants it. The runtime itself has no hooks and does not ask those that a program adds.
 *
 * New reference. `RuntimeError` if `sys` has lost one of the two.
 */
PyObject *PyImport_GetImporter(PyObject *path);

/**
 * 0: there is no module whose code is part of the runtime.
 */
int PyImport_ImportFrozenModule(const char *_name);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x03030000

/**
 * 0, as above.
 */
int PyImport_ImportFrozenModuleObject(PyObject *_name);

#endif
