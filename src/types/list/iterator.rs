//! Iterators over lists, from either end. They hold the list until they are exhausted.

use core::cell::Cell;

use super::List;
use crate::ffi::*;
use crate::object::{Class, Layout, Object, ObjectCell, Owned, Result, Type};
use crate::runtime::ThreadState;
use crate::types::iterators::{self, ITER_SELF};
use crate::types::{STATIC_FLAGS, STATIC_TYPE, Tuple, entries, method, slot};

#[repr(C)]
pub struct ListIterator {
    ob_base: PyObject,
    index: Cell<isize>,
    /// NULL once exhausted.
    list: Cell<*mut PyObject>,
}

// SAFETY: begins with the header.
unsafe impl Layout for ListIterator {}
// SAFETY: both types' instances have this layout, and neither has subtypes.
unsafe impl Class for ListIterator {
    fn class() -> &'static Type {
        &PyListIter_Type
    }
    fn is_instance(object: &Object) -> bool {
        core::ptr::eq(object.ty(), &PyListIter_Type) || core::ptr::eq(object.ty(), &PyListRevIter_Type)
    }
}

fn make(ts: &ThreadState, ty: &'static Type, list: &List, index: isize) -> Result {
    // SAFETY: all fields are written.
    unsafe {
        let this = ts.new_object::<ListIterator>(ty, size_of::<ListIterator>())?;
        this.index.as_ptr().write(index);
        this.list.as_ptr().write(Owned::new(list).into_raw());
        let this = this.upcast();
        ts.track_new(&this);
        Ok(this)
    }
}

pub fn forward(ts: &ThreadState, list: &List) -> Result {
    make(ts, &PyListIter_Type, list, 0)
}

pub fn backward(ts: &ThreadState, list: &List) -> Result {
    make(ts, &PyListRevIter_Type, list, list.len() as isize - 1)
}

impl ListIterator {
    fn list(&self) -> Option<&List> {
        // SAFETY: NULL or a list.
        self.list.peek().map(|l| unsafe { l.cast() })
    }

    fn next(&self) -> Option<Owned<Object>> {
        self.step(1)
    }

    fn previous(&self) -> Option<Owned<Object>> {
        self.step(-1)
    }

    #[inline(always)]
    fn step(&self, by: isize) -> Option<Owned<Object>> {
        let i = self.index.get();
        // An index below 0, before the first, is beyond any length as well.
        match self.list()?.get(i as usize) {
            Some(item) => {
                self.index.set(i + by);
                Some(Owned::new(item))
            }
            None => self.exhaust(),
        }
    }

    #[cold]
    #[inline(never)]
    fn exhaust(&self) -> Option<Owned<Object>> {
        self.index.set(-1);
        drop(self.list.take_owned());
        None
    }

    fn hint(_ts: &ThreadState, this: &ListIterator) -> Result<isize> {
        Ok(this.list().map_or(0, |l| (l.len() as isize - this.index.get()).max(0)))
    }

    fn hint_backward(_ts: &ThreadState, this: &ListIterator) -> Result<isize> {
        Ok(this.list().map_or(0, |l| if this.index.get() < l.len() as isize { this.index.get() + 1 } else { 0 }))
    }

    fn set_state(ts: &ThreadState, this: &ListIterator, state: &Object) -> Result<()> {
        let index = crate::protocol::args::as_state_index(ts, state)?;
        if let Some(list) = this.list() {
            let n = list.len() as isize;
            let backward = core::ptr::eq(this.ob_base.ty(), &PyListRevIter_Type);
            this.index.set(if backward { index.clamp(-1, n - 1) } else { index.clamp(0, n) });
        }
        Ok(())
    }

    fn reduce(ts: &ThreadState, this: &ListIterator) -> Result<Owned<Tuple>> {
        iterators::reduce(ts, "iter", this.list().map(|l| l.as_object()), this.index.get(), true)
    }

    fn reduce_backward(ts: &ThreadState, this: &ListIterator) -> Result<Owned<Tuple>> {
        match this.list() {
            Some(list) => iterators::reduce(ts, "reversed", Some(list.as_object()), this.index.get(), true),
            None => iterators::reduce(ts, "iter", None, 0, true),
        }
    }

    fn drop_fields(_ts: &ThreadState, this: &ListIterator) {
        drop(this.list.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        visitor.field(&self.list)
    }
}

static FORWARD: [PyMethodDef; 4] = [
    method::noargs(c"__length_hint__", ListIterator::hint, c"How many items are left."),
    method::noargs(c"__reduce__", ListIterator::reduce, c"Return state information for pickling."),
    method::one(c"__setstate__", ListIterator::set_state, c"Go on from an index."),
    slot::METHODS_END,
];

static BACKWARD: [PyMethodDef; 4] = [
    method::noargs(c"__length_hint__", ListIterator::hint_backward, c"How many items are left."),
    method::noargs(c"__reduce__", ListIterator::reduce_backward, c"Return state information for pickling."),
    method::one(c"__setstate__", ListIterator::set_state, c"Go on from an index."),
    slot::METHODS_END,
];

#[allow(clippy::declare_interior_mutable_const)]
const TEMPLATE: Type = Type {
    tp_basicsize: size_of::<ListIterator>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC),
    tp_dealloc: slot::dealloc(ListIterator::drop_fields),
    tp_traverse: slot::traverse(ListIterator::visit),
    tp_iter: ITER_SELF,
    ..STATIC_TYPE
};

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyListIter_Type: Type = Type {
    tp_name: c"list_iterator".as_ptr(),
    tp_iternext: slot::next(ListIterator::next),
    tp_methods: entries(&FORWARD),
    ..TEMPLATE
};

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyListRevIter_Type: Type = Type {
    tp_name: c"list_reverseiterator".as_ptr(),
    tp_iternext: slot::next(ListIterator::previous),
    tp_methods: entries(&BACKWARD),
    ..TEMPLATE
};
