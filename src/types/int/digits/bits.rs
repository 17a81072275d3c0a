//! Shifts, and the bitwise operators, which see negative numbers as two's
//! complement with endless ones above.

use super::{Int, IntError, MASK, SHIFT, Written, normalized_len};

/// Which bitwise operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bitwise {
    And,
    Or,
    Xor,
}

/// Digits that [`bitwise`] needs.
pub fn bitwise_len(a: Int<'_>, b: Int<'_>) -> usize {
    a.digits.len().max(b.digits.len()) + 1
}

/// The digits of the two's complement, on and on.
struct Complement<'a> {
    int: Int<'a>,
    position: usize,
    carry: u32,
}

impl<'a> Complement<'a> {
    fn new(int: Int<'a>) -> Self {
        Complement { int, position: 0, carry: 1 }
    }

    fn next(&mut self) -> u32 {
        let digit = self.int.digits.get(self.position).copied().unwrap_or(0);
        self.position += 1;
        if !self.int.negative {
            return digit;
        }
        let sum = (digit ^ MASK) + self.carry;
        self.carry = sum >> SHIFT;
        sum & MASK
    }
}

/// `a & b`, `a | b` or `a ^ b`, into at least [`bitwise_len`] digits.
pub fn bitwise(out: &mut [u32], operator: Bitwise, a: Int<'_>, b: Int<'_>) -> Written {
    let len = bitwise_len(a, b);
    let out = &mut out[..len];
    let (mut x, mut y) = (Complement::new(a), Complement::new(b));
    let negative = match operator {
        Bitwise::And => a.negative & b.negative,
        Bitwise::Or => a.negative | b.negative,
        Bitwise::Xor => a.negative ^ b.negative,
    };
    let mut carry = 1;
    for digit in out.iter_mut() {
        *digit = match operator {
            Bitwise::And => x.next() & y.next(),
            Bitwise::Or => x.next() | y.next(),
            Bitwise::Xor => x.next() ^ y.next(),
        };
        if negative {
            let sum = (*digit ^ MASK) + carry;
            carry = sum >> SHIFT;
            *digit = sum & MASK;
        }
    }
    let len = normalized_len(out);
    Written { negative: negative && len > 0, len }
}

/// Digits that [`shift_left`] needs. TooManyDigits if no int can have so many.
pub fn shift_left_len(a: Int<'_>, count: u64) -> Result<usize, IntError> {
    const MOST: u64 = (isize::MAX as u64) / 4;
    let digits = count / u64::from(SHIFT);
    match digits.checked_add(a.digits.len() as u64 + 1) {
        _ if a.is_zero() => Ok(0),
        Some(len) if len <= MOST => Ok(len as usize),
        _ => Err(IntError::TooManyDigits),
    }
}

/// `a << count`, into at least [`shift_left_len`] digits.
pub fn shift_left(out: &mut [u32], a: Int<'_>, count: u64) -> Written {
    if a.is_zero() {
        return Written { negative: false, len: 0 };
    }
    let whole = (count / u64::from(SHIFT)) as usize;
    let part = count % u64::from(SHIFT);
    let out = &mut out[..whole + a.digits.len() + 1];
    out[..whole].fill(0);
    let mut carry = 0u64;
    for (out, &digit) in out[whole..].iter_mut().zip(a.digits) {
        carry |= u64::from(digit) << part;
        *out = carry as u32 & MASK;
        carry >>= SHIFT;
    }
    out[whole + a.digits.len()] = carry as u32;
    Written { negative: a.negative, len: normalized_len(out) }
}

/// Digits that [`shift_right`] needs.
pub fn shift_right_len(a: Int<'_>, count: u64) -> usize {
    let whole = usize::try_from(count / u64::from(SHIFT)).unwrap_or(usize::MAX);
    a.digits.len().saturating_sub(whole) + 1
}

/// `a >> count`, which rounds down, into at least [`shift_right_len`] digits.
/// A count beyond 64 bits may be passed as `u64::MAX`.
pub fn shift_right(out: &mut [u32], a: Int<'_>, count: u64) -> Written {
    let whole = usize::try_from(count / u64::from(SHIFT)).unwrap_or(usize::MAX);
    let part = (count % u64::from(SHIFT)) as u32;
    let (lost, kept) = a.digits.split_at(whole.min(a.digits.len()));
    let low = kept.first().map_or(0, |digit| digit & ((1 << part) - 1));
    let inexact = low != 0 || lost.iter().any(|&digit| digit != 0);
    let out = &mut out[..kept.len() + 1];
    for (i, &digit) in kept.iter().enumerate() {
        let above = u64::from(kept.get(i + 1).copied().unwrap_or(0));
        out[i] = ((above << SHIFT | u64::from(digit)) >> part) as u32 & MASK;
    }
    // Towards minus infinity: what is cut off a negative number makes it larger.
    let mut carry = u32::from(a.negative && inexact);
    out[kept.len()] = 0;
    for digit in out.iter_mut() {
        let sum = *digit + carry;
        *digit = sum & MASK;
        carry = sum >> SHIFT;
    }
    let len = normalized_len(out);
    Written { negative: a.negative && len > 0, len }
}
