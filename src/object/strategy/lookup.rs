//! `lookup`: no shared singletons. Each interpreter has its own None, True, False, Ellipsis, NotImplemented, small
//! ints, one-character strs, one-byte bytes and empty tuple, str and bytes, and finds them by a call.
//!
//! `own` is that call: the current thread's interpreter, and in it the copy, made when it is first asked for. References
//! are counted as by `high-count`: an interpreter counts on its own copies alone, so that no two write to one.
//!
//! What it cannot promise, since a data symbol has one address in a process:
//!
//! * `_Py_NoneStruct`, `_Py_TrueStruct`, `_Py_FalseStruct`, `_Py_EllipsisObject` and `_Py_NotImplementedStruct` are the
//!   *main* interpreter's. In another one a module finds the interpreter's own by `Py_GetConstant`, as the headers do for limited API 3.13
//!   and later. Where a module uses the data symbol there, the runtime knows the object for what it is (`is`
//!   holds for both), but `x is None` in C may say no, and its count is written by several interpreters.
//! * The built-in types are data symbols too, and static types of extensions refer to them: they stay shared, with what
//!   they hang on to (`__hash__ = None` in a built-in type's dict is the main interpreter's) and with the identifiers.
//!   They are counted high, unsynchronised: an update may be lost, and 2^30 of them change nothing.

use core::alloc::Layout;
use core::cell::{Cell, RefCell};
use core::ffi::CStr;
use core::ptr;

use super::Singleton;
pub use super::high_count::{STATIC, heal, is_drifted, is_far, settle};
pub use super::unchecked::{decref, drift, give_back, incref, refcount, set_refcount, skips, take};
use crate::object::Object;
use crate::runtime::ThreadState;

pub const NAME: &CStr = c"lookup";

/// Whether interpreters have singletons of their own.
pub const OWN_COPIES: bool = true;

const COUNT: usize = Singleton::EmptyTuple as usize + 1;

/// An interpreter's singletons, NULL for one that was never asked for, and the blocks that are its own.
#[derive(Default)]
pub struct Copies {
    of: [Cell<*mut u8>; COUNT],
    blocks: RefCell<Vec<(*mut u8, Layout)>>,
}

/// The current interpreter's object for a static of the image. Without an interpreter it is the image's.
#[inline]
pub fn own<T>(which: Singleton, image: &'static T) -> &'static T {
    let Some(ts) = ThreadState::try_current() else { return image };
    let copies = &ts.interp().copies;
    let found = copies.of[which as usize].get();
    let found = if found.is_null() { copies.make(which, image, ts.interp().id == 0) } else { found };
    // SAFETY: a copy of `image`, which lives as long as the interpreter, as do the threads that ask.
    unsafe { &*found.cast::<T>() }
}

#[inline]
pub fn is<T>(which: Singleton, image: &'static T, object: &Object) -> bool {
    ptr::addr_eq(image, object) || ptr::addr_eq(own(which, image), object)
}

impl Copies {
    #[cold]
    fn make<T>(&self, which: Singleton, image: &'static T, is_main: bool) -> *mut u8 {
        let image = ptr::from_ref(image).cast::<u8>().cast_mut();
        let copy = if is_main { image } else { self.copied(image, Layout::new::<T>()) };
        self.of[which as usize].set(copy);
        copy
    }

    fn copied(&self, image: *const u8, layout: Layout) -> *mut u8 {
        // SAFETY: no singleton is empty; both places have that size. What a copy points to (its type, its UTF-8 form)
        // is immutable and in the image. Counts that others change meanwhile only make its own begin elsewhere.
        let copy = unsafe { std::alloc::alloc(layout) };
        if copy.is_null() {
            std::alloc::handle_alloc_error(layout);
        }
        // SAFETY: as above.
        unsafe { copy.copy_from_nonoverlapping(image, layout.size()) };
        self.blocks.borrow_mut().push((copy, layout));
        copy
    }
}

impl Drop for Copies {
    fn drop(&mut self) {
        for (block, layout) in self.blocks.take() {
            // SAFETY: allocated by `copied`, and the interpreter is at its end.
            unsafe { std::alloc::dealloc(block, layout) };
        }
    }
}
