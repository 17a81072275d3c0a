//! `==` of views: as many items in each dimension, and each equal by value. And the hash, of what cannot change.

use super::index::{same_shape, shape_of};
use super::item::Format;
use super::record::Record;
use super::{MemoryView, format_text};
use crate::ffi::*;
use crate::object::{Object, Result};
use crate::protocol::buffer::{Buffer, bytes_of};
use crate::protocol::compare::CompareOp;
use crate::protocol::object;
use crate::protocol::view::{self, Order};
use crate::runtime::ThreadState;
use crate::types::exceptions::VALUE_ERROR;
use crate::types::{bool as boolean, singletons};

/// How items of two views are compared.
enum Items {
    /// Both are of one native format.
    Same(Format),
    Records(Record, Record),
}

pub(super) fn richcompare(ts: &ThreadState, this: &MemoryView, other: &Object, op: CompareOp) -> Result {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(singletons::not_implemented());
    }
    let answer = |equal: bool| Ok(boolean::from_bool(equal == (op == CompareOp::Eq)));
    let released = this.is_released() || other.downcast::<MemoryView>().is_some_and(MemoryView::is_released);
    if released {
        return answer(this.as_object().is(other));
    }
    let held;
    let theirs = match other.downcast::<MemoryView>() {
        Some(other) => other.view(),
        None => match Buffer::with_flags(ts, other, PyBUF_FULL_RO) {
            Ok(buffer) => {
                held = buffer;
                held.view()
            }
            Err(_raised) => {
                ts.error.clear();
                return Ok(singletons::not_implemented());
            }
        },
    };
    if this.is_released() {
        // By the other's `__buffer__`.
        return answer(false);
    }
    let ours = this.view();
    if !same_shape(ours, theirs) {
        return answer(false);
    }
    let Some(items) = Items::of(ours, theirs) else { return answer(false) };
    let pair = Pair { items, shape: shape_of(ours), views: [ours, theirs] };
    // SAFETY: both are filled in and held, and of one shape.
    answer(unsafe { pair.equal(ts, [ours.buf.cast(), theirs.buf.cast()], 0)? })
}

impl Items {
    /// Nothing if a format is not known: then nothing is equal.
    fn of(a: &Py_buffer, b: &Py_buffer) -> Option<Items> {
        let (a_text, b_text) = (format_text(a), format_text(b));
        match (Format::parse(a_text), Format::parse(b_text)) {
            (Some(format), Some(other)) if format == other => Some(Items::Same(format)),
            _ => Some(Items::Records(Record::parse(a_text, a.itemsize)?, Record::parse(b_text, b.itemsize)?)),
        }
    }

    /// # Safety
    /// An item of each view is there.
    unsafe fn equal(&self, ts: &ThreadState, a: *const u8, b: *const u8) -> Result<bool> {
        // SAFETY: the caller's promise.
        unsafe {
            match self {
                Items::Same(format) if format.is_plain_bits() => {
                    let bytes = |p| core::slice::from_raw_parts(p, format.size());
                    Ok(bytes(a) == bytes(b))
                }
                Items::Same(format) => {
                    object::compare_bool(ts, &*format.read(ts, a)?, &*format.read(ts, b)?, CompareOp::Eq)
                }
                Items::Records(left, right) => {
                    let (a, b) = (left.read(ts, a)?, right.read(ts, b)?);
                    if a.len() != b.len() {
                        return Ok(false);
                    }
                    for (a, b) in a.iter().zip(&b) {
                        if !object::equal(ts, a, b)? {
                            return Ok(false);
                        }
                    }
                    Ok(true)
                }
            }
        }
    }
}

/// Two views of one shape, which are filled in and held.
struct Pair<'a> {
    items: Items,
    shape: Vec<isize>,
    views: [&'a Py_buffer; 2],
}

impl Pair<'_> {
    /// # Safety
    /// The places are where that dimension begins in each view.
    unsafe fn equal(&self, ts: &ThreadState, at: [*const u8; 2], dimension: usize) -> Result<bool> {
        let ([a, b], [left, right]) = (at, self.views);
        let Some(&n) = self.shape.get(dimension) else {
            // SAFETY: all dimensions are behind us: an item.
            return unsafe { self.items.equal(ts, a, b) };
        };
        for i in 0..n {
            // SAFETY: within the shape; at most 64 deep.
            let same = unsafe {
                let next = [view::step(left, a, dimension, i), view::step(right, b, dimension, i)];
                self.equal(ts, next, dimension + 1)?
            };
            if !same {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// That of a bytes of the same content, kept once it is known, beyond the release too.
pub(super) fn hash(ts: &ThreadState, this: &MemoryView) -> Result<isize> {
    if this.hash.get() != -1 {
        return Ok(this.hash.get());
    }
    let view = this.check(ts)?;
    if view.readonly == 0 {
        return Err(ts.raise_str(&VALUE_ERROR, "cannot hash writable memoryview object"));
    }
    if !Format::parse(format_text(view)).is_some_and(Format::is_byte) {
        let message = "memoryview: hashing is restricted to formats 'B', 'b' or 'c'";
        return Err(ts.raise_str(&VALUE_ERROR, message));
    }
    // SAFETY: NULL or the exporter, which the buffer holds.
    if let Some(exporter) = unsafe { Object::from_nullable(view.obj) } {
        object::hash(ts, exporter)?;
        this.check(ts)?;
    }
    // SAFETY: filled in, and not released.
    let hash = unsafe { bytes_of(ts, view, Order::C)? }.hash();
    this.hash.set(hash);
    Ok(hash)
}
