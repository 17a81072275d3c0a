/* Written by `make headers` from src/capi/listobject.rs. */

/*
 `list[index] = item`.

 Steals `item`.
 */
int PyList_SetItem(struct PyObject *list, Py_ssize_t index, struct PyObject *item);

#if !defined(Py_LIMITED_API) || Py_LIMITED_API + 0 >= 0x030D0000

/*
 x
 */
struct PyObject *PyList_GetItemRef(struct PyObject *list, Py_ssize_t index);

#endif

#ifndef Py_LIMITED_API

void PyUnstable_X(struct PyObject *const *list,
                  size_t index,
                  int (*f)(void*),
                  PyCFunction m,
                  const char *s,
                  const wchar_t *w,
                  long n,
                  unsigned long long l,
                  uint32_t u,
                  int64_t i) __attribute__((noreturn));

#endif

struct PyObject *PyList_New(Py_ssize_t n);

#ifndef Py_LIMITED_API

void PyList_Weird(void *all,
                  const char **s,
                  wchar_t **a,
                  char c,
                  double d,
                  const struct PyObject *tgt);

#endif
