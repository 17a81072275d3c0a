//! What only bytes can do: ASCII's idea of letters, hexadecimal text, translation
//! by a table.

use super::buf::{NoMemory, TextBuf};
use super::chars::Chars;
use super::codec::{ByteBuf, append};
use super::repr::HEX;
use super::split::is_ascii_space;

/// `bytes.isalpha` and its like: some bytes, and all of them such.
/// `all_are(b, u8::is_ascii_alphabetic)`.
pub fn all_are(bytes: &[u8], such: fn(&u8) -> bool) -> bool {
    !bytes.is_empty() && bytes.iter().all(such)
}

/// What `bytes.isspace` asks; the standard library's own leaves out `\x0b`.
pub fn is_space(byte: &u8) -> bool {
    is_ascii_space((*byte).into())
}

pub fn is_lower(bytes: &[u8]) -> bool {
    bytes.iter().any(u8::is_ascii_lowercase) && !bytes.iter().any(u8::is_ascii_uppercase)
}

pub fn is_upper(bytes: &[u8]) -> bool {
    bytes.iter().any(u8::is_ascii_uppercase) && !bytes.iter().any(u8::is_ascii_lowercase)
}

pub fn is_title(bytes: &[u8]) -> bool {
    let (mut seen, mut within) = (false, false);
    for byte in bytes {
        if byte.is_ascii_alphabetic() && byte.is_ascii_uppercase() == within {
            return false;
        }
        within = byte.is_ascii_alphabetic();
        seen |= within;
    }
    seen
}

/// `bytes.swapcase`, in place. For `lower` and `upper` the standard library has
/// `make_ascii_lowercase` and `make_ascii_uppercase`.
pub fn make_swapped(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| byte.is_ascii_alphabetic()) {
        *byte ^= 0x20;
    }
}

/// `bytes.capitalize`, in place.
pub fn make_capitalized(bytes: &mut [u8]) {
    if let Some((first, rest)) = bytes.split_first_mut() {
        first.make_ascii_uppercase();
        rest.make_ascii_lowercase();
    }
}

/// `bytes.title`, in place.
pub fn make_title(bytes: &mut [u8]) {
    let mut within = false;
    for byte in bytes {
        if within {
            byte.make_ascii_lowercase();
        } else {
            byte.make_ascii_uppercase();
        }
        within = byte.is_ascii_alphabetic();
    }
}

/// `bytes.translate(table, delete)`.
pub fn translate(bytes: &[u8], table: Option<&[u8; 256]>, delete: &[u8], out: &mut ByteBuf) -> Result<(), NoMemory> {
    let mut deleted = [false; 256];
    delete.iter().for_each(|&byte| deleted[usize::from(byte)] = true);
    out.try_reserve(bytes.len())?;
    let kept = bytes.iter().map(|&byte| usize::from(byte)).filter(|&byte| !deleted[byte]);
    out.extend(kept.map(|byte| table.map_or(byte as u8, |table| table[byte])));
    Ok(())
}

/// `bytes.maketrans`; None if the two are of different lengths.
pub fn make_table(from: &[u8], to: &[u8]) -> Option<[u8; 256]> {
    let mut table = std::array::from_fn(|byte| byte as u8);
    for (&from, &to) in from.iter().zip(to) {
        table[usize::from(from)] = to;
    }
    (from.len() == to.len()).then_some(table)
}

/// The separator that a caller of `hex` gives, or the message of a `ValueError`.
pub fn separator(text: Chars<'_>) -> Result<u8, &'static str> {
    match (text.len(), text.get(0)) {
        (1, Some(c)) if c < 0x80 => Ok(c as u8),
        (1, _) => Err("sep must be ASCII."),
        _ => Err("sep must be length 1."),
    }
}

/// `bytes.hex(sep, group)`: groups are counted from the right, or, if negative,
/// from the left.
pub fn hex(bytes: &[u8], separator: Option<u8>, group: isize, out: &mut TextBuf) -> Result<(), NoMemory> {
    let size = group.unsigned_abs();
    let separator = separator.filter(|_| size != 0 && size < bytes.len());
    let between = if separator.is_some() { (bytes.len() - 1) / size } else { 0 };
    let digits = bytes.len().checked_mul(2).and_then(|n| n.checked_add(between));
    out.reserve(digits.ok_or(NoMemory)?)?;
    for (i, byte) in bytes.iter().enumerate() {
        let before = if group < 0 { i } else { bytes.len() - i };
        if let Some(separator) = separator
            && i > 0
            && before % size == 0
        {
            out.push(separator.into())?;
        }
        out.push_ascii(&[HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]])?;
    }
    Ok(())
}

/// Why a text is not hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HexFault {
    /// `fromhex() arg must contain an even number of hexadecimal digits`
    Odd,
    /// `non-hexadecimal number found in fromhex() arg at position …`
    At(usize),
    NoMemory,
}

impl From<NoMemory> for HexFault {
    fn from(_: NoMemory) -> Self {
        HexFault::NoMemory
    }
}

/// `bytes.fromhex(text)` for a str: a character beyond ASCII is reported before
/// anything to its left.
pub fn from_hex_str(text: Chars<'_>, out: &mut ByteBuf) -> Result<(), HexFault> {
    match text.iter().position(|c| c >= 0x80) {
        Some(at) => Err(HexFault::At(at)),
        None => from_hex(text, out),
    }
}

/// `bytes.fromhex(text)` for a bytes: white space may stand between bytes.
pub fn from_hex(text: Chars<'_>, out: &mut ByteBuf) -> Result<(), HexFault> {
    out.try_reserve(text.len() / 2).map_err(NoMemory::from)?;
    let digit = |at: usize| match text.get(at) {
        None => Err(HexFault::Odd),
        Some(c) => char::from_u32(c).and_then(|c| c.to_digit(16)).ok_or(HexFault::At(at)),
    };
    let mut at = 0;
    while let Some(c) = text.get(at) {
        if is_ascii_space(c) {
            at += 1;
            continue;
        }
        append(out, &[(digit(at)? << 4 | digit(at + 1)?) as u8])?;
        at += 2;
    }
    Ok(())
}

/// `sep.join(parts)` for parts that are known already.
pub fn join<'a>(
    separator: &[u8],
    parts: impl IntoIterator<Item = &'a [u8]>,
    out: &mut ByteBuf,
) -> Result<(), NoMemory> {
    for (i, part) in parts.into_iter().enumerate() {
        if i > 0 {
            append(out, separator)?;
        }
        append(out, part)?;
    }
    Ok(())
}
