//! Encodings of one byte a character, by a table: `cp1252`, `iso8859_15`, `koi8_r` and their kin.
//!
//! CPython has them in Python, each by its module; errors call all of them `charmap`.

use super::super::buf::TextBuf;
use super::super::chars::Chars;
use super::encode::{self, Scheme};
use super::{ByteBuf, DecodeErrors, EncodeErrors, Fault};

const REASON: &str = "character maps to <undefined>";

/// Stands for "no character" in a table.
const UNDEFINED: u16 = 0xFFFE;

/// What the bytes of an encoding stand for.
#[derive(Debug, PartialEq, Eq)]
pub struct Charmap {
    /// The lower half, where it is not ASCII.
    pub low: Option<[u16; 128]>,
    pub high: [u16; 128],
    /// Whether characters of the lower half stand in the upper one too, which then is what encodes them.
    pub ascii_twice: bool,
}

impl Charmap {
    fn char(&self, byte: u8) -> Option<u32> {
        let c = match (byte, &self.low) {
            (128.., _) => self.high[usize::from(byte - 128)],
            (_, Some(low)) => low[usize::from(byte)],
            (_, None) => byte.into(),
        };
        (c != UNDEFINED).then_some(c.into())
    }

    /// The last byte that stands for the character.
    fn byte(&self, c: u32) -> Option<u8> {
        let plain = u8::try_from(c).ok().filter(u8::is_ascii);
        if let (Some(byte), None, false) = (plain, &self.low, self.ascii_twice) {
            return Some(byte);
        }
        let c = u16::try_from(c).ok().filter(|&c| c != UNDEFINED)?;
        if let Some(i) = self.high.iter().rposition(|&known| known == c) {
            return Some(128 + i as u8);
        }
        match &self.low {
            Some(low) => low.iter().rposition(|&known| known == c).map(|i| i as u8),
            None => plain,
        }
    }
}

pub fn decode<E: DecodeErrors>(
    map: &Charmap,
    input: &[u8],
    errors: &mut E,
    out: &mut TextBuf,
) -> Result<usize, E::Error> {
    let mut at = 0;
    while let Some(&byte) = input.get(at) {
        match map.char(byte) {
            Some(c) => {
                out.push(c)?;
                at += 1;
            }
            None => at = errors.handle(input, Fault::new(at, at + 1, REASON), out)?,
        }
    }
    Ok(input.len())
}

pub fn encode<E: EncodeErrors>(
    map: &Charmap,
    text: Chars<'_>,
    errors: &mut E,
    out: &mut ByteBuf,
) -> Result<(), E::Error> {
    encode::encode(&map, text, errors, out)
}

impl Scheme for &Charmap {
    const REASON: &'static str = REASON;
    const RUNS: bool = true;
    const UNIT: usize = 1;
    const REPLACEMENT_MAX: u32 = 0xffff;

    fn fits(&self, c: u32) -> bool {
        self.byte(c).is_some()
    }

    fn takes(&self, replacement: &TextBuf) -> bool {
        replacement.view().iter().all(|c| self.fits(c))
    }

    fn bytes(&self, c: u32) -> ([u8; 4], usize) {
        ([self.byte(c).unwrap_or_default(), 0, 0, 0], 1)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Codec;
    use super::super::charmaps::{ALIASES, NAMES};

    #[test]
    fn finds_names_as_recorded() {
        for (name, found) in [("CP1252", "cp1252"), ("windows_1252", "cp1252"), ("iso-8859-15", "iso8859_15")] {
            assert!(Codec::lookup(name.as_bytes()).is_some(), "{name}");
            assert_eq!(Codec::lookup(name.as_bytes()), Codec::lookup(found.as_bytes()), "{name}");
        }
        assert!(Codec::lookup(b"CP-1252").is_none() && Codec::lookup(b"cp1252_").is_some());
        assert!(NAMES.is_sorted_by_key(|row| row.0) && ALIASES.is_sorted_by_key(|row| row.0));
    }
}
