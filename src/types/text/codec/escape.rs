//! Backslash escapes: `unicode_escape`, `raw_unicode_escape`, and those of bytes.

use super::super::buf::{NoMemory, TextBuf};
use super::super::chars::Chars;
use super::super::repr::{push_escaped, push_short_escape};
use super::{ByteBuf, DecodeErrors, Fault, append};

/// How decoding ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decoded {
    pub consumed: usize,
    /// The first backslash that begins no known escape, or an octal one beyond a
    /// byte: what CPython warns of.
    pub invalid_escape: Option<usize>,
}

/// An escape that is read, and where it ends.
enum Escape {
    Char(u32, usize),
    /// Nothing: the end of a line.
    Empty(usize),
    /// Not an escape: what stands there is meant.
    Unknown,
    Bad {
        end: usize,
        reason: &'static str,
        cut_short: bool,
    },
}

/// Decode `unicode_escape`; `name` finds the character of a `\N{…}`.
pub fn decode_unicode<E: DecodeErrors>(
    input: &[u8],
    last: bool,
    errors: &mut E,
    name: impl Fn(&[u8]) -> Option<u32>,
    out: &mut TextBuf,
) -> Result<Decoded, E::Error> {
    let mut invalid_escape = None;
    let mut at = 0;
    while let Some(backslash) = copy_plain(input, at, out)? {
        let escape = match input.get(backslash + 1) {
            Some(b'N') => named(input, backslash + 2, &name),
            Some(b'u') => hexadecimal(input, backslash + 2, 4, "truncated \\uXXXX escape"),
            Some(b'U') => hexadecimal(input, backslash + 2, 8, "truncated \\UXXXXXXXX escape"),
            _ => common(input, backslash + 1),
        };
        match escape {
            Escape::Char(c, end) if c <= 0x10ffff => {
                if c > 0xff && input[backslash + 1].is_ascii_digit() {
                    invalid_escape = invalid_escape.or(Some(backslash));
                }
                out.push(c)?;
                at = end;
            }
            Escape::Char(_, end) => {
                let fault = Fault::new(backslash, end, "illegal Unicode character");
                at = errors.handle(input, fault, out)?;
            }
            Escape::Empty(end) => at = end,
            Escape::Unknown => {
                invalid_escape = invalid_escape.or(Some(backslash));
                out.extend(Chars::One(&input[backslash..backslash + 2]))?;
                at = backslash + 2;
            }
            Escape::Bad { cut_short: true, .. } if !last => {
                return Ok(Decoded { consumed: backslash, invalid_escape });
            }
            Escape::Bad { end, reason, .. } => {
                at = errors.handle(input, Fault::new(backslash, end, reason), out)?;
            }
        }
    }
    Ok(Decoded { consumed: input.len(), invalid_escape })
}

/// Decode `raw_unicode_escape`, which knows `\u` and `\U` only.
pub fn decode_raw<E: DecodeErrors>(
    input: &[u8],
    last: bool,
    errors: &mut E,
    out: &mut TextBuf,
) -> Result<usize, E::Error> {
    let mut at = 0;
    while let Some(backslash) = copy_plain(input, at, out)? {
        let escape = match input.get(backslash + 1) {
            Some(b'u') => hexadecimal(input, backslash + 2, 4, "truncated \\uXXXX escape"),
            Some(b'U') => hexadecimal(input, backslash + 2, 8, "truncated \\UXXXXXXXX escape"),
            None if !last => return Ok(backslash),
            _ => Escape::Unknown,
        };
        match escape {
            Escape::Char(c, end) if c <= 0x10ffff => {
                out.push(c)?;
                at = end;
            }
            Escape::Bad { cut_short: true, .. } if !last => return Ok(backslash),
            Escape::Bad { end, reason, .. } => {
                at = errors.handle(input, Fault::new(backslash, end, reason), out)?;
            }
            Escape::Char(_, end) => {
                let fault = Fault::new(backslash, end, "\\Uxxxxxxxx out of range");
                at = errors.handle(input, fault, out)?;
            }
            Escape::Unknown | Escape::Empty(_) => {
                // The character behind the backslash is no backslash of its own.
                at = (backslash + 2).min(input.len());
                out.extend(Chars::One(&input[backslash..at]))?;
            }
        }
    }
    Ok(input.len())
}

/// Append what stands before the next backslash, and say where that is.
fn copy_plain(input: &[u8], at: usize, out: &mut TextBuf) -> Result<Option<usize>, NoMemory> {
    let rest = input.get(at..).unwrap_or(&[]);
    let found = memchr::memchr(b'\\', rest);
    out.extend(Chars::One(&rest[..found.unwrap_or(rest.len())]))?;
    Ok(found.map(|i| at + i))
}

/// The escapes that str and bytes share; `at` is behind the backslash.
fn common(input: &[u8], at: usize) -> Escape {
    let simple = |c: u8| Escape::Char(c.into(), at + 1);
    match input.get(at) {
        None => Escape::Bad { end: at, reason: "\\ at end of string", cut_short: true },
        Some(b'\n') => Escape::Empty(at + 1),
        Some(&c @ (b'\\' | b'\'' | b'"')) => simple(c),
        Some(b'a') => simple(7),
        Some(b'b') => simple(8),
        Some(b't') => simple(9),
        Some(b'n') => simple(10),
        Some(b'v') => simple(11),
        Some(b'f') => simple(12),
        Some(b'r') => simple(13),
        Some(b'x') => hexadecimal(input, at + 1, 2, "truncated \\xXX escape"),
        Some(b'0'..=b'7') => {
            let digits = input[at..].iter().take(3).take_while(|c| matches!(c, b'0'..=b'7'));
            let (value, len) = digits.fold((0, 0), |(value, len), &c| (value * 8 + u32::from(c - b'0'), len + 1));
            Escape::Char(value, at + len)
        }
        Some(_) => Escape::Unknown,
    }
}

fn hexadecimal(input: &[u8], at: usize, count: usize, reason: &'static str) -> Escape {
    let digits = input[at..].iter().take(count).map_while(|&c| char::from(c).to_digit(16));
    let (value, len) = digits.fold((0u32, 0), |(value, len), digit| (value << 4 | digit, len + 1));
    let end = at + len;
    if len == count { Escape::Char(value, end) } else { Escape::Bad { end, reason, cut_short: end == input.len() } }
}

/// `{…}` behind `\N`.
fn named(input: &[u8], at: usize, name: impl Fn(&[u8]) -> Option<u32>) -> Escape {
    let reason = "malformed \\N character escape";
    let cut_short = Escape::Bad { end: input.len(), reason, cut_short: true };
    match input.get(at) {
        None => return cut_short,
        Some(b'{') => {}
        Some(_) => {
            return Escape::Bad { end: at, reason, cut_short: false };
        }
    }
    match memchr::memchr(b'}', &input[at + 1..]) {
        None => cut_short,
        Some(0) => Escape::Bad { end: at + 1, reason, cut_short: false },
        Some(len) => {
            let end = at + 1 + len + 1;
            match name(&input[at + 1..end - 1]) {
                Some(c) => Escape::Char(c, end),
                None => Escape::Bad { end, reason: "unknown Unicode character name", cut_short: false },
            }
        }
    }
}

/// What to do about an `\x` without two digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadHex {
    Raise,
    Ignore,
    /// By a question mark.
    Replace,
    /// A handler that there is not: an error of its own, once it is asked.
    Unknown,
}

/// Why the escapes of a bytes cannot be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EscapeFault {
    /// `Trailing \ in string`
    Trailing,
    /// `invalid \x escape at position …`
    Hex(usize),
    /// `unknown error handling code: …`
    Handler,
    NoMemory,
}

impl From<NoMemory> for EscapeFault {
    fn from(_: NoMemory) -> Self {
        EscapeFault::NoMemory
    }
}

/// Decode the escapes of a bytes literal. The answer: the first backslash that
/// begins no known escape, or an octal one beyond a byte.
pub fn decode_bytes(input: &[u8], bad_hex: BadHex, out: &mut ByteBuf) -> Result<Option<usize>, EscapeFault> {
    let mut invalid_escape = None;
    let mut at = 0;
    while at < input.len() {
        let rest = &input[at..];
        let plain = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
        append(out, &rest[..plain])?;
        let backslash = at + plain;
        if backslash == input.len() {
            break;
        }
        at = match common(input, backslash + 1) {
            Escape::Char(c, end) => {
                if c > 0xff {
                    invalid_escape = invalid_escape.or(Some(backslash));
                }
                append(out, &[c as u8])?;
                end
            }
            Escape::Empty(end) => end,
            Escape::Unknown => {
                invalid_escape = invalid_escape.or(Some(backslash));
                append(out, b"\\")?;
                backslash + 1
            }
            Escape::Bad { end, .. } if end == backslash + 1 => return Err(EscapeFault::Trailing),
            Escape::Bad { end, .. } => match bad_hex {
                BadHex::Raise => return Err(EscapeFault::Hex(backslash)),
                BadHex::Unknown => return Err(EscapeFault::Handler),
                BadHex::Ignore => end,
                BadHex::Replace => {
                    append(out, b"?")?;
                    end
                }
            },
        };
    }
    Ok(invalid_escape)
}

/// Encode as `unicode_escape`.
pub fn encode_unicode(text: Chars<'_>, out: &mut ByteBuf) -> Result<(), NoMemory> {
    encode_where(text, out, |c| c == u32::from(b'\\') || !matches!(c, 0x20..0x7f), push_short_escape)
}

/// Encode as `raw_unicode_escape`: what is beyond Latin-1 is escaped.
pub fn encode_raw(text: Chars<'_>, out: &mut ByteBuf) -> Result<(), NoMemory> {
    encode_where(text, out, |c| c >= 0x100, push_escaped)
}

fn encode_where(
    text: Chars<'_>,
    out: &mut ByteBuf,
    escape: fn(u32) -> bool,
    push: fn(u32, &mut TextBuf) -> Result<(), NoMemory>,
) -> Result<(), NoMemory> {
    out.try_reserve(text.len())?;
    for c in text.iter() {
        if escape(c) {
            let mut escaped = TextBuf::new();
            push(c, &mut escaped)?;
            append(out, escaped.view().as_bytes())?;
        } else {
            append(out, &[c as u8])?;
        }
    }
    Ok(())
}
