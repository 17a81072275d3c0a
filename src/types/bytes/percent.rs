//! The `%` operator of bytes.

use super::{ByteString, Bytes, content_of};
use crate::format::percent::{Conversion, Unit, Wants};
use crate::object::{Object, Owned, Result};
use crate::protocol::buffer::{Buffer, exporter_of};
use crate::protocol::{call, number, object};
use crate::runtime::ThreadState;
use crate::types::identifiers;
use crate::types::str::arguments::Failed;
use crate::types::str::percent::{Operand, Stop, number_text, walk};
use crate::types::text::Chars;
use crate::types::text::codec::{ByteBuf, append};

/// `format % operand`.
pub fn format<T: ByteString>(ts: &ThreadState, format: &T, operand: &Object) -> Result<Owned<T>> {
    let mut out = ByteBuf::new();
    format.pinned(|text| {
        let mut operand = Operand::new(ts, operand, Chars::One(text), true);
        walk(&mut operand, &mut out, |out, text| Ok(append(out, text.as_bytes())?), convert)
    })?;
    T::make(ts, &out)
}

fn convert(
    out: &mut ByteBuf,
    operand: &Operand<'_>,
    found: &Conversion,
    value: &Object,
) -> core::result::Result<(), Failed> {
    let ts = operand.ts;
    match found.known_code(true) {
        Some('s' | 'b') => put_bytes(out, operand, found, value),
        Some('r' | 'a') => {
            let text = object::ascii(ts, value)?;
            let text = text.chars().as_bytes();
            put(out, found, &text[..found.kept(text.len())])
        }
        Some('c') => put(out, found, &[byte(operand, value)?]),
        Some(code) => Ok(append(out, number_text(operand, found, code, value)?.as_bytes())?),
        None => Err(Stop::Percent(found.unknown(Unit::Byte(found.code as u8))).raised(ts).into()),
    }
}

fn put(out: &mut ByteBuf, found: &Conversion, content: &[u8]) -> core::result::Result<(), Failed> {
    let (before, after) = found.padding(content.len());
    let spaces = before.checked_add(after).and_then(|n| n.checked_add(content.len()));
    out.try_reserve(spaces.ok_or(Failed::NoMemory)?).map_err(|_| Failed::NoMemory)?;
    out.extend(core::iter::repeat_n(b' ', before));
    out.extend_from_slice(content);
    out.extend(core::iter::repeat_n(b' ', after));
    Ok(())
}

/// `%b` and `%s`: a buffer, or what `__bytes__` gives.
fn put_bytes(
    out: &mut ByteBuf,
    operand: &Operand<'_>,
    found: &Conversion,
    value: &Object,
) -> core::result::Result<(), Failed> {
    let ts = operand.ts;
    if let Some(bytes) = value.downcast_exact::<Bytes>() {
        return put(out, found, &bytes.as_slice()[..found.kept(bytes.len())]);
    }
    if exporter_of(value).is_some() {
        let buffer = Buffer::simple(ts, value)?;
        let content = buffer.as_slice();
        return put(out, found, &content[..found.kept(content.len())]);
    }
    let Some(method) = object::lookup_special(ts, value, &identifiers::__bytes__)? else {
        return Err(operand.wants(Wants::BytesLike(value.ty().full_name())).into());
    };
    let made = call::call(ts, &method, &[])?;
    let Some(bytes) = made.downcast::<Bytes>() else {
        return Err(object::wrong_result(ts, value, "__bytes__", "bytes", &made).into());
    };
    put(out, found, &bytes.as_slice()[..found.kept(bytes.len())])
}

/// What `%c` makes of a number or one byte.
fn byte(operand: &Operand<'_>, value: &Object) -> Result<u8> {
    if let Some((kind, content)) = content_of(value) {
        return match *content {
            [byte] => Ok(byte),
            _ => Err(operand.wants(Wants::ByteNot(kind, content.len()))),
        };
    }
    if !number::is_index(value) {
        return Err(operand.wants(Wants::Byte(value.ty().full_name())));
    }
    let byte = number::index(operand.ts, value)?.to_i64().and_then(|c| u8::try_from(c).ok());
    byte.ok_or_else(|| operand.wants(Wants::ByteRange))
}
