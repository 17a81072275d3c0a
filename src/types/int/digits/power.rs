//! Powers, powers modulo a number, and the greatest common divisor.

use dashu_int::UBig;
use dashu_int::fast_div::ConstDivisor;
use dashu_int::ops::Gcd;

use super::limbs::{from_ubig, to_ibig, to_ubig};
use super::{Digits, Int, IntError, SHIFT, bit_length};

/// `base ** exponent` for an exponent that is not negative.
pub fn pow(base: Int<'_>, exponent: Int<'_>) -> Result<Digits, IntError> {
    let negative = base.negative && exponent.is_odd();
    match base.digits {
        _ if exponent.is_zero() => return Ok(Digits::from_u64(1)),
        [] => return Ok(Digits::default()),
        [1] => return Ok(Digits { negative, digits: vec![1] }),
        _ => {}
    }
    let exponent = exponent.magnitude_u64().ok_or(IntError::NoMemory)?;
    let bits = bit_length(base.digits).checked_mul(exponent).ok_or(IntError::NoMemory)?;
    if let Some(small) = small_power(base, exponent, bits) {
        return Ok(Digits { negative, ..Digits::from_u64(small) });
    }
    let len = usize::try_from(bits / u64::from(SHIFT)).map_err(|_| IntError::NoMemory)?;
    // The crate aborts when memory runs out: ask first, for the result and its scratch.
    reserve(len.checked_mul(4).ok_or(IntError::NoMemory)?)?;
    let power = to_ubig(base.digits).pow(exponent as usize);
    Ok(Digits { negative, ..from_ubig(&power) })
}

fn reserve(len: usize) -> Result<(), IntError> {
    Vec::<u32>::new().try_reserve_exact(len).map_err(|_| IntError::NoMemory)
}

fn small_power(base: Int<'_>, exponent: u64, bits: u64) -> Option<u64> {
    if bits > 64 { None } else { base.magnitude_u64()?.checked_pow(exponent as u32) }
}

/// `pow(base, exponent, modulus)`; the result has the modulus's sign.
pub fn pow_mod(base: Int<'_>, exponent: Int<'_>, modulus: Int<'_>) -> Result<Digits, IntError> {
    if modulus.is_zero() {
        return Err(IntError::ModulusZero);
    }
    if modulus.digits == [1] {
        return Ok(Digits::default());
    }
    let magnitude = to_ubig(modulus.digits);
    let ring = ConstDivisor::new(magnitude.clone());
    let mut base = ring.reduce(to_ibig(base));
    if exponent.negative {
        base = base.inv().ok_or(IntError::NotInvertible)?;
    }
    let residue = base.pow(&to_ubig(exponent.digits)).residue();
    Ok(with_modulus_sign(residue, magnitude, modulus.negative))
}

fn with_modulus_sign(residue: UBig, modulus: UBig, negative: bool) -> Digits {
    if !negative || residue.is_zero() {
        return from_ubig(&residue);
    }
    Digits { negative: true, ..from_ubig(&(modulus - residue)) }
}

/// The greatest common divisor, never negative.
pub fn gcd(a: Int<'_>, b: Int<'_>) -> Digits {
    if let (Some(mut x), Some(mut y)) = (a.magnitude_u64(), b.magnitude_u64()) {
        while y != 0 {
            (x, y) = (y, x % y);
        }
        return Digits::from_u64(x);
    }
    if a.is_zero() || b.is_zero() {
        let other = if a.is_zero() { b } else { a };
        return Digits { negative: false, digits: other.digits.to_vec() };
    }
    from_ubig(&to_ibig(a).gcd(to_ibig(b)))
}
