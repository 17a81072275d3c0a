//! Text and bytes, as they are and as ASCII literals; grammars that are spoilt.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::BoxedStrategy;
use proptest::string::string_regex;

/// Code points: a str may hold lone surrogates, which Rust's may not.
pub type Text = Vec<u32>;

/// Text that a regular expression describes.
pub fn re(pattern: &str) -> BoxedStrategy<String> {
    string_regex(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}")).boxed()
}

/// One of these, as it stands.
pub fn one_of(choices: &'static [&'static str]) -> BoxedStrategy<String> {
    select(choices).prop_map(str::to_owned).boxed()
}

/// A literal in ASCII.
pub fn quoted(text: &[u32]) -> String {
    let mut out = "'".to_owned();
    for &code in text {
        match code {
            0x27 | 0x5C => out.extend(['\\', code as u8 as char]),
            0x20..=0x7E => out.push(code as u8 as char),
            0..=0xFF => out.push_str(&format!("\\x{code:02x}")),
            0x100..=0xFFFF => out.push_str(&format!("\\u{code:04x}")),
            _ => out.push_str(&format!("\\U{code:08x}")),
        }
    }
    out.push('\'');
    out
}

pub fn quoted_str(text: &str) -> String {
    quoted(&text.chars().map(u32::from).collect::<Text>())
}

pub fn quoted_bytes(bytes: &[u8]) -> String {
    let codes: Text = bytes.iter().map(|&byte| u32::from(byte)).collect();
    format!("b{}", quoted(&codes))
}

/// The text as str, bytes or bytearray: in Latin-1 if that has it, or in UTF-8.
pub fn as_any_literal(text: impl Strategy<Value = String> + 'static) -> BoxedStrategy<String> {
    let written = |(text, kind): (String, u8)| match kind {
        0..=5 => quoted_str(&text),
        6..=8 => quoted_bytes(&narrow(&text)),
        _ => format!("bytearray({})", quoted_bytes(&narrow(&text))),
    };
    (text, 0..10u8).prop_map(written).boxed()
}

pub fn narrow(text: &str) -> Vec<u8> {
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    bytes.unwrap_or_else(|| text.as_bytes().to_vec())
}

/// Mostly the text itself; sometimes with a character or two put in, taken out, doubled or exchanged.
pub fn spoilt(text: impl Strategy<Value = String> + Clone + 'static, alphabet: &'static str) -> BoxedStrategy<String> {
    let characters: Vec<char> = alphabet.chars().collect();
    let edit = (0..4u8, any::<Index>(), select(characters));
    let edited = (text.clone(), vec(edit, 1..3)).prop_map(|(text, edits)| {
        let mut text: Vec<char> = text.chars().collect();
        for (kind, at, character) in edits {
            let place = at.index(text.len() + 1);
            match kind {
                0 => text.insert(place, character),
                _ if place == text.len() => text.push(character),
                1 => drop(text.remove(place)),
                2 => text.insert(place, text[place]),
                _ => text[place] = character,
            }
        }
        text.into_iter().collect()
    });
    prop_oneof![3 => text, 1 => edited].boxed()
}

/// Bytes, some of them changed.
pub fn spoilt_bytes(bytes: impl Strategy<Value = Vec<u8>> + 'static) -> BoxedStrategy<Vec<u8>> {
    let edit = (0..4u8, any::<Index>(), byte());
    let edited = |(mut bytes, edits): (Vec<u8>, Vec<(u8, Index, u8)>)| {
        for (kind, at, byte) in edits {
            let place = at.index(bytes.len() + 1);
            match kind {
                0 => bytes.insert(place, byte),
                _ if place == bytes.len() => bytes.push(byte),
                1 => drop(bytes.remove(place)),
                2 => bytes.truncate(place),
                _ => bytes[place] = byte,
            }
        }
        bytes
    };
    (bytes, prop_oneof![2 => Just(Vec::new()), 3 => vec(edit, 1..4)]).prop_map(edited).boxed()
}

/// A byte, often one at which some encoding turns.
pub fn byte() -> BoxedStrategy<u8> {
    const TURNS: &[u8] =
        b"aA0 \n\r\t\\+-&.\x00\x1c\x7f\x80\x85\xa0\xbf\xc0\xc2\xd8\xdc\xdf\xe0\xed\xef\xf0\xf4\xf5\xfe\xff";
    prop_oneof![3 => select(TURNS), 1 => any::<u8>()].boxed()
}

/// A code point, often one that some method or codec treats in a way of its own.
pub fn code_point() -> BoxedStrategy<u32> {
    let special: Vec<u32> = SPECIAL.chars().map(u32::from).collect();
    prop_oneof![
        8 => select(b"abcABCxyz0123456789".map(u32::from).to_vec()),
        4 => select(b" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x00\x7f_-+.,'\"\\{}()[]%&;:/".map(u32::from).to_vec()),
        5 => select(special),
        2 => 0x80..0x250u32,
        1 => 0x250..0xD800u32,
        2 => 0xD800..0xE000u32,
        1 => 0xE000..0x10000u32,
        1 => 0x10000..0x20000u32,
        1 => 0x20000..0x110000u32,
    ]
    .boxed()
}

/// Cases that change the length or look around them, spaces, line ends, digits, marks, the planes' ends.
const SPECIAL: &str = "éßİıŉſǅΣσςΰᾳẞἀﬃﬓꭰÅµªºÿ\u{85}\u{a0}\u{ad}\u{1680}\u{180e}\u{2000}\u{200b}\u{200d}\u{2028}\u{2029}\u{202f}\
    \u{3000}\u{feff}\u{fffd}\u{fffe}\u{ffff}\u{300}\u{345}٣߀०²½Ⅷ㊿０９𝟎𝟗😀𐐀𐐨𝒜🄀\u{e0001}\u{10ffff}\u{d7ff}\u{e000}ʼ'’·";

/// Text of up to so many characters; half of it plain, so that searching finds something.
pub fn text(most: usize) -> BoxedStrategy<Text> {
    let plain = select(b"aab bA.".map(u32::from).to_vec());
    prop_oneof![2 => vec(plain, 0..=most), 3 => vec(code_point(), 0..=most)].boxed()
}

pub fn literal(most: usize) -> BoxedStrategy<String> {
    text(most).prop_map(|text| quoted(&text)).boxed()
}

pub fn bytes_literal(most: usize) -> BoxedStrategy<String> {
    let plain = vec(select(b"aab bA.\n".to_vec()), 0..=most);
    let bytes = prop_oneof![2 => plain, 3 => vec(byte(), 0..=most)];
    bytes.prop_map(|bytes| quoted_bytes(&bytes)).boxed()
}

/// An index or a bound: near, far off, at the ends of machine words, or none.
pub fn index() -> BoxedStrategy<String> {
    prop_oneof![
        6 => (-14..14i32).prop_map(|index| index.to_string()),
        1 => one_of(&["None", "True", "False"]),
        1 => one_of(&[
            "9223372036854775807", "-9223372036854775808", "9223372036854775806", "-9223372036854775807",
            "9223372036854775808", "-9223372036854775809", "2147483648", "-2147483649", "1" , "10**30", "-10**30",
        ]),
    ]
    .boxed()
}

/// `expression` with `(a, b)`, of which the later ones may be left out.
pub fn call(method: &str, arguments: Vec<String>) -> String {
    format!("{method}({})", arguments.join(", "))
}

/// Whether no number in it asks for more than a little memory: either few digits, or more than any number has that a
/// width can be. (CPython takes for ever over zeros in groups, in a width that is only just one.)
pub fn is_modest(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit()).all(|digits| digits.len() <= 3 || digits.len() > 21)
}

/// Zero to two bounds, as `find` takes them.
pub fn bounds() -> BoxedStrategy<Vec<String>> {
    vec(index(), 0..=2).boxed()
}
