//! Making a type ready: namespace, MRO, inherited slots.
//!
//! One way for all: the library's own statics and an extension's (once a process, in heaps of the process's; see
//! [`statics`] for the latter), and heap types when they are made. Only the namespace of a built-in type waits for who
//! looks into it.

use super::inherit::{self, add_flags};
use super::namespace;
use super::{PyType_Type, mro, slot_ids, statics, subclasses};
use crate::ffi::*;
use crate::object::immortal::adopt_static;
use crate::object::{ObjectCell, Result, Type};
use crate::runtime::ThreadState;
use crate::types::exceptions::{SYSTEM_ERROR, TYPE_ERROR};
use crate::types::object::PyBaseObject_Type;
use crate::types::slot::not_hashable;
use crate::types::{Tuple, identifiers as id, singletons};

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
    let is_builtin = ty.has(_Py_TPFLAGS_STATIC_BUILTIN);
    if is_builtin && base.is_some() {
        inherit::forget_template(ty);
    }
    if ty.tp_bases.peek().is_none() {
        let bases = match base {
            Some(base) => Tuple::new(ts, &[base.as_object()])?,
            None => Tuple::empty(),
        };
        ty.tp_bases.store(Some(bases));
    }
    mro::install(ts, ty)?;
    // A built-in type's can be told afterwards as well, as a debug build makes sure.
    let is_asked = !is_builtin || cfg!(debug_assertions);
    let own = if is_asked { namespace::own_slots(ty, base) } else { namespace::Own::new() };
    if statics::is_shared(ty) {
        statics::define(ts, ty, namespace::room(ty, &own), || define(ts, ty, base, &own))?;
    } else {
        if !is_builtin && ty.tp_dict.peek().is_none() {
            ty.tp_dict.store(Some(namespace::new(ts, ty, &own)?));
        }
        define(ts, ty, base, &own)?;
    }
    if is_builtin {
        debug_assert!(own == namespace::own_slots(ty, base), "{} cannot be told from what it inherits", ty.full_name());
        return Ok(());
    }
    subclasses::enter(ts, ty);
    Ok(())
}

/// Enters what the type defines in its dict, and takes over the rest from its bases.
fn define(ts: &ThreadState, ty: &Type, base: Option<&Type>, own: &namespace::Own) -> Result<()> {
    let is_maker = namespace::is_maker(ty);
    inherit_new(ty, base);
    if !ty.has(_Py_TPFLAGS_STATIC_BUILTIN)
        && let Some(dict) = ty.own_dict()
    {
        namespace::fill(ts, ty, dict, own, is_maker)?;
    }
    inherit::inherit_all(ty, base);
    set_hash(ts, ty)?;
    check_result(ts, ty)
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
fn inherit_new(ty: &Type, base: Option<&Type>) {
    if ty.tp_new.get().is_none()
        && let Some(base) = base
    {
        if core::ptr::eq(base, &PyBaseObject_Type) && !ty.has(Py_TPFLAGS_HEAPTYPE) {
            add_flags(ty, Py_TPFLAGS_DISALLOW_INSTANTIATION);
        }
        ty.tp_new.set(base.tp_new.get());
    }
    if ty.has(Py_TPFLAGS_DISALLOW_INSTANTIATION) {
        ty.tp_new.set(None);
    }
}

/// A type that compares in its own way, and says nothing of hashing, cannot be hashed.
fn set_hash(ts: &ThreadState, ty: &Type) -> Result<()> {
    if ty.tp_hash.get().is_some() {
        return Ok(());
    }
    if let Some(dict) = ty.own_dict() {
        if dict.get_name(&id::__hash__).is_some() {
            return Ok(());
        }
        dict.set_name(ts, &id::__hash__, singletons::none_ref())?;
    }
    ty.tp_hash.set(Some(not_hashable));
    Ok(())
}

/// A built-in type, in the current thread's interpreter but with what it hangs on to in the process's heap; the caller
/// makes that immortal. An immutable type's version never changes.
pub(super) fn ready_builtin(ts: &ThreadState, ty: &Type) -> Result<()> {
    if !ty.has(Py_TPFLAGS_READY) {
        ready_one(ts, ty)?;
    }
    ty.tp_version_tag.set(super::lookup::new_version());
    Ok(())
}
