//! `high-count`: nothing is asked, and what is never freed begins with a count so high that nobody reaches its end.
//!
//! Immortal in effect, as was proposed before there was a flag: unbalanced code may be off by 2^30 either way. But every use
//! writes, so that it counts as `plain` does, and costs what it costs; nor does it leave shared pages clean. References
//! are counted where the library hands such an object out, since what takes them counts them down: otherwise
//! each None returned would bring the end nearer. An end that is reached all the same is put off, as in `plain`.
//!
//! What it cannot promise: that `Py_REFCNT` of such an object stays the same, and what `plain` cannot about 2^32.

use core::sync::atomic::Ordering::Relaxed;

#[cfg(feature = "high-count")]
pub use super::shared::{Copies, OWN_COPIES, is, own};
use super::unchecked::CUSHION;
pub use super::unchecked::heal;
#[cfg(feature = "high-count")]
pub use super::unchecked::{decref, drift, give_back, incref, refcount, set_refcount, skips, take};
use crate::ffi::{FLAG_IMMORTAL, FLAG_STATIC, IMMORTAL_OVERFLOW, RefWord};
use crate::object::Object;

#[cfg(feature = "high-count")]
pub const NAME: &core::ffi::CStr = c"high-count";

#[allow(clippy::declare_interior_mutable_const)]
pub const STATIC: RefWord = RefWord::new(CUSHION, IMMORTAL_OVERFLOW, FLAG_IMMORTAL | FLAG_STATIC);

/// The object is kept from here on.
pub fn settle(object: &Object, flags: u16) {
    heal(object);
    object.ob_refcnt.flags.store(flags, Relaxed);
}

pub use is_drifted as is_far;

/// Whether the count is nearer to an end than to where it began.
pub fn is_drifted(object: &Object) -> bool {
    object.ob_refcnt.count.get().abs_diff(CUSHION) > CUSHION / 2 || object.ob_refcnt.overflow.get() != IMMORTAL_OVERFLOW
}
