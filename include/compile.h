/* Flags of the compiler that is not here (full API). */
#ifndef Py_COMPILE_H
#define Py_COMPILE_H

#ifdef __cplusplus
extern "C" {
#endif

#ifndef Py_LIMITED_API

typedef struct {
    int cf_flags;
    int cf_feature_version;
} PyCompilerFlags;

#define PyCF_MASK_OBSOLETE          16
#define PyCF_SOURCE_IS_UTF8         256
#define PyCF_DONT_IMPLY_DEDENT      512
#define PyCF_ONLY_AST               1024
#define PyCF_IGNORE_COOKIE          2048
#define PyCF_TYPE_COMMENTS          4096
#define PyCF_ALLOW_TOP_LEVEL_AWAIT  8192
#define PyCF_ALLOW_INCOMPLETE_INPUT 16384
#define PyCF_OPTIMIZED_AST          33792
#define PyCF_COMPILE_MASK           62976
#define PyCF_MASK                   33423360

#define CO_FUTURE_DIVISION         131072
#define CO_FUTURE_ABSOLUTE_IMPORT  262144
#define CO_FUTURE_WITH_STATEMENT   524288
#define CO_FUTURE_PRINT_FUNCTION   1048576
#define CO_FUTURE_UNICODE_LITERALS 2097152
#define CO_FUTURE_BARRY_AS_BDFL    4194304
#define CO_FUTURE_GENERATOR_STOP   8388608
#define CO_FUTURE_ANNOTATIONS      16777216

#endif

#include "generated/compile.h"

#ifdef __cplusplus
}
#endif

#endif
