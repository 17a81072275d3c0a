//! structseq.h

use super::take_over;
use crate::ffi::{Py_ssize_t, PyObject, PyStructSequence_Desc, PyTypeObject};
use crate::object::{Object, Owned};
use crate::runtime::boundary;
use crate::types::{Tuple, struct_sequence};

/// A type of tuples with named items. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyStructSequence_NewType(desc: *mut PyStructSequence_Desc) -> *mut PyTypeObject {
    // SAFETY: [live] the description, for as long as the type.
    boundary(|ts| unsafe { struct_sequence::new_type(ts, &*desc) }).cast()
}

/// An instance whose fields C fills in with `PyStructSequence_SetItem`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyStructSequence_New(ty: *mut PyTypeObject) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| struct_sequence::unfilled(ts, unsafe { &*ty }))
}

/// Fills field `index` in, hidden ones counted. Steals `value`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyStructSequence_SetItem(this: *mut PyObject, index: Py_ssize_t, value: *mut PyObject) {
    // SAFETY: [live] an instance, and the index one of a field; [steals]; what stood there was the instance's.
    unsafe {
        let value = take_over::<Object>(value).map_or(core::ptr::null_mut(), Owned::into_raw);
        let old = struct_sequence::place(&*this.cast::<Tuple>(), index as usize).replace(value);
        drop(Owned::<Object>::from_stolen_nullable(old));
    }
}

/// Field `index`, hidden ones counted. Borrowed reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyStructSequence_GetItem(this: *mut PyObject, index: Py_ssize_t) -> *mut PyObject {
    // SAFETY: [live] an instance, and the index one of a field.
    unsafe { struct_sequence::place(&*this.cast::<Tuple>(), index as usize).read() }
}
