//! The built-in types' part of starting the process.
//!
//! What they hang on to (bases, MROs, dicts, descriptors, names) is made once, in a heap of the process's, made
//! immortal, and shared by all interpreters; the names become the process's table of interned ones. The start makes
//! what every type needs. A type's namespace is made by who first looks into it, in whatever interpreter that is: of
//! some 150, most programs need a dozen.
//!
//! That cannot fail: the addresses that all of them take are set aside at the start, and all the names are there.
//! Where there are no addresses to set aside all namespaces are made at once, and so they are before the pages are
//! sealed, before children are forked that are to dirty none of them, and for who asks what there is ([`complete`]).

use core::ffi::{c_int, c_void};
use core::ops::Range;
use core::sync::atomic::{AtomicPtr, Ordering::Release};
use std::collections::HashSet;
use std::sync::OnceLock;

use super::namespace;
use super::ready::ready_builtin;
use crate::ffi::PyObject;
use crate::object::alloc::gc_untrack;
use crate::object::heap::{Heap, range};
use crate::object::lock::{Mutex, watched};
use crate::object::strategy::OWN_COPIES;
use crate::object::{Object, ObjectCell, Owned, Result, Type, immortal};
use crate::runtime::ThreadState;
use crate::runtime::lifecycle::fatal;
use crate::types::str::{finish_statics, intern};
use crate::types::{Dict, Str, builtin_types, descr};

/// A heap of the process's: one thread at a time makes things in it, and what lies in it is immutable once others see it.
pub(super) struct ProcessHeap(&'static Heap);

// SAFETY: as said above; who makes something holds a lock.
unsafe impl Send for ProcessHeap {}
// SAFETY: as above.
unsafe impl Sync for ProcessHeap {}

impl ProcessHeap {
    pub(super) fn new() -> ProcessHeap {
        ProcessHeap(Box::leak(Box::new(Heap::new())))
    }

    pub(super) fn get(&self) -> &'static Heap {
        self.0
    }
}

struct Process {
    /// In which everything lies; used by who holds [`MAKING`].
    heap: ProcessHeap,
    /// The types that make their instances by their base's function.
    heirs: Vec<&'static Type>,
}

static PROCESS: OnceLock<Process> = OnceLock::new();

/// What is set aside of addresses: in so many pieces [`complete`] finds room.
const SEGMENTS: usize = 6;
const MIDDLE_PAGES: usize = 6;

/// Held while a namespace is made.
static MAKING: Mutex<()> = Mutex::new(());

/// Readies all built-in types. Called once, with the process's first thread. `modules` makes that interpreter's, and what
/// it interns is shared as well, since every interpreter will.
pub fn start(ts: &ThreadState, modules: impl FnOnce(&ThreadState) -> Result<()>) -> Result<()> {
    let process_heap = ProcessHeap::new();
    let heap = process_heap.get();
    let has_room = heap.set_aside(SEGMENTS, MIDDLE_PAGES);
    intern::seed(ts, finish_statics());
    let heirs = builtin_types().filter(|ty| !namespace::is_maker(ty)).collect();
    ts.with_heap(heap, || builtin_types().try_for_each(|ty| ready_builtin(ts, ty)))?;
    // They hold nothing but types.
    for part in builtin_types().flat_map(|ty| [&ty.tp_bases, &ty.tp_mro]).filter_map(ObjectCell::peek) {
        share_one(part);
    }
    intern::gather(ts, heap, || {
        intern_names(ts)?;
        // The process starts once; nobody else can have set it.
        let _ = PROCESS.set(Process { heap: process_heap, heirs });
        modules(ts)?;
        // Whoever watches what several threads do sees only malloc's blocks, and is to see all of it.
        if OWN_COPIES || !(has_room || watched::is_watched()) {
            complete();
        }
        Ok(())
    })?;
    intern::share(ts);
    Ok(())
}

/// The names in the built-in types' tables.
fn intern_names(ts: &ThreadState) -> Result<()> {
    // Of the texts that stand in several tables the linker keeps one: most that came before are known by their addresses.
    let mut seen = [core::ptr::null(); 512];
    for name in builtin_types().flat_map(namespace::names) {
        let place = &mut seen[name.addr() / 2 % 512];
        if core::mem::replace(place, name) != name {
            // SAFETY: of a static table.
            drop(unsafe { descr::c_name(ts, name)? });
        }
    }
    Ok(())
}

/// The namespace of a built-in type that has none yet; nothing before the process has started.
#[cold]
#[inline(never)]
pub fn namespace(ty: &Type) -> Option<&Dict> {
    let process = PROCESS.get()?;
    let ts = ThreadState::current();
    let _making = MAKING.lock();
    if ty.tp_dict.get().is_null() {
        let Ok(dict) = ts.with_heap(process.heap.get(), || process.make_namespace(ts, ty)) else {
            fatal("deathless", &format!("the namespace of type '{}' could not be made", ty.full_name()));
        };
        share(&dict);
        watched::about_to_be_shown(&ty.tp_dict);
        // SAFETY: a field of a live type, which only who holds the lock writes to.
        unsafe { AtomicPtr::from_ptr(ty.tp_dict.as_ptr()) }.store(dict.into_raw(), Release);
    }
    // SAFETY: a dict since just now, or since somebody else made it.
    ty.tp_dict.peek().map(|dict| unsafe { dict.cast() })
}

impl Process {
    fn make_namespace(&self, ts: &ThreadState, ty: &Type) -> Result<Owned<Dict>> {
        let own = namespace::own_slots(ty, ty.base());
        let dict = namespace::new(ts, ty, &own)?;
        let is_maker = !self.heirs.iter().any(|&heir| core::ptr::eq(heir, ty));
        namespace::fill(ts, ty, &dict, &own, is_maker)?;
        Ok(dict)
    }
}

/// Makes all namespaces that nobody has looked into yet.
pub fn complete() {
    builtin_types().for_each(|ty| {
        ty.own_dict();
    });
    debug_assert!(
        PROCESS.get().is_none_or(|p| !range::is_reserved() || p.heap.get().is_within(SEGMENTS, MIDDLE_PAGES))
    );
}

/// Makes an object immortal for the whole process, and whatever it refers to.
pub(super) fn share(object: &Object) {
    reach_from(object, &mut share_one);
}

/// Whether it was not immortal yet.
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

/// Calls `visit` with the object, and with what it refers to where the answer is `true`.
///
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
    complete();
    let mut seen = HashSet::new();
    let mut find = |object: &Object| {
        let is_new = !object.is_static() && seen.insert(object.as_ptr());
        if is_new {
            // SAFETY: immortal.
            objects.push(unsafe { &*object.as_ptr().cast_const() });
        }
        is_new
    };
    let parts = |ty: &'static Type| [&ty.tp_dict, &ty.tp_bases, &ty.tp_mro].map(ObjectCell::peek);
    builtin_types().flat_map(parts).flatten().for_each(|object| reach_from(object, &mut find));
    intern::shared().for_each(|name| {
        find(name);
    });
    objects
}

/// Where the process's heap lies, as [`Heap::memory`], with all that will ever be in it; nothing before the start.
pub fn memory() -> Option<Vec<Range<usize>>> {
    complete();
    PROCESS.get()?.heap.get().memory()
}
