//! The builder that every kernel writes to.
//!
//! Invariant: the width is the narrowest that holds what was written, because
//! it only ever widens for a character that needs it and nothing is taken out.
//! The first characters lie in the buffer itself: a short text allocates nothing.

use std::mem::MaybeUninit;

use smallvec::{Array, CollectionAllocErr, SmallVec};

use super::chars::{Chars, CodeUnit, bits, ceiling};

/// An allocation failed, or a length does not fit an address space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoMemory;

impl From<CollectionAllocErr> for NoMemory {
    fn from(_: CollectionAllocErr) -> Self {
        NoMemory
    }
}

impl From<std::collections::TryReserveError> for NoMemory {
    fn from(_: std::collections::TryReserveError) -> Self {
        NoMemory
    }
}

#[derive(Debug)]
enum Units {
    One(SmallVec<[u8; 64]>),
    Two(SmallVec<[u16; 32]>),
    Four(SmallVec<[u32; 16]>),
}

/// A text that grows and widens.
#[derive(Debug)]
pub struct TextBuf {
    units: Units,
    /// The bits that occur in any character; for 1-byte units, only whether one
    /// of them is above 0x7f counts.
    seen: u32,
}

impl Default for TextBuf {
    fn default() -> Self {
        Self::new()
    }
}

/// Run an expression for the units of a builder: `units!(self, v => v.len())`.
macro_rules! units {
    ($buf:expr, $units:ident => $body:expr) => {
        match &mut $buf.units {
            Units::One($units) => $body,
            Units::Two($units) => $body,
            Units::Four($units) => $body,
        }
    };
}

impl TextBuf {
    pub fn new() -> Self {
        TextBuf { units: Units::One(SmallVec::new()), seen: 0 }
    }

    pub fn with_capacity(capacity: usize) -> Result<Self, NoMemory> {
        let mut buf = Self::new();
        buf.reserve(capacity)?;
        Ok(buf)
    }

    /// Make room for `more` characters of the present width.
    pub fn reserve(&mut self, more: usize) -> Result<(), NoMemory> {
        units!(self, units => Ok(units.try_reserve(more)?))
    }

    #[inline]
    pub fn len(&self) -> usize {
        match &self.units {
            Units::One(units) => units.len(),
            Units::Two(units) => units.len(),
            Units::Four(units) => units.len(),
        }
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline]
    pub fn view(&self) -> Chars<'_> {
        match &self.units {
            Units::One(units) => Chars::One(units),
            Units::Two(units) => Chars::Two(units),
            Units::Four(units) => Chars::Four(units),
        }
    }

    #[inline]
    pub fn is_ascii(&self) -> bool {
        self.seen < 0x80
    }

    /// 0x7f, 0xff, 0xffff or 0x10ffff, as `PyUnicode_New` wants it.
    pub fn max_char(&self) -> u32 {
        ceiling(self.seen)
    }

    #[inline]
    pub fn push(&mut self, c: u32) -> Result<(), NoMemory> {
        match &mut self.units {
            Units::One(units) if c < 0x100 => put(units, c as u8)?,
            Units::Two(units) if c < 0x10000 => put(units, c as u16)?,
            Units::Four(units) => put(units, c)?,
            _ => return self.push_wider(c),
        }
        self.seen |= c;
        Ok(())
    }

    #[cold]
    fn push_wider(&mut self, c: u32) -> Result<(), NoMemory> {
        self.widen(c, 1)?;
        self.push(c)
    }

    /// Append what the caller knows to be ASCII.
    #[inline]
    pub fn push_ascii(&mut self, text: &[u8]) -> Result<(), NoMemory> {
        debug_assert!(text.is_ascii());
        self.extend_narrow(text)
    }

    pub fn push_repeated(&mut self, c: u32, count: usize) -> Result<(), NoMemory> {
        if count == 0 {
            return Ok(());
        }
        self.widen(c, count)?;
        self.seen |= c;
        units!(self, units => {
            put_all(units, count, std::iter::repeat(CodeUnit::cut(c)))
        })
    }

    pub fn extend(&mut self, text: Chars<'_>) -> Result<(), NoMemory> {
        match text {
            Chars::One(more) => self.extend_bytes(more),
            Chars::Two(more) => self.extend_units(more),
            Chars::Four(more) => self.extend_units(more),
        }
    }

    fn extend_bytes(&mut self, more: &[u8]) -> Result<(), NoMemory> {
        if !more.is_ascii() {
            self.seen |= 0x80;
        }
        self.extend_narrow(more)
    }

    fn extend_narrow(&mut self, more: &[u8]) -> Result<(), NoMemory> {
        match &mut self.units {
            Units::One(units) => put_slice(units, more)?,
            Units::Two(units) => append(units, more)?,
            Units::Four(units) => append(units, more)?,
        }
        Ok(())
    }

    fn extend_units<T: CodeUnit>(&mut self, more: &[T]) -> Result<(), NoMemory> {
        let seen = bits(more);
        self.widen(seen, more.len())?;
        self.seen |= seen;
        units!(self, units => append(units, more))
    }

    /// Append text that is known to be well-formed UTF-8.
    pub fn extend_str(&mut self, text: &str) -> Result<(), NoMemory> {
        // The lead byte grows with the character, and no continuation byte is as
        // large as any lead byte.
        let top = text.as_bytes().iter().fold(0, |top: u8, &b| top.max(b));
        if top < 0x80 {
            return self.extend_narrow(text.as_bytes());
        }
        let seen = match top {
            0..0xc4 => 0x80,
            0xc4..0xf0 => 0x100,
            _ => 0x10000,
        };
        let count = text.as_bytes().iter().filter(|&&b| (b as i8) >= -0x40).count();
        self.widen(seen, count)?;
        self.seen |= seen;
        units!(self, units => {
            put_all(units, count, text.chars().map(|c| CodeUnit::cut(c as u32)))
        })
    }

    /// Make the units wide enough for a character with these bits, and leave
    /// room for `more` characters.
    fn widen(&mut self, seen: u32, more: usize) -> Result<(), NoMemory> {
        let units = match (&self.units, ceiling(seen)) {
            (Units::One(units), 0xffff) => Units::Two(wider(units, more)?),
            (Units::One(units), 0x10ffff) => Units::Four(wider(units, more)?),
            (Units::Two(units), 0x10ffff) => Units::Four(wider(units, more)?),
            _ => return Ok(()),
        };
        self.units = units;
        Ok(())
    }
}

type Vector<T, const N: usize> = SmallVec<[T; N]>;

#[inline]
fn put<A: Array>(units: &mut SmallVec<A>, c: A::Item) -> Result<(), NoMemory> {
    if units.len() == units.capacity() {
        units.try_reserve(1)?;
    }
    units.push(c);
    Ok(())
}

/// Append up to `count` units.
#[inline]
pub(super) fn put_all<A: Array>(
    units: &mut SmallVec<A>,
    count: usize,
    items: impl Iterator<Item = A::Item>,
) -> Result<(), NoMemory> {
    units.try_reserve(count)?;
    let len = units.len();
    // SAFETY: [span] the reservation made room for `count` units behind the last.
    let room: &mut [MaybeUninit<A::Item>] =
        unsafe { std::slice::from_raw_parts_mut(units.as_mut_ptr().add(len).cast(), count) };
    let mut written = 0;
    for (slot, item) in room.iter_mut().zip(items) {
        slot.write(item);
        written += 1;
    }
    // SAFETY: [span] that many were written.
    unsafe { units.set_len(len + written) };
    Ok(())
}

/// Append a copy of `more`. A small vector's own way goes through an insertion.
#[inline]
pub(super) fn put_slice<A: Array<Item: Copy>>(units: &mut SmallVec<A>, more: &[A::Item]) -> Result<(), NoMemory> {
    let len = units.len();
    if units.capacity() - len < more.len() {
        units.try_reserve(more.len())?;
    }
    // SAFETY: [span] there is room for `more`, which is not part of the vector.
    unsafe {
        let end = units.as_mut_ptr().add(len);
        end.copy_from_nonoverlapping(more.as_ptr(), more.len());
        units.set_len(len + more.len());
    }
    Ok(())
}

fn append<S: CodeUnit, T: CodeUnit, const N: usize>(units: &mut Vector<T, N>, more: &[S]) -> Result<(), NoMemory>
where
    [T; N]: Array<Item = T>,
{
    put_all(units, more.len(), more.iter().map(|&c| T::cut(c.into())))
}

fn wider<S: CodeUnit, T: CodeUnit, const N: usize>(units: &[S], more: usize) -> Result<Vector<T, N>, NoMemory>
where
    [T; N]: Array<Item = T>,
{
    let mut wide = Vector::new();
    wide.try_reserve(units.len().checked_add(more).ok_or(NoMemory)?)?;
    append(&mut wide, units)?;
    Ok(wide)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widens_only_as_far_as_needed() {
        let mut buf = TextBuf::new();
        buf.push_ascii(b"abc").unwrap();
        assert!(buf.is_ascii() && buf.max_char() == 0x7f);
        buf.extend(Chars::Two(&[0x41, 0xe9])).unwrap();
        assert!(matches!(buf.view(), Chars::One(b"abcA\xe9")) && buf.max_char() == 0xff);
        buf.push(0xd800).unwrap();
        assert!(matches!(buf.view(), Chars::Two(_)));
        buf.extend_str("a\u{10400}").unwrap();
        assert!(matches!(buf.view(), Chars::Four(_)) && buf.max_char() == 0x10ffff);
        assert!(buf.view().equals(Chars::Four(&[97, 98, 99, 65, 0xe9, 0xd800, 97, 0x10400])));
    }

    #[test]
    fn a_length_that_fits_nowhere_is_refused() {
        assert_eq!(TextBuf::with_capacity(usize::MAX).err(), Some(NoMemory));
        assert_eq!(TextBuf::new().push_repeated(32, usize::MAX), Err(NoMemory));
    }
}
