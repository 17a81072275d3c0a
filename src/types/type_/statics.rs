//! The static types of extensions, which all interpreters share.
//!
//! Such a type lies in its extension's image: there is one for the process, whoever readies it. So what it hangs on to is
//! made once, in a heap of the process's that the lock here guards, and is immortal and not written to any more: the dict,
//! the bases, the MRO, and what they hold. A type once readied stays so when the interpreter ends, and when the runtime
//! does. What changes later each interpreter keeps itself: subclasses and weak references in its
//! [`SharedState`](crate::runtime::interpreter::SharedState), what C puts in the dict in a copy of it
//! ([`crate::types::dict::shared`]).
//!
//! The class of such a type may be made at run time; then it is the main interpreter's and those' that share its memory.

use core::cell::Cell;
use core::ops::Range;
use core::ptr::NonNull;
use std::sync::OnceLock;

use super::builtin::{ProcessHeap, reach_from, share};
use super::{PyType_Type, lookup, ready};
use crate::ffi::*;
use crate::object::heap::Heap;
use crate::object::lock::Mutex;
use crate::object::seal;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::runtime::{ThreadState, gil};
use crate::types::exceptions::{MEMORY_ERROR, SYSTEM_ERROR, TYPE_ERROR};
use crate::types::{Dict, Str, Tuple};

/// Held while one is readied, with all its bases.
static READYING: Mutex<()> = Mutex::new(());

thread_local!(static IS_READYING: Cell<bool> = const { Cell::new(false) });

/// A type that is ready, its dict, and its class if that is one that was made at run time: then a reference to it.
#[derive(Clone, Copy)]
struct Ready {
    ty: NonNull<Type>,
    dict: NonNull<Dict>,
    class: Option<NonNull<Type>>,
}
// SAFETY: type and dict are immortal: an extension's image is never unloaded, and the dict lies in the process's heap. The
// class is used under the GIL of the main interpreter alone.
unsafe impl Send for Ready {}

static ALL: Mutex<Vec<Ready>> = Mutex::new(Vec::new());

impl Ready {
    fn ty(self) -> &'static Type {
        // SAFETY: immortal.
        unsafe { &*self.ty.as_ptr() }
    }

    fn dict(self) -> &'static Dict {
        // SAFETY: immortal.
        unsafe { &*self.dict.as_ptr() }
    }
}

fn all() -> Vec<Ready> {
    ALL.lock().clone()
}

/// Whether interpreters share the type, and an extension brought it.
pub fn is_shared(ty: &Type) -> bool {
    !ty.has(Py_TPFLAGS_HEAPTYPE | _Py_TPFLAGS_STATIC_BUILTIN)
}

/// Where what they hang on to lies, as [`Heap::memory`]. It grows with each that is readied: see [`alone`].
pub fn memory() -> Option<Vec<Range<usize>>> {
    heap().memory()
}

/// Where what they hang on to lies. Only who is readying one makes anything there.
fn heap() -> &'static Heap {
    static HEAP: OnceLock<ProcessHeap> = OnceLock::new();
    HEAP.get_or_init(ProcessHeap::new).get()
}

/// Runs `f` while no other thread readies a type. Who waits for that does so without the GIL: `f` may run a metaclass's
/// `mro()`.
pub fn alone<R>(f: impl FnOnce() -> R) -> R {
    if IS_READYING.get() {
        return f();
    }
    let _guard = loop {
        match READYING.try_lock() {
            Some(guard) => break guard,
            None => gil::detached(|| drop(READYING.lock())),
        }
    };
    IS_READYING.set(true);
    let result = f();
    IS_READYING.set(false);
    result
}

/// `PyType_Ready` for one of them; nothing for another type. Its flags are not looked at before: another thread may be about
/// to write to them.
pub fn ready(ts: &ThreadState, ty: &Type) -> Option<Result<()>> {
    alone(|| is_shared(ty).then(|| ready_alone(ts, ty)))
}

fn ready_alone(ts: &ThreadState, ty: &Type) -> Result<()> {
    check_class(ts, ty)?;
    if ty.has(Py_TPFLAGS_READY) {
        hold_class(ty);
        return take_given(ts, ty);
    }
    let has_bases = !ty.tp_bases.get().is_null();
    let result = ready::ready_one(ts, ty);
    if result.is_err() {
        // They are of this interpreter, which may end.
        drop(ty.tp_mro.take_owned());
        if !has_bases {
            drop(ty.tp_bases.take_owned());
        }
    } else {
        hold_class(ty);
    }
    result
}

/// A class that was made at run time lasts as long as the runtime.
fn hold_class(ty: &Type) {
    let class = ty.as_object().ty();
    if !class.has(Py_TPFLAGS_HEAPTYPE) {
        return;
    }
    let mut all = ALL.lock();
    let known = all.iter_mut().find(|ready| core::ptr::eq(ready.ty(), ty));
    let before = known.and_then(|ready| ready.class.replace(own(class)));
    drop(all);
    give_class_back(before);
}

/// A reference of one's own.
fn own(class: &Type) -> NonNull<Type> {
    core::mem::forget(Owned::new(class));
    NonNull::from(class)
}

fn give_class_back(class: Option<NonNull<Type>>) {
    // SAFETY: counted by `hold_class`.
    drop(class.map(|class| unsafe { Owned::<Type>::from_stolen(class.as_ptr().cast()) }));
}

/// A class that is no static type is one interpreter's.
fn check_class(ts: &ThreadState, ty: &Type) -> Result<()> {
    // SAFETY: NULL or the type's type.
    let class = unsafe { ty.as_object().ob_type.get().as_ref() };
    match class.filter(|class| class.has(Py_TPFLAGS_HEAPTYPE) && !ts.interp().shares_memory_with_main()) {
        None => Ok(()),
        Some(class) => {
            let (name, class) = (ty.full_name(), class.full_name());
            let message = format_args!(
                "type '{name}' is shared by all interpreters but its metaclass '{class}' is dynamically allocated"
            );
            Err(ts.raise(&TYPE_ERROR, message))
        }
    }
}

/// Fills a type whose bases and MRO are known: `fill` enters its names, about `room` of them, and inherits. Where that fails
/// nothing has changed but the slots.
pub(super) fn define(ts: &ThreadState, ty: &Type, room: usize, fill: impl FnOnce() -> Result<()>) -> Result<()> {
    let heap = heap();
    let given = Given { dict: ty.tp_dict.take_owned(), bases: ty.tp_bases.take_owned(), mro: ty.tp_mro.take_owned() };
    // What goes wrong must not be told by objects of this heap.
    let make = || make(ts, ty, &given, room, fill).map_err(|_raised| give_up(ts, ty));
    let make = || ts.with_heap(heap, || heap.on_behalf_of(ts.interp().heap(), make));
    let made = seal::add(make, || memory().unwrap_or_default());
    match made.unwrap_or_else(|error| Err(Some((&SYSTEM_ERROR, format!("sealed memory cannot be opened: {error}"))))) {
        Ok(()) => Ok(()),
        Err(failure) => {
            ty.tp_dict.store(given.dict);
            ty.tp_bases.store(given.bases);
            ty.tp_mro.store(given.mro);
            Err(match failure {
                Some((error, message)) => ts.raise_str(error, &message),
                None => ts.no_memory(),
            })
        }
    }
}

/// What a type has before it is filled: objects of the interpreter's.
struct Given {
    dict: Option<Owned<Object>>,
    bases: Option<Owned<Object>>,
    mro: Option<Owned<Object>>,
}

impl Given {
    /// What C put in the dict before.
    fn names(&self) -> Vec<(Owned<Object>, Owned<Object>)> {
        self.dict.as_ref().and_then(|dict| dict.downcast::<Dict>()).map(Dict::items_vec).unwrap_or_default()
    }
}

fn make(ts: &ThreadState, ty: &Type, given: &Given, room: usize, fill: impl FnOnce() -> Result<()>) -> Result<()> {
    let entries = Dict::with_room(ts, room)?;
    // What C put there counts, but is one interpreter's.
    let guests = given.names();
    for (name, value) in guests.iter().filter(|(name, _)| name.is_exact::<Str>()) {
        entries.set(ts, name, value)?;
    }
    ty.tp_dict.store(Some(entries.clone()));
    ty.tp_bases.store(Some(copy_of(ts, &given.bases)?));
    ty.tp_mro.store(Some(copy_of(ts, &given.mro)?));
    fill()?;
    for (name, _) in guests.iter().filter(|(name, _)| name.is_exact::<Str>()) {
        drop(entries.remove(ts, name)?);
    }
    for text in entries.items_vec().iter().filter_map(|(_, value)| value.downcast::<Str>()) {
        text.utf8(ts)?;
    }
    let dict = Dict::shared(ts, &entries)?;
    let copy = match guests.is_empty() {
        true => None,
        false => Some(ts.with_heap(ts.interp().heap(), || merged(ts, &given.dict, &entries))?),
    };
    [Some(dict.as_object()), ty.tp_bases.peek(), ty.tp_mro.peek()].into_iter().flatten().for_each(share);
    if let Some(copy) = copy {
        ts.interp().dict_copies().insert(&dict, copy);
    }
    ALL.lock().push(Ready { ty: NonNull::from(ty), dict: NonNull::from(&*dict), class: None });
    ty.tp_dict.store(Some(dict));
    ty.tp_version_tag.set(lookup::new_version());
    Ok(())
}

/// The same tuple of types, in the heap in which things are made.
fn copy_of(ts: &ThreadState, types: &Option<Owned<Object>>) -> Result<Owned<Tuple>> {
    Tuple::new(ts, types.as_ref().and_then(|types| types.downcast::<Tuple>()).map_or(&[], Tuple::as_slice))
}

/// What an interpreter gave, and what it did not give of what all share.
fn merged(ts: &ThreadState, given: &Option<Owned<Object>>, entries: &Dict) -> Result<Owned<Dict>> {
    let merged = match given.as_ref().and_then(|given| given.downcast::<Dict>()) {
        Some(given) => given.copy(ts)?,
        None => Dict::new(ts)?,
    };
    merged.merge(ts, entries, false)?;
    Ok(merged)
}

/// Takes back what was made, and what was raised: its type, a built-in one, and its words. None for `MemoryError`.
fn give_up(ts: &ThreadState, ty: &Type) -> Option<(&'static Type, String)> {
    for part in [&ty.tp_dict, &ty.tp_bases, &ty.tp_mro] {
        drop(part.take_owned());
    }
    let exception = ts.take_raised()?;
    // SAFETY: nothing was called that could raise another than a built-in one, which is static.
    let error: &'static Type = unsafe { &*core::ptr::from_ref(exception.ty()) };
    let message = crate::protocol::object::str(ts, &exception).map(|message| message.to_string());
    ts.error.clear();
    message.ok().filter(|_| !core::ptr::eq(error, &MEMORY_ERROR)).map(|message| (error, message))
}

/// C may have put a dict of its own in the place of the one that all share: that is what it wants the type to have in
/// this interpreter.
fn take_given(ts: &ThreadState, ty: &Type) -> Result<()> {
    let Some(known) = all().into_iter().find(|ready| core::ptr::eq(ready.ty(), ty)) else { return Ok(()) };
    let shared = known.dict();
    if core::ptr::eq(ty.tp_dict.get(), shared.as_ptr()) {
        return Ok(());
    }
    let given = ty.tp_dict.take_owned();
    ty.tp_dict.set(shared.as_ptr());
    let copy = merged(ts, &given, shared.of_process().unwrap_or(shared))?;
    ts.interp().dict_copies().insert(shared, copy);
    ts.interp().clear_method_cache();
    Ok(())
}

/// The main interpreter ends, and with it the classes that such types may have been given.
pub fn forget_classes() {
    let held: Vec<_> = ALL.lock().iter_mut().map(|ready| (ready.ty(), ready.class.take())).collect();
    for (ty, class) in held.into_iter().filter(|(_, class)| class.is_some()) {
        ty.as_object().ob_type.set(&PyType_Type);
        give_class_back(class);
    }
}

/// Those that are ready.
pub fn types() -> impl Iterator<Item = &'static Type> {
    all().into_iter().map(Ready::ty)
}

/// What they hang on to; some of it several times.
pub fn objects() -> Vec<&'static Object> {
    let mut objects = Vec::new();
    visit(&mut |_ty, object| {
        // SAFETY: immortal.
        objects.push(unsafe { &*object.as_ptr().cast_const() });
        false
    });
    objects
}

/// Calls `visit` with what such types hang on to, and with whose it is, until it says that it is enough; whether it did.
pub fn visit(visit: &mut dyn FnMut(&'static Type, &Object) -> bool) -> bool {
    all().into_iter().any(|ready| {
        let mut enough = false;
        for part in [Some(ready.dict().as_object()), ready.ty().tp_bases.peek(), ready.ty().tp_mro.peek()] {
            let Some(part) = part else { continue };
            reach_from(part, &mut |object| {
                // Types and what is made by the compiler are told of elsewhere.
                let is_part = !enough && !object.is_static();
                enough |= is_part && visit(ready.ty(), object);
                is_part
            });
        }
        enough
    })
}
