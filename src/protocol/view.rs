//! Views of memory as C passes them around: `Py_buffer`s that somebody else owns.
//!
//! Getting and releasing, what shape a view has, and copying between views of any strides. All sizes in a view
//! come from an exporter, so products are checked where they decide about memory.

use core::ffi::c_int;
use core::ptr;

use crate::ffi::*;
use crate::object::{Object, Owned, Raised, Result};
use crate::runtime::ThreadState;
use crate::types::exceptions::{BUFFER_ERROR, SYSTEM_ERROR, TYPE_ERROR};

/// The object's buffer functions, if it exports a buffer at all.
#[inline]
pub fn exporter_of(object: &Object) -> Option<&PyBufferProcs> {
    // SAFETY: NULL or a live suite.
    unsafe { object.ty().tp_as_buffer.get().as_ref() }.filter(|procs| procs.bf_getbuffer.get().is_some())
}

/// `PyObject_GetBuffer`.
///
/// # Safety
/// `out` is valid for a write; it is filled in if this succeeds.
pub unsafe fn get(ts: &ThreadState, object: &Object, out: *mut Py_buffer, flags: c_int) -> Result<()> {
    if flags != PyBUF_SIMPLE && (flags == PyBUF_READ || flags == PyBUF_WRITE) {
        return Err(ts.raise_str(&SYSTEM_ERROR, "bad argument to internal function"));
    }
    let Some(get) = exporter_of(object).and_then(|procs| procs.bf_getbuffer.get()) else {
        let name = object.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("a bytes-like object is required, not '{name}'")));
    };
    // SAFETY: the type's own function for its instance.
    match unsafe { get(object.as_ptr(), out, flags) } {
        0 => Ok(()),
        _ => Err(Raised::already()),
    }
}

/// `PyBuffer_Release`: a view of nothing, or one released before, is left alone.
///
/// # Safety
/// `view` was filled in, or its `obj` is NULL.
pub unsafe fn release(view: *mut Py_buffer) {
    // SAFETY: NULL, or a reference that the view owns; the exporter may look at it in the view once more.
    unsafe {
        let Some(object) = Owned::<Object>::from_stolen_nullable((*view).obj) else { return };
        if let Some(release) = exporter_of(&object).and_then(|procs| procs.bf_releasebuffer.get()) {
            release(object.as_ptr(), view);
        }
        (*view).obj = ptr::null_mut();
    }
}

/// `PyBuffer_FillInfo`: a view of `len` contiguous bytes, of `object` or of nobody's.
///
/// # Safety
/// `out` is valid for a write; the bytes are at `buf` while `object` lives.
pub unsafe fn fill(
    ts: &ThreadState,
    out: *mut Py_buffer,
    object: Option<&Object>,
    buf: *mut u8,
    len: usize,
    readonly: bool,
    flags: c_int,
) -> Result<()> {
    if out.is_null() {
        return Err(ts.raise_str(&BUFFER_ERROR, "PyBuffer_FillInfo: view==NULL argument is obsolete"));
    }
    if flags != PyBUF_SIMPLE {
        if flags == PyBUF_READ || flags == PyBUF_WRITE {
            return Err(ts.raise_str(&SYSTEM_ERROR, "bad argument to internal function"));
        }
        if flags & PyBUF_WRITABLE != 0 && readonly {
            return Err(ts.raise_str(&BUFFER_ERROR, "Object is not writable."));
        }
    }
    let asked = |flag: c_int| flags & flag == flag;
    // SAFETY: the caller's promise; the view points into itself, as C's exporters make it.
    unsafe {
        out.write(Py_buffer {
            buf: buf.cast(),
            obj: object.map_or(ptr::null_mut(), |o| Owned::new(o).into_raw()),
            len: len as isize,
            itemsize: 1,
            readonly: c_int::from(readonly),
            ndim: 1,
            format: if asked(PyBUF_FORMAT) { c"B".as_ptr().cast_mut() } else { ptr::null_mut() },
            shape: if asked(PyBUF_ND) { &raw mut (*out).len } else { ptr::null_mut() },
            strides: if asked(PyBUF_STRIDES) { &raw mut (*out).itemsize } else { ptr::null_mut() },
            suboffsets: ptr::null_mut(),
            internal: ptr::null_mut(),
        });
    }
    Ok(())
}

/// A view's shape: empty for one that is flat and does not say.
fn shape(view: &Py_buffer) -> &[isize] {
    if view.shape.is_null() || view.ndim <= 0 {
        return &[];
    }
    // SAFETY: [span] a shape has one entry a dimension.
    unsafe { core::slice::from_raw_parts(view.shape, view.ndim as usize) }
}

fn strides(view: &Py_buffer) -> Option<&[isize]> {
    if view.strides.is_null() || view.ndim <= 0 {
        return None;
    }
    // SAFETY: [span] strides have one entry a dimension.
    Some(unsafe { core::slice::from_raw_parts(view.strides, view.ndim as usize) })
}

/// The items lie side by side, the dimensions counted in the order given: the fastest first.
fn is_dense<'a>(view: &Py_buffer, dimensions: impl Iterator<Item = (&'a isize, &'a isize)>) -> bool {
    let mut step = view.itemsize;
    for (&n, &stride) in dimensions {
        if n > 1 && stride != step {
            return false;
        }
        step = step.wrapping_mul(n);
    }
    true
}

/// `PyBuffer_IsContiguous`: in C's order, in Fortran's, or (`A`) in either.
pub fn is_contiguous(view: &Py_buffer, order: u8) -> bool {
    if !view.suboffsets.is_null() {
        return false;
    }
    let c = || is_c_contiguous(view);
    let fortran = || is_fortran_contiguous(view);
    match order {
        b'C' => c(),
        b'F' => fortran(),
        b'A' => c() || fortran(),
        _ => false,
    }
}

fn is_c_contiguous(view: &Py_buffer) -> bool {
    match strides(view) {
        _ if view.len == 0 => true,
        None => true,
        Some(strides) => is_dense(view, shape(view).iter().rev().zip(strides.iter().rev())),
    }
}

fn is_fortran_contiguous(view: &Py_buffer) -> bool {
    match strides(view) {
        _ if view.len == 0 => true,
        // Without strides it is in C's order: both at once only if at most one dimension has items to step over.
        None => view.ndim <= 1 || shape(view).iter().filter(|&&n| n > 1).count() <= 1,
        Some(strides) => is_dense(view, shape(view).iter().zip(strides)),
    }
}
