//! The lock under the GIL: a futex, with a way to hand it over.
//!
//! A thread that has waited for a whole switch interval in which nobody else got the lock asks for it. Whoever holds it
//! looks at the places where a runtime without byte code may let others run, gives it back, and takes it again only after
//! somebody else has had it. So no thread starves beside one that never blocks, and each has it for an interval.
//!
//! `tests/gil_model.rs` builds this file with loom's words and atomics, and tries every order of events.

use core::time::Duration;

use super::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use super::{Word, watched};

const FREE: u32 = 0;
const HELD: u32 = 1;
/// Held, and somebody may be waiting.
const CONTENDED: u32 = 2;

/// CPython's: 5 milliseconds.
const DEFAULT_INTERVAL_US: u64 = 5000;

/// Taken and given back from different functions, so there is no guard.
pub struct Lock {
    state: Word,
    /// Somebody has waited for long. While the lock is held that somebody waits still: whoever waited takes it back on
    /// getting the lock.
    wanted: AtomicBool,
    /// How often somebody who waited got it.
    turns: Word,
    /// How many wait for the next turn to begin, having handed over.
    handing_over: AtomicU32,
    interval_us: AtomicU64,
}

impl Default for Lock {
    fn default() -> Lock {
        Lock {
            state: Word::new(FREE),
            wanted: AtomicBool::new(false),
            turns: Word::new(0),
            handing_over: AtomicU32::new(0),
            interval_us: AtomicU64::new(DEFAULT_INTERVAL_US),
        }
    }
}

impl Lock {
    /// Waits for the lock. `ask` is called each time that this has taken long, for whoever holds it to look.
    #[inline]
    pub fn take(&self, ask: impl Fn()) {
        if self.state.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).is_err() {
            self.take_slowly(ask);
        }
        watched::taken(self);
    }

    #[cold]
    #[inline(never)]
    fn take_slowly(&self, ask: impl Fn()) {
        let mut turn = self.turns.load(Ordering::Relaxed);
        while self.state.swap(CONTENDED, Ordering::Acquire) != FREE {
            let is_late = !self.state.wait(CONTENDED, Some(self.interval()));
            let now = self.turns.load(Ordering::Relaxed);
            if is_late && now == turn {
                self.wanted.store(true, Ordering::Relaxed);
                ask();
            }
            turn = now;
        }
        self.wanted.store(false, Ordering::Relaxed);
        // Either this thread sees the one that handed over, or that one sees the turn.
        self.turns.fetch_add(1, Ordering::SeqCst);
        if self.handing_over.load(Ordering::SeqCst) != 0 {
            self.turns.wake_all();
        }
    }

    /// # Safety
    /// This thread holds it.
    #[inline]
    pub unsafe fn give_back(&self) {
        watched::about_to_be_given_back(self);
        if self.state.swap(FREE, Ordering::Release) == CONTENDED {
            self.state.wake_one();
        }
    }

    /// Whether the holder is asked to let somebody else have it.
    #[inline(always)]
    pub fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::Relaxed)
    }

    /// Lets who asked have it, and takes it again after that.
    ///
    /// # Safety
    /// This thread holds it, may do without for a while, and has seen that it is wanted.
    #[cold]
    pub unsafe fn hand_over(&self, ask: impl Fn()) {
        let turn = self.turns.load(Ordering::Relaxed);
        self.handing_over.fetch_add(1, Ordering::SeqCst);
        // SAFETY: the caller's promise.
        unsafe { self.give_back() };
        // Somebody waits, and will get it: if not from this thread then from one that was quicker.
        while self.turns.load(Ordering::SeqCst) == turn {
            self.turns.wait(turn, None);
        }
        self.handing_over.fetch_sub(1, Ordering::SeqCst);
        self.take(ask);
    }

    /// How long a thread waits before it asks.
    pub fn interval(&self) -> Duration {
        Duration::from_micros(self.interval_us.load(Ordering::Relaxed))
    }

    /// At least a microsecond.
    pub fn set_interval(&self, interval: Duration) {
        let micros = u64::try_from(interval.as_micros()).unwrap_or(u64::MAX);
        self.interval_us.store(micros.max(1), Ordering::Relaxed);
    }

    /// In the child of a fork: this thread holds it, and nobody waits.
    ///
    /// # Safety
    /// No other thread exists, and this one held it before the fork.
    pub unsafe fn reset_after_fork(&self) {
        self.state.store(HELD, Ordering::Relaxed);
        self.wanted.store(false, Ordering::Relaxed);
        self.handing_over.store(0, Ordering::Relaxed);
    }
}
