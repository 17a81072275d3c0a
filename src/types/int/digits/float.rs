//! Between ints and floats, correctly rounded, and the hash that they share.

use dashu_int::ops::DivRem;

use super::limbs::{from_words, to_ubig};
use super::{Digits, Int, IntError, SHIFT, bit_length};

/// The modulus of numeric hashes, 2^61 - 1, so that 2^61 is 1.
pub const HASH_MODULUS: u64 = (1 << HASH_BITS) - 1;
const HASH_BITS: u32 = 61;
/// `hash(inf)`.
pub const HASH_INF: i64 = 314_159;

/// `mantissa * 2^exponent`, a little more of it if `sticky`, as the nearest float
/// (ties to even, subnormals rounded once). None if that is beyond the largest.
pub fn compose(mantissa: u64, exponent: i64, sticky: bool) -> Option<f64> {
    if mantissa == 0 {
        return Some(0.0);
    }
    let spare = mantissa.leading_zeros();
    let (mantissa, exponent) = (mantissa << spare, exponent.saturating_sub(i64::from(spare)));
    if exponent > 1023 - 63 {
        return None;
    }
    // The lowest bit that a float of this size has.
    let unit = (exponent + 11).max(-1074);
    let dropped = unit - exponent;
    if dropped > 65 {
        return Some(0.0);
    }
    let wide = u128::from(mantissa) << 1 | u128::from(sticky);
    let dropped = dropped as u32 + 1;
    let (mut kept, rest, half) = (wide >> dropped, wide & ((1 << dropped) - 1), 1 << (dropped - 1));
    if rest > half || (rest == half && kept & 1 == 1) {
        kept += 1;
    }
    let value = kept as f64 * power_of_two(unit);
    value.is_finite().then_some(value)
}

/// 2^exponent for -1074..=1023.
fn power_of_two(exponent: i64) -> f64 {
    if exponent < -1022 {
        f64::from_bits(1 << (exponent + 1074))
    } else {
        f64::from_bits(((exponent + 1023) as u64) << 52)
    }
}

/// The top 64 bits of a magnitude that has more, and whether a one is below.
fn top_bits(digits: &[u32]) -> (u64, u64, bool) {
    let below = bit_length(digits) - 64;
    let (whole, part) = ((below / u64::from(SHIFT)) as usize, (below % u64::from(SHIFT)) as u32);
    let window = digits[whole..].iter().rev().fold(0u128, |bits, &digit| bits << SHIFT | u128::from(digit));
    let sticky = window & ((1 << part) - 1) != 0 || digits[..whole].iter().any(|&digit| digit != 0);
    ((window >> part) as u64, below, sticky)
}

/// `float(int)`.
pub fn to_f64(int: Int<'_>) -> Result<f64, IntError> {
    let magnitude = match int.magnitude_u64() {
        Some(small) => small as f64,
        None => {
            let (top, below, sticky) = top_bits(int.digits);
            compose(top, below as i64, sticky).ok_or(IntError::TooLargeForFloat)?
        }
    };
    Ok(if int.negative { -magnitude } else { magnitude })
}

/// A finite float's magnitude as `mantissa * 2^exponent`.
pub fn decompose(value: f64) -> (u64, i32) {
    let bits = value.to_bits();
    let (fraction, exponent) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7ff) as i32);
    if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) }
}

/// `int(float)`: rounds towards zero.
pub fn from_f64(value: f64) -> Result<Digits, IntError> {
    if value.is_nan() {
        return Err(IntError::FloatNan);
    }
    if value.is_infinite() {
        return Err(IntError::FloatInfinity);
    }
    let (mantissa, exponent) = decompose(value);
    let negative = value.is_sign_negative();
    if exponent <= 0 {
        let whole = if exponent > -64 { mantissa >> -exponent } else { 0 };
        let mut result = Digits::from_u64(whole);
        result.negative = negative && whole > 0;
        return Ok(result);
    }
    let mut words = [0u64; 17];
    let (at, part) = ((exponent / 64) as usize, exponent % 64);
    let wide = u128::from(mantissa) << part;
    (words[at], words[at + 1]) = (wide as u64, (wide >> 64) as u64);
    Ok(from_words(negative, &words))
}

/// `a / b`, correctly rounded.
pub fn true_divide(a: Int<'_>, b: Int<'_>) -> Result<f64, IntError> {
    const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;
    if b.is_zero() {
        return Err(IntError::DivisionByZero);
    }
    let magnitude = match (a.magnitude_u64(), b.magnitude_u64()) {
        (Some(0), _) => 0.0,
        (Some(x), Some(y)) if x <= EXACT && y <= EXACT => x as f64 / y as f64,
        _ => divide_large(a.digits, b.digits)?,
    };
    Ok(if a.negative != b.negative { -magnitude } else { magnitude })
}

fn divide_large(a: &[u32], b: &[u32]) -> Result<f64, IntError> {
    // Scale one side so that the quotient has 66 or 67 bits: enough to round.
    let scale = bit_length(a) as i64 - bit_length(b) as i64 - 66;
    if scale > 1100 {
        return Err(IntError::QuotientTooLargeForFloat);
    }
    if scale < -1300 {
        return Ok(0.0);
    }
    let (mut a, mut b) = (to_ubig(a), to_ubig(b));
    if scale < 0 {
        a <<= scale.unsigned_abs() as usize;
    } else {
        b <<= scale as usize;
    }
    let (quotient, remainder) = a.div_rem(b);
    let quotient = u128::try_from(quotient).unwrap_or(u128::MAX);
    let sticky = !remainder.is_zero() || quotient & 7 != 0;
    compose((quotient >> 3) as u64, scale + 3, sticky).ok_or(IntError::QuotientTooLargeForFloat)
}

/// `hash(int)`.
pub fn hash(int: Int<'_>) -> i64 {
    let folded = int.digits.iter().rev().fold(0, |hash, &digit| {
        let sum = rotate(hash, SHIFT) + u64::from(digit);
        if sum >= HASH_MODULUS { sum - HASH_MODULUS } else { sum }
    });
    signed_hash(folded, int.negative)
}

/// `hash(float)`; None for a nan, whose hash is its object's address.
pub fn hash_f64(value: f64) -> Option<i64> {
    if value.is_nan() {
        return None;
    }
    if value.is_infinite() {
        return Some(if value > 0.0 { HASH_INF } else { -HASH_INF });
    }
    let (mantissa, exponent) = decompose(value);
    let turns = exponent.rem_euclid(HASH_BITS as i32) as u32;
    Some(signed_hash(rotate(mantissa, turns), value.is_sign_negative()))
}

/// Multiplies by a power of two modulo 2^61 - 1.
fn rotate(hash: u64, bits: u32) -> u64 {
    if bits == 0 { hash } else { (hash << bits & HASH_MODULUS) | hash >> (HASH_BITS - bits) }
}

/// -1 means an error to C, so no hash is -1.
fn signed_hash(hash: u64, negative: bool) -> i64 {
    let hash = if negative { -(hash as i64) } else { hash as i64 };
    if hash == -1 { -2 } else { hash }
}
