//! Signals: SIGINT becomes `KeyboardInterrupt` where the main thread looks, and SIGPIPE an error of `write`.

use core::ffi::c_int;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::ThreadState;
use super::thread::os_thread;
use crate::object::{ObjectCell, Result};
use crate::types::exceptions::{BaseException, KEYBOARD_INTERRUPT};

/// The highest signal on Linux.
pub const MAX_SIGNAL: c_int = 64;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static INSTALLED: AtomicBool = AtomicBool::new(false);
static MAIN_THREAD: AtomicUsize = AtomicUsize::new(0);

extern "C" fn interrupted(_signal: c_int) {
    INTERRUPTED.store(true, Ordering::Release);
}

/// Remembers the main thread: the one that starts the runtime, or the only one after a fork.
pub fn adopt_main_thread() {
    MAIN_THREAD.store(os_thread(), Ordering::Relaxed);
}

pub fn in_main_thread() -> bool {
    MAIN_THREAD.load(Ordering::Relaxed) == os_thread()
}

/// Whether this thread and interpreter are the ones that signals are for.
pub fn is_for(ts: &ThreadState) -> bool {
    in_main_thread() && ts.interp().is_main()
}

fn handler_of(signal: c_int) -> libc::sighandler_t {
    // SAFETY: the structure is filled by the call; zeros are a valid start.
    unsafe {
        let mut action: libc::sigaction = core::mem::zeroed();
        if libc::sigaction(signal, core::ptr::null(), &mut action) != 0 {
            return libc::SIG_ERR;
        }
        action.sa_sigaction
    }
}

/// Sets a handler and says which there was; `SIG_ERR` if there is no such signal.
pub fn set_handler(signal: c_int, handler: libc::sighandler_t) -> libc::sighandler_t {
    let before = handler_of(signal);
    // SAFETY: a whole structure; the handler is the caller's.
    unsafe {
        let mut action: libc::sigaction = core::mem::zeroed();
        action.sa_sigaction = handler;
        libc::sigemptyset(&mut action.sa_mask);
        action.sa_flags = libc::SA_ONSTACK;
        if libc::sigaction(signal, &action, core::ptr::null_mut()) != 0 {
            return libc::SIG_ERR;
        }
    }
    before
}

/// `PyOS_getsig`.
pub fn handler(signal: c_int) -> libc::sighandler_t {
    handler_of(signal)
}

/// What `Py_Initialize` does about signals, where nobody else did: as the host left a handler, it stays.
pub fn install() {
    set_handler(libc::SIGPIPE, libc::SIG_IGN);
    set_handler(libc::SIGXFSZ, libc::SIG_IGN);
    if handler_of(libc::SIGINT) == libc::SIG_DFL {
        let handler: extern "C" fn(c_int) = interrupted;
        set_handler(libc::SIGINT, handler as libc::sighandler_t);
        INSTALLED.store(true, Ordering::Relaxed);
    }
}

/// Gives SIGINT back at the end.
pub fn restore() {
    INTERRUPTED.store(false, Ordering::Relaxed);
    if INSTALLED.swap(false, Ordering::Relaxed) {
        set_handler(libc::SIGINT, libc::SIG_DFL);
    }
}

/// `PyErr_SetInterruptEx`: as if the signal had come. `false` if there is no such signal. One that the runtime
/// does not handle is passed over.
pub fn simulate(signal: c_int) -> bool {
    if !(1..=MAX_SIGNAL).contains(&signal) {
        return false;
    }
    if signal == libc::SIGINT && INSTALLED.load(Ordering::Relaxed) {
        INTERRUPTED.store(true, Ordering::Release);
    }
    true
}

/// `PyOS_InterruptOccurred`: whether SIGINT came, which is then forgotten.
pub fn take_interrupt() -> bool {
    in_main_thread() && INTERRUPTED.swap(false, Ordering::Acquire)
}

/// `PyErr_CheckSignals`: SIGINT, and what another thread asked this one to raise.
pub fn check(ts: &ThreadState) -> Result<()> {
    super::gil::hand_over_if_wanted(ts);
    crate::object::collector::collect_if_due(ts);
    if let Some(asked) = ts.asked_to_raise.take_owned() {
        return match asked.downcast_owned::<BaseException>() {
            Ok(exception) => Err(ts.raise_exception(exception)),
            // SAFETY: asked for by name of a class otherwise.
            Err(class) => Err(ts.raise_bare(unsafe { class.cast() })),
        };
    }
    if INTERRUPTED.load(Ordering::Relaxed) && ts.interp().is_main() && take_interrupt() {
        return Err(ts.raise_bare(&KEYBOARD_INTERRUPT));
    }
    Ok(())
}
