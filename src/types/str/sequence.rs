//! What operators do with a str: comparison, `+`, `*`, `in`, subscripts.

use core::ops::Range;
use core::ptr;

use super::{Chars, Str};
use crate::ffi::*;
use crate::object::{Object, Owned, Result};
use crate::protocol::compare::CompareOp;
use crate::protocol::number;
use crate::runtime::ThreadState;
use crate::types::exceptions::{INDEX_ERROR, OVERFLOW_ERROR, TYPE_ERROR};
use crate::types::text::search;
use crate::types::{Slice, bool as boolean, singletons, slot};

impl Str {
    /// The largest character that the width allows.
    #[inline]
    pub fn max_char(&self) -> u32 {
        match (self.is_ascii(), self.kind()) {
            (true, _) => 0x7F,
            (_, 1) => 0xFF,
            (_, 2) => 0xFFFF,
            _ => 0x10FFFF,
        }
    }

    /// The same object if it is a str and no instance of a subclass, else a copy.
    #[inline]
    pub fn unchanged(ts: &ThreadState, this: &Str) -> Result<Owned<Str>> {
        if this.is_exact::<Str>() {
            Ok(Owned::new(this))
        } else {
            Str::from_chars_below(ts, this.chars(), this.max_char())
        }
    }

    /// A str of one character.
    #[inline]
    pub fn from_char(ts: &ThreadState, c: u32) -> Result<Owned<Str>> {
        if c < 0x100 {
            return Ok(Owned::immortal(Str::latin1_char(c as u8)));
        }
        // SAFETY: the character is written here and fits.
        unsafe {
            let s = Str::with_size(ts, 1, c)?;
            s.write_char(0, c);
            Ok(s)
        }
    }

    /// Writes characters into a str under construction, from its place `at` on.
    ///
    /// # Safety
    /// There is room, every character fits the width, and nobody else has seen the str.
    #[inline]
    pub unsafe fn write_chars(&self, at: usize, chars: Chars<'_>) {
        // SAFETY: the caller's promise.
        unsafe {
            match (chars, self.kind()) {
                (Chars::One(u), 1) => self.data().add(at).copy_from_nonoverlapping(u.as_ptr(), u.len()),
                (Chars::Two(u), 2) => {
                    self.data().cast::<u16>().add(at).copy_from_nonoverlapping(u.as_ptr(), u.len());
                }
                (Chars::Four(u), 4) => {
                    self.data().cast::<u32>().add(at).copy_from_nonoverlapping(u.as_ptr(), u.len());
                }
                (Chars::One(u), 2) => {
                    let p = self.data().cast::<u16>().add(at);
                    u.iter().enumerate().for_each(|(i, &c)| p.add(i).write(c.into()));
                }
                _ => chars.iter().enumerate().for_each(|(i, c)| self.write_char(at + i, c)),
            }
        }
    }

    /// `a + b`.
    pub fn concat(ts: &ThreadState, a: &Str, b: &Str) -> Result<Owned<Str>> {
        if b.is_empty() {
            return Str::unchanged(ts, a);
        }
        if a.is_empty() {
            return Str::unchanged(ts, b);
        }
        let n = a.len() + b.len();
        if n > isize::MAX as usize {
            return Err(ts.raise_str(&OVERFLOW_ERROR, "strings are too large to concat"));
        }
        // SAFETY: all characters are written, none above the larger of both maxima.
        unsafe {
            let s = Str::with_size(ts, n, a.max_char().max(b.max_char()))?;
            s.write_chars(0, a.chars());
            s.write_chars(a.len(), b.chars());
            Ok(s)
        }
    }

    /// The characters of a range; the str itself if it is all of them.
    pub fn part(ts: &ThreadState, this: &Str, range: Range<usize>) -> Result<Owned<Str>> {
        if range.len() == this.len() {
            return Str::unchanged(ts, this);
        }
        match this.chars().slice(range) {
            // SAFETY: a part of what is ASCII.
            Chars::One(units) if this.is_ascii() => unsafe { Str::from_ascii(ts, units) },
            chars => Str::from_chars(ts, chars),
        }
    }

    /// `this * times`.
    pub fn repeat(ts: &ThreadState, this: &Str, times: isize) -> Result<Owned<Str>> {
        let times = times.max(0) as usize;
        if times == 0 || this.is_empty() {
            return Ok(Str::empty());
        }
        if times == 1 {
            return Str::unchanged(ts, this);
        }
        let n = this.len().checked_mul(times).filter(|&n| n <= isize::MAX as usize);
        let Some(n) = n else { return Err(ts.raise_str(&OVERFLOW_ERROR, "repeated string is too long")) };
        // SAFETY: all characters are written, by doubling what is there.
        unsafe {
            let s = Str::with_size(ts, n, this.max_char())?;
            let (p, unit) = (s.data(), this.kind() as usize);
            let (total, mut done) = (n * unit, this.len() * unit);
            if done == 1 {
                p.write_bytes(*this.data(), total);
                return Ok(s);
            }
            p.copy_from_nonoverlapping(this.data(), done);
            while done < total {
                let more = done.min(total - done);
                p.add(done).copy_from_nonoverlapping(p, more);
                done += more;
            }
            Ok(s)
        }
    }

    /// Whether `needle` occurs.
    pub fn contains_text(ts: &ThreadState, this: &Str, needle: &Str) -> Result<bool> {
        Ok(ts.allocated(search::find(this.chars(), needle.chars()))?.is_some())
    }

    /// `a op b` of two strs.
    #[inline]
    pub fn compare_with(a: &Str, b: &Str, op: CompareOp) -> bool {
        if ptr::eq(a, b) {
            return matches!(op, CompareOp::Eq | CompareOp::Le | CompareOp::Ge);
        }
        match op {
            CompareOp::Eq => a.equals(b),
            CompareOp::Ne => !a.equals(b),
            _ => op.of(a.chars().compare(b.chars())),
        }
    }
}

pub(super) fn compare(_ts: &ThreadState, this: &Str, other: &Object, op: CompareOp) -> Result {
    Ok(match other.downcast::<Str>() {
        Some(other) => boolean::from_bool(Str::compare_with(this, other, op)),
        None => singletons::not_implemented(),
    })
}

pub(super) fn hash(_ts: &ThreadState, this: &Str) -> Result<isize> {
    Ok(this.hash())
}

fn length(_ts: &ThreadState, this: &Str) -> Result<isize> {
    Ok(this.len() as isize)
}

fn concat_slot(ts: &ThreadState, this: &Str, other: &Object) -> Result<Owned<Str>> {
    match other.downcast::<Str>() {
        Some(other) => Str::concat(ts, this, other),
        None => {
            let name = other.ty().full_name();
            Err(ts.raise(&TYPE_ERROR, format_args!("can only concatenate str (not \"{name}\") to str")))
        }
    }
}

fn item(ts: &ThreadState, this: &Str, i: isize) -> Result<Owned<Str>> {
    match usize::try_from(i).ok().and_then(|i| this.chars().get(i)) {
        Some(c) => Str::from_char(ts, c),
        None => Err(ts.raise_str(&INDEX_ERROR, "string index out of range")),
    }
}

fn contains(ts: &ThreadState, this: &Str, needle: &Object) -> Result<bool> {
    match needle.downcast::<Str>() {
        Some(needle) => Str::contains_text(ts, this, needle),
        None => {
            let name = needle.ty().full_name();
            Err(ts.raise(&TYPE_ERROR, format_args!("'in <string>' requires string as left operand, not {name}")))
        }
    }
}

fn subscript(ts: &ThreadState, this: &Str, key: &Object) -> Result<Owned<Str>> {
    if number::is_index(key) {
        let i = number::as_subscript(ts, key)?;
        return item(ts, this, if i < 0 { i + this.len() as isize } else { i });
    }
    let Some(slice) = key.downcast_exact::<Slice>() else {
        let name = key.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("string indices must be integers, not '{name}'")));
    };
    let indices = slice.indices_of(ts, this.len())?;
    if indices.step == 1 {
        let start = indices.start as usize;
        return Str::part(ts, this, start..start + indices.len);
    }
    let chars = this.chars();
    Str::build(ts, |out| {
        out.reserve(indices.len)?;
        indices.iter().try_for_each(|i| out.push(chars.at(i)))
    })
}

fn remainder(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    match a.downcast::<Str>() {
        Some(format) => Ok(super::percent::format(ts, format, b)?.upcast()),
        None => Ok(singletons::not_implemented()),
    }
}

#[unsafe(link_section = "immortal")]
pub(super) static AS_NUMBER: PyNumberMethods =
    PyNumberMethods { nb_remainder: slot::binary(remainder), ..PyNumberMethods::EMPTY };

#[unsafe(link_section = "immortal")]
pub(super) static AS_SEQUENCE: PySequenceMethods = PySequenceMethods {
    sq_length: slot::len(length),
    sq_concat: slot::binary(concat_slot),
    sq_repeat: slot::ssizearg(Str::repeat),
    sq_item: slot::ssizearg(item),
    sq_contains: slot::contains(contains),
    ..PySequenceMethods::EMPTY
};

#[unsafe(link_section = "immortal")]
pub(super) static AS_MAPPING: PyMappingMethods =
    PyMappingMethods { mp_length: slot::len(length), mp_subscript: slot::binary(subscript), ..PyMappingMethods::EMPTY };
