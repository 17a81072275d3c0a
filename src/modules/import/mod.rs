//! Importing modules.
//!
//! * [`builtin`] modules that need no file: the library's own, and those that a program registers
//! * [`find`]    looking for a name in folders
//! * [`load`]    extension modules: opening them, in one phase or in two, or by an array of slots
//!
//! There is no `importlib`: what is below is the whole of it. A pure-Python module cannot be run, and an
//! `ImportError` says so.

use std::borrow::Cow;
use std::path::PathBuf;

pub mod builtin;
pub mod find;
mod init;
pub mod load;

use crate::modules::sys;
use crate::object::{Object, ObjectCell, Owned, Raised, Result};
use crate::protocol::{call, object, sequence};
use crate::runtime::ThreadState;
use crate::types::exceptions::{
    ATTRIBUTE_ERROR, BaseException, IMPORT_ERROR, KEY_ERROR, MODULE_NOT_FOUND_ERROR, RUNTIME_ERROR, TYPE_ERROR,
    VALUE_ERROR,
};
use crate::types::namespace::Namespace;
use crate::types::{Dict, List, Str, identifiers as id, singletons};

/// 3666, carriage return, line feed: what 3.15's byte code begins with.
pub const MAGIC_NUMBER: core::ffi::c_long = 0x0A0D_0000 | 3666;

/// `sys.modules`.
pub fn modules(ts: &ThreadState) -> Result<Owned<Dict>> {
    match ts.interp().modules.load().map(Owned::downcast_owned::<Dict>) {
        Some(Ok(modules)) => Ok(modules),
        _ => Err(ts.raise_str(&RUNTIME_ERROR, "unable to get sys.modules")),
    }
}

/// The module of that name, if it is imported already.
pub fn find_imported(ts: &ThreadState, name: &Object) -> Result<Option<Owned<Object>>> {
    modules(ts)?.get(ts, name)
}

/// The module of that name, made empty if there is none: `PyImport_AddModule`.
pub fn add_module(ts: &ThreadState, name: &Str) -> Result {
    let modules = modules(ts)?;
    if let Some(found) = modules.get(ts, name)?
        && found.downcast::<crate::types::module::Module>().is_some()
    {
        return Ok(found);
    }
    let module = crate::types::module::Module::new(ts, name)?;
    modules.set(ts, name, &module)?;
    Ok(module.upcast())
}

/// `PyImport_ImportModule`: the module of that full name itself, not its topmost package.
pub fn import_module(ts: &ThreadState, name: &Str) -> Result {
    if name.is_empty() {
        return Err(ts.raise_str(&VALUE_ERROR, "Empty module name"));
    }
    find_or_load(ts, name)
}

fn find_or_load(ts: &ThreadState, name: &Str) -> Result {
    if let Some(found) = find_imported(ts, name)? {
        if singletons::is_none(&*found) {
            return Err(halted(ts, name));
        }
        return Ok(found);
    }
    ts.check_recursion(" while importing a module")?;
    load_missing(ts, name)
}

/// Loads a module that is not imported yet, its package first.
fn load_missing(ts: &ThreadState, name: &Str) -> Result {
    let text = name.to_string();
    let Some((package_name, last)) = text.rsplit_once('.') else {
        return load_from(ts, name, &text, None);
    };
    let package = find_or_load(ts, &*Str::new(ts, package_name)?)?;
    // The package may have imported it.
    if let Some(found) = find_imported(ts, name)? {
        return Ok(found);
    }
    let Some(path) = object::find_attr(ts, &package, &id::__path__)? else {
        let message = format!("No module named '{text}'; '{package_name}' is not a package");
        return Err(raise_import(ts, &MODULE_NOT_FOUND_ERROR, &message, Some(name), None));
    };
    let module = load_from(ts, name, last, Some(&path))?;
    let last = Str::interned(ts, last)?;
    match object::setattr(ts, &package, &last, Some(&module)) {
        Ok(()) => Ok(module),
        // A package that refuses attributes is left without.
        Err(raised) => ts.recover(raised, &ATTRIBUTE_ERROR).map(|()| module),
    }
}

/// Finds `last` in the folders of `path`, or among the built-in modules and in `sys.path`, and loads it as `name`.
fn load_from(ts: &ThreadState, name: &Str, last: &str, path: Option<&Object>) -> Result {
    if path.is_none()
        && let Some(module) = builtin::load(ts, name)?
    {
        return Ok(module);
    }
    let folders = match path {
        Some(path) => sequence::collect(ts, path)?,
        None => match super::sys::get(ts, "path") {
            Some(path) => sequence::collect(ts, &path)?,
            None => return Err(raise_import(ts, &IMPORT_ERROR, "sys.path must be a list", None, None)),
        },
    };
    match find::in_folders(&folders, last) {
        Some(find::Found::Extension { file, package }) => load::extension(ts, name, &file, package),
        Some(find::Found::Source(file)) => Err(no_compiler(ts, name, &file)),
        Some(find::Found::Namespace(portions)) => namespace_package(ts, name, &portions),
        None => {
            let message = format!("No module named '{name}'");
            Err(raise_import(ts, &MODULE_NOT_FOUND_ERROR, &message, Some(name), None))
        }
    }
}

#[cold]
fn no_compiler(ts: &ThreadState, name: &Str, file: &std::path::Path) -> Raised {
    let file = file.to_string_lossy();
    let message = format!("cannot import '{name}': {file} is Python code, and this runtime has no Python compiler");
    raise_import(ts, &IMPORT_ERROR, &message, Some(name), Some(&file))
}

#[cold]
fn halted(ts: &ThreadState, name: &Str) -> Raised {
    let message = format!("import of {name} halted; None in sys.modules");
    raise_import(ts, &MODULE_NOT_FOUND_ERROR, &message, Some(name), None)
}

/// A package of folders without code.
fn namespace_package(ts: &ThreadState, name: &Str, portions: &[PathBuf]) -> Result {
    let module = crate::types::module::Module::new(ts, name)?;
    let list = List::new(ts, &[])?;
    for portion in portions {
        list.append(ts, Str::new(ts, &portion.to_string_lossy())?.upcast())?;
    }
    let spec = new_spec(ts, name, None, Some(&list))?;
    let dict = module.dict();
    dict.set(ts, &id::__path__, &list)?;
    dict.set(ts, &id::__package__, name)?;
    dict.set(ts, &id::__spec__, &spec)?;
    modules(ts)?.set(ts, name, &module)?;
    Ok(module.upcast())
}

/// What `__spec__` is here: a namespace with the attributes of a `ModuleSpec`.
pub fn new_spec(ts: &ThreadState, name: &Str, origin: Option<&Object>, path: Option<&Object>) -> Result {
    let spec = Namespace::new(ts)?;
    let dict = spec.dict();
    let none = singletons::none_ref();
    let text = match name.as_ascii() {
        Some(text) => Cow::Borrowed(text),
        None => Cow::Owned(name.to_string()),
    };
    let parent = match path {
        Some(_) => &*text,
        None => text.rsplit_once('.').map_or("", |(parent, _)| parent),
    };
    let has_location = origin.is_some_and(|o| !o.downcast::<Str>().is_some_and(|s| s.equals_text("built-in")));
    let has_location = crate::types::bool::bool_ref(has_location);
    let values: [(&str, &Object); 7] = [
        ("name", name),
        ("loader", none),
        ("origin", origin.unwrap_or(none)),
        ("submodule_search_locations", path.unwrap_or(none)),
        ("cached", none),
        ("parent", &*Str::new(ts, parent)?.upcast()),
        ("has_location", has_location),
    ];
    for (key, value) in values {
        dict.set_name(ts, &*Str::interned(ts, key)?, value)?;
    }
    Ok(spec.upcast())
}

/// Raises `ImportError` or a subtype with its `name` and `path`.
#[cold]
pub fn raise_import(
    ts: &ThreadState,
    ty: &'static crate::object::Type,
    message: &str,
    name: Option<&Object>,
    path: Option<&str>,
) -> Raised {
    match import_error(ts, ty, message, name, path) {
        Ok(exception) => ts.raise_exception(exception),
        Err(raised) => raised,
    }
}

fn import_error(
    ts: &ThreadState,
    ty: &'static crate::object::Type,
    message: &str,
    name: Option<&Object>,
    path: Option<&str>,
) -> Result<Owned<BaseException>> {
    let message = Str::new(ts, message)?;
    let exception = crate::protocol::call::call(ts, ty, &[&message])?;
    if let Some(name) = name {
        object::setattr(ts, &exception, &*Str::interned(ts, "name")?, Some(name))?;
    }
    if let Some(path) = path {
        object::setattr(ts, &exception, &*Str::interned(ts, "path")?, Some(&*Str::new(ts, path)?))?;
    }
    // SAFETY: an instance of an exception type.
    Ok(unsafe { exception.cast_owned() })
}

/// What `__import__` is told about who imports.
#[derive(Clone, Copy, Default)]
pub struct Importer<'a> {
    pub globals: Option<&'a Object>,
    pub from: Option<&'a Object>,
    pub level: i32,
}

/// `__import__(name, globals, None, from, level)`.
pub fn import_level(ts: &ThreadState, name: &Object, importer: Importer<'_>) -> Result {
    let Some(name) = name.downcast::<Str>() else {
        return Err(ts.raise_str(&TYPE_ERROR, "module name must be a string"));
    };
    if importer.level < 0 {
        return Err(ts.raise_str(&VALUE_ERROR, "level must be >= 0"));
    }
    let absolute = match importer.level {
        0 if name.is_empty() => return Err(ts.raise_str(&VALUE_ERROR, "Empty module name")),
        0 => Owned::new(name),
        level => absolute_name(ts, name, importer.globals, level)?,
    };
    let module = find_or_load(ts, &absolute)?;
    match importer.from {
        Some(from) if object::is_true(ts, from)? => {
            import_from(ts, &module, from)?;
            Ok(module)
        }
        _ if name.is_empty() => Ok(module),
        _ => topmost(ts, name, &absolute, importer.level, module),
    }
}

/// `import a.b` gives `a`.
fn topmost(ts: &ThreadState, name: &Str, absolute: &Str, level: i32, module: Owned<Object>) -> Result {
    let text = name.to_string();
    let Some((front, _)) = text.split_once('.') else { return Ok(module) };
    if level == 0 {
        return find_or_load(ts, &*Str::new(ts, front)?);
    }
    let whole = absolute.to_string();
    let front = &whole[..whole.len() - (text.len() - front.len())];
    match find_imported(ts, &*Str::new(ts, front)?)? {
        Some(found) => Ok(found),
        None => Err(ts.raise(&KEY_ERROR, format_args!("'{front}' not in sys.modules as expected"))),
    }
}

/// `from package import name` imports the submodule `name` where the package has no such attribute.
fn import_from(ts: &ThreadState, module: &Object, from: &Object) -> Result<()> {
    if object::find_attr(ts, module, &id::__path__)?.is_none() {
        return Ok(());
    }
    let package = object::getattr(ts, module, &id::__name__)?;
    for item in sequence::collect(ts, from)? {
        let Some(item) = item.downcast::<Str>().filter(|i| !i.is_empty() && !i.equals_text("*")) else { continue };
        if object::find_attr(ts, module, item)?.is_some() {
            continue;
        }
        let name = Str::new(ts, &format!("{}.{item}", object::str(ts, &package)?))?;
        if let Err(raised) = find_or_load(ts, &name) {
            ts.recover(raised, &MODULE_NOT_FOUND_ERROR)?;
        }
    }
    Ok(())
}

/// The full name of a relative import, by the importer's `__package__`, or its `__name__` and `__path__`.
fn absolute_name(ts: &ThreadState, name: &Str, globals: Option<&Object>, level: i32) -> Result<Owned<Str>> {
    let Some(globals) = globals else {
        return Err(ts.raise_str(&KEY_ERROR, "'__name__' not in globals"));
    };
    let Some(globals) = globals.downcast::<Dict>() else {
        return Err(ts.raise_str(&TYPE_ERROR, "globals must be a dict"));
    };
    let mut package = package_of(ts, globals)?;
    if package.is_empty() {
        let message = "attempted relative import with no known parent package";
        return Err(raise_import(ts, &IMPORT_ERROR, message, None, None));
    }
    for _ in 1..level {
        match package.rfind('.') {
            Some(dot) => package.truncate(dot),
            None => {
                let message = "attempted relative import beyond top-level package";
                return Err(raise_import(ts, &IMPORT_ERROR, message, None, None));
            }
        }
    }
    if name.is_empty() { Str::new(ts, &package) } else { Str::new(ts, &format!("{package}.{name}")) }
}

fn package_of(ts: &ThreadState, globals: &Dict) -> Result<String> {
    if let Some(package) = globals.get(ts, &id::__package__)?.filter(|p| !singletons::is_none(&**p)) {
        return match package.downcast::<Str>() {
            Some(package) => Ok(package.to_string()),
            None => Err(ts.raise_str(&TYPE_ERROR, "package must be a string")),
        };
    }
    let Some(name) = globals.get(ts, &id::__name__)? else {
        return Err(ts.raise_str(&KEY_ERROR, "'__name__' not in globals"));
    };
    let Some(name) = name.downcast::<Str>() else {
        return Err(ts.raise_str(&TYPE_ERROR, "__name__ must be a string"));
    };
    let mut name = name.to_string();
    if globals.get(ts, &id::__path__)?.is_none() {
        name.truncate(name.rfind('.').unwrap_or(0));
    }
    Ok(name)
}

/// `PyImport_ReloadModule`: an extension module stays what it is.
pub fn reload(ts: &ThreadState, module: &Object) -> Result {
    let Some(module) = module.downcast::<crate::types::module::Module>() else {
        return Err(ts.raise_str(&TYPE_ERROR, "reload() argument must be a module"));
    };
    let name = module.name(ts)?;
    match find_imported(ts, &name)? {
        Some(found) if found.is(module) => Ok(found),
        _ => {
            let message = format!("module {name} not in sys.modules");
            Err(raise_import(ts, &IMPORT_ERROR, &message, Some(&name), None))
        }
    }
}

/// Gives up what the interpreter keeps for its imports.
pub fn end(ts: &ThreadState) {
    for (_, module) in ts.interp().imports.single_phase.take() {
        drop(module.copy.take_owned());
    }
    for module in ts.interp().modules_by_index.take() {
        // SAFETY: the table owned it, or NULL.
        drop(unsafe { Owned::<Object>::from_stolen_nullable(module) });
    }
}

/// What a dotted name means: a module, and attributes from there on.
pub fn import_dotted(ts: &ThreadState, dotted: &str) -> Result {
    let mut parts = dotted.split('.');
    let first = parts.next().unwrap_or_default();
    let mut found = import_module(ts, &*Str::new(ts, first)?).map_err(|_raised| {
        let message = format_args!("PyCapsule_Import could not import module \"{first}\"");
        ts.raise(&IMPORT_ERROR, message)
    })?;
    for part in parts {
        found = object::getattr(ts, &found, &*Str::new(ts, part)?)?;
    }
    Ok(found)
}

/// `PyImport_GetImporter`: what the path hooks make of an entry of `sys.path`, or `None`.
pub fn importer_of(ts: &ThreadState, path: &Object) -> Result {
    let lost = |name: &str| ts.raise(&RUNTIME_ERROR, format_args!("lost sys.{name}"));
    let cache = sys::get(ts, "path_importer_cache").ok_or_else(|| lost("path_importer_cache"))?;
    let hooks = sys::get(ts, "path_hooks").ok_or_else(|| lost("path_hooks"))?;
    if let Some(known) = sequence::find_item(ts, &cache, path)? {
        return Ok(known);
    }
    // Whoever asks again while a hook is at work is told that there is none.
    sequence::setitem(ts, &cache, path, Some(singletons::none_ref()))?;
    for hook in sequence::collect(ts, &hooks)? {
        match call::call(ts, &hook, &[path]) {
            Ok(importer) => {
                sequence::setitem(ts, &cache, path, Some(&importer))?;
                return Ok(importer);
            }
            Err(raised) => ts.recover(raised, &IMPORT_ERROR)?,
        }
    }
    Ok(singletons::none())
}
