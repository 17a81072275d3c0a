//! The GIL of an interpreter, attaching and detaching.
//!
//! A thread is attached to at most one thread state, and holds that interpreter's lock while it is. Each OS
//! thread remembers the state it was last attached to, so that `PyGILState_Ensure` finds it again.

use core::ptr;

use parking_lot::lock_api::RawMutex as _;

use super::{Interpreter, ThreadState, lifecycle, tls};

/// An interpreter's lock. Taken and given back from different functions, so there is no guard.
pub struct Gil(parking_lot::RawMutex);

impl Default for Gil {
    fn default() -> Gil {
        Gil(parking_lot::RawMutex::INIT)
    }
}

impl Gil {
    #[inline]
    fn take(&self) {
        self.0.lock();
    }

    /// # Safety
    /// This thread holds it.
    #[inline]
    unsafe fn give_back(&self) {
        // SAFETY: the caller's promise.
        unsafe { self.0.unlock() };
    }
}

/// Attaches this thread to `ts`; waits for the GIL. A thread that comes back after its runtime has ended waits
/// for ever, as in CPython: its thread state is gone.
///
/// # Safety
/// `ts` was not deleted, or its runtime has ended.
#[inline]
pub unsafe fn attach(ts: *const ThreadState) {
    if !lifecycle::is_initialized() {
        hang();
    }
    // SAFETY: a state that was not deleted, so its interpreter is there.
    let state = unsafe { &*ts };
    state.interp().gil.take();
    if state.interp().finalizing.get() && !state.is_finalizer() {
        // SAFETY: taken just now.
        unsafe { state.interp().gil.give_back() };
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

/// Makes `ts` this thread's first state of a new interpreter, whose GIL nobody else can want yet.
pub(super) fn attach_first(ts: &ThreadState) {
    ts.interp().gil.take();
    bind(ts);
}

/// Detaches this thread, if it is attached, and says from which state.
#[inline]
pub fn detach() -> *const ThreadState {
    let p = tls::get();
    // SAFETY: attached, so alive.
    if let Some(ts) = unsafe { p.as_ref() } {
        tls::set(ptr::null());
        // SAFETY: an attached thread holds the GIL.
        unsafe { ts.interp().gil.give_back() };
    }
    p
}

/// Frees the thread state that this thread is attached to, and gives the GIL back.
///
/// # Safety
/// The state was cleared, and nobody uses it afterwards.
pub unsafe fn delete_current(ts: &ThreadState) {
    let (interp, ts): (*const Interpreter, *const ThreadState) = (ts.interp_ptr(), ts);
    // SAFETY: an interpreter outlives its threads; the caller's promise.
    unsafe {
        (*interp).delete_thread(ts);
        detach_for_ever(&*interp);
    }
}

/// Detaches for the last time: the state is about to be freed, and only its interpreter still counts.
pub(super) fn detach_for_ever(interp: &Interpreter) {
    tls::set(ptr::null());
    // SAFETY: an attached thread holds the GIL.
    unsafe { interp.gil.give_back() };
}

#[cold]
fn hang() -> ! {
    loop {
        // SAFETY: sleeps until a signal, then again.
        unsafe { libc::pause() };
    }
}
