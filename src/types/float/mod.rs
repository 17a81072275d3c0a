//! `float`: an IEEE 754 double.
//!
//! This file is the layout; [`arithmetic`] what operators do, [`text`] repr, formats, parsing and `float(…)`,
//! [`methods`] what Python sees by name.

use core::cell::Cell;

pub mod arithmetic;
mod methods;
pub mod text;

use super::{STATIC_FLAGS, STATIC_TYPE, entries, slot, table};
use crate::ffi::*;
use crate::object::{Owned, Result, Type};
use crate::runtime::ThreadState;

layout!(Float = PyFloatObject, PyFloat_Type);

impl Float {
    #[inline]
    pub fn new(ts: &ThreadState, value: f64) -> Result<Owned<Float>> {
        let block = ts.alloc_object(size_of::<Float>())?;
        // SAFETY: of the size asked for, fresh; every field is written.
        unsafe {
            block.cast::<Float>().as_ptr().write(Float {
                ob_base: PyObject { ob_refcnt: RefWord::MORTAL, ob_type: Cell::new(&raw const PyFloat_Type) },
                ob_fval: Cell::new(value),
            });
            Ok(Owned::from_stolen(block.as_ptr().cast()))
        }
    }

    #[inline(always)]
    pub fn value(&self) -> f64 {
        self.ob_fval.get()
    }
}

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyFloat_Type: Type = Type {
    tp_name: c"float".as_ptr(),
    tp_basicsize: size_of::<Float>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_BASETYPE | _Py_TPFLAGS_MATCH_SELF),
    tp_doc: Cell::new(
        c"float(x=0, /)\n--\n\nA floating-point number, of a number or of the literal in a text.".as_ptr(),
    ),
    tp_dealloc: Cell::new(Some(dealloc)),
    tp_repr: slot::unary(text::repr),
    tp_as_number: Cell::new(table(&arithmetic::AS_NUMBER)),
    tp_hash: slot::hash(arithmetic::hash),
    tp_richcompare: slot::richcompare(arithmetic::compare),
    tp_methods: entries(&methods::METHODS),
    tp_getset: entries(&methods::GETSET),
    tp_new: slot::new(text::new),
    tp_vectorcall: slot::vectorcall(text::vectorcall),
    ..STATIC_TYPE
};

/// Floats own nothing; the path of exact ones is short, since most end young.
unsafe extern "C" fn dealloc(object: *mut PyObject) {
    // SAFETY: a dead float; its memory goes back to where its type takes it.
    unsafe {
        let ty = (*object).ty();
        if core::ptr::eq(ty, &PyFloat_Type) {
            ThreadState::current().free(object.cast());
        } else if let Some(free) = ty.tp_free.get() {
            free(object.cast());
        }
    }
}
