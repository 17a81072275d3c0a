//! From names to slots: what fills a class's slots, given what its bases and its dict hold under the names of
//! special methods.
//!
//! A slot of which all names lead to wrappers of one and the same C function gets that function itself; anything
//! else gets the generic function, which looks the name up at each call.

use core::cell::Cell;

use super::slotdefs::{SLOTS, SlotDef, slot_cell};
use super::{call, slot_functions as f, subclasses};
use crate::ffi::*;
use crate::object::{Object, Result, Type};
use crate::runtime::ThreadState;
use crate::types::slot::not_hashable;
use crate::types::{Str, singletons};

/// The entries of one slot, by the first of them.
fn group(start: usize) -> &'static [SlotDef] {
    let offset = SLOTS[start].offset;
    let n = SLOTS[start..].iter().take_while(|d| d.offset == offset).count();
    &SLOTS[start..start + n]
}

/// All slots of a new class.
pub fn fill(ty: &Type) {
    let mut at = 0;
    while at < SLOTS.len() {
        let defs = group(at);
        fill_slot(ty, defs);
        at += defs.len();
    }
}

/// Where a name belongs to two slots: the only one of them that is filled, if it is so.
fn unique_slot<'a>(ty: &'a Type, def: &SlotDef) -> Option<&'a Cell<*const ()>> {
    let mut found = None;
    let mut filled = SLOTS.iter().filter(|d| core::ptr::eq(d.ident, def.ident)).filter_map(|d| slot_cell(ty, d.offset));
    for cell in filled.by_ref().filter(|c| !c.get().is_null()) {
        if found.is_some() {
            return None;
        }
        found = Some(cell);
    }
    found
}

/// What fills a slot.
#[derive(Default)]
struct Choice {
    specific: Option<*const ()>,
    generic: Option<*const ()>,
    use_generic: bool,
}

fn fill_slot(ty: &Type, defs: &[SlotDef]) {
    let Some(cell) = slot_cell(ty, defs[0].offset) else { return };
    let mut choice = Choice::default();
    let is = |slot: *const ()| core::ptr::addr_eq(cell, slot);
    let is_iternext = is((&raw const ty.tp_iternext).cast());
    let is_new = is((&raw const ty.tp_new).cast());
    let is_hash = is((&raw const ty.tp_hash).cast());
    for def in defs {
        let Some(found) = ty.search_mro(def.ident) else {
            if is_iternext {
                choice.specific = Some(f::next_not_implemented as *const ());
            }
            continue;
        };
        if let Some(wrapper) = super::as_wrapper(found).filter(|w| core::ptr::eq(w.base().ident, def.ident)) {
            if unique_slot(ty, def).is_none_or(|c| core::ptr::eq(c, cell)) {
                choice.generic = Some(def.function);
            }
            let wrapped: *const () = wrapper.d_wrapped.get().cast_const().cast();
            let fits = core::ptr::fn_addr_eq(wrapper.base().wrapper, def.wrapper)
                // SAFETY: a descriptor's type lives as long as it.
                && ty.is_subtype_of(unsafe { &*wrapper.d_common.d_type.get() });
            if fits && choice.specific.is_none_or(|s| core::ptr::eq(s, wrapped)) {
                choice.specific = Some(wrapped);
            } else {
                choice.use_generic = true;
            }
        } else if is_new && call::is_new_wrapper(found) {
            choice.specific = Some(inherited_new(ty, found));
        } else if is_hash && singletons::is_none(found) {
            choice.specific = Some(not_hashable as *const ());
        } else {
            choice.use_generic = true;
            choice.generic = Some(def.function);
            if core::ptr::eq(def.function, f::call as *const ()) {
                ty.tp_flags.set(ty.tp_flags.get() & !Py_TPFLAGS_HAVE_VECTORCALL);
            }
        }
    }
    let chosen = if choice.use_generic { choice.generic } else { choice.specific.or(choice.generic) };
    cell.set(chosen.unwrap_or(core::ptr::null()));
}

/// The `tp_new` that a C type's `__new__` stands for.
fn inherited_new(ty: &Type, found: &Object) -> *const () {
    // SAFETY: the wrapper's self is a type.
    let owner = unsafe { (*found.as_ptr().cast::<PyCFunctionObject>()).m_self.get().cast::<Type>().as_ref() };
    let function = owner.unwrap_or(ty).tp_new.get();
    function.map_or(core::ptr::null(), |f| f as *const ())
}

/// `ty.name` was assigned: the slots of that name, in `ty` and in all subclasses that do not define it themselves.
pub fn update(ts: &ThreadState, ty: &Type, name: &Str) -> Result<()> {
    let mut done = usize::MAX;
    let mut at = 0;
    while at < SLOTS.len() {
        let defs = group(at);
        if defs.iter().any(|d| core::ptr::eq(&**d.ident, name)) && defs[0].offset != done {
            done = defs[0].offset;
            update_with_subclasses(ts, ty, defs, name)?;
        }
        at += defs.len();
    }
    Ok(())
}

fn update_with_subclasses(ts: &ThreadState, ty: &Type, defs: &[SlotDef], name: &Str) -> Result<()> {
    ts.check_recursion(" while updating the slots of a class")?;
    fill_slot(ty, defs);
    for subclass in subclasses::all(ts, ty) {
        if subclass.own_dict().is_none_or(|d| d.get_name(name).is_none()) {
            update_with_subclasses(ts, subclass, defs, name)?;
        }
    }
    Ok(())
}

/// A type whose bases changed takes everything anew.
pub fn refill(ts: &ThreadState, ty: &Type) -> Result<()> {
    ts.check_recursion(" while updating the slots of a class")?;
    fill(ty);
    for subclass in subclasses::all(ts, ty) {
        refill(ts, subclass)?;
    }
    Ok(())
}
