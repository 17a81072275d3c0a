//! pystrcmp.h: comparing C strings, ASCII letters' case aside.

use core::cmp::Ordering;
use core::ffi::{c_char, c_int};

use crate::ffi::Py_ssize_t;

/// As `strcasecmp`, whatever the locale.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyOS_mystricmp(a: *const c_char, b: *const c_char) -> c_int {
    // SAFETY: [cstr]
    unsafe { PyOS_mystrnicmp(a, b, Py_ssize_t::MAX) }
}

/// As `strncasecmp`, whatever the locale.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyOS_mystrnicmp(a: *const c_char, b: *const c_char, size: Py_ssize_t) -> c_int {
    for i in 0..usize::try_from(size).unwrap_or(0) {
        // SAFETY: [cstr] neither has ended before.
        let (x, y) = unsafe { (*a.add(i) as u8, *b.add(i) as u8) };
        let (x, y) = (x.to_ascii_lowercase(), y.to_ascii_lowercase());
        if x != y || x == 0 {
            return c_int::from(x) - c_int::from(y);
        }
    }
    Ordering::Equal as c_int
}
