//! abstract.h: `isinstance` and `issubclass`.

use core::ffi::c_int;

use crate::ffi::PyObject;
use crate::object::Object;
use crate::protocol::isinstance;
use crate::runtime::boundary;

/// Whether `object` is an instance of `class`, or of one of a tuple of classes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_IsInstance(object: *mut PyObject, class: *mut PyObject) -> c_int {
    // SAFETY: [live] both.
    boundary(|ts| unsafe { isinstance::is_instance(ts, Object::from_raw(object), Object::from_raw(class)) })
}

/// Whether `derived` derives from `class`, or from one of a tuple of classes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_IsSubclass(derived: *mut PyObject, class: *mut PyObject) -> c_int {
    // SAFETY: [live] both.
    boundary(|ts| unsafe { isinstance::is_subclass(ts, Object::from_raw(derived), Object::from_raw(class)) })
}
