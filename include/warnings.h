/* Warnings are in pyerrors.h; the file is here for those who include it. */
#ifndef Py_WARNINGS_H
#define Py_WARNINGS_H

#include "generated/warnings.h"

#endif
