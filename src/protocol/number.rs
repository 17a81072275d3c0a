//! The number protocol: unary, binary, ternary and in-place operators, and conversion to an index.
//!
//! A binary operator asks the left operand's slot, then the right one's; a right operand whose type derives
//! from the left one's and brings a slot of its own goes first. A slot says "not mine" with `NotImplemented`.

use core::mem::offset_of;

use crate::ffi::*;
use crate::object::{Object, Owned, Raised, Result};
use crate::protocol::convert;
use crate::runtime::ThreadState;
use crate::types::Complex;
use crate::types::exceptions::{INDEX_ERROR, OVERFLOW_ERROR, TYPE_ERROR};
use crate::types::float::{Float, arithmetic as floats};
use crate::types::int::{Int, arithmetic as ints};
use crate::types::singletons::{is_none, is_not_implemented};

/// A binary operator: its symbol, its slot, its in-place slot.
#[derive(Clone, Copy)]
pub struct BinaryOp {
    pub symbol: &'static str,
    slot: usize,
    inplace: usize,
    /// What two exact ints, or two exact floats, are given to without asking their slots.
    ints: Option<fn(&ThreadState, &Int, &Int) -> Result>,
    floats: Option<fn(&ThreadState, &Object, &Object) -> Result>,
}

macro_rules! operators {
    ($($name:ident $symbol:literal $slot:ident $inplace:ident $ints:expr, $floats:expr;)*) => {$(
        pub const $name: BinaryOp = BinaryOp {
            symbol: $symbol,
            slot: offset_of!(PyNumberMethods, $slot),
            inplace: offset_of!(PyNumberMethods, $inplace),
            ints: $ints,
            floats: $floats,
        };
    )*};
}

operators! {
    ADD "+" nb_add nb_inplace_add Some(ints::add), Some(floats::add);
    SUBTRACT "-" nb_subtract nb_inplace_subtract Some(ints::subtract), Some(floats::subtract);
    MULTIPLY "*" nb_multiply nb_inplace_multiply Some(ints::multiply), Some(floats::multiply);
    MATRIX_MULTIPLY "@" nb_matrix_multiply nb_inplace_matrix_multiply None, None;
    TRUE_DIVIDE "/" nb_true_divide nb_inplace_true_divide Some(ints::true_divide), Some(floats::true_divide);
    FLOOR_DIVIDE "//" nb_floor_divide nb_inplace_floor_divide Some(ints::floor_divide), Some(floats::floor_divide);
    REMAINDER "%" nb_remainder nb_inplace_remainder Some(ints::remainder), Some(floats::remainder);
    LSHIFT "<<" nb_lshift nb_inplace_lshift Some(ints::shift_left), None;
    RSHIFT ">>" nb_rshift nb_inplace_rshift Some(ints::shift_right), None;
    AND "&" nb_and nb_inplace_and Some(ints::and), None;
    XOR "^" nb_xor nb_inplace_xor Some(ints::xor), None;
    OR "|" nb_or nb_inplace_or Some(ints::or), None;
    // divmod() has no in-place form; its own slot stands in and is never asked for.
    DIVMOD "divmod()" nb_divmod nb_divmod Some(ints::divmod), Some(floats::divmod);
}

/// A slot of the number suite, by offset.
#[inline(always)]
fn slot_at(object: &Object, offset: usize) -> Option<binaryfunc> {
    // SAFETY: NULL or a live suite; every slot asked for at these offsets has this type.
    unsafe {
        let suite = object.ty().tp_as_number.get();
        if suite.is_null() { None } else { (*suite.byte_add(offset).cast::<Slot<binaryfunc>>()).get() }
    }
}

#[inline(always)]
fn sequence_of(object: &Object) -> Option<&PySequenceMethods> {
    // SAFETY: NULL or a live suite.
    unsafe { object.ty().tp_as_sequence.get().as_ref() }
}

/// Runs a slot; `None` for `NotImplemented`.
#[inline(always)]
fn ask(ts: &ThreadState, f: binaryfunc, a: &Object, b: &Object) -> Result<Option<Owned<Object>>> {
    // SAFETY: the operand's own slot.
    let result = ts.check_result(None, unsafe { f(a.as_ptr(), b.as_ptr()) })?;
    Ok(if is_not_implemented(&result) { None } else { Some(result) })
}

/// Both operands' slots in the right order; `None` if neither knows.
#[inline]
fn ask_both(ts: &ThreadState, offset: usize, a: &Object, b: &Object) -> Result<Option<Owned<Object>>> {
    let left = slot_at(a, offset);
    let mut right = if core::ptr::eq(a.ty(), b.ty()) { None } else { slot_at(b, offset) };
    if let (Some(l), Some(r)) = (left, right)
        && l as usize == r as usize
    {
        right = None;
    }
    if let Some(f) = left {
        if let Some(r) = right
            && b.ty().is_subtype_of(a.ty())
        {
            if let Some(result) = ask(ts, r, a, b)? {
                return Ok(Some(result));
            }
            right = None;
        }
        if let Some(result) = ask(ts, f, a, b)? {
            return Ok(Some(result));
        }
    }
    match right {
        Some(f) => ask(ts, f, a, b),
        None => Ok(None),
    }
}

/// What both operands are given to directly, if both are exact ints or exact floats.
#[inline(always)]
fn direct(ts: &ThreadState, op: BinaryOp, a: &Object, b: &Object) -> Option<Result> {
    if let (Some(f), Some(x), Some(y)) = (op.ints, a.downcast_exact::<Int>(), b.downcast_exact::<Int>()) {
        return Some(f(ts, x, y));
    }
    op.floats.filter(|_| a.is_exact::<Float>() && b.is_exact::<Float>()).map(|f| f(ts, a, b))
}

/// `a op b`.
#[inline(always)]
pub fn binary(ts: &ThreadState, op: BinaryOp, a: &Object, b: &Object) -> Result {
    match direct(ts, op, a, b) {
        Some(result) => result,
        None => binary_by_slots(ts, op, a, b),
    }
}

fn binary_by_slots(ts: &ThreadState, op: BinaryOp, a: &Object, b: &Object) -> Result {
    match ask_both(ts, op.slot, a, b)? {
        Some(result) => Ok(result),
        None => match sequence_fallback(ts, op, a, b, false)? {
            Some(result) => Ok(result),
            None => Err(unsupported(ts, op.symbol, a, b)),
        },
    }
}

/// `a op= b`: the in-place slot, else as `a op b`.
pub fn inplace(ts: &ThreadState, op: BinaryOp, a: &Object, b: &Object) -> Result {
    if let Some(result) = direct(ts, op, a, b) {
        return result;
    }
    if let Some(result) = ask_numbers(ts, op, a, b, true)? {
        return Ok(result);
    }
    match sequence_fallback(ts, op, a, b, true)? {
        Some(result) => Ok(result),
        None => Err(unsupported(ts, &format!("{}=", op.symbol), a, b)),
    }
}

/// `a op b` or `a op= b` by the number slots alone; `None` if neither operand knows.
pub fn ask_numbers(
    ts: &ThreadState,
    op: BinaryOp,
    a: &Object,
    b: &Object,
    inplace: bool,
) -> Result<Option<Owned<Object>>> {
    if inplace
        && let Some(f) = slot_at(a, op.inplace)
        && let Some(result) = ask(ts, f, a, b)?
    {
        return Ok(Some(result));
    }
    ask_both(ts, op.slot, a, b)
}

/// `+` concatenates and `*` repeats what is a sequence and no number.
fn sequence_fallback(
    ts: &ThreadState,
    op: BinaryOp,
    a: &Object,
    b: &Object,
    inplace: bool,
) -> Result<Option<Owned<Object>>> {
    if op.slot == ADD.slot {
        let Some(suite) = sequence_of(a) else { return Ok(None) };
        let concat = if inplace { suite.sq_inplace_concat.get() } else { None }.or(suite.sq_concat.get());
        return match concat {
            // SAFETY: the operand's own slot.
            Some(f) => ts.check_result(None, unsafe { f(a.as_ptr(), b.as_ptr()) }).map(Some),
            None => Ok(None),
        };
    }
    if op.slot != MULTIPLY.slot {
        return Ok(None);
    }
    if let Some(suite) = sequence_of(a) {
        let repeat = if inplace { suite.sq_inplace_repeat.get() } else { None }.or(suite.sq_repeat.get());
        if let Some(f) = repeat {
            return repeat_by(ts, f, a, b).map(Some);
        }
    }
    // The right operand is repeated by the left one, never in place.
    match sequence_of(b).and_then(|s| s.sq_repeat.get()) {
        Some(f) => repeat_by(ts, f, b, a).map(Some),
        None => Ok(None),
    }
}

fn repeat_by(ts: &ThreadState, f: ssizeargfunc, sequence: &Object, times: &Object) -> Result {
    if !is_index(times) {
        let name = times.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("can't multiply sequence by non-int of type '{name}'")));
    }
    let n = as_ssize(ts, times, Some(&OVERFLOW_ERROR))?;
    // SAFETY: the sequence's own slot.
    ts.check_result(None, unsafe { f(sequence.as_ptr(), n) })
}

#[cold]
pub fn unsupported(ts: &ThreadState, symbol: &str, a: &Object, b: &Object) -> Raised {
    let (left, right) = (a.ty().full_name(), b.ty().full_name());
    ts.raise(&TYPE_ERROR, format_args!("unsupported operand type(s) for {symbol}: '{left}' and '{right}'"))
}

#[inline(always)]
fn power_slot(object: &Object) -> Option<ternaryfunc> {
    // SAFETY: NULL or a live suite.
    unsafe { object.ty().tp_as_number.get().as_ref()?.nb_power.get() }
}

/// `pow(a, b, c)`; `c` is `None` for `a ** b`.
pub fn power(ts: &ThreadState, a: &Object, b: &Object, c: &Object) -> Result {
    power_with_symbol(ts, a, b, c, "** or pow()")
}

/// `a **= b`.
pub fn inplace_power(ts: &ThreadState, a: &Object, b: &Object, c: &Object) -> Result {
    // SAFETY: NULL or a live suite.
    let slot = unsafe { a.ty().tp_as_number.get().as_ref().and_then(|s| s.nb_inplace_power.get()) };
    if let Some(f) = slot {
        // SAFETY: the operand's own slot.
        let result = ts.check_result(None, unsafe { f(a.as_ptr(), b.as_ptr(), c.as_ptr()) })?;
        if !is_not_implemented(&result) {
            return Ok(result);
        }
    }
    power_with_symbol(ts, a, b, c, "**=")
}

fn power_with_symbol(ts: &ThreadState, a: &Object, b: &Object, c: &Object, symbol: &str) -> Result {
    let left = power_slot(a);
    let right = power_slot(b).filter(|_| !core::ptr::eq(a.ty(), b.ty()));
    let third = power_slot(c).filter(|_| !is_none(c));
    let mut order = [left, right, third];
    if right.is_some() && left.is_some() && b.ty().is_subtype_of(a.ty()) {
        order.swap(0, 1);
    }
    let mut asked: [usize; 3] = [0; 3];
    for (i, f) in order.into_iter().enumerate() {
        let Some(f) = f else { continue };
        if asked.contains(&(f as usize)) {
            continue;
        }
        asked[i] = f as usize;
        // SAFETY: an operand's own slot.
        let result = ts.check_result(None, unsafe { f(a.as_ptr(), b.as_ptr(), c.as_ptr()) })?;
        if !is_not_implemented(&result) {
            return Ok(result);
        }
    }
    if is_none(c) {
        return Err(unsupported(ts, symbol, a, b));
    }
    let (x, y, z) = (a.ty().full_name(), b.ty().full_name(), c.ty().full_name());
    Err(ts.raise(&TYPE_ERROR, format_args!("unsupported operand type(s) for {symbol}: '{x}', '{y}', '{z}'")))
}

/// `-x`, `+x`, `~x`, `abs(x)`, by the offset of the slot and the words of the message.
fn unary(ts: &ThreadState, offset: usize, what: &str, x: &Object) -> Result {
    // SAFETY: NULL or a live suite; the slots asked for are unary.
    let slot = unsafe {
        let suite = x.ty().tp_as_number.get();
        if suite.is_null() { None } else { (*suite.byte_add(offset).cast::<Slot<unaryfunc>>()).get() }
    };
    match slot {
        // SAFETY: the operand's own slot.
        Some(f) => ts.check_result(None, unsafe { f(x.as_ptr()) }),
        None => {
            let name = x.ty().full_name();
            Err(ts.raise(&TYPE_ERROR, format_args!("bad operand type for {what}: '{name}'")))
        }
    }
}

pub fn negative(ts: &ThreadState, x: &Object) -> Result {
    unary(ts, offset_of!(PyNumberMethods, nb_negative), "unary -", x)
}

pub fn positive(ts: &ThreadState, x: &Object) -> Result {
    unary(ts, offset_of!(PyNumberMethods, nb_positive), "unary +", x)
}

pub fn invert(ts: &ThreadState, x: &Object) -> Result {
    unary(ts, offset_of!(PyNumberMethods, nb_invert), "unary ~", x)
}

pub fn absolute(ts: &ThreadState, x: &Object) -> Result {
    unary(ts, offset_of!(PyNumberMethods, nb_absolute), "abs()", x)
}

/// Whether `object` can stand for an int, as an index does.
#[inline]
pub fn is_index(object: &Object) -> bool {
    // SAFETY: NULL or a live suite.
    object.downcast::<Int>().is_some()
        || unsafe { object.ty().tp_as_number.get().as_ref() }.is_some_and(|s| s.nb_index.get().is_some())
}

/// `operator.index(object)`: an int, or an instance of a subclass if it is one already.
#[inline]
pub fn index(ts: &ThreadState, object: &Object) -> Result<Owned<Int>> {
    if let Some(int) = object.downcast::<Int>() {
        return Ok(Owned::new(int));
    }
    // SAFETY: NULL or a live suite.
    let slot = unsafe { object.ty().tp_as_number.get().as_ref() }.and_then(|s| s.nb_index.get());
    let Some(f) = slot else {
        let name = object.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("'{name}' object cannot be interpreted as an integer")));
    };
    // SAFETY: the operand's own slot.
    let result = ts.check_result(None, unsafe { f(object.as_ptr()) })?;
    result.downcast_owned::<Int>().map_err(|other| convert::must_return(ts, object, "__index__", "an int", &other))
}

/// `operator.index(object)` as an exact int: an instance of a subclass gives a plain one of its value.
pub fn exact_index(ts: &ThreadState, object: &Object) -> Result<Owned<Int>> {
    let int = index(ts, object)?;
    if int.is_exact::<Int>() { Ok(int) } else { Int::from_digits(ts, int.is_negative(), int.digits()) }
}

/// An index as a C integer. Too large a one raises `overflow`, or is clipped where there is none.
pub fn as_ssize(ts: &ThreadState, object: &Object, overflow: Option<&crate::object::Type>) -> Result<isize> {
    let int = index(ts, object)?;
    match (int.to_i64(), overflow) {
        (Some(value), _) => Ok(value as isize),
        (None, None) => Ok(if int.is_negative() { isize::MIN } else { isize::MAX }),
        (None, Some(ty)) => {
            let name = object.ty().full_name();
            Err(ts.raise(ty, format_args!("cannot fit '{name}' into an index-sized integer")))
        }
    }
}

/// The index of a subscript: `IndexError` when it does not fit.
pub fn as_subscript(ts: &ThreadState, object: &Object) -> Result<isize> {
    as_ssize(ts, object, Some(&INDEX_ERROR))
}

/// Whether `object` is complex, or can be made an int or a float of: `PyNumber_Check`.
pub fn is_number(object: &Object) -> bool {
    // SAFETY: NULL or a live suite.
    let suite = unsafe { object.ty().tp_as_number.get().as_ref() };
    suite.is_some_and(|s| s.nb_index.get().is_some() || s.nb_int.get().is_some() || s.nb_float.get().is_some())
        || object.downcast::<Complex>().is_some()
}
