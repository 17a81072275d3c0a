//! UTF-7: ASCII, and between `+` and `-` the units of UTF-16 in base64.
//!
//! Lone surrogates pass in both directions, so encoding never fails.

use super::super::buf::{NoMemory, TextBuf, put_all};
use super::super::chars::Chars;
use super::{ByteBuf, DecodeErrors, Fault};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn is_base64(byte: u8) -> bool {
    value_of(byte).is_some()
}

fn value_of(byte: u8) -> Option<u32> {
    Some(
        match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        }
        .into(),
    )
}

/// Whether an encoder leaves the character as it is.
fn is_direct(c: u32) -> bool {
    matches!(c, 0x09 | 0x0a | 0x0d | 0x20..0x7e) && c != u32::from(b'+') && c != u32::from(b'\\')
}

/// A section in base64 that is being decoded.
#[derive(Default)]
struct Section {
    /// Where its `+` stands.
    start: usize,
    bits: u32,
    count: u32,
    /// The first half of a pair, or 0.
    high: u32,
    /// What it has decoded; taken back if more input is to follow and the section is not at its end.
    text: TextBuf,
}

impl Section {
    /// Takes six bits in.
    fn push(&mut self, value: u32) -> Result<(), NoMemory> {
        self.bits = self.bits << 6 | value;
        self.count += 6;
        if self.count < 16 {
            return Ok(());
        }
        self.count -= 16;
        let unit = self.bits >> self.count;
        self.bits &= (1 << self.count) - 1;
        match (core::mem::take(&mut self.high), unit) {
            (0, _) => {}
            (high, 0xdc00..0xe000) => return self.text.push(0x10000 + ((high & 0x3ff) << 10 | unit & 0x3ff)),
            (high, _) => self.text.push(high)?,
        }
        match unit {
            0xd800..0xdc00 => self.high = unit,
            _ => self.text.push(unit)?,
        }
        Ok(())
    }

    /// What is wrong with the bits that are left over.
    fn remainder(&self) -> Option<&'static str> {
        match self.count {
            6.. => Some("partial character in shift sequence"),
            1.. if self.bits != 0 => Some("non-zero padding bits in shift sequence"),
            _ => None,
        }
    }
}

/// Decode; the answer is how much was decoded: all, or what stands before a section that does not end, if more
/// input is to follow.
pub fn decode<E: DecodeErrors>(input: &[u8], last: bool, errors: &mut E, out: &mut TextBuf) -> Result<usize, E::Error> {
    let mut at = 0;
    let mut open: Option<Section> = None;
    loop {
        let Some(&byte) = input.get(at) else {
            let Some(section) = open.take() else { return Ok(at) };
            if !last {
                return Ok(section.start);
            }
            out.extend(section.text.view())?;
            if section.high == 0 && section.remainder().is_none() {
                return Ok(at);
            }
            at = errors.handle(input, Fault::new(section.start, input.len(), "unterminated shift sequence"), out)?;
            continue;
        };
        let fault = if let Some(mut section) = open.take() {
            if let Some(value) = value_of(byte) {
                section.push(value)?;
                open = Some(section);
                at += 1;
                continue;
            }
            out.extend(section.text.view())?;
            match section.remainder() {
                Some(reason) => Fault::new(section.start, at + 1, reason),
                None => {
                    if section.high != 0 && byte.is_ascii() && byte != b'+' {
                        out.push(section.high)?;
                    }
                    at += usize::from(byte == b'-');
                    continue;
                }
            }
        } else {
            match (byte, input.get(at + 1)) {
                (b'+', Some(b'-')) => {
                    out.push(byte.into())?;
                    at += 2;
                    continue;
                }
                (b'+', Some(&next)) if !is_base64(next) => Fault::new(at, at + 2, "ill-formed sequence"),
                (b'+', _) => {
                    open = Some(Section { start: at, ..Section::default() });
                    at += 1;
                    continue;
                }
                (0..0x80, _) => {
                    out.push(byte.into())?;
                    at += 1;
                    continue;
                }
                _ => Fault::new(at, at + 1, "unexpected special character"),
            }
        };
        at = errors.handle(input, fault, out)?;
    }
}

/// Bits on their way out.
#[derive(Default)]
struct Bits {
    bits: u32,
    count: u32,
}

impl Bits {
    fn push(&mut self, unit: u32, out: &mut ByteBuf) -> Result<(), NoMemory> {
        self.bits = self.bits << 16 | unit;
        self.count += 16;
        while self.count >= 6 {
            self.count -= 6;
            put(out, ALPHABET[(self.bits >> self.count & 0x3f) as usize])?;
        }
        self.bits &= (1 << self.count) - 1;
        Ok(())
    }

    /// The last ones, zeros behind them.
    fn finish(self, out: &mut ByteBuf) -> Result<(), NoMemory> {
        match self.count {
            0 => Ok(()),
            count => put(out, ALPHABET[(self.bits << (6 - count) & 0x3f) as usize]),
        }
    }
}

fn put(out: &mut ByteBuf, byte: u8) -> Result<(), NoMemory> {
    put_all(out, 1, core::iter::once(byte))
}

pub fn encode(text: Chars<'_>, out: &mut ByteBuf) -> Result<(), NoMemory> {
    let mut open: Option<Bits> = None;
    for c in text.iter() {
        if is_direct(c) {
            let byte = c as u8;
            if let Some(bits) = open.take() {
                bits.finish(out)?;
                // Anything else ends the section by itself.
                if is_base64(byte) || byte == b'-' {
                    put(out, b'-')?;
                }
            }
            put(out, byte)?;
        } else if c == u32::from(b'+') && open.is_none() {
            put(out, b'+')?;
            put(out, b'-')?;
        } else {
            if open.is_none() {
                put(out, b'+')?;
            }
            let bits = open.get_or_insert_default();
            match c.checked_sub(0x10000) {
                None => bits.push(c, out)?,
                Some(rest) => {
                    bits.push(0xd800 | rest >> 10, out)?;
                    bits.push(0xdc00 | rest & 0x3ff, out)?;
                }
            }
        }
    }
    if let Some(bits) = open {
        bits.finish(out)?;
        put(out, b'-')?;
    }
    Ok(())
}
