//! unicodeobject.h: file names and the locale's texts, which are UTF-8.

use core::ffi::{CStr, c_char, c_int, c_void};

use super::optional_text;
use super::unicodeobject::text_of;
use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::{Object, Owned, Result};
use crate::runtime::{ThreadState, boundary, boundary_or};
use crate::types::str::fs;

/// The text of so many bytes in the locale's encoding.
///
/// New reference. `ValueError` for a NUL within, or a handler other than `strict` and `surrogateescape`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_DecodeLocaleAndSize(
    text: *const c_char,
    size: Py_ssize_t,
    errors: *const c_char,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [span], [cstr] or NULL
        let (input, errors) = unsafe { (super::span(text, size), optional_text(errors)) };
        fs::decode_locale(ts, input, errors.as_deref())
    })
}

/// The text of what stands before the NUL, in the locale's encoding.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_DecodeLocale(text: *const c_char, errors: *const c_char) -> *mut PyObject {
    // SAFETY: [cstr]
    unsafe { PyUnicode_DecodeLocaleAndSize(text, CStr::from_ptr(text).count_bytes() as isize, errors) }
}

/// The bytes of a str in the locale's encoding.
///
/// New reference. `ValueError` as for decoding.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_EncodeLocale(text: *mut PyObject, errors: *const c_char) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable], [cstr] or NULL
        let (text, errors) = unsafe { (text_of(ts, text)?, optional_text(errors)) };
        fs::encode_locale(ts, text, errors.as_deref())
    })
}

/// The text of a file name.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_DecodeFSDefaultAndSize(text: *const c_char, size: Py_ssize_t) -> *mut PyObject {
    // SAFETY: [span]
    boundary(|ts| unsafe { fs::decode_name(ts, super::span(text, size)) })
}

/// The text of a file name that ends with a NUL.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_DecodeFSDefault(text: *const c_char) -> *mut PyObject {
    // SAFETY: [cstr]
    unsafe { PyUnicode_DecodeFSDefaultAndSize(text, CStr::from_ptr(text).count_bytes() as isize) }
}

/// The bytes of a file name.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_EncodeFSDefault(text: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| fs::encode_name(ts, unsafe { text_of(ts, text)? }))
}

/// `PyArg_Parse`'s `O&` for file names as bytes; NULL for `object` gives `*result` back.
///
/// `Py_CLEANUP_SUPPORTED` with a new reference in `*result`; 0 on failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_FSConverter(object: *mut PyObject, result: *mut c_void) -> c_int {
    // SAFETY: [nullable], [out] holds NULL or a reference when it is to be given back
    unsafe { convert(object, result, |ts, object| Ok(fs::name_bytes(ts, object)?.upcast())) }
}

/// `PyArg_Parse`'s `O&` for file names as str; NULL for `object` gives `*result` back.
///
/// `Py_CLEANUP_SUPPORTED` with a new reference in `*result`; 0 on failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_FSDecoder(object: *mut PyObject, result: *mut c_void) -> c_int {
    // SAFETY: [nullable], [out] holds NULL or a reference when it is to be given back
    unsafe { convert(object, result, |ts, object| Ok(fs::name_text(ts, object)?.upcast())) }
}

#[allow(non_upper_case_globals)]
const Py_CLEANUP_SUPPORTED: c_int = 0x20000;

/// # Safety
/// `[nullable]`; `result` is `[out]`, and holds NULL or a reference if `object` is NULL.
unsafe fn convert(
    object: *mut PyObject,
    result: *mut c_void,
    f: impl FnOnce(&ThreadState, &Object) -> Result,
) -> c_int {
    let result = result.cast::<*mut PyObject>();
    boundary_or(0, |ts| {
        // SAFETY: the caller's promise.
        unsafe {
            let Some(object) = Object::from_nullable(object) else {
                drop(Owned::<Object>::from_stolen_nullable(result.replace(core::ptr::null_mut())));
                return Ok(1);
            };
            result.write(f(ts, object)?.into_raw());
        }
        Ok(Py_CLEANUP_SUPPORTED)
    })
}
