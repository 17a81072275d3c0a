//! Layouts of set and frozenset (cpython/setobject.h) and of the plain values inside other layouts.

#![allow(non_camel_case_types)]

use super::*;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct setentry {
    pub key: *mut PyObject,
    pub hash: Py_hash_t,
}

#[repr(C)]
pub struct PySetObject {
    pub ob_base: PyObject,
    pub fill: Cell<Py_ssize_t>,
    pub used: Cell<Py_ssize_t>,
    pub mask: Cell<Py_ssize_t>,
    pub table: Cell<*mut setentry>,
    pub hash: Cell<Py_hash_t>,
    pub finger: Cell<Py_ssize_t>,
    pub smalltable: [Cell<setentry>; 8],
    pub weakreflist: Cell<*mut PyObject>,
}

// SAFETY: see the module doc of `ffi`.
unsafe impl Sync for PySetObject {}

#[repr(C)]
#[derive(Clone, Copy, PartialEq)]
pub struct Py_complex {
    pub real: f64,
    pub imag: f64,
}

/// Sign and number of digits in `lv_tag` (bits 0–1 sign: 0 positive, 1 zero, 2 negative; bit 2 small int;
/// the rest the number of digits), then digits of 30 bits, the least significant first.
#[repr(C)]
pub struct _PyLongValue {
    pub lv_tag: usize,
    pub ob_digit: [u32; 1],
}

const _: () = {
    assert!(size_of::<PySetObject>() == 200);
    assert!(offset_of!(PySetObject, smalltable) == 64);
    assert!(offset_of!(PySetObject, weakreflist) == 192);
    assert!(size_of::<_PyLongValue>() == 16);
};
