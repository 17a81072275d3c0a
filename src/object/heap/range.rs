//! The process's address range, which all heaps share, and what of it is free.
//!
//! Reserved once, without memory behind it, and laid out in areas, so that a block's address says how it was made:
//! segments of pages with small blocks, a heap's very first pages, pages with blocks of middle size, and spans that are
//! one block each. Only whole segments, pages and spans change hands here, under a lock.

use core::ptr;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::OnceLock;

use crate::object::alloc::try_push;
use crate::object::lock::Mutex;

/// What small blocks' pages are taken by.
pub const SEGMENT: usize = 64 << 10;
/// A page of blocks of middle size: at least seven of the largest.
pub const MIDDLE_PAGE: usize = 128 << 10;
/// What the lengths of spans are counted in: addresses, not memory, since only what is touched costs any.
pub const UNIT: usize = 64 << 10;

/// What a heap's first pages are taken by, and how long they are.
pub const START: usize = 16 << 10;
pub const START_PAGE: usize = 1 << 10;

const SMALL_AREA: usize = 64 << 30;
const START_AREA: usize = 8 << 30;
const MIDDLE_AREA: usize = 64 << 30;
const SPAN_AREA: usize = 128 << 30;
pub const RANGE: usize = SMALL_AREA + START_AREA + MIDDLE_AREA + SPAN_AREA;

/// Ends of the areas, as offsets from the range's first address.
pub const SMALL_END: usize = SMALL_AREA;
pub const START_END: usize = SMALL_END + START_AREA;
pub const MIDDLE_END: usize = START_END + MIDDLE_AREA;

/// Spans of up to 32 GB; the range has no room for larger ones.
const SPAN_LENGTHS: usize = span_kind((32 << 30) / UNIT) + 1;

/// The range's first address, or [`NO_RANGE`]: no block lies within the range's length of that.
static BASE: AtomicUsize = AtomicUsize::new(NO_RANGE);
const NO_RANGE: usize = usize::MAX - RANGE;

static STATE: OnceLock<Option<Mutex<State>>> = OnceLock::new();

struct State {
    small: Area,
    start: Area,
    middle: Area,
    spans: Area,
}

struct Area {
    /// Given back lately, with memory still behind them.
    warm: Vec<usize>,
    next: usize,
    end: usize,
    /// By length; one entry where all are of one.
    free: Vec<Vec<usize>>,
}

impl Area {
    fn new(base: usize, length: usize, lengths: usize) -> Area {
        Area { warm: Vec::with_capacity(MAX_WARM), next: base, end: base + length, free: vec![Vec::new(); lengths] }
    }

    fn take(&mut self, kind: usize, length: usize) -> Option<usize> {
        if let Some(address) = self.warm.pop().or_else(|| self.free[kind].pop()) {
            return Some(address);
        }
        self.take_fresh(length)
    }

    fn take_fresh(&mut self, length: usize) -> Option<usize> {
        let address = self.next;
        if self.end - address < length {
            return None;
        }
        self.next += length;
        Some(address)
    }
}

/// The number of the shortest step that is at least `n`, where four steps lead to each doubling: 1, 2, 3, 4, 5, 6, 7,
/// 8, 10, 12, 14, 16, 20, … So at most a fifth is wasted.
pub const fn step_of(n: usize) -> usize {
    if n <= 4 {
        return n.saturating_sub(1);
    }
    let shift = (n - 1).ilog2() as usize - 2;
    4 * shift + ((n - 1) >> shift)
}

/// How long the step of that number is.
pub const fn step(number: usize) -> usize {
    if number < 4 {
        return number + 1;
    }
    let shift = number / 4 - 1;
    (number - 4 * shift + 1) << shift
}

/// From this many units on a span is twice as long as the one before: what grows stays where it is the longer, and
/// addresses cost nothing.
const DOUBLING_FROM: usize = 4;

const fn span_kind(units: usize) -> usize {
    if units <= DOUBLING_FROM {
        return step_of(units);
    }
    step_of(DOUBLING_FROM) + units.div_ceil(DOUBLING_FROM).next_power_of_two().ilog2() as usize
}

/// The length of the shortest span that holds so many units.
pub fn span_units(units: usize) -> usize {
    if units <= DOUBLING_FROM { step(step_of(units)) } else { units.next_power_of_two() }
}

fn state() -> Option<&'static Mutex<State>> {
    STATE.get_or_init(reserve).as_ref()
}

fn locked<R>(f: impl FnOnce(&mut State) -> R) -> Option<R> {
    Some(f(&mut state()?.lock()))
}

fn reserve() -> Option<Mutex<State>> {
    if std::env::var_os("PYTHONMALLOC").is_some_and(|v| v == "malloc" || v == "malloc_debug") {
        return None;
    }
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    let length = RANGE + MIDDLE_PAGE;
    // SAFETY: a fresh anonymous mapping.
    let p = unsafe { libc::mmap(ptr::null_mut(), length, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0) };
    if p == libc::MAP_FAILED {
        return None;
    }
    let base = p.addr().next_multiple_of(MIDDLE_PAGE);
    BASE.store(base, Relaxed);
    Some(Mutex::new(State {
        small: Area::new(base, SMALL_AREA, 1),
        start: Area::new(base + SMALL_END, START_AREA, 1),
        middle: Area::new(base + START_END, MIDDLE_AREA, 1),
        spans: Area::new(base + MIDDLE_END, SPAN_AREA, SPAN_LENGTHS),
    }))
}

/// Where in the range a block lies; beyond [`in_range`]'s end for one that does not.
#[inline(always)]
pub fn offset(block: *mut u8) -> usize {
    block.addr().wrapping_sub(BASE.load(Relaxed))
}

/// Whether an offset is that of a block in the range.
#[inline(always)]
pub fn contains(offset: usize) -> bool {
    offset < RANGE
}

/// Whether there is a range; without one every block is malloc's.
pub fn is_reserved() -> bool {
    state().is_some()
}

pub fn take_segment() -> Option<usize> {
    locked(|s| s.small.take(0, SEGMENT))?
}

/// As many, one behind the other, that nobody has had before.
pub fn take_segments(n: usize) -> Option<usize> {
    locked(|s| s.small.take_fresh(n * SEGMENT))?
}

pub fn take_start() -> Option<usize> {
    locked(|s| s.start.take(0, START))?
}

pub fn take_middle_page() -> Option<usize> {
    locked(|s| s.middle.take(0, MIDDLE_PAGE))?
}

/// A span of so many units, as [`span_units`] says; none where there is no range or no room in it.
pub fn take_span(units: usize) -> Option<usize> {
    let kind = span_kind(units);
    if kind >= SPAN_LENGTHS {
        return None;
    }
    locked(|s| s.spans.take(kind, units * UNIT))?
}

/// Gives memory back to the kernel and the addresses to whoever asks next.
fn release(address: usize, length: usize) {
    // SAFETY: in the range, and nothing in it is used any more.
    unsafe { libc::madvise(ptr::with_exposed_provenance_mut(address), length, libc::MADV_DONTNEED) };
}

/// How many segments, and how many middle pages, are kept for who asks next with the memory behind them: an
/// interpreter that ends leaves the next one what it needs, without the kernel having to take it and give it again.
const MAX_WARM: usize = 16;

/// Gives equal pieces back, but for those that are kept warm.
fn give_back(area: impl Fn(&mut State) -> &mut Area, pieces: &[usize], length: usize) {
    if pieces.is_empty() {
        return;
    }
    let kept = locked(|s| {
        let warm = &mut area(s).warm;
        let kept = pieces.len().min(MAX_WARM - warm.len());
        warm.extend_from_slice(&pieces[..kept]);
        kept
    });
    let pieces = &pieces[kept.unwrap_or(0)..];
    pieces.iter().for_each(|&p| release(p, length));
    locked(|s| {
        let free = &mut area(s).free[0];
        // Without memory for the list, only addresses are lost.
        if free.try_reserve(pieces.len()).is_ok() {
            free.extend_from_slice(pieces);
        }
    });
}

pub fn give_back_segments(segments: &[usize]) {
    give_back(|s| &mut s.small, segments, SEGMENT);
}

pub fn give_back_starts(starts: &[usize]) {
    give_back(|s| &mut s.start, starts, START);
}

pub fn give_back_middle_pages(pages: &[usize]) {
    give_back(|s| &mut s.middle, pages, MIDDLE_PAGE);
}

pub fn give_back_span(address: usize, units: usize) {
    release(address, units * UNIT);
    locked(|s| try_push(&mut s.spans.free[span_kind(units)], address));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_the_shortest_that_hold() {
        for n in 1..5000 {
            let number = step_of(n);
            assert!(step(number) >= n, "{n}");
            assert!(number == 0 || step(number - 1) < n, "{n}");
            assert!(step(number) <= n + n.div_ceil(4), "{n}");
        }
    }

    #[test]
    fn each_length_of_span_is_a_kind_of_its_own() {
        let mut last = (0, usize::MAX);
        for n in 1..5000 {
            let units = span_units(n);
            assert!(units >= n && span_kind(units) == span_kind(n), "{n}");
            if units != last.0 {
                assert_eq!(span_kind(units), last.1.wrapping_add(1), "{n}");
            }
            last = (units, span_kind(units));
        }
    }
}
