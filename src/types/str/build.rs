//! Strs from what the kernels make: characters of any width, a builder, pieces.

use super::Str;
use crate::object::{Owned, Result};
use crate::runtime::ThreadState;
use crate::types::text::{Chars, NoMemory, TextBuf};

impl ThreadState {
    /// A kernel's result, its failure to allocate as `MemoryError`.
    #[inline]
    pub fn allocated<T>(&self, result: core::result::Result<T, NoMemory>) -> Result<T> {
        result.map_err(|NoMemory| self.no_memory())
    }
}

impl Str {
    /// A str of these characters, in the narrowest width that holds them.
    pub fn from_chars(ts: &ThreadState, chars: Chars<'_>) -> Result<Owned<Str>> {
        match chars {
            Chars::One(units) if units.is_ascii() => {
                // SAFETY: checked.
                unsafe { Str::from_ascii(ts, units) }
            }
            _ => Str::from_chars_below(ts, chars, chars.max_char()),
        }
    }

    /// The same where `max_char` is known to be the largest character, or in its width's range.
    pub fn from_chars_below(ts: &ThreadState, chars: Chars<'_>, max_char: u32) -> Result<Owned<Str>> {
        match (chars.len(), chars) {
            (0, _) => return Ok(Str::empty()),
            (1, chars) if chars.at(0) < 0x100 => return Ok(Owned::immortal(Str::latin1_char(chars.at(0) as u8))),
            _ => {}
        }
        // SAFETY: every character is written below, none above `max_char`.
        unsafe {
            let s = Str::with_size(ts, chars.len(), max_char)?;
            match (chars, s.kind()) {
                (Chars::One(u), 1) => s.data().copy_from_nonoverlapping(u.as_ptr(), u.len()),
                (Chars::Two(u), 2) => s.data().cast::<u16>().copy_from_nonoverlapping(u.as_ptr(), u.len()),
                (Chars::Four(u), 4) => s.data().cast::<u32>().copy_from_nonoverlapping(u.as_ptr(), u.len()),
                _ => {
                    for (i, c) in chars.iter().enumerate() {
                        s.write_char(i, c);
                    }
                }
            }
            Ok(s)
        }
    }

    /// A str of what a kernel wrote.
    pub fn from_buf(ts: &ThreadState, buf: &TextBuf) -> Result<Owned<Str>> {
        Str::from_chars_below(ts, buf.view(), buf.max_char())
    }

    /// A str that `write` makes by appending.
    pub fn build(
        ts: &ThreadState,
        write: impl FnOnce(&mut TextBuf) -> core::result::Result<(), NoMemory>,
    ) -> Result<Owned<Str>> {
        let mut buf = TextBuf::new();
        ts.allocated(write(&mut buf))?;
        Str::from_buf(ts, &buf)
    }

    /// Whether the caller holds the only reference and nothing depends on the characters: not the hash, no
    /// table of interned strs. Such a str is still under construction.
    pub fn is_unshared(&self) -> bool {
        self.refcount() == 1 && self.hash.get() == -1 && !self.is_interned() && self.is_exact::<Str>()
    }

    /// A copy of another length: cut, or with NULs behind the characters.
    pub fn resized(ts: &ThreadState, this: &Str, n: usize) -> Result<Owned<Str>> {
        if n == 0 {
            return Ok(Str::empty());
        }
        let kept = this.chars().slice(0..n.min(this.len()));
        // SAFETY: all characters are written, none wider than before.
        unsafe {
            let made = Str::with_size(ts, n, this.max_char())?;
            made.data().write_bytes(0, n * made.kind() as usize);
            made.write_chars(0, kept);
            Ok(made)
        }
    }
}
