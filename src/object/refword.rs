//! Counting references.
//!
//! What counting does is said by the strategy that the library is built with ([`strategy`](super::strategy)); these
//! are its doors.

use core::sync::atomic::Ordering::Relaxed;

use super::{Object, strategy};
use crate::ffi::{FLAG_IMMORTAL, FLAG_STATIC};

impl Object {
    /// Whether the object is never freed before the end. Whether its references need counting is another
    /// question: [`Object::is_uncounted`].
    #[inline(always)]
    pub fn is_immortal(&self) -> bool {
        self.ob_refcnt.flags.load(Relaxed) & FLAG_IMMORTAL != 0
    }

    /// Whether counting its references may be left out, for paths that know of many at once.
    #[inline(always)]
    pub fn is_uncounted(&self) -> bool {
        strategy::skips(self)
    }

    /// Whether the object lies in an image (the library's or an extension's) and is never freed.
    #[inline]
    pub fn is_static(&self) -> bool {
        self.ob_refcnt.flags.load(Relaxed) & FLAG_STATIC != 0
    }

    /// Whether its references are not counted now or ever, so that a container may remember it.
    #[inline(always)]
    pub fn is_never_counted(&self) -> bool {
        self.is_static() && self.is_uncounted()
    }

    /// One reference more.
    #[inline(always)]
    pub fn incref(&self) {
        strategy::incref(self);
    }

    /// One reference less; the last one ends the object.
    ///
    /// # Safety
    /// The caller owns the reference, and does not use `self` afterwards unless it owns another.
    #[inline(always)]
    pub unsafe fn decref(&self) {
        // SAFETY: the caller's promise.
        unsafe { strategy::decref(self) };
    }

    /// The count as `Py_REFCNT` reports it.
    #[inline]
    pub fn refcount(&self) -> isize {
        strategy::refcount(self)
    }

    /// `_Py_SetRefcnt`.
    pub fn set_refcount(&self, count: isize) {
        strategy::set_refcount(self, count);
    }
}
