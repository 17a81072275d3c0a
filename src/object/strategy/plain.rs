//! `plain`: every reference is counted and nothing is asked: the cost baseline.
//!
//! An object of the image begins with a count of one: the image's own reference. Whoever hands one out counts it, as
//! for any object, so that `take` counts and `skips` never holds. What joins the objects that live as long as the
//! process or its interpreter (built for the process, brought by an extension, promoted by hand) gains
//! the reference of whoever keeps it. So no count of theirs comes to 0 while every reference is
//! balanced. Where code is not (a module that was compiled against headers that know of immortals returns `None`
//! uncounted) it does: the end of the object, which is off the path that is measured, then finds the flag,
//! and gives the object a count of 2^30 instead; CPython before 3.12 ended the process there.
//!
//! What it cannot promise: that a count is exact after such an accident, or where several interpreters count on a
//! shared object at once; that shared pages stay clean, or can be sealed; and that a count of more than 2^32 - 1 is survived. The middle
//! of the overflow field only keeps code that counts on all 64 bits away from the flags.

use core::ffi::CStr;
use core::sync::atomic::Ordering::Relaxed;

pub use super::shared::{Copies, OWN_COPIES, is, own};
use super::unchecked::CUSHION;
pub use super::unchecked::{decref, drift, give_back, heal, incref, refcount, set_refcount, skips, take};
use crate::ffi::{FLAG_IMMORTAL, FLAG_STATIC, IMMORTAL_OVERFLOW, RefWord};
use crate::object::Object;

pub const NAME: &CStr = c"plain";

/// The image's own reference.
#[allow(clippy::declare_interior_mutable_const)]
pub const STATIC: RefWord = RefWord::new(1, IMMORTAL_OVERFLOW, FLAG_IMMORTAL | FLAG_STATIC);

/// The object is kept from here on: one reference more, its keeper's. A static that was compiled as an immortal, or
/// without a reference, begins anew with one.
pub fn settle(object: &Object, flags: u16) {
    let word = &object.ob_refcnt;
    let known = word.flags.load(Relaxed) & FLAG_IMMORTAL != 0 && word.overflow.get() == IMMORTAL_OVERFLOW;
    match word.count.get() {
        _ if known => {}
        count if count < CUSHION => word.count.set(count + 1),
        _ => word.count.set(1),
    }
    word.overflow.set(IMMORTAL_OVERFLOW);
    word.flags.store(flags, Relaxed);
}

/// Any count is right.
pub fn is_drifted(_object: &Object) -> bool {
    false
}

/// Any count is near.
pub fn is_far(_object: &Object) -> bool {
    false
}
