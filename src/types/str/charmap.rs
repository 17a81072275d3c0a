//! Encodings by a table: `PyUnicode_DecodeCharmap`, `PyUnicode_AsCharmapString`.

use super::Str;
use super::codecs::Errors;
use crate::object::{Object, Owned, Result};
use crate::protocol::sequence;
use crate::runtime::ThreadState;
use crate::types::exceptions::{LOOKUP_ERROR, TYPE_ERROR};
use crate::types::text::TextBuf;
use crate::types::text::codec::{ByteBuf, Codec, DecodeErrors, EncodeErrors, Fault, append};
use crate::types::{Bytes, Dict, Int, singletons};

const REASON: &str = "character maps to <undefined>";

/// Stands for "no character" in a table that is a str, or as a number.
const UNDEFINED: u32 = 0xFFFE;

/// The text of bytes by a table from bytes to characters.
pub fn decode(ts: &ThreadState, input: &[u8], table: &Object, errors: Option<&str>) -> Result<Owned<Str>> {
    let mut handler = Errors::named(ts, "charmap", Codec::Latin1, errors, None);
    let mut out = TextBuf::new();
    let mut at = 0;
    while let Some(&byte) = input.get(at) {
        let known = match table.downcast_exact::<Str>() {
            Some(text) => match text.chars().get(byte.into()).filter(|&c| c != UNDEFINED) {
                Some(c) => ts.allocated(out.push(c)).map(|()| true)?,
                None => false,
            },
            None => look_up_byte(ts, table, byte, &mut out)?,
        };
        at = if known {
            at + 1
        } else {
            let fault = Fault { start: at, end: at + 1, reason: REASON };
            DecodeErrors::handle(&mut handler, input, fault, &mut out).map_err(|f| f.raised(ts))?
        };
    }
    Str::from_buf(ts, &out)
}

/// Appends what the table says about a byte, if it says anything.
fn look_up_byte(ts: &ThreadState, table: &Object, byte: u8, out: &mut TextBuf) -> Result<bool> {
    let Some(value) = look_up(ts, table, byte.into())? else { return Ok(false) };
    if let Some(int) = value.downcast::<Int>() {
        return match int.to_i64() {
            Some(c) if c == i64::from(UNDEFINED) => Ok(false),
            Some(c @ 0..=0x10FFFF) => ts.allocated(out.push(c as u32)).map(|()| true),
            _ => Err(ts.raise_str(&TYPE_ERROR, "character mapping must be in range(0x110000)")),
        };
    }
    let Some(text) = value.downcast::<Str>() else {
        return Err(ts.raise_str(&TYPE_ERROR, "character mapping must return integer, None or str"));
    };
    if text.len() == 1 && text.chars().at(0) == UNDEFINED {
        return Ok(false);
    }
    ts.allocated(out.extend(text.chars())).map(|()| true)
}

/// The table's item; nothing for `None` or if there is none.
fn look_up(ts: &ThreadState, table: &Object, key: u32) -> Result<Option<Owned<Object>>> {
    let key = Int::from_i64(ts, key.into())?;
    match sequence::getitem(ts, table, &key) {
        Ok(value) => Ok(Some(value).filter(|v| !singletons::is_none(&**v))),
        Err(raised) => ts.recover(raised, &LOOKUP_ERROR).map(|()| None),
    }
}

/// The bytes of a text by a table from characters to bytes.
pub fn encode(ts: &ThreadState, text: &Str, table: &Object) -> Result<Owned<Bytes>> {
    let mut out = ByteBuf::new();
    let mut fault: Option<Fault> = None;
    for (i, c) in text.code_points().enumerate() {
        let known = match look_up(ts, table, c)? {
            None => false,
            Some(_) if fault.is_some() => true,
            Some(value) => put(ts, &value, &mut out).map(|()| true)?,
        };
        match (known, &mut fault) {
            (false, None) => fault = Some(Fault { start: i, end: i + 1, reason: REASON }),
            (false, Some(fault)) => fault.end = i + 1,
            // What cannot be encoded ends here.
            (true, Some(_)) => break,
            (true, None) => {}
        }
    }
    match fault {
        None => Bytes::new(ts, &out),
        Some(fault) => {
            let source = Owned::new(text.as_object());
            let mut handler = Errors::named(ts, "charmap", Codec::Latin1, None, Some(source));
            Err(handler.refuse(text.chars(), fault).raised(ts))
        }
    }
}

fn put(ts: &ThreadState, value: &Object, out: &mut ByteBuf) -> Result<()> {
    if let Some(int) = value.downcast::<Int>() {
        return match int.to_i64().map(u8::try_from) {
            Some(Ok(byte)) => ts.allocated(append(out, &[byte])),
            _ => Err(ts.raise_str(&TYPE_ERROR, "character mapping must be in range(256)")),
        };
    }
    match value.downcast::<Bytes>() {
        Some(bytes) => ts.allocated(append(out, bytes.as_slice())),
        None => {
            let name = value.ty().full_name();
            let message = format_args!("character mapping must return integer, bytes or None, not {name}");
            Err(ts.raise(&TYPE_ERROR, message))
        }
    }
}

/// The table for encoding that goes with a str for decoding: a dict from characters to places in it.
pub fn encoding_map(ts: &ThreadState, table: &Str) -> Result<Owned<Dict>> {
    let map = Dict::new(ts)?;
    for (i, c) in table.code_points().take(256).enumerate() {
        map.set(ts, &*Int::from_i64(ts, c.into())?, &*Int::from_i64(ts, i as i64)?)?;
    }
    Ok(map)
}
