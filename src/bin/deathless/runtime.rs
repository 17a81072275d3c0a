//! The runtime on the other side of the C API: a shared library opened with
//! `dlopen`, from which every function is taken by name on first use.
//!
//! Nothing here links to the library of this package: the command is a client
//! like any other, so that the same binary drives CPython too. The library is
//! opened with `RTLD_GLOBAL`, because extension modules look for the API among
//! the global symbols. Next: `api.rs`, the table of functions.

use std::error::Error;
use std::ffi::{CString, c_void};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW};

use crate::api::Api;
use crate::object::Fault;

static API: OnceLock<Api> = OnceLock::new();

/// The opened runtime. Every object handle stems from it, so that it is there
/// whenever one is.
pub fn api() -> &'static Api {
    API.get().expect("the runtime is opened before it is used")
}

/// Opens the runtime without starting it, and says which file it is.
pub fn open(wanted: Option<&Path>) -> Result<PathBuf, String> {
    let path = match wanted {
        Some(path) => existing(path)?,
        None => find_library()?,
    };
    // SAFETY: running the library's initialisers is what the user asked for.
    let library = unsafe { Library::open(Some(&path), RTLD_NOW | RTLD_GLOBAL) }.map_err(|error| {
        let cause = error.source().map(ToString::to_string);
        let cause = cause.unwrap_or_else(|| error.to_string());
        format!("cannot open the runtime {}: {cause}", path.display())
    })?;
    if API.set(Api::new(library)).is_err() {
        return Err("a runtime is open already".to_owned());
    }
    Ok(path)
}

/// Starts the interpreter of the opened runtime.
///
/// Its standard streams are unbuffered, so that what it prints keeps its place
/// among our lines, and its hashes are fixed, so that two runs print the same.
pub fn start() -> Result<(), String> {
    for (name, value) in [("PYTHONUNBUFFERED", "1"), ("PYTHONHASHSEED", "0")] {
        if std::env::var_os(name).is_none() {
            // SAFETY: this process has one thread as yet.
            unsafe { std::env::set_var(name, value) };
        }
    }
    api().Py_InitializeEx(0).map_err(|fault| format!("cannot start the runtime: {}", fault.sentence()))
}

/// Ends the interpreter. All handles must be gone by now.
pub fn stop() {
    // A runtime that cannot be ended ends with the process.
    let _ = api().Py_FinalizeEx();
}

/// The address of `name` in the runtime.
pub fn symbol(library: &Library, name: &str) -> Result<*mut c_void, Fault> {
    let missing = || Fault::Missing(name.to_owned());
    let text = CString::new(name).map_err(|_| missing())?;
    // SAFETY: the symbol is only asked for its address.
    let found = unsafe { library.get::<*mut c_void>(text.to_bytes_with_nul()) };
    let address = found.map_err(|_| missing())?.as_raw_ptr();
    if address.is_null() { Err(missing()) } else { Ok(address) }
}

fn existing(path: &Path) -> Result<PathBuf, String> {
    // A bare name is left to dlopen and its search path.
    if path.components().count() == 1 && !path.exists() {
        return Ok(path.to_owned());
    }
    if !path.exists() {
        return Err(format!("no such file: {}", path.display()));
    }
    std::path::absolute(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// What to do where there is no ledger.
pub const HOW_TO_GET_A_LEDGER: &str = "`make ledger` builds libdeathless-ledger.so, which has one (cargo build --features ledger); \
     it is looked for beside this program and in ../lib, or give --runtime PATH";

/// The same for a runtime that keeps the ledger.
pub fn open_ledger(wanted: Option<&Path>) -> Result<PathBuf, String> {
    if wanted.is_some() || std::env::var_os("DEATHLESS_LIBRARY").is_some() {
        return open(wanted);
    }
    let found = beside_this_program("libdeathless-ledger.so")?;
    let path = found.map_err(|_| format!("there is no runtime that keeps a ledger. {HOW_TO_GET_A_LEDGER}"))?;
    open(Some(&path))
}

fn find_library() -> Result<PathBuf, String> {
    if let Some(path) = std::env::var_os("DEATHLESS_LIBRARY") {
        return existing(Path::new(&path));
    }
    beside_this_program("libdeathless.so")?.map_err(|here| {
        format!(
            "libdeathless.so lies neither in {} nor in ../lib beside it; \
                 give --runtime PATH or set DEATHLESS_LIBRARY",
            here.display()
        )
    })
}

/// The library of that name near this program; or the folder in which it is not.
fn beside_this_program(name: &str) -> Result<Result<PathBuf, PathBuf>, String> {
    let here = std::env::current_exe()
        .ok()
        .and_then(|exe| exe.canonicalize().ok())
        .and_then(|exe| exe.parent().map(Path::to_owned))
        .ok_or("cannot find out where this program lies; give --runtime PATH")?;
    let places = ["", "../lib", "deps"];
    let found = places.iter().map(|place| here.join(place).join(name)).find(|path| path.exists());
    Ok(found.ok_or(here))
}
