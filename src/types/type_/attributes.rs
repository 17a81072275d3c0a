//! Attributes of types: reading, assigning, names.

use super::{PyType_Type, dispatch};
use crate::ffi::*;
use crate::object::{Object, Owned, Raised, Result, Type};
use crate::protocol::object as protocol;
use crate::runtime::ThreadState;
use crate::types::exceptions::{ATTRIBUTE_ERROR, TYPE_ERROR};
use crate::types::{Dict, Str, identifiers as id};

/// `tp_getattro` of types: a data descriptor of the metatype, then the type's own MRO, then what else the
/// metatype has.
pub fn getattro(ts: &ThreadState, ty: &Type, name: &Object) -> Result {
    let Some(name) = name.downcast::<Str>() else {
        let other = name.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("attribute name must be string, not '{other}'")));
    };
    let meta = ty.as_object().ty();
    let from_meta = meta.lookup(ts, name).map(Owned::new);
    if let Some(found) = &from_meta
        && found.ty().tp_descr_set.get().is_some()
        && found.ty().tp_descr_get.get().is_some()
    {
        return protocol::bind(ts, found, ty.as_object());
    }
    if let Some(found) = ty.lookup(ts, name).map(Owned::new) {
        let Some(get) = found.ty().tp_descr_get.get() else { return Ok(found) };
        // SAFETY: the descriptor's own function: no instance, the type as the owner.
        return ts.check_result(None, unsafe { get(found.as_ptr(), core::ptr::null_mut(), ty.as_object().as_ptr()) });
    }
    match from_meta {
        Some(found) => protocol::bind(ts, &found, ty.as_object()),
        None => Err(no_attribute(ts, ty, name)),
    }
}

#[cold]
fn no_attribute(ts: &ThreadState, ty: &Type, name: &Str) -> Raised {
    let ty = ty.full_name();
    ts.raise(&ATTRIBUTE_ERROR, format_args!("type object '{ty}' has no attribute '{name}'"))
}

/// Refuses to change what others share.
pub fn check_mutable(ts: &ThreadState, ty: &Type, name: &Str) -> Result<()> {
    if !ty.has(Py_TPFLAGS_IMMUTABLETYPE) {
        return Ok(());
    }
    let name = protocol::repr(ts, name)?;
    let ty = ty.full_name();
    Err(ts.raise(&TYPE_ERROR, format_args!("cannot set {name} attribute of immutable type '{ty}'")))
}

/// `tp_setattro` of types. Assigning a special method changes the slots, of subclasses as well.
pub fn setattro(ts: &ThreadState, ty: &Type, name: &Object, value: Option<&Object>) -> Result<()> {
    let Some(name) = name.downcast::<Str>() else {
        let other = name.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("attribute name must be string, not '{other}'")));
    };
    check_mutable(ts, ty, name)?;
    let found = ty.as_object().ty().lookup(ts, name).map(Owned::new);
    if let Some((descriptor, set)) = found.as_ref().and_then(|d| d.ty().tp_descr_set.get().map(|s| (d, s))) {
        let raw = value.map_or(core::ptr::null_mut(), |v| v.as_ptr());
        // SAFETY: the descriptor's own function.
        return match unsafe { set(descriptor.as_ptr(), ty.as_object().as_ptr(), raw) } {
            0 => Ok(()),
            _ => Err(Raised::already()),
        };
    }
    let name = Str::intern(ts, Owned::new(name))?;
    let Some(dict) = ty.own_dict() else { return Err(no_attribute(ts, ty, &name)) };
    let old = match value {
        Some(value) => {
            let old = dict.get_name(&name).map(Owned::new);
            dict.set(ts, &name, value)?;
            old
        }
        None => match dict.remove(ts, &name)? {
            Some(old) => Some(old),
            None => return Err(no_attribute(ts, ty, &name)),
        },
    };
    ty.modified(ts);
    let result = if is_special(&name) { dispatch::update(ts, ty, &name) } else { Ok(()) };
    // What goes may run foreign code: only now that no cache leads to it.
    drop(old);
    result
}

fn is_special(name: &Str) -> bool {
    name.as_ascii().is_some_and(|n| n.len() > 4 && n.starts_with("__") && n.ends_with("__"))
}

/// A type's own entry, or a new reference to it.
pub fn own(ty: &Type, name: &Str) -> Option<Owned<Object>> {
    ty.own_dict().and_then(|d: &Dict| d.get_name(name)).map(Owned::new)
}

/// `__name__`.
pub fn name(ts: &ThreadState, ty: &Type) -> Result<Owned<Str>> {
    match ty.as_heap() {
        // SAFETY: a heap type's name is a str.
        Some(heap) => Ok(unsafe { load(&heap.ht_name).cast_owned() }),
        None => Str::interned(ts, ty.short_name()),
    }
}

/// A field that a heap type always fills.
fn load(field: &core::cell::Cell<*mut PyObject>) -> Owned<Object> {
    crate::object::ObjectCell::load(field).unwrap_or_else(crate::types::singletons::none)
}

/// `__qualname__`.
pub fn qualname(ts: &ThreadState, ty: &Type) -> Result<Owned<Str>> {
    match ty.as_heap() {
        // SAFETY: a heap type's qualified name is a str.
        Some(heap) => Ok(unsafe { load(&heap.ht_qualname).cast_owned() }),
        None => Str::interned(ts, ty.short_name()),
    }
}

/// `__module__`: of a static type the part of its name before the last dot.
pub fn module(ts: &ThreadState, ty: &Type) -> Result {
    if ty.has(Py_TPFLAGS_HEAPTYPE) {
        return match own(ty, &id::__module__) {
            Some(module) => Ok(module),
            None => Err(ts.raise_value(&ATTRIBUTE_ERROR, Owned::immortal(&id::__module__ as &Str).upcast())),
        };
    }
    let module = ty.full_name().rsplit_once('.').map_or("builtins", |(module, _)| module);
    Ok(Str::interned(ts, module)?.upcast())
}

/// The name as messages with `%S` of it show it.
pub fn name_text(ts: &ThreadState, ty: &Type) -> Result<Owned<Str>> {
    match protocol::find_attr(ts, ty.as_object(), &id::__name__)? {
        Some(name) => protocol::str(ts, &name),
        None => protocol::repr(ts, ty.as_object()),
    }
}

/// `module.qualname`, without `builtins`: `PyType_GetFullyQualifiedName`.
pub fn fully_qualified(ts: &ThreadState, ty: &Type) -> Result<Owned<Str>> {
    if !ty.has(Py_TPFLAGS_HEAPTYPE) {
        return Str::new(ts, ty.full_name());
    }
    let qualname = qualname(ts, ty)?;
    match module(ts, ty)?.downcast_owned::<Str>() {
        Ok(module) if !module.equals_text("builtins") && !module.equals_text("__main__") => {
            Str::new(ts, &format!("{module}.{qualname}"))
        }
        _ => Ok(qualname),
    }
}

/// `<class 'module.name'>`.
pub fn repr(ts: &ThreadState, ty: &Type) -> Result<Owned<Str>> {
    let module = match module(ts, ty) {
        Ok(module) => module.downcast_owned::<Str>().ok(),
        Err(raised) => ts.recover(raised, &ATTRIBUTE_ERROR).map(|()| None)?,
    };
    let qualname = qualname(ts, ty)?;
    match module {
        Some(module) if !module.equals_text("builtins") => Str::new(ts, &format!("<class '{module}.{qualname}'>")),
        _ if ty.has(Py_TPFLAGS_HEAPTYPE) => {
            let name = ty.full_name();
            let _ = qualname;
            Str::new(ts, &format!("<class '{name}'>"))
        }
        _ => Str::new(ts, &format!("<class '{}'>", ty.full_name())),
    }
}

/// Whether `ty` is `type` itself or a metaclass.
pub fn is_metatype(ty: &Type) -> bool {
    ty.is_subtype_of(&PyType_Type)
}
