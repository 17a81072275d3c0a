//! abstract.h: the sequence, mapping and iterator protocols.

use core::ffi::{c_char, c_int};

use super::{required, text};
use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::{Object, Owned, Result};
use crate::protocol::sequence;
use crate::runtime::{ThreadState, boundary};
use crate::types::exceptions::TYPE_ERROR;
use crate::types::{List, Slice, Tuple, identifiers, singletons};

/// `PYGEN_RETURN`, `PYGEN_ERROR` or `PYGEN_NEXT`.
type PySendResult = c_int;

/// Whether items are had by index, and it is no dict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySequence_Check(object: *mut PyObject) -> c_int {
    // SAFETY: [live]
    c_int::from(sequence::is_sequence(unsafe { Object::from_raw(object) }))
}

/// `len(object)` of a sequence. `TypeError` for a mapping.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySequence_Size(object: *mut PyObject) -> Py_ssize_t {
    // SAFETY: [nullable]
    boundary(|ts| sequence::sequence_len(ts, unsafe { required(ts, object)? }))
}

/// As `PySequence_Size`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySequence_Length(object: *mut PyObject) -> Py_ssize_t {
    // SAFETY: the same contract
    unsafe { PySequence_Size(object) }
}

/// `left + right` of sequences. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySequence_Concat(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable] both
    boundary(|ts| sequence::concat(ts, unsafe { required(ts, left)? }, unsafe { required(ts, right)? }, false))
}

/// `left += right` of sequences. New reference, possibly to `left`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySequence_InPlaceConcat(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable] both
    boundary(|ts| sequence::concat(ts, unsafe { required(ts, left)? }, unsafe { required(ts, right)? }, true))
}

/// `object * count` of a sequence. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySequence_Repeat(object: *mut PyObject, count: Py_ssize_t) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| sequence::repeat(ts, unsafe { required(ts, object)? }, count, false))
}

/// `object *= count` of a sequence. New reference, possibly to `object`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySequence_InPlaceRepeat(object: *mut PyObject, count: Py_ssize_t) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| sequence::repeat(ts, unsafe { required(ts, object)? }, count, true))
}

/// `object[index]`; a negative index counts from the end. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySequence_GetItem(object: *mut PyObject, index: Py_ssize_t) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| sequence::get_index(ts, unsafe { required(ts, object)? }, index))
}

/// `object[index] = value`; NULL deletes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySequence_SetItem(object: *mut PyObject, index: Py_ssize_t, value: *mut PyObject) -> c_int {
    // SAFETY: [nullable] both
    boundary(|ts| unsafe { sequence::set_index(ts, required(ts, object)?, index, Object::from_nullable(value)) })
}

/// `del object[index]`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySequence_DelItem(object: *mut PyObject, index: Py_ssize_t) -> c_int {
    // SAFETY: [nullable]
    boundary(|ts| sequence::set_index(ts, unsafe { required(ts, object)? }, index, None))
}

fn with_slice<R>(
    ts: &ThreadState,
    low: Py_ssize_t,
    high: Py_ssize_t,
    f: impl FnOnce(&Slice) -> Result<R>,
) -> Result<R> {
    let (low, high) = (crate::types::Int::from_i64(ts, low as i64)?, crate::types::Int::from_i64(ts, high as i64)?);
    f(&*Slice::new(ts, &low, &high, singletons::none_ref())?)
}

/// `object[low:high]`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySequence_GetSlice(
    object: *mut PyObject,
    low: Py_ssize_t,
    high: Py_ssize_t,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable]
        let object = unsafe { required(ts, object)? };
        if !sequence::has_subscript(object) {
            let name = object.ty().full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("'{name}' object is unsliceable")));
        }
        with_slice(ts, low, high, |slice| sequence::getitem(ts, object, slice))
    })
}

/// `object[low:high] = value`; NULL deletes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySequence_SetSlice(
    object: *mut PyObject,
    low: Py_ssize_t,
    high: Py_ssize_t,
    value: *mut PyObject,
) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (object, value) = unsafe { (required(ts, object)?, Object::from_nullable(value)) };
        if !sequence::has_ass_subscript(object) {
            let what = if value.is_some() { "assignment" } else { "deletion" };
            let name = object.ty().full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("'{name}' object doesn't support slice {what}")));
        }
        with_slice(ts, low, high, |slice| sequence::setitem(ts, object, slice, value))
    })
}

/// `del object[low:high]`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySequence_DelSlice(object: *mut PyObject, low: Py_ssize_t, high: Py_ssize_t) -> c_int {
    // SAFETY: the same contract
    unsafe { PySequence_SetSlice(object, low, high, core::ptr::null_mut()) }
}

/// `tuple(object)`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySequence_Tuple(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| Tuple::from_iterable(ts, unsafe { required(ts, object)? }))
}

/// `list(object)`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySequence_List(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| List::from_iterable(ts, unsafe { required(ts, object)? }))
}

/// The object itself if it is a list or a tuple, else a list of its items. New reference. `TypeError` with
/// `message` for what cannot be iterated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySequence_Fast(object: *mut PyObject, message: *const c_char) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable]
        let object = unsafe { required(ts, object)? };
        if object.downcast::<List>().is_some() || object.downcast::<Tuple>().is_some() {
            return Ok(Owned::new(object));
        }
        match sequence::iter(ts, object) {
            Ok(iterator) => Ok(List::from_iterable(ts, &iterator)?.upcast()),
            Err(raised) => {
                ts.recover(raised, &TYPE_ERROR)?;
                // SAFETY: [cstr]
                let message = unsafe { text(ts, message)? };
                Err(ts.raise_value(&TYPE_ERROR, message.upcast()))
            }
        }
    })
}

/// How many items equal `value`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySequence_Count(object: *mut PyObject, value: *mut PyObject) -> Py_ssize_t {
    // SAFETY: [nullable] both
    boundary(|ts| unsafe { sequence::count(ts, required(ts, object)?, required(ts, value)?) })
}

/// The index of the first item equal to `value`. `ValueError` if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySequence_Index(object: *mut PyObject, value: *mut PyObject) -> Py_ssize_t {
    // SAFETY: [nullable] both
    boundary(|ts| unsafe { sequence::index_of(ts, required(ts, object)?, required(ts, value)?) })
}

/// `value in object`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySequence_Contains(object: *mut PyObject, value: *mut PyObject) -> c_int {
    // SAFETY: [nullable] both
    boundary(|ts| unsafe { sequence::contains(ts, required(ts, object)?, required(ts, value)?) })
}

/// As `PySequence_Contains`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySequence_In(object: *mut PyObject, value: *mut PyObject) -> c_int {
    // SAFETY: the same contract
    unsafe { PySequence_Contains(object, value) }
}

/// Whether it has `__getitem__` as a mapping does: so has a list, which takes slices.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMapping_Check(object: *mut PyObject) -> c_int {
    // SAFETY: [nullable]
    c_int::from(unsafe { Object::from_nullable(object) }.is_some_and(sequence::has_subscript))
}

/// `len(object)` of a mapping. `TypeError` for a sequence.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMapping_Size(object: *mut PyObject) -> Py_ssize_t {
    // SAFETY: [nullable]
    boundary(|ts| sequence::mapping_len(ts, unsafe { required(ts, object)? }))
}

/// As `PyMapping_Size`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMapping_Length(object: *mut PyObject) -> Py_ssize_t {
    // SAFETY: the same contract
    unsafe { PyMapping_Size(object) }
}

/// `object[key]`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMapping_GetItemString(object: *mut PyObject, key: *const c_char) -> *mut PyObject {
    // SAFETY: [nullable] [cstr]
    boundary(|ts| unsafe {
        let key = text(ts, key)?;
        sequence::getitem(ts, required(ts, object)?, &key)
    })
}

/// `object[key] = value`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMapping_SetItemString(
    object: *mut PyObject,
    key: *const c_char,
    value: *mut PyObject,
) -> c_int {
    // SAFETY: [nullable] [cstr]
    boundary(|ts| unsafe {
        let key = text(ts, key)?;
        sequence::setitem(ts, required(ts, object)?, &key, Some(required(ts, value)?))
    })
}

/// `object[key]` into `result`: 1; without such a key NULL and 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMapping_GetOptionalItem(
    object: *mut PyObject,
    key: *mut PyObject,
    result: *mut *mut PyObject,
) -> c_int {
    // SAFETY: [out], then [live] both
    unsafe {
        result.write(core::ptr::null_mut());
        boundary(|ts| optional(ts, Object::from_raw(object), Object::from_raw(key), result))
    }
}

/// As `PyMapping_GetOptionalItem`, the key as UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMapping_GetOptionalItemString(
    object: *mut PyObject,
    key: *const c_char,
    result: *mut *mut PyObject,
) -> c_int {
    // SAFETY: [out], then [live] [cstr]
    unsafe {
        result.write(core::ptr::null_mut());
        boundary(|ts| optional(ts, Object::from_raw(object), &*text(ts, key)?, result))
    }
}

/// # Safety
/// `[out]`
unsafe fn optional(ts: &ThreadState, object: &Object, key: &Object, result: *mut *mut PyObject) -> Result<bool> {
    let found = sequence::find_item(ts, object, key)?;
    let is_found = found.is_some();
    // SAFETY: the caller's promise.
    unsafe { result.write(found.map_or(core::ptr::null_mut(), Owned::into_raw)) };
    Ok(is_found)
}

/// Whether `object[key]` works; no exception is left, whatever happened.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMapping_HasKey(object: *mut PyObject, key: *mut PyObject) -> c_int {
    // SAFETY: [nullable] both
    silent(|ts| unsafe { sequence::find_item(ts, required(ts, object)?, required(ts, key)?) })
}

/// As `PyMapping_HasKey`, the key as UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMapping_HasKeyString(object: *mut PyObject, key: *const c_char) -> c_int {
    // SAFETY: [nullable] [cstr]
    silent(|ts| unsafe { sequence::find_item(ts, required(ts, object)?, &*text(ts, key)?) })
}

/// For functions that cannot fail: an exception is reported as unraisable.
fn silent(f: impl FnOnce(&ThreadState) -> Result<Option<Owned<Object>>>) -> c_int {
    let ts = ThreadState::current();
    match f(ts) {
        Ok(found) => c_int::from(found.is_some()),
        Err(_raised) => {
            crate::runtime::unraisable::report(ts, None);
            0
        }
    }
}

/// Whether `object[key]` works; -1 for any exception but `KeyError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMapping_HasKeyWithError(object: *mut PyObject, key: *mut PyObject) -> c_int {
    // SAFETY: [nullable] both
    boundary(|ts| unsafe { Ok(sequence::find_item(ts, required(ts, object)?, required(ts, key)?)?.is_some()) })
}

/// As `PyMapping_HasKeyWithError`, the key as UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMapping_HasKeyStringWithError(object: *mut PyObject, key: *const c_char) -> c_int {
    // SAFETY: [nullable] [cstr]
    boundary(|ts| unsafe {
        let key = text(ts, key)?;
        Ok(sequence::find_item(ts, required(ts, object)?, &key)?.is_some())
    })
}

/// `list(object.keys())`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMapping_Keys(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| sequence::listed(ts, unsafe { required(ts, object)? }, &identifiers::keys))
}

/// `list(object.values())`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMapping_Values(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| sequence::listed(ts, unsafe { required(ts, object)? }, &identifiers::values))
}

/// `list(object.items())`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMapping_Items(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| sequence::listed(ts, unsafe { required(ts, object)? }, &identifiers::items))
}

/// `iter(object)`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GetIter(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| sequence::iter(ts, unsafe { Object::from_raw(object) }))
}

/// Whether it can be asked for its next item.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyIter_Check(object: *mut PyObject) -> c_int {
    // SAFETY: [live]
    c_int::from(sequence::is_iterator(unsafe { Object::from_raw(object) }))
}

/// The next item, or NULL: without an exception at the end. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyIter_Next(iterator: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live]
    let iterator = unsafe { Object::from_raw(iterator) };
    match sequence::step(iterator) {
        Some(item) => item.into_raw(),
        None => boundary(|ts| sequence::end_of(ts, iterator)),
    }
}

/// The next item into `item`: 1; at the end NULL and 0. `TypeError` for what is no iterator.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyIter_NextItem(iterator: *mut PyObject, item: *mut *mut PyObject) -> c_int {
    // SAFETY: [out]
    unsafe { item.write(core::ptr::null_mut()) };
    boundary(|ts| {
        // SAFETY: [live]
        let iterator = unsafe { Object::from_raw(iterator) };
        if !sequence::is_iterator(iterator) {
            let name = iterator.ty().full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("expected an iterator, got '{name}'")));
        }
        let next = sequence::next(ts, iterator)?;
        let is_some = next.is_some();
        // SAFETY: [out]
        unsafe { item.write(next.map_or(core::ptr::null_mut(), Owned::into_raw)) };
        Ok(is_some)
    })
}

/// Sends a value into an iterator; `None` into any asks for the next item. What it yields or returns comes
/// out as `result`, with 1 or 0; -1 and NULL if it raises.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyIter_Send(
    iterator: *mut PyObject,
    value: *mut PyObject,
    result: *mut *mut PyObject,
) -> PySendResult {
    // SAFETY: [out]
    unsafe { result.write(core::ptr::null_mut()) };
    boundary(|ts| {
        // SAFETY: [live] both
        let (iterator, value) = unsafe { (Object::from_raw(iterator), Object::from_raw(value)) };
        let (kind, sent) = sequence::send(ts, iterator, value)?;
        // SAFETY: [out]
        unsafe { result.write(sent.into_raw()) };
        Ok(kind)
    })
}

/// Whether it can be asked for its next item asynchronously.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyAIter_Check(object: *mut PyObject) -> c_int {
    // SAFETY: [live]
    c_int::from(sequence::is_async_iterator(unsafe { Object::from_raw(object) }))
}

/// `aiter(object)`. New reference. `TypeError` for what is no asynchronous iterable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GetAIter(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| sequence::async_iter(ts, unsafe { Object::from_raw(object) }))
}
