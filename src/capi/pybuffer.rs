//! pybuffer.h, and the buffer functions of abstract.h, the removed ones of Python 2's protocol included.

use core::ffi::{CStr, c_char, c_int, c_void};

use crate::ffi::*;
use crate::object::{Object, Result};
use crate::protocol::buffer::{self, Buffer};
use crate::protocol::struct_format::size_of_format;
use crate::protocol::view::{self, Order};
use crate::runtime::{ThreadState, boundary, boundary_or, ledger};
use crate::types::exceptions::{TYPE_ERROR, VALUE_ERROR};
use crate::types::str::codecs;

/// 1 if the object exports its memory. Always succeeds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_CheckBuffer(object: *mut PyObject) -> c_int {
    // SAFETY: [live]
    c_int::from(buffer::exporter_of(unsafe { Object::from_raw(object) }).is_some())
}

/// Fills in a view of the object's memory, which holds the object until `PyBuffer_Release`.
///
/// -1 with `TypeError` if it exports none, `BufferError` if it cannot give what the flags ask for.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GetBuffer(object: *mut PyObject, view: *mut Py_buffer, flags: c_int) -> c_int {
    // SAFETY: [live], [out]
    boundary(|ts| unsafe {
        buffer::get(ts, Object::from_raw(object), view, flags)?;
        ledger::handed((*view).obj);
        Ok(())
    })
}

/// Gives a view back. One of nothing, or one that was given back before, is left alone.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBuffer_Release(view: *mut Py_buffer) {
    // SAFETY: filled in, or its object is NULL.
    unsafe {
        ledger::taken((*view).obj);
        buffer::release(view);
    }
}

/// 1 if the items lie side by side in C's order (`C`), Fortran's (`F`) or either (`A`). Always succeeds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBuffer_IsContiguous(view: *const Py_buffer, order: c_char) -> c_int {
    // SAFETY: [live] a view that was filled in.
    c_int::from(view::is_contiguous(unsafe { &*view }, order as u8))
}

/// Where the item with these indices lies: one a dimension, within the shape.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBuffer_GetPointer(view: *const Py_buffer, indices: *const Py_ssize_t) -> *mut c_void {
    // SAFETY: [live] a view with strides; [span] one index a dimension.
    unsafe {
        let view = &*view;
        let n = usize::try_from(view.ndim).unwrap_or(0);
        let indices = if n == 0 { &[] } else { core::slice::from_raw_parts(indices, n) };
        view::item_at(view, indices).cast()
    }
}

/// The size of one item of a format of the module `struct`; 1 for none.
///
/// -1 with `ValueError`, where CPython has `struct.error`, if it is no such format, or what is wrong with it as UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBuffer_SizeFromFormat(format: *const c_char) -> Py_ssize_t {
    boundary(|ts| {
        if format.is_null() {
            return Ok(1);
        }
        // SAFETY: [cstr]
        let format = unsafe { CStr::from_ptr(format) }.to_bytes();
        if !format.is_ascii() {
            codecs::decode(ts, format, None, None)?;
            return Err(ts.raise_str(&VALUE_ERROR, "non-ASCII character in struct format"));
        }
        size_of_format(format).map_err(|error| ts.raise_str(&VALUE_ERROR, error.message()))
    })
}

/// Copies the view's items side by side. `len` must be the view's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBuffer_ToContiguous(
    room: *mut c_void,
    view: *const Py_buffer,
    len: Py_ssize_t,
    order: c_char,
) -> c_int {
    boundary(|ts| {
        // SAFETY: [live] a view that was filled in.
        let view = unsafe { &*view };
        if len != view.len {
            return Err(ts.raise_str(&VALUE_ERROR, "PyBuffer_ToContiguous: len != view->len"));
        }
        // SAFETY: [span] the caller's `len` bytes.
        unsafe { view::to_contiguous(view, room.cast(), Order::of(view, order as u8)) };
        Ok(())
    })
}

/// Copies `len` bytes, items side by side, into the view.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBuffer_FromContiguous(
    view: *const Py_buffer,
    bytes: *const c_void,
    len: Py_ssize_t,
    order: c_char,
) -> c_int {
    // SAFETY: [live] a view that was filled in; [span]
    unsafe {
        let view = &*view;
        let len = usize::try_from(len).unwrap_or(0);
        let bytes = if len == 0 { &[] } else { core::slice::from_raw_parts(bytes.cast(), len) };
        view::from_contiguous(view, bytes, Order::of(view, order as u8));
    }
    0
}

/// Copies all of `source`'s memory over `target`'s.
///
/// -1 with `TypeError` if one exports none, `BufferError` if the target is read-only or too small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_CopyData(target: *mut PyObject, source: *mut PyObject) -> c_int {
    // SAFETY: [live]
    boundary(|ts| unsafe { buffer::copy_data(ts, Object::from_raw(target), Object::from_raw(source)) })
}

/// The strides of items that lie side by side, in C's order or Fortran's (`F`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBuffer_FillContiguousStrides(
    ndim: c_int,
    shape: *mut Py_ssize_t,
    strides: *mut Py_ssize_t,
    itemsize: c_int,
    order: c_char,
) {
    let Some(n) = usize::try_from(ndim).ok().filter(|&n| n > 0) else { return };
    // SAFETY: [span] one entry a dimension.
    let (shape, strides) =
        unsafe { (core::slice::from_raw_parts(shape, n), core::slice::from_raw_parts_mut(strides, n)) };
    let order = if order as u8 == b'F' { Order::Fortran } else { Order::C };
    view::contiguous_strides(shape, strides, itemsize as isize, order);
}

/// Fills in a view of `len` contiguous bytes for an exporter of such.
///
/// -1 with `BufferError`, and a view of no object, if it is to be written to and is `readonly`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyBuffer_FillInfo(
    view: *mut Py_buffer,
    object: *mut PyObject,
    buf: *mut c_void,
    len: Py_ssize_t,
    readonly: c_int,
    flags: c_int,
) -> c_int {
    boundary(|ts| {
        // SAFETY: [out], [nullable], [span]
        unsafe {
            buffer::fill(ts, view, Object::from_nullable(object), buf.cast(), len as usize, readonly != 0, flags)?;
            ledger::handed((*view).obj);
        }
        Ok(())
    })
}

/// The memory behind an object, for the functions that give no view to release.
///
/// # Safety
/// `[nullable]`, `[out]`
unsafe fn old_buffer(
    ts: &ThreadState,
    object: *mut PyObject,
    memory: *mut *mut c_void,
    len: *mut Py_ssize_t,
    flags: c_int,
) -> Result<()> {
    // SAFETY: [nullable]
    let object = unsafe { Object::from_nullable(object) };
    let (Some(object), false, false) = (object, memory.is_null(), len.is_null()) else {
        return Err(super::null_argument(ts));
    };
    if flags & PyBUF_WRITABLE != 0 && buffer::exporter_of(object).is_none() {
        return Err(ts.raise_str(&TYPE_ERROR, "expected a writable bytes-like object"));
    }
    let held = match Buffer::with_flags(ts, object, flags) {
        Ok(held) => held,
        Err(raised) if flags & PyBUF_WRITABLE == 0 => return Err(raised),
        Err(_) => return Err(ts.raise_str(&TYPE_ERROR, "expected a writable bytes-like object")),
    };
    // SAFETY: [out]; the object keeps its memory after the release, or the caller asked for trouble.
    unsafe {
        memory.write(held.view().buf);
        len.write(held.view().len);
    }
    Ok(())
}

/// The memory of an object for reading. Removed from the headers: use `PyObject_GetBuffer`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_AsReadBuffer(
    object: *mut PyObject,
    buffer: *mut *const c_void,
    len: *mut Py_ssize_t,
) -> c_int {
    // SAFETY: [nullable], [out]
    boundary(|ts| unsafe { old_buffer(ts, object, buffer.cast(), len, PyBUF_SIMPLE) })
}

/// The same, as bytes. Removed from the headers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_AsCharBuffer(
    object: *mut PyObject,
    buffer: *mut *const c_char,
    len: *mut Py_ssize_t,
) -> c_int {
    // SAFETY: [nullable], [out]
    boundary(|ts| unsafe { old_buffer(ts, object, buffer.cast(), len, PyBUF_SIMPLE) })
}

/// The memory of an object for writing. Removed from the headers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_AsWriteBuffer(
    object: *mut PyObject,
    buffer: *mut *mut c_void,
    len: *mut Py_ssize_t,
) -> c_int {
    // SAFETY: [nullable], [out]
    boundary(|ts| unsafe { old_buffer(ts, object, buffer, len, PyBUF_WRITABLE) })
}

/// 1 if a plain view can be had. Never raises. Removed from the headers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_CheckReadBuffer(object: *mut PyObject) -> c_int {
    boundary_or(0, |ts| {
        // SAFETY: [live]
        let object = unsafe { Object::from_raw(object) };
        let readable = buffer::exporter_of(object).is_some() && Buffer::with_flags(ts, object, PyBUF_SIMPLE).is_ok();
        ts.error.clear();
        Ok(readable)
    })
}
