//! Ints as text: repr, other bases, format specs; and parsing.

use super::arithmetic::to_f64;
use super::digits::parse::{ParseError, parse_int, parse_prefix};
use super::digits::text::{LimitExceeded, to_decimal, to_power_of_two_base};
use super::{Int, digits};
use crate::format::spec::{Align, IntStyle, Spec, SpecError, char_argument, format_float, format_int, int_style};
use crate::object::{Object, Owned, Raised, Result};
use crate::protocol::{number, object};
use crate::runtime::ThreadState;
use crate::types::exceptions::{OVERFLOW_ERROR, SYSTEM_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::str::codecs;
use crate::types::text::unicode;
use crate::types::{Bytes, Str};

fn limit(ts: &ThreadState) -> usize {
    ts.interp().int_max_str_digits.get()
}

fn exceeded(ts: &ThreadState, error: LimitExceeded) -> Raised {
    ts.raise(&VALUE_ERROR, error)
}

/// `repr`, `str`.
pub fn repr(ts: &ThreadState, this: &Int) -> Result<Owned<Str>> {
    let Some(value) = this.to_i64() else {
        let text = to_decimal(this.kernel(), limit(ts)).map_err(|error| exceeded(ts, error))?;
        // SAFETY: digits and a sign.
        return unsafe { Str::from_ascii(ts, text.as_bytes()) };
    };
    let (mut text, mut at, mut rest) = ([0u8; 20], 20, value.unsigned_abs());
    while at == 20 || rest > 0 {
        at -= 1;
        text[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    if value < 0 {
        at -= 1;
        text[at] = b'-';
    }
    // SAFETY: digits and a sign.
    unsafe { Str::from_ascii(ts, &text[at..]) }
}

/// `bin`, `oct`, `hex`, and base 10: `PyNumber_ToBase`.
pub fn to_base(ts: &ThreadState, object: &Object, base: i32) -> Result<Owned<Str>> {
    let (prefix, bits) = match base {
        2 => ("0b", 1),
        8 => ("0o", 3),
        10 => ("", 0),
        16 => ("0x", 4),
        _ => return Err(ts.raise_str(&SYSTEM_ERROR, "PyNumber_ToBase: base must be 2, 8, 10 or 16")),
    };
    let int = number::index(ts, object)?;
    if bits == 0 {
        return repr(ts, &int);
    }
    let sign = if int.is_negative() { "-" } else { "" };
    let text = to_power_of_two_base(int.digits(), bits, false);
    Str::new(ts, &format!("{sign}{prefix}{text}"))
}

/// Raises what is wrong with a format spec.
pub fn spec_error(ts: &ThreadState, error: SpecError) -> Raised {
    match error {
        SpecError::NoMemory => ts.no_memory(),
        SpecError::CharRange => ts.raise(&OVERFLOW_ERROR, error),
        _ => ts.raise(&VALUE_ERROR, error),
    }
}

/// The argument of a `__format__`.
pub fn spec_argument<'a>(ts: &ThreadState, spec: &'a Object) -> Result<&'a Str> {
    spec.downcast::<Str>().ok_or_else(|| {
        let name = spec.ty().short_name();
        ts.raise(&TYPE_ERROR, format_args!("__format__() argument must be str, not {name}"))
    })
}

/// A spec's characters; a lone surrogate means nothing in one.
pub fn spec_chars(spec: &Str) -> Vec<char> {
    spec.code_points().map(|c| char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// `format(int, spec)`.
pub(super) fn format(ts: &ThreadState, this: &Int, spec: &Object) -> Result<Owned<Str>> {
    let spec = spec_argument(ts, spec)?;
    if spec.is_empty() {
        return if this.is_exact::<Int>() { repr(ts, this) } else { object::str(ts, this) };
    }
    let name = this.ty().short_name();
    let spec = Spec::parse(&spec_chars(spec), Align::Right, name).map_err(|error| spec_error(ts, error))?;
    let text = if spec.wants_float() {
        format_float(&spec, to_f64(ts, this)?, name)
    } else {
        let style = int_style(&spec, name).map_err(|error| spec_error(ts, error))?;
        let digits = magnitude_text(ts, this, style)?;
        format_int(&spec, style, this.is_negative(), &digits)
    };
    Str::new(ts, &text.map_err(|error| spec_error(ts, error))?)
}

fn magnitude_text(ts: &ThreadState, this: &Int, style: IntStyle) -> Result<String> {
    match style {
        IntStyle::Decimal => {
            let magnitude = digits::Int { negative: false, digits: this.digits() };
            to_decimal(magnitude, limit(ts)).map_err(|error| exceeded(ts, error))
        }
        IntStyle::PowerOfTwo(bits, upper) => Ok(to_power_of_two_base(this.digits(), bits, upper)),
        IntStyle::Char if this.to_i64().is_none() => Err(super::convert::too_large(ts, "long")),
        IntStyle::Char => match char_argument(this.to_i64()) {
            Ok(c) => Ok(c.to_string()),
            Err(error) => Err(spec_error(ts, error)),
        },
    }
}

/// White space as C's `isspace` has it.
fn is_space(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Without white space around.
pub fn trim(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| !is_space(byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last + 1);
    &text[start..end]
}

/// Text that numbers are read of, as ASCII: digits of other scripts become ours, other white space a blank;
/// what else there is becomes a character that no number has, and the last one.
pub fn with_number_text<R>(text: &Str, f: impl FnOnce(&[u8]) -> R) -> R {
    if let Some(ascii) = text.as_ascii() {
        return f(ascii.as_bytes());
    }
    let mut plain: Vec<u8> = text
        .code_points()
        .map(|c| match c {
            0..0x7F => c as u8,
            _ if unicode::is_space(c) => b' ',
            _ => unicode::decimal(c).map_or(b'?', |digit| b'0' + digit as u8),
        })
        .collect();
    let strange = text.code_points().position(|c| c >= 0x7F && !unicode::is_space(c) && unicode::decimal(c).is_none());
    plain.truncate(strange.map_or(plain.len(), |at| at + 1));
    f(&plain)
}

/// `int(text, base)`.
pub fn parse_str(ts: &ThreadState, text: &Str, base: u32) -> Result<Owned<Int>> {
    let result = with_number_text(text, |plain| parse_int(trim(plain), base, limit(ts)));
    parsed(ts, result, base, || object::repr(ts, text))
}

/// `int(bytes, base)`.
pub fn parse_bytes(ts: &ThreadState, text: &[u8], base: u32) -> Result<Owned<Int>> {
    let result = parse_int(trim(text), base, limit(ts));
    parsed(ts, result, base, || object::repr(ts, &*Bytes::new(ts, text)?))
}

fn parsed(
    ts: &ThreadState,
    result: core::result::Result<digits::Digits, ParseError>,
    base: u32,
    repr: impl FnOnce() -> Result<Owned<Str>>,
) -> Result<Owned<Int>> {
    match result {
        Ok(digits) => Int::from_kernel(ts, &digits),
        Err(ParseError::NoMemory) => Err(ts.no_memory()),
        Err(ParseError::Invalid) => {
            let text = digits::parse::invalid_literal(base, &repr()?.to_string());
            Err(ts.raise_str(&VALUE_ERROR, &text))
        }
        Err(error) => Err(ts.raise(&VALUE_ERROR, error)),
    }
}

/// `PyLong_FromString`: the int that `text` is, white space around it allowed; and where reading ended.
pub fn parse_c(ts: &ThreadState, text: &[u8], base: u32) -> (usize, Result<Owned<Int>>) {
    let start = text.iter().position(|byte| !is_space(byte)).unwrap_or(text.len());
    let shown_base = if base == 0 { base_of_literal(&text[start..]) } else { base };
    let invalid = || {
        let shown = codecs::decode(ts, &text[..text.len().min(200)], None, None)?;
        parsed(ts, Err(ParseError::Invalid), shown_base, || object::repr(ts, &shown))
    };
    match parse_prefix(&text[start..], base, limit(ts)) {
        Ok((digits, used)) => {
            let spaces = text[start + used..].iter().take_while(|byte| is_space(byte)).count();
            let end = start + used + spaces;
            (end, if end == text.len() { Int::from_kernel(ts, &digits) } else { invalid() })
        }
        Err(ParseError::Invalid) => (start, invalid()),
        Err(error) => (start, parsed(ts, Err(error), base, || Str::new(ts, ""))),
    }
}

/// The base that CPython names for a broken literal read in base 0: 0 itself if only its leading zero is wrong.
fn base_of_literal(text: &[u8]) -> u32 {
    let text = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    match text {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        [b'0', rest @ ..] => {
            let mut digits = rest.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'_');
            if digits.any(|byte| matches!(byte, b'1'..=b'9')) { 0 } else { 10 }
        }
        _ => 10,
    }
}
