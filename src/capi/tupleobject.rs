//! tupleobject.h

use core::ffi::c_int;

use super::{bad_argument, expected};
use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::alloc::gc_track;
use crate::object::collector::collect_if_due;
use crate::object::{Object, Owned};
use crate::runtime::{boundary, rest};
use crate::types::Tuple;
use crate::types::exceptions::INDEX_ERROR;

/// A new tuple of `size` items, all NULL until `PyTuple_SetItem` fills them in.
///
/// New reference. `SystemError` for a negative size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyTuple_New(size: Py_ssize_t) -> *mut PyObject {
    if size == 0 {
        return Tuple::empty().into_raw();
    }
    boundary(|ts| {
        collect_if_due(ts);
        match usize::try_from(size) {
            Ok(n) => Tuple::unfilled(ts, n),
            Err(_) => Err(bad_argument(ts)),
        }
    })
}

/// `len(tuple)`.
///
/// -1 with `SystemError` for anything but a tuple.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyTuple_Size(tuple: *mut PyObject) -> Py_ssize_t {
    // SAFETY: [nullable]
    boundary(|ts| Ok(unsafe { expected::<Tuple>(ts, tuple)? }.len() as isize))
}

/// `tuple[index]`, without counting from the end.
///
/// Borrowed reference. `IndexError` if out of range.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyTuple_GetItem(tuple: *mut PyObject, index: Py_ssize_t) -> *mut PyObject {
    // SAFETY: [nullable]
    if let Some(tuple) = unsafe { Object::from_nullable(tuple) }.and_then(Object::downcast::<Tuple>)
        && (index as usize) < tuple.len()
    {
        // SAFETY: within; a place that was never filled in is NULL, as in CPython.
        return unsafe { tuple.items_ptr().add(index as usize).read() };
    }
    rest(move |ts| {
        // SAFETY: [nullable]
        unsafe { expected::<Tuple>(ts, tuple)? };
        Err::<&PyObject, _>(ts.raise_str(&INDEX_ERROR, "tuple index out of range"))
    })
}

/// Fills a place of a tuple that nobody else has seen.
///
/// Steals `item`, even on failure. `SystemError` if the tuple is shared already, `IndexError` if out of range.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyTuple_SetItem(tuple: *mut PyObject, index: Py_ssize_t, item: *mut PyObject) -> c_int {
    // SAFETY: [steals] ours from here on; NULL empties the place.
    let item = unsafe { Owned::<Object>::from_stolen_nullable(item) };
    boundary(|ts| {
        // SAFETY: [nullable]
        let tuple = unsafe { expected::<Tuple>(ts, tuple)? };
        if tuple.refcount() != 1 {
            return Err(bad_argument(ts));
        }
        if index < 0 || index as usize >= tuple.len() {
            return Err(ts.raise_str(&INDEX_ERROR, "tuple assignment index out of range"));
        }
        // A tuple of what is not collectable may not be tracked yet.
        if item.as_ref().is_some_and(|item| item.ty().is_gc()) {
            gc_track(tuple);
        }
        let item = item.map_or(core::ptr::null_mut(), Owned::into_raw);
        // SAFETY: within; what stood there was the tuple's.
        drop(unsafe { Owned::<Object>::from_stolen_nullable(tuple.items_ptr().add(index as usize).replace(item)) });
        Ok(())
    })
}

/// `tuple[low:high]`, without counting from the end.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyTuple_GetSlice(tuple: *mut PyObject, low: Py_ssize_t, high: Py_ssize_t) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable]
        let tuple = unsafe { expected::<Tuple>(ts, tuple)? };
        tuple.slice(ts, low.max(0) as usize, high.max(0) as usize)
    })
}
// skipped PyTuple_Pack: variadic, in variadic.c
// skipped PyTuple_GET_ITEM, PyTuple_SET_ITEM, PyTuple_GET_SIZE: macros of cpython/tupleobject.h
