//! Making objects.
//!
//! A collectable object has a header of two words before it (its links in one of the collector's rings, see
//! [`super::collector`]); the first is zero while it is not tracked. The rings belong to the interpreter.

use core::ptr::{self, NonNull};

use super::collector::{GcHead, has_header};
use super::heap::book::Kind;
use super::{Layout, Object, Owned, Raised, Result, Type};
use crate::ffi::{Py_TPFLAGS_HEAPTYPE, Py_ssize_t, PyObject, PyVarObject, RefWord};
use crate::runtime::ThreadState;

pub const GC_HEAD: usize = size_of::<GcHead>();
const _: () = assert!(GC_HEAD == 16);

impl ThreadState {
    /// A block of the interpreter's heap; `MemoryError` when there is none.
    #[inline]
    pub fn alloc(&self, size: usize) -> Result<NonNull<u8>> {
        NonNull::new(self.heap().alloc(size)).ok_or_else(|| self.no_memory())
    }

    /// The same for an object, of which the caller writes the header at the block's beginning.
    #[inline(always)]
    pub fn alloc_object(&self, size: usize) -> Result<NonNull<u8>> {
        NonNull::new(self.heap().alloc_as(Kind::Object, size)).ok_or_else(|| self.no_memory())
    }

    /// # Safety
    /// `block` came from this interpreter's heap and is not used any more.
    #[inline]
    pub unsafe fn free(&self, block: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe { self.heap().free(block) };
    }

    /// A new object of `ty` with room for `size` bytes in all, its header written, the rest as it came;
    /// with a collector header, untracked, if the type wants one.
    ///
    /// # Safety
    /// `T` is the layout of `ty`'s instances, `size` at least `T`'s; the caller writes every field before
    /// the object is seen by others.
    #[inline]
    pub unsafe fn new_object<T: Layout>(&self, ty: &Type, size: usize) -> Result<Owned<T>> {
        // SAFETY: of the size asked for, fresh.
        unsafe {
            let object: *mut PyObject = if ty.is_gc() {
                let head = self.heap().alloc_as(Kind::Collectable, size + GC_HEAD);
                if head.is_null() {
                    return Err(self.no_memory());
                }
                ptr::write_bytes(head, 0, GC_HEAD);
                head.add(GC_HEAD).cast()
            } else {
                self.alloc_object(size)?.as_ptr().cast()
            };
            init_header(object, ty);
            Ok(Owned::from_stolen(object))
        }
    }

    /// Enters a collectable object that was just made, and so is neither tracked nor immortal, among its
    /// interpreter's tracked ones.
    #[inline(always)]
    pub fn track_new(&self, object: &Object) {
        self.interp().gc.link_new(gc_head(object));
    }

    /// Takes an object of this interpreter's heap out of its ring, if it is tracked.
    #[inline(always)]
    pub fn untrack(&self, object: &Object) {
        let head = gc_head(object);
        if head.is_linked() {
            self.interp().gc.unlink(head);
        }
    }

    /// `PyType_GenericAlloc`: an object of `ty` with `items` items, zeroed, and tracked if collectable.
    pub fn alloc_instance(&self, ty: &Type, items: Py_ssize_t) -> Result<Owned<Object>> {
        let size = instance_size(ty, items).ok_or_else(|| self.no_memory())?;
        // SAFETY: every byte behind the header is zeroed below.
        unsafe {
            let object = self.new_object::<Object>(ty, size)?;
            let p = object.as_ptr().cast::<u8>();
            ptr::write_bytes(p.add(size_of::<PyObject>()), 0, size - size_of::<PyObject>());
            if ty.tp_itemsize != 0 {
                (*p.cast::<PyVarObject>()).ob_size.set(items);
            }
            if ty.is_gc() {
                self.track_new(&object);
            }
            Ok(object)
        }
    }
}

/// Bytes of an instance with `items` items and one more for a sentinel, rounded to 8; `None` on overflow.
pub fn instance_size(ty: &Type, items: Py_ssize_t) -> Option<usize> {
    let items = if ty.tp_itemsize == 0 { 0 } else { usize::try_from(items).ok()?.checked_add(1)? };
    let size = (ty.tp_itemsize as usize).checked_mul(items)?.checked_add(ty.tp_basicsize as usize)?;
    size.checked_next_multiple_of(8).filter(|&s| s <= isize::MAX as usize)
}

/// Writes a mortal header; a heap type is referenced by its instances.
///
/// # Safety
/// `object` is memory for an object of `ty`.
#[inline]
pub unsafe fn init_header(object: *mut PyObject, ty: &Type) {
    // SAFETY: the caller's promise.
    unsafe {
        (&raw mut (*object).ob_refcnt).write(RefWord::MORTAL);
        (&raw mut (*object).ob_type).write(core::cell::Cell::new(ty));
    }
    if ty.tp_flags.get() & Py_TPFLAGS_HEAPTYPE != 0 {
        ty.as_object().incref();
    }
}

/// Gives an instance's memory back, and its reference to a heap type. The fields are the caller's business.
///
/// # Safety
/// The object is dead and untracked; it was made by this interpreter.
#[inline]
pub unsafe fn free_object(ts: &ThreadState, object: *mut PyObject) {
    // SAFETY: the caller's promise.
    unsafe {
        let ty: *const Type = (*object).ob_type.get();
        let block = if (*ty).is_gc() { object.cast::<u8>().sub(GC_HEAD) } else { object.cast() };
        ts.free(block);
        if (*ty).tp_flags.get() & Py_TPFLAGS_HEAPTYPE != 0 {
            (*ty).as_object().decref();
        }
    }
}

#[inline]
pub fn gc_head(object: &Object) -> &GcHead {
    // SAFETY: a collectable object is preceded by its header; asked only of such.
    unsafe { &*object.as_ptr().cast::<u8>().sub(GC_HEAD).cast::<GcHead>() }
}

#[inline]
pub fn gc_is_tracked(object: &Object) -> bool {
    !object.is_static() && has_header(object) && gc_head(object).is_linked()
}

/// Enters `object` among its interpreter's tracked ones. Immortals are never tracked.
#[inline]
pub fn gc_track(object: &Object) {
    let head = gc_head(object);
    if !head.is_linked() && !object.is_immortal() {
        ThreadState::current().interp().gc.link(head);
    }
}

#[inline]
pub fn gc_untrack(object: &Object) {
    if object.is_static() {
        return;
    }
    let head = gc_head(object);
    if head.is_linked() {
        ThreadState::current().interp().gc.unlink(head);
    }
}

/// A box with what `make` makes; `None` without memory for it, where `Box::new` would end the process.
pub fn try_box<T>(make: impl FnOnce() -> T) -> Option<Box<T>> {
    let layout = core::alloc::Layout::new::<T>();
    assert!(layout.size() > 0);
    // SAFETY: of some bytes.
    let place = NonNull::new(unsafe { std::alloc::alloc(layout) })?.cast::<T>();
    // SAFETY: fresh, of the layout that a box frees it by.
    unsafe {
        place.as_ptr().write(make());
        Some(Box::from_raw(place.as_ptr()))
    }
}

/// Whether there was memory to add an item to a list.
#[must_use]
pub fn try_push<T>(list: &mut Vec<T>, item: T) -> bool {
    let has_room = list.try_reserve(1).is_ok();
    if has_room {
        list.push(item);
    }
    has_room
}

/// For a constructor that knows the indicator is set.
pub fn failed<T>() -> Result<T> {
    Err(Raised::already())
}
