//! Arithmetic on the digits of an int: 30 bits each, least significant first,
//! as `PyLongObject` stores them.
//!
//! Nothing here knows an object. An operand is an [`Int`]: a sign and a
//! normalized slice (no zero digit at the top; zero is the empty slice). Where
//! the size of a result is known beforehand, the kernel writes into a slice that
//! the caller has allocated, usually inside the result object, and returns how
//! much of it is used: see the `*_len` function beside each. Where it is not
//! known, the result is a [`Digits`].
//!
//! Small operands are worked on in place; large ones are packed into 64-bit
//! limbs and handed to `dashu-int`, whose multiplication, division and radix
//! conversion are subquadratic ([`limbs`]).

pub mod arith;
pub mod bits;
pub mod bytes;
pub mod divide;
pub mod float;
mod limbs;
pub mod parse;
pub mod power;
pub mod text;

use std::cmp::Ordering;
use std::fmt;

/// Bits in a digit.
pub const SHIFT: u32 = 30;
/// A digit with every bit set.
pub const MASK: u32 = (1 << SHIFT) - 1;
/// `sys.int_info.default_max_str_digits`.
pub const DEFAULT_MAX_STR_DIGITS: usize = 4300;
/// `sys.int_info.str_digits_check_threshold`: no limit may be lower, and no
/// number with fewer digits is checked.
pub const STR_DIGITS_CHECK_THRESHOLD: usize = 640;

/// An operand: a sign and normalized digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Int<'a> {
    pub negative: bool,
    pub digits: &'a [u32],
}

/// How much of the caller's buffer a result takes, and its sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    pub negative: bool,
    pub len: usize,
}

/// A result that owns its digits, normalized.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Digits {
    pub negative: bool,
    pub digits: Vec<u32>,
}

/// Why a kernel gives no result. The text is CPython's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntError {
    /// ZeroDivisionError
    DivisionByZero,
    /// ZeroDivisionError: a negative power of zero.
    ZeroToNegativePower,
    /// ValueError
    ModulusZero,
    /// ValueError
    NotInvertible,
    /// ValueError
    NegativeShift,
    /// OverflowError
    TooManyDigits,
    /// OverflowError
    TooLargeForFloat,
    /// OverflowError: a quotient of two ints.
    QuotientTooLargeForFloat,
    /// OverflowError: bytes
    TooBigToConvert,
    /// OverflowError: bytes
    NegativeToUnsigned,
    /// OverflowError: from a float
    FloatInfinity,
    /// ValueError: from a float
    FloatNan,
    /// MemoryError
    NoMemory,
}

impl IntError {
    /// The exception's text.
    pub fn message(self) -> &'static str {
        match self {
            Self::DivisionByZero => "division by zero",
            Self::ZeroToNegativePower => "zero to a negative power",
            Self::ModulusZero => "pow() 3rd argument cannot be 0",
            Self::NotInvertible => "base is not invertible for the given modulus",
            Self::NegativeShift => "negative shift count",
            Self::TooManyDigits => "too many digits in integer",
            Self::TooLargeForFloat => "int too large to convert to float",
            Self::QuotientTooLargeForFloat => "integer division result too large for a float",
            Self::TooBigToConvert => "int too big to convert",
            Self::NegativeToUnsigned => "can't convert negative int to unsigned",
            Self::FloatInfinity => "cannot convert float infinity to integer",
            Self::FloatNan => "cannot convert float NaN to integer",
            Self::NoMemory => "",
        }
    }
}

impl fmt::Display for IntError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

/// A vector of `len` zero digits; NoMemory if there is none to be had.
pub(super) fn zeros(len: usize) -> Result<Vec<u32>, IntError> {
    let mut digits = Vec::new();
    digits.try_reserve_exact(len).map_err(|_| IntError::NoMemory)?;
    digits.resize(len, 0);
    Ok(digits)
}

/// The length without zero digits at the top.
pub fn normalized_len(digits: &[u32]) -> usize {
    digits.iter().rposition(|&digit| digit != 0).map_or(0, |top| top + 1)
}

/// Compares magnitudes.
pub fn compare_magnitude(a: &[u32], b: &[u32]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

/// The number of bits of the magnitude; 0 for zero.
pub fn bit_length(digits: &[u32]) -> u64 {
    match digits.last() {
        None => 0,
        Some(top) => (digits.len() as u64 - 1) * u64::from(SHIFT) + u64::from(32 - top.leading_zeros()),
    }
}

/// `int.bit_count()`: the one bits of the magnitude.
pub fn bit_count(digits: &[u32]) -> u64 {
    digits.iter().map(|digit| u64::from(digit.count_ones())).sum()
}

/// Spreads a machine integer over three digits; returns how many are used.
pub fn split_u64(value: u64) -> ([u32; 3], usize) {
    let mask = u64::from(MASK);
    let digits = [(value & mask) as u32, (value >> 30 & mask) as u32, (value >> 60) as u32];
    (digits, normalized_len(&digits))
}

impl<'a> Int<'a> {
    /// Trims zero digits at the top, and the sign of a zero.
    pub fn new(negative: bool, digits: &'a [u32]) -> Self {
        let digits = &digits[..normalized_len(digits)];
        Int { negative: negative && !digits.is_empty(), digits }
    }

    pub fn is_zero(self) -> bool {
        self.digits.is_empty()
    }

    pub fn is_odd(self) -> bool {
        self.digits.first().is_some_and(|low| low & 1 == 1)
    }

    pub fn negate(self) -> Self {
        Int { negative: !self.negative && !self.is_zero(), ..self }
    }

    pub fn compare(self, other: Int<'_>) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => compare_magnitude(self.digits, other.digits),
            (true, true) => compare_magnitude(other.digits, self.digits),
        }
    }

    /// The magnitude, if it fits.
    pub fn magnitude_u64(self) -> Option<u64> {
        if bit_length(self.digits) > 64 {
            return None;
        }
        Some(self.digits.iter().rev().fold(0, |value, &digit| value << SHIFT | u64::from(digit)))
    }

    /// The value, if it fits.
    pub fn to_i64(self) -> Option<i64> {
        let magnitude = self.magnitude_u64()?;
        if self.negative { 0i64.checked_sub_unsigned(magnitude) } else { magnitude.try_into().ok() }
    }

    /// The value, if it is not negative and fits.
    pub fn to_u64(self) -> Option<u64> {
        if self.negative { None } else { self.magnitude_u64() }
    }

    /// The value modulo 2^64, as `PyLong_AsUnsignedLongLongMask` wants it.
    pub fn wrapping_u64(self) -> u64 {
        let low = self.digits.iter().take(3).rev().fold(0u64, |value, &digit| value << SHIFT | u64::from(digit));
        if self.negative { low.wrapping_neg() } else { low }
    }
}

impl Digits {
    /// Trims zero digits at the top, and the sign of a zero.
    pub fn new(negative: bool, mut digits: Vec<u32>) -> Self {
        digits.truncate(normalized_len(&digits));
        Digits { negative: negative && !digits.is_empty(), digits }
    }

    pub fn from_u64(value: u64) -> Self {
        let (digits, len) = split_u64(value);
        Digits { negative: false, digits: digits[..len].to_vec() }
    }

    pub fn from_i64(value: i64) -> Self {
        Digits { negative: value < 0, ..Self::from_u64(value.unsigned_abs()) }
    }

    pub fn as_int(&self) -> Int<'_> {
        Int { negative: self.negative, digits: &self.digits }
    }
}

#[cfg(test)]
mod tests;
