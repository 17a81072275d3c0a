//! The buffer protocol: asking an object for a view of its memory, and giving the view back.
//!
//! [`get`] and [`release`] work on a `Py_buffer` that somebody else owns, as C passes them around; [`Buffer`] is one
//! that is released when dropped. What a view describes is `protocol::view`'s.

use core::ffi::c_int;
use core::mem::MaybeUninit;
use core::ptr;

use super::view::{self, Order};
use crate::ffi::*;
use crate::object::{Object, Owned, Raised, Result};
use crate::runtime::ThreadState;
use crate::types::Bytes;
use crate::types::exceptions::{BUFFER_ERROR, SYSTEM_ERROR, TYPE_ERROR};

/// The object's buffer functions, if it exports a buffer at all.
#[inline]
pub fn exporter_of(object: &Object) -> Option<&PyBufferProcs> {
    functions_of(object).filter(|procs| procs.bf_getbuffer.get().is_some())
}

/// The object's buffer functions. What stands for an exporter in a view has one for the release alone.
#[inline]
fn functions_of(object: &Object) -> Option<&PyBufferProcs> {
    // SAFETY: NULL or a live suite.
    unsafe { object.ty().tp_as_buffer.get().as_ref() }
}

/// The object's function for giving back a view of its memory.
#[inline]
pub fn release_of(object: &Object) -> Option<releasebufferproc> {
    functions_of(object)?.bf_releasebuffer.get()
}

/// `PyObject_GetBuffer`.
///
/// # Safety
/// `out` is valid for a write; it is filled in if this succeeds.
pub unsafe fn get(ts: &ThreadState, object: &Object, out: *mut Py_buffer, flags: c_int) -> Result<()> {
    check_flags(ts, flags)?;
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

/// `PyBUF_READ` and `PyBUF_WRITE` are for `PyMemoryView_FromMemory`, and a mistake anywhere else.
fn check_flags(ts: &ThreadState, flags: c_int) -> Result<()> {
    if flags == PyBUF_READ || flags == PyBUF_WRITE {
        return Err(ts.raise_str(&SYSTEM_ERROR, "bad argument to internal function"));
    }
    Ok(())
}

/// `PyBuffer_Release`: a view of nothing, or one released before, is left alone.
///
/// # Safety
/// `view` was filled in, or its `obj` is NULL.
pub unsafe fn release(view: *mut Py_buffer) {
    // SAFETY: NULL, or a reference that the view owns; the exporter may look at it in the view once more.
    unsafe {
        let Some(object) = Owned::<Object>::from_stolen_nullable((*view).obj) else { return };
        if let Some(release) = release_of(&object) {
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
    check_flags(ts, flags)?;
    let asked = |flag: c_int| flags & flag == flag;
    if asked(PyBUF_WRITABLE) && readonly {
        return Err(ts.raise_str(&BUFFER_ERROR, "Object is not writable."));
    }
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

/// `PyObject_CopyData`: all items of `source`, in C's order, over those of `target`.
pub fn copy_data(ts: &ThreadState, target: &Object, source: &Object) -> Result<()> {
    if exporter_of(target).is_none() || exporter_of(source).is_none() {
        return Err(ts.raise_str(&TYPE_ERROR, "both destination and source must be bytes-like objects"));
    }
    let to = Buffer::with_flags(ts, target, PyBUF_FULL)?;
    let from = Buffer::with_flags(ts, source, PyBUF_FULL_RO)?;
    if to.view.len < from.view.len {
        return Err(ts.raise_str(&BUFFER_ERROR, "destination is too small to receive data from source"));
    }
    // SAFETY: filled in, writable as asked for, and large enough.
    unsafe { view::copy(ts, &to.view, &from.view) }
}

/// A view of an object's memory that is released when dropped. The view holds the object.
pub struct Buffer {
    view: Py_buffer,
}

impl Buffer {
    /// The contiguous bytes of `object`.
    pub fn simple(ts: &ThreadState, object: &Object) -> Result<Buffer> {
        Buffer::with_flags(ts, object, PyBUF_SIMPLE)
    }

    pub fn with_flags(ts: &ThreadState, object: &Object, flags: c_int) -> Result<Buffer> {
        let mut view = MaybeUninit::<Py_buffer>::zeroed();
        // SAFETY: [out] our own room, filled in on success.
        unsafe {
            get(ts, object, view.as_mut_ptr(), flags)?;
            let view = view.assume_init_mut();
            forget_own_addresses(view);
            Ok(Buffer { view: *view })
        }
    }

    #[inline]
    pub fn view(&self) -> &Py_buffer {
        &self.view
    }

    /// The bytes. Whoever else may write to them does not while the slice is used.
    pub fn as_slice(&self) -> &[u8] {
        if self.view.len <= 0 || self.view.buf.is_null() {
            return &[];
        }
        // SAFETY: the exporter promises that many bytes while the view is held.
        unsafe { core::slice::from_raw_parts(self.view.buf.cast(), self.view.len as usize) }
    }

    /// A copy of the content in C's order, whatever the strides.
    pub fn to_bytes(&self, ts: &ThreadState) -> Result<Owned<Bytes>> {
        // SAFETY: filled in, and held.
        unsafe { bytes_of(ts, &self.view, Order::C) }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: the view is ours and has not been released; it owns a reference to the exporter.
        unsafe { release(&mut self.view) };
    }
}

/// A copy of a view's content, items side by side.
///
/// # Safety
/// The view is filled in, and not released.
pub unsafe fn bytes_of(ts: &ThreadState, view: &Py_buffer, order: Order) -> Result<Owned<Bytes>> {
    let len = usize::try_from(view.len).unwrap_or(0);
    // SAFETY: the caller's promise; there is room for `len` bytes.
    Bytes::filled(ts, len, |room| unsafe { view::to_contiguous(view, room.as_mut_ptr(), order) })
}

/// An exporter of plain bytes may point shape and strides at the view's own fields (`PyBuffer_FillInfo` does). The
/// view is about to move, and such a one is contiguous, which is what no shape and no strides say.
fn forget_own_addresses(view: &mut Py_buffer) {
    if ptr::eq(view.shape, &raw const view.len) && view.itemsize == 1 {
        view.shape = ptr::null_mut();
    }
    if ptr::eq(view.strides, &raw const view.itemsize) {
        view.strides = ptr::null_mut();
    }
}
