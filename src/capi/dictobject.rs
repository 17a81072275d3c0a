//! dictobject.h: dicts.

use core::ffi::{CStr, c_char, c_int};

use super::{bad_argument, expected, hand_out, required};
use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::collector::collect_if_due;
use crate::object::{Object, Owned, Result};
use crate::protocol::object;
use crate::runtime::{Lent, ThreadState, boundary, unraisable};
use crate::types::{Dict, List, Str, Tuple};

/// A new empty dict.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_New() -> *mut PyObject {
    boundary(|ts| {
        collect_if_due(ts);
        Dict::new(ts)
    })
}

/// `dict[key]`, or NULL without an exception, whatever went wrong: that is reported as unraisable.
///
/// Borrowed reference. NULL for anything but a dict. An exception that was set stays set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_GetItem(dict: *mut PyObject, key: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live] both
        let (dict, key) = unsafe { (Object::from_raw(dict), Object::from_raw(key)) };
        let Some(dict) = dict.downcast::<Dict>() else { return Ok(Lent(core::ptr::null_mut())) };
        if let Some(name) = key.downcast_exact::<Str>().filter(|_| dict.has_only_names()) {
            return Ok(Lent(dict.get_name(name).map_or(core::ptr::null_mut(), Object::as_ptr)));
        }
        let look = || {
            object::hash(ts, key)
                .and_then(|hash| dict.get_borrowed(ts, key, hash))
                .map_or_else(|_raised| swallow(ts), |found| found.map_or(core::ptr::null_mut(), Object::as_ptr))
        };
        Ok(Lent(if ts.error.is_set() { ts.preserving_error(look) } else { look() }))
    })
}

/// Reports the exception of a function that cannot fail.
#[cold]
fn swallow(ts: &ThreadState) -> *mut PyObject {
    unraisable::report(ts, None);
    core::ptr::null_mut()
}

/// `dict[key]` where the key is UTF-8 text, or NULL without an exception, whatever went wrong.
///
/// Borrowed reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_GetItemString(dict: *mut PyObject, key: *const c_char) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live]
        let Some(dict) = unsafe { Object::from_raw(dict) }.downcast::<Dict>() else {
            return Ok(Lent(core::ptr::null_mut()));
        };
        let look = || {
            // SAFETY: [cstr]
            unsafe { utf8(ts, key) }
                .and_then(|key| dict.get_text(ts, key))
                .map_or_else(|_raised| swallow(ts), |found| found.map_or(core::ptr::null_mut(), Object::as_ptr))
        };
        Ok(Lent(if ts.error.is_set() { ts.preserving_error(look) } else { look() }))
    })
}

/// A key given as text.
///
/// # Safety
/// `[cstr]`
unsafe fn utf8<'a>(ts: &ThreadState, text: *const c_char) -> Result<&'a str> {
    // SAFETY: [cstr] the caller's promise.
    match unsafe { CStr::from_ptr(text) }.to_str() {
        Ok(text) => Ok(text),
        // SAFETY: as above; it says what is wrong with the text.
        Err(_) => match unsafe { super::text(ts, text) } {
            Err(raised) => Err(raised),
            Ok(_) => Err(bad_argument(ts)),
        },
    }
}

/// `dict[key]`, or NULL: without an exception if there is no such key.
///
/// Borrowed reference. `SystemError` for anything but a dict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_GetItemWithError(dict: *mut PyObject, key: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (dict, key) = unsafe { (expected::<Dict>(ts, dict)?, required(ts, key)?) };
        Ok(Lent(dict.peek(ts, key)?.map_or(core::ptr::null_mut(), Object::as_ptr)))
    })
}

/// Puts `dict[key]` in `result`: 1 if it is there, else 0 and NULL.
///
/// New reference. -1 and NULL with an exception; `SystemError` for anything but a dict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_GetItemRef(
    dict: *mut PyObject,
    key: *mut PyObject,
    result: *mut *mut PyObject,
) -> c_int {
    boundary(|ts| {
        // SAFETY: [out]
        unsafe { result.write(core::ptr::null_mut()) };
        // SAFETY: [nullable] both
        let (dict, key) = unsafe { (expected::<Dict>(ts, dict)?, required(ts, key)?) };
        let found = dict.get(ts, key)?;
        // SAFETY: [out]
        Ok(found.is_some_and(|value| unsafe { hand_over(value, result) }))
    })
}

/// Puts a value where the caller wants it.
///
/// # Safety
/// `[out]`
unsafe fn hand_over(value: Owned<Object>, result: *mut *mut PyObject) -> bool {
    // SAFETY: [out] the caller's promise.
    unsafe { result.write(hand_out(Some(value))) };
    true
}

/// As `PyDict_GetItemRef`, the key given as UTF-8 text.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_GetItemStringRef(
    dict: *mut PyObject,
    key: *const c_char,
    result: *mut *mut PyObject,
) -> c_int {
    boundary(|ts| {
        // SAFETY: [out]
        unsafe { result.write(core::ptr::null_mut()) };
        // SAFETY: [cstr]
        let key = unsafe { utf8(ts, key)? };
        // SAFETY: [nullable]
        let found = unsafe { expected::<Dict>(ts, dict)? }.get_text(ts, key)?.map(Owned::new);
        // SAFETY: [out]
        Ok(found.is_some_and(|value| unsafe { hand_over(value, result) }))
    })
}

/// `dict.setdefault(key, default)`: 1 if the key was there, else 0.
///
/// The value goes to `result` as a new reference, unless that is NULL. -1 and NULL with an exception.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_SetDefaultRef(
    dict: *mut PyObject,
    key: *mut PyObject,
    default: *mut PyObject,
    result: *mut *mut PyObject,
) -> c_int {
    boundary(|ts| {
        if !result.is_null() {
            // SAFETY: [out]
            unsafe { result.write(core::ptr::null_mut()) };
        }
        // SAFETY: [nullable] all
        let (dict, key, default) = unsafe { (expected::<Dict>(ts, dict)?, required(ts, key)?, required(ts, default)?) };
        let (value, present) = dict.set_default(ts, key, default)?;
        if !result.is_null() {
            // SAFETY: [out]
            unsafe { result.write(hand_out(Some(value))) };
        }
        Ok(present)
    })
}

/// `dict[key] = value`.
///
/// `SystemError` for anything but a dict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_SetItem(dict: *mut PyObject, key: *mut PyObject, value: *mut PyObject) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable] all
        let (dict, key, value) = unsafe { (expected::<Dict>(ts, dict)?, required(ts, key)?, required(ts, value)?) };
        dict.set(ts, key, value)
    })
}

/// `dict[key] = value` where the key is UTF-8 text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_SetItemString(dict: *mut PyObject, key: *const c_char, value: *mut PyObject) -> c_int {
    boundary(|ts| {
        // SAFETY: [cstr]
        let key = unsafe { utf8(ts, key)? };
        // SAFETY: [nullable] both
        let (dict, value) = unsafe { (expected::<Dict>(ts, dict)?, required(ts, value)?) };
        dict.set_text(ts, key, value)
    })
}

/// `del dict[key]`.
///
/// `KeyError` if there is no such key, `SystemError` for anything but a dict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_DelItem(dict: *mut PyObject, key: *mut PyObject) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (dict, key) = unsafe { (expected::<Dict>(ts, dict)?, required(ts, key)?) };
        dict.delete(ts, key)
    })
}

/// `del dict[key]` where the key is UTF-8 text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_DelItemString(dict: *mut PyObject, key: *const c_char) -> c_int {
    boundary(|ts| {
        // SAFETY: [cstr]
        let key = Str::new(ts, unsafe { utf8(ts, key)? })?;
        // SAFETY: [nullable]
        unsafe { expected::<Dict>(ts, dict)? }.delete(ts, &key)
    })
}

/// `key in dict`.
///
/// `SystemError` for anything but a dict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_Contains(dict: *mut PyObject, key: *mut PyObject) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (dict, key) = unsafe { (expected::<Dict>(ts, dict)?, required(ts, key)?) };
        dict.contains(ts, key)
    })
}

/// Removes all items. Does nothing to anything but a dict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_Clear(dict: *mut PyObject) {
    // SAFETY: [nullable]
    if let Some(dict) = unsafe { Object::from_nullable(dict) }.and_then(Object::downcast::<Dict>) {
        dict.clear(ThreadState::current());
    }
}

/// The item at or behind `*position`: 1, or 0 at the end or for anything but a dict.
///
/// Begin with 0 and take `*position` for opaque; values alone may be changed between two calls. Borrowed references
/// go to `key` and `value`, unless those are NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_Next(
    dict: *mut PyObject,
    position: *mut Py_ssize_t,
    key: *mut *mut PyObject,
    value: *mut *mut PyObject,
) -> c_int {
    // SAFETY: [live] the dict; the rest is handed on.
    unsafe {
        match Object::from_nullable(dict).and_then(Object::downcast::<Dict>) {
            None => 0,
            Some(dict) if dict.is_shared() => next_of_shared(dict, position, key, value),
            Some(dict) => next_item(dict, position, key, value),
        }
    }
}

/// # Safety
/// As for [`next_item`].
#[cold]
#[inline(never)]
unsafe fn next_of_shared(
    dict: &Dict,
    position: *mut Py_ssize_t,
    key: *mut *mut PyObject,
    value: *mut *mut PyObject,
) -> c_int {
    // SAFETY: the caller's promise.
    unsafe { next_item(dict.current(), position, key, value) }
}

/// # Safety
/// `[out]` the position, and the places that are not NULL.
#[inline(always)]
unsafe fn next_item(
    dict: &Dict,
    position: *mut Py_ssize_t,
    key: *mut *mut PyObject,
    value: *mut *mut PyObject,
) -> c_int {
    // SAFETY: [out] the caller's promise.
    unsafe {
        let Ok(at) = usize::try_from(position.read()) else { return 0 };
        let Some((next, k, v, _)) = dict.next_own_entry(at) else { return 0 };
        position.write(next as Py_ssize_t);
        if !key.is_null() {
            key.write(k.as_ptr());
        }
        if !value.is_null() {
            value.write(v.as_ptr());
        }
        1
    }
}

/// `list(dict.keys())`.
///
/// New reference. `SystemError` for anything but a dict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_Keys(dict: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable]
        let dict = unsafe { expected::<Dict>(ts, dict)? };
        dict.listed(ts, |_, key, _| Ok(Owned::new(key)))
    })
}

/// `list(dict.values())`.
///
/// New reference. `SystemError` for anything but a dict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_Values(dict: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable]
        let dict = unsafe { expected::<Dict>(ts, dict)? };
        dict.listed(ts, |_, _, value| Ok(Owned::new(value)))
    })
}

/// `list(dict.items())`.
///
/// New reference. `SystemError` for anything but a dict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_Items(dict: *mut PyObject) -> *mut PyObject {
    boundary(|ts| -> Result<Owned<List>> {
        // SAFETY: [nullable]
        let dict = unsafe { expected::<Dict>(ts, dict)? };
        dict.listed(ts, |ts, key, value| Ok(Tuple::new(ts, &[key, value])?.upcast()))
    })
}

/// `len(dict)`.
///
/// -1 with `SystemError` for anything but a dict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_Size(dict: *mut PyObject) -> Py_ssize_t {
    // SAFETY: [nullable]
    boundary(|ts| Ok(unsafe { expected::<Dict>(ts, dict)? }.len() as Py_ssize_t))
}

/// `dict.copy()`.
///
/// New reference. `SystemError` for anything but a dict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_Copy(dict: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| unsafe { expected::<Dict>(ts, dict)? }.copy(ts))
}

/// Takes over the items of a mapping: a dict, or what has `keys()` and items by key.
///
/// `SystemError` for anything but a dict as the first argument.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_Update(dict: *mut PyObject, other: *mut PyObject) -> c_int {
    // SAFETY: the arguments are handed on.
    unsafe { PyDict_Merge(dict, other, 1) }
}

/// As `PyDict_Update`; with 0 for `replace`, keys that are in the dict already keep their values.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_Merge(dict: *mut PyObject, other: *mut PyObject, replace: c_int) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (dict, other) = unsafe { (expected::<Dict>(ts, dict)?, Object::from_nullable(other)) };
        dict.merge(ts, other.ok_or_else(|| bad_argument(ts))?, replace != 0)
    })
}

/// Takes over an iterable's pairs of key and value; with 0 for `replace`, keys that are in the dict already keep
/// their values.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDict_MergeFromSeq2(dict: *mut PyObject, pairs: *mut PyObject, replace: c_int) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (dict, pairs) = unsafe { (expected::<Dict>(ts, dict)?, required(ts, pairs)?) };
        dict.merge_pairs(ts, pairs, replace != 0)
    })
}
// skipped PyDict_Check, PyDict_CheckExact, PyDictKeys_Check, …: macros
