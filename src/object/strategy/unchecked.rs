//! Counting without a question, for the strategies that do: every reference is counted, to whatever object.

use crate::ffi::IMMORTAL_OVERFLOW;
use crate::object::{Object, dealloc};

/// The middle of a positive 32-bit count: as far from 0 as from where newer inline code stops counting.
pub const CUSHION: u32 = 1 << 30;

/// One reference more.
#[inline(always)]
pub fn incref(object: &Object) {
    object.ob_refcnt.count.set(object.ob_refcnt.count.get().wrapping_add(1));
}

/// One reference less; the last one ends the object.
///
/// # Safety
/// The caller owns the reference, and does not use `object` afterwards unless it owns another.
#[inline(always)]
pub unsafe fn decref(object: &Object) {
    let count = object.ob_refcnt.count.get().wrapping_sub(1);
    object.ob_refcnt.count.set(count);
    if count == 0 {
        // SAFETY: nobody holds a reference any more.
        unsafe { dealloc::dealloc(object.as_ptr()) };
    }
}

/// A reference to an object that is known never to be freed: counted all the same.
#[inline(always)]
pub fn take(shared: &Object) {
    incref(shared);
}

/// Gives up what [`take`] took.
///
/// # Safety
/// As for [`decref`].
#[inline(always)]
pub unsafe fn give_back(shared: &Object) {
    // SAFETY: the caller's promise.
    unsafe { decref(shared) }
}

/// Whether references to `object` need not be counted.
#[inline(always)]
pub fn skips(_object: &Object) -> bool {
    false
}

#[inline]
pub fn refcount(object: &Object) -> isize {
    object.ob_refcnt.count.get() as isize
}

/// A count that does not fit becomes the largest.
pub fn set_refcount(object: &Object, count: isize) {
    object.ob_refcnt.count.set(u32::try_from(count).unwrap_or(u32::MAX));
}

/// Counts change as they are used, so that none is off.
pub fn drift(_object: &Object) -> i64 {
    0
}

/// An object that is kept came to its end: it gets a count that carries it on.
pub fn heal(object: &Object) {
    object.ob_refcnt.count.set(CUSHION);
    object.ob_refcnt.overflow.set(IMMORTAL_OVERFLOW);
}
