//! unicodeobject.h: searching, cutting and joining strs.

use core::ffi::{c_char, c_int};

use super::unicodeobject::must_be_str;
use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::{Object, Result};
use crate::runtime::{ThreadState, boundary, boundary_or};
use crate::types::Str;
use crate::types::str::translate;

/// NULL, or a str.
///
/// # Safety
/// `[nullable]`
unsafe fn optional_str<'a>(ts: &ThreadState, object: *mut PyObject) -> Result<Option<&'a Str>> {
    // SAFETY: [nullable] the caller's promise.
    if object.is_null() { Ok(None) } else { unsafe { must_be_str(ts, object) }.map(Some) }
}

/// Where `sub` first (`direction` > 0) or last occurs in `text[start:end]`.
///
/// -1 if it does not; -2 with `TypeError` for anything but strs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_Find(
    text: *mut PyObject,
    sub: *mut PyObject,
    start: Py_ssize_t,
    end: Py_ssize_t,
    direction: c_int,
) -> Py_ssize_t {
    boundary_or(-2, |ts| {
        // SAFETY: [live]
        let (text, sub) = unsafe { (must_be_str(ts, text)?, must_be_str(ts, sub)?) };
        Ok(text.find_in(ts, sub, start, end, direction <= 0)?.map_or(-1, |i| i as isize))
    })
}

/// How often `sub` occurs in `text[start:end]`, without overlap.
///
/// -1 with `TypeError` for anything but strs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_Count(
    text: *mut PyObject,
    sub: *mut PyObject,
    start: Py_ssize_t,
    end: Py_ssize_t,
) -> Py_ssize_t {
    boundary(|ts| {
        // SAFETY: [live]
        let (text, sub) = unsafe { (must_be_str(ts, text)?, must_be_str(ts, sub)?) };
        text.count_in(ts, sub, start, end)
    })
}

/// Whether `text[start:end]` begins (`direction` <= 0) or ends with `affix`.
///
/// -1 with `TypeError` for anything but strs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_Tailmatch(
    text: *mut PyObject,
    affix: *mut PyObject,
    start: Py_ssize_t,
    end: Py_ssize_t,
    direction: c_int,
) -> Py_ssize_t {
    boundary(|ts| {
        // SAFETY: [live]
        let (text, affix) = unsafe { (must_be_str(ts, text)?, must_be_str(ts, affix)?) };
        Ok(isize::from(text.tail_matches(affix, start, end, direction > 0)))
    })
}

/// `text.split(sep, max)`; NULL for `sep` means white space.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_Split(text: *mut PyObject, sep: *mut PyObject, max: Py_ssize_t) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live], [nullable]
        let (text, sep) = unsafe { (must_be_str(ts, text)?, optional_str(ts, sep)?) };
        Str::split_by(ts, text, sep, max, false)
    })
}

/// `text.rsplit(sep, max)`; NULL for `sep` means white space.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_RSplit(text: *mut PyObject, sep: *mut PyObject, max: Py_ssize_t) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live], [nullable]
        let (text, sep) = unsafe { (must_be_str(ts, text)?, optional_str(ts, sep)?) };
        Str::split_by(ts, text, sep, max, true)
    })
}

/// `text.splitlines(keepends)`.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_Splitlines(text: *mut PyObject, keep_ends: c_int) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| Str::split_lines(ts, unsafe { must_be_str(ts, text)? }, keep_ends != 0))
}

/// `text.partition(sep)`.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_Partition(text: *mut PyObject, sep: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live]
        let (text, sep) = unsafe { (must_be_str(ts, text)?, must_be_str(ts, sep)?) };
        Str::partition_by(ts, text, sep, false)
    })
}

/// `text.rpartition(sep)`.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_RPartition(text: *mut PyObject, sep: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live]
        let (text, sep) = unsafe { (must_be_str(ts, text)?, must_be_str(ts, sep)?) };
        Str::partition_by(ts, text, sep, true)
    })
}

/// `text.replace(old, new, max)`.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_Replace(
    text: *mut PyObject,
    old: *mut PyObject,
    new: *mut PyObject,
    max: Py_ssize_t,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live]
        let (text, old, new) = unsafe { (must_be_str(ts, text)?, must_be_str(ts, old)?, must_be_str(ts, new)?) };
        Str::replace_in(ts, text, old, new, max)
    })
}

/// `separator.join(iterable)`; NULL for the separator means a space.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_Join(separator: *mut PyObject, iterable: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable], [live]
        let (separator, iterable) = unsafe { (Object::from_nullable(separator), super::required(ts, iterable)?) };
        Str::join(ts, separator.unwrap_or(Str::latin1_char(b' ')), iterable)
    })
}

/// `text.translate(table)`.
///
/// New reference. The error handler is not needed: what the table does not know stays.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_Translate(
    text: *mut PyObject,
    table: *mut PyObject,
    errors: *const c_char,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both, [cstr] or NULL
        let (text, table, errors) =
            unsafe { (must_be_str(ts, text)?, Object::from_nullable(table), super::optional_text(errors)) };
        let table = table.ok_or_else(|| super::bad_argument_type(ts))?;
        translate::translate_with(ts, text, table, errors.as_deref().unwrap_or("strict"))
    })
}
