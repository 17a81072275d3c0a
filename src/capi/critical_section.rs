//! critical_section.h: sections in which no other thread uses an object. The GIL sees to that, so they hold nothing.

use crate::ffi::PyObject;

/// C's, of which nothing is used.
#[repr(C)]
pub struct PyCriticalSection {
    _previous: usize,
    _mutex: *mut u8,
}

/// C's, of which nothing is used.
#[repr(C)]
pub struct PyCriticalSection2 {
    _base: PyCriticalSection,
    _mutex2: *mut u8,
}

/// Nothing: the GIL is held.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCriticalSection_Begin(_section: *mut PyCriticalSection, _object: *mut PyObject) {}

/// Nothing: the GIL is held.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCriticalSection_End(_section: *mut PyCriticalSection) {}

/// Nothing: the GIL is held.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCriticalSection2_Begin(
    _section: *mut PyCriticalSection2,
    _a: *mut PyObject,
    _b: *mut PyObject,
) {
}

/// Nothing: the GIL is held.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCriticalSection2_End(_section: *mut PyCriticalSection2) {}
