//! Layouts of the scalars: int, float, complex, bytes, bytearray.
//!
//! Read off CPython 3.15; the asserts below hold every field to its offset.

#![allow(non_camel_case_types)]

use super::*;

#[repr(C)]
pub struct PyFloatObject {
    pub ob_base: PyObject,
    pub ob_fval: Cell<f64>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyFloatObject {}

#[repr(C)]
pub struct PyComplexObject {
    pub ob_base: PyObject,
    pub cval: Cell<Py_complex>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyComplexObject {}

#[repr(C)]
pub struct PyBytesObject {
    pub ob_base: PyVarObject,
    pub ob_shash: Cell<Py_hash_t>,
    pub ob_sval: Cell<[c_char; 1]>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyBytesObject {}

#[repr(C)]
pub struct PyByteArrayObject {
    pub ob_base: PyVarObject,
    pub ob_alloc: Cell<Py_ssize_t>,
    pub ob_bytes: Cell<*mut c_char>,
    pub ob_start: Cell<*mut c_char>,
    pub ob_exports: Cell<Py_ssize_t>,
    pub ob_bytes_object: Cell<*mut PyObject>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyByteArrayObject {}

const _: () = {
    assert!(size_of::<PyFloatObject>() == 24);
    assert!(offset_of!(PyFloatObject, ob_base) == 0);
    assert!(offset_of!(PyFloatObject, ob_fval) == 16);
    assert!(size_of::<PyComplexObject>() == 32);
    assert!(offset_of!(PyComplexObject, ob_base) == 0);
    assert!(offset_of!(PyComplexObject, cval) == 16);
    assert!(size_of::<PyBytesObject>() == 40);
    assert!(offset_of!(PyBytesObject, ob_base) == 0);
    assert!(offset_of!(PyBytesObject, ob_shash) == 24);
    assert!(offset_of!(PyBytesObject, ob_sval) == 32);
    assert!(size_of::<PyByteArrayObject>() == 64);
    assert!(offset_of!(PyByteArrayObject, ob_base) == 0);
    assert!(offset_of!(PyByteArrayObject, ob_alloc) == 24);
    assert!(offset_of!(PyByteArrayObject, ob_bytes) == 32);
    assert!(offset_of!(PyByteArrayObject, ob_start) == 40);
    assert!(offset_of!(PyByteArrayObject, ob_exports) == 48);
    assert!(offset_of!(PyByteArrayObject, ob_bytes_object) == 56);
};
