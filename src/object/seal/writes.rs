//! Where counted writes are kept: a table of fixed size, mapped once, filled by a signal handler.
//!
//! Its keys are an instruction and the word that it wrote to. Objects and functions are found for them when somebody
//! asks.

use core::ptr;
use core::sync::atomic::{AtomicPtr, AtomicU64, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};
use std::io;

use super::fault::{self, Change, Write};

/// How often an instruction wrote to a word.
#[derive(Clone, Copy, Debug)]
pub struct Count {
    pub instruction: usize,
    pub word: usize,
    /// By how it changed the word, if that is a count.
    pub up: u64,
    pub down: u64,
    pub other: u64,
}

/// As many pairs of instruction and word as are told apart.
const ENTRIES: usize = 1 << 16;
/// How many places are tried for a pair.
const PROBES: usize = 64;

static TABLE: AtomicPtr<Count> = AtomicPtr::new(ptr::null_mut());
static LOST: AtomicU64 = AtomicU64::new(0);

/// Maps the table, before the first write.
pub(super) fn prepare() -> io::Result<()> {
    if !TABLE.load(Acquire).is_null() {
        return Ok(());
    }
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    let size = ENTRIES * size_of::<Count>();
    // SAFETY: a fresh anonymous mapping; zeros are entries that are free.
    let table = unsafe { libc::mmap(ptr::null_mut(), size, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0) };
    if table == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    TABLE.store(table.cast(), Release);
    Ok(())
}

/// Counts a write. Called while no other thread does.
pub(super) fn add(write: &Write) {
    let table = TABLE.load(Acquire);
    let first = (write.instruction ^ (write.word >> 3)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    for at in (first..first + PROBES).map(|at| at % ENTRIES) {
        // SAFETY: within the table, which `prepare` mapped; the caller is alone.
        let entry = unsafe { &mut *table.add(at) };
        if entry.instruction == 0 {
            (entry.instruction, entry.word) = (write.instruction, write.word);
        }
        if entry.instruction == write.instruction && entry.word == write.word {
            match write.change {
                Change::Up => entry.up += 1,
                Change::Down => entry.down += 1,
                Change::Other => entry.other += 1,
            }
            return;
        }
    }
    LOST.fetch_add(1, Relaxed);
}

/// What was counted so far.
pub fn snapshot() -> Vec<Count> {
    let table = TABLE.load(Acquire);
    if table.is_null() {
        return Vec::new();
    }
    let mut counts = Vec::with_capacity(ENTRIES);
    // SAFETY: within the table; nobody counts meanwhile.
    fault::exclusive(|| counts.extend((0..ENTRIES).map(|at| unsafe { *table.add(at) })));
    counts.retain(|count| count.instruction != 0);
    counts
}

/// Writes that found no room in the table.
pub fn lost() -> u64 {
    LOST.load(Relaxed)
}
