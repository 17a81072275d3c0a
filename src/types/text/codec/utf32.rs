//! UTF-32.

use super::super::buf::{NoMemory, TextBuf};
use super::super::chars::Chars;
use super::encode::{self, Scheme};
use super::handler::is_surrogate;
use super::{ByteBuf, DecodeErrors, EncodeErrors, Endian, Fault, append};

/// The order that a mark at the beginning tells.
pub fn order_of(input: &[u8]) -> Option<Endian> {
    match input {
        [0xff, 0xfe, 0, 0, ..] => Some(Endian::Little),
        [0, 0, 0xfe, 0xff, ..] => Some(Endian::Big),
        _ => None,
    }
}

/// Decode; the answer is how much was decoded. For `order` see UTF-16.
pub fn decode<E: DecodeErrors>(
    input: &[u8],
    order: &mut Option<Endian>,
    last: bool,
    errors: &mut E,
    out: &mut TextBuf,
) -> Result<usize, E::Error> {
    let mut at = 0;
    if order.is_none() {
        *order = order_of(input);
        at = if order.is_some() { 4 } else { 0 };
    }
    let order = order.unwrap_or(Endian::NATIVE);
    out.reserve(input.len().saturating_sub(at) / 4)?;
    while let Some(rest) = input.get(at..).filter(|rest| !rest.is_empty()) {
        let (len, reason) = match rest.first_chunk::<4>() {
            None if !last => return Ok(at),
            None => (rest.len(), "truncated data"),
            Some(bytes) => match character(*bytes, order) {
                Ok(c) => {
                    out.push(c)?;
                    at += 4;
                    continue;
                }
                Err(reason) => (4, reason),
            },
        };
        at = errors.handle(input, Fault::new(at, at + len, reason), out)?;
    }
    Ok(input.len())
}

#[inline]
fn character(bytes: [u8; 4], order: Endian) -> Result<u32, &'static str> {
    let c = match order {
        Endian::Little => u32::from_le_bytes(bytes),
        Endian::Big => u32::from_be_bytes(bytes),
    };
    if is_surrogate(c) {
        Err("code point in surrogate code point range(0xd800, 0xe000)")
    } else if c > 0x10ffff {
        Err("code point not in range(0x110000)")
    } else {
        Ok(c)
    }
}

/// Encode; without an order, in the machine's own and with a mark.
pub fn encode<E: EncodeErrors>(
    text: Chars<'_>,
    order: Option<Endian>,
    errors: &mut E,
    out: &mut ByteBuf,
) -> Result<(), E::Error> {
    let scheme = Utf32(order.unwrap_or(Endian::NATIVE));
    out.try_reserve(text.len().saturating_mul(4)).map_err(NoMemory::from)?;
    if order.is_none() {
        append(out, &scheme.bytes(0xfeff).0)?;
    }
    encode::encode(&scheme, text, errors, out)
}

struct Utf32(Endian);

impl Scheme for Utf32 {
    const REASON: &'static str = "surrogates not allowed";
    const RUNS: bool = false;
    const UNIT: usize = 4;
    const REPLACEMENT_MAX: u32 = 0x7f;

    #[inline]
    fn fits(&self, c: u32) -> bool {
        !is_surrogate(c)
    }

    #[inline]
    fn bytes(&self, c: u32) -> ([u8; 4], usize) {
        let bytes = match self.0 {
            Endian::Little => c.to_le_bytes(),
            Endian::Big => c.to_be_bytes(),
        };
        (bytes, 4)
    }
}
