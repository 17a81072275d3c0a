//! Becoming and staying immortal.
//!
//! Statics are born so. Others are promoted: by hand, by overflow of their count, by an extension that
//! readies a static type, by the heap walk. A promoted object is remembered in its interpreter's list, with where it came
//! from. Drift that inline-counting code left on an immortal is healed whenever it is noticed.

use std::collections::BTreeMap;

use core::ptr::NonNull;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use super::heap::Heap;
use super::lock::Mutex;
use super::{Object, strategy};
use crate::ffi::{_Py_TPFLAGS_STATIC_BUILTIN, FLAG_IMMORTAL, FLAG_STATIC};
use crate::runtime::ThreadState;

/// Where an immortal came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// Laid out by the compiler in the library's image.
    Image,
    /// Built by the runtime for the whole process.
    Runtime,
    /// A static type or definition of an extension.
    Extension,
    /// Built by the runtime for a static type of an extension.
    OfExtension,
    /// `PyUnstable_SetImmortal`.
    Promoted,
    /// The count reached 2^31.
    Overflow,
    /// Interned for ever.
    Interned,
    /// The heap walk.
    Walk,
}

static HEALED: AtomicU64 = AtomicU64::new(0);

/// What was healed on one object.
#[derive(Clone, Copy, Default)]
pub struct Healed {
    /// How often.
    pub times: u64,
    /// By how many references it was off, each time added up.
    pub references: i64,
}

/// By object; there are few that drift.
static DRIFTED: Mutex<BTreeMap<usize, Healed>> = Mutex::new(BTreeMap::new());

/// How often the word of an immortal was found drifted and written back.
pub fn heal_count() -> u64 {
    HEALED.load(Relaxed)
}

/// Whether the word is what the library wrote.
pub fn is_canonical(object: &Object) -> bool {
    !strategy::is_drifted(object)
}

/// By how many references unbalanced code is ahead on an immortal: what its word says beyond the canonical one.
pub fn drift(object: &Object) -> i64 {
    strategy::drift(object)
}

/// What was healed on the object so far.
pub fn healed(object: &Object) -> Healed {
    DRIFTED.lock().get(&object.as_ptr().addr()).copied().unwrap_or_default()
}

/// The objects end, and others may come to lie where they are.
pub fn forget_drift<'a>(objects: impl Iterator<Item = &'a NonNull<Object>>) {
    let mut drifted = DRIFTED.lock();
    if !drifted.is_empty() {
        objects.for_each(|object| {
            drifted.remove(&object.addr().get());
        });
    }
}

/// To be called by who comes by an immortal and may write to it: heals one that drifted far.
#[inline(always)]
pub fn heal_if_far(object: &Object) {
    if strategy::is_far(object) {
        heal(object);
    }
}

/// Writes the canonical word back, and remembers by how much it was off.
#[cold]
pub fn heal(object: &Object) {
    let references = drift(object);
    if references != 0 {
        let mut drifted = DRIFTED.lock();
        let healed = drifted.entry(object.as_ptr().addr()).or_default();
        healed.times += 1;
        healed.references = healed.references.saturating_add(references);
    }
    super::seal::allow(object.as_ptr().addr(), || strategy::heal(object));
    HEALED.fetch_add(1, Relaxed);
}

/// Makes a mortal immortal and remembers it. It leaves the collector's books.
pub fn promote(ts: &ThreadState, object: &Object, origin: Origin) {
    if object.is_immortal() {
        return;
    }
    strategy::settle(object, FLAG_IMMORTAL);
    if object.ty().is_gc() {
        crate::object::alloc::gc_untrack(object);
    }
    ts.interp().promoted.borrow_mut().push((NonNull::from(object), origin));
}

/// An extension's static objects, in the order in which they were first adopted.
static ADOPTED: Mutex<Vec<Static>> = Mutex::new(Vec::new());

struct Static(NonNull<Object>);
// SAFETY: only the address is shared; the object lies in an image that is never unloaded.
unsafe impl Send for Static {}

/// An extension's static object (a type, a module definition): canonical from here on, and remembered.
pub fn adopt_static(object: &Object) {
    strategy::settle(object, FLAG_IMMORTAL | FLAG_STATIC);
    // A type from C may have no type of its own yet.
    let typed = !object.ob_type.get().is_null();
    let ty = if typed { object.downcast::<super::Type>() } else { None };
    let in_library = ty.is_some_and(|ty| ty.has(_Py_TPFLAGS_STATIC_BUILTIN));
    let mut adopted = ADOPTED.lock();
    if !in_library && !adopted.iter().any(|s| core::ptr::eq(s.0.as_ptr(), object)) {
        adopted.push(Static(NonNull::from(object)));
    }
}

/// The static objects of extensions.
pub fn adopted() -> Vec<NonNull<Object>> {
    ADOPTED.lock().iter().map(|s| s.0).collect()
}

/// What the runtime built for the whole process, in a heap of its own.
pub fn share(object: &Object) {
    strategy::settle(object, FLAG_IMMORTAL);
}

/// Whether other interpreters may have the object as well: then nobody may write to it. Where every block comes from malloc
/// only statics are known.
pub fn is_of_all(ts: &ThreadState, object: &Object) -> bool {
    // SAFETY: a live object: if a heap's, a block of it in use begins there or shortly before.
    let heap = || unsafe { Heap::of(object.as_ptr().cast()) };
    let elsewhere = || heap().is_some_and(|heap| !core::ptr::eq(heap, ts.interp().heap()));
    object.is_immortal() && (object.is_static() || elsewhere())
}

/// To be called when a count reaches 2^31.
#[cold]
#[inline(never)]
pub fn overflowed(object: &Object) {
    promote(ThreadState::current(), object, Origin::Overflow);
}
