//! Definition tables that extensions hand over: methods, members, getset, specs, modules, slots.
//!
//! Read off CPython 3.15; the asserts below hold every field to its offset.

#![allow(non_camel_case_types)]

use super::*;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyMethodDef {
    pub ml_name: *const c_char,
    pub ml_meth: Option<PyCFunction>,
    pub ml_flags: c_int,
    pub ml_doc: *const c_char,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyMethodDef {}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyMemberDef {
    pub name: *const c_char,
    pub r#type: c_int,
    pub offset: Py_ssize_t,
    pub flags: c_int,
    pub doc: *const c_char,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyMemberDef {}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyGetSetDef {
    pub name: *const c_char,
    pub get: Option<getter>,
    pub set: Option<setter>,
    pub doc: *const c_char,
    pub closure: *mut c_void,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyGetSetDef {}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyType_Slot {
    pub slot: c_int,
    pub pfunc: *mut c_void,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyType_Slot {}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyType_Spec {
    pub name: *const c_char,
    pub basicsize: c_int,
    pub itemsize: c_int,
    pub flags: c_uint,
    pub slots: *mut PyType_Slot,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyType_Spec {}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyModuleDef_Slot {
    pub slot: c_int,
    pub value: *mut c_void,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyModuleDef_Slot {}

#[repr(C)]
pub struct PyModuleDef_Base {
    pub ob_base: PyObject,
    pub m_init: Cell<Option<unsafe extern "C" fn() -> *mut PyObject>>,
    pub m_index: Cell<Py_ssize_t>,
    pub m_copy: Cell<*mut PyObject>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyModuleDef_Base {}

#[repr(C)]
pub struct PyModuleDef {
    pub m_base: PyModuleDef_Base,
    pub m_name: Cell<*const c_char>,
    pub m_doc: Cell<*const c_char>,
    pub m_size: Cell<Py_ssize_t>,
    pub m_methods: Cell<*mut PyMethodDef>,
    pub m_slots: Cell<*mut PyModuleDef_Slot>,
    pub m_traverse: Cell<Option<traverseproc>>,
    pub m_clear: Cell<Option<inquiry>>,
    pub m_free: Cell<Option<freefunc>>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyModuleDef {}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyStructSequence_Field {
    pub name: *const c_char,
    pub doc: *const c_char,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyStructSequence_Field {}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyStructSequence_Desc {
    pub name: *const c_char,
    pub doc: *const c_char,
    pub fields: *mut PyStructSequence_Field,
    pub n_in_sequence: c_int,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyStructSequence_Desc {}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyABIInfo {
    pub abiinfo_major_version: u8,
    pub abiinfo_minor_version: u8,
    pub flags: u16,
    pub build_version: u32,
    pub abi_version: u32,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyABIInfo {}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct PySlot {
    pub sl_id: u16,
    pub sl_flags: u16,
    pub sl_reserved: u32,
    pub sl_ptr: *mut c_void,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PySlot {}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyInterpreterConfig {
    pub use_main_obmalloc: c_int,
    pub allow_fork: c_int,
    pub allow_exec: c_int,
    pub allow_threads: c_int,
    pub allow_daemon_threads: c_int,
    pub check_multi_interp_extensions: c_int,
    pub gil: c_int,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyInterpreterConfig {}

const _: () = {
    assert!(size_of::<PyMethodDef>() == 32);
    assert!(offset_of!(PyMethodDef, ml_name) == 0);
    assert!(offset_of!(PyMethodDef, ml_meth) == 8);
    assert!(offset_of!(PyMethodDef, ml_flags) == 16);
    assert!(offset_of!(PyMethodDef, ml_doc) == 24);
    assert!(size_of::<PyMemberDef>() == 40);
    assert!(offset_of!(PyMemberDef, name) == 0);
    assert!(offset_of!(PyMemberDef, r#type) == 8);
    assert!(offset_of!(PyMemberDef, offset) == 16);
    assert!(offset_of!(PyMemberDef, flags) == 24);
    assert!(offset_of!(PyMemberDef, doc) == 32);
    assert!(size_of::<PyGetSetDef>() == 40);
    assert!(offset_of!(PyGetSetDef, name) == 0);
    assert!(offset_of!(PyGetSetDef, get) == 8);
    assert!(offset_of!(PyGetSetDef, set) == 16);
    assert!(offset_of!(PyGetSetDef, doc) == 24);
    assert!(offset_of!(PyGetSetDef, closure) == 32);
    assert!(size_of::<PyType_Slot>() == 16);
    assert!(offset_of!(PyType_Slot, slot) == 0);
    assert!(offset_of!(PyType_Slot, pfunc) == 8);
    assert!(size_of::<PyType_Spec>() == 32);
    assert!(offset_of!(PyType_Spec, name) == 0);
    assert!(offset_of!(PyType_Spec, basicsize) == 8);
    assert!(offset_of!(PyType_Spec, itemsize) == 12);
    assert!(offset_of!(PyType_Spec, flags) == 16);
    assert!(offset_of!(PyType_Spec, slots) == 24);
    assert!(size_of::<PyModuleDef_Slot>() == 16);
    assert!(offset_of!(PyModuleDef_Slot, slot) == 0);
    assert!(offset_of!(PyModuleDef_Slot, value) == 8);
    assert!(size_of::<PyModuleDef_Base>() == 40);
    assert!(offset_of!(PyModuleDef_Base, ob_base) == 0);
    assert!(offset_of!(PyModuleDef_Base, m_init) == 16);
    assert!(offset_of!(PyModuleDef_Base, m_index) == 24);
    assert!(offset_of!(PyModuleDef_Base, m_copy) == 32);
    assert!(size_of::<PyModuleDef>() == 104);
    assert!(offset_of!(PyModuleDef, m_base) == 0);
    assert!(offset_of!(PyModuleDef, m_name) == 40);
    assert!(offset_of!(PyModuleDef, m_doc) == 48);
    assert!(offset_of!(PyModuleDef, m_size) == 56);
    assert!(offset_of!(PyModuleDef, m_methods) == 64);
    assert!(offset_of!(PyModuleDef, m_slots) == 72);
    assert!(offset_of!(PyModuleDef, m_traverse) == 80);
    assert!(offset_of!(PyModuleDef, m_clear) == 88);
    assert!(offset_of!(PyModuleDef, m_free) == 96);
    assert!(size_of::<PyStructSequence_Field>() == 16);
    assert!(offset_of!(PyStructSequence_Field, name) == 0);
    assert!(offset_of!(PyStructSequence_Field, doc) == 8);
    assert!(size_of::<PyStructSequence_Desc>() == 32);
    assert!(offset_of!(PyStructSequence_Desc, name) == 0);
    assert!(offset_of!(PyStructSequence_Desc, doc) == 8);
    assert!(offset_of!(PyStructSequence_Desc, fields) == 16);
    assert!(offset_of!(PyStructSequence_Desc, n_in_sequence) == 24);
    assert!(size_of::<PyABIInfo>() == 12);
    assert!(offset_of!(PyABIInfo, abiinfo_major_version) == 0);
    assert!(offset_of!(PyABIInfo, abiinfo_minor_version) == 1);
    assert!(offset_of!(PyABIInfo, flags) == 2);
    assert!(offset_of!(PyABIInfo, build_version) == 4);
    assert!(offset_of!(PyABIInfo, abi_version) == 8);
    assert!(size_of::<PySlot>() == 16);
    assert!(offset_of!(PySlot, sl_id) == 0);
    assert!(offset_of!(PySlot, sl_flags) == 2);
    assert!(offset_of!(PySlot, sl_reserved) == 4);
    assert!(offset_of!(PySlot, sl_ptr) == 8);
    assert!(size_of::<PyInterpreterConfig>() == 28);
    assert!(offset_of!(PyInterpreterConfig, use_main_obmalloc) == 0);
    assert!(offset_of!(PyInterpreterConfig, allow_fork) == 4);
    assert!(offset_of!(PyInterpreterConfig, allow_exec) == 8);
    assert!(offset_of!(PyInterpreterConfig, allow_threads) == 12);
    assert!(offset_of!(PyInterpreterConfig, allow_daemon_threads) == 16);
    assert!(offset_of!(PyInterpreterConfig, check_multi_interp_extensions) == 20);
    assert!(offset_of!(PyInterpreterConfig, gil) == 24);
};
