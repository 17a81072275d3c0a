//! Whose an object is. Nothing mutable crosses interpreters, and in debug builds each object that C hands over is asked:
//! one of another interpreter's heap ends the process with a sentence that names both and the function.
//!
//! What is immortal may be anybody's, and so may what lies in no heap: static objects, and all of them where every
//! block comes from malloc.

use core::panic::Location;
use std::backtrace::Backtrace;

use super::Object;
use super::heap::Heap;
use crate::ffi::PyObject;
use crate::runtime::{ThreadState, interpreters, tls};

/// Ends the process if `object` is not the current interpreter's to use. Costs nothing in release builds.
///
/// # Safety
/// NULL or live.
#[inline(always)]
#[cfg_attr(debug_assertions, track_caller)]
pub unsafe fn check(object: *mut PyObject) {
    if cfg!(debug_assertions) && is_handed_over(Location::caller()) {
        // SAFETY: the caller's promise.
        if let Some(object) = unsafe { object.as_ref() } {
            check_in(object);
        }
    }
}

/// Whether the handle is made where C's pointers come in, rather than of a pointer that the library kept.
fn is_handed_over(place: &Location<'_>) -> bool {
    place.file().starts_with("src/capi/")
}

fn check_in(object: &Object) {
    // SAFETY: NULL, or this thread's state while it is attached.
    let Some(ts) = (unsafe { tls::get().as_ref() }) else { return };
    // SAFETY: a live object is at the beginning of its block, or behind the collector's header.
    let Some(heap) = (unsafe { Heap::of(object.as_ptr().cast()) }) else { return };
    if core::ptr::eq(heap, ts.interp().heap()) || object.is_immortal() {
        return;
    }
    if let Some(owner) = interpreters::owner_of(heap) {
        refuse(ts, object, owner);
    }
}

#[cold]
fn refuse(ts: &ThreadState, object: &Object, owner: i64) -> ! {
    let (address, here) = (object.as_ptr(), ts.interp().id);
    // Its own interpreter may be changing the object at this moment, but not its type's name.
    let ty = object.ty().full_name();
    let message = format!(
        "the '{ty}' object at {address:p} belongs to interpreter {owner}, and is handed over in interpreter {here}"
    );
    crate::runtime::lifecycle::fatal(&exported_function(), &message)
}

/// The exported function that is being called, as far as a backtrace tells.
fn exported_function() -> String {
    let backtrace = Backtrace::force_capture().to_string();
    let names = backtrace.lines().filter_map(|line| line.trim().split_once(": ")).map(|(_, name)| name);
    let is_exported = |name: &&str| ["Py", "_Py", "deathless_"].iter().any(|start| name.starts_with(start));
    names.filter(|name| !name.contains("::")).find(is_exported).unwrap_or("a function of the C API").to_owned()
}
