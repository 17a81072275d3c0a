/* Visibility. */
#ifndef Py_EXPORTS_H
#define Py_EXPORTS_H

#define Py_EXPORTED_SYMBOL __attribute__((visibility("default")))
#define Py_IMPORTED_SYMBOL __attribute__((visibility("default")))
#define Py_LOCAL_SYMBOL    __attribute__((visibility("hidden")))

/* A program takes no copy of the singletons and types into its own memory, where no seal reaches
 * them and forked processes would not share them with the library's. What is weak is reached through
 * the table of addresses where a position-independent program would otherwise name its own copy.
 * (GCC's nodirect_extern_access says just this, but it forbids the linker to copy anything at all,
 * the C library's stdout too.) A program at a fixed address takes copies all the same, unless all
 * of it is compiled with -mno-direct-extern-access or clang's -fno-direct-access-external-data. */
#ifdef __PIE__
#  define _Py_NO_COPY __attribute__((weak))
#else
#  define _Py_NO_COPY
#endif

#define PyAPI_FUNC(type) Py_EXPORTED_SYMBOL type
#define PyAPI_DATA(type) extern Py_EXPORTED_SYMBOL _Py_NO_COPY type

#ifdef __cplusplus
#  define PyMODINIT_FUNC   extern "C" Py_EXPORTED_SYMBOL PyObject *
#  define PyMODEXPORT_FUNC extern "C" Py_EXPORTED_SYMBOL PySlot *
#else
#  define PyMODINIT_FUNC   Py_EXPORTED_SYMBOL PyObject *
#  define PyMODEXPORT_FUNC Py_EXPORTED_SYMBOL PySlot *
#endif

#endif
