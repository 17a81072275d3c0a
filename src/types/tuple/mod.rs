//! `tuple`.
//!
//! Items follow the header, so a tuple's size is fixed; its hash is kept once it is asked for. This file is the
//! layout and what the runtime does with tuples; [`methods`] the slots and what Python sees by name,
//! [`iterator`] the iterator.

use core::cell::Cell;
use core::ptr;

pub mod iterator;
mod methods;

pub use methods::{hash_items, hash_parts, repr_items};

use super::{STATIC_FLAGS, STATIC_TYPE, entries, slot, table};
use crate::ffi::*;
use crate::object::strategy::{self, Singleton};
use crate::object::{Object, Owned, Result, Type};
use crate::runtime::ThreadState;

layout!(Tuple = PyTupleObject, PyTuple_Type, Py_TPFLAGS_TUPLE_SUBCLASS);

/// Bytes before the items.
const HEADER: usize = core::mem::offset_of!(PyTupleObject, ob_item);

#[unsafe(link_section = "immortal")]
static EMPTY: Tuple = Tuple {
    ob_base: PyVarObject::immortal(&raw const PyTuple_Type),
    ob_hash: Cell::new(EMPTY_HASH),
    ob_item: Cell::new([ptr::null_mut()]),
};

/// The hash of `()`: what the tuple hash makes of no items.
const EMPTY_HASH: isize = 5740354900026072187;

impl Tuple {
    pub fn empty_ref() -> &'static Tuple {
        strategy::own(Singleton::EmptyTuple, &EMPTY)
    }

    pub fn empty() -> Owned<Tuple> {
        Owned::immortal(Tuple::empty_ref())
    }

    /// A tuple of `n` items not yet written, untracked.
    ///
    /// # Safety
    /// The caller writes all items, then calls [`ThreadState::track_new`], before anyone else sees the tuple or any
    /// foreign code runs.
    #[inline]
    pub unsafe fn with_size(ts: &ThreadState, n: usize) -> Result<Owned<Tuple>> {
        // SAFETY: size and hash are written here, items by the caller.
        unsafe {
            let size = n.checked_mul(8).and_then(|s| s.checked_add(HEADER)).filter(|&s| s <= isize::MAX as usize);
            let size = size.ok_or_else(|| ts.no_memory())?;
            let tuple = ts.new_object::<Tuple>(&PyTuple_Type, size)?;
            tuple.ob_base.ob_size.set(n as isize);
            tuple.ob_hash.set(-1);
            Ok(tuple)
        }
    }

    /// Tracks a new tuple, unless nothing that it holds is collectable: then it is part of no cycle, and the collector,
    /// as in CPython, never sees it.
    #[inline(always)]
    pub fn track_if_collectable(&self, ts: &ThreadState) {
        if self.as_slice().iter().any(|item| item.ty().is_gc()) {
            ts.track_new(self);
        }
    }

    /// A tuple of `n` items, all NULL, for C to fill in.
    pub fn unfilled(ts: &ThreadState, n: usize) -> Result<Owned<Tuple>> {
        if n == 0 {
            return Ok(Tuple::empty());
        }
        // SAFETY: the places are emptied, which every visitor of a tuple bears.
        unsafe {
            let tuple = Tuple::with_size(ts, n)?;
            tuple.items_ptr().write_bytes(0, n);
            ts.track_new(&tuple);
            Ok(tuple)
        }
    }

    /// A tuple of new references to `items`.
    #[inline]
    pub fn new(ts: &ThreadState, items: &[&Object]) -> Result<Owned<Tuple>> {
        if items.is_empty() {
            return Ok(Tuple::empty());
        }
        // SAFETY: all items are written below.
        unsafe {
            let tuple = Tuple::with_size(ts, items.len())?;
            let p = tuple.items_ptr();
            for (i, item) in items.iter().enumerate() {
                item.incref();
                p.add(i).write(item.as_ptr());
            }
            tuple.track_if_collectable(ts);
            Ok(tuple)
        }
    }

    /// A tuple that takes over `items`.
    pub fn from_owned(ts: &ThreadState, items: Vec<Owned<Object>>) -> Result<Owned<Tuple>> {
        if items.is_empty() {
            return Ok(Tuple::empty());
        }
        // SAFETY: all items are written below.
        unsafe {
            let tuple = Tuple::with_size(ts, items.len())?;
            let p = tuple.items_ptr();
            for (i, item) in items.into_iter().enumerate() {
                p.add(i).write(item.into_raw());
            }
            tuple.track_if_collectable(ts);
            Ok(tuple)
        }
    }

    #[inline(always)]
    pub fn items_ptr(&self) -> *mut *mut PyObject {
        self.ob_item.as_ptr().cast()
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.ob_base.ob_size.get() as usize
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The items. A tuple that C still fills may hold NULL; such a one never comes here.
    #[inline(always)]
    pub fn as_slice(&self) -> &[&Object] {
        // SAFETY: as many items follow as the size says; a live pointer and a reference look alike.
        unsafe { core::slice::from_raw_parts(self.items_ptr().cast(), self.len()) }
    }

    #[inline(always)]
    pub fn get(&self, i: usize) -> Option<&Object> {
        self.as_slice().get(i).copied()
    }

    /// The item at `i`, which C may not have filled in yet.
    pub fn place(&self, i: usize) -> Option<Option<&Object>> {
        // SAFETY: within; NULL or a live item.
        (i < self.len()).then(|| unsafe { Object::from_nullable(*self.items_ptr().add(i)) })
    }

    /// A new tuple of items `from..to`; the tuple itself if those are all.
    pub fn slice(&self, ts: &ThreadState, from: usize, to: usize) -> Result<Owned<Tuple>> {
        let n = self.len();
        let from = from.min(n);
        let to = to.clamp(from, n);
        if from == 0 && to == n && self.is_exact::<Tuple>() {
            return Ok(Owned::new(self));
        }
        Tuple::new(ts, &self.as_slice()[from..to])
    }

    /// A tuple of all items of `iterable`; an exact tuple itself.
    pub fn from_iterable(ts: &ThreadState, iterable: &Object) -> Result<Owned<Tuple>> {
        if let Some(tuple) = iterable.downcast_exact::<Tuple>() {
            return Ok(Owned::new(tuple));
        }
        if let Some(list) = iterable.downcast_exact::<super::List>() {
            return Tuple::new(ts, list.as_slice());
        }
        Tuple::from_owned(ts, crate::protocol::sequence::collect(ts, iterable)?)
    }

    fn drop_items(_ts: &ThreadState, this: &Tuple) {
        for i in (0..this.len()).rev() {
            // SAFETY: the items are ours, NULL where C never filled one in.
            drop(unsafe { Owned::<Object>::from_stolen_nullable(this.items_ptr().add(i).read()) });
        }
    }

    fn visit_items(&self, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        // The last first, as CPython does: `gc.get_referents` shows it.
        for i in (0..self.len()).rev() {
            // SAFETY: an item or NULL.
            if let Some(item) = unsafe { Object::from_nullable(self.items_ptr().add(i).read()) } {
                visitor.object(item)?;
            }
        }
        Ok(())
    }
}

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyTuple_Type: Type = Type {
    tp_name: c"tuple".as_ptr(),
    tp_basicsize: HEADER as isize,
    tp_itemsize: 8,
    tp_flags: Cell::new(
        STATIC_FLAGS
            | Py_TPFLAGS_HAVE_GC
            | Py_TPFLAGS_BASETYPE
            | Py_TPFLAGS_TUPLE_SUBCLASS
            | Py_TPFLAGS_SEQUENCE
            | _Py_TPFLAGS_MATCH_SELF,
    ),
    tp_doc: Cell::new(
        c"tuple(iterable=(), /)\n--\n\nAn immutable sequence, empty or of the items of an iterable.".as_ptr(),
    ),
    tp_dealloc: slot::dealloc(Tuple::drop_items),
    tp_traverse: slot::traverse(Tuple::visit_items),
    tp_repr: slot::unary(methods::repr),
    tp_as_sequence: Cell::new(table(&methods::AS_SEQUENCE)),
    tp_as_mapping: Cell::new(table(&methods::AS_MAPPING)),
    tp_hash: slot::hash(methods::hash),
    tp_richcompare: slot::richcompare(methods::compare),
    tp_iter: slot::unary(iterator::new),
    tp_methods: entries(&methods::METHODS),
    tp_new: slot::new(methods::new),
    tp_vectorcall: slot::vectorcall(methods::construct),
    ..STATIC_TYPE
};
