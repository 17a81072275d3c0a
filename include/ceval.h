/* Evaluation, calls, recursion and the GIL. */
#ifndef Py_CEVAL_H
#define Py_CEVAL_H

#ifdef __cplusplus
extern "C" {
#endif

PyAPI_FUNC(int) _Py_CheckRecursiveCall(const char *where);

#define Py_BEGIN_ALLOW_THREADS { PyThreadState *_save; _save = PyEval_SaveThread();
#define Py_BLOCK_THREADS       PyEval_RestoreThread(_save);
#define Py_UNBLOCK_THREADS     _save = PyEval_SaveThread();
#define Py_END_ALLOW_THREADS   PyEval_RestoreThread(_save); }

#include "generated/ceval.h"

#ifdef __cplusplus
}
#endif

#endif
