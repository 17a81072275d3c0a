//! Making bytes of other things: `bytes(…)`, `PyBytes_FromObject`.

use super::{Bytes, PyBytes_Type};
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::args::{Args, Signature, with_tuple_and_dict};
use crate::protocol::buffer::{Buffer, exporter_of};
use crate::protocol::{call, number, object, sequence};
use crate::runtime::ThreadState;
use crate::types::exceptions::{OVERFLOW_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::str::arguments::c_text;
use crate::types::str::codecs;
use crate::types::text::codec::ByteBuf;
use crate::types::text::codec::escape::{BadHex, EscapeFault, decode_bytes};
use crate::types::{Dict, Str, Tuple, identifiers};

static NEW: Signature =
    Signature { name: "bytes", params: &["source", "encoding", "errors"], required: 0, max_positional: 3 };

pub(super) fn new_slot(ts: &ThreadState, ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result<Owned<Bytes>> {
    let made = with_tuple_and_dict(ts, args, kwargs, |args| construct(ts, args))?;
    if core::ptr::eq(ty, &PyBytes_Type) {
        return Ok(made);
    }
    // SAFETY: a subtype's instances have the layout, and room for the content and a NUL.
    unsafe {
        let this = ts.alloc_instance(ty, made.len() as isize)?.cast_owned::<Bytes>();
        this.ob_shash.set(-1);
        this.data().copy_from_nonoverlapping(made.data(), made.len());
        Ok(this)
    }
}

fn construct(ts: &ThreadState, args: Args<'_>) -> Result<Owned<Bytes>> {
    match source(ts, &NEW, args)? {
        Source::Nothing => Ok(Bytes::empty()),
        // A registered codec may answer with any subclass.
        Source::Encoded(made) => Bytes::unchanged(ts, &made),
        Source::Object(source) => of_object(ts, source),
    }
}

/// What a bytes or bytearray is to be made of.
pub enum Source<'a> {
    Nothing,
    Encoded(Owned<Bytes>),
    Object(&'a Object),
}

/// Reads `(source, encoding, errors)`.
pub fn source<'a>(ts: &ThreadState, signature: &Signature, args: Args<'a>) -> Result<Source<'a>> {
    let [source, encoding, errors] = signature.bind(ts, args)?;
    let name = signature.name;
    let encoding = encoding.map(|o| c_text(ts, name, "argument 'encoding'", o)).transpose()?;
    let errors = errors.map(|o| c_text(ts, name, "argument 'errors'", o)).transpose()?;
    let text = source.and_then(|s| s.downcast::<Str>());
    let misplaced = |what: &str| Err(ts.raise_str(&TYPE_ERROR, what));
    match (source, text) {
        (_, None) if encoding.is_some() => misplaced("encoding without a string argument"),
        (_, None) if errors.is_some() => misplaced("errors without a string argument"),
        (None, _) => Ok(Source::Nothing),
        (Some(_), Some(text)) if encoding.is_some() => {
            Ok(Source::Encoded(codecs::encode(ts, text, encoding.as_deref(), errors.as_deref())?))
        }
        (Some(_), Some(_)) if errors.is_some() => misplaced("string argument without an encoding"),
        (Some(source), _) => Ok(Source::Object(source)),
    }
}

/// How many zeros are meant if it is a number.
pub fn count(ts: &ThreadState, source: &Object) -> Result<Option<usize>> {
    if !number::is_index(source) {
        return Ok(None);
    }
    match number::as_ssize(ts, source, Some(&OVERFLOW_ERROR)) {
        Ok(n) if n < 0 => Err(ts.raise_str(&VALUE_ERROR, "negative count")),
        Ok(n) => Ok(Some(n as usize)),
        Err(raised) => ts.recover(raised, &TYPE_ERROR).map(|()| None),
    }
}

/// `bytes(source)`.
fn of_object(ts: &ThreadState, source: &Object) -> Result<Owned<Bytes>> {
    if let Some(bytes) = source.downcast_exact::<Bytes>() {
        return Ok(Owned::new(bytes));
    }
    if let Some(made) = by_special_method(ts, source)? {
        return Ok(made);
    }
    if source.downcast::<Str>().is_some() {
        return Err(ts.raise_str(&TYPE_ERROR, "string argument without an encoding"));
    }
    if let Some(n) = count(ts, source)? {
        return Bytes::filled(ts, n, |_| {});
    }
    Bytes::from_object(ts, source)
}

/// What `__bytes__` gives, if there is such a method.
fn by_special_method(ts: &ThreadState, source: &Object) -> Result<Option<Owned<Bytes>>> {
    let Some(method) = object::lookup_special(ts, source, &identifiers::__bytes__)? else { return Ok(None) };
    let made = call::call(ts, &method, &[])?;
    let checked = made.downcast_owned::<Bytes>();
    checked.map(Some).map_err(|other| object::wrong_result(ts, source, "__bytes__", "bytes", &other))
}

impl Bytes {
    /// `PyObject_Bytes`: by `__bytes__`, else as [`Bytes::from_object`].
    pub fn of(ts: &ThreadState, source: &Object) -> Result<Owned<Bytes>> {
        if let Some(bytes) = source.downcast_exact::<Bytes>() {
            return Ok(Owned::new(bytes));
        }
        match by_special_method(ts, source)? {
            Some(made) => Ok(made),
            None => Bytes::from_object(ts, source),
        }
    }

    /// `PyBytes_FromObject`: of a buffer, or an iterable of numbers.
    pub fn from_object(ts: &ThreadState, source: &Object) -> Result<Owned<Bytes>> {
        if let Some(bytes) = source.downcast_exact::<Bytes>() {
            return Ok(Owned::new(bytes));
        }
        if exporter_of(source).is_some() {
            let buffer = Buffer::with_flags(ts, source, crate::ffi::PyBUF_FULL_RO)?;
            return buffer.to_bytes(ts);
        }
        if source.downcast::<Str>().is_none() {
            match sequence::iter(ts, source) {
                Ok(iterator) => return from_iterator(ts, source, &iterator),
                Err(raised) => ts.recover(raised, &TYPE_ERROR)?,
            }
        }
        let name = source.ty().short_name();
        Err(ts.raise(&TYPE_ERROR, format_args!("cannot convert '{name}' object to bytes")))
    }
}

fn from_iterator(ts: &ThreadState, source: &Object, iterator: &Object) -> Result<Owned<Bytes>> {
    let mut content: Vec<u8> = Vec::new();
    let hint = sequence::length_hint(ts, source, 64)?;
    content.try_reserve(hint as usize).map_err(|_| ts.no_memory())?;
    while let Some(item) = sequence::next(ts, iterator)? {
        let value = number::as_ssize(ts, &item, None)?;
        let byte = u8::try_from(value).map_err(|_| ts.raise_str(&VALUE_ERROR, "bytes must be in range(0, 256)"))?;
        content.try_reserve(1).map_err(|_| ts.no_memory())?;
        content.push(byte);
    }
    Bytes::new(ts, &content)
}

impl Bytes {
    /// `PyBytes_DecodeEscape`.
    pub fn decode_escapes(ts: &ThreadState, text: &[u8], errors: Option<&str>) -> Result<Owned<Bytes>> {
        let errors = errors.unwrap_or("strict");
        let bad_hex = match errors {
            "strict" => BadHex::Raise,
            "replace" => BadHex::Replace,
            "ignore" => BadHex::Ignore,
            _ => BadHex::Unknown,
        };
        let mut out = ByteBuf::new();
        match decode_bytes(text, bad_hex, &mut out) {
            Ok(_first_invalid) => Bytes::new(ts, &out),
            Err(EscapeFault::NoMemory) => Err(ts.no_memory()),
            Err(EscapeFault::Handler) => {
                let message = format_args!("decoding error; unknown error handling code: {errors}");
                Err(ts.raise(&VALUE_ERROR, message))
            }
            Err(EscapeFault::Trailing) => Err(ts.raise_str(&VALUE_ERROR, "Trailing \\ in string")),
            Err(EscapeFault::Hex(at)) => {
                Err(ts.raise(&VALUE_ERROR, format_args!("invalid \\x escape at position {at}")))
            }
        }
    }
}
