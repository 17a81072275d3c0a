//! Changing a class that exists: `C.__bases__ = …`, and an instance's `x.__class__ = D`.

use super::{attributes, dispatch, instance, layout, mro, subclasses};
use crate::ffi::*;
use crate::object::{Object, ObjectCell, Owned, Raised, Result, Type};
use crate::runtime::ThreadState;
use crate::types::exceptions::TYPE_ERROR;
use crate::types::object::is_usual_free;
use crate::types::{Tuple, identifiers as id};

/// `C.__bases__ = value`.
pub fn set_bases(ts: &ThreadState, ty: &Type, value: Option<&Object>) -> Result<()> {
    attributes::check_mutable(ts, ty, &id::__bases__)?;
    let name = ty.full_name();
    let Some(value) = value else {
        return Err(ts.raise(&TYPE_ERROR, format_args!("cannot delete '__bases__' attribute of type '{name}'")));
    };
    let Some(bases) = value.downcast::<Tuple>() else {
        let other = value.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("can only assign tuple to {name}.__bases__, not {other}")));
    };
    if bases.is_empty() {
        return Err(ts.raise(&TYPE_ERROR, format_args!("can only assign non-empty tuple to {name}.__bases__, not ()")));
    }
    for base in bases.as_slice() {
        let Some(base) = base.downcast::<Type>() else {
            let other = base.ty().full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("{name}.__bases__ must be tuple of classes, not '{other}'")));
        };
        if base.is_subtype_of(ty) {
            return Err(ts.raise_str(&TYPE_ERROR, "a __bases__ item causes an inheritance cycle"));
        }
    }
    let new_base = layout::best_base(ts, bases.as_slice())?;
    let Some(old_base) = ty.base() else { return Ok(()) };
    if !same_but_for_the_end(ty, new_base, old_base) {
        check_compatible(ts, new_base, old_base, "__bases__")?;
    }
    replace_bases(ts, ty, Owned::new(bases), new_base)
}

/// Puts the bases in place, works all MROs out anew, and goes back if one of them fails.
fn replace_bases(ts: &ThreadState, ty: &Type, bases: Owned<Tuple>, base: &Type) -> Result<()> {
    subclasses::leave(ts, ty);
    let old_bases = ty.tp_bases.take_owned();
    let old_base = ty.tp_base.take_owned();
    ty.tp_bases.store(Some(bases));
    ty.tp_base.set(Owned::new(base).into_raw().cast());
    let mut done: Vec<(&Type, Option<Owned<Object>>)> = Vec::new();
    if let Err(raised) = renew_mro(ts, ty, &mut done) {
        for (t, mro) in done {
            t.tp_mro.store(mro);
            t.modified(ts);
        }
        ty.tp_bases.store(old_bases);
        ty.tp_base.store(old_base);
        subclasses::enter(ts, ty);
        return Err(raised);
    }
    subclasses::enter(ts, ty);
    dispatch::refill(ts, ty)?;
    drop((old_bases, old_base, done));
    Ok(())
}

fn renew_mro<'a>(ts: &ThreadState, ty: &'a Type, done: &mut Vec<(&'a Type, Option<Owned<Object>>)>) -> Result<()> {
    ts.check_recursion(" while working out an MRO")?;
    done.push((ty, ty.tp_mro.load()));
    mro::install(ts, ty)?;
    for subclass in subclasses::all(ts, ty) {
        renew_mro(ts, subclass, done)?;
    }
    Ok(())
}

/// Both bases extend the same type by nothing but a dict and weak references, which `ty`'s instances have in the
/// same place or which the new base does without.
fn same_but_for_the_end(ty: &Type, new: &Type, old: &Type) -> bool {
    let fits = |wanted: isize, there: isize| wanted == 0 || wanted == there;
    core::ptr::eq(layout::solid_base(new), layout::solid_base(old))
        && fits(new.tp_dictoffset, ty.tp_dictoffset)
        && fits(new.tp_weaklistoffset, ty.tp_weaklistoffset)
}

/// Whether instances of one type can pass for the other's.
fn check_compatible(ts: &ThreadState, new: &Type, old: &Type, attribute: &str) -> Result<()> {
    let mismatch = |what: &str| -> Raised {
        let (new, old) = (new.full_name(), old.full_name());
        ts.raise(&TYPE_ERROR, format_args!("{attribute} assignment: '{new}' {what} '{old}'"))
    };
    let same_free = match (new.tp_free.get(), old.tp_free.get()) {
        (Some(a), Some(b)) => core::ptr::fn_addr_eq(a, b) || (is_usual_free(a) && is_usual_free(b)),
        (a, b) => a.is_none() && b.is_none(),
    };
    if !same_free {
        return Err(mismatch("deallocator differs from"));
    }
    if same_layout(new, old) { Ok(()) } else { Err(mismatch("object layout differs from")) }
}

/// The classes above the solid base add the same slots in the same places.
fn same_layout(a: &Type, b: &Type) -> bool {
    a.tp_basicsize == b.tp_basicsize
        && a.tp_itemsize == b.tp_itemsize
        && a.tp_dictoffset == b.tp_dictoffset
        && a.tp_weaklistoffset == b.tp_weaklistoffset
        && a.is_gc() == b.is_gc()
        && core::ptr::eq(shared_base(a), shared_base(b))
        && slot_names(a) == slot_names(b)
}

/// The first base that is more than a class with `__slots__`.
fn shared_base(ty: &Type) -> &Type {
    let mut at = ty;
    while let Some(base) = at.base().filter(|_| !instance::own_members(at).is_empty() || same_size(at)) {
        at = base;
    }
    at
}

/// Nothing but a dict and weak references is added.
fn same_size(ty: &Type) -> bool {
    ty.has(Py_TPFLAGS_HEAPTYPE) && !core::ptr::eq(layout::solid_base(ty), ty)
}

fn slot_names(ty: &Type) -> Vec<(isize, String)> {
    let mut names = Vec::new();
    let mut at = Some(ty);
    while let Some(t) = at {
        for member in instance::own_members(t) {
            // SAFETY: a member's name is NUL-terminated.
            let name = unsafe { core::ffi::CStr::from_ptr(member.name) };
            names.push((member.offset, name.to_string_lossy().into_owned()));
        }
        at = t.base();
    }
    names.sort();
    names
}

/// `object.__class__ = value`.
pub fn set_class(ts: &ThreadState, this: &Object, value: Option<&Object>) -> Result<()> {
    let Some(value) = value else {
        return Err(ts.raise_str(&TYPE_ERROR, "can't delete __class__ attribute"));
    };
    let Some(new) = value.downcast::<Type>() else {
        let name = value.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("__class__ must be set to a class, not '{name}' object")));
    };
    let old = this.ty();
    let module = &crate::types::module::PyModule_Type;
    let both_modules = new.is_subtype_of(module) && old.is_subtype_of(module);
    let fixed = |t: &Type| t.has(Py_TPFLAGS_IMMUTABLETYPE);
    if !both_modules && (fixed(new) || fixed(old)) {
        return Err(
            ts.raise_str(&TYPE_ERROR, "__class__ assignment only supported for mutable types or ModuleType subclasses")
        );
    }
    check_compatible(ts, new, old, "__class__")?;
    if new.has(Py_TPFLAGS_HEAPTYPE) {
        new.as_object().incref();
    }
    let owned = old.has(Py_TPFLAGS_HEAPTYPE);
    let old: *const Type = this.ob_type.replace(new);
    if owned {
        // SAFETY: the instance's reference to its former type.
        unsafe { (*old).as_object().decref() };
    }
    Ok(())
}

/// `object.__class__`.
pub fn get_class(_ts: &ThreadState, this: &Object) -> Result {
    Ok(Owned::new(this.ty().as_object()))
}
