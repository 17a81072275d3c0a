//! Division: the quotient rounds down and the remainder has the divisor's sign,
//! as Python's `//` and `%` have it.

use std::cmp::Ordering;

use dashu_int::ops::DivRem;

use super::limbs::{to_ubig, unpack};
use super::{Int, IntError, MASK, SHIFT, Written, compare_magnitude, normalized_len};

/// With fewer digits in the dividend, long division on the stack is faster than
/// packing (measured).
const DIGITWISE: usize = 48;

/// Digits that the quotient of [`divmod`] needs: one more than its magnitude,
/// because rounding down may carry.
pub fn quotient_len(a: Int<'_>, b: Int<'_>) -> usize {
    (a.digits.len() + 1).saturating_sub(b.digits.len()) + 1
}

/// Digits that the remainder of [`divmod`] needs.
pub fn remainder_len(b: Int<'_>) -> usize {
    b.digits.len()
}

/// `divmod(a, b)`, into at least [`quotient_len`] and [`remainder_len`] digits.
pub fn divmod(
    quotient: &mut [u32],
    remainder: &mut [u32],
    a: Int<'_>,
    b: Int<'_>,
) -> Result<(Written, Written), IntError> {
    if b.is_zero() {
        return Err(IntError::DivisionByZero);
    }
    let (mut q, mut r) = divide_magnitude(quotient, remainder, a.digits, b.digits);
    let opposite = a.negative != b.negative;
    if opposite && r > 0 {
        q = increment(quotient, q);
        r = complement(remainder, r, b.digits);
    }
    Ok((Written { negative: opposite && q > 0, len: q }, Written { negative: b.negative && r > 0, len: r }))
}

/// Divides magnitudes, rounding towards zero; `b` is not zero.
pub(super) fn divide_magnitude(quotient: &mut [u32], remainder: &mut [u32], a: &[u32], b: &[u32]) -> (usize, usize) {
    if compare_magnitude(a, b) == Ordering::Less {
        remainder[..a.len()].copy_from_slice(a);
        return (0, a.len());
    }
    if let [divisor] = *b {
        remainder[0] = divide_by_digit(quotient, a, divisor);
        return (normalized_len(&quotient[..a.len()]), normalized_len(&remainder[..1]));
    }
    if a.len() < DIGITWISE {
        return divide_digitwise(quotient, remainder, a, b);
    }
    let (q, r) = to_ubig(a).div_rem(to_ubig(b));
    let quotient = &mut quotient[..a.len() - b.len() + 1];
    unpack(quotient, q.as_words());
    unpack(&mut remainder[..b.len()], r.as_words());
    (normalized_len(quotient), normalized_len(&remainder[..b.len()]))
}

/// Long division (Knuth's algorithm D): `b` has two digits or more, `a` fewer than
/// [`DIGITWISE`].
fn divide_digitwise(quotient: &mut [u32], remainder: &mut [u32], a: &[u32], b: &[u32]) -> (usize, usize) {
    // Scaled so that the divisor's top bit is set: an estimate is then at most 2 too large.
    let scale = b[b.len() - 1].leading_zeros() - (32 - SHIFT);
    let (mut dividend, mut divisor) = ([0u32; DIGITWISE], [0u32; DIGITWISE]);
    scale_up(&mut divisor, b, scale);
    scale_up(&mut dividend, a, scale);
    let divisor = &divisor[..b.len()];
    let top = u64::from(divisor[b.len() - 1]);
    let second = u64::from(divisor[b.len() - 2]);
    for at in (0..=a.len() - b.len()).rev() {
        let window = &mut dividend[at..=at + b.len()];
        let high = u64::from(window[b.len()]) << SHIFT | u64::from(window[b.len() - 1]);
        let (mut guess, mut rest) = (high / top, high % top);
        while guess > u64::from(MASK) || guess * second > (rest << SHIFT | u64::from(window[b.len() - 2])) {
            guess -= 1;
            rest += top;
            if rest > u64::from(MASK) {
                break;
            }
        }
        if subtract_multiple(window, divisor, guess) {
            add_back(window, divisor);
            guess -= 1;
        }
        quotient[at] = guess as u32;
    }
    let mut carry = 0;
    for (out, &digit) in remainder[..b.len()].iter_mut().zip(&dividend).rev() {
        *out = (digit >> scale) | (carry << (SHIFT - scale) & MASK);
        carry = digit;
    }
    (normalized_len(&quotient[..=a.len() - b.len()]), normalized_len(&remainder[..b.len()]))
}

fn scale_up(out: &mut [u32], digits: &[u32], scale: u32) {
    let mut carry = 0;
    for (out, &digit) in out.iter_mut().zip(digits) {
        *out = (digit << scale & MASK) | carry;
        carry = (u64::from(digit) << scale >> SHIFT) as u32;
    }
    out[digits.len()] = carry;
}

/// `window -= divisor * factor`; whether that went below zero.
fn subtract_multiple(window: &mut [u32], divisor: &[u32], factor: u64) -> bool {
    let mut carry = 0i64;
    for (place, &digit) in window.iter_mut().zip(divisor) {
        carry += i64::from(*place) - (u64::from(digit) * factor) as i64;
        *place = carry as u32 & MASK;
        carry >>= SHIFT;
    }
    let top = &mut window[divisor.len()];
    carry += i64::from(*top);
    *top = carry as u32 & MASK;
    carry < 0
}

fn add_back(window: &mut [u32], divisor: &[u32]) {
    let mut carry = 0;
    for (place, &digit) in window.iter_mut().zip(divisor) {
        carry += *place + digit;
        *place = carry & MASK;
        carry >>= SHIFT;
    }
    let top = &mut window[divisor.len()];
    *top = (*top + carry) & MASK;
}

/// Divides by one digit, which is not zero; returns the remainder.
pub(super) fn divide_by_digit(quotient: &mut [u32], a: &[u32], divisor: u32) -> u32 {
    let mut rest = 0u64;
    for (out, &digit) in quotient.iter_mut().zip(a).rev() {
        rest = rest << SHIFT | u64::from(digit);
        *out = (rest / u64::from(divisor)) as u32;
        rest %= u64::from(divisor);
    }
    rest as u32
}

/// Adds one to a magnitude of `len` digits in a buffer with room for one more.
fn increment(out: &mut [u32], len: usize) -> usize {
    for digit in &mut out[..len] {
        if *digit != MASK {
            *digit += 1;
            return len;
        }
        *digit = 0;
    }
    out[len] = 1;
    len + 1
}

/// `out = b - out`, where `out` has `len` digits and is smaller.
fn complement(out: &mut [u32], len: usize, b: &[u32]) -> usize {
    let mut borrow = 0u32;
    for (i, &digit) in b.iter().enumerate() {
        let subtrahend = if i < len { out[i] } else { 0 };
        borrow = digit.wrapping_sub(subtrahend).wrapping_sub(borrow);
        out[i] = borrow & MASK;
        borrow = borrow >> SHIFT & 1;
    }
    normalized_len(&out[..b.len()])
}
