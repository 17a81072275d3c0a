//! UTF-16.

use super::super::buf::{NoMemory, TextBuf};
use super::super::chars::Chars;
use super::encode::{self, Scheme};
use super::handler::is_surrogate;
use super::{ByteBuf, DecodeErrors, EncodeErrors, Endian, Fault, append};

/// The order that a mark at the beginning tells.
pub fn order_of(input: &[u8]) -> Option<Endian> {
    match input {
        [0xff, 0xfe, ..] => Some(Endian::Little),
        [0xfe, 0xff, ..] => Some(Endian::Big),
        _ => None,
    }
}

fn unit(bytes: [u8; 2], order: Endian) -> u32 {
    match order {
        Endian::Little => u16::from_le_bytes(bytes).into(),
        Endian::Big => u16::from_be_bytes(bytes).into(),
    }
}

/// Decode; the answer is how much was decoded. Without an order, a mark is read
/// and left out, and `order` says afterwards what was found; without a mark the
/// machine's own order is taken.
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
        at = if order.is_some() { 2 } else { 0 };
    }
    let order = order.unwrap_or(Endian::NATIVE);
    out.reserve(input.len().saturating_sub(at) / 2)?;
    while let Some(rest) = input.get(at..).filter(|rest| !rest.is_empty()) {
        match next(rest, order) {
            Ok((c, len)) => {
                out.push(c)?;
                at += len;
            }
            Err(Bad { len, reason, cut_short }) => {
                if cut_short && !last {
                    return Ok(at);
                }
                at = errors.handle(input, Fault::new(at, at + len, reason), out)?;
            }
        }
    }
    Ok(input.len())
}

/// What is wrong at the beginning of the input.
struct Bad {
    len: usize,
    reason: &'static str,
    /// More input could make it right.
    cut_short: bool,
}

/// The first character and how many bytes it takes.
#[inline]
fn next(input: &[u8], order: Endian) -> Result<(u32, usize), Bad> {
    let bad = |len, reason, cut_short| Err(Bad { len, reason, cut_short });
    let Some(first) = input.first_chunk::<2>() else {
        return bad(input.len(), "truncated data", true);
    };
    let lead = unit(*first, order);
    if !is_surrogate(lead) {
        return Ok((lead, 2));
    }
    if lead >= 0xdc00 {
        return bad(2, "illegal encoding", false);
    }
    let Some(&[a, b]) = input[2..].first_chunk::<2>() else {
        return bad(input.len(), "unexpected end of data", true);
    };
    match unit([a, b], order) {
        trail @ 0xdc00..0xe000 => Ok((0x10000 + ((lead & 0x3ff) << 10 | trail & 0x3ff), 4)),
        _ => bad(2, "illegal UTF-16 surrogate", false),
    }
}

/// Encode; without an order, in the machine's own and with a mark.
pub fn encode<E: EncodeErrors>(
    text: Chars<'_>,
    order: Option<Endian>,
    errors: &mut E,
    out: &mut ByteBuf,
) -> Result<(), E::Error> {
    let scheme = Utf16(order.unwrap_or(Endian::NATIVE));
    out.try_reserve(text.len().saturating_mul(2)).map_err(NoMemory::from)?;
    if order.is_none() {
        append(out, &scheme.bytes(0xfeff).0[..2])?;
    }
    encode::encode(&scheme, text, errors, out)
}

struct Utf16(Endian);

impl Scheme for Utf16 {
    const REASON: &'static str = "surrogates not allowed";
    const RUNS: bool = false;
    const UNIT: usize = 2;
    const REPLACEMENT_MAX: u32 = 0x7f;

    #[inline]
    fn fits(&self, c: u32) -> bool {
        !is_surrogate(c)
    }

    #[inline]
    fn bytes(&self, c: u32) -> ([u8; 4], usize) {
        let unit = |unit: u32| match self.0 {
            Endian::Little => (unit as u16).to_le_bytes(),
            Endian::Big => (unit as u16).to_be_bytes(),
        };
        if c < 0x10000 {
            let [a, b] = unit(c);
            return ([a, b, 0, 0], 2);
        }
        let rest = c - 0x10000;
        let ([a, b], [c, d]) = (unit(0xd800 | rest >> 10), unit(0xdc00 | rest & 0x3ff));
        ([a, b, c, d], 4)
    }
}
