//! `complex`: two IEEE 754 doubles.
//!
//! This file is the layout; [`kernel`] the arithmetic without objects, [`arithmetic`] what operators do, [`text`]
//! repr, formats and parsing, [`construct`] `complex(…)` and what becomes a complex, [`methods`] what Python
//! sees by name.

use core::cell::Cell;

pub mod arithmetic;
pub mod construct;
pub mod kernel;
mod methods;
mod text;

use super::{STATIC_FLAGS, STATIC_TYPE, entries, slot, table};
use crate::ffi::*;
use crate::object::{Owned, Result, Type};
use crate::runtime::ThreadState;

layout!(Complex = PyComplexObject, PyComplex_Type);

impl Complex {
    #[inline]
    pub fn new(ts: &ThreadState, value: Py_complex) -> Result<Owned<Complex>> {
        let block = ts.alloc_object(size_of::<Complex>())?;
        // SAFETY: of the size asked for, fresh; every field is written.
        unsafe {
            block.cast::<Complex>().as_ptr().write(Complex {
                ob_base: PyObject { ob_refcnt: RefWord::MORTAL, ob_type: Cell::new(&raw const PyComplex_Type) },
                cval: Cell::new(value),
            });
            Ok(Owned::from_stolen(block.as_ptr().cast()))
        }
    }

    #[inline(always)]
    pub fn value(&self) -> Py_complex {
        self.cval.get()
    }
}

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyComplex_Type: Type = Type {
    tp_name: c"complex".as_ptr(),
    tp_basicsize: size_of::<Complex>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_BASETYPE),
    tp_doc: Cell::new(
        c"complex(real=0, imag=0)\n--\n\nA complex number, of its two parts, of another number, or of the literal in a text.".as_ptr(),
    ),
    tp_dealloc: Cell::new(Some(dealloc)),
    tp_repr: slot::unary(text::repr),
    tp_as_number: Cell::new(table(&arithmetic::AS_NUMBER)),
    tp_hash: slot::hash(arithmetic::hash),
    tp_richcompare: slot::richcompare(arithmetic::compare),
    tp_methods: entries(&methods::METHODS),
    tp_members: entries(&methods::MEMBERS),
    tp_new: slot::new(construct::new),
    ..STATIC_TYPE
};

/// Complex numbers own nothing.
unsafe extern "C" fn dealloc(object: *mut PyObject) {
    // SAFETY: a dead complex; its memory goes back to where its type takes it.
    unsafe {
        let ty = (*object).ty();
        if core::ptr::eq(ty, &PyComplex_Type) {
            ThreadState::current().free(object.cast());
        } else if let Some(free) = ty.tp_free.get() {
            free(object.cast());
        }
    }
}
