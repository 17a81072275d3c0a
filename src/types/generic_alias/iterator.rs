//! The iterator over a generic alias, which gives one thing: the alias starred. So `tuple[*alias]` is written.

use core::cell::Cell;

use super::GenericAlias;
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::runtime::ThreadState;
use crate::types::iterators::{ITER_SELF, reduce_of};
use crate::types::{STATIC_FLAGS, STATIC_TYPE, Tuple, entries, method, slot};

layout!(Iterator = GenericAliasIteratorObject, ITERATOR_TYPE);

/// `iter(alias)`.
pub fn new(ts: &ThreadState, alias: &GenericAlias) -> Result<Owned<Iterator>> {
    // SAFETY: all fields are written.
    unsafe {
        let this = ts.new_object::<Iterator>(&ITERATOR_TYPE, size_of::<Iterator>())?;
        this.alias.as_ptr().write(Owned::new(alias).into_raw());
        gc_track(&this);
        Ok(this)
    }
}

fn next(ts: &ThreadState, this: &Iterator) -> Result<Option<Owned<Object>>> {
    let Some(alias) = this.alias.take_owned() else { return Ok(None) };
    // SAFETY: what `new` put there.
    let alias = unsafe { alias.cast::<GenericAlias>() };
    Ok(Some(GenericAlias::starred(ts, alias)?.upcast()))
}

fn reduce(ts: &ThreadState, this: &Iterator) -> Result<Owned<Tuple>> {
    match this.alias.load() {
        Some(alias) => reduce_of(ts, "iter", &alias),
        None => reduce_of(ts, "iter", &Tuple::empty()),
    }
}

fn drop_fields(_ts: &ThreadState, this: &Iterator) {
    drop(this.alias.take_owned());
}

fn visit(this: &Iterator, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
    visitor.field(&this.alias)
}

static METHODS: [PyMethodDef; 2] =
    [method::noargs(c"__reduce__", reduce, c"Return state information for pickling."), slot::METHODS_END];

#[unsafe(link_section = "immortal")]
pub static ITERATOR_TYPE: Type = Type {
    tp_name: c"generic_alias_iterator".as_ptr(),
    tp_basicsize: size_of::<Iterator>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION),
    tp_dealloc: slot::dealloc(drop_fields),
    tp_traverse: slot::traverse(visit),
    tp_iter: ITER_SELF,
    tp_iternext: slot::unary(next),
    tp_methods: entries(&METHODS),
    ..STATIC_TYPE
};
