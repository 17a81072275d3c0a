//! The `sys` module.
//!
//! * [`functions`] the module's functions
//!
//! `sys.version_info`, `sys.flags` and the other struct sequences come with their type.

pub mod functions;
pub mod number_info;

use crate::object::{Object, ObjectCell, Owned, Result};
use crate::protocol::object;
use crate::runtime::{ThreadState, settings, version};
use crate::types::module::Module;
use crate::types::namespace::Namespace;
use crate::types::stream::{self, StreamObject};
use crate::types::{Dict, Int, List, Str, Tuple};

/// The module's namespace, while the interpreter has one.
fn dict(ts: &ThreadState) -> Option<Owned<Dict>> {
    // SAFETY: a dict is stored there.
    ts.interp().sys_dict.load().map(|d| unsafe { d.cast_owned() })
}

/// `sys.name`, if it is there.
pub fn get(ts: &ThreadState, name: &str) -> Option<Owned<Object>> {
    ts.preserving_error(|| {
        let name = Str::interned(ts, name).ok()?;
        dict(ts)?.get(ts, &name).ok().flatten()
    })
}

/// `sys.name = value`, or `del sys.name`.
pub fn set(ts: &ThreadState, name: &str, value: Option<&Object>) -> Result<()> {
    let Some(dict) = dict(ts) else { return Ok(()) };
    let name = Str::interned(ts, name)?;
    match value {
        Some(value) => dict.set(ts, &name, value),
        None => dict.remove(ts, &name).map(drop),
    }
}

/// Writes text to a stream that a program may have replaced: by its `write`, or to the descriptor if there is none.
fn write_to(ts: &ThreadState, name: &str, own: &'static StreamObject, text: &str) -> Result<()> {
    match get(ts, name) {
        None => {
            own.put(text.as_bytes());
            Ok(())
        }
        Some(stream) if stream.is(own.as_object()) => {
            own.put(text.as_bytes());
            Ok(())
        }
        Some(stream) if crate::types::singletons::is_none(&*stream) => Ok(()),
        Some(stream) => {
            let write = object::getattr(ts, &stream, &crate::types::identifiers::write)?;
            crate::protocol::call::call(ts, &write, &[&*Str::new(ts, text)?])?;
            Ok(())
        }
    }
}

/// Writes text to `sys.stderr`; what goes wrong there is forgotten.
pub fn write_stderr(ts: &ThreadState, text: &str) {
    ts.preserving_error(|| {
        if write_to(ts, "stderr", &stream::STDERR, text).is_err() {
            ts.error.clear();
            stream::STDERR.put(text.as_bytes());
        }
    });
}

/// Writes text to `sys.stdout`; what goes wrong there is forgotten.
pub fn write_stdout(ts: &ThreadState, text: &str) {
    ts.preserving_error(|| {
        if write_to(ts, "stdout", &stream::STDOUT, text).is_err() {
            ts.error.clear();
            stream::STDOUT.put(text.as_bytes());
        }
    });
}

/// Makes the module and enters it.
pub fn start(ts: &ThreadState) -> Result<()> {
    let name = Str::interned(ts, "sys")?;
    let module = super::make(ts, &name, c"The interpreter's parameters, and what it keeps.", &functions::METHODS, 80)?;
    let dict = module.dict();
    ts.interp().sys_dict.store(Some(dict.clone()));
    fill(ts, &dict)?;
    super::import::builtin::enter(ts, &name, &module)
}

fn fill(ts: &ThreadState, dict: &Dict) -> Result<()> {
    let put = |name: &str, value: &Object| dict.set_name(ts, &*Str::interned(ts, name)?, value);
    let text = |s: &str| -> Result { Ok(Str::new(ts, s)?.upcast()) };
    put("modules", &*super::import::modules(ts)?)?;
    put("path", &*search_path(ts)?)?;
    put("argv", &*List::new(ts, &[&*text("")?])?)?;
    put("version", &*text(&version::TEXT.to_string_lossy())?)?;
    put("hexversion", &*Int::from_i64(ts, version::HEX.into())?)?;
    put("api_version", &*Int::from_i64(ts, 1013)?)?;
    put("maxsize", &*Int::from_i64(ts, isize::MAX as i64)?)?;
    put("maxunicode", &*Int::from_i64(ts, 0x10_FFFF)?)?;
    put("byteorder", &*text(if cfg!(target_endian = "little") { "little" } else { "big" })?)?;
    put("platform", &*text(&version::PLATFORM.to_string_lossy())?)?;
    put("copyright", &*text(&version::COPYRIGHT.to_string_lossy())?)?;
    put("platlibdir", &*text("lib")?)?;
    for name in ["executable", "prefix", "exec_prefix", "base_prefix", "base_exec_prefix", "abiflags"] {
        put(name, &*text("")?)?;
    }
    put("implementation", &*implementation(ts)?)?;
    put("dont_write_bytecode", crate::types::bool::bool_ref(true))?;
    put("warnoptions", &*List::new(ts, &[])?)?;
    put("_xoptions", &*Dict::new(ts)?)?;
    put("path_hooks", &*List::new(ts, &[])?)?;
    put("path_importer_cache", &*Dict::new(ts)?)?;
    let builtin = super::import::builtin::names(ts)?;
    let mut names = Vec::new();
    if names.try_reserve_exact(builtin.len()).is_err() {
        return Err(ts.no_memory());
    }
    for name in builtin {
        names.push(text(name)?);
    }
    put("builtin_module_names", &*Tuple::from_owned(ts, names)?)?;
    for name in ["stdout", "__stdout__"] {
        put(name, stream::STDOUT.as_object())?;
    }
    for name in ["stderr", "__stderr__"] {
        put(name, stream::STDERR.as_object())?;
    }
    for (name, kept) in
        [("displayhook", "__displayhook__"), ("excepthook", "__excepthook__"), ("unraisablehook", "__unraisablehook__")]
    {
        let own = dict.get(ts, &*Str::interned(ts, name)?)?;
        put(kept, &own.expect("one of the functions"))?;
    }
    Ok(())
}

/// What `Py_SetPath` said, else `PYTHONPATH`, and nothing else: there is no standard library.
fn search_path(ts: &ThreadState) -> Result {
    let list = List::new(ts, &[])?;
    let no_memory = |_| ts.no_memory();
    let given = match settings::PATH.given().map_err(no_memory)? {
        Some(given) => given,
        None => {
            let path = settings::environment(c"PYTHONPATH").map_err(no_memory)?;
            settings::PATH.set_text(&path).map_err(no_memory)?;
            path
        }
    };
    for folder in given.split(':').filter(|_| !given.is_empty()) {
        list.append(ts, Str::new(ts, folder)?.upcast())?;
    }
    Ok(list.upcast())
}

/// Appends to `sys.warnoptions`, which is made if there is no list.
pub fn add_warn_option(ts: &ThreadState, option: &Object) -> Result<()> {
    if let Some(Ok(options)) = get(ts, "warnoptions").map(Owned::downcast_owned::<List>) {
        return options.append(ts, Owned::new(option));
    }
    set(ts, "warnoptions", Some(&*List::new(ts, &[option])?))
}

/// Enters `name=value`, or `name` with True, into `sys._xoptions`, which is made if there is no dict.
pub fn add_x_option(ts: &ThreadState, option: &str) -> Result<()> {
    let options = match get(ts, "_xoptions").map(Owned::downcast_owned::<Dict>) {
        Some(Ok(options)) => options,
        _ => Dict::new(ts)?,
    };
    match option.split_once('=') {
        Some((name, value)) => options.set(ts, &*Str::new(ts, name)?, &*Str::new(ts, value)?)?,
        None => options.set(ts, &*Str::new(ts, option)?, crate::types::bool::bool_ref(true))?,
    }
    set(ts, "_xoptions", Some(&options))
}

/// The options that were given before the start, the environment's first.
pub fn take_early_options(ts: &ThreadState) -> Result<()> {
    let environment = settings::environment(c"PYTHONWARNINGS").map_err(|_| ts.no_memory())?;
    let of_environment = environment.split(',').filter(|option| !option.is_empty());
    let given = core::mem::take(&mut *settings::WARN_OPTIONS.lock());
    for option in of_environment.chain(given.iter().map(String::as_str)) {
        add_warn_option(ts, &*Str::new(ts, option)?)?;
    }
    let given = core::mem::take(&mut *settings::X_OPTIONS.lock());
    given.iter().try_for_each(|option| add_x_option(ts, option))
}

fn implementation(ts: &ThreadState) -> Result {
    let namespace = Namespace::new(ts)?;
    let dict = namespace.dict();
    let put = |name: &str, value: &Object| dict.set_name(ts, &*Str::interned(ts, name)?, value);
    put("name", &*Str::new(ts, "deathless")?)?;
    put("cache_tag", crate::types::singletons::none_ref())?;
    put("hexversion", &*Int::from_i64(ts, version::HEX.into())?)?;
    put("_multiarch", &*Str::new(ts, "x86_64-linux-gnu")?)?;
    Ok(namespace.upcast())
}

/// `sys.argv`, and its first folder in front of `sys.path`: `PySys_SetArgvEx`.
pub fn set_arguments(ts: &ThreadState, arguments: &[String], update_path: bool) -> Result<()> {
    let list = List::new(ts, &[])?;
    for argument in arguments {
        list.append(ts, Str::new(ts, argument)?.upcast())?;
    }
    if arguments.is_empty() {
        list.append(ts, Str::new(ts, "")?.upcast())?;
    }
    set(ts, "argv", Some(&list))?;
    if !update_path {
        return Ok(());
    }
    let script = arguments.first().map_or("", String::as_str);
    let folder = match std::path::Path::new(script).canonicalize() {
        Ok(file) => file.parent().map(|p| p.to_string_lossy().into_owned()).unwrap_or_default(),
        Err(_) => script.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned()),
    };
    match get(ts, "path").map(Owned::downcast_owned::<List>) {
        Some(Ok(path)) => path.insert(ts, 0, &*Str::new(ts, &folder)?),
        _ => Ok(()),
    }
}

/// The parts of the module that C programs reach by name while the interpreter ends are given up last.
pub fn module(ts: &ThreadState) -> Option<Owned<Module>> {
    let name = Str::interned(ts, "sys").ok()?;
    let found = super::import::find_imported(ts, &name).ok()??;
    found.downcast_owned::<Module>().ok()
}
