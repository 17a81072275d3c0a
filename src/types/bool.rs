//! `bool`: two immortal ints.

use crate::ffi::*;
use crate::object::{Object, Owned};
use crate::types::int::Int;

/// `False`.
#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static _Py_FalseStruct: Int = Int::immortal(&raw const PyBool_Type, 0);

/// `True`.
#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static _Py_TrueStruct: Int = Int::immortal(&raw const PyBool_Type, 1);

#[inline(always)]
pub fn from_bool(value: bool) -> Owned<Object> {
    Owned::immortal(bool_ref(value))
}

#[inline(always)]
pub fn bool_ref(value: bool) -> &'static Object {
    if value { &_Py_TrueStruct } else { &_Py_FalseStruct }
}

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyBool_Type: crate::object::Type = crate::object::Type {
    tp_name: c"bool".as_ptr(),
    tp_basicsize: size_of::<PyLongObject>() as isize,
    tp_base: core::cell::Cell::new((&raw const super::int::PyLong_Type).cast_mut()),
    ..super::STATIC_TYPE
};
