//! An interpreter's memory.
//!
//! Blocks come from pages of one size class each: up to 512 bytes from 16 KB pages (steps of 16 bytes), up to 32 KB
//! from 256 KB pages (four steps for each power of two). A free list, then a bump pointer, a dozen instructions and no
//! atomics, since a heap is used only under its interpreter's GIL. Pages come from one address range that the process
//! reserves once ([`range`]), so that "is this block ours?" is one comparison; larger blocks come from malloc
//! ([`large`]). Ending an interpreter gives all of it back, whatever was left in it.
//!
//! [`Heap::retire`] closes the pages that are in use: no block of them is handed out any more, and one that is given
//! back is left as it lies. So what is immortal by then never shares a page with what is made later, and nothing
//! writes to its pages but who writes to the objects.
//!
//! With `PYTHONMALLOC=malloc`, or where no range can be reserved, every block comes from malloc, so that
//! valgrind and its like see each of them.

use core::cell::{Cell, RefCell};
use core::ptr::{self, NonNull};

mod large;
mod range;

use large::Ring;
use range::{Kind, MEDIUM_PAGE, SEGMENT};

const PAGE: usize = 16 << 10;
const STEP: usize = 16;
/// The largest block of a small page, and of a medium one.
pub const SMALL_MAX: usize = 512;
const MEDIUM_MAX: usize = 32 << 10;
const SMALL_CLASSES: usize = SMALL_MAX / STEP;
const CLASSES: usize = SMALL_CLASSES + 4 * (MEDIUM_MAX / SMALL_MAX).ilog2() as usize;
const HEADER: usize = 64;

/// The class of a medium block: four to each power of two.
#[inline(always)]
fn medium_class(size: usize) -> usize {
    let log = (size - 1).ilog2();
    let quarter = (size - 1) >> (log - 2) & 3;
    SMALL_CLASSES + (log as usize - SMALL_MAX.ilog2() as usize) * 4 + quarter
}

/// Bytes of a class's blocks.
const fn size_of_class(class: usize) -> usize {
    if class < SMALL_CLASSES {
        return (class + 1) * STEP;
    }
    let (power, quarter) = ((class - SMALL_CLASSES) / 4, (class - SMALL_CLASSES) % 4);
    (SMALL_MAX << power) / 4 * (5 + quarter)
}

const _: () = assert!(size_of_class(CLASSES - 1) == MEDIUM_MAX);

/// The head of a page; blocks follow at `HEADER`.
#[repr(C)]
struct Page {
    free: Cell<*mut Block>,
    /// The next never-used block, and the end of the page's blocks.
    bump: Cell<usize>,
    end: Cell<usize>,
    class: Cell<u32>,
    /// In the heap's list of pages of this class that have room, or current.
    listed: Cell<bool>,
    /// Closed: never listed again.
    retired: Cell<bool>,
    next: Cell<*mut Page>,
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
    class: Cell::new(0),
    listed: Cell::new(false),
    retired: Cell::new(false),
    next: Cell::new(ptr::null_mut()),
});

pub struct Heap {
    current: [Cell<*const Page>; CLASSES],
    /// Pages with room, by class, besides the current one.
    roomy: [Cell<*mut Page>; CLASSES],
    /// Small pages that have no class yet.
    empty_pages: Cell<*mut Page>,
    segments: RefCell<Vec<usize>>,
    medium_pages: RefCell<Vec<usize>>,
    large: Ring,
    /// Blocks from malloc that are given back with the heap, once it is ending.
    put_off: RefCell<Vec<*mut u8>>,
    ending: Cell<bool>,
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
            segments: RefCell::default(),
            medium_pages: RefCell::default(),
            large: Ring::new(),
            put_off: RefCell::default(),
            ending: Cell::new(false),
            live: Cell::new(0),
        }
    }

    /// Blocks handed out and not yet taken back.
    pub fn live_blocks(&self) -> isize {
        self.live.get()
    }

    /// At least `size` bytes, aligned to 16; NULL when there is no memory. `alloc(0)` gives a block as well.
    #[inline]
    pub fn alloc(&self, size: usize) -> *mut u8 {
        let class = size.wrapping_sub(1) / STEP;
        if class < SMALL_CLASSES {
            return self.alloc_class(class);
        }
        self.alloc_larger(size)
    }

    #[inline(always)]
    fn alloc_class(&self, class: usize) -> *mut u8 {
        self.live.set(self.live.get() + 1);
        // SAFETY: a page lives as long as its heap.
        let page = unsafe { &*self.current[class].get() };
        let block = page.free.get();
        if !block.is_null() {
            // SAFETY: a free block holds the link to the next.
            page.free.set(unsafe { (*block).next });
            return block.cast();
        }
        self.alloc_slow(class)
    }

    #[inline(never)]
    fn alloc_larger(&self, size: usize) -> *mut u8 {
        if size <= MEDIUM_MAX && range::is_reserved() {
            return self.alloc_class(if size > SMALL_MAX { medium_class(size) } else { 0 });
        }
        self.live.set(self.live.get() + 1);
        self.alloc_apart(size)
    }

    #[inline(never)]
    fn alloc_slow(&self, class: usize) -> *mut u8 {
        let size = size_of_class(class);
        loop {
            // SAFETY: as in `alloc_class`.
            let page = unsafe { &*self.current[class].get() };
            let block = page.free.get();
            if !block.is_null() {
                // SAFETY: as in `alloc_class`.
                page.free.set(unsafe { (*block).next });
                return block.cast();
            }
            let bump = page.bump.get();
            if bump + size <= page.end.get() {
                page.bump.set(bump + size);
                return bump as *mut u8;
            }
            let roomy = self.roomy[class].get();
            let next = if roomy.is_null() { self.new_page(class) } else { roomy };
            if next.is_null() {
                return self.alloc_apart(size);
            }
            // SAFETY: a page of ours.
            unsafe {
                if !roomy.is_null() {
                    self.roomy[class].set((*roomy).next.get());
                }
                (*next).listed.set(true);
            }
            if !ptr::eq(page, &FULL.0) {
                // Until a block of it comes back.
                page.listed.set(false);
            }
            self.current[class].set(next);
        }
    }

    /// A page of that class, NULL where there are no more.
    fn new_page(&self, class: usize) -> *mut Page {
        let (page, length) =
            if class < SMALL_CLASSES { (self.small_page(), PAGE) } else { (self.medium_page(), MEDIUM_PAGE) };
        if !page.is_null() {
            let null = || Cell::new(ptr::null_mut());
            // SAFETY: an empty page of ours.
            unsafe {
                page.write(Page {
                    free: Cell::new(ptr::null_mut()),
                    bump: Cell::new(page as usize + HEADER),
                    end: Cell::new(page as usize + length),
                    class: Cell::new(class as u32),
                    listed: Cell::new(false),
                    retired: Cell::new(false),
                    next: null(),
                });
            }
        }
        page
    }

    fn small_page(&self) -> *mut Page {
        if self.empty_pages.get().is_null() {
            let Some(segment) = range::take(Kind::Small) else { return ptr::null_mut() };
            self.segments.borrow_mut().push(segment);
            for page in pages_of(segment).rev() {
                // SAFETY: within the segment, which is ours and writable.
                unsafe { (*page).next.set(self.empty_pages.get()) };
                self.empty_pages.set(page);
            }
        }
        let page = self.empty_pages.get();
        // SAFETY: an empty page of ours.
        self.empty_pages.set(unsafe { (*page).next.get() });
        page
    }

    fn medium_page(&self) -> *mut Page {
        let Some(page) = range::take(Kind::Medium) else { return ptr::null_mut() };
        self.medium_pages.borrow_mut().push(page);
        page as *mut Page
    }

    /// A block outside the pages, already counted.
    #[cold]
    #[inline(never)]
    fn alloc_apart(&self, size: usize) -> *mut u8 {
        // No block is larger than a Py_ssize_t can say; tools that watch malloc take such a size for an error.
        let p = match size <= isize::MAX as usize {
            false => ptr::null_mut(),
            true if range::is_reserved() => self.large.alloc(size),
            // SAFETY: plain malloc.
            true => unsafe { libc::malloc(size.max(1)) }.cast(),
        };
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
        if range::is_small(block) {
            // SAFETY: a block of that page.
            return unsafe { self.free_in((block as usize & !(PAGE - 1)) as *mut Page, block) };
        }
        // SAFETY: the caller's promise.
        unsafe { self.free_larger(block) }
    }

    /// # Safety
    /// `block` is a used block of `page`, which is one of ours.
    #[inline(always)]
    unsafe fn free_in(&self, page: *mut Page, block: *mut u8) {
        self.live.set(self.live.get() - 1);
        // SAFETY: the caller's promise.
        unsafe {
            if !(*page).listed.get() && !self.list(&*page) {
                return;
            }
            let block = block.cast::<Block>();
            (*block).next = (*page).free.get();
            (*page).free.set(block);
        }
    }

    /// A page that was full is about to have room; `false` for a retired one, which stays as it is.
    #[inline(never)]
    fn list(&self, page: &Page) -> bool {
        if page.retired.get() {
            return false;
        }
        let roomy = &self.roomy[page.class.get() as usize];
        page.listed.set(true);
        page.next.set(roomy.replace(ptr::from_ref(page).cast_mut()));
        true
    }

    /// # Safety
    /// As for [`Heap::free`]; the block lies in no small page.
    #[inline(never)]
    unsafe fn free_larger(&self, block: *mut u8) {
        // SAFETY: the caller's promise; where it lies tells where it came from.
        unsafe {
            if range::is_medium(block) {
                return self.free_in((block as usize & !(MEDIUM_PAGE - 1)) as *mut Page, block);
            }
            self.live.set(self.live.get() - 1);
            match () {
                () if self.ending.get() => self.put_off(block),
                () if range::is_reserved() => self.large.free(block),
                () => libc::free(block.cast()),
            }
        }
    }

    /// What is in the ring goes with it; the rest has to be remembered.
    #[cold]
    fn put_off(&self, block: *mut u8) {
        if !range::is_reserved() {
            self.put_off.borrow_mut().push(block);
        }
    }

    /// Bytes of a block, as it was handed out or a little more.
    ///
    /// # Safety
    /// As for [`Heap::free`], and the block is not from plain malloc.
    unsafe fn size_of(block: *mut u8) -> usize {
        let mask = match () {
            () if range::is_small(block) => PAGE - 1,
            () if range::is_medium(block) => MEDIUM_PAGE - 1,
            // SAFETY: the caller's promise.
            () => return unsafe { Ring::size_of(block) },
        };
        // SAFETY: a page of ours.
        size_of_class(unsafe { (*((block as usize & !mask) as *const Page)).class.get() } as usize)
    }

    /// Moves a block to a new size, its content kept; NULL when there is no memory, the block then unchanged.
    ///
    /// # Safety
    /// As for [`Heap::free`].
    pub unsafe fn realloc(&self, block: *mut u8, size: usize) -> *mut u8 {
        // While the heap is ending, whoever still has the old address finds the old content there.
        if !range::is_reserved() && !self.ending.get() {
            // SAFETY: it came from malloc.
            return unsafe { libc::realloc(block.cast(), size.max(1)) }.cast();
        }
        // SAFETY: malloc knows its own blocks' sizes; the others are in pages or in the ring.
        let old =
            unsafe { if range::is_reserved() { Heap::size_of(block) } else { libc::malloc_usable_size(block.cast()) } };
        if size <= old && size * 4 > old * 3 {
            return block;
        }
        let apart = !range::is_small(block) && !range::is_medium(block) && range::is_reserved();
        if apart && size > MEDIUM_MAX && !self.ending.get() {
            // SAFETY: the caller's promise.
            return unsafe { self.large.realloc(block, size) };
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

    /// Closes every page that a block was handed out from: what is made from here on lies in others.
    pub fn retire(&self) {
        let set = |page: *mut Page, retired: bool| {
            // SAFETY: a page of ours, whose head may be written.
            unsafe {
                (*page).retired.set(retired);
                (*page).listed.set(false);
            }
        };
        self.segments.borrow().iter().flat_map(|&s| pages_of(s)).for_each(|page| set(page, true));
        self.medium_pages.borrow().iter().for_each(|&page| set(page as *mut Page, true));
        let mut empty = self.empty_pages.get();
        while !empty.is_null() {
            set(empty, false);
            // SAFETY: an empty page of ours.
            empty = unsafe { (*empty).next.get() };
        }
        self.current.iter().for_each(|page| page.set(&raw const FULL.0));
        self.roomy.iter().for_each(|page| page.set(ptr::null_mut()));
    }

    /// The interpreter ends: from here on blocks that were in use keep their content until the heap itself goes,
    /// so that whoever gives an object up twice finds what is left of it.
    pub fn begin_end(&self) {
        self.retire();
        self.ending.set(true);
    }

    /// Whether the heap, when it goes, takes along every block that was not given back. Otherwise each is malloc's.
    pub fn owns_blocks(&self) -> bool {
        range::is_reserved()
    }
}

fn pages_of(segment: usize) -> impl DoubleEndedIterator<Item = *mut Page> {
    (0..SEGMENT / PAGE).map(move |i| (segment + i * PAGE) as *mut Page)
}

impl Drop for Heap {
    fn drop(&mut self) {
        range::give_back(Kind::Small, self.segments.get_mut());
        range::give_back(Kind::Medium, self.medium_pages.get_mut());
        for block in self.put_off.take() {
            // SAFETY: malloc's, and nobody uses it any more.
            unsafe { libc::free(block.cast()) };
        }
    }
}

/// `PyMem_Raw*`: malloc, callable without a GIL.
pub fn raw_alloc(size: usize) -> Option<NonNull<u8>> {
    // SAFETY: plain malloc.
    NonNull::new(unsafe { libc::malloc(size.max(1)) }.cast())
}
