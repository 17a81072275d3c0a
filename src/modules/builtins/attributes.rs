//! Functions on any object: attributes, classes, texts.

use super::{attribute_name, interned_name};
use crate::ffi::PyMethodDef;
use crate::object::{Object, Owned, Result};
use crate::protocol::args::Args;
use crate::protocol::{isinstance, object};
use crate::runtime::ThreadState;
use crate::types::exceptions::{ATTRIBUTE_ERROR, SYSTEM_ERROR, TYPE_ERROR};
use crate::types::{Int, List, Str, identifiers as id, method, singletons};

pub const ASCII: PyMethodDef =
    method::one(c"ascii", ascii, c"ascii($module, obj, /)\n--\n\nThe repr with escapes for all that is not ASCII.");
pub const CALLABLE: PyMethodDef =
    method::one(c"callable", callable, c"callable($module, obj, /)\n--\n\nWhether the object can be called.");
pub const DELATTR: PyMethodDef =
    method::static_positional(c"delattr", delattr, c"delattr($module, obj, name, /)\n--\n\nDelete an attribute.");
pub const DIR: PyMethodDef = method::static_positional(
    c"dir",
    dir,
    c"dir([object]) -> list of strings\n\nThe names of an object's attributes, sorted.",
);
pub const FORMAT: PyMethodDef = method::static_positional(
    c"format",
    format,
    c"format($module, value, format_spec='', /)\n--\n\nThe value as text, as the format asks.",
);
pub const GETATTR: PyMethodDef = method::static_positional(
    c"getattr",
    getattr,
    c"getattr(object, name[, default]) -> value\n\nAn attribute by its name, or the default where there is none.",
);
pub const HASATTR: PyMethodDef = method::static_positional(
    c"hasattr",
    hasattr,
    c"hasattr($module, obj, name, /)\n--\n\nWhether there is such an attribute.",
);
pub const HASH: PyMethodDef = method::one(c"hash", hash, c"hash($module, obj, /)\n--\n\nThe object's hash.");
pub const ID: PyMethodDef =
    method::one(c"id", identity, c"id($module, obj, /)\n--\n\nA number that no other object has at the same time.");
pub const ISINSTANCE: PyMethodDef = method::static_positional(
    c"isinstance",
    is_instance,
    c"isinstance($module, obj, class_or_tuple, /)\n--\n\nWhether the object is an instance of the class, or of one of several.",
);
pub const ISSUBCLASS: PyMethodDef = method::static_positional(
    c"issubclass",
    is_subclass,
    c"issubclass($module, cls, class_or_tuple, /)\n--\n\nWhether the class derives from another, or from one of several.",
);
pub const REPR: PyMethodDef =
    method::one(c"repr", repr, c"repr($module, obj, /)\n--\n\nThe object as text that says what it is.");
pub const SETATTR: PyMethodDef =
    method::static_positional(c"setattr", setattr, c"setattr($module, obj, name, value, /)\n--\n\nSet an attribute.");
pub const VARS: PyMethodDef =
    method::static_positional(c"vars", vars, c"vars([object]) -> dictionary\n\nThe object's __dict__.");

fn ascii(ts: &ThreadState, _module: &Object, object: &Object) -> Result<Owned<Str>> {
    object::ascii(ts, object)
}

fn repr(ts: &ThreadState, _module: &Object, object: &Object) -> Result<Owned<Str>> {
    object::repr(ts, object)
}

fn callable(_ts: &ThreadState, _module: &Object, object: &Object) -> Result<bool> {
    Ok(object.ty().tp_call.get().is_some())
}

fn hash(ts: &ThreadState, _module: &Object, object: &Object) -> Result<isize> {
    object::hash(ts, object)
}

fn identity(ts: &ThreadState, _module: &Object, object: &Object) -> Result<Owned<Int>> {
    Int::from_parts_u64(ts, false, object.as_ptr().addr() as u64)
}

fn delattr(ts: &ThreadState, args: Args<'_>) -> Result<()> {
    args.expect_positional(ts, "delattr", 2, 2)?;
    object::setattr(ts, args.positional[0], &*interned_name(ts, args.positional[1])?, None)
}

fn setattr(ts: &ThreadState, args: Args<'_>) -> Result<()> {
    args.expect_positional(ts, "setattr", 3, 3)?;
    object::setattr(ts, args.positional[0], &*interned_name(ts, args.positional[1])?, args.get(2))
}

fn getattr(ts: &ThreadState, args: Args<'_>) -> Result {
    args.expect_positional(ts, "getattr", 2, 3)?;
    let name = interned_name(ts, args.positional[1])?;
    match (object::getattr(ts, args.positional[0], &name), args.get(2)) {
        (Err(raised), Some(default)) => ts.recover(raised, &ATTRIBUTE_ERROR).map(|()| Owned::new(default)),
        (result, _) => result,
    }
}

fn hasattr(ts: &ThreadState, args: Args<'_>) -> Result<bool> {
    args.expect_positional(ts, "hasattr", 2, 2)?;
    attribute_name(ts, args.positional[1])?;
    let name = interned_name(ts, args.positional[1])?;
    Ok(object::find_attr(ts, args.positional[0], &name)?.is_some())
}

fn dir(ts: &ThreadState, args: Args<'_>) -> Result<Owned<List>> {
    args.expect_positional(ts, "dir", 0, 1)?;
    match args.get(0) {
        Some(object) => object::dir(ts, object),
        None => Err(ts.raise_str(&SYSTEM_ERROR, "frame does not exist")),
    }
}

fn vars(ts: &ThreadState, args: Args<'_>) -> Result {
    args.expect_positional(ts, "vars", 0, 1)?;
    let Some(object) = args.get(0) else {
        return Err(ts.raise_str(&SYSTEM_ERROR, "frame does not exist"));
    };
    match object::find_attr(ts, object, &id::__dict__)? {
        Some(dict) => Ok(dict),
        None => Err(ts.raise_str(&TYPE_ERROR, "vars() argument must have __dict__ attribute")),
    }
}

fn format(ts: &ThreadState, args: Args<'_>) -> Result {
    args.expect_positional(ts, "format", 1, 2)?;
    let spec = args.get(1);
    if let Some(wrong) = spec.filter(|s| s.downcast::<Str>().is_none()) {
        let name = if singletons::is_none(wrong) { "None" } else { wrong.ty().full_name() };
        return Err(ts.raise(&TYPE_ERROR, format_args!("format() argument 2 must be str, not {name}")));
    }
    object::format(ts, args.positional[0], spec)
}

fn is_instance(ts: &ThreadState, args: Args<'_>) -> Result<bool> {
    args.expect_positional(ts, "isinstance", 2, 2)?;
    isinstance::is_instance(ts, args.positional[0], args.positional[1])
}

fn is_subclass(ts: &ThreadState, args: Args<'_>) -> Result<bool> {
    args.expect_positional(ts, "issubclass", 2, 2)?;
    isinstance::is_subclass(ts, args.positional[0], args.positional[1])
}
