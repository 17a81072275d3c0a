//! Layouts of the containers: tuple, list, dict, set, slice.
//!
//! Read off CPython 3.15; the asserts below hold every field to its offset.

#![allow(non_camel_case_types)]

use super::*;

#[repr(C)]
pub struct PyTupleObject {
    pub ob_base: PyVarObject,
    pub ob_hash: Cell<Py_hash_t>,
    pub ob_item: Cell<[*mut PyObject; 1]>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyTupleObject {}

#[repr(C)]
pub struct PyListObject {
    pub ob_base: PyVarObject,
    pub ob_item: Cell<*mut *mut PyObject>,
    pub allocated: Cell<Py_ssize_t>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyListObject {}

#[repr(C)]
pub struct PyDictObject {
    pub ob_base: PyObject,
    pub ma_used: Cell<Py_ssize_t>,
    pub _ma_watcher_tag: Cell<u64>,
    pub ma_keys: Cell<*mut c_void>,
    pub ma_values: Cell<*mut c_void>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyDictObject {}

#[repr(C)]
pub struct PySliceObject {
    pub ob_base: PyObject,
    pub start: Cell<*mut PyObject>,
    pub stop: Cell<*mut PyObject>,
    pub step: Cell<*mut PyObject>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PySliceObject {}

const _: () = {
    assert!(size_of::<PyTupleObject>() == 40);
    assert!(offset_of!(PyTupleObject, ob_base) == 0);
    assert!(offset_of!(PyTupleObject, ob_hash) == 24);
    assert!(offset_of!(PyTupleObject, ob_item) == 32);
    assert!(size_of::<PyListObject>() == 40);
    assert!(offset_of!(PyListObject, ob_base) == 0);
    assert!(offset_of!(PyListObject, ob_item) == 24);
    assert!(offset_of!(PyListObject, allocated) == 32);
    assert!(size_of::<PyDictObject>() == 48);
    assert!(offset_of!(PyDictObject, ob_base) == 0);
    assert!(offset_of!(PyDictObject, ma_used) == 16);
    assert!(offset_of!(PyDictObject, _ma_watcher_tag) == 24);
    assert!(offset_of!(PyDictObject, ma_keys) == 32);
    assert!(offset_of!(PyDictObject, ma_values) == 40);
    assert!(size_of::<PySliceObject>() == 40);
    assert!(offset_of!(PySliceObject, ob_base) == 0);
    assert!(offset_of!(PySliceObject, start) == 16);
    assert!(offset_of!(PySliceObject, stop) == 24);
    assert!(offset_of!(PySliceObject, step) == 32);
};
