//! A place in a format string.
//!
//! C's format strings end with a NUL; the cursor never goes past it, so it needs no length and costs no `strlen`.

use core::ffi::{CStr, c_char};
use core::marker::PhantomData;

#[derive(Clone, Copy)]
pub struct Cursor<'a> {
    at: *const u8,
    string: PhantomData<&'a CStr>,
}

impl<'a> Cursor<'a> {
    pub fn new(format: &'a CStr) -> Cursor<'a> {
        Cursor { at: format.as_ptr().cast(), string: PhantomData }
    }

    /// # Safety
    /// `format` is NUL-terminated and lives as long as the cursor.
    #[inline(always)]
    pub unsafe fn from_raw(format: *const c_char) -> Cursor<'a> {
        Cursor { at: format.cast(), string: PhantomData }
    }

    /// The byte at the place; 0 at the end.
    #[inline(always)]
    pub fn peek(&self) -> u8 {
        // SAFETY: [cstr] within the string or at its end.
        unsafe { *self.at }
    }

    /// The byte at the place, and past it; 0 at the end, however often.
    #[inline(always)]
    pub fn take(&mut self) -> u8 {
        let byte = self.peek();
        if byte != 0 {
            self.skip();
        }
        byte
    }

    /// Past the byte at the place, which is not the end.
    #[inline(always)]
    pub fn skip(&mut self) {
        debug_assert!(self.peek() != 0);
        // SAFETY: [cstr] not at the end.
        self.at = unsafe { self.at.add(1) };
    }

    /// Past `byte`, if it is at the place.
    #[inline(always)]
    pub fn eat(&mut self, byte: u8) -> bool {
        let here = self.peek() == byte;
        if here {
            self.skip();
        }
        here
    }

    /// What is left.
    pub fn rest(&self) -> &'a CStr {
        // SAFETY: [cstr] within the string or at its end.
        unsafe { CStr::from_ptr(self.at.cast()) }
    }

    /// What is left, as text for a message, at most `max` bytes of it: what is no UTF-8 is replaced, but a character that
    /// this would split is left out.
    pub fn text(&self, max: usize) -> String {
        let bytes = self.rest().to_bytes();
        let shown = if bytes.len() < max { bytes } else { &bytes[..max - incomplete(&bytes[..max])] };
        String::from_utf8_lossy(shown).into_owned()
    }

    /// The bytes up to `end`.
    pub fn bytes_until(&self, end: Cursor<'a>) -> &'a [u8] {
        // SAFETY: [span] both are places in one string, `end` not before this one.
        unsafe { core::slice::from_raw_parts(self.at, end.at.offset_from_unsigned(self.at)) }
    }
}

/// How many bytes at the end begin a character, as CPython's decoder sees it: the halves of a surrogate pair, too, which it
/// refuses only once they are complete.
fn incomplete(bytes: &[u8]) -> usize {
    if let [.., 0xED, 0xA0..=0xBF] = bytes {
        return 2;
    }
    let last = bytes.utf8_chunks().last().map_or(&[][..], |chunk| chunk.invalid());
    let is_begun = core::str::from_utf8(last).is_err_and(|error| error.error_len().is_none());
    if is_begun { last.len() } else { 0 }
}
