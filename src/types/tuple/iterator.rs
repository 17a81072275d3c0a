//! The iterator over a tuple. It holds the tuple until it is exhausted.

use core::cell::Cell;

use super::Tuple;
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Class, Layout, Object, ObjectCell, Owned, Result, Type};
use crate::runtime::ThreadState;
use crate::types::iterators::{self, ITER_SELF};
use crate::types::{STATIC_FLAGS, STATIC_TYPE, entries, method, slot};

#[repr(C)]
pub struct TupleIterator {
    ob_base: PyObject,
    index: Cell<isize>,
    /// NULL once exhausted.
    tuple: Cell<*mut PyObject>,
}

// SAFETY: begins with the header.
unsafe impl Layout for TupleIterator {}
// SAFETY: the type's instances have this layout, and it has no subtypes.
unsafe impl Class for TupleIterator {
    fn class() -> &'static Type {
        &PyTupleIter_Type
    }
    fn is_instance(object: &Object) -> bool {
        core::ptr::eq(object.ty(), &PyTupleIter_Type)
    }
}

pub fn new(ts: &ThreadState, tuple: &Tuple) -> Result {
    // SAFETY: all fields are written.
    unsafe {
        let this = ts.new_object::<TupleIterator>(&PyTupleIter_Type, size_of::<TupleIterator>())?;
        this.index.as_ptr().write(0);
        this.tuple.as_ptr().write(Owned::new(tuple).into_raw());
        let this = this.upcast();
        gc_track(&this);
        Ok(this)
    }
}

impl TupleIterator {
    fn tuple(&self) -> Option<&Tuple> {
        // SAFETY: NULL or a tuple.
        self.tuple.peek().map(|t| unsafe { t.cast() })
    }

    fn next(_ts: &ThreadState, this: &TupleIterator) -> Result<Option<Owned<Object>>> {
        let Some(tuple) = this.tuple() else { return Ok(None) };
        let i = this.index.get();
        match tuple.get(i as usize) {
            Some(item) => {
                this.index.set(i + 1);
                Ok(Some(Owned::new(item)))
            }
            None => {
                drop(this.tuple.take_owned());
                Ok(None)
            }
        }
    }

    fn hint(_ts: &ThreadState, this: &TupleIterator) -> Result<isize> {
        Ok(this.tuple().map_or(0, |t| t.len() as isize - this.index.get()))
    }

    fn set_state(ts: &ThreadState, this: &TupleIterator, state: &Object) -> Result<()> {
        let index = crate::protocol::args::as_state_index(ts, state)?;
        if let Some(tuple) = this.tuple() {
            this.index.set(index.clamp(0, tuple.len() as isize));
        }
        Ok(())
    }

    fn reduce(ts: &ThreadState, this: &TupleIterator) -> Result<Owned<Tuple>> {
        iterators::reduce(ts, "iter", this.tuple().map(|t| t.as_object()), this.index.get(), false)
    }

    fn drop_fields(_ts: &ThreadState, this: &TupleIterator) {
        drop(this.tuple.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        visitor.field(&self.tuple)
    }
}

static METHODS: [PyMethodDef; 4] = [
    method::noargs(c"__length_hint__", TupleIterator::hint, c"How many items are left."),
    method::noargs(c"__reduce__", TupleIterator::reduce, c"Return state information for pickling."),
    method::one(c"__setstate__", TupleIterator::set_state, c"Go on from an index."),
    slot::METHODS_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyTupleIter_Type: Type = Type {
    tp_name: c"tuple_iterator".as_ptr(),
    tp_basicsize: size_of::<TupleIterator>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC),
    tp_dealloc: slot::dealloc(TupleIterator::drop_fields),
    tp_traverse: slot::traverse(TupleIterator::visit),
    tp_iter: ITER_SELF,
    tp_iternext: slot::unary(TupleIterator::next),
    tp_methods: entries(&METHODS),
    ..STATIC_TYPE
};
