//! What Python sees of a float by name.

use super::arithmetic::{itself, raise, to_int, truncate};
use super::{Float, PyFloat_Type, text};
use crate::ffi::*;
use crate::format::{float_arith, float_parse, float_text};
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::args::Args;
use crate::protocol::{call, convert, number};
use crate::runtime::ThreadState;
use crate::types::exceptions::{OVERFLOW_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::int::digits::{self, bits};
use crate::types::method::{class, noargs, one, positional};
use crate::types::{Int, Str, Tuple, singletons, slot};

fn is_integer(_ts: &ThreadState, this: &Float) -> Result<bool> {
    let value = this.value();
    Ok(value.is_finite() && value.fract() == 0.0)
}

fn as_integer_ratio(ts: &ThreadState, this: &Float) -> Result<Owned<Tuple>> {
    let (mantissa, exponent) = float_arith::ratio(this.value()).map_err(|error| raise(ts, error))?;
    let scaled = |value: i64| {
        let value = digits::Digits::from_i64(value);
        let count = u64::from(exponent.unsigned_abs());
        let room = bits::shift_left_len(value.as_int(), count);
        let room = room.map_err(|error| crate::types::int::arithmetic::raise(ts, error))?;
        Int::build(ts, room, |out| bits::shift_left(out, value.as_int(), count))
    };
    let (numerator, denominator) = match exponent {
        0.. => (scaled(mantissa)?, Int::from_i64(ts, 1)?),
        _ => (Int::from_i64(ts, mantissa)?, scaled(1)?),
    };
    Tuple::new(ts, &[&numerator, &denominator])
}

fn floor(ts: &ThreadState, this: &Float) -> Result<Owned<Int>> {
    to_int(ts, this.value().floor())
}

fn ceil(ts: &ThreadState, this: &Float) -> Result<Owned<Int>> {
    to_int(ts, this.value().ceil())
}

fn round(ts: &ThreadState, this: &Float, args: Args<'_>) -> Result {
    args.expect_positional(ts, "__round__", 0, 1)?;
    let Some(places) = args.get(0).filter(|a| !singletons::is_none(*a)) else {
        return Ok(to_int(ts, float_arith::round(this.value()))?.upcast());
    };
    let places = number::as_ssize(ts, places, None)?;
    let rounded = float_arith::round_to(this.value(), places as i64).map_err(|error| raise(ts, error))?;
    Ok(Float::new(ts, rounded)?.upcast())
}

fn hex(ts: &ThreadState, this: &Float) -> Result<Owned<Str>> {
    Str::new(ts, &float_text::hex(this.value()))
}

/// The float itself, or what a subclass makes of it.
fn of_type(ts: &ThreadState, ty: &Type, value: f64) -> Result {
    let value = Float::new(ts, value)?;
    if core::ptr::eq(ty, &PyFloat_Type) { Ok(value.upcast()) } else { call::call(ts, ty.as_object(), &[&value]) }
}

fn from_hex(ts: &ThreadState, ty: &Type, source: &Object) -> Result {
    let Some(source) = source.downcast::<Str>() else {
        return Err(ts.raise_str(&TYPE_ERROR, "bad argument type for built-in operation"));
    };
    match float_parse::from_hex(source.utf8(ts)?) {
        Ok(value) => of_type(ts, ty, value),
        Err(error) => {
            let kind = match error {
                float_parse::HexError::Invalid => &VALUE_ERROR,
                float_parse::HexError::TooLarge => &OVERFLOW_ERROR,
            };
            Err(ts.raise_str(kind, error.message()))
        }
    }
}

fn from_number(ts: &ThreadState, ty: &Type, number: &Object) -> Result {
    if core::ptr::eq(ty, &PyFloat_Type) && number.is_exact::<Float>() {
        return Ok(Owned::new(number));
    }
    of_type(ts, ty, convert::as_f64(ts, number)?)
}

fn getnewargs(ts: &ThreadState, this: &Float) -> Result<Owned<Tuple>> {
    let copy = Float::new(ts, this.value())?;
    Tuple::new(ts, &[&copy])
}

fn getformat(ts: &ThreadState, _ty: &Type, kind: &Object) -> Result<Owned<Str>> {
    let Some(text) = kind.downcast::<Str>() else {
        let name = kind.ty().short_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("__getformat__() argument must be str, not {name}")));
    };
    match text.as_ascii() {
        Some("double" | "float") => Str::new(ts, "IEEE, little-endian"),
        _ => Err(ts.raise_str(&VALUE_ERROR, "__getformat__() argument 1 must be 'double' or 'float'")),
    }
}

fn zero(ts: &ThreadState, _this: &Float) -> Result<Owned<Float>> {
    Float::new(ts, 0.0)
}

pub(super) static METHODS: [PyMethodDef; 14] = [
    class(one::<Type, _, _>(
        c"from_number",
        from_number,
        c"from_number($type, number, /)\n--\n\nThe float that a number is. Text is none.",
    )),
    noargs(c"conjugate", itself, c"conjugate($self, /)\n--\n\nThe float itself, as it has no imaginary part."),
    noargs(c"__trunc__", truncate, c"__trunc__($self, /)\n--\n\nThe whole part, as an int."),
    noargs(c"__floor__", floor, c"__floor__($self, /)\n--\n\nThe largest int that is not above."),
    noargs(c"__ceil__", ceil, c"__ceil__($self, /)\n--\n\nThe smallest int that is not below."),
    positional(
        c"__round__",
        round,
        c"__round__($self, ndigits=None, /)\n--\n\nThe nearest int, or the float rounded to so many decimals; ties go to even.",
    ),
    noargs(
        c"as_integer_ratio",
        as_integer_ratio,
        c"as_integer_ratio($self, /)\n--\n\nTwo ints without a common factor whose quotient is the float exactly.",
    ),
    class(one::<Type, _, _>(
        c"fromhex",
        from_hex,
        c"fromhex($type, string, /)\n--\n\nThe float that a hexadecimal text says.",
    )),
    noargs(c"hex", hex, c"hex($self, /)\n--\n\nThe float in hexadecimal, exactly."),
    noargs(c"is_integer", is_integer, c"is_integer($self, /)\n--\n\nWhether it is a whole number."),
    noargs(c"__getnewargs__", getnewargs, c"__getnewargs__($self, /)\n--\n\n"),
    class(one::<Type, _, _>(
        c"__getformat__",
        getformat,
        c"__getformat__($type, typestr, /)\n--\n\nHow C's 'double' or 'float' is laid out in memory.",
    )),
    one(c"__format__", text::format, c"__format__($self, format_spec, /)\n--\n\nThe float as text, after a format spec."),
    slot::METHODS_END,
];

pub(super) static GETSET: [PyGetSetDef; 3] =
    [slot::getter(c"real", itself, c"The float itself."), slot::getter(c"imag", zero, c"0.0."), slot::GETSET_END];
