//! Text to C's integers, as `PyOS_strtoul` and `PyOS_strtol` read it: like C's functions, with Python's prefixes.

/// What was read, how many bytes of the text were used, and whether the value is too large for its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read<T> {
    pub value: T,
    pub used: usize,
    pub overflow: bool,
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

fn digit(text: &[u8], at: usize) -> u32 {
    text.get(at).and_then(|&byte| char::from(byte).to_digit(36)).unwrap_or(u32::MAX)
}

/// The base that a letter behind `0` stands for.
fn prefix(byte: u8) -> Option<u32> {
    match byte | 0x20 {
        b'x' => Some(16),
        b'o' => Some(8),
        b'b' => Some(2),
        _ => None,
    }
}

/// `PyOS_strtoul`: base 0 goes by the prefix. A sign is no digit.
pub fn unsigned(text: &[u8], base: u32) -> Read<u64> {
    let byte = |at: usize| text.get(at).copied().unwrap_or(0);
    let skip = |at: usize, such: fn(u8) -> bool| at + text[at..].iter().take_while(|&&byte| such(byte)).count();
    let mut at = skip(0, is_space);
    let nothing = |used| Read { value: 0, used, overflow: false };
    let mut base = base;
    if byte(at) == b'0' && matches!(base, 0 | 2 | 8 | 16) {
        match prefix(byte(at + 1)).filter(|&named| base == 0 || base == named) {
            // A prefix wants a digit behind it; without one the zero is all there is.
            Some(named) if digit(text, at + 2) >= named => return nothing(at + 1),
            Some(named) => (at, base) = (at + 2, named),
            None if base == 0 => return nothing(skip(skip(at, |byte| byte == b'0'), is_space)),
            None => {}
        }
    } else if base == 0 {
        base = 10;
    }
    if !(2..=36).contains(&base) {
        return nothing(at);
    }
    let (mut value, mut overflow) = (0u64, false);
    while digit(text, at) < base {
        let next = value.checked_mul(u64::from(base)).and_then(|v| v.checked_add(u64::from(digit(text, at))));
        overflow |= next.is_none();
        value = next.unwrap_or(u64::MAX);
        at += 1;
    }
    Read { value: if overflow { u64::MAX } else { value }, used: at, overflow }
}

/// `PyOS_strtol`: with a sign.
pub fn signed(text: &[u8], base: u32) -> Read<i64> {
    let spaces = text.iter().take_while(|&&byte| is_space(byte)).count();
    let sign = text.get(spaces).copied().filter(|byte| matches!(byte, b'+' | b'-'));
    let start = spaces + usize::from(sign.is_some());
    let Read { value, used, overflow: too_large } = unsigned(&text[start..], base);
    let signed = match sign {
        Some(b'-') => 0i64.checked_sub_unsigned(value),
        _ => i64::try_from(value).ok(),
    };
    let value = if too_large { None } else { signed };
    Read { value: value.unwrap_or(i64::MAX), used: start + used, overflow: value.is_none() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_recorded() {
        for (text, base, value, used) in [
            ("12", 0, 12, 2),
            (" -12x", 10, 0, 1),
            ("0x1f", 0, 31, 4),
            ("0x", 0, 0, 1),
            ("0xg", 16, 0, 1),
            ("0x1f", 10, 0, 1),
            ("000 7", 0, 0, 4),
            ("000 7", 10, 0, 3),
            ("0b11", 16, 2833, 4),
            ("0o17", 16, 0, 1),
            ("017", 0, 0, 1),
            ("017", 16, 23, 3),
            ("12", 1, 0, 0),
            ("12", 37, 0, 0),
            ("z", 36, 35, 1),
            ("", 10, 0, 0),
        ] {
            assert_eq!(unsigned(text.as_bytes(), base), Read { value, used, overflow: false }, "{text} {base}");
        }
        let all = Read { value: u64::MAX, used: 20, overflow: false };
        assert_eq!(unsigned(b"18446744073709551615z", 10), all);
        assert_eq!(unsigned(b"18446744073709551616z", 10), Read { overflow: true, ..all });
        assert_eq!(signed(b" -12x", 10), Read { value: -12, used: 4, overflow: false });
        assert_eq!(signed(b"-9223372036854775808", 10).value, i64::MIN);
        assert_eq!(signed(b"-9223372036854775809", 10), Read { value: i64::MAX, used: 20, overflow: true });
    }
}
