//! The object header (object.h, refcount.h).
//!
//! The first 64 bits are the reference word: bits 0–31 the count, 32–47 overflow, 48–63 flags. What the
//! bits mean, and who may change them, is told in `object/refword.rs` and by the strategy, which also gives
//! [`RefWord::STATIC`].

use core::sync::atomic::AtomicU16;

use super::*;

/// The reference word. The flags are read by any thread that meets an immortal, so they are atomic; the
/// count of a mortal belongs to whoever holds its interpreter's GIL.
#[repr(C, align(8))]
pub struct RefWord {
    pub count: Cell<u32>,
    pub overflow: Cell<u16>,
    pub flags: AtomicU16,
}

#[repr(C)]
pub struct PyObject {
    pub ob_refcnt: RefWord,
    pub ob_type: Cell<*const PyTypeObject>,
}

#[repr(C)]
pub struct PyVarObject {
    pub ob_base: PyObject,
    pub ob_size: Cell<Py_ssize_t>,
}

// SAFETY: see the module doc of `ffi`.
unsafe impl Sync for PyObject {}
// SAFETY: as above.
unsafe impl Sync for PyVarObject {}

/// 3 << 30: the middle of the upper range of 32 bits, so that code which counts inline may be off by 2^30
/// either way before the sign bit, which newer inline code tests, is lost.
pub const IMMORTAL_COUNT: u32 = 3 << 30;
/// The middle of the overflow field: code that counts on all 64 bits needs 2^47 unbalanced operations to
/// reach the flags.
pub const IMMORTAL_OVERFLOW: u16 = 0x8000;
pub const FLAG_IMMORTAL: u16 = 1;
pub const FLAG_STATIC: u16 = 4;

impl RefWord {
    #[allow(clippy::declare_interior_mutable_const)]
    pub const MORTAL: RefWord = RefWord::new(1, 0, 0);

    pub const fn new(count: u32, overflow: u16, flags: u16) -> RefWord {
        RefWord { count: Cell::new(count), overflow: Cell::new(overflow), flags: AtomicU16::new(flags) }
    }
}

impl PyObject {
    /// The header of a static object.
    pub const fn immortal(ty: *const PyTypeObject) -> PyObject {
        PyObject { ob_refcnt: RefWord::STATIC, ob_type: Cell::new(ty) }
    }
}

impl PyVarObject {
    /// The header of a static object of size 0.
    pub const fn immortal(ty: *const PyTypeObject) -> PyVarObject {
        PyVarObject::immortal_sized(ty, 0)
    }

    pub const fn immortal_sized(ty: *const PyTypeObject, size: Py_ssize_t) -> PyVarObject {
        PyVarObject { ob_base: PyObject::immortal(ty), ob_size: Cell::new(size) }
    }
}

const _: () = {
    assert!(size_of::<PyObject>() == 16);
    assert!(offset_of!(PyObject, ob_type) == 8);
    assert!(offset_of!(RefWord, overflow) == 4);
    assert!(offset_of!(RefWord, flags) == 6);
    assert!(size_of::<PyVarObject>() == 24);
    assert!(offset_of!(PyVarObject, ob_size) == 16);
};
