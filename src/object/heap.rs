//! An interpreter's memory.
//!
//! Blocks of up to 512 bytes come from 16 KB pages of one size class each (steps of 16 bytes): a free list,
//! then a bump pointer, a dozen instructions and no atomics, since a heap is used only under its
//! interpreter's GIL. A heap's first blocks of each class come from pages of 1 KB that lie side by side, since most
//! interpreters need but a few of each. Blocks of up to 16 KB come in the same way from 128 KB pages, in four size
//! classes for each doubling; larger ones are a span of their own ([`span`]). All lie in one address range that the
//! process reserves once ([`range`]), in an area for each kind, so that a block's address says which it is. Ending an
//! interpreter gives its pages and spans back, whatever was left in them.
//!
//! With `PYTHONMALLOC=malloc`, or where no range can be reserved, every block comes from malloc, so that
//! valgrind and its like see each of them, and each that is forgotten.

pub mod book;
mod pages;
pub mod range;
mod refusal;
mod span;

use core::cell::{Cell, RefCell};
use core::ptr::{self, NonNull};

use book::{Entry, Kind};
use range::{MIDDLE_END, MIDDLE_PAGE, SEGMENT, SMALL_END, START, START_END, START_PAGE, step, step_of};
use span::Spans;

const PAGE: usize = 16 << 10;
const STEP: usize = 16;
/// The largest block of a small class.
pub const SMALL_MAX: usize = 512;
const SMALL_CLASSES: usize = SMALL_MAX / STEP;
/// The largest block of a middle class, and what those are counted in.
const MIDDLE_MAX: usize = 16 << 10;
const MIDDLE_UNIT: usize = 128;
/// The first step of [`MIDDLE_UNIT`]s that is larger than a small block.
const FIRST_STEP: usize = step_of(SMALL_MAX / MIDDLE_UNIT) + 1;
const CLASSES: usize = SMALL_CLASSES + step_of(MIDDLE_MAX / MIDDLE_UNIT) + 1 - FIRST_STEP;
const HEADER: usize = 64;

/// The bytes of a class's blocks.
const fn class_size(class: usize) -> usize {
    if class < SMALL_CLASSES { (class + 1) * STEP } else { step(class - SMALL_CLASSES + FIRST_STEP) * MIDDLE_UNIT }
}

/// The class of a block of `size` bytes, more than [`SMALL_MAX`] and at most [`MIDDLE_MAX`].
const fn middle_class(size: usize) -> usize {
    step_of(size.div_ceil(MIDDLE_UNIT)) - FIRST_STEP + SMALL_CLASSES
}

const _: () = assert!(middle_class(SMALL_MAX + 1) == SMALL_CLASSES && class_size(SMALL_CLASSES) > SMALL_MAX);
const _: () = assert!(middle_class(MIDDLE_MAX) == CLASSES - 1 && class_size(CLASSES - 1) == MIDDLE_MAX);

/// The head of a page; blocks follow at `HEADER`.
#[repr(C)]
struct Page {
    free: Cell<*mut Block>,
    /// The next never-used block, and the end of the page's blocks.
    bump: Cell<usize>,
    end: Cell<usize>,
    used: Cell<u32>,
    class: Cell<u32>,
    /// In the heap's list of pages of this class that have room, or current.
    listed: Cell<bool>,
    /// Closed: never listed again.
    retired: Cell<bool>,
    next: Cell<*mut Page>,
    heap: Cell<*const Heap>,
}

struct Block {
    next: *mut Block,
}

const _: () = assert!(size_of::<Page>() <= HEADER);

impl Page {
    /// One of a heap's first pages, which are too short to be had for another class.
    fn is_of_start(&self) -> bool {
        self.end.get() - ptr::from_ref(self).addr() == START_PAGE
    }

    /// Without a block in use, and to be had for another class.
    fn is_emptied(&self) -> bool {
        self.used.get() == 0 && !self.is_of_start()
    }
}

/// Pages that have not been used yet: nothing is written to them before, so they cost no memory.
#[derive(Clone, Copy)]
struct Fresh {
    next: usize,
    end: usize,
}

impl Fresh {
    const NONE: Fresh = Fresh { next: 0, end: 0 };

    fn take(this: &Cell<Fresh>, length: usize, more: impl FnOnce() -> Option<usize>, whole: usize) -> Option<usize> {
        let mut fresh = this.get();
        if fresh.next == fresh.end {
            let address = more()?;
            fresh = Fresh { next: address, end: address + whole };
        }
        this.set(Fresh { next: fresh.next + length, ..fresh });
        Some(fresh.next)
    }
}

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
    retired: Cell::new(false),
    next: Cell::new(ptr::null_mut()),
    heap: Cell::new(ptr::null()),
});

pub struct Heap {
    current: [Cell<*const Page>; CLASSES],
    /// Pages with room, by class, besides the current one.
    roomy: [Cell<*mut Page>; CLASSES],
    /// What has not been used yet of the last segment, and of the start.
    fresh: Cell<Fresh>,
    start_fresh: Cell<Fresh>,
    /// A bit for each class that has had its page of the start.
    started: Cell<u32>,
    starts: RefCell<Vec<usize>>,
    segments: RefCell<Vec<usize>>,
    middle_pages: RefCell<Vec<usize>>,
    /// Set aside, and not used yet.
    spare_middle_pages: RefCell<Vec<usize>>,
    spans: RefCell<Spans>,
    /// Pages without a block in use among those with room: to be had for another class.
    emptied: Cell<usize>,
    /// Blocks from malloc that are given back with the heap, once it is ending.
    put_off: RefCell<Vec<*mut u8>>,
    ending: Cell<bool>,
    refusal: refusal::Refusal,
    /// Whether who took which block is written in the [`book`].
    keeps_book: Cell<bool>,
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
            fresh: Cell::new(Fresh::NONE),
            start_fresh: Cell::new(Fresh::NONE),
            started: Cell::new(0),
            starts: RefCell::default(),
            segments: RefCell::default(),
            middle_pages: RefCell::default(),
            spare_middle_pages: RefCell::default(),
            spans: RefCell::default(),
            emptied: Cell::new(0),
            put_off: RefCell::default(),
            ending: Cell::new(false),
            refusal: refusal::Refusal::default(),
            keeps_book: Cell::new(false),
            live: Cell::new(0),
        }
    }

    /// An interpreter's, which keeps the [`book`] if that is asked for.
    pub fn of_interpreter() -> Heap {
        let heap = Heap::new();
        heap.keeps_book.set(book::is_asked());
        heap
    }

    /// The heap of a block; malloc's do not say.
    ///
    /// # Safety
    /// A block in use begins there, or some bytes before; or no block of a heap does.
    pub unsafe fn of<'a>(address: *mut u8) -> Option<&'a Heap> {
        let offset = range::offset(address);
        if !range::contains(offset) {
            return None;
        }
        if offset >= MIDDLE_END {
            // SAFETY: the caller's promise; a block begins in the first unit of its span.
            return unsafe { span::heap_of(address) };
        }
        let length = page_length(offset);
        // SAFETY: the caller's promise; the head of a page that has a block names its heap.
        unsafe { (*page_of(address, length)).heap.get().as_ref() }
    }

    /// Takes addresses now, for a heap that has none yet, so that this much of it cannot be refused later; `false` where
    /// there are none to be had.
    pub fn set_aside(&self, segments: usize, middle_pages: usize) -> bool {
        let Some(first) = range::take_segments(segments) else { return false };
        self.segments.borrow_mut().extend((0..segments).map(|i| first + i * SEGMENT));
        self.fresh.set(Fresh { next: first, end: first + segments * SEGMENT });
        let mut spare = self.spare_middle_pages.borrow_mut();
        spare.extend((0..middle_pages).map_while(|_| range::take_middle_page()));
        spare.len() == middle_pages
    }

    /// Whether nothing beyond what was set aside was needed.
    pub fn is_within(&self, segments: usize, middle_pages: usize) -> bool {
        let middle = self.middle_pages.borrow().len() + self.spare_middle_pages.borrow().len();
        self.segments.borrow().len() == segments
            && middle == middle_pages
            && self.spans.borrow().in_use().next().is_none()
    }

    /// Blocks handed out and not yet taken back.
    pub fn live_blocks(&self) -> isize {
        self.live.get()
    }

    /// At least `size` bytes, aligned to 16; NULL when there is no memory. `alloc(0)` gives a block as well.
    #[inline]
    pub fn alloc(&self, size: usize) -> *mut u8 {
        self.alloc_as(Kind::Part, size)
    }

    /// The same for what `kind` says.
    #[inline(always)]
    pub fn alloc_as(&self, kind: Kind, size: usize) -> *mut u8 {
        self.live.set(self.live.get() + 1);
        let class = size.wrapping_sub(1) / STEP;
        if class < SMALL_CLASSES { self.alloc_class(kind, class) } else { self.alloc_larger(kind, size) }
    }

    #[inline(always)]
    fn alloc_class(&self, kind: Kind, class: usize) -> *mut u8 {
        // SAFETY: a page lives as long as its heap.
        let page = unsafe { &*self.current[class].get() };
        let block = page.free.get();
        if block.is_null() {
            return self.alloc_slow(kind, class);
        }
        // SAFETY: a free block holds the link to the next.
        page.free.set(unsafe { (*block).next });
        page.used.set(page.used.get() + 1);
        block.cast()
    }

    #[inline(never)]
    fn alloc_larger(&self, kind: Kind, size: usize) -> *mut u8 {
        match size {
            // C's answer to 0 bytes is a block as well.
            0 => self.alloc_class(kind, 0),
            _ if size <= MIDDLE_MAX => self.alloc_class(kind, middle_class(size)),
            _ => self.alloc_watched(kind, size),
        }
    }

    /// A large block, refused or entered in the book as a small one is by the slow path. Out of line: what is in the way
    /// needs no frame.
    #[inline(never)]
    fn alloc_watched(&self, kind: Kind, size: usize) -> *mut u8 {
        if self.refusal.refuses() {
            self.live.set(self.live.get() - 1);
            return ptr::null_mut();
        }
        let block = self.alloc_large(size);
        self.enter(block, kind);
        block
    }

    #[inline(never)]
    fn alloc_slow(&self, kind: Kind, class: usize) -> *mut u8 {
        if !self.refusal.watches() && !self.keeps_book.get() {
            return self.alloc_anew(class);
        }
        if self.refusal.refuses() {
            self.live.set(self.live.get() - 1);
            return ptr::null_mut();
        }
        let block = self.alloc_anew(class);
        self.put_aside(class);
        self.enter(block, kind);
        block
    }

    #[inline]
    fn enter(&self, block: *mut u8, kind: Kind) {
        if self.keeps_book.get() {
            book::enter(block, kind);
        }
    }

    /// The block of `PyObject_Malloc`'s that begins there becomes an object's. Nothing happens if none does.
    #[cold]
    pub fn becomes_object(&self, block: *mut u8) {
        if let Some(entry) = book::look_up(block).filter(|entry| entry.kind == Kind::Raw) {
            book::write(block, Entry { kind: Kind::Object, ..entry });
        }
    }

    /// Takes the class's current page out of the fast path.
    fn put_aside(&self, class: usize) {
        let page = self.current[class].replace(&raw const FULL.0);
        if !ptr::eq(page, &FULL.0) {
            // SAFETY: a page of ours.
            let is_emptied = unsafe {
                (*page).next.set(self.roomy[class].replace(page.cast_mut()));
                (*page).is_emptied()
            };
            self.emptied.set(self.emptied.get() + usize::from(is_emptied));
        }
    }

    /// The `nth` allocation from now on fails, none for 0; how many were asked for since the last call.
    pub fn fail_allocation(&self, nth: isize) -> isize {
        (0..CLASSES).for_each(|class| self.put_aside(class));
        self.refusal.begin(nth)
    }

    /// Runs `f`, which allocates in `self` for the sake of `other`'s interpreter: what [`Heap::fail_allocation`] was
    /// asked of that one holds here.
    pub fn on_behalf_of<R>(&self, other: &Heap, f: impl FnOnce() -> R) -> R {
        if ptr::eq(self, other) {
            return f();
        }
        other.refusal.lend(&self.refusal);
        let result = f();
        other.refusal.take_back(&self.refusal);
        result
    }

    fn alloc_anew(&self, class: usize) -> *mut u8 {
        let size = class_size(class);
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
            let next = self.next_page(class);
            if next.is_null() {
                return self.alloc_large(size);
            }
            // SAFETY: a page of ours.
            unsafe { (*next).listed.set(true) };
            page_unlist(page);
            self.current[class].set(next);
        }
    }

    /// A page with room for a block of the class, out of the lists; NULL when there is no memory.
    fn next_page(&self, class: usize) -> *mut Page {
        let roomy = self.roomy[class].get();
        if roomy.is_null() {
            return self.new_page(class);
        }
        // SAFETY: a page of ours.
        unsafe {
            self.roomy[class].set((*roomy).next.get());
            if (*roomy).is_emptied() {
                self.emptied.set(self.emptied.get() - 1);
            }
        }
        roomy
    }

    fn new_page(&self, class: usize) -> *mut Page {
        let small = class < SMALL_CLASSES;
        let mut page = self.start_page(class);
        let mut length = START_PAGE;
        if page.is_null() {
            page = self.take_emptied(small);
            length = if small { PAGE } else { MIDDLE_PAGE };
        }
        if page.is_null() {
            page = if small { self.fresh_page() } else { self.fresh_middle_page() };
        }
        if page.is_null() {
            return page;
        }
        // SAFETY: an empty page of ours.
        unsafe {
            (*page).free.set(ptr::null_mut());
            (*page).bump.set(page as usize + HEADER);
            (*page).end.set(page as usize + length);
            (*page).listed.set(false);
            (*page).used.set(0);
            (*page).class.set(class as u32);
            (*page).retired.set(false);
            (*page).heap.set(self);
        }
        page
    }

    /// A page that another class left empty, out of its list.
    fn take_emptied(&self, small: bool) -> *mut Page {
        if self.emptied.get() == 0 {
            return ptr::null_mut();
        }
        for class in if small { 0..SMALL_CLASSES } else { SMALL_CLASSES..CLASSES } {
            let mut link = &self.roomy[class];
            // SAFETY: pages of ours.
            while let Some(page) = unsafe { link.get().as_ref() } {
                if page.is_emptied() {
                    self.emptied.set(self.emptied.get() - 1);
                    return link.replace(page.next.get());
                }
                link = &page.next;
            }
        }
        ptr::null_mut()
    }

    fn fresh_middle_page(&self) -> *mut Page {
        let more = || self.spare_middle_pages.borrow_mut().pop().or_else(range::take_middle_page);
        let page = take_into(&self.middle_pages, more);
        page.map_or(ptr::null_mut(), ptr::with_exposed_provenance_mut)
    }

    /// The class's page of the start; NULL where it has had it, or would find no room for five blocks in it.
    fn start_page(&self, class: usize) -> *mut Page {
        let started = self.started.get();
        if class_size(class) * 5 > START_PAGE - HEADER || started & 1 << class != 0 {
            return ptr::null_mut();
        }
        self.started.set(started | 1 << class);
        let more = || take_into(&self.starts, range::take_start);
        Fresh::take(&self.start_fresh, START_PAGE, more, START)
            .map_or(ptr::null_mut(), ptr::with_exposed_provenance_mut)
    }

    fn fresh_page(&self) -> *mut Page {
        let more = || take_into(&self.segments, range::take_segment);
        Fresh::take(&self.fresh, PAGE, more, SEGMENT).map_or(ptr::null_mut(), ptr::with_exposed_provenance_mut)
    }

    /// A block apart from the pages, already counted.
    #[cold]
    #[inline(never)]
    fn alloc_large(&self, size: usize) -> *mut u8 {
        // No block is larger than a Py_ssize_t can say; tools that watch malloc take such a size for an error.
        let sayable = size <= isize::MAX as usize;
        let mut p = if sayable { self.spans.borrow_mut().alloc(self, size) } else { ptr::null_mut() };
        if p.is_null() && sayable {
            // SAFETY: plain malloc.
            p = unsafe { libc::malloc(size.max(1)) }.cast();
        }
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
        let offset = range::offset(block);
        let page = if offset < SMALL_END {
            page_of(block, PAGE)
        } else if offset < MIDDLE_END {
            page_of(block, page_length(offset))
        } else {
            // SAFETY: the caller's promise.
            return unsafe { self.free_large(block, offset) };
        };
        let block = block.cast::<Block>();
        // SAFETY: a block of that page.
        unsafe {
            if !(*page).listed.get() && !self.list(&*page) {
                return self.cross_out(block.cast());
            }
            (*block).next = (*page).free.get();
            (*page).free.set(block);
            let used = (*page).used.get() - 1;
            (*page).used.set(used);
            if used == 0 && !ptr::eq(self.current[(*page).class.get() as usize].get(), page) && (*page).is_emptied() {
                self.emptied.set(self.emptied.get() + 1);
            }
        }
    }

    #[cold]
    #[inline(never)]
    unsafe fn free_large(&self, block: *mut u8, offset: usize) {
        let in_range = range::contains(offset);
        // SAFETY: the caller's promise; what is not in the range came from malloc.
        unsafe {
            match (self.ending.get(), in_range) {
                // Spans go with the heap; the others have to be remembered.
                (true, true) => self.cross_out(block),
                (true, false) => self.put_off.borrow_mut().push(block),
                (false, true) => self.spans.borrow_mut().free(block),
                (false, false) => libc::free(block.cast()),
            }
        }
    }

    fn enter_moved(&self, entry: Option<Entry>, block: *mut u8) {
        if let Some(entry) = entry {
            book::write(block, entry);
        }
    }

    /// A block that is given up and stays as it lies.
    #[inline]
    fn cross_out(&self, block: *mut u8) {
        if self.keeps_book.get() {
            book::cross_out(block);
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

    /// Moves a block to a new size, its content kept; NULL when there is no memory, the block then unchanged.
    ///
    /// # Safety
    /// As for [`Heap::free`].
    pub unsafe fn realloc(&self, block: *mut u8, size: usize) -> *mut u8 {
        let (offset, ending) = (range::offset(block), self.ending.get());
        let in_range = range::contains(offset);
        if !in_range && !ending {
            if self.refusal.refuses() {
                return ptr::null_mut();
            }
            // SAFETY: it came from malloc.
            return unsafe { libc::realloc(block.cast(), size.max(1)) }.cast();
        }
        let is_span = in_range && offset >= MIDDLE_END;
        // SAFETY: a block of ours, or of malloc's, which knows their sizes.
        let old = unsafe {
            match in_range {
                false => libc::malloc_usable_size(block.cast()),
                true if is_span => span::capacity(block),
                true => class_size((*page_of(block, page_length(offset))).class.get() as usize),
            }
        };
        // Shrinking is worth a move for what is a quarter smaller, and a span only if it is half.
        if size <= old && (size > old / 4 * 3 || is_span && size > old / 2) {
            return block;
        }
        if size > old && self.refusal.refuses() {
            return ptr::null_mut();
        }
        let entry = if self.keeps_book.get() { book::look_up(block) } else { None };
        // While the heap is ending, whoever still has the old address finds the old content there.
        if is_span && !ending && size > old && size <= isize::MAX as usize {
            // SAFETY: as above.
            let moved = unsafe { self.spans.borrow_mut().grow(block, size) };
            if !moved.is_null() {
                self.enter_moved(entry, moved);
                return moved;
            }
        }
        let new = self.alloc(size);
        if !new.is_null() {
            self.enter_moved(entry, new);
            // SAFETY: both are at least that long.
            unsafe {
                ptr::copy_nonoverlapping(block, new, old.min(size));
                self.free(block);
            }
        }
        new
    }
}

/// Takes a piece of the range and lists it; `None` where there is none, or no memory for the list.
fn take_into(list: &RefCell<Vec<usize>>, take: impl FnOnce() -> Option<usize>) -> Option<usize> {
    let mut list = list.borrow_mut();
    list.try_reserve(1).ok()?;
    let piece = take()?;
    list.push(piece);
    Some(piece)
}

#[inline(always)]
fn page_of(block: *mut u8, length: usize) -> *mut Page {
    block.map_addr(|a| a & !(length - 1)).cast()
}

/// The length of the pages in the area that an offset lies in.
fn page_length(offset: usize) -> usize {
    match offset {
        _ if offset < SMALL_END => PAGE,
        _ if offset < START_END => START_PAGE,
        _ => MIDDLE_PAGE,
    }
}

/// A full page that stops being current leaves the lists until a block of it comes back.
fn page_unlist(page: &Page) {
    if !page.heap.get().is_null() {
        page.listed.set(false);
    }
}

impl Drop for Heap {
    /// Gives the pages back: their memory to the kernel, their addresses to the next heap. The spans do so themselves.
    fn drop(&mut self) {
        range::give_back_starts(self.starts.get_mut());
        range::give_back_segments(self.segments.get_mut());
        range::give_back_middle_pages(self.middle_pages.get_mut());
        range::give_back_middle_pages(self.spare_middle_pages.get_mut());
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

#[cfg(test)]
mod tests;
