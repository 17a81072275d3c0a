//! ASCII and Latin-1.

use super::super::buf::{NoMemory, TextBuf};
use super::super::chars::Chars;
use super::encode::{self, Scheme};
use super::{ByteBuf, DecodeErrors, EncodeErrors, Fault, append};

/// How many bytes at the beginning are ASCII.
pub fn ascii_prefix(bytes: &[u8]) -> usize {
    const STRIDE: usize = 32;
    let strides = bytes.chunks_exact(STRIDE);
    let from = STRIDE * strides.take_while(|stride| stride.is_ascii()).count();
    let rest = &bytes[from..];
    from + rest.iter().position(|b| !b.is_ascii()).unwrap_or(rest.len())
}

pub fn decode_latin1(input: &[u8], out: &mut TextBuf) -> Result<(), NoMemory> {
    out.extend(Chars::One(input))
}

pub fn decode<E: DecodeErrors>(input: &[u8], errors: &mut E, out: &mut TextBuf) -> Result<usize, E::Error> {
    let mut at = 0;
    while let Some(rest) = input.get(at..).filter(|rest| !rest.is_empty()) {
        let len = ascii_prefix(rest);
        out.push_ascii(&rest[..len])?;
        at += len;
        if at < input.len() {
            let fault = Fault::new(at, at + 1, "ordinal not in range(128)");
            at = errors.handle(input, fault, out)?;
        }
    }
    Ok(input.len())
}

pub fn encode<E: EncodeErrors>(text: Chars<'_>, errors: &mut E, out: &mut ByteBuf) -> Result<(), E::Error> {
    match text {
        Chars::One(units) if units.is_ascii() => Ok(append(out, units)?),
        _ => encode::encode(&Ascii, text, errors, out),
    }
}

pub fn encode_latin1<E: EncodeErrors>(text: Chars<'_>, errors: &mut E, out: &mut ByteBuf) -> Result<(), E::Error> {
    match text {
        Chars::One(units) => Ok(append(out, units)?),
        _ => encode::encode(&Latin1, text, errors, out),
    }
}

struct Ascii;

impl Scheme for Ascii {
    const REASON: &'static str = "ordinal not in range(128)";
    const RUNS: bool = true;
    const UNIT: usize = 1;
    const REPLACEMENT_MAX: u32 = 0x7f;

    #[inline]
    fn fits(&self, c: u32) -> bool {
        c < 0x80
    }

    #[inline]
    fn bytes(&self, c: u32) -> ([u8; 4], usize) {
        ([c as u8, 0, 0, 0], 1)
    }
}

struct Latin1;

impl Scheme for Latin1 {
    const REASON: &'static str = "ordinal not in range(256)";
    const RUNS: bool = true;
    const UNIT: usize = 1;
    const REPLACEMENT_MAX: u32 = 0xff;

    #[inline]
    fn fits(&self, c: u32) -> bool {
        c < 0x100
    }

    #[inline]
    fn bytes(&self, c: u32) -> ([u8; 4], usize) {
        ([c as u8, 0, 0, 0], 1)
    }
}
