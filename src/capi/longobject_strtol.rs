//! longobject.h: C integers from text, without objects and exceptions.

use core::ffi::{CStr, c_char, c_int, c_long, c_ulong};

use crate::format::strtol;

/// A number in a base of 2 to 36, or 0 to go by its prefix; `*end`, unless NULL, becomes what is behind it.
///
/// What is too large is `ULONG_MAX`, and `errno` `ERANGE`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyOS_strtoul(text: *const c_char, end: *mut *mut c_char, base: c_int) -> c_ulong {
    // SAFETY: [cstr]
    let (value, length) = strtol::parse_unsigned(unsafe { CStr::from_ptr(text) }.to_bytes(), base as u32);
    // SAFETY: [out] or NULL; within the text
    unsafe { finish(text, end, length, value.is_some()) };
    value.unwrap_or(c_ulong::MAX)
}

/// The same with a sign. What is out of range is `LONG_MAX`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyOS_strtol(text: *const c_char, end: *mut *mut c_char, base: c_int) -> c_long {
    // SAFETY: [cstr]
    let (value, length) = strtol::parse_signed(unsafe { CStr::from_ptr(text) }.to_bytes(), base as u32);
    // SAFETY: [out] or NULL; within the text
    unsafe { finish(text, end, length, value.is_some()) };
    value.unwrap_or(c_long::MAX)
}

/// # Safety
/// `[out]` or NULL; so much text.
unsafe fn finish(text: *const c_char, end: *mut *mut c_char, length: usize, in_range: bool) {
    // SAFETY: the caller's promise; errno is this thread's.
    unsafe {
        if !end.is_null() {
            end.write(text.add(length).cast_mut());
        }
        if !in_range {
            *libc::__errno_location() = libc::ERANGE;
        }
    }
}
