//! ceval.h: the GIL, recursion, pending calls, and what is left of the evaluation loop where there is none.

use core::ffi::{CStr, c_char, c_int, c_void};
use core::ptr;

use super::hand_out;
use super::pystate::{PyFrameObject, PyThreadState};
use crate::ffi::PyObject;
use crate::object::{Object, ObjectCell, Owned, Result};
use crate::protocol::call;
use crate::runtime::{Lent, ThreadState, boundary, gil, lifecycle, pending, tls};
use crate::types::exceptions::TYPE_ERROR;
use crate::types::frame::Frame;
use crate::types::function::Function;
use crate::types::{Dict, Tuple, code};

/// Gives the GIL back, so that other threads may run; what is returned goes to [`PyEval_RestoreThread`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyEval_SaveThread() -> *mut PyThreadState {
    let ts = gil::detach();
    if ts.is_null() {
        lifecycle::fatal("PyEval_SaveThread", "the function must be called with an active thread state");
    }
    ts.cast_mut()
}

/// Takes the GIL again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyEval_RestoreThread(ts: *mut PyThreadState) {
    attach("PyEval_RestoreThread", ts);
}

/// Takes the GIL and attaches to `ts`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyEval_AcquireThread(ts: *mut PyThreadState) {
    attach("PyEval_AcquireThread", ts);
}

fn attach(function: &str, ts: *mut PyThreadState) {
    if ts.is_null() {
        lifecycle::fatal(function, "the function must be called with an active thread state");
    }
    if !tls::get().is_null() {
        lifecycle::fatal(function, "non-NULL old thread state");
    }
    // SAFETY: [live].
    unsafe { gil::attach(ts) };
}

/// Detaches from `ts`, the current thread state, and gives the GIL back.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyEval_ReleaseThread(ts: *mut PyThreadState) {
    if !ptr::eq(tls::get(), ts) {
        lifecycle::fatal("PyEval_ReleaseThread", "wrong thread state");
    }
    gil::detach();
}

/// Takes the GIL for the current thread state, after [`PyEval_ReleaseLock`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyEval_AcquireLock() {
    match ThreadState::try_current() {
        Some(ts) => gil::retake(ts),
        None => lifecycle::fatal("PyEval_AcquireLock", "current thread state is NULL"),
    }
}

/// Gives the GIL back, the thread state being current still: nothing may be done with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyEval_ReleaseLock() {
    if let Some(ts) = ThreadState::try_current() {
        // SAFETY: [attached].
        unsafe { gil::give_back(ts) };
    }
}

/// Nothing: there has been a GIL since the start.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyEval_InitThreads() {}

/// 1: there has been a GIL since the start.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyEval_ThreadsInitialized() -> c_int {
    c_int::from(lifecycle::is_initialized())
}

/// To be asked before recursing; `RecursionError` when the stack is nearly used up. `place` completes the message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_EnterRecursiveCall(place: *const c_char) -> c_int {
    boundary(|ts| {
        // SAFETY: [cstr].
        let place = if place.is_null() { c"" } else { unsafe { CStr::from_ptr(place) } };
        ts.check_recursion(place.to_str().unwrap_or(""))
    })
}

/// Nothing: the stack itself is what is counted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_LeaveRecursiveCall() {}

/// What the macro of old calls when its counter has run out.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _Py_CheckRecursiveCall(place: *const c_char) -> c_int {
    // SAFETY: [cstr].
    unsafe { Py_EnterRecursiveCall(place) }
}

/// How deep Python code may nest.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_GetRecursionLimit() -> c_int {
    lifecycle::recursion_limit()
}

/// Sets how deep Python code may nest.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_SetRecursionLimit(limit: c_int) {
    lifecycle::set_recursion_limit(limit);
}

/// Has a function called by the main thread when it next looks. Needs no GIL. -1 if too many wait.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_AddPendingCall(
    function: Option<unsafe extern "C" fn(*mut c_void) -> c_int>,
    argument: *mut c_void,
) -> c_int {
    match function {
        Some(function) if pending::add(function, argument) => 0,
        _ => -1,
    }
}

/// Makes the calls that wait; -1 with its exception if one fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_MakePendingCalls() -> c_int {
    boundary(pending::run)
}

/// The namespace of the built-in functions; borrowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyEval_GetBuiltins() -> *mut PyObject {
    ThreadState::current().interp().builtins.get()
}

/// The same as a new reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyEval_GetFrameBuiltins() -> *mut PyObject {
    boundary(|ts| Ok(ts.interp().builtins.load()))
}

/// The frame that runs: NULL unless one does, which is rare (`types/code/call.rs`). Borrowed reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyEval_GetFrame() -> *mut PyFrameObject {
    ThreadState::current().frame.get()
}

/// The globals of the frame that runs, or NULL. Borrowed reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyEval_GetGlobals() -> *mut PyObject {
    Frame::current(ThreadState::current()).map_or(ptr::null_mut(), |frame| frame.f_globals.get())
}

/// The same as a new reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyEval_GetFrameGlobals() -> *mut PyObject {
    hand_out(Frame::current(ThreadState::current()).and_then(|frame| frame.f_globals.load()))
}

/// The local names of the frame that runs; borrowed. `SystemError` where none does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyEval_GetLocals() -> *mut PyObject {
    boundary::<Lent>(|ts| Ok(Lent(locals(ts)?.as_ptr())))
}

/// The same as a new reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyEval_GetFrameLocals() -> *mut PyObject {
    boundary(locals)
}

fn locals(ts: &ThreadState) -> Result {
    match Frame::current(ts) {
        Some(frame) => Frame::locals(ts, frame),
        None => Err(ts.raise_str(&crate::types::exceptions::SYSTEM_ERROR, "frame does not exist")),
    }
}

/// `callable(*args, **kwargs)`; both may be NULL. `TypeError` for other than a tuple and a dict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyEval_CallObjectWithKeywords(
    callable: *mut PyObject,
    args: *mut PyObject,
    kwargs: *mut PyObject,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live]; [nullable] the others.
        let (callable, args, kwargs) =
            unsafe { (Object::from_raw(callable), Object::from_nullable(args), Object::from_nullable(kwargs)) };
        let args = match args.map(Object::downcast::<Tuple>) {
            None => Tuple::empty(),
            Some(Some(args)) => Owned::new(args),
            Some(None) => return Err(ts.raise_str(&TYPE_ERROR, "argument list must be a tuple")),
        };
        let kwargs = match kwargs.map(Object::downcast::<Dict>) {
            None => None,
            Some(Some(kwargs)) => Some(kwargs),
            Some(None) => return Err(ts.raise_str(&TYPE_ERROR, "keyword list must be a dictionary")),
        };
        call::call_tuple_dict(ts, callable, &args, kwargs)
    })
}

/// The name of a function, or of the type of something else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyEval_GetFuncName(function: *mut PyObject) -> *const c_char {
    // SAFETY: [live].
    let function = unsafe { Object::from_raw(function) };
    match function.downcast::<Function>() {
        Some(function) => function.def().ml_name,
        None => function.ty().tp_name,
    }
}

/// `()` for a function, ` object` for something else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyEval_GetFuncDesc(function: *mut PyObject) -> *const c_char {
    // SAFETY: [live].
    let is_function = unsafe { Object::from_raw(function) }.downcast::<Function>().is_some();
    if is_function { c"()".as_ptr() } else { c" object".as_ptr() }
}

/// Evaluates what `Py_CompileString` could compile. New reference. `TypeError` for anything else, since the runtime runs
/// no Python code; `SystemError` for globals that are no dict.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyEval_EvalCode(
    code: *mut PyObject,
    globals: *mut PyObject,
    locals: *mut PyObject,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable]
        let code = unsafe { super::required(ts, code)? };
        if let Some(code) = code::call::is_compiled(code) {
            // SAFETY: [nullable] both
            let (globals, locals) = unsafe { (super::expected(ts, globals)?, Object::from_nullable(locals)) };
            return code::call::evaluate(ts, code, globals, locals);
        }
        let name = code.ty().full_name();
        let message = format_args!("cannot evaluate '{name}' object: this runtime has no Python code");
        Err::<Owned<Object>, _>(ts.raise(&TYPE_ERROR, message))
    })
}
