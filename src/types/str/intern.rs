//! Interning: one object for each text that is used as a name.
//!
//! Two tables. The process's holds the static strs and the names that the built-in types hang on to: filled
//! while the process's runtime starts, read-only afterwards, shared. An interpreter's holds the rest; it does
//! not own its members, each leaves it at its end.

use core::cell::{Cell, RefCell};
use std::sync::OnceLock;

use hashbrown::HashTable;

use super::{INTERNED, INTERNED_IMMORTAL, Str};
use crate::object::heap::Heap;
use crate::object::strategy::OWN_COPIES;
use crate::object::{Owned, Result, immortal};
use crate::runtime::ThreadState;
use crate::types::hash::hash_bytes;

#[derive(Default)]
pub struct InternTable {
    strs: RefCell<HashTable<*const Str>>,
    /// The process's heap while the process's names are gathered: each new member is made there.
    home: Cell<Option<&'static Heap>>,
}

/// The process's table.
static SHARED: OnceLock<Shared> = OnceLock::new();

struct Shared(HashTable<*const Str>);
// SAFETY: its strs are immortal and immutable.
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

/// Static strs and names of the built-in types and modules are about 950: room for them from the start saves moving them.
const EXPECTED: usize = 1000;

/// Enters the static strs in the first interpreter's table, which becomes the process's by [`share`] once the
/// built-in types' names are in it as well.
pub fn seed(ts: &ThreadState, strs: impl Iterator<Item = &'static Str>) {
    let mut table = ts.interp().interned().strs.borrow_mut();
    table.reserve(EXPECTED, |&p| rehash(p));
    for s in strs {
        if find(&table, s).is_none() {
            table.insert_unique(s.hash() as u64, core::ptr::from_ref(s), |&p| rehash(p));
        }
    }
}

/// Whatever `f` interns becomes a name of the process's: made in that heap, wherever the objects that use it are made.
pub fn gather<R>(ts: &ThreadState, heap: &'static Heap, f: impl FnOnce() -> R) -> R {
    let home = &ts.interp().interned().home;
    home.set(Some(heap));
    let result = f();
    home.set(None);
    result
}

/// Makes the first interpreter's table the process's, and its members immortal. Called once.
pub fn share(ts: &ThreadState) {
    let _ = SHARED.set(Shared(ts.interp().interned().strs.take()));
    for name in shared().filter(|name| !name.is_static()) {
        name.set_interned(INTERNED_IMMORTAL);
        if !name.is_immortal() {
            immortal::share(name);
        }
    }
}

/// The process's names; none before they are shared.
pub fn shared() -> impl Iterator<Item = &'static Str> {
    // SAFETY: immortal, they live as long as the process.
    SHARED.get().into_iter().flat_map(|table| table.0.iter()).map(|&p| unsafe { &*p })
}

fn rehash(p: *const Str) -> u64 {
    // SAFETY: members live.
    unsafe { (*p).hash() as u64 }
}

fn find<'a>(table: &HashTable<*const Str>, s: &Str) -> Option<&'a Str> {
    // SAFETY: members live.
    table.find(s.hash() as u64, |&p| unsafe { (*p).equals(s) }).map(|&p| unsafe { &*p })
}

fn find_ascii<'a>(table: &HashTable<*const Str>, text: &str, hash: isize) -> Option<&'a Str> {
    // SAFETY: members live.
    table.find(hash as u64, |&p| unsafe { (*p).as_ascii() == Some(text) }).map(|&p| unsafe { &*p })
}

impl Str {
    /// The interned str equal to this one: itself, if it is the first. Only exact strs are interned.
    pub fn intern(ts: &ThreadState, s: Owned<Str>) -> Result<Owned<Str>> {
        if s.is_interned() || !s.is_exact::<Str>() {
            return Ok(s);
        }
        if let Some(shared) = SHARED.get().and_then(|t| find(&t.0, &s)) {
            return Ok(Owned::immortal(shared.own()));
        }
        if let Some(found) = find(&ts.interp().interned().strs.borrow(), &s) {
            return Ok(Owned::new(found));
        }
        match ts.interp().interned().home.get() {
            Some(_) if !s.is_immortal() => Str::enter(ts, Str::for_name(ts, || Str::from_chars(ts, s.chars()))?),
            // Nobody may write into it that it is interned.
            None if immortal::is_of_all(ts, &s) => Str::enter(ts, Str::from_chars(ts, s.chars())?),
            _ => Str::enter(ts, s),
        }
    }

    /// A name for what interpreters share: the process's interned str of that text, or a new one that is in nobody's table.
    pub fn for_all(ts: &ThreadState, text: &str) -> Result<Owned<Str>> {
        if text.is_ascii()
            && let Some(shared) = SHARED.get().and_then(|t| find_ascii(&t.0, text, hash_bytes(text.as_bytes())))
        {
            return Ok(Owned::immortal(shared));
        }
        let name = Str::new(ts, text)?;
        name.hash();
        name.utf8(ts)?;
        Ok(name)
    }

    /// What `make` makes, where names are to be made at this time.
    fn for_name(ts: &ThreadState, make: impl FnOnce() -> Result<Owned<Str>>) -> Result<Owned<Str>> {
        let Some(heap) = ts.interp().interned().home.get() else { return make() };
        let s = ts.with_heap(heap, make)?;
        // It becomes immortal, whoever gives it up before.
        core::mem::forget(Owned::new(&*s));
        Ok(s)
    }

    /// Makes a str whose text is not in it yet a member of the current interpreter's table.
    fn enter(ts: &ThreadState, s: Owned<Str>) -> Result<Owned<Str>> {
        let mut table = ts.interp().interned().strs.borrow_mut();
        if table.try_reserve(1, |&p| rehash(p)).is_err() {
            return Err(ts.no_memory());
        }
        table.insert_unique(s.hash() as u64, core::ptr::from_ref(&*s), |&p| rehash(p));
        s.set_interned(if s.is_immortal() { INTERNED_IMMORTAL } else { INTERNED });
        Ok(s)
    }

    /// The current interpreter's str for a shared one.
    fn own(&'static self) -> &'static Str {
        match self.len() {
            0 if OWN_COPIES => Str::empty_ref(),
            // The names of one character are ASCII.
            1 if OWN_COPIES => Str::latin1_char(self.chars().at(0) as u8),
            _ => self,
        }
    }

    /// An interned str became immortal.
    pub fn set_interned_for_ever(&self) {
        self.set_interned(INTERNED_IMMORTAL);
    }

    /// The interned str of that text. One that is there already is found without making another.
    pub fn interned(ts: &ThreadState, text: &str) -> Result<Owned<Str>> {
        if text.is_ascii() {
            let hash = hash_bytes(text.as_bytes());
            if let Some(shared) = SHARED.get().and_then(|t| find_ascii(&t.0, text, hash)) {
                return Ok(Owned::immortal(shared.own()));
            }
            if let Some(found) = find_ascii(&ts.interp().interned().strs.borrow(), text, hash) {
                return Ok(Owned::new(found));
            }
            let name = Str::for_name(ts, || Str::new(ts, text))?;
            // The singletons of one character are interned already.
            debug_assert!(!name.is_immortal());
            name.hash.set(hash);
            return Str::enter(ts, name);
        }
        Str::intern(ts, Str::new(ts, text)?)
    }
}

impl InternTable {
    /// An interned str ends.
    pub(super) fn remove(&self, s: &Str) {
        let mut table = self.strs.borrow_mut();
        if let Ok(entry) = table.find_entry(s.hash() as u64, |&p| core::ptr::eq(p, s)) {
            entry.remove();
        }
    }

    /// Whether `f` holds for all members. It interns nothing.
    pub fn all(&self, mut f: impl FnMut(&Str) -> bool) -> bool {
        // SAFETY: members live.
        self.strs.borrow().iter().all(|&p| f(unsafe { &*p }))
    }

    /// All members.
    pub fn members<'a>(&self) -> Vec<&'a Str> {
        // SAFETY: members live.
        self.strs.borrow().iter().map(|&p| unsafe { &*p }).collect()
    }
}
