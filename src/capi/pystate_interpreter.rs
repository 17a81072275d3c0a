//! pystate.h: interpreters; guards and views of them, and attaching to one from any thread.

use core::ffi::c_void;
use core::ptr;

use super::boxed;
use super::pystate::{PyInterpreterState, PyThreadState, attached, dict_in};
use crate::ffi::PyObject;
use crate::object::ObjectCell;
use crate::runtime::guard::{self, Guard, View};
use crate::runtime::{ThreadState, boundary, interpreters, lifecycle};
use crate::types::exceptions::{PYTHON_FINALIZATION_ERROR, RUNTIME_ERROR};

pub type PyInterpreterGuard = Guard;
pub type PyInterpreterView = View;
pub type PyThreadStateToken = c_void;

/// The current interpreter; fatal without one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyInterpreterState_Get() -> *mut PyInterpreterState {
    let ts = attached("PyInterpreterState_Get");
    ptr::from_ref(ts.interp()).cast_mut()
}

/// The interpreter's number: 0 for the main one. -1 with an exception for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyInterpreterState_GetID(interp: *mut PyInterpreterState) -> i64 {
    // SAFETY: [nullable].
    match unsafe { interp.as_ref() } {
        Some(interp) => interp.id,
        None => boundary::<i64>(|ts| Err(ts.raise_str(&RUNTIME_ERROR, "no interpreter provided"))),
    }
}

/// A dict for extensions to keep what belongs to the interpreter; borrowed. NULL without an exception if there is
/// none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyInterpreterState_GetDict(interp: *mut PyInterpreterState) -> *mut PyObject {
    // SAFETY: [live].
    let cell = unsafe { &(*interp).dict };
    if let Some(dict) = cell.peek() {
        return dict.as_ptr();
    }
    let ts = ThreadState::current();
    dict_in(ts, cell).unwrap_or_else(|_raised| {
        ts.error.clear();
        ptr::null_mut()
    })
}

/// An interpreter of the old kind with nothing in it, not even modules; NULL without memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyInterpreterState_New() -> *mut PyInterpreterState {
    interpreters::new_bare().map_or(ptr::null_mut(), |interp| ptr::from_ref(interp).cast_mut())
}

/// Gives back what an interpreter holds, its modules and its threads' states included.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyInterpreterState_Clear(interp: *mut PyInterpreterState) {
    // SAFETY: [live].
    interpreters::clear(attached("PyInterpreterState_Clear"), unsafe { &*interp });
}

/// Frees an interpreter that was cleared, and that no thread is attached to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyInterpreterState_Delete(interp: *mut PyInterpreterState) {
    if ThreadState::try_current().is_some_and(|ts| ptr::eq(ts.interp_ptr(), interp)) {
        lifecycle::fatal("PyInterpreterState_Delete", "the interpreter is still current");
    }
    // SAFETY: [live], and nobody uses it afterwards.
    interpreters::delete(unsafe { &*interp });
}

/// A guard that keeps the current interpreter from ending until it is closed. `PythonFinalizationError` if that has
/// begun already.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyInterpreterGuard_FromCurrent() -> *mut PyInterpreterGuard {
    boundary(|ts| match Guard::new(ts.interp()) {
        Some(guard) => match boxed(|| guard) {
            guard if guard.is_null() => Err(ts.no_memory()),
            guard => Ok(guard),
        },
        None => Err(ts.raise_str(&PYTHON_FINALIZATION_ERROR, "cannot acquire finalization guard anymore")),
    })
}

/// The same for the view's interpreter; NULL without an exception if it has ended or is ending. Needs no GIL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyInterpreterGuard_FromView(view: *mut PyInterpreterView) -> *mut PyInterpreterGuard {
    // SAFETY: a view that was not closed.
    unsafe { (*view).guard() }.map_or(ptr::null_mut(), |guard| boxed(|| guard))
}

/// Closes a guard. Needs no GIL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyInterpreterGuard_Close(guard: *mut PyInterpreterGuard) {
    // SAFETY: boxed above, and closed once.
    drop(unsafe { Box::from_raw(guard) });
}

/// A name for the current interpreter, which may outlive it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyInterpreterView_FromCurrent() -> *mut PyInterpreterView {
    let ts = attached("PyInterpreterView_FromCurrent");
    let view = boxed(|| View::of(ts.interp()));
    if view.is_null() {
        ts.no_memory();
    }
    view
}

/// A name for the main interpreter, whether it is there or not. Needs no GIL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyInterpreterView_FromMain() -> *mut PyInterpreterView {
    boxed(View::of_main)
}

/// Forgets a view. Needs no GIL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyInterpreterView_Close(view: *mut PyInterpreterView) {
    // SAFETY: boxed above, and closed once.
    drop(unsafe { Box::from_raw(view) });
}

/// Attaches this thread to the guard's interpreter, whatever it was attached to; what is returned goes to
/// [`PyThreadState_Release`]. The guard must stay open until then. NULL without memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThreadState_Ensure(guard: *mut PyInterpreterGuard) -> *mut PyThreadStateToken {
    // SAFETY: a guard that was not closed.
    guard::ensure(unsafe { &*guard }).map_or(ptr::null_mut(), |before| before.cast_mut().cast())
}

/// The same for the view's interpreter, which cannot end meanwhile; NULL if it has ended or is ending,
/// or without memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThreadState_EnsureFromView(view: *mut PyInterpreterView) -> *mut PyThreadStateToken {
    // SAFETY: a view that was not closed.
    guard::ensure_from_view(unsafe { &*view }).map_or(ptr::null_mut(), |before| before.cast_mut().cast())
}

/// Undoes the matching [`PyThreadState_Ensure`]; fatal without one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyThreadState_Release(token: *mut PyThreadStateToken) {
    // SAFETY: what the matching call returned.
    unsafe { guard::release(token.cast_const().cast()) };
}

/// A new thread state: what `PyThreadState_New` does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _PyThreadState_Prealloc(interp: *mut PyInterpreterState) -> *mut PyThreadState {
    // SAFETY: [live].
    unsafe { &*interp }.new_thread().map_or(ptr::null_mut(), |ts| ptr::from_ref(ts).cast_mut())
}

/// Fatal, as in CPython: it was never meant to be called from outside.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _PyThreadState_Init(_ts: *mut PyThreadState) {
    lifecycle::fatal("_PyThreadState_Init", "_PyThreadState_Init() is for internal use only")
}
