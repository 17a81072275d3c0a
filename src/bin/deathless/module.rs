//! Loads an extension module from a file, through the runtime's own import
//! machinery.

use std::ffi::CString;
use std::path::{Path, PathBuf};

use crate::object::{Fault, Obj, Outcome};
use crate::report;
use crate::runtime::api;

/// The modules that `-m` asks for, each with the last part of its name, or a
/// sentence about the first that cannot be loaded.
pub fn load_all(wanted: &[(String, PathBuf)]) -> Result<Vec<(String, Obj)>, String> {
    wanted
        .iter()
        .map(|(name, path)| {
            let module = load(name, path)
                .map_err(|fault| format!("cannot load {name} from {}: {}", path.display(), report::describe(fault)))?;
            let last = name.rsplit('.').next().unwrap_or(name);
            Ok((last.to_owned(), module))
        })
        .collect()
}

/// The module in the file `path`, loaded and executed as `name`.
pub fn load(name: &str, path: &Path) -> Outcome<Obj> {
    let absolute =
        std::path::absolute(path).map_err(|error| Fault::Unsupported(format!("{}: {error}", path.display())))?;
    if !absolute.exists() {
        return Err(Fault::Unsupported(format!("no such file: {}", path.display())));
    }
    let nul = |_| Fault::Unsupported("a NUL character in a name".to_owned());
    let name = CString::new(name).map_err(nul)?;
    let path = CString::new(absolute.into_os_string().into_encoded_bytes()).map_err(nul)?;
    match api().deathless_load_module(&name, &path) {
        Err(Fault::Missing(_)) => by_importlib(&name, &path),
        outcome => outcome,
    }
}

/// What `importlib`'s documentation gives as the way to import a source file
/// directly, with the loader for extension modules.
fn by_importlib(name: &CString, path: &CString) -> Outcome<Obj> {
    let api = api();
    let name = text(name)?;
    let path = text(path)?;
    let machinery = api.PyImport_ImportModule(c"importlib.machinery")?;
    let util = api.PyImport_ImportModule(c"importlib.util")?;
    let class = api.attribute(&machinery, c"ExtensionFileLoader")?;
    let loader = call(&class, [&name, &path])?;

    let keywords = api.PyDict_New()?;
    let keyword = text(c"loader")?;
    api.PyDict_SetItem(&keywords, &keyword, &loader)?;
    let make_spec = api.attribute(&util, c"spec_from_file_location")?;
    let spec = api.PyObject_Call(&make_spec, &tuple([&name, &path])?, Some(&keywords))?;

    let make_module = api.attribute(&util, c"module_from_spec")?;
    let module = call(&make_module, [&spec])?;
    call(&api.attribute(&loader, c"exec_module")?, [&module])?;
    Ok(module)
}

fn call<const N: usize>(callable: &Obj, arguments: [&Obj; N]) -> Outcome<Obj> {
    api().PyObject_Call(callable, &tuple(arguments)?, None)
}

fn tuple<const N: usize>(items: [&Obj; N]) -> Outcome<Obj> {
    let tuple = api().PyTuple_New(N as isize)?;
    for (index, item) in items.into_iter().enumerate() {
        api().PyTuple_SetItem(&tuple, index as isize, item.clone())?;
    }
    Ok(tuple)
}

fn text(value: &std::ffi::CStr) -> Outcome<Obj> {
    let bytes = value.to_bytes();
    api().PyUnicode_DecodeUTF8(bytes.as_ptr().cast(), bytes.len() as isize, c"surrogateescape")
}
