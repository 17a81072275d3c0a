//! The end of an interpreter's immortals.
//!
//! While they were immortal nobody counted the references to them. So, once nothing else is left of the interpreter
//! that could use them, those that may hold something become mortal again with the references counted that they and
//! the tracked objects hold to each other, and are given up like any garbage. Plain values (strs, numbers, bytes) stay
//! as they are: the heap takes them along.
//!
//! What holds a reference without showing it through `tp_traverse` was not counted, and may give up what is gone: so
//! the heap is told to keep what was in use as it lies until it goes itself. A count that has passed zero does not
//! reach it again.

use core::ffi::{c_int, c_void};
use core::ptr::{self, NonNull};
use core::sync::atomic::Ordering::Relaxed;

use super::collector::{collect_at_end, traverse};
use super::immortal::{self, Origin};
use super::{Object, Owned};
use crate::ffi::{FLAG_IMMORTAL, FLAG_STATIC, Py_TPFLAGS_HEAPTYPE, PyObject};
use crate::runtime::ThreadState;
use crate::types::is_plain;

/// In the flags of a reference word while its references are counted. No other code sees it.
const FLAG_ENDING: u16 = 1 << 15;

/// Each takes what the one before has set free; foreign finalizers could go on making garbage for ever.
const MAX_COLLECTIONS: u32 = 8;

/// Ends the objects that became immortal in this interpreter.
pub fn end_immortals(ts: &ThreadState) {
    let interp = ts.interp();
    let promoted = interp.promoted.take();
    let by_hand: Vec<NonNull<Object>> =
        promoted.into_iter().filter(|(_, origin)| *origin != Origin::Extension).map(|(object, _)| object).collect();
    let mut lists = interp.walked.take();
    lists.push(by_hand);
    if lists.iter().all(Vec::is_empty) {
        return;
    }
    // Objects of others may lie there as well.
    if interp.owns_memory() {
        interp.heap().begin_end();
    }
    immortal::forget_drift(lists.iter().flatten());
    // SAFETY: immortals of the interpreter live until here.
    let all = || lists.iter().flatten().map(|object| unsafe { object.as_ref() });
    let held = || all().filter(|object| !is_plain(object));
    held().for_each(begin);
    interp.gc.look(count_references);
    held().for_each(count_references);
    for object in held() {
        object.ob_refcnt.flags.fetch_and(!FLAG_ENDING, Relaxed);
    }
    // Tracked before the first of them goes, so that it can leave the others' ring.
    for object in held().filter(|object| object.ty().is_gc()) {
        super::alloc::gc_track(object);
    }
    for object in held() {
        // SAFETY: the reference that its being immortal stood for.
        drop(unsafe { Owned::<Object>::from_stolen(object.as_ptr()) });
    }
    // What shows less than it holds keeps that out of the collection by which it ends itself.
    for _ in 0..MAX_COLLECTIONS {
        if collect_at_end(ts) == 0 {
            break;
        }
    }
    if !interp.heap().owns_blocks() {
        all().filter(|object| is_plain(object)).for_each(give_back);
    }
}

/// Mortal, with one reference, and marked.
fn begin(object: &Object) {
    object.ob_refcnt.count.set(1);
    object.ob_refcnt.overflow.set(0);
    let kept = object.ob_refcnt.flags.load(Relaxed) & !(FLAG_IMMORTAL | FLAG_STATIC);
    object.ob_refcnt.flags.store(kept | FLAG_ENDING, Relaxed);
}

/// Counts what an object holds, its type included: the same whether it shows that or not.
fn count_references(object: &Object) {
    let ty = object.ty();
    let mut seen = Counted { ty: ptr::null_mut() };
    if ty.tp_flags.get() & Py_TPFLAGS_HEAPTYPE != 0 {
        seen.ty = ty.as_ptr();
        count(ty);
    }
    traverse(object, count_again, ptr::from_mut(&mut seen).cast());
}

/// The type whose reference was counted already.
struct Counted {
    ty: *mut PyObject,
}

fn count(object: &Object) {
    if object.ob_refcnt.flags.load(Relaxed) & FLAG_ENDING != 0 {
        object.incref();
    }
}

unsafe extern "C" fn count_again(object: *mut PyObject, seen: *mut c_void) -> c_int {
    // SAFETY: from `count_references`, and a visited object is live.
    unsafe {
        let seen = &mut *seen.cast::<Counted>();
        if ptr::eq(seen.ty, object) {
            seen.ty = ptr::null_mut();
            return 0;
        }
        count(&*object);
    }
    0
}

/// A plain value whose memory is malloc's own.
fn give_back(object: &Object) {
    begin(object);
    // SAFETY: nothing is left that could use it.
    drop(unsafe { Owned::<Object>::from_stolen(object.as_ptr()) });
}
