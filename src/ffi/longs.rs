//! Layouts of int and of its export form.
//!
//! Read off CPython 3.15; the asserts below hold every field to its offset.

#![allow(non_camel_case_types)]

use super::*;

#[repr(C)]
pub struct PyLongObject {
    pub ob_base: PyObject,
    pub long_value: Cell<_PyLongValue>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyLongObject {}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyLongLayout {
    pub bits_per_digit: u8,
    pub digit_size: u8,
    pub digits_order: i8,
    pub digit_endianness: i8,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyLongLayout {}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct PyLongExport {
    pub value: i64,
    pub negative: u8,
    pub ndigits: Py_ssize_t,
    pub digits: *const c_void,
    pub _reserved: usize,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyLongExport {}

const _: () = {
    assert!(size_of::<PyLongObject>() == 32);
    assert!(offset_of!(PyLongObject, ob_base) == 0);
    assert!(offset_of!(PyLongObject, long_value) == 16);
    assert!(size_of::<PyLongLayout>() == 4);
    assert!(offset_of!(PyLongLayout, bits_per_digit) == 0);
    assert!(offset_of!(PyLongLayout, digit_size) == 1);
    assert!(offset_of!(PyLongLayout, digits_order) == 2);
    assert!(offset_of!(PyLongLayout, digit_endianness) == 3);
    assert!(size_of::<PyLongExport>() == 40);
    assert!(offset_of!(PyLongExport, value) == 0);
    assert!(offset_of!(PyLongExport, negative) == 8);
    assert!(offset_of!(PyLongExport, ndigits) == 16);
    assert!(offset_of!(PyLongExport, digits) == 24);
    assert!(offset_of!(PyLongExport, _reserved) == 32);
};
