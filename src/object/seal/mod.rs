//! The seal: the pages of the process's immortals, read-only.
//!
//! A write to one is a fault. The handler in [`fault`] lets the one instruction pass, sees what it changed, closes the
//! page again, and then either hands the write to whoever is to report it and stop, or has it counted in [`writes`].
//! Everything that handlers touch lies in statics here: no lock but [`step`](fault)'s, no allocation. [`regions`] is what
//! is sealed, and what of it grows.
//!
//! Limits, which follow from how it works: while one instruction passes, another thread's write to the same page
//! passes unseen; a system call that is told to write there fails with `EFAULT` instead; a thread that blocks SIGSEGV
//! or SIGTRAP dies of the first write; and what a program copied when it was linked lies in its own memory.

mod fault;
mod regions;
mod writes;

use core::ops::Range;
use core::sync::atomic::{AtomicU8, Ordering::Acquire, Ordering::Release};
use std::io;

pub use fault::Write;
use regions::{close, open};
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
    mode().is_some() && regions::contain(address)
}

/// Seals whole pages, those among them that may [grow](add); what is sealed already gets the new mode. Where it cannot be
/// done, nothing has changed. `stop` is called, in a signal handler, with the first write where the mode is [`Mode::Stop`].
pub fn seal(mode: Mode, fixed: Vec<Range<usize>>, growing: Vec<Range<usize>>, stop: fn(Write) -> !) -> io::Result<()> {
    if STATE.load(Acquire) == OPEN {
        writes::prepare()?;
        fault::install(stop)?;
        if let Err(error) = regions::close_all(fixed, growing) {
            fault::uninstall();
            return Err(error);
        }
    }
    STATE.store(if mode == Mode::Stop { STOP } else { COUNT }, Release);
    Ok(())
}

/// Runs `write`, which adds to the pages that grow: they are open meanwhile, to whoever writes there. Afterwards `pages` are
/// sealed, which are those and what has come. Where the pages cannot be opened nothing is run.
///
/// For one thread at a time, beside which nobody seals.
pub fn add<R>(write: impl FnOnce() -> R, pages: impl FnOnce() -> Vec<Range<usize>>) -> io::Result<R> {
    if STATE.load(Acquire) == OPEN {
        return Ok(write());
    }
    fault::exclusive(regions::open_growing)?;
    let result = write();
    let pages = pages();
    fault::exclusive(|| regions::close_growing(STATE.load(Acquire) != OPEN, pages));
    Ok(result)
}

/// Makes the pages writable again.
pub fn lift() {
    fault::exclusive(|| {
        if STATE.swap(OPEN, Release) != OPEN {
            regions::open_all();
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
        if regions::are_open_at(address) {
            return write();
        }
        let page = page_of(address);
        let opened = open(&page);
        let result = write();
        if opened.is_ok() {
            drop(close(&page));
        }
        result
    })
}

fn page_of(address: usize) -> Range<usize> {
    let start = address & !(PAGE - 1);
    start..start + PAGE
}
