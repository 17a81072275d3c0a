//! The addresses that heaps take their pages from.
//!
//! One mapping, reserved once and backed by memory only where it is touched. Its lower half holds segments of small
//! pages, its upper half medium pages; so a block's address tells what it is, and where its page begins.

use core::ptr;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// What is taken at once for small pages, and for a medium page.
pub(super) const SEGMENT: usize = 64 << 10;
pub(super) const MEDIUM_PAGE: usize = 256 << 10;
/// Each half.
const HALF: usize = 256 << 30;

/// One half: where it goes on, where it ends, and what was given back.
struct Half {
    next: usize,
    end: usize,
    unit: usize,
    free: Vec<usize>,
}

impl Half {
    fn take(&mut self) -> Option<usize> {
        if let Some(segment) = self.free.pop() {
            return Some(segment);
        }
        let segment = self.next;
        (segment + self.unit <= self.end).then(|| {
            self.next += self.unit;
            segment
        })
    }
}

/// Which half a segment belongs to.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Small,
    Medium,
}

struct Range {
    small: Mutex<Half>,
    medium: Mutex<Half>,
}

static RANGE: OnceLock<Option<Range>> = OnceLock::new();
/// The first address; where nothing is reserved, one that no block lies behind.
static BASE: AtomicUsize = AtomicUsize::new(NO_RANGE);
const NO_RANGE: usize = usize::MAX - 2 * HALF;

fn range() -> Option<&'static Range> {
    RANGE.get_or_init(reserve).as_ref()
}

fn reserve() -> Option<Range> {
    if std::env::var_os("PYTHONMALLOC").is_some_and(|v| v == "malloc" || v == "malloc_debug") {
        return None;
    }
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    // SAFETY: a fresh anonymous mapping.
    let p = unsafe { libc::mmap(ptr::null_mut(), 2 * HALF, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0) };
    if p == libc::MAP_FAILED {
        return None;
    }
    let base = (p as usize).next_multiple_of(MEDIUM_PAGE);
    BASE.store(base, Relaxed);
    let half =
        |start: usize, unit| Mutex::new(Half { next: start, end: start + HALF - MEDIUM_PAGE, unit, free: Vec::new() });
    Some(Range { small: half(base, SEGMENT), medium: half(base + HALF, MEDIUM_PAGE) })
}

fn lock(kind: Kind) -> Option<MutexGuard<'static, Half>> {
    let range = range()?;
    let half = match kind {
        Kind::Small => &range.small,
        Kind::Medium => &range.medium,
    };
    Some(half.lock().unwrap_or_else(PoisonError::into_inner))
}

/// A segment that is the caller's from here on; nothing where no addresses are left or none were reserved.
pub(super) fn take(kind: Kind) -> Option<usize> {
    lock(kind)?.take()
}

/// Gives segments back: their pages to the kernel, their addresses to the next who asks. Nothing in them is used any
/// more.
pub(super) fn give_back(kind: Kind, segments: &mut Vec<usize>) {
    if segments.is_empty() {
        return;
    }
    let Some(mut half) = lock(kind) else { return };
    for &segment in segments.iter() {
        // SAFETY: taken from the mapping, and nobody uses it any more.
        unsafe { libc::madvise(segment as *mut libc::c_void, half.unit, libc::MADV_DONTNEED) };
    }
    half.free.append(segments);
}

/// Whether blocks come from here at all, rather than each from malloc.
pub(super) fn is_reserved() -> bool {
    range().is_some()
}

#[inline(always)]
pub(super) fn is_small(block: *mut u8) -> bool {
    (block as usize).wrapping_sub(BASE.load(Relaxed)) < HALF
}

#[inline(always)]
pub(super) fn is_medium(block: *mut u8) -> bool {
    (block as usize).wrapping_sub(BASE.load(Relaxed).wrapping_add(HALF)) < HALF
}
