//! `reversed`: a sequence from its end, for types that have no `__reversed__` of their own.

use core::cell::Cell;
use core::ffi::c_int;

use super::{Dict, STATIC_FLAGS, STATIC_TYPE, Tuple, entries, identifiers, method, singletons, slot};
use crate::ffi::*;
use crate::object::{Layout, Object, ObjectCell, Owned, Result, Type};
use crate::protocol::args::{Args, as_state_index, with_tuple_and_dict};
use crate::protocol::object::lookup_special;
use crate::protocol::{call, sequence};
use crate::runtime::ThreadState;
use crate::types::exceptions::{INDEX_ERROR, STOP_ITERATION, TYPE_ERROR};
use crate::types::iterators::ITER_SELF;

#[repr(C)]
pub struct Reversed {
    ob_base: PyObject,
    index: Cell<isize>,
    /// NULL once exhausted.
    sequence: Cell<*mut PyObject>,
}

// SAFETY: begins with the header.
unsafe impl Layout for Reversed {}

impl Reversed {
    fn construct(ts: &ThreadState, ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
        with_tuple_and_dict(ts, args, kwargs, |args| Reversed::of(ts, ty, args))
    }

    fn of(ts: &ThreadState, ty: &Type, args: Args<'_>) -> Result {
        args.no_keywords(ts, "reversed")?;
        args.expect_positional(ts, "reversed", 1, 1)?;
        let object = args.positional[0];
        let own = lookup_special(ts, object, &identifiers::__reversed__)?;
        let refused = own.as_ref().is_some_and(|own| singletons::is_none(&**own));
        if let Some(own) = own.filter(|_| !refused) {
            return call::call(ts, &own, &[]);
        }
        if refused || !sequence::is_sequence(object) {
            let name = object.ty().full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("'{name}' object is not reversible")));
        }
        let n = sequence::len(ts, object)?;
        // SAFETY: the type's instances, and its subtypes', have the layout.
        let this = unsafe { ts.alloc_instance(ty, 0)?.cast_owned::<Reversed>() };
        this.index.set(n - 1);
        this.sequence.store(Some(Owned::new(object)));
        Ok(this.upcast())
    }

    fn next(ts: &ThreadState, this: &Reversed) -> Result<Option<Owned<Object>>> {
        let index = this.index.get();
        if let Some(sequence) = this.sequence.load().filter(|_| index >= 0) {
            match sequence::get_index(ts, &sequence, index) {
                Ok(item) => {
                    this.index.set(index - 1);
                    return Ok(Some(item));
                }
                Err(raised) if !ts.raised_is(&STOP_ITERATION) => ts.recover(raised, &INDEX_ERROR)?,
                Err(_raised) => ts.error.clear(),
            }
        }
        this.index.set(-1);
        drop(this.sequence.take_owned());
        Ok(None)
    }

    fn length_hint(ts: &ThreadState, this: &Reversed) -> Result<isize> {
        let Some(sequence) = this.sequence.load() else { return Ok(0) };
        let (n, left) = (sequence::len(ts, &sequence)?, this.index.get() + 1);
        Ok(if n < left { 0 } else { left })
    }

    fn reduce(ts: &ThreadState, this: &Reversed) -> Result<Owned<Tuple>> {
        let ty = this.ob_base.ty();
        match this.sequence.load() {
            Some(sequence) => {
                let index = super::Int::from_i64(ts, this.index.get() as i64)?;
                Tuple::new(ts, &[ty, &*Tuple::new(ts, &[&sequence])?, &index])
            }
            None => Tuple::new(ts, &[ty, &*Tuple::new(ts, &[&Tuple::empty()])?]),
        }
    }

    fn set_state(ts: &ThreadState, this: &Reversed, state: &Object) -> Result<()> {
        let index = as_state_index(ts, state)?;
        if let Some(sequence) = this.sequence.load() {
            let n = sequence::len(ts, &sequence)?;
            this.index.set(index.min(n - 1).max(-1));
        }
        Ok(())
    }

    fn drop_fields(_ts: &ThreadState, this: &Reversed) {
        drop(this.sequence.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        visitor.field(&self.sequence)
    }
}

static METHODS: [PyMethodDef; 4] = [
    method::noargs(c"__length_hint__", Reversed::length_hint, c"Estimate how many items are left."),
    method::noargs(c"__reduce__", Reversed::reduce, c"Return state information for pickling."),
    method::one(c"__setstate__", Reversed::set_state, c"Go on from an index."),
    slot::METHODS_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyReversed_Type: Type = Type {
    tp_name: c"reversed".as_ptr(),
    tp_basicsize: size_of::<Reversed>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE),
    tp_doc: Cell::new(c"reversed(object, /)\n--\n\nThe items of a sequence from its end.".as_ptr()),
    tp_dealloc: slot::dealloc(Reversed::drop_fields),
    tp_traverse: slot::traverse(Reversed::visit),
    tp_iter: ITER_SELF,
    tp_iternext: slot::unary(Reversed::next),
    tp_methods: entries(&METHODS),
    tp_new: slot::new(Reversed::construct),
    ..STATIC_TYPE
};
