//! weakrefobject.h: weak references.

use core::ffi::c_int;

use super::{bad_argument, hand_out};
use crate::ffi::*;
use crate::object::{Object, Result};
use crate::runtime::{ThreadState, boundary};
use crate::types::exceptions::{SYSTEM_ERROR, TYPE_ERROR};
use crate::types::singletons;
use crate::types::weakref::{self, WeakReference};

/// `weakref.ref(object, callback)`; NULL and `None` mean no callback.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyWeakref_NewRef(object: *mut PyObject, callback: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live] [nullable]
    boundary(|ts| unsafe { weakref::new_reference(ts, Object::from_raw(object), Object::from_nullable(callback)) })
}

/// `weakref.proxy(object, callback)`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyWeakref_NewProxy(object: *mut PyObject, callback: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live] [nullable]
    boundary(|ts| unsafe { weakref::new_proxy(ts, Object::from_raw(object), Object::from_nullable(callback)) })
}

/// # Safety
/// `[nullable]`
unsafe fn as_weak<'a>(object: *mut PyObject) -> Option<&'a WeakReference> {
    // SAFETY: [nullable]; all weak references have one layout.
    unsafe { Object::from_nullable(object).filter(|o| weakref::is_weak(o)).map(|o| o.cast()) }
}

/// What the reference refers to: borrowed, `None` if it is gone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyWeakref_GetObject(reference: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    match unsafe { as_weak(reference) } {
        Some(reference) => reference.referent().map_or(singletons::none_ref().as_ptr(), |o| o.as_ptr()),
        None => boundary::<&PyObject>(|ts| Err(bad_argument(ts))),
    }
}

/// Puts a new reference to what is referred to into `*result`: 1, or 0 and NULL if it is gone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyWeakref_GetRef(reference: *mut PyObject, result: *mut *mut PyObject) -> c_int {
    let referent = |ts: &ThreadState| -> Result<bool> {
        // SAFETY: [out]
        unsafe { result.write(core::ptr::null_mut()) };
        // SAFETY: [nullable]
        let (Some(weak), false) = (unsafe { as_weak(reference) }, reference.is_null()) else {
            let (ty, message) = match reference.is_null() {
                true => (&SYSTEM_ERROR, "bad argument to internal function"),
                false => (&TYPE_ERROR, "expected a weakref"),
            };
            return Err(ts.raise_str(ty, message));
        };
        let Some(object) = weak.referent() else { return Ok(false) };
        // SAFETY: [out]
        unsafe { result.write(hand_out(Some(object))) };
        Ok(true)
    };
    boundary(referent)
}

/// For a `tp_dealloc`: kills the weak references to the object and calls their callbacks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_ClearWeakRefs(object: *mut PyObject) {
    let ts = ThreadState::current();
    // SAFETY: [nullable] an object at its end.
    match unsafe { Object::from_nullable(object) } {
        Some(object) if object.ty().tp_weaklistoffset != 0 && object.refcount() == 0 => {
            weakref::clear_references(ts, object);
        }
        _ => drop(bad_argument(ts)),
    }
}
