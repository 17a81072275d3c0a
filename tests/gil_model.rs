//! The lock under the GIL in every order of events, by loom: `src/runtime/gil/lock.rs` itself, on loom's atomics.
//!
//! What a futex does is said with a mutex and a condition variable. Time does not pass in a model: the first wait of a
//! thread may turn out to have taken too long at once, which is when a thread asks for the lock.

mod watched {
    pub fn taken<T>(_lock: &T) {}
    pub fn about_to_be_given_back<T>(_lock: &T) {}
}

mod atomic {
    pub use core::sync::atomic::Ordering;
    pub use loom::sync::atomic::{AtomicBool, AtomicU32, AtomicU64};
}

mod word {
    use core::ops::Deref;
    use core::time::Duration;

    use loom::sync::atomic::{AtomicU32, Ordering::SeqCst};
    use loom::sync::{Condvar, Mutex};

    loom::thread_local! {
        /// How many more waits of this thread take too long.
        pub static LATE: core::cell::Cell<u32> = core::cell::Cell::new(0);
    }

    /// The kernel looks at the word and puts the thread to sleep in one step, as seen by who wakes.
    pub struct Word {
        value: AtomicU32,
        sleepers: Mutex<()>,
        woken: Condvar,
    }

    impl Word {
        pub fn new(value: u32) -> Word {
            Word { value: AtomicU32::new(value), sleepers: Mutex::new(()), woken: Condvar::new() }
        }

        pub fn wait(&self, value: u32, at_most: Option<Duration>) -> bool {
            let guard = self.sleepers.lock().unwrap();
            if self.value.load(SeqCst) != value {
                return true;
            }
            let late = LATE.with(core::cell::Cell::get);
            if at_most.is_some() && late > 0 {
                LATE.with(|l| l.set(late - 1));
                return false;
            }
            drop(self.woken.wait(guard).unwrap());
            true
        }

        pub fn wake_one(&self) {
            let _guard = self.sleepers.lock().unwrap();
            self.woken.notify_one();
        }

        pub fn wake_all(&self) {
            let _guard = self.sleepers.lock().unwrap();
            self.woken.notify_all();
        }
    }

    impl Deref for Word {
        type Target = AtomicU32;

        fn deref(&self) -> &AtomicU32 {
            &self.value
        }
    }
}

use word::{LATE, Word};

#[path = "../src/runtime/gil/lock.rs"]
#[allow(dead_code, reason = "what the model does not call")]
mod lock;

use std::sync::Arc;

use lock::Lock;
use loom::cell::UnsafeCell;
use loom::thread;

/// A number that is used only under the lock, which loom checks.
struct Counter {
    lock: Lock,
    number: UnsafeCell<u32>,
}

// SAFETY: the number is used under the lock: that is what is tried.
unsafe impl Sync for Counter {}
// SAFETY: as above.
unsafe impl Send for Counter {}

impl Counter {
    fn new() -> Arc<Counter> {
        Arc::new(Counter { lock: Lock::default(), number: UnsafeCell::new(0) })
    }

    /// Once with the lock held.
    fn count(&self) {
        self.number.with_mut(|n| {
            // SAFETY: alone under the lock.
            unsafe { *n += 1 }
        });
    }

    fn take_and_count(&self) {
        self.lock.take(|| ());
        self.count();
        // SAFETY: held.
        unsafe { self.lock.give_back() };
    }

    /// What a thread does that never blocks: it looks whether it is to hand over.
    fn look(&self) {
        if self.lock.is_wanted() {
            // SAFETY: held, and wanted.
            unsafe { self.lock.hand_over(|| ()) };
        }
    }
}

/// Every order, but for those in which threads are interrupted very often.
fn explore(interruptions: usize, model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(interruptions);
    builder.check(model);
}

#[test]
fn one_thread_at_a_time_and_none_sleeps_for_ever() {
    explore(4, || {
        let counter = Counter::new();
        let others: Vec<_> = (0..2)
            .map(|_| {
                let counter = Arc::clone(&counter);
                thread::spawn(move || counter.take_and_count())
            })
            .collect();
        counter.take_and_count();
        others.into_iter().for_each(|t| t.join().unwrap());
        counter.lock.take(|| ());
        counter.number.with(|n| {
            // SAFETY: held.
            assert_eq!(unsafe { *n }, 3);
        });
    });
}

#[test]
fn who_is_asked_goes_on_after_somebody_else_had_it() {
    explore(4, || {
        let counter = Counter::new();
        counter.lock.take(|| ());
        let other = {
            let counter = Arc::clone(&counter);
            thread::spawn(move || {
                LATE.with(|l| l.set(1));
                counter.take_and_count();
            })
        };
        counter.count();
        let was_wanted = counter.lock.is_wanted();
        counter.look();
        counter.number.with(|n| {
            // SAFETY: held again.
            let counted = unsafe { *n };
            assert!(!was_wanted || counted == 2, "handed over, and nobody had it");
        });
        // SAFETY: held.
        unsafe { counter.lock.give_back() };
        other.join().unwrap();
    });
}

#[test]
fn two_that_ask_are_served_beside_two_that_hand_over() {
    explore(3, || {
        let counter = Counter::new();
        counter.lock.take(|| ());
        let others: Vec<_> = (0..2)
            .map(|_| {
                let counter = Arc::clone(&counter);
                thread::spawn(move || {
                    LATE.with(|l| l.set(1));
                    counter.lock.take(|| ());
                    counter.count();
                    counter.look();
                    // SAFETY: held.
                    unsafe { counter.lock.give_back() };
                })
            })
            .collect();
        counter.look();
        counter.count();
        // SAFETY: held.
        unsafe { counter.lock.give_back() };
        others.into_iter().for_each(|t| t.join().unwrap());
        counter.lock.take(|| ());
        counter.number.with(|n| {
            // SAFETY: held.
            assert_eq!(unsafe { *n }, 3);
        });
    });
}
