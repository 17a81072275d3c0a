/* What a module says about the ABI it was built for (3.15). */
#ifndef Py_PYABI_H
#define Py_PYABI_H

struct PyABIInfo {
    uint8_t abiinfo_major_version;
    uint8_t abiinfo_minor_version;
    uint16_t flags;
    uint32_t build_version;
    uint32_t abi_version;
};

#define PyABIInfo_STABLE                 0x0001
#define PyABIInfo_GIL                    0x0002
#define PyABIInfo_FREETHREADED           0x0004
#define PyABIInfo_INTERNAL               0x0008
#define PyABIInfo_FREETHREADING_AGNOSTIC (PyABIInfo_GIL | PyABIInfo_FREETHREADED)

#ifdef Py_LIMITED_API
#  define _PyABIInfo_DEFAULT_FLAG_STABLE PyABIInfo_STABLE
#  if Py_LIMITED_API + 0 < 0x03020000
#    define PyABIInfo_DEFAULT_ABI_VERSION 0x03020000
#  else
#    define PyABIInfo_DEFAULT_ABI_VERSION Py_LIMITED_API
#  endif
#else
#  define _PyABIInfo_DEFAULT_FLAG_STABLE 0
#  define PyABIInfo_DEFAULT_ABI_VERSION PY_VERSION_HEX
#endif
#define _PyABIInfo_DEFAULT_FLAG_FT       PyABIInfo_GIL
#define _PyABIInfo_DEFAULT_FLAG_INTERNAL 0
#define PyABIInfo_DEFAULT_FLAGS \
    (_PyABIInfo_DEFAULT_FLAG_STABLE | _PyABIInfo_DEFAULT_FLAG_FT | _PyABIInfo_DEFAULT_FLAG_INTERNAL)

#define _PyABIInfo_DEFAULT \
    {1, 0, PyABIInfo_DEFAULT_FLAGS, PY_VERSION_HEX, PyABIInfo_DEFAULT_ABI_VERSION}
#define PyABIInfo_VAR(name) static PyABIInfo name = _PyABIInfo_DEFAULT

#endif
