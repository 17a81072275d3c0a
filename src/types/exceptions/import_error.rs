//! `ImportError`: which module could not be imported, and from where.

use super::base::{self, ExceptionLayout, fields_from};
use super::simple::{store_keywords, template};
use crate::ffi::*;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::protocol::object;
use crate::runtime::ThreadState;
use crate::types::{Dict, Str, Tuple, entries, method, slot};

layout!(ImportError = PyImportErrorObject);

// SAFETY: CPython's layout, `BaseException`'s fields first, then four objects.
unsafe impl ExceptionLayout for ImportError {
    fn own_fields(&self) -> &[core::cell::Cell<*mut PyObject>] {
        // SAFETY: four fields in a row.
        unsafe { fields_from(&self.msg, 4) }
    }
}

#[allow(clippy::declare_interior_mutable_const)]
pub(super) const IMPORT_ERROR_TEMPLATE: Type = Type {
    tp_init: slot::init(init),
    tp_str: slot::unary(str),
    tp_repr: slot::unary(repr),
    tp_members: entries(&MEMBERS),
    tp_methods: entries(&METHODS),
    ..template::<ImportError>()
};

/// What its subclasses start from: they inherit its members.
#[allow(clippy::declare_interior_mutable_const)]
pub(super) const IMPORT_ERROR_SUBCLASS_TEMPLATE: Type =
    Type { tp_members: core::ptr::null_mut(), tp_methods: core::ptr::null_mut(), ..IMPORT_ERROR_TEMPLATE };

impl ImportError {
    fn named(&self) -> [(&'static str, &core::cell::Cell<*mut PyObject>); 3] {
        [("name", &self.name), ("path", &self.path), ("name_from", &self.name_from)]
    }
}

fn init(ts: &ThreadState, this: &ImportError, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    base::init(ts, this.base(), args, None)?;
    for (_, field) in this.named() {
        field.store::<Object>(None);
    }
    store_keywords(ts, "ImportError", kwargs, &this.named())?;
    let message = if args.len() == 1 { args.get(0).map(Owned::new) } else { None };
    this.msg.store(message);
    Ok(())
}

fn str(ts: &ThreadState, this: &ImportError) -> Result<Owned<Str>> {
    match this.msg.peek().and_then(|m| m.downcast_exact::<Str>()) {
        Some(message) => Ok(Owned::new(message)),
        None => base::str(ts, this.base()),
    }
}

/// With the keyword arguments that were given: 3.15 shows them.
fn repr(ts: &ThreadState, this: &ImportError) -> Result<Owned<Str>> {
    let plain = base::repr(ts, this.base())?;
    let shown: Vec<_> =
        this.named()[..2].iter().filter_map(|(name, field)| field.load().map(|value| (*name, value))).collect();
    if shown.is_empty() {
        return Ok(plain);
    }
    let mut text = plain.to_string();
    text.pop();
    for (i, (name, value)) in shown.iter().enumerate() {
        let separator = if i == 0 && text.ends_with('(') { "" } else { ", " };
        text.push_str(&format!("{separator}{name}={}", object::repr(ts, value)?));
    }
    text.push(')');
    Str::new(ts, &text)
}

fn state(ts: &ThreadState, this: &ImportError) -> Result<Option<Owned<Object>>> {
    // SAFETY: an instance's dict is a dict.
    let dict = this.base().dict.peek().map(|d| unsafe { d.cast::<Dict>() });
    if this.named().iter().all(|(_, field)| field.peek().is_none()) {
        return Ok(dict.map(|d| Owned::new(d.as_object())));
    }
    let state = Dict::new(ts)?;
    for (key, value) in dict.map(Dict::items_vec).unwrap_or_default() {
        state.set(ts, &key, &value)?;
    }
    for (name, field) in this.named() {
        if let Some(value) = field.load() {
            let name = Str::interned(ts, name)?;
            state.set_name(ts, &name, &value)?;
        }
    }
    Ok(Some(state.upcast()))
}

fn reduce(ts: &ThreadState, this: &ImportError) -> Result<Owned<Tuple>> {
    let (ty, args) = (this.base().ty().as_object(), this.base().arguments());
    match state(ts, this)? {
        Some(state) => Tuple::new(ts, &[ty, &args, &state]),
        None => Tuple::new(ts, &[ty, &args]),
    }
}

static MEMBERS: [PyMemberDef; 5] = [
    slot::member(c"msg", _Py_T_OBJECT, core::mem::offset_of!(PyImportErrorObject, msg), 0),
    slot::member(c"name", _Py_T_OBJECT, core::mem::offset_of!(PyImportErrorObject, name), 0),
    slot::member(c"path", _Py_T_OBJECT, core::mem::offset_of!(PyImportErrorObject, path), 0),
    slot::member(c"name_from", _Py_T_OBJECT, core::mem::offset_of!(PyImportErrorObject, name_from), 0),
    slot::MEMBERS_END,
];

static METHODS: [PyMethodDef; 2] = [method::noargs(c"__reduce__", reduce, c""), slot::METHODS_END];
