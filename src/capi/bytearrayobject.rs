//! bytearrayobject.h

use core::ffi::{c_char, c_int};

use super::expected;
use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::Object;
use crate::runtime::boundary;
use crate::types::ByteArray;
use crate::types::bytearray::sequence;
use crate::types::exceptions::SYSTEM_ERROR;

/// `bytearray(object)`, of a buffer, a number or an iterable of numbers.
///
/// New reference. `TypeError` for anything else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyByteArray_FromObject(object: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable]
        match unsafe { Object::from_nullable(object) } {
            Some(object) => ByteArray::from_object(ts, object),
            None => ByteArray::new(ts, &[]),
        }
    })
}

/// A bytearray with that content; with NULL, room that the caller fills.
///
/// New reference. `SystemError` for a negative size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyByteArray_FromStringAndSize(content: *const c_char, size: Py_ssize_t) -> *mut PyObject {
    boundary(|ts| {
        let Ok(n) = usize::try_from(size) else {
            return Err(ts.raise_str(&SYSTEM_ERROR, "Negative size passed to PyByteArray_FromStringAndSize"));
        };
        if content.is_null() {
            return ByteArray::filled(ts, n, |_| {});
        }
        // SAFETY: [span]
        ByteArray::new(ts, unsafe { core::slice::from_raw_parts(content.cast(), n) })
    })
}

/// `a + b`, for anything with a buffer.
///
/// New reference. `TypeError` for anything else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyByteArray_Concat(a: *mut PyObject, b: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] NULL, which CPython crashes on, is an error here.
        let (a, b) = unsafe { (super::required(ts, a)?, super::required(ts, b)?) };
        sequence::concat(ts, a, b)
    })
}

/// `len(bytearray)`.
///
/// -1 with `SystemError` for anything but a bytearray, which CPython does not check.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyByteArray_Size(bytearray: *mut PyObject) -> Py_ssize_t {
    // SAFETY: [live]
    boundary(|ts| Ok(unsafe { expected::<ByteArray>(ts, bytearray)? }.len() as isize))
}

/// The content, a NUL behind it, until the size changes.
///
/// NULL with `SystemError` for anything but a bytearray, which CPython does not check.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyByteArray_AsString(bytearray: *mut PyObject) -> *mut c_char {
    // SAFETY: [live]
    boundary(|ts| Ok(unsafe { expected::<ByteArray>(ts, bytearray)? }.data().cast::<c_char>()))
}

/// Changes the size. Bytes that come in at the end are zeros.
///
/// `BufferError` while a buffer is held, `ValueError` for a negative size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyByteArray_Resize(bytearray: *mut PyObject, size: Py_ssize_t) -> c_int {
    // SAFETY: [live]
    boundary(|ts| unsafe { expected::<ByteArray>(ts, bytearray)? }.resize_to(ts, size))
}
