//! Interning: one object for each text that is used as a name.
//!
//! Two tables. The process's holds the static strs and the names that the built-in types hang on to: filled
//! while the process's runtime starts, read-only afterwards, shared. An interpreter's holds the rest; it does
//! not own its members, each leaves it at its end.

use core::cell::RefCell;
use std::sync::OnceLock;

use hashbrown::HashTable;

use super::{INTERNED, INTERNED_IMMORTAL, Str};
use crate::object::strategy::OWN_COPIES;
use crate::object::{Owned, Result};
use crate::runtime::ThreadState;

#[derive(Default)]
pub struct InternTable {
    strs: RefCell<HashTable<*const Str>>,
}

/// The process's table.
static SHARED: OnceLock<Shared> = OnceLock::new();

struct Shared(HashTable<*const Str>);
// SAFETY: its strs are immortal and immutable.
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

/// Static strs and names of the built-in types are about 700: room for them from the start saves moving them.
const EXPECTED: usize = 800;

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

/// Makes the first interpreter's table the process's; gives its members, which the caller makes immortal.
/// Called once.
pub fn share(ts: &ThreadState) -> Vec<&'static Str> {
    let shared = SHARED.get_or_init(|| Shared(ts.interp().interned().strs.take()));
    // SAFETY: made immortal, they live as long as the process.
    let members: Vec<&'static Str> = shared.0.iter().map(|&p| unsafe { &*p }).collect();
    for s in &members {
        if !s.is_immortal() {
            s.set_interned(INTERNED_IMMORTAL);
        }
    }
    members
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
        let mut table = ts.interp().interned().strs.borrow_mut();
        if let Some(found) = find(&table, &s) {
            return Ok(Owned::new(found));
        }
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
            let hash = crate::types::hash::hash_bytes(text.as_bytes());
            if let Some(shared) = SHARED.get().and_then(|t| find_ascii(&t.0, text, hash)) {
                return Ok(Owned::immortal(shared.own()));
            }
            if let Some(found) = find_ascii(&ts.interp().interned().strs.borrow(), text, hash) {
                return Ok(Owned::new(found));
            }
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
