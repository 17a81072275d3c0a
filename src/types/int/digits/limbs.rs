//! Between 30-bit digits and 64-bit limbs, and so to and from `dashu-int`.

use dashu_int::{IBig, Sign, UBig, Word};

use super::{Digits, Int, MASK, SHIFT};

/// 64-bit limbs needed for so many digits.
pub(super) fn limbs_for(digits: usize) -> usize {
    (digits * SHIFT as usize).div_ceil(64)
}

/// Packs digits into limbs; returns how many are written.
pub(super) fn pack(out: &mut [u64], digits: &[u32]) -> usize {
    let (mut window, mut bits, mut len) = (0u128, 0, 0);
    for &digit in digits {
        window |= u128::from(digit) << bits;
        bits += SHIFT;
        if bits >= 64 {
            out[len] = window as u64;
            len += 1;
            window >>= 64;
            bits -= 64;
        }
    }
    if bits > 0 && len < out.len() {
        out[len] = window as u64;
        len += 1;
    }
    len
}

/// Unpacks limbs into digits, filling `out` with zeros above them. Bits beyond
/// `out` must be zero.
pub(super) fn unpack(out: &mut [u32], limbs: &[u64]) {
    let mut rest = limbs.iter();
    let (mut window, mut bits) = (0u128, 0);
    for digit in out {
        if bits < SHIFT {
            window |= u128::from(rest.next().copied().unwrap_or(0)) << bits;
            bits += 64;
        }
        *digit = window as u32 & MASK;
        window >>= SHIFT;
        bits -= SHIFT;
    }
}

const _: () = assert!(Word::BITS == 64);

pub(super) fn to_ubig(digits: &[u32]) -> UBig {
    let mut limbs = vec![0; limbs_for(digits.len())];
    let len = pack(&mut limbs, digits);
    UBig::from_words(&limbs[..len])
}

pub(super) fn to_ibig(int: Int<'_>) -> IBig {
    let sign = if int.negative { Sign::Negative } else { Sign::Positive };
    IBig::from_parts(sign, to_ubig(int.digits))
}

pub(super) fn from_words(negative: bool, words: &[Word]) -> Digits {
    let mut digits = vec![0; (words.len() * 64).div_ceil(SHIFT as usize)];
    unpack(&mut digits, words);
    Digits::new(negative, digits)
}

pub(super) fn from_ubig(value: &UBig) -> Digits {
    from_words(false, value.as_words())
}
