//! Py_buffer, PyMemoryViewObject is laid out with its type.
//!
//! Read off CPython 3.15; the asserts below hold every field to its offset.

#![allow(non_camel_case_types)]

use super::*;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Py_buffer {
    pub buf: *mut c_void,
    pub obj: *mut PyObject,
    pub len: Py_ssize_t,
    pub itemsize: Py_ssize_t,
    pub readonly: c_int,
    pub ndim: c_int,
    pub format: *mut c_char,
    pub shape: *mut Py_ssize_t,
    pub strides: *mut Py_ssize_t,
    pub suboffsets: *mut Py_ssize_t,
    pub internal: *mut c_void,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for Py_buffer {}

const _: () = {
    assert!(size_of::<Py_buffer>() == 80);
    assert!(offset_of!(Py_buffer, buf) == 0);
    assert!(offset_of!(Py_buffer, obj) == 8);
    assert!(offset_of!(Py_buffer, len) == 16);
    assert!(offset_of!(Py_buffer, itemsize) == 24);
    assert!(offset_of!(Py_buffer, readonly) == 32);
    assert!(offset_of!(Py_buffer, ndim) == 36);
    assert!(offset_of!(Py_buffer, format) == 40);
    assert!(offset_of!(Py_buffer, shape) == 48);
    assert!(offset_of!(Py_buffer, strides) == 56);
    assert!(offset_of!(Py_buffer, suboffsets) == 64);
    assert!(offset_of!(Py_buffer, internal) == 72);
};
