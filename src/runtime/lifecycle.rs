//! Starting and ending.
//!
//! The process's part (hashes of static strs, the shared table of interned ones, the built-in types' dicts) is
//! made once and stays. An interpreter is little: its heap and a few tables; ending it gives all of it back.

use core::ffi::c_int;
use core::ptr;
use core::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, Ordering};
use std::sync::Once;

use parking_lot::Mutex;

use super::{Interpreter, ThreadState, gil, settings, signals, tls};
use crate::ffi::{Py_TPFLAGS_READY, Py_TPFLAGS_VALID_VERSION_TAG};
use crate::object::{ObjectCell, Type, collector, ending, immortal};

static PROCESS: Once = Once::new();
static INITIALIZED: AtomicBool = AtomicBool::new(false);
static MAIN: AtomicPtr<Interpreter> = AtomicPtr::new(ptr::null_mut());

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
    let interp: &Interpreter = Box::leak(Box::new(Interpreter::new(0, crate::modules::display::tell_unraisable)));
    MAIN.store(ptr::from_ref(interp).cast_mut(), Ordering::Release);
    signals::adopt_main_thread();
    let ts = interp.new_thread();
    gil::attach_first(ts);
    INITIALIZED.store(true, Ordering::Release);
    settings::start();
    PROCESS.call_once(|| start_process(ts));
    if crate::modules::start(ts).is_err() {
        fatal("Py_Initialize", "the built-in modules cannot be made");
    }
    if install_signal_handlers {
        signals::install();
    }
    crate::modules::seal::start();
}

fn start_process(ts: &ThreadState) {
    if crate::types::type_::builtin::start(ts).is_err() {
        let what = ts.error.message().unwrap_or_default();
        fatal("Py_Initialize", &format!("the built-in types could not be made ready: {what}"));
    }
}

pub fn is_initialized() -> bool {
    INITIALIZED.load(Ordering::Acquire)
}

/// The interpreter that `Py_Initialize` made.
pub fn main_interpreter<'a>() -> Option<&'a Interpreter> {
    // SAFETY: set while it lives.
    unsafe { MAIN.load(Ordering::Acquire).as_ref() }
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
    let ts = ThreadState::current();
    let interp = ts.interp();
    ts.set_finalizer();
    super::pending::finish(ts);
    loop {
        let callback = interp.at_exit.borrow_mut().pop();
        let Some(callback) = callback else { break };
        callback(ts);
    }
    let status = if crate::modules::flush_streams(ts) { 0 } else { -1 };
    settings::end();
    interp.finalizing.set(true);
    crate::modules::end(ts);
    collector::collect(ts);
    signals::restore();
    end_interpreter(ts);
    loop {
        let function = AT_EXIT.lock().pop();
        let Some(function) = function else { break };
        // SAFETY: C handed it over to be called here.
        unsafe { function() };
    }
    crate::modules::seal::end();
    status
}

/// Gives back all that an interpreter owns, and the interpreter.
fn end_interpreter(ts: &ThreadState) {
    let interp = ts.interp();
    for other in interp.other_threads(ts) {
        // SAFETY: its thread waits for the GIL, and will not get it.
        unsafe { (*other).clear() };
    }
    ts.clear();
    let codecs = [&interp.codec_errors, &interp.codec_search];
    for cell in [&interp.modules, &interp.builtins, &interp.sys_dict, &interp.dict].into_iter().chain(codecs) {
        drop(cell.take_owned());
    }
    unready_extension_types();
    collector::collect(ts);
    crate::types::type_::ready::forget_extension_types(ts);
    ending::end_immortals(ts);
    ts.clear();
    INITIALIZED.store(false, Ordering::Release);
    MAIN.store(ptr::null_mut(), Ordering::Release);
    let interp_ptr = ptr::from_ref(interp).cast_mut();
    interp.free_threads();
    tls::set_own(ptr::null());
    // SAFETY: leaked by `initialize`, and nobody uses it any more: threads that come back hang before they
    // would look at it.
    let interp = unsafe { Box::from_raw(interp_ptr) };
    gil::detach_for_ever(&interp);
}

/// An extension's static types hang on to objects of the interpreter that readied them: they give them back, and can
/// be readied again.
fn unready_extension_types() {
    for object in immortal::adopted() {
        // SAFETY: an extension's image is never unloaded.
        let Some(ty) = unsafe { object.as_ref() }.downcast::<Type>() else { continue };
        ty.tp_flags.set(ty.tp_flags.get() & !(Py_TPFLAGS_READY | Py_TPFLAGS_VALID_VERSION_TAG));
        ty.tp_version_tag.set(0);
        for part in [&ty.tp_dict, &ty.tp_bases, &ty.tp_mro, &ty.tp_cache] {
            drop(part.take_owned());
        }
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
