//! The UTF-8 form of a str: the characters themselves if they are ASCII, else made once and kept.

use core::ffi::c_char;

use super::{Str, codecs};
use crate::ffi::PyCompactUnicodeObject;
use crate::object::Result;
use crate::runtime::ThreadState;
use crate::types::text::codec::utf8;

impl Str {
    /// The UTF-8 form, a NUL behind it. It lives as long as the str. Lone surrogates have none.
    #[inline]
    pub fn utf8(&self, ts: &ThreadState) -> Result<&[u8]> {
        if self.is_ascii() {
            // SAFETY: so many characters are there.
            return Ok(unsafe { core::slice::from_raw_parts(self.data(), self.len()) });
        }
        // SAFETY: what is not ASCII has the wider header.
        let wide = unsafe { &*self.as_ptr().cast::<PyCompactUnicodeObject>() };
        if wide.utf8.get().is_null() {
            self.fill_utf8(ts, wide)?;
        }
        // SAFETY: filled in, with that length.
        Ok(unsafe { core::slice::from_raw_parts(wide.utf8.get().cast(), wide.utf8_length.get() as usize) })
    }

    #[cold]
    fn fill_utf8(&self, ts: &ThreadState, wide: &PyCompactUnicodeObject) -> Result<()> {
        codecs::refuse_surrogates(ts, self)?;
        let n = ts.allocated(utf8::encoded_len(self.chars()))?;
        let block = ts.alloc(n + 1)?.as_ptr();
        // SAFETY: fresh, of that size.
        unsafe {
            block.write_bytes(0, n + 1);
            utf8::encode_into(self.chars(), core::slice::from_raw_parts_mut(block, n));
        }
        wide.utf8_length.set(n as isize);
        wide.utf8.set(block.cast::<c_char>());
        Ok(())
    }

    /// The UTF-8 form as Rust's text.
    pub fn to_text(&self, ts: &ThreadState) -> Result<&str> {
        // SAFETY: what `utf8` gives is UTF-8.
        self.utf8(ts).map(|bytes| unsafe { core::str::from_utf8_unchecked(bytes) })
    }
}
