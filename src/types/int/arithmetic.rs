//! What operators do with ints.
//!
//! Each has a path for two compact operands, which makes no intermediate; the rest goes to the kernels, which
//! write into the result object. Binary operators take ints; [`of_ints`] makes slots of them.

use core::cmp::Ordering;
use core::num::NonZero;

use super::Int;
use super::digits::bits::{self, Bitwise};
use super::digits::{self, Digits, IntError, Written, arith, divide, float, power as powers};
use crate::ffi::*;
use crate::object::{Object, Owned, Raised, Result};
use crate::protocol::compare::CompareOp;
use crate::runtime::ThreadState;
use crate::types::exceptions::{OVERFLOW_ERROR, VALUE_ERROR, ZERO_DIVISION_ERROR};
use crate::types::singletons::{self, not_implemented};
use crate::types::{Float, Tuple, bool as boolean, slot};

/// Raises what a kernel reports.
#[cold]
pub fn raise(ts: &ThreadState, error: IntError) -> Raised {
    let ty = match error {
        IntError::DivisionByZero | IntError::ZeroToNegativePower => &ZERO_DIVISION_ERROR,
        IntError::ModulusZero | IntError::NotInvertible | IntError::NegativeShift | IntError::FloatNan => &VALUE_ERROR,
        IntError::NoMemory => return ts.no_memory(),
        _ => &OVERFLOW_ERROR,
    };
    ts.raise_str(ty, error.message())
}

#[inline(always)]
fn both<'a>(a: &'a Object, b: &'a Object) -> Option<(&'a Int, &'a Int)> {
    Some((a.downcast::<Int>()?, b.downcast::<Int>()?))
}

/// A slot around what two ints are given to: it gets an int in either place, and says so of what is none.
pub const fn of_ints<F: Fn(&ThreadState, &Int, &Int) -> Result + Copy>(f: F) -> Slot<binaryfunc> {
    slot::binary(move |ts: &ThreadState, a: &Object, b: &Object| match both(a, b) {
        Some((x, y)) => f(ts, x, y),
        None => Ok(not_implemented()),
    })
}

#[inline(always)]
fn compact(x: &Int, y: &Int) -> Option<(i64, i64)> {
    if x.is_compact() && y.is_compact() { Some((x.compact_value(), y.compact_value())) } else { None }
}

#[inline(always)]
fn value(ts: &ThreadState, value: i64) -> Result {
    Int::from_i64(ts, value).map(Owned::upcast)
}

fn made(ts: &ThreadState, result: core::result::Result<Digits, IntError>) -> Result {
    match result {
        Ok(digits) => Int::from_kernel(ts, &digits).map(Owned::upcast),
        Err(error) => Err(raise(ts, error)),
    }
}

pub fn add(ts: &ThreadState, x: &Int, y: &Int) -> Result {
    if let Some((x, y)) = compact(x, y) {
        return value(ts, x + y);
    }
    let (x, y) = (x.kernel(), y.kernel());
    Ok(Int::build(ts, arith::sum_len(x, y), |out| arith::add(out, x, y))?.upcast())
}

pub fn subtract(ts: &ThreadState, x: &Int, y: &Int) -> Result {
    if let Some((x, y)) = compact(x, y) {
        return value(ts, x - y);
    }
    let (x, y) = (x.kernel(), y.kernel());
    Ok(Int::build(ts, arith::sum_len(x, y), |out| arith::subtract(out, x, y))?.upcast())
}

pub fn multiply(ts: &ThreadState, x: &Int, y: &Int) -> Result {
    if let Some((x, y)) = compact(x, y) {
        return value(ts, x * y);
    }
    let (x, y) = (x.kernel(), y.kernel());
    Ok(Int::build(ts, arith::product_len(x, y), |out| arith::multiply(out, x, y))?.upcast())
}

/// The divisor is not 0.
#[inline(always)]
fn check_divisor(ts: &ThreadState, divisor: &Int) -> Result<()> {
    if divisor.is_zero() { Err(raise(ts, IntError::DivisionByZero)) } else { Ok(()) }
}

/// The quotient of compact ints, the divisor not 0, rounding down: one division of 32 bits without a sign, which is
/// what processors are quickest at.
#[inline(always)]
fn small_quotient(x: i64, y: i64) -> i64 {
    let down = (x < 0) != (y < 0);
    let (x, y) = (x.unsigned_abs() as u32, y.unsigned_abs() as u32);
    let Some(divisor) = NonZero::new(y) else { return 0 };
    let quotient = i64::from((if down { x + (y - 1) } else { x }) / divisor);
    if down { -quotient } else { quotient }
}

#[inline(always)]
fn small_divmod(x: i64, y: i64) -> (i64, i64) {
    let quotient = small_quotient(x, y);
    (quotient, x - quotient * y)
}

/// Quotient and remainder of any size, both written into their objects.
pub(super) fn big_divmod(ts: &ThreadState, x: &Int, y: &Int) -> Result<(Owned<Int>, Owned<Int>)> {
    let (x, y) = (x.kernel(), y.kernel());
    let (q_room, r_room) = (divide::quotient_len(x, y), divide::remainder_len(y));
    let (q, r) = (Int::with_room(ts, q_room)?, Int::with_room(ts, r_room)?);
    // SAFETY: both are ours alone, with that room.
    let written = unsafe { divide::divmod(q.room_mut(q_room), r.room_mut(r_room), x, y) };
    let (q_written, r_written) = written.map_err(|error| raise(ts, error))?;
    Ok((Int::finish(q, q_written), Int::finish(r, r_written)))
}

pub fn floor_divide(ts: &ThreadState, x: &Int, y: &Int) -> Result {
    check_divisor(ts, y)?;
    match compact(x, y) {
        Some((x, y)) => value(ts, small_quotient(x, y)),
        None => Ok(big_divmod(ts, x, y)?.0.upcast()),
    }
}

pub fn remainder(ts: &ThreadState, x: &Int, y: &Int) -> Result {
    check_divisor(ts, y)?;
    match compact(x, y) {
        Some((x, y)) => value(ts, small_divmod(x, y).1),
        None => Ok(big_divmod(ts, x, y)?.1.upcast()),
    }
}

pub fn divmod(ts: &ThreadState, x: &Int, y: &Int) -> Result {
    check_divisor(ts, y)?;
    let (q, r) = match compact(x, y) {
        Some((x, y)) => {
            let (q, r) = small_divmod(x, y);
            (Int::from_i64(ts, q)?, Int::from_i64(ts, r)?)
        }
        None => big_divmod(ts, x, y)?,
    };
    Ok(Tuple::new(ts, &[&q, &r])?.upcast())
}

pub fn true_divide(ts: &ThreadState, x: &Int, y: &Int) -> Result {
    check_divisor(ts, y)?;
    let quotient = match compact(x, y) {
        // Both are exact as floats, so one rounding is all there is.
        Some((x, y)) => x as f64 / y as f64,
        None => float::true_divide(x.kernel(), y.kernel()).map_err(|error| raise(ts, error))?,
    };
    Ok(Float::new(ts, quotient)?.upcast())
}

fn power(ts: &ThreadState, a: &Object, b: &Object, c: &Object) -> Result {
    let Some((x, y)) = both(a, b) else { return Ok(not_implemented()) };
    if let Some(modulus) = c.downcast::<Int>() {
        if let Some(small) = small_pow_mod(x, y, modulus) {
            return value(ts, small);
        }
        return made(ts, powers::pow_mod(x.kernel(), y.kernel(), modulus.kernel()));
    }
    if !singletons::is_none(c) {
        return Ok(not_implemented());
    }
    if y.is_negative() {
        let float = |int: &Int| float::to_f64(int.kernel()).map_err(|error| raise(ts, error));
        return crate::types::float::arithmetic::power_of(ts, float(x)?, float(y)?);
    }
    if let Some((x, y)) = compact(x, y)
        && let Some(small) = x.checked_pow(y as u32)
    {
        return value(ts, small);
    }
    made(ts, powers::pow(x.kernel(), y.kernel()))
}

/// Where every product fits a machine word.
fn small_pow_mod(base: &Int, exponent: &Int, modulus: &Int) -> Option<i64> {
    let (base, exponent) = compact(base, exponent)?;
    let modulus = if modulus.is_compact() { modulus.compact_value() } else { return None };
    if exponent < 0 || modulus == 0 {
        return None;
    }
    let m = modulus.unsigned_abs();
    let (mut result, mut square, mut rest) = (1 % m, base.rem_euclid(m as i64) as u64, exponent);
    while rest > 0 {
        if rest & 1 == 1 {
            result = result * square % m;
        }
        square = square * square % m;
        rest >>= 1;
    }
    let result = result as i64;
    Some(if modulus < 0 && result > 0 { result + modulus } else { result })
}

fn negative(ts: &ThreadState, this: &Int) -> Result {
    if this.is_compact() {
        return value(ts, -this.compact_value());
    }
    Ok(Int::from_digits(ts, !this.is_negative(), this.digits())?.upcast())
}

/// `+x`, `int(x)`, `operator.index(x)`: itself, if it is no subclass's.
pub fn itself(ts: &ThreadState, this: &Int) -> Result {
    Int::exact(ts, this).map(Owned::upcast)
}

fn absolute(ts: &ThreadState, this: &Int) -> Result {
    if this.is_negative() { negative(ts, this) } else { itself(ts, this) }
}

fn invert(ts: &ThreadState, this: &Int) -> Result {
    if this.is_compact() {
        return value(ts, !this.compact_value());
    }
    let one = digits::Int { negative: false, digits: &[1] };
    let sum = Int::build(ts, this.digits().len() + 1, |out| {
        let Written { negative, len } = arith::add(out, this.kernel(), one);
        Written { negative: !negative, len }
    })?;
    Ok(sum.upcast())
}

fn is_true(_ts: &ThreadState, this: &Int) -> Result<bool> {
    Ok(!this.is_zero())
}

fn as_float(ts: &ThreadState, this: &Int) -> Result<Owned<Float>> {
    Float::new(ts, to_f64(ts, this)?)
}

/// The nearest float; `OverflowError` beyond the largest.
#[inline]
pub fn to_f64(ts: &ThreadState, this: &Int) -> Result<f64> {
    if this.is_compact() {
        return Ok(this.compact_value() as f64);
    }
    float::to_f64(this.kernel()).map_err(|error| raise(ts, error))
}

/// A shift's count; beyond 64 bits it counts as the largest.
fn shift_count(ts: &ThreadState, count: &Int) -> Result<u64> {
    if count.is_negative() {
        return Err(raise(ts, IntError::NegativeShift));
    }
    Ok(count.kernel().to_u64().unwrap_or(u64::MAX))
}

pub fn shift_left(ts: &ThreadState, x: &Int, y: &Int) -> Result {
    let count = shift_count(ts, y)?;
    if x.is_compact() && count < 32 {
        return value(ts, x.compact_value() << count);
    }
    if count > i64::MAX as u64 && !x.is_zero() {
        return Err(raise(ts, IntError::TooManyDigits));
    }
    let x = x.kernel();
    let room = bits::shift_left_len(x, count).map_err(|error| raise(ts, error))?;
    Ok(Int::build(ts, room, |out| bits::shift_left(out, x, count))?.upcast())
}

pub fn shift_right(ts: &ThreadState, x: &Int, y: &Int) -> Result {
    let count = shift_count(ts, y)?;
    if x.is_compact() {
        return value(ts, x.compact_value() >> count.min(63));
    }
    let x = x.kernel();
    Ok(Int::build(ts, bits::shift_right_len(x, count), |out| bits::shift_right(out, x, count))?.upcast())
}

fn bitwise(ts: &ThreadState, operator: Bitwise, x: &Int, y: &Int) -> Result {
    let (x, y) = (x.kernel(), y.kernel());
    Ok(Int::build(ts, bits::bitwise_len(x, y), |out| bits::bitwise(out, operator, x, y))?.upcast())
}

pub fn and(ts: &ThreadState, x: &Int, y: &Int) -> Result {
    match compact(x, y) {
        Some((x, y)) => value(ts, x & y),
        None => bitwise(ts, Bitwise::And, x, y),
    }
}

pub fn or(ts: &ThreadState, x: &Int, y: &Int) -> Result {
    match compact(x, y) {
        Some((x, y)) => value(ts, x | y),
        None => bitwise(ts, Bitwise::Or, x, y),
    }
}

pub fn xor(ts: &ThreadState, x: &Int, y: &Int) -> Result {
    match compact(x, y) {
        Some((x, y)) => value(ts, x ^ y),
        None => bitwise(ts, Bitwise::Xor, x, y),
    }
}

/// The order of two ints.
#[inline]
pub fn order(x: &Int, y: &Int) -> Ordering {
    match compact(x, y) {
        Some((x, y)) => x.cmp(&y),
        None => order_of_large(x, y),
    }
}

#[inline(never)]
fn order_of_large(x: &Int, y: &Int) -> Ordering {
    x.kernel().compare(y.kernel())
}

pub(super) fn compare(_ts: &ThreadState, this: &Int, other: &Object, op: CompareOp) -> Result {
    let Some(other) = other.downcast::<Int>() else { return Ok(not_implemented()) };
    Ok(boolean::from_bool(op.of(order(this, other))))
}

pub(super) fn hash(_ts: &ThreadState, this: &Int) -> Result<isize> {
    if this.is_compact() {
        return Ok(match this.compact_value() {
            -1 => -2,
            value => value as isize,
        });
    }
    Ok(float::hash(this.kernel()) as isize)
}

#[unsafe(link_section = "immortal")]
pub(super) static AS_NUMBER: PyNumberMethods = PyNumberMethods {
    nb_add: of_ints(add),
    nb_subtract: of_ints(subtract),
    nb_multiply: of_ints(multiply),
    nb_remainder: of_ints(remainder),
    nb_divmod: of_ints(divmod),
    nb_power: slot::power(power),
    nb_negative: slot::unary(negative),
    nb_positive: slot::unary(itself),
    nb_absolute: slot::unary(absolute),
    nb_bool: slot::inquiry(is_true),
    nb_invert: slot::unary(invert),
    nb_lshift: of_ints(shift_left),
    nb_rshift: of_ints(shift_right),
    nb_and: of_ints(and),
    nb_xor: of_ints(xor),
    nb_or: of_ints(or),
    nb_int: slot::unary(itself),
    nb_float: slot::unary(as_float),
    nb_floor_divide: of_ints(floor_divide),
    nb_true_divide: of_ints(true_divide),
    nb_index: slot::unary(itself),
    ..PyNumberMethods::EMPTY
};
