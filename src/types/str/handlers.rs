//! The standard error handlers as objects, which take an exception: what `codecs.lookup_error` gives.
//!
//! The conversions themselves run the handlers without any object; see `codecs`.

use super::Str;
use crate::ffi::PyMethodDef;
use crate::object::{Layout, Object, ObjectCell, Owned, Raised, Result};
use crate::protocol::args::Args;
use crate::runtime::ThreadState;
use crate::runtime::error::is_exception;
use crate::types::exceptions::unicode_error::UnicodeError;
use crate::types::exceptions::{TYPE_ERROR, UNICODE_DECODE_ERROR, UNICODE_ENCODE_ERROR, UNICODE_TRANSLATE_ERROR};
use crate::types::text::codec::{Codec, Fault, Handler, Replacement};
use crate::types::text::{TextBuf, repr};
use crate::types::{Bytes, Int, Tuple, function, method};

/// Raises what it is given.
pub fn strict(ts: &ThreadState, exception: &Object) -> Raised {
    if !is_exception(exception) {
        return ts.raise_str(&TYPE_ERROR, "codec must pass exception instance");
    }
    ts.raise_value(exception.ty(), Owned::new(exception))
}

/// What a handler makes of an exception: what stands for the fault, and where to go on.
pub fn apply(ts: &ThreadState, handler: Handler, exception: &Object) -> Result<Owned<Tuple>> {
    if handler == Handler::Strict {
        return Err(strict(ts, exception));
    }
    let ty = exception.ty();
    let encodes = ty.is_subtype_of(&UNICODE_ENCODE_ERROR);
    let decodes = ty.is_subtype_of(&UNICODE_DECODE_ERROR);
    if !encodes && !decodes && !ty.is_subtype_of(&UNICODE_TRANSLATE_ERROR) {
        return Err(unknown(ts, exception));
    }
    // SAFETY: all three have this layout.
    let error = unsafe { exception.cast::<UnicodeError>() };
    let Some(object) = error.object.load() else {
        return Err(ts.raise_str(&TYPE_ERROR, "UnicodeError 'object' attribute is not set"));
    };
    let (start, end) = error.range();
    let fault = Fault { start: start as usize, end: end.max(start) as usize, reason: "" };
    match (object.downcast::<Str>(), object.downcast::<Bytes>()) {
        (Some(text), _) if encodes => encode(ts, handler, error, text, fault),
        (Some(text), _) if !decodes => translate(ts, handler, exception, text, fault),
        (_, Some(bytes)) if decodes => decode(ts, handler, error, bytes, fault),
        _ => Err(unknown(ts, exception)),
    }
}

#[cold]
fn unknown(ts: &ThreadState, exception: &Object) -> Raised {
    let name = exception.ty().full_name();
    ts.raise(&TYPE_ERROR, format_args!("don't know how to handle {name} in error callback"))
}

/// The codec that an exception names.
fn codec_of(error: &UnicodeError) -> Option<Codec> {
    let name = error.encoding.load()?;
    let name = name.downcast::<Str>()?.as_ascii()?;
    Codec::lookup(name.as_bytes())
}

fn answer(ts: &ThreadState, instead: &Object, at: usize) -> Result<Owned<Tuple>> {
    Tuple::new(ts, &[instead, &*Int::from_i64(ts, at as i64)?])
}

fn encode(ts: &ThreadState, handler: Handler, error: &UnicodeError, text: &Str, fault: Fault) -> Result<Owned<Tuple>> {
    let surrogates = matches!(handler, Handler::SurrogatePass | Handler::SurrogateEscape);
    let codec = match codec_of(error) {
        None if handler == Handler::SurrogatePass => return Err(strict(ts, error.as_object())),
        codec => codec.unwrap_or(Codec::Ascii),
    };
    match ts.allocated(handler.encode(codec, text.chars(), fault))? {
        Some((Replacement::Text(text), at)) => answer(ts, &*Str::from_buf(ts, &text)?, at),
        Some((Replacement::Bytes(bytes), at)) => answer(ts, &*Bytes::new(ts, &bytes)?, at),
        None if surrogates => Err(strict(ts, error.as_object())),
        None => Err(unknown(ts, error.as_object())),
    }
}

fn decode(
    ts: &ThreadState,
    handler: Handler,
    error: &UnicodeError,
    bytes: &Bytes,
    fault: Fault,
) -> Result<Owned<Tuple>> {
    if !handler.decodes() {
        return Err(unknown(ts, error.as_object()));
    }
    let codec = match codec_of(error) {
        None if handler == Handler::SurrogatePass => return Err(strict(ts, error.as_object())),
        codec => codec.unwrap_or(Codec::Ascii),
    };
    let mut out = TextBuf::new();
    match ts.allocated(handler.decode(codec, bytes.as_slice(), fault, &mut out))? {
        Some(at) => answer(ts, &*Str::from_buf(ts, &out)?, at),
        None => Err(strict(ts, error.as_object())),
    }
}

fn translate(ts: &ThreadState, handler: Handler, exception: &Object, text: &Str, fault: Fault) -> Result<Owned<Tuple>> {
    let chars = text.chars().slice(fault.start..fault.end);
    let instead = match handler {
        Handler::Ignore => Str::empty(),
        Handler::Replace => Str::build(ts, |out| out.push_repeated(0xFFFD, chars.len()))?,
        Handler::BackslashReplace => Str::build(ts, |out| chars.iter().try_for_each(|c| repr::push_escaped(c, out)))?,
        _ => return Err(unknown(ts, exception)),
    };
    answer(ts, &instead, fault.end)
}

macro_rules! functions {
    ($($name:ident, $c_name:literal, $handler:literal, $standard:ident, $doc:literal;)*) => {
        $(fn $name(ts: &ThreadState, args: Args<'_>) -> Result<Owned<Tuple>> {
            args.no_keywords(ts, concat!("_codecs.", stringify!($name)))?;
            args.expect_positional(ts, stringify!($name), 1, 1)?;
            apply(ts, Handler::$standard, args.positional[0])
        })*

        /// Each handler's name and function.
        static FUNCTIONS: [(&str, PyMethodDef); 8] =
            [$(($handler, method::static_keywords($c_name, $name, $doc))),*];
    };
}

functions! {
    strict_errors, c"strict_errors", "strict", Strict, c"Raise the exception.";
    ignore_errors, c"ignore_errors", "ignore", Ignore, c"Leave out what cannot be converted.";
    replace_errors, c"replace_errors", "replace", Replace, c"Put a mark in place of what cannot be converted.";
    xmlcharrefreplace_errors, c"xmlcharrefreplace_errors", "xmlcharrefreplace", XmlCharRefReplace,
        c"Put character references of XML in place of what cannot be encoded.";
    namereplace_errors, c"namereplace_errors", "namereplace", NameReplace,
        c"Put escapes by name in place of what cannot be encoded.";
    backslashreplace_errors, c"backslashreplace_errors", "backslashreplace", BackslashReplace,
        c"Put escapes with a backslash in place of what cannot be converted.";
    surrogatepass, c"surrogatepass", "surrogatepass", SurrogatePass, c"Let lone surrogates through.";
    surrogateescape, c"surrogateescape", "surrogateescape", SurrogateEscape,
        c"Let bytes that cannot be decoded through as lone surrogates.";
}

/// A standard handler as an object.
pub fn function_of(ts: &ThreadState, name: &str) -> Result<Option<Owned<Object>>> {
    match FUNCTIONS.iter().find(|(known, _)| *known == name) {
        Some((_, def)) => function::new_function(ts, def, None, None, None).map(Some),
        None => Ok(None),
    }
}
