//! pystate.h: thread states, and the GIL for threads that Python did not make.

use core::ffi::{c_int, c_ulong};
use core::ptr;

use crate::ffi::PyObject;
use crate::object::{ObjectCell, Result};
use crate::runtime::{Interpreter, ThreadState, gil, lifecycle, tls};
use crate::types::Dict;

pub type PyThreadState = ThreadState;
pub type PyInterpreterState = Interpreter;
/// There are no frames: every such pointer is NULL.
pub type PyFrameObject = PyObject;
#[allow(non_camel_case_types, reason = "C's name")]
pub type PyGILState_STATE = c_int;

/// `PyGILState_STATE`.
const LOCKED: c_int = 0;
const UNLOCKED: c_int = 1;

/// The dict in `cell`, made on first use; borrowed.
pub(super) fn dict_in(ts: &ThreadState, cell: &core::cell::Cell<*mut PyObject>) -> Result<*mut PyObject> {
    if cell.get().is_null() {
        cell.store(Some(Dict::new(ts)?));
    }
    Ok(cell.get())
}

/// A new thread state, attached to no thread yet; NULL without memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThreadState_New(interp: *mut PyInterpreterState) -> *mut PyThreadState {
    // SAFETY: [live].
    let Some(ts) = (unsafe { (*interp).new_thread() }) else { return ptr::null_mut() };
    if tls::own().is_null() {
        tls::set_own(ts);
    }
    ptr::from_ref(ts).cast_mut()
}

/// Gives back what a thread state holds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThreadState_Clear(ts: *mut PyThreadState) {
    // SAFETY: [live].
    unsafe { (*ts).clear() };
}

/// Frees a thread state that was cleared and is not the current one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThreadState_Delete(ts: *mut PyThreadState) {
    if ptr::eq(tls::get(), ts) {
        lifecycle::fatal("PyThreadState_Delete", &format!("tstate {ts:p} is still current"));
    }
    // SAFETY: [live], and nobody uses it afterwards.
    unsafe { (*ts).interp().delete_thread(ts) };
}

/// Frees the current thread state, which was cleared, and gives the GIL back.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThreadState_DeleteCurrent() {
    let ts = attached("PyThreadState_DeleteCurrent");
    // SAFETY: attached to it, and never again.
    unsafe { gil::delete_current(ts) };
}

/// The current thread state; fatal without one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThreadState_Get() -> *mut PyThreadState {
    ptr::from_ref(attached("PyThreadState_Get")).cast_mut()
}

/// The current thread state, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThreadState_GetUnchecked() -> *mut PyThreadState {
    tls::get().cast_mut()
}

/// Detaches from the current thread state and attaches to another; either may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThreadState_Swap(ts: *mut PyThreadState) -> *mut PyThreadState {
    // SAFETY: [nullable].
    unsafe { gil::swap(ts) }.cast_mut()
}

/// A dict for extensions to keep what belongs to the thread; borrowed. NULL without an exception if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThreadState_GetDict() -> *mut PyObject {
    let Some(ts) = ThreadState::try_current() else { return ptr::null_mut() };
    dict_in(ts, &ts.dict).unwrap_or_else(|_raised| {
        ts.error.clear();
        ptr::null_mut()
    })
}

/// The interpreter of a thread state.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThreadState_GetInterpreter(ts: *mut PyThreadState) -> *mut PyInterpreterState {
    // SAFETY: [live].
    unsafe { (*ts).interp_ptr() }.cast_mut()
}

/// The thread state's number, never used twice in an interpreter.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThreadState_GetID(ts: *mut PyThreadState) -> u64 {
    // SAFETY: [live].
    unsafe { (*ts).id }
}

/// The frame that runs in a thread: NULL unless one does, which is rare (`types/code/call.rs`). New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThreadState_GetFrame(ts: *mut PyThreadState) -> *mut PyFrameObject {
    // SAFETY: [live].
    super::hand_out(crate::object::ObjectCell::load(unsafe { &(*ts).frame }))
}

/// Asks a thread to raise `exception` when it next looks, or no more for NULL; how many threads were asked.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThreadState_SetAsyncExc(thread: c_ulong, exception: *mut PyObject) -> c_int {
    let ts = ThreadState::current();
    // SAFETY: [nullable].
    let exception = unsafe { PyObject::from_nullable(exception) };
    c_int::from(ts.interp().set_async_exception(thread as usize, exception))
}

/// Makes sure that this thread is attached, whatever it was; undone by [`PyGILState_Release`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyGILState_Ensure() -> PyGILState_STATE {
    let mut ts = tls::own();
    if ts.is_null() {
        let Some(fresh) = lifecycle::main_interpreter().and_then(Interpreter::new_thread) else {
            lifecycle::fatal("PyGILState_Ensure", "Couldn't create thread-state for new thread");
        };
        fresh.gilstate_counter.set(0);
        tls::set_own(fresh);
        ts = fresh;
    }
    let had = ptr::eq(tls::get(), ts);
    if !had {
        // SAFETY: this thread's own state.
        unsafe { gil::attach(ts) };
    }
    // SAFETY: this thread's own state, attached.
    let counter = unsafe { &(*ts).gilstate_counter };
    counter.set(counter.get() + 1);
    if had { LOCKED } else { UNLOCKED }
}

/// Undoes the matching [`PyGILState_Ensure`]; the last one ends a thread state that was made for it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyGILState_Release(state: PyGILState_STATE) {
    // SAFETY: this thread's own state, if it has one.
    let Some(ts) = (unsafe { tls::own().as_ref() }) else {
        lifecycle::fatal("PyGILState_Release", "auto-releasing thread-state, but no thread-state for this thread");
    };
    if !ptr::eq(tls::get(), ts) {
        let message = format!("thread state {ts:p} must be current when releasing");
        lifecycle::fatal("PyGILState_Release", &message);
    }
    let left = ts.gilstate_counter.get() - 1;
    ts.gilstate_counter.set(left);
    if left == 0 {
        // What is given back may come here again.
        ts.gilstate_counter.set(1);
        ts.clear();
        // SAFETY: attached to it, and made for the call that is being undone.
        unsafe { gil::delete_current(ts) };
    } else if state == UNLOCKED {
        gil::detach();
    }
}

/// The thread state that [`PyGILState_Ensure`] would attach, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyGILState_GetThisThreadState() -> *mut PyThreadState {
    tls::own().cast_mut()
}

/// Whether this thread is attached to its own state.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyGILState_Check() -> c_int {
    let own = tls::own();
    c_int::from(!own.is_null() && ptr::eq(tls::get(), own))
}

#[cold]
fn not_attached(function: &str) -> ! {
    let message = "the function must be called with the GIL held, after Python initialization and before Python \
                   finalization, but the GIL is released (the current Python thread state is NULL)";
    lifecycle::fatal(function, message)
}

pub(super) fn attached<'a>(function: &str) -> &'a ThreadState {
    ThreadState::try_current().unwrap_or_else(|| not_attached(function))
}
