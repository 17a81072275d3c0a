//! The standard error handlers.
//!
//! None from `decode` and `encode` means that the handler raises the error it was
//! given. `xmlcharrefreplace` and `namereplace` do not decode at all: CPython raises
//! a `TypeError` there, which is the caller's to make.

use super::super::buf::{NoMemory, TextBuf};
use super::super::chars::Chars;
use super::super::names;
use super::super::repr::push_escaped;
use super::{ByteBuf, Codec, Endian, Fault, Replacement, append};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handler {
    Strict,
    Ignore,
    Replace,
    BackslashReplace,
    SurrogateEscape,
    SurrogatePass,
    XmlCharRefReplace,
    NameReplace,
}

/// What decoding puts in place of what it cannot decode.
const REPLACEMENT: u32 = 0xfffd;

const SURROGATES: std::ops::Range<u32> = 0xd800..0xe000;

/// The surrogates that stand for single bytes.
const ESCAPED: std::ops::RangeInclusive<u32> = 0xdc80..=0xdcff;

#[inline]
pub fn is_surrogate(c: u32) -> bool {
    SURROGATES.contains(&c)
}

impl Handler {
    /// None: not a standard one.
    pub fn from_name(name: &[u8]) -> Option<Handler> {
        Some(match name {
            b"strict" => Handler::Strict,
            b"ignore" => Handler::Ignore,
            b"replace" => Handler::Replace,
            b"backslashreplace" => Handler::BackslashReplace,
            b"surrogateescape" => Handler::SurrogateEscape,
            b"surrogatepass" => Handler::SurrogatePass,
            b"xmlcharrefreplace" => Handler::XmlCharRefReplace,
            b"namereplace" => Handler::NameReplace,
            _ => return None,
        })
    }

    /// Whether it knows what to do with bytes.
    pub fn decodes(self) -> bool {
        !matches!(self, Handler::XmlCharRefReplace | Handler::NameReplace)
    }

    /// Append what stands for the bytes; the answer is where to go on.
    pub fn decode(
        self,
        codec: Codec,
        input: &[u8],
        fault: Fault,
        out: &mut TextBuf,
    ) -> Result<Option<usize>, NoMemory> {
        let bytes = &input[fault.start..fault.end];
        match self {
            Handler::Strict | Handler::XmlCharRefReplace | Handler::NameReplace => return Ok(None),
            Handler::Ignore => {}
            Handler::Replace => out.push(REPLACEMENT)?,
            Handler::BackslashReplace => bytes.iter().try_for_each(|&b| push_escaped(b.into(), out))?,
            Handler::SurrogateEscape => return escape_bytes(bytes, fault.start, out),
            Handler::SurrogatePass => {
                return pass_encoded(codec.decoding(input), input, fault.start, out);
            }
        }
        Ok(Some(fault.end))
    }

    /// What stands for the characters, and where to go on.
    pub fn encode(self, codec: Codec, text: Chars<'_>, fault: Fault) -> Result<Option<(Replacement, usize)>, NoMemory> {
        let chars = text.slice(fault.start..fault.end);
        let mut instead = TextBuf::new();
        match self {
            Handler::Strict => return Ok(None),
            Handler::Ignore => {}
            Handler::Replace => instead.push_repeated(b'?'.into(), chars.len())?,
            Handler::BackslashReplace => {
                chars.iter().try_for_each(|c| push_escaped(c, &mut instead))?;
            }
            Handler::XmlCharRefReplace => {
                chars.iter().try_for_each(|c| push_reference(c, &mut instead))?;
            }
            Handler::NameReplace => chars.iter().try_for_each(|c| names::push_named(c, &mut instead))?,
            Handler::SurrogateEscape => return unescape_bytes(codec, chars, fault.start),
            Handler::SurrogatePass => return pass_chars(codec, chars, fault.end),
        }
        Ok(Some((Replacement::Text(instead), fault.end)))
    }
}

/// `&#1234;`
fn push_reference(c: u32, out: &mut TextBuf) -> Result<(), NoMemory> {
    let mut digits = [0; 10];
    let mut at = digits.len();
    let mut rest = c;
    while rest > 0 || at == digits.len() {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.push_ascii(b"&#")?;
    out.push_ascii(&digits[at..])?;
    out.push_ascii(b";")
}

/// Up to four bytes, as far as they are not ASCII.
fn escape_bytes(bytes: &[u8], start: usize, out: &mut TextBuf) -> Result<Option<usize>, NoMemory> {
    let mut count = 0;
    for &b in bytes.iter().take(4).take_while(|b| !b.is_ascii()) {
        out.push(0xdc00 + u32::from(b))?;
        count += 1;
    }
    Ok((count > 0).then_some(start + count))
}

/// The bytes of a surrogate in an encoding that has room for it.
struct Surrogate {
    bytes: [u8; 4],
    len: usize,
}

impl Surrogate {
    fn new(codec: Codec, c: u32) -> Option<Self> {
        let (bytes, len) = match codec {
            Codec::Utf8 | Codec::Utf8Sig => ([0xed, 0x80 | (c >> 6 & 0x3f) as u8, 0x80 | (c & 0x3f) as u8, 0], 3),
            Codec::Utf16(order) => {
                let [a, b] = (c as u16).to_le_bytes();
                (if order == Some(Endian::Big) { [b, a, 0, 0] } else { [a, b, 0, 0] }, 2)
            }
            Codec::Utf32(Some(Endian::Big)) => (c.to_be_bytes(), 4),
            Codec::Utf32(_) => (c.to_le_bytes(), 4),
            _ => return None,
        };
        Some(Surrogate { bytes, len })
    }

    fn read(codec: Codec, input: &[u8]) -> Option<(u32, usize)> {
        let c = match (codec, input) {
            (Codec::Utf8 | Codec::Utf8Sig, &[0xed, b, c, ..]) if b & 0xe0 == 0xa0 && c & 0xc0 == 0x80 => {
                0xd000 | u32::from(b & 0x3f) << 6 | u32::from(c & 0x3f)
            }
            (Codec::Utf16(Some(Endian::Big)), &[a, b, ..]) => u16::from_be_bytes([a, b]).into(),
            (Codec::Utf16(_), &[a, b, ..]) => u16::from_le_bytes([a, b]).into(),
            (Codec::Utf32(Some(Endian::Big)), &[a, b, c, d, ..]) => u32::from_be_bytes([a, b, c, d]),
            (Codec::Utf32(_), &[a, b, c, d, ..]) => u32::from_le_bytes([a, b, c, d]),
            _ => return None,
        };
        let len = Surrogate::new(codec, c)?.len;
        is_surrogate(c).then_some((c, len))
    }
}

/// One surrogate, as the encoding writes it.
fn pass_encoded(codec: Codec, input: &[u8], start: usize, out: &mut TextBuf) -> Result<Option<usize>, NoMemory> {
    let Some((c, len)) = Surrogate::read(codec, &input[start..]) else {
        return Ok(None);
    };
    out.push(c)?;
    Ok(Some(start + len))
}

fn pass_chars(codec: Codec, chars: Chars<'_>, end: usize) -> Result<Option<(Replacement, usize)>, NoMemory> {
    let mut bytes = ByteBuf::new();
    for c in chars.iter() {
        match Surrogate::new(codec, c) {
            Some(surrogate) if is_surrogate(c) => {
                append(&mut bytes, &surrogate.bytes[..surrogate.len])?;
            }
            _ => return Ok(None),
        }
    }
    Ok(Some((Replacement::Bytes(bytes), end)))
}

/// The bytes that the first characters stand for. The rest is a fault of its own; in a table's encoding, where CPython
/// asks the handler itself, of all of them.
fn unescape_bytes(codec: Codec, chars: Chars<'_>, start: usize) -> Result<Option<(Replacement, usize)>, NoMemory> {
    if matches!(codec, Codec::Utf16(_) | Codec::Utf32(_)) {
        return Ok(None);
    }
    let mut bytes = ByteBuf::new();
    for c in chars.iter().take_while(|c| ESCAPED.contains(c)) {
        append(&mut bytes, &[(c - 0xdc00) as u8])?;
    }
    if matches!(codec, Codec::Charmap(_)) && bytes.len() < chars.len() {
        return Ok(None);
    }
    let resume = start + bytes.len();
    Ok((resume > start).then_some((Replacement::Bytes(bytes), resume)))
}
