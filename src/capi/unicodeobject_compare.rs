//! unicodeobject.h: comparing strs with each other and with C's texts.

use core::ffi::{CStr, c_char, c_int};

use super::bad_argument_type;
use super::unicodeobject::must_be_str;
use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::Object;
use crate::protocol::compare::CompareOp;
use crate::runtime::boundary;
use crate::types::exceptions::TYPE_ERROR;
use crate::types::text::{Chars, unicode};
use crate::types::{Str, bool as boolean, singletons};

/// -1, 0 or 1 by code points.
///
/// -1 with `TypeError` for anything but strs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_Compare(left: *mut PyObject, right: *mut PyObject) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable]
        let (left, right) = unsafe { (super::required(ts, left)?, super::required(ts, right)?) };
        match (left.downcast::<Str>(), right.downcast::<Str>()) {
            (Some(a), Some(b)) => Ok(a.chars().compare(b.chars()) as c_int),
            _ => {
                let (a, b) = (left.ty().full_name(), right.ty().full_name());
                Err(ts.raise(&TYPE_ERROR, format_args!("Can't compare {a} and {b}")))
            }
        }
    })
}

/// -1, 0 or 1, the right side being Latin-1 up to its NUL. Never fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_CompareWithASCIIString(text: *mut PyObject, other: *const c_char) -> c_int {
    // SAFETY: [live], [cstr]
    unsafe {
        let other = CStr::from_ptr(other).to_bytes();
        (*text.cast::<Str>()).chars().compare(Chars::One(other)) as c_int
    }
}

/// `left op right`: `True`, `False`, or `NotImplemented` unless both are strs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_RichCompare(left: *mut PyObject, right: *mut PyObject, op: c_int) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live]
        let (left, right) = unsafe { (Object::from_raw(left), Object::from_raw(right)) };
        let (Some(a), Some(b)) = (left.downcast::<Str>(), right.downcast::<Str>()) else {
            return Ok(singletons::not_implemented());
        };
        let op = CompareOp::from_c(ts, op).map_err(|_| bad_argument_type(ts))?;
        Ok(boolean::from_bool(Str::compare_with(a, b, op)))
    })
}

/// Whether two strs are equal.
///
/// -1 with `TypeError` for anything but strs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_Equal(left: *mut PyObject, right: *mut PyObject) -> c_int {
    boundary(|ts| {
        let argument = |object: *mut PyObject, which: &str| {
            // SAFETY: [live]
            let object = unsafe { super::required(ts, object)? };
            object.downcast::<Str>().ok_or_else(|| {
                let name = object.ty().full_name();
                ts.raise(&TYPE_ERROR, format_args!("{which} argument must be str, not {name}"))
            })
        };
        Ok(argument(left, "first")?.equals(argument(right, "second")?))
    })
}

/// Whether a str is that UTF-8 text. Never fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_EqualToUTF8(text: *mut PyObject, other: *const c_char) -> c_int {
    // SAFETY: [live], [cstr]
    unsafe { PyUnicode_EqualToUTF8AndSize(text, other, CStr::from_ptr(other).count_bytes() as isize) }
}

/// Whether a str is that UTF-8 text of a size. Never fails: anything but a str is not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_EqualToUTF8AndSize(
    text: *mut PyObject,
    other: *const c_char,
    size: Py_ssize_t,
) -> c_int {
    // SAFETY: [live], [span]
    let (text, other) = unsafe { (Object::from_raw(text).downcast::<Str>(), super::span(other, size)) };
    let equal = text.is_some_and(|text| match text.as_ascii() {
        Some(ascii) => ascii.as_bytes() == other,
        None => core::str::from_utf8(other).is_ok_and(|other| text.equals_text(other)),
    });
    c_int::from(equal)
}

/// `str.isidentifier`. Never fails: anything but a str is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_IsIdentifier(text: *mut PyObject) -> c_int {
    // SAFETY: [live]
    let text = unsafe { Object::from_raw(text) }.downcast::<Str>();
    c_int::from(text.is_some_and(|text| unicode::is_identifier(text.chars())))
}

/// `element in container`.
///
/// -1 with `TypeError` for anything but strs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_Contains(container: *mut PyObject, element: *mut PyObject) -> c_int {
    boundary(|ts| {
        // SAFETY: [live]
        let element = unsafe { super::required(ts, element)? };
        let Some(needle) = element.downcast::<Str>() else {
            let name = element.ty().full_name();
            let message = format_args!("'in <string>' requires string as left operand, not {name}");
            return Err(ts.raise(&TYPE_ERROR, message));
        };
        // SAFETY: [live]
        Str::contains_text(ts, unsafe { must_be_str(ts, container)? }, needle)
    })
}
