//! The built-in types' part of starting the process.
//!
//! What they hang on to (dicts, descriptors, tuples of bases, names) is made once, in a heap of the process's,
//! made immortal, and shared by all interpreters; its strs become the process's table of interned ones.

use core::ffi::{c_int, c_void};
use core::ops::Range;
use core::ptr::NonNull;
use std::sync::OnceLock;

use super::ready::ready_builtin;
use crate::ffi::PyObject;
use crate::object::alloc::gc_untrack;
use crate::object::heap::Heap;
use crate::object::{Object, ObjectCell, Owned, Result};
use crate::runtime::ThreadState;
use crate::types::str::{finish_statics, intern};
use crate::types::{Str, builtin_types};

/// The heap and everything in it.
struct Process {
    heap: &'static Heap,
    objects: Vec<NonNull<Object>>,
}

// SAFETY: filled by one thread before the others see it, immutable afterwards.
unsafe impl Send for Process {}
// SAFETY: as above.
unsafe impl Sync for Process {}

static PROCESS: OnceLock<Process> = OnceLock::new();

/// Readies all built-in types. Called once, with the process's first thread. `names` gives the names that every
/// interpreter will intern, which are then shared as well.
pub fn start(ts: &ThreadState, names: impl FnOnce(&ThreadState) -> Result<Vec<Owned<Str>>>) -> Result<()> {
    let heap: &'static Heap = Box::leak(Box::new(Heap::new()));
    intern::seed(ts, finish_statics());
    ts.with_heap(heap, || builtin_types().try_for_each(|ty| ready_builtin(ts, ty)))?;
    // Each is a block of that heap; their tables are the others.
    let mut objects = Vec::with_capacity(usize::try_from(heap.live_blocks()).unwrap_or(0));
    for ty in builtin_types() {
        for part in [&ty.tp_dict, &ty.tp_bases, &ty.tp_mro] {
            if let Some(object) = part.peek() {
                immortalize(object, &mut objects);
            }
        }
    }
    // Asked for only now, so that no collection meanwhile looks at what the types hang on to. The references are not
    // counted any more: the names are made immortal as well.
    ts.with_heap(heap, || names(ts))?.into_iter().for_each(core::mem::forget);
    for name in intern::share(ts) {
        immortalize(name, &mut objects);
    }
    // The process starts once; nobody else can have set it.
    let _ = PROCESS.set(Process { heap, objects });
    Ok(())
}

/// What was built for the whole process, for the registry.
pub fn objects() -> impl Iterator<Item = &'static Object> {
    // SAFETY: immortal.
    PROCESS.get().into_iter().flat_map(|p| p.objects.iter()).map(|o| unsafe { &*o.as_ptr() })
}

/// Blocks in the process's heap.
pub fn blocks() -> isize {
    PROCESS.get().map_or(0, |p| p.heap.live_blocks())
}

/// Where the process's heap lies, as [`Heap::memory`]; nothing before the start.
pub fn memory() -> Option<Vec<Range<usize>>> {
    PROCESS.get()?.heap.memory()
}

/// Makes an object and what it refers to immortal, hashes of strs filled in.
fn immortalize(object: &Object, objects: &mut Vec<NonNull<Object>>) {
    if object.is_immortal() {
        return;
    }
    if object.ty().is_gc() {
        gc_untrack(object);
    }
    crate::object::immortal::share(object);
    objects.push(NonNull::from(object));
    if let Some(text) = object.downcast_exact::<Str>() {
        text.hash();
    }
    if let Some(traverse) = object.ty().tp_traverse.get() {
        // SAFETY: the type's own function for its instance, with a visitor of the right type.
        unsafe { traverse(object.as_ptr(), visit, core::ptr::from_mut(objects).cast()) };
    }
}

/// Definitions nest a few levels deep, no more.
unsafe extern "C" fn visit(object: *mut PyObject, objects: *mut c_void) -> c_int {
    // SAFETY: called by `immortalize` only, with its vector and a live object.
    unsafe { immortalize(&*object, &mut *objects.cast()) };
    0
}
