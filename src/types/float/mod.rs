//! `float`: an IEEE 754 double.

use core::cell::Cell;

use super::{STATIC_FLAGS, STATIC_TYPE};
use crate::ffi::*;
use crate::object::{Owned, Result, Type};
use crate::runtime::ThreadState;

layout!(Float = PyFloatObject, PyFloat_Type);

impl Float {
    #[inline]
    pub fn new(ts: &ThreadState, value: f64) -> Result<Owned<Float>> {
        // SAFETY: the value is written.
        unsafe {
            let this = ts.new_object::<Float>(&PyFloat_Type, size_of::<Float>())?;
            this.ob_fval.as_ptr().write(value);
            Ok(this)
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
    ..STATIC_TYPE
};
