//! unicodeobject.h: making strs, looking at them, changing them while they are new. Encodings are in
//! `unicodeobject_codecs` and `unicodeobject_filenames`, wide characters in `unicodeobject_wide`, searching and
//! cutting in `unicodeobject_search`, comparing in `unicodeobject_compare`.
//!
//! skipped PyUnicode_FromFormat, PyUnicode_FromFormatV: with the other variadic functions

use core::ffi::{CStr, c_char, c_int};
use core::ptr;

use super::{bad_argument, bad_argument_type, expected, optional_text};
use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::{Object, Owned, Result};
use crate::runtime::{ThreadState, boundary, boundary_or, rest};
use crate::types::Str;
use crate::types::exceptions::{INDEX_ERROR, RUNTIME_ERROR, SYSTEM_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::str::{arguments, codecs, percent};
use crate::types::text::codec::Codec;

/// An argument that must be a str, else `TypeError` as `PyErr_BadArgument` raises it.
///
/// # Safety
/// `[nullable]`
pub(super) unsafe fn text_of<'a>(ts: &ThreadState, object: *mut PyObject) -> Result<&'a Str> {
    // SAFETY: [nullable] the caller's promise.
    match unsafe { Object::from_nullable(object) }.and_then(Object::downcast::<Str>) {
        Some(text) => Ok(text),
        None => Err(bad_argument_type(ts)),
    }
}

/// An argument that must be a str, else `TypeError: must be str, not …`.
///
/// # Safety
/// `[live]`
pub(super) unsafe fn must_be_str<'a>(ts: &ThreadState, object: *mut PyObject) -> Result<&'a Str> {
    // SAFETY: [nullable] NULL, which CPython crashes on, is an error here.
    arguments::ensure_str(ts, unsafe { super::required(ts, object)? })
}

/// A str of UTF-8 text up to its NUL.
///
/// New reference. `UnicodeDecodeError` if it is not UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_FromString(text: *const c_char) -> *mut PyObject {
    // SAFETY: [cstr]
    boundary(|ts| decode_utf8(ts, unsafe { CStr::from_ptr(text) }.to_bytes()))
}

#[inline]
fn decode_utf8(ts: &ThreadState, text: &[u8]) -> Result<Owned<Str>> {
    Ok(codecs::decode_with(ts, Codec::Utf8, text, None, None, true)?.0)
}

/// A str of so many bytes of UTF-8.
///
/// New reference. `SystemError` for a negative size, or NULL with a size; `UnicodeDecodeError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_FromStringAndSize(text: *const c_char, size: Py_ssize_t) -> *mut PyObject {
    boundary(|ts| {
        if size < 0 {
            return Err(ts.raise_str(&SYSTEM_ERROR, "Negative size passed to PyUnicode_FromStringAndSize"));
        }
        if text.is_null() {
            if size > 0 {
                let message = "NULL string with positive size with NULL passed to PyUnicode_FromStringAndSize";
                return Err(ts.raise_str(&SYSTEM_ERROR, message));
            }
            return Ok(Str::empty());
        }
        // SAFETY: [span]
        decode_utf8(ts, unsafe { core::slice::from_raw_parts(text.cast(), size as usize) })
    })
}

/// The str itself, or an exact copy of an instance of a subclass.
///
/// New reference. `TypeError` for anything else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_FromObject(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| Str::from_object(ts, unsafe { super::required(ts, object)? }))
}

/// A str of one character.
///
/// New reference. `ValueError` if there is no such character.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_FromOrdinal(ordinal: c_int) -> *mut PyObject {
    boundary(|ts| match ordinal {
        0..=0x10FFFF => Str::from_char(ts, ordinal as u32),
        _ => Err(ts.raise_str(&VALUE_ERROR, "chr() arg not in range(0x110000)")),
    })
}

/// The interned str of UTF-8 text.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_InternFromString(text: *const c_char) -> *mut PyObject {
    // SAFETY: [cstr]
    boundary(|ts| unsafe { super::name(ts, text) })
}

/// Puts the interned str equal to `*text` in its place.
///
/// Steals the old reference and gives a new one. Errors are ignored, and the str then stays.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_InternInPlace(text: *mut *mut PyObject) {
    let ts = ThreadState::current();
    // SAFETY: [out] holds NULL or a reference of the caller's.
    unsafe {
        let Some(old) = Object::from_nullable(*text).and_then(Object::downcast_exact::<Str>) else { return };
        match ts.preserving_error(|| Str::intern(ts, Owned::new(old))) {
            Ok(interned) => {
                let old = Owned::<Object>::from_stolen(*text);
                *text = interned.into_raw();
                drop(old);
            }
            Err(_no_memory) => ts.error.clear(),
        }
    }
}

/// The same, the interned str made immortal.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_InternImmortal(text: *mut *mut PyObject) {
    // SAFETY: [out] as for `PyUnicode_InternInPlace`.
    unsafe {
        PyUnicode_InternInPlace(text);
        if let Some(text) = Object::from_nullable(*text) {
            let ts = ThreadState::current();
            crate::object::immortal::promote(ts, text, crate::object::immortal::Origin::Interned);
        }
    }
}

/// Length in characters.
///
/// -1 with `TypeError` for anything but a str.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_GetLength(text: *mut PyObject) -> Py_ssize_t {
    // SAFETY: [nullable]
    boundary(|ts| Ok(unsafe { text_of(ts, text)? }.len() as isize))
}

/// Removed: always -1 with `RuntimeError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_GetSize(_text: *mut PyObject) -> Py_ssize_t {
    boundary(|ts| Err::<isize, _>(ts.raise_str(&RUNTIME_ERROR, "PyUnicode_GetSize has been removed.")))
}

/// The character at `index`.
///
/// -1 with `IndexError` if out of range, `TypeError` for anything but a str.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_ReadChar(text: *mut PyObject, index: Py_ssize_t) -> u32 {
    boundary(|ts| {
        // SAFETY: [nullable]
        let text = unsafe { text_of(ts, text)? };
        let c = usize::try_from(index).ok().and_then(|i| text.chars().get(i));
        c.ok_or_else(|| ts.raise_str(&INDEX_ERROR, "string index out of range"))
    })
}

/// Writes a character of a str that nobody else has seen.
///
/// `IndexError` if out of range, `SystemError` if the str is shared or hashed, `ValueError` if the character
/// is wider than the str's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_WriteChar(text: *mut PyObject, index: Py_ssize_t, c: u32) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable]
        let text = unsafe { text_of(ts, text)? };
        let Some(i) = usize::try_from(index).ok().filter(|&i| i < text.len()) else {
            return Err(ts.raise_str(&INDEX_ERROR, "string index out of range"));
        };
        if !text.is_unshared() {
            return Err(ts.raise_str(&SYSTEM_ERROR, "Cannot modify a string currently used"));
        }
        if c > text.max_char() {
            return Err(ts.raise_str(&VALUE_ERROR, "character out of range"));
        }
        // SAFETY: within, of the str's width, and the str is the caller's alone.
        unsafe { text.write_char(i, c) };
        Ok(())
    })
}

/// Changes the length of a str that nobody else has seen; where it is shared, makes another.
///
/// `SystemError` for NULL, anything but a str, or a negative length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_Resize(text: *mut *mut PyObject, length: Py_ssize_t) -> c_int {
    boundary(|ts| {
        let Some(n) = usize::try_from(length).ok().filter(|_| !text.is_null()) else { return Err(bad_argument(ts)) };
        // SAFETY: [out] holds NULL or a reference of the caller's.
        unsafe {
            let old = expected::<Str>(ts, *text)?;
            if old.len() != n {
                let new = Str::resized(ts, old, n)?;
                drop(Owned::<Object>::from_stolen(ptr::replace(text, new.into_raw())));
            }
        }
        Ok(())
    })
}

/// Characters from `start` up to `end`, which is clipped.
///
/// New reference. `IndexError` for negative indexes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_Substring(text: *mut PyObject, start: Py_ssize_t, end: Py_ssize_t) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live]
        let text = unsafe { text_of(ts, text)? };
        if start < 0 || end < 0 {
            return Err(ts.raise_str(&INDEX_ERROR, "string index out of range"));
        }
        let end = text.len().min(end as usize);
        Str::part(ts, text, end.min(start as usize)..end)
    })
}

/// The text as UTF-8, kept by the str.
///
/// Lives as long as the str. NULL with `TypeError` for anything but a str, `UnicodeEncodeError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_AsUTF8AndSize(text: *mut PyObject, size: *mut Py_ssize_t) -> *const c_char {
    // SAFETY: [nullable]
    if let Some(ascii) =
        unsafe { Object::from_nullable(text) }.and_then(Object::downcast::<Str>).and_then(Str::as_compact_ascii)
    {
        // ASCII is UTF-8 as it is: nothing is made, and nothing fails.
        if !size.is_null() {
            // SAFETY: [out]
            unsafe { size.write(ascii.len() as isize) };
        }
        return ascii.as_ptr().cast();
    }
    rest(move |ts| {
        // SAFETY: [nullable]
        let utf8 = unsafe { text_of(ts, text) }.and_then(|text| text.utf8(ts));
        if !size.is_null() {
            // SAFETY: [out]
            unsafe { size.write(utf8.as_ref().map_or(-1, |u| u.len() as isize)) };
        }
        Ok(utf8?.as_ptr().cast::<c_char>())
    })
}

/// `left + right`.
///
/// New reference. `TypeError` for anything but strs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_Concat(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live]
        let (left, right) = unsafe { (must_be_str(ts, left)?, super::required(ts, right)?) };
        let Some(right) = right.downcast::<Str>() else {
            let name = right.ty().full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("can only concatenate str (not \"{name}\") to str")));
        };
        Str::concat(ts, left, right)
    })
}

/// `*left += right`.
///
/// Steals the old `*left`; on failure `*left` becomes NULL, with an exception.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_Append(left: *mut *mut PyObject, right: *mut PyObject) {
    // SAFETY: [out] holds NULL or a reference of the caller's, which becomes ours.
    let old = unsafe { Owned::<Object>::from_stolen_nullable(*left) };
    let sum = boundary(|ts| {
        // SAFETY: [nullable]
        let right = unsafe { Object::from_nullable(right) }.and_then(Object::downcast::<Str>);
        match (old.as_ref().and_then(|o| o.downcast::<Str>()), right) {
            (Some(left), Some(right)) => Str::concat(ts, left, right),
            _ if old.is_none() && ts.error.is_set() => Err(crate::object::Raised::already()),
            _ => Err(bad_argument(ts)),
        }
    });
    // SAFETY: [out]
    unsafe { *left = sum };
}

/// The same, with `right` stolen.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_AppendAndDel(left: *mut *mut PyObject, right: *mut PyObject) {
    // SAFETY: [steals], [out]
    unsafe {
        let right = Owned::<Object>::from_stolen_nullable(right);
        PyUnicode_Append(left, right.as_ref().map_or(ptr::null_mut(), |r| r.as_ptr()));
    }
}

/// `format % args`.
///
/// New reference. `SystemError` for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_Format(format: *mut PyObject, args: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        if format.is_null() || args.is_null() {
            return Err(bad_argument(ts));
        }
        // SAFETY: [live]
        let (format, args) = unsafe { (must_be_str(ts, format)?, Object::from_raw(args)) };
        percent::format(ts, format, args)
    })
}

/// The text that a bytes-like object stands for.
///
/// New reference. `TypeError` for a str or what has no buffer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_FromEncodedObject(
    object: *mut PyObject,
    encoding: *const c_char,
    errors: *const c_char,
) -> *mut PyObject {
    boundary(|ts| {
        if object.is_null() {
            return Err(bad_argument(ts));
        }
        // SAFETY: [live], [cstr] or NULL
        let (object, encoding, errors) =
            unsafe { (Object::from_raw(object), optional_text(encoding), optional_text(errors)) };
        codecs::decode_buffer_or_refuse(ts, object, encoding.as_deref(), errors.as_deref())
    })
}

/// The name of the default encoding: always UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_GetDefaultEncoding() -> *const c_char {
    c"utf-8".as_ptr()
}

/// Where one character first (`direction` > 0) or last occurs.
///
/// -1 if it does not; -2 on failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_FindChar(
    text: *mut PyObject,
    c: u32,
    start: Py_ssize_t,
    end: Py_ssize_t,
    direction: c_int,
) -> Py_ssize_t {
    boundary_or(-2, |_| {
        // SAFETY: [live]
        let text = unsafe { &*text.cast::<Str>() };
        let found = crate::types::str::search::find_char(text.chars(), c, start, end, direction <= 0);
        Ok(found.map_or(-1, |i| i as isize))
    })
}
