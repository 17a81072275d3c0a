//! object.h: the object header, variable-size header, and the weak reference.
//!
//! Read off CPython 3.15; the asserts below hold every field to its offset.

#![allow(non_camel_case_types)]

use super::*;

#[repr(C)]
pub struct PyWeakReference {
    pub ob_base: PyObject,
    pub wr_object: Cell<*mut PyObject>,
    pub wr_callback: Cell<*mut PyObject>,
    pub hash: Cell<Py_hash_t>,
    pub wr_prev: Cell<*mut PyWeakReference>,
    pub wr_next: Cell<*mut PyWeakReference>,
    pub vectorcall: Cell<Option<vectorcallfunc>>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyWeakReference {}

const _: () = {
    assert!(size_of::<PyWeakReference>() == 64);
    assert!(offset_of!(PyWeakReference, ob_base) == 0);
    assert!(offset_of!(PyWeakReference, wr_object) == 16);
    assert!(offset_of!(PyWeakReference, wr_callback) == 24);
    assert!(offset_of!(PyWeakReference, hash) == 32);
    assert!(offset_of!(PyWeakReference, wr_prev) == 40);
    assert!(offset_of!(PyWeakReference, wr_next) == 48);
    assert!(offset_of!(PyWeakReference, vectorcall) == 56);
};
