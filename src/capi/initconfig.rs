//! initconfig.h: what functions of the initialisation say about how they went.

// skipped PyConfig, PyPreConfig and what takes them: the runtime starts with `Py_Initialize`

use core::ffi::{c_char, c_int};
use core::ptr;

/// What a function of the initialisation says about how it went.
#[repr(C)]
pub struct PyStatus {
    kind: c_int,
    func: *const c_char,
    err_msg: *const c_char,
    exitcode: c_int,
}

/// Kinds of [`PyStatus`].
const OK: c_int = 0;
const ERROR: c_int = 1;
const EXIT: c_int = 2;

impl PyStatus {
    fn new(kind: c_int) -> PyStatus {
        PyStatus { kind, func: ptr::null(), err_msg: ptr::null(), exitcode: 0 }
    }

    pub(super) fn ok() -> PyStatus {
        PyStatus::new(OK)
    }

    pub(super) fn error(func: *const c_char, err_msg: *const c_char) -> PyStatus {
        PyStatus { func, err_msg, ..PyStatus::new(ERROR) }
    }
}

/// It went well.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyStatus_Ok() -> PyStatus {
    PyStatus::ok()
}

/// It went wrong; the message stays valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyStatus_Error(err_msg: *const c_char) -> PyStatus {
    PyStatus::error(ptr::null(), err_msg)
}

/// There was no memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyStatus_NoMemory() -> PyStatus {
    PyStatus::error(ptr::null(), c"memory allocation failed".as_ptr())
}

/// The process is to end with that status.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyStatus_Exit(exitcode: c_int) -> PyStatus {
    PyStatus { exitcode, ..PyStatus::new(EXIT) }
}

/// Whether it went wrong.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyStatus_IsError(status: PyStatus) -> c_int {
    c_int::from(status.kind == ERROR)
}

/// Whether the process is to end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyStatus_IsExit(status: PyStatus) -> c_int {
    c_int::from(status.kind == EXIT)
}

/// Whether it went wrong or the process is to end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyStatus_Exception(status: PyStatus) -> c_int {
    c_int::from(status.kind != OK)
}
