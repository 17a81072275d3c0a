//! genericaliasobject.h

use crate::ffi::PyObject;
use crate::object::Object;
use crate::runtime::boundary;
use crate::types::generic_alias::GenericAlias;

/// `origin[args]`, as `__class_getitem__` of a class gives it; a tuple is several arguments.
///
/// New reference. The origin may be anything.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_GenericAlias(origin: *mut PyObject, args: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live] both
    boundary(|ts| unsafe { GenericAlias::new(ts, Object::from_raw(origin), Object::from_raw(args)) })
}
