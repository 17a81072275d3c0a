//! What Python sees of bytearrays by name and bytes do not have.

use core::ffi::c_int;

use super::{ByteArray, byte_value};
use crate::ffi::PyMethodDef;
use crate::object::{Object, Owned, Result};
use crate::protocol::args::{Args, as_c_int, as_c_ssize};
use crate::protocol::buffer::{Buffer, exporter_of};
use crate::protocol::{call, number, sequence};
use crate::runtime::ThreadState;
use crate::types::bytes::methods::{SHARED, with_shared};
use crate::types::exceptions::{INDEX_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::text::Chars;
use crate::types::{Bytes, Int, Str, Tuple, identifiers, method, singletons};

fn append(ts: &ThreadState, this: &ByteArray, item: &Object) -> Result<()> {
    let byte = byte_value(ts, item)?;
    this.push(ts, byte)
}

fn extend(ts: &ThreadState, this: &ByteArray, source: &Object) -> Result<()> {
    let kind = source.ty().short_name();
    if source.is(this) {
        let copy = Bytes::new(ts, this.as_slice())?;
        return this.splice(ts, this.len(), this.len(), copy.as_slice());
    }
    if exporter_of(source).is_some() {
        let Ok(buffer) = Buffer::simple(ts, source) else {
            return Err(ts.raise(&TYPE_ERROR, format_args!("can't set bytearray slice from {kind}")));
        };
        return this.splice(ts, this.len(), this.len(), buffer.as_slice());
    }
    if source.downcast::<Str>().is_some() {
        return Err(ts.raise(&TYPE_ERROR, format_args!("expected iterable of integers; got: '{kind}'")));
    }
    let iterator = match sequence::iter(ts, source) {
        Ok(iterator) => iterator,
        Err(raised) => {
            ts.recover(raised, &TYPE_ERROR)?;
            return Err(ts.raise(&TYPE_ERROR, format_args!("can't extend bytearray with {kind}")));
        }
    };
    // Nothing is added if one item is none.
    let more = ByteArray::new(ts, &[])?;
    while let Some(item) = sequence::next(ts, &iterator)? {
        more.push(ts, byte_value(ts, &item)?)?;
    }
    this.splice(ts, this.len(), this.len(), more.as_slice())
}

fn insert(ts: &ThreadState, this: &ByteArray, args: Args<'_>) -> Result<()> {
    args.expect_positional(ts, "insert", 2, 2)?;
    let i = as_c_ssize(ts, args.positional[0])?;
    let byte = byte_value(ts, args.positional[1])?;
    let n = this.len() as isize;
    let i = if i < 0 { i.saturating_add(n).max(0) } else { i.min(n) } as usize;
    this.splice(ts, i, i, &[byte])
}

fn pop(ts: &ThreadState, this: &ByteArray, args: Args<'_>) -> Result<Owned<Int>> {
    args.expect_positional(ts, "pop", 0, 1)?;
    let i = args.get(0).map_or(Ok(-1), |i| as_c_ssize(ts, i))?;
    let n = this.len() as isize;
    if n == 0 {
        return Err(ts.raise_str(&INDEX_ERROR, "pop from empty bytearray"));
    }
    let i = if i < 0 { i + n } else { i };
    if !(0..n).contains(&i) {
        return Err(ts.raise_str(&INDEX_ERROR, "pop index out of range"));
    }
    let byte = this.as_slice()[i as usize];
    this.splice(ts, i as usize, i as usize + 1, &[])?;
    Int::from_i64(ts, byte.into())
}

fn remove(ts: &ThreadState, this: &ByteArray, value: &Object) -> Result<()> {
    let byte = byte_value(ts, value)?;
    match memchr::memchr(byte, this.as_slice()) {
        Some(i) => this.splice(ts, i, i + 1, &[]),
        None => Err(ts.raise_str(&VALUE_ERROR, "value not found in bytearray")),
    }
}

fn resize(ts: &ThreadState, this: &ByteArray, size: &Object) -> Result<()> {
    this.resize_to(ts, as_c_ssize(ts, size)?)
}

impl ByteArray {
    /// `bytearray.resize(size)`: new bytes are zeros.
    pub fn resize_to(&self, ts: &ThreadState, size: isize) -> Result<()> {
        let Ok(n) = usize::try_from(size) else {
            return Err(ts.raise(&VALUE_ERROR, format_args!("Can only resize to positive sizes, got {size}")));
        };
        let old = self.len();
        self.resize(ts, n)?;
        self.with_content(|content| content.get_mut(old..).unwrap_or_default().fill(0));
        Ok(())
    }
}

fn take_bytes(ts: &ThreadState, this: &ByteArray, args: Args<'_>) -> Result<Owned<Bytes>> {
    args.expect_positional(ts, "take_bytes", 0, 1)?;
    let n = match args.get(0).filter(|n| !singletons::is_none(*n)) {
        None => this.len() as isize,
        Some(n) if !number::is_index(n) => return Err(ts.raise_str(&TYPE_ERROR, "n must be an integer or None")),
        Some(n) => match number::as_ssize(ts, n, Some(&INDEX_ERROR))? {
            n if n < 0 => n + this.len() as isize,
            n => n,
        },
    };
    if !(0..=this.len() as isize).contains(&n) {
        let size = this.len();
        return Err(ts.raise(&INDEX_ERROR, format_args!("can't take {n} bytes outside size {size}")));
    }
    this.check_resizable(ts)?;
    this.take_front(ts, n as usize)
}

fn clear(ts: &ThreadState, this: &ByteArray) -> Result<()> {
    this.resize(ts, 0)
}

fn copy(ts: &ThreadState, this: &ByteArray) -> Result<Owned<ByteArray>> {
    ByteArray::new(ts, this.as_slice())
}

fn reverse(_ts: &ThreadState, this: &ByteArray) -> Result<()> {
    this.with_content(<[u8]>::reverse);
    Ok(())
}

fn alloc(_ts: &ThreadState, this: &ByteArray) -> Result<isize> {
    Ok(this.allocated())
}

fn size_of_bytearray(_ts: &ThreadState, this: &ByteArray) -> Result<isize> {
    Ok(this.ty().tp_basicsize + this.allocated())
}

fn reduce(ts: &ThreadState, this: &ByteArray) -> Result<Owned<Tuple>> {
    reduce_for(ts, this, 2)
}

fn reduce_ex(ts: &ThreadState, this: &ByteArray, args: Args<'_>) -> Result<Owned<Tuple>> {
    args.expect_positional(ts, "__reduce_ex__", 0, 1)?;
    let protocol = args.get(0).map_or(Ok(0), |p| as_c_int(ts, p))?;
    reduce_for(ts, this, protocol)
}

fn reduce_for(ts: &ThreadState, this: &ByteArray, protocol: c_int) -> Result<Owned<Tuple>> {
    let state = call::call_method(ts, this, &identifiers::__getstate__, &[])?;
    let args = if this.is_empty() {
        Tuple::new(ts, &[])?
    } else if protocol < 3 {
        // Protocols without bytes: a character for each.
        let text = Str::build(ts, |out| out.extend(Chars::One(this.as_slice())))?;
        let encoding = Str::new(ts, "latin-1")?;
        Tuple::new(ts, &[&text, &encoding])?
    } else {
        Tuple::new(ts, &[&*Bytes::new(ts, this.as_slice())?])?
    };
    Tuple::new(ts, &[this.ty().as_object(), &args, &state])
}

pub(super) static METHODS: [PyMethodDef; SHARED + 15] = with_shared::<ByteArray, 14, { SHARED + 15 }>(&[
    method::noargs(c"__alloc__", alloc, c"B.__alloc__() -> int\n\nHow many bytes are allocated for the content."),
    method::noargs(c"__reduce__", reduce, c"__reduce__($self, /)\n--\n\nHow to make the object anew, for pickle."),
    method::positional(c"__reduce_ex__", reduce_ex, c"__reduce_ex__($self, proto=0, /)\n--\n\nHow to make the object anew, for a protocol of pickle."),
    method::noargs(c"__sizeof__", size_of_bytearray, c"__sizeof__($self, /)\n--\n\nThe size in memory, in bytes."),
    method::one(c"append", append, c"append($self, item, /)\n--\n\nAdds a byte at the end."),
    method::noargs(c"clear", clear, c"clear($self, /)\n--\n\nRemoves all bytes."),
    method::noargs(c"copy", copy, c"copy($self, /)\n--\n\nA copy."),
    method::one(c"extend", extend, c"extend($self, iterable_of_ints, /)\n--\n\nAdds all bytes of a buffer or of an iterable of numbers at the end."),
    method::positional(c"insert", insert, c"insert($self, index, item, /)\n--\n\nPuts a byte in before an index."),
    method::positional(c"pop", pop, c"pop($self, index=-1, /)\n--\n\nTakes a byte out, the last if no index is given."),
    method::one(c"remove", remove, c"remove($self, value, /)\n--\n\nTakes the first byte of that value out."),
    method::one(c"resize", resize, c"resize($self, size, /)\n--\n\nCuts bytes off at the end, or adds zeros there."),
    method::noargs(c"reverse", reverse, c"reverse($self, /)\n--\n\nTurns the order round."),
    method::positional(c"take_bytes", take_bytes, c"take_bytes($self, n=None, /)\n--\n\nTakes the first n bytes out, or all, and gives them as bytes."),
]);
