//! Ints as C's integers, and as bytes of C's.

use super::Int;
use super::digits::bit_length;
use super::digits::bytes::{from_bytes, signed_bits, wrap_into_le};
use crate::object::{Object, Owned, Raised, Result};
use crate::protocol::number;
use crate::runtime::ThreadState;
use crate::types::exceptions::{OVERFLOW_ERROR, TYPE_ERROR, VALUE_ERROR};

/// An argument that must be an int; `__index__` does not count.
#[inline(always)]
pub fn required<'a>(ts: &ThreadState, object: &'a Object) -> Result<&'a Int> {
    match object.downcast::<Int>() {
        Some(int) => Ok(int),
        None => Err(ts.raise_str(&TYPE_ERROR, "an integer is required")),
    }
}

/// The value of an int, or of what `__index__` gives, if it fits; what does not is handed on.
#[inline(always)]
pub fn signed(ts: &ThreadState, object: &Object) -> Result<core::result::Result<i64, Owned<Int>>> {
    if let Some(int) = object.downcast::<Int>() {
        if int.is_compact() {
            return Ok(Ok(int.compact_value()));
        }
        return Ok(int.to_i64().ok_or_else(|| Owned::new(int)));
    }
    let int = number::index(ts, object)?;
    Ok(int.to_i64().ok_or(int))
}

/// The value modulo 2^64.
pub fn wrapping(ts: &ThreadState, object: &Object) -> Result<u64> {
    Ok(match object.downcast::<Int>() {
        Some(int) if int.is_compact() => int.compact_value() as u64,
        Some(int) => int.kernel().wrapping_u64(),
        None => number::index(ts, object)?.kernel().wrapping_u64(),
    })
}

#[cold]
pub fn too_large(ts: &ThreadState, c_type: &str) -> Raised {
    ts.raise(&OVERFLOW_ERROR, format_args!("Python int too large to convert to C {c_type}"))
}

/// The value as one of C's signed types: `AsLong` and its kin.
#[inline(always)]
pub fn as_signed<T: TryFrom<i64>>(ts: &ThreadState, object: &Object, c_type: &str) -> Result<T> {
    let value = signed(ts, object)?.ok().and_then(|value| T::try_from(value).ok());
    value.ok_or_else(|| too_large(ts, c_type))
}

/// What an argument is that C's parsing of formats makes an integer of that kind: `signed integer is less than minimum`.
#[inline(always)]
pub fn narrow<T: TryFrom<i64>>(ts: &ThreadState, value: i64, kind: &str) -> Result<T> {
    T::try_from(value).map_err(|_| out_of_range(ts, kind, value))
}

#[cold]
fn out_of_range(ts: &ThreadState, kind: &str, value: i64) -> Raised {
    let which = if value < 0 { "less than minimum" } else { "greater than maximum" };
    ts.raise(&OVERFLOW_ERROR, format_args!("{kind} is {which}"))
}

/// The value of an int, never of another object, as a C type without a sign.
#[inline(always)]
pub fn as_unsigned(ts: &ThreadState, object: &Object, negative: &str, too_large: &str) -> Result<u64> {
    let int = required(ts, object)?;
    match int.kernel().to_u64() {
        Some(value) => Ok(value),
        None => Err(ts.raise_str(&OVERFLOW_ERROR, if int.is_negative() { negative } else { too_large })),
    }
}

#[cold]
fn negative(ts: &ThreadState) -> Raised {
    ts.raise_str(&VALUE_ERROR, "Cannot convert negative int")
}

/// `PyLong_AsUInt32`, `PyLong_AsUInt64`.
pub fn as_exact_unsigned<T: TryFrom<u64>>(ts: &ThreadState, object: &Object, c_type: &str) -> Result<T> {
    let int = number::index(ts, object)?;
    if int.is_negative() {
        return Err(negative(ts));
    }
    let value = int.kernel().to_u64().and_then(|value| T::try_from(value).ok());
    value.ok_or_else(|| too_large(ts, c_type))
}

/// The flags of the functions for C's bytes.
#[derive(Clone, Copy)]
pub struct NativeFlags {
    pub little: bool,
    /// What is to be stored has no sign: its top bit needs no room of its own.
    pub unsigned: bool,
    pub reject_negative: bool,
    pub allow_index: bool,
}

impl NativeFlags {
    /// -1 stands for the defaults.
    pub fn new(flags: i32) -> NativeFlags {
        let has = |bit: i32| flags != -1 && flags & bit != 0;
        NativeFlags {
            // Bit 1 asks for this machine's order, which is little-endian.
            little: flags == -1 || flags & 3 != 0,
            unsigned: flags == -1 || flags & 4 != 0,
            reject_negative: has(8),
            allow_index: has(16),
        }
    }
}

/// `PyLong_AsNativeBytes`: as much as there is room for, in two's complement; how many bytes it takes.
pub fn to_native(ts: &ThreadState, object: &Object, out: &mut [u8], flags: NativeFlags) -> Result<isize> {
    let int = match object.downcast::<Int>() {
        Some(int) => Owned::new(int),
        None if flags.allow_index => number::index(ts, object)?,
        None => {
            let name = object.ty().full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("expect int, got {name}")));
        }
    };
    if flags.reject_negative && int.is_negative() {
        return Err(negative(ts));
    }
    wrap_into_le(out, int.kernel());
    if !flags.little {
        out.reverse();
    }
    Ok(native_size(&int, out.len(), flags))
}

/// How many bytes the value takes. As CPython has it: a compact int that fits says how much room there is, up
/// to a word; one that does not, a word, or one byte more where only the sign is missing.
fn native_size(int: &Int, room: usize, flags: NativeFlags) -> isize {
    const WORD: usize = size_of::<usize>();
    let (bits, available) = (bit_length(int.digits()), room as u64 * 8);
    if !int.is_compact() {
        let size = bits as isize / 8 + 1;
        let tight = room > 0 && bits == available;
        let fits = if int.is_negative() { signed_bits(int.kernel()) <= available } else { flags.unsigned };
        return if tight && fits { room as isize } else { size };
    }
    if room == 0 || room >= WORD {
        return WORD as isize;
    }
    if signed_bits(int.kernel()) <= available {
        room as isize
    } else if !int.is_negative() && bits <= available {
        room as isize + isize::from(!flags.unsigned)
    } else {
        WORD as isize
    }
}

/// `PyLong_FromNativeBytes` and its kin.
pub fn from_native(ts: &ThreadState, bytes: &[u8], flags: NativeFlags, signed: bool) -> Result<Owned<Int>> {
    let value = from_bytes(bytes, flags.little, signed).map_err(|error| super::arithmetic::raise(ts, error))?;
    Int::from_kernel(ts, &value)
}

/// `PyLong_AsLongAndOverflow`: -1 and the direction for what does not fit.
#[inline]
pub fn with_overflow(ts: &ThreadState, object: &Object) -> Result<(i64, i32)> {
    Ok(match signed(ts, object)? {
        Ok(value) => (value, 0),
        Err(int) => (-1, if int.is_negative() { -1 } else { 1 }),
    })
}
