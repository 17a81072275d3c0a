/* What the platform is: 64-bit little-endian Linux. */
#ifndef Py_PYCONFIG_H
#define Py_PYCONFIG_H

#define SIZEOF_VOID_P      8
#define SIZEOF_SIZE_T      8
#define SIZEOF_SHORT       2
#define SIZEOF_INT         4
#define SIZEOF_LONG        8
#define SIZEOF_LONG_LONG   8
#define SIZEOF_FLOAT       4
#define SIZEOF_DOUBLE      8
#define SIZEOF_WCHAR_T     4
#define SIZEOF_PID_T       4
#define SIZEOF_OFF_T       8
#define SIZEOF_TIME_T      8
#define SIZEOF_UINTPTR_T   8
#define SIZEOF_PTHREAD_T   8
#define ALIGNOF_LONG       8
#define ALIGNOF_SIZE_T     8
#define HAVE_FORK          1
#define HAVE_PTHREAD_H     1
#define PYLONG_BITS_IN_DIGIT 30

#endif
