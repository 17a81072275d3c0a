//! pylifecycle.h: starting and ending, versions, and the settings of old.

use core::ffi::{c_char, c_int, c_ulong, c_void};
use core::ptr;

use super::initconfig::PyStatus;
use super::pystate::{PyInterpreterState, PyThreadState};
pub use crate::runtime::config::PyInterpreterConfig;
use crate::runtime::{interpreters, lifecycle, settings, tls};

#[allow(non_camel_case_types)]
pub type wchar_t = libc::wchar_t;

/// 3.15.2 final: `PY_VERSION_HEX`.
#[unsafe(no_mangle)]
pub static Py_Version: c_ulong = crate::runtime::version::HEX as c_ulong;

/// Starts the runtime, signal handlers included. Nothing happens if it runs already.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_Initialize() {
    lifecycle::initialize(true);
}

/// Starts the runtime, with signal handlers unless `handlers` is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_InitializeEx(handlers: c_int) {
    lifecycle::initialize(handlers != 0);
}

/// Ends the runtime and gives all memory back. -1 if what was printed could not be written out.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_FinalizeEx() -> c_int {
    lifecycle::finalize()
}

/// The same without an answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_Finalize() {
    lifecycle::finalize();
}

/// A new interpreter: this thread is attached to its first thread state, which `*ts` names, and to nothing that it was
/// attached to before. Where that fails, `*ts` is NULL and all is as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_NewInterpreterFromConfig(
    ts: *mut *mut PyThreadState,
    config: *const PyInterpreterConfig,
) -> PyStatus {
    // SAFETY: [live].
    let (made, status) = match interpreters::start(unsafe { &*config }) {
        Ok(made) => (made, PyStatus::ok()),
        Err(message) => (ptr::null(), PyStatus::error(c"init_interp_settings".as_ptr(), message.as_ptr())),
    };
    // SAFETY: [out].
    unsafe { ts.write(made.cast_mut()) };
    status
}

/// A new interpreter that shares the main one's GIL and allows everything; fatal if it cannot be made.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_NewInterpreter() -> *mut PyThreadState {
    match interpreters::start(&PyInterpreterConfig::LEGACY) {
        Ok(ts) => ts.cast_mut(),
        Err(message) => lifecycle::fatal("Py_NewInterpreter", &message.to_string_lossy()),
    }
}

/// Ends the interpreter of the current thread state `ts` and gives all its memory back. Waits until its guards are
/// closed. The thread is attached to nothing afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_EndInterpreter(ts: *mut PyThreadState) {
    if ts.is_null() || !ptr::eq(tls::get(), ts) {
        lifecycle::fatal("Py_EndInterpreter", "thread is not current");
    }
    // SAFETY: the current one.
    let ts = unsafe { &*ts };
    if ts.interp().is_main() {
        lifecycle::fatal("Py_EndInterpreter", "the main interpreter is ended by Py_FinalizeEx()");
    }
    interpreters::end(ts);
}

/// Has `function` called with `data` when the interpreter ends and its modules are gone, the newest first. Always 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnstable_AtExit(
    interp: *mut PyInterpreterState,
    function: unsafe extern "C" fn(*mut c_void),
    data: *mut c_void,
) -> c_int {
    // SAFETY: handed over to be called like this.
    let call = move |_ts: &crate::runtime::ThreadState| unsafe { function(data) };
    // SAFETY: [live].
    unsafe { &*interp }.at_exit.borrow_mut().push(Box::new(call));
    0
}

/// Whether the runtime runs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_IsInitialized() -> c_int {
    c_int::from(lifecycle::is_initialized())
}

/// Whether the runtime is ending.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_IsFinalizing() -> c_int {
    c_int::from(lifecycle::main_interpreter().is_some_and(|interp| interp.is_finalizing()))
}

/// Registers a function to be called last at the end, the newest first. -1 if there are too many.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_AtExit(function: Option<unsafe extern "C" fn()>) -> c_int {
    match function {
        Some(function) if lifecycle::at_exit(function) => 0,
        Some(_) => -1,
        None => 0,
    }
}

/// Ends the runtime and the process. Status 120 if what was printed could not be written out.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_Exit(status: c_int) -> ! {
    lifecycle::exit(status)
}

/// `3.15.2 (deathless …)`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_GetVersion() -> *const c_char {
    crate::runtime::version::TEXT.as_ptr()
}

/// The platform's name, as in `sys.platform`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_GetPlatform() -> *const c_char {
    crate::runtime::version::PLATFORM.as_ptr()
}

/// Who holds the rights.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_GetCopyright() -> *const c_char {
    crate::runtime::version::COPYRIGHT.as_ptr()
}

/// What this was compiled with, in brackets.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_GetCompiler() -> *const c_char {
    crate::runtime::version::COMPILER.as_ptr()
}

/// Which build this is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_GetBuildInfo() -> *const c_char {
    crate::runtime::version::BUILD.as_ptr()
}

/// Sets the program's name, which is copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_SetProgramName(name: *const wchar_t) {
    // SAFETY: [cstr] of wide characters, or NULL.
    unsafe { settings::PROGRAM_NAME.set(name) };
}

/// The program's name; NULL before the runtime is started.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_GetProgramName() -> *mut wchar_t {
    settings::PROGRAM_NAME.get()
}

/// Sets the home directory, which is copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_SetPythonHome(home: *const wchar_t) {
    // SAFETY: [cstr] of wide characters, or NULL.
    unsafe { settings::HOME.set(home) };
}

/// The home directory that was set, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_GetPythonHome() -> *mut wchar_t {
    settings::HOME.get()
}

/// Sets the folders of `sys.path`, with colons between, for the next start. What runs already does not notice.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_SetPath(path: *const wchar_t) {
    // SAFETY: [cstr] of wide characters, or NULL.
    unsafe { settings::PATH.set(path) };
}

/// The folders that `sys.path` was given at the start, with colons between; NULL before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_GetPath() -> *mut wchar_t {
    settings::PATH.get()
}

/// `sys.prefix`: nothing, as no library is installed with the runtime. NULL before the start.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_GetPrefix() -> *mut wchar_t {
    settings::PREFIX.get()
}

/// `sys.exec_prefix`: nothing. NULL before the start.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_GetExecPrefix() -> *mut wchar_t {
    settings::PREFIX.get()
}

/// `sys.executable`: nothing, as no program starts the runtime for itself. NULL before the start.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_GetProgramFullPath() -> *mut wchar_t {
    settings::PREFIX.get()
}

/// The command line that the runtime was started with. It has none of its own: 0 and NULL, as in a program that
/// calls `Py_Initialize`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_GetArgcArgv(argc: *mut c_int, argv: *mut *mut *mut wchar_t) {
    // SAFETY: [out] both
    unsafe {
        argc.write(0);
        argv.write(core::ptr::null_mut());
    }
}

/// Says that something cannot be borne, and aborts the process.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_FatalError(message: *const c_char) -> ! {
    // SAFETY: [cstr] or NULL
    let message = unsafe { super::optional_text(message) };
    lifecycle::fatal_text(message.as_deref().unwrap_or("<message not set>"))
}
