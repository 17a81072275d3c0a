//! iterobject.h

use crate::ffi::PyObject;
use crate::object::Object;
use crate::runtime::boundary;
use crate::types::iterators;

/// An iterator over `sequence[0]`, `sequence[1]`, …
///
/// New reference. `SystemError` for what is no sequence.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySeqIter_New(sequence: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live]
        let sequence = unsafe { Object::from_raw(sequence) };
        if !crate::protocol::sequence::is_sequence(sequence) {
            return Err(super::bad_argument(ts));
        }
        iterators::sequence_iterator(ts, sequence)
    })
}

/// An iterator over the results of `callable()` until one equals `sentinel`.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCallIter_New(callable: *mut PyObject, sentinel: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live] both
    let (callable, sentinel) = unsafe { (Object::from_raw(callable), Object::from_raw(sentinel)) };
    boundary(|ts| iterators::call_iterator(ts, callable, sentinel))
}
// skipped PySeqIter_Check, PyCallIter_Check: macros
