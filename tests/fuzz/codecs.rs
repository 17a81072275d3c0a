//! Decoding of near-valid bytes and encoding of any text, by every kind of codec with every error handler.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use crate::search::{Area, Difference};
use crate::text::{Text, byte, code_point, one_of, quoted, quoted_bytes, re, spoilt_bytes, text};

pub fn areas() -> Vec<Area> {
    vec![
        Area { name: "decode", expressions: decode, differences: &[] },
        Area { name: "encode", expressions: encode, differences: &[PRIVATE_NAMES] },
    ]
}

const PRIVATE_NAMES: Difference = Difference {
    _reason: "CPython numbers its aliases in the private use area from U+F0000 on, and lets the handler show them there.",
    holds: |expression, _, _| expression.contains("namereplace") && expression.contains("\\U000f0"),
};

fn encoding() -> BoxedStrategy<String> {
    prop_oneof![
        4 => one_of(&["utf-8", "utf-16", "utf-32", "utf-7", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]),
        3 => one_of(&["ascii", "latin-1", "unicode_escape", "raw_unicode_escape", "utf-8-sig"]),
        1 => one_of(&["cp1252", "cp437", "koi8-r", "iso8859-7", "mac-roman", "cp1255", "cp037", "cp424", "tis-620", "hz-none"]),
        1 => one_of(&["UTF8", "U8", "utf_16", "UTF-16LE", "unicode-escape", "Latin_1", "l1", "us-ascii", "utf 8", "utf--8", "\\xe9"]),
    ]
    .boxed()
}

fn errors() -> BoxedStrategy<String> {
    one_of(&[
        "strict",
        "ignore",
        "replace",
        "backslashreplace",
        "surrogateescape",
        "surrogatepass",
        "xmlcharrefreplace",
        "namereplace",
        "none such",
        "",
    ])
}

/// The text in an encoding of Unicode, surrogates as any other code point.
fn encoded(text: &Text, how: u8) -> Vec<u8> {
    let units = |code: u32| match code.checked_sub(0x10000) {
        Some(rest) => vec![0xD800 + (rest >> 10) as u16, 0xDC00 + (rest & 0x3FF) as u16],
        None => vec![code as u16],
    };
    let utf8 = |code: u32| match char::from_u32(code) {
        Some(character) => character.to_string().into_bytes(),
        None => vec![0xED, 0x80 | (code >> 6 & 0x3F) as u8, 0x80 | (code & 0x3F) as u8],
    };
    match how {
        0 => text.iter().flat_map(|&code| utf8(code)).collect(),
        1 => text.iter().flat_map(|&code| units(code)).flat_map(u16::to_le_bytes).collect(),
        2 => text.iter().flat_map(|&code| units(code)).flat_map(u16::to_be_bytes).collect(),
        3 => text.iter().flat_map(|&code| code.to_le_bytes()).collect(),
        _ => text.iter().flat_map(|&code| code.to_be_bytes()).collect(),
    }
}

const ESCAPES: &str = "(\\\\(x[0-9a-f]{0,2}|u[0-9a-f]{0,4}|u[dD][89a-f][0-9a-f]{2}|U000[0-9a-f]{0,5}|U[0-9a-f]{0,8}|\
    N\\{(LATIN SMALL LETTER A|BULLET|digit one|NONE SUCH|LF|)\\}|N\\{[A-Z -]{0,9}|N|[0-7]{1,3}|[\n'\"abfnrtv\\\\z89\u{e9}])|[ -~]){0,6}";
const SEVEN: &str =
    "([A-Za-z ~\\\\]|\\+[A-Za-z0-9+/]{0,9}-?|\\+-|\\+2D[0-9A-Za-z]{1,6}-?|\\+3[A-Z]{2,4}|[\u{80}-\u{ff}]){0,5}";

fn bytes() -> BoxedStrategy<Vec<u8>> {
    let latin = |text: String| text.chars().map(|c| c as u8).collect::<Vec<u8>>();
    let unicode = (
        text(6),
        0..5u8,
        one_of(&[
            "",
            "",
            "",
            "\u{ef}\u{bb}\u{bf}",
            "\u{ff}\u{fe}",
            "\u{fe}\u{ff}",
            "\u{ff}\u{fe}\0\0",
            "\0\0\u{fe}\u{ff}",
        ]),
    )
        .prop_map(move |(text, how, mark)| [latin(mark), encoded(&text, how)].concat());
    prop_oneof![
        2 => vec(byte(), 0..12),
        4 => spoilt_bytes(unicode),
        2 => spoilt_bytes(re(ESCAPES).prop_map(latin)),
        2 => spoilt_bytes(re(SEVEN).prop_map(latin)),
    ]
    .boxed()
}

fn decode() -> BoxedStrategy<String> {
    let any = (bytes(), encoding(), errors());
    // What fits its codec, which the above rarely does.
    let seven = (
        spoilt_bytes(re(SEVEN).prop_map(|t| t.chars().map(|c| c as u8).collect())),
        Just("utf-7".to_owned()),
        errors(),
    );
    let escape = (
        spoilt_bytes(re(ESCAPES).prop_map(|t| t.chars().map(|c| c as u8).collect())),
        one_of(&["unicode_escape", "raw_unicode_escape"]),
        errors(),
    );
    let utf8 = (spoilt_bytes(text(8).prop_map(|text| encoded(&text, 0))), one_of(&["utf-8", "utf-8-sig"]), errors());
    (prop_oneof![5 => any, 2 => seven, 2 => escape, 2 => utf8], 0..4u8)
        .prop_map(|((bytes, encoding, errors), how)| {
            let bytes = quoted_bytes(&bytes);
            match how {
                0 | 1 => format!("{bytes}.decode('{encoding}', '{errors}')"),
                2 => format!("str({bytes}, '{encoding}', '{errors}')"),
                _ => format!("bytearray({bytes}).decode(encoding='{encoding}', errors='{errors}')"),
            }
        })
        .boxed()
}

fn encode() -> BoxedStrategy<String> {
    let text = prop_oneof![3 => text(10), 2 => vec(code_point(), 0..4)];
    (text, encoding(), errors(), 0..3u8)
        .prop_map(|(text, encoding, errors, how)| {
            let text = quoted(&text);
            match how {
                0 | 1 => format!("{text}.encode('{encoding}', '{errors}')"),
                _ => format!("bytes({text}, '{encoding}', '{errors}')"),
            }
        })
        .boxed()
}
