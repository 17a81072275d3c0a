//! Finding a name along a type's MRO.
//!
//! A cache of the interpreter's remembers, for a type's version and an interned name, what was found, absence
//! included. A version is given out once and belongs to one state of one type; whoever changes a type (or a
//! base of it) takes its version away ([`Type::modified`]), and with it every entry made for it. Versions come
//! from one counter of the process, so built-in types keep theirs over all interpreters.
//!
//! Names are borrowed: an interned str that the cache refers to says so in its state, and has itself forgotten
//! when it ends. Another name at the same address would otherwise find its entries.

use core::cell::Cell;
use core::ptr;
use core::sync::atomic::{AtomicPtr, AtomicU32, Ordering::Acquire, Ordering::Relaxed};

use crate::ffi::_Py_TPFLAGS_STATIC_BUILTIN;
use crate::object::lock::watched;
use crate::object::{Object, Type};
use crate::runtime::ThreadState;
use crate::types::{Dict, Str};

const ENTRIES: usize = 1024;

struct Entry {
    version: Cell<u32>,
    name: Cell<*const Str>,
    /// Borrowed: the type's dict owns it for as long as the version is valid. NULL: the name is absent.
    value: Cell<*const Object>,
}

pub struct MethodCache {
    entries: [Entry; ENTRIES],
    /// Something is in it.
    is_used: Cell<bool>,
}

impl Entry {
    fn clear(&self) {
        self.version.set(0);
        self.name.set(ptr::null());
        self.value.set(ptr::null());
    }
}

/// What nothing is found in: an interpreter that has looked up little has no cache of its own yet.
struct Nothing(MethodCache);
// SAFETY: never written to.
unsafe impl Sync for Nothing {}
static NOTHING: Nothing = Nothing(MethodCache {
    entries: [const { Entry { version: Cell::new(0), name: Cell::new(ptr::null()), value: Cell::new(ptr::null()) } };
        ENTRIES],
    is_used: Cell::new(false),
});

impl MethodCache {
    /// One in which nothing is found, and nothing may be put.
    pub fn nothing() -> &'static MethodCache {
        &NOTHING.0
    }

    /// `None` without memory.
    pub fn new() -> Option<Box<MethodCache>> {
        // SAFETY: an entry of zeros is an empty one, and zeroed pages cost nothing until used; NULL, or of the layout
        // that a box frees it by.
        unsafe {
            let place: *mut MethodCache = std::alloc::alloc_zeroed(core::alloc::Layout::new::<MethodCache>()).cast();
            (!place.is_null()).then(|| Box::from_raw(place))
        }
    }

    /// A name ends: nothing may be found under its address any more.
    #[cold]
    pub fn forget(&self, name: &Str) {
        if self.is_used.get() {
            self.entries.iter().filter(|e| ptr::eq(e.name.get(), name)).for_each(Entry::clear);
        }
    }

    /// Most names end: that is told once rather than for each.
    pub fn clear(&self) {
        if self.is_used.replace(false) {
            self.entries.iter().filter(|e| !e.name.get().is_null()).for_each(Entry::clear);
        }
    }
}

static NEXT_VERSION: AtomicU32 = AtomicU32::new(1);

/// A version never given out before; 0 once they are used up, and then nothing is cached any more.
pub fn new_version() -> u32 {
    NEXT_VERSION.fetch_update(Relaxed, Relaxed, |v| (v != u32::MAX).then_some(v + 1)).unwrap_or(0)
}

/// The last version that was given out.
pub fn last_version() -> u32 {
    NEXT_VERSION.load(Relaxed) - 1
}

impl Type {
    /// What the first type along the MRO that has `name` holds under it. Borrowed from that type's dict: take
    /// an `Owned` before anything foreign runs.
    #[inline]
    pub fn lookup(&self, ts: &ThreadState, name: &Str) -> Option<&Object> {
        let version = self.tp_version_tag.get();
        if version == 0 || !name.is_interned() {
            return self.lookup_uncached(ts, name);
        }
        let entry = &ts.interp().method_cache().entries[slot_of(version, name)];
        if entry.version.get() == version && ptr::eq(entry.name.get(), name) {
            // SAFETY: valid as long as the version is.
            return unsafe { entry.value.get().as_ref() };
        }
        self.lookup_uncached(ts, name)
    }

    #[cold]
    #[inline(never)]
    fn lookup_uncached(&self, ts: &ThreadState, name: &Str) -> Option<&Object> {
        let found = self.search_mro(name);
        let cache = if name.is_interned() { ts.interp().method_cache_to_fill() } else { None };
        if let Some(cache) = cache {
            let mut version = self.tp_version_tag.get();
            if version == 0 {
                version = self.assign_version();
            }
            if version != 0 {
                let entry = &cache.entries[slot_of(version, name)];
                cache.is_used.set(true);
                name.set_cached();
                entry.version.set(version);
                entry.name.set(name);
                entry.value.set(found.map_or(ptr::null(), ptr::from_ref));
            }
        }
        found
    }

    /// The search without the cache.
    pub fn search_mro(&self, name: &Str) -> Option<&Object> {
        match self.mro() {
            Some(mro) => mro.as_slice().iter().find_map(|t| {
                // SAFETY: an MRO holds types.
                unsafe { t.cast::<Type>() }.own_dict()?.get_name(name)
            }),
            None => self.own_dict()?.get_name(name),
        }
    }

    /// The type's own namespace. A built-in type's is made now if nobody has looked into it before.
    #[inline]
    pub fn own_dict(&self) -> Option<&Dict> {
        // SAFETY: a field of a live type, which is written to by one thread at a time.
        let dict = unsafe { AtomicPtr::from_ptr(self.tp_dict.as_ptr()) }.load(Acquire);
        // SAFETY: NULL or a dict.
        match unsafe { dict.cast::<Dict>().as_ref() } {
            None if self.has(_Py_TPFLAGS_STATIC_BUILTIN) => super::builtin::namespace(self),
            dict => {
                watched::seen(&self.tp_dict);
                dict
            }
        }
    }

    /// Gives the type a version if it has none, so that no lookup has to.
    pub fn fill_version(&self) {
        if self.tp_version_tag.get() == 0 {
            self.assign_version();
        }
    }

    /// Gives the type and its bases versions. An immutable built-in type gets its own when it is readied.
    fn assign_version(&self) -> u32 {
        if !self.has(crate::ffi::Py_TPFLAGS_READY) {
            return 0;
        }
        if let Some(mro) = self.mro() {
            for base in mro.as_slice().iter().skip(1) {
                // SAFETY: an MRO holds types.
                let base = unsafe { base.cast::<Type>() };
                if base.tp_version_tag.get() == 0 && !ptr::eq(base, self) && base.assign_version() == 0 {
                    return 0;
                }
            }
        }
        let version = new_version();
        self.tp_version_tag.set(version);
        version
    }
}

#[inline(always)]
fn slot_of(version: u32, name: &Str) -> usize {
    (version as usize ^ (ptr::from_ref(name).addr() >> 4)) & (ENTRIES - 1)
}
