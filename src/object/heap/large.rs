//! Blocks too large for a page of their size class: from malloc, each on memory pages of its own.
//!
//! They belong to their heap, which holds them in a ring, and are given back with it. What malloc and the ring write
//! stands before the first of a block's pages and behind the last, so that neighbours that come and go leave the
//! pages of a block alone that forked processes share.

use core::cell::Cell;
use core::ptr;

const OS_PAGE: usize = 4096;

/// What stands before a block.
#[repr(C)]
pub(super) struct Header {
    next: Cell<*mut Header>,
    prev: Cell<*mut Header>,
    /// What malloc gave.
    raw: Cell<*mut u8>,
    /// What was asked for.
    size: Cell<usize>,
}

const HEADER: usize = size_of::<Header>();

/// A heap's large blocks.
pub(super) struct Ring(Box<Header>);

impl Ring {
    pub(super) fn new() -> Ring {
        let null = || Cell::new(ptr::null_mut());
        let head = Box::new(Header { next: null(), prev: null(), raw: Cell::new(ptr::null_mut()), size: Cell::new(0) });
        let at = ptr::from_ref(&*head).cast_mut();
        head.next.set(at);
        head.prev.set(at);
        Ring(head)
    }

    fn link(&self, header: *mut Header) {
        let head = &*self.0;
        // SAFETY: headers in the ring live.
        unsafe {
            (*header).prev.set(ptr::from_ref(head).cast_mut());
            (*header).next.set(head.next.get());
            (*head.next.get()).prev.set(header);
        }
        head.next.set(header);
    }

    fn unlink(&self, header: &Header) {
        // SAFETY: as above.
        unsafe {
            (*header.prev.get()).next.set(header.next.get());
            (*header.next.get()).prev.set(header.prev.get());
        }
    }

    /// NULL when there is no memory.
    pub(super) fn alloc(&self, size: usize) -> *mut u8 {
        let Some(total) = total(size) else { return ptr::null_mut() };
        // SAFETY: plain malloc.
        let raw: *mut u8 = unsafe { libc::malloc(total) }.cast();
        if raw.is_null() {
            return raw;
        }
        // SAFETY: `total` has room for it.
        unsafe { self.settle(raw, size) }
    }

    /// Writes the header of the block in `raw`, and gives the block.
    ///
    /// # Safety
    /// malloc gave `raw` for such a size.
    unsafe fn settle(&self, raw: *mut u8, size: usize) -> *mut u8 {
        let block = place(raw);
        let header = header_of(block);
        let null = || Cell::new(ptr::null_mut());
        // SAFETY: the header ends where the block begins, at least its size behind `raw`.
        unsafe { header.write(Header { next: null(), prev: null(), raw: Cell::new(raw), size: Cell::new(size) }) };
        self.link(header);
        block
    }

    /// # Safety
    /// `block` came from this ring and is not used any more.
    pub(super) unsafe fn free(&self, block: *mut u8) {
        // SAFETY: the header stands before the block.
        unsafe {
            let header = header_of(block);
            self.unlink(&*header);
            libc::free((*header).raw.get().cast());
        }
    }

    /// Moves a block to a new size; NULL when there is no memory, the block then unchanged.
    ///
    /// # Safety
    /// As for [`Ring::free`].
    pub(super) unsafe fn realloc(&self, block: *mut u8, size: usize) -> *mut u8 {
        let Some(total) = total(size) else { return ptr::null_mut() };
        // SAFETY: the header stands before the block; the content is moved to where the new block begins, within
        // what malloc gave.
        unsafe {
            let header = header_of(block);
            let (raw, kept) = ((*header).raw.get(), (*header).size.get().min(size));
            let offset = block.offset_from_unsigned(raw);
            self.unlink(&*header);
            let moved: *mut u8 = libc::realloc(raw.cast(), total).cast();
            if moved.is_null() {
                self.link(header);
                return moved;
            }
            let new = place(moved);
            ptr::copy(moved.add(offset), new, kept);
            self.settle(moved, size)
        }
    }

    /// # Safety
    /// `block` is one of a ring's.
    pub(super) unsafe fn size_of(block: *mut u8) -> usize {
        // SAFETY: the header stands before the block.
        unsafe { (*header_of(block)).size.get() }
    }
}

/// What to ask malloc for; `None` for more than a `Py_ssize_t` can say.
fn total(size: usize) -> Option<usize> {
    let pages = size.max(1).checked_next_multiple_of(OS_PAGE)?;
    pages.checked_add(HEADER + OS_PAGE).filter(|&n| n <= isize::MAX as usize)
}

/// Where in what malloc gave the block begins.
fn place(raw: *mut u8) -> *mut u8 {
    raw.wrapping_add((raw as usize + HEADER).next_multiple_of(OS_PAGE) - raw as usize)
}

fn header_of(block: *mut u8) -> *mut Header {
    block.wrapping_sub(HEADER).cast()
}

impl Drop for Ring {
    fn drop(&mut self) {
        let head = ptr::from_ref(&*self.0).cast_mut();
        let mut at = self.0.next.get();
        while at != head {
            // SAFETY: the heap ends, and nothing in it is used any more.
            unsafe {
                let raw = (*at).raw.get();
                at = (*at).next.get();
                libc::free(raw.cast());
            }
        }
    }
}
