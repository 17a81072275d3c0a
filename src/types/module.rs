//! `module`.

use core::cell::Cell;

use super::{STATIC_FLAGS, STATIC_TYPE};
use crate::ffi::*;
use crate::object::Type;

layout!(Module = ModuleObject, PyModule_Type);

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyModule_Type: Type = Type {
    tp_name: c"module".as_ptr(),
    tp_basicsize: size_of::<Module>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE),
    ..STATIC_TYPE
};
