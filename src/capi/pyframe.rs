//! pyframe.h: frames, which only tracebacks have here.

use core::ffi::c_int;

use super::hand_out;
use super::pystate::PyFrameObject;
use crate::ffi::PyObject;
use crate::object::{Object, Owned};
use crate::types::frame::Frame;

pub type PyCodeObject = PyObject;

/// The line that a frame stands on; negative if it has none. No exception.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyFrame_GetLineNumber(frame: *mut PyFrameObject) -> c_int {
    // SAFETY: [live] a frame
    unsafe { Object::from_raw(frame).cast::<Frame>() }.f_lineno.get()
}

/// The code of a frame. New reference; no exception.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyFrame_GetCode(frame: *mut PyFrameObject) -> *mut PyCodeObject {
    // SAFETY: [live] a frame
    hand_out(Some(Owned::new(unsafe { Object::from_raw(frame).cast::<Frame>() }.code())))
}
// skipped PyThreadState_GetFrame: in pystate.rs
// skipped PyEval_GetFrame: in ceval.rs
