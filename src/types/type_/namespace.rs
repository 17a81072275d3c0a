//! What a C type's namespace begins with: its definition tables, and a wrapper for each slot that it fills itself.
//!
//! An extension's type gets it when it is made ready; a built-in type when somebody first looks into it
//! ([`super::builtin`]).

use core::ffi::{CStr, c_char};

use smallvec::SmallVec;

use super::slotdefs::{SLOTS, SlotDef, slot_value};
use super::statics;
use crate::ffi::*;
use crate::object::{Object, Owned, Result, Type};
use crate::runtime::ThreadState;
use crate::types::slot::not_hashable;
use crate::types::{Dict, Str, descr, identifiers as id, singletons};

/// The slots that a type fills itself, and with what.
pub type Own = SmallVec<[(&'static SlotDef, *const ()); 32]>;

/// Those that it fills otherwise than its base. They are the same once it has inherited, unless it compares in its own
/// way and says nothing of hashing.
pub fn own_slots(ty: &Type, base: Option<&Type>) -> Own {
    let own = |def: &'static SlotDef| {
        let value = slot_value(ty, def.offset);
        let is_own = !value.is_null() && base.is_none_or(|b| slot_value(b, def.offset) != value);
        is_own.then_some((def, value))
    };
    SLOTS.iter().filter(|def| def.visible).filter_map(own).collect()
}

/// Whether a type that has not inherited yet makes its instances itself, so that its namespace tells.
pub fn is_maker(ty: &Type) -> bool {
    ty.tp_new.get().is_some() && !ty.has(Py_TPFLAGS_DISALLOW_INSTANTIATION)
}

/// A table of definitions, which ends with an entry without a name.
///
/// # Safety
/// NULL or such a table, living on.
unsafe fn table<'a, T: 'a>(start: *const T, name: fn(&T) -> *const c_char) -> impl Iterator<Item = &'a T> {
    let entry = move |i| {
        // SAFETY: the caller's promise; the first without a name is the last that is looked at.
        (!start.is_null()).then(|| unsafe { &*start.add(i) })
    };
    (0..).map_while(move |i| entry(i).filter(|&def| !name(def).is_null()))
}

fn methods(ty: &Type) -> impl Iterator<Item = &PyMethodDef> {
    // SAFETY: a type's table.
    unsafe { table(ty.tp_methods, |def| def.ml_name) }
}

/// The members that the type itself defines.
pub fn members(ty: &Type) -> impl Iterator<Item = &PyMemberDef> {
    // SAFETY: as above.
    unsafe { table(ty.tp_members, |def| def.name) }
}

fn getset(ty: &Type) -> impl Iterator<Item = &PyGetSetDef> {
    // SAFETY: as above.
    unsafe { table(ty.tp_getset, |def| def.name) }
}

/// The names in the type's tables.
pub fn names(ty: &Type) -> impl Iterator<Item = *const c_char> {
    let methods = methods(ty).map(|def| def.ml_name);
    methods.chain(members(ty).map(|def| def.name)).chain(getset(ty).map(|def| def.name))
}

/// How many names are to come into it, and a few more.
pub fn room(ty: &Type, own: &Own) -> usize {
    names(ty).count() + own.len() + 4
}

/// A dict with room for all of them.
pub fn new(ts: &ThreadState, ty: &Type, own: &Own) -> Result<Owned<Dict>> {
    Dict::with_room(ts, room(ty, own))
}

/// A name of a definition: interned, or one that all interpreters share.
///
/// # Safety
/// NUL-terminated.
unsafe fn name_of(ts: &ThreadState, ty: &Type, text: *const c_char) -> Result<Owned<Str>> {
    // SAFETY: the caller's promise.
    unsafe {
        match statics::is_shared(ty) {
            true => Str::for_all(ts, descr::c_text(ts, text)?),
            false => descr::c_name(ts, text),
        }
    }
}

/// Fills it. What is there already stays.
pub fn fill(ts: &ThreadState, ty: &Type, dict: &Dict, own: &Own, is_maker: bool) -> Result<()> {
    if is_maker {
        add(ts, dict, &id::__new__, || super::call::new_wrapper(ts, ty))?;
    }
    add_wrappers(ts, ty, dict, own)?;
    add_methods(ts, ty, dict)?;
    for def in members(ty) {
        // SAFETY: a name of the table.
        let name = unsafe { name_of(ts, ty, def.name)? };
        add(ts, dict, &name, || descr::new_member(ts, ty, Owned::new(&*name), def))?;
    }
    for def in getset(ty) {
        // SAFETY: as above.
        let name = unsafe { name_of(ts, ty, def.name)? };
        add(ts, dict, &name, || descr::new_getset(ts, ty, Owned::new(&*name), def))?;
    }
    add(ts, dict, &id::__doc__, || doc(ts, ty))
}

/// What `value` makes, under a name that is not taken yet.
fn add(ts: &ThreadState, dict: &Dict, name: &Str, value: impl FnOnce() -> Result) -> Result<()> {
    if dict.get_name(name).is_some() {
        return Ok(());
    }
    dict.set_name(ts, name, &*value()?)
}

/// A wrapper for each slot.
fn add_wrappers(ts: &ThreadState, ty: &Type, dict: &Dict, own: &Own) -> Result<()> {
    let unhashable = not_hashable as *const ();
    for &(def, value) in own {
        add(ts, dict, def.ident, || match value == unhashable {
            true => Ok(singletons::none()),
            false => descr::new_wrapper(ts, ty, def, value.cast_mut().cast()),
        })?;
    }
    Ok(())
}

/// A method that says so stands in the place of what is there.
fn add_methods(ts: &ThreadState, ty: &Type, dict: &Dict) -> Result<()> {
    for def in methods(ty) {
        // SAFETY: a name of the table.
        let name = unsafe { name_of(ts, ty, def.ml_name)? };
        let method = || descr::new_method(ts, ty, Owned::new(&*name), def);
        if def.ml_flags & METH_COEXIST != 0 {
            dict.set_name(ts, &name, &*method()?)?;
        } else {
            add(ts, dict, &name, method)?;
        }
    }
    Ok(())
}

fn doc(ts: &ThreadState, ty: &Type) -> Result<Owned<Object>> {
    let doc = ty.tp_doc.get();
    if doc.is_null() {
        return Ok(singletons::none());
    }
    // SAFETY: a type's doc is NUL-terminated.
    let doc = unsafe { CStr::from_ptr(doc) };
    descr::doc::doc_of(ts, ty.short_name().as_bytes(), Some(doc))
}
