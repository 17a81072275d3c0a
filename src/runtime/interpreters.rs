//! All interpreters of the process: making and ending them.

use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicI64, AtomicPtr, Ordering};

use super::config::PyInterpreterConfig;
use super::gil::Gil;
use super::{Interpreter, ThreadState, gil, lifecycle, signals, tls};
use crate::object::alloc::try_push;
use crate::object::heap::Heap;
use crate::object::lock::Mutex;
use crate::object::{ObjectCell, Result as OrRaised, collector, ending};
use crate::types::dict::shared;
use crate::types::type_::statics;

static MAIN: AtomicPtr<Interpreter> = AtomicPtr::new(ptr::null_mut());
static NEXT_ID: AtomicI64 = AtomicI64::new(0);

/// Those that were made and have not ended, in that order.
static ALL: Mutex<Vec<Entry>> = Mutex::new(Vec::new());

struct Entry {
    interp: NonNull<Interpreter>,
    /// Its GIL, for a look from outside.
    gil: *const Gil,
}
// SAFETY: only the address is shared; what may be done with it without the GIL, `Interpreter` says.
unsafe impl Send for Entry {}

/// The interpreter that `Py_Initialize` made.
pub fn main<'a>() -> Option<&'a Interpreter> {
    // SAFETY: set while it lives.
    unsafe { MAIN.load(Ordering::Acquire).as_ref() }
}

/// Calls `f` with the interpreter of that number, which does not end meanwhile.
pub fn with<R>(id: i64, f: impl FnOnce(&Interpreter) -> R) -> Option<R> {
    let all = ALL.lock();
    // SAFETY: an interpreter leaves the list before it is freed.
    let interp = all.iter().map(|e| unsafe { e.interp.as_ref() }).find(|i| i.id == id)?;
    Some(f(interp))
}

/// The number of the first interpreter whose heap it is.
pub fn owner_of(heap: &Heap) -> Option<i64> {
    // SAFETY: an interpreter leaves the list before it is freed.
    ALL.lock().iter().map(|e| unsafe { e.interp.as_ref() }).find(|i| ptr::eq(i.heap(), heap)).map(|i| i.id)
}

/// Somebody has waited for that GIL for long: its interpreters look at it where they look whether to collect.
pub(super) fn ask_for(gil: &Gil) {
    for entry in ALL.lock().iter().filter(|e| ptr::eq(e.gil, gil)) {
        // SAFETY: an interpreter leaves the list before it is freed; this much may be done without its GIL.
        unsafe { (*entry.interp.as_ptr()).gc.interrupt() };
    }
}

/// A new interpreter without modules or threads: the main one if there is none. `None` without memory.
pub(super) fn create(config: PyInterpreterConfig) -> Option<&'static Interpreter> {
    let main = main();
    if main.is_none() {
        NEXT_ID.store(0, Ordering::Relaxed);
    }
    let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
    let hook = crate::modules::display::tell_unraisable;
    let interp = Interpreter::new(id, config, main, hook)?;
    let entry = Entry { interp: NonNull::from(&*interp), gil: interp.gil().as_ptr() };
    if !try_push(&mut ALL.lock(), entry) {
        return None;
    }
    let interp: &Interpreter = Box::leak(interp);
    if main.is_none() {
        MAIN.store(ptr::from_ref(interp).cast_mut(), Ordering::Release);
    }
    Some(interp)
}

/// `PyInterpreterState_New`: an interpreter of the old kind with nothing in it. `None` without memory.
pub fn new_bare() -> Option<&'static Interpreter> {
    create(PyInterpreterConfig::LEGACY)
}

/// What cannot fail and needs a thread state.
pub(super) const NO_STATE: &str = "there is no memory for a thread state";
/// As CPython says it.
const NO_MEMORY: &core::ffi::CStr = c"memory allocation failed";

/// `Py_NewInterpreterFromConfig`: this thread is attached to the new interpreter's first state afterwards. On failure
/// it is attached as before, and nothing is left of the new one.
pub fn start(config: &PyInterpreterConfig) -> Result<*const ThreadState, &'static core::ffi::CStr> {
    if let Some(fault) = config.fault() {
        // As in CPython, the number is used up.
        NEXT_ID.fetch_add(1, Ordering::Relaxed);
        return Err(fault);
    }
    let interp = create(*config).ok_or(NO_MEMORY)?;
    let Some(ts) = interp.new_thread() else {
        discard(interp);
        return Err(NO_MEMORY);
    };
    let before = gil::detach();
    // SAFETY: made just now.
    unsafe { gil::attach(ts) };
    // SAFETY: NULL, or this thread's state, whose interpreter lives.
    let maker = unsafe { before.as_ref() }.map(|before| before.interp().heap());
    let modules = || crate::modules::start(ts);
    let started = maker.map_or_else(modules, |maker| ts.interp().heap().on_behalf_of(maker, modules));
    if started.is_err() {
        ts.error.clear();
        end(ts);
        if !before.is_null() {
            // SAFETY: this thread's state from before.
            unsafe { gil::attach(before) };
        }
        return Err(c"the built-in modules cannot be made");
    }
    Ok(ts)
}

/// Runs `f` in the main interpreter. Once that is ending nobody gets in any more: then `f` runs here. `MemoryError` if
/// there is none for a thread state.
pub fn in_main<R>(ts: &ThreadState, f: impl FnOnce(&ThreadState) -> R) -> OrRaised<R> {
    match main().filter(|main| !main.is_finalizing()) {
        Some(main) => within(ts, main, f).ok_or_else(|| ts.no_memory()),
        None => Ok(f(ts)),
    }
}

/// Runs `f` in an interpreter, with a thread state made for that where it is another than this, and comes back. `None`
/// without memory for it.
fn within<R>(ts: &ThreadState, interp: &Interpreter, f: impl FnOnce(&ThreadState) -> R) -> Option<R> {
    if ptr::eq(ts.interp(), interp) {
        return Some(f(ts));
    }
    let there = interp.new_thread()?;
    gil::detach();
    // SAFETY: made just now.
    unsafe { gil::attach(there) };
    let result = f(there);
    there.clear();
    // SAFETY: nobody else knows it; this thread's own state, which it is not done with.
    unsafe {
        gil::delete_current(there);
        gil::attach(ts);
    }
    Some(result)
}

/// Waits until nobody relies on the interpreter any more; then no other thread gets the GIL.
pub(super) fn begin_end(ts: &ThreadState) {
    let interp = ts.interp();
    loop {
        super::pending::finish(ts);
        if interp.guards.refuse() {
            break;
        }
        interp.guards.wait();
    }
    interp.begin_finalizing(ts);
}

/// `Py_EndInterpreter`, for an interpreter other than the main one: this thread is attached to nothing afterwards.
pub fn end(ts: &ThreadState) {
    begin_end(ts);
    crate::modules::flush_streams(ts);
    end_modules(ts);
    free(ts);
}

/// The modules, then what was registered for the end.
pub(super) fn end_modules(ts: &ThreadState) {
    let interp = ts.interp();
    crate::modules::end(ts);
    collector::collect_at_end(ts);
    loop {
        let callback = interp.at_exit.borrow_mut().pop();
        let Some(callback) = callback else { break };
        callback(ts);
    }
}

/// `PyInterpreterState_Clear`, in whatever interpreter this thread is.
pub fn clear(ts: &ThreadState, interp: &Interpreter) {
    let cleared = within(ts, interp, |ts| {
        crate::modules::end(ts);
        give_up(ts);
    });
    if cleared.is_none() {
        lifecycle::fatal("PyInterpreterState_Clear", NO_STATE);
    }
}

/// Gives back all that an interpreter owns, and the interpreter.
pub(super) fn free(ts: &ThreadState) {
    give_up(ts);
    if ts.interp().is_main() {
        lifecycle::set_initialized(false);
        MAIN.store(ptr::null_mut(), Ordering::Release);
    }
    discard(ts.interp());
}

/// Gives back all that an interpreter owns.
fn give_up(ts: &ThreadState) {
    let interp = ts.interp();
    interp.clear_method_cache();
    for other in interp.other_threads(ts) {
        // SAFETY: its thread waits for the GIL, and will not get it.
        unsafe { (*other).clear() };
    }
    ts.clear();
    let codecs = [&interp.codec_errors, &interp.codec_search];
    for cell in [&interp.modules, &interp.builtins, &interp.sys_dict, &interp.dict].into_iter().chain(codecs) {
        drop(cell.take_owned());
    }
    let is_last = interp.owns_memory();
    if is_last {
        shared::end(ts);
    }
    if interp.is_main() {
        statics::forget_classes();
    }
    interp.gc.end();
    collector::collect_at_end(ts);
    if is_last {
        // What ended may have changed some again.
        shared::end(ts);
    }
    ending::end_immortals(ts);
    ts.clear();
    crate::modules::leaks::end(ts);
}

/// Frees an interpreter that holds no objects that somebody else could use, with this thread's state in it, if it is
/// attached to one of its.
fn discard(interp: &Interpreter) {
    let interp_ptr = ptr::from_ref(interp).cast_mut();
    ALL.lock().retain(|e| !ptr::eq(e.interp.as_ptr(), interp_ptr));
    // SAFETY: NULL or this thread's state.
    let attached = unsafe { tls::get().as_ref() }.is_some_and(|ts| ptr::eq(ts.interp_ptr(), interp));
    // SAFETY: NULL or this thread's state.
    if unsafe { tls::own().as_ref() }.is_some_and(|ts| ptr::eq(ts.interp_ptr(), interp)) {
        tls::set_own(ptr::null());
    }
    let gil = interp.gil();
    interp.free_threads();
    // SAFETY: leaked by `create`, and nobody uses it any more: threads that come back look at their state only.
    drop(unsafe { Box::from_raw(interp_ptr) });
    if attached {
        gil::detach_for_ever(&gil);
    }
}

/// `PyInterpreterState_Delete`: for one that was cleared, and that no thread is attached to.
pub fn delete(interp: &Interpreter) {
    discard(interp);
}

/// Ends all but the main one, to which `ts` belongs. `true` if there was one.
pub(super) fn end_others(ts: &ThreadState) -> bool {
    let mut found = false;
    loop {
        let other = ALL.lock().iter().map(|e| e.interp.as_ptr()).find(|&i| !ptr::eq(i, ts.interp_ptr()));
        let Some(other) = other else { return found };
        if !found {
            lifecycle::warn_of_others(ts);
            found = true;
        }
        // SAFETY: in the list, so not freed; its thread states may be made without its GIL.
        let Some(theirs) = (unsafe { (*other).new_thread() }) else { lifecycle::fatal("Py_FinalizeEx", NO_STATE) };
        let before = gil::detach();
        // SAFETY: made just now, and this thread's state from before.
        unsafe {
            gil::attach(theirs);
            end(theirs);
            gil::attach(before);
        }
    }
}

/// In the child of a fork the other threads are gone, and with them all that made sense of what the other interpreters
/// hold: those are forgotten, without running any code. One with its own GIL may have been in the middle of anything, so
/// its memory is left as it lies; the child shares it with its parent.
///
/// # Safety
/// The thread that forked is attached to `ts`, of the main interpreter, and is the only one.
pub unsafe fn go_on_alone(ts: &ThreadState) {
    // SAFETY: the caller's promise.
    unsafe { ts.gil().reset_after_fork() };
    signals::adopt_main_thread();
    ts.interp().guards.forget();
    ts.interp().forget_other_threads();
    let others: Vec<Entry> = ALL.lock().extract_if(.., |e| !ptr::eq(e.interp.as_ptr(), ts.interp_ptr())).collect();
    for other in others.iter().filter(|e| ptr::eq(e.gil, ts.gil().as_ptr())) {
        // SAFETY: nobody is left who could use it; this thread has had its GIL.
        unsafe {
            other.interp.as_ref().forget_other_threads();
            drop(Box::from_raw(other.interp.as_ptr()));
        }
    }
}
