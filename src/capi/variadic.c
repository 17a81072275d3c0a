/* The variadic functions of the ABI.
 *
 * Rust cannot define a C-variadic function, so this file does: va_start, va_arg,
 * va_copy and va_end, and little else. Each function hands its arguments as a
 * `struct deathless_va` to an engine in Rust (capi/variadic.rs), which reads them
 * itself where it knows the ABI's `va_list` (format/va.rs), and elsewhere through the
 * functions below. What has hidden visibility stays out of `.dynsym`.
 */
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

typedef struct PyObject PyObject;
typedef ptrdiff_t Py_ssize_t;

/* As long as `long` is as wide as a pointer, one reader serves long, long long,
 * Py_ssize_t, size_t, intmax_t and ptrdiff_t. */
_Static_assert(sizeof(long) == sizeof(long long) && sizeof(long) == sizeof(Py_ssize_t),
               "one reader for all wide integers");

#define HIDDEN __attribute__((visibility("hidden")))

struct deathless_va {
    va_list ap;
};

#if !(defined(__x86_64__) && defined(__unix__))

HIDDEN int deathless_va_int(struct deathless_va *va)
{
    return va_arg(va->ap, int);
}

HIDDEN long deathless_va_long(struct deathless_va *va)
{
    return va_arg(va->ap, long);
}

HIDDEN double deathless_va_double(struct deathless_va *va)
{
    return va_arg(va->ap, double);
}

HIDDEN void *deathless_va_pointer(struct deathless_va *va)
{
    return va_arg(va->ap, void *);
}

#endif

/* The engines. */
HIDDEN int deathless_parse(PyObject *, const char *, struct deathless_va *);
HIDDEN int deathless_parse_tuple(PyObject *, const char *, struct deathless_va *);
HIDDEN int deathless_parse_keywords(PyObject *, PyObject *, const char *, char *const *,
                                    struct deathless_va *);
HIDDEN int deathless_unpack_tuple(PyObject *, const char *, Py_ssize_t, Py_ssize_t,
                                  struct deathless_va *);
HIDDEN PyObject *deathless_build_value(const char *, struct deathless_va *);
HIDDEN PyObject *deathless_tuple_pack(Py_ssize_t, struct deathless_va *);
HIDDEN PyObject *deathless_call_function(PyObject *, const char *, struct deathless_va *);
HIDDEN PyObject *deathless_call_method(PyObject *, const char *, const char *,
                                       struct deathless_va *);
HIDDEN PyObject *deathless_call_objects(PyObject *, struct deathless_va *);
HIDDEN PyObject *deathless_call_method_objects(PyObject *, PyObject *, struct deathless_va *);
HIDDEN PyObject *deathless_unicode_format(const char *, struct deathless_va *);
HIDDEN PyObject *deathless_bytes_format(const char *, struct deathless_va *);
HIDDEN PyObject *deathless_err_format(PyObject *, const char *, struct deathless_va *);
HIDDEN int deathless_warn_format(PyObject *, Py_ssize_t, const char *, struct deathless_va *);
HIDDEN int deathless_resource_warning(PyObject *, Py_ssize_t, const char *,
                                      struct deathless_va *);
HIDDEN int deathless_audit(const char *, const char *, struct deathless_va *);
HIDDEN void deathless_sys_format(int, const char *, struct deathless_va *);
HIDDEN void deathless_sys_write(int, const char *);

/* A function whose last named parameter is `last`: the engine's answer. */
#define FORWARD(type, last, call)                                                                  \
    struct deathless_va va;                                                                        \
    va_start(va.ap, last);                                                                         \
    type result = call;                                                                            \
    va_end(va.ap);                                                                                 \
    return result

/* The same for a function that is given a list, which stays as it is. */
#define FORWARD_LIST(type, list, call)                                                             \
    struct deathless_va va;                                                                        \
    va_copy(va.ap, list);                                                                          \
    type result = call;                                                                            \
    va_end(va.ap);                                                                                 \
    return result

int PyArg_Parse(PyObject *args, const char *format, ...)
{
    FORWARD(int, format, deathless_parse(args, format, &va));
}

int PyArg_ParseTuple(PyObject *args, const char *format, ...)
{
    FORWARD(int, format, deathless_parse_tuple(args, format, &va));
}

int PyArg_ParseTupleAndKeywords(PyObject *args, PyObject *kwargs, const char *format,
                                char *const *names, ...)
{
    FORWARD(int, names, deathless_parse_keywords(args, kwargs, format, names, &va));
}

int PyArg_VaParse(PyObject *args, const char *format, va_list list)
{
    FORWARD_LIST(int, list, deathless_parse_tuple(args, format, &va));
}

int PyArg_VaParseTupleAndKeywords(PyObject *args, PyObject *kwargs, const char *format,
                                  char *const *names, va_list list)
{
    FORWARD_LIST(int, list, deathless_parse_keywords(args, kwargs, format, names, &va));
}

int PyArg_UnpackTuple(PyObject *args, const char *name, Py_ssize_t min, Py_ssize_t max, ...)
{
    FORWARD(int, max, deathless_unpack_tuple(args, name, min, max, &va));
}

PyObject *Py_BuildValue(const char *format, ...)
{
    FORWARD(PyObject *, format, deathless_build_value(format, &va));
}

PyObject *Py_VaBuildValue(const char *format, va_list list)
{
    FORWARD_LIST(PyObject *, list, deathless_build_value(format, &va));
}

PyObject *PyTuple_Pack(Py_ssize_t n, ...)
{
    FORWARD(PyObject *, n, deathless_tuple_pack(n, &va));
}

PyObject *PyObject_CallFunction(PyObject *callable, const char *format, ...)
{
    FORWARD(PyObject *, format, deathless_call_function(callable, format, &va));
}

PyObject *PyObject_CallMethod(PyObject *object, const char *name, const char *format, ...)
{
    FORWARD(PyObject *, format, deathless_call_method(object, name, format, &va));
}

PyObject *PyObject_CallFunctionObjArgs(PyObject *callable, ...)
{
    FORWARD(PyObject *, callable, deathless_call_objects(callable, &va));
}

PyObject *PyObject_CallMethodObjArgs(PyObject *object, PyObject *name, ...)
{
    FORWARD(PyObject *, name, deathless_call_method_objects(object, name, &va));
}

PyObject *PyEval_CallFunction(PyObject *callable, const char *format, ...)
{
    FORWARD(PyObject *, format, deathless_call_function(callable, format, &va));
}

PyObject *PyEval_CallMethod(PyObject *object, const char *name, const char *format, ...)
{
    FORWARD(PyObject *, format, deathless_call_method(object, name, format, &va));
}

PyObject *PyUnicode_FromFormat(const char *format, ...)
{
    FORWARD(PyObject *, format, deathless_unicode_format(format, &va));
}

PyObject *PyUnicode_FromFormatV(const char *format, va_list list)
{
    FORWARD_LIST(PyObject *, list, deathless_unicode_format(format, &va));
}

PyObject *PyBytes_FromFormat(const char *format, ...)
{
    FORWARD(PyObject *, format, deathless_bytes_format(format, &va));
}

PyObject *PyBytes_FromFormatV(const char *format, va_list list)
{
    FORWARD_LIST(PyObject *, list, deathless_bytes_format(format, &va));
}

PyObject *PyErr_Format(PyObject *exception, const char *format, ...)
{
    FORWARD(PyObject *, format, deathless_err_format(exception, format, &va));
}

PyObject *PyErr_FormatV(PyObject *exception, const char *format, va_list list)
{
    FORWARD_LIST(PyObject *, list, deathless_err_format(exception, format, &va));
}

int PyErr_WarnFormat(PyObject *category, Py_ssize_t level, const char *format, ...)
{
    FORWARD(int, format, deathless_warn_format(category, level, format, &va));
}

int PyErr_ResourceWarning(PyObject *source, Py_ssize_t level, const char *format, ...)
{
    FORWARD(int, format, deathless_resource_warning(source, level, format, &va));
}

int PySys_Audit(const char *event, const char *format, ...)
{
    FORWARD(int, format, deathless_audit(event, format, &va));
}

/* The first argument of the engines: 0 for the standard output, 1 for the standard error. */

void PySys_FormatStdout(const char *format, ...)
{
    struct deathless_va va;
    va_start(va.ap, format);
    deathless_sys_format(0, format, &va);
    va_end(va.ap);
}

void PySys_FormatStderr(const char *format, ...)
{
    struct deathless_va va;
    va_start(va.ap, format);
    deathless_sys_format(1, format, &va);
    va_end(va.ap);
}

/* What follows takes C's own formats, so C's own engine reads them. */

int PyOS_vsnprintf(char *room, size_t size, const char *format, va_list list)
{
    int length = size > INT_MAX - 1 ? -666 : vsnprintf(room, size, format, list);
    if (size > 0) {
        room[size - 1] = '\0';
    }
    return length;
}

int PyOS_snprintf(char *room, size_t size, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int length = PyOS_vsnprintf(room, size, format, list);
    va_end(list);
    return length;
}

/* Longer texts are cut, and say so, as CPython's documentation promises. */
static void write_cut(int error, const char *format, va_list list)
{
    char text[1001];
    int length = PyOS_vsnprintf(text, sizeof text, format, list);
    deathless_sys_write(error, text);
    if (length < 0 || (size_t)length >= sizeof text) {
        deathless_sys_write(error, "... truncated");
    }
}

void PySys_WriteStdout(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    write_cut(0, format, list);
    va_end(list);
}

void PySys_WriteStderr(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    write_cut(1, format, list);
    va_end(list);
}

/* The twins that modules call which were compiled with PY_SSIZE_T_CLEAN. */

int _PyArg_Parse_SizeT(PyObject *args, const char *format, ...)
{
    FORWARD(int, format, deathless_parse(args, format, &va));
}

int _PyArg_ParseTuple_SizeT(PyObject *args, const char *format, ...)
{
    FORWARD(int, format, deathless_parse_tuple(args, format, &va));
}

int _PyArg_ParseTupleAndKeywords_SizeT(PyObject *args, PyObject *kwargs, const char *format,
                                       char *const *names, ...)
{
    FORWARD(int, names, deathless_parse_keywords(args, kwargs, format, names, &va));
}

int _PyArg_VaParse_SizeT(PyObject *args, const char *format, va_list list)
{
    FORWARD_LIST(int, list, deathless_parse_tuple(args, format, &va));
}

int _PyArg_VaParseTupleAndKeywords_SizeT(PyObject *args, PyObject *kwargs, const char *format,
                                         char *const *names, va_list list)
{
    FORWARD_LIST(int, list, deathless_parse_keywords(args, kwargs, format, names, &va));
}

PyObject *_Py_BuildValue_SizeT(const char *format, ...)
{
    FORWARD(PyObject *, format, deathless_build_value(format, &va));
}

PyObject *_Py_VaBuildValue_SizeT(const char *format, va_list list)
{
    FORWARD_LIST(PyObject *, list, deathless_build_value(format, &va));
}

PyObject *_PyObject_CallFunction_SizeT(PyObject *callable, const char *format, ...)
{
    FORWARD(PyObject *, format, deathless_call_function(callable, format, &va));
}

PyObject *_PyObject_CallMethod_SizeT(PyObject *object, const char *name, const char *format, ...)
{
    FORWARD(PyObject *, format, deathless_call_method(object, name, format, &va));
}
