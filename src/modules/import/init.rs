//! The function by which a C module begins, and where it runs.
//!
//! Every other interpreter has the function run in the main one first, as CPython 3.15 does: a module that comes in one
//! phase makes its objects before anybody can refuse it, and there they may be. Where it is not refused it is made once
//! more: from a copy of the main one's dict, or by running the function again.

use std::path::{Path, PathBuf};

use super::import_error;
use super::load::{Init, remember};
use crate::ffi::PyModuleDef;
use crate::modules::display;
use crate::object::{Object, Owned, Raised, Result};
use crate::runtime::ledger::{self, Gives};
use crate::runtime::unraisable::Unraisable;
use crate::runtime::{ThreadState, interpreters};
use crate::types::exceptions::{IMPORT_ERROR, SYSTEM_ERROR};
use crate::types::module::{Module, definition};

/// What the function returned.
pub enum Found {
    /// The module comes in two phases.
    Definition(&'static PyModuleDef),
    /// It is there.
    Module(Owned<Object>, &'static PyModuleDef),
}

/// Calls the function of the module `full`.
pub fn call(ts: &ThreadState, full: &str, init: Init) -> Result<Found> {
    let last = full.rsplit('.').next().unwrap_or(full);
    let outer = ts.interp().imports.context.replace(Some(full.to_owned()));
    let init = ledger::entry(init, Gives::Module, || format!("PyInit of {last}"));
    // SAFETY: a module's function for the start.
    let result = unsafe { init() };
    *ts.interp().imports.context.borrow_mut() = outer;
    if result.is_null() {
        return Err(no_result(ts, &format!("initialization of {last} failed without raising an exception")));
    }
    // SAFETY: not NULL; a definition is immortal, so that owning it costs nothing.
    let result = unsafe { Owned::<Object>::from_stolen(result) };
    if ts.error.is_set() {
        return Err(with_cause(ts, &format!("initialization of {last} raised unreported exception")));
    }
    if result.ob_type.get().is_null() {
        core::mem::forget(result);
        let message = format!("init function of {last} returned uninitialized object");
        return Err(ts.raise_str(&SYSTEM_ERROR, &message));
    }
    if core::ptr::eq(result.ty(), &definition::PyModuleDef_Type) {
        // SAFETY: that type's only layout; a definition lives as long as its library.
        return Ok(Found::Definition(unsafe { &*result.as_ptr().cast::<PyModuleDef>() }));
    }
    let Some(module) = result.downcast::<Module>() else {
        let message = format!("initialization of {last} did not return an extension module");
        return Err(ts.raise_str(&SYSTEM_ERROR, &message));
    };
    // SAFETY: NULL or the module's definition, which lives as long as its library.
    let Some(def) = (unsafe { module.definition().as_ref() }) else {
        let message = format!("initialization of {last} did not return a valid extension module");
        return Err(ts.raise_str(&SYSTEM_ERROR, &message));
    };
    Ok(Found::Module(result, def))
}

/// What [`call`] answers in the main interpreter, for another: the definition of a module of two phases, nothing for one
/// of one phase, which is remembered there. `ImportError` for that where this one takes none, and if anything is raised
/// there, which only `stderr` is told.
pub fn call_in_main(
    ts: &ThreadState,
    full: &str,
    file: Option<&Path>,
    init: Init,
) -> Result<Option<&'static PyModuleDef>> {
    let key: (PathBuf, String) = (file.map(Path::to_owned).unwrap_or_default(), full.to_owned());
    let definition = interpreters::in_main(ts, |main| {
        // It was refused before, or is there, or cannot be copied: that is known without running it again.
        if main.interp().imports.single_phase.borrow().contains_key(&key) {
            return Ok(None);
        }
        match call(main, full, init) {
            Ok(Found::Definition(def)) => return Ok(Some(def)),
            Ok(Found::Module(module, def)) => {
                // SAFETY: a module, as found.
                if remember(main, key, unsafe { module.cast::<Module>() }, def, init).is_ok() {
                    return Ok(None);
                }
            }
            Err(_raised) => {}
        }
        if let Some(exception) = main.take_raised() {
            let message = Some("Exception while importing from subinterpreter");
            display::print_unraisable(main, Unraisable { exception, message, object: None });
        }
        Err(())
    });
    match definition? {
        Ok(Some(def)) => Ok(Some(def)),
        Ok(None) if definition::are_others_refused(ts) => Err(definition::refusal(ts, full)),
        Ok(None) => Ok(None),
        Err(()) => Err(ts.raise_str(&IMPORT_ERROR, "failed to import from subinterpreter due to exception")),
    }
}

/// A NULL result: what was raised, or that nothing was.
#[cold]
pub fn no_result(ts: &ThreadState, message: &str) -> Raised {
    if ts.error.is_set() { Raised::already() } else { ts.raise_str(&SYSTEM_ERROR, message) }
}

/// A result together with an exception, which becomes the cause of `SystemError`.
#[cold]
pub fn with_cause(ts: &ThreadState, message: &str) -> Raised {
    let cause = ts.take_raised();
    match (import_error(ts, &SYSTEM_ERROR, message, None, None), cause) {
        (Ok(error), Some(cause)) => {
            crate::types::exceptions::set_cause_and_context(&error, cause);
            ts.raise_exception(error)
        }
        (Ok(error), None) => ts.raise_exception(error),
        (Err(raised), _) => raised,
    }
}
