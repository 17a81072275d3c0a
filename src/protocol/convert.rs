//! `int(x)` and `float(x)`: a number of any object, by its own method or of its text.

use crate::object::{Object, Owned, Raised, Result};
use crate::protocol::buffer::Buffer;
use crate::protocol::number;
use crate::runtime::ThreadState;
use crate::types::exceptions::{DEPRECATION_WARNING, TYPE_ERROR};
use crate::types::int::{arithmetic, text as int_text};
use crate::types::type_::attributes::fully_qualified;
use crate::types::{Bytes, Float, Int, Str, float};

/// `int(object)`.
pub fn int(ts: &ThreadState, object: &Object) -> Result<Owned<Int>> {
    if let Some(int) = object.downcast_exact::<Int>() {
        return Ok(Owned::new(int));
    }
    // SAFETY: NULL or a live suite.
    let suite = unsafe { object.ty().tp_as_number.get().as_ref() };
    if let Some(f) = suite.and_then(|s| s.nb_int.get()) {
        // SAFETY: the type's own function for its instance.
        let result = ts.check_result(None, unsafe { f(object.as_ptr()) })?;
        let result =
            result.downcast_owned::<Int>().map_err(|other| must_return(ts, object, "__int__", "an int", &other))?;
        if !result.is_exact::<Int>() {
            warn_subclass(ts, object, "__int__", "an int", &result)?;
        }
        return Int::exact(ts, &result);
    }
    if suite.is_some_and(|s| s.nb_index.get().is_some()) {
        return number::exact_index(ts, object);
    }
    if let Some(text) = object.downcast::<Str>() {
        return int_text::parse_str(ts, text, 10);
    }
    if let Some(bytes) = object.downcast::<Bytes>() {
        return int_text::parse_bytes(ts, bytes.as_slice(), 10);
    }
    if let Ok(buffer) = Buffer::simple(ts, object) {
        return int_text::parse_bytes(ts, buffer.as_slice(), 10);
    }
    let name = object.ty().short_name();
    let what = "int() argument must be a string, a bytes-like object or a real number";
    Err(ts.raise(&TYPE_ERROR, format_args!("{what}, not '{name}'")))
}

/// `float(object)`.
pub fn float(ts: &ThreadState, object: &Object) -> Result<Owned<Float>> {
    if let Some(float) = object.downcast_exact::<Float>() {
        return Ok(Owned::new(float));
    }
    match by_method(ts, object)? {
        Some(value) => Float::new(ts, value),
        None => float::text::parse(ts, object),
    }
}

/// A float argument: `PyFloat_AsDouble`.
#[inline]
pub fn as_f64(ts: &ThreadState, object: &Object) -> Result<f64> {
    if let Some(float) = object.downcast::<Float>() {
        return Ok(float.value());
    }
    match by_method(ts, object)? {
        Some(value) => Ok(value),
        None => {
            let name = object.ty().limited_name(50);
            Err(ts.raise(&TYPE_ERROR, format_args!("must be real number, not {name}")))
        }
    }
}

/// What `__float__` says, or else `__index__`.
fn by_method(ts: &ThreadState, object: &Object) -> Result<Option<f64>> {
    if let Some(int) = object.downcast_exact::<Int>() {
        return arithmetic::to_f64(ts, int).map(Some);
    }
    // SAFETY: NULL or a live suite.
    let suite = unsafe { object.ty().tp_as_number.get().as_ref() };
    if let Some(f) = suite.and_then(|s| s.nb_float.get()) {
        // SAFETY: the type's own function for its instance.
        let result = ts.check_result(None, unsafe { f(object.as_ptr()) })?;
        let Some(float) = result.downcast::<Float>() else {
            return Err(must_return(ts, object, "__float__", "a float", &result));
        };
        if !float.is_exact::<Float>() {
            warn_subclass(ts, object, "__float__", "a float", float)?;
        }
        return Ok(Some(float.value()));
    }
    if suite.is_some_and(|s| s.nb_index.get().is_some()) {
        let int = number::index(ts, object)?;
        return arithmetic::to_f64(ts, &int).map(Some);
    }
    Ok(None)
}

/// `TypeError` for a special method that answers with something else than it should.
#[cold]
pub fn must_return(ts: &ThreadState, object: &Object, method: &str, what: &str, result: &Object) -> Raised {
    match what_it_did(ts, object, method, what, result) {
        Ok(text) => ts.raise_str(&TYPE_ERROR, &text),
        Err(raised) => raised,
    }
}

fn what_it_did(ts: &ThreadState, object: &Object, method: &str, what: &str, result: &Object) -> Result<String> {
    let (name, other) = (fully_qualified(ts, object.ty())?, fully_qualified(ts, result.ty())?);
    Ok(format!("{name}.{method}() must return {what}, not {other}"))
}

#[cold]
fn warn_subclass(ts: &ThreadState, object: &Object, method: &str, what: &str, result: &Object) -> Result<()> {
    let kind = what.rsplit(' ').next().unwrap_or(what);
    let text = what_it_did(ts, object, method, what, result)?;
    let more = format!(
        "{text}.  The ability to return an instance of a strict subclass of {kind} is deprecated, and may be removed \
         in a future version of Python."
    );
    crate::modules::warnings::warn_text(ts, &DEPRECATION_WARNING, &more)
}
