//! The iterators over bytes and bytearray.

use core::cell::Cell;
use core::ffi::CStr;

use super::{ByteString, Bytes};
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Layout, Object, ObjectCell, Owned, Result, Type};
use crate::protocol::number;
use crate::runtime::ThreadState;
use crate::types::iterators::{self, ITER_SELF};
use crate::types::{Int, STATIC_FLAGS, STATIC_TYPE, Tuple, entries, method, slot};

#[repr(C)]
pub struct ByteIterator {
    ob_base: PyObject,
    index: Cell<isize>,
    /// NULL once exhausted.
    bytes: Cell<*mut PyObject>,
}

// SAFETY: begins with the header.
unsafe impl Layout for ByteIterator {}
pub fn new<T: ByteString>(ts: &ThreadState, bytes: &T) -> Result {
    // SAFETY: all fields are written.
    unsafe {
        let this = ts.new_object::<ByteIterator>(T::iterator_type(), size_of::<ByteIterator>())?;
        this.index.as_ptr().write(0);
        this.bytes.as_ptr().write(Owned::new(bytes.as_object()).into_raw());
        let this = this.upcast();
        gc_track(&this);
        Ok(this)
    }
}

impl ByteIterator {
    fn bytes<T: ByteString>(&self) -> Option<&T> {
        // SAFETY: NULL or what `new` was given.
        self.bytes.peek().map(|b| unsafe { b.cast() })
    }

    fn next<T: ByteString>(ts: &ThreadState, this: &ByteIterator) -> Result<Option<Owned<Int>>> {
        let Some(bytes) = this.bytes::<T>() else { return Ok(None) };
        let i = this.index.get();
        match usize::try_from(i).ok().and_then(|i| bytes.as_slice().get(i)) {
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

    fn length_hint<T: ByteString>(_ts: &ThreadState, this: &ByteIterator) -> Result<isize> {
        Ok(this.bytes::<T>().map_or(0, |b| (b.as_slice().len() as isize - this.index.get()).max(0)))
    }

    fn reduce(ts: &ThreadState, this: &ByteIterator) -> Result<Owned<Tuple>> {
        iterators::reduce(ts, "iter", this.bytes.load().as_deref(), this.index.get(), false)
    }

    fn set_state<T: ByteString>(ts: &ThreadState, this: &ByteIterator, state: &Object) -> Result<()> {
        let index = number::as_ssize(ts, state, Some(&crate::types::exceptions::OVERFLOW_ERROR))?;
        if let Some(bytes) = this.bytes::<T>() {
            this.index.set(index.clamp(T::FIRST_PLACE, bytes.as_slice().len() as isize));
        }
        Ok(())
    }

    fn drop_fields(_ts: &ThreadState, this: &ByteIterator) {
        drop(this.bytes.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        visitor.field(&self.bytes)
    }
}

/// The methods of the iterator over `T`.
pub const fn methods<T: ByteString>() -> [PyMethodDef; 4] {
    [
        method::noargs(c"__length_hint__", ByteIterator::length_hint::<T>, c"How many bytes are left."),
        method::noargs(c"__reduce__", ByteIterator::reduce, c"Return state information for pickling."),
        method::one(c"__setstate__", ByteIterator::set_state::<T>, c"Go on from an index."),
        slot::METHODS_END,
    ]
}

static METHODS: [PyMethodDef; 4] = methods::<Bytes>();

/// The type of the iterator over `T`.
pub const fn type_of<T: ByteString>(name: &'static CStr, methods: &'static [PyMethodDef; 4]) -> Type {
    Type {
        tp_name: name.as_ptr(),
        tp_basicsize: size_of::<ByteIterator>() as isize,
        tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC),
        tp_dealloc: slot::dealloc(ByteIterator::drop_fields),
        tp_traverse: slot::traverse(ByteIterator::visit),
        tp_iter: ITER_SELF,
        tp_iternext: slot::unary(ByteIterator::next::<T>),
        tp_methods: entries(methods),
        ..STATIC_TYPE
    }
}

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyBytesIter_Type: Type = type_of::<Bytes>(c"bytes_iterator", &METHODS);
