//! Layouts of str in its three forms (cpython/unicodeobject.h).
//!
//! Read off CPython 3.15; the asserts below hold every field to its offset.

#![allow(non_camel_case_types)]

use super::*;

#[repr(C)]
pub struct PyASCIIObject {
    pub ob_base: PyObject,
    pub length: Cell<Py_ssize_t>,
    pub hash: Cell<Py_hash_t>,
    pub state: Cell<u32>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyASCIIObject {}

#[repr(C)]
pub struct PyCompactUnicodeObject {
    pub _base: PyASCIIObject,
    pub utf8_length: Cell<Py_ssize_t>,
    pub utf8: Cell<*mut c_char>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyCompactUnicodeObject {}

#[repr(C)]
pub struct PyUnicodeObject {
    pub _base: PyCompactUnicodeObject,
    pub data: Cell<*mut c_void>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyUnicodeObject {}

const _: () = {
    assert!(size_of::<PyASCIIObject>() == 40);
    assert!(offset_of!(PyASCIIObject, ob_base) == 0);
    assert!(offset_of!(PyASCIIObject, length) == 16);
    assert!(offset_of!(PyASCIIObject, hash) == 24);
    assert!(offset_of!(PyASCIIObject, state) == 32);
    assert!(size_of::<PyCompactUnicodeObject>() == 56);
    assert!(offset_of!(PyCompactUnicodeObject, _base) == 0);
    assert!(offset_of!(PyCompactUnicodeObject, utf8_length) == 40);
    assert!(offset_of!(PyCompactUnicodeObject, utf8) == 48);
    assert!(size_of::<PyUnicodeObject>() == 64);
    assert!(offset_of!(PyUnicodeObject, _base) == 0);
    assert!(offset_of!(PyUnicodeObject, data) == 56);
};
