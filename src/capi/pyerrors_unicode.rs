//! pyerrors.h: which part of what could not be converted, and why.

use core::ffi::{c_char, c_int};

use super::text;
use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::{Object, ObjectCell, Result, Type};
use crate::protocol::call;
use crate::runtime::{ThreadState, boundary};
use crate::types::exceptions::unicode_error::{Source, UnicodeError};
use crate::types::exceptions::{UNICODE_DECODE_ERROR, UNICODE_ENCODE_ERROR, UNICODE_TRANSLATE_ERROR};
use crate::types::{Bytes, Int};

/// # Safety
/// `[live]`
unsafe fn error_of<'a>(ts: &ThreadState, error: *mut PyObject, ty: &Type) -> Result<&'a UnicodeError> {
    // SAFETY: [live]
    UnicodeError::expected(ts, unsafe { Object::from_raw(error) }, ty)
}

/// # Safety
/// `[live]` and `[cstr]`
unsafe fn set_reason(error: *mut PyObject, ty: &Type, reason: *const c_char) -> c_int {
    boundary(|ts| {
        // SAFETY: [live] [cstr]
        let (error, reason) = unsafe { (error_of(ts, error, ty)?, text(ts, reason)?) };
        error.reason.store(Some(reason));
        Ok(())
    })
}

/// # Safety
/// `[live]` and `[out]`
unsafe fn write_range(
    error: *mut PyObject,
    ty: &Type,
    source: Source,
    out: *mut Py_ssize_t,
    part: fn((isize, isize)) -> isize,
) -> c_int {
    boundary(|ts| {
        // SAFETY: [live]
        let error = unsafe { error_of(ts, error, ty)? };
        error.checked_object(ts, source)?;
        // SAFETY: [out]
        unsafe { out.write(part(error.range())) };
        Ok(())
    })
}

/// A `UnicodeDecodeError` of so many bytes. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeDecodeError_Create(
    encoding: *const c_char,
    object: *const c_char,
    length: Py_ssize_t,
    start: Py_ssize_t,
    end: Py_ssize_t,
    reason: *const c_char,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [cstr] [span]
        let (encoding, bytes, reason) = unsafe {
            let input = core::slice::from_raw_parts(object.cast::<u8>(), length as usize);
            (text(ts, encoding)?, Bytes::new(ts, input)?, text(ts, reason)?)
        };
        let (start, end) = (Int::from_i64(ts, start as i64)?, Int::from_i64(ts, end as i64)?);
        let args: [&Object; 5] = [&encoding, &bytes, &start, &end, &reason];
        call::call(ts, &UNICODE_DECODE_ERROR, &args)
    })
}

/// The encoding's name. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeDecodeError_GetEncoding(error: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| unsafe { error_of(ts, error, &UNICODE_DECODE_ERROR)? }.checked_encoding(ts))
}

/// The bytes that could not be decoded. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeDecodeError_GetObject(error: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| unsafe { error_of(ts, error, &UNICODE_DECODE_ERROR)? }.checked_object(ts, Source::Bytes))
}

/// Where the trouble starts, cut to the object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeDecodeError_GetStart(error: *mut PyObject, start: *mut Py_ssize_t) -> c_int {
    // SAFETY: [live] [out]
    unsafe { write_range(error, &UNICODE_DECODE_ERROR, Source::Bytes, start, |range| range.0) }
}

/// Changes where the trouble starts.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeDecodeError_SetStart(error: *mut PyObject, start: Py_ssize_t) -> c_int {
    // SAFETY: [live]
    boundary(|ts| unsafe { error_of(ts, error, &UNICODE_DECODE_ERROR)? }.set_start(start))
}

/// Where the trouble ends, cut to the object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeDecodeError_GetEnd(error: *mut PyObject, end: *mut Py_ssize_t) -> c_int {
    // SAFETY: [live] [out]
    unsafe { write_range(error, &UNICODE_DECODE_ERROR, Source::Bytes, end, |range| range.1) }
}

/// Changes where the trouble ends.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeDecodeError_SetEnd(error: *mut PyObject, end: Py_ssize_t) -> c_int {
    // SAFETY: [live]
    boundary(|ts| unsafe { error_of(ts, error, &UNICODE_DECODE_ERROR)? }.set_end(end))
}

/// What the trouble is. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeDecodeError_GetReason(error: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| unsafe { error_of(ts, error, &UNICODE_DECODE_ERROR)? }.checked_reason(ts))
}

/// Changes what the trouble is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeDecodeError_SetReason(error: *mut PyObject, reason: *const c_char) -> c_int {
    // SAFETY: [live] [cstr]
    unsafe { set_reason(error, &UNICODE_DECODE_ERROR, reason) }
}

/// The encoding's name. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeEncodeError_GetEncoding(error: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| unsafe { error_of(ts, error, &UNICODE_ENCODE_ERROR)? }.checked_encoding(ts))
}

/// The str that could not be encoded. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeEncodeError_GetObject(error: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| unsafe { error_of(ts, error, &UNICODE_ENCODE_ERROR)? }.checked_object(ts, Source::Text))
}

/// Where the trouble starts, cut to the object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeEncodeError_GetStart(error: *mut PyObject, start: *mut Py_ssize_t) -> c_int {
    // SAFETY: [live] [out]
    unsafe { write_range(error, &UNICODE_ENCODE_ERROR, Source::Text, start, |range| range.0) }
}

/// Changes where the trouble starts.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeEncodeError_SetStart(error: *mut PyObject, start: Py_ssize_t) -> c_int {
    // SAFETY: [live]
    boundary(|ts| unsafe { error_of(ts, error, &UNICODE_ENCODE_ERROR)? }.set_start(start))
}

/// Where the trouble ends, cut to the object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeEncodeError_GetEnd(error: *mut PyObject, end: *mut Py_ssize_t) -> c_int {
    // SAFETY: [live] [out]
    unsafe { write_range(error, &UNICODE_ENCODE_ERROR, Source::Text, end, |range| range.1) }
}

/// Changes where the trouble ends.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeEncodeError_SetEnd(error: *mut PyObject, end: Py_ssize_t) -> c_int {
    // SAFETY: [live]
    boundary(|ts| unsafe { error_of(ts, error, &UNICODE_ENCODE_ERROR)? }.set_end(end))
}

/// What the trouble is. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeEncodeError_GetReason(error: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| unsafe { error_of(ts, error, &UNICODE_ENCODE_ERROR)? }.checked_reason(ts))
}

/// Changes what the trouble is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeEncodeError_SetReason(error: *mut PyObject, reason: *const c_char) -> c_int {
    // SAFETY: [live] [cstr]
    unsafe { set_reason(error, &UNICODE_ENCODE_ERROR, reason) }
}

/// The str that could not be translated. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeTranslateError_GetObject(error: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| unsafe { error_of(ts, error, &UNICODE_TRANSLATE_ERROR)? }.checked_object(ts, Source::Text))
}

/// Where the trouble starts, cut to the object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeTranslateError_GetStart(error: *mut PyObject, start: *mut Py_ssize_t) -> c_int {
    // SAFETY: [live] [out]
    unsafe { write_range(error, &UNICODE_TRANSLATE_ERROR, Source::Text, start, |range| range.0) }
}

/// Changes where the trouble starts.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeTranslateError_SetStart(error: *mut PyObject, start: Py_ssize_t) -> c_int {
    // SAFETY: [live]
    boundary(|ts| unsafe { error_of(ts, error, &UNICODE_TRANSLATE_ERROR)? }.set_start(start))
}

/// Where the trouble ends, cut to the object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeTranslateError_GetEnd(error: *mut PyObject, end: *mut Py_ssize_t) -> c_int {
    // SAFETY: [live] [out]
    unsafe { write_range(error, &UNICODE_TRANSLATE_ERROR, Source::Text, end, |range| range.1) }
}

/// Changes where the trouble ends.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeTranslateError_SetEnd(error: *mut PyObject, end: Py_ssize_t) -> c_int {
    // SAFETY: [live]
    boundary(|ts| unsafe { error_of(ts, error, &UNICODE_TRANSLATE_ERROR)? }.set_end(end))
}

/// What the trouble is. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeTranslateError_GetReason(error: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| unsafe { error_of(ts, error, &UNICODE_TRANSLATE_ERROR)? }.checked_reason(ts))
}

/// Changes what the trouble is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicodeTranslateError_SetReason(error: *mut PyObject, reason: *const c_char) -> c_int {
    // SAFETY: [live] [cstr]
    unsafe { set_reason(error, &UNICODE_TRANSLATE_ERROR, reason) }
}
