//! What is sealed: regions of whole pages. Some are sealed once and for all; others grow, and are opened for it.
//!
//! Handlers look here without a lock, at any time. So what is sealed stays where it stands in the table: that is written
//! anew only while nothing is sealed. Otherwise entries are added, and those whose pages were given back are voided.
//! What a handler sees while an entry is written may be wrong, but is asked for again by who may change things
//! ([`super::fault::exclusive`]).

use core::ffi::{c_int, c_void};
use core::ops::Range;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};
use std::io;

/// More than the image, what the built-in types hang on to in a few runs of segments, and what a hundred extensions'
/// static types do. Where it is full, what comes later stays unsealed.
const MAX_REGIONS: usize = 256;

/// Start and end of each; an end of 0 ends the list.
static REGIONS: [(AtomicUsize, AtomicUsize); MAX_REGIONS] =
    [const { (AtomicUsize::new(0), AtomicUsize::new(0)) }; MAX_REGIONS];

/// How many do not grow: the first.
static FIXED: AtomicUsize = AtomicUsize::new(0);

/// Whether those that grow are open.
static ARE_OPEN: AtomicBool = AtomicBool::new(false);

type Slot = (AtomicUsize, AtomicUsize);

fn slots() -> impl Iterator<Item = &'static Slot> {
    REGIONS.iter().take_while(|(_, end)| end.load(Acquire) != 0)
}

fn growing_slots() -> impl Iterator<Item = &'static Slot> {
    slots().skip(FIXED.load(Acquire))
}

fn region(slot: &Slot) -> Range<usize> {
    slot.0.load(Relaxed)..slot.1.load(Acquire)
}

fn set(slot: &Slot, region: &Range<usize>) {
    slot.0.store(region.start, Relaxed);
    slot.1.store(region.end, Release);
}

fn all() -> impl Iterator<Item = Range<usize>> {
    slots().map(region)
}

fn growing() -> impl Iterator<Item = Range<usize>> {
    growing_slots().map(region).filter(|region| !region.is_empty())
}

/// Whether `address` lies in one.
pub fn contain(address: usize) -> bool {
    all().any(|region| region.contains(&address))
}

/// Whether `address` lies in one that is open.
pub fn are_open_at(address: usize) -> bool {
    ARE_OPEN.load(Acquire) && growing().any(|region| region.contains(&address))
}

/// Closes pages of both kinds, where nothing was sealed before; all or none.
pub fn close_all(fixed: Vec<Range<usize>>, growing: Vec<Range<usize>>) -> io::Result<()> {
    let (fixed, growing) = (joined(fixed), joined(growing));
    if fixed.len() + growing.len() >= MAX_REGIONS {
        return Err(io::Error::other("they lie in too many pieces"));
    }
    FIXED.store(fixed.len(), Release);
    let regions: Vec<_> = fixed.into_iter().chain(growing).collect();
    REGIONS.iter().zip(&regions).for_each(|(slot, region)| set(slot, region));
    REGIONS[regions.len()..].iter().for_each(|slot| slot.1.store(0, Release));
    ARE_OPEN.store(false, Release);
    all().try_for_each(|region| close(&region)).inspect_err(|_| open_all())
}

/// Opens all of them.
pub fn open_all() {
    all().for_each(|region| drop(open(&region)));
}

/// Opens those that grow; all or none.
pub fn open_growing() -> io::Result<()> {
    ARE_OPEN.store(true, Release);
    growing().try_for_each(|region| open(&region)).inspect_err(|_| close_growing(true, growing().collect()))
}

/// Those that grow are not open any more: `if_sealed` they are closed, which are `pages` now.
pub fn close_growing(if_sealed: bool, pages: Vec<Range<usize>>) {
    if if_sealed {
        let pages = joined(pages);
        let within = |one: &Range<usize>| pages.iter().any(|run| run.start <= one.start && one.end <= run.end);
        for slot in growing_slots().filter(|slot| !within(&region(slot))) {
            slot.1.store(slot.0.load(Relaxed), Release);
        }
        pages.iter().for_each(add);
        growing().for_each(|region| drop(close(&region)));
    }
    ARE_OPEN.store(false, Release);
}

/// Adds what of a run of pages is not in the table yet, as far as there is room.
fn add(pages: &Range<usize>) {
    let mut at = pages.start;
    while at < pages.end {
        let next = all().find(|region| region.contains(&at)).map(|known| known.end);
        at = next.unwrap_or_else(|| {
            let starts = all().map(|region| region.start).filter(|start| (at..pages.end).contains(start));
            let end = starts.min().unwrap_or(pages.end);
            put(&(at..end));
            end
        });
    }
}

fn put(pages: &Range<usize>) {
    // The last entry stays free: it ends the list.
    let fresh = || REGIONS[..MAX_REGIONS - 1].get(slots().count());
    if let Some(slot) = growing_slots().find(|slot| region(slot).is_empty()).or_else(fresh) {
        set(slot, pages);
    }
}

/// In order, neighbours as one.
fn joined(mut pages: Vec<Range<usize>>) -> Vec<Range<usize>> {
    pages.retain(|region| !region.is_empty());
    pages.sort_by_key(|region| region.start);
    let mut joined: Vec<Range<usize>> = Vec::new();
    for region in pages {
        match joined.last_mut() {
            Some(last) if last.end == region.start => last.end = region.end,
            _ => joined.push(region),
        }
    }
    joined
}

pub fn open(region: &Range<usize>) -> io::Result<()> {
    protect(region, libc::PROT_READ | libc::PROT_WRITE)
}

pub fn close(region: &Range<usize>) -> io::Result<()> {
    protect(region, libc::PROT_READ)
}

fn protect(region: &Range<usize>, protection: c_int) -> io::Result<()> {
    // SAFETY: whole pages that hold immortals and nothing else; nobody but the handler relies on their protection.
    match unsafe { libc::mprotect(region.start as *mut c_void, region.len(), protection) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_become_one() {
        assert_eq!(joined(vec![8..9, 1..3, 3..5, 6..6]), [1..5, 8..9]);
    }
}
