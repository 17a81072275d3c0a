//! import.h: importing modules.

use core::ffi::{c_char, c_int, c_long};

use crate::ffi::PyObject;
use crate::modules::import::{self, Importer};
use crate::object::{Object, Owned, Result};
use crate::runtime::interpreter::ModuleInit;
use crate::runtime::{ThreadState, boundary, lifecycle};
use crate::types::Str;
use crate::types::exceptions::VALUE_ERROR;

// skipped PyImport_ExecCodeModule and its kin: there is no code to run

/// A borrowed reference to what `sys.modules` holds.
fn lend(_ts: &ThreadState, module: Owned<Object>) -> *mut PyObject {
    module.as_ptr()
}

/// Registers a built-in module, before the start. -1 if there is no memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyImport_AppendInittab(
    name: *const c_char,
    init: Option<unsafe extern "C" fn() -> *mut PyObject>,
) -> c_int {
    if lifecycle::is_initialized() {
        lifecycle::fatal("PyImport_AppendInittab", "PyImport_AppendInittab() may not be called after Py_Initialize()");
    }
    // SAFETY: [cstr], and as C's contract has it, both stay valid.
    if unsafe { import::builtin::register(name, init) } { 0 } else { -1 }
}

/// The same for an array that ends with a NULL name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyImport_ExtendInittab(table: *mut _inittab) -> c_int {
    if lifecycle::is_initialized() {
        lifecycle::fatal("PyImport_ExtendInittab", "PyImport_ExtendInittab() may not be called after Py_Initialize()");
    }
    let mut at = table;
    // SAFETY: [span] up to an entry with a NULL name; names and functions stay valid.
    unsafe {
        while !(*at).name.is_null() {
            if !import::builtin::register((*at).name, (*at).init) {
                return -1;
            }
            at = at.add(1);
        }
    }
    0
}

/// A built-in module to be, C\'s `struct _inittab`.
#[repr(C)]
#[allow(non_camel_case_types)]
pub struct _inittab {
    name: *const c_char,
    init: Option<ModuleInit>,
}

/// The module of that name, borrowed; made empty if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyImport_AddModule(name: *const c_char) -> *mut PyObject {
    // SAFETY: [cstr].
    boundary(|ts| Ok(lend(ts, import::add_module(ts, &*unsafe { super::text(ts, name)? })?)))
}

/// The same as a new reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyImport_AddModuleRef(name: *const c_char) -> *mut PyObject {
    // SAFETY: [cstr].
    boundary(|ts| import::add_module(ts, &*unsafe { super::text(ts, name)? }))
}

/// The same as [`PyImport_AddModule`] with a str.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyImport_AddModuleObject(name: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable].
    boundary(|ts| Ok(lend(ts, import::add_module(ts, unsafe { super::expected::<Str>(ts, name)? })?)))
}

/// The module of that name if it is imported; NULL without an exception if it is not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyImport_GetModule(name: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live].
    boundary(|ts| import::find_imported(ts, unsafe { Object::from_raw(name) }))
}

/// `sys.modules`, borrowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyImport_GetModuleDict() -> *mut PyObject {
    ThreadState::current().interp().modules.get()
}

/// Imports the module of that full name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyImport_ImportModule(name: *const c_char) -> *mut PyObject {
    // SAFETY: [cstr].
    boundary(|ts| import::import_module(ts, &*unsafe { super::text(ts, name)? }))
}

/// The same.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyImport_ImportModuleNoBlock(name: *const c_char) -> *mut PyObject {
    // SAFETY: [cstr].
    unsafe { PyImport_ImportModule(name) }
}

/// The same with a str.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyImport_Import(name: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable].
        let name = unsafe { super::required(ts, name)? };
        let Some(text) = name.downcast::<Str>() else {
            return Err(ts.raise_str(&crate::types::exceptions::TYPE_ERROR, "module name must be a string"));
        };
        import::import_module(ts, text)
    })
}

/// `__import__(name, globals, locals, from, level)`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyImport_ImportModuleLevelObject(
    name: *mut PyObject,
    globals: *mut PyObject,
    _locals: *mut PyObject,
    from: *mut PyObject,
    level: c_int,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] all.
        let (name, globals, from) =
            unsafe { (Object::from_nullable(name), Object::from_nullable(globals), Object::from_nullable(from)) };
        import_level(ts, name, Importer { globals, from, level })
    })
}

/// The same with UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyImport_ImportModuleLevel(
    name: *const c_char,
    globals: *mut PyObject,
    _locals: *mut PyObject,
    from: *mut PyObject,
    level: c_int,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [cstr]; [nullable] the others.
        let (name, globals, from) =
            unsafe { (super::text(ts, name)?, Object::from_nullable(globals), Object::from_nullable(from)) };
        import_level(ts, Some(&name), Importer { globals, from, level })
    })
}

fn import_level(ts: &ThreadState, name: Option<&Object>, importer: Importer<'_>) -> Result {
    match name {
        Some(name) => import::import_level(ts, name, importer),
        None => Err(ts.raise_str(&VALUE_ERROR, "Empty module name")),
    }
}

/// The number with which files of byte code for 3.15 begin.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyImport_GetMagicNumber() -> c_long {
    import::MAGIC_NUMBER
}

/// What the names of such files say: `cpython-315`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyImport_GetMagicTag() -> *const c_char {
    c"cpython-315".as_ptr()
}

/// The module again: code of an extension is loaded once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyImport_ReloadModule(module: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable].
    boundary(|ts| import::reload(ts, unsafe { super::required(ts, module)? }))
}

/// The importer that one of `sys.path_hooks` makes for an entry of `sys.path`, kept in `sys.path_importer_cache`;
/// `None` if no hook wants it. The runtime itself has no hooks and does not ask those that a program adds.
///
/// New reference. `RuntimeError` if `sys` has lost one of the two.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyImport_GetImporter(path: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| import::importer_of(ts, unsafe { super::required(ts, path)? }))
}

/// 0: there is no module whose code is part of the runtime.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyImport_ImportFrozenModule(_name: *const c_char) -> c_int {
    0
}

/// 0, as above.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyImport_ImportFrozenModuleObject(_name: *mut PyObject) -> c_int {
    0
}
