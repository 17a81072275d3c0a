//! bytesobject.h
//!
//! skipped PyBytes_FromFormat, PyBytes_FromFormatV: with the other variadic functions

use core::ffi::{CStr, c_char, c_int};
use core::ptr;

use super::{bad_argument, expected, optional_text};
use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::{Object, Owned, Result};
use crate::runtime::{ThreadState, boundary};
use crate::types::Bytes;
use crate::types::bytes::sequence;
use crate::types::exceptions::{SYSTEM_ERROR, TYPE_ERROR, VALUE_ERROR};

/// An argument that must be a bytes, else `TypeError: expected bytes, … found`.
///
/// # Safety
/// `[live]`
unsafe fn bytes_of<'a>(ts: &ThreadState, object: *mut PyObject) -> Result<&'a Bytes> {
    // SAFETY: [nullable] NULL, which CPython crashes on, is an error here.
    let object = unsafe { super::required(ts, object)? };
    object.downcast::<Bytes>().ok_or_else(|| {
        let name = object.ty().full_name();
        ts.raise(&TYPE_ERROR, format_args!("expected bytes, {name} found"))
    })
}

/// Bytes with that content; with NULL, room that the caller fills before anyone sees it.
///
/// New reference. `SystemError` for a negative size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBytes_FromStringAndSize(content: *const c_char, size: Py_ssize_t) -> *mut PyObject {
    boundary(|ts| {
        let Ok(n) = usize::try_from(size) else {
            return Err(ts.raise_str(&SYSTEM_ERROR, "Negative size passed to PyBytes_FromStringAndSize"));
        };
        if n == 0 {
            return Ok(Bytes::empty());
        }
        // SAFETY: [span], or the caller writes the content.
        unsafe {
            if content.is_null() {
                Bytes::with_size(ts, n)
            } else {
                Bytes::new(ts, core::slice::from_raw_parts(content.cast(), n))
            }
        }
    })
}

/// Bytes of what stands before the NUL.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBytes_FromString(content: *const c_char) -> *mut PyObject {
    // SAFETY: [cstr]
    boundary(|ts| Bytes::new(ts, unsafe { CStr::from_ptr(content) }.to_bytes()))
}

/// Bytes of a buffer or of an iterable of numbers.
///
/// New reference. `TypeError` for anything else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBytes_FromObject(object: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable]
        match unsafe { Object::from_nullable(object) } {
            Some(object) => Bytes::from_object(ts, object),
            None => Err(bad_argument(ts)),
        }
    })
}

/// `len(bytes)`.
///
/// -1 with `TypeError` for anything but bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBytes_Size(bytes: *mut PyObject) -> Py_ssize_t {
    // SAFETY: [live]
    boundary(|ts| Ok(unsafe { bytes_of(ts, bytes)? }.len() as isize))
}

/// The content, a NUL behind it.
///
/// Lives as long as the bytes. NULL with `TypeError` for anything else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBytes_AsString(bytes: *mut PyObject) -> *mut c_char {
    // SAFETY: [live]
    boundary(|ts| Ok(unsafe { bytes_of(ts, bytes)? }.data().cast::<c_char>()))
}

/// The content and its size.
///
/// `ValueError` if nobody asked for the size and there is a NUL within; `TypeError` for anything but bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBytes_AsStringAndSize(
    bytes: *mut PyObject,
    content: *mut *mut c_char,
    size: *mut Py_ssize_t,
) -> c_int {
    boundary(|ts| {
        if content.is_null() {
            return Err(bad_argument(ts));
        }
        // SAFETY: [live], [out]
        unsafe {
            let bytes = bytes_of(ts, bytes)?;
            content.write(bytes.data().cast());
            if !size.is_null() {
                size.write(bytes.len() as isize);
            } else if bytes.as_slice().contains(&0) {
                return Err(ts.raise_str(&VALUE_ERROR, "embedded null byte"));
            }
        }
        Ok(())
    })
}

/// `repr(bytes)`; without `smart_quotes` always in single quotes.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBytes_Repr(bytes: *mut PyObject, smart_quotes: c_int) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live]
        let bytes = unsafe { expected::<Bytes>(ts, bytes)? };
        if smart_quotes != 0 { Bytes::repr(ts, bytes) } else { Bytes::repr_single_quoted(ts, bytes) }
    })
}

/// `*left += right`, for anything with a buffer on the right.
///
/// Steals the old `*left`; on failure `*left` becomes NULL, with an exception.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBytes_Concat(left: *mut *mut PyObject, right: *mut PyObject) {
    // SAFETY: [out] holds NULL or a reference of the caller's, which becomes ours; [nullable]
    unsafe {
        let Some(old) = Owned::<Object>::from_stolen_nullable(*left) else { return };
        *left = match Object::from_nullable(right) {
            Some(right) => boundary(|ts| sequence::concat(ts, &old, right)),
            None => ptr::null_mut(),
        };
    }
}

/// The same, with `right` stolen.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBytes_ConcatAndDel(left: *mut *mut PyObject, right: *mut PyObject) {
    // SAFETY: [steals], [out]
    unsafe {
        let right = Owned::<Object>::from_stolen_nullable(right);
        PyBytes_Concat(left, right.as_ref().map_or(ptr::null_mut(), |r| r.as_ptr()));
    }
}

/// What the backslash escapes of a bytes literal stand for. The last two arguments mean nothing any more.
///
/// New reference. `ValueError` for a bad escape, unless `errors` says otherwise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBytes_DecodeEscape(
    text: *const c_char,
    size: Py_ssize_t,
    errors: *const c_char,
    _unicode: Py_ssize_t,
    _recode_encoding: *const c_char,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [span], [cstr] or NULL
        let (text, errors) = unsafe { (super::span(text, size), optional_text(errors)) };
        Bytes::decode_escapes(ts, text, errors.as_deref())
    })
}
