//! The runtime's locks, which a fork leaves usable.
//!
//! A thread may fork while others, of other interpreters or detached, are in the middle of something that a lock
//! protects; in the child there is nobody who would end it. So every lock of the runtime's own is taken through a gate,
//! and a fork shuts the gate and waits until nobody is inside: no list says which locks there are. `fork` itself asks for
//! that (`pthread_atfork`), whoever calls it. The GIL ([`crate::runtime::gil`]) and the locks that extensions make stay
//! outside: they may be held for long.
//!
//! The locks are futexes rather than a crate's that keeps its queues in tables of the process's: the child would find
//! threads in them that are no more.

use core::cell::Cell;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;
use std::sync::Once;
use std::time::Instant;

use lock_api::{GuardSend, RawMutex, RawMutexTimed};

pub mod futex;
pub mod watched;

use futex::Word;

/// What the runtime keeps under a lock.
pub type Mutex<T> = lock_api::Mutex<Gated, T>;

const FREE: u32 = 0;
const HELD: u32 = 1;
/// Held, and somebody may be waiting.
const CONTENDED: u32 = 2;

/// A lock that any thread may give back.
pub struct Lock(Word);

impl Lock {
    /// Waits until it is free, or `end` has come; whether it was taken.
    #[cold]
    fn lock_slowly(&self, end: Option<Instant>) -> bool {
        while self.0.swap(CONTENDED, Ordering::Acquire) != FREE {
            let left = end.map(|end| end.saturating_duration_since(Instant::now()));
            if left == Some(Duration::ZERO) {
                return false;
            }
            self.0.wait(CONTENDED, left);
        }
        true
    }

    #[inline]
    fn lock_until(&self, end: Option<Instant>) -> bool {
        let is_taken = self.try_take() || self.lock_slowly(end);
        if is_taken {
            watched::taken(self);
        }
        is_taken
    }

    #[inline]
    fn try_take(&self) -> bool {
        self.0.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }
}

// SAFETY: who finds the word free and sets it is alone until it is set free.
unsafe impl RawMutex for Lock {
    #[allow(clippy::declare_interior_mutable_const, reason = "how a static lock begins")]
    const INIT: Lock = Lock(Word::new(FREE));
    type GuardMarker = GuardSend;

    #[inline]
    fn lock(&self) {
        self.lock_until(None);
    }

    #[inline]
    fn try_lock(&self) -> bool {
        let is_taken = self.try_take();
        if is_taken {
            watched::taken(self);
        }
        is_taken
    }

    #[inline]
    unsafe fn unlock(&self) {
        watched::about_to_be_given_back(self);
        if self.0.swap(FREE, Ordering::Release) == CONTENDED {
            self.0.wake_one();
        }
    }

    #[inline]
    fn is_locked(&self) -> bool {
        self.0.load(Ordering::Relaxed) != FREE
    }
}

// SAFETY: as above.
unsafe impl RawMutexTimed for Lock {
    type Duration = Duration;
    type Instant = Instant;

    fn try_lock_for(&self, timeout: Duration) -> bool {
        // What cannot be said is not lived to see.
        self.lock_until(Instant::now().checked_add(timeout))
    }

    fn try_lock_until(&self, timeout: Instant) -> bool {
        self.lock_until(Some(timeout))
    }
}

/// A lock behind the gate.
pub struct Gated(Lock);

// SAFETY: the lock within.
unsafe impl RawMutex for Gated {
    #[allow(clippy::declare_interior_mutable_const, reason = "how a static lock begins")]
    const INIT: Gated = Gated(Lock::INIT);
    /// The gate counts by thread.
    type GuardMarker = lock_api::GuardNoSend;

    fn lock(&self) {
        enter();
        self.0.lock();
    }

    fn try_lock(&self) -> bool {
        enter();
        let is_taken = self.0.try_lock();
        if !is_taken {
            leave();
        }
        is_taken
    }

    unsafe fn unlock(&self) {
        // SAFETY: the caller's promise.
        unsafe { self.0.unlock() };
        leave();
    }

    fn is_locked(&self) -> bool {
        self.0.is_locked()
    }
}

/// Threads inside the gate.
static INSIDE: AtomicUsize = AtomicUsize::new(0);
/// 1 while a fork is under way.
static SHUT: Word = Word::new(0);

thread_local! {
    /// How many gated locks this thread holds: who is inside may take another.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

fn enter() {
    let depth = DEPTH.get();
    DEPTH.set(depth + 1);
    if depth != 0 {
        return;
    }
    // Either this thread sees the gate shut, or who shuts it sees this thread inside.
    INSIDE.fetch_add(1, Ordering::SeqCst);
    while SHUT.load(Ordering::SeqCst) != 0 {
        INSIDE.fetch_sub(1, Ordering::SeqCst);
        SHUT.wait(1, None);
        INSIDE.fetch_add(1, Ordering::SeqCst);
    }
}

fn leave() {
    let depth = DEPTH.get() - 1;
    DEPTH.set(depth);
    if depth == 0 {
        INSIDE.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Has every fork from now on wait until no lock is held. To be called as the runtime starts.
pub fn mind_forks() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: functions of the library's, which the C library forgets when it is unloaded.
        unsafe { libc::pthread_atfork(Some(before_fork), Some(after_fork_in_parent), Some(after_fork_in_child)) };
    });
}

/// Shuts the gate. Nobody is inside for long, and whoever is wakes nobody: so it is looked again and again.
unsafe extern "C" fn before_fork() {
    while SHUT.swap(1, Ordering::SeqCst) != 0 {
        SHUT.wait(1, None);
    }
    let own = usize::from(DEPTH.get() != 0);
    while INSIDE.load(Ordering::SeqCst) > own {
        std::thread::yield_now();
    }
}

unsafe extern "C" fn after_fork_in_parent() {
    SHUT.store(0, Ordering::SeqCst);
    SHUT.wake_all();
}

/// Who was at the gate is no more.
unsafe extern "C" fn after_fork_in_child() {
    INSIDE.store(usize::from(DEPTH.get() != 0), Ordering::SeqCst);
    SHUT.store(0, Ordering::SeqCst);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fork_waits_for_who_is_inside_and_keeps_others_out() {
        let value = Mutex::new(0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..2000 {
                    let mut held = value.lock();
                    *held += 1;
                    std::thread::yield_now();
                    *held += 1;
                }
            });
            for _ in 0..200 {
                // SAFETY: what `fork` calls around its work.
                unsafe { before_fork() };
                assert!(!value.is_locked());
                // SAFETY: as above.
                unsafe { after_fork_in_parent() };
                std::thread::yield_now();
            }
        });
        assert_eq!(*value.lock(), 4000);
    }

    #[test]
    fn waiting_ends_when_the_time_is_over() {
        let lock = Lock::INIT;
        assert!(lock.try_lock());
        assert!(!lock.try_lock_for(Duration::from_millis(1)));
        // SAFETY: taken above.
        unsafe { lock.unlock() };
        assert!(lock.try_lock_for(Duration::MAX));
    }
}
