//! fileutils.h: text as the system has it, and wide characters. The encoding is UTF-8, whatever the locale says:
//! CPython 3.15's own choice. Memory is the caller's to free.

use core::ffi::{CStr, c_char};
use core::ptr;

use super::pylifecycle::wchar_t;
use super::pymem;
use crate::types::str::fs;

const NO_MEMORY: usize = usize::MAX;

/// Where C wants to be told a size or a place.
///
/// # Safety
/// `[out]` or NULL
unsafe fn tell(to: *mut usize, value: usize) {
    if !to.is_null() {
        // SAFETY: the caller's promise.
        unsafe { to.write(value) };
    }
}

/// A text of the system's as wide characters, bytes that are no UTF-8 as lone surrogates. The runtime need not be
/// started.
///
/// To be freed by `PyMem_RawFree`. NULL with a size of -1 if there is no memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_DecodeLocale(text: *const c_char, size: *mut usize) -> *mut wchar_t {
    // SAFETY: [cstr]; then room for as many characters as are written; [out]
    unsafe {
        let mut wide: Vec<u32> = fs::decode_wide(CStr::from_ptr(text).to_bytes());
        wide.push(0);
        let room = pymem::PyMem_RawMalloc(wide.len() * size_of::<wchar_t>()).cast::<wchar_t>();
        if room.is_null() {
            tell(size, NO_MEMORY);
            return ptr::null_mut();
        }
        room.cast::<u32>().copy_from_nonoverlapping(wide.as_ptr(), wide.len());
        tell(size, wide.len() - 1);
        room
    }
}

/// Wide characters as the system's text, the surrogates that stand for bytes as these bytes.
///
/// To be freed by `PyMem_Free`. NULL with the index of a character that cannot be encoded, or -1 if there is no
/// memory, in `error_pos`; -1 too if all went well.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_EncodeLocale(text: *const wchar_t, error_pos: *mut usize) -> *mut c_char {
    // SAFETY: NUL-terminated; then room for as many bytes as are written; [out]
    unsafe {
        let n = (0..).take_while(|&i| *text.add(i) != 0).count();
        let mut bytes = match fs::encode_wide(core::slice::from_raw_parts(text.cast::<u32>(), n)) {
            Ok(bytes) => bytes,
            Err(at) => {
                tell(error_pos, at);
                return ptr::null_mut();
            }
        };
        bytes.push(0);
        tell(error_pos, NO_MEMORY);
        let room = pymem::PyMem_Malloc(bytes.len()).cast::<u8>();
        if !room.is_null() {
            room.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
        }
        room.cast()
    }
}
