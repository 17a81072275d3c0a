//! modsupport.h, apart from the functions that take arguments by a format (`variadic.rs`) and modules.

use core::ffi::c_int;

use crate::ffi::PyObject;
use crate::format::args;
use crate::object::Object;
use crate::runtime::boundary_or;

/// 1 if all keys of the dict are strs.
///
/// 0 with `TypeError` if one is not, `SystemError` if it is no dict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyArg_ValidateKeywordArguments(kwargs: *mut PyObject) -> c_int {
    // SAFETY: [live]
    boundary_or(0, |ts| args::validate_keywords(ts, unsafe { Object::from_raw(kwargs) }).map(|()| true))
}
