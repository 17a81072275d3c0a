//! Cutting a text into parts: split, rsplit, partition, strip.
//!
//! The parts are ranges, handed to a visitor in the order in which they are
//! found: from the right for rsplit, whose caller turns the list round.

use std::ops::Range;

use super::buf::NoMemory;
use super::chars::{Chars, CodeUnit, Lane};
use super::search::{Needle, find, in_width_of, rfind, rfind_units};
use super::unicode::is_space;

/// What counts as white space in bytes.
#[inline]
pub fn is_ascii_space(c: u32) -> bool {
    matches!(c, 9..=13 | 32)
}

/// Which white space a text knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spaces {
    Unicode,
    Ascii,
}

/// How many cuts a `maxsplit` allows: negative means all.
fn cuts(max: isize) -> usize {
    usize::try_from(max).unwrap_or(usize::MAX)
}

/// `text.split(None, max)`.
pub fn split_spaces<E>(
    text: Chars<'_>,
    spaces: Spaces,
    max: isize,
    part: impl FnMut(Range<usize>) -> Result<(), E>,
) -> Result<(), E> {
    match spaces {
        Spaces::Unicode => each!(text, units => words(units, is_space, cuts(max), part)),
        Spaces::Ascii => each!(text, units => words(units, is_ascii_space, cuts(max), part)),
    }
}

fn words<T: CodeUnit, E>(
    text: &[T],
    space: fn(u32) -> bool,
    max: usize,
    mut part: impl FnMut(Range<usize>) -> Result<(), E>,
) -> Result<(), E> {
    let mut at = 0;
    for cut in 0.. {
        at += leading(&text[at..], space);
        if at == text.len() {
            break;
        }
        if cut == max {
            return part(at..text.len());
        }
        let start = at;
        at += leading(&text[at..], |c| !space(c));
        part(start..at)?;
    }
    Ok(())
}

/// `text.rsplit(None, max)`, the last part first.
pub fn rsplit_spaces<E>(
    text: Chars<'_>,
    spaces: Spaces,
    max: isize,
    part: impl FnMut(Range<usize>) -> Result<(), E>,
) -> Result<(), E> {
    match spaces {
        Spaces::Unicode => each!(text, units => rwords(units, is_space, cuts(max), part)),
        Spaces::Ascii => each!(text, units => rwords(units, is_ascii_space, cuts(max), part)),
    }
}

fn rwords<T: CodeUnit, E>(
    text: &[T],
    space: fn(u32) -> bool,
    max: usize,
    mut part: impl FnMut(Range<usize>) -> Result<(), E>,
) -> Result<(), E> {
    let mut end = text.len();
    for cut in 0.. {
        end -= trailing(&text[..end], space);
        if end == 0 {
            break;
        }
        if cut == max {
            return part(0..end);
        }
        let start = end - trailing(&text[..end], |c| !space(c));
        part(start..end)?;
        end = start;
    }
    Ok(())
}

/// `text.split(sep, max)`; `sep` is not empty.
pub fn split<E: From<NoMemory>>(
    text: Chars<'_>,
    sep: Chars<'_>,
    max: isize,
    mut part: impl FnMut(Range<usize>) -> Result<(), E>,
) -> Result<(), E> {
    let mut start = 0;
    in_width_of!(
        text,
        sep,
        |t, s| {
            for found in Needle::new(&s).occurrences(t).take(cuts(max)) {
                part(start..found)?;
                start = found + s.len();
            }
        },
        ()
    );
    part(start..text.len())
}

/// `text.rsplit(sep, max)`, the last part first; `sep` is not empty.
pub fn rsplit<E: From<NoMemory>>(
    text: Chars<'_>,
    sep: Chars<'_>,
    max: isize,
    mut part: impl FnMut(Range<usize>) -> Result<(), E>,
) -> Result<(), E> {
    let mut end = text.len();
    in_width_of!(
        text,
        sep,
        |t, s| {
            for _ in 0..cuts(max) {
                let Some(found) = rfind_units(&t[..end], &s) else {
                    break;
                };
                part(found + s.len()..end)?;
                end = found;
            }
        },
        ()
    );
    part(0..end)
}

/// What stands before and after a separator.
pub type Sides = (Range<usize>, Range<usize>);

/// What stands before and after the first `sep`, which is not empty.
pub fn partition(text: Chars<'_>, sep: Chars<'_>) -> Result<Option<Sides>, NoMemory> {
    Ok(find(text, sep)?.map(|i| (0..i, i + sep.len()..text.len())))
}

/// What stands before and after the last `sep`, which is not empty.
pub fn rpartition(text: Chars<'_>, sep: Chars<'_>) -> Result<Option<Sides>, NoMemory> {
    Ok(rfind(text, sep)?.map(|i| (0..i, i + sep.len()..text.len())))
}

/// The ends that a strip works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    Left,
    Right,
    Both,
}

/// What is left of `text` without white space at its ends.
pub fn strip_spaces(text: Chars<'_>, spaces: Spaces, ends: Ends) -> Range<usize> {
    match spaces {
        Spaces::Unicode => each!(text, units => strip_where(units, ends, is_space)),
        Spaces::Ascii => each!(text, units => strip_where(units, ends, is_ascii_space)),
    }
}

/// What is left of `text` without any of the characters of `set` at its ends.
pub fn strip(text: Chars<'_>, set: Chars<'_>, ends: Ends) -> Range<usize> {
    // A filter of 64 bits: most characters that are not in the set stop at it.
    let bloom = set.iter().fold(0u64, |bloom, c| bloom | 1 << (c & 63));
    let member = |c: u32| bloom >> (c & 63) & 1 != 0 && has(set, c);
    each!(text, units => strip_where(units, ends, member))
}

fn has(set: Chars<'_>, c: u32) -> bool {
    each!(set, units => units.iter().any(|u| u.code() == c))
}

fn strip_where<T: CodeUnit>(text: &[T], ends: Ends, drop: impl Fn(u32) -> bool) -> Range<usize> {
    let start = if ends == Ends::Right { 0 } else { leading(text, &drop) };
    let end = if ends == Ends::Left { 0 } else { trailing(&text[start..], &drop) };
    start..text.len() - end
}

/// How many units at the beginning are such.
#[inline]
fn leading<T: CodeUnit>(units: &[T], such: impl Fn(u32) -> bool) -> usize {
    units.iter().position(|&c| !such(c.into())).unwrap_or(units.len())
}

/// How many units at the end are such.
#[inline]
fn trailing<T: CodeUnit>(units: &[T], such: impl Fn(u32) -> bool) -> usize {
    units.iter().rev().position(|&c| !such(c.into())).unwrap_or(units.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Parts<'a> = Vec<&'a str>;

    fn collect<'a>(
        text: &'a str,
        run: impl FnOnce(Chars<'a>, &mut dyn FnMut(Range<usize>) -> Result<(), NoMemory>) -> Result<(), NoMemory>,
    ) -> Parts<'a> {
        let mut parts = Vec::new();
        run(Chars::One(text.as_bytes()), &mut |range| {
            parts.push(&text[range]);
            Ok(())
        })
        .unwrap();
        parts
    }

    #[test]
    fn splits_at_spaces() {
        let split = |text, max| collect(text, |t, f| split_spaces(t, Spaces::Unicode, max, f));
        assert_eq!(split("  a b\tc  ", -1), ["a", "b", "c"]);
        assert_eq!(split("  a b\tc  ", 1), ["a", "b\tc  "]);
        assert_eq!(split("  a ", 0), ["a "]);
        assert_eq!(split("   ", -1), Parts::new());
        assert_eq!(split("a\x1cb", -1), ["a", "b"]);
        let bytes = |text| collect(text, |t, f| split_spaces(t, Spaces::Ascii, -1, f));
        assert_eq!(bytes("a\x1cb c"), ["a\x1cb", "c"]);
        let rsplit = |text, max| collect(text, |t, f| rsplit_spaces(t, Spaces::Unicode, max, f));
        assert_eq!(rsplit("  a b\tc  ", 1), ["c", "  a b"]);
        assert_eq!(rsplit("  a b\tc  ", 0), ["  a b\tc"]);
    }

    #[test]
    fn splits_at_separators() {
        let at = |text, sep: &'static str, max| collect(text, |t, f| split(t, Chars::One(sep.as_bytes()), max, f));
        assert_eq!(at("a,b,,c", ",", -1), ["a", "b", "", "c"]);
        assert_eq!(at("a,b,,c", ",", 1), ["a", "b,,c"]);
        assert_eq!(at("", ",", -1), [""]);
        assert_eq!(at("aaa", "aa", -1), ["", "a"]);
        let from_right =
            |text, sep: &'static str, max| collect(text, |t, f| rsplit(t, Chars::One(sep.as_bytes()), max, f));
        assert_eq!(from_right("aaa", "aa", -1), ["", "a"]);
        assert_eq!(from_right("a,b,,c", ",", 1), ["c", "a,b,"]);
        let none = collect("a", |t, f| split(t, Chars::Two(&[0x400]), -1, f));
        assert_eq!(none, ["a"]);
    }

    #[test]
    fn strips() {
        let text = Chars::One(b"  xyx ");
        assert_eq!(strip_spaces(text, Spaces::Unicode, Ends::Both), 2..5);
        assert_eq!(strip_spaces(text, Spaces::Ascii, Ends::Left), 2..6);
        assert_eq!(strip(text, Chars::One(b" x"), Ends::Right), 0..4);
        assert_eq!(strip(text, Chars::One(b" xy"), Ends::Both), 6..6);
        assert_eq!(partition(text, Chars::One(b"x")), Ok(Some((0..2, 3..6))));
        assert_eq!(rpartition(text, Chars::One(b"x")), Ok(Some((0..4, 5..6))));
    }
}
