//! The built-in types' part of starting the process.
//!
//! What they hang on to (dicts, descriptors, tuples of bases, names) is made once, in a heap of the process's,
//! made immortal, and shared by all interpreters; its strs become the process's table of interned ones.

use core::ffi::{c_int, c_void};
use core::ops::Range;
use std::collections::HashSet;
use std::sync::OnceLock;

use super::ready::ready_builtin;
use crate::ffi::PyObject;
use crate::object::alloc::gc_untrack;
use crate::object::heap::Heap;
use crate::object::{Object, ObjectCell, Result, Type, immortal};
use crate::runtime::ThreadState;
use crate::types::str::{finish_statics, intern};
use crate::types::{Str, builtin_types};

/// The heap in which everything lies.
pub(super) struct Process(pub &'static Heap);

// SAFETY: filled by one thread at a time, before the others see what is in it; that is immutable afterwards.
unsafe impl Send for Process {}
// SAFETY: as above.
unsafe impl Sync for Process {}

static PROCESS: OnceLock<Process> = OnceLock::new();

/// Readies all built-in types. Called once, with the process's first thread. `modules` makes that interpreter's, and what
/// it interns is shared as well, since every interpreter will.
pub fn start(ts: &ThreadState, modules: impl FnOnce(&ThreadState) -> Result<()>) -> Result<()> {
    let heap: &'static Heap = Box::leak(Box::new(Heap::new()));
    intern::seed(ts, finish_statics());
    ts.with_heap(heap, || builtin_types().try_for_each(|ty| ready_builtin(ts, ty)))?;
    reach(&mut share_one);
    // Only now, so that no collection meanwhile looks at what the types hang on to.
    intern::gather(ts, heap, || modules(ts))?;
    intern::share(ts);
    // The process starts once; nobody else can have set it.
    let _ = PROCESS.set(Process(heap));
    Ok(())
}

/// Makes an object immortal for the whole process, and says whether it was not before.
fn share_one(object: &Object) -> bool {
    let is_new = !object.is_immortal();
    if is_new {
        if object.ty().is_gc() {
            gc_untrack(object);
        }
        if let Some(text) = object.downcast_exact::<Str>() {
            text.hash();
        }
        immortal::share(object);
    }
    is_new
}

/// Makes an object, and what it refers to, immortal for the whole process.
pub(super) fn share(object: &Object) {
    reach_from(object, &mut share_one);
}

/// Calls `visit` with whatever the built-in types hang on to, and with what that refers to where the answer is `true`.
fn reach(visit: &mut dyn FnMut(&Object) -> bool) {
    let parts = |ty: &'static Type| [&ty.tp_dict, &ty.tp_bases, &ty.tp_mro].map(ObjectCell::peek);
    builtin_types().flat_map(parts).flatten().for_each(|object| reach_from(object, visit));
}

/// Definitions nest a few levels deep, no more.
pub(super) fn reach_from(object: &Object, visit: &mut dyn FnMut(&Object) -> bool) {
    unsafe extern "C" fn each(object: *mut PyObject, visit: *mut c_void) -> c_int {
        // SAFETY: called by `reach_from` only, with its function and a live object.
        unsafe { reach_from(&*object, *visit.cast::<&mut dyn FnMut(&Object) -> bool>()) };
        0
    }
    if !visit(object) {
        return;
    }
    if let Some(traverse) = object.ty().tp_traverse.get() {
        let mut visit: &mut dyn FnMut(&Object) -> bool = visit;
        // SAFETY: the type's own function for its instance, with a visitor of the right type.
        unsafe { traverse(object.as_ptr(), each, (&raw mut visit).cast()) };
    }
}

/// What was built for the whole process, for the registry.
pub fn objects() -> Vec<&'static Object> {
    let mut objects = Vec::new();
    if PROCESS.get().is_none() {
        return objects;
    }
    let mut seen = HashSet::new();
    let mut find = |object: &Object| {
        let is_new = !object.is_static() && seen.insert(object.as_ptr());
        if is_new {
            // SAFETY: immortal.
            objects.push(unsafe { &*object.as_ptr().cast_const() });
        }
        is_new
    };
    reach(&mut find);
    intern::shared().for_each(|name| {
        find(name);
    });
    objects
}

/// Blocks in the process's heap.
pub fn blocks() -> isize {
    PROCESS.get().map_or(0, |p| p.0.live_blocks())
}

/// Where the process's heap lies, as [`Heap::memory`]; nothing before the start.
pub fn memory() -> Option<Vec<Range<usize>>> {
    PROCESS.get()?.0.memory()
}
