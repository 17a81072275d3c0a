//! Case: lower, upper, title, capitalize, swapcase, casefold of a str.
//!
//! The mappings are Unicode's full ones: a character may become three. The one
//! that depends on its neighbours is the capital sigma, which has a form of
//! its own at the end of a word.

use super::buf::{NoMemory, TextBuf};
use super::chars::Chars;
use super::tables::{CASE_IGNORABLE, LOWER, UPPER};
use super::unicode::{CASED, is, record, to_fold, to_lower, to_title, to_upper};

const CAPITAL_SIGMA: u32 = 0x3a3;
const SMALL_SIGMA: u32 = 0x3c3;
const FINAL_SIGMA: u32 = 0x3c2;

pub fn lower(text: Chars<'_>, out: &mut TextBuf) -> Result<(), NoMemory> {
    if let Some(ascii) = ascii(text) {
        return convert_ascii(ascii, out, |c| c.to_ascii_lowercase());
    }
    (0..text.len()).try_for_each(|i| push_lower(text, i, out))
}

pub fn upper(text: Chars<'_>, out: &mut TextBuf) -> Result<(), NoMemory> {
    if let Some(ascii) = ascii(text) {
        return convert_ascii(ascii, out, |c| c.to_ascii_uppercase());
    }
    text.iter()
        .try_for_each(|c| push_all(to_upper(c).chars(), out))
}

pub fn fold(text: Chars<'_>, out: &mut TextBuf) -> Result<(), NoMemory> {
    if let Some(ascii) = ascii(text) {
        return convert_ascii(ascii, out, |c| c.to_ascii_lowercase());
    }
    text.iter()
        .try_for_each(|c| push_all(to_fold(c).chars(), out))
}

pub fn swap_case(text: Chars<'_>, out: &mut TextBuf) -> Result<(), NoMemory> {
    for (i, c) in text.iter().enumerate() {
        let flags = record(c).flags;
        if flags & UPPER != 0 {
            push_lower(text, i, out)?;
        } else if flags & LOWER != 0 {
            push_all(to_upper(c).chars(), out)?;
        } else {
            out.push(c)?;
        }
    }
    Ok(())
}

pub fn capitalize(text: Chars<'_>, out: &mut TextBuf) -> Result<(), NoMemory> {
    let Some(first) = text.get(0) else {
        return Ok(());
    };
    push_all(to_title(first).chars(), out)?;
    (1..text.len()).try_for_each(|i| push_lower(text, i, out))
}

pub fn title(text: Chars<'_>, out: &mut TextBuf) -> Result<(), NoMemory> {
    let mut within = false;
    for (i, c) in text.iter().enumerate() {
        if within {
            push_lower(text, i, out)?;
        } else {
            push_all(to_title(c).chars(), out)?;
        }
        within = is(c, CASED);
    }
    Ok(())
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

fn push_all(chars: &[u32], out: &mut TextBuf) -> Result<(), NoMemory> {
    chars.iter().try_for_each(|&c| out.push(c))
}

fn push_lower(text: Chars<'_>, i: usize, out: &mut TextBuf) -> Result<(), NoMemory> {
    match text.at(i) {
        CAPITAL_SIGMA if ends_word(text, i) => out.push(FINAL_SIGMA),
        CAPITAL_SIGMA => out.push(SMALL_SIGMA),
        c => push_all(to_lower(c).chars(), out),
    }
}

/// Whether a cased letter comes before `i` and none after it, those that case
/// ignores aside.
fn ends_word(text: Chars<'_>, i: usize) -> bool {
    let counts = |&c: &u32| !is(c, CASE_IGNORABLE);
    let before = text.slice(0..i).iter().rev().find(counts);
    let after = text.slice(i + 1..text.len()).iter().find(counts);
    before.is_some_and(|c| is(c, CASED)) && !after.is_some_and(|c| is(c, CASED))
}
