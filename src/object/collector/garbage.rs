//! How garbage ends: in CPython 3.15's order.
//!
//! 1. Weak references to it that have a callback die, and the callbacks of those that are not garbage themselves are
//!    called. References without a callback live on: a finalizer may use them.
//! 2. `tp_finalize` runs, once in an object's life. What is reachable again afterwards stays.
//! 3. All weak references to the rest die, and those that are part of it.
//! 4. `tp_clear` takes it apart.
//!
//! Foreign code may do anything meanwhile, to the rings as well: so they are walked by moving their first member to
//! another, and what is handed to foreign code is held.

use super::head::{FINALIZED, GcHead};
use super::reach::candidate;
use super::{Event, tell};
use crate::object::alloc::gc_head;
use crate::object::{Object, Owned};
use crate::runtime::{ThreadState, ledger, unraisable};
use crate::types::weakref::{self, WeakReference};

/// Calls `f` with every member of a ring, which may end any of them.
pub(super) fn for_each_held(ring: &GcHead, mut f: impl FnMut(&Object)) {
    let done = GcHead::ring();
    done.close();
    while let Some(head) = ring.first() {
        head.remove();
        done.push(head);
        f(&Owned::new(head.object()));
    }
    done.append_to(ring);
}

/// The first step. How many weak references ended with their callback. They are kept in the ring `old`.
pub(super) fn call_back(ts: &ThreadState, unreachable: &GcHead, old: &GcHead) -> usize {
    let to_call = GcHead::ring();
    to_call.close();
    // Weak references that are not tracked, which a program may have made immortal.
    let mut untracked = Vec::new();
    unreachable.for_each(|head| {
        weakref::kill_with_callbacks(ts, head.object(), |reference| {
            if reference.refcount() == 0 || candidate(reference).is_some() {
                return;
            }
            let reference = Owned::new(reference);
            let head = gc_head(&reference);
            if head.is_linked() {
                head.remove();
                to_call.push(head);
                let _ = reference.into_raw();
            } else {
                untracked.push(reference);
            }
        });
    });
    let mut ended = 0;
    while let Some(head) = to_call.first() {
        head.remove();
        old.push(head);
        // SAFETY: a weak reference, and the reference to it that was kept above.
        let reference = unsafe { Owned::<WeakReference>::from_stolen(head.object().as_ptr()) };
        weakref::call_callback(ts, &reference);
        ended += usize::from(reference.refcount() == 1);
    }
    untracked.iter().for_each(|reference| weakref::call_callback(ts, reference));
    ended
}

/// The second step, but for finding out what is reachable again.
pub(super) fn finalize(ts: &ThreadState, unreachable: &GcHead) {
    let done = GcHead::ring();
    done.close();
    while let Some(head) = unreachable.first() {
        head.remove();
        done.push(head);
        if head.object().ty().tp_finalize.get().is_some() {
            call_finalizer(ts, &Owned::new(head.object()));
        }
    }
    done.append_to(unreachable);
}

/// `PyObject_CallFinalizer`: `tp_finalize`, once in the life of a collectable object.
pub fn call_finalizer(_ts: &ThreadState, object: &Object) {
    let ty = object.ty();
    let Some(function) = ty.tp_finalize.get() else { return };
    let _door = ledger::Door::open();
    if ty.is_gc() && !object.is_static() {
        let head = gc_head(object);
        if head.has(FINALIZED) {
            return;
        }
        head.set_flag(FINALIZED, true);
    }
    // SAFETY: the type's own function for its instance.
    unsafe { function(object.as_ptr()) };
}

/// Whether `tp_finalize` has run.
pub fn is_finalized(object: &Object) -> bool {
    object.ty().is_gc() && !object.is_static() && gc_head(object).has(FINALIZED)
}

/// `PyObject_CallFinalizerFromDealloc`: the same for an object whose count has reached zero. `true` if the
/// finalizer let it live on.
///
/// # Safety
/// The count is zero; the caller is the object's `tp_dealloc`.
pub unsafe fn finalize_in_dealloc(ts: &ThreadState, object: &Object) -> bool {
    object.ob_refcnt.count.set(1);
    call_finalizer(ts, object);
    if object.is_immortal() {
        return true;
    }
    let count = object.ob_refcnt.count.get() - 1;
    object.ob_refcnt.count.set(count);
    count != 0
}

/// The third step. It drops nothing, so the ring stays as it is.
pub(super) fn kill_references(ts: &ThreadState, garbage: &GcHead) {
    garbage.for_each(|head| {
        weakref::kill(ts, head.object());
        weakref::kill_references_silently(ts, head.object());
    });
}

/// The last step. What `tp_clear` does not end goes back among the tracked objects, to `old`; all of it does, into
/// `gc.garbage`, where the garbage is to be `saved`.
pub(super) fn take_apart(ts: &ThreadState, garbage: &GcHead, old: &GcHead, saved: bool) {
    while let Some(head) = garbage.first() {
        let at = head.as_ptr();
        let object = Owned::new(head.object());
        if saved {
            tell(ts, Event::Saved(&object));
        } else if let Some(clear) = object.ty().tp_clear.get() {
            // SAFETY: the type's own function for its instance.
            unsafe { clear(object.as_ptr()) };
            if ts.error.is_set() {
                let what = format!("Exception ignored in tp_clear of {}", object.ty().full_name());
                unraisable::report_saying(ts, &what, None);
            }
        }
        drop(object);
        // What ended is no longer in the ring.
        if let Some(head) = garbage.first().filter(|first| core::ptr::eq(*first, at)) {
            head.move_back(old);
        }
    }
}
