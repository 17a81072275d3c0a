//! pythonrun.h: printing exceptions. There is nothing to run.

use core::ffi::{CStr, c_char, c_int};

use crate::ffi::PyObject;
use crate::modules::{display, sys};
use crate::object::{Object, Owned};
use crate::protocol;
use crate::runtime::error::is_exception;
use crate::runtime::{ThreadState, boundary, lifecycle};
use crate::types::code::call;
use crate::types::exceptions::{BaseException, NOT_IMPLEMENTED_ERROR, SYSTEM_EXIT};
use crate::types::singletons;
use crate::types::str::fs;

/// There is no compiler: `NotImplementedError`, which names the file. New reference for the one expression that is
/// known, by which modules that Cython wrote make frames (`types/code/call.rs`).
///
/// For other texts it is here, rather than missing, for extension modules that offer to run Python source and never do:
/// bound to all their symbols when they are loaded, they could not be loaded at all. They are told as of a text that is
/// no Python.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_CompileString(
    source: *const c_char,
    filename: *const c_char,
    start: c_int,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [cstr] or NULL both
        let (source, file) = unsafe { (cstr(source), cstr(filename)) };
        if let (Some(call::TEXT), Some(file), PY_EVAL_INPUT) = (source, file, start) {
            return Ok(call::compile(ts, &*fs::decode_name(ts, file)?)?.upcast());
        }
        // SAFETY: [cstr] or NULL
        let name = unsafe { super::optional_text(filename) };
        let name = name.as_deref().unwrap_or("<string>");
        let message = format_args!("cannot compile {name}: this runtime has no Python compiler");
        Err::<Owned<Object>, _>(ts.raise(&NOT_IMPLEMENTED_ERROR, message))
    })
}

/// `Py_eval_input`: the text is one expression.
const PY_EVAL_INPUT: c_int = 258;

/// # Safety
/// `[cstr]` or NULL
unsafe fn cstr<'a>(text: *const c_char) -> Option<&'a [u8]> {
    // SAFETY: [cstr] the caller's promise.
    if text.is_null() { None } else { Some(unsafe { CStr::from_ptr(text) }.to_bytes()) }
}

/// Prints the exception that is set, clears it, and keeps it in `sys.last_exc`. `SystemExit` ends the process.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_PrintEx(set_sys_last: c_int) {
    let ts = ThreadState::current();
    let Some(exception) = ts.take_raised() else { return };
    if exception.ty().is_subtype_of(&SYSTEM_EXIT) {
        exit(ts, &exception);
    }
    if set_sys_last != 0 {
        keep_last(ts, &exception);
    }
    hook(ts, exception);
    ts.error.clear();
}

/// The same, keeping it in `sys.last_exc`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_Print() {
    // SAFETY: [attached].
    unsafe { PyErr_PrintEx(1) };
}

/// Prints an exception to `sys.stderr`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_DisplayException(exception: *mut PyObject) {
    // SAFETY: [live].
    display_object(ThreadState::current(), unsafe { Object::from_raw(exception) });
}

/// The same with a traceback for an exception that has none; anything but a traceback is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_Display(_kind: *mut PyObject, value: *mut PyObject, traceback: *mut PyObject) {
    let ts = ThreadState::current();
    // SAFETY: [live]; [nullable].
    let (value, traceback) = unsafe { (Object::from_raw(value), Object::from_nullable(traceback)) };
    if is_exception(value) {
        // SAFETY: checked.
        let exception = unsafe { value.cast::<BaseException>() };
        exception.adopt_traceback(traceback);
    }
    display_object(ts, value);
}

fn display_object(ts: &ThreadState, value: &Object) {
    if is_exception(value) {
        // SAFETY: checked.
        return display::print(ts, unsafe { value.cast() });
    }
    let name = value.ty().full_name();
    let message = format!("TypeError: print_exception(): Exception expected for value, {name} found\n");
    sys::write_stderr(ts, &message);
}

fn exit(ts: &ThreadState, exception: &BaseException) -> ! {
    let (status, message) = display::exit_status(ts, exception);
    if let Some(message) = message {
        sys::write_stderr(ts, &format!("{message}\n"));
    }
    lifecycle::exit(status)
}

fn keep_last(ts: &ThreadState, exception: &BaseException) {
    let none = singletons::none_ref();
    // SAFETY: NULL or live.
    let traceback = unsafe { Object::from_nullable(exception.traceback.get()) }.map(Owned::new);
    let values: [(&str, &Object); 4] = [
        ("last_exc", exception),
        ("last_type", exception.ty()),
        ("last_value", exception),
        ("last_traceback", traceback.as_deref().unwrap_or(none)),
    ];
    for (name, value) in values {
        if sys::set(ts, name, Some(value)).is_err() {
            ts.error.clear();
        }
    }
}

/// Calls `sys.excepthook`; prints both if that fails, and the exception where there is no hook.
fn hook(ts: &ThreadState, exception: Owned<BaseException>) {
    let Some(hook) = sys::get(ts, "excepthook") else {
        sys::write_stderr(ts, "sys.excepthook is missing\n");
        return display::print(ts, &exception);
    };
    // SAFETY: NULL or live.
    let traceback = unsafe { Object::from_nullable(exception.traceback.get()) }.map(Owned::new);
    let traceback = traceback.as_deref().unwrap_or(singletons::none_ref());
    if protocol::call::call(ts, &hook, &[exception.ty(), &exception, traceback]).is_ok() {
        return;
    }
    let Some(second) = ts.take_raised() else { return };
    if second.ty().is_subtype_of(&SYSTEM_EXIT) {
        exit(ts, &second);
    }
    sys::write_stderr(ts, "Error in sys.excepthook:\n");
    display::print(ts, &second);
    sys::write_stderr(ts, "\nOriginal exception was:\n");
    display::print(ts, &exception);
}

/// What `readline` is asked while it waits: NULL, since nothing reads here.
#[unsafe(no_mangle)]
pub static PyOS_InputHook: InputHook = InputHook(core::cell::Cell::new(None));

/// A C function pointer that a program may set.
#[repr(transparent)]
pub struct InputHook(core::cell::Cell<Option<unsafe extern "C" fn() -> c_int>>);

// SAFETY: set by the main thread, with the GIL held, as C's contract has it.
unsafe impl Sync for InputHook {}
