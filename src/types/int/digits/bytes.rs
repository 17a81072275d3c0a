//! `int.to_bytes`, `int.from_bytes`, and the C functions that do the same.

use super::{Digits, Int, IntError, MASK, SHIFT, bit_length, zeros};

/// The two's complement of `int`, least significant byte first, over all of
/// `out`; what does not fit is cut off.
pub fn wrap_into_le(out: &mut [u8], int: Int<'_>) {
    let (mut window, mut bits, mut carry) = (0u64, 0u32, 1u32);
    let mut digits = int.digits.iter();
    for byte in out {
        if bits < 8 {
            let mut digit = digits.next().copied().unwrap_or(0);
            if int.negative {
                let sum = (digit ^ MASK) + carry;
                carry = sum >> SHIFT;
                digit = sum & MASK;
            }
            window |= u64::from(digit) << bits;
            bits += SHIFT;
        }
        *byte = window as u8;
        window >>= 8;
        bits -= 8;
    }
}

/// The bits that the two's complement needs, sign bit included.
pub fn signed_bits(int: Int<'_>) -> u64 {
    let bits = bit_length(int.digits);
    let power = int.negative && super::bit_count(int.digits) == 1;
    if power { bits } else { bits + 1 }
}

/// `int.to_bytes(len(out), byteorder, signed=signed)`.
pub fn to_bytes(out: &mut [u8], int: Int<'_>, little: bool, signed: bool) -> Result<(), IntError> {
    if int.negative && !signed {
        return Err(IntError::NegativeToUnsigned);
    }
    let room = out.len() as u64 * 8;
    let needed = match int.is_zero() {
        true => 0,
        false if signed => signed_bits(int),
        false => bit_length(int.digits),
    };
    if needed > room {
        return Err(IntError::TooBigToConvert);
    }
    wrap_into_le(out, int);
    if !little {
        out.reverse();
    }
    Ok(())
}

/// `int.from_bytes(bytes, byteorder, signed=signed)`.
pub fn from_bytes(bytes: &[u8], little: bool, signed: bool) -> Result<Digits, IntError> {
    let top = if little { bytes.last() } else { bytes.first() };
    let negative = signed && top.is_some_and(|byte| byte & 0x80 != 0);
    let mut digits = zeros((bytes.len() * 8).div_ceil(SHIFT as usize) + 1)?;
    let (mut window, mut bits, mut carry, mut at) = (0u64, 0u32, 1u64, 0);
    let mut take = |byte: u8| {
        let mut value = u64::from(byte);
        if negative {
            let sum = (value ^ 0xff) + carry;
            carry = sum >> 8;
            value = sum & 0xff;
        }
        window |= value << bits;
        bits += 8;
        if bits >= SHIFT {
            digits[at] = window as u32 & MASK;
            at += 1;
            window >>= SHIFT;
            bits -= SHIFT;
        }
    };
    if little {
        bytes.iter().for_each(|&byte| take(byte));
    } else {
        bytes.iter().rev().for_each(|&byte| take(byte));
    }
    digits[at] = window as u32 & MASK;
    Ok(Digits::new(negative, digits))
}
