//! Py_buffer, and the objects that hold one.
//!
//! Read off CPython 3.15; the asserts below hold every field to its offset.

#![allow(non_camel_case_types, non_upper_case_globals)]

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

/// The buffer that all memoryviews made of one another share.
#[repr(C)]
pub struct PyManagedBufferObject {
    pub ob_base: PyObject,
    /// The buffer was given back.
    pub released: Cell<bool>,
    /// Memoryviews that have not been released.
    pub exports: Cell<Py_ssize_t>,
    pub master: Cell<Py_buffer>,
    /// Memory of the master's format, where it is a copy that is the managed buffer's to free.
    pub own_format: Cell<*mut c_char>,
}

#[repr(C)]
pub struct PyMemoryViewObject {
    pub ob_base: PyVarObject,
    pub mbuf: Cell<*mut PyManagedBufferObject>,
    /// -1 until somebody asks for it.
    pub hash: Cell<Py_hash_t>,
    /// `_Py_MEMORYVIEW_*`.
    pub flags: Cell<c_int>,
    /// Buffers that the memoryview itself has given out.
    pub exports: Cell<Py_ssize_t>,
    pub view: Cell<Py_buffer>,
    pub weakreflist: Cell<*mut PyObject>,
    /// Shape, strides and suboffsets, `ndim` of each.
    pub ob_array: Cell<[Py_ssize_t; 1]>,
}

pub const _Py_MEMORYVIEW_RELEASED: c_int = 1;
pub const _Py_MEMORYVIEW_C: c_int = 2;
pub const _Py_MEMORYVIEW_FORTRAN: c_int = 4;
pub const _Py_MEMORYVIEW_SCALAR: c_int = 8;
pub const _Py_MEMORYVIEW_PIL: c_int = 16;
pub const _Py_MEMORYVIEW_RESTRICTED: c_int = 32;

const _: () = {
    assert!(size_of::<PyMemoryViewObject>() == 152);
    assert!(offset_of!(PyMemoryViewObject, mbuf) == 24);
    assert!(offset_of!(PyMemoryViewObject, hash) == 32);
    assert!(offset_of!(PyMemoryViewObject, flags) == 40);
    assert!(offset_of!(PyMemoryViewObject, exports) == 48);
    assert!(offset_of!(PyMemoryViewObject, view) == 56);
    assert!(offset_of!(PyMemoryViewObject, weakreflist) == 136);
    assert!(offset_of!(PyMemoryViewObject, ob_array) == 144);
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
