//! The iterator over a memoryview of one dimension, in its length of when it was made.

use super::index::{SCALAR_INDEX, SUB_VIEWS};
use super::{MemoryView, not_implemented, type_error};
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::protocol::view;
use crate::runtime::ThreadState;
use crate::types::iterators::ITER_SELF;
use crate::types::{STATIC_FLAGS, STATIC_TYPE, slot};
use core::cell::Cell;

layout!(Iterator = MemoryIteratorObject, ITERATOR_TYPE);

pub(super) fn new(ts: &ThreadState, memory: &MemoryView) -> Result<Owned<Iterator>> {
    let view = memory.check(ts)?;
    let length = match view::shape(view) {
        [] => return Err(type_error(ts, SCALAR_INDEX)),
        [length] => *length,
        _ => return Err(not_implemented(ts, SUB_VIEWS)),
    };
    memory.check_format(ts)?;
    // SAFETY: all fields are written.
    unsafe {
        let this = ts.new_object::<Iterator>(&ITERATOR_TYPE, size_of::<Iterator>())?;
        this.index.set(0);
        this.length.set(length);
        this.memory.as_ptr().write(Owned::new(memory).into_raw());
        gc_track(&this);
        Ok(this)
    }
}

fn next(ts: &ThreadState, this: &Iterator) -> Result<Option<Owned<Object>>> {
    let Some(memory) = this.memory.load() else { return Ok(None) };
    let i = this.index.get();
    if i >= this.length.get() {
        drop(this.memory.take_owned());
        return Ok(None);
    }
    this.index.set(i + 1);
    // SAFETY: what `new` put there.
    MemoryView::item(ts, unsafe { memory.cast() }, i).map(Some)
}

fn drop_fields(_ts: &ThreadState, this: &Iterator) {
    drop(this.memory.take_owned());
}

fn visit(this: &Iterator, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
    visitor.field(&this.memory)
}

#[unsafe(link_section = "immortal")]
pub static ITERATOR_TYPE: Type = Type {
    tp_name: c"memory_iterator".as_ptr(),
    tp_basicsize: size_of::<Iterator>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION),
    tp_dealloc: slot::dealloc(drop_fields),
    tp_traverse: slot::traverse(visit),
    tp_iter: ITER_SELF,
    tp_iternext: slot::unary(next),
    ..STATIC_TYPE
};
