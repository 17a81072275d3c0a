//! What operators do with bytes: comparison, `+`, `*`, `in`, subscripts.

use super::{ByteString, Bytes};
use crate::ffi::*;
use crate::object::{Object, Owned, Result};
use crate::protocol::buffer::Buffer;
use crate::protocol::compare::CompareOp;
use crate::protocol::number;
use crate::runtime::ThreadState;
use crate::types::exceptions::{INDEX_ERROR, OVERFLOW_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::{Int, Slice, bool as boolean, singletons, slot};

pub(super) fn compare(_ts: &ThreadState, this: &Bytes, other: &Object, op: CompareOp) -> Result {
    let Some(other) = other.downcast::<Bytes>() else { return Ok(singletons::not_implemented()) };
    let answer = match op {
        CompareOp::Eq => this.as_slice() == other.as_slice(),
        CompareOp::Ne => this.as_slice() != other.as_slice(),
        _ => op.of(this.as_slice().cmp(other.as_slice())),
    };
    Ok(boolean::from_bool(answer))
}

/// `a + b`, where either may be anything with a buffer.
pub fn concat(ts: &ThreadState, a: &Object, b: &Object) -> Result<Owned<Bytes>> {
    let (Ok(left), Ok(right)) = (Buffer::simple(ts, a), Buffer::simple(ts, b)) else {
        let (left, right) = (a.ty().full_name(), b.ty().full_name());
        return Err(ts.raise(&TYPE_ERROR, format_args!("can't concat {right} to {left}")));
    };
    let (x, y) = (left.as_slice(), right.as_slice());
    if x.is_empty()
        && let Some(b) = b.downcast_exact::<Bytes>()
    {
        return Ok(Owned::new(b));
    }
    if y.is_empty()
        && let Some(a) = a.downcast_exact::<Bytes>()
    {
        return Ok(Owned::new(a));
    }
    let Some(n) = x.len().checked_add(y.len()) else { return Err(ts.no_memory()) };
    if n < 2 {
        return Bytes::new(ts, if x.is_empty() { y } else { x });
    }
    // SAFETY: all bytes are written.
    unsafe {
        let made = Bytes::with_size(ts, n)?;
        made.data().copy_from_nonoverlapping(x.as_ptr(), x.len());
        made.data().add(x.len()).copy_from_nonoverlapping(y.as_ptr(), y.len());
        Ok(made)
    }
}

fn concat_slot(ts: &ThreadState, this: &Bytes, other: &Object) -> Result<Owned<Bytes>> {
    concat(ts, this, other)
}

fn repeat(ts: &ThreadState, this: &Bytes, times: isize) -> Result<Owned<Bytes>> {
    let times = times.max(0) as usize;
    let n = this.len().checked_mul(times).filter(|&n| n <= isize::MAX as usize);
    let Some(n) = n else { return Err(ts.raise_str(&OVERFLOW_ERROR, "repeated bytes are too long")) };
    if times == 1 || n == this.len() && this.is_exact::<Bytes>() {
        return Bytes::unchanged(ts, this);
    }
    if n < 2 {
        return Bytes::new(ts, &this.as_slice()[..n]);
    }
    // SAFETY: all bytes are written, by doubling what is there.
    unsafe {
        let made = Bytes::with_size(ts, n)?;
        let p = made.data();
        p.copy_from_nonoverlapping(this.data(), this.len());
        let mut done = this.len();
        while done < n {
            let more = done.min(n - done);
            p.add(done).copy_from_nonoverlapping(p, more);
            done += more;
        }
        Ok(made)
    }
}

pub fn length<T: ByteString>(_ts: &ThreadState, this: &T) -> Result<isize> {
    Ok(this.as_slice().len() as isize)
}

pub fn item<T: ByteString>(ts: &ThreadState, this: &T, i: isize) -> Result<Owned<Int>> {
    match usize::try_from(i).ok().and_then(|i| this.as_slice().get(i)) {
        Some(&byte) => Int::from_i64(ts, byte.into()),
        None => Err(ts.raise_str(&INDEX_ERROR, T::OUT_OF_RANGE)),
    }
}

pub fn contains<T: ByteString>(ts: &ThreadState, this: &T, value: &Object) -> Result<bool> {
    if number::is_index(value) {
        match number::as_ssize(ts, value, None) {
            Ok(byte) => {
                let byte = u8::try_from(byte);
                let byte = byte.map_err(|_| ts.raise_str(&VALUE_ERROR, "byte must be in range(0, 256)"))?;
                return Ok(memchr::memchr(byte, this.as_slice()).is_some());
            }
            // What fails as a number may still be a buffer.
            Err(_raised) => ts.error.clear(),
        }
    }
    let needle = Buffer::simple(ts, value)?;
    Ok(memchr::memmem::find(this.as_slice(), needle.as_slice()).is_some())
}

pub fn subscript<T: ByteString>(ts: &ThreadState, this: &T, key: &Object) -> Result {
    if number::is_index(key) {
        let i = number::as_subscript(ts, key)?;
        let i = if i < 0 { i + this.as_slice().len() as isize } else { i };
        return Ok(item(ts, this, i)?.upcast());
    }
    let Some(slice) = key.downcast_exact::<Slice>() else {
        let name = key.ty().short_name();
        return Err(
            ts.raise(&TYPE_ERROR, format_args!("{} indices must be integers or slices, not {name}", T::INDICES))
        );
    };
    let indices = slice.indices_of(ts, this.as_slice().len())?;
    if indices.step == 1 {
        let start = indices.start as usize;
        return Ok(T::part(ts, this, start..start + indices.len)?.upcast());
    }
    let source = this.as_slice();
    let made = T::filled(ts, indices.len, |room| {
        room.iter_mut().zip(indices.iter()).for_each(|(byte, i)| *byte = source[i]);
    })?;
    Ok(made.upcast())
}

/// `a % b`.
pub fn remainder<T: ByteString>(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    match a.downcast::<T>() {
        Some(format) => Ok(super::percent::format(ts, format, b)?.upcast()),
        None => Ok(singletons::not_implemented()),
    }
}

#[unsafe(link_section = "immortal")]
pub(super) static AS_NUMBER: PyNumberMethods =
    PyNumberMethods { nb_remainder: slot::binary(remainder::<Bytes>), ..PyNumberMethods::EMPTY };

#[unsafe(link_section = "immortal")]
pub(super) static AS_SEQUENCE: PySequenceMethods = PySequenceMethods {
    sq_length: slot::len(length::<Bytes>),
    sq_concat: slot::binary(concat_slot),
    sq_repeat: slot::ssizearg(repeat),
    sq_item: slot::ssizearg(item::<Bytes>),
    sq_contains: slot::contains(contains::<Bytes>),
    ..PySequenceMethods::EMPTY
};

#[unsafe(link_section = "immortal")]
pub(super) static AS_MAPPING: PyMappingMethods = PyMappingMethods {
    mp_length: slot::len(length::<Bytes>),
    mp_subscript: slot::binary(subscript::<Bytes>),
    ..PyMappingMethods::EMPTY
};
