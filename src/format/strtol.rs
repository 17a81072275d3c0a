//! C's `strtoul` as CPython has it: base 0 knows `0x`, `0o` and `0b`, and never takes a leading 0 for octal.

/// The number, or `None` if it is too large, and how many bytes of the text belong to it.
pub fn parse_unsigned(text: &[u8], base: u32) -> (Option<u64>, usize) {
    let start = text.iter().take_while(|c| c.is_ascii_whitespace() || **c == 0x0b).count();
    let (base, at) = match base_and_start(text, start, base) {
        Ok(found) => found,
        Err(end) => return (Some(0), end),
    };
    let (mut value, mut end) = (Some(0u64), at);
    while let Some(digit) = digit_of(text, end, base) {
        value = value.and_then(|v| v.checked_mul(u64::from(base))?.checked_add(u64::from(digit)));
        end += 1;
    }
    (value, end)
}

fn digit_of(text: &[u8], i: usize, base: u32) -> Option<u32> {
    char::from(*text.get(i)?).to_digit(base)
}

/// The base, and where the digits start; or where a number ends that is zero already.
fn base_and_start(text: &[u8], start: usize, base: u32) -> Result<(u32, usize), usize> {
    let prefixed = match text.get(start + 1) {
        _ if text.get(start) != Some(&b'0') => None,
        Some(b'x' | b'X') => Some(16),
        Some(b'o' | b'O') => Some(8),
        Some(b'b' | b'B') => Some(2),
        _ => None,
    };
    match (base, prefixed) {
        (0 | 2 | 8 | 16, Some(known)) if base == 0 || base == known => {
            // A prefix without a digit is a zero, and a letter that does not belong to it.
            digit_of(text, start + 2, known).map(|_| (known, start + 2)).ok_or(start + 1)
        }
        (0, _) if text.get(start) == Some(&b'0') => Err(start + zeros(&text[start..])),
        (0, _) => Ok((10, start)),
        (2..=36, _) => Ok((base, start)),
        _ => Err(start),
    }
}

/// Zeros, and the space behind them.
fn zeros(text: &[u8]) -> usize {
    let zeros = text.iter().take_while(|c| **c == b'0').count();
    zeros + text[zeros..].iter().take_while(|c| c.is_ascii_whitespace()).count()
}

/// As `parse_unsigned` with a sign in front, where even the lowest number may stand; what is out of range
/// is the highest, whatever its sign.
pub fn parse_signed(text: &[u8], base: u32) -> (Option<i64>, usize) {
    let start = text.iter().take_while(|c| c.is_ascii_whitespace() || **c == 0x0b).count();
    let sign = text.get(start).copied().filter(|c| matches!(c, b'+' | b'-'));
    let start = start + usize::from(sign.is_some());
    let (value, length) = parse_unsigned(&text[start..], base);
    let value = match (value, sign) {
        (Some(value), Some(b'-')) if value <= 1 << 63 => Some((value as i64).wrapping_neg()),
        (Some(value), _) => i64::try_from(value).ok(),
        (None, _) => None,
    };
    (value, start + length)
}
