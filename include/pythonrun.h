/* Running code: there is no compiler here; what remains are the names. */
#ifndef Py_PYTHONRUN_H
#define Py_PYTHONRUN_H

#ifdef __cplusplus
extern "C" {
#endif

extern Py_EXPORTED_SYMBOL int (*PyOS_InputHook)(void);

#define Py_single_input    256
#define Py_file_input      257
#define Py_eval_input      258
#define Py_func_type_input 345

#include "generated/pythonrun.h"

#ifdef __cplusplus
}
#endif

#endif
