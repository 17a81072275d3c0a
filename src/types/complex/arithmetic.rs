//! What operators do with complex numbers. The other operand may be an int or a float, which stays real: no
//! imaginary part is made up for it.

use super::Complex;
use super::kernel::{self, ComplexError, of};
use crate::ffi::*;
use crate::object::{Object, Owned, Raised, Result};
use crate::protocol::compare::CompareOp;
use crate::protocol::object;
use crate::runtime::ThreadState;
use crate::types::exceptions::{OVERFLOW_ERROR, VALUE_ERROR, ZERO_DIVISION_ERROR};
use crate::types::hash::hash_pointer;
use crate::types::int::arithmetic as ints;
use crate::types::int::digits::float::hash_f64;
use crate::types::singletons::{self, not_implemented};
use crate::types::{Float, Int, bool as boolean, slot};

#[cold]
fn raise(ts: &ThreadState, error: ComplexError) -> Raised {
    let ty = match error {
        ComplexError::DivisionByZero | ComplexError::ZeroToPower => &ZERO_DIVISION_ERROR,
        ComplexError::PowerTooLarge | ComplexError::AbsoluteTooLarge => &OVERFLOW_ERROR,
    };
    ts.raise_str(ty, error.message())
}

enum Operand {
    Complex(Py_complex),
    Real(f64),
}

/// An operand's value; nothing if it is no number that complex numbers work with.
fn operand(ts: &ThreadState, object: &Object) -> Result<Option<Operand>> {
    if let Some(complex) = object.downcast::<Complex>() {
        return Ok(Some(Operand::Complex(complex.value())));
    }
    if let Some(float) = object.downcast::<Float>() {
        return Ok(Some(Operand::Real(float.value())));
    }
    match object.downcast::<Int>() {
        Some(int) => Ok(Some(Operand::Real(ints::to_f64(ts, int)?))),
        None => Ok(None),
    }
}

/// Both operands, of which one at least is complex.
enum Operands {
    Complex(Py_complex, Py_complex),
    RealRight(Py_complex, f64),
    RealLeft(f64, Py_complex),
}

fn operands(ts: &ThreadState, a: &Object, b: &Object) -> Result<Option<Operands>> {
    let Some(a) = operand(ts, a)? else { return Ok(None) };
    let Some(b) = operand(ts, b)? else { return Ok(None) };
    Ok(Some(match (a, b) {
        (Operand::Complex(a), Operand::Complex(b)) => Operands::Complex(a, b),
        (Operand::Complex(a), Operand::Real(b)) => Operands::RealRight(a, b),
        (Operand::Real(a), Operand::Complex(b)) => Operands::RealLeft(a, b),
        (Operand::Real(a), Operand::Real(b)) => Operands::RealRight(of(a, 0.0), b),
    }))
}

fn value(ts: &ThreadState, value: Py_complex) -> Result {
    Complex::new(ts, value).map(Owned::upcast)
}

fn add(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    let Some(both) = operands(ts, a, b)? else { return Ok(not_implemented()) };
    value(
        ts,
        match both {
            Operands::Complex(a, b) => of(a.real + b.real, a.imag + b.imag),
            Operands::RealRight(a, b) | Operands::RealLeft(b, a) => of(a.real + b, a.imag),
        },
    )
}

fn subtract(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    let Some(both) = operands(ts, a, b)? else { return Ok(not_implemented()) };
    value(
        ts,
        match both {
            Operands::Complex(a, b) => of(a.real - b.real, a.imag - b.imag),
            Operands::RealRight(a, b) => of(a.real - b, a.imag),
            Operands::RealLeft(a, b) => of(a - b.real, -b.imag),
        },
    )
}

fn multiply(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    let Some(both) = operands(ts, a, b)? else { return Ok(not_implemented()) };
    value(
        ts,
        match both {
            Operands::Complex(a, b) => kernel::product(a, b),
            Operands::RealRight(a, b) | Operands::RealLeft(b, a) => of(a.real * b, a.imag * b),
        },
    )
}

fn true_divide(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    let Some(both) = operands(ts, a, b)? else { return Ok(not_implemented()) };
    let quotient = match both {
        Operands::Complex(a, b) => kernel::quotient(a, b),
        Operands::RealRight(a, b) => kernel::quotient_by_real(a, b),
        Operands::RealLeft(a, b) => kernel::quotient_of_real(a, b),
    };
    value(ts, quotient.map_err(|error| raise(ts, error))?)
}

fn power(ts: &ThreadState, a: &Object, b: &Object, c: &Object) -> Result {
    let Some(a) = operand(ts, a)? else { return Ok(not_implemented()) };
    let Some(b) = operand(ts, b)? else { return Ok(not_implemented()) };
    if !singletons::is_none(c) {
        return Err(ts.raise_str(&VALUE_ERROR, "complex modulo"));
    }
    let complex = |x| match x {
        Operand::Complex(x) => x,
        Operand::Real(x) => of(x, 0.0),
    };
    power_of(ts, complex(a), complex(b))
}

/// `a ** b`.
pub fn power_of(ts: &ThreadState, a: Py_complex, b: Py_complex) -> Result {
    value(ts, kernel::power(a, b).map_err(|error| raise(ts, error))?)
}

fn negative(ts: &ThreadState, this: &Complex) -> Result {
    value(ts, of(-this.value().real, -this.value().imag))
}

/// `+z`: itself, if it is no subclass's.
pub(super) fn itself(ts: &ThreadState, this: &Complex) -> Result {
    if this.is_exact::<Complex>() { Ok(Owned::new(this.as_object())) } else { value(ts, this.value()) }
}

fn absolute(ts: &ThreadState, this: &Complex) -> Result<Owned<Float>> {
    Float::new(ts, kernel::absolute(this.value()).map_err(|error| raise(ts, error))?)
}

fn is_true(_ts: &ThreadState, this: &Complex) -> Result<bool> {
    Ok(this.value() != of(0.0, 0.0))
}

pub(super) fn compare(ts: &ThreadState, this: &Complex, other: &Object, op: CompareOp) -> Result {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(not_implemented());
    }
    let value = this.value();
    let equal = if let Some(other) = other.downcast::<Complex>() {
        value == other.value()
    } else if let Some(float) = other.downcast::<Float>() {
        value.imag == 0.0 && value.real == float.value()
    } else if other.downcast::<Int>().is_some() {
        // An int is compared exactly, not as the float that it would become.
        value.imag == 0.0 && object::equal(ts, &*Float::new(ts, value.real)?, other)?
    } else {
        return Ok(not_implemented());
    };
    Ok(boolean::from_bool(equal == (op == CompareOp::Eq)))
}

/// The factor of the imaginary part's hash.
const IMAGINARY: isize = 1_000_003;

pub(super) fn hash(_ts: &ThreadState, this: &Complex) -> Result<isize> {
    let part = |x: f64| hash_f64(x).map_or_else(|| hash_pointer(this), |hash| hash as isize);
    let value = this.value();
    Ok(match part(value.real).wrapping_add(part(value.imag).wrapping_mul(IMAGINARY)) {
        -1 => -2,
        hash => hash,
    })
}

#[unsafe(link_section = "immortal")]
pub(super) static AS_NUMBER: PyNumberMethods = PyNumberMethods {
    nb_add: slot::binary(add),
    nb_subtract: slot::binary(subtract),
    nb_multiply: slot::binary(multiply),
    nb_power: slot::power(power),
    nb_negative: slot::unary(negative),
    nb_positive: slot::unary(itself),
    nb_absolute: slot::unary(absolute),
    nb_bool: slot::inquiry(is_true),
    nb_true_divide: slot::binary(true_divide),
    ..PyNumberMethods::EMPTY
};
