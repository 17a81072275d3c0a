//! What several own, made only if there is memory for it: `Arc`, whose making cannot fail cleanly on stable Rust.

use core::ops::Deref;
use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicUsize, Ordering, fence};

use super::alloc::try_box;

struct Inner<T> {
    owners: AtomicUsize,
    value: T,
}

/// One of the owners; the last one ends the value.
pub struct Counted<T>(NonNull<Inner<T>>);

// SAFETY: as for `Arc`: any owner may end the value, and all of them see it.
unsafe impl<T: Send + Sync> Send for Counted<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Counted<T> {}

impl<T> Counted<T> {
    /// `None` without memory.
    pub fn new(value: T) -> Option<Counted<T>> {
        let inner = try_box(|| Inner { owners: AtomicUsize::new(1), value })?;
        Some(Counted(NonNull::from(Box::leak(inner))))
    }

    pub fn owners(&self) -> usize {
        // SAFETY: as in `deref`.
        unsafe { self.0.as_ref() }.owners.load(Ordering::Relaxed)
    }

    /// Where the value is.
    pub fn as_ptr(&self) -> *const T {
        ptr::from_ref(&**self)
    }
}

impl<T> Deref for Counted<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: it lives as long as there is an owner.
        unsafe { &self.0.as_ref().value }
    }
}

impl<T> Clone for Counted<T> {
    fn clone(&self) -> Counted<T> {
        // SAFETY: as in `deref`.
        unsafe { self.0.as_ref() }.owners.fetch_add(1, Ordering::Relaxed);
        Counted(self.0)
    }
}

impl<T> Drop for Counted<T> {
    fn drop(&mut self) {
        // SAFETY: as in `deref`.
        if unsafe { self.0.as_ref() }.owners.fetch_sub(1, Ordering::Release) == 1 {
            // What the other owners did comes before.
            fence(Ordering::Acquire);
            // SAFETY: boxed by `new`, and nobody else owns it.
            drop(unsafe { Box::from_raw(self.0.as_ptr()) });
        }
    }
}
