//! warnings.h: warnings, under the filters of `sys.warnoptions` and those that CPython starts with.

use core::ffi::{CStr, c_char, c_int};

use crate::ffi::{Py_ssize_t, PyObject};
use crate::modules::warnings::{self, Place};
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::call;
use crate::runtime::{ThreadState, boundary};
use crate::types::Str;
use crate::types::exceptions::RUNTIME_WARNING;

/// The class of the warning that calling `category` makes; `RuntimeWarning` for NULL.
///
/// # Safety
/// `[nullable]`
unsafe fn category_of(ts: &ThreadState, category: *mut PyObject, text: &Str) -> Result<Owned<Type>> {
    // SAFETY: the caller's promise.
    let Some(category) = (unsafe { Object::from_nullable(category) }) else {
        return Ok(Owned::immortal(&RUNTIME_WARNING));
    };
    let warning = call::call(ts, category, &[text])?;
    Ok(Owned::new(warning.ty()))
}

/// Issues a warning; -1 if it became an exception.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_WarnEx(category: *mut PyObject, message: *const c_char, _level: Py_ssize_t) -> c_int {
    boundary(|ts| {
        // SAFETY: [cstr].
        let text = unsafe { super::text(ts, message)? };
        // SAFETY: [nullable].
        let category = unsafe { category_of(ts, category, &text)? };
        warnings::warn(ts, &category, &text, &Place::HERE)
    })
}

/// The same for a place that the caller names.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_WarnExplicit(
    category: *mut PyObject,
    message: *const c_char,
    filename: *const c_char,
    line: c_int,
    module: *const c_char,
    _registry: *mut PyObject,
) -> c_int {
    boundary(|ts| {
        // SAFETY: [cstr].
        let text = unsafe { super::text(ts, message)? };
        // SAFETY: [nullable].
        let category = unsafe { category_of(ts, category, &text)? };
        // SAFETY: [cstr].
        let file = unsafe { CStr::from_ptr(filename) }.to_string_lossy();
        let module = if module.is_null() {
            file.strip_suffix(".py").unwrap_or(&file).into()
        } else {
            // SAFETY: [cstr].
            unsafe { CStr::from_ptr(module) }.to_string_lossy()
        };
        warnings::warn(ts, &category, &text, &Place { file: &file, line, module: &module })
    })
}
