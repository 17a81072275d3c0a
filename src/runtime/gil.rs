//! The GIL of an interpreter, attaching and detaching.
//!
//! A thread is attached to at most one thread state, and holds that interpreter's lock while it is. Each OS
//! thread remembers the state it was last attached to, so that `PyGILState_Ensure` finds it again.
//!
//! A thread that comes back to an interpreter that has ended, or is ending, waits for ever. So a thread state that a
//! thread may still come back to is never freed, and neither is its GIL: attaching looks at nothing else.

mod lock;

use core::ptr;
use core::sync::atomic;
pub use lock::Lock as Gil;

use super::{ThreadState, interpreters, tls};
use crate::object::lock::{futex::Word, watched};

/// Attaches this thread to `ts`; waits for the GIL. A thread that comes back after its interpreter has ended waits
/// for ever, as in CPython.
///
/// # Safety
/// `ts` was not deleted.
#[inline]
pub unsafe fn attach(ts: *const ThreadState) {
    // SAFETY: a state that was not deleted.
    let state = unsafe { &*ts };
    state.gil().take(move || interpreters::ask_for(state.gil()));
    go_on(state);
}

/// With the GIL, but perhaps too late.
#[inline]
fn go_on(state: &ThreadState) {
    if state.has_ended() {
        // SAFETY: taken just now.
        unsafe { state.gil().give_back() };
        hang();
    }
    bind(state);
}

#[inline]
fn bind(ts: &ThreadState) {
    ts.adopt_stack();
    tls::set(ts);
    if tls::own() != ptr::from_ref(ts) {
        tls::set_own(ts);
    }
}

/// Gives the GIL back without detaching.
///
/// # Safety
/// This thread is attached to it, and uses nothing of the interpreter until [`retake`].
pub unsafe fn give_back(ts: &ThreadState) {
    // SAFETY: the caller's promise.
    unsafe { ts.gil().give_back() };
}

/// Undoes [`give_back`].
pub fn retake(ts: &ThreadState) {
    // SAFETY: this thread's state.
    unsafe { attach(ts) };
}

/// Lets another thread run, if one has waited for long. To be called where foreign code may run anyway.
#[inline(always)]
pub fn hand_over_if_wanted(ts: &ThreadState) {
    if ts.gil().is_wanted() {
        hand_over(ts);
    }
}

#[cold]
fn hand_over(ts: &ThreadState) {
    tls::set(ptr::null());
    // SAFETY: attached until now, and again below; asked for.
    unsafe { ts.gil().hand_over(move || interpreters::ask_for(ts.gil())) };
    go_on(ts);
}

/// Detaches this thread, if it is attached, and says from which state.
#[inline]
pub fn detach() -> *const ThreadState {
    let p = tls::get();
    // SAFETY: attached, so alive.
    if let Some(ts) = unsafe { p.as_ref() } {
        tls::set(ptr::null());
        // SAFETY: an attached thread holds the GIL.
        unsafe { ts.gil().give_back() };
    }
    p
}

/// Detaches from `ts`, the current state or NULL, and attaches to another, or to none; says from which.
///
/// # Safety
/// `ts` is NULL or was not deleted.
pub unsafe fn swap(ts: *const ThreadState) -> *const ThreadState {
    if ptr::eq(tls::get(), ts) {
        return ts;
    }
    let before = detach();
    if !ts.is_null() {
        // SAFETY: the caller's promise.
        unsafe { attach(ts) };
    }
    before
}

/// Runs `f` without the GIL, for what waits.
pub fn detached<R>(f: impl FnOnce() -> R) -> R {
    let before = detach();
    let result = f();
    if !before.is_null() {
        // SAFETY: this thread's own state, which it is not done with.
        unsafe { attach(before) };
    }
    result
}

/// Frees the thread state that this thread is attached to, and gives the GIL back.
///
/// # Safety
/// The state was cleared, and nobody uses it afterwards.
pub unsafe fn delete_current(ts: &ThreadState) {
    let gil = ts.gil().clone();
    // SAFETY: the caller's promise.
    unsafe { ts.interp().delete_thread(ts) };
    detach_for_ever(&gil);
}

/// Detaches for the last time: the state is freed, and only the lock is left.
pub(super) fn detach_for_ever(gil: &Gil) {
    tls::set(ptr::null());
    // SAFETY: an attached thread holds the GIL.
    unsafe { gil.give_back() };
}

#[cold]
fn hang() -> ! {
    loop {
        // SAFETY: sleeps until a signal, then again.
        unsafe { libc::pause() };
    }
}
