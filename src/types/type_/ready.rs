//! Making a type ready: namespace, MRO, inherited slots.
//!
//! One way for all: the library's own statics (once a process, in a heap of the process's), an extension's
//! statics, and heap types when they are made. Only the namespace of a built-in type waits for who looks into it.

use super::inherit::{self, add_flags};
use super::namespace;
use super::{PyType_Type, mro, slot_ids, subclasses};
use crate::ffi::*;
use crate::object::immortal::{adopt_static, adopted};
use crate::object::{ObjectCell, Result, Type};
use crate::runtime::ThreadState;
use crate::types::exceptions::{SYSTEM_ERROR, TYPE_ERROR};
use crate::types::object::PyBaseObject_Type;
use crate::types::slot::not_hashable;
use crate::types::{Tuple, identifiers as id, singletons};

/// `PyType_Ready`. A type that failed can be readied again.
pub fn ready(ts: &ThreadState, ty: &Type) -> Result<()> {
    if ty.has(Py_TPFLAGS_READY) {
        return Ok(());
    }
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
    // A built-in type's can be told afterwards as well, as a debug build makes sure.
    let is_asked = !is_builtin || cfg!(debug_assertions);
    let own = if is_asked { namespace::own_slots(ty, base) } else { namespace::Own::new() };
    let is_maker = namespace::is_maker(ty);
    if !is_builtin && ty.tp_dict.peek().is_none() {
        ty.tp_dict.store(Some(namespace::new(ts, ty, &own)?));
    }
    mro::install(ts, ty)?;
    inherit_new(ty, base);
    if !is_builtin && let Some(dict) = ty.own_dict() {
        namespace::fill(ts, ty, dict, &own, is_maker)?;
    }
    inherit::inherit_all(ty, base);
    set_hash(ts, ty)?;
    check_result(ts, ty)?;
    if is_builtin {
        debug_assert!(own == namespace::own_slots(ty, base), "{} cannot be told from what it inherits", ty.full_name());
        return Ok(());
    }
    subclasses::enter(ts, ty);
    if !ty.has(Py_TPFLAGS_HEAPTYPE) {
        ts.interp().static_types.borrow_mut().entry(core::ptr::from_ref(ty)).or_default().is_readied_here = true;
    }
    Ok(())
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

/// The interpreter ends, and with its heap all that an extension's static types hang on to: they are as they were
/// before they were readied, and a later interpreter readies them anew.
pub fn forget_extension_types(ts: &ThreadState) {
    let readied_here: Vec<*const Type> =
        ts.interp().static_types.borrow().iter().filter(|(_, s)| s.is_readied_here).map(|(&t, _)| t).collect();
    for ty in readied_here {
        // SAFETY: a static type is never unloaded.
        unready(unsafe { &*ty });
    }
}

/// The same for all that there are, when the runtime ends.
pub fn unready_extension_types() {
    for object in adopted() {
        // SAFETY: an extension's image is never unloaded.
        if let Some(ty) = unsafe { object.as_ref() }.downcast::<Type>() {
            unready(ty);
        }
    }
}

fn unready(ty: &Type) {
    ty.tp_flags.set(ty.tp_flags.get() & !(Py_TPFLAGS_READY | Py_TPFLAGS_VALID_VERSION_TAG));
    ty.tp_version_tag.set(0);
    for part in [&ty.tp_dict, &ty.tp_bases, &ty.tp_mro, &ty.tp_cache] {
        drop(part.take_owned());
    }
}

/// A built-in type, in the current thread's interpreter but with what it hangs on to in the process's heap; the caller
/// makes that immortal. An immutable type's version never changes.
pub(super) fn ready_builtin(ts: &ThreadState, ty: &Type) -> Result<()> {
    ready(ts, ty)?;
    ty.tp_version_tag.set(super::lookup::new_version());
    Ok(())
}
