//! Modules that need no file: the library's own, and those that a program registers before the start.

use core::ffi::{CStr, c_char};

use super::load::{self, Init};
use crate::object::lock::Mutex;
use crate::object::{Owned, Result};
use crate::runtime::ThreadState;
use crate::types::module::Module;
use crate::types::{Str, identifiers as id};

type Make = fn(&ThreadState) -> Result<Owned<Module>>;

/// The library's own, but for `builtins` and `sys`, which are there from the start.
const OWN: [(&str, Make); 2] = [("gc", super::super::gc::make), ("types", super::super::types::make)];

/// An entry of the table that `PyImport_AppendInittab` extends. The name lives as long as the process.
#[derive(Clone, Copy)]
struct Registered {
    name: &'static CStr,
    init: Option<Init>,
}

static REGISTERED: Mutex<Vec<Registered>> = Mutex::new(Vec::new());

/// `PyImport_AppendInittab`; `false` when there is no memory.
///
/// # Safety
/// The name and the function live as long as the process.
pub unsafe fn register(name: *const c_char, init: Option<Init>) -> bool {
    let mut table = REGISTERED.lock();
    if table.try_reserve(1).is_err() {
        return false;
    }
    // SAFETY: the caller's promise.
    table.push(Registered { name: unsafe { CStr::from_ptr(name) }, init });
    true
}

/// Loads the built-in module of that name, if there is one. What a program registered comes after the library's own.
pub fn load(ts: &ThreadState, name: &Str) -> Result<Option<Owned<crate::object::Object>>> {
    if let Some((_, make)) = OWN.iter().find(|(own, _)| name.equals_text(own)) {
        let module = make(ts)?;
        enter(ts, name, &module)?;
        return Ok(Some(module.upcast()));
    }
    let found = REGISTERED.lock().iter().copied().find(|r| r.name.to_str().is_ok_and(|n| name.equals_text(n)));
    match found {
        None => Ok(None),
        Some(Registered { init: Some(init), .. }) => load::registered(ts, name, init).map(Some),
        // Without a function it is a module that exists already.
        Some(_) => super::add_module(ts, name).map(Some),
    }
}

/// Gives one of the library's modules its spec and enters it in `sys.modules`.
pub fn enter(ts: &ThreadState, name: &Str, module: &Module) -> Result<()> {
    let origin = Str::new(ts, "built-in")?;
    let spec = super::new_spec(ts, name, Some(&origin), None)?;
    let dict = module.dict();
    dict.set_name(ts, &id::__spec__, &spec)?;
    dict.set_name(ts, &id::__package__, &*Str::new(ts, "")?)?;
    super::modules(ts)?.set(ts, name, module)
}

/// The names of all, sorted, as in `sys.builtin_module_names`.
pub fn names(ts: &ThreadState) -> Result<Vec<&'static str>> {
    let registered = REGISTERED.lock();
    let mut names = Vec::new();
    if names.try_reserve_exact(OWN.len() + 2 + registered.len()).is_err() {
        return Err(ts.no_memory());
    }
    names.extend(["builtins", "sys"]);
    names.extend(OWN.iter().map(|(name, _)| *name));
    names.extend(registered.iter().filter_map(|r| r.name.to_str().ok()));
    names.sort_unstable();
    names.dedup();
    Ok(names)
}
