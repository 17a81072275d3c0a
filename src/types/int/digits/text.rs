//! Ints as text: decimal, and the bases that are a power of two.

use std::fmt;

use super::limbs::to_ubig;
use super::{Int, SHIFT, STR_DIGITS_CHECK_THRESHOLD, bit_length, normalized_len};

/// Up to so many digits, dividing by 10^9 over and over is fastest (measured).
const STEPWISE: usize = 40;

/// ValueError: more decimal digits than `sys.set_int_max_str_digits` allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitExceeded {
    pub limit: usize,
    /// How many a text has; None if an int has too many.
    pub found: Option<usize>,
}

impl fmt::Display for LimitExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Exceeds the limit ({} digits) for integer string conversion", self.limit)?;
        if let Some(found) = self.found {
            write!(f, ": value has {found} digits")?;
        }
        f.write_str("; use sys.set_int_max_str_digits() to increase the limit")
    }
}

/// `str(int)`. A limit of 0 is none.
pub fn to_decimal(int: Int<'_>, limit: usize) -> Result<String, LimitExceeded> {
    let exceeded = LimitExceeded { limit, found: None };
    let limited = limit > 0 && int.digits.len() > STR_DIGITS_CHECK_THRESHOLD / 10;
    // A lower bound first: a decimal digit is less than 3.33 bits.
    if limited && bit_length(int.digits).saturating_sub(1) / 10 * 3 > limit as u64 {
        return Err(exceeded);
    }
    let text = decimal(int);
    if limited && text.len() - usize::from(int.negative) > limit {
        return Err(exceeded);
    }
    Ok(text)
}

fn decimal(int: Int<'_>) -> String {
    if let Some(small) = int.magnitude_u64() {
        return if int.negative { format!("-{small}") } else { small.to_string() };
    }
    let mut text = String::with_capacity(int.digits.len() * 10);
    if int.negative {
        text.push('-');
    }
    if int.digits.len() > STEPWISE {
        text.push_str(&to_ubig(int.digits).to_string());
        return text;
    }
    let mut rest = [0u32; STEPWISE];
    rest[..int.digits.len()].copy_from_slice(int.digits);
    let (mut len, mut groups, mut count) = (int.digits.len(), [0u32; STEPWISE + 1], 0);
    while len > 0 {
        groups[count] = divide_by_billion(&mut rest[..len]);
        count += 1;
        len = normalized_len(&rest[..len]);
    }
    text.push_str(&groups[count - 1].to_string());
    for group in groups[..count - 1].iter().rev() {
        push_group(&mut text, *group);
    }
    text
}

fn divide_by_billion(digits: &mut [u32]) -> u32 {
    digits.iter_mut().rev().fold(0u64, |rest, digit| {
        let wide = rest << SHIFT | u64::from(*digit);
        *digit = (wide / 1_000_000_000) as u32;
        wide % 1_000_000_000
    }) as u32
}

/// Nine decimal digits, zeros and all.
fn push_group(text: &mut String, group: u32) {
    let mut place = 100_000_000;
    while place > 0 {
        text.push(char::from(b'0' + (group / place % 10) as u8));
        place /= 10;
    }
}

/// The magnitude's text in base `1 << bits` (1, 3 or 4), without a prefix.
pub fn to_power_of_two_base(digits: &[u32], bits: u32, upper: bool) -> String {
    const LOWER: &[u8; 16] = b"0123456789abcdef";
    const UPPER: &[u8; 16] = b"0123456789ABCDEF";
    let table = if upper { UPPER } else { LOWER };
    let len = bit_length(digits).div_ceil(u64::from(bits)).max(1) as usize;
    let mut text = vec![b'0'; len];
    let (mut window, mut available, mut source) = (0u64, 0, digits.iter());
    for place in text.iter_mut().rev() {
        if available < bits {
            window |= u64::from(source.next().copied().unwrap_or(0)) << available;
            available += SHIFT;
        }
        *place = table[(window & ((1 << bits) - 1)) as usize];
        window >>= bits;
        available -= bits;
    }
    text.into_iter().map(char::from).collect()
}
