//! `int(…)`.

use core::ffi::CStr;

use super::{Int, PyLong_Type, text};
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::args::{Args, Signature, with_tuple_and_dict};
use crate::protocol::{convert, number};
use crate::runtime::ThreadState;
use crate::types::bytes::content_of;
use crate::types::exceptions::{TYPE_ERROR, VALUE_ERROR};
use crate::types::{Dict, Str, Tuple};

pub(super) const DOC: &CStr = c"int([x]) -> integer\nint(x, base=10) -> integer\n\nAn int of any size: 0 without arguments; of a number, its whole part; of a str,\nbytes or bytearray, the integer literal in it, in the given base.\n\nA base is 2 to 36, or 0 to go by the literal's prefix.";

static SIGNATURE: Signature = Signature { name: "int", params: &["", "base"], required: 0, max_positional: 2 };

pub(super) fn vectorcall(ts: &ThreadState, _ty: &Type, args: Args<'_>) -> Result<Owned<Int>> {
    if !args.values.is_empty() {
        let [x, base] = SIGNATURE.bind(ts, args)?;
        return of_arguments(ts, x, base);
    }
    args.expect_positional(ts, "int", 0, 2)?;
    of_arguments(ts, args.get(0), args.get(1))
}

fn of_arguments(ts: &ThreadState, x: Option<&Object>, base: Option<&Object>) -> Result<Owned<Int>> {
    match (x, base) {
        (None, None) => Int::from_i64(ts, 0),
        (None, Some(_)) => Err(ts.raise_str(&TYPE_ERROR, "int() missing string argument")),
        (Some(x), None) => convert::int(ts, x),
        (Some(x), Some(base)) => with_base(ts, x, base),
    }
}

fn with_base(ts: &ThreadState, x: &Object, base: &Object) -> Result<Owned<Int>> {
    let base = match number::as_ssize(ts, base, None)? {
        base @ (0 | 2..=36) => base as u32,
        _ => return Err(ts.raise_str(&VALUE_ERROR, "int() base must be >= 2 and <= 36, or 0")),
    };
    if let Some(x) = x.downcast::<Str>() {
        return text::parse_str(ts, x, base);
    }
    match content_of(x) {
        Some((_, content)) => text::parse_bytes(ts, content, base),
        None => Err(ts.raise_str(&TYPE_ERROR, "int() can't convert non-string with explicit base")),
    }
}

pub(super) fn new(ts: &ThreadState, ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
    with_tuple_and_dict(ts, args, kwargs, |args| {
        let [x, base] = SIGNATURE.bind(ts, args)?;
        let value = of_arguments(ts, x, base)?;
        if core::ptr::eq(ty, &PyLong_Type) { Ok(value.upcast()) } else { Int::of_subclass(ts, ty, &value) }
    })
}
