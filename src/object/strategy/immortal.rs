//! `immortal`: what never ends is not counted.
//!
//! The flag decides, never the count: an object whose immortal flag is set is not written to, whatever
//! unbalanced code elsewhere made of its count. The test loads the two bytes of the flags and the count
//! changes by 32 bits, so that no load waits for a store of another width. Measured against it were the count's sign
//! asked first, and one comparison of all 64 bits for flag and overflow alike: each saves mortals a branch and costs
//! immortals one, and the kernels were slower by 3 and 2 % in the mean.

use core::ffi::CStr;
use core::sync::atomic::Ordering::Relaxed;

pub use super::shared::{Copies, OWN_COPIES, is, own};
use crate::ffi::{FLAG_IMMORTAL, FLAG_STATIC, IMMORTAL_COUNT, IMMORTAL_OVERFLOW, RefWord};
use crate::object::{Object, dealloc, immortal, overflow};

pub const NAME: &CStr = c"immortal";

#[allow(clippy::declare_interior_mutable_const)]
pub const STATIC: RefWord = RefWord::new(IMMORTAL_COUNT, IMMORTAL_OVERFLOW, FLAG_IMMORTAL | FLAG_STATIC);

/// One reference more. A mortal whose count reaches 2^31 becomes immortal, and stays so.
#[inline(always)]
pub fn incref(object: &Object) {
    if object.is_immortal() {
        return;
    }
    let count = object.ob_refcnt.count.get().wrapping_add(1);
    object.ob_refcnt.count.set(count);
    if (count as i32) < 0 {
        core::hint::cold_path();
        overflow::overflowed(object);
    }
}

/// One reference less; the last one ends the object.
///
/// # Safety
/// The caller owns the reference, and does not use `object` afterwards unless it owns another.
#[inline(always)]
pub unsafe fn decref(object: &Object) {
    if object.is_immortal() {
        return;
    }
    let count = object.ob_refcnt.count.get().wrapping_sub(1);
    object.ob_refcnt.count.set(count);
    if count == 0 {
        // SAFETY: nobody holds a reference any more, and it is mortal.
        unsafe { dealloc::end(object.as_ptr()) };
    }
}

/// A reference to an object that is known to be immortal: nothing to do.
#[inline(always)]
pub fn take(_immortal: &Object) {}

/// Gives up what [`take`] took: nothing to do.
///
/// # Safety
/// As for [`decref`].
#[inline(always)]
pub unsafe fn give_back(_immortal: &Object) {}

/// Whether references to `object` need not be counted.
#[inline(always)]
pub fn skips(object: &Object) -> bool {
    object.is_immortal()
}

/// An immortal always reports its canonical count.
#[inline]
pub fn refcount(object: &Object) -> isize {
    if object.is_immortal() { IMMORTAL_COUNT as isize } else { object.ob_refcnt.count.get() as isize }
}

/// An immortal stays as it is. A count that no mortal can have makes the object immortal, as overflow does.
pub fn set_refcount(object: &Object, count: isize) {
    if object.is_immortal() {
        return;
    }
    match u32::try_from(count) {
        Ok(count) if (count as i32) >= 0 => object.ob_refcnt.count.set(count),
        _ => immortal::overflowed(object),
    }
}

/// The object is immortal from here on: its word becomes canonical.
pub fn settle(object: &Object, flags: u16) {
    write_back(object);
    object.ob_refcnt.flags.store(flags, Relaxed);
}

/// Whether the word of an immortal is no longer what the library wrote.
pub fn is_drifted(object: &Object) -> bool {
    object.ob_refcnt.count.get() != IMMORTAL_COUNT || object.ob_refcnt.overflow.get() != IMMORTAL_OVERFLOW
}

/// By how many references the word is off.
pub fn drift(object: &Object) -> i64 {
    let word = |count: u32, overflow: u16| i64::from(overflow) << 32 | i64::from(count);
    word(object.ob_refcnt.count.get(), object.ob_refcnt.overflow.get()) - word(IMMORTAL_COUNT, IMMORTAL_OVERFLOW)
}

/// Half way from the canonical count to where newer inline code would take the object for a mortal.
const FAR: u32 = 1 << 29;

/// Whether the word has drifted so far that it should be healed soon.
#[inline(always)]
pub fn is_far(object: &Object) -> bool {
    let count = object.ob_refcnt.count.get().wrapping_sub(IMMORTAL_COUNT - FAR);
    count > 2 * FAR || object.ob_refcnt.overflow.get() != IMMORTAL_OVERFLOW
}

/// Writes the canonical word of an immortal back.
pub fn heal(object: &Object) {
    write_back(object);
}

fn write_back(object: &Object) {
    object.ob_refcnt.count.set(IMMORTAL_COUNT);
    object.ob_refcnt.overflow.set(IMMORTAL_OVERFLOW);
}
