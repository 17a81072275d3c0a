//! For the strategies whose interpreters share the image's singletons: an interpreter's own is the image's.

use super::Singleton;
use crate::object::Object;

/// Whether interpreters have singletons of their own.
pub const OWN_COPIES: bool = false;

/// What an interpreter keeps of its own.
#[derive(Default)]
pub struct Copies;

#[inline(always)]
pub fn own<T>(_which: Singleton, image: &'static T) -> &'static T {
    image
}

#[inline(always)]
pub fn is<T>(_which: Singleton, image: &'static T, object: &Object) -> bool {
    core::ptr::addr_eq(image, object)
}
