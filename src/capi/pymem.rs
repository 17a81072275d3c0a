//! pymem.h, and the memory part of objimpl.h.
//!
//! `PyMem_Raw*` is malloc and needs no GIL. The other two families come from the interpreter's heap. Asking for 0
//! bytes gives a block of its own; more than `PY_SSIZE_T_MAX` gives NULL; none of them raises.

use core::ffi::c_void;
use core::ptr;

use crate::object::heap::book::Kind;
use crate::runtime::ThreadState;

const MAX: usize = isize::MAX as usize;

fn product(n: usize, size: usize) -> Option<usize> {
    n.checked_mul(size).filter(|&total| total <= MAX)
}

fn heap_alloc(size: usize) -> *mut c_void {
    if size > MAX {
        return ptr::null_mut();
    }
    ThreadState::current().heap().alloc_as(Kind::Raw, size).cast()
}

fn heap_calloc(n: usize, size: usize) -> *mut c_void {
    let Some(size) = product(n, size) else { return ptr::null_mut() };
    let block = heap_alloc(size);
    if !block.is_null() {
        // SAFETY: fresh, and that large.
        unsafe { ptr::write_bytes(block.cast::<u8>(), 0, size) };
    }
    block
}

/// # Safety
/// NULL, or a block of this interpreter's heap that is not used afterwards.
unsafe fn heap_realloc(block: *mut c_void, size: usize) -> *mut c_void {
    if block.is_null() {
        return heap_alloc(size);
    }
    if size > MAX {
        return ptr::null_mut();
    }
    // SAFETY: the caller's promise.
    unsafe { ThreadState::current().heap().realloc(block.cast(), size) }.cast()
}

/// # Safety
/// As for [`heap_realloc`].
unsafe fn heap_free(block: *mut c_void) {
    if !block.is_null() {
        // SAFETY: the caller's promise.
        unsafe { ThreadState::current().heap().free(block.cast()) };
    }
}

/// `size` bytes. Needs no GIL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMem_RawMalloc(size: usize) -> *mut c_void {
    if size > MAX {
        return ptr::null_mut();
    }
    // SAFETY: plain malloc.
    unsafe { libc::malloc(size.max(1)) }
}

/// `n` times `size` zeroed bytes. Needs no GIL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMem_RawCalloc(n: usize, size: usize) -> *mut c_void {
    match product(n, size) {
        // SAFETY: plain calloc.
        Some(total) => unsafe { libc::calloc(total.max(1), 1) },
        None => ptr::null_mut(),
    }
}

/// Moves a block to a new size; on failure it stays as it was. Needs no GIL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMem_RawRealloc(block: *mut c_void, size: usize) -> *mut c_void {
    if size > MAX {
        return ptr::null_mut();
    }
    // SAFETY: NULL or a block of this family.
    unsafe { libc::realloc(block, size.max(1)) }
}

/// Gives a block back; NULL is passed over. Needs no GIL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMem_RawFree(block: *mut c_void) {
    // SAFETY: NULL or a block of this family.
    unsafe { libc::free(block) };
}

/// `size` bytes of the interpreter's heap.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMem_Malloc(size: usize) -> *mut c_void {
    heap_alloc(size)
}

/// `n` times `size` zeroed bytes of the interpreter's heap.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMem_Calloc(n: usize, size: usize) -> *mut c_void {
    heap_calloc(n, size)
}

/// Moves a block to a new size; on failure it stays as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMem_Realloc(block: *mut c_void, size: usize) -> *mut c_void {
    // SAFETY: NULL or a block of this heap.
    unsafe { heap_realloc(block, size) }
}

/// Gives a block back; NULL is passed over.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyMem_Free(block: *mut c_void) {
    // SAFETY: NULL or a block of this heap.
    unsafe { heap_free(block) };
}

/// `size` bytes of the interpreter's heap.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_Malloc(size: usize) -> *mut c_void {
    heap_alloc(size)
}

/// `n` times `size` zeroed bytes of the interpreter's heap.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_Calloc(n: usize, size: usize) -> *mut c_void {
    heap_calloc(n, size)
}

/// Moves a block to a new size; on failure it stays as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_Realloc(block: *mut c_void, size: usize) -> *mut c_void {
    // SAFETY: NULL or a block of this heap.
    unsafe { heap_realloc(block, size) }
}

/// Gives a block back; NULL is passed over.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_Free(block: *mut c_void) {
    // SAFETY: NULL or a block of this heap.
    unsafe { heap_free(block) };
}
