//! What the methods that bytes and bytearray have in common need to know of either.

use core::ops::Range;

use super::Bytes;
use crate::object::{Class, Object, Owned, Result, Type};
use crate::runtime::ThreadState;
use crate::types::ByteArray;
use crate::types::text::Chars;

/// A sequence of bytes that Python sees as such.
pub trait ByteString: Class {
    const MAKETRANS: &'static str;
    /// What an index that is none is told.
    const INDICES: &'static str;
    const OUT_OF_RANGE: &'static str;
    /// The lowest place that an iterator may be put to.
    const FIRST_PLACE: isize;

    fn iterator_type() -> &'static Type;

    /// The content, until anything may change it.
    fn as_slice(&self) -> &[u8];

    /// A new one of this content.
    fn make(ts: &ThreadState, content: &[u8]) -> Result<Owned<Self>>;

    /// A new one that `write` fills in; it sees zeros.
    fn filled(ts: &ThreadState, n: usize, write: impl FnOnce(&mut [u8])) -> Result<Owned<Self>>;

    /// What a method answers with that has nothing to change.
    fn unchanged(ts: &ThreadState, this: &Self) -> Result<Owned<Self>>;

    /// The object itself if it may stand for a new one of the same content.
    fn reused(object: &Object) -> Option<Owned<Self>>;

    /// What stands for a separator in the answer of `partition`.
    fn separator(ts: &ThreadState, given: &Object, content: &[u8]) -> Result;

    /// Runs `f`, which may run foreign code, with the content kept where it is.
    fn pinned<R>(&self, f: impl FnOnce(&[u8]) -> R) -> R;

    fn chars(&self) -> Chars<'_> {
        Chars::One(self.as_slice())
    }

    /// A part.
    fn part(ts: &ThreadState, this: &Self, range: Range<usize>) -> Result<Owned<Self>> {
        if range.len() == this.as_slice().len() {
            return Self::unchanged(ts, this);
        }
        Self::make(ts, &this.as_slice()[range])
    }
}

impl ByteString for Bytes {
    const MAKETRANS: &'static str = "bytes.maketrans";
    const INDICES: &'static str = "byte";
    const OUT_OF_RANGE: &'static str = "index out of range";
    const FIRST_PLACE: isize = 0;

    fn iterator_type() -> &'static Type {
        &super::iterator::PyBytesIter_Type
    }

    #[inline(always)]
    fn as_slice(&self) -> &[u8] {
        Bytes::as_slice(self)
    }

    #[inline]
    fn make(ts: &ThreadState, content: &[u8]) -> Result<Owned<Bytes>> {
        Bytes::new(ts, content)
    }

    fn filled(ts: &ThreadState, n: usize, write: impl FnOnce(&mut [u8])) -> Result<Owned<Bytes>> {
        Bytes::filled(ts, n, write)
    }

    fn unchanged(ts: &ThreadState, this: &Bytes) -> Result<Owned<Bytes>> {
        Bytes::unchanged(ts, this)
    }

    fn reused(object: &Object) -> Option<Owned<Bytes>> {
        object.downcast_exact::<Bytes>().map(Owned::new)
    }

    fn separator(_ts: &ThreadState, given: &Object, _content: &[u8]) -> Result {
        Ok(Owned::new(given))
    }

    fn pinned<R>(&self, f: impl FnOnce(&[u8]) -> R) -> R {
        f(self.as_slice())
    }
}

/// The name and the content of a bytes or bytearray.
pub fn content_of(object: &Object) -> Option<(&'static str, &[u8])> {
    if let Some(bytes) = object.downcast::<Bytes>() {
        return Some(("bytes", bytes.as_slice()));
    }
    object.downcast::<ByteArray>().map(|b| ("bytearray", b.as_slice()))
}
