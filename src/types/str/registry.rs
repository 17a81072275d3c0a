//! Error handlers and codecs that Python or C code has registered, and finding them.
//!
//! Without Python's `encodings` package only a registered search function knows a codec that the runtime does
//! not have itself. A search function's answer is a tuple: encoder, decoder, stream reader, stream writer.

use super::{Str, codecs};
use crate::object::{Object, ObjectCell, Owned, Raised, Result};
use crate::protocol::{call, object};
use crate::runtime::ThreadState;
use crate::types::exceptions::{LOOKUP_ERROR, TYPE_ERROR};
use crate::types::{Bytes, Dict, List, Tuple, singletons};

/// The interpreter's dict of error handlers; made when the first is registered.
fn handlers(ts: &ThreadState) -> Result<Owned<Dict>> {
    let cell = &ts.interp().codec_errors;
    if cell.get().is_null() {
        cell.store(Some(Dict::new(ts)?));
    }
    match cell.load() {
        // SAFETY: only a dict is stored there.
        Some(dict) => Ok(unsafe { dict.cast_owned() }),
        None => Dict::new(ts),
    }
}

/// `codecs.register_error`.
pub fn register_error(ts: &ThreadState, name: &str, handler: &Object) -> Result<()> {
    if !call::is_callable(handler) {
        return Err(ts.raise_str(&TYPE_ERROR, "handler must be callable"));
    }
    let name = Str::new(ts, name)?;
    handlers(ts)?.set(ts, &name, handler)
}

/// A registered error handler.
pub fn lookup_error(ts: &ThreadState, name: &str) -> Result {
    let key = Str::new(ts, name)?;
    let known = handlers(ts)?;
    if let Some(handler) = known.get(ts, &key)? {
        return Ok(handler);
    }
    match super::handlers::function_of(ts, name)? {
        Some(handler) => known.set(ts, &key, &handler).map(|()| handler),
        None => Err(ts.raise(&LOOKUP_ERROR, format_args!("unknown error handler name '{name}'"))),
    }
}

fn search_path(ts: &ThreadState) -> Result<Owned<List>> {
    let cell = &ts.interp().codec_search;
    if cell.get().is_null() {
        cell.store(Some(List::with_room(ts, 0)?));
    }
    match cell.load() {
        // SAFETY: only a list is stored there.
        Some(list) => Ok(unsafe { list.cast_owned() }),
        None => List::with_room(ts, 0),
    }
}

/// `codecs.register`.
pub fn register(ts: &ThreadState, search: &Object) -> Result<()> {
    if !call::is_callable(search) {
        return Err(ts.raise_str(&TYPE_ERROR, "argument must be callable"));
    }
    search_path(ts)?.append(ts, Owned::new(search))
}

/// `codecs.unregister`: forgets a search function, if it is known.
pub fn unregister(ts: &ThreadState, search: &Object) -> Result<()> {
    let path = search_path(ts)?;
    if let Some(i) = path.as_slice().iter().position(|known| known.is(search)) {
        drop(path.take(i));
    }
    Ok(())
}

/// What the search functions know of an encoding; `LookupError` if nothing.
pub fn lookup(ts: &ThreadState, encoding: &str) -> Result<Owned<Tuple>> {
    let normal: String = encoding.chars().map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect();
    let name = Str::new(ts, &normal)?;
    let path = search_path(ts)?;
    let mut i = 0;
    while let Some(search) = path.get(i).map(Owned::new) {
        let found = call::call(ts, &search, &[&name])?;
        i += 1;
        if singletons::is_none(&*found) {
            continue;
        }
        return match found.downcast_owned::<Tuple>() {
            Ok(tuple) if tuple.len() == 4 => Ok(tuple),
            _ => Err(ts.raise_str(&TYPE_ERROR, "codec search functions must return 4-tuples")),
        };
    }
    Err(codecs::unknown_encoding(ts, encoding))
}

/// A registered codec's encoder (0), decoder (1), stream reader (2) or stream writer (3).
pub fn part(ts: &ThreadState, encoding: &str, which: usize) -> Result {
    let codec = lookup(ts, encoding)?;
    codec.get(which).map(Owned::new).ok_or_else(|| codecs::unknown_encoding(ts, encoding))
}

/// Makes what a registered codec has under `name` for converting piece by piece.
pub fn incremental(ts: &ThreadState, encoding: &str, name: &Str, errors: Option<&str>) -> Result {
    let codec = lookup(ts, encoding)?;
    let class = object::getattr(ts, &codec, name)?;
    match errors {
        Some(errors) => call::call(ts, &class, &[&*Str::new(ts, errors)?]),
        None => call::call(ts, &class, &[]),
    }
}

/// Makes a registered codec's reader (2) or writer (3) of a stream.
pub fn over_stream(ts: &ThreadState, encoding: &str, which: usize, stream: &Object, errors: Option<&str>) -> Result {
    let class = part(ts, encoding, which)?;
    match errors {
        Some(errors) => call::call(ts, &class, &[stream, &*Str::new(ts, errors)?]),
        None => call::call(ts, &class, &[stream]),
    }
}

/// Calls the encoder (0) or decoder (1) of a registered codec.
pub fn convert(ts: &ThreadState, which: usize, source: &Object, encoding: &str, errors: Option<&str>) -> Result {
    let codec = lookup(ts, encoding)?;
    let Some(function) = codec.get(which) else { return Err(codecs::unknown_encoding(ts, encoding)) };
    let answer = match errors {
        Some(errors) => call::call(ts, function, &[source, &*Str::new(ts, errors)?]),
        None => call::call(ts, function, &[source]),
    };
    let what = if which == 0 { "encoding" } else { "decoding" };
    let answer = answer.map_err(|raised| codecs::add_note(ts, what, encoding, raised))?;
    let message = match which {
        0 => "encoder must return a tuple (object, integer)",
        _ => "decoder must return a tuple (object,integer)",
    };
    match answer.downcast::<Tuple>().map(Tuple::as_slice) {
        Some([result, _]) => Ok(Owned::new(result)),
        _ => Err(ts.raise_str(&TYPE_ERROR, message)),
    }
}

/// What an encoder makes of an object: the runtime's own, which take a str, or a registered one.
pub fn encode_object(ts: &ThreadState, source: &Object, encoding: &str, errors: Option<&str>) -> Result {
    match codecs::codec_of(Some(encoding)) {
        Some(codec) => {
            let text = crate::protocol::args::expect_str(ts, "encode", "argument 1", source)?;
            Ok(codecs::encode_with(ts, codec, text, errors)?.upcast())
        }
        None => convert(ts, 0, source, encoding, errors),
    }
}

/// What a decoder makes of an object: the runtime's own, which take a buffer, or a registered one.
pub fn decode_object(ts: &ThreadState, source: &Object, encoding: &str, errors: Option<&str>) -> Result {
    match codecs::codec_of(Some(encoding)) {
        Some(_) => codecs::decode_object(ts, source, Some(encoding), errors),
        None => convert(ts, 1, source, encoding, errors),
    }
}

/// `text.encode(encoding)` by a registered codec.
pub fn encode_text(ts: &ThreadState, text: &Str, encoding: &str, errors: Option<&str>) -> Result<Owned<Bytes>> {
    let made = convert(ts, 0, text, encoding, errors)?;
    made.downcast_owned::<Bytes>().map_err(|other| wrong_type(ts, &other, encoding, "encoder", "bytes", "encode"))
}

/// `source.decode(encoding)` by a registered codec.
pub fn decode_text(ts: &ThreadState, source: &Object, encoding: &str, errors: Option<&str>) -> Result<Owned<Str>> {
    expect_str(ts, convert(ts, 1, source, encoding, errors)?, encoding, "decoder", "decode")
}

/// A codec's answer, which must be a str.
pub fn expect_str(
    ts: &ThreadState,
    made: Owned<Object>,
    encoding: &str,
    which: &str,
    verb: &str,
) -> Result<Owned<Str>> {
    made.downcast_owned::<Str>().map_err(|other| wrong_type(ts, &other, encoding, which, "str", verb))
}

#[cold]
fn wrong_type(ts: &ThreadState, made: &Object, encoding: &str, which: &str, wanted: &str, verb: &str) -> Raised {
    let name = made.ty().full_name();
    let message = format_args!(
        "'{encoding}' {which} returned '{name}' instead of '{wanted}'; \
         use codecs.{verb}() to {verb} to arbitrary types"
    );
    ts.raise(&TYPE_ERROR, message)
}
