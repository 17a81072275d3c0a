//! `complex(…)`, and what other objects become as complex numbers.

use super::kernel::of;
use super::{Complex, PyComplex_Type, text};
use crate::ffi::Py_complex;
use crate::modules::warnings;
use crate::object::{Object, Owned, Raised, Result, Type};
use crate::protocol::args::{Args, Signature, with_tuple_and_dict};
use crate::protocol::{call, convert, object};
use crate::runtime::ThreadState;
use crate::types::exceptions::{DEPRECATION_WARNING, TYPE_ERROR};
use crate::types::type_::attributes::fully_qualified;
use crate::types::{Dict, Str, Tuple, identifiers};

/// What `__complex__` says, if there is one.
pub fn by_method(ts: &ThreadState, source: &Object) -> Result<Option<Py_complex>> {
    if let Some(complex) = source.downcast_exact::<Complex>() {
        return Ok(Some(complex.value()));
    }
    let Some(method) = object::lookup_special(ts, source, &identifiers::__complex__)? else { return Ok(None) };
    let result = call::call(ts, &method, &[])?;
    let Some(complex) = result.downcast::<Complex>() else {
        let (name, other) = (fully_qualified(ts, source.ty())?, fully_qualified(ts, result.ty())?);
        let text = format_args!("{name}.__complex__() must return a complex, not {other}");
        return Err(ts.raise(&TYPE_ERROR, text));
    };
    if !complex.is_exact::<Complex>() {
        let (name, other) = (fully_qualified(ts, source.ty())?, fully_qualified(ts, complex.ty())?);
        let text = format!(
            "{name}.__complex__() must return a complex, not {other}.  The ability to return an instance of a strict \
             subclass of complex is deprecated, and may be removed in a future version of Python."
        );
        warnings::warn_text(ts, &DEPRECATION_WARNING, &text)?;
    }
    Ok(Some(complex.value()))
}

/// A complex argument: `PyComplex_AsCComplex`.
pub fn as_complex(ts: &ThreadState, source: &Object) -> Result<Py_complex> {
    if let Some(complex) = source.downcast::<Complex>() {
        return Ok(complex.value());
    }
    match by_method(ts, source)? {
        Some(value) => Ok(value),
        None => Ok(of(convert::as_f64(ts, source)?, 0.0)),
    }
}

/// Whether `float(x)` asks the object's own method.
fn is_real(source: &Object) -> bool {
    // SAFETY: NULL or a live suite.
    let suite = unsafe { source.ty().tp_as_number.get().as_ref() };
    suite.is_some_and(|s| s.nb_float.get().is_some() || s.nb_index.get().is_some())
}

pub(super) fn new(ts: &ThreadState, ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
    let exact = core::ptr::eq(ty, &PyComplex_Type);
    if kwargs.is_none_or(|kwargs| kwargs.is_empty())
        && let [source] = args.as_slice()
    {
        if exact && source.is_exact::<Complex>() {
            return Ok(Owned::new(source));
        }
        return of_type(ts, ty, of_argument(ts, source)?);
    }
    with_tuple_and_dict(ts, args, kwargs, |args| of_type(ts, ty, of_parts(ts, args)?))
}

/// `complex(x)`: the only form that takes text.
fn of_argument(ts: &ThreadState, source: &Object) -> Result<Py_complex> {
    if let Some(source) = source.downcast::<Str>() {
        return text::parse(ts, source);
    }
    if let Some(value) = by_method(ts, source)? {
        return Ok(value);
    }
    if let Some(complex) = source.downcast::<Complex>() {
        return Ok(complex.value());
    }
    if is_real(source) {
        return Ok(of(convert::as_f64(ts, source)?, 0.0));
    }
    let name = fully_qualified(ts, source.ty())?;
    Err(ts.raise(&TYPE_ERROR, format_args!("complex() argument must be a string or a number, not {name}")))
}

fn of_parts(ts: &ThreadState, args: Args<'_>) -> Result<Py_complex> {
    const SIGNATURE: Signature =
        Signature { name: "complex", params: &["real", "imag"], required: 0, max_positional: 2 };
    let [real, imag] = SIGNATURE.bind(ts, args)?;
    let own = match real {
        Some(real) => by_method(ts, real)?,
        None => None,
    };
    if let Some(real) = real.filter(|real| own.is_none() && !is_real(real)) {
        return Err(no_part(ts, "real", real));
    }
    if let Some(imag) = imag.filter(|imag| !is_real(imag) && imag.downcast::<Complex>().is_none()) {
        return Err(no_part(ts, "imag", imag));
    }
    let mut value = of(0.0, 0.0);
    let mut extra = 0.0;
    match (real, own) {
        (Some(real), Some(own)) => {
            if !is_real(real) {
                warnings::warn_text(ts, &DEPRECATION_WARNING, &not_a_part(ts, "real", real)?)?;
            }
            value.real = own.real;
            extra = own.imag;
        }
        (Some(real), None) => value.real = convert::float(ts, real)?.value(),
        (None, _) => {}
    }
    match imag {
        None => value.imag = extra,
        Some(imag) => match imag.downcast::<Complex>() {
            Some(complex) => {
                warnings::warn_text(ts, &DEPRECATION_WARNING, &not_a_part(ts, "imag", imag)?)?;
                value.real -= complex.value().imag;
                value.imag = add_if(own.is_some(), complex.value().real, extra);
            }
            None => value.imag = add_if(own.is_some(), convert::float(ts, imag)?.value(), extra),
        },
    }
    Ok(value)
}

/// A zero that nobody gave must not change the other one's sign.
fn add_if(given: bool, value: f64, extra: f64) -> f64 {
    if given { value + extra } else { value }
}

fn not_a_part(ts: &ThreadState, part: &str, given: &Object) -> Result<String> {
    let name = fully_qualified(ts, given.ty())?;
    Ok(format!("complex() argument '{part}' must be a real number, not {name}"))
}

#[cold]
fn no_part(ts: &ThreadState, part: &str, given: &Object) -> Raised {
    match not_a_part(ts, part, given) {
        Ok(text) => ts.raise_str(&TYPE_ERROR, &text),
        Err(raised) => raised,
    }
}

fn of_type(ts: &ThreadState, ty: &Type, value: Py_complex) -> Result {
    if core::ptr::eq(ty, &PyComplex_Type) {
        return Complex::new(ts, value).map(Owned::upcast);
    }
    let this = match ty.tp_alloc.get() {
        // SAFETY: the type's own allocator.
        Some(alloc) => ts.check_result(None, unsafe { alloc(core::ptr::from_ref(ty).cast_mut(), 0) })?,
        None => ts.alloc_instance(ty, 0)?,
    };
    // SAFETY: a subtype's instances have the layout.
    unsafe { this.cast::<Complex>() }.cval.set(value);
    Ok(this)
}

/// `complex.from_number(x)`; a subclass makes its own of the result.
pub(super) fn from_number(ts: &ThreadState, ty: &Type, number: &Object) -> Result {
    let exact = core::ptr::eq(ty, &PyComplex_Type);
    if exact && number.is_exact::<Complex>() {
        return Ok(Owned::new(number));
    }
    let value = Complex::new(ts, as_complex(ts, number)?)?;
    if exact { Ok(value.upcast()) } else { call::call(ts, ty.as_object(), &[&value]) }
}
