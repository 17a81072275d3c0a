//! A word that threads sleep on, and the kernel's call for that.
//!
//! All that a lock made of it knows is in the word. So the child of a fork, in which the sleepers are no more, finds no
//! queue of theirs: to set the word is enough.

use core::ops::Deref;
use core::ptr;
use core::sync::atomic::AtomicU32;
use core::time::Duration;

/// An atomic number that [`Word::wait`] sleeps on.
#[derive(Default)]
pub struct Word(AtomicU32);

impl Word {
    pub const fn new(value: u32) -> Word {
        Word(AtomicU32::new(value))
    }

    /// Sleeps while the word is `value`, until it is woken, or for no reason; `false` if that took as long as `at_most`.
    pub fn wait(&self, value: u32, at_most: Option<Duration>) -> bool {
        let timeout = at_most.map(|d| libc::timespec {
            tv_sec: d.as_secs().try_into().unwrap_or(libc::time_t::MAX),
            tv_nsec: d.subsec_nanos().into(),
        });
        let timeout = timeout.as_ref().map_or(ptr::null(), ptr::from_ref);
        // SAFETY: the word and the time live as long as the call.
        let result = unsafe { libc::syscall(libc::SYS_futex, self.0.as_ptr(), WAIT, value, timeout) };
        // SAFETY: this thread's own variable.
        result == 0 || unsafe { *libc::__errno_location() } != libc::ETIMEDOUT
    }

    /// Wakes one sleeper.
    pub fn wake_one(&self) {
        self.wake(1);
    }

    /// Wakes them all.
    pub fn wake_all(&self) {
        self.wake(i32::MAX);
    }

    fn wake(&self, at_most: i32) {
        // SAFETY: the word is only an address here.
        unsafe { libc::syscall(libc::SYS_futex, self.0.as_ptr(), WAKE, at_most) };
    }
}

const WAIT: libc::c_int = libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG;
const WAKE: libc::c_int = libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG;

impl Deref for Word {
    type Target = AtomicU32;

    fn deref(&self) -> &AtomicU32 {
        &self.0
    }
}
