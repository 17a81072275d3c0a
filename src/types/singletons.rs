//! `None`, `NotImplemented` and `Ellipsis`: three objects and their types.

use core::cell::Cell;

use super::{STATIC_TYPE, slot, table};
use crate::ffi::*;
use crate::object::strategy::{self, Singleton};
use crate::object::{Layout, Object, Owned, Result, Type};
use crate::protocol::args::{Args, with_tuple_and_dict};
use crate::protocol::compare::CompareOp;
use crate::runtime::ThreadState;
use crate::types::exceptions::TYPE_ERROR;
use crate::types::method::{self};
use crate::types::{Dict, Str, Tuple};

/// `None`.
#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static _Py_NoneStruct: Object = Object::immortal(&raw const NONE_TYPE);

/// `NotImplemented`.
#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static _Py_NotImplementedStruct: Object = Object::immortal(&raw const NOT_IMPLEMENTED_TYPE);

/// `...`.
#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static _Py_EllipsisObject: Object = Object::immortal(&raw const PyEllipsis_Type);

#[inline(always)]
pub fn none_ref() -> &'static Object {
    strategy::own(Singleton::None, &_Py_NoneStruct)
}

#[inline(always)]
pub fn none() -> Owned<Object> {
    Owned::immortal(none_ref())
}

#[inline(always)]
pub fn not_implemented_ref() -> &'static Object {
    strategy::own(Singleton::NotImplemented, &_Py_NotImplementedStruct)
}

#[inline(always)]
pub fn not_implemented() -> Owned<Object> {
    Owned::immortal(not_implemented_ref())
}

#[inline(always)]
pub fn ellipsis_ref() -> &'static Object {
    strategy::own(Singleton::Ellipsis, &_Py_EllipsisObject)
}

#[unsafe(link_section = "immortal")]
pub static NONE_TYPE: Type = Type {
    tp_name: c"NoneType".as_ptr(),
    tp_basicsize: size_of::<Object>() as isize,
    tp_doc: Cell::new(c"The type of the None singleton.".as_ptr()),
    tp_repr: slot::unary(none_repr),
    tp_hash: slot::hash(none_hash),
    tp_richcompare: slot::richcompare(none_compare),
    tp_as_number: Cell::new(table(&NONE_NUMBER)),
    tp_new: slot::new(none_new),
    ..STATIC_TYPE
};

#[unsafe(link_section = "immortal")]
static NONE_NUMBER: PyNumberMethods = PyNumberMethods { nb_bool: slot::inquiry(none_bool), ..PyNumberMethods::EMPTY };

fn none_repr(ts: &ThreadState, _this: &Object) -> Result<Owned<Str>> {
    Str::new(ts, "None")
}

/// A constant, so that the order of sets that hold `None` does not vary with the address; CPython's value.
fn none_hash(_ts: &ThreadState, _this: &Object) -> Result<isize> {
    Ok(0xFCA8_6420)
}

/// By identity, as `object` compares: `None` has the methods of its own.
fn none_compare(_ts: &ThreadState, this: &Object, other: &Object, op: CompareOp) -> Result {
    Ok(match op {
        CompareOp::Eq if this.is(other) => super::bool::from_bool(true),
        CompareOp::Ne if this.is(other) => super::bool::from_bool(false),
        _ => not_implemented(),
    })
}

fn none_bool(_ts: &ThreadState, _this: &Object) -> Result<bool> {
    Ok(false)
}

fn none_new(ts: &ThreadState, _ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
    no_arguments(ts, "NoneType", args, kwargs)?;
    Ok(none())
}

fn no_arguments(ts: &ThreadState, name: &str, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    with_tuple_and_dict(ts, args, kwargs, |args: Args<'_>| {
        if args.is_empty() { Ok(()) } else { Err(ts.raise(&TYPE_ERROR, format_args!("{name} takes no arguments"))) }
    })
}

#[unsafe(link_section = "immortal")]
pub static NOT_IMPLEMENTED_TYPE: Type = Type {
    tp_name: c"NotImplementedType".as_ptr(),
    tp_basicsize: size_of::<Object>() as isize,
    tp_doc: Cell::new(c"The type of the NotImplemented singleton.".as_ptr()),
    tp_repr: slot::unary(not_implemented_repr),
    tp_as_number: Cell::new(table(&NOT_IMPLEMENTED_NUMBER)),
    tp_methods: super::entries(&NOT_IMPLEMENTED_METHODS),
    tp_new: slot::new(not_implemented_new),
    ..STATIC_TYPE
};

#[unsafe(link_section = "immortal")]
static NOT_IMPLEMENTED_NUMBER: PyNumberMethods =
    PyNumberMethods { nb_bool: slot::inquiry(not_implemented_bool), ..PyNumberMethods::EMPTY };

static NOT_IMPLEMENTED_METHODS: [PyMethodDef; 2] =
    [method::noargs(c"__reduce__", not_implemented_repr, c""), slot::METHODS_END];

fn not_implemented_repr(ts: &ThreadState, _this: &Object) -> Result<Owned<Str>> {
    Str::new(ts, "NotImplemented")
}

fn not_implemented_bool(ts: &ThreadState, _this: &Object) -> Result<bool> {
    Err(ts.raise_str(&TYPE_ERROR, "NotImplemented should not be used in a boolean context"))
}

fn not_implemented_new(ts: &ThreadState, _ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
    no_arguments(ts, "NotImplementedType", args, kwargs)?;
    Ok(not_implemented())
}

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyEllipsis_Type: Type = Type {
    tp_name: c"ellipsis".as_ptr(),
    tp_basicsize: size_of::<Object>() as isize,
    tp_doc: Cell::new(c"The type of the Ellipsis singleton.".as_ptr()),
    tp_repr: slot::unary(ellipsis_repr),
    tp_methods: super::entries(&ELLIPSIS_METHODS),
    tp_new: slot::new(ellipsis_new),
    ..STATIC_TYPE
};

static ELLIPSIS_METHODS: [PyMethodDef; 2] = [method::noargs(c"__reduce__", ellipsis_repr, c""), slot::METHODS_END];

fn ellipsis_repr(ts: &ThreadState, _this: &Object) -> Result<Owned<Str>> {
    Str::new(ts, "Ellipsis")
}

fn ellipsis_new(ts: &ThreadState, _ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
    no_arguments(ts, "EllipsisType", args, kwargs)?;
    Ok(Owned::immortal(ellipsis_ref()))
}

/// `is None`, for optional arguments.
#[inline]
pub fn is_none<T: Layout>(object: &T) -> bool {
    strategy::is(Singleton::None, &_Py_NoneStruct, object.as_object())
}

/// `is ...`.
#[inline]
pub fn is_ellipsis(object: &Object) -> bool {
    strategy::is(Singleton::Ellipsis, &_Py_EllipsisObject, object)
}

/// `is NotImplemented`, for what an operator answers.
#[inline]
pub fn is_not_implemented(object: &Object) -> bool {
    strategy::is(Singleton::NotImplemented, &_Py_NotImplementedStruct, object)
}
