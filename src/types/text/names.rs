//! The names of characters, as `\N{…}` and the handler `namereplace` use them.
//!
//! The crate's names are those of Unicode 17.0, as CPython 3.15's are. It forgives more than CPython does in what
//! it is asked for, and does not name the Tangut ideographs. Here a name must be spelt as it is written, in any
//! case; an alias may lack its spaces.

use core::fmt::{self, Write};
use core::ops::RangeInclusive;

use super::buf::{NoMemory, TextBuf};
use super::repr::push_escaped;

/// Ideographs that are named by their number.
const TANGUT: [RangeInclusive<u32>; 2] = [0x17000..=0x187FF, 0x18D00..=0x18D1E];
const TANGUT_PREFIX: &str = "TANGUT IDEOGRAPH-";
/// No name that is computed has an alias.
const IDEOGRAPH: &[u8] = b"CJK UNIFIED IDEOGRAPH-";

/// The longest name is 88 characters long.
type Name = smallvec::SmallVec<[u8; 96]>;

fn is_tangut(c: u32) -> bool {
    TANGUT.iter().any(|range| range.contains(&c))
}

/// The character of this name or alias.
pub fn character(name: &[u8]) -> Option<u32> {
    let text = core::str::from_utf8(name).ok()?;
    if let Some((prefix, number)) = text.split_at_checked(TANGUT_PREFIX.len())
        && prefix.eq_ignore_ascii_case(TANGUT_PREFIX)
    {
        return u32::from_str_radix(number, 16).ok().filter(|&c| number.len() == 5 && is_tangut(c));
    }
    // The crate takes for granted that something stands before a hyphen.
    if text.starts_with('-') {
        return None;
    }
    let found = unicode_names2::character(text)?;
    is_alias_or_spelt(found, name).then_some(u32::from(found))
}

/// Whether `name` is the name of `c`, letter by letter, or none that could be mistaken for it: an alias.
fn is_alias_or_spelt(c: char, name: &[u8]) -> bool {
    let spaced = |word: &[u8]| !word.is_empty() && word.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
    if !name.split(|b| *b == b' ').all(spaced) {
        return false;
    }
    let Some(own) = unicode_names2::name(c) else { return true };
    let own: Name = own.flat_map(str::bytes).collect();
    let letters = |text: &[u8]| -> Name {
        text.iter().filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_uppercase).collect()
    };
    own.eq_ignore_ascii_case(name) || !own.starts_with(IDEOGRAPH) && letters(&own) != letters(name)
}

/// Text that a formatter writes.
struct Ascii<'a>(&'a mut TextBuf);

impl Write for Ascii<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.push_ascii(text.as_bytes()).map_err(|NoMemory| fmt::Error)
    }
}

/// `\N{NAME}`, or an escape by number for a character that has no name.
pub fn push_named(c: u32, out: &mut TextBuf) -> Result<(), NoMemory> {
    let written = if is_tangut(c) {
        write!(Ascii(out), "\\N{{{TANGUT_PREFIX}{c:X}}}")
    } else if let Some(name) = char::from_u32(c).and_then(unicode_names2::name) {
        write!(Ascii(out), "\\N{{{name}}}")
    } else {
        return push_escaped(c, out);
    };
    written.map_err(|fmt::Error| NoMemory)
}
