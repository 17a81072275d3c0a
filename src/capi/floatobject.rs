//! floatobject.h

use core::ffi::c_double;

use super::required;
use crate::ffi::PyObject;
use crate::modules::sys::number_info;
use crate::object::Object;
use crate::protocol::convert;
use crate::runtime::boundary;
use crate::types::Float;
use crate::types::exceptions::TYPE_ERROR;
use crate::types::float::text;

/// The float of that value. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyFloat_FromDouble(value: c_double) -> *mut PyObject {
    boundary(|ts| Float::new(ts, value))
}

/// The value of a float, or what `__float__` or `__index__` says.
///
/// -1.0 on failure, which is also a value. `TypeError` for what is no number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyFloat_AsDouble(object: *mut PyObject) -> c_double {
    boundary(|ts| {
        // SAFETY: [nullable]
        match unsafe { Object::from_nullable(object) } {
            Some(object) => convert::as_f64(ts, object),
            None => Err(ts.raise_str(&TYPE_ERROR, "bad argument type for built-in operation")),
        }
    })
}

/// The float that is written in a str, bytes or buffer.
///
/// New reference. `ValueError` if none is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyFloat_FromString(text: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| text::parse(ts, unsafe { required(ts, text)? }))
}

/// The largest finite float.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyFloat_GetMax() -> c_double {
    f64::MAX
}

/// The smallest positive float that is not subnormal.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyFloat_GetMin() -> c_double {
    f64::MIN_POSITIVE
}

/// `sys.float_info`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyFloat_GetInfo() -> *mut PyObject {
    boundary(number_info::float_info)
}
