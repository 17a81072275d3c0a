//! refcount.h: counting references. For the stable ABI these functions *are* the count, so each is a load, a test
//! and, for a mortal, a store: no thread state, no boundary.

use core::ffi::c_int;

use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::{Object, dealloc, immortal};
use crate::runtime::{ThreadState, ledger};

/// One reference more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _Py_IncRef(object: *mut PyObject) {
    ledger::counted(object, 1);
    // SAFETY: [live].
    unsafe { Object::from_raw(object) }.incref();
}

/// One reference less; the last one ends the object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _Py_DecRef(object: *mut PyObject) {
    ledger::counted(object, -1);
    // SAFETY: [live], and the caller gives a reference up.
    unsafe { Object::from_raw(object).decref() };
}

/// One reference more; NULL is passed over.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_IncRef(object: *mut PyObject) {
    ledger::counted(object, 1);
    // SAFETY: [nullable].
    if let Some(object) = unsafe { Object::from_nullable(object) } {
        object.incref();
    }
}

/// One reference less; NULL is passed over.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_DecRef(object: *mut PyObject) {
    ledger::counted(object, -1);
    // SAFETY: [nullable], and the caller gives a reference up.
    unsafe {
        if let Some(object) = Object::from_nullable(object) {
            object.decref();
        }
    }
}

/// A new reference to `object`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_NewRef(object: *mut PyObject) -> *mut PyObject {
    ledger::counted(object, 1);
    // SAFETY: [live].
    unsafe { Object::from_raw(object) }.incref();
    object
}

/// A new reference to `object`, or NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_XNewRef(object: *mut PyObject) -> *mut PyObject {
    ledger::counted(object, 1);
    // SAFETY: [nullable].
    if let Some(object) = unsafe { Object::from_nullable(object) } {
        object.incref();
    }
    object
}

/// The count; an immortal's never changes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_REFCNT(object: *mut PyObject) -> Py_ssize_t {
    // SAFETY: [live].
    unsafe { Object::from_raw(object) }.refcount()
}

/// Sets the count of a mortal; an immortal stays as it is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _Py_SetRefcnt(object: *mut PyObject, count: Py_ssize_t) {
    // SAFETY: [live].
    unsafe { Object::from_raw(object) }.set_refcount(count);
}

/// Ends an object whose count has reached zero. Code that counts without a check may bring an immortal here:
/// its word is healed instead.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _Py_Dealloc(object: *mut PyObject) {
    // SAFETY: [live] no more: no reference to it is left.
    unsafe { dealloc::dealloc(object) };
}

/// Whether no reference count ever changes the object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnstable_IsImmortal(object: *mut PyObject) -> c_int {
    // SAFETY: [live].
    c_int::from(unsafe { Object::from_raw(object) }.is_immortal())
}

/// Makes an object immortal that nobody else refers to; 0 for one that is shared, and for a str.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnstable_SetImmortal(object: *mut PyObject) -> c_int {
    let ts = ThreadState::current();
    // SAFETY: [live].
    let object = unsafe { Object::from_raw(object) };
    if object.refcount() != 1 || object.downcast::<crate::types::Str>().is_some() {
        return 0;
    }
    immortal::promote(ts, object, immortal::Origin::Promoted);
    1
}
