//! `object`: the root of all types, and the slots that all inherit.

use core::cell::Cell;
use core::ffi::c_void;

use super::type_::{attributes, bases};
use super::{Dict, Int, STATIC_FLAGS, STATIC_TYPE, Str, Tuple, entries, identifiers, method, slot};
use crate::ffi::*;
use crate::object::alloc::GC_HEAD;
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::args::as_c_int;
use crate::protocol::compare::CompareOp;
use crate::runtime::{ThreadState, boundary};
use crate::types::exceptions::{ATTRIBUTE_ERROR, TYPE_ERROR};
use crate::types::hash::hash_pointer;
use crate::types::type_::instance::note_field;

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyBaseObject_Type: Type = Type {
    tp_name: c"object".as_ptr(),
    tp_basicsize: size_of::<Object>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_BASETYPE),
    tp_base: Cell::new(core::ptr::null_mut()),
    tp_doc: Cell::new(
        c"object()\n--\n\nWhat every class derives from.\n\nCalled without arguments it gives a new object that has no\nattributes of its own and can be given none.\n".as_ptr(),
    ),
    tp_dealloc: Cell::new(Some(dealloc)),
    tp_new: slot::new(new_of),
    tp_methods: entries(&METHODS),
    tp_getset: entries(&GETSET),
    ..STATIC_TYPE
};

static METHODS: [PyMethodDef; 9] = [
    method::one(c"__reduce_ex__", reduce_ex, c"__reduce_ex__($self, protocol, /)\n--\n\nWhat pickle needs."),
    method::noargs(c"__reduce__", reduce, c"__reduce__($self, /)\n--\n\nWhat pickle needs."),
    method::noargs(c"__getstate__", getstate, c"__getstate__($self, /)\n--\n\nThe state that pickle keeps."),
    method::class(method::one(
        c"__subclasshook__",
        subclass_hook,
        c"__subclasshook__($type, object, /)\n--\n\nFor abstract classes, to say what counts as a subclass.",
    )),
    method::class_noargs(
        c"__init_subclass__",
        init_subclass,
        c"__init_subclass__($type, /)\n--\n\nRuns for each new subclass.",
    ),
    method::one(c"__format__", format_of, c"__format__($self, format_spec, /)\n--\n\nThe object as text."),
    method::noargs(c"__sizeof__", sizeof, c"__sizeof__($self, /)\n--\n\nThe object's size in memory, in bytes."),
    method::noargs(c"__dir__", dir, c"__dir__($self, /)\n--\n\nThe names of the attributes."),
    slot::METHODS_END,
];

static GETSET: [PyGetSetDef; 2] =
    [slot::getset(c"__class__", bases::get_class, bases::set_class, c"The object's class."), slot::GETSET_END];

/// `tp_dealloc` of what has no fields.
unsafe extern "C" fn dealloc(object: *mut PyObject) {
    // SAFETY: the protocol: a dead instance, whose type says how to free it.
    unsafe {
        let ty = (*object).ty();
        if ty.is_gc() {
            crate::object::alloc::gc_untrack(&*object);
        }
        match ty.tp_free.get() {
            Some(free) => free(object.cast()),
            None => generic_free(object.cast()),
        }
    }
}

fn is_own_new(ty: &Type) -> bool {
    match (ty.tp_new.get(), PyBaseObject_Type.tp_new.get()) {
        (Some(a), Some(b)) => core::ptr::fn_addr_eq(a, b),
        _ => false,
    }
}

fn is_own_init(ty: &Type) -> bool {
    match (ty.tp_init.get(), PyBaseObject_Type.tp_init.get()) {
        (Some(a), Some(b)) => core::ptr::fn_addr_eq(a, b),
        _ => false,
    }
}

fn has_arguments(args: &Tuple, kwargs: Option<&Dict>) -> bool {
    !args.is_empty() || kwargs.is_some_and(|k| !k.is_empty())
}

/// `object.__new__`. Arguments are an error unless another method of the class takes them.
fn new_of(ts: &ThreadState, ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
    if has_arguments(args, kwargs) {
        if !is_own_new(ty) {
            return Err(
                ts.raise_str(&TYPE_ERROR, "object.__new__() takes exactly one argument (the type to instantiate)")
            );
        }
        if is_own_init(ty) {
            let name = ty.full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("{name}() takes no arguments")));
        }
    }
    if ty.has(Py_TPFLAGS_IS_ABSTRACT) {
        return Err(abstract_error(ts, ty));
    }
    match ty.tp_alloc.get() {
        // SAFETY: the type's own function.
        Some(alloc) => ts.check_result(None, unsafe { alloc(super::type_::call::type_ptr(ty), 0) }),
        None => ts.alloc_instance(ty, 0),
    }
}

/// Names the methods that keep the class abstract.
#[cold]
fn abstract_error(ts: &ThreadState, ty: &Type) -> crate::object::Raised {
    let names = (|| -> Result<Vec<String>> {
        let set = crate::protocol::object::getattr(ts, ty.as_object(), &identifiers::__abstractmethods__)?;
        let names = crate::protocol::sequence::collect(ts, &set)?;
        let mut texts = Vec::new();
        for name in &names {
            texts.push(crate::protocol::object::str(ts, name)?.to_string());
        }
        texts.sort();
        Ok(texts)
    })();
    let names = match names {
        Ok(names) => names,
        Err(raised) => return raised,
    };
    let s = if names.len() > 1 { "s" } else { "" };
    let class = ty.full_name();
    let names = names.join("', '");
    ts.raise(
        &TYPE_ERROR,
        format_args!(
            "Can't instantiate abstract class {class} without an implementation for abstract method{s} '{names}'"
        ),
    )
}

/// `object.__init__`.
pub fn init_of(ts: &ThreadState, this: &Object, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    if !has_arguments(args, kwargs) {
        return Ok(());
    }
    let ty = this.ty();
    if !is_own_init(ty) {
        return Err(
            ts.raise_str(&TYPE_ERROR, "object.__init__() takes exactly one argument (the instance to initialize)")
        );
    }
    if is_own_new(ty) {
        let name = ty.full_name();
        return Err(ts.raise(
            &TYPE_ERROR,
            format_args!("{name}.__init__() takes exactly one argument (the instance to initialize)"),
        ));
    }
    Ok(())
}

/// `object.__reduce__` leads to the module `copyreg`, which is written in Python.
fn reduce(ts: &ThreadState, _this: &Object) -> Result {
    Err(ts.raise_str(&crate::types::exceptions::MODULE_NOT_FOUND_ERROR, "No module named 'copyreg'"))
}

/// A class's own `__reduce__` comes first.
fn reduce_ex(ts: &ThreadState, this: &Object, protocol: &Object) -> Result {
    as_c_int(ts, protocol)?;
    let name = &identifiers::__reduce__;
    let own = this.ty().lookup(ts, name).map(Owned::new);
    let root = PyBaseObject_Type.lookup(ts, name);
    match own.filter(|o| root.is_none_or(|r| !r.is(o))) {
        Some(own) => {
            let bound = crate::protocol::object::bind(ts, &own, this)?;
            crate::protocol::call::call(ts, &bound, &[])
        }
        None => reduce(ts, this),
    }
}

/// The instance's dict; with slots a pair of it and a dict of those.
fn getstate(ts: &ThreadState, this: &Object) -> Result {
    let dict = match dict_cell(this) {
        Some(cell) => crate::object::ObjectCell::load(cell),
        None => None,
    };
    let slots = Dict::new(ts)?;
    for t in this.ty().mro_types() {
        for member in super::type_::instance::own_members(t) {
            // SAFETY: a member's name is NUL-terminated.
            let name = unsafe { super::descr::c_text(ts, member.name)? };
            let name = Str::interned(ts, name)?;
            if let Some(value) = crate::protocol::object::find_attr(ts, this, &name)? {
                slots.set(ts, &name, &value)?;
            }
        }
    }
    let state = dict.unwrap_or_else(super::singletons::none);
    if slots.is_empty() {
        return Ok(state);
    }
    Ok(Tuple::new(ts, &[&state, &slots])?.upcast())
}

fn subclass_hook(_ts: &ThreadState, _ty: &Type, _class: &Object) -> Result {
    Ok(super::singletons::not_implemented())
}

fn init_subclass(_ts: &ThreadState, _ty: &Type) -> Result<()> {
    Ok(())
}

fn format_of(ts: &ThreadState, this: &Object, spec: &Object) -> Result<Owned<Str>> {
    let Some(spec) = spec.downcast::<Str>() else {
        let name = spec.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("__format__() argument must be str, not {name}")));
    };
    if !spec.is_empty() {
        let name = this.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("unsupported format string passed to {name}.__format__")));
    }
    crate::protocol::object::str(ts, this)
}

fn sizeof(_ts: &ThreadState, this: &Object) -> Result<isize> {
    let ty = this.ty();
    // SAFETY: instances of a type with items have their number behind the header. An int, whose number says more than
    // that, has a method of its own.
    let items = if ty.tp_itemsize > 0 { unsafe { (*this.as_ptr().cast::<PyVarObject>()).ob_size.get() } } else { 0 };
    Ok(ty.tp_basicsize + items * ty.tp_itemsize)
}

/// The instance's own names, and those of its class.
fn dir(ts: &ThreadState, this: &Object) -> Result {
    let names = Dict::new(ts)?;
    if let Some(dict) = crate::protocol::object::find_attr(ts, this, &identifiers::__dict__)?
        && let Some(dict) = dict.downcast::<Dict>()
    {
        for (key, value) in dict.items_vec() {
            names.set(ts, &key, &value)?;
        }
    }
    if let Some(class) = crate::protocol::object::find_attr(ts, this, &identifiers::__class__)?
        && let Some(class) = class.downcast::<Type>()
    {
        super::type_::methods::merge_names(ts, &names, class)?;
    }
    super::type_::methods::keys(ts, &names)
}

/// `<module.name object at 0x…>`, without `builtins`.
pub fn repr_of(ts: &ThreadState, this: &Object) -> Result<Owned<Str>> {
    let (ty, at) = (this.ty(), this.as_ptr());
    let module = match attributes::module(ts, ty) {
        Ok(module) => module.downcast_owned::<Str>().ok(),
        Err(raised) => ts.recover(raised, &ATTRIBUTE_ERROR).map(|()| None)?,
    };
    match module.filter(|module| !module.equals_text("builtins")) {
        Some(module) => Str::new(ts, &format!("<{module}.{} object at {at:p}>", attributes::qualname(ts, ty)?)),
        None => Str::new(ts, &format!("<{} object at {at:p}>", ty.full_name())),
    }
}

/// `str(x)` is `repr(x)` unless the type says otherwise.
pub fn str_of(ts: &ThreadState, this: &Object) -> Result<Owned<Str>> {
    crate::protocol::object::repr(ts, this)
}

/// By address.
pub fn hash_of(_ts: &ThreadState, this: &Object) -> Result<isize> {
    Ok(hash_pointer(this))
}

/// Identity; `!=` is the inverse of what `==` says.
pub fn richcompare_of(ts: &ThreadState, this: &Object, other: &Object, op: CompareOp) -> Result {
    match op {
        CompareOp::Eq if this.is(other) => Ok(super::bool::from_bool(true)),
        CompareOp::Ne => {
            let Some(compare) = this.ty().tp_richcompare.get() else { return Ok(super::singletons::not_implemented()) };
            // SAFETY: the type's own function for its instance.
            let equal = unsafe { compare(this.as_ptr(), other.as_ptr(), Py_EQ) };
            let equal = ts.check_result(None, equal)?;
            if super::singletons::is_not_implemented(&equal) {
                return Ok(equal);
            }
            Ok(super::bool::from_bool(!crate::protocol::object::is_true(ts, &equal)?))
        }
        _ => Ok(super::singletons::not_implemented()),
    }
}

/// `tp_alloc` of all types that have none of their own.
///
/// # Safety
/// A live type.
pub unsafe extern "C" fn generic_alloc(ty: *mut Type, items: isize) -> *mut PyObject {
    // SAFETY: the caller's promise.
    boundary(|ts| ts.alloc_instance(unsafe { &*ty }, items))
}

// The default slots that C may compare with, and finds by these names.
unsafe extern "C" {
    pub fn PyObject_GenericGetAttr(object: *mut PyObject, name: *mut PyObject) -> *mut PyObject;
    pub fn PyObject_GenericSetAttr(
        object: *mut PyObject,
        name: *mut PyObject,
        value: *mut PyObject,
    ) -> core::ffi::c_int;
    pub fn PyType_GenericAlloc(ty: *mut Type, items: isize) -> *mut PyObject;
    fn PyObject_Free(block: *mut c_void);
    fn PyObject_GC_Del(object: *mut c_void);
}

/// `tp_free` of a type that has none of its own, with or without the collector's header.
pub fn free_of(is_gc: bool) -> freefunc {
    if is_gc { PyObject_GC_Del } else { PyObject_Free }
}

/// Whether a `tp_free` is one of the runtime's own, which free alike.
pub fn is_usual_free(f: freefunc) -> bool {
    [generic_free as freefunc, PyObject_Free, PyObject_GC_Del].into_iter().any(|own| core::ptr::fn_addr_eq(own, f))
}

/// `tp_free` of all types: the collector's header goes with the object. Its type still tells whether there
/// is one.
///
/// # Safety
/// A dead instance, untracked.
pub unsafe extern "C" fn generic_free(object: *mut c_void) {
    let ts = ThreadState::current();
    // SAFETY: the object's memory is intact, and its type alive.
    unsafe {
        let is_gc = (*object.cast::<PyObject>()).ty().is_gc();
        ts.free(if is_gc { object.cast::<u8>().sub(GC_HEAD) } else { object.cast() });
    }
}

/// `PyObject_GenericGetAttr`.
pub fn generic_getattr(ts: &ThreadState, this: &Object, name: &Object) -> Result {
    match name.downcast::<Str>() {
        Some(name) => attribute(ts, this, name),
        None => Err(attribute_name_type(ts, name)),
    }
}

/// Whether a `tp_getattro` is [`generic_getattr`].
#[inline(always)]
pub fn is_generic_getattr(function: getattrofunc) -> bool {
    core::ptr::fn_addr_eq(function, PyObject_GenericGetAttr as getattrofunc)
}

/// An instance's attribute: a data descriptor of the type, then the instance's dict, then what else the type has.
pub fn attribute(ts: &ThreadState, this: &Object, name: &Str) -> Result {
    let found = this.ty().lookup(ts, name);
    if let Some(descriptor) = found {
        let dty = descriptor.ty();
        if dty.tp_descr_set.get().is_some() && dty.tp_descr_get.get().is_some() {
            return bind_descriptor(ts, descriptor, this);
        }
    }
    if let Some(dict) = dict_of(this) {
        // Names are found without foreign code, so nothing is lost meanwhile, and nothing needs to be held.
        if !dict.has_only_names() || !name.is_exact::<Str>() {
            return getattr_by_equality(ts, this, name, found, dict);
        }
        if let Some(value) = dict.get_name(name) {
            return Ok(Owned::new(value));
        }
    }
    match found {
        Some(value) if value.ty().tp_descr_get.get().is_none() => Ok(Owned::new(value)),
        Some(descriptor) => bind_descriptor(ts, descriptor, this),
        None => getattr_not_found(ts, this, name),
    }
}

/// What was found on the type as the instance's attribute. Held meanwhile; out of the way of what needs no binding.
#[inline(never)]
fn bind_descriptor(ts: &ThreadState, found: &Object, this: &Object) -> Result {
    crate::protocol::object::bind(ts, &Owned::new(found), this)
}

/// The rest of a search in a dict whose keys may compare in their own way: that may change both, so they are held.
#[cold]
#[inline(never)]
fn getattr_by_equality(ts: &ThreadState, this: &Object, name: &Str, found: Option<&Object>, dict: &Dict) -> Result {
    let (found, dict) = (found.map(Owned::new), Owned::new(dict));
    match (dict.get(ts, name)?, found) {
        (Some(value), _) => Ok(value),
        (None, Some(found)) => crate::protocol::object::bind(ts, &found, this),
        (None, None) => Err(crate::protocol::object::no_attribute(ts, this.ty(), name)),
    }
}

/// Neither the type nor an instance's dict has it; a type's namespace may be what has to be made yet.
#[cold]
#[inline(never)]
fn getattr_not_found(ts: &ThreadState, this: &Object, name: &Str) -> Result {
    match dict_of_type(this).and_then(|dict| dict.get_name(name)) {
        Some(value) => Ok(Owned::new(value)),
        None => Err(crate::protocol::object::no_attribute(ts, this.ty(), name)),
    }
}

/// `PyObject_GenericSetAttr`.
pub fn generic_setattr(ts: &ThreadState, this: &Object, name: &Object, value: Option<&Object>) -> Result<()> {
    match name.downcast::<Str>() {
        Some(name) => set_attribute(ts, this, name, value),
        None => Err(attribute_name_type(ts, name)),
    }
}

/// Whether a `tp_setattro` is [`generic_setattr`].
#[inline(always)]
pub fn is_generic_setattr(function: setattrofunc) -> bool {
    core::ptr::fn_addr_eq(function, PyObject_GenericSetAttr as setattrofunc)
}

/// Sets or deletes an instance's attribute: by a data descriptor of the type, else in the instance's dict.
pub fn set_attribute(ts: &ThreadState, this: &Object, name: &Str, value: Option<&Object>) -> Result<()> {
    let ty = this.ty();
    let found = ty.lookup(ts, name);
    if let Some(descriptor) = found
        && let Some(set) = descriptor.ty().tp_descr_set.get()
    {
        let descriptor = Owned::new(descriptor);
        let value = value.map_or(core::ptr::null_mut(), |v| v.as_ptr());
        // SAFETY: the descriptor's own function.
        return match unsafe { set(descriptor.as_ptr(), this.as_ptr(), value) } {
            0 => Ok(()),
            _ => Err(crate::object::Raised::already()),
        };
    }
    let Some(cell) = dict_cell(this) else { return Err(cannot_set(ts, ty, name, found.is_some())) };
    match value {
        Some(value) => {
            // SAFETY: an instance's dict is a dict.
            if let Some(dict) = crate::object::ObjectCell::peek(cell).map(|d| unsafe { d.cast::<Dict>() })
                && dict.replace_name(name, value)
            {
                return Ok(());
            }
            let dict = ensure_instance_dict(ts, this, cell)?;
            let name = Str::intern(ts, Owned::new(name))?;
            dict.set(ts, &name, value)
        }
        None => match crate::object::ObjectCell::load(cell) {
            // SAFETY: an instance's dict is a dict.
            Some(dict) if unsafe { dict.cast::<Dict>() }.remove(ts, name)?.is_some() => Ok(()),
            _ => Err(crate::protocol::object::no_attribute(ts, ty, name)),
        },
    }
}

#[cold]
fn cannot_set(ts: &ThreadState, ty: &Type, name: &Str, read_only: bool) -> crate::object::Raised {
    use crate::types::exceptions::ATTRIBUTE_ERROR;
    let type_name = ty.full_name();
    if read_only {
        return ts.raise(&ATTRIBUTE_ERROR, format_args!("'{type_name}' object attribute '{name}' is read-only"));
    }
    ts.raise(
        &ATTRIBUTE_ERROR,
        format_args!("'{type_name}' object has no attribute '{name}' and no __dict__ for setting new attributes"),
    )
}

#[cold]
fn attribute_name_type(ts: &ThreadState, name: &Object) -> crate::object::Raised {
    let ty = name.ty().full_name();
    ts.raise(&crate::types::exceptions::TYPE_ERROR, format_args!("attribute name must be string, not '{ty}'"))
}

/// Where the instance keeps its dict, if its type gives it one.
pub fn dict_cell(this: &Object) -> Option<&Cell<*mut PyObject>> {
    let ty = this.ty();
    let offset = match ty.tp_dictoffset {
        0 => return None,
        offset if offset > 0 => offset,
        offset => offset_from_end(this, offset)?,
    };
    // SAFETY: the type says that a dict pointer is there.
    Some(unsafe { &*this.as_ptr().byte_offset(offset).cast() })
}

/// The offset in a variable-size object that is given from its end.
#[cold]
#[inline(never)]
fn offset_from_end(this: &Object, offset: isize) -> Option<isize> {
    let items = match this.downcast::<Int>() {
        Some(int) => int.digits().len() as isize,
        // SAFETY: a negative offset is for types with items only.
        None => unsafe { (*this.as_ptr().cast::<PyVarObject>()).ob_size.get() },
    };
    Some(crate::object::alloc::instance_size(this.ty(), items.abs())? as isize + offset)
}

/// The instance's dict, if it has one already.
pub fn dict_of(this: &Object) -> Option<&Dict> {
    // SAFETY: an instance's dict is a dict.
    dict_cell(this).and_then(crate::object::ObjectCell::peek).map(|d| unsafe { d.cast() })
}

/// A type's dict is its namespace, which may have to be made.
#[cold]
#[inline(never)]
fn dict_of_type(this: &Object) -> Option<&Dict> {
    this.downcast::<Type>()?.own_dict()
}

/// The dict of an instance in its `cell`, made if there is none.
pub fn ensure_instance_dict(ts: &ThreadState, this: &Object, cell: &Cell<*mut PyObject>) -> Result<Owned<Dict>> {
    let is_new = cell.get().is_null();
    if is_new && let Some(dict) = dict_of_type(this) {
        return Ok(Owned::new(dict));
    }
    let dict = ensure_dict(ts, cell)?;
    if is_new {
        note_field(this, this.ty().tp_dictoffset, Some(&*dict), None);
    }
    Ok(dict)
}

/// The dict in `cell`, made if there is none.
pub fn ensure_dict(ts: &ThreadState, cell: &Cell<*mut PyObject>) -> Result<Owned<Dict>> {
    use crate::object::ObjectCell;
    if cell.get().is_null() {
        let dict = Dict::new(ts)?;
        cell.store(Some(dict));
    }
    // SAFETY: an instance's dict is a dict, and there is one now.
    Ok(unsafe { cell.load().expect("just stored").cast_owned() })
}
