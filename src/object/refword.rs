//! Counting references.
//!
//! The flag decides, never the count: an object whose immortal flag is set is not written to, whatever
//! unbalanced code elsewhere made of its count. The test loads the two bytes of the flags and the count
//! changes by 32 bits, so that no load waits for a store of another width.

use core::sync::atomic::Ordering::Relaxed;

use super::{Object, dealloc, immortal};
use crate::ffi::{FLAG_IMMORTAL, FLAG_STATIC};

impl Object {
    #[inline(always)]
    pub fn is_immortal(&self) -> bool {
        self.ob_refcnt.flags.load(Relaxed) & FLAG_IMMORTAL != 0
    }

    /// Whether the object lies in an image (the library's or an extension's) and is never freed.
    #[inline]
    pub fn is_static(&self) -> bool {
        self.ob_refcnt.flags.load(Relaxed) & FLAG_STATIC != 0
    }

    /// One reference more. A mortal whose count reaches 2^31 becomes immortal, and stays so.
    #[inline(always)]
    pub fn incref(&self) {
        if self.is_immortal() {
            return;
        }
        let count = self.ob_refcnt.count.get().wrapping_add(1);
        self.ob_refcnt.count.set(count);
        if (count as i32) < 0 {
            immortal::overflowed(self);
        }
    }

    /// One reference less; the last one ends the object.
    ///
    /// # Safety
    /// The caller owns the reference, and does not use `self` afterwards unless it owns another.
    #[inline(always)]
    pub unsafe fn decref(&self) {
        if self.is_immortal() {
            return;
        }
        let count = self.ob_refcnt.count.get().wrapping_sub(1);
        self.ob_refcnt.count.set(count);
        if count == 0 {
            // SAFETY: nobody holds a reference any more.
            unsafe { dealloc::dealloc(self.as_ptr()) };
        }
    }

    /// The count as `Py_REFCNT` reports it: an immortal always reports its canonical count.
    #[inline]
    pub fn refcount(&self) -> isize {
        if self.is_immortal() { crate::ffi::IMMORTAL_COUNT as isize } else { self.ob_refcnt.count.get() as isize }
    }

    /// `_Py_SetRefcnt`. A count that no mortal can have makes the object immortal, as overflow does.
    pub fn set_refcount(&self, count: isize) {
        if self.is_immortal() {
            return;
        }
        match u32::try_from(count) {
            Ok(count) if (count as i32) >= 0 => self.ob_refcnt.count.set(count),
            _ => immortal::overflowed(self),
        }
    }
}
