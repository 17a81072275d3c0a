//! Addition, subtraction and multiplication.

use std::cmp::Ordering;

use super::limbs::{limbs_for, pack, to_ubig, unpack};
use super::{Int, MASK, SHIFT, Written, compare_magnitude, normalized_len};

/// Up to so many digits in the smaller operand, multiplying digit by digit is
/// faster than packing (measured).
const DIGITWISE: usize = 12;
/// Up to so many limbs, both operands and the product are kept on the stack and
/// multiplied row by row; above, Karatsuba and its kin win (measured).
const ROWWISE: usize = 56;

/// Digits that [`add`] and [`subtract`] need.
pub fn sum_len(a: Int<'_>, b: Int<'_>) -> usize {
    a.digits.len().max(b.digits.len()) + 1
}

/// Digits that [`multiply`] needs.
pub fn product_len(a: Int<'_>, b: Int<'_>) -> usize {
    a.digits.len() + b.digits.len()
}

/// `a + b`, into at least [`sum_len`] digits.
pub fn add(out: &mut [u32], a: Int<'_>, b: Int<'_>) -> Written {
    if a.negative == b.negative {
        return Written { negative: a.negative, len: add_magnitude(out, a.digits, b.digits) };
    }
    match compare_magnitude(a.digits, b.digits) {
        Ordering::Equal => Written { negative: false, len: 0 },
        Ordering::Greater => Written { negative: a.negative, len: subtract_magnitude(out, a.digits, b.digits) },
        Ordering::Less => Written { negative: b.negative, len: subtract_magnitude(out, b.digits, a.digits) },
    }
}

/// `a - b`, into at least [`sum_len`] digits.
pub fn subtract(out: &mut [u32], a: Int<'_>, b: Int<'_>) -> Written {
    add(out, a, b.negate())
}

/// `a * b`, into at least [`product_len`] digits.
pub fn multiply(out: &mut [u32], a: Int<'_>, b: Int<'_>) -> Written {
    let len = multiply_magnitude(out, a.digits, b.digits);
    Written { negative: a.negative != b.negative && len > 0, len }
}

/// Digits that [`by_pairs`] takes at once.
const AT_ONCE: usize = 8;
/// A pair's bits above its digits: filled, they hand a carry on from digit to digit, and out of the word.
const ABOVE: u64 = (!MASK as u64) << 32 | !MASK as u64;

/// Goes over digits two by two, each pair in one word: `step` gets a pair of each operand and the carry, and gives a
/// pair (what lies above its digits is cut off) and the carry out. The processor's own carry so runs through all of
/// them, one instruction a pair. What is left of the digits is fewer than [`AT_ONCE`].
#[inline(always)]
fn by_pairs(out: &mut [u32], a: &[u32], b: &[u32], step: impl Fn(u64, u64, bool) -> (u64, bool)) -> (usize, bool) {
    let pair = |digits: &[u32; AT_ONCE], i: usize| u64::from(digits[i]) | u64::from(digits[i + 1]) << 32;
    let (out, _) = out.as_chunks_mut::<AT_ONCE>();
    let (a, _) = a.as_chunks::<AT_ONCE>();
    let (b, _) = b.as_chunks::<AT_ONCE>();
    let mut carry = false;
    for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
        for i in (0..AT_ONCE).step_by(2) {
            let result;
            (result, carry) = step(pair(a, i), pair(b, i), carry);
            out[i] = result as u32 & MASK;
            out[i + 1] = (result >> 32) as u32 & MASK;
        }
    }
    (a.len().min(b.len()) * AT_ONCE, carry)
}

pub(super) fn add_magnitude(out: &mut [u32], a: &[u32], b: &[u32]) -> usize {
    let (long, short) = if a.len() < b.len() { (b, a) } else { (a, b) };
    let (low, high) = long.split_at(short.len());
    let (done, carry) = by_pairs(out, low, short, |x, y, carry| (x | ABOVE).carrying_add(y, carry));
    let mut carry = u32::from(carry);
    for ((out, &x), &y) in out[done..].iter_mut().zip(&low[done..]).zip(&short[done..]) {
        carry += x + y;
        *out = carry & MASK;
        carry >>= SHIFT;
    }
    for (out, &x) in out[short.len()..].iter_mut().zip(high) {
        carry += x;
        *out = carry & MASK;
        carry >>= SHIFT;
    }
    if carry == 0 {
        return long.len();
    }
    out[long.len()] = carry;
    long.len() + 1
}

/// Needs `a >= b`.
pub(super) fn subtract_magnitude(out: &mut [u32], a: &[u32], b: &[u32]) -> usize {
    let (low, high) = a.split_at(b.len());
    let (done, borrow) = by_pairs(out, low, b, u64::borrowing_sub);
    let mut borrow = u32::from(borrow);
    for ((out, &x), &y) in out[done..].iter_mut().zip(&low[done..]).zip(&b[done..]) {
        borrow = x.wrapping_sub(y).wrapping_sub(borrow);
        *out = borrow & MASK;
        borrow = borrow >> SHIFT & 1;
    }
    for (out, &x) in out[b.len()..].iter_mut().zip(high) {
        borrow = x.wrapping_sub(borrow);
        *out = borrow & MASK;
        borrow = borrow >> SHIFT & 1;
    }
    normalized_len(&out[..a.len()])
}

fn multiply_magnitude(out: &mut [u32], a: &[u32], b: &[u32]) -> usize {
    let (long, short) = if a.len() < b.len() { (b, a) } else { (a, b) };
    let out = &mut out[..long.len() + short.len()];
    if short.len() <= DIGITWISE {
        multiply_digitwise(out, long, short);
    } else if limbs_for(long.len()) <= ROWWISE {
        multiply_rowwise(out, long, short);
    } else {
        let a = to_ubig(long);
        let product = if long == short { a.sqr() } else { a * to_ubig(short) };
        unpack(out, product.as_words());
    }
    normalized_len(out)
}

fn multiply_digitwise(out: &mut [u32], long: &[u32], short: &[u32]) {
    out.fill(0);
    for (i, &x) in short.iter().enumerate() {
        let mut carry = 0u64;
        let (row, above) = out[i..].split_at_mut(long.len());
        for (out, &y) in row.iter_mut().zip(long) {
            carry += u64::from(x) * u64::from(y) + u64::from(*out);
            *out = carry as u32 & MASK;
            carry >>= SHIFT;
        }
        above[0] = carry as u32;
    }
}

fn multiply_rowwise(out: &mut [u32], long: &[u32], short: &[u32]) {
    let (mut a, mut b, mut product) = ([0u64; ROWWISE], [0u64; ROWWISE], [0u64; 2 * ROWWISE]);
    let len = pack(&mut a, long);
    let a = &a[..len];
    let len = pack(&mut b, short);
    for (i, &x) in b[..len].iter().enumerate() {
        let mut carry = 0u64;
        let (row, above) = product[i..].split_at_mut(a.len());
        for (out, &y) in row.iter_mut().zip(a) {
            let sum = u128::from(x) * u128::from(y) + u128::from(*out) + u128::from(carry);
            *out = sum as u64;
            carry = (sum >> 64) as u64;
        }
        above[0] = carry;
    }
    unpack(out, &product[..a.len() + len]);
}
