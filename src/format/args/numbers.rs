//! Numbers and single characters.

use core::ffi::c_char;

use super::convert::{Converter, put};
use super::{Converted, Failure};
use crate::ffi::Py_complex;
use crate::format::va::VaSource;
use crate::modules::warnings;
use crate::object::{Object, Owned, Result};
use crate::protocol::{convert, number};
use crate::types::bytes::content_of;
use crate::types::complex::construct::as_complex;
use crate::types::exceptions::{DEPRECATION_WARNING, OVERFLOW_ERROR};
use crate::types::int::convert as convert_int;
use crate::types::{Int, Str};

impl<V: VaSource> Converter<'_, '_, V> {
    /// An int, or what says by `__index__` which int it is.
    #[inline(always)]
    fn with_int<R>(&self, arg: &Object, f: impl FnOnce(&Int) -> Result<R>) -> Result<R> {
        match arg.downcast::<Int>() {
            Some(int) => f(int),
            None => {
                let int: Owned<Int> = number::index(self.ts, arg)?;
                f(&int)
            }
        }
    }

    #[inline(always)]
    fn wide(&self, arg: &Object, overflow: &'static str) -> Result<i64> {
        let ts = self.ts;
        self.with_int(arg, |int| int.to_i64().ok_or_else(|| ts.raise_str(&OVERFLOW_ERROR, overflow)))
    }

    #[inline(always)]
    pub(super) fn long(&self, arg: &Object) -> Result<i64> {
        self.wide(arg, "Python int too large to convert to C long")
    }

    pub(super) fn ssize(&self, arg: &Object) -> Result<isize> {
        Ok(self.wide(arg, "Python int too large to convert to C ssize_t")? as isize)
    }

    pub(super) fn long_long(&self, arg: &Object) -> Result<i64> {
        self.wide(arg, "int too big to convert")
    }

    #[inline(always)]
    fn narrow<T: TryFrom<i64>>(&self, arg: &Object, kind: &'static str) -> Result<T> {
        let value = self.long(arg)?;
        convert_int::narrow(self.ts, value, kind)
    }

    #[inline(always)]
    pub(super) fn int(&self, arg: &Object) -> Result<i32> {
        self.narrow(arg, "signed integer")
    }

    pub(super) fn short(&self, arg: &Object) -> Result<i16> {
        self.narrow(arg, "signed short integer")
    }

    pub(super) fn byte(&self, arg: &Object) -> Result<u8> {
        self.narrow(arg, "unsigned byte integer")
    }

    /// The low `bits` of an int; what fits neither signed nor unsigned is warned of.
    pub(super) fn unsigned(&self, arg: &Object, bits: u32) -> Result<u64> {
        self.with_int(arg, |int| {
            let (value, fits) = match int.to_i64() {
                Some(value) => (value as u64, value >= -1 << (bits - 1) && (bits == 64 || value >> bits <= 0)),
                None => wrapped(int, bits),
            };
            if !fits {
                warnings::warn_text(self.ts, &DEPRECATION_WARNING, "integer value out of range")?;
            }
            Ok(value)
        })
    }

    /// `k` and `K`, which say in words of their own that something is no int.
    pub(super) fn wrapping(&mut self, arg: &Object) -> Converted {
        let variable = self.va.ptr::<u64>();
        if !number::is_index(arg) {
            return Err(Failure::must_be("int", arg));
        }
        let value = self.unsigned(arg, 64)?;
        // SAFETY: [out] see `Converter`.
        unsafe { variable.write(value) };
        Ok(())
    }

    #[inline]
    pub(super) fn float(&self, arg: &Object) -> Result<f64> {
        convert::as_f64(self.ts, arg)
    }

    pub(super) fn complex(&mut self, arg: &Object) -> Converted {
        put!(self, Py_complex, as_complex(self.ts, arg)?)
    }

    /// `c`: a byte.
    pub(super) fn byte_character(&mut self, arg: &Object) -> Converted {
        let variable = self.va.ptr::<c_char>();
        match content_of(arg) {
            Some((_, &[byte])) => {
                // SAFETY: [out] see `Converter`.
                unsafe { variable.write(byte as c_char) };
                Ok(())
            }
            Some((kind, content)) => Err(Failure::wrong(format!(
                "must be a byte string of length 1, not a {kind} object of length {}",
                content.len()
            ))),
            None => Err(Failure::must_be("a byte string of length 1", arg)),
        }
    }

    /// `C`: a code point.
    pub(super) fn character(&mut self, arg: &Object) -> Converted {
        let variable = self.va.ptr::<u32>();
        let Some(text) = arg.downcast::<Str>() else {
            return Err(Failure::must_be("a unicode character", arg));
        };
        if text.len() != 1 {
            let n = text.len();
            return Err(Failure::wrong(format!("must be a unicode character, not a string of length {n}")));
        }
        let c = text.code_points().next().unwrap_or(0);
        // SAFETY: [out] see `Converter`.
        unsafe { variable.write(c) };
        Ok(())
    }
}

/// The low 64 bits, in two's complement, of an int beyond `i64`, and whether it fits `bits` without a sign.
#[cold]
fn wrapped(int: &Int, bits: u32) -> (u64, bool) {
    let mut low = 0u64;
    for (i, &digit) in int.digits().iter().take(3).enumerate() {
        low |= u64::from(digit) << (30 * i as u32);
    }
    // More than 64 bits: a third digit of more than 4 bits, or a fourth.
    let fits =
        bits == 64 && !int.is_negative() && int.digits().len() <= 3 && int.digits().get(2).is_none_or(|d| d >> 4 == 0);
    (if int.is_negative() { low.wrapping_neg() } else { low }, fits)
}
