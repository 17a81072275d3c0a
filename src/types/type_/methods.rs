//! `type`'s methods and computed attributes.

use core::mem::offset_of;

use super::{PyType_Type, attributes, bases, subclasses};
use crate::ffi::*;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::protocol::args::Args;
use crate::protocol::object as protocol;
use crate::runtime::ThreadState;
use crate::types::descr::{doc, proxy};
use crate::types::exceptions::{ATTRIBUTE_ERROR, TYPE_ERROR};
use crate::types::{Dict, Str, Tuple, identifiers as id, method, singletons, slot};

pub(super) static MEMBERS: [PyMemberDef; 7] = [
    slot::member(c"__basicsize__", Py_T_PYSSIZET, offset_of!(PyTypeObject, tp_basicsize), Py_READONLY),
    slot::member(c"__itemsize__", Py_T_PYSSIZET, offset_of!(PyTypeObject, tp_itemsize), Py_READONLY),
    slot::member(c"__flags__", Py_T_ULONG, offset_of!(PyTypeObject, tp_flags), Py_READONLY),
    slot::member(c"__weakrefoffset__", Py_T_PYSSIZET, offset_of!(PyTypeObject, tp_weaklistoffset), Py_READONLY),
    slot::member(c"__base__", _Py_T_OBJECT, offset_of!(PyTypeObject, tp_base), Py_READONLY),
    slot::member(c"__dictoffset__", Py_T_PYSSIZET, offset_of!(PyTypeObject, tp_dictoffset), Py_READONLY),
    slot::MEMBERS_END,
];

pub(super) static GETSET: [PyGetSetDef; 13] = [
    slot::getset(c"__name__", attributes::name, set_name, c"The type's name."),
    slot::getset(c"__qualname__", attributes::qualname, set_qualname, c"The type's name, with what it stands in."),
    slot::getset(c"__bases__", get_bases, bases::set_bases, c"The direct bases."),
    slot::getter(c"__mro__", get_mro, c"The method resolution order."),
    slot::getset(c"__module__", attributes::module, set_module, c"The module that defines the type."),
    slot::getset(c"__abstractmethods__", get_abstract, set_abstract, c"The names of abstract methods."),
    slot::getter(c"__dict__", get_dict, c"The type's namespace, read-only."),
    slot::getset(c"__doc__", get_doc, set_doc, c"The type's docstring."),
    slot::getter(c"__text_signature__", get_text_signature, c"The signature of the constructor."),
    slot::getset(c"__annotations__", get_annotations, set_annotations, c"The annotations."),
    slot::getset(c"__annotate__", get_annotate, set_annotate, c"The function that makes the annotations."),
    slot::getset(c"__type_params__", get_type_params, set_type_params, c"The type parameters."),
    slot::GETSET_END,
];

pub(super) static METHODS: [PyMethodDef; 8] = [
    method::noargs(c"mro", mro, c"mro($self, /)\n--\n\nWorks out the method resolution order."),
    method::noargs(c"__subclasses__", subclasses_list, c"__subclasses__($self, /)\n--\n\nThe direct subclasses."),
    method::class(method::keywords(
        c"__prepare__",
        prepare,
        c"__prepare__($cls, name, bases, /, **kwds)\n--\n\nMakes the namespace of a class statement.",
    )),
    method::one(
        c"__instancecheck__",
        instance_check,
        c"__instancecheck__($self, instance, /)\n--\n\nWhether the object is an instance.",
    ),
    method::one(
        c"__subclasscheck__",
        subclass_check,
        c"__subclasscheck__($self, subclass, /)\n--\n\nWhether the class derives from this one.",
    ),
    method::noargs(c"__dir__", dir, c"__dir__($self, /)\n--\n\nThe names of the attributes."),
    method::noargs(c"__sizeof__", sizeof, c"__sizeof__($self, /)\n--\n\nThe type's size in memory, in bytes."),
    slot::METHODS_END,
];

/// `cannot set '__name__' attribute of immutable type 'int'`, or the same of deleting.
fn check_settable<'a>(ts: &ThreadState, ty: &Type, name: &str, value: Option<&'a Object>) -> Result<&'a Object> {
    let type_name = ty.full_name();
    if ty.has(Py_TPFLAGS_IMMUTABLETYPE) || !ty.has(Py_TPFLAGS_HEAPTYPE) {
        return Err(
            ts.raise(&TYPE_ERROR, format_args!("cannot set '{name}' attribute of immutable type '{type_name}'"))
        );
    }
    value.ok_or_else(|| ts.raise(&TYPE_ERROR, format_args!("cannot delete '{name}' attribute of type '{type_name}'")))
}

fn str_value<'a>(ts: &ThreadState, ty: &Type, name: &str, value: &'a Object) -> Result<&'a Str> {
    value.downcast::<Str>().ok_or_else(|| {
        let (ty, other) = (ty.full_name(), value.ty().full_name());
        ts.raise(&TYPE_ERROR, format_args!("can only assign string to {ty}.{name}, not '{other}'"))
    })
}

fn set_name(ts: &ThreadState, ty: &Type, value: Option<&Object>) -> Result<()> {
    let value = check_settable(ts, ty, "__name__", value)?;
    let text = str_value(ts, ty, "__name__", value)?;
    crate::types::str::codecs::refuse_surrogates(ts, text)?;
    let text = text.to_string();
    if text.contains('\0') {
        return Err(ts.raise_str(&crate::types::exceptions::VALUE_ERROR, "type name must not contain null characters"));
    }
    super::new::set_c_name(ts, ty, &text)?;
    if let Some(heap) = ty.as_heap() {
        heap.ht_name.store(Some(Owned::new(value)));
    }
    Ok(())
}

fn set_qualname(ts: &ThreadState, ty: &Type, value: Option<&Object>) -> Result<()> {
    let value = check_settable(ts, ty, "__qualname__", value)?;
    str_value(ts, ty, "__qualname__", value)?;
    if let Some(heap) = ty.as_heap() {
        heap.ht_qualname.store(Some(Owned::new(value)));
    }
    Ok(())
}

/// Puts an entry into the namespace.
fn set_entry(ts: &ThreadState, ty: &Type, name: &Str, value: &Object) -> Result<()> {
    if let Some(dict) = ty.own_dict() {
        let old = dict.get_name(name).map(Owned::new);
        dict.set_name(ts, name, value)?;
        ty.modified(ts);
        drop(old);
    }
    Ok(())
}

fn remove_entry(ts: &ThreadState, ty: &Type, name: &Str) -> Result<Option<Owned<Object>>> {
    let removed = match ty.own_dict() {
        Some(dict) => dict.remove(ts, name)?,
        None => None,
    };
    ty.modified(ts);
    Ok(removed)
}

fn set_module(ts: &ThreadState, ty: &Type, value: Option<&Object>) -> Result<()> {
    let value = check_settable(ts, ty, "__module__", value)?;
    drop(remove_entry(ts, ty, &id::__firstlineno__)?);
    set_entry(ts, ty, &id::__module__, value)
}

fn get_bases(_ts: &ThreadState, ty: &Type) -> Result {
    Ok(ty.tp_bases.load().unwrap_or_else(singletons::none))
}

fn get_mro(_ts: &ThreadState, ty: &Type) -> Result {
    Ok(ty.tp_mro.load().unwrap_or_else(singletons::none))
}

fn missing(ts: &ThreadState, name: &Str) -> crate::object::Raised {
    ts.raise_value(&ATTRIBUTE_ERROR, Owned::new(name).upcast())
}

fn get_abstract(ts: &ThreadState, ty: &Type) -> Result {
    // `type` itself has this very descriptor in its dict.
    let found = if core::ptr::eq(ty, &PyType_Type) { None } else { attributes::own(ty, &id::__abstractmethods__) };
    found.ok_or_else(|| missing(ts, &id::__abstractmethods__))
}

fn set_abstract(ts: &ThreadState, ty: &Type, value: Option<&Object>) -> Result<()> {
    let is_abstract = match value {
        Some(value) => {
            let truth = protocol::is_true(ts, value)?;
            attributes::check_mutable(ts, ty, &id::__abstractmethods__)?;
            set_entry(ts, ty, &id::__abstractmethods__, value)?;
            truth
        }
        None => {
            attributes::check_mutable(ts, ty, &id::__abstractmethods__)?;
            remove_entry(ts, ty, &id::__abstractmethods__)?.ok_or_else(|| missing(ts, &id::__abstractmethods__))?;
            false
        }
    };
    let flags = ty.tp_flags.get() & !Py_TPFLAGS_IS_ABSTRACT;
    ty.tp_flags.set(if is_abstract { flags | Py_TPFLAGS_IS_ABSTRACT } else { flags });
    Ok(())
}

fn get_dict(ts: &ThreadState, ty: &Type) -> Result {
    match ty.own_dict() {
        Some(dict) => Ok(proxy::new_proxy(ts, dict)?.upcast()),
        None => Ok(singletons::none()),
    }
}

fn get_doc(ts: &ThreadState, ty: &Type) -> Result {
    if !ty.has(Py_TPFLAGS_HEAPTYPE) && !ty.tp_doc.get().is_null() {
        // SAFETY: a type's doc is NUL-terminated.
        let text = unsafe { doc::c_doc(ty.tp_doc.get()) };
        return doc::doc_of(ts, ty.short_name().as_bytes(), text);
    }
    let Some(found) = attributes::own(ty, &id::__doc__) else { return Ok(singletons::none()) };
    match found.ty().tp_descr_get.get() {
        None => Ok(found),
        Some(get) => {
            // SAFETY: the descriptor's own function: no instance, the type as the owner.
            ts.check_result(None, unsafe { get(found.as_ptr(), core::ptr::null_mut(), ty.as_object().as_ptr()) })
        }
    }
}

fn set_doc(ts: &ThreadState, ty: &Type, value: Option<&Object>) -> Result<()> {
    let value = check_settable(ts, ty, "__doc__", value)?;
    set_entry(ts, ty, &id::__doc__, value)
}

fn get_text_signature(ts: &ThreadState, ty: &Type) -> Result {
    // SAFETY: a type's doc is NUL-terminated or NULL.
    let text = unsafe { doc::c_doc(ty.tp_doc.get()) };
    doc::text_signature_of(ts, ty.short_name().as_bytes(), text)
}

fn no_attribute(ts: &ThreadState, ty: &Type, name: &str) -> crate::object::Raised {
    let ty = ty.full_name();
    ts.raise(&ATTRIBUTE_ERROR, format_args!("type object '{ty}' has no attribute '{name}'"))
}

fn get_annotations(ts: &ThreadState, ty: &Type) -> Result {
    if !ty.has(Py_TPFLAGS_HEAPTYPE) {
        return Err(no_attribute(ts, ty, "__annotations__"));
    }
    if let Some(found) = attributes::own(ty, &id::__annotations__) {
        return Ok(found);
    }
    let cached = Str::interned(ts, "__annotations_cache__")?;
    if let Some(found) = attributes::own(ty, &cached) {
        return Ok(found);
    }
    let made = Dict::new(ts)?.upcast();
    set_entry(ts, ty, &cached, &made)?;
    Ok(made)
}

fn set_annotations(ts: &ThreadState, ty: &Type, value: Option<&Object>) -> Result<()> {
    attributes::check_mutable(ts, ty, &id::__annotations__)?;
    let cached = Str::interned(ts, "__annotations_cache__")?;
    let Some(value) = value else {
        let first = remove_entry(ts, ty, &id::__annotations__)?;
        let second = remove_entry(ts, ty, &cached)?;
        return match first.or(second) {
            Some(_) => Ok(()),
            None => Err(missing(ts, &id::__annotations__)),
        };
    };
    let name: &Str = if attributes::own(ty, &id::__annotations__).is_some() { &id::__annotations__ } else { &cached };
    set_entry(ts, ty, name, value)
}

fn get_annotate(ts: &ThreadState, ty: &Type) -> Result {
    if !ty.has(Py_TPFLAGS_HEAPTYPE) {
        return Err(no_attribute(ts, ty, "__annotate__"));
    }
    Ok(attributes::own(ty, &id::__annotate__).unwrap_or_else(singletons::none))
}

fn set_annotate(ts: &ThreadState, ty: &Type, value: Option<&Object>) -> Result<()> {
    let Some(value) = value else {
        return Err(ts.raise_str(&TYPE_ERROR, "cannot delete __annotate__ attribute"));
    };
    attributes::check_mutable(ts, ty, &id::__annotate__)?;
    let callable = value.ty().tp_call.get().is_some();
    if !callable && !singletons::is_none(value) {
        return Err(ts.raise_str(&TYPE_ERROR, "__annotate__ must be callable or None"));
    }
    set_entry(ts, ty, &id::__annotate__, value)
}

fn get_type_params(_ts: &ThreadState, ty: &Type) -> Result {
    let found = if core::ptr::eq(ty, &PyType_Type) { None } else { attributes::own(ty, &id::__type_params__) };
    Ok(found.unwrap_or_else(|| Tuple::empty().upcast()))
}

fn set_type_params(ts: &ThreadState, ty: &Type, value: Option<&Object>) -> Result<()> {
    let value = check_settable(ts, ty, "__type_params__", value)?;
    set_entry(ts, ty, &id::__type_params__, value)
}

fn mro(ts: &ThreadState, ty: &Type) -> Result {
    let order = super::mro::c3(ts, ty)?;
    crate::types::list::List::new(ts, order.as_slice()).map(Owned::upcast)
}

fn subclasses_list(ts: &ThreadState, ty: &Type) -> Result {
    let all: Vec<&Object> = subclasses::all(ts, ty).into_iter().map(|t| t.as_object()).collect();
    crate::types::list::List::new(ts, &all).map(Owned::upcast)
}

fn prepare(ts: &ThreadState, _ty: &Type, _args: Args<'_>) -> Result {
    Ok(Dict::new(ts)?.upcast())
}

fn instance_check(ts: &ThreadState, ty: &Type, object: &Object) -> Result<bool> {
    real_is_instance(ts, object, ty)
}

/// An instance by its type, or by what its `__class__` says.
pub fn real_is_instance(ts: &ThreadState, object: &Object, ty: &Type) -> Result<bool> {
    if object.ty().is_subtype_of(ty) {
        return Ok(true);
    }
    let Some(class) = protocol::find_attr(ts, object, &id::__class__)? else { return Ok(false) };
    Ok(class.downcast::<Type>().is_some_and(|c| !core::ptr::eq(c, object.ty()) && c.is_subtype_of(ty)))
}

fn subclass_check(ts: &ThreadState, ty: &Type, class: &Object) -> Result<bool> {
    match class.downcast::<Type>() {
        Some(class) => Ok(class.is_subtype_of(ty)),
        None if bases_of(ts, class)?.is_some() => abstract_subclass(ts, class, ty),
        None => Err(ts.raise_str(&TYPE_ERROR, "issubclass() arg 1 must be a class")),
    }
}

/// `__bases__` of what is not a type, if it is a tuple.
pub fn bases_of(ts: &ThreadState, class: &Object) -> Result<Option<Owned<Tuple>>> {
    let found = protocol::find_attr(ts, class, &id::__bases__)?;
    Ok(found.and_then(|b| b.downcast_owned::<Tuple>().ok()))
}

/// Whether `class`, by its `__bases__`, derives from `wanted`.
pub fn abstract_subclass(ts: &ThreadState, class: &Object, wanted: &Object) -> Result<bool> {
    ts.check_recursion(" in __issubclass__")?;
    if class.is(wanted) {
        return Ok(true);
    }
    let Some(bases) = bases_of(ts, class)? else { return Ok(false) };
    for base in bases.as_slice() {
        if abstract_subclass(ts, base, wanted)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The namespaces of the type and of all its bases, merged.
fn dir(ts: &ThreadState, ty: &Type) -> Result {
    let names = Dict::new(ts)?;
    merge_names(ts, &names, ty)?;
    keys(ts, &names)
}

pub fn keys(ts: &ThreadState, dict: &Dict) -> Result {
    let keys: Vec<Owned<Object>> = dict.items_vec().into_iter().map(|(key, _)| key).collect();
    let keys: Vec<&Object> = keys.iter().map(|k| &**k).collect();
    crate::types::list::List::new(ts, &keys).map(Owned::upcast)
}

/// Adds the names that a class and its bases have.
pub fn merge_names(ts: &ThreadState, names: &Dict, ty: &Type) -> Result<()> {
    for t in ty.mro_types() {
        for (key, value) in t.own_dict().map(Dict::items_vec).unwrap_or_default() {
            names.set(ts, &key, &value)?;
        }
    }
    Ok(())
}

fn sizeof(_ts: &ThreadState, ty: &Type) -> Result<isize> {
    let heap = ty.has(Py_TPFLAGS_HEAPTYPE);
    Ok(if heap { size_of::<PyHeapTypeObject>() } else { size_of::<PyTypeObject>() } as isize)
}
