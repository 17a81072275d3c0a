//! An interpreter's memory.
//!
//! Blocks of up to 512 bytes come from 16 KB pages of one size class each (steps of 16 bytes): a free list,
//! then a bump pointer, a dozen instructions and no atomics, since a heap is used only under its
//! interpreter's GIL. Pages come from 64 KB segments of one address range that the process reserves once, so
//! that "is this block ours?" is one comparison; larger blocks come from malloc. Ending an interpreter gives
//! its segments back, whatever was left in them.
//!
//! With `PYTHONMALLOC=malloc`, or where no range can be reserved, every block comes from malloc, so that
//! valgrind and its like see each of them.

use core::cell::{Cell, RefCell};
use core::ptr::{self, NonNull};
use std::sync::{Mutex, OnceLock, PoisonError};

const PAGE: usize = 16 << 10;
const SEGMENT: usize = 64 << 10;
const RANGE: usize = 256 << 30;
const STEP: usize = 16;
/// The largest block of a size class.
pub const SMALL_MAX: usize = 512;
const CLASSES: usize = SMALL_MAX / STEP;
const HEADER: usize = 64;

/// The process's address range and the segments in it that are free.
struct Range {
    base: usize,
    next: usize,
    free: Vec<usize>,
}

static RANGE_STATE: OnceLock<Option<Mutex<Range>>> = OnceLock::new();
/// The range's first address, or 1 where there is none: no block lies within `RANGE` bytes of it then.
static BASE: core::sync::atomic::AtomicUsize = core::sync::atomic::AtomicUsize::new(NO_RANGE);
const NO_RANGE: usize = usize::MAX - RANGE;

fn range() -> Option<&'static Mutex<Range>> {
    RANGE_STATE.get_or_init(reserve).as_ref()
}

fn reserve() -> Option<Mutex<Range>> {
    if std::env::var_os("PYTHONMALLOC").is_some_and(|v| v == "malloc" || v == "malloc_debug") {
        return None;
    }
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    // SAFETY: a fresh anonymous mapping.
    let p = unsafe { libc::mmap(ptr::null_mut(), RANGE, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0) };
    if p == libc::MAP_FAILED {
        return None;
    }
    let base = (p as usize).next_multiple_of(SEGMENT);
    BASE.store(base, core::sync::atomic::Ordering::Relaxed);
    Some(Mutex::new(Range { base, next: base, free: Vec::new() }))
}

#[inline(always)]
fn in_range(block: *mut u8) -> bool {
    (block as usize).wrapping_sub(BASE.load(core::sync::atomic::Ordering::Relaxed)) < RANGE - SEGMENT
}

/// The head of a page; blocks follow at `HEADER`.
#[repr(C)]
struct Page {
    free: Cell<*mut Block>,
    /// The next never-used block, and the end of the page's blocks.
    bump: Cell<usize>,
    end: Cell<usize>,
    used: Cell<u32>,
    class: Cell<u32>,
    /// In the heap's list of pages of this class that have room.
    listed: Cell<bool>,
    next: Cell<*mut Page>,
    heap: Cell<*const Heap>,
}

struct Block {
    next: *mut Block,
}

const _: () = assert!(size_of::<Page>() <= HEADER);

/// A page without room, the current one of every class at first.
struct Full(Page);
// SAFETY: never written to: it has no room, and no block lies in it.
unsafe impl Sync for Full {}
static FULL: Full = Full(Page {
    free: Cell::new(ptr::null_mut()),
    bump: Cell::new(0),
    end: Cell::new(0),
    used: Cell::new(1),
    class: Cell::new(0),
    listed: Cell::new(false),
    next: Cell::new(ptr::null_mut()),
    heap: Cell::new(ptr::null()),
});

pub struct Heap {
    current: [Cell<*const Page>; CLASSES],
    /// Pages with room, by class, besides the current one.
    roomy: [Cell<*mut Page>; CLASSES],
    empty_pages: Cell<*mut Page>,
    segments: RefCell<Vec<usize>>,
    /// Blocks in use, for the leak tests.
    live: Cell<isize>,
}

impl Default for Heap {
    fn default() -> Heap {
        Heap::new()
    }
}

impl Heap {
    pub fn new() -> Heap {
        Heap {
            current: [const { Cell::new(&raw const FULL.0) }; CLASSES],
            roomy: [const { Cell::new(ptr::null_mut()) }; CLASSES],
            empty_pages: Cell::new(ptr::null_mut()),
            segments: RefCell::new(Vec::new()),
            live: Cell::new(0),
        }
    }

    /// Blocks handed out and not yet taken back.
    pub fn live_blocks(&self) -> isize {
        self.live.get()
    }

    /// The pages that the heap's blocks lie in; `None` where they come from malloc, among what is not the heap's.
    pub fn pages(&self) -> Option<Vec<core::ops::Range<usize>>> {
        range()?;
        Some(self.segments.borrow().iter().map(|&segment| segment..segment + SEGMENT).collect())
    }

    /// At least `size` bytes, aligned to 16; NULL when there is no memory. `alloc(0)` gives a block as well.
    #[inline]
    pub fn alloc(&self, size: usize) -> *mut u8 {
        self.live.set(self.live.get() + 1);
        let class = size.wrapping_sub(1) / STEP;
        if class < CLASSES {
            // SAFETY: a page lives as long as its heap.
            let page = unsafe { &*self.current[class].get() };
            let block = page.free.get();
            if !block.is_null() {
                // SAFETY: a free block holds the link to the next.
                page.free.set(unsafe { (*block).next });
                page.used.set(page.used.get() + 1);
                return block.cast();
            }
            return self.alloc_slow(class);
        }
        self.alloc_large(size)
    }

    #[inline(never)]
    fn alloc_slow(&self, class: usize) -> *mut u8 {
        let size = (class + 1) * STEP;
        loop {
            // SAFETY: as in `alloc`.
            let page = unsafe { &*self.current[class].get() };
            let block = page.free.get();
            if !block.is_null() {
                // SAFETY: as in `alloc`.
                page.free.set(unsafe { (*block).next });
                page.used.set(page.used.get() + 1);
                return block.cast();
            }
            let bump = page.bump.get();
            if bump + size <= page.end.get() {
                page.bump.set(bump + size);
                page.used.set(page.used.get() + 1);
                return bump as *mut u8;
            }
            let roomy = self.roomy[class].get();
            let next = if roomy.is_null() { self.new_page(class) } else { roomy };
            if next.is_null() {
                return self.alloc_large(size);
            }
            // SAFETY: a page of ours.
            unsafe {
                if !roomy.is_null() {
                    self.roomy[class].set((*roomy).next.get());
                }
                (*next).listed.set(true);
            }
            page_unlist(page);
            self.current[class].set(next);
        }
    }

    fn new_page(&self, class: usize) -> *mut Page {
        if self.empty_pages.get().is_null() && !self.grow() {
            return ptr::null_mut();
        }
        let page = self.empty_pages.get();
        // SAFETY: an empty page of ours.
        unsafe {
            self.empty_pages.set((*page).next.get());
            (*page).free.set(ptr::null_mut());
            (*page).bump.set(page as usize + HEADER);
            (*page).end.set(page as usize + PAGE);
            (*page).used.set(0);
            (*page).class.set(class as u32);
            (*page).heap.set(self);
        }
        page
    }

    fn grow(&self) -> bool {
        let Some(range) = range() else { return false };
        let segment = {
            let mut range = range.lock().unwrap_or_else(PoisonError::into_inner);
            match range.free.pop() {
                Some(segment) => segment,
                None if range.next + SEGMENT <= range.base + RANGE - SEGMENT => {
                    range.next += SEGMENT;
                    range.next - SEGMENT
                }
                None => return false,
            }
        };
        self.segments.borrow_mut().push(segment);
        for page in (segment..segment + SEGMENT).step_by(PAGE).rev() {
            let page = page as *mut Page;
            // SAFETY: within the segment, which is ours and writable.
            unsafe {
                (*page).next.set(self.empty_pages.get());
                (*page).listed.set(false);
            }
            self.empty_pages.set(page);
        }
        true
    }

    #[cold]
    #[inline(never)]
    fn alloc_large(&self, size: usize) -> *mut u8 {
        // No block is larger than a Py_ssize_t can say; tools that watch malloc take such a size for an error.
        let in_range = size <= isize::MAX as usize;
        // SAFETY: plain malloc.
        let p: *mut u8 = if in_range { unsafe { libc::malloc(size.max(1)) }.cast() } else { core::ptr::null_mut() };
        if p.is_null() {
            self.live.set(self.live.get() - 1);
        }
        p
    }

    /// Takes a block back.
    ///
    /// # Safety
    /// `block` came from this heap's `alloc` or `realloc` and is not used any more.
    #[inline]
    pub unsafe fn free(&self, block: *mut u8) {
        self.live.set(self.live.get() - 1);
        if !in_range(block) {
            // SAFETY: then it came from malloc.
            unsafe { libc::free(block.cast()) };
            return;
        }
        let page = (block as usize & !(PAGE - 1)) as *mut Page;
        let block = block.cast::<Block>();
        // SAFETY: a block of that page.
        unsafe {
            (*block).next = (*page).free.get();
            (*page).free.set(block);
            let used = (*page).used.get() - 1;
            (*page).used.set(used);
            if used == 0 || !(*page).listed.get() {
                self.page_has_room(&*page);
            }
        }
    }

    /// A page that was full has room again, or became empty.
    #[inline(never)]
    fn page_has_room(&self, page: &Page) {
        let class = page.class.get() as usize;
        if !page.listed.get() {
            page.listed.set(true);
            page.next.set(self.roomy[class].get());
            self.roomy[class].set(ptr::from_ref(page).cast_mut());
        }
    }

    /// Moves a block to a new size, its content kept; NULL when there is no memory, the block then unchanged.
    ///
    /// # Safety
    /// As for [`Heap::free`].
    pub unsafe fn realloc(&self, block: *mut u8, size: usize) -> *mut u8 {
        if !in_range(block) {
            // SAFETY: it came from malloc.
            return unsafe { libc::realloc(block.cast(), size.max(1)) }.cast();
        }
        let page = (block as usize & !(PAGE - 1)) as *const Page;
        // SAFETY: a page of ours.
        let old = unsafe { ((*page).class.get() as usize + 1) * STEP };
        if size <= old && size * 4 > old * 3 {
            return block;
        }
        let new = self.alloc(size);
        if !new.is_null() {
            // SAFETY: both are at least that long.
            unsafe {
                ptr::copy_nonoverlapping(block, new, old.min(size));
                self.free(block);
            }
        }
        new
    }
}

/// A full page that stops being current leaves the lists until a block of it comes back.
fn page_unlist(page: &Page) {
    if !page.heap.get().is_null() {
        page.listed.set(false);
    }
}

impl Drop for Heap {
    /// Gives the segments back: their pages to the kernel, their addresses to the next heap.
    fn drop(&mut self) {
        let segments = self.segments.get_mut();
        if segments.is_empty() {
            return;
        }
        for &segment in segments.iter() {
            // SAFETY: ours, and nothing in it is used any more.
            unsafe { libc::madvise(segment as *mut libc::c_void, SEGMENT, libc::MADV_DONTNEED) };
        }
        if let Some(range) = range() {
            range.lock().unwrap_or_else(PoisonError::into_inner).free.append(segments);
        }
    }
}

/// `PyMem_Raw*`: malloc, callable without a GIL.
pub fn raw_alloc(size: usize) -> Option<NonNull<u8>> {
    // SAFETY: plain malloc.
    NonNull::new(unsafe { libc::malloc(size.max(1)) }.cast())
}
