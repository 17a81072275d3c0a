//! Layouts of functions, methods, and descriptors.
//!
//! Read off CPython 3.15; the asserts below hold every field to its offset.

#![allow(non_camel_case_types)]

use super::*;

#[repr(C)]
pub struct PyCFunctionObject {
    pub ob_base: PyObject,
    pub m_ml: Cell<*mut PyMethodDef>,
    pub m_self: Cell<*mut PyObject>,
    pub m_module: Cell<*mut PyObject>,
    pub m_weakreflist: Cell<*mut PyObject>,
    pub vectorcall: Cell<Option<vectorcallfunc>>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyCFunctionObject {}

#[repr(C)]
pub struct PyCMethodObject {
    pub func: PyCFunctionObject,
    pub mm_class: Cell<*mut PyTypeObject>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyCMethodObject {}

#[repr(C)]
pub struct PyMethodObject {
    pub ob_base: PyObject,
    pub im_func: Cell<*mut PyObject>,
    pub im_self: Cell<*mut PyObject>,
    pub im_weakreflist: Cell<*mut PyObject>,
    pub vectorcall: Cell<Option<vectorcallfunc>>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyMethodObject {}

#[repr(C)]
pub struct PyDescrObject {
    pub ob_base: PyObject,
    pub d_type: Cell<*mut PyTypeObject>,
    pub d_name: Cell<*mut PyObject>,
    pub d_qualname: Cell<*mut PyObject>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyDescrObject {}

#[repr(C)]
pub struct PyMethodDescrObject {
    pub d_common: PyDescrObject,
    pub d_method: Cell<*mut PyMethodDef>,
    pub vectorcall: Cell<Option<vectorcallfunc>>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyMethodDescrObject {}

#[repr(C)]
pub struct PyMemberDescrObject {
    pub d_common: PyDescrObject,
    pub d_member: Cell<*mut PyMemberDef>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyMemberDescrObject {}

#[repr(C)]
pub struct PyGetSetDescrObject {
    pub d_common: PyDescrObject,
    pub d_getset: Cell<*mut PyGetSetDef>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyGetSetDescrObject {}

#[repr(C)]
pub struct PyWrapperDescrObject {
    pub d_common: PyDescrObject,
    pub d_base: Cell<*const c_void>,
    pub d_wrapped: Cell<*mut c_void>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyWrapperDescrObject {}

const _: () = {
    assert!(size_of::<PyCFunctionObject>() == 56);
    assert!(offset_of!(PyCFunctionObject, ob_base) == 0);
    assert!(offset_of!(PyCFunctionObject, m_ml) == 16);
    assert!(offset_of!(PyCFunctionObject, m_self) == 24);
    assert!(offset_of!(PyCFunctionObject, m_module) == 32);
    assert!(offset_of!(PyCFunctionObject, m_weakreflist) == 40);
    assert!(offset_of!(PyCFunctionObject, vectorcall) == 48);
    assert!(size_of::<PyCMethodObject>() == 64);
    assert!(offset_of!(PyCMethodObject, func) == 0);
    assert!(offset_of!(PyCMethodObject, mm_class) == 56);
    assert!(size_of::<PyMethodObject>() == 48);
    assert!(offset_of!(PyMethodObject, ob_base) == 0);
    assert!(offset_of!(PyMethodObject, im_func) == 16);
    assert!(offset_of!(PyMethodObject, im_self) == 24);
    assert!(offset_of!(PyMethodObject, im_weakreflist) == 32);
    assert!(offset_of!(PyMethodObject, vectorcall) == 40);
    assert!(size_of::<PyDescrObject>() == 40);
    assert!(offset_of!(PyDescrObject, ob_base) == 0);
    assert!(offset_of!(PyDescrObject, d_type) == 16);
    assert!(offset_of!(PyDescrObject, d_name) == 24);
    assert!(offset_of!(PyDescrObject, d_qualname) == 32);
    assert!(size_of::<PyMethodDescrObject>() == 56);
    assert!(offset_of!(PyMethodDescrObject, d_common) == 0);
    assert!(offset_of!(PyMethodDescrObject, d_method) == 40);
    assert!(offset_of!(PyMethodDescrObject, vectorcall) == 48);
    assert!(size_of::<PyMemberDescrObject>() == 48);
    assert!(offset_of!(PyMemberDescrObject, d_common) == 0);
    assert!(offset_of!(PyMemberDescrObject, d_member) == 40);
    assert!(size_of::<PyGetSetDescrObject>() == 48);
    assert!(offset_of!(PyGetSetDescrObject, d_common) == 0);
    assert!(offset_of!(PyGetSetDescrObject, d_getset) == 40);
    assert!(size_of::<PyWrapperDescrObject>() == 56);
    assert!(offset_of!(PyWrapperDescrObject, d_common) == 0);
    assert!(offset_of!(PyWrapperDescrObject, d_base) == 40);
    assert!(offset_of!(PyWrapperDescrObject, d_wrapped) == 48);
};
