//! What the encodings are called.

use super::Endian;
use super::charmap::Charmap;
use super::charmaps;

/// An encoding; an order of bytes that is None is told by a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    Utf7,
    Utf8,
    Utf16(Option<Endian>),
    Utf32(Option<Endian>),
    Latin1,
    Ascii,
    UnicodeEscape,
    RawUnicodeEscape,
    /// UTF-8 behind a mark, which decoding does without.
    Utf8Sig,
    Charmap(&'static Charmap),
}

use Codec::{Ascii, Latin1, RawUnicodeEscape, UnicodeEscape, Utf7, Utf8, Utf8Sig, Utf16, Utf32};
use Endian::{Big, Little};

/// Names in which a full stop may not stand for an underscore.
const NAMES: [(&str, Codec); 13] = [
    ("ascii", Ascii),
    ("latin_1", Latin1),
    ("raw_unicode_escape", RawUnicodeEscape),
    ("unicode_escape", UnicodeEscape),
    ("utf_16", Utf16(None)),
    ("utf_16_be", Utf16(Some(Big))),
    ("utf_16_le", Utf16(Some(Little))),
    ("utf_32", Utf32(None)),
    ("utf_32_be", Utf32(Some(Big))),
    ("utf_32_le", Utf32(Some(Little))),
    ("utf_7", Utf7),
    ("utf_8", Utf8),
    ("utf_8_sig", Utf8Sig),
];

const ALIASES: [(&str, Codec); 54] = [
    ("646", Ascii),
    ("8859", Latin1),
    ("ansi_x3.4_1968", Ascii),
    ("ansi_x3.4_1986", Ascii),
    ("ansi_x3_4_1968", Ascii),
    ("cp367", Ascii),
    ("cp65001", Utf8),
    ("cp819", Latin1),
    ("csascii", Ascii),
    ("csisolatin1", Latin1),
    ("csunicode11utf7", Utf7),
    ("csutf16", Utf16(None)),
    ("csutf16be", Utf16(Some(Big))),
    ("csutf16le", Utf16(Some(Little))),
    ("csutf32", Utf32(None)),
    ("csutf32be", Utf32(Some(Big))),
    ("csutf32le", Utf32(Some(Little))),
    ("csutf7", Utf7),
    ("csutf8", Utf8),
    ("ibm367", Ascii),
    ("ibm819", Latin1),
    ("iso646_us", Ascii),
    ("iso8859", Latin1),
    ("iso8859_1", Latin1),
    ("iso_646.irv_1991", Ascii),
    ("iso_8859_1", Latin1),
    ("iso_8859_1_1987", Latin1),
    ("iso_ir_100", Latin1),
    ("iso_ir_6", Ascii),
    ("l1", Latin1),
    ("latin", Latin1),
    ("latin1", Latin1),
    ("u16", Utf16(None)),
    ("u32", Utf32(None)),
    ("u7", Utf7),
    ("u8", Utf8),
    ("unicode_1_1_utf_7", Utf7),
    ("unicodebigunmarked", Utf16(Some(Big))),
    ("unicodelittleunmarked", Utf16(Some(Little))),
    ("us", Ascii),
    ("us_ascii", Ascii),
    ("utf", Utf8),
    ("utf16", Utf16(None)),
    ("utf32", Utf32(None)),
    ("utf7", Utf7),
    ("utf8", Utf8),
    ("utf8_ucs2", Utf8),
    ("utf8_ucs4", Utf8),
    ("utf_16be", Utf16(Some(Big))),
    ("utf_16le", Utf16(Some(Little))),
    ("utf_32be", Utf32(Some(Big))),
    ("utf_32le", Utf32(Some(Little))),
    ("utf_8_ucs2", Utf8),
    ("utf_8_ucs4", Utf8),
];

/// No name is longer.
const LONGEST: usize = 24;

impl Codec {
    /// The codec of this name, whatever its case and punctuation; None if it is
    /// not one of these.
    pub fn lookup(name: &[u8]) -> Option<Codec> {
        match name {
            b"utf-8" | b"utf8" => return Some(Utf8),
            b"ascii" => return Some(Ascii),
            b"latin-1" => return Some(Latin1),
            _ => {}
        }
        let mut space = [0; LONGEST];
        let name = normalize(name, &mut space)?;
        let exact = find(&NAMES, name).or_else(|| find_charmap(&charmaps::NAMES, name));
        if let Some(codec) = exact.or_else(|| find_alias(name)) {
            return Some(codec);
        }
        name.iter_mut().filter(|c| **c == b'.').for_each(|c| *c = b'_');
        find_alias(name)
    }

    /// The name that a `UnicodeEncodeError` gives.
    pub fn name(self) -> &'static str {
        match self {
            Utf7 => "utf7",
            Utf8 | Utf8Sig => "utf-8",
            Codec::Charmap(_) => "charmap",
            Utf16(None) => "utf-16",
            Utf16(Some(Little)) => "utf-16-le",
            Utf16(Some(Big)) => "utf-16-be",
            Utf32(None) => "utf-32",
            Utf32(Some(Little)) => "utf-32-le",
            Utf32(Some(Big)) => "utf-32-be",
            Latin1 => "latin-1",
            Ascii => "ascii",
            UnicodeEscape => "unicodeescape",
            RawUnicodeEscape => "rawunicodeescape",
        }
    }

    /// The codec that a `UnicodeDecodeError` names: once `input` is seen, the
    /// order is known.
    pub fn decoding(self, input: &[u8]) -> Codec {
        match self {
            Utf16(None) => Utf16(Some(super::utf16::order_of(input).unwrap_or(Endian::NATIVE))),
            Utf32(None) => Utf32(Some(super::utf32::order_of(input).unwrap_or(Endian::NATIVE))),
            codec => codec,
        }
    }
}

fn find<T: Copy>(table: &[(&str, T)], name: &[u8]) -> Option<T> {
    let found = table.binary_search_by(|(known, _)| known.as_bytes().cmp(name));
    found.ok().map(|i| table[i].1)
}

fn find_charmap(table: &[(&str, &'static Charmap)], name: &[u8]) -> Option<Codec> {
    find(table, name).map(Codec::Charmap)
}

fn find_alias(name: &[u8]) -> Option<Codec> {
    find(&ALIASES, name).or_else(|| find_charmap(&charmaps::ALIASES, name))
}

/// Lower case, each run of punctuation between words one underscore, full stops
/// kept. None if it is longer than any name.
fn normalize<'a>(name: &[u8], space: &'a mut [u8; LONGEST]) -> Option<&'a mut [u8]> {
    let (mut len, mut gap) = (0, false);
    for &c in name {
        if !c.is_ascii_alphanumeric() && c != b'.' {
            gap = true;
            continue;
        }
        if gap && len > 0 {
            *space.get_mut(len)? = b'_';
            len += 1;
        }
        gap = false;
        *space.get_mut(len)? = c.to_ascii_lowercase();
        len += 1;
    }
    Some(&mut space[..len])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_names_as_recorded() {
        let same = [
            ("UTF 8", Some(Utf8)),
            ("utf--8", Some(Utf8)),
            ("-utf8-", Some(Utf8)),
            ("u.t.f", None),
            ("utf.8", None),
            ("LATIN1", Some(Latin1)),
            ("iso-8859-1", Some(Latin1)),
            ("us.ascii", Some(Ascii)),
            ("ISO_646.irv_1991", Some(Ascii)),
            ("utf-16LE", Some(Utf16(Some(Little)))),
            ("raw-unicode-escape", Some(RawUnicodeEscape)),
            ("unicodeescape", None),
            ("utf8@euro", None),
            ("utf_8_sig", Some(Utf8Sig)),
            ("a name that is far too long", None),
            ("", None),
        ];
        for (name, codec) in same {
            assert_eq!(Codec::lookup(name.as_bytes()), codec, "{name}");
        }
        assert!(NAMES.is_sorted_by_key(|row| row.0) && ALIASES.is_sorted_by_key(|row| row.0));
    }
}
