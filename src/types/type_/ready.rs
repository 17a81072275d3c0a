//! Making a type ready: namespace, MRO, inherited slots.
//!
//! One way for all: the library's own statics and an extension's (once a process, in heaps of the process's; see
//! [`statics`] for the latter), and heap types when they are made. The namespace of a C type is filled from its
//! definition tables, and with a wrapper for each slot that it defines itself.

use core::ffi::{CStr, c_char};

use smallvec::SmallVec;

use super::inherit::{self, add_flags};
use super::slotdefs::{SLOTS, SlotDef, slot_value};
use super::{PyType_Type, mro, slot_ids, statics, subclasses};
use crate::ffi::*;
use crate::object::immortal::adopt_static;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::runtime::ThreadState;
use crate::types::exceptions::{SYSTEM_ERROR, TYPE_ERROR};
use crate::types::object::PyBaseObject_Type;
use crate::types::slot::not_hashable;
use crate::types::{Dict, Str, Tuple, descr, identifiers as id, singletons};

/// `PyType_Ready`. A type that failed can be readied again.
pub fn ready(ts: &ThreadState, ty: &Type) -> Result<()> {
    match statics::ready(ts, ty) {
        Some(result) => result,
        None if ty.has(Py_TPFLAGS_READY) => Ok(()),
        None => ready_one(ts, ty),
    }
}

/// The same for one that is not ready, and that no other thread readies at this time.
pub(super) fn ready_one(ts: &ThreadState, ty: &Type) -> Result<()> {
    if ty.has(Py_TPFLAGS_READYING) {
        let name = ty.full_name();
        return Err(ts.raise(&SYSTEM_ERROR, format_args!("type '{name}' is being readied already")));
    }
    add_flags(ty, Py_TPFLAGS_READYING);
    if !ty.has(Py_TPFLAGS_HEAPTYPE) {
        // Immortal from the start: while it is readied it is referred to without being counted.
        adopt_static(ty.as_object());
        add_flags(ty, Py_TPFLAGS_IMMUTABLETYPE);
    }
    let result = make_ready(ts, ty);
    ty.tp_flags.set(ty.tp_flags.get() & !Py_TPFLAGS_READYING);
    if result.is_ok() {
        add_flags(ty, Py_TPFLAGS_READY);
    }
    result
}

fn make_ready(ts: &ThreadState, ty: &Type) -> Result<()> {
    check_definition(ts, ty)?;
    slot_ids::enter_in_ledger(ty);
    let base = set_base(ts, ty)?;
    if ty.has(_Py_TPFLAGS_STATIC_BUILTIN) && base.is_some() {
        inherit::forget_template(ty);
    }
    let slots = own_slots(ty, base);
    let room = definitions(ty) + slots.len();
    if ty.tp_bases.peek().is_none() {
        let bases = match base {
            Some(base) => Tuple::new(ts, &[base.as_object()])?,
            None => Tuple::empty(),
        };
        ty.tp_bases.store(Some(bases));
    }
    mro::install(ts, ty)?;
    if statics::is_shared(ty) {
        statics::define(ts, ty, room, || define(ts, ty, base, &slots))?;
    } else {
        if ty.tp_dict.peek().is_none() {
            ty.tp_dict.store(Some(Dict::with_room(ts, room)?));
        }
        define(ts, ty, base, &slots)?;
    }
    if !ty.has(_Py_TPFLAGS_STATIC_BUILTIN) {
        subclasses::enter(ts, ty);
    }
    Ok(())
}

/// Enters what the type defines in its dict, and takes over the rest from its bases.
fn define(ts: &ThreadState, ty: &Type, base: Option<&Type>, slots: &[OwnSlot]) -> Result<()> {
    set_new(ts, ty, base)?;
    add_wrappers(ts, ty, slots)?;
    add_methods(ts, ty)?;
    add_members(ts, ty)?;
    add_getset(ts, ty)?;
    set_doc(ts, ty)?;
    if let Some(base) = base {
        inherit::inherit_special(ty, base);
        for &base in ty.mro_types().iter().skip(1) {
            inherit::inherit_slots(ty, base);
        }
        if !ty.has(Py_TPFLAGS_HEAPTYPE) {
            inherit::inherit_suites(ty, base);
        }
    }
    set_hash(ts, ty)?;
    check_result(ts, ty)
}

/// How many names the tables of a C type define, and a few more.
fn definitions(ty: &Type) -> usize {
    /// # Safety
    /// NULL, or a table whose last entry `ends` knows.
    unsafe fn count<T>(table: *const T, ends: fn(&T) -> bool) -> usize {
        // SAFETY: the caller's promise.
        (0..).take_while(|&i| unsafe { table.add(i).as_ref() }.is_some_and(|def| !ends(def))).count()
    }
    // SAFETY: tables of definitions, each ended by an entry without a name.
    unsafe {
        count(ty.tp_methods, |def| def.ml_name.is_null())
            + count(ty.tp_members, |def| def.name.is_null())
            + count(ty.tp_getset, |def| def.name.is_null())
            + 4
    }
}

fn check_definition(ts: &ThreadState, ty: &Type) -> Result<()> {
    if ty.tp_name.is_null() {
        return Err(ts.raise_str(&SYSTEM_ERROR, "Type does not define the tp_name field."));
    }
    Ok(())
}

/// What holds once everything is inherited.
fn check_result(ts: &ThreadState, ty: &Type) -> Result<()> {
    if ty.is_gc() && ty.tp_traverse.get().is_none() {
        let name = ty.full_name();
        return Err(ts.raise(
            &SYSTEM_ERROR,
            format_args!("type {name} has the Py_TPFLAGS_HAVE_GC flag but has no traverse function"),
        ));
    }
    Ok(())
}

/// The base, ready, and the type's own type.
fn set_base<'a>(ts: &ThreadState, ty: &'a Type) -> Result<Option<&'a Type>> {
    if ty.tp_base.get().is_null() && !core::ptr::eq(ty, &PyBaseObject_Type) {
        ty.tp_base.set((&raw const PyBaseObject_Type).cast_mut());
    }
    let base = ty.base();
    if let Some(base) = base {
        if !base.has(Py_TPFLAGS_READY) {
            ready(ts, base)?;
        }
        if ty.has(Py_TPFLAGS_HEAPTYPE) && ty.tp_bases.peek().is_none() {
            base.as_object().incref();
        }
    }
    if ty.as_object().ob_type.get().is_null() {
        let meta = base.map_or(&PyType_Type, |b| b.as_object().ty());
        ty.as_object().ob_type.set(meta);
    }
    if !ty.has(Py_TPFLAGS_HEAPTYPE) {
        for base in ty.bases().iter().copied().chain(base) {
            if base.has(Py_TPFLAGS_HEAPTYPE) {
                let (name, base) = (ty.full_name(), base.full_name());
                return Err(ts.raise(
                    &TYPE_ERROR,
                    format_args!(
                        "type '{name}' is not dynamically allocated but its base type '{base}' is dynamically allocated"
                    ),
                ));
            }
        }
    }
    Ok(base)
}

/// `tp_new`: a static type that derives from `object` alone and brings none cannot be called.
fn set_new(ts: &ThreadState, ty: &Type, base: Option<&Type>) -> Result<()> {
    let derives_from_object = base.is_some_and(|b| core::ptr::eq(b, &PyBaseObject_Type));
    if ty.tp_new.get().is_none() && derives_from_object && !ty.has(Py_TPFLAGS_HEAPTYPE) {
        add_flags(ty, Py_TPFLAGS_DISALLOW_INSTANTIATION);
    }
    if ty.has(Py_TPFLAGS_DISALLOW_INSTANTIATION) {
        ty.tp_new.set(None);
        return Ok(());
    }
    match (ty.tp_new.get(), base) {
        (Some(_), _) if !has_name(ty, &id::__new__) => {
            let function = super::call::new_wrapper(ts, ty)?;
            set_name(ts, ty, &id::__new__, &function)
        }
        (None, Some(base)) => {
            ty.tp_new.set(base.tp_new.get());
            Ok(())
        }
        _ => Ok(()),
    }
}

fn has_name(ty: &Type, name: &Str) -> bool {
    ty.own_dict().is_some_and(|d| d.get_name(name).is_some())
}

fn set_name(ts: &ThreadState, ty: &Type, name: &Str, value: &Object) -> Result<()> {
    match ty.own_dict() {
        Some(dict) => dict.set_name(ts, name, value),
        None => Ok(()),
    }
}

/// A slot, and what a type fills it with.
type OwnSlot = (&'static SlotDef, *const ());

/// The slots that the type fills otherwise than its base, and with what.
fn own_slots(ty: &Type, base: Option<&Type>) -> SmallVec<[OwnSlot; 32]> {
    let own = |def: &'static SlotDef| {
        let value = slot_value(ty, def.offset);
        let is_own = !value.is_null() && base.is_none_or(|b| slot_value(b, def.offset) != value);
        is_own.then_some((def, value))
    };
    SLOTS.iter().filter(|def| def.visible).filter_map(own).collect()
}

/// A wrapper for each.
fn add_wrappers(ts: &ThreadState, ty: &Type, slots: &[OwnSlot]) -> Result<()> {
    let unhashable = not_hashable as *const ();
    for &(def, value) in slots {
        if has_name(ty, def.ident) {
            continue;
        }
        if value == unhashable {
            set_name(ts, ty, def.ident, singletons::none_ref())?;
            continue;
        }
        let wrapper = descr::new_wrapper(ts, ty, def, value.cast_mut().cast())?;
        set_name(ts, ty, def.ident, &wrapper)?;
    }
    Ok(())
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

fn add_methods(ts: &ThreadState, ty: &Type) -> Result<()> {
    let mut at = ty.tp_methods;
    // SAFETY: the table ends with an entry without a name.
    while let Some(def) = unsafe { at.as_ref() }.filter(|d| !d.ml_name.is_null()) {
        // SAFETY: a name of the table.
        let name = unsafe { name_of(ts, ty, def.ml_name)? };
        if def.ml_flags & METH_COEXIST != 0 || !has_name(ty, &name) {
            let method = descr::new_method(ts, ty, Owned::new(&*name), def)?;
            set_name(ts, ty, &name, &method)?;
        }
        // SAFETY: within the table.
        at = unsafe { at.add(1) };
    }
    Ok(())
}

fn add_members(ts: &ThreadState, ty: &Type) -> Result<()> {
    let mut at = ty.tp_members;
    // SAFETY: as above.
    while let Some(def) = unsafe { at.as_ref() }.filter(|d| !d.name.is_null()) {
        // SAFETY: as above.
        let name = unsafe { name_of(ts, ty, def.name)? };
        if !has_name(ty, &name) {
            let member = descr::new_member(ts, ty, Owned::new(&*name), def)?;
            set_name(ts, ty, &name, &member)?;
        }
        // SAFETY: as above.
        at = unsafe { at.add(1) };
    }
    Ok(())
}

fn add_getset(ts: &ThreadState, ty: &Type) -> Result<()> {
    let mut at = ty.tp_getset;
    // SAFETY: as above.
    while let Some(def) = unsafe { at.as_ref() }.filter(|d| !d.name.is_null()) {
        // SAFETY: as above.
        let name = unsafe { name_of(ts, ty, def.name)? };
        if !has_name(ty, &name) {
            let getset = descr::new_getset(ts, ty, Owned::new(&*name), def)?;
            set_name(ts, ty, &name, &getset)?;
        }
        // SAFETY: as above.
        at = unsafe { at.add(1) };
    }
    Ok(())
}

fn set_doc(ts: &ThreadState, ty: &Type) -> Result<()> {
    if has_name(ty, &id::__doc__) {
        return Ok(());
    }
    let doc = ty.tp_doc.get();
    if doc.is_null() {
        return set_name(ts, ty, &id::__doc__, singletons::none_ref());
    }
    // SAFETY: a type's doc is NUL-terminated.
    let doc = unsafe { CStr::from_ptr(doc) };
    let text = descr::doc::doc_of(ts, ty.short_name().as_bytes(), Some(doc))?;
    set_name(ts, ty, &id::__doc__, &text)
}

/// A type that compares in its own way, and says nothing of hashing, cannot be hashed.
fn set_hash(ts: &ThreadState, ty: &Type) -> Result<()> {
    if ty.tp_hash.get().is_some() || has_name(ty, &id::__hash__) {
        return Ok(());
    }
    set_name(ts, ty, &id::__hash__, singletons::none_ref())?;
    ty.tp_hash.set(Some(not_hashable));
    Ok(())
}

/// The built-in types: all of them, in the current thread's interpreter but with what they hang on to in the
/// process's heap; the caller makes that immortal. An immutable type's version never changes.
pub(super) fn ready_builtin(ts: &ThreadState, ty: &Type) -> Result<()> {
    if !ty.has(Py_TPFLAGS_READY) {
        ready_one(ts, ty)?;
    }
    ty.tp_version_tag.set(super::lookup::new_version());
    Ok(())
}
