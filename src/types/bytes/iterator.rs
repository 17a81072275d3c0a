//! The iterator over bytes.

use core::cell::Cell;

use super::Bytes;
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Class, Layout, Object, ObjectCell, Owned, Result, Type};
use crate::protocol::number;
use crate::runtime::ThreadState;
use crate::types::iterators::{self, ITER_SELF};
use crate::types::{Int, STATIC_FLAGS, STATIC_TYPE, Tuple, entries, method, slot};

#[repr(C)]
pub struct BytesIterator {
    ob_base: PyObject,
    index: Cell<isize>,
    /// NULL once exhausted.
    bytes: Cell<*mut PyObject>,
}

// SAFETY: begins with the header.
unsafe impl Layout for BytesIterator {}
// SAFETY: the type has no subtypes, and its instances this layout.
unsafe impl Class for BytesIterator {
    fn class() -> &'static Type {
        &PyBytesIter_Type
    }
    fn is_instance(object: &Object) -> bool {
        core::ptr::eq(object.ty(), &PyBytesIter_Type)
    }
}

pub(super) fn new(ts: &ThreadState, bytes: &Bytes) -> Result {
    // SAFETY: all fields are written.
    unsafe {
        let this = ts.new_object::<BytesIterator>(&PyBytesIter_Type, size_of::<BytesIterator>())?;
        this.index.as_ptr().write(0);
        this.bytes.as_ptr().write(Owned::new(bytes).into_raw());
        let this = this.upcast();
        gc_track(&this);
        Ok(this)
    }
}

impl BytesIterator {
    fn bytes(&self) -> Option<&Bytes> {
        // SAFETY: NULL or a bytes.
        self.bytes.peek().map(|b| unsafe { b.cast() })
    }

    fn next(ts: &ThreadState, this: &BytesIterator) -> Result<Option<Owned<Int>>> {
        let Some(bytes) = this.bytes() else { return Ok(None) };
        let i = this.index.get();
        match bytes.as_slice().get(i as usize) {
            Some(&byte) => {
                this.index.set(i + 1);
                Int::from_i64(ts, byte.into()).map(Some)
            }
            None => {
                drop(this.bytes.take_owned());
                Ok(None)
            }
        }
    }

    fn length_hint(_ts: &ThreadState, this: &BytesIterator) -> Result<isize> {
        Ok(this.bytes().map_or(0, |b| b.len() as isize - this.index.get()))
    }

    fn reduce(ts: &ThreadState, this: &BytesIterator) -> Result<Owned<Tuple>> {
        iterators::reduce(ts, "iter", this.bytes.load().as_deref(), this.index.get(), false)
    }

    fn set_state(ts: &ThreadState, this: &BytesIterator, state: &Object) -> Result<()> {
        let index = number::as_ssize(ts, state, Some(&crate::types::exceptions::OVERFLOW_ERROR))?;
        if let Some(bytes) = this.bytes() {
            this.index.set(index.clamp(0, bytes.len() as isize));
        }
        Ok(())
    }

    fn drop_fields(_ts: &ThreadState, this: &BytesIterator) {
        drop(this.bytes.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        visitor.field(&self.bytes)
    }
}

static METHODS: [PyMethodDef; 4] = [
    method::noargs(c"__length_hint__", BytesIterator::length_hint, c"How many bytes are left."),
    method::noargs(c"__reduce__", BytesIterator::reduce, c"Return state information for pickling."),
    method::one(c"__setstate__", BytesIterator::set_state, c"Go on from an index."),
    slot::METHODS_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyBytesIter_Type: Type = Type {
    tp_name: c"bytes_iterator".as_ptr(),
    tp_basicsize: size_of::<BytesIterator>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC),
    tp_dealloc: slot::dealloc(BytesIterator::drop_fields),
    tp_traverse: slot::traverse(BytesIterator::visit),
    tp_iter: ITER_SELF,
    tp_iternext: slot::unary(BytesIterator::next),
    tp_methods: entries(&METHODS),
    ..STATIC_TYPE
};
