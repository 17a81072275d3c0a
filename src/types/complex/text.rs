//! Complex numbers as text, and of it.

use super::Complex;
use super::kernel::of;
use crate::ffi::Py_complex;
use crate::format::float_parse::parse_prefix;
use crate::format::float_text::{Flags, Style, double_to_string};
use crate::format::spec::{Align, Spec, format_complex};
use crate::object::{Object, Owned, Raised, Result};
use crate::protocol::object;
use crate::runtime::ThreadState;
use crate::types::Str;
use crate::types::exceptions::VALUE_ERROR;
use crate::types::int::text::{spec_argument, spec_chars, spec_error, trim, with_number_text};

pub(super) fn repr(ts: &ThreadState, this: &Complex) -> Result<Owned<Str>> {
    let Py_complex { real, imag } = this.value();
    let part = |x, sign| double_to_string(x, Style::Repr, 0, Flags { sign, ..Flags::default() });
    // A real part of zero is left out, unless its sign would be lost.
    let text = if real == 0.0 && real.is_sign_positive() {
        format!("{}j", part(imag, false))
    } else {
        format!("({}{}j)", part(real, false), part(imag, true))
    };
    Str::new(ts, &text)
}

/// `format(complex, spec)`.
pub(super) fn format(ts: &ThreadState, this: &Complex, spec: &Object) -> Result<Owned<Str>> {
    let spec = spec_argument(ts, spec)?;
    if spec.is_empty() {
        return if this.is_exact::<Complex>() { repr(ts, this) } else { object::str(ts, this) };
    }
    let name = this.ty().short_name();
    let text = Spec::parse(&spec_chars(spec), Align::Right, name)
        .and_then(|spec| format_complex(&spec, this.value().real, this.value().imag, name))
        .map_err(|error| spec_error(ts, error))?;
    Str::new(ts, &text)
}

/// The complex number that a text says.
pub(super) fn parse(ts: &ThreadState, source: &Str) -> Result<Py_complex> {
    with_number_text(source, |text| {
        // CPython looks for underscores as C does, up to a NUL.
        if !text.iter().take_while(|&&byte| byte != 0).any(|&byte| byte == b'_') {
            return parse_plain(text).ok_or_else(|| malformed(ts));
        }
        let Some(plain) = without_underscores(text).filter(|_| !text.contains(&0)) else {
            let repr = object::repr(ts, source)?;
            return Err(ts.raise(&VALUE_ERROR, format_args!("could not convert string to complex: {repr}")));
        };
        parse_plain(&plain).ok_or_else(|| malformed(ts))
    })
}

#[cold]
fn malformed(ts: &ThreadState) -> Raised {
    ts.raise_str(&VALUE_ERROR, "complex() arg is a malformed string")
}

/// None if an underscore stands anywhere but between two digits.
fn without_underscores(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_digit);
    let between = |at: usize| digit(at.checked_sub(1)) && digit(at.checked_add(1));
    let misplaced = text.iter().enumerate().any(|(at, &byte)| byte == b'_' && !between(at));
    (!misplaced).then(|| text.iter().copied().filter(|&byte| byte != b'_').collect())
}

/// A float, a float with `j`, or a float and a signed float with `j`; in parentheses or not.
fn parse_plain(text: &[u8]) -> Option<Py_complex> {
    let text = trim(text);
    let text = match text.strip_prefix(b"(") {
        Some(inner) => trim(inner.strip_suffix(b")")?),
        None => text,
    };
    let Some((first, used)) = parse_prefix(text) else {
        return Some(of(0.0, unit(text)?));
    };
    match &text[used..] {
        [] => Some(of(first, 0.0)),
        [b'j' | b'J'] => Some(of(0.0, first)),
        rest @ [b'+' | b'-', ..] => {
            let imag = match parse_prefix(rest) {
                Some((imag, used)) => matches!(rest[used..], [b'j' | b'J']).then_some(imag)?,
                None => unit(rest)?,
            };
            Some(of(first, imag))
        }
        _ => None,
    }
}

/// `j` with or without a sign.
fn unit(text: &[u8]) -> Option<f64> {
    match text {
        [b'j' | b'J'] | [b'+', b'j' | b'J'] => Some(1.0),
        [b'-', b'j' | b'J'] => Some(-1.0),
        _ => None,
    }
}
