//! What operators do with bytearrays: comparison, `+`, `*`, `+=`, `*=`, and assignment to subscripts.

use super::{ByteArray, byte_value};
use crate::ffi::*;
use crate::object::{Object, Owned, Raised, Result};
use crate::protocol::buffer::{Buffer, exporter_of};
use crate::protocol::compare::CompareOp;
use crate::protocol::number;
use crate::runtime::ThreadState;
use crate::types::bytes::ByteString;
use crate::types::bytes::sequence::{contains, item, length, remainder, subscript};
use crate::types::exceptions::{INDEX_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::slice::Indices;
use crate::types::{Slice, Str, bool as boolean, singletons, slot};

pub(super) fn compare(ts: &ThreadState, this: &ByteArray, other: &Object, op: CompareOp) -> Result {
    if exporter_of(other).is_none() {
        return Ok(singletons::not_implemented());
    }
    let Ok(other) = Buffer::simple(ts, other) else {
        ts.error.clear();
        return Ok(singletons::not_implemented());
    };
    Ok(boolean::from_bool(op.of(this.as_slice().cmp(other.as_slice()))))
}

/// `a + b`, where either may be anything with a buffer.
pub fn concat(ts: &ThreadState, a: &Object, b: &Object) -> Result<Owned<ByteArray>> {
    if exporter_of(a).is_none() || exporter_of(b).is_none() {
        return Err(not_concatenable(ts, a, b));
    }
    let (left, right) = (Buffer::simple(ts, a)?, Buffer::simple(ts, b)?);
    let (left, right) = (left.as_slice(), right.as_slice());
    let Some(n) = left.len().checked_add(right.len()) else { return Err(ts.no_memory()) };
    ByteArray::filled(ts, n, |room| {
        room[..left.len()].copy_from_slice(left);
        room[left.len()..].copy_from_slice(right);
    })
}

#[cold]
fn not_concatenable(ts: &ThreadState, a: &Object, b: &Object) -> Raised {
    let (left, right) = (a.ty().short_name(), b.ty().short_name());
    ts.raise(&TYPE_ERROR, format_args!("can't concat {right} to {left}"))
}

fn concat_slot(ts: &ThreadState, this: &ByteArray, other: &Object) -> Result<Owned<ByteArray>> {
    concat(ts, this, other)
}

fn inplace_concat(ts: &ThreadState, this: &ByteArray, other: &Object) -> Result<Owned<ByteArray>> {
    let Ok(buffer) = Buffer::simple(ts, other) else { return Err(not_concatenable(ts, this, other)) };
    let n = this.len();
    this.splice(ts, n, n, buffer.as_slice())?;
    Ok(Owned::new(this))
}

/// How long `times` times so many bytes are.
fn repeated_size(ts: &ThreadState, n: usize, times: isize) -> Result<usize> {
    let size = n.checked_mul(times.max(0) as usize).filter(|&n| n <= isize::MAX as usize);
    size.ok_or_else(|| ts.no_memory())
}

/// Fills `room` with its first `n` bytes over and over.
fn repeat_first(room: &mut [u8], n: usize) {
    let mut done = n;
    while done > 0 && done < room.len() {
        let more = done.min(room.len() - done);
        room.copy_within(..more, done);
        done += more;
    }
}

fn repeat(ts: &ThreadState, this: &ByteArray, times: isize) -> Result<Owned<ByteArray>> {
    let size = repeated_size(ts, this.len(), times)?;
    ByteArray::filled(ts, size, |room| {
        let n = this.len().min(size);
        room[..n].copy_from_slice(&this.as_slice()[..n]);
        repeat_first(room, n);
    })
}

fn inplace_repeat(ts: &ThreadState, this: &ByteArray, times: isize) -> Result<Owned<ByteArray>> {
    let n = this.len();
    this.resize(ts, repeated_size(ts, n, times)?)?;
    this.with_content(|room| repeat_first(room, n.min(room.len())));
    Ok(Owned::new(this))
}

/// Index `i` if there is such a byte.
fn within(ts: &ThreadState, this: &ByteArray, i: isize) -> Result<usize> {
    let i = usize::try_from(i).ok().filter(|&i| i < this.len());
    i.ok_or_else(|| ts.raise_str(&INDEX_ERROR, ByteArray::OUT_OF_RANGE))
}

fn set_item(ts: &ThreadState, this: &ByteArray, i: isize, value: Option<&Object>) -> Result<()> {
    set_byte(ts, this, value, || i)
}

fn set_byte(ts: &ThreadState, this: &ByteArray, value: Option<&Object>, i: impl Fn() -> isize) -> Result<()> {
    // Reading the value may run foreign code: the index is counted afterwards.
    let byte = value.map(|value| byte_value(ts, value)).transpose()?;
    let i = within(ts, this, i())?;
    match byte {
        Some(byte) => {
            this.with_content(|content| content[i] = byte);
            Ok(())
        }
        None => this.splice(ts, i, i + 1, &[]),
    }
}

fn set_subscript(ts: &ThreadState, this: &ByteArray, key: &Object, value: Option<&Object>) -> Result<()> {
    if number::is_index(key) {
        let i = number::as_subscript(ts, key)?;
        return set_byte(ts, this, value, || if i < 0 { i + this.len() as isize } else { i });
    }
    let Some(slice) = key.downcast_exact::<Slice>() else {
        let name = key.ty().short_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("bytearray indices must be integers or slices, not {name}")));
    };
    let bounds = slice.unpack(ts)?;
    // A copy, since it may be the bytearray itself.
    let new = value.map(|value| assignable(ts, value)).transpose()?;
    let new = new.as_ref().map_or(&[][..], |new| new.as_slice());
    let indices = bounds.adjust(this.len() as isize);
    if indices.step == 1 {
        let start = indices.start as usize;
        return this.splice(ts, start, start + indices.len, new);
    }
    if new.is_empty() {
        return delete_extended(ts, this, indices);
    }
    if new.len() != indices.len {
        let (given, wanted) = (new.len(), indices.len);
        let message = format_args!("attempt to assign bytes of size {given} to extended slice of size {wanted}");
        return Err(ts.raise(&VALUE_ERROR, message));
    }
    this.with_content(|content| indices.iter().zip(new).for_each(|(i, &byte)| content[i] = byte));
    Ok(())
}

fn assignable(ts: &ThreadState, value: &Object) -> Result<Owned<ByteArray>> {
    if number::is_number(value) || value.downcast::<Str>().is_some() {
        let message = "can assign only bytes, buffers, or iterables of ints in range(0, 256)";
        return Err(ts.raise_str(&TYPE_ERROR, message));
    }
    ByteArray::from_object(ts, value)
}

fn delete_extended(ts: &ThreadState, this: &ByteArray, indices: Indices) -> Result<()> {
    if indices.len == 0 {
        return Ok(());
    }
    this.check_resizable(ts)?;
    let stride = indices.step.unsigned_abs();
    let start = indices.start as usize;
    let first = if indices.step < 0 { start - stride * (indices.len - 1) } else { start };
    this.with_content(|content| {
        let mut to = first;
        for from in first..content.len() {
            let offset = from - first;
            if !offset.is_multiple_of(stride) || offset / stride >= indices.len {
                content[to] = content[from];
                to += 1;
            }
        }
    });
    this.resize(ts, this.len() - indices.len)
}

#[unsafe(link_section = "immortal")]
pub(super) static AS_NUMBER: PyNumberMethods =
    PyNumberMethods { nb_remainder: slot::binary(remainder::<ByteArray>), ..PyNumberMethods::EMPTY };

#[unsafe(link_section = "immortal")]
pub(super) static AS_SEQUENCE: PySequenceMethods = PySequenceMethods {
    sq_length: slot::len(length::<ByteArray>),
    sq_concat: slot::binary(concat_slot),
    sq_repeat: slot::ssizearg(repeat),
    sq_item: slot::ssizearg(item::<ByteArray>),
    sq_ass_item: slot::ssizeobjarg(set_item),
    sq_contains: slot::contains(contains::<ByteArray>),
    sq_inplace_concat: slot::binary(inplace_concat),
    sq_inplace_repeat: slot::ssizearg(inplace_repeat),
    ..PySequenceMethods::EMPTY
};

#[unsafe(link_section = "immortal")]
pub(super) static AS_MAPPING: PyMappingMethods = PyMappingMethods {
    mp_length: slot::len(length::<ByteArray>),
    mp_subscript: slot::binary(subscript::<ByteArray>),
    mp_ass_subscript: slot::objobjarg(set_subscript),
};
