//! Iterators over a str: one for ASCII, whose items are all shared, one for the rest.

use core::cell::Cell;

use super::Str;
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Class, Layout, Object, ObjectCell, Owned, Result, Type};
use crate::protocol::number;
use crate::runtime::ThreadState;
use crate::types::iterators::{self, ITER_SELF};
use crate::types::{STATIC_FLAGS, STATIC_TYPE, Tuple, entries, method, slot};

#[repr(C)]
pub struct StrIterator {
    ob_base: PyObject,
    index: Cell<isize>,
    /// NULL once exhausted.
    text: Cell<*mut PyObject>,
}

// SAFETY: begins with the header.
unsafe impl Layout for StrIterator {}
// SAFETY: both types' instances have this layout, and neither has subtypes.
unsafe impl Class for StrIterator {
    fn class() -> &'static Type {
        &PyUnicodeIter_Type
    }
    fn is_instance(object: &Object) -> bool {
        core::ptr::eq(object.ty(), &PyUnicodeIter_Type) || core::ptr::eq(object.ty(), &ASCII_ITERATOR)
    }
}

pub(super) fn new(ts: &ThreadState, text: &Str) -> Result {
    let ty: &'static Type = if text.is_ascii() { &ASCII_ITERATOR } else { &PyUnicodeIter_Type };
    // SAFETY: all fields are written.
    unsafe {
        let this = ts.new_object::<StrIterator>(ty, size_of::<StrIterator>())?;
        this.index.as_ptr().write(0);
        this.text.as_ptr().write(Owned::new(text).into_raw());
        let this = this.upcast();
        gc_track(&this);
        Ok(this)
    }
}

impl StrIterator {
    fn text(&self) -> Option<&Str> {
        // SAFETY: NULL or a str.
        self.text.peek().map(|t| unsafe { t.cast() })
    }

    fn next(ts: &ThreadState, this: &StrIterator) -> Result<Option<Owned<Str>>> {
        let Some(text) = this.text() else { return Ok(None) };
        let i = this.index.get();
        match text.chars().get(i as usize) {
            Some(c) => {
                let item = Str::from_char(ts, c)?;
                this.index.set(i + 1);
                Ok(Some(item))
            }
            None => {
                drop(this.text.take_owned());
                Ok(None)
            }
        }
    }

    fn length_hint(_ts: &ThreadState, this: &StrIterator) -> Result<isize> {
        Ok(this.text().map_or(0, |t| t.len() as isize - this.index.get()))
    }

    fn reduce(ts: &ThreadState, this: &StrIterator) -> Result<Owned<Tuple>> {
        match this.text.load() {
            Some(text) => iterators::reduce(ts, "iter", Some(&text), this.index.get(), false),
            None => iterators::reduce_of(ts, "iter", &Str::empty()),
        }
    }

    fn set_state(ts: &ThreadState, this: &StrIterator, state: &Object) -> Result<()> {
        let index = number::as_ssize(ts, state, Some(&crate::types::exceptions::OVERFLOW_ERROR))?;
        if let Some(text) = this.text() {
            this.index.set(index.clamp(0, text.len() as isize));
        }
        Ok(())
    }

    fn drop_fields(_ts: &ThreadState, this: &StrIterator) {
        drop(this.text.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        visitor.field(&self.text)
    }
}

static METHODS: [PyMethodDef; 4] = [
    method::noargs(c"__length_hint__", StrIterator::length_hint, c"How many characters are left."),
    method::noargs(c"__reduce__", StrIterator::reduce, c"Return state information for pickling."),
    method::one(c"__setstate__", StrIterator::set_state, c"Go on from an index."),
    slot::METHODS_END,
];

#[allow(clippy::declare_interior_mutable_const)]
const TEMPLATE: Type = Type {
    tp_basicsize: size_of::<StrIterator>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC),
    tp_dealloc: slot::dealloc(StrIterator::drop_fields),
    tp_traverse: slot::traverse(StrIterator::visit),
    tp_iter: ITER_SELF,
    tp_iternext: slot::unary(StrIterator::next),
    tp_methods: entries(&METHODS),
    ..STATIC_TYPE
};

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyUnicodeIter_Type: Type = Type { tp_name: c"str_iterator".as_ptr(), ..TEMPLATE };

#[unsafe(link_section = "immortal")]
pub static ASCII_ITERATOR: Type = Type { tp_name: c"str_ascii_iterator".as_ptr(), ..TEMPLATE };
