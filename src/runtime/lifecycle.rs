//! Starting and ending.
//!
//! The process's part (hashes of static strs, the shared table of interned ones, the built-in types' dicts) is
//! made once and stays. An interpreter is little: its heap and a few tables.

use core::sync::atomic::{AtomicBool, Ordering};
use std::sync::Once;

use super::{Interpreter, ThreadState, tls};

static PROCESS: Once = Once::new();
static INITIALIZED: AtomicBool = AtomicBool::new(false);

/// `Py_Initialize`: the process's part once, then the main interpreter and its first thread.
pub fn initialize() {
    if INITIALIZED.swap(true, Ordering::AcqRel) {
        return;
    }
    let interp = Box::leak(Box::new(Interpreter::new(0)));
    let thread = Box::new(ThreadState::new(interp, 1));
    let p: *const ThreadState = &*thread;
    // SAFETY: nobody else knows the interpreter yet.
    unsafe { (*interp.threads.get()).push(thread) };
    tls::set(p);
    PROCESS.call_once(start_process);
}

fn start_process() {
    let ts = ThreadState::current();
    if crate::types::type_::builtin::start(ts).is_err() {
        let what = ts.error.message().unwrap_or_default();
        fatal("Py_Initialize", &format!("the built-in types could not be made ready: {what}"));
    }
}

pub fn is_initialized() -> bool {
    INITIALIZED.load(Ordering::Acquire)
}

/// `Py_FatalError`: says so and aborts.
#[cold]
pub fn fatal(function: &str, message: &str) -> ! {
    eprintln!("Fatal Python error: {function}: {message}");
    std::process::abort()
}
