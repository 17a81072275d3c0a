//! traceback.h
//!
//! There are no frames here, so nothing makes a traceback: what C hands over as a frame can only be its own.

use core::ffi::c_int;

use super::pystate::PyFrameObject;
use crate::ffi::PyObject;
use crate::object::Object;
use crate::runtime::boundary;
use crate::types::exceptions::SYSTEM_ERROR;
use crate::types::traceback::is_traceback;

/// Adds a frame to the traceback of what is raised. There are no frames: always `SystemError`, unless an
/// exception is set already, which then stays.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyTraceBack_Here(_frame: *mut PyFrameObject) -> c_int {
    boundary(|ts| -> crate::object::Result<()> {
        if ts.error.is_set() {
            return Err(crate::object::Raised::already());
        }
        Err(ts.raise_str(&SYSTEM_ERROR, "PyTraceBack_Here: the runtime has no frames"))
    })
}

/// Prints a traceback to a file-like object. Nothing for NULL; `SystemError` for anything but a traceback, of
/// which there can be none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyTraceBack_Print(traceback: *mut PyObject, _file: *mut PyObject) -> c_int {
    // SAFETY: [nullable]
    boundary(|ts| match unsafe { Object::from_nullable(traceback) } {
        None => Ok(()),
        Some(other) if !is_traceback(other) => Err(super::bad_argument(ts)),
        Some(_) => Ok(()),
    })
}
