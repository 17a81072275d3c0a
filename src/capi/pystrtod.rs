//! pystrtod.h: floats from and to text.

use core::ffi::{CStr, c_char, c_double, c_int};
use core::ptr;

use super::bad_argument;
use super::pymem::PyMem_Malloc;
use crate::ffi::PyObject;
use crate::format::float_parse;
use crate::format::float_text::{Flags, Style, double_to_string};
use crate::object::Type;
use crate::runtime::{boundary, boundary_or};
use crate::types::exceptions::VALUE_ERROR;

/// The float that a text begins with; `end`, unless NULL, gets where it ends, else all of the text must be it.
///
/// -1.0 on failure: `ValueError`; `overflow`, unless NULL, for a number that is too large, which is otherwise an
/// infinity.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyOS_string_to_double(
    text: *const c_char,
    end: *mut *mut c_char,
    overflow: *mut PyObject,
) -> c_double {
    boundary(|ts| {
        // SAFETY: [cstr]; an exception class or NULL
        let (bytes, overflow) = unsafe { (CStr::from_ptr(text).to_bytes(), overflow.cast::<Type>().as_ref()) };
        let found = float_parse::parse_prefix(bytes);
        let used = found.map_or(0, |(_, used)| used);
        if !end.is_null() {
            // SAFETY: [out], within the text.
            unsafe { end.write(text.add(used).cast_mut()) };
        }
        let shown = || String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
        let Some((value, _)) = found.filter(|_| !end.is_null() || used == bytes.len()) else {
            return Err(ts.raise(&VALUE_ERROR, format_args!("could not convert string to float: '{}'", shown())));
        };
        match overflow {
            Some(ty) if value.is_infinite() && bytes[..used].iter().any(u8::is_ascii_digit) => {
                Err(ts.raise(ty, format_args!("value too large to convert to float: '{}'", shown())))
            }
            _ => Ok(value),
        }
    })
}

const SIGN: c_int = 1;
const ADD_DOT_0: c_int = 2;
const ALTERNATE: c_int = 4;
const NO_NEGATIVE_ZERO: c_int = 8;

/// A float as text, after a format code: `e`, `f`, `g`, their capitals, or `r` with precision 0. `kind`, unless
/// NULL, gets 0 for a finite float, 1 for an infinity, 2 for a nan.
///
/// To be freed by `PyMem_Free`. NULL on failure: `SystemError` for another code, `MemoryError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyOS_double_to_string(
    value: c_double,
    code: c_char,
    precision: c_int,
    flags: c_int,
    kind: *mut c_int,
) -> *mut c_char {
    boundary_or(ptr::null_mut::<c_char>(), |ts| {
        let Some((style, upper)) = Style::from_code(char::from(code as u8)) else { return Err(bad_argument(ts)) };
        if style == Style::Repr && precision != 0 {
            return Err(bad_argument(ts));
        }
        let flags = Flags {
            sign: flags & SIGN != 0,
            add_dot_0: flags & ADD_DOT_0 != 0,
            alternate: flags & ALTERNATE != 0,
            no_negative_zero: flags & NO_NEGATIVE_ZERO != 0,
            upper,
        };
        let text = double_to_string(value, style, usize::try_from(precision).unwrap_or(0), flags);
        // SAFETY: [attached]
        let copy = unsafe { PyMem_Malloc(text.len() + 1) }.cast::<u8>();
        if copy.is_null() {
            return Err(ts.no_memory());
        }
        // SAFETY: as much room as was asked for; [out]
        unsafe {
            copy.copy_from_nonoverlapping(text.as_ptr(), text.len());
            copy.add(text.len()).write(0);
            if !kind.is_null() {
                kind.write(if value.is_nan() { 2 } else { c_int::from(value.is_infinite()) });
            }
        }
        Ok(copy.cast::<c_char>())
    })
}
