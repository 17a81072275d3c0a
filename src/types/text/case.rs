//! Case: lower, upper, title, capitalize, swapcase, casefold of a str.
//!
//! The mappings are Unicode's full ones: a character may become three. The one
//! that depends on its neighbours is the capital sigma, which has a form of
//! its own at the end of a word.

use super::buf::{NoMemory, TextBuf};
use super::chars::{Chars, CodeUnit};
use super::tables::{CASE_IGNORABLE, LOWER, UPPER};
use super::unicode::{CASED, MANY, Mapped, is, record, to_fold, to_lower, to_title, to_upper};

const CAPITAL_SIGMA: u32 = 0x3a3;
const FINAL_SIGMA: u32 = 0x3c2;

/// Characters that are gathered before they are appended: cheaper than one by one.
struct Block<'o> {
    out: &'o mut TextBuf,
    chars: [u32; 64],
    len: usize,
}

impl Block<'_> {
    #[inline]
    fn push(&mut self, c: u32) -> Result<(), NoMemory> {
        if self.len == self.chars.len() {
            self.flush()?;
        }
        self.chars[self.len] = c;
        self.len += 1;
        Ok(())
    }

    #[inline]
    fn push_mapped(&mut self, c: u32, distance: i32, many: fn(u32) -> Mapped) -> Result<(), NoMemory> {
        if distance != MANY {
            return self.push(c.wrapping_add_signed(distance));
        }
        many(c).chars().iter().try_for_each(|&c| self.push(c))
    }

    #[inline]
    fn push_upper(&mut self, c: u32) -> Result<(), NoMemory> {
        self.push_mapped(c, record(c).upper, to_upper)
    }

    #[inline]
    fn push_title(&mut self, c: u32) -> Result<(), NoMemory> {
        self.push_mapped(c, record(c).title, to_title)
    }

    #[inline]
    fn push_lower<T: CodeUnit>(&mut self, text: &[T], i: usize) -> Result<(), NoMemory> {
        match text[i].into() {
            CAPITAL_SIGMA if ends_word(text, i) => self.push(FINAL_SIGMA),
            c => self.push_mapped(c, record(c).lower, to_lower),
        }
    }

    fn flush(&mut self) -> Result<(), NoMemory> {
        self.out.extend(Chars::Four(&self.chars[..self.len]))?;
        self.len = 0;
        Ok(())
    }
}

/// Run a conversion that writes to a block.
fn gather(
    len: usize,
    out: &mut TextBuf,
    convert: impl FnOnce(&mut Block<'_>) -> Result<(), NoMemory>,
) -> Result<(), NoMemory> {
    out.reserve(len)?;
    let mut block = Block { out, chars: [0; 64], len: 0 };
    convert(&mut block)?;
    block.flush()
}

pub fn lower(text: Chars<'_>, out: &mut TextBuf) -> Result<(), NoMemory> {
    if let Some(ascii) = ascii(text) {
        return convert_ascii(ascii, out, |c| c.to_ascii_lowercase());
    }
    each!(text, units => gather(units.len(), out, |block| {
        (0..units.len()).try_for_each(|i| block.push_lower(units, i))
    }))
}

pub fn upper(text: Chars<'_>, out: &mut TextBuf) -> Result<(), NoMemory> {
    if let Some(ascii) = ascii(text) {
        return convert_ascii(ascii, out, |c| c.to_ascii_uppercase());
    }
    each!(text, units => gather(units.len(), out, |block| {
        units.iter().try_for_each(|c| block.push_upper(c.code()))
    }))
}

pub fn fold(text: Chars<'_>, out: &mut TextBuf) -> Result<(), NoMemory> {
    if let Some(ascii) = ascii(text) {
        return convert_ascii(ascii, out, |c| c.to_ascii_lowercase());
    }
    each!(text, units => gather(units.len(), out, |block| {
        let mut codes = units.iter().map(|c| c.code());
        codes.try_for_each(|c| block.push_mapped(c, record(c).fold, to_fold))
    }))
}

pub fn swap_case(text: Chars<'_>, out: &mut TextBuf) -> Result<(), NoMemory> {
    each!(text, units => gather(units.len(), out, |block| {
        units.iter().enumerate().try_for_each(|(i, c)| match record(c.code()).flags {
            flags if flags & UPPER != 0 => block.push_lower(units, i),
            flags if flags & LOWER != 0 => block.push_upper(c.code()),
            _ => block.push(c.code()),
        })
    }))
}

pub fn capitalize(text: Chars<'_>, out: &mut TextBuf) -> Result<(), NoMemory> {
    let Some(first) = text.get(0) else {
        return Ok(());
    };
    each!(text, units => gather(units.len(), out, |block| {
        block.push_title(first)?;
        (1..units.len()).try_for_each(|i| block.push_lower(units, i))
    }))
}

pub fn title(text: Chars<'_>, out: &mut TextBuf) -> Result<(), NoMemory> {
    let mut within = false;
    each!(text, units => gather(units.len(), out, |block| {
        units.iter().enumerate().try_for_each(|(i, c)| {
            let inside = std::mem::replace(&mut within, is(c.code(), CASED));
            if inside { block.push_lower(units, i) } else { block.push_title(c.code()) }
        })
    }))
}

fn ascii(text: Chars<'_>) -> Option<&[u8]> {
    match text {
        Chars::One(units) if units.is_ascii() => Some(units),
        _ => None,
    }
}

fn convert_ascii(text: &[u8], out: &mut TextBuf, convert: fn(u8) -> u8) -> Result<(), NoMemory> {
    let mut piece = [0; 256];
    out.reserve(text.len())?;
    for part in text.chunks(piece.len()) {
        for (to, &c) in piece.iter_mut().zip(part) {
            *to = convert(c);
        }
        out.push_ascii(&piece[..part.len()])?;
    }
    Ok(())
}

/// Whether a cased letter comes before `i` and none after it, those that case
/// ignores aside.
#[cold]
fn ends_word<T: CodeUnit>(text: &[T], i: usize) -> bool {
    let counts = |c: &u32| !is(*c, CASE_IGNORABLE);
    let before = text[..i].iter().rev().map(|c| c.code()).find(counts);
    let after = text[i + 1..].iter().map(|c| c.code()).find(counts);
    before.is_some_and(|c| is(c, CASED)) && !after.is_some_and(|c| is(c, CASED))
}
