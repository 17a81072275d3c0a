//! Functions on numbers and characters.

use crate::ffi::{Py_TPFLAGS_BYTES_SUBCLASS, Py_complex, PyMethodDef};
use crate::object::{Object, Owned, Result};
use crate::protocol::args::{Args, Signature};
use crate::protocol::number;
use crate::protocol::{call, object, sequence};
use crate::runtime::ThreadState;
use crate::types::bytes::content_of;
use crate::types::exceptions::{TYPE_ERROR, VALUE_ERROR};
use crate::types::float::Float;
use crate::types::{ByteArray, Complex, Int, Str, identifiers as id, method, singletons};

pub const ABS: PyMethodDef = method::one(c"abs", abs, c"abs($module, number, /)\n--\n\nThe number without its sign.");
pub const BIN: PyMethodDef =
    method::one(c"bin", bin, c"bin($module, integer, /)\n--\n\nThe integer in base 2, such as '0b101'.");
pub const CHR: PyMethodDef = method::one(c"chr", chr, c"chr($module, i, /)\n--\n\nThe character with that code point.");
pub const DIVMOD: PyMethodDef = method::static_positional(
    c"divmod",
    divmod,
    c"divmod($module, x, y, /)\n--\n\nQuotient and remainder: (x//y, x%y).",
);
pub const HEX: PyMethodDef =
    method::one(c"hex", hex, c"hex($module, integer, /)\n--\n\nThe integer in base 16, such as '0xff'.");
pub const OCT: PyMethodDef =
    method::one(c"oct", oct, c"oct($module, integer, /)\n--\n\nThe integer in base 8, such as '0o17'.");
pub const ORD: PyMethodDef =
    method::one(c"ord", ord, c"ord($module, character, /)\n--\n\nThe code point of a character.");
pub const POW: PyMethodDef = method::static_keywords(
    c"pow",
    pow,
    c"pow($module, /, base, exp, mod=None)\n--\n\nbase**exp, modulo mod if that is given.",
);
pub const ROUND: PyMethodDef = method::static_keywords(
    c"round",
    round,
    c"round($module, /, number, ndigits=None)\n--\n\nThe number rounded to that many decimal digits.",
);
pub const SUM: PyMethodDef =
    method::static_keywords(c"sum", sum, c"sum($module, iterable, /, start=0)\n--\n\nThe start value plus all items.");

fn abs(ts: &ThreadState, _module: &Object, number: &Object) -> Result {
    number::absolute(ts, number)
}

fn bin(ts: &ThreadState, _module: &Object, integer: &Object) -> Result<Owned<Str>> {
    in_base(ts, integer, 1, "0b")
}

fn oct(ts: &ThreadState, _module: &Object, integer: &Object) -> Result<Owned<Str>> {
    in_base(ts, integer, 3, "0o")
}

fn hex(ts: &ThreadState, _module: &Object, integer: &Object) -> Result<Owned<Str>> {
    in_base(ts, integer, 4, "0x")
}

/// An integer in base 2^`bits`: digits are cut from its own digits of 30 bits, which `bits` need not divide.
fn in_base(ts: &ThreadState, integer: &Object, bits: u32, prefix: &str) -> Result<Owned<Str>> {
    let int = number::index(ts, integer)?;
    let mut text: Vec<u8> = Vec::new();
    let digits = int.digits();
    if text.try_reserve(digits.len() * 30 / bits as usize + 4).is_err() {
        return Err(ts.no_memory());
    }
    let (mut pending, mut have) = (0u64, 0);
    for &digit in digits {
        pending |= u64::from(digit) << have;
        have += 30;
        while have >= bits {
            text.push(b"0123456789abcdef"[(pending & ((1 << bits) - 1)) as usize]);
            pending >>= bits;
            have -= bits;
        }
    }
    text.push(b"0123456789abcdef"[pending as usize]);
    while text.len() > 1 && text.last() == Some(&b'0') {
        text.pop();
    }
    text.extend(prefix.bytes().rev());
    if int.is_negative() {
        text.push(b'-');
    }
    text.reverse();
    Str::new(ts, core::str::from_utf8(&text).expect("ASCII"))
}

fn chr(ts: &ThreadState, _module: &Object, number: &Object) -> Result<Owned<Str>> {
    let code = number::index(ts, number)?.to_i64().and_then(|c| u32::try_from(c).ok()).filter(|&c| c < 0x11_0000);
    let Some(code) = code else {
        return Err(ts.raise_str(&VALUE_ERROR, "chr() arg not in range(0x110000)"));
    };
    if code < 0x100 {
        return Ok(Owned::immortal(Str::latin1_char(code as u8)));
    }
    // SAFETY: the one character is written here.
    unsafe {
        let s = Str::with_size(ts, 1, code)?;
        s.write_char(0, code);
        Ok(s)
    }
}

fn ord(ts: &ThreadState, _module: &Object, character: &Object) -> Result<isize> {
    let length = if let Some(text) = character.downcast::<Str>() {
        if let (1, Some(code)) = (text.len(), text.code_points().next()) {
            return Ok(code as isize);
        }
        text.len()
    } else if let Some((_, content)) = content_of(character) {
        if let [byte] = *content {
            return Ok(byte.into());
        }
        content.len()
    } else {
        let name = character.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("ord() expected string of length 1, but {name} found")));
    };
    Err(ts.raise(&TYPE_ERROR, format_args!("ord() expected a character, but string of length {length} found")))
}

fn divmod(ts: &ThreadState, args: Args<'_>) -> Result {
    args.expect_positional(ts, "divmod", 2, 2)?;
    number::binary(ts, number::DIVMOD, args.positional[0], args.positional[1])
}

fn pow(ts: &ThreadState, args: Args<'_>) -> Result {
    const SIGNATURE: Signature =
        Signature { name: "pow", params: &["base", "exp", "mod"], required: 2, max_positional: 3 };
    let [base, exponent, modulus] = SIGNATURE.bind(ts, args)?;
    let modulus = modulus.unwrap_or(singletons::none_ref());
    number::power(ts, base.expect("required"), exponent.expect("required"), modulus)
}

fn round(ts: &ThreadState, args: Args<'_>) -> Result {
    const SIGNATURE: Signature =
        Signature { name: "round", params: &["number", "ndigits"], required: 1, max_positional: 2 };
    let [number, digits] = SIGNATURE.bind(ts, args)?;
    let number = number.expect("required");
    let Some(method) = object::lookup_special(ts, number, &id::__round__)? else {
        let name = number.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("type {name} doesn't define __round__ method")));
    };
    match digits.filter(|d| !singletons::is_none(*d)) {
        Some(digits) => call::call(ts, &method, &[digits]),
        None => call::call(ts, &method, &[]),
    }
}

fn sum(ts: &ThreadState, args: Args<'_>) -> Result {
    const SIGNATURE: Signature = Signature { name: "sum", params: &["", "start"], required: 1, max_positional: 2 };
    let [iterable, start] = SIGNATURE.bind(ts, args)?;
    let iterator = sequence::iter(ts, iterable.expect("required"))?;
    let start = match start {
        None => Int::small(0).map(|zero| Owned::immortal(zero).upcast()).expect("0 is shared"),
        Some(start) => {
            refuse_text(ts, start)?;
            Owned::new(start)
        }
    };
    Sum { total: start, ints: None, floats: None, complexes: None }.over(ts, &iterator)
}

fn refuse_text(ts: &ThreadState, start: &Object) -> Result<()> {
    let message = match () {
        () if start.downcast::<Str>().is_some() => "sum() can't sum strings [use ''.join(seq) instead]",
        () if start.ty().has(Py_TPFLAGS_BYTES_SUBCLASS) => "sum() can't sum bytes [use b''.join(seq) instead]",
        () if start.downcast::<ByteArray>().is_some() => "sum() can't sum bytearray [use b''.join(seq) instead]",
        () if start.ty().full_name() == "bytearray" => "sum() can't sum bytearray [use b''.join(seq) instead]",
        () => return Ok(()),
    };
    Err(ts.raise_str(&TYPE_ERROR, message))
}

/// A float, and what rounding has lost of it.
#[derive(Clone, Copy)]
struct Compensated {
    high: f64,
    low: f64,
}

impl Compensated {
    fn new(value: f64) -> Compensated {
        Compensated { high: value, low: 0.0 }
    }

    fn add(&mut self, value: f64) {
        let (high, sum) = (self.high, self.high + value);
        // Neumaier: what the smaller of the two lost.
        self.low += if high.abs() >= value.abs() { (high - sum) + value } else { (value - sum) + high };
        self.high = sum;
    }

    /// A sum that overflowed stays infinite, and a zero keeps its sign.
    fn value(self) -> f64 {
        if self.low != 0.0 && self.low.is_finite() { self.high + self.low } else { self.high }
    }
}

/// A running total: as long as it can, in a machine integer, or in one or two floats.
struct Sum {
    total: Owned<Object>,
    ints: Option<i64>,
    floats: Option<Compensated>,
    complexes: Option<(Compensated, Compensated)>,
}

impl Sum {
    fn over(mut self, ts: &ThreadState, iterator: &Object) -> Result {
        self.unbox();
        while let Some(item) = sequence::next(ts, iterator)? {
            if !self.add_fast(&item) {
                self.rebox(ts)?;
                self.total = number::binary(ts, number::ADD, &self.total, &item)?;
                self.unbox();
            }
        }
        self.rebox(ts)?;
        Ok(self.total)
    }

    /// Takes the total out of its object where that pays.
    fn unbox(&mut self) {
        if let Some(int) = self.total.downcast_exact::<Int>() {
            self.ints = int.to_i64();
        } else if let Some(float) = self.total.downcast_exact::<Float>() {
            self.floats = Some(Compensated::new(float.value()));
        } else if let Some(complex) = self.total.downcast_exact::<Complex>() {
            let Py_complex { real, imag } = complex.value();
            self.complexes = Some((Compensated::new(real), Compensated::new(imag)));
        }
    }

    fn rebox(&mut self, ts: &ThreadState) -> Result<()> {
        if let Some(value) = self.ints.take() {
            self.total = Int::from_i64(ts, value)?.upcast();
        }
        if let Some(sum) = self.floats.take() {
            self.total = Float::new(ts, sum.value())?.upcast();
        }
        if let Some((real, imag)) = self.complexes.take() {
            self.total = Complex::new(ts, Py_complex { real: real.value(), imag: imag.value() })?.upcast();
        }
        Ok(())
    }

    fn add_fast(&mut self, item: &Object) -> bool {
        let int = item.ty().has(crate::ffi::Py_TPFLAGS_LONG_SUBCLASS).then(|| item.downcast::<Int>()).flatten();
        let plain = int.filter(|_| item.is_exact::<Int>() || is_bool(item)).and_then(Int::to_i64);
        if let (Some(total), Some(value)) = (self.ints, plain) {
            let Some(sum) = total.checked_add(value) else { return false };
            self.ints = Some(sum);
            return true;
        }
        if let (Some((real, imag)), Some(complex)) = (&mut self.complexes, item.downcast_exact::<Complex>()) {
            real.add(complex.value().real);
            imag.add(complex.value().imag);
            return true;
        }
        let real = self.complexes.as_mut().map(|(real, _)| real);
        let Some(sum) = self.floats.as_mut().or(real) else { return false };
        let value = match (item.downcast_exact::<Float>(), plain) {
            (Some(float), _) => float.value(),
            (None, Some(value)) => value as f64,
            (None, None) => return false,
        };
        sum.add(value);
        true
    }
}

fn is_bool(object: &Object) -> bool {
    core::ptr::eq(object.ty(), &crate::types::bool::PyBool_Type)
}
