//! `bool`: two immortal ints.

use core::cell::Cell;

use crate::ffi::*;
use crate::object::strategy::{self, Singleton};
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::args::{Args, with_tuple_and_dict};
use crate::protocol::{number, object};
use crate::runtime::ThreadState;
use crate::types::exceptions::DEPRECATION_WARNING;
use crate::types::int::{Int, PyLong_Type, arithmetic as ints};
use crate::types::{Dict, STATIC_TYPE, Str, Tuple, slot, table};

/// `False`.
#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static _Py_FalseStruct: Int = Int::immortal(&raw const PyBool_Type, 0);

/// `True`.
#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static _Py_TrueStruct: Int = Int::immortal(&raw const PyBool_Type, 1);

#[inline(always)]
pub fn from_bool(value: bool) -> Owned<Object> {
    Owned::immortal(bool_ref(value))
}

#[inline(always)]
pub fn bool_ref(value: bool) -> &'static Object {
    if value {
        strategy::own(Singleton::True, &_Py_TrueStruct)
    } else {
        strategy::own(Singleton::False, &_Py_FalseStruct)
    }
}

/// `is True`.
#[inline(always)]
pub fn is_true(object: &Object) -> bool {
    strategy::is(Singleton::True, &_Py_TrueStruct, object)
}

/// `is False`.
#[inline(always)]
pub fn is_false(object: &Object) -> bool {
    strategy::is(Singleton::False, &_Py_FalseStruct, object)
}

/// The value of one of the two.
#[inline(always)]
fn as_bool(object: &Object) -> Option<bool> {
    if is_true(object) {
        Some(true)
    } else if is_false(object) {
        Some(false)
    } else {
        None
    }
}

fn repr(ts: &ThreadState, this: &Object) -> Result<Owned<Str>> {
    Str::interned(ts, if is_true(this) { "True" } else { "False" })
}

fn of_arguments(ts: &ThreadState, args: Args<'_>) -> Result {
    args.no_keywords(ts, "bool")?;
    args.expect_positional(ts, "bool", 0, 1)?;
    Ok(from_bool(args.get(0).map_or(Ok(false), |x| object::is_true(ts, x))?))
}

fn vectorcall(ts: &ThreadState, _ty: &Type, args: Args<'_>) -> Result {
    of_arguments(ts, args)
}

fn new(ts: &ThreadState, _ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
    with_tuple_and_dict(ts, args, kwargs, |args| of_arguments(ts, args))
}

fn and(ts: &ThreadState, a: &Int, b: &Int) -> Result {
    match (as_bool(a), as_bool(b)) {
        (Some(x), Some(y)) => Ok(from_bool(x & y)),
        _ => ints::and(ts, a, b),
    }
}

fn or(ts: &ThreadState, a: &Int, b: &Int) -> Result {
    match (as_bool(a), as_bool(b)) {
        (Some(x), Some(y)) => Ok(from_bool(x | y)),
        _ => ints::or(ts, a, b),
    }
}

fn xor(ts: &ThreadState, a: &Int, b: &Int) -> Result {
    match (as_bool(a), as_bool(b)) {
        (Some(x), Some(y)) => Ok(from_bool(x ^ y)),
        _ => ints::xor(ts, a, b),
    }
}

fn invert(ts: &ThreadState, this: &Int) -> Result {
    let text = "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the \
                bitwise inversion of the underlying int object and is usually not what you expect from negating a \
                bool. Use the 'not' operator for boolean negation or ~int(x) if you really want the bitwise inversion \
                of the underlying int.";
    crate::modules::warnings::warn_text(ts, &DEPRECATION_WARNING, text)?;
    number::invert(ts, &*Int::exact(ts, this)?)
}

#[unsafe(link_section = "immortal")]
static AS_NUMBER: PyNumberMethods = PyNumberMethods {
    nb_invert: slot::unary(invert),
    nb_and: ints::of_ints(and),
    nb_xor: ints::of_ints(xor),
    nb_or: ints::of_ints(or),
    ..PyNumberMethods::EMPTY
};

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyBool_Type: Type = Type {
    tp_name: c"bool".as_ptr(),
    tp_basicsize: 24,
    tp_doc: Cell::new(
        c"bool(object=False, /)\n--\n\nTrue for what counts as true, else False: the two instances, both ints."
            .as_ptr(),
    ),
    tp_base: Cell::new((&raw const PyLong_Type).cast_mut()),
    tp_repr: slot::unary(repr),
    tp_as_number: Cell::new(table(&AS_NUMBER)),
    tp_new: slot::new(new),
    tp_vectorcall: slot::vectorcall(vectorcall),
    ..STATIC_TYPE
};
