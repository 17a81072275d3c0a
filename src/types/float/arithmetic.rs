//! What operators do with floats. The other operand may be an int, which becomes a float, or overflows.

use core::cmp::Ordering;

use super::Float;
use crate::ffi::*;
use crate::format::float_arith::{self as arith, FloatError};
use crate::object::{Object, Owned, Raised, Result};
use crate::protocol::compare::CompareOp;
use crate::runtime::ThreadState;
use crate::types::complex::{self, kernel::of};
use crate::types::exceptions::{OVERFLOW_ERROR, TYPE_ERROR, VALUE_ERROR, ZERO_DIVISION_ERROR};
use crate::types::hash::hash_pointer;
use crate::types::int::digits::float::{from_f64, hash_f64};
use crate::types::int::{Int, arithmetic as ints};
use crate::types::singletons::{self, not_implemented};
use crate::types::{Tuple, bool as boolean, slot};

/// Raises what a kernel reports.
#[cold]
pub fn raise(ts: &ThreadState, error: FloatError) -> Raised {
    let ty = match error {
        FloatError::DivisionByZero | FloatError::ZeroToNegativePower => &ZERO_DIVISION_ERROR,
        FloatError::NanRatio => &VALUE_ERROR,
        FloatError::PowerTooLarge => return out_of_range(ts, error.message()),
        _ => &OVERFLOW_ERROR,
    };
    ts.raise_str(ty, error.message())
}

/// With `errno` as the first of two arguments.
fn out_of_range(ts: &ThreadState, text: &str) -> Raised {
    let args = || {
        let (number, text) = (Int::from_i64(ts, i64::from(libc::ERANGE))?, crate::types::Str::new(ts, text)?);
        Tuple::new(ts, &[&number, &text])
    };
    match args() {
        Ok(args) => ts.raise_value(&OVERFLOW_ERROR, args.upcast()),
        Err(raised) => raised,
    }
}

/// An operand's value; nothing if it is no number that floats work with.
#[inline(always)]
fn operand(ts: &ThreadState, object: &Object) -> Result<Option<f64>> {
    if let Some(float) = object.downcast_exact::<Float>() {
        return Ok(Some(float.value()));
    }
    other_operand(ts, object)
}

#[inline(never)]
fn other_operand(ts: &ThreadState, object: &Object) -> Result<Option<f64>> {
    if let Some(int) = object.downcast::<Int>() {
        return ints::to_f64(ts, int).map(Some);
    }
    Ok(object.downcast::<Float>().map(Float::value))
}

#[inline(always)]
fn both(ts: &ThreadState, a: &Object, b: &Object) -> Result<Option<(f64, f64)>> {
    let Some(x) = operand(ts, a)? else { return Ok(None) };
    Ok(operand(ts, b)?.map(|y| (x, y)))
}

#[inline(always)]
fn value(ts: &ThreadState, value: f64) -> Result {
    Float::new(ts, value).map(Owned::upcast)
}

pub fn add(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    let Some((x, y)) = both(ts, a, b)? else { return Ok(not_implemented()) };
    value(ts, x + y)
}

pub fn subtract(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    let Some((x, y)) = both(ts, a, b)? else { return Ok(not_implemented()) };
    value(ts, x - y)
}

pub fn multiply(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    let Some((x, y)) = both(ts, a, b)? else { return Ok(not_implemented()) };
    value(ts, x * y)
}

pub fn true_divide(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    let Some((x, y)) = both(ts, a, b)? else { return Ok(not_implemented()) };
    value(ts, arith::divide(x, y).map_err(|error| raise(ts, error))?)
}

pub fn floor_divide(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    let Some((x, y)) = both(ts, a, b)? else { return Ok(not_implemented()) };
    value(ts, arith::floor_divide(x, y).map_err(|error| raise(ts, error))?)
}

pub fn remainder(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    let Some((x, y)) = both(ts, a, b)? else { return Ok(not_implemented()) };
    value(ts, arith::modulo(x, y).map_err(|error| raise(ts, error))?)
}

pub fn divmod(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    let Some((x, y)) = both(ts, a, b)? else { return Ok(not_implemented()) };
    let (q, r) = arith::divmod(x, y).map_err(|error| raise(ts, error))?;
    let (q, r) = (Float::new(ts, q)?, Float::new(ts, r)?);
    Ok(Tuple::new(ts, &[&q, &r])?.upcast())
}

fn power(ts: &ThreadState, a: &Object, b: &Object, c: &Object) -> Result {
    if !singletons::is_none(c) {
        let text = "pow() 3rd argument not allowed unless all arguments are integers";
        return Err(ts.raise_str(&TYPE_ERROR, text));
    }
    let Some((x, y)) = both(ts, a, b)? else { return Ok(not_implemented()) };
    power_of(ts, x, y)
}

/// `x ** y`, which is complex for a broken power of a negative number.
pub fn power_of(ts: &ThreadState, x: f64, y: f64) -> Result {
    match arith::power(x, y) {
        Ok(power) => value(ts, power),
        Err(FloatError::Complex) => complex::arithmetic::power_of(ts, of(x, 0.0), of(y, 0.0)),
        Err(error) => Err(raise(ts, error)),
    }
}

fn negative(ts: &ThreadState, this: &Float) -> Result {
    value(ts, -this.value())
}

/// `+x`, `float(x)`: itself, if it is no subclass's.
pub(super) fn itself(ts: &ThreadState, this: &Float) -> Result {
    if this.is_exact::<Float>() { Ok(Owned::new(this.as_object())) } else { value(ts, this.value()) }
}

fn absolute(ts: &ThreadState, this: &Float) -> Result {
    value(ts, this.value().abs())
}

fn is_true(_ts: &ThreadState, this: &Float) -> Result<bool> {
    Ok(this.value() != 0.0)
}

/// `int(x)`, `math.trunc(x)`.
pub(super) fn truncate(ts: &ThreadState, this: &Float) -> Result<Owned<Int>> {
    to_int(ts, this.value())
}

/// Rounds towards zero. `ValueError` for a nan, `OverflowError` for an infinity.
pub fn to_int(ts: &ThreadState, value: f64) -> Result<Owned<Int>> {
    const WORD: f64 = (1u64 << 62) as f64;
    if value > -WORD && value < WORD {
        return Int::from_i64(ts, value as i64);
    }
    let digits = from_f64(value).map_err(|error| ints::raise(ts, error))?;
    Int::from_kernel(ts, &digits)
}

/// The order of a float and an int, exactly; none for a nan.
fn order_with_int(value: f64, int: &Int) -> Option<Ordering> {
    if int.is_compact() {
        return value.partial_cmp(&(int.compact_value() as f64));
    }
    if value.is_nan() {
        return None;
    }
    if value.is_infinite() {
        return value.partial_cmp(&0.0);
    }
    let whole = from_f64(value).ok()?;
    // Equal whole parts leave the decision to the fraction.
    Some(whole.as_int().compare(int.kernel()).then_with(|| value.fract().partial_cmp(&0.0).unwrap_or(Ordering::Equal)))
}

pub(super) fn compare(_ts: &ThreadState, this: &Float, other: &Object, op: CompareOp) -> Result {
    let order = if let Some(other) = other.downcast::<Float>() {
        this.value().partial_cmp(&other.value())
    } else if let Some(int) = other.downcast::<Int>() {
        order_with_int(this.value(), int)
    } else {
        return Ok(not_implemented());
    };
    Ok(boolean::from_bool(match order {
        Some(order) => op.of(order),
        None => op == CompareOp::Ne,
    }))
}

pub(super) fn hash(_ts: &ThreadState, this: &Float) -> Result<isize> {
    Ok(match hash_f64(this.value()) {
        Some(hash) => hash as isize,
        None => hash_pointer(this),
    })
}

#[unsafe(link_section = "immortal")]
pub(super) static AS_NUMBER: PyNumberMethods = PyNumberMethods {
    nb_add: slot::binary(add),
    nb_subtract: slot::binary(subtract),
    nb_multiply: slot::binary(multiply),
    nb_remainder: slot::binary(remainder),
    nb_divmod: slot::binary(divmod),
    nb_power: slot::power(power),
    nb_negative: slot::unary(negative),
    nb_positive: slot::unary(itself),
    nb_absolute: slot::unary(absolute),
    nb_bool: slot::inquiry(is_true),
    nb_int: slot::unary(truncate),
    nb_float: slot::unary(itself),
    nb_floor_divide: slot::binary(floor_divide),
    nb_true_divide: slot::binary(true_divide),
    ..PyNumberMethods::EMPTY
};
