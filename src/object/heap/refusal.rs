//! Memory refused on purpose, so that what happens then can be tried.
//!
//! A heap that watches hands out every block by its slow path: the fast one stays as it is, and ordinary runs pay
//! nothing. See `deathless_fail_allocation`.

use core::sync::atomic::{AtomicIsize, Ordering::Relaxed};

/// Atomic, since an interpreter's is looked at without its GIL while another is made from it. Only slow paths ask.
#[derive(Default)]
pub struct Refusal {
    /// The allocation to be refused, counted from 1; 0 while nothing is watched.
    nth: AtomicIsize,
    asked: AtomicIsize,
}

impl Refusal {
    #[inline(always)]
    pub fn watches(&self) -> bool {
        self.nth.load(Relaxed) != 0
    }

    /// From now on the `nth` allocation is refused, none for 0; how many were asked for since the last call.
    pub fn begin(&self, nth: isize) -> isize {
        self.nth.store(nth, Relaxed);
        self.asked.swap(0, Relaxed)
    }

    /// Has `other`, of a heap that is used in this one's place for a while, go on counting.
    pub fn lend(&self, other: &Refusal) {
        if self.watches() {
            other.nth.store(self.nth.load(Relaxed), Relaxed);
            other.asked.store(self.asked.load(Relaxed), Relaxed);
        }
    }

    /// The end of that.
    pub fn take_back(&self, other: &Refusal) {
        if other.watches() {
            self.asked.store(other.begin(0), Relaxed);
        }
    }

    /// Counts one that is asked for; whether it is to be refused.
    pub fn refuses(&self) -> bool {
        if !self.watches() {
            return false;
        }
        self.asked.fetch_add(1, Relaxed) + 1 == self.nth.load(Relaxed)
    }
}
