//! Extension modules.
//!
//! A shared library is opened, its function for the module's name is called, and what comes back says of which kind
//! the module is: a module (one phase), a `PyModuleDef` (two), or, from a `PyModExport_` function, slots.

use core::cell::{Cell, RefCell};
use core::ffi::{CStr, c_void};
use core::mem::transmute;
use std::collections::HashMap;
use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::init::{self, Found};
use super::{modules, new_spec, raise_import};
use crate::ffi::{PyModuleDef, PySlot};
use crate::object::{Layout, Object, ObjectCell, Owned, Result};
pub use crate::runtime::interpreter::ModuleInit as Init;
use crate::runtime::interpreter::SinglePhase;
use crate::runtime::{ThreadState, interpreters};
use crate::types::exceptions::{IMPORT_ERROR, SYSTEM_ERROR};
use crate::types::module::{Module, definition, state};
use crate::types::{Dict, List, Str, identifiers as id};

type Export = unsafe extern "C" fn() -> *const PySlot;

/// The functions of a library for one module.
enum Entry {
    Export(Export),
    Init(Init),
}

/// Loads the module `name` from a shared library. With `package`, it is the code of the package in that folder.
pub fn extension(ts: &ThreadState, name: &Str, file: &Path, package: Option<PathBuf>) -> Result {
    let path = Str::new(ts, &file.to_string_lossy())?;
    let folders = match package {
        Some(folder) => Some(List::new(ts, &[&*Str::new(ts, &folder.to_string_lossy())?])?),
        None => None,
    };
    let folders_ref = folders.as_deref().map(|f| f.as_object());
    let spec = new_spec(ts, name, Some(&path), folders_ref)?;
    if let Some(module) = again(ts, name, &spec, file)? {
        return Ok(module);
    }
    let module = match open(ts, name, file)? {
        Entry::Export(export) => by_slots(ts, name, &spec, export)?,
        Entry::Init(init) => by_init(ts, name, &spec, Some(file), init)?,
    };
    Ok(module)
}

/// Loads a module that a program registered.
pub fn registered(ts: &ThreadState, name: &Str, init: Init) -> Result {
    let origin = Str::new(ts, "built-in")?;
    let spec = new_spec(ts, name, Some(&origin), None)?;
    if let Some(module) = again(ts, name, &spec, Path::new(""))? {
        return Ok(module);
    }
    by_init(ts, name, &spec, None, init)
}

/// Opens the library and finds the module's function.
fn open(ts: &ThreadState, name: &Str, file: &Path) -> Result<Entry> {
    let shown = file.to_string_lossy();
    // dlopen searches elsewhere for a name without a slash.
    let path = if file.components().count() == 1 { Path::new(".").join(file) } else { file.to_owned() };
    let Ok(c_path) = CString::new(path.as_os_str().as_bytes()) else {
        return Err(ts.raise_str(&crate::types::exceptions::VALUE_ERROR, "embedded null byte"));
    };
    // SAFETY: a C string; the library's initialisers are what the import asks for.
    let library = unsafe { libc::dlopen(c_path.as_ptr(), libc::RTLD_NOW) };
    if library.is_null() {
        // SAFETY: after a failure there is a message; it is copied at once.
        let message = unsafe { libc::dlerror().as_ref().map(|m| CStr::from_ptr(m)) };
        let message = message.map_or("unknown dlopen() error".into(), CStr::to_string_lossy);
        return Err(raise_import(ts, &IMPORT_ERROR, &message, Some(name), Some(&shown)));
    }
    let text = name.to_string();
    let last = hook_suffix(text.rsplit('.').next().unwrap_or(&text));
    if let Some(function) = symbol(library, &format!("PyModExport{last}")) {
        // SAFETY: what the name promises.
        return Ok(Entry::Export(unsafe { transmute::<*mut c_void, Export>(function) }));
    }
    if let Some(function) = symbol(library, &format!("PyInit{last}")) {
        // SAFETY: what the name promises.
        return Ok(Entry::Init(unsafe { transmute::<*mut c_void, Init>(function) }));
    }
    // SAFETY: opened above, and nothing of it is used.
    unsafe { libc::dlclose(library) };
    let message = format!("dynamic module does not define module export function (PyModExport{last} or PyInit{last})");
    Err(raise_import(ts, &IMPORT_ERROR, &message, Some(name), Some(&shown)))
}

fn symbol(library: *mut c_void, name: &str) -> Option<*mut c_void> {
    let name = CString::new(name).ok()?;
    // SAFETY: an open library and a C string.
    let address = unsafe { libc::dlsym(library, name.as_ptr()) };
    (!address.is_null()).then_some(address)
}

/// What follows `PyInit`: `_name`, or `U_` and the name in Punycode with `_` for `-`.
fn hook_suffix(name: &str) -> String {
    if name.is_ascii() { format!("_{name}") } else { format!("U_{}", punycode(name).replace('-', "_")) }
}

/// RFC 3492, whose parameters are spelled out here.
fn punycode(name: &str) -> String {
    let (mut n, mut delta, mut bias) = (128u32, 0u32, 72u32);
    let mut out: String = name.chars().filter(char::is_ascii).collect();
    let basic = out.len() as u32;
    let mut done = basic;
    if basic > 0 {
        out.push('-');
    }
    let total = name.chars().count() as u32;
    while done < total {
        let next = name.chars().map(u32::from).filter(|&c| c >= n).min().unwrap_or(n);
        delta += (next - n) * (done + 1);
        n = next;
        for c in name.chars().map(u32::from) {
            if c < n {
                delta += 1;
            }
            if c == n {
                push_number(&mut out, delta, bias);
                bias = adapted(delta, done + 1, done == basic);
                delta = 0;
                done += 1;
            }
        }
        delta += 1;
        n += 1;
    }
    out
}

fn push_number(out: &mut String, mut q: u32, bias: u32) {
    let digit = |d: u32| char::from(if d < 26 { b'a' + d as u8 } else { b'0' + (d - 26) as u8 });
    let mut k = 36u32;
    loop {
        let t = k.saturating_sub(bias).clamp(1, 26);
        if q < t {
            out.push(digit(q));
            return;
        }
        out.push(digit(t + (q - t) % (36 - t)));
        q = (q - t) / (36 - t);
        k += 36;
    }
}

fn adapted(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / points;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

fn by_slots(ts: &ThreadState, name: &Str, spec: &Object, export: Export) -> Result {
    // SAFETY: a module's export function.
    let slots = unsafe { export() };
    if slots.is_null() {
        return Err(init::no_result(
            ts,
            &format!("module export hook for module '{name}' failed without setting an exception"),
        ));
    }
    // As in CPython, what is wrong with the slots is told in its place.
    let is_unreported = ts.error.is_set();
    ts.error.clear();
    // SAFETY: slots of a module live as long as its library, which is never closed.
    let module = unsafe { definition::from_slots_and_spec(ts, slots, spec)? };
    if is_unreported {
        let message = format!("module export hook for module '{name}' raised unreported exception");
        return Err(ts.raise_str(&SYSTEM_ERROR, &message));
    }
    execute(ts, name, spec, module)
}

/// Calls a `PyInit_` function and goes on with what it returns.
fn by_init(ts: &ThreadState, name: &Str, spec: &Object, file: Option<&Path>, init: Init) -> Result {
    let full = name.to_string();
    let found = match ts.interp().is_main() {
        true => init::call(ts, &full, init)?,
        false => match init::call_in_main(ts, &full, file, init)? {
            Some(def) => Found::Definition(def),
            // What the main interpreter made of it is not this one's, but for what it remembers.
            None => match again(ts, name, spec, file.unwrap_or(Path::new("")))? {
                Some(module) => return Ok(module),
                None => init::call(ts, &full, init)?,
            },
        },
    };
    match found {
        Found::Definition(def) => {
            // SAFETY: a definition lives as long as its library.
            let module = unsafe { definition::from_def_and_spec(ts, def, spec)? };
            execute(ts, name, spec, module)
        }
        Found::Module(result, def) => {
            // SAFETY: a module, as found.
            let module = unsafe { result.cast::<Module>() };
            let key = (file.map(Path::to_owned).unwrap_or_default(), full);
            remember(ts, key, module, def, init)?;
            state::set(ts, module, def)?;
            set_attributes(ts, module, spec)?;
            modules(ts)?.set(ts, name, module)?;
            Ok(result)
        }
    }
}

/// What a second import of a module of one phase needs.
pub fn remember(
    ts: &ThreadState,
    key: (PathBuf, String),
    module: &Module,
    def: &PyModuleDef,
    init: Init,
) -> Result<()> {
    def.m_base.m_init.set(Some(init));
    let copy = if def.m_size.get() == -1 {
        let copy = Dict::new(ts)?;
        for (key, value) in module.dict().items_vec() {
            copy.set(ts, &key, &value)?;
        }
        copy.into_raw()
    } else {
        core::ptr::null_mut()
    };
    let record = SinglePhase { definition: def, init, copy: Cell::new(copy) };
    let old = records(ts).borrow_mut().insert(key, record);
    drop(old.and_then(|o| o.copy.take_owned()));
    Ok(())
}

/// Where single-phase modules are remembered: by the main interpreter for all that share its memory, since a copy of such a
/// module's dict is for them all.
fn records(ts: &ThreadState) -> &RefCell<HashMap<(PathBuf, String), SinglePhase>> {
    let main = interpreters::main().filter(|_| ts.interp().shares_memory_with_main());
    &main.unwrap_or(ts.interp()).imports.single_phase
}

/// A single-phase module that was loaded before, by this interpreter or by the main one, and is not in `sys.modules`.
fn again(ts: &ThreadState, name: &Str, spec: &Object, file: &Path) -> Result<Option<Owned<Object>>> {
    let key = (file.to_owned(), name.to_string());
    let (def, init, copy) = match records(ts).borrow().get(&key) {
        None => return Ok(None),
        Some(record) => (record.definition, record.init, record.copy.load()),
    };
    if definition::are_others_refused(ts) {
        return Err(definition::refusal(ts, &key.1));
    }
    // SAFETY: a definition lives as long as its library.
    let def = unsafe { &*def };
    let module = match copy {
        Some(copy) => {
            let module = super::add_module(ts, name)?;
            let Some(target) = module.downcast::<Module>() else { return Ok(None) };
            let target = target.dict();
            // SAFETY: a dict was stored.
            for (key, value) in unsafe { copy.cast::<Dict>() }.items_vec() {
                target.set(ts, &key, &value)?;
            }
            module
        }
        None => {
            let Found::Module(module, _) = init::call(ts, &key.1, init)? else {
                return Err(ts.raise_str(&SYSTEM_ERROR, "a module of one phase came in two when it was loaded again"));
            };
            modules(ts)?.set(ts, name, &module)?;
            module
        }
    };
    state::set(ts, &module, def)?;
    if let Some(module) = module.downcast::<Module>() {
        set_attributes(ts, module, spec)?;
    }
    Ok(Some(module))
}

/// The second phase: the module is in `sys.modules` while its code runs, and leaves it if that fails.
fn execute(ts: &ThreadState, name: &Str, spec: &Object, module: Owned<Object>) -> Result {
    let modules = modules(ts)?;
    if let Some(module) = module.downcast::<Module>() {
        set_attributes(ts, module, spec)?;
    }
    modules.set(ts, name, &module)?;
    let result = match module.downcast::<Module>() {
        Some(_) => definition::exec(ts, &module),
        None => Ok(()),
    };
    if let Err(raised) = result {
        ts.preserving_error(|| {
            if modules.remove(ts, name).is_err() {
                ts.error.clear();
            }
        });
        return Err(raised);
    }
    // What is in `sys.modules` counts: the code may have put something else there.
    Ok(modules.get(ts, name)?.unwrap_or(module))
}

/// `__spec__`, `__file__`, `__package__`, `__path__`.
fn set_attributes(ts: &ThreadState, module: &Module, spec: &Object) -> Result<()> {
    let dict = module.dict();
    // SAFETY: specs are made by `new_spec`.
    let spec_dict = unsafe { spec.cast::<crate::types::namespace::Namespace>() }.dict();
    let attribute =
        |name: &str| -> Result { Ok(spec_dict.get(ts, &*Str::interned(ts, name)?)?.expect("a spec has it")) };
    dict.set_name(ts, &id::__spec__, spec)?;
    dict.set_name(ts, &id::__package__, &*attribute("parent")?)?;
    if crate::types::bool::is_true(&*attribute("has_location")?) {
        dict.set_name(ts, &id::__file__, &*attribute("origin")?)?;
    }
    let path = attribute("submodule_search_locations")?;
    if !crate::types::singletons::is_none(&*path) {
        dict.set_name(ts, &id::__path__, &path)?;
    }
    Ok(())
}
