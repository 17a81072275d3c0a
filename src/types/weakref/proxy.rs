//! `weakref.proxy`: stands for its object in every operation.

use core::cell::Cell;

use super::{WeakReference, is_proxy, type_text};
use crate::ffi::*;
use crate::object::{Object, Owned, Raised, Result, Type};
use crate::protocol::compare::CompareOp;
use crate::protocol::{number, object, sequence};
use crate::runtime::ThreadState;
use crate::types::exceptions::{REFERENCE_ERROR, TYPE_ERROR};
use crate::types::{Dict, STATIC_FLAGS, STATIC_TYPE, Str, Tuple, entries, identifiers, method, slot, table};

#[cold]
fn gone(ts: &ThreadState) -> Raised {
    ts.raise_str(&REFERENCE_ERROR, "weakly-referenced object no longer exists")
}

fn target(ts: &ThreadState, this: &WeakReference) -> Result {
    this.referent().ok_or_else(|| gone(ts))
}

/// An operand: what a proxy stands for, and anything else as it is.
fn unwrap(ts: &ThreadState, operand: &Object) -> Result {
    if !is_proxy(operand) {
        return Ok(Owned::new(operand));
    }
    // SAFETY: a proxy's layout.
    target(ts, unsafe { operand.cast() })
}

fn attribute_name<'a>(ts: &ThreadState, name: &'a Object) -> Result<&'a Str> {
    name.downcast::<Str>().ok_or_else(|| {
        let ty = name.ty().full_name();
        ts.raise(&TYPE_ERROR, format_args!("attribute name must be string, not '{ty}'"))
    })
}

fn repr(ts: &ThreadState, this: &WeakReference) -> Result<Owned<Str>> {
    let at = this.as_ptr();
    let text = match this.referent() {
        None => format!("<weakproxy at {at:p}; dead>"),
        Some(object) => {
            format!("<weakproxy at {at:p}; to '{}' at {:p}>", type_text(ts, object.ty())?, object.as_ptr())
        }
    };
    Str::new(ts, &text)
}

fn str(ts: &ThreadState, this: &WeakReference) -> Result<Owned<Str>> {
    object::str(ts, &*target(ts, this)?)
}

fn getattr(ts: &ThreadState, this: &Object, name: &Object) -> Result {
    object::getattr(ts, &*unwrap(ts, this)?, attribute_name(ts, name)?)
}

fn setattr(ts: &ThreadState, this: &WeakReference, name: &Object, value: Option<&Object>) -> Result<()> {
    object::setattr(ts, &*target(ts, this)?, attribute_name(ts, name)?, value)
}

fn richcompare(ts: &ThreadState, this: &Object, other: &Object, op: CompareOp) -> Result {
    let (a, b) = (unwrap(ts, this)?, unwrap(ts, other)?);
    object::compare(ts, &a, &b, op)
}

fn call(ts: &ThreadState, this: &WeakReference, args: &Tuple, kwargs: Option<&Dict>) -> Result {
    crate::protocol::call::call_tuple_dict(ts, &*target(ts, this)?, args, kwargs)
}

fn iter(ts: &ThreadState, this: &WeakReference) -> Result {
    sequence::iter(ts, &*target(ts, this)?)
}

fn next(ts: &ThreadState, this: &WeakReference) -> Result<Option<Owned<Object>>> {
    let object = target(ts, this)?;
    if object.ty().tp_iternext.get().is_none() {
        let name = object.ty().full_name();
        let message = format!("Weakref proxy referenced a non-iterator '{name}' object");
        return Err(ts.raise_str(&TYPE_ERROR, &message));
    }
    sequence::next(ts, &object)
}

fn truth(ts: &ThreadState, this: &WeakReference) -> Result<bool> {
    object::is_true(ts, &*target(ts, this)?)
}

fn len(ts: &ThreadState, this: &WeakReference) -> Result<isize> {
    sequence::len(ts, &*target(ts, this)?)
}

fn contains(ts: &ThreadState, this: &WeakReference, item: &Object) -> Result<bool> {
    sequence::contains(ts, &*target(ts, this)?, &*unwrap(ts, item)?)
}

fn getitem(ts: &ThreadState, this: &WeakReference, key: &Object) -> Result {
    sequence::getitem(ts, &*target(ts, this)?, &*unwrap(ts, key)?)
}

fn setitem(ts: &ThreadState, this: &WeakReference, key: &Object, value: Option<&Object>) -> Result<()> {
    sequence::setitem(ts, &*target(ts, this)?, key, value)
}

fn bytes(ts: &ThreadState, this: &WeakReference) -> Result {
    crate::protocol::call::call_method(ts, &*target(ts, this)?, &identifiers::__bytes__, &[])
}

fn reversed(ts: &ThreadState, this: &WeakReference) -> Result {
    crate::protocol::call::call_method(ts, &*target(ts, this)?, &identifiers::__reversed__, &[])
}

/// A function that applies an operator to what the operands stand for.
macro_rules! operators {
    ($($name:ident($($operand:ident),*) = $f:expr;)*) => {$(
        fn $name(ts: &ThreadState, $($operand: &Object),*) -> Result {
            $(let $operand = unwrap(ts, $operand)?;)*
            $f(ts, $(&*$operand),*)
        }
    )*};
}

operators! {
    add(a, b) = |ts, a, b| number::binary(ts, number::ADD, a, b);
    subtract(a, b) = |ts, a, b| number::binary(ts, number::SUBTRACT, a, b);
    multiply(a, b) = |ts, a, b| number::binary(ts, number::MULTIPLY, a, b);
    remainder(a, b) = |ts, a, b| number::binary(ts, number::REMAINDER, a, b);
    divmod(a, b) = |ts, a, b| number::binary(ts, number::DIVMOD, a, b);
    lshift(a, b) = |ts, a, b| number::binary(ts, number::LSHIFT, a, b);
    rshift(a, b) = |ts, a, b| number::binary(ts, number::RSHIFT, a, b);
    and(a, b) = |ts, a, b| number::binary(ts, number::AND, a, b);
    xor(a, b) = |ts, a, b| number::binary(ts, number::XOR, a, b);
    or(a, b) = |ts, a, b| number::binary(ts, number::OR, a, b);
    floor_divide(a, b) = |ts, a, b| number::binary(ts, number::FLOOR_DIVIDE, a, b);
    true_divide(a, b) = |ts, a, b| number::binary(ts, number::TRUE_DIVIDE, a, b);
    matrix_multiply(a, b) = |ts, a, b| number::binary(ts, number::MATRIX_MULTIPLY, a, b);
    inplace_add(a, b) = |ts, a, b| number::inplace(ts, number::ADD, a, b);
    inplace_subtract(a, b) = |ts, a, b| number::inplace(ts, number::SUBTRACT, a, b);
    inplace_multiply(a, b) = |ts, a, b| number::inplace(ts, number::MULTIPLY, a, b);
    inplace_remainder(a, b) = |ts, a, b| number::inplace(ts, number::REMAINDER, a, b);
    inplace_lshift(a, b) = |ts, a, b| number::inplace(ts, number::LSHIFT, a, b);
    inplace_rshift(a, b) = |ts, a, b| number::inplace(ts, number::RSHIFT, a, b);
    inplace_and(a, b) = |ts, a, b| number::inplace(ts, number::AND, a, b);
    inplace_xor(a, b) = |ts, a, b| number::inplace(ts, number::XOR, a, b);
    inplace_or(a, b) = |ts, a, b| number::inplace(ts, number::OR, a, b);
    inplace_floor_divide(a, b) = |ts, a, b| number::inplace(ts, number::FLOOR_DIVIDE, a, b);
    inplace_true_divide(a, b) = |ts, a, b| number::inplace(ts, number::TRUE_DIVIDE, a, b);
    inplace_matrix_multiply(a, b) = |ts, a, b| number::inplace(ts, number::MATRIX_MULTIPLY, a, b);
    power(a, b, c) = number::power;
    inplace_power(a, b, c) = number::inplace_power;
    negative(a) = number::negative;
    positive(a) = number::positive;
    absolute(a) = number::absolute;
    invert(a) = number::invert;
    index(a) = |ts, a| Ok(number::index(ts, a)?.upcast());
}

#[unsafe(link_section = "immortal")]
static NUMBER: PyNumberMethods = PyNumberMethods {
    nb_add: slot::binary(add),
    nb_subtract: slot::binary(subtract),
    nb_multiply: slot::binary(multiply),
    nb_remainder: slot::binary(remainder),
    nb_divmod: slot::binary(divmod),
    nb_power: slot::power(power),
    nb_negative: slot::unary(negative),
    nb_positive: slot::unary(positive),
    nb_absolute: slot::unary(absolute),
    nb_bool: slot::inquiry(truth),
    nb_invert: slot::unary(invert),
    nb_lshift: slot::binary(lshift),
    nb_rshift: slot::binary(rshift),
    nb_and: slot::binary(and),
    nb_xor: slot::binary(xor),
    nb_or: slot::binary(or),
    nb_inplace_add: slot::binary(inplace_add),
    nb_inplace_subtract: slot::binary(inplace_subtract),
    nb_inplace_multiply: slot::binary(inplace_multiply),
    nb_inplace_remainder: slot::binary(inplace_remainder),
    nb_inplace_power: slot::power(inplace_power),
    nb_inplace_lshift: slot::binary(inplace_lshift),
    nb_inplace_rshift: slot::binary(inplace_rshift),
    nb_inplace_and: slot::binary(inplace_and),
    nb_inplace_xor: slot::binary(inplace_xor),
    nb_inplace_or: slot::binary(inplace_or),
    nb_floor_divide: slot::binary(floor_divide),
    nb_true_divide: slot::binary(true_divide),
    nb_inplace_floor_divide: slot::binary(inplace_floor_divide),
    nb_inplace_true_divide: slot::binary(inplace_true_divide),
    nb_index: slot::unary(index),
    nb_matrix_multiply: slot::binary(matrix_multiply),
    nb_inplace_matrix_multiply: slot::binary(inplace_matrix_multiply),
    ..PyNumberMethods::EMPTY
};

#[unsafe(link_section = "immortal")]
static SEQUENCE: PySequenceMethods =
    PySequenceMethods { sq_length: slot::len(len), sq_contains: slot::contains(contains), ..PySequenceMethods::EMPTY };

#[unsafe(link_section = "immortal")]
static MAPPING: PyMappingMethods = PyMappingMethods {
    mp_length: slot::len(len),
    mp_subscript: slot::binary(getitem),
    mp_ass_subscript: slot::objobjarg(setitem),
};

static METHODS: [PyMethodDef; 3] =
    [method::noargs(c"__bytes__", bytes, c""), method::noargs(c"__reversed__", reversed, c""), slot::METHODS_END];

#[allow(clippy::declare_interior_mutable_const)]
const COMMON: Type = Type {
    tp_basicsize: size_of::<WeakReference>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION),
    tp_dealloc: slot::dealloc(WeakReference::drop_fields),
    tp_traverse: slot::traverse(super::reference::visit),
    tp_clear: slot::clear(WeakReference::clear),
    tp_repr: slot::unary(repr),
    tp_str: slot::unary(str),
    tp_hash: slot::unhashable(),
    tp_getattro: slot::binary(getattr),
    tp_setattro: slot::objobjarg(setattr),
    tp_richcompare: slot::richcompare(richcompare),
    tp_iter: slot::unary(iter),
    tp_as_number: Cell::new(table(&NUMBER)),
    tp_as_sequence: Cell::new(table(&SEQUENCE)),
    tp_as_mapping: Cell::new(table(&MAPPING)),
    ..STATIC_TYPE
};

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static _PyWeakref_ProxyType: Type = Type {
    tp_name: c"weakref.ProxyType".as_ptr(),
    tp_iternext: slot::unary(next),
    tp_methods: entries(&METHODS),
    ..COMMON
};

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static _PyWeakref_CallableProxyType: Type =
    Type { tp_name: c"weakref.CallableProxyType".as_ptr(), tp_call: slot::call(call), ..COMMON };
