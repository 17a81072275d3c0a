//! abstract.h: numbers made of objects.

use core::ffi::c_int;

use super::required;
use crate::ffi::PyObject;
use crate::protocol::convert;
use crate::runtime::boundary;
use crate::types::int::text;

/// `int(object)`.
///
/// New reference. `TypeError` for what is neither number nor text, `ValueError` for text that is no int.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_Long(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| convert::int(ts, unsafe { required(ts, object)? }))
}

/// `float(object)`.
///
/// New reference. `TypeError` for what is neither number nor text, `ValueError` for text that is no float.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_Float(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| convert::float(ts, unsafe { required(ts, object)? }))
}

/// `operator.index(object)` as text in base 2, 8, 10 or 16, with the prefix of a literal.
///
/// New reference. `SystemError` for another base.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_ToBase(object: *mut PyObject, base: c_int) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| text::to_base(ts, unsafe { required(ts, object)? }, base))
}
