//! Layouts of the exceptions (cpython/pyerrors.h).
//!
//! Read off CPython 3.15; the asserts below hold every field to its offset.

#![allow(non_camel_case_types)]

use super::*;

#[repr(C)]
pub struct PyBaseExceptionObject {
    pub ob_base: PyObject,
    pub dict: Cell<*mut PyObject>,
    pub args: Cell<*mut PyObject>,
    pub notes: Cell<*mut PyObject>,
    pub traceback: Cell<*mut PyObject>,
    pub context: Cell<*mut PyObject>,
    pub cause: Cell<*mut PyObject>,
    pub suppress_context: Cell<c_char>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyBaseExceptionObject {}

#[repr(C)]
pub struct PyOSErrorObject {
    pub ob_base: PyObject,
    pub dict: Cell<*mut PyObject>,
    pub args: Cell<*mut PyObject>,
    pub notes: Cell<*mut PyObject>,
    pub traceback: Cell<*mut PyObject>,
    pub context: Cell<*mut PyObject>,
    pub cause: Cell<*mut PyObject>,
    pub suppress_context: Cell<c_char>,
    pub myerrno: Cell<*mut PyObject>,
    pub strerror: Cell<*mut PyObject>,
    pub filename: Cell<*mut PyObject>,
    pub filename2: Cell<*mut PyObject>,
    pub written: Cell<Py_ssize_t>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyOSErrorObject {}

#[repr(C)]
pub struct PyStopIterationObject {
    pub ob_base: PyObject,
    pub dict: Cell<*mut PyObject>,
    pub args: Cell<*mut PyObject>,
    pub notes: Cell<*mut PyObject>,
    pub traceback: Cell<*mut PyObject>,
    pub context: Cell<*mut PyObject>,
    pub cause: Cell<*mut PyObject>,
    pub suppress_context: Cell<c_char>,
    pub value: Cell<*mut PyObject>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyStopIterationObject {}

#[repr(C)]
pub struct PyUnicodeErrorObject {
    pub ob_base: PyObject,
    pub dict: Cell<*mut PyObject>,
    pub args: Cell<*mut PyObject>,
    pub notes: Cell<*mut PyObject>,
    pub traceback: Cell<*mut PyObject>,
    pub context: Cell<*mut PyObject>,
    pub cause: Cell<*mut PyObject>,
    pub suppress_context: Cell<c_char>,
    pub encoding: Cell<*mut PyObject>,
    pub object: Cell<*mut PyObject>,
    pub start: Cell<Py_ssize_t>,
    pub end: Cell<Py_ssize_t>,
    pub reason: Cell<*mut PyObject>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyUnicodeErrorObject {}

#[repr(C)]
pub struct PyImportErrorObject {
    pub ob_base: PyObject,
    pub dict: Cell<*mut PyObject>,
    pub args: Cell<*mut PyObject>,
    pub notes: Cell<*mut PyObject>,
    pub traceback: Cell<*mut PyObject>,
    pub context: Cell<*mut PyObject>,
    pub cause: Cell<*mut PyObject>,
    pub suppress_context: Cell<c_char>,
    pub msg: Cell<*mut PyObject>,
    pub name: Cell<*mut PyObject>,
    pub path: Cell<*mut PyObject>,
    pub name_from: Cell<*mut PyObject>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyImportErrorObject {}

#[repr(C)]
pub struct PySystemExitObject {
    pub ob_base: PyObject,
    pub dict: Cell<*mut PyObject>,
    pub args: Cell<*mut PyObject>,
    pub notes: Cell<*mut PyObject>,
    pub traceback: Cell<*mut PyObject>,
    pub context: Cell<*mut PyObject>,
    pub cause: Cell<*mut PyObject>,
    pub suppress_context: Cell<c_char>,
    pub code: Cell<*mut PyObject>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PySystemExitObject {}

#[repr(C)]
pub struct PySyntaxErrorObject {
    pub ob_base: PyObject,
    pub dict: Cell<*mut PyObject>,
    pub args: Cell<*mut PyObject>,
    pub notes: Cell<*mut PyObject>,
    pub traceback: Cell<*mut PyObject>,
    pub context: Cell<*mut PyObject>,
    pub cause: Cell<*mut PyObject>,
    pub suppress_context: Cell<c_char>,
    pub msg: Cell<*mut PyObject>,
    pub filename: Cell<*mut PyObject>,
    pub lineno: Cell<*mut PyObject>,
    pub offset: Cell<*mut PyObject>,
    pub end_lineno: Cell<*mut PyObject>,
    pub end_offset: Cell<*mut PyObject>,
    pub text: Cell<*mut PyObject>,
    pub print_file_and_line: Cell<*mut PyObject>,
    pub metadata: Cell<*mut PyObject>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PySyntaxErrorObject {}

const _: () = {
    assert!(size_of::<PyBaseExceptionObject>() == 72);
    assert!(offset_of!(PyBaseExceptionObject, ob_base) == 0);
    assert!(offset_of!(PyBaseExceptionObject, dict) == 16);
    assert!(offset_of!(PyBaseExceptionObject, args) == 24);
    assert!(offset_of!(PyBaseExceptionObject, notes) == 32);
    assert!(offset_of!(PyBaseExceptionObject, traceback) == 40);
    assert!(offset_of!(PyBaseExceptionObject, context) == 48);
    assert!(offset_of!(PyBaseExceptionObject, cause) == 56);
    assert!(offset_of!(PyBaseExceptionObject, suppress_context) == 64);
    assert!(size_of::<PyOSErrorObject>() == 112);
    assert!(offset_of!(PyOSErrorObject, ob_base) == 0);
    assert!(offset_of!(PyOSErrorObject, dict) == 16);
    assert!(offset_of!(PyOSErrorObject, args) == 24);
    assert!(offset_of!(PyOSErrorObject, notes) == 32);
    assert!(offset_of!(PyOSErrorObject, traceback) == 40);
    assert!(offset_of!(PyOSErrorObject, context) == 48);
    assert!(offset_of!(PyOSErrorObject, cause) == 56);
    assert!(offset_of!(PyOSErrorObject, suppress_context) == 64);
    assert!(offset_of!(PyOSErrorObject, myerrno) == 72);
    assert!(offset_of!(PyOSErrorObject, strerror) == 80);
    assert!(offset_of!(PyOSErrorObject, filename) == 88);
    assert!(offset_of!(PyOSErrorObject, filename2) == 96);
    assert!(offset_of!(PyOSErrorObject, written) == 104);
    assert!(size_of::<PyStopIterationObject>() == 80);
    assert!(offset_of!(PyStopIterationObject, ob_base) == 0);
    assert!(offset_of!(PyStopIterationObject, dict) == 16);
    assert!(offset_of!(PyStopIterationObject, args) == 24);
    assert!(offset_of!(PyStopIterationObject, notes) == 32);
    assert!(offset_of!(PyStopIterationObject, traceback) == 40);
    assert!(offset_of!(PyStopIterationObject, context) == 48);
    assert!(offset_of!(PyStopIterationObject, cause) == 56);
    assert!(offset_of!(PyStopIterationObject, suppress_context) == 64);
    assert!(offset_of!(PyStopIterationObject, value) == 72);
    assert!(size_of::<PyUnicodeErrorObject>() == 112);
    assert!(offset_of!(PyUnicodeErrorObject, ob_base) == 0);
    assert!(offset_of!(PyUnicodeErrorObject, dict) == 16);
    assert!(offset_of!(PyUnicodeErrorObject, args) == 24);
    assert!(offset_of!(PyUnicodeErrorObject, notes) == 32);
    assert!(offset_of!(PyUnicodeErrorObject, traceback) == 40);
    assert!(offset_of!(PyUnicodeErrorObject, context) == 48);
    assert!(offset_of!(PyUnicodeErrorObject, cause) == 56);
    assert!(offset_of!(PyUnicodeErrorObject, suppress_context) == 64);
    assert!(offset_of!(PyUnicodeErrorObject, encoding) == 72);
    assert!(offset_of!(PyUnicodeErrorObject, object) == 80);
    assert!(offset_of!(PyUnicodeErrorObject, start) == 88);
    assert!(offset_of!(PyUnicodeErrorObject, end) == 96);
    assert!(offset_of!(PyUnicodeErrorObject, reason) == 104);
    assert!(size_of::<PyImportErrorObject>() == 104);
    assert!(offset_of!(PyImportErrorObject, ob_base) == 0);
    assert!(offset_of!(PyImportErrorObject, dict) == 16);
    assert!(offset_of!(PyImportErrorObject, args) == 24);
    assert!(offset_of!(PyImportErrorObject, notes) == 32);
    assert!(offset_of!(PyImportErrorObject, traceback) == 40);
    assert!(offset_of!(PyImportErrorObject, context) == 48);
    assert!(offset_of!(PyImportErrorObject, cause) == 56);
    assert!(offset_of!(PyImportErrorObject, suppress_context) == 64);
    assert!(offset_of!(PyImportErrorObject, msg) == 72);
    assert!(offset_of!(PyImportErrorObject, name) == 80);
    assert!(offset_of!(PyImportErrorObject, path) == 88);
    assert!(offset_of!(PyImportErrorObject, name_from) == 96);
    assert!(size_of::<PySystemExitObject>() == 80);
    assert!(offset_of!(PySystemExitObject, ob_base) == 0);
    assert!(offset_of!(PySystemExitObject, dict) == 16);
    assert!(offset_of!(PySystemExitObject, args) == 24);
    assert!(offset_of!(PySystemExitObject, notes) == 32);
    assert!(offset_of!(PySystemExitObject, traceback) == 40);
    assert!(offset_of!(PySystemExitObject, context) == 48);
    assert!(offset_of!(PySystemExitObject, cause) == 56);
    assert!(offset_of!(PySystemExitObject, suppress_context) == 64);
    assert!(offset_of!(PySystemExitObject, code) == 72);
    assert!(size_of::<PySyntaxErrorObject>() == 144);
    assert!(offset_of!(PySyntaxErrorObject, ob_base) == 0);
    assert!(offset_of!(PySyntaxErrorObject, dict) == 16);
    assert!(offset_of!(PySyntaxErrorObject, args) == 24);
    assert!(offset_of!(PySyntaxErrorObject, notes) == 32);
    assert!(offset_of!(PySyntaxErrorObject, traceback) == 40);
    assert!(offset_of!(PySyntaxErrorObject, context) == 48);
    assert!(offset_of!(PySyntaxErrorObject, cause) == 56);
    assert!(offset_of!(PySyntaxErrorObject, suppress_context) == 64);
    assert!(offset_of!(PySyntaxErrorObject, msg) == 72);
    assert!(offset_of!(PySyntaxErrorObject, filename) == 80);
    assert!(offset_of!(PySyntaxErrorObject, lineno) == 88);
    assert!(offset_of!(PySyntaxErrorObject, offset) == 96);
    assert!(offset_of!(PySyntaxErrorObject, end_lineno) == 104);
    assert!(offset_of!(PySyntaxErrorObject, end_offset) == 112);
    assert!(offset_of!(PySyntaxErrorObject, text) == 120);
    assert!(offset_of!(PySyntaxErrorObject, print_file_and_line) == 128);
    assert!(offset_of!(PySyntaxErrorObject, metadata) == 136);
};
