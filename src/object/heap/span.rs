//! Blocks that are too large for a page: a span of the range each.
//!
//! A header of [`HEADER`] bytes comes first, written only when the block is made, moved or given up, so that no
//! neighbour's life touches its pages. A span given up is kept for the next block of its length, as long as all that
//! are kept are no more than twice the largest block that was given up lately: what malloc does by its thresholds.

use core::ops::Range;
use core::ptr;
use std::collections::VecDeque;

use super::range::{self, UNIT};
use super::{HEADER, Heap};

/// What stands before a block.
#[repr(C)]
struct Head {
    units: usize,
    /// Its place in the list of spans.
    place: usize,
    /// Whose it is.
    heap: *const Heap,
}

const _: () = assert!(size_of::<Head>() <= HEADER);

/// A heap's spans.
#[derive(Default)]
pub struct Spans {
    /// Those in use; 0 for a place that is free.
    used: Vec<usize>,
    free_places: Vec<usize>,
    /// Address and units of those that are kept, the oldest first.
    kept: VecDeque<(usize, usize)>,
    kept_units: usize,
    keep_limit: usize,
}

/// Never keep more than this.
const MAX_KEPT: usize = (64 << 20) / UNIT;
/// From this size on, moving a block moves its pages instead of copying what is in them.
const MOVE_PAGES_FROM: usize = 256 << 10;

/// How many units a block of `size` bytes takes; none if no span is that long.
fn units_for(size: usize) -> Option<usize> {
    Some(range::span_units(size.checked_add(HEADER)?.div_ceil(UNIT)))
}

fn head_of(block: *mut u8) -> *mut Head {
    block.wrapping_sub(HEADER).cast()
}

/// How large a block may become where it is.
///
/// # Safety
/// A block of a span.
pub unsafe fn capacity(block: *mut u8) -> usize {
    // SAFETY: the caller's promise.
    unsafe { (*head_of(block)).units * UNIT - HEADER }
}

/// The heap of the span in whose first unit an address lies.
///
/// # Safety
/// A block of a span begins in that unit, and lives.
pub unsafe fn heap_of<'a>(address: *mut u8) -> Option<&'a Heap> {
    let head = address.map_addr(|a| a & !(UNIT - 1)).cast::<Head>();
    // SAFETY: the caller's promise; a span's head names its heap.
    unsafe { (*head).heap.as_ref() }
}

impl Spans {
    /// The blocks that are in use.
    pub fn blocks(&self) -> impl Iterator<Item = *mut u8> {
        let block = |&address: &usize| ptr::with_exposed_provenance_mut::<u8>(address).wrapping_add(HEADER);
        self.used.iter().filter(|&&a| a != 0).map(block)
    }

    /// Where the spans that are in use lie.
    pub fn in_use(&self) -> impl Iterator<Item = Range<usize>> {
        // SAFETY: in use, so it has its head.
        let units = |address: usize| unsafe { (*ptr::with_exposed_provenance::<Head>(address)).units };
        self.used.iter().filter(|&&a| a != 0).map(move |&address| address..address + units(address) * UNIT)
    }

    /// A block for `heap`, whose spans these are; NULL where the range has no room.
    pub fn alloc(&mut self, heap: &Heap, size: usize) -> *mut u8 {
        let Some(units) = units_for(size) else { return ptr::null_mut() };
        // Giving it up must find room for its place.
        let listed = self.used.len() + 1;
        let has_room = self.used.try_reserve(1).is_ok() && self.free_places.try_reserve(listed).is_ok();
        let Some(address) = has_room.then(|| self.take(units)).flatten() else { return ptr::null_mut() };
        let place = match self.free_places.pop() {
            Some(place) => place,
            None => {
                self.used.push(0);
                self.used.len() - 1
            }
        };
        self.used[place] = address;
        write_head(address, Head { units, place, heap })
    }

    fn take(&mut self, units: usize) -> Option<usize> {
        // The newest is the likeliest to be in the processor's caches.
        if let Some(i) = self.kept.iter().rposition(|&(_, u)| u == units) {
            self.kept_units -= units;
            return self.kept.remove(i).map(|(address, _)| address);
        }
        range::take_span(units)
    }

    /// # Safety
    /// A block of these spans that is not used any more.
    pub unsafe fn free(&mut self, block: *mut u8) {
        // SAFETY: the caller's promise.
        let Head { units, place, .. } = unsafe { head_of(block).read() };
        let address = core::mem::take(&mut self.used[place]);
        self.free_places.push(place);
        self.keep_limit = self.keep_limit.max((2 * units).min(MAX_KEPT));
        if self.kept.try_reserve(1).is_err() {
            return range::give_back_span(address, units);
        }
        self.kept.push_back((address, units));
        self.kept_units += units;
        while self.kept_units > self.keep_limit {
            let Some((address, units)) = self.kept.pop_front() else { break };
            self.kept_units -= units;
            range::give_back_span(address, units);
        }
    }

    /// Moves the pages of a block to a longer span; NULL where that is not worth it or cannot be done.
    ///
    /// # Safety
    /// A block of these spans; at another address afterwards, unless NULL is returned.
    pub unsafe fn grow(&mut self, block: *mut u8, size: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        let Head { units, place, heap } = unsafe { head_of(block).read() };
        if units * UNIT < MOVE_PAGES_FROM {
            return ptr::null_mut();
        }
        let Some(longer) = units_for(size) else { return ptr::null_mut() };
        // What is kept has memory already, and takes a copy sooner than fresh pages.
        if self.kept.iter().any(|&(_, u)| u == longer) {
            return ptr::null_mut();
        }
        let Some(address) = range::take_span(longer) else { return ptr::null_mut() };
        let old = self.used[place];
        if !move_pages(old, address, units * UNIT) {
            range::give_back_span(address, longer);
            return ptr::null_mut();
        }
        range::give_back_span(old, units);
        self.used[place] = address;
        write_head(address, Head { units: longer, place, heap })
    }
}

fn write_head(address: usize, head: Head) -> *mut u8 {
    let span: *mut u8 = ptr::with_exposed_provenance_mut(address);
    // SAFETY: a span of ours, of at least a unit.
    unsafe {
        span.cast::<Head>().write(head);
        span.add(HEADER)
    }
}

/// Moves what lies behind `from` behind `to`; `from` is empty then, but still ours.
fn move_pages(from: usize, to: usize, length: usize) -> bool {
    let flags = libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED | libc::MREMAP_DONTUNMAP;
    let (from, to) = (ptr::with_exposed_provenance_mut(from), ptr::with_exposed_provenance_mut::<libc::c_void>(to));
    // SAFETY: both lie in the range, are ours, and are that long; nobody uses `to` yet.
    unsafe { libc::mremap(from, length, length, flags, to) == to }
}

impl Drop for Spans {
    fn drop(&mut self) {
        for &address in self.used.iter().filter(|&&a| a != 0) {
            // SAFETY: in use, so it has its head.
            let units = unsafe { (*ptr::with_exposed_provenance::<Head>(address)).units };
            range::give_back_span(address, units);
        }
        for &(address, units) in &self.kept {
            range::give_back_span(address, units);
        }
    }
}
