//! boolobject.h

use core::ffi::c_long;

use crate::ffi::PyObject;
use crate::types::bool::from_bool;

/// `True` for all but 0. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBool_FromLong(value: c_long) -> *mut PyObject {
    from_bool(value != 0).into_raw()
}
