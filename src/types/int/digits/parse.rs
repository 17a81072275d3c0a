//! Text to int, after the grammar of `int(text, base)`: a sign, a prefix, digits
//! with single underscores between them. White space is the caller's to strip, and
//! other alphabets' digits are the caller's to turn into ASCII.

use std::fmt;

use dashu_int::UBig;

use super::limbs::from_ubig;
use super::text::LimitExceeded;
use super::{Digits, MASK, SHIFT, STR_DIGITS_CHECK_THRESHOLD, zeros};

/// Up to so many characters, accumulating in place beats the crate (measured).
const STEPWISE: usize = 350;

/// What each byte counts as a digit; 36 and more is none.
const VALUES: [u8; 256] = values();

const fn values() -> [u8; 256] {
    let (mut values, mut byte) = ([u8::MAX; 256], 0);
    while byte < 256 {
        values[byte] = match byte as u8 {
            digit @ b'0'..=b'9' => digit - b'0',
            letter @ b'a'..=b'z' => letter - b'a' + 10,
            letter @ b'A'..=b'Z' => letter - b'A' + 10,
            _ => u8::MAX,
        };
        byte += 1;
    }
    values
}

fn value(byte: u8) -> u32 {
    u32::from(VALUES[usize::from(byte)])
}

/// Why a text is no int. All are ValueError but the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseError {
    BadBase,
    /// The caller's message names the original text: see [`invalid_literal`].
    Invalid,
    Limit(LimitExceeded),
    /// MemoryError
    NoMemory,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadBase => f.write_str("int() base must be >= 2 and <= 36, or 0"),
            Self::Limit(exceeded) => exceeded.fmt(f),
            Self::Invalid | Self::NoMemory => Ok(()),
        }
    }
}

/// The text for [`ParseError::Invalid`], given the base that the caller was asked
/// for and the repr of the original object (at most 200 characters of it).
pub fn invalid_literal(base: u32, repr: &str) -> String {
    let shown: String = repr.chars().take(200).collect();
    format!("invalid literal for int() with base {base}: {shown}")
}

/// `int(text, base)`. A limit of 0 is none.
pub fn parse_int(text: &[u8], base: u32, limit: usize) -> Result<Digits, ParseError> {
    if let Some(small) = parse_short(text, base) {
        return Ok(Digits::from_i64(small));
    }
    let scan = scan(text, base)?;
    if scan.end != text.len() {
        return Err(ParseError::Invalid);
    }
    convert(text, scan, limit)
}

/// The int that `text` begins with, and how many bytes of it are used.
pub fn parse_prefix(text: &[u8], base: u32, limit: usize) -> Result<(Digits, usize), ParseError> {
    let scan = scan(text, base)?;
    Ok((convert(text, scan, limit)?, scan.end))
}

/// Plain decimal digits that fit: nearly every text there is.
fn parse_short(text: &[u8], base: u32) -> Option<i64> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    if base != 10 || digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut value = 0;
    for &byte in digits {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(byte - b'0');
    }
    Some(if digits.len() < text.len() { -value } else { value })
}

#[derive(Clone, Copy)]
struct Scan {
    negative: bool,
    base: u32,
    start: usize,
    end: usize,
    /// Digits without the underscores.
    count: usize,
}

fn scan(text: &[u8], base: u32) -> Result<Scan, ParseError> {
    if base == 1 || base > 36 {
        return Err(ParseError::BadBase);
    }
    let byte = |at: usize| text.get(at).copied().unwrap_or(0);
    let negative = byte(0) == b'-';
    let mut start = usize::from(matches!(byte(0), b'+' | b'-'));
    let prefixed = match byte(start + 1) | 0x20 {
        _ if byte(start) != b'0' => 0,
        b'x' => 16,
        b'o' => 8,
        b'b' => 2,
        _ => 0,
    };
    // "010" is no literal, but "00" is.
    let mut must_be_zero = false;
    let mut actual = base;
    if base == 0 {
        actual = if prefixed > 0 { prefixed } else { 10 };
        must_be_zero = prefixed == 0 && byte(start) == b'0';
    }
    if prefixed == actual {
        start += 2;
        start += usize::from(byte(start) == b'_');
    }
    let (mut end, mut count, mut nonzero) = (start, 0, false);
    while let Some(&byte) = text.get(end) {
        if byte == b'_' {
            if end == start || text[end - 1] == b'_' {
                return Err(ParseError::Invalid);
            }
        } else {
            let digit = value(byte);
            if digit >= actual {
                break;
            }
            nonzero |= digit != 0;
            count += 1;
        }
        end += 1;
    }
    if count == 0 || text[end - 1] == b'_' || (must_be_zero && nonzero) {
        return Err(ParseError::Invalid);
    }
    Ok(Scan { negative, base: actual, start, end, count })
}

fn convert(text: &[u8], scan: Scan, limit: usize) -> Result<Digits, ParseError> {
    let text = &text[scan.start..scan.end];
    let digits = text.iter().filter(|byte| **byte != b'_').map(|&byte| value(byte));
    if scan.base.is_power_of_two() {
        let digits = from_power_of_two_base(digits.rev(), scan.count, scan.base.trailing_zeros());
        return Ok(Digits::new(scan.negative, digits?));
    }
    if limit > 0 && scan.count > STR_DIGITS_CHECK_THRESHOLD && scan.count > limit {
        return Err(ParseError::Limit(LimitExceeded { limit, found: Some(scan.count) }));
    }
    if scan.count <= STEPWISE {
        return Ok(Digits::new(scan.negative, accumulate(digits, scan)));
    }
    let mut plain = String::new();
    plain.try_reserve_exact(scan.count).map_err(|_| ParseError::NoMemory)?;
    plain.extend(text.iter().filter(|&&byte| byte != b'_').map(|&byte| byte as char));
    let value = UBig::from_str_radix(&plain, scan.base).map_err(|_| ParseError::Invalid)?;
    Ok(Digits { negative: scan.negative && !value.is_zero(), ..from_ubig(&value) })
}

fn from_power_of_two_base(digits: impl Iterator<Item = u32>, count: usize, bits: u32) -> Result<Vec<u32>, ParseError> {
    let len = count.checked_mul(bits as usize).ok_or(ParseError::NoMemory)?.div_ceil(SHIFT as usize);
    let mut out = zeros(len + 1).map_err(|_| ParseError::NoMemory)?;
    let (mut window, mut filled, mut at) = (0u64, 0, 0);
    for digit in digits {
        window |= u64::from(digit) << filled;
        filled += bits;
        if filled >= SHIFT {
            out[at] = window as u32 & MASK;
            at += 1;
            window >>= SHIFT;
            filled -= SHIFT;
        }
    }
    out[at] = window as u32;
    Ok(out)
}

/// Multiplies and adds, as many digits at once as a step can hold.
fn accumulate(mut digits: impl Iterator<Item = u32>, scan: Scan) -> Vec<u32> {
    let base = u64::from(scan.base);
    let (mut per_step, mut most) = (0, 1);
    while most * base <= u64::from(MASK) {
        most *= base;
        per_step += 1;
    }
    let mut out: Vec<u32> = Vec::with_capacity(scan.count / per_step + 2);
    loop {
        let (mut factor, mut carry, mut taken) = (1u64, 0u64, 0);
        for digit in digits.by_ref().take(per_step) {
            factor *= base;
            carry = carry * base + u64::from(digit);
            taken += 1;
        }
        if taken == 0 {
            return out;
        }
        for place in &mut out {
            carry += u64::from(*place) * factor;
            *place = carry as u32 & MASK;
            carry >>= SHIFT;
        }
        if carry > 0 {
            out.push(carry as u32);
        }
    }
}
