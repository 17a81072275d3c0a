//! The door: every exported function, one file for each CPython header. No algorithms.
//!
//! A function turns raw pointers into borrows in its first lines, goes through `boundary` once, and calls the
//! core. The words of its SAFETY lines, which hold for every function here:
//!
//! * `[live]` a live object, borrowed for the call
//! * `[nullable]` NULL or live
//! * `[steals]` the caller's ownership moves in
//! * `[out]` valid for one write
//! * `[cstr]` NUL-terminated, valid for the call
//! * `[span]` a pointer and its length
//! * `[attached]` the caller holds this interpreter's GIL
//! * `[static]` an exported static, immortal

#![allow(clippy::missing_safety_doc, reason = "C's contract is in each function's doc, in the words above")]
#![allow(clippy::not_unsafe_ptr_arg_deref)]
#![allow(non_snake_case)]

use core::ffi::{CStr, c_char};

use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::{Class, Layout, Object, Owned, Result};
use crate::runtime::{ThreadState, ledger};
use crate::types::Str;
use crate::types::exceptions::SYSTEM_ERROR;

pub mod r#abstract;
pub mod abstract_convert;
pub mod abstract_instance;
pub mod abstract_number;
pub mod abstract_sequence;
pub mod boolobject;
pub mod bytearrayobject;
pub mod bytesobject;
pub mod ceval;
pub mod codecs;
pub mod complexobject;
pub mod critical_section;
pub mod deathless;
pub mod deathless_leaks;
pub mod deathless_ledger;
pub mod deathless_seal;
pub mod descrobject;
pub mod descrobject_member;
pub mod dictobject;
pub mod fileobject;
pub mod fileutils;
pub mod floatobject;
pub mod genericaliasobject;
pub mod import;
pub mod initconfig;
pub mod intrcheck;
pub mod iterobject;
pub mod listobject;
pub mod longobject;
pub mod memoryobject;
pub mod methodobject;
pub mod modsupport;
pub mod moduleobject;
pub mod object;
pub mod object_types;
pub mod objimpl;
pub mod osmodule;
pub mod pybuffer;
pub mod pycapsule;
pub mod pyerrors;
pub mod pyerrors_syntax;
pub mod pyerrors_unicode;
pub mod pyframe;
pub mod pylifecycle;
pub mod pymacro;
pub mod pymem;
pub mod pystate;
pub mod pystate_interpreter;
pub mod pystrcmp;
pub mod pystrtod;
pub mod pythonrun;
pub mod pythread;
pub mod refcount;
pub mod setobject;
pub mod sliceobject;
pub mod structseq;
pub mod sysmodule;
pub mod traceback;
pub mod tupleobject;
pub mod unicodeobject;
pub mod unicodeobject_codecs;
pub mod unicodeobject_compare;
pub mod unicodeobject_filenames;
pub mod unicodeobject_search;
pub mod unicodeobject_wide;
mod variadic;
pub mod warnings;
pub mod weakrefobject;

/// Takes over a reference that the caller gives away, or NULL.
///
/// # Safety
/// `[steals]` `[nullable]`
#[inline(always)]
pub(crate) unsafe fn take_over<T: Layout>(object: *mut PyObject) -> Option<Owned<T>> {
    ledger::taken(object);
    // SAFETY: the caller's promise.
    unsafe { Owned::from_stolen_nullable(object) }
}

/// Hands a new reference, or NULL, to the caller, where `boundary` does not: into a variable of its own.
#[inline(always)]
pub(crate) fn hand_out<T: Layout>(object: Option<Owned<T>>) -> *mut PyObject {
    let object = object.map_or(core::ptr::null_mut(), Owned::into_raw);
    ledger::handed(object);
    object
}

/// An argument that CPython answers with `SystemError` when it is NULL.
///
/// # Safety
/// `[nullable]`
#[inline(always)]
pub(crate) unsafe fn required<'a>(ts: &ThreadState, object: *mut PyObject) -> Result<&'a Object> {
    // SAFETY: [nullable] the caller's promise.
    match unsafe { Object::from_nullable(object) } {
        Some(object) => Ok(object),
        None => Err(null_argument(ts)),
    }
}

#[cold]
fn null_argument(ts: &ThreadState) -> crate::object::Raised {
    if ts.error.is_set() {
        return crate::object::Raised::already();
    }
    ts.raise_str(&SYSTEM_ERROR, "null argument to internal routine")
}

/// `SystemError: bad argument to internal function`, for an object of the wrong type.
#[cold]
pub(crate) fn bad_argument(ts: &ThreadState) -> crate::object::Raised {
    ts.raise_str(&SYSTEM_ERROR, "bad argument to internal function")
}

/// `TypeError: bad argument type for built-in operation`, where CPython's functions say only that.
#[cold]
pub(crate) fn bad_argument_type(ts: &ThreadState) -> crate::object::Raised {
    ts.raise_str(&crate::types::exceptions::TYPE_ERROR, "bad argument type for built-in operation")
}

/// A text that may be absent, such as an encoding's name.
///
/// # Safety
/// `[cstr]` or NULL
pub(crate) unsafe fn optional_text<'a>(text: *const c_char) -> Option<std::borrow::Cow<'a, str>> {
    // SAFETY: [cstr] the caller's promise.
    if text.is_null() { None } else { Some(unsafe { CStr::from_ptr(text) }.to_string_lossy()) }
}

/// Bytes that C gives by pointer and length; none for NULL, whatever the length.
///
/// # Safety
/// `[span]` or NULL
pub(crate) unsafe fn span<'a>(start: *const c_char, length: Py_ssize_t) -> &'a [u8] {
    if start.is_null() || length <= 0 {
        return &[];
    }
    // SAFETY: [span] the caller's promise.
    unsafe { core::slice::from_raw_parts(start.cast(), length as usize) }
}

/// An argument that must be a `T`; `SystemError` if it is another or NULL.
///
/// # Safety
/// `[nullable]`
#[inline(always)]
pub(crate) unsafe fn expected<'a, T: Class>(ts: &ThreadState, object: *mut PyObject) -> Result<&'a T> {
    // SAFETY: [nullable] the caller's promise.
    match unsafe { Object::from_nullable(object) }.and_then(Object::downcast::<T>) {
        Some(object) => Ok(object),
        None => Err(bad_argument(ts)),
    }
}

/// A name given as UTF-8, interned.
///
/// # Safety
/// `[cstr]`
pub(crate) unsafe fn name(ts: &ThreadState, text: *const c_char) -> Result<Owned<Str>> {
    // SAFETY: [cstr] the caller's promise.
    if let Some(Ok(text)) = (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_str()) {
        return Str::interned(ts, text);
    }
    // SAFETY: as above; it says what is wrong with the text.
    Str::intern(ts, unsafe { self::text(ts, text)? })
}

/// A str of UTF-8 text; `SystemError` for NULL.
///
/// # Safety
/// `[cstr]` or NULL
pub(crate) unsafe fn text(ts: &ThreadState, text: *const c_char) -> Result<Owned<Str>> {
    if text.is_null() {
        return Err(ts.raise_str(&SYSTEM_ERROR, "null argument to internal routine"));
    }
    // SAFETY: [cstr] the caller's promise.
    let bytes = unsafe { CStr::from_ptr(text) };
    crate::types::str::codecs::decode(ts, bytes.to_bytes(), None, None)
}

/// A value in memory of its own, for C to keep; NULL where there is none.
pub(crate) fn boxed<T>(make: impl FnOnce() -> T) -> *mut T {
    crate::object::alloc::try_box(make).map_or(core::ptr::null_mut(), Box::into_raw)
}
