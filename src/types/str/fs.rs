//! File names and the locale's texts: UTF-8, where bytes that are none come through as lone surrogates.

use super::arguments::Failed;
use super::codecs::Errors;
use super::{Str, codecs};
use crate::object::{Object, Owned, Result};
use crate::protocol::{call, object};
use crate::runtime::ThreadState;
use crate::types::Bytes;
use crate::types::exceptions::{TYPE_ERROR, VALUE_ERROR};
use crate::types::text::TextBuf;
use crate::types::text::codec::{self, ByteBuf, Codec};

const ESCAPE: Option<&str> = Some("surrogateescape");

/// A file name as bytes.
pub fn encode_name(ts: &ThreadState, name: &Str) -> Result<Owned<Bytes>> {
    codecs::encode_with(ts, Codec::Utf8, name, ESCAPE)
}

/// A file name as str.
pub fn decode_name(ts: &ThreadState, name: &[u8]) -> Result<Owned<Str>> {
    Ok(codecs::decode_with(ts, Codec::Utf8, name, ESCAPE, None, true)?.0)
}

/// `os.fspath`: a str or bytes, or what `__fspath__` makes of the object.
pub fn path_of(ts: &ThreadState, path: &Object) -> Result {
    if path.downcast::<Str>().is_some() || path.downcast::<Bytes>().is_some() {
        return Ok(Owned::new(path));
    }
    let name = path.ty().full_name();
    let Some(method) = object::lookup_special(ts, path, &*Str::interned(ts, "__fspath__")?)? else {
        let message = format_args!("expected str, bytes or os.PathLike object, not {name}");
        return Err(ts.raise(&TYPE_ERROR, message));
    };
    let made = call::call(ts, &method, &[])?;
    if made.downcast::<Str>().is_some() || made.downcast::<Bytes>().is_some() {
        return Ok(made);
    }
    let kind = made.ty().full_name();
    let message = format_args!("expected {name}.__fspath__() to return str or bytes, not {kind}");
    Err(ts.raise(&TYPE_ERROR, message))
}

/// A path as bytes, without a NUL.
pub fn name_bytes(ts: &ThreadState, path: &Object) -> Result<Owned<Bytes>> {
    let path = path_of(ts, path)?;
    let bytes = match path.downcast::<Str>() {
        Some(name) => encode_name(ts, name)?,
        None => path.downcast_owned::<Bytes>().map_err(|_| ts.raise_str(&TYPE_ERROR, "path should be bytes"))?,
    };
    if bytes.as_slice().contains(&0) {
        return Err(ts.raise_str(&VALUE_ERROR, "embedded null byte"));
    }
    Ok(bytes)
}

/// A path as str, without a NUL.
pub fn name_text(ts: &ThreadState, path: &Object) -> Result<Owned<Str>> {
    let path = path_of(ts, path)?;
    let text = match path.downcast::<Bytes>() {
        Some(bytes) => decode_name(ts, bytes.as_slice())?,
        None => path.downcast_owned::<Str>().map_err(|_| ts.raise_str(&TYPE_ERROR, "path should be string"))?,
    };
    if text.code_points().any(|c| c == 0) {
        return Err(ts.raise_str(&VALUE_ERROR, "embedded null character"));
    }
    Ok(text)
}

/// The two handlers that the locale's functions know.
fn locale_handler<'a>(ts: &ThreadState, errors: Option<&'a str>) -> Result<Option<&'a str>> {
    match errors {
        None | Some("strict" | "surrogateescape") => Ok(errors),
        Some(_) => Err(ts.raise_str(&VALUE_ERROR, "unsupported error handler")),
    }
}

pub fn decode_locale(ts: &ThreadState, text: &[u8], errors: Option<&str>) -> Result<Owned<Str>> {
    let errors = locale_handler(ts, errors)?;
    if text.contains(&0) {
        return Err(ts.raise_str(&VALUE_ERROR, "embedded null byte"));
    }
    let (mut handler, mut out) = (Errors::locale(ts, "decoding error", errors, None), TextBuf::new());
    codec::decode(Codec::Utf8, text, true, &mut handler, &mut out).map_err(|f: Failed| f.raised(ts))?;
    Str::from_buf(ts, &out)
}

pub fn encode_locale(ts: &ThreadState, text: &Str, errors: Option<&str>) -> Result<Owned<Bytes>> {
    let errors = locale_handler(ts, errors)?;
    if text.code_points().any(|c| c == 0) {
        return Err(ts.raise_str(&VALUE_ERROR, "embedded null character"));
    }
    let source = Some(Owned::new(text.as_object()));
    let (mut handler, mut out) = (Errors::locale(ts, "encoding error", errors, source), ByteBuf::new());
    codec::encode(Codec::Utf8, text.chars(), &mut handler, &mut out).map_err(|f: Failed| f.raised(ts))?;
    Bytes::new(ts, &out)
}

/// What is read of the system's text without any object: bytes that are no UTF-8 become lone surrogates.
pub fn decode_wide(mut text: &[u8]) -> Vec<u32> {
    let mut wide = Vec::with_capacity(text.len());
    loop {
        let (valid, rest) = match core::str::from_utf8(text) {
            Ok(whole) => (whole, &[] as &[u8]),
            Err(error) => {
                let (valid, rest) = text.split_at(error.valid_up_to());
                // SAFETY: checked up to there.
                (unsafe { core::str::from_utf8_unchecked(valid) }, rest)
            }
        };
        wide.extend(valid.chars().map(u32::from));
        let Some((&byte, rest)) = rest.split_first() else { return wide };
        wide.push(0xDC00 + u32::from(byte));
        text = rest;
    }
}

/// The way back; the index of what is neither a character nor stands for a byte.
pub fn encode_wide(text: &[u32]) -> core::result::Result<Vec<u8>, usize> {
    let mut bytes = Vec::with_capacity(text.len());
    for (i, &c) in text.iter().enumerate() {
        match (c, char::from_u32(c)) {
            (_, Some(c)) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            (0xDC80..=0xDCFF, None) => bytes.push((c - 0xDC00) as u8),
            (_, None) => return Err(i),
        }
    }
    Ok(bytes)
}
