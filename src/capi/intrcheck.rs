//! intrcheck.h and what pyerrors.h says about signals.

use core::ffi::c_int;

use crate::runtime::{ThreadState, boundary, interpreters, lifecycle, signals};

/// A function of a signal's number, `SIG_DFL` or `SIG_IGN`.
#[allow(non_camel_case_types)]
type PyOS_sighandler_t = libc::sighandler_t;

/// Raises `KeyboardInterrupt` if SIGINT came, and what another thread asked this one to raise.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_CheckSignals() -> c_int {
    boundary(signals::check)
}

/// As if SIGINT had come.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_SetInterrupt() {
    signals::simulate(libc::SIGINT);
}

/// As if the signal had come, if it is one that the runtime handles. -1 for a number that is no signal's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_SetInterruptEx(signal: c_int) -> c_int {
    if signals::simulate(signal) { 0 } else { -1 }
}

/// Whether SIGINT came, which is forgotten.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyOS_InterruptOccurred() -> c_int {
    c_int::from(signals::take_interrupt())
}

/// The handler of a signal.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyOS_getsig(signal: c_int) -> PyOS_sighandler_t {
    signals::handler(signal)
}

/// Sets the handler of a signal, and gives the one that it had.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyOS_setsig(signal: c_int, handler: PyOS_sighandler_t) -> PyOS_sighandler_t {
    signals::set_handler(signal, handler)
}

/// Nothing to do before a fork: `fork` itself has the runtime's locks free (`object/lock.rs`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyOS_BeforeFork() {}

/// Nothing to do in the parent after a fork.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyOS_AfterFork_Parent() {}

/// In the child of a fork this thread is the main one; the other threads' states are gone, and so are the interpreters
/// other than the main one. Fatal in another than that.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyOS_AfterFork_Child() {
    let ts = ThreadState::current();
    if !ts.interp().is_main() {
        lifecycle::fatal("_PyInterpreterState_DeleteExceptMain", "not main interpreter");
    }
    // SAFETY: the thread that forked is attached, and the only one.
    unsafe { interpreters::go_on_alone(ts) };
}

/// The older name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyOS_AfterFork() {
    // SAFETY: [attached].
    unsafe { PyOS_AfterFork_Child() };
}
