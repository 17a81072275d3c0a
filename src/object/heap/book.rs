//! Who took which block, while somebody asks what interpreters leave behind.
//!
//! A table beside the address range, reserved when it is first asked for: a word for each 16 bytes of the range, of which
//! only that of a block's first counts. A heap that keeps the book hands out every block by its slow path, as one does
//! that is watched for refusals, so the fast path knows nothing of it. What is taken back is crossed out only where
//! nothing else tells it from what is in use; [`super::Heap::blocks_in_use`] knows the rest from its free lists.

use core::ptr;
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering::Relaxed};

use super::range;
use crate::runtime::ThreadState;

/// What a block was taken for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// The library's own use: a list's items, a dict's table. It goes with the object that it is of.
    Part,
    /// `PyMem_*` and `PyObject_*`: whoever asked for it is to give it back.
    Raw,
    /// An object.
    Object,
    /// An object behind the collector's header.
    Collectable,
}

const KINDS: [Kind; 4] = [Kind::Part, Kind::Raw, Kind::Object, Kind::Collectable];

/// What the book says of a block.
#[derive(Clone, Copy)]
pub struct Entry {
    pub kind: Kind,
    /// The number of the interpreter that took it, as far as that fits; none once it was told what became of it.
    pub owner: Option<u32>,
}

impl Entry {
    fn to_word(self) -> u32 {
        let owner = self.owner.map_or(0, |owner| owner % MAX_OWNER + 1);
        owner << 3 | (self.kind as u32 + 1)
    }

    fn from_word(word: u32) -> Option<Entry> {
        let kind = *KINDS.get((word & 7).checked_sub(1)? as usize)?;
        Some(Entry { kind, owner: (word >> 3).checked_sub(1) })
    }
}

/// One more than the largest number of an interpreter that is told apart from all others.
const MAX_OWNER: u32 = (1 << 29) - 1;

/// An interpreter's number as the book has it.
pub fn owner_of(interpreter: i64) -> u32 {
    interpreter as u32 % MAX_OWNER
}

/// How many bytes of the range have a word.
const GRAIN: usize = 16;

/// The table's address; 0 until somebody asks.
static TABLE: AtomicUsize = AtomicUsize::new(0);
/// Whether heaps that are made from now on keep it.
static ASKED: AtomicBool = AtomicBool::new(false);

/// Has each heap of an interpreter that is made from now on keep the book; or says why none can.
pub fn ask() -> Result<(), &'static str> {
    if !range::is_reserved() {
        return Err("objects cannot be counted where PYTHONMALLOC asks for malloc or no range of addresses could be \
                    reserved");
    }
    if TABLE.load(Relaxed) == 0 {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        let length = range::RANGE / GRAIN * size_of::<u32>();
        // SAFETY: a fresh anonymous mapping.
        let p = unsafe { libc::mmap(ptr::null_mut(), length, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0) };
        if p == libc::MAP_FAILED {
            return Err("objects cannot be counted: no addresses are left for the table in which that is done");
        }
        TABLE.store(p.expose_provenance(), Relaxed);
    }
    ASKED.store(true, Relaxed);
    Ok(())
}

pub fn is_asked() -> bool {
    ASKED.load(Relaxed)
}

/// The word for a block in the range.
fn word<'a>(block: *mut u8) -> Option<&'a AtomicU32> {
    let (offset, table) = (range::offset(block), TABLE.load(Relaxed));
    if table == 0 || !range::contains(offset) {
        return None;
    }
    let address = table + offset / GRAIN * size_of::<u32>();
    // SAFETY: within the table, which stays; zero before it is written to.
    Some(unsafe { &*ptr::with_exposed_provenance(address) })
}

/// A block was taken, by the interpreter that this thread is attached to. What is in no range is not entered.
#[cold]
pub fn enter(block: *mut u8, kind: Kind) {
    let owner = ThreadState::try_current().map(|ts| owner_of(ts.interp().id));
    write(block, Entry { kind, owner });
}

/// The same of one whose entry is known.
pub fn write(block: *mut u8, entry: Entry) {
    if let Some(word) = word(block) {
        word.store(entry.to_word(), Relaxed);
    }
}

/// A block was taken back.
pub fn cross_out(block: *mut u8) {
    if let Some(word) = word(block) {
        word.store(0, Relaxed);
    }
}

/// What is entered of a block of a heap that keeps the book; nothing of one that was taken back.
pub fn look_up(block: *mut u8) -> Option<Entry> {
    Entry::from_word(word(block)?.load(Relaxed))
}
