//! memoryobject.h

use core::ffi::{c_char, c_int};

use crate::ffi::*;
use crate::object::Object;
use crate::runtime::boundary;
use crate::types::memoryview::MemoryView;
use crate::types::memoryview::managed::ManagedBuffer;

/// A memoryview of the object's memory, or one more of what a memoryview shows.
///
/// New reference. `TypeError` if it exports no buffer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMemoryView_FromObject(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| MemoryView::new(ts, unsafe { Object::from_raw(object) }, PyBUF_FULL_RO))
}

/// A memoryview of `size` bytes of the caller's, which must outlive it and all that are made of it.
///
/// New reference. It may be written through if the flags are `PyBUF_WRITE`; `PyBUF_READ` is the other choice.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMemoryView_FromMemory(memory: *mut c_char, size: Py_ssize_t, flags: c_int) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [span]
        let managed = unsafe { ManagedBuffer::of_memory(ts, memory, size as usize, flags != PyBUF_WRITE)? };
        managed.whole(ts)
    })
}

/// A memoryview of a filled-in buffer, which stays the caller's to release, after the memoryview and all that are made
/// of it are gone.
///
/// New reference. `ValueError` if its memory is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMemoryView_FromBuffer(view: *const Py_buffer) -> *mut PyObject {
    // SAFETY: [live] a view that was filled in.
    boundary(|ts| unsafe { ManagedBuffer::of_view(ts, &*view)?.whole(ts) })
}

/// A memoryview of the object's memory with items side by side in C's order (`C`), Fortran's (`F`) or either (`A`): for
/// `PyBUF_READ` of a copy, if they do not lie so.
///
/// New reference. `BufferError` for `PyBUF_WRITE` if the memory is read-only, or does not lie so.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMemoryView_GetContiguous(
    object: *mut PyObject,
    buffertype: c_int,
    order: c_char,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live]
        MemoryView::contiguous(ts, unsafe { Object::from_raw(object) }, buffertype == PyBUF_WRITE, order as u8)
    })
}
// skipped PyMemoryView_Check: a macro
