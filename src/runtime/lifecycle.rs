//! Starting and ending.
//!
//! The process's part (hashes of static strs, the shared table of interned ones, the built-in types' dicts) is
//! made once and stays. An interpreter is little: its heap and a few tables; ending it gives all of it back.

use core::ffi::c_int;
use core::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::Once;

use super::config::PyInterpreterConfig;
use super::{Interpreter, ThreadState, gil, interpreters, settings, signals};
use crate::object::lock::{self, Mutex};

static PROCESS: Once = Once::new();
static INITIALIZED: AtomicBool = AtomicBool::new(false);

/// What `Py_AtExit` registers: called last, the newest first.
static AT_EXIT: Mutex<Vec<unsafe extern "C" fn()>> = Mutex::new(Vec::new());
/// As many as CPython takes.
const MAX_AT_EXIT: usize = 32;

/// `Py_InitializeEx`: the process's part once, then the main interpreter and its first thread.
pub fn initialize(install_signal_handlers: bool) {
    if is_initialized() {
        return;
    }
    if !crate::types::hash::seed_is_valid() {
        refuse("PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]");
    }
    lock::mind_forks();
    crate::modules::leaks::start();
    let interp = interpreters::create(PyInterpreterConfig::LEGACY);
    signals::adopt_main_thread();
    let Some(ts) = interp.and_then(Interpreter::new_thread) else {
        fatal("Py_Initialize", "memory allocation failed");
    };
    // SAFETY: made just now.
    unsafe { gil::attach(ts) };
    INITIALIZED.store(true, Ordering::Release);
    settings::start();
    let mut is_first = false;
    PROCESS.call_once(|| {
        is_first = true;
        start_process(ts);
    });
    let modules = if is_first { crate::modules::configure(ts) } else { crate::modules::start(ts) };
    if modules.is_err() {
        fatal("Py_Initialize", "the built-in modules cannot be made");
    }
    if install_signal_handlers {
        signals::install();
    }
    crate::modules::seal::start();
}

/// The process's part, in the course of which the first interpreter's modules are made.
fn start_process(ts: &ThreadState) {
    if crate::types::type_::builtin::start(ts, crate::modules::enter).is_err() {
        let what = ts.error.message().unwrap_or_default();
        fatal("Py_Initialize", &format!("the built-in types could not be made ready: {what}"));
    }
}

pub fn is_initialized() -> bool {
    INITIALIZED.load(Ordering::Acquire)
}

pub(super) fn set_initialized(is_initialized: bool) {
    INITIALIZED.store(is_initialized, Ordering::Release);
}

/// The interpreter that `Py_Initialize` made.
pub fn main_interpreter<'a>() -> Option<&'a Interpreter> {
    interpreters::main()
}

/// `Py_AtExit`; `false` when the table is full.
pub fn at_exit(function: unsafe extern "C" fn()) -> bool {
    let mut functions = AT_EXIT.lock();
    if functions.len() >= MAX_AT_EXIT {
        return false;
    }
    functions.push(function);
    true
}

/// `Py_FinalizeEx`: -1 if what was printed could not be written out.
pub fn finalize() -> c_int {
    if !is_initialized() {
        return 0;
    }
    let ts = main_thread_state();
    interpreters::begin_end(ts);
    let status = if crate::modules::flush_streams(ts) { 0 } else { -1 };
    settings::end();
    interpreters::end_others(ts);
    interpreters::end_modules(ts);
    signals::restore();
    interpreters::free(ts);
    loop {
        let function = AT_EXIT.lock().pop();
        let Some(function) = function else { break };
        // SAFETY: C handed it over to be called here.
        unsafe { function() };
    }
    crate::modules::seal::end();
    status
}

/// This thread's state, which may be one of another interpreter's: the end begins in the main one.
fn main_thread_state<'a>() -> &'a ThreadState {
    let ts = ThreadState::current();
    match main_interpreter() {
        Some(main) if !core::ptr::eq(main, ts.interp()) => {
            let Some(ts) = main.new_thread() else { fatal("Py_FinalizeEx", interpreters::NO_STATE) };
            gil::detach();
            // SAFETY: made just now.
            unsafe { gil::attach(ts) };
            ts
        }
        _ => ts,
    }
}

/// The runtime ends while other interpreters are there.
pub(super) fn warn_of_others(ts: &ThreadState) {
    let text = "remaining subinterpreters; close them with Interpreter.close()";
    if crate::modules::warnings::warn_text(ts, &crate::types::exceptions::RUNTIME_WARNING, text).is_err() {
        super::unraisable::report(ts, None);
    }
}

/// How deep Python code may nest: kept for who asks, since none runs.
static RECURSION_LIMIT: AtomicI32 = AtomicI32::new(1000);

pub fn recursion_limit() -> i32 {
    RECURSION_LIMIT.load(Ordering::Relaxed)
}

pub fn set_recursion_limit(limit: i32) {
    RECURSION_LIMIT.store(limit, Ordering::Relaxed);
}

/// `Py_Exit`: ends the runtime, then the process.
pub fn exit(status: c_int) -> ! {
    let status = if finalize() < 0 { 120 } else { status };
    std::process::exit(status)
}

/// `Py_FatalError`: says so and aborts.
#[cold]
pub fn fatal(function: &str, message: &str) -> ! {
    eprintln!("Fatal Python error: {function}: {message}");
    std::process::abort()
}

/// The same where the caller has not said which function it is.
#[cold]
pub fn fatal_text(message: &str) -> ! {
    eprintln!("Fatal Python error: {message}");
    let state = if is_initialized() { "initialized" } else { "unknown" };
    eprintln!("Python runtime state: {state}");
    std::process::abort()
}

/// A configuration that CPython does not start with; it leaves with status 1 rather than by a signal.
#[cold]
fn refuse(message: &str) -> ! {
    eprintln!("Fatal Python error: config_init_hash_seed: {message}");
    eprintln!("Python runtime state: preinitialized\n");
    std::process::exit(1)
}
