//! Floats as text, and of it: repr, format specs, `float(…)`.

use super::{Float, PyFloat_Type};
use crate::format::float_parse::{invalid_float, parse_float};
use crate::format::float_text;
use crate::format::spec::{Align, Spec, format_float};
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::args::{Args, with_tuple_and_dict};
use crate::protocol::buffer::Buffer;
use crate::protocol::{convert, object};
use crate::runtime::ThreadState;
use crate::types::exceptions::{TYPE_ERROR, VALUE_ERROR};
use crate::types::int::text::{spec_argument, spec_chars, spec_error, trim, with_number_text};
use crate::types::{Bytes, Dict, Str, Tuple};

pub(super) fn repr(ts: &ThreadState, this: &Float) -> Result<Owned<Str>> {
    Str::new(ts, &float_text::repr(this.value()))
}

/// `format(float, spec)`.
pub(super) fn format(ts: &ThreadState, this: &Float, spec: &Object) -> Result<Owned<Str>> {
    let spec = spec_argument(ts, spec)?;
    if spec.is_empty() {
        return if this.is_exact::<Float>() { repr(ts, this) } else { object::str(ts, this) };
    }
    let name = this.ty().short_name();
    let text = Spec::parse(&spec_chars(spec), Align::Right, name)
        .and_then(|spec| format_float(&spec, this.value(), name))
        .map_err(|error| spec_error(ts, error))?;
    Str::new(ts, &text)
}

/// The float that is written in a str, bytes or buffer: `PyFloat_FromString`.
pub fn parse(ts: &ThreadState, source: &Object) -> Result<Owned<Float>> {
    let value = if let Some(text) = source.downcast::<Str>() {
        with_number_text(text, |plain| parse_float(trim(plain)))
    } else if let Some(bytes) = source.downcast::<Bytes>() {
        parse_float(trim(bytes.as_slice()))
    } else if let Ok(buffer) = Buffer::simple(ts, source) {
        parse_float(trim(buffer.as_slice()))
    } else {
        let name = source.ty().short_name();
        let what = "float() argument must be a string or a real number";
        return Err(ts.raise(&TYPE_ERROR, format_args!("{what}, not '{name}'")));
    };
    match value {
        Some(value) => Float::new(ts, value),
        None => {
            let text = invalid_float(&object::repr(ts, source)?.to_string());
            Err(ts.raise_str(&VALUE_ERROR, &text))
        }
    }
}

fn of_arguments(ts: &ThreadState, args: Args<'_>) -> Result<Owned<Float>> {
    args.expect_positional(ts, "float", 0, 1)?;
    match args.get(0) {
        Some(x) => convert::float(ts, x),
        None => Float::new(ts, 0.0),
    }
}

pub(super) fn vectorcall(ts: &ThreadState, _ty: &Type, args: Args<'_>) -> Result<Owned<Float>> {
    args.no_keywords(ts, "float")?;
    of_arguments(ts, args)
}

pub(super) fn new(ts: &ThreadState, ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
    with_tuple_and_dict(ts, args, kwargs, |args| {
        let same = |init: Option<crate::ffi::initproc>| init.map(|f| f as usize);
        let exact = core::ptr::eq(ty, &PyFloat_Type);
        // A subclass with an __init__ of its own may take keywords.
        if exact || same(ty.tp_init.get()) == same(PyFloat_Type.tp_init.get()) {
            args.no_keywords(ts, "float")?;
        }
        let value = of_arguments(ts, args)?;
        if exact { Ok(value.upcast()) } else { of_subclass(ts, ty, value.value()) }
    })
}

fn of_subclass(ts: &ThreadState, ty: &Type, value: f64) -> Result {
    let this = match ty.tp_alloc.get() {
        // SAFETY: the type's own allocator.
        Some(alloc) => ts.check_result(None, unsafe { alloc(core::ptr::from_ref(ty).cast_mut(), 0) })?,
        None => ts.alloc_instance(ty, 0)?,
    };
    // SAFETY: a subtype's instances have the layout.
    unsafe { this.cast::<Float>() }.ob_fval.set(value);
    Ok(this)
}
