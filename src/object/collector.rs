//! The collector: finds objects that only hold each other, and ends them.
//!
//! By trial deletion over the interpreter's list of tracked objects. Each starts with its count; every
//! reference that a tracked object shows through `tp_traverse` is taken off again; what is left over came from
//! outside, and what those reach stays. The rest is garbage: weak references to it are cleared and their
//! callbacks called, `tp_finalize` runs once, what is still unreachable after that is taken apart by `tp_clear`.
//!
//! No step recurses and none allocates for the objects it looks at: lists are relinked in place. A collection
//! is due when the tracked objects have grown by a quarter (and by [`MIN_GROWTH`]) since the last one, so that
//! its cost stays a constant share of what was allocated. It begins only where foreign code may run anyway
//! ([`collect_if_due`]), never within an allocation.

use core::cell::Cell;
use core::ffi::{c_int, c_void};
use core::ptr;
use core::sync::atomic::{AtomicIsize, Ordering::Relaxed};

use super::alloc::{GC_HEAD, gc_head};
use super::{Object, Owned, Type};
use crate::ffi::PyObject;
use crate::runtime::{ThreadState, gil, ledger, unraisable};
use crate::types::weakref::{self, Dead};

/// What stands before a collectable object: links in a ring. Low bits of `prev` are flags, kept whatever happens
/// to the links.
#[repr(C, align(16))]
pub struct GcHead {
    next: Cell<*mut GcHead>,
    prev: Cell<usize>,
}

/// `tp_finalize` has run.
const FINALIZED: usize = 1;
/// In the part of the heap that the collection under way looks at, and not known to be reachable.
const CANDIDATE: usize = 2;
const FLAGS: usize = 15;
/// While candidates are counted, the rest of `prev` is a count.
const COUNT_SHIFT: u32 = 4;

impl GcHead {
    fn ring() -> GcHead {
        GcHead { next: Cell::new(ptr::null_mut()), prev: Cell::new(0) }
    }

    /// Makes it a ring of its own, once it is where it stays.
    fn close(&self) {
        self.next.set(self.as_ptr());
        self.prev.set(self.as_ptr().addr());
    }

    fn as_ptr(&self) -> *mut GcHead {
        ptr::from_ref(self).cast_mut()
    }

    /// Whether the object is tracked.
    #[inline(always)]
    pub fn is_linked(&self) -> bool {
        !self.next.get().is_null()
    }

    #[inline(always)]
    fn prev(&self) -> *mut GcHead {
        (self.prev.get() & !FLAGS) as *mut GcHead
    }

    #[inline(always)]
    fn set_prev(&self, prev: *mut GcHead) {
        self.prev.set(prev.addr() | self.prev.get() & FLAGS);
    }

    fn has(&self, flag: usize) -> bool {
        self.prev.get() & flag != 0
    }

    fn set_flag(&self, flag: usize, on: bool) {
        let rest = self.prev.get() & !flag;
        self.prev.set(if on { rest | flag } else { rest });
    }

    pub fn is_finalized(&self) -> bool {
        self.has(FINALIZED)
    }

    /// Links `item`, which is in no ring, in before `self`: at the end, if `self` is the ring's head.
    #[inline(always)]
    fn push(&self, item: &GcHead) {
        let last = self.prev();
        item.set_prev(last);
        item.next.set(self.as_ptr());
        // SAFETY: the last head of the ring lives.
        unsafe { (*last).next.set(item.as_ptr()) };
        self.set_prev(item.as_ptr());
    }

    #[inline(always)]
    fn remove(&self) {
        let (prev, next) = (self.prev(), self.next.get());
        // SAFETY: neighbours in a ring of live heads.
        unsafe {
            (*prev).next.set(next);
            (*next).set_prev(prev);
        }
    }

    /// The first of the ring that `self` heads.
    fn first(&self) -> Option<&GcHead> {
        let first = self.next.get();
        // SAFETY: heads in a ring live.
        if ptr::eq(first, self) { None } else { Some(unsafe { &*first }) }
    }

    /// Moves all of the ring that `self` heads to the end of `other`'s.
    fn move_all_to(&self, other: &GcHead) {
        while let Some(item) = self.first() {
            item.remove();
            other.push(item);
        }
    }

    fn object(&self) -> &Object {
        // SAFETY: the object follows its header.
        unsafe { &*self.as_ptr().cast::<u8>().add(GC_HEAD).cast::<PyObject>() }
    }

    fn traverse(&self, visit: unsafe extern "C" fn(*mut PyObject, *mut c_void) -> c_int, arg: *mut c_void) {
        traverse(self.object(), visit, arg);
    }
}

pub(super) fn traverse(
    object: &Object,
    visit: unsafe extern "C" fn(*mut PyObject, *mut c_void) -> c_int,
    arg: *mut c_void,
) {
    if let Some(function) = object.ty().tp_traverse.get() {
        // SAFETY: the type's own function for its instance; `visit` takes any live object.
        unsafe { function(object.as_ptr(), visit, arg) };
    }
}

/// An interpreter's tracked objects, and when to look at them.
pub struct GcList {
    head: Box<GcHead>,
    tracked: Cell<isize>,
    /// A collection is due above this many.
    due: Cell<isize>,
    /// The same where the fast paths look, until somebody else interrupts.
    limit: AtomicIsize,
    enabled: Cell<bool>,
    collecting: Cell<bool>,
}

/// How much the number of tracked objects grows at least before the next collection: CPython's threshold.
const MIN_GROWTH: isize = 2000;

impl Default for GcList {
    fn default() -> GcList {
        let head = Box::new(GcHead::ring());
        head.close();
        GcList {
            head,
            tracked: Cell::new(0),
            due: Cell::new(MIN_GROWTH),
            limit: AtomicIsize::new(MIN_GROWTH),
            enabled: Cell::new(true),
            collecting: Cell::new(false),
        }
    }
}

impl GcList {
    #[inline(always)]
    pub(super) fn link(&self, item: &GcHead) {
        self.tracked.set(self.tracked.get() + 1);
        self.head.push(item);
    }

    #[inline(always)]
    pub(super) fn unlink(&self, item: &GcHead) {
        self.tracked.set(self.tracked.get() - 1);
        item.remove();
        item.next.set(ptr::null_mut());
        item.prev.set(item.prev.get() & FINALIZED);
    }

    pub fn tracked(&self) -> isize {
        self.tracked.get()
    }

    pub fn is_enabled(&self) -> bool {
        self.enabled.get()
    }

    pub fn enable(&self, enabled: bool) {
        self.enabled.set(enabled);
        self.set_limit();
    }

    fn set_limit(&self) {
        let tracked = self.tracked.get();
        let limit = if self.enabled.get() { tracked + MIN_GROWTH.max(tracked / 4) } else { isize::MAX };
        self.set_due(limit);
    }

    fn set_due(&self, limit: isize) {
        self.due.set(limit);
        self.limit.store(limit, Relaxed);
    }

    /// Has the thread that runs look at the GIL where it would look whether to collect. Needs no GIL.
    pub fn interrupt(&self) {
        self.limit.store(isize::MIN, Relaxed);
    }

    pub fn is_collecting(&self) -> bool {
        self.collecting.get()
    }

    /// Calls `f` with every tracked object. It neither counts references nor tracks, and runs nothing foreign.
    pub fn look(&self, mut f: impl FnMut(&Object)) {
        for_each(&self.head, |head| f(head.object()));
    }

    /// Calls `visit` with every tracked object until it says `false`. None is collected meanwhile.
    pub fn visit(&self, mut visit: impl FnMut(&Object) -> bool) {
        let collecting = self.collecting.replace(true);
        let mut at = self.head.next.get();
        while !ptr::eq(at, &*self.head) {
            // SAFETY: a head in the ring lives, and the reference keeps it there.
            let object = Owned::new(unsafe { (*at).object() });
            if !visit(&object) {
                break;
            }
            at = gc_head(&object).next.get();
            if at.is_null() {
                break;
            }
        }
        self.collecting.set(collecting);
    }
}

/// Collects if it is time, and lets another thread run that has waited for long. To be called where foreign code may
/// run.
#[inline(always)]
pub fn collect_if_due(ts: &ThreadState) {
    let gc = &ts.interp().gc;
    if gc.tracked.get() > gc.limit.load(Relaxed) {
        look_up(ts);
    }
}

#[cold]
#[inline(never)]
fn look_up(ts: &ThreadState) {
    let gc = &ts.interp().gc;
    gc.set_due(gc.due.get());
    gil::hand_over_if_wanted(ts);
    if gc.tracked.get() > gc.due.get() {
        collect(ts);
    }
}

/// Collects, and says how many objects were found to be unreachable.
pub fn collect(ts: &ThreadState) -> isize {
    let gc = &ts.interp().gc;
    if gc.collecting.replace(true) {
        return 0;
    }
    gc.set_due(isize::MAX);
    let _door = ledger::Door::open();
    let found = ts.preserving_error(|| run(ts, &gc.head));
    gc.collecting.set(false);
    gc.set_limit();
    found
}

fn run(ts: &ThreadState, all: &GcHead) -> isize {
    let unreachable = GcHead::ring();
    unreachable.close();
    separate(all, &unreachable);
    spare_legacy(all, &unreachable);
    let mut found = 0;
    for_each(&unreachable, |_| found += 1);
    if found == 0 {
        return 0;
    }
    call_back(ts, &unreachable);
    finalize(ts, &unreachable);
    let garbage = GcHead::ring();
    garbage.close();
    separate(&unreachable, &garbage);
    for_each(&unreachable, |_| found -= 1);
    unreachable.move_all_to(all);
    let mut dead = Vec::new();
    for_each(&garbage, |head| kill(head, &mut dead, |object| weakref::kill_references(ts, object)));
    drop(dead);
    take_apart(ts, &garbage, all);
    found
}

fn for_each(ring: &GcHead, mut f: impl FnMut(&GcHead)) {
    let mut at = ring.next.get();
    while !ptr::eq(at, ring) {
        // SAFETY: heads in a ring live.
        let head = unsafe { &*at };
        at = head.next.get();
        f(head);
    }
}

/// Moves what nothing outside `ring` reaches to `unreachable`, an empty ring; those keep the flag `CANDIDATE`.
fn separate(ring: &GcHead, unreachable: &GcHead) {
    for_each(ring, |head| {
        let count = head.object().refcount() as usize;
        head.prev.set(count << COUNT_SHIFT | head.prev.get() & FINALIZED | CANDIDATE);
    });
    for_each(ring, |head| head.traverse(uncount, ptr::null_mut()));
    // Only now are there links in both directions again.
    let mut at = ring.next.get();
    ring.close();
    while !ptr::eq(at, ring) {
        // SAFETY: heads in the ring live.
        let head = unsafe { &*at };
        at = head.next.get();
        let count = head.prev.get() >> COUNT_SHIFT;
        head.prev.set(head.prev.get() & FLAGS);
        if count != 0 {
            head.set_flag(CANDIDATE, false);
            ring.push(head);
        } else {
            unreachable.push(head);
        }
    }
    rescue(ring, ring.next.get());
}

/// Moves what the members of `ring` from `at` on reach back to its end, and so on from there.
fn rescue(ring: &GcHead, mut at: *mut GcHead) {
    while !ptr::eq(at, ring) {
        // SAFETY: heads in a ring live.
        let head = unsafe { &*at };
        head.traverse(found_reachable, ring.as_ptr().cast());
        at = head.next.get();
    }
}

/// The header of a candidate.
#[inline]
fn candidate<'a>(object: *mut PyObject) -> Option<&'a GcHead> {
    // SAFETY: a visited object is live.
    let object = unsafe { &*object };
    // What is immortal is not tracked, and a static one has no header.
    if !object.ty().is_gc() || object.is_immortal() {
        return None;
    }
    let head = gc_head(object);
    (head.is_linked() && head.has(CANDIDATE)).then_some(head)
}

unsafe extern "C" fn uncount(object: *mut PyObject, _arg: *mut c_void) -> c_int {
    // SAFETY: a visited object is live.
    let visited = unsafe { &*object };
    if visited.is_immortal() {
        super::immortal::heal_if_far(visited);
        return 0;
    }
    if let Some(head) = candidate(object) {
        let prev = head.prev.get();
        // A `tp_traverse` that shows more than is held must not reach below zero.
        if prev >> COUNT_SHIFT != 0 {
            head.prev.set(prev - (1 << COUNT_SHIFT));
        }
    }
    0
}

unsafe extern "C" fn found_reachable(object: *mut PyObject, ring: *mut c_void) -> c_int {
    if let Some(head) = candidate(object) {
        head.remove();
        head.set_flag(CANDIDATE, false);
        // SAFETY: the ring's head, from `rescue`.
        unsafe { (*ring.cast::<GcHead>()).push(head) };
    }
    0
}

/// What has a `tp_del`, the finalizer of old, is never collected, nor is what it reaches.
fn spare_legacy(all: &GcHead, unreachable: &GcHead) {
    let last = all.prev();
    for_each(unreachable, |head| {
        if head.object().ty().tp_del.get().is_some() {
            head.remove();
            head.set_flag(CANDIDATE, false);
            all.push(head);
        }
    });
    // SAFETY: a head of the ring.
    rescue(all, unsafe { (*last).next.get() });
}

fn kill(head: &GcHead, dead: &mut Vec<Dead>, kill: impl FnOnce(&Object) -> Vec<Dead>) {
    let object = head.object();
    if weakref::supports(object) {
        dead.extend(kill(object));
    }
}

/// Clears the weak references to garbage that have callbacks, and calls those of references that are not garbage
/// themselves. Nothing is dropped while the ring is walked: that might change it.
fn call_back(ts: &ThreadState, unreachable: &GcHead) {
    let mut dead = Vec::new();
    for_each(unreachable, |head| kill(head, &mut dead, |object| weakref::kill_with_callbacks(ts, object)));
    let (garbage, outside): (Vec<Dead>, Vec<Dead>) =
        dead.into_iter().partition(|(reference, _)| candidate(reference.as_ptr()).is_some());
    weakref::call_callbacks(ts, outside);
    drop(garbage);
}

fn finalize(ts: &ThreadState, unreachable: &GcHead) {
    let done = GcHead::ring();
    done.close();
    while let Some(head) = unreachable.first() {
        head.remove();
        done.push(head);
        let object = Owned::new(head.object());
        call_finalizer(ts, &object);
    }
    done.move_all_to(unreachable);
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
    object.ty().is_gc() && !object.is_static() && gc_head(object).is_finalized()
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

/// Breaks the garbage up. What `tp_clear` does not end goes back among the tracked objects.
fn take_apart(ts: &ThreadState, garbage: &GcHead, all: &GcHead) {
    while let Some(head) = garbage.first() {
        head.remove();
        head.set_flag(CANDIDATE, false);
        all.push(head);
        let object = Owned::new(head.object());
        if let Some(clear) = object.ty().tp_clear.get() {
            // SAFETY: the type's own function for its instance.
            unsafe { clear(object.as_ptr()) };
            if ts.error.is_set() {
                unraisable::report_while(ts, "clearing an object during garbage collection", Some(&object));
            }
        }
    }
}

impl Type {
    /// Whether an instance carries a collector's header.
    #[inline(always)]
    pub fn is_gc(&self) -> bool {
        self.tp_flags.get() & crate::ffi::Py_TPFLAGS_HAVE_GC != 0
    }
}
