//! The character database: what `str.isalpha` and its kin ask, and case mappings.
//!
//! A code point's record is found in three steps of table (`tables.rs`, written
//! by `tools/unicode_tables.py` from CPython's own answers, 26 KB in all). The
//! test compares every property of every code point with what CPython recorded.

use super::chars::{Chars, CodeUnit};
use super::tables::{self, *};

/// In place of a distance: the mapping has several characters.
pub const MANY: i32 = i32::MAX;

/// What a code point is; the mappings as distances from it.
pub struct Record {
    pub flags: u16,
    pub upper: i32,
    pub lower: i32,
    pub title: i32,
    pub fold: i32,
    /// 255: none.
    pub decimal: u8,
    /// 255: none.
    pub digit: u8,
}

const NO_DIGIT: u8 = 255;

/// The record of `c`, which must be a code point.
#[inline]
pub fn record(c: u32) -> &'static Record {
    let below = |bits: u32| (1usize << bits) - 1;
    let middle = (TOP[(c >> (LOW + HIGH)) as usize] as usize) << HIGH;
    let leaf = (MIDDLE[middle | (c >> LOW) as usize & below(HIGH)] as usize) << LOW;
    &RECORDS[LEAVES[leaf | c as usize & below(LOW)] as usize]
}

/// Whether `c` has any of these properties (`tables::ALPHA`, …).
#[inline]
pub fn is(c: u32, flags: u16) -> bool {
    record(c).flags & flags != 0
}

/// `str.isspace` of one character.
#[inline]
pub fn is_space(c: u32) -> bool {
    if c < 0x80 { matches!(c, 9..=13 | 28..=32) } else { is(c, SPACE) }
}

/// Where `str.splitlines` ends a line.
#[inline]
pub fn is_line_break(c: u32) -> bool {
    matches!(c, 10..=13 | 28..=30 | 0x85 | 0x2028 | 0x2029)
}

/// `str.isprintable` of one character.
#[inline]
pub fn is_printable(c: u32) -> bool {
    if c < 0x80 { matches!(c, 0x20..0x7f) } else { is(c, PRINTABLE) }
}

/// The value of a decimal digit of any script: what `int('٣')` reads.
#[inline]
pub fn decimal(c: u32) -> Option<u32> {
    match c {
        0x30..=0x39 => Some(c - 0x30),
        0..0x80 => None,
        _ => Some(record(c).decimal).filter(|&d| d != NO_DIGIT).map(u32::from),
    }
}

/// The value of a digit, superscripts and the like included.
pub fn digit(c: u32) -> Option<u32> {
    Some(record(c).digit).filter(|&d| d != NO_DIGIT).map(u32::from)
}

/// One to three characters.
#[derive(Clone, Copy)]
pub struct Mapped {
    chars: [u32; 3],
    len: usize,
}

impl Mapped {
    #[inline]
    pub fn chars(&self) -> &[u32] {
        &self.chars[..self.len]
    }
}

#[inline]
fn mapped(c: u32, distance: i32, many: &[(u32, [u32; 3])]) -> Mapped {
    if distance != MANY {
        return Mapped { chars: [c.wrapping_add_signed(distance), 0, 0], len: 1 };
    }
    // The generator writes a row for each record that says MANY.
    let row = many.binary_search_by_key(&c, |row| row.0).unwrap_or(0);
    let chars = many[row].1;
    Mapped { chars, len: chars.iter().take_while(|&&c| c != 0).count() }
}

pub fn to_upper(c: u32) -> Mapped {
    mapped(c, record(c).upper, &MANY_UPPER)
}

pub fn to_lower(c: u32) -> Mapped {
    mapped(c, record(c).lower, &MANY_LOWER)
}

pub fn to_title(c: u32) -> Mapped {
    mapped(c, record(c).title, &MANY_TITLE)
}

pub fn to_fold(c: u32) -> Mapped {
    mapped(c, record(c).fold, &MANY_FOLD)
}

fn all<T: CodeUnit>(units: &[T], flags: u16) -> bool {
    !units.is_empty() && units.iter().all(|&c| is(c.into(), flags))
}

/// `str.isalpha` (`ALPHA`), `isdecimal`, `isdigit`, `isnumeric`, `isspace`; with
/// several flags, any of them: `isalnum`.
pub fn all_are(text: Chars<'_>, flags: u16) -> bool {
    each!(text, units => all(units, flags))
}

/// What `str.isalnum` passes to [`all_are`].
pub const ALNUM: u16 = ALPHA | DECIMAL | DIGIT | NUMERIC;

/// What has a case.
pub const CASED: u16 = LOWER | UPPER | TITLE;

/// `str.isprintable`: true of no characters.
pub fn all_printable(text: Chars<'_>) -> bool {
    each!(text, units => units.iter().all(|c| is_printable(c.code())))
}

/// `str.isidentifier`.
pub fn is_identifier(text: Chars<'_>) -> bool {
    let mut chars = text.iter();
    chars.next().is_some_and(|c| is(c, XID_START)) && chars.all(|c| is(c, XID_CONTINUE))
}

/// `str.islower` (with `LOWER`) or `str.isupper` (with `UPPER`): some, and none of
/// the other cases.
fn cased_only(text: Chars<'_>, wanted: u16) -> bool {
    let unwanted = CASED & !wanted;
    let mut seen = false;
    for c in text.iter() {
        let flags = record(c).flags;
        if flags & unwanted != 0 {
            return false;
        }
        seen |= flags & wanted != 0;
    }
    seen
}

pub fn is_lower(text: Chars<'_>) -> bool {
    cased_only(text, LOWER)
}

pub fn is_upper(text: Chars<'_>) -> bool {
    cased_only(text, UPPER)
}

/// `str.istitle`: words begin with an upper- or titlecase letter, and only they.
pub fn is_title(text: Chars<'_>) -> bool {
    let (mut seen, mut within) = (false, false);
    for c in text.iter() {
        let flags = record(c).flags;
        let begins = flags & (UPPER | TITLE) != 0;
        let goes_on = flags & LOWER != 0;
        if begins && within || goes_on && !within {
            return false;
        }
        within = begins || goes_on;
        seen |= within;
    }
    seen
}

/// Names of the flags, as the record and the generator write them.
pub const FLAGS: [(&str, u16); 12] = [
    ("ALPHA", ALPHA),
    ("DECIMAL", DECIMAL),
    ("DIGIT", tables::DIGIT),
    ("NUMERIC", NUMERIC),
    ("SPACE", SPACE),
    ("LOWER", LOWER),
    ("UPPER", UPPER),
    ("TITLE", TITLE),
    ("PRINTABLE", PRINTABLE),
    ("XID_START", XID_START),
    ("XID_CONTINUE", XID_CONTINUE),
    ("CASE_IGNORABLE", CASE_IGNORABLE),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::text::hash::HashKey;

    const RECORDED: &str = include_str!("recorded/unicode.txt");

    fn hashed(property: impl FnMut(u32) -> u8) -> i64 {
        let all: Vec<u8> = (0..0x110000).map(property).collect();
        HashKey::from_seed(0).hash(&all) as i64
    }

    fn hashed_mapping(mapping: fn(u32) -> Mapped) -> i64 {
        let mut all = Vec::new();
        for c in 0..0x110000 {
            for m in mapping(c).chars() {
                all.extend_from_slice(&m.to_le_bytes());
            }
            all.extend_from_slice(&[0xff; 4]);
        }
        HashKey::from_seed(0).hash(&all) as i64
    }

    fn measured(name: &str) -> i64 {
        if let Some((_, flag)) = FLAGS.iter().find(|(flag, _)| *flag == name) {
            return hashed(|c| is(c, *flag) as u8);
        }
        match name {
            "decimal" => hashed(|c| decimal(c).unwrap_or(255) as u8),
            "digit" => hashed(|c| digit(c).unwrap_or(255) as u8),
            "upper" => hashed_mapping(to_upper),
            "lower" => hashed_mapping(to_lower),
            "title" => hashed_mapping(to_title),
            "fold" => hashed_mapping(to_fold),
            _ => panic!("the record has an unknown property {name}"),
        }
    }

    #[test]
    fn every_code_point_is_as_recorded() {
        let mut wrong = Vec::new();
        let mut count = 0;
        for line in RECORDED.lines().filter(|line| !line.starts_with('#')) {
            let (name, value) = line.split_once(' ').unwrap();
            count += 1;
            if measured(name) != value.parse::<i64>().unwrap() {
                wrong.push(name);
            }
        }
        assert_eq!(count, FLAGS.len() + 6);
        assert!(wrong.is_empty(), "{wrong:?} differ; DEATHLESS_UNICODE_DUMP says where");
    }

    /// With `DEATHLESS_UNICODE_DUMP` naming what `unicode_tables.py --dump` wrote,
    /// the first code points that differ.
    #[test]
    fn every_code_point_is_as_dumped() {
        let Ok(path) = std::env::var("DEATHLESS_UNICODE_DUMP") else {
            return;
        };
        let dump = std::fs::read_to_string(path).unwrap();
        let show = |m: Mapped| m.chars().iter().map(|c| format!("{c:x}")).collect::<Vec<_>>().join(",");
        let ours = |c: u32| {
            let r = record(c);
            let maps = [to_upper(c), to_lower(c), to_title(c), to_fold(c)].map(show).join(" ");
            format!("{c:x} {} {} {} {maps}", r.flags, r.decimal, r.digit)
        };
        let differ: Vec<_> = dump.lines().zip((0..).map(ours)).filter(|(a, b)| a != b).take(10).collect();
        assert!(differ.is_empty() && dump.lines().count() == 0x110000, "{differ:#?}");
    }

    #[test]
    fn words_and_cases() {
        let one = |s: &'static str| Chars::One(s.as_bytes());
        assert!(is_title(one("Hello World")) && !is_title(one("HeLlo")) && !is_title(one("")));
        assert!(is_lower(one("a1")) && !is_lower(one("1")) && is_upper(one("A B")));
        assert!(is_identifier(one("_a1")) && !is_identifier(one("1a")) && !is_identifier(one("")));
        assert!(all_printable(one("")) && !all_are(one(""), ALPHA) && all_are(one("a1"), ALNUM));
        // The database agrees with the shortcuts.
        for c in 0..0x110000 {
            assert_eq!(is_space(c), is(c, SPACE), "{c:x}");
            assert_eq!(is_printable(c), is(c, PRINTABLE), "{c:x}");
        }
    }
}
