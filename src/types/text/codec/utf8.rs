//! UTF-8.
//!
//! Decoding leaves the checking to a crate, which divides malformed input at the
//! same places as CPython: each maximal part of a character is one fault. Surrogates are malformed.

use super::super::buf::{NoMemory, TextBuf, put_all};
use super::super::chars::{Chars, CodeUnit};
use super::ascii::ascii_prefix;
use super::encode::{self, Scheme};
use super::handler::is_surrogate;
use super::{ByteBuf, DecodeErrors, EncodeErrors, Fault, append};

/// What may stand before the text, U+FEFF.
pub const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Decode; the answer is how much was decoded: all, unless more input is to
/// follow and this ends within a character.
pub fn decode<E: DecodeErrors>(input: &[u8], last: bool, errors: &mut E, out: &mut TextBuf) -> Result<usize, E::Error> {
    let mut at = ascii_prefix(input);
    out.push_ascii(&input[..at])?;
    while let Some(rest) = input.get(at..) {
        let error = match simdutf8::compat::from_utf8(rest) {
            Ok(text) => {
                out.extend_str(text)?;
                break;
            }
            Err(error) => error,
        };
        let (valid, bad) = rest.split_at(error.valid_up_to());
        // SAFETY: [span] valid_up_to says that this much is UTF-8.
        out.extend_str(unsafe { std::str::from_utf8_unchecked(valid) })?;
        at += valid.len();
        let fault = match error.error_len() {
            None if !last => return Ok(at),
            // A whole surrogate may follow, for `surrogatepass`.
            Some(_) if !last && matches!(bad, [0xed, 0xa0..=0xbf]) => return Ok(at),
            None => Fault::new(at, input.len(), "unexpected end of data"),
            Some(_) if !matches!(bad, [0xc2..=0xf4, ..]) => Fault::new(at, at + 1, "invalid start byte"),
            Some(len) => Fault::new(at, at + len, "invalid continuation byte"),
        };
        at = errors.handle(input, fault, out)?;
    }
    Ok(input.len())
}

/// How many bytes a text without surrogates takes.
pub fn encoded_len(text: Chars<'_>) -> Result<usize, NoMemory> {
    each!(text, units => sum_lengths(units)).ok_or(NoMemory)
}

fn sum_lengths<T: CodeUnit>(units: &[T]) -> Option<usize> {
    let more = units.iter().fold(0usize, |more, &c| {
        let c = c.into();
        more + usize::from(c >= 0x80) + usize::from(c >= 0x800) + usize::from(c >= 0x10000)
    });
    units.len().checked_add(more)
}

/// The bytes of `c`, the first one lowest, and how many.
#[inline]
fn bytes_of(c: u32) -> (u32, usize) {
    let tail = |shift: u32| 0x80 | (c >> shift & 0x3f);
    match c {
        0..0x80 => (c, 1),
        0x80..0x800 => (0xc0 | c >> 6 | tail(0) << 8, 2),
        0x800..0x10000 => (0xe0 | c >> 12 | tail(6) << 8 | tail(0) << 16, 3),
        _ => (0xf0 | c >> 18 | tail(12) << 8 | tail(6) << 16 | tail(0) << 24, 4),
    }
}

pub fn encode<E: EncodeErrors>(text: Chars<'_>, errors: &mut E, out: &mut ByteBuf) -> Result<(), E::Error> {
    if let Chars::One(units) = text
        && units.is_ascii()
    {
        return Ok(append(out, units)?);
    }
    if has_surrogates(text) {
        return encode::encode(&Utf8, text, errors, out);
    }
    let (start, len) = (out.len(), encoded_len(text)?);
    put_all(out, len, std::iter::repeat(0))?;
    encode_into(text, &mut out[start..]);
    Ok(())
}

/// Whether anything in `text` cannot be encoded.
pub fn has_surrogates(text: Chars<'_>) -> bool {
    fn any<T: CodeUnit>(units: &[T]) -> bool {
        units.iter().fold(false, |any, &c| any | is_surrogate(c.into()))
    }
    match text {
        Chars::One(_) => false,
        Chars::Two(units) => any(units),
        Chars::Four(units) => any(units),
    }
}

/// Encode a text without surrogates into a room of `encoded_len` bytes.
pub fn encode_into(text: Chars<'_>, room: &mut [u8]) {
    each!(text, units => write_units(units, room));
}

fn write_units<T: CodeUnit>(units: &[T], room: &mut [u8]) {
    let mut at = 0;
    for &unit in units {
        let (bytes, len) = bytes_of(unit.into());
        let bytes = bytes.to_le_bytes();
        match room.get_mut(at..at + 4) {
            // The next character overwrites what is too much.
            Some(room) => room.copy_from_slice(&bytes),
            None => room[at..at + len].copy_from_slice(&bytes[..len]),
        }
        at += len;
    }
}

struct Utf8;

impl Scheme for Utf8 {
    const REASON: &'static str = "surrogates not allowed";
    const RUNS: bool = true;
    const UNIT: usize = 1;
    const REPLACEMENT_MAX: u32 = 0x7f;

    #[inline]
    fn fits(&self, c: u32) -> bool {
        !is_surrogate(c)
    }

    #[inline]
    fn bytes(&self, c: u32) -> ([u8; 4], usize) {
        let (bytes, len) = bytes_of(c);
        (bytes.to_le_bytes(), len)
    }
}
