//! longobject.h: ints from and to C's integers, text and bytes.

use core::ffi::{CStr, c_char, c_double, c_int, c_long, c_longlong, c_ulong, c_ulonglong, c_void};
use core::ptr;

use super::{bad_argument, required};
use crate::ffi::{Py_ssize_t, PyLongExport, PyLongLayout, PyObject};
use crate::format::c_integer;
use crate::modules::sys::number_info;
use crate::object::{Object, Owned, Result};
use crate::runtime::{ThreadState, boundary, boundary_or};
use crate::types::exceptions::{TYPE_ERROR, VALUE_ERROR};
use crate::types::int::convert::{self, NativeFlags};
use crate::types::int::digits::{self, Written};
use crate::types::int::{arithmetic, text};
use crate::types::{Int, float};

/// An int, or what has `__index__`; NULL is a bad argument.
///
/// # Safety
/// `[nullable]`
#[inline(always)]
unsafe fn argument<'a>(ts: &ThreadState, object: *mut PyObject) -> Result<&'a Object> {
    // SAFETY: [nullable] the caller's promise.
    match unsafe { Object::from_nullable(object) } {
        Some(object) => Ok(object),
        None => Err(bad_argument(ts)),
    }
}

/// The int of that value; a shared one needs no thread.
#[inline(always)]
fn from_i64(value: i64) -> *mut PyObject {
    match Int::small(value) {
        Some(small) => Owned::immortal(small).into_raw(),
        None => boundary(|ts| Int::from_i64(ts, value)),
    }
}

/// `sys.int_info`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_GetInfo() -> *mut PyObject {
    boundary(number_info::int_info)
}

/// The int of that value. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_FromLong(value: c_long) -> *mut PyObject {
    from_i64(value)
}

/// The int of that value. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_FromLongLong(value: c_longlong) -> *mut PyObject {
    from_i64(value)
}

/// The int of that value. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_FromSsize_t(value: Py_ssize_t) -> *mut PyObject {
    from_i64(value as i64)
}

/// The int of that value. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_FromInt32(value: i32) -> *mut PyObject {
    from_i64(i64::from(value))
}

/// The int of that value. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_FromInt64(value: i64) -> *mut PyObject {
    from_i64(value)
}

/// The int of that value. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_FromUnsignedLong(value: c_ulong) -> *mut PyObject {
    boundary(|ts| Int::from_parts_u64(ts, false, value))
}

/// The int of that value. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_FromUnsignedLongLong(value: c_ulonglong) -> *mut PyObject {
    boundary(|ts| Int::from_parts_u64(ts, false, value))
}

/// The int of that value. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_FromSize_t(value: usize) -> *mut PyObject {
    boundary(|ts| Int::from_parts_u64(ts, false, value as u64))
}

/// The int of that value. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_FromUInt32(value: u32) -> *mut PyObject {
    boundary(|ts| Int::from_parts_u64(ts, false, u64::from(value)))
}

/// The int of that value. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_FromUInt64(value: u64) -> *mut PyObject {
    boundary(|ts| Int::from_parts_u64(ts, false, value))
}

/// The int of an address. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_FromVoidPtr(pointer: *mut c_void) -> *mut PyObject {
    boundary(|ts| Int::from_parts_u64(ts, false, pointer.addr() as u64))
}

/// The whole part of a float.
///
/// New reference. `ValueError` for a nan, `OverflowError` for an infinity.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_FromDouble(value: c_double) -> *mut PyObject {
    boundary(|ts| float::arithmetic::to_int(ts, value))
}

/// The int that a text is in a base of 2 to 36, or 0 for the literal's own. `end`, unless NULL, gets where reading
/// ended.
///
/// New reference. `ValueError` if there is anything else in the text than white space around the int.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_FromString(text: *const c_char, end: *mut *mut c_char, base: c_int) -> *mut PyObject {
    boundary(|ts| {
        let Some(base) = u32::try_from(base).ok().filter(|&base| base != 1 && base <= 36) else {
            return Err(ts.raise_str(&VALUE_ERROR, "int() arg 2 must be >= 2 and <= 36"));
        };
        // SAFETY: [cstr]
        let (used, result) = text::parse_c(ts, unsafe { CStr::from_ptr(text) }.to_bytes(), base);
        if !end.is_null() {
            // SAFETY: [out], within the text.
            unsafe { end.write(text.add(used).cast_mut()) };
        }
        result
    })
}

/// The value of an int, or of what `__index__` gives.
///
/// -1 on failure, which is also a value: `OverflowError` if it does not fit, `TypeError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_AsLong(object: *mut PyObject) -> c_long {
    // SAFETY: [nullable]
    boundary(|ts| convert::as_signed::<c_long>(ts, unsafe { argument(ts, object)? }, "long"))
}

/// The value of an int, or of what `__index__` gives.
///
/// -1 on failure, which is also a value: `OverflowError` if it does not fit, `TypeError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_AsInt(object: *mut PyObject) -> c_int {
    // SAFETY: [nullable]
    boundary(|ts| convert::as_signed::<c_int>(ts, unsafe { argument(ts, object)? }, "int"))
}

/// The value of an int, or of what `__index__` gives.
///
/// -1 on failure, which is also a value: `OverflowError` if it does not fit, `TypeError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_AsLongLong(object: *mut PyObject) -> c_longlong {
    boundary(|ts| {
        // SAFETY: [nullable]
        let value = convert::signed(ts, unsafe { argument(ts, object)? })?;
        value.map_err(|_| arithmetic::raise(ts, digits::IntError::TooBigToConvert))
    })
}

/// The value of an int.
///
/// -1 on failure, which is also a value: `OverflowError` if it does not fit, `TypeError` for what is no int.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_AsSsize_t(object: *mut PyObject) -> Py_ssize_t {
    boundary(|ts| {
        // SAFETY: [nullable]
        let int = convert::required(ts, unsafe { argument(ts, object)? })?;
        int.to_i64().map(|value| value as Py_ssize_t).ok_or_else(|| convert::too_large(ts, "ssize_t"))
    })
}

/// The value of an int.
///
/// The largest value on failure: `OverflowError` if it does not fit, `TypeError` for what is no int.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_AsUnsignedLong(object: *mut PyObject) -> c_ulong {
    boundary(|ts| {
        // SAFETY: [nullable]
        let int = unsafe { argument(ts, object)? };
        let (negative, large) =
            ("can't convert negative value to unsigned int", "Python int too large to convert to C unsigned long");
        convert::as_unsigned(ts, int, negative, large)
    })
}

/// The value of an int.
///
/// The largest value on failure: `OverflowError` if it does not fit, `TypeError` for what is no int.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_AsUnsignedLongLong(object: *mut PyObject) -> c_ulonglong {
    boundary(|ts| {
        // SAFETY: [nullable]
        let int = unsafe { argument(ts, object)? };
        let (negative, large) = ("can't convert negative int to unsigned", "int too big to convert");
        convert::as_unsigned(ts, int, negative, large)
    })
}

/// The value of an int.
///
/// The largest value on failure: `OverflowError` if it does not fit, `TypeError` for what is no int.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_AsSize_t(object: *mut PyObject) -> usize {
    boundary(|ts| {
        // SAFETY: [nullable]
        let int = unsafe { argument(ts, object)? };
        let (negative, large) =
            ("can't convert negative value to size_t", "Python int too large to convert to C size_t");
        convert::as_unsigned(ts, int, negative, large).map(|value| value as usize)
    })
}

/// The value of an int, or of what `__index__` gives, modulo 2^64.
///
/// The largest value on failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_AsUnsignedLongMask(object: *mut PyObject) -> c_ulong {
    // SAFETY: [nullable]
    boundary(|ts| convert::wrapping(ts, unsafe { argument(ts, object)? }))
}

/// The value of an int, or of what `__index__` gives, modulo 2^64.
///
/// The largest value on failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_AsUnsignedLongLongMask(object: *mut PyObject) -> c_ulonglong {
    // SAFETY: [nullable]
    boundary(|ts| convert::wrapping(ts, unsafe { argument(ts, object)? }))
}

/// The value of an int, or of what `__index__` gives. `overflow` gets 0; 1 or -1 if the value is too large or too small,
/// and the answer is then -1 without an exception.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_AsLongAndOverflow(object: *mut PyObject, overflow: *mut c_int) -> c_long {
    // SAFETY: [out]
    unsafe { overflow.write(0) };
    boundary(|ts| {
        // SAFETY: [nullable]
        let (value, direction) = convert::with_overflow(ts, unsafe { argument(ts, object)? })?;
        // SAFETY: [out]
        unsafe { overflow.write(direction) };
        Ok(value)
    })
}

/// The value of an int, or of what `__index__` gives. `overflow` gets 0; 1 or -1 if the value is too large or too small,
/// and the answer is then -1 without an exception.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_AsLongLongAndOverflow(object: *mut PyObject, overflow: *mut c_int) -> c_longlong {
    // SAFETY: [out]
    unsafe { overflow.write(0) };
    boundary(|ts| {
        // SAFETY: [nullable]
        let (value, direction) = convert::with_overflow(ts, unsafe { argument(ts, object)? })?;
        // SAFETY: [out]
        unsafe { overflow.write(direction) };
        Ok(value)
    })
}

/// The nearest float.
///
/// -1.0 on failure: `OverflowError` beyond the largest, `TypeError` for what is no int.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_AsDouble(object: *mut PyObject) -> c_double {
    boundary(|ts| {
        // SAFETY: [nullable]
        let int = convert::required(ts, unsafe { argument(ts, object)? })?;
        arithmetic::to_f64(ts, int)
    })
}

/// The address that an int is.
///
/// NULL on failure, which is also a value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_AsVoidPtr(object: *mut PyObject) -> *mut c_void {
    boundary_or(ptr::null_mut::<c_void>(), |ts| {
        // SAFETY: [nullable]
        let int = convert::required(ts, unsafe { argument(ts, object)? })?;
        let address = if int.is_negative() { int.to_i64().map(|value| value as u64) } else { int.kernel().to_u64() };
        let c_type = if int.is_negative() { "long" } else { "unsigned long" };
        let address = address.ok_or_else(|| convert::too_large(ts, c_type))?;
        Ok(ptr::with_exposed_provenance_mut::<c_void>(address as usize))
    })
}

/// Writes the value of an int, or of what `__index__` gives.
///
/// -1 on failure: `OverflowError` if it does not fit.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_AsInt32(object: *mut PyObject, value: *mut i32) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable]
        let result = convert::as_signed::<i32>(ts, unsafe { argument(ts, object)? }, "int32_t")?;
        // SAFETY: [out]
        unsafe { value.write(result) };
        Ok(())
    })
}

/// Writes the value of an int, or of what `__index__` gives.
///
/// -1 on failure: `OverflowError` if it does not fit.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_AsInt64(object: *mut PyObject, value: *mut i64) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable]
        let result = convert::as_signed::<i64>(ts, unsafe { argument(ts, object)? }, "int64_t")?;
        // SAFETY: [out]
        unsafe { value.write(result) };
        Ok(())
    })
}

/// Writes the value of an int, or of what `__index__` gives.
///
/// -1 on failure: `OverflowError` if it does not fit, `ValueError` if it is negative.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_AsUInt32(object: *mut PyObject, value: *mut u32) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable]
        let result = convert::as_exact_unsigned::<u32>(ts, unsafe { argument(ts, object)? }, "uint32_t")?;
        // SAFETY: [out]
        unsafe { value.write(result) };
        Ok(())
    })
}

/// Writes the value of an int, or of what `__index__` gives.
///
/// -1 on failure: `OverflowError` if it does not fit, `ValueError` if it is negative.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_AsUInt64(object: *mut PyObject, value: *mut u64) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable]
        let result = convert::as_exact_unsigned::<u64>(ts, unsafe { argument(ts, object)? }, "uint64_t")?;
        // SAFETY: [out]
        unsafe { value.write(result) };
        Ok(())
    })
}

/// Writes an int's two's complement into so many bytes, as much of it as there is room for.
///
/// How many bytes the value takes; -1 on failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_AsNativeBytes(
    object: *mut PyObject,
    buffer: *mut c_void,
    n_bytes: Py_ssize_t,
    flags: c_int,
) -> Py_ssize_t {
    boundary(|ts| {
        // SAFETY: [nullable]
        let object = unsafe { argument(ts, object)? };
        let Ok(n) = usize::try_from(n_bytes) else { return Err(bad_argument(ts)) };
        // SAFETY: [span], writable; an empty one may be NULL.
        let out = if n == 0 { &mut [][..] } else { unsafe { core::slice::from_raw_parts_mut(buffer.cast::<u8>(), n) } };
        convert::to_native(ts, object, out, NativeFlags::new(flags))
    })
}

/// The int that bytes are in two's complement, or without a sign if the flags say so.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_FromNativeBytes(buffer: *const c_void, n_bytes: usize, flags: c_int) -> *mut PyObject {
    boundary(|ts| {
        if buffer.is_null() {
            return Err(bad_argument(ts));
        }
        // SAFETY: [span]
        let bytes = unsafe { core::slice::from_raw_parts(buffer.cast::<u8>(), n_bytes) };
        let native = NativeFlags::new(flags);
        convert::from_native(ts, bytes, native, flags == -1 || !native.unsigned)
    })
}

/// The int that bytes are, without a sign.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_FromUnsignedNativeBytes(
    buffer: *const c_void,
    n_bytes: usize,
    flags: c_int,
) -> *mut PyObject {
    boundary(|ts| {
        if buffer.is_null() {
            return Err(bad_argument(ts));
        }
        // SAFETY: [span]
        let bytes = unsafe { core::slice::from_raw_parts(buffer.cast::<u8>(), n_bytes) };
        convert::from_native(ts, bytes, NativeFlags::new(flags), false)
    })
}

/// How digits are laid out: what `PyLong_GetNativeLayout` answers with.
static LAYOUT: PyLongLayout =
    PyLongLayout { bits_per_digit: digits::SHIFT as u8, digit_size: 4, digits_order: -1, digit_endianness: -1 };

/// How the digits are laid out that `PyLong_Export` and `PyLongWriter_Create` show.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_GetNativeLayout() -> *const PyLongLayout {
    &raw const LAYOUT
}

/// Shows an int's value: as a C integer where it fits, else as digits that stay the int's own, until
/// `PyLong_FreeExport`.
///
/// -1 with `TypeError` for what is no int.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_Export(object: *mut PyObject, export: *mut PyLongExport) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable] [out]
        let (object, export) = unsafe { (required(ts, object)?, &mut *export) };
        let Some(int) = object.downcast::<Int>() else {
            *export = NOTHING;
            let name = object.ty().full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("expect int, got {name}")));
        };
        *export = match int.to_i64() {
            Some(value) => PyLongExport { value, ..NOTHING },
            None => PyLongExport {
                negative: u8::from(int.is_negative()),
                ndigits: int.digits().len() as Py_ssize_t,
                digits: int.digits().as_ptr().cast(),
                _reserved: Owned::new(object).into_raw().expose_provenance(),
                ..NOTHING
            },
        };
        Ok(())
    })
}

/// Ends what `PyLong_Export` began. A second time does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLong_FreeExport(export: *mut PyLongExport) {
    // SAFETY: [live] filled by `PyLong_Export`.
    let export = unsafe { &mut *export };
    let held = core::mem::take(&mut export._reserved);
    // SAFETY: NULL, or the reference that the export has held.
    drop(unsafe { Owned::<Object>::from_stolen_nullable(ptr::with_exposed_provenance_mut(held)) });
}

const NOTHING: PyLongExport = PyLongExport { value: 0, negative: 0, ndigits: 0, digits: ptr::null(), _reserved: 0 };

/// An int under construction; the object itself, its number of digits and its sign kept until the end.
pub struct PyLongWriter {
    int: Owned<Int>,
    room: usize,
    negative: bool,
}

/// A new int of so many digits, which C writes where `digits` then points.
///
/// To be ended by `PyLongWriter_Finish` or `PyLongWriter_Discard`. `ValueError` if there is to be no digit.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLongWriter_Create(
    negative: c_int,
    n_digits: Py_ssize_t,
    digits: *mut *mut c_void,
) -> *mut PyLongWriter {
    boundary(|ts| {
        let Some(room) = usize::try_from(n_digits).ok().filter(|&n| n > 0) else {
            return Err(ts.raise_str(&VALUE_ERROR, "ndigits must be positive"));
        };
        let int = Int::with_room(ts, room)?;
        // SAFETY: [out]; the int is nobody else's.
        unsafe { digits.write(int.room_mut(room).as_mut_ptr().cast()) };
        Ok(Box::into_raw(Box::new(PyLongWriter { int, room, negative: negative != 0 })))
    })
}

/// Ends the writing.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLongWriter_Finish(writer: *mut PyLongWriter) -> *mut PyObject {
    boundary(|_ts| {
        // SAFETY: made by `PyLongWriter_Create`, ended here.
        let PyLongWriter { int, room, negative } = *unsafe { Box::from_raw(writer) };
        // SAFETY: nobody else has the int.
        let len = digits::normalized_len(unsafe { int.room_mut(room) });
        Ok(Int::finish(int, Written { negative, len }))
    })
}

/// Gives up writing. NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyLongWriter_Discard(writer: *mut PyLongWriter) {
    if !writer.is_null() {
        // SAFETY: made by `PyLongWriter_Create`, ended here.
        drop(unsafe { Box::from_raw(writer) });
    }
}

/// Writes where reading ended and sets `errno` for what was too large.
///
/// # Safety
/// `used` is within `text`; `[out]` or NULL.
unsafe fn finish(text: *const c_char, used: usize, overflow: bool, end: *mut *mut c_char) {
    // SAFETY: the caller's promise; errno is this thread's.
    unsafe {
        if !end.is_null() {
            end.write(text.add(used).cast_mut());
        }
        if overflow {
            *libc::__errno_location() = libc::ERANGE;
        }
    }
}

/// The number that a text begins with, in that base, or after its prefix for base 0. The largest, and `ERANGE` in
/// `errno`, for one that is too large.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyOS_strtoul(text: *const c_char, end: *mut *mut c_char, base: c_int) -> c_ulong {
    // SAFETY: [cstr]
    let bytes = unsafe { CStr::from_ptr(text) }.to_bytes();
    let read = c_integer::unsigned(bytes, u32::try_from(base).unwrap_or(1));
    // SAFETY: within; [out] or NULL
    unsafe { finish(text, read.used, read.overflow, end) };
    read.value
}

/// The same with a sign. `LONG_MAX` for what does not fit.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyOS_strtol(text: *const c_char, end: *mut *mut c_char, base: c_int) -> c_long {
    // SAFETY: [cstr]
    let bytes = unsafe { CStr::from_ptr(text) }.to_bytes();
    let read = c_integer::signed(bytes, u32::try_from(base).unwrap_or(1));
    // SAFETY: within; [out] or NULL
    unsafe { finish(text, read.used, read.overflow, end) };
    read.value
}
