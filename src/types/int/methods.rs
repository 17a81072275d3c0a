//! What Python sees of an int by name.

use super::arithmetic::{big_divmod, itself, raise};
use super::digits::{self, bytes};
use super::{Int, text};
use crate::ffi::*;
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::args::{Args, Signature};
use crate::protocol::{call, number, object};
use crate::runtime::ThreadState;
use crate::types::exceptions::{TYPE_ERROR, VALUE_ERROR};
use crate::types::method::{class, keywords, noargs, one, positional};
use crate::types::{Bytes, Str, Tuple, identifiers, singletons, slot};

fn bit_length(ts: &ThreadState, this: &Int) -> Result<Owned<Int>> {
    Int::from_parts_u64(ts, false, digits::bit_length(this.digits()))
}

fn bit_count(ts: &ThreadState, this: &Int) -> Result<Owned<Int>> {
    Int::from_parts_u64(ts, false, digits::bit_count(this.digits()))
}

fn as_integer_ratio(ts: &ThreadState, this: &Int) -> Result<Owned<Tuple>> {
    let (numerator, denominator) = (Int::exact(ts, this)?, Int::from_i64(ts, 1)?);
    Tuple::new(ts, &[&numerator, &denominator])
}

fn is_integer(_ts: &ThreadState, _this: &Int) -> Result<bool> {
    Ok(true)
}

fn getnewargs(ts: &ThreadState, this: &Int) -> Result<Owned<Tuple>> {
    // A pickled instance of a subclass is made of a plain int.
    let copy = Int::from_digits(ts, this.is_negative(), this.digits())?;
    Tuple::new(ts, &[&copy])
}

fn sizeof(_ts: &ThreadState, this: &Int) -> Result<isize> {
    let ty = this.ty();
    // CPython counts one digit at least.
    Ok(ty.tp_basicsize + this.digits().len().max(1) as isize * ty.tp_itemsize)
}

/// `round(int, digits)`: to a power of ten, ties to the even multiple.
fn round(ts: &ThreadState, this: &Int, args: Args<'_>) -> Result {
    args.expect_positional(ts, "__round__", 0, 1)?;
    let Some(places) = args.get(0).filter(|a| !singletons::is_none(*a)) else { return itself(ts, this) };
    let places = number::index(ts, places)?;
    if !places.is_negative() {
        return itself(ts, this);
    }
    let ten = Int::from_i64(ts, 10)?;
    let exponent = number::negative(ts, &places)?;
    let unit = number::power(ts, &ten, &exponent, singletons::none_ref())?;
    // SAFETY: a power of ints that is not negative is an int.
    let remainder = nearest_remainder(ts, this, unsafe { unit.cast::<Int>() })?;
    number::binary(ts, number::SUBTRACT, &*Int::exact(ts, this)?, &remainder)
}

/// What is left of `this` after the nearest multiple of `unit`, the even one of two.
fn nearest_remainder(ts: &ThreadState, this: &Int, unit: &Int) -> Result<Owned<Int>> {
    let (q, r) = big_divmod(ts, this, unit)?;
    let unit = unit.kernel();
    let twice = Int::build(ts, r.digits().len() + 1, |out| digits::bits::shift_left(out, r.kernel(), 1))?;
    let rounds_up = match twice.kernel().compare(unit) {
        core::cmp::Ordering::Less => false,
        core::cmp::Ordering::Equal => q.kernel().is_odd(),
        core::cmp::Ordering::Greater => true,
    };
    let less = if rounds_up { unit } else { digits::Int { negative: false, digits: &[] } };
    Int::build(ts, digits::arith::sum_len(r.kernel(), less), |out| digits::arith::subtract(out, r.kernel(), less))
}

static TO_BYTES: Signature =
    Signature { name: "to_bytes", params: &["length", "byteorder", "signed"], required: 0, max_positional: 2 };

fn to_bytes(ts: &ThreadState, this: &Int, args: Args<'_>) -> Result<Owned<Bytes>> {
    let [length, order, signed] = TO_BYTES.bind(ts, args)?;
    let length = match length {
        Some(length) => crate::protocol::args::as_c_ssize(ts, length)?,
        None => 1,
    };
    let little = byte_order(ts, "to_bytes", order)?;
    let signed = signed.map_or(Ok(false), |signed| object::is_true(ts, signed))?;
    let Ok(length) = usize::try_from(length) else {
        return Err(ts.raise_str(&VALUE_ERROR, "length cannot be negative"));
    };
    let mut result = bytes::to_bytes(&mut [], this.kernel(), little, signed);
    let made = Bytes::filled(ts, length, |out| result = bytes::to_bytes(out, this.kernel(), little, signed))?;
    result.map(|()| made).map_err(|error| raise(ts, error))
}

/// Whether the least significant byte comes first; `big` if nothing is said.
fn byte_order(ts: &ThreadState, function: &str, order: Option<&Object>) -> Result<bool> {
    let Some(order) = order else { return Ok(false) };
    let Some(text) = order.downcast::<Str>() else {
        let name = order.ty().short_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("{function}() argument 'byteorder' must be str, not {name}")));
    };
    match text.as_ascii() {
        Some("little") => Ok(true),
        Some("big") => Ok(false),
        _ => Err(ts.raise_str(&VALUE_ERROR, "byteorder must be either 'little' or 'big'")),
    }
}

static FROM_BYTES: Signature =
    Signature { name: "from_bytes", params: &["bytes", "byteorder", "signed"], required: 1, max_positional: 2 };

fn from_bytes(ts: &ThreadState, ty: &Type, args: Args<'_>) -> Result {
    let [source, order, signed] = FROM_BYTES.bind(ts, args)?;
    let little = byte_order(ts, "from_bytes", order)?;
    let signed = signed.map_or(Ok(false), |signed| object::is_true(ts, signed))?;
    let source = match source {
        Some(source) => bytes_of(ts, source)?,
        None => Bytes::empty(),
    };
    let value = bytes::from_bytes(source.as_slice(), little, signed).map_err(|error| raise(ts, error))?;
    let value = Int::from_kernel(ts, &value)?;
    if core::ptr::eq(ty, &super::PyLong_Type) {
        return Ok(value.upcast());
    }
    call::call(ts, ty.as_object(), &[&value])
}

/// `PyObject_Bytes`: bytes, what `__bytes__` gives, a buffer or numbers.
fn bytes_of(ts: &ThreadState, source: &Object) -> Result<Owned<Bytes>> {
    if let Some(bytes) = source.downcast_exact::<Bytes>() {
        return Ok(Owned::new(bytes));
    }
    let Some(method) = object::lookup_special(ts, source, &identifiers::__bytes__)? else {
        return Bytes::from_object(ts, source);
    };
    let made = call::call(ts, &method, &[])?;
    made.downcast_owned::<Bytes>().map_err(|other| {
        let name = other.ty().short_name();
        ts.raise(&TYPE_ERROR, format_args!("__bytes__ returned non-bytes (type {name})"))
    })
}

fn zero(ts: &ThreadState, _this: &Int) -> Result<Owned<Int>> {
    Int::from_i64(ts, 0)
}

fn unit(ts: &ThreadState, _this: &Int) -> Result<Owned<Int>> {
    Int::from_i64(ts, 1)
}

pub(super) static METHODS: [PyMethodDef; 15] = [
    noargs(c"conjugate", itself, c"conjugate($self, /)\n--\n\nThe int itself, as an int has no imaginary part."),
    noargs(c"bit_length", bit_length, c"bit_length($self, /)\n--\n\nHow many bits the magnitude takes: 0 for 0."),
    noargs(c"bit_count", bit_count, c"bit_count($self, /)\n--\n\nHow many bits of the magnitude are 1."),
    keywords(
        c"to_bytes",
        to_bytes,
        c"to_bytes($self, /, length=1, byteorder='big', *, signed=False)\n--\n\nThe int in that many bytes, in two's complement if signed.\n\nOverflowError if it does not fit.",
    ),
    class(keywords::<Type, _, _>(
        c"from_bytes",
        from_bytes,
        c"from_bytes($type, /, bytes, byteorder='big', *, signed=False)\n--\n\nThe int that bytes are, or an iterable of their values.",
    )),
    noargs(c"as_integer_ratio", as_integer_ratio, c"as_integer_ratio($self, /)\n--\n\nThe int and 1."),
    noargs(c"__trunc__", itself, c"__trunc__($self, /)\n--\n\nThe int itself."),
    noargs(c"__floor__", itself, c"__floor__($self, /)\n--\n\nThe int itself."),
    noargs(c"__ceil__", itself, c"__ceil__($self, /)\n--\n\nThe int itself."),
    positional(
        c"__round__",
        round,
        c"__round__($self, ndigits=None, /)\n--\n\nThe int rounded to a power of ten where ndigits is negative.",
    ),
    noargs(c"__getnewargs__", getnewargs, c"__getnewargs__($self, /)\n--\n\n"),
    one(c"__format__", text::format, c"__format__($self, format_spec, /)\n--\n\nThe int as text, after a format spec."),
    noargs(c"__sizeof__", sizeof, c"__sizeof__($self, /)\n--\n\nBytes of memory."),
    noargs(c"is_integer", is_integer, c"is_integer($self, /)\n--\n\nTrue. Floats have the method too."),
    slot::METHODS_END,
];

pub(super) static GETSET: [PyGetSetDef; 5] = [
    slot::getter(c"real", itself, c"The int itself."),
    slot::getter(c"imag", zero, c"0."),
    slot::getter(c"numerator", itself, c"The int itself."),
    slot::getter(c"denominator", unit, c"1."),
    slot::GETSET_END,
];
