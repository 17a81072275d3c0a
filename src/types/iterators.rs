//! Iterators over any sequence, and over a callable with a sentinel.

use core::cell::Cell;

use super::{STATIC_FLAGS, STATIC_TYPE, entries, method, slot};
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::protocol::{call, object, sequence};
use crate::runtime::ThreadState;
use crate::types::exceptions::{INDEX_ERROR, OVERFLOW_ERROR, STOP_ITERATION};
use crate::types::{Int, Tuple};

/// Items by `sequence[i]` until `IndexError`.
#[repr(C)]
pub struct SequenceIterator {
    ob_base: PyObject,
    index: Cell<isize>,
    /// NULL once exhausted.
    sequence: Cell<*mut PyObject>,
}

/// Results of `callable()` until one equals the sentinel.
#[repr(C)]
pub struct CallIterator {
    ob_base: PyObject,
    /// NULL once exhausted.
    callable: Cell<*mut PyObject>,
    sentinel: Cell<*mut PyObject>,
}

macro_rules! iterator_layout {
    ($name:ident, $type:ident) => {
        // SAFETY: begins with the header.
        unsafe impl crate::object::Layout for $name {}
        // SAFETY: the type has no subtypes, and its instances this layout.
        unsafe impl crate::object::Class for $name {
            fn class() -> &'static Type {
                &$type
            }
            fn is_instance(object: &Object) -> bool {
                core::ptr::eq(object.ty(), &$type)
            }
        }
    };
}
iterator_layout!(SequenceIterator, PySeqIter_Type);
iterator_layout!(CallIterator, PyCallIter_Type);

/// `iter(sequence)` for a type with items by index and no `__iter__`.
pub fn sequence_iterator(ts: &ThreadState, sequence: &Object) -> Result {
    // SAFETY: all fields are written.
    unsafe {
        let this = ts.new_object::<SequenceIterator>(&PySeqIter_Type, size_of::<SequenceIterator>())?;
        this.index.as_ptr().write(0);
        this.sequence.as_ptr().write(Owned::new(sequence).into_raw());
        let this = this.upcast();
        gc_track(&this);
        Ok(this)
    }
}

/// `iter(callable, sentinel)`.
pub fn call_iterator(ts: &ThreadState, callable: &Object, sentinel: &Object) -> Result {
    // SAFETY: all fields are written.
    unsafe {
        let this = ts.new_object::<CallIterator>(&PyCallIter_Type, size_of::<CallIterator>())?;
        this.callable.as_ptr().write(Owned::new(callable).into_raw());
        this.sentinel.as_ptr().write(Owned::new(sentinel).into_raw());
        let this = this.upcast();
        gc_track(&this);
        Ok(this)
    }
}

fn itself(_ts: &ThreadState, this: &Object) -> Result {
    Ok(Owned::new(this))
}

/// What `__reduce__` of an iterator says: the built-in function that makes it anew, of what, and from where.
/// An exhausted one is made of an empty list or tuple.
pub fn reduce(
    ts: &ThreadState,
    function: &str,
    source: Option<&Object>,
    index: isize,
    list: bool,
) -> Result<Owned<Tuple>> {
    let function = builtin(ts, function)?;
    match source {
        Some(source) => {
            let (args, index) = (Tuple::new(ts, &[source])?, Int::from_i64(ts, index as i64)?);
            Tuple::new(ts, &[&function, &args, &index])
        }
        None if list => {
            let empty = super::List::with_room(ts, 0)?;
            Tuple::new(ts, &[&function, &*Tuple::new(ts, &[&empty])?])
        }
        None => Tuple::new(ts, &[&function, &*Tuple::new(ts, &[&Tuple::empty()])?]),
    }
}

/// The same for an exhausted iterator that is made of an empty thing of its own kind.
pub fn reduce_of(ts: &ThreadState, function: &str, source: &Object) -> Result<Owned<Tuple>> {
    let function = builtin(ts, function)?;
    Tuple::new(ts, &[&function, &*Tuple::new(ts, &[source])?])
}

/// The function of `builtins` with that name.
pub fn builtin(ts: &ThreadState, name: &str) -> Result {
    let name = super::Str::interned(ts, name)?;
    // SAFETY: the interpreter's builtins are a dict, or not there yet.
    let found = ts.interp().builtins.peek().and_then(|d| unsafe { d.cast::<super::Dict>() }.get_name(&name));
    found.map(Owned::new).ok_or_else(|| ts.raise_value(&super::exceptions::ATTRIBUTE_ERROR, name.upcast()))
}

impl SequenceIterator {
    fn next(ts: &ThreadState, this: &SequenceIterator) -> Result<Option<Owned<Object>>> {
        let Some(sequence) = this.sequence.load() else { return Ok(None) };
        let i = this.index.get();
        if i == isize::MAX {
            return Err(ts.raise_str(&OVERFLOW_ERROR, "iter index too large"));
        }
        match sequence::get_index(ts, &sequence, i) {
            Ok(item) => {
                this.index.set(i + 1);
                Ok(Some(item))
            }
            Err(raised) => {
                if !ts.raised_is(&STOP_ITERATION) {
                    ts.recover(raised, &INDEX_ERROR)?;
                } else {
                    ts.error.clear();
                }
                drop(this.sequence.take_owned());
                Ok(None)
            }
        }
    }

    fn length_hint(ts: &ThreadState, this: &SequenceIterator) -> Result {
        let Some(sequence) = this.sequence.load() else { return Ok(Int::from_i64(ts, 0)?.upcast()) };
        let n = sequence::len(ts, &sequence)? - this.index.get();
        Ok(Int::from_i64(ts, n.max(0) as i64)?.upcast())
    }

    fn reduce_method(ts: &ThreadState, this: &SequenceIterator) -> Result<Owned<Tuple>> {
        reduce(ts, "iter", this.sequence.load().as_deref(), this.index.get(), false)
    }

    fn set_state(ts: &ThreadState, this: &SequenceIterator, state: &Object) -> Result<()> {
        let index = crate::protocol::args::as_state_index(ts, state)?;
        if !this.sequence.get().is_null() {
            this.index.set(index.max(0));
        }
        Ok(())
    }

    fn drop_fields(_ts: &ThreadState, this: &SequenceIterator) {
        drop(this.sequence.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        visitor.field(&self.sequence)
    }
}

impl CallIterator {
    fn next(ts: &ThreadState, this: &CallIterator) -> Result<Option<Owned<Object>>> {
        let (Some(callable), Some(sentinel)) = (this.callable.load(), this.sentinel.load()) else { return Ok(None) };
        let result = match call::call(ts, &callable, &[]) {
            Ok(result) => result,
            Err(raised) => {
                ts.recover(raised, &STOP_ITERATION)?;
                CallIterator::drop_fields(ts, this);
                return Ok(None);
            }
        };
        if object::equal(ts, &sentinel, &result)? {
            CallIterator::drop_fields(ts, this);
            return Ok(None);
        }
        Ok(Some(result))
    }

    fn reduce_method(ts: &ThreadState, this: &CallIterator) -> Result<Owned<Tuple>> {
        match (this.callable.load(), this.sentinel.load()) {
            (Some(callable), Some(sentinel)) => {
                let function = builtin(ts, "iter")?;
                Tuple::new(ts, &[&function, &*Tuple::new(ts, &[&callable, &sentinel])?])
            }
            _ => reduce_of(ts, "iter", &Tuple::empty()),
        }
    }

    fn drop_fields(_ts: &ThreadState, this: &CallIterator) {
        drop(this.callable.take_owned());
        drop(this.sentinel.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        visitor.field(&self.callable)?;
        visitor.field(&self.sentinel)
    }
}

/// `tp_iter` of every iterator.
#[allow(clippy::declare_interior_mutable_const)]
pub const ITER_SELF: Slot<getiterfunc> = slot::unary(itself);

static SEQUENCE_METHODS: [PyMethodDef; 4] = [
    method::noargs(c"__reduce__", SequenceIterator::reduce_method, c"Return state information for pickling."),
    method::noargs(c"__length_hint__", SequenceIterator::length_hint, c"Estimate how many items are left."),
    method::one(c"__setstate__", SequenceIterator::set_state, c"Go on from an index."),
    slot::METHODS_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PySeqIter_Type: Type = Type {
    tp_name: c"iterator".as_ptr(),
    tp_basicsize: size_of::<SequenceIterator>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC),
    tp_dealloc: slot::dealloc(SequenceIterator::drop_fields),
    tp_traverse: slot::traverse(SequenceIterator::visit),
    tp_iter: ITER_SELF,
    tp_iternext: slot::unary(SequenceIterator::next),
    tp_methods: entries(&SEQUENCE_METHODS),
    ..STATIC_TYPE
};

static CALL_METHODS: [PyMethodDef; 2] = [
    method::noargs(c"__reduce__", CallIterator::reduce_method, c"Return state information for pickling."),
    slot::METHODS_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyCallIter_Type: Type = Type {
    tp_name: c"callable_iterator".as_ptr(),
    tp_basicsize: size_of::<CallIterator>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC),
    tp_dealloc: slot::dealloc(CallIterator::drop_fields),
    tp_traverse: slot::traverse(CallIterator::visit),
    tp_iter: ITER_SELF,
    tp_iternext: slot::unary(CallIterator::next),
    tp_methods: entries(&CALL_METHODS),
    ..STATIC_TYPE
};
