//! `repr` and `ascii` of str, `repr` of bytes, and the escapes in them.

use super::buf::{NoMemory, TextBuf};
use super::chars::{Chars, CodeUnit};
use super::unicode::is_printable;

const QUOTE: u32 = b'\'' as u32;
const DOUBLE_QUOTE: u32 = b'"' as u32;
const BACKSLASH: u32 = b'\\' as u32;

/// `repr(text)` of a str.
pub fn repr(text: Chars<'_>, out: &mut TextBuf) -> Result<(), NoMemory> {
    quote(text, is_printable, out)
}

/// `ascii(text)` of a str.
pub fn ascii(text: Chars<'_>, out: &mut TextBuf) -> Result<(), NoMemory> {
    quote(text, is_plain_ascii, out)
}

/// `repr(bytes)`.
pub fn repr_bytes(bytes: &[u8], out: &mut TextBuf) -> Result<(), NoMemory> {
    out.push_ascii(b"b")?;
    quote(Chars::One(bytes), is_plain_ascii, out)
}

/// The same, always in single quotes.
pub fn repr_bytes_single_quoted(bytes: &[u8], out: &mut TextBuf) -> Result<(), NoMemory> {
    out.push_ascii(b"b")?;
    quote_with(QUOTE, Chars::One(bytes), is_plain_ascii, out)
}

fn is_plain_ascii(c: u32) -> bool {
    matches!(c, 0x20..0x7f)
}

fn quote(text: Chars<'_>, plain: impl Fn(u32) -> bool, out: &mut TextBuf) -> Result<(), NoMemory> {
    let has = |c| super::search::find_char(text, c).is_some();
    let quote = if has(QUOTE) && !has(DOUBLE_QUOTE) { DOUBLE_QUOTE } else { QUOTE };
    quote_with(quote, text, plain, out)
}

fn quote_with(quote: u32, text: Chars<'_>, plain: impl Fn(u32) -> bool, out: &mut TextBuf) -> Result<(), NoMemory> {
    out.reserve(text.len().saturating_add(2))?;
    out.push(quote)?;
    let escape = |c: u32| c == quote || c == BACKSLASH || !plain(c);
    each!(text, units => push_with_escapes(units, escape, out))?;
    out.push(quote)
}

/// Append a text; the characters that need it, escaped.
fn push_with_escapes<T: CodeUnit>(
    units: &[T],
    escape: impl Fn(u32) -> bool,
    out: &mut TextBuf,
) -> Result<(), NoMemory> {
    let mut rest = units;
    while let Some(at) = first_escape(rest, &escape) {
        out.extend(T::chars(&rest[..at]))?;
        push_short_escape(rest[at].into(), out)?;
        rest = &rest[at + 1..];
    }
    out.extend(T::chars(rest))
}

/// The first character to escape. Strides without a candidate are passed over by
/// vector instructions.
fn first_escape<T: CodeUnit>(units: &[T], escape: impl Fn(u32) -> bool) -> Option<usize> {
    const STRIDE: usize = 16;
    let [space, delete, quote, double, backslash] = [0x20, 0x7f, QUOTE, DOUBLE_QUOTE, BACKSLASH].map(T::cut);
    let suspect = |&c: &T| (c < space) | (c >= delete) | (c == quote) | (c == double) | (c == backslash);
    let mut at = 0;
    for stride in units.chunks(STRIDE) {
        if stride.iter().fold(false, |hit, c| hit | suspect(c))
            && let Some(i) = stride.iter().position(|&c| escape(c.into()))
        {
            return Some(at + i);
        }
        at += stride.len();
    }
    None
}

/// `\n` and its like where there is one, a backslash before what is printable,
/// else the number.
pub fn push_short_escape(c: u32, out: &mut TextBuf) -> Result<(), NoMemory> {
    match c {
        9 => out.push_ascii(b"\\t"),
        10 => out.push_ascii(b"\\n"),
        13 => out.push_ascii(b"\\r"),
        0x20..0x7f => {
            out.push(BACKSLASH)?;
            out.push(c)
        }
        _ => push_escaped(c, out),
    }
}

/// `\x12`, `\u1234` or `\U00101234`.
pub fn push_escaped(c: u32, out: &mut TextBuf) -> Result<(), NoMemory> {
    let (letter, digits) = match c {
        0..0x100 => (b'x', 2),
        0x100..0x10000 => (b'u', 4),
        _ => (b'U', 8),
    };
    let mut escape = [b'\\', letter, 0, 0, 0, 0, 0, 0, 0, 0];
    for (i, digit) in escape[2..2 + digits].iter_mut().enumerate() {
        *digit = HEX[(c >> (4 * (digits - 1 - i)) & 15) as usize];
    }
    out.push_ascii(&escape[..2 + digits])
}

/// The hexadecimal digits.
pub const HEX: &[u8; 16] = b"0123456789abcdef";
