//! Exceptions with a field or two more, and `KeyError`, which shows its key as it is written.

use core::cell::Cell;

use super::base::{self, BaseException, ExceptionLayout, clear_fields, drop_fields, fields_from, visit_fields};
use super::{INHERITING_TEMPLATE, STOP_ITERATION, TYPE_ERROR};
use crate::ffi::*;
use crate::object::{Layout, Object, ObjectCell, Owned, Raised, Result, Type};
use crate::protocol::object;
use crate::runtime::ThreadState;
use crate::types::{Dict, Str, Tuple, entries, identifiers, method, singletons, slot};

layout!(StopIteration = PyStopIterationObject);
layout!(SystemExit = PySystemExitObject);

/// `NameError` and `UnboundLocalError`.
#[repr(C)]
pub struct NameError {
    base: BaseException,
    pub name: Cell<*mut PyObject>,
}

#[repr(C)]
pub struct AttributeError {
    base: BaseException,
    pub obj: Cell<*mut PyObject>,
    pub name: Cell<*mut PyObject>,
}

const _: () = assert!(size_of::<NameError>() == 80 && size_of::<AttributeError>() == 88);

// SAFETY: both begin with the header.
unsafe impl Layout for NameError {}
// SAFETY: as above.
unsafe impl Layout for AttributeError {}

// SAFETY: CPython's layout, `BaseException`'s fields first.
unsafe impl ExceptionLayout for StopIteration {
    fn own_fields(&self) -> &[Cell<*mut PyObject>] {
        core::slice::from_ref(&self.value)
    }
}
// SAFETY: as above.
unsafe impl ExceptionLayout for SystemExit {
    fn own_fields(&self) -> &[Cell<*mut PyObject>] {
        core::slice::from_ref(&self.code)
    }
}
// SAFETY: as above.
unsafe impl ExceptionLayout for NameError {
    fn own_fields(&self) -> &[Cell<*mut PyObject>] {
        core::slice::from_ref(&self.name)
    }
}
// SAFETY: as above.
unsafe impl ExceptionLayout for AttributeError {
    fn own_fields(&self) -> &[Cell<*mut PyObject>] {
        // SAFETY: two fields in a row.
        unsafe { fields_from(&self.obj, 2) }
    }
}

/// What an exception type with the layout `T` starts from.
pub(super) const fn template<T: ExceptionLayout>() -> Type {
    Type {
        tp_basicsize: size_of::<T>() as isize,
        tp_dealloc: slot::dealloc(drop_fields::<T>),
        tp_traverse: slot::traverse(visit_fields::<T>),
        tp_clear: slot::clear(clear_fields::<T>),
        ..INHERITING_TEMPLATE
    }
}

#[allow(clippy::declare_interior_mutable_const)]
pub(super) const STOP_ITERATION_TEMPLATE: Type = Type {
    tp_init: slot::init(stop_iteration_init),
    tp_members: entries(&STOP_ITERATION_MEMBERS),
    ..template::<StopIteration>()
};

fn stop_iteration_init(ts: &ThreadState, this: &StopIteration, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    base::init(ts, this.base(), args, kwargs)?;
    let value = args.get(0).map_or_else(singletons::none, Owned::new);
    this.value.store(Some(value));
    Ok(())
}

impl StopIteration {
    /// The value of the `StopIteration` that is raised, which is cleared: `None` where nothing is. Whatever
    /// else is raised stays so.
    pub fn take_value(ts: &ThreadState) -> Result {
        if !ts.error.is_set() {
            return Ok(singletons::none());
        }
        let Some(raised) = ts.raised_is(&STOP_ITERATION).then(|| ts.take_raised()).flatten() else {
            return Err(Raised::already());
        };
        // SAFETY: an instance of the type, or of one with its layout.
        let raised = unsafe { raised.as_object().cast::<StopIteration>() };
        Ok(raised.value.load().unwrap_or_else(singletons::none))
    }
}

static STOP_ITERATION_MEMBERS: [PyMemberDef; 2] =
    [slot::member(c"value", _Py_T_OBJECT, core::mem::offset_of!(PyStopIterationObject, value), 0), slot::MEMBERS_END];

#[allow(clippy::declare_interior_mutable_const)]
pub(super) const SYSTEM_EXIT_TEMPLATE: Type = Type {
    tp_init: slot::init(system_exit_init),
    tp_members: entries(&SYSTEM_EXIT_MEMBERS),
    ..template::<SystemExit>()
};

fn system_exit_init(ts: &ThreadState, this: &SystemExit, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    base::init(ts, this.base(), args, kwargs)?;
    match args.as_slice() {
        [] => {}
        [code] => this.code.store(Some(Owned::new(*code))),
        _ => this.code.store(Some(Owned::new(args))),
    }
    Ok(())
}

static SYSTEM_EXIT_MEMBERS: [PyMemberDef; 2] =
    [slot::member(c"code", _Py_T_OBJECT, core::mem::offset_of!(PySystemExitObject, code), 0), slot::MEMBERS_END];

#[allow(clippy::declare_interior_mutable_const)]
pub(super) const NAME_ERROR_TEMPLATE: Type =
    Type { tp_init: slot::init(name_error_init), tp_members: entries(&NAME_ERROR_MEMBERS), ..template::<NameError>() };

/// `UnboundLocalError` inherits the member.
#[allow(clippy::declare_interior_mutable_const)]
pub(super) const UNBOUND_LOCAL_ERROR_TEMPLATE: Type = Type { tp_members: core::ptr::null_mut(), ..NAME_ERROR_TEMPLATE };

/// Puts keyword arguments into the fields of their names; `TypeError` for any other name, in the name of the
/// type whose `__init__` it is.
pub(super) fn store_keywords(
    ts: &ThreadState,
    owner: &str,
    kwargs: Option<&Dict>,
    fields: &[(&str, &Cell<*mut PyObject>)],
) -> Result<()> {
    for (key, value) in kwargs.map(Dict::items_vec).unwrap_or_default() {
        let key = key.downcast::<Str>();
        match fields.iter().find(|(name, _)| key.is_some_and(|k| k.equals_text(name))) {
            Some((_, field)) => field.store(Some(value)),
            None => {
                let key = key.map(|k| k.to_string()).unwrap_or_default();
                let message = format_args!("{owner}() got an unexpected keyword argument '{key}'");
                return Err(ts.raise(&TYPE_ERROR, message));
            }
        }
    }
    Ok(())
}

fn name_error_init(ts: &ThreadState, this: &NameError, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    base::init(ts, this.base(), args, None)?;
    store_keywords(ts, "NameError", kwargs, &[("name", &this.name)])
}

static NAME_ERROR_MEMBERS: [PyMemberDef; 2] =
    [slot::member(c"name", _Py_T_OBJECT, core::mem::offset_of!(NameError, name), 0), slot::MEMBERS_END];

#[allow(clippy::declare_interior_mutable_const)]
pub(super) const ATTRIBUTE_ERROR_TEMPLATE: Type = Type {
    tp_init: slot::init(attribute_error_init),
    tp_members: entries(&ATTRIBUTE_ERROR_MEMBERS),
    tp_methods: entries(&ATTRIBUTE_ERROR_METHODS),
    ..template::<AttributeError>()
};

fn attribute_error_init(ts: &ThreadState, this: &AttributeError, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    base::init(ts, this.base(), args, None)?;
    store_keywords(ts, "AttributeError", kwargs, &[("name", &this.name), ("obj", &this.obj)])
}

/// The dict with name and args; the object itself may not bear being copied.
fn attribute_error_state(ts: &ThreadState, this: &AttributeError) -> Result<Owned<Dict>> {
    let state = Dict::new(ts)?;
    // SAFETY: an instance's dict is a dict.
    if let Some(dict) = this.base().dict.peek().map(|d| unsafe { d.cast::<Dict>() }) {
        for (key, value) in dict.items_vec() {
            state.set(ts, &key, &value)?;
        }
    }
    if let Some(name) = this.name.load() {
        state.set_name(ts, &identifiers::name, &name)?;
    }
    state.set_name(ts, &identifiers::args, &this.base().arguments())?;
    Ok(state)
}

fn attribute_error_reduce(ts: &ThreadState, this: &AttributeError) -> Result<Owned<Tuple>> {
    let state = attribute_error_state(ts, this)?;
    Tuple::new(ts, &[this.base().ty().as_object(), &this.base().arguments(), &state])
}

static ATTRIBUTE_ERROR_MEMBERS: [PyMemberDef; 3] = [
    slot::member(c"name", _Py_T_OBJECT, core::mem::offset_of!(AttributeError, name), 0),
    slot::member(c"obj", _Py_T_OBJECT, core::mem::offset_of!(AttributeError, obj), 0),
    slot::MEMBERS_END,
];

static ATTRIBUTE_ERROR_METHODS: [PyMethodDef; 3] = [
    method::noargs(c"__getstate__", attribute_error_state, c""),
    method::noargs(c"__reduce__", attribute_error_reduce, c""),
    slot::METHODS_END,
];

#[allow(clippy::declare_interior_mutable_const)]
pub(super) const KEY_ERROR_TEMPLATE: Type = Type { tp_str: slot::unary(key_error_str), ..INHERITING_TEMPLATE };

/// The key's repr, so that the empty string can be told from no message.
fn key_error_str(ts: &ThreadState, this: &BaseException) -> Result<Owned<Str>> {
    match this.arguments().as_slice() {
        [key] => object::repr(ts, key),
        _ => base::str(ts, this),
    }
}

/// `AttributeError` with the object and the name, for those who look for similar ones.
pub fn raise_attribute_error(
    ts: &ThreadState,
    object: &Object,
    name: &Str,
    message: Owned<Str>,
) -> Result<crate::object::Raised> {
    let error = crate::protocol::call::call(ts, &super::ATTRIBUTE_ERROR, &[&message])?;
    // SAFETY: made of that type.
    let error = unsafe { error.cast_owned::<AttributeError>() };
    error.name.store(Some(Owned::new(name)));
    error.obj.store(Some(Owned::new(object)));
    // SAFETY: as above.
    Ok(ts.raise_exception(unsafe { error.upcast().cast_owned() }))
}
