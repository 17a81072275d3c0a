//! Finding a text in a text: find, rfind, count, replace.
//!
//! 1-byte texts go to `memchr`. Wider ones are searched as memory too, and what is
//! found between two units is passed over; if that happens often, a linear
//! search of our own takes over, so that no input takes quadratic time.

use std::ops::Range;

use memchr::memmem;
use smallvec::SmallVec;

use super::buf::{NoMemory, TextBuf};
use super::chars::{Chars, CodeUnit, Lane};

/// The part of a text of `len` characters that `start` and `end` mean; None if it
/// begins behind its end, where not even the empty text is found.
pub fn clip(len: usize, start: isize, end: isize) -> Option<Range<usize>> {
    let absolute = |i: isize| {
        if i < 0 { i.saturating_add_unsigned(len).max(0) } else { i }
    };
    let end = (absolute(end) as usize).min(len);
    let start = absolute(start) as usize;
    (start <= end).then_some(start..end)
}

/// Run a generic function for a text, and another in the width of the first;
/// `$none` if that does not fit: then it does not occur either.
macro_rules! in_width_of {
    ($text:expr, $other:expr, |$t:ident, $o:ident| $body:expr, $none:expr) => {
        each!($text, $t => match Lane::new($other)? {
            Some($o) => $body,
            None => $none,
        })
    };
}
pub(super) use in_width_of;

/// Where `needle` first occurs.
pub fn find(text: Chars<'_>, needle: Chars<'_>) -> Result<Option<usize>, NoMemory> {
    if needle.len() > text.len() {
        return Ok(None);
    }
    if let (Chars::One(text), Chars::One(needle)) = (text, needle) {
        return Ok(match *needle {
            [unit] => memchr::memchr(unit, text),
            _ => memmem::find(text, needle),
        });
    }
    in_width_of!(text, needle, |t, n| Ok(Needle::new(&n).find(t, 0)), Ok(None))
}

/// Where `needle` last occurs.
pub fn rfind(text: Chars<'_>, needle: Chars<'_>) -> Result<Option<usize>, NoMemory> {
    if needle.len() > text.len() {
        return Ok(None);
    }
    in_width_of!(text, needle, |t, n| Ok(rfind_units(t, &n)), Ok(None))
}

/// How often `needle` occurs without overlap. The empty text occurs before each
/// character and at the end.
pub fn count(text: Chars<'_>, needle: Chars<'_>) -> Result<usize, NoMemory> {
    if needle.is_empty() {
        return Ok(text.len() + 1);
    }
    if let (Chars::One(text), Chars::One(&[unit])) = (text, needle) {
        return Ok(memchr::memchr_iter(unit, text).count());
    }
    in_width_of!(text, needle, |t, n| Ok(Needle::new(&n).occurrences(t).count()), Ok(0))
}

/// Whether one character occurs, and where.
pub fn find_char(text: Chars<'_>, c: u32) -> Option<usize> {
    each!(text, units => position(units, c))
}

pub fn rfind_char(text: Chars<'_>, c: u32) -> Option<usize> {
    match text {
        Chars::One(units) => memchr::memrchr(u8::try_from(c).ok()?, units),
        _ => each!(text, units => units.iter().rposition(|u| u.code() == c)),
    }
}

/// Append `text` with the first `max` occurrences of `old` replaced (all of them
/// if `max` is negative), and say how many there were. With none, nothing is
/// appended: the caller has the answer already.
pub fn replace(
    text: Chars<'_>,
    old: Chars<'_>,
    new: Chars<'_>,
    max: isize,
    out: &mut TextBuf,
) -> Result<usize, NoMemory> {
    let max = usize::try_from(max).unwrap_or(usize::MAX);
    if max == 0 || old.len() > text.len() {
        return Ok(0);
    }
    if old.is_empty() {
        return interleave(text, new, max, out);
    }
    in_width_of!(text, old, |t, o| replace_units(t, &o, new, max, out), Ok(0))
}

fn replace_units<T: CodeUnit>(
    text: &[T],
    old: &[T],
    new: Chars<'_>,
    max: usize,
    out: &mut TextBuf,
) -> Result<usize, NoMemory> {
    match (T::chars(text), new) {
        // No piece of ASCII need be looked at again.
        (Chars::One(all), Chars::One(new)) if all.is_ascii() && new.is_ascii() => {
            let piece = |out: &mut TextBuf, range| out.push_ascii(&all[range]);
            replace_pieces(text, old, max, out, piece, |out| out.push_ascii(new))
        }
        _ => {
            let piece = |out: &mut TextBuf, range| out.extend(T::chars(&text[range]));
            replace_pieces(text, old, max, out, piece, |out| out.extend(new))
        }
    }
}

#[inline]
fn replace_pieces<T: CodeUnit>(
    text: &[T],
    old: &[T],
    max: usize,
    out: &mut TextBuf,
    piece: impl Fn(&mut TextBuf, Range<usize>) -> Result<(), NoMemory>,
    new: impl Fn(&mut TextBuf) -> Result<(), NoMemory>,
) -> Result<usize, NoMemory> {
    let needle = Needle::new(old);
    let (mut done, mut count) = (0, 0);
    for found in needle.occurrences(text).take(max) {
        if count == 0 {
            out.reserve(text.len())?;
        }
        piece(out, done..found)?;
        new(out)?;
        done = found + old.len();
        count += 1;
    }
    if count > 0 {
        piece(out, done..text.len())?;
    }
    Ok(count)
}

/// `new` before each character and at the end, `max` times in all.
fn interleave(text: Chars<'_>, new: Chars<'_>, max: usize, out: &mut TextBuf) -> Result<usize, NoMemory> {
    let count = max.min(text.len() + 1);
    for i in 0..count {
        out.extend(new)?;
        if i < text.len() {
            out.push(text.at(i))?;
        }
    }
    out.extend(text.slice(count.min(text.len())..text.len()))?;
    Ok(count)
}

/// Units that the loop below compares at once.
const STRIDE: usize = 32;

/// The first unit that is `c`.
pub(super) fn position<T: CodeUnit>(units: &[T], c: u32) -> Option<usize> {
    if c > T::MAX {
        return None;
    }
    if let Some(bytes) = u8::borrow(T::chars(units)) {
        return memchr::memchr(c as u8, bytes);
    }
    let c = T::cut(c);
    // No early exit within a stride: so it is compiled to vector instructions.
    let strides = units.chunks_exact(STRIDE);
    let without = strides.take_while(|stride| !stride.iter().fold(false, |hit, &u| hit | (u == c))).count();
    let from = without * STRIDE;
    units[from..].iter().position(|&u| u == c).map(|i| from + i)
}

/// Misplaced hits that a search puts up with.
const PATIENCE: usize = 32;

/// What is searched for, prepared once.
pub(super) struct Needle<'n, T: CodeUnit> {
    units: &'n [T],
    finder: Option<memmem::Finder<'n>>,
}

impl<'n, T: CodeUnit> Needle<'n, T> {
    pub fn new(units: &'n [T]) -> Self {
        let finder = (units.len() > 1).then(|| memmem::Finder::new(T::chars(units).as_bytes()));
        Needle { units, finder }
    }

    /// The first occurrence at or after `from`.
    pub fn find(&self, text: &[T], from: usize) -> Option<usize> {
        let rest = text.get(from..)?;
        let found = match (&self.finder, self.units) {
            (Some(finder), _) => self.find_in_memory(finder, rest),
            (None, &[unit]) => position(rest, unit.into()),
            (None, _) => Some(0),
        };
        found.map(|i| from + i)
    }

    fn find_in_memory(&self, finder: &memmem::Finder<'_>, text: &[T]) -> Option<usize> {
        let memory = T::chars(text).as_bytes();
        let mut from = 0;
        for _ in 0..PATIENCE {
            let found = from + finder.find(&memory[from..])?;
            if found % size_of::<T>() == 0 {
                return Some(found / size_of::<T>());
            }
            from = found + 1;
        }
        let from = from / size_of::<T>();
        find_linear(&text[from..], self.units).map(|i| from + i)
    }

    /// All occurrences, without overlap; of the empty text, none.
    pub fn occurrences<'a>(&'a self, text: &'a [T]) -> impl Iterator<Item = usize> + 'a {
        let mut from = 0;
        std::iter::from_fn(move || {
            if self.units.is_empty() {
                return None;
            }
            let found = self.find(text, from)?;
            from = found + self.units.len();
            Some(found)
        })
    }
}

/// Knuth, Morris and Pratt's search. Without memory for its table, a plain one.
#[cold]
fn find_linear<T: CodeUnit>(text: &[T], needle: &[T]) -> Option<usize> {
    let mut borders: SmallVec<[usize; 64]> = SmallVec::new();
    if borders.try_reserve(needle.len()).is_err() {
        return text.windows(needle.len()).position(|window| window == needle);
    }
    // borders[i]: how much of the needle's beginning ends in its first i + 1 units.
    borders.push(0);
    let mut matched = 0;
    for &unit in &needle[1..] {
        matched = step(needle, &borders, matched, unit);
        borders.push(matched);
    }
    matched = 0;
    for (i, &unit) in text.iter().enumerate() {
        matched = step(needle, &borders, matched, unit);
        if matched == needle.len() {
            return Some(i + 1 - matched);
        }
    }
    None
}

fn step<T: CodeUnit>(needle: &[T], borders: &[usize], mut matched: usize, unit: T) -> usize {
    while matched > 0 && needle[matched] != unit {
        matched = borders[matched - 1];
    }
    matched + usize::from(needle[matched] == unit)
}

pub(super) fn rfind_units<T: CodeUnit>(text: &[T], needle: &[T]) -> Option<usize> {
    let (&first, rest) = match needle.split_first() {
        Some(parts) => parts,
        None => return Some(text.len()),
    };
    if let (Some(text), Some(needle)) = (u8::borrow(T::chars(text)), u8::borrow(T::chars(needle))) {
        return match *needle {
            [unit] => memchr::memrchr(unit, text),
            _ => memmem::rfind(text, needle),
        };
    }
    let last = text.len().checked_sub(needle.len())?;
    (0..=last).rev().find(|&i| text[i] == first && text[i + 1..i + needle.len()] == *rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(s: &str) -> Vec<u16> {
        s.encode_utf16().collect()
    }

    #[test]
    fn clips_as_slices_do() {
        assert_eq!(clip(5, 0, isize::MAX), Some(0..5));
        assert_eq!(clip(5, -2, -1), Some(3..4));
        assert_eq!(clip(5, isize::MIN, isize::MAX), Some(0..5));
        assert_eq!(clip(5, 6, 9), None);
        assert_eq!(clip(5, 5, 9), Some(5..5));
        assert_eq!(clip(5, 3, -4), None);
    }

    #[test]
    fn passes_over_hits_between_units() {
        // In memory, little end first: 41 42 41 42 … against a needle 42 41 42 41.
        let text: Vec<u16> = std::iter::repeat_n(0x4241, 1000).chain([0x4142; 3]).collect();
        let needle = [0x4142; 3];
        assert_eq!(find(Chars::Two(&text), Chars::Two(&needle)), Ok(Some(1000)));
        assert_eq!(find(Chars::Two(&text[..1002]), Chars::Two(&needle)), Ok(None));
        assert_eq!(find_linear(&wide("aabaabaaac"), &wide("aabaaa")), Some(3));
    }

    #[test]
    fn finds_in_any_width() {
        let text = wide("\u{400}hello hello\u{401}");
        let text = Chars::Two(&text);
        assert_eq!(find(text, Chars::One(b"hello")), Ok(Some(1)));
        assert_eq!(rfind(text, Chars::One(b"hello")), Ok(Some(7)));
        assert_eq!(count(text, Chars::One(b"l")), Ok(4));
        assert_eq!(count(text, Chars::One(b"")), Ok(14));
        assert_eq!(find(text, Chars::Four(&[0x10000])), Ok(None));
        assert_eq!(find_char(text, 0x401), Some(12));
        assert_eq!(rfind_char(text, 0x6c), Some(10));
    }

    #[test]
    fn replaces() {
        let check = |text: &[u8], old: &[u8], new: &[u8], max, expected: &[u8], times| {
            let mut out = TextBuf::new();
            let [t, o, n] = [text, old, new].map(Chars::One);
            assert_eq!(replace(t, o, n, max, &mut out), Ok(times));
            assert_eq!(out.view().as_bytes(), expected);
        };
        check(b"aXbXc", b"X", b"--", -1, b"a--b--c", 2);
        check(b"aXbXc", b"X", b"", 1, b"abXc", 1);
        check(b"ab", b"", b"-", -1, b"-a-b-", 3);
        check(b"ab", b"", b"-", 2, b"-a-b", 2);
        check(b"ab", b"", b"-", 1, b"-ab", 1);
        check(b"", b"", b"-", -1, b"-", 1);
        check(b"ab", b"c", b"-", -1, b"", 0);
    }
}
