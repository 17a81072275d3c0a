//! sliceobject.h

use core::ffi::c_int;

use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::Object;
use crate::runtime::boundary;
use crate::types::exceptions::TYPE_ERROR;
use crate::types::singletons::{is_none, none_ref};
use crate::types::slice::Bounds;
use crate::types::{Int, Slice};

/// `slice(start, stop, step)`; NULL stands for `None`.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySlice_New(start: *mut PyObject, stop: *mut PyObject, step: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable] all
    let [start, stop, step] = unsafe { [start, stop, step].map(|p| Object::from_nullable(p).unwrap_or(none_ref())) };
    boundary(|ts| Slice::new(ts, start, stop, step))
}

/// Start, stop and step of a slice as C integers, clipped to their range. To be followed by
/// `PySlice_AdjustIndices`.
///
/// `ValueError` for a step of zero.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySlice_Unpack(
    slice: *mut PyObject,
    start: *mut Py_ssize_t,
    stop: *mut Py_ssize_t,
    step: *mut Py_ssize_t,
) -> c_int {
    boundary(|ts| {
        // SAFETY: [live] and a slice, as CPython asserts
        let bounds = unsafe { Object::from_raw(slice).cast::<Slice>() }.unpack(ts)?;
        // SAFETY: [out] all
        unsafe {
            start.write(bounds.start);
            stop.write(bounds.stop);
            step.write(bounds.step);
        }
        Ok(())
    })
}

/// Cuts start and stop to a sequence of that length. Returns how many items the slice has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySlice_AdjustIndices(
    length: Py_ssize_t,
    start: *mut Py_ssize_t,
    stop: *mut Py_ssize_t,
    step: Py_ssize_t,
) -> Py_ssize_t {
    // SAFETY: [out] both, and readable
    let indices = unsafe { Bounds { start: *start, stop: *stop, step }.adjust(length) };
    // SAFETY: [out]
    unsafe {
        start.write(indices.start);
        stop.write(indices.stop);
    }
    indices.len as Py_ssize_t
}

/// `PySlice_Unpack` and `PySlice_AdjustIndices` in one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySlice_GetIndicesEx(
    slice: *mut PyObject,
    length: Py_ssize_t,
    start: *mut Py_ssize_t,
    stop: *mut Py_ssize_t,
    step: *mut Py_ssize_t,
    slicelength: *mut Py_ssize_t,
) -> c_int {
    // SAFETY: as for the two functions
    unsafe {
        if PySlice_Unpack(slice, start, stop, step) < 0 {
            return -1;
        }
        slicelength.write(PySlice_AdjustIndices(length, start, stop, *step));
    }
    0
}

/// The indexes of a slice for a length; out-of-range ones are an error.
///
/// `TypeError` for parts that are neither ints nor `None`; -1 without an exception when out of range.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySlice_GetIndices(
    slice: *mut PyObject,
    length: Py_ssize_t,
    start: *mut Py_ssize_t,
    stop: *mut Py_ssize_t,
    step: *mut Py_ssize_t,
) -> c_int {
    boundary(|ts| {
        // SAFETY: [live] and a slice, as CPython asserts
        let parts = unsafe { Object::from_raw(slice).cast::<Slice>() }.parts();
        let part = |object: &Object, default: isize| {
            if is_none(object) {
                return Ok(default);
            }
            match object.downcast::<Int>() {
                Some(int) => Ok(int.to_i64().map_or(isize::MAX, |v| v as isize)),
                None => Err(ts.raise_str(&TYPE_ERROR, "slice indices must be integers or None")),
            }
        };
        let by = part(parts[2], 1)?;
        let from_end = |i: isize| if i < 0 { i + length } else { i };
        let first = from_end(part(parts[0], if by < 0 { length - 1 } else { 0 })?);
        let last = match parts[1] {
            none if is_none(none) => {
                if by < 0 {
                    -1
                } else {
                    length
                }
            }
            stop => from_end(part(stop, 0)?),
        };
        // SAFETY: [out] all
        unsafe {
            start.write(first);
            stop.write(last);
            step.write(by);
        }
        Ok(if last > length || first >= length || by == 0 { -1 } else { 0 })
    })
}
