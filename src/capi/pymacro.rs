//! pymacro.h: versions as one number, for who cannot use the macros of the same names.

use core::ffi::c_int;

/// A version as `PY_VERSION_HEX` has it, each part cut to its width.
#[unsafe(no_mangle)]
pub extern "C" fn Py_PACK_FULL_VERSION(major: c_int, minor: c_int, micro: c_int, level: c_int, serial: c_int) -> u32 {
    let part = |value: c_int, mask: c_int, shift: u32| ((value & mask) as u32) << shift;
    part(major, 0xFF, 24) | part(minor, 0xFF, 16) | part(micro, 0xFF, 8) | part(level, 0xF, 4) | part(serial, 0xF, 0)
}

/// The same without the last three parts.
#[unsafe(no_mangle)]
pub extern "C" fn Py_PACK_VERSION(major: c_int, minor: c_int) -> u32 {
    Py_PACK_FULL_VERSION(major, minor, 0, 0, 0)
}
