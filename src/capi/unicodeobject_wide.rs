//! unicodeobject.h: strs and arrays of wide characters or code points.

use core::ffi::c_int;

use super::bad_argument;
use super::pylifecycle::wchar_t;
use super::unicodeobject::text_of;
use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::Result;
use crate::runtime::{ThreadState, boundary};
use crate::types::Str;
use crate::types::exceptions::{SYSTEM_ERROR, VALUE_ERROR};
use crate::types::text::Chars;

/// A str of wide characters; a size of -1 means up to the NUL.
///
/// New reference. `ValueError` for what is no character.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_FromWideChar(text: *const wchar_t, size: Py_ssize_t) -> *mut PyObject {
    boundary(|ts| {
        if text.is_null() {
            return if size == 0 { Ok(Str::empty()) } else { Err(bad_argument(ts)) };
        }
        if size < -1 {
            return Err(ts.raise_str(&SYSTEM_ERROR, "Negative size passed to PyUnicode_New"));
        }
        // SAFETY: [span] or NUL-terminated where the size is -1.
        let units: &[u32] = unsafe {
            let n = if size < 0 { (0..).take_while(|&i| *text.add(i) != 0).count() } else { size as usize };
            core::slice::from_raw_parts(text.cast(), n)
        };
        if let Some(c) = units.iter().find(|&&c| c > 0x10FFFF) {
            let message = format_args!("character U+{c:x} is not in range [U+0000; U+10ffff]");
            return Err(ts.raise(&VALUE_ERROR, message));
        }
        Str::from_chars(ts, Chars::Four(units))
    })
}

/// Writes the code points into `target`, a NUL behind them if `copy_null`.
///
/// `target`, or NULL with `SystemError` if the buffer is too small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_AsUCS4(
    text: *mut PyObject,
    target: *mut u32,
    size: Py_ssize_t,
    copy_null: c_int,
) -> *mut u32 {
    boundary(|ts| {
        if target.is_null() || size < 0 {
            return Err(bad_argument(ts));
        }
        // SAFETY: [nullable]
        let text = unsafe { text_of(ts, text)? };
        let needed = text.len() + usize::from(copy_null != 0);
        if (size as usize) < needed {
            if copy_null != 0 && size > 0 {
                // SAFETY: [span]
                unsafe { target.write(0) };
            }
            return Err(ts.raise_str(&SYSTEM_ERROR, "string is longer than the buffer"));
        }
        // SAFETY: [span] large enough.
        unsafe { write_wide(text, target, needed) };
        Ok(target)
    })
}

/// The code points and a NUL in a block of `PyMem_Malloc`'s.
///
/// NULL with `MemoryError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_AsUCS4Copy(text: *mut PyObject) -> *mut u32 {
    boundary(|ts| {
        // SAFETY: [nullable]
        let text = unsafe { text_of(ts, text)? };
        // SAFETY: the block is that large.
        unsafe { wide_copy(ts, text) }
    })
}

/// # Safety
/// `target` has room for `n` code points.
unsafe fn write_wide(text: &Str, target: *mut u32, n: usize) {
    let chars = text.code_points().chain(core::iter::once(0)).take(n);
    // SAFETY: the caller's promise.
    chars.enumerate().for_each(|(i, c)| unsafe { target.add(i).write(c) });
}

/// # Safety
/// None; the block is the caller's to free.
unsafe fn wide_copy(ts: &ThreadState, text: &Str) -> Result<*mut u32> {
    // SAFETY: as any allocation.
    let block = unsafe { super::pymem::PyMem_Malloc((text.len() + 1) * 4) }.cast::<u32>();
    if block.is_null() {
        return Err(ts.no_memory());
    }
    // SAFETY: the block is that large.
    unsafe { write_wide(text, block, text.len() + 1) };
    Ok(block)
}

/// Writes wide characters, at most `size`, a NUL behind them if there is room.
///
/// How many without the NUL; with NULL for `target`, how many with it. -1 on failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_AsWideChar(
    text: *mut PyObject,
    target: *mut wchar_t,
    size: Py_ssize_t,
) -> Py_ssize_t {
    boundary(|ts| {
        if text.is_null() {
            return Err(bad_argument(ts));
        }
        // SAFETY: [nullable]
        let text = unsafe { text_of(ts, text)? };
        let n = text.len() as isize;
        if target.is_null() {
            return Ok(n + 1);
        }
        let (written, answer) = if size > n { (n + 1, n) } else { (size, size) };
        // SAFETY: [span] room for `size`.
        unsafe { write_wide(text, target.cast(), written.max(0) as usize) };
        Ok(answer)
    })
}

/// The wide characters and a NUL in a block of `PyMem_Malloc`'s.
///
/// NULL with `ValueError` if nobody asked for the size and the text holds a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_AsWideCharString(text: *mut PyObject, size: *mut Py_ssize_t) -> *mut wchar_t {
    boundary(|ts| {
        if text.is_null() {
            return Err(bad_argument(ts));
        }
        // SAFETY: [nullable]
        let text = unsafe { text_of(ts, text)? };
        if size.is_null() && text.code_points().any(|c| c == 0) {
            return Err(ts.raise_str(&VALUE_ERROR, "embedded null character"));
        }
        // SAFETY: the block is the caller's from here on; [out]
        unsafe {
            let block = wide_copy(ts, text)?;
            if !size.is_null() {
                size.write(text.len() as isize);
            }
            Ok(block.cast::<wchar_t>())
        }
    })
}
