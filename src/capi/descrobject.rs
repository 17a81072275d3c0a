//! descrobject.h: making descriptors, and the mapping proxy; what structmember.h has is in `structmember`.
//!
//! // skipped PyDescr_NewWrapper, PyDescr_IsData: not in the limited API

use super::required;
use crate::ffi::*;
use crate::object::{Object, Type};
use crate::runtime::boundary;
use crate::types::descr::{self, wrapper};

/// # Safety
/// `[live]`
unsafe fn type_of<'a>(ty: *mut PyTypeObject) -> &'a Type {
    // SAFETY: [live]
    unsafe { &*ty }
}

/// A method descriptor of `ty` for the definition, which must outlive it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDescr_NewMethod(ty: *mut PyTypeObject, def: *mut PyMethodDef) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live] both, [cstr]
        let (ty, name) = unsafe { (type_of(ty), descr::c_name(ts, (*def).ml_name)?) };
        descr::method::new_instance_method(ts, ty, name, def)
    })
}

/// A class method descriptor of `ty` for the definition, which must outlive it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDescr_NewClassMethod(ty: *mut PyTypeObject, def: *mut PyMethodDef) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live] both, [cstr]
        let (ty, name) = unsafe { (type_of(ty), descr::c_name(ts, (*def).ml_name)?) };
        descr::method::new_class_method(ts, ty, name, def)
    })
}

/// A member descriptor of `ty` for the definition, which must outlive it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDescr_NewMember(ty: *mut PyTypeObject, def: *mut PyMemberDef) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live] both, [cstr]
        let (ty, name) = unsafe { (type_of(ty), descr::c_name(ts, (*def).name)?) };
        descr::new_member(ts, ty, name, def)
    })
}

/// A computed attribute of `ty` for the definition, which must outlive it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDescr_NewGetSet(ty: *mut PyTypeObject, def: *mut PyGetSetDef) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live] both, [cstr]
        let (ty, name) = unsafe { (type_of(ty), descr::c_name(ts, (*def).name)?) };
        descr::new_getset(ts, ty, name, def)
    })
}

/// A proxy through which the mapping can only be read. `TypeError` if it is no mapping.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyDictProxy_New(mapping: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| descr::proxy::new_proxy(ts, unsafe { required(ts, mapping)? }))
}

/// A slot wrapper bound to an object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyWrapper_New(descriptor: *mut PyObject, object: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable]
        let descriptor = unsafe { super::expected::<wrapper::WrapperDescriptor>(ts, descriptor)? };
        // SAFETY: [live]
        wrapper::new_bound(ts, descriptor, unsafe { Object::from_raw(object) })
    })
}
