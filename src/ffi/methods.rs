//! The slot suites of a type (object.h): numbers, sequences, mappings, async, buffers.
//!
//! Read off CPython 3.15; the asserts below hold every field to its offset.

#![allow(non_camel_case_types)]

use super::*;

#[repr(C)]
pub struct PyNumberMethods {
    pub nb_add: Cell<Option<binaryfunc>>,
    pub nb_subtract: Cell<Option<binaryfunc>>,
    pub nb_multiply: Cell<Option<binaryfunc>>,
    pub nb_remainder: Cell<Option<binaryfunc>>,
    pub nb_divmod: Cell<Option<binaryfunc>>,
    pub nb_power: Cell<Option<ternaryfunc>>,
    pub nb_negative: Cell<Option<unaryfunc>>,
    pub nb_positive: Cell<Option<unaryfunc>>,
    pub nb_absolute: Cell<Option<unaryfunc>>,
    pub nb_bool: Cell<Option<inquiry>>,
    pub nb_invert: Cell<Option<unaryfunc>>,
    pub nb_lshift: Cell<Option<binaryfunc>>,
    pub nb_rshift: Cell<Option<binaryfunc>>,
    pub nb_and: Cell<Option<binaryfunc>>,
    pub nb_xor: Cell<Option<binaryfunc>>,
    pub nb_or: Cell<Option<binaryfunc>>,
    pub nb_int: Cell<Option<unaryfunc>>,
    pub nb_reserved: Cell<*mut c_void>,
    pub nb_float: Cell<Option<unaryfunc>>,
    pub nb_inplace_add: Cell<Option<binaryfunc>>,
    pub nb_inplace_subtract: Cell<Option<binaryfunc>>,
    pub nb_inplace_multiply: Cell<Option<binaryfunc>>,
    pub nb_inplace_remainder: Cell<Option<binaryfunc>>,
    pub nb_inplace_power: Cell<Option<ternaryfunc>>,
    pub nb_inplace_lshift: Cell<Option<binaryfunc>>,
    pub nb_inplace_rshift: Cell<Option<binaryfunc>>,
    pub nb_inplace_and: Cell<Option<binaryfunc>>,
    pub nb_inplace_xor: Cell<Option<binaryfunc>>,
    pub nb_inplace_or: Cell<Option<binaryfunc>>,
    pub nb_floor_divide: Cell<Option<binaryfunc>>,
    pub nb_true_divide: Cell<Option<binaryfunc>>,
    pub nb_inplace_floor_divide: Cell<Option<binaryfunc>>,
    pub nb_inplace_true_divide: Cell<Option<binaryfunc>>,
    pub nb_index: Cell<Option<unaryfunc>>,
    pub nb_matrix_multiply: Cell<Option<binaryfunc>>,
    pub nb_inplace_matrix_multiply: Cell<Option<binaryfunc>>,
}

impl PyNumberMethods {
    /// No slot filled.
    #[allow(clippy::declare_interior_mutable_const)]
    pub const EMPTY: PyNumberMethods = PyNumberMethods {
        nb_add: Cell::new(None),
        nb_subtract: Cell::new(None),
        nb_multiply: Cell::new(None),
        nb_remainder: Cell::new(None),
        nb_divmod: Cell::new(None),
        nb_power: Cell::new(None),
        nb_negative: Cell::new(None),
        nb_positive: Cell::new(None),
        nb_absolute: Cell::new(None),
        nb_bool: Cell::new(None),
        nb_invert: Cell::new(None),
        nb_lshift: Cell::new(None),
        nb_rshift: Cell::new(None),
        nb_and: Cell::new(None),
        nb_xor: Cell::new(None),
        nb_or: Cell::new(None),
        nb_int: Cell::new(None),
        nb_reserved: Cell::new(ptr::null_mut()),
        nb_float: Cell::new(None),
        nb_inplace_add: Cell::new(None),
        nb_inplace_subtract: Cell::new(None),
        nb_inplace_multiply: Cell::new(None),
        nb_inplace_remainder: Cell::new(None),
        nb_inplace_power: Cell::new(None),
        nb_inplace_lshift: Cell::new(None),
        nb_inplace_rshift: Cell::new(None),
        nb_inplace_and: Cell::new(None),
        nb_inplace_xor: Cell::new(None),
        nb_inplace_or: Cell::new(None),
        nb_floor_divide: Cell::new(None),
        nb_true_divide: Cell::new(None),
        nb_inplace_floor_divide: Cell::new(None),
        nb_inplace_true_divide: Cell::new(None),
        nb_index: Cell::new(None),
        nb_matrix_multiply: Cell::new(None),
        nb_inplace_matrix_multiply: Cell::new(None),
    };
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyNumberMethods {}

#[repr(C)]
pub struct PySequenceMethods {
    pub sq_length: Cell<Option<lenfunc>>,
    pub sq_concat: Cell<Option<binaryfunc>>,
    pub sq_repeat: Cell<Option<ssizeargfunc>>,
    pub sq_item: Cell<Option<ssizeargfunc>>,
    pub was_sq_slice: Cell<*mut c_void>,
    pub sq_ass_item: Cell<Option<ssizeobjargproc>>,
    pub was_sq_ass_slice: Cell<*mut c_void>,
    pub sq_contains: Cell<Option<objobjproc>>,
    pub sq_inplace_concat: Cell<Option<binaryfunc>>,
    pub sq_inplace_repeat: Cell<Option<ssizeargfunc>>,
}

impl PySequenceMethods {
    /// No slot filled.
    #[allow(clippy::declare_interior_mutable_const)]
    pub const EMPTY: PySequenceMethods = PySequenceMethods {
        sq_length: Cell::new(None),
        sq_concat: Cell::new(None),
        sq_repeat: Cell::new(None),
        sq_item: Cell::new(None),
        was_sq_slice: Cell::new(ptr::null_mut()),
        sq_ass_item: Cell::new(None),
        was_sq_ass_slice: Cell::new(ptr::null_mut()),
        sq_contains: Cell::new(None),
        sq_inplace_concat: Cell::new(None),
        sq_inplace_repeat: Cell::new(None),
    };
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PySequenceMethods {}

#[repr(C)]
pub struct PyMappingMethods {
    pub mp_length: Cell<Option<lenfunc>>,
    pub mp_subscript: Cell<Option<binaryfunc>>,
    pub mp_ass_subscript: Cell<Option<objobjargproc>>,
}

impl PyMappingMethods {
    /// No slot filled.
    #[allow(clippy::declare_interior_mutable_const)]
    pub const EMPTY: PyMappingMethods = PyMappingMethods {
        mp_length: Cell::new(None),
        mp_subscript: Cell::new(None),
        mp_ass_subscript: Cell::new(None),
    };
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyMappingMethods {}

#[repr(C)]
pub struct PyAsyncMethods {
    pub am_await: Cell<Option<unaryfunc>>,
    pub am_aiter: Cell<Option<unaryfunc>>,
    pub am_anext: Cell<Option<unaryfunc>>,
    pub am_send: Cell<Option<sendfunc>>,
}

impl PyAsyncMethods {
    /// No slot filled.
    #[allow(clippy::declare_interior_mutable_const)]
    pub const EMPTY: PyAsyncMethods = PyAsyncMethods {
        am_await: Cell::new(None),
        am_aiter: Cell::new(None),
        am_anext: Cell::new(None),
        am_send: Cell::new(None),
    };
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyAsyncMethods {}

#[repr(C)]
pub struct PyBufferProcs {
    pub bf_getbuffer: Cell<Option<getbufferproc>>,
    pub bf_releasebuffer: Cell<Option<releasebufferproc>>,
}

impl PyBufferProcs {
    /// No slot filled.
    #[allow(clippy::declare_interior_mutable_const)]
    pub const EMPTY: PyBufferProcs = PyBufferProcs { bf_getbuffer: Cell::new(None), bf_releasebuffer: Cell::new(None) };
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyBufferProcs {}

const _: () = {
    assert!(size_of::<PyNumberMethods>() == 288);
    assert!(offset_of!(PyNumberMethods, nb_add) == 0);
    assert!(offset_of!(PyNumberMethods, nb_subtract) == 8);
    assert!(offset_of!(PyNumberMethods, nb_multiply) == 16);
    assert!(offset_of!(PyNumberMethods, nb_remainder) == 24);
    assert!(offset_of!(PyNumberMethods, nb_divmod) == 32);
    assert!(offset_of!(PyNumberMethods, nb_power) == 40);
    assert!(offset_of!(PyNumberMethods, nb_negative) == 48);
    assert!(offset_of!(PyNumberMethods, nb_positive) == 56);
    assert!(offset_of!(PyNumberMethods, nb_absolute) == 64);
    assert!(offset_of!(PyNumberMethods, nb_bool) == 72);
    assert!(offset_of!(PyNumberMethods, nb_invert) == 80);
    assert!(offset_of!(PyNumberMethods, nb_lshift) == 88);
    assert!(offset_of!(PyNumberMethods, nb_rshift) == 96);
    assert!(offset_of!(PyNumberMethods, nb_and) == 104);
    assert!(offset_of!(PyNumberMethods, nb_xor) == 112);
    assert!(offset_of!(PyNumberMethods, nb_or) == 120);
    assert!(offset_of!(PyNumberMethods, nb_int) == 128);
    assert!(offset_of!(PyNumberMethods, nb_reserved) == 136);
    assert!(offset_of!(PyNumberMethods, nb_float) == 144);
    assert!(offset_of!(PyNumberMethods, nb_inplace_add) == 152);
    assert!(offset_of!(PyNumberMethods, nb_inplace_subtract) == 160);
    assert!(offset_of!(PyNumberMethods, nb_inplace_multiply) == 168);
    assert!(offset_of!(PyNumberMethods, nb_inplace_remainder) == 176);
    assert!(offset_of!(PyNumberMethods, nb_inplace_power) == 184);
    assert!(offset_of!(PyNumberMethods, nb_inplace_lshift) == 192);
    assert!(offset_of!(PyNumberMethods, nb_inplace_rshift) == 200);
    assert!(offset_of!(PyNumberMethods, nb_inplace_and) == 208);
    assert!(offset_of!(PyNumberMethods, nb_inplace_xor) == 216);
    assert!(offset_of!(PyNumberMethods, nb_inplace_or) == 224);
    assert!(offset_of!(PyNumberMethods, nb_floor_divide) == 232);
    assert!(offset_of!(PyNumberMethods, nb_true_divide) == 240);
    assert!(offset_of!(PyNumberMethods, nb_inplace_floor_divide) == 248);
    assert!(offset_of!(PyNumberMethods, nb_inplace_true_divide) == 256);
    assert!(offset_of!(PyNumberMethods, nb_index) == 264);
    assert!(offset_of!(PyNumberMethods, nb_matrix_multiply) == 272);
    assert!(offset_of!(PyNumberMethods, nb_inplace_matrix_multiply) == 280);
    assert!(size_of::<PySequenceMethods>() == 80);
    assert!(offset_of!(PySequenceMethods, sq_length) == 0);
    assert!(offset_of!(PySequenceMethods, sq_concat) == 8);
    assert!(offset_of!(PySequenceMethods, sq_repeat) == 16);
    assert!(offset_of!(PySequenceMethods, sq_item) == 24);
    assert!(offset_of!(PySequenceMethods, was_sq_slice) == 32);
    assert!(offset_of!(PySequenceMethods, sq_ass_item) == 40);
    assert!(offset_of!(PySequenceMethods, was_sq_ass_slice) == 48);
    assert!(offset_of!(PySequenceMethods, sq_contains) == 56);
    assert!(offset_of!(PySequenceMethods, sq_inplace_concat) == 64);
    assert!(offset_of!(PySequenceMethods, sq_inplace_repeat) == 72);
    assert!(size_of::<PyMappingMethods>() == 24);
    assert!(offset_of!(PyMappingMethods, mp_length) == 0);
    assert!(offset_of!(PyMappingMethods, mp_subscript) == 8);
    assert!(offset_of!(PyMappingMethods, mp_ass_subscript) == 16);
    assert!(size_of::<PyAsyncMethods>() == 32);
    assert!(offset_of!(PyAsyncMethods, am_await) == 0);
    assert!(offset_of!(PyAsyncMethods, am_aiter) == 8);
    assert!(offset_of!(PyAsyncMethods, am_anext) == 16);
    assert!(offset_of!(PyAsyncMethods, am_send) == 24);
    assert!(size_of::<PyBufferProcs>() == 16);
    assert!(offset_of!(PyBufferProcs, bf_getbuffer) == 0);
    assert!(offset_of!(PyBufferProcs, bf_releasebuffer) == 8);
};
