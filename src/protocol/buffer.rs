//! The buffer protocol as its users see it: a view of an object's memory that is released when dropped.

use core::ffi::c_int;
use core::mem::MaybeUninit;

use crate::ffi::*;
use crate::object::{Object, Owned, Raised, Result};
use crate::runtime::ThreadState;
use crate::types::Bytes;
use crate::types::exceptions::TYPE_ERROR;

/// A view of an object's memory. The view holds the object.
pub struct Buffer {
    view: Py_buffer,
}

/// The object's buffer functions, if it exports a buffer at all.
pub fn exporter_of(object: &Object) -> Option<&PyBufferProcs> {
    // SAFETY: NULL or a live suite.
    unsafe { object.ty().tp_as_buffer.get().as_ref() }.filter(|procs| procs.bf_getbuffer.get().is_some())
}

impl Buffer {
    /// The contiguous bytes of `object`.
    pub fn simple(ts: &ThreadState, object: &Object) -> Result<Buffer> {
        Buffer::with_flags(ts, object, PyBUF_SIMPLE)
    }

    pub fn with_flags(ts: &ThreadState, object: &Object, flags: c_int) -> Result<Buffer> {
        let Some(get) = exporter_of(object).and_then(|procs| procs.bf_getbuffer.get()) else {
            let name = object.ty().full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("a bytes-like object is required, not '{name}'")));
        };
        let mut view = MaybeUninit::<Py_buffer>::zeroed();
        // SAFETY: the type's own function for its instance; it fills the view in when it answers 0.
        unsafe {
            if get(object.as_ptr(), view.as_mut_ptr(), flags) != 0 {
                return Err(Raised::already());
            }
            let mut made = view.assume_init();
            // Plain bytes may have their one extent and stride in the view itself, which is about to move: such
            // a view is contiguous, and needs neither.
            let (extent, stride) = (&raw const (*view.as_ptr()).len, &raw const (*view.as_ptr()).itemsize);
            if core::ptr::eq(made.shape, extent) {
                made.shape = core::ptr::null_mut();
            }
            if core::ptr::eq(made.strides, stride) {
                made.strides = core::ptr::null_mut();
            }
            Ok(Buffer { view: made })
        }
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
        if self.is_contiguous() {
            return Bytes::new(ts, self.as_slice());
        }
        let view = &self.view;
        let mut content = Vec::new();
        content.try_reserve_exact(view.len.max(0) as usize).map_err(|_| ts.no_memory())?;
        // SAFETY: the exporter filled in shape, strides and suboffsets for `ndim` dimensions.
        unsafe { copy_dimension(view, 0, view.buf.cast(), &mut content) };
        Bytes::new(ts, &content)
    }

    /// Items lie one behind the other in C's order.
    fn is_contiguous(&self) -> bool {
        let view = &self.view;
        if !view.suboffsets.is_null() {
            return false;
        }
        if view.strides.is_null() || view.shape.is_null() {
            return true;
        }
        let mut expected = view.itemsize;
        for i in (0..view.ndim as usize).rev() {
            // SAFETY: one entry a dimension.
            let (extent, stride) = unsafe { (*view.shape.add(i), *view.strides.add(i)) };
            if extent > 1 && stride != expected {
                return false;
            }
            expected *= extent;
        }
        true
    }
}

/// # Safety
/// `p` is where dimension `dim` of the view begins; shape and strides are there.
unsafe fn copy_dimension(view: &Py_buffer, dim: usize, p: *const u8, content: &mut Vec<u8>) {
    // SAFETY: the exporter's promise about its own arrays; at most 64 dimensions deep.
    unsafe {
        if dim == view.ndim as usize {
            content.extend_from_slice(core::slice::from_raw_parts(p, view.itemsize as usize));
            return;
        }
        for i in 0..*view.shape.add(dim) {
            let mut item = p.offset(i * *view.strides.add(dim));
            if !view.suboffsets.is_null() && *view.suboffsets.add(dim) >= 0 {
                item = item.cast::<*const u8>().read().offset(*view.suboffsets.add(dim));
            }
            copy_dimension(view, dim + 1, item, content);
        }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: the view is ours and has not been released; it owns a reference to the exporter.
        unsafe { release(&mut self.view) };
    }
}

/// `PyBuffer_Release`.
///
/// # Safety
/// `view` was filled in by an exporter, or its `obj` is NULL.
pub unsafe fn release(view: &mut Py_buffer) {
    // SAFETY: NULL, or a reference that the view owned; the exporter may look at it in the view once more.
    let Some(object) = (unsafe { Owned::<Object>::from_stolen_nullable(view.obj) }) else { return };
    if let Some(release) = exporter_of(&object).and_then(|procs| procs.bf_releasebuffer.get()) {
        // SAFETY: the exporter's own function for its view.
        unsafe { release(object.as_ptr(), view) };
    }
    view.obj = core::ptr::null_mut();
}

/// `PyBuffer_FillInfo`: a view of contiguous bytes, for exporters of such.
///
/// # Safety
/// `view` is valid for a write; `len` bytes are at `buf` while `object` lives.
pub unsafe fn fill(
    ts: &ThreadState,
    view: *mut Py_buffer,
    object: &Object,
    buf: *mut u8,
    len: usize,
    readonly: bool,
    flags: c_int,
) -> Result<()> {
    use crate::types::exceptions::{BUFFER_ERROR, SYSTEM_ERROR};
    if view.is_null() {
        return Err(ts.raise_str(&BUFFER_ERROR, "PyBuffer_FillInfo: view==NULL argument is obsolete"));
    }
    if flags != PyBUF_SIMPLE {
        if flags == PyBUF_READ || flags == PyBUF_WRITE {
            return Err(ts.raise_str(&SYSTEM_ERROR, "bad argument to internal function"));
        }
        if flags & PyBUF_WRITABLE == PyBUF_WRITABLE && readonly {
            return Err(ts.raise_str(&BUFFER_ERROR, "Object is not writable."));
        }
    }
    // SAFETY: the caller's promise.
    unsafe {
        view.write(Py_buffer {
            buf: buf.cast(),
            obj: Owned::new(object).into_raw(),
            len: len as isize,
            itemsize: 1,
            readonly: c_int::from(readonly),
            ndim: 1,
            format: if flags & PyBUF_FORMAT == PyBUF_FORMAT { c"B".as_ptr().cast_mut() } else { core::ptr::null_mut() },
            shape: if flags & PyBUF_ND == PyBUF_ND { &raw mut (*view).len } else { core::ptr::null_mut() },
            strides: if flags & PyBUF_STRIDES == PyBUF_STRIDES {
                &raw mut (*view).itemsize
            } else {
                core::ptr::null_mut()
            },
            suboffsets: core::ptr::null_mut(),
            internal: core::ptr::null_mut(),
        });
    }
    Ok(())
}
