//! Calls that any thread may ask for, made by the main thread when it next looks.

use core::ffi::{c_int, c_void};
use std::collections::VecDeque;

use super::{ThreadState, signals};
use crate::object::lock::Mutex;
use crate::object::{Raised, Result};

pub type Function = unsafe extern "C" fn(*mut c_void) -> c_int;

struct Call {
    function: Function,
    argument: *mut c_void,
}

// SAFETY: whoever hands the argument over means it for the main thread.
unsafe impl Send for Call {}

static CALLS: Mutex<VecDeque<Call>> = Mutex::new(VecDeque::new());
/// As many as CPython queues.
const MAX: usize = 32;

/// `Py_AddPendingCall`; `false` when the queue is full. Needs no GIL.
pub fn add(function: Function, argument: *mut c_void) -> bool {
    let mut calls = CALLS.lock();
    if calls.len() >= MAX {
        return false;
    }
    calls.push_back(Call { function, argument });
    true
}

/// Lets another thread run that has waited for long, then makes the calls that are due.
pub fn run(ts: &ThreadState) -> Result<()> {
    super::gil::hand_over_if_wanted(ts);
    make(ts)
}

/// Makes the calls that are due, in the main thread of the main interpreter; stops at the first that fails.
fn make(ts: &ThreadState) -> Result<()> {
    if !signals::is_for(ts) {
        return Ok(());
    }
    // No more than there are now: a call may ask for itself again.
    for _ in 0..MAX {
        let call = CALLS.lock().pop_front();
        let Some(call) = call else { break };
        // SAFETY: handed over to be called like this, with the GIL held.
        if unsafe { (call.function)(call.argument) } != 0 {
            return Err(Raised::already());
        }
    }
    Ok(())
}

/// The same at the end of the interpreter, and nobody else runs: what fails is reported.
pub fn finish(ts: &ThreadState) {
    while make(ts).is_err() {
        super::unraisable::report(ts, None);
    }
}
