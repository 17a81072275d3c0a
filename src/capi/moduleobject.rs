//! moduleobject.h, and what modsupport.h, import.h and pystate.h have about modules.
//!
//! The functions for use while the collector runs are as their namesakes: nothing here allocates to answer.

use core::ffi::{CStr, c_char, c_int, c_long, c_void};

use super::{bad_argument, name, required, take_over, text};
use crate::ffi::*;
use crate::object::{Object, Raised, Result};
use crate::runtime::{Lent, ThreadState, boundary};
use crate::types::exceptions::{SYSTEM_ERROR, TYPE_ERROR};
use crate::types::module::{Module, abi, as_module, definition, state};
use crate::types::{Int, Str};

/// # Safety
/// `[nullable]`
unsafe fn module_arg<'a>(ts: &ThreadState, module: *mut PyObject) -> Result<&'a Module> {
    // SAFETY: [nullable]
    as_module(ts, unsafe { required(ts, module)? })
}

/// The same for the functions of 3.15, with their message.
///
/// # Safety
/// `[nullable]`
unsafe fn expected_module<'a>(ts: &ThreadState, module: *mut PyObject) -> Result<&'a Module> {
    // SAFETY: [nullable]
    let object: &'a Object = unsafe { required(ts, module)? };
    object.downcast::<Module>().ok_or_else(|| {
        let given = object.ty().full_name();
        ts.raise(&TYPE_ERROR, format_args!("expected module, got {given}"))
    })
}

/// A module of that name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_NewObject(name: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| Module::new(ts, unsafe { required(ts, name)? }))
}

/// The same from UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_New(name: *const c_char) -> *mut PyObject {
    // SAFETY: [cstr]
    boundary(|ts| unsafe {
        let name = text(ts, name)?;
        Module::new(ts, &name)
    })
}

/// The module's namespace. Borrowed reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_GetDict(module: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| unsafe { Ok(Lent(super::expected::<Module>(ts, module)?.dict.get())) })
}

/// `__name__`. `SystemError` if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_GetNameObject(module: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| unsafe { module_arg(ts, module)? }.name(ts))
}

/// The same as UTF-8 that lives as long as the name does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_GetName(module: *mut PyObject) -> *const c_char {
    // SAFETY: [nullable]
    boundary(|ts| utf8(ts, &*unsafe { module_arg(ts, module)? }.name(ts)?))
}

/// `__file__`. `SystemError` if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_GetFilenameObject(module: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| unsafe { module_arg(ts, module)? }.filename(ts))
}

/// The same as UTF-8 that lives as long as the name does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_GetFilename(module: *mut PyObject) -> *const c_char {
    // SAFETY: [nullable]
    boundary(|ts| utf8(ts, &*unsafe { module_arg(ts, module)? }.filename(ts)?))
}

/// The definition that the module was made from, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_GetDef(module: *mut PyObject) -> *mut PyModuleDef {
    // SAFETY: [nullable]
    boundary(|ts| Ok(unsafe { module_arg(ts, module)? }.definition().cast::<c_void>())).cast()
}

/// The module's C state, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_GetState(module: *mut PyObject) -> *mut c_void {
    // SAFETY: [nullable]
    boundary(|ts| Ok(unsafe { module_arg(ts, module)? }.state.get()))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_GetState_DuringGC(module: *mut PyObject) -> *mut c_void {
    // SAFETY: [nullable]
    unsafe { PyModule_GetState(module) }
}

/// The size of the state into `*result`, -1 into it on failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_GetStateSize(module: *mut PyObject, result: *mut Py_ssize_t) -> c_int {
    boundary(|ts| {
        // SAFETY: [out] [nullable]
        unsafe {
            result.write(-1);
            result.write(expected_module(ts, module)?.state_size.get());
        }
        Ok(())
    })
}

/// The token into `*result`: the definition's address, unless the module's slots name another.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_GetToken(module: *mut PyObject, result: *mut *mut c_void) -> c_int {
    boundary(|ts| {
        // SAFETY: [out] [nullable]
        unsafe {
            result.write(core::ptr::null_mut());
            result.write(expected_module(ts, module)?.token.get());
        }
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_GetToken_DuringGC(module: *mut PyObject, result: *mut *mut c_void) -> c_int {
    // SAFETY: [out] [nullable]
    unsafe { PyModule_GetToken(module, result) }
}

/// Makes the definition an object, to be returned by a `PyInit_` function. Borrowed reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModuleDef_Init(def: *mut PyModuleDef) -> *mut PyObject {
    // SAFETY: [live]
    definition::init(unsafe { &*def }).as_ptr()
}

/// A module of one phase, complete.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_Create2(def: *mut PyModuleDef, _api_version: c_int) -> *mut PyObject {
    // SAFETY: [live] a definition, which must outlive the module.
    boundary(|ts| unsafe { definition::create(ts, &*def) })
}

/// A module of two phases, to be executed by `PyModule_ExecDef`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_FromDefAndSpec2(
    def: *mut PyModuleDef,
    spec: *mut PyObject,
    _api_version: c_int,
) -> *mut PyObject {
    // SAFETY: [live] a definition, which must outlive the module.
    boundary(|ts| unsafe { definition::from_def_and_spec(ts, &*def, required(ts, spec)?) })
}

/// The same from slots alone, to be executed by `PyModule_Exec`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_FromSlotsAndSpec(slots: *const PySlot, spec: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable] [live]
    boundary(|ts| unsafe { definition::from_slots_and_spec(ts, slots, required(ts, spec)?) })
}

/// Runs the exec functions of the module's definition.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_ExecDef(module: *mut PyObject, def: *mut PyModuleDef) -> c_int {
    // SAFETY: [live]
    boundary(|ts| unsafe { definition::exec_def(ts, required(ts, module)?, &*def) })
}

/// Runs the exec functions that the module was made with.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_Exec(module: *mut PyObject) -> c_int {
    // SAFETY: [nullable]
    boundary(|ts| definition::exec(ts, unsafe { expected_module(ts, module)? }))
}

/// Makes the definitions functions of the module.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_AddFunctions(module: *mut PyObject, functions: *mut PyMethodDef) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable]
        let module = unsafe { module_arg(ts, module)? };
        let name = module.name(ts)?;
        // SAFETY: [span] up to a NULL name.
        unsafe { definition::add_functions(ts, module, functions, &name) }
    })
}

/// `module.__doc__ = doc`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_SetDocString(module: *mut PyObject, doc: *const c_char) -> c_int {
    // SAFETY: [live] [cstr]
    boundary(|ts| unsafe { definition::set_doc(ts, required(ts, module)?, doc) })
}

/// Adds a value to a module's namespace.
///
/// # Safety
/// `[nullable]` both objects, `[cstr]` the name.
unsafe fn add(ts: &ThreadState, module: *mut PyObject, key: *const c_char, value: Option<&Object>) -> Result<()> {
    // SAFETY: [nullable]
    let Some(module) = unsafe { Object::from_nullable(module) }.and_then(Object::downcast::<Module>) else {
        return Err(ts.raise_str(&TYPE_ERROR, "PyModule_AddObjectRef() first argument must be a module"));
    };
    let Some(value) = value else {
        if ts.error.is_set() {
            return Err(Raised::already());
        }
        let message = "PyModule_AddObjectRef() must be called with an exception raised if value is NULL";
        return Err(ts.raise_str(&SYSTEM_ERROR, message));
    };
    // SAFETY: [cstr]
    let key = unsafe { name(ts, key)? };
    module.dict().set(ts, &key, value)
}

/// Adds a value to the module.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_AddObjectRef(
    module: *mut PyObject,
    name: *const c_char,
    value: *mut PyObject,
) -> c_int {
    // SAFETY: [nullable] [cstr]
    boundary(|ts| unsafe { add(ts, module, name, Object::from_nullable(value)) })
}

/// The same; takes the reference, even on failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_Add(module: *mut PyObject, name: *const c_char, value: *mut PyObject) -> c_int {
    // SAFETY: [steals]
    let value = unsafe { take_over::<Object>(value) };
    // SAFETY: [nullable] [cstr]
    boundary(|ts| unsafe { add(ts, module, name, value.as_deref()) })
}

/// The same; takes the reference on success only.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_AddObject(module: *mut PyObject, name: *const c_char, value: *mut PyObject) -> c_int {
    // SAFETY: [nullable] [cstr]
    let status = unsafe { PyModule_AddObjectRef(module, name, value) };
    if status == 0 {
        // SAFETY: [steals]
        drop(unsafe { take_over::<Object>(value) });
    }
    status
}

/// Adds an int.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_AddIntConstant(module: *mut PyObject, name: *const c_char, value: c_long) -> c_int {
    // SAFETY: [nullable] [cstr]
    boundary(|ts| unsafe { add(ts, module, name, Some(&*Int::from_i64(ts, value)?)) })
}

/// Adds a str.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_AddStringConstant(
    module: *mut PyObject,
    name: *const c_char,
    value: *const c_char,
) -> c_int {
    // SAFETY: [nullable] [cstr]
    boundary(|ts| unsafe { add(ts, module, name, Some(&*text(ts, value)?)) })
}

/// Readies the type and adds it under the last part of its name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyModule_AddType(module: *mut PyObject, ty: *mut PyTypeObject) -> c_int {
    boundary(|ts| {
        // SAFETY: [live]
        let ty = unsafe { &*ty };
        crate::types::type_::ready::ready(ts, ty)?;
        // SAFETY: [cstr] a type's name.
        let full = unsafe { CStr::from_ptr(ty.tp_name) }.to_bytes_with_nul();
        let start = full.iter().rposition(|&c| c == b'.').map_or(0, |i| i + 1);
        // SAFETY: [nullable] [cstr]
        unsafe { add(ts, module, full[start..].as_ptr().cast(), Some(ty)) }
    })
}

/// The interpreter's module of that definition: borrowed, or NULL without an exception.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyState_FindModule(def: *mut PyModuleDef) -> *mut PyObject {
    // SAFETY: [live]
    state::find(ThreadState::current(), unsafe { &*def }).map_or(core::ptr::null_mut(), |m| m.as_ptr())
}

/// Enters a module under its definition.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyState_AddModule(module: *mut PyObject, def: *mut PyModuleDef) -> c_int {
    // SAFETY: [live] [nullable]
    boundary(|ts| unsafe { state::add(ts, required(ts, module)?, def.as_ref()) })
}

/// The same, in the place of one that was entered before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _PyState_AddModule(module: *mut PyObject, def: *mut PyModuleDef) -> c_int {
    // SAFETY: [live] [nullable]
    boundary(|ts| unsafe {
        let Some(def) = def.as_ref() else { return Err(bad_argument(ts)) };
        state::set(ts, required(ts, module)?, def)
    })
}

/// Takes the definition's module out.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyState_RemoveModule(def: *mut PyModuleDef) -> c_int {
    // SAFETY: [live]
    boundary(|ts| state::remove(ts, unsafe { &*def }))
}

/// `ImportError` if what an extension was compiled for is not what it finds here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyABIInfo_Check(info: *mut PyABIInfo, module_name: *const c_char) -> c_int {
    // SAFETY: [nullable] [cstr]
    boundary(|ts| unsafe { abi::check(ts, info.as_ref(), &CStr::from_ptr(module_name).to_string_lossy()) })
}

/// The characters of an ASCII str, which end with a NUL, as it is kept alive by its module.
fn utf8(ts: &ThreadState, s: &Str) -> Result<*const c_char> {
    match s.as_ascii() {
        Some(_) => Ok(s.data().cast_const().cast()),
        None => Err(ts.raise_str(&SYSTEM_ERROR, "the name of a module must be ASCII")),
    }
}
