//! The end of an object.
//!
//! Ending a container ends its items, which may be containers: to any depth. So an object whose type takes
//! part in collection (only those can nest without bound) is put off once [`MAX_NESTING`] ends are under
//! way in this thread: its reference word, no longer needed, links it into a list that the outermost end
//! works off. The stack so stays bounded for any data, and for extensions' types as well, whose `tp_dealloc`
//! comes back here through `_Py_Dealloc`.

use super::alloc::{gc_is_tracked, gc_track, gc_untrack};
use super::{Object, immortal};
use crate::ffi::{Py_TPFLAGS_HAVE_GC, PyObject};
use crate::runtime::{ThreadState, ledger};

/// Deep enough that ordinary data never pays for the list, shallow enough for any thread's stack.
const MAX_NESTING: u32 = 48;

/// Ends `object`, whose count has reached zero. An immortal that code without the check brought here is
/// healed instead.
///
/// # Safety
/// No reference to a mortal `object` is left.
pub unsafe fn dealloc(object: *mut PyObject) {
    // SAFETY: the memory is still that of an object.
    let this = unsafe { &*object };
    if this.is_immortal() {
        return immortal::heal(this);
    }
    // SAFETY: the caller's promise, and it is mortal.
    unsafe { end(object) };
}

/// Ends a mortal whose count has reached zero.
///
/// # Safety
/// No reference to `object` is left, and it is no immortal.
#[inline(never)]
pub(super) unsafe fn end(object: *mut PyObject) {
    // SAFETY: the memory is still that of an object.
    let this = unsafe { &*object };
    let _door = ledger::Door::open();
    if ledger::ended(this) {
        return;
    }
    let ty = this.ty();
    let Some(tp_dealloc) = ty.tp_dealloc.get() else { return };
    if ty.tp_flags.get() & Py_TPFLAGS_HAVE_GC == 0 {
        // SAFETY: the type's own function for its instance.
        return unsafe { tp_dealloc(object) };
    }
    let ts = ThreadState::current();
    let depth = ts.dealloc_depth.get();
    if depth >= MAX_NESTING {
        defer(ts, this);
        return;
    }
    ts.dealloc_depth.set(depth + 1);
    // SAFETY: as above.
    unsafe { tp_dealloc(object) };
    if depth == 0 {
        drain(ts);
    }
    ts.dealloc_depth.set(depth);
}

/// In a link: the object was tracked.
const TRACKED: usize = 1;

/// Links the object into the list. It is not tracked meanwhile: a collection would take the link for a count.
fn defer(ts: &ThreadState, object: &Object) {
    let is_tracked = gc_is_tracked(object);
    if is_tracked {
        gc_untrack(object);
    }
    let link = ts.deferred_end.replace(object.as_ptr()).map_addr(|next| next | usize::from(is_tracked));
    // SAFETY: the reference word of an object that nobody refers to: ours to use, 8 bytes, aligned.
    unsafe { object.as_ptr().cast::<*mut PyObject>().write(link) };
}

/// Works off the list, with this thread's depth at 1.
fn drain(ts: &ThreadState) {
    loop {
        let object = ts.deferred_end.get();
        if object.is_null() {
            return;
        }
        // SAFETY: `defer` stored the link there; afterwards the word is zero again, as `tp_dealloc` expects.
        unsafe {
            let place = object.cast::<*mut PyObject>();
            let link = place.read();
            ts.deferred_end.set(link.map_addr(|next| next & !TRACKED));
            place.write(core::ptr::null_mut());
            if link.addr() & TRACKED != 0 {
                gc_track(&*object);
            }
            if let Some(tp_dealloc) = (*object).ty().tp_dealloc.get() {
                tp_dealloc(object);
            }
        }
    }
}
