//! pyerrors.h: lines of source files, and where in them a syntax error is.

use core::ffi::{CStr, c_char, c_int};

use crate::ffi::PyObject;
use crate::runtime::{ThreadState, boundary};
use crate::types::Str;
use crate::types::exceptions::syntax_error;
use crate::types::str::fs;

/// The line of that number of a file, its end included.
///
/// New reference. NULL without an exception if there is no such file or line.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_ProgramText(filename: *const c_char, line: c_int) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [cstr] or NULL
        let name = if filename.is_null() { c"" } else { unsafe { CStr::from_ptr(filename) } };
        match syntax_error::line_of_file(name.to_bytes(), line) {
            Some(text) => Str::new(ts, &text).map(|text| Some(text.upcast())),
            None => Ok(None),
        }
    })
}

/// Adds to the exception that is set where in a file it is, without a column.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_SyntaxLocation(filename: *const c_char, line: c_int) {
    // SAFETY: the same contract
    unsafe { PyErr_SyntaxLocationEx(filename, line, -1) };
}

/// Adds to the exception that is set where in a file it is: attributes of the names that `SyntaxError` has, the
/// line's text among them. Nothing happens if none is set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_SyntaxLocationEx(filename: *const c_char, line: c_int, column: c_int) {
    let ts = ThreadState::current();
    let Some(exception) = ts.take_raised() else { return };
    // SAFETY: [cstr] or NULL
    let name = if filename.is_null() { None } else { Some(unsafe { CStr::from_ptr(filename) }.to_bytes()) };
    let decoded = name.and_then(|name| fs::decode_name(ts, name).ok());
    let text = name.and_then(|name| syntax_error::line_of_file(name, line));
    syntax_error::locate(ts, &exception, decoded.as_deref(), text.as_deref(), line, column);
    ts.restore(exception);
}
