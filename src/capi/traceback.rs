//! traceback.h

use core::ffi::c_int;

use super::pystate::PyFrameObject;
use super::{bad_argument, expected};
use crate::ffi::PyObject;
use crate::modules::display;
use crate::object::{Object, Raised, Result};
use crate::runtime::boundary;
use crate::types::frame::Frame;
use crate::types::traceback::{self, Traceback};

/// Puts an entry for `frame` before the traceback of what is raised, which must be something.
///
/// -1 with `MemoryError`, what was raised being its context. `SystemError` for what is no frame, unless an exception
/// is set: that one stays as it is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyTraceBack_Here(frame: *mut PyFrameObject) -> c_int {
    boundary(|ts| -> Result<()> {
        // SAFETY: [nullable]
        match unsafe { Object::from_nullable(frame) }.and_then(Object::downcast::<Frame>) {
            Some(frame) => traceback::here(ts, frame),
            None if ts.error.is_set() => Err(Raised::already()),
            None => Err(bad_argument(ts)),
        }
    })
}

/// Writes a traceback to a file-like object, the last `sys.tracebacklimit` entries of it or the last 1000.
///
/// Nothing for NULL; -1 with `SystemError` for anything but a traceback, or with whatever writing raises.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyTraceBack_Print(traceback: *mut PyObject, file: *mut PyObject) -> c_int {
    boundary(|ts| {
        if traceback.is_null() {
            return Ok(());
        }
        // SAFETY: [live]; [live]
        let (traceback, file) = unsafe { (expected::<Traceback>(ts, traceback)?, Object::from_raw(file)) };
        display::print_traceback(ts, traceback, file)
    })
}
