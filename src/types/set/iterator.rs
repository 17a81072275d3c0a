//! The iterator over a set or frozenset. It holds the set until it is exhausted.

use core::cell::Cell;

use super::Set;
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Class, Layout, Object, ObjectCell, Owned, Result, Type};
use crate::runtime::ThreadState;
use crate::types::exceptions::RUNTIME_ERROR;
use crate::types::iterators::{self, ITER_SELF};
use crate::types::{List, STATIC_FLAGS, STATIC_TYPE, Tuple, entries, method, slot};

#[repr(C)]
pub struct SetIterator {
    ob_base: PyObject,
    /// NULL once exhausted.
    set: Cell<*mut PyObject>,
    /// The set's size at the start; -1 once it was found to have changed.
    size: Cell<isize>,
    position: Cell<usize>,
    left: Cell<isize>,
}

// SAFETY: begins with the header.
unsafe impl Layout for SetIterator {}
// SAFETY: the type's instances have this layout, and it has no subtypes.
unsafe impl Class for SetIterator {
    fn class() -> &'static Type {
        &PySetIter_Type
    }
    fn is_instance(object: &Object) -> bool {
        core::ptr::eq(object.ty(), &PySetIter_Type)
    }
}

pub(super) fn new(ts: &ThreadState, set: &Set) -> Result {
    make(ts, set, 0, set.len() as isize, set.len() as isize)
}

fn make(ts: &ThreadState, set: &Set, position: usize, size: isize, left: isize) -> Result {
    // SAFETY: all fields are written.
    unsafe {
        let this = ts.new_object::<SetIterator>(&PySetIter_Type, size_of::<SetIterator>())?;
        this.set.as_ptr().write(Owned::new(set).into_raw());
        this.size.as_ptr().write(size);
        this.position.as_ptr().write(position);
        this.left.as_ptr().write(left);
        let this = this.upcast();
        gc_track(&this);
        Ok(this)
    }
}

impl SetIterator {
    fn set(&self) -> Option<&Set> {
        // SAFETY: NULL or a set.
        self.set.peek().map(|s| unsafe { s.cast() })
    }

    fn next(ts: &ThreadState, this: &SetIterator) -> Result<Option<Owned<Object>>> {
        let Some(set) = this.set() else { return Ok(None) };
        if this.size.get() != set.len() as isize {
            this.size.set(-1);
            return Err(ts.raise_str(&RUNTIME_ERROR, "Set changed size during iteration"));
        }
        match set.next_entry(this.position.get()) {
            Some((next, key, _)) => {
                this.position.set(next);
                this.left.set(this.left.get() - 1);
                Ok(Some(key))
            }
            None => {
                drop(this.set.take_owned());
                Ok(None)
            }
        }
    }

    fn hint(_ts: &ThreadState, this: &SetIterator) -> Result<isize> {
        let same = this.set().is_some_and(|s| s.len() as isize == this.size.get());
        Ok(if same { this.left.get() } else { 0 })
    }

    /// The items still to come, as a list, without using this iterator up.
    fn reduce(ts: &ThreadState, this: &SetIterator) -> Result<Owned<Tuple>> {
        let list = match this.set() {
            None => List::with_room(ts, 0)?,
            Some(set) => {
                let twin = make(ts, set, this.position.get(), this.size.get(), this.left.get())?;
                List::from_iterable(ts, &twin)?
            }
        };
        Tuple::new(ts, &[&*iterators::builtin(ts, "iter")?, &*Tuple::new(ts, &[&list])?])
    }

    fn drop_fields(_ts: &ThreadState, this: &SetIterator) {
        drop(this.set.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        visitor.field(&self.set)
    }
}

static METHODS: [PyMethodDef; 3] = [
    method::noargs(c"__length_hint__", SetIterator::hint, c"__length_hint__($self, /)\n--\n\nHow many items are left."),
    method::noargs(c"__reduce__", SetIterator::reduce, c"__reduce__($self, /)\n--\n\nWhat pickling needs."),
    slot::METHODS_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PySetIter_Type: Type = Type {
    tp_name: c"set_iterator".as_ptr(),
    tp_basicsize: size_of::<SetIterator>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC),
    tp_dealloc: slot::dealloc(SetIterator::drop_fields),
    tp_traverse: slot::traverse(SetIterator::visit),
    tp_iter: ITER_SELF,
    tp_iternext: slot::unary(SetIterator::next),
    tp_methods: entries(&METHODS),
    ..STATIC_TYPE
};
