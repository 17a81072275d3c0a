//! The collector's header of an object, and the rings that headers form.
//!
//! A ring is headed by a header that belongs to no object and never carries flags. An object is in one ring or, while
//! it is not tracked, in none; every move is a relinking in place, so none can fail.

use core::cell::Cell;
use core::ffi::{c_int, c_void};
use core::ptr;

use crate::ffi::{Py_TPFLAGS_HAVE_GC, Py_TPFLAGS_TYPE_SUBCLASS, PyObject};
use crate::object::alloc::{GC_HEAD, gc_head};
use crate::object::{Object, Type};

/// What stands before a collectable object: links in a ring. Low bits of `prev` are flags, kept whatever happens
/// to the links.
#[repr(C, align(16))]
pub struct GcHead {
    next: Cell<*mut GcHead>,
    prev: Cell<usize>,
}

/// `tp_finalize` has run.
pub(super) const FINALIZED: usize = 1;
/// In the part of the heap that the collection under way looks at, and not known to be reachable.
pub(super) const CANDIDATE: usize = 2;
const FLAGS: usize = 15;
/// While candidates are counted, the rest of `prev` is a count, and the ring is linked in one direction only.
const COUNT_SHIFT: u32 = 4;

/// `visitproc`.
pub(super) type Visit = unsafe extern "C" fn(*mut PyObject, *mut c_void) -> c_int;

impl GcHead {
    /// The head of a ring, to be [closed](Self::close) once it is where it stays.
    pub(super) fn ring() -> GcHead {
        GcHead { next: Cell::new(ptr::null_mut()), prev: Cell::new(0) }
    }

    /// Makes it an empty ring.
    pub(super) fn close(&self) {
        self.next.set(self.as_ptr());
        self.prev.set(self.as_ptr().addr());
    }

    pub(super) fn as_ptr(&self) -> *mut GcHead {
        ptr::from_ref(self).cast_mut()
    }

    /// Whether the object is tracked.
    #[inline(always)]
    pub fn is_linked(&self) -> bool {
        !self.next.get().is_null()
    }

    pub(super) fn next(&self) -> *mut GcHead {
        self.next.get()
    }

    #[inline(always)]
    fn prev(&self) -> *mut GcHead {
        (self.prev.get() & !FLAGS) as *mut GcHead
    }

    #[inline(always)]
    fn set_prev(&self, prev: *mut GcHead) {
        self.prev.set(prev.addr() | self.prev.get() & FLAGS);
    }

    pub(super) fn has(&self, flag: usize) -> bool {
        self.prev.get() & flag != 0
    }

    pub(super) fn set_flag(&self, flag: usize, on: bool) {
        let rest = self.prev.get() & !flag;
        self.prev.set(if on { rest | flag } else { rest });
    }

    /// Links `item`, which is in no ring, in at the end of the ring that `self` heads.
    #[inline(always)]
    pub(super) fn push(&self, item: &GcHead) {
        let last = self.prev();
        item.set_prev(last);
        item.next.set(self.as_ptr());
        // SAFETY: the last head of the ring lives.
        unsafe { (*last).next.set(item.as_ptr()) };
        self.set_prev(item.as_ptr());
    }

    /// The same for the header of an object that was just made, which has no flags yet.
    #[inline(always)]
    pub(super) fn push_new(&self, item: &GcHead) {
        debug_assert!(item.prev.get() == 0, "made just now");
        let last = self.prev.get() as *mut GcHead;
        item.prev.set(last.addr());
        item.next.set(self.as_ptr());
        // SAFETY: the last head of the ring lives.
        unsafe { (*last).next.set(item.as_ptr()) };
        self.prev.set(item.as_ptr().addr());
    }

    /// Takes it out of its ring, to be put into another at once.
    #[inline(always)]
    pub(super) fn remove(&self) {
        let (prev, next) = (self.prev(), self.next.get());
        // SAFETY: neighbours in a ring of live heads.
        unsafe {
            (*prev).next.set(next);
            (*next).set_prev(prev);
        }
    }

    /// Moves a candidate to the end of `ring`: it is none any more.
    #[inline(always)]
    pub(super) fn move_back(&self, ring: &GcHead) {
        self.remove();
        self.set_flag(CANDIDATE, false);
        ring.push(self);
    }

    /// Takes it out of its ring for good: the object is not tracked any more.
    #[inline(always)]
    pub(super) fn unlink(&self) {
        self.remove();
        self.next.set(ptr::null_mut());
        self.prev.set(self.prev.get() & FINALIZED);
    }

    /// The first of the ring that `self` heads.
    pub(super) fn first(&self) -> Option<&GcHead> {
        let first = self.next.get();
        // SAFETY: heads in a ring live.
        if ptr::eq(first, self) { None } else { Some(unsafe { &*first }) }
    }

    pub(super) fn is_empty(&self) -> bool {
        ptr::eq(self.next.get(), self)
    }

    /// Moves all of the ring that `self` heads to the end of `other`'s, in one step.
    pub(super) fn append_to(&self, other: &GcHead) {
        if self.is_empty() {
            return;
        }
        let (first, last, end) = (self.next.get(), self.prev(), other.prev());
        // SAFETY: heads in rings live.
        unsafe {
            (*end).next.set(first);
            (*first).set_prev(end);
            (*last).next.set(other.as_ptr());
        }
        other.set_prev(last);
        self.close();
    }

    /// Calls `f` with every member of the ring that `self` heads; that one may leave the ring.
    pub(super) fn for_each(&self, mut f: impl FnMut(&GcHead)) {
        let mut at = self.next.get();
        while !ptr::eq(at, self) {
            // SAFETY: heads in a ring live.
            let head = unsafe { &*at };
            at = head.next.get();
            f(head);
        }
    }

    pub(super) fn len(&self) -> usize {
        let mut n = 0;
        self.for_each(|_| n += 1);
        n
    }

    pub(super) fn object(&self) -> &Object {
        // SAFETY: the object follows its header.
        unsafe { &*self.as_ptr().cast::<u8>().add(GC_HEAD).cast::<PyObject>() }
    }

    pub(super) fn traverse(&self, visit: Visit, arg: *mut c_void) {
        traverse(self.object(), visit, arg);
    }

    /// Makes it a candidate with a count in place of its link back.
    pub(super) fn begin_count(&self, count: usize) {
        self.prev.set(count << COUNT_SHIFT | self.prev.get() & FINALIZED | CANDIDATE);
    }

    /// One reference fewer of a candidate. A `tp_traverse` that shows more than is held must not reach below zero.
    #[inline(always)]
    pub(super) fn uncount(&self) {
        let prev = self.prev.get();
        if prev >> COUNT_SHIFT != 0 {
            self.prev.set(prev - (1 << COUNT_SHIFT));
        }
    }

    /// What is left of a candidate's count. The link back is to be set next.
    pub(super) fn end_count(&self) -> usize {
        let prev = self.prev.get();
        self.prev.set(prev & FLAGS);
        prev >> COUNT_SHIFT
    }
}

/// Has an object show what it holds, if its type can; what `visit` answers last.
pub(in crate::object) fn traverse(object: &Object, visit: Visit, arg: *mut c_void) -> c_int {
    match object.ty().tp_traverse.get() {
        // SAFETY: the type's own function for its instance; `visit` takes any live object.
        Some(function) => unsafe { function(object.as_ptr(), visit, arg) },
        None => 0,
    }
}

/// What an object that is not immortal has before it.
pub(super) enum Before<'a> {
    /// No header.
    Nothing,
    Header(&'a GcHead),
    /// Its type wants to be asked (`tp_is_gc`).
    Unsaid,
}

/// What the type's own fields say of that. Every type has a header that was made at run time.
#[inline(always)]
pub(super) fn before(object: &Object) -> Before<'_> {
    let ty = object.ty();
    let flags = ty.tp_flags.get();
    if flags & Py_TPFLAGS_HAVE_GC == 0 {
        Before::Nothing
    } else if flags & Py_TPFLAGS_TYPE_SUBCLASS != 0 || ty.tp_is_gc.get().is_none() {
        Before::Header(gc_head(object))
    } else {
        Before::Unsaid
    }
}

/// Whether the memory of an object that lies in no image begins with a header (`PyObject_IS_GC`).
#[inline]
pub fn has_header(object: &Object) -> bool {
    match before(object) {
        Before::Nothing => false,
        Before::Header(_) => true,
        // SAFETY: the type's own function for its instance.
        Before::Unsaid => object.ty().tp_is_gc.get().is_none_or(|says| unsafe { says(object.as_ptr()) } != 0),
    }
}

impl Type {
    /// Whether an instance carries a collector's header.
    #[inline(always)]
    pub fn is_gc(&self) -> bool {
        self.tp_flags.get() & Py_TPFLAGS_HAVE_GC != 0
    }
}
