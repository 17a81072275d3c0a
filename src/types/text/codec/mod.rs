//! The encodings that the runtime knows by itself.
//!
//! A decoder or encoder that meets what it cannot convert describes it as a
//! [`Fault`] and asks its [`DecodeErrors`] or [`EncodeErrors`] what to do. Whoever
//! calls implements these: it answers for the standard handlers through
//! [`Handler`], calls a registered one, or makes the exception. [`Plain`] knows
//! the standard handlers only.

pub mod ascii;
pub mod charmap;
pub mod charmaps;
mod encode;
pub mod escape;
pub mod handler;
pub mod names;
pub mod utf16;
pub mod utf32;
pub mod utf7;
pub mod utf8;

use smallvec::SmallVec;

use super::buf::{NoMemory, TextBuf, put_slice};
use super::chars::Chars;
use super::names as character_names;

pub use handler::Handler;
pub use names::Codec;

/// What cannot be converted: the range and reason of a `UnicodeError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    pub start: usize,
    pub end: usize,
    pub reason: &'static str,
}

impl Fault {
    pub(super) const fn new(start: usize, end: usize, reason: &'static str) -> Self {
        Fault { start, end, reason }
    }
}

/// Encoded text: the first bytes without an allocation.
pub type ByteBuf = SmallVec<[u8; 128]>;

pub fn append(out: &mut ByteBuf, bytes: &[u8]) -> Result<(), NoMemory> {
    put_slice(out, bytes)
}

/// Which byte of a unit comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endian {
    Little,
    Big,
}

impl Endian {
    pub const NATIVE: Endian = if cfg!(target_endian = "big") { Endian::Big } else { Endian::Little };
}

pub trait DecodeErrors {
    type Error: From<NoMemory>;

    /// Append to `out` what stands for `input[fault.start..fault.end]`, and say
    /// where decoding goes on: anywhere in the input.
    fn handle(&mut self, input: &[u8], fault: Fault, out: &mut TextBuf) -> Result<usize, Self::Error>;
}

/// What stands for characters that cannot be encoded.
#[derive(Debug)]
pub enum Replacement {
    /// To be encoded in its turn; if that fails, so does the whole.
    Text(TextBuf),
    Bytes(ByteBuf),
}

pub trait EncodeErrors {
    type Error: From<NoMemory>;

    /// What stands for these characters, and where encoding goes on.
    fn handle(&mut self, text: Chars<'_>, fault: Fault) -> Result<(Replacement, usize), Self::Error>;

    /// The error itself: the replacement does not fit the encoding.
    fn refuse(&mut self, text: Chars<'_>, fault: Fault) -> Self::Error;
}

/// Why a conversion with [`Plain`] failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    Fault(Fault),
    NoMemory,
}

impl From<NoMemory> for Refused {
    fn from(_: NoMemory) -> Self {
        Refused::NoMemory
    }
}

/// A standard handler, and nothing that C code or Python code could have registered.
pub struct Plain {
    /// Tells `surrogatepass` what a surrogate looks like.
    pub codec: Codec,
    pub handler: Handler,
}

impl DecodeErrors for Plain {
    type Error = Refused;

    fn handle(&mut self, input: &[u8], fault: Fault, out: &mut TextBuf) -> Result<usize, Refused> {
        self.handler.decode(self.codec, input, fault, out)?.ok_or(Refused::Fault(fault))
    }
}

impl EncodeErrors for Plain {
    type Error = Refused;

    fn handle(&mut self, text: Chars<'_>, fault: Fault) -> Result<(Replacement, usize), Refused> {
        self.handler.encode(self.codec, text, fault)?.ok_or(Refused::Fault(fault))
    }

    fn refuse(&mut self, _: Chars<'_>, fault: Fault) -> Refused {
        Refused::Fault(fault)
    }
}

/// Decode with any codec; `last` says that no more input follows, so that an
/// incomplete end is a fault. The answer: how much was decoded. In UTF-16 and
/// UTF-32 without a given order, a mark at the beginning decides.
pub fn decode<E: DecodeErrors>(
    codec: Codec,
    input: &[u8],
    last: bool,
    errors: &mut E,
    out: &mut TextBuf,
) -> Result<usize, E::Error> {
    match codec {
        Codec::Utf8 => utf8::decode(input, last, errors, out),
        Codec::Utf7 => utf7::decode(input, last, errors, out),
        Codec::Latin1 => {
            ascii::decode_latin1(input, out)?;
            Ok(input.len())
        }
        Codec::Ascii => ascii::decode(input, errors, out),
        Codec::Utf16(order) => utf16::decode(input, &mut { order }, last, errors, out),
        Codec::Utf32(order) => utf32::decode(input, &mut { order }, last, errors, out),
        Codec::UnicodeEscape => {
            let decoded = escape::decode_unicode(input, last, errors, character_names::character, out)?;
            Ok(decoded.consumed)
        }
        Codec::RawUnicodeEscape => escape::decode_raw(input, last, errors, out),
        Codec::Utf8Sig => {
            let text = input.strip_prefix(utf8::MARK).unwrap_or(input);
            Ok(input.len() - text.len() + utf8::decode(text, last, errors, out)?)
        }
        Codec::Charmap(map) => charmap::decode(map, input, errors, out),
    }
}

/// Encode with any codec.
pub fn encode<E: EncodeErrors>(
    codec: Codec,
    text: Chars<'_>,
    errors: &mut E,
    out: &mut ByteBuf,
) -> Result<(), E::Error> {
    match codec {
        Codec::Utf8 => utf8::encode(text, errors, out),
        Codec::Utf7 => Ok(utf7::encode(text, out)?),
        Codec::Latin1 => ascii::encode_latin1(text, errors, out),
        Codec::Ascii => ascii::encode(text, errors, out),
        Codec::Utf16(order) => utf16::encode(text, order, errors, out),
        Codec::Utf32(order) => utf32::encode(text, order, errors, out),
        Codec::UnicodeEscape => Ok(escape::encode_unicode(text, out)?),
        Codec::RawUnicodeEscape => Ok(escape::encode_raw(text, out)?),
        Codec::Utf8Sig => {
            append(out, utf8::MARK)?;
            utf8::encode(text, errors, out)
        }
        Codec::Charmap(map) => charmap::encode(map, text, errors, out),
    }
}
