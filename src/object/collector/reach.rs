//! Who reaches whom: by trial deletion.
//!
//! Each object of a ring starts with its count; every reference that a member shows through `tp_traverse` is taken off
//! again; what is left over came from outside the ring. What those reach stays, the rest is unreachable. Nothing recurses:
//! what is found reachable goes to the end of the ring that is being walked.

use core::ffi::{c_int, c_void};
use core::ptr;

use super::head::{Before, CANDIDATE, GcHead, before, has_header};
use crate::ffi::PyObject;
use crate::object::alloc::gc_head;
use crate::object::{Object, immortal};

/// Moves what nothing outside `ring` reaches to `unreachable`, an empty ring; those keep the flag `CANDIDATE`. How many
/// were looked at.
pub(super) fn separate(ring: &GcHead, unreachable: &GcHead) -> usize {
    let candidates = begin_counts(ring);
    ring.for_each(|head| {
        head.traverse(uncount, ptr::null_mut());
    });
    // Only now are there links in both directions again.
    let mut at = ring.next();
    ring.close();
    while !ptr::eq(at, ring) {
        // SAFETY: heads in the ring live.
        let head = unsafe { &*at };
        at = head.next();
        if head.end_count() != 0 {
            head.set_flag(CANDIDATE, false);
            ring.push(head);
        } else {
            unreachable.push(head);
        }
    }
    rescue(ring);
    candidates
}

/// Makes candidates of all of a ring, with their counts. What became immortal leaves the ring.
fn begin_counts(ring: &GcHead) -> usize {
    let mut candidates = 0;
    ring.for_each(|head| {
        let object = head.object();
        if object.is_immortal() {
            head.unlink();
            return;
        }
        // One without references is being ended by who tracked it still: that is not garbage.
        head.begin_count((object.refcount() as usize).max(1));
        candidates += 1;
    });
    candidates
}

/// Moves candidates that members of `ring` reach to its end, and so on from there.
pub(super) fn rescue(ring: &GcHead) {
    let mut at = ring.next();
    while !ptr::eq(at, ring) {
        // SAFETY: heads in a ring live.
        let head = unsafe { &*at };
        head.traverse(found_reachable, ring.as_ptr().cast());
        at = head.next();
    }
}

/// The header of a candidate.
pub(super) fn candidate(object: &Object) -> Option<&GcHead> {
    // What is immortal is not tracked and, where it lies in an image, has no header.
    let head = (!object.is_immortal() && has_header(object)).then(|| gc_head(object))?;
    // That flag goes when the object is untracked.
    head.has(CANDIDATE).then_some(head)
}

// Both visitors see every reference of the heap, and so call nothing on the usual way.

unsafe extern "C" fn uncount(object: *mut PyObject, _arg: *mut c_void) -> c_int {
    // SAFETY: a visited object is live.
    let object = unsafe { &*object };
    if object.is_immortal() {
        immortal::heal_if_far(object);
        return 0;
    }
    match before(object) {
        Before::Nothing => {}
        Before::Header(head) if head.has(CANDIDATE) => head.uncount(),
        Before::Header(_) => {}
        Before::Unsaid => return uncount_asked(object),
    }
    0
}

#[cold]
fn uncount_asked(object: &Object) -> c_int {
    if let Some(head) = candidate(object) {
        head.uncount();
    }
    0
}

unsafe extern "C" fn found_reachable(object: *mut PyObject, ring: *mut c_void) -> c_int {
    // SAFETY: a visited object is live; the ring's head, from `rescue`.
    let (object, ring) = unsafe { (&*object, &*ring.cast::<GcHead>()) };
    if object.is_immortal() {
        return 0;
    }
    match before(object) {
        Before::Nothing => {}
        Before::Header(head) if head.has(CANDIDATE) => head.move_back(ring),
        Before::Header(_) => {}
        Before::Unsaid => return found_reachable_asked(object, ring),
    }
    0
}

#[cold]
fn found_reachable_asked(object: &Object, ring: &GcHead) -> c_int {
    if let Some(head) = candidate(object) {
        head.move_back(ring);
    }
    0
}
