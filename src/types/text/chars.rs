//! A view of a text in any of its three widths, and what a unit can do.
//!
//! Kernels are written once, over `&[T]` where `T: CodeUnit`, and entered through
//! `each!`, which picks the width once for the whole call.

use std::cmp::Ordering;
use std::ops::{Deref, Range};

use smallvec::SmallVec;

use super::buf::NoMemory;

/// One code point as a str stores it. The layout is that of the integer: no
/// padding, any bit pattern.
pub trait CodeUnit: Copy + Into<u32> + Ord + 'static {
    /// The largest value of a unit.
    const MAX: u32;

    /// The code point.
    #[inline]
    fn code(self) -> u32 {
        self.into()
    }

    /// `c` in this width; the caller knows that it fits.
    fn cut(c: u32) -> Self;

    fn chars(units: &[Self]) -> Chars<'_>;

    /// The units themselves, if `chars` has this width.
    fn borrow<'a>(chars: Chars<'a>) -> Option<&'a [Self]>;
}

macro_rules! code_unit {
    ($unit:ty, $variant:ident) => {
        impl CodeUnit for $unit {
            const MAX: u32 = <$unit>::MAX as u32;

            #[inline]
            fn cut(c: u32) -> Self {
                c as $unit
            }

            #[inline]
            fn chars(units: &[Self]) -> Chars<'_> {
                Chars::$variant(units)
            }

            #[inline]
            fn borrow<'a>(chars: Chars<'a>) -> Option<&'a [Self]> {
                match chars {
                    Chars::$variant(units) => Some(units),
                    _ => None,
                }
            }
        }
    };
}

code_unit!(u8, One);
code_unit!(u16, Two);
code_unit!(u32, Four);

/// A borrowed text.
#[derive(Clone, Copy, Debug)]
pub enum Chars<'a> {
    One(&'a [u8]),
    Two(&'a [u16]),
    Four(&'a [u32]),
}

/// Run an expression for the units of a [`Chars`], whatever their width:
/// `each!(text, units => units.len())`.
macro_rules! each {
    ($chars:expr, $units:ident => $body:expr) => {
        match $chars {
            $crate::types::text::Chars::One($units) => $body,
            $crate::types::text::Chars::Two($units) => $body,
            $crate::types::text::Chars::Four($units) => $body,
        }
    };
}

impl<'a> Chars<'a> {
    #[inline]
    pub fn len(self) -> usize {
        each!(self, units => units.len())
    }

    #[inline]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The code point at `i`; panics outside.
    #[inline]
    pub fn at(self, i: usize) -> u32 {
        each!(self, units => units[i].code())
    }

    #[inline]
    pub fn get(self, i: usize) -> Option<u32> {
        each!(self, units => units.get(i).map(|c| c.code()))
    }

    #[inline]
    pub fn slice(self, range: Range<usize>) -> Chars<'a> {
        match self {
            Chars::One(units) => Chars::One(&units[range]),
            Chars::Two(units) => Chars::Two(&units[range]),
            Chars::Four(units) => Chars::Four(&units[range]),
        }
    }

    pub fn iter(self) -> impl DoubleEndedIterator<Item = u32> + 'a {
        (0..self.len()).map(move |i| self.at(i))
    }

    /// The smallest of 0x7f, 0xff, 0xffff and 0x10ffff that no character exceeds.
    pub fn max_char(self) -> u32 {
        match self {
            Chars::One(units) => ceiling(if units.is_ascii() { 0 } else { 0x80 }),
            Chars::Two(units) => ceiling(bits(units)),
            Chars::Four(units) => ceiling(bits(units)),
        }
    }

    pub fn is_ascii(self) -> bool {
        match self {
            Chars::One(units) => units.is_ascii(),
            Chars::Two(units) => bits(units) < 0x80,
            Chars::Four(units) => bits(units) < 0x80,
        }
    }

    /// The memory of the text: what its hash is taken of.
    pub fn as_bytes(self) -> &'a [u8] {
        match self {
            Chars::One(units) => units,
            Chars::Two(units) => memory(units),
            Chars::Four(units) => memory(units),
        }
    }

    pub fn equals(self, other: Chars<'_>) -> bool {
        self.len() == other.len() && self.starts_with(other)
    }

    /// Whether the first characters are those of `prefix`.
    pub fn starts_with(self, prefix: Chars<'_>) -> bool {
        if self.len() < prefix.len() {
            return false;
        }
        match (self, prefix) {
            (Chars::One(a), Chars::One(b)) => a[..b.len()] == *b,
            (Chars::Two(a), Chars::Two(b)) => a[..b.len()] == *b,
            (Chars::Four(a), Chars::Four(b)) => a[..b.len()] == *b,
            _ => each!(self, a => each!(prefix, b => same(a, b))),
        }
    }

    pub fn ends_with(self, suffix: Chars<'_>) -> bool {
        match self.len().checked_sub(suffix.len()) {
            Some(start) => self.slice(start..self.len()).starts_with(suffix),
            None => false,
        }
    }

    /// By code point, as `<` on str.
    pub fn compare(self, other: Chars<'_>) -> Ordering {
        match (self, other) {
            (Chars::One(a), Chars::One(b)) => a.cmp(b),
            _ => each!(self, a => each!(other, b => order(a, b))),
        }
    }
}

fn same<A: CodeUnit, B: CodeUnit>(text: &[A], prefix: &[B]) -> bool {
    text.iter().zip(prefix).all(|(&a, &b)| Into::<u32>::into(a) == b.into())
}

fn order<A: CodeUnit, B: CodeUnit>(a: &[A], b: &[B]) -> Ordering {
    for (&x, &y) in a.iter().zip(b) {
        let (x, y): (u32, u32) = (x.into(), y.into());
        if x != y {
            return x.cmp(&y);
        }
    }
    a.len().cmp(&b.len())
}

/// The bits that occur in any character.
pub fn bits<T: CodeUnit>(units: &[T]) -> u32 {
    units.iter().fold(0, |seen, &c| seen | c.into())
}

/// The largest character of a text whose characters have these bits.
pub fn ceiling(seen: u32) -> u32 {
    match seen {
        0..0x80 => 0x7f,
        0x80..0x100 => 0xff,
        0x100..0x10000 => 0xffff,
        _ => 0x10ffff,
    }
}

fn memory<T: CodeUnit>(units: &[T]) -> &[u8] {
    // SAFETY: [span] the same memory; an integer has no padding.
    unsafe { std::slice::from_raw_parts(units.as_ptr().cast(), size_of_val(units)) }
}

/// A text in a chosen width: borrowed if it has it, else a copy.
pub enum Lane<'a, T: CodeUnit> {
    Borrowed(&'a [T]),
    Copied(SmallVec<[T; 32]>),
}

impl<'a, T: CodeUnit> Lane<'a, T> {
    /// None if a character does not fit.
    pub fn new(chars: Chars<'a>) -> Result<Option<Self>, NoMemory> {
        if let Some(units) = T::borrow(chars) {
            return Ok(Some(Lane::Borrowed(units)));
        }
        each!(chars, units => Self::copy(units))
    }

    fn copy<S: CodeUnit>(units: &[S]) -> Result<Option<Self>, NoMemory> {
        if S::MAX > T::MAX && bits(units) > T::MAX {
            return Ok(None);
        }
        let mut copy = SmallVec::new();
        copy.try_reserve(units.len())?;
        copy.extend(units.iter().map(|&c| T::cut(c.into())));
        Ok(Some(Lane::Copied(copy)))
    }
}

impl<T: CodeUnit> Deref for Lane<'_, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Lane::Borrowed(units) => units,
            Lane::Copied(units) => units,
        }
    }
}
