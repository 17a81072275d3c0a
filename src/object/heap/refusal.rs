//! Memory refused on purpose, so that what happens then can be tried.
//!
//! A heap that watches hands out every block by its slow path: the fast one stays as it is, and ordinary runs pay
//! nothing. See `deathless_fail_allocation`.

use core::cell::Cell;

#[derive(Default)]
pub struct Refusal {
    /// The allocation to be refused, counted from 1; 0 while nothing is watched.
    nth: Cell<isize>,
    asked: Cell<isize>,
}

impl Refusal {
    #[inline(always)]
    pub fn watches(&self) -> bool {
        self.nth.get() != 0
    }

    /// From now on the `nth` allocation is refused, none for 0; how many were asked for since the last call.
    pub fn begin(&self, nth: isize) -> isize {
        self.nth.set(nth);
        self.asked.replace(0)
    }

    /// Has `other`, of a heap that is used in this one's place for a while, go on counting.
    pub fn lend(&self, other: &Refusal) {
        if self.watches() {
            other.nth.set(self.nth.get());
            other.asked.set(self.asked.get());
        }
    }

    /// The end of that.
    pub fn take_back(&self, other: &Refusal) {
        if other.watches() {
            self.asked.set(other.begin(0));
        }
    }

    /// Counts one that is asked for; whether it is to be refused.
    pub fn refuses(&self) -> bool {
        if !self.watches() {
            return false;
        }
        self.asked.set(self.asked.get() + 1);
        self.asked.get() == self.nth.get()
    }
}
