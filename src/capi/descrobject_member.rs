//! descrobject.h: reading and writing C fields as attributes.

use core::ffi::{c_char, c_int};

use crate::ffi::*;
use crate::object::Object;
use crate::runtime::boundary;
use crate::types::descr::member;

/// The value of the field that the definition describes, in the struct at `base`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMember_GetOne(base: *const c_char, def: *mut PyMemberDef) -> *mut PyObject {
    // SAFETY: [live] the definition, and a struct that has its field.
    boundary(|ts| unsafe { member::get_one(ts, base.cast(), &*def) })
}

/// Sets the field, or deletes it where `value` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMember_SetOne(base: *mut c_char, def: *mut PyMemberDef, value: *mut PyObject) -> c_int {
    // SAFETY: [live] as above; [nullable] the value.
    boundary(|ts| unsafe { member::set_one(ts, base.cast(), &*def, Object::from_nullable(value)) })
}
