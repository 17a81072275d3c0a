//! `builtins`, `sys`, `types`, `gc`, and the import system.
//!
//! * [`builtins`] the functions that everybody has
//! * [`display`]  how an exception is printed
//! * [`gc`]       the collector, for programs
//! * [`immortals`] the registry of immortals
//! * [`import`]   finding and loading modules
//! * [`leaks`]    what interpreters leave behind, for who asks
//! * [`seal`]     asking for the seal on immortals, and its reports
//! * [`sys`]      the `sys` module and the standard streams
//! * [`types`]    names for types
//! * [`warnings`] warnings under the usual filters

pub mod builtins;
pub mod display;
pub mod gc;
pub mod immortals;
pub mod import;
pub mod leaks;
pub mod seal;
pub mod sys;
pub mod types;
pub mod warnings;

use core::ffi::CStr;

use crate::ffi::PyMethodDef;
use crate::object::{Object, ObjectCell, Owned, Result};
use crate::runtime::ThreadState;
use crate::types::module::{Module, definition};
use crate::types::weakref::{self, WeakReference};
use crate::types::{Dict, Str, singletons};

/// A module of the library's own, with room for about so many names.
fn make(
    ts: &ThreadState,
    name: &Str,
    doc: &'static CStr,
    methods: &'static [PyMethodDef],
    room: usize,
) -> Result<Owned<Module>> {
    let module = Module::new(ts, name)?;
    module.dict().reserve(ts, room)?;
    // SAFETY: static tables and texts.
    unsafe {
        definition::add_functions(ts, &module, methods.as_ptr(), name)?;
        definition::set_doc(ts, &module, doc.as_ptr())?;
    }
    Ok(module)
}

/// The modules that every interpreter starts with, as the user has set them.
pub fn start(ts: &ThreadState) -> Result<()> {
    enter(ts)?;
    configure(ts)
}

/// What the user has set.
pub fn configure(ts: &ThreadState) -> Result<()> {
    sys::take_early_options(ts)?;
    warnings::filters::check(ts)
}

/// Makes the modules, alike for every interpreter.
pub fn enter(ts: &ThreadState) -> Result<()> {
    ts.interp().gc.observer.set(Some(gc::observe));
    ts.interp().modules.store(Some(Dict::new(ts)?));
    sys::start(ts)?;
    builtins::start(ts)
}

/// Writes out what was printed; `false` if that failed.
pub fn flush_streams(ts: &ThreadState) -> bool {
    let mut whole = true;
    for name in ["stdout", "stderr"] {
        let Some(stream) = sys::get(ts, name).filter(|s| !singletons::is_none(&**s)) else { continue };
        let flush = &crate::types::identifiers::flush;
        if crate::protocol::call::call_method(ts, &stream, flush, &[]).is_err() {
            crate::runtime::unraisable::report_while(ts, "flushing a standard stream", Some(&stream));
            whole = false;
        }
    }
    whole
}

/// Gives the modules up: first what only `sys.modules` holds, then the contents of what is still used, `sys` and
/// `builtins` last, since destructors may need them.
pub fn end(ts: &ThreadState) {
    let Ok(modules) = import::modules(ts) else { return ts.error.clear() };
    let all: Vec<(Owned<Object>, Owned<Object>)> = modules.items_vec();
    let mut others = Vec::new();
    for (name, module) in all {
        let last = name.downcast::<Str>().is_some_and(|n| n.equals_text("sys") || n.equals_text("builtins"));
        if !last {
            // Removed rather than set to None: what is imported from here on is found anew, or not at all.
            if modules.remove(ts, &name).is_err() {
                ts.error.clear();
            }
            others.push(module);
        }
    }
    import::end(ts);
    // Held by nothing of ours, so that a collection finds them first and calls `m_clear` while they are whole.
    let left: Vec<Owned<WeakReference>> = others.iter().filter_map(|module| weakly(ts, module)).collect();
    drop(others);
    crate::object::collector::collect_at_end(ts);
    for module in left.iter().rev().filter_map(|module| module.referent()) {
        if let Some(module) = module.downcast::<Module>() {
            clear_dict(ts, &module.dict());
        }
    }
    drop(left);
    crate::object::collector::collect_at_end(ts);
    clear_dict(ts, &modules);
    for cell in [&ts.interp().sys_dict, &ts.interp().builtins] {
        if let Some(dict) = cell.load() {
            // SAFETY: dicts are stored there.
            clear_dict(ts, unsafe { dict.cast::<Dict>() });
        }
    }
    drop(modules);
}

/// A reference that does not keep a module alive; none to what is no module.
fn weakly(ts: &ThreadState, module: &Object) -> Option<Owned<WeakReference>> {
    module.downcast::<Module>()?;
    weakref::new_reference(ts, module, None).inspect_err(|_raised| ts.error.clear()).ok()
}

/// Names that begin with one underscore go first, then all others but `__builtins__`.
fn clear_dict(ts: &ThreadState, dict: &Dict) {
    for private in [true, false] {
        for (name, _) in dict.items_vec() {
            let text = name.downcast::<Str>().map(|n| n.to_string());
            let is_private = text.as_deref().is_some_and(|t| t.starts_with('_') && !t.starts_with("__"));
            let keep = text.as_deref() == Some("__builtins__");
            if is_private == private && !keep && dict.set(ts, &name, singletons::none_ref()).is_err() {
                ts.error.clear();
            }
        }
    }
}
