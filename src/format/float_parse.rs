//! Text to float: the grammar of `float(text)`, the prefix that
//! `PyOS_string_to_double` takes, and `float.fromhex`.
//!
//! std reads a decimal text exactly once its grammar is known to be CPython's.

use crate::types::int::digits::float::compose;

/// Why `float.fromhex` refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HexError {
    /// ValueError
    Invalid,
    /// OverflowError
    TooLarge,
}

impl HexError {
    /// The exception's text.
    pub fn message(self) -> &'static str {
        match self {
            Self::Invalid => "invalid hexadecimal floating-point string",
            Self::TooLarge => "hexadecimal value too large to represent as a float",
        }
    }
}

/// The ValueError of `float(text)`, given the repr of the original object.
pub fn invalid_float(repr: &str) -> String {
    format!("could not convert string to float: {repr}")
}

/// `float(text)`; None if it is no float. White space is the caller's to strip, and
/// other alphabets' digits are the caller's to turn into ASCII.
pub fn parse_float(text: &[u8]) -> Option<f64> {
    if !text.contains(&b'_') {
        return whole(text);
    }
    // An underscore stands between two digits, nowhere else.
    let digit = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_digit);
    let mut plain = Vec::with_capacity(text.len());
    for (at, &byte) in text.iter().enumerate() {
        if byte != b'_' {
            plain.push(byte);
        } else if !digit(at.checked_sub(1)) || !digit(Some(at + 1)) {
            return None;
        }
    }
    whole(&plain)
}

fn whole(text: &[u8]) -> Option<f64> {
    let (value, used) = parse_prefix(text)?;
    (used == text.len()).then_some(value)
}

/// The float that `text` begins with, and how many bytes of it are used; None if
/// there is none. A decimal number that is too large is an infinity.
pub fn parse_prefix(text: &[u8]) -> Option<(f64, usize)> {
    let sign = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    let used = number(&text[sign..]).or_else(|| word(&text[sign..]))? + sign;
    let value = str::from_utf8(&text[..used]).ok()?.parse::<f64>().ok()?;
    Some((value, used))
}

fn run(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// The length of a decimal number without a sign.
fn number(text: &[u8]) -> Option<usize> {
    let before = run(text);
    let mut used = before;
    if text.get(used) == Some(&b'.') {
        let after = run(&text[used + 1..]);
        if before + after == 0 {
            return None;
        }
        used += 1 + after;
    } else if before == 0 {
        return None;
    }
    if let Some(b'e' | b'E') = text.get(used) {
        let sign = usize::from(matches!(text.get(used + 1), Some(b'+' | b'-')));
        let digits = run(text.get(used + 1 + sign..).unwrap_or(&[]));
        if digits > 0 {
            used += 1 + sign + digits;
        }
    }
    Some(used)
}

fn word(text: &[u8]) -> Option<usize> {
    let begins = |word: &&[u8]| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    [&b"infinity"[..], b"inf", b"nan"].iter().find(|word| begins(word)).map(|word| word.len())
}

/// `float.fromhex(text)`.
pub fn from_hex(text: &[u8]) -> Result<f64, HexError> {
    // As C's isspace has it: the vertical tab too.
    let space = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x0b;
    let start = text.iter().position(|byte| !space(byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !space(byte)).map_or(start, |last| last + 1);
    let text = &text[start..end];
    let negative = text.first() == Some(&b'-');
    let text = &text[usize::from(matches!(text.first(), Some(b'+' | b'-')))..];
    let magnitude = match word(text) {
        Some(used) if used < text.len() => return Err(HexError::Invalid),
        Some(3) if text[0] | 0x20 == b'n' => f64::NAN,
        Some(_) => f64::INFINITY,
        None => hex_number(text)?,
    };
    Ok(if negative { -magnitude } else { magnitude })
}

fn hex_number(text: &[u8]) -> Result<f64, HexError> {
    let prefixed = text.len() > 1 && text[0] == b'0' && text[1] | 0x20 == b'x';
    let mut rest = if prefixed { &text[2..] } else { text };
    let (mut mantissa, mut exponent, mut sticky) = (0u64, 0i64, false);
    let (mut digits, mut point) = (0usize, false);
    while let Some((&byte, after)) = rest.split_first() {
        match (byte as char).to_digit(16) {
            Some(digit) => {
                digits += 1;
                if mantissa >> 60 == 0 {
                    mantissa = mantissa << 4 | u64::from(digit);
                } else {
                    sticky |= digit != 0;
                    exponent += 4;
                }
                exponent -= if point { 4 } else { 0 };
            }
            None if byte == b'.' && !point => point = true,
            None => break,
        }
        rest = after;
    }
    if digits == 0 {
        return Err(HexError::Invalid);
    }
    let (more, rest) = hex_exponent(rest)?;
    exponent = exponent.saturating_add(more);
    let value = compose(mantissa, exponent, sticky).ok_or(HexError::TooLarge)?;
    // Looked at last: a number too large is one whatever stands behind it.
    if rest.is_empty() { Ok(value) } else { Err(HexError::Invalid) }
}

/// `p`, a sign, decimal digits, or nothing at all; and what stands behind it.
fn hex_exponent(text: &[u8]) -> Result<(i64, &[u8]), HexError> {
    let [b'p' | b'P', text @ ..] = text else {
        return Ok((0, text));
    };
    let negative = text.first() == Some(&b'-');
    let text = &text[usize::from(matches!(text.first(), Some(b'+' | b'-')))..];
    let (digits, rest) = text.split_at(run(text));
    if digits.is_empty() {
        return Err(HexError::Invalid);
    }
    // Clamped far beyond any exponent that a text in memory could make up for.
    let value = digits.iter().fold(0i64, |value, byte| (value * 10 + i64::from(byte - b'0')).min(i64::MAX / 100));
    Ok((if negative { -value } else { value }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn float_literals() {
        for (text, value) in [
            ("1_0", 10.0),
            ("1e5_0", 1e50),
            ("1_0e1_0", 1e11),
            ("1.e1", 10.0),
            ("+.5", 0.5),
            ("InF", f64::INFINITY),
            ("-INFINITY", f64::NEG_INFINITY),
            ("1e400", f64::INFINITY),
            ("1e-400", 0.0),
            ("-1e400", f64::NEG_INFINITY),
            ("9007199254740993", 9007199254740992.0),
            ("0.1", 0.1),
        ] {
            assert_eq!(parse_float(text.as_bytes()), Some(value), "{text}");
        }
        assert!(parse_float(b"-NaN").unwrap().is_nan());
        for text in [
            "", " ", "abc", "1e", ".", ".e1", "+-1", "infinit", "i_nf", "0x1", "1 2", "1d5", "1\0", "1__0", "_1", "1_",
            "1_.0", "1._0", "1e_5", "+", "1_e5", "1+",
        ] {
            assert_eq!(parse_float(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse_prefix(b"1.5ex"), Some((1.5, 3)));
        assert_eq!(parse_prefix(b"1e+"), Some((1.0, 1)));
        assert_eq!(parse_prefix(b"infin"), Some((f64::INFINITY, 3)));
        assert_eq!(parse_prefix(b"x"), None);
        assert_eq!(invalid_float("''"), "could not convert string to float: ''");
    }

    #[test]
    fn hexadecimal() {
        for (text, value) in [
            ("0x1p-5000", 0.0),
            ("1.8", 1.5),
            ("abc", 2748.0),
            (" 0x1.8p+1 ", 3.0),
            ("+infinity", f64::INFINITY),
            ("0x1.fffffffffffff7p1023", f64::MAX),
            ("0x1.00000000000008p0", 1.0),
            ("0x1.000000000000080001p0", 1.0000000000000002),
            ("0x1.00000000000018p0", 1.0000000000000004),
            ("0x0.8p-1074", 0.0),
            ("0x0.80001p-1074", 5e-324),
            ("-0x.8p0", -0.5),
            ("0x0p99999999999999999999", 0.0),
            ("0x00000000000000000000000000001p3", 8.0),
        ] {
            assert_eq!(from_hex(text.as_bytes()), Ok(value), "{text}");
        }
        assert!(from_hex(b"-nan").unwrap().is_nan());
        for text in ["", "0x", "0x.p1", "0x1p", "0x1_0", "nanx", "1p+", "0x1p1x", "- 1"] {
            assert_eq!(from_hex(text.as_bytes()), Err(HexError::Invalid), "{text}");
        }
        for text in ["0x1p5000", "0x1p99999999999999999999999", "0x1.fffffffffffff8p1023"] {
            assert_eq!(from_hex(text.as_bytes()), Err(HexError::TooLarge), "{text}");
        }
    }
}
