//! The dict of a static type that interpreters share.
//!
//! What an extension's static type holds under its names when it is readied is immortal, and lies in a plain dict of the
//! process's that nobody writes to. C sees in `tp_dict` another dict, without entries of its own, that stands for it: its
//! `ma_values`, which no other dict uses, is that plain dict. Whoever reads it reads the plain dict; whoever changes it
//! gives the interpreter a copy, which from then on it stands for in that interpreter (and in those that share its memory).
//! So every interpreter sees its own changes, and no other's.
//!
//! A shared dict has no table: what is fast for others finds none there, and only then asks whether the dict is shared.

use core::cell::RefCell;
use std::collections::HashMap;

use super::Dict;
use crate::ffi::PyObject;
use crate::object::alloc::gc_untrack;
use crate::object::{Object, Owned, Result};
use crate::runtime::ThreadState;
use crate::types::Str;

/// An interpreter's copies of shared dicts, by what they are copies of. Owned, and given back by [`end`].
#[derive(Default)]
pub struct Copies(RefCell<HashMap<*const Dict, *mut PyObject>>);

impl Copies {
    fn of(&self, shared: &Dict) -> Option<&Dict> {
        let copy = *self.0.borrow().get(&core::ptr::from_ref(shared))?;
        // SAFETY: owned by this, until the interpreter ends.
        Some(unsafe { (*copy).cast() })
    }

    /// From here on `shared` stands for that dict, in this interpreter.
    pub fn insert(&self, shared: &Dict, copy: Owned<Dict>) {
        // The interpreter holds it, and lives as long; of those that share its memory any may end before.
        gc_untrack(&copy);
        let old = self.0.borrow_mut().insert(shared, copy.into_raw());
        // SAFETY: owned until now.
        drop(old.map(|old| unsafe { Owned::<PyObject>::from_stolen(old) }));
    }

    /// Whether `f` holds for all.
    pub fn all(&self, f: &mut dyn FnMut(&Object) -> bool) -> bool {
        // SAFETY: owned by this.
        self.0.borrow().values().all(|&copy| f(unsafe { &*copy }))
    }
}

impl Dict {
    /// A dict that stands for `entries`; both are to be made immortal, and `entries` is not to change any more.
    pub fn shared(ts: &ThreadState, entries: &Owned<Dict>) -> Result<Owned<Dict>> {
        let this = Dict::new(ts)?;
        this.ma_used.set(entries.ma_used.get());
        this.ma_values.set(entries.clone().into_raw().cast());
        Ok(this)
    }

    #[inline(always)]
    pub fn is_shared(&self) -> bool {
        !self.ma_values.get().is_null()
    }

    /// The dict whose entries this one's are: itself, but for a shared one.
    #[inline(always)]
    pub fn current(&self) -> &Dict {
        if self.is_shared() { self.current_shared() } else { self }
    }

    #[cold]
    #[inline(never)]
    fn current_shared(&self) -> &Dict {
        let copy = ThreadState::try_current().and_then(|ts| ts.interp().dict_copies().of(self));
        copy.or(self.of_process()).unwrap_or(self)
    }

    #[cold]
    #[inline(never)]
    pub(super) fn get_name_shared(&self, name: &Str) -> Option<&Object> {
        self.current().get_name(name)
    }

    #[cold]
    #[inline(never)]
    pub(super) fn get_text_shared(&self, ts: &ThreadState, text: &str) -> Result<Option<&Object>> {
        self.current().get_text(ts, text)
    }

    #[cold]
    #[inline(never)]
    pub(super) fn next_entry_shared(&self, position: usize) -> Option<(usize, &Object, &Object, isize)> {
        self.current().next_entry(position)
    }

    /// The plain dict that a shared one holds, which ends before anybody shared it: what was to hold it could not be made.
    pub(super) fn take_of_process(&self) -> Option<Owned<Dict>> {
        let entries = self.ma_values.replace(core::ptr::null_mut()).cast::<PyObject>();
        // SAFETY: NULL or a dict, owned since `shared` made this.
        (!entries.is_null()).then(|| unsafe { Owned::from_stolen(entries) })
    }

    /// The plain dict that a shared one stands for where nobody changed it.
    pub fn of_process(&self) -> Option<&Dict> {
        // SAFETY: NULL or the dict that it was made with, immortal as itself.
        unsafe { self.ma_values.get().cast::<Dict>().as_ref() }
    }

    /// The dict to write to for this one. What was found along an MRO is not known any more where that is another.
    #[inline(always)]
    pub(super) fn to_change<'a>(&'a self, ts: &'a ThreadState) -> Result<&'a Dict> {
        if self.is_shared() { self.copy_to_change(ts) } else { Ok(self) }
    }

    #[cold]
    #[inline(never)]
    fn copy_to_change<'a>(&'a self, ts: &'a ThreadState) -> Result<&'a Dict> {
        let copies = ts.interp().dict_copies();
        if copies.of(self).is_none() {
            copies.insert(self, self.current().copy(ts)?);
        }
        ts.interp().clear_method_cache();
        Ok(copies.of(self).unwrap_or(self))
    }

    #[cold]
    pub(super) fn clear_shared(&self, ts: &ThreadState) {
        match self.to_change(ts) {
            Ok(copy) => copy.clear(ts),
            Err(_raised) => ts.error.clear(),
        }
    }
}

/// Gives up what the interpreter changed of shared dicts: they are in it what they were at first.
pub fn end(ts: &ThreadState) {
    let copies = ts.interp().dict_copies().0.take();
    if !copies.is_empty() {
        ts.interp().clear_method_cache();
    }
    // SAFETY: owned until now.
    copies.into_values().for_each(|copy| drop(unsafe { Owned::<PyObject>::from_stolen(copy) }));
}
