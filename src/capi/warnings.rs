//! warnings.h, apart from the functions that take a format (`variadic.rs`).

use core::ffi::{CStr, c_char, c_int};

use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::{Object, Type};
use crate::runtime::{boundary, warnings};
use crate::types::exceptions::RUNTIME_WARNING;

/// Warns of a text; `RuntimeWarning` if the category is NULL.
///
/// -1 with an exception if warning raised one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_WarnEx(category: *mut PyObject, text: *const c_char, _level: Py_ssize_t) -> c_int {
    // SAFETY: [nullable], [cstr]
    let (category, text) = unsafe { (Object::from_nullable(category), CStr::from_ptr(text)) };
    boundary(|ts| warnings::warn_object(ts, category, &text.to_string_lossy()))
}

/// Warns of a text, and says where.
///
/// -1 with an exception if warning raised one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_WarnExplicit(
    category: *mut PyObject,
    text: *const c_char,
    file: *const c_char,
    line: c_int,
    _module: *const c_char,
    _registry: *mut PyObject,
) -> c_int {
    // SAFETY: [nullable], [cstr]
    let (category, text, file) =
        unsafe { (Object::from_nullable(category), CStr::from_ptr(text), CStr::from_ptr(file)) };
    boundary(|ts| {
        let category = category.and_then(Object::downcast::<Type>).unwrap_or(&RUNTIME_WARNING);
        warnings::warn_explicit(ts, category, &text.to_string_lossy(), &file.to_string_lossy(), line)
    })
}
