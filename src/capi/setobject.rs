//! setobject.h: set and frozenset.

use core::ffi::c_int;

use super::{bad_argument, expected, required};
use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::{Object, Owned, Result};
use crate::runtime::{ThreadState, boundary};
use crate::types::Set;

/// A set that can be changed; `SystemError` for anything else, a frozenset among them.
///
/// # Safety
/// `[nullable]`
unsafe fn mutable<'a>(ts: &ThreadState, set: *mut PyObject) -> Result<&'a Set> {
    // SAFETY: [nullable] the caller's promise.
    match unsafe { Object::from_nullable(set) }.filter(|s| Set::is_mutable(s)).and_then(Object::downcast::<Set>) {
        Some(set) => Ok(set),
        None => Err(bad_argument(ts)),
    }
}

/// `set(iterable)`, or an empty set for NULL.
///
/// New reference. `TypeError` if the argument is not iterable or an item not hashable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySet_New(iterable: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| match unsafe { Object::from_nullable(iterable) } {
        Some(iterable) => Set::from_iterable(ts, iterable),
        None => Set::new(ts),
    })
}

/// `frozenset(iterable)`, or an empty one for NULL. Until it is shared, `PySet_Add` may fill it.
///
/// New reference. `TypeError` if the argument is not iterable or an item not hashable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyFrozenSet_New(iterable: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| Set::frozen_from_iterable(ts, unsafe { Object::from_nullable(iterable) }))
}

/// `len(set)`.
///
/// -1 with `SystemError` for anything but a set or frozenset.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySet_Size(set: *mut PyObject) -> Py_ssize_t {
    // SAFETY: [nullable]
    boundary(|ts| Ok(unsafe { expected::<Set>(ts, set)? }.len() as Py_ssize_t))
}

/// `key in set`, but a set as the key is not searched for as a frozenset.
///
/// -1 with `SystemError` for anything but a set or frozenset, with `TypeError` for what cannot be hashed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySet_Contains(set: *mut PyObject, key: *mut PyObject) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (set, key) = unsafe { (expected::<Set>(ts, set)?, required(ts, key)?) };
        set.contains(ts, key)
    })
}

/// `set.add(key)`, for a frozenset as well as long as nobody else has seen it.
///
/// `SystemError` for a frozenset that is shared, and for anything but a set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySet_Add(set: *mut PyObject, key: *mut PyObject) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (set, key) = unsafe { (expected::<Set>(ts, set)?, required(ts, key)?) };
        if Set::is_mutable(set) {
            return set.add(ts, key);
        }
        if set.refcount() != 1 {
            return Err(bad_argument(ts));
        }
        set.add_to_new_frozenset(ts, key)
    })
}

/// `set.discard(key)`: whether it was there.
///
/// `SystemError` for anything but a set, `TypeError` for what cannot be hashed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySet_Discard(set: *mut PyObject, key: *mut PyObject) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (set, key) = unsafe { (mutable(ts, set)?, required(ts, key)?) };
        set.discard(ts, key)
    })
}

/// `set.pop()`.
///
/// New reference. `KeyError` if the set is empty, `SystemError` for anything but a set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySet_Pop(set: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| -> Result<Owned<Object>> { unsafe { mutable(ts, set)? }.pop_any(ts) })
}

/// `set.clear()`.
///
/// `SystemError` for anything but a set.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySet_Clear(set: *mut PyObject) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable]
        unsafe { mutable(ts, set)? }.clear(ts);
        Ok(())
    })
}
// skipped PySet_Check, PyFrozenSet_Check, PyAnySet_Check, PySet_CheckExact, …: macros
