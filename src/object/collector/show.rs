//! What an object holds, as its `tp_traverse` shows it.

use core::ffi::{c_int, c_void};
use core::ptr;

use super::head::{has_header, traverse};
use crate::ffi::PyObject;
use crate::object::Object;

/// Calls `f` with everything that a collectable object shows, until it says `true`; whether it did. Nothing is shown of
/// what lies in an image, and of what takes no part in collection.
pub fn shown(object: &Object, mut f: &mut dyn FnMut(&Object) -> bool) -> bool {
    let looks = !object.is_static() && has_header(object);
    looks && traverse(object, visit, ptr::from_mut(&mut f).cast()) != 0
}

unsafe extern "C" fn visit(object: *mut PyObject, f: *mut c_void) -> c_int {
    // SAFETY: from `shown`, and a visited object is live.
    unsafe { c_int::from((*f.cast::<&mut dyn FnMut(&Object) -> bool>())(&*object)) }
}
