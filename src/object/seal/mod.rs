//! The seal: the pages of the process's immortals, read-only.
//!
//! A write to one is a fault. The handler in [`fault`] lets the one instruction pass, sees what it changed, closes the
//! page again, and then either hands the write to whoever is to report it and stop, or has it counted in [`writes`].
//! Everything that handlers touch lies in statics here: no lock but [`step`](fault)'s, no allocation.
//!
//! Limits, which follow from how it works: while one instruction passes, another thread's write to the same page
//! passes unseen; a system call that is told to write there fails with `EFAULT` instead; a thread that blocks SIGSEGV
//! or SIGTRAP dies of the first write; and what a program copied when it was linked lies in its own memory.

mod fault;
mod writes;

use core::ffi::c_void;
use core::ops::Range;
use core::sync::atomic::{AtomicU8, AtomicUsize, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};
use std::io;

pub use fault::Write;
pub use writes::{Count, lost, snapshot};

/// What a write to a sealed page leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Reported, and the process ends.
    Stop,
    /// Passes, and is counted.
    Count,
}

const OPEN: u8 = 0;
const STOP: u8 = 1;
const COUNT: u8 = 2;

static STATE: AtomicU8 = AtomicU8::new(OPEN);

pub const PAGE: usize = 4096;

/// More than the image, and what the built-in types hang on to in a few runs of segments.
const MAX_REGIONS: usize = 64;

/// Start and end of each sealed region; an end of 0 ends the list.
static REGIONS: [(AtomicUsize, AtomicUsize); MAX_REGIONS] =
    [const { (AtomicUsize::new(0), AtomicUsize::new(0)) }; MAX_REGIONS];

unsafe extern "C" {
    /// Where the image's immortals begin and end, as the linker found it.
    #[link_name = "__start_immortal"]
    static START: u8;
    #[link_name = "__stop_immortal"]
    static STOP_AT: u8;
}

/// The library's own immortals.
pub fn image() -> Range<usize> {
    (&raw const START).addr()..(&raw const STOP_AT).addr()
}

/// What the seal is set to, if it is on.
pub fn mode() -> Option<Mode> {
    match STATE.load(Acquire) {
        STOP => Some(Mode::Stop),
        COUNT => Some(Mode::Count),
        _ => None,
    }
}

/// Whether `address` lies in a sealed page.
pub fn covers(address: usize) -> bool {
    mode().is_some() && regions().any(|region| region.contains(&address))
}

fn regions() -> impl Iterator<Item = Range<usize>> {
    REGIONS.iter().map(|(start, end)| start.load(Relaxed)..end.load(Relaxed)).take_while(|region| region.end != 0)
}

/// Seals whole pages; what is sealed already gets the new mode. Where it cannot be done, nothing has changed.
/// `stop` is called, in a signal handler, with the first write where the mode is [`Mode::Stop`].
pub fn seal(mode: Mode, pages: Vec<Range<usize>>, stop: fn(Write) -> !) -> io::Result<()> {
    if STATE.load(Acquire) == OPEN {
        let pages = joined(pages);
        if pages.len() >= MAX_REGIONS {
            return Err(io::Error::other("they lie in too many pieces"));
        }
        writes::prepare()?;
        fault::install(stop)?;
        if let Err(error) = protect_all(&pages) {
            fault::uninstall();
            return Err(error);
        }
        for (slot, region) in REGIONS.iter().zip(&pages) {
            slot.0.store(region.start, Relaxed);
            slot.1.store(region.end, Relaxed);
        }
        REGIONS[pages.len()].1.store(0, Relaxed);
    }
    STATE.store(if mode == Mode::Stop { STOP } else { COUNT }, Release);
    Ok(())
}

/// Makes the pages writable again.
pub fn lift() {
    fault::exclusive(|| {
        if STATE.swap(OPEN, Release) != OPEN {
            regions().for_each(|region| drop(protect(&region, libc::PROT_READ | libc::PROT_WRITE)));
            fault::uninstall();
        }
    });
}

/// Runs `write`, which writes within the page of `address`, as the library's own right: an immortal's word is healed
/// so.
pub fn allow<R>(address: usize, write: impl FnOnce() -> R) -> R {
    if !covers(address) {
        return write();
    }
    fault::exclusive(|| {
        let page = page_of(address);
        let opened = protect(&page, libc::PROT_READ | libc::PROT_WRITE);
        let result = write();
        if opened.is_ok() {
            drop(protect(&page, libc::PROT_READ));
        }
        result
    })
}

fn page_of(address: usize) -> Range<usize> {
    let start = address & !(PAGE - 1);
    start..start + PAGE
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

fn protect_all(pages: &[Range<usize>]) -> io::Result<()> {
    for (done, region) in pages.iter().enumerate() {
        if let Err(error) = protect(region, libc::PROT_READ) {
            pages[..done].iter().for_each(|region| drop(protect(region, libc::PROT_READ | libc::PROT_WRITE)));
            return Err(error);
        }
    }
    Ok(())
}

fn protect(region: &Range<usize>, protection: libc::c_int) -> io::Result<()> {
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
