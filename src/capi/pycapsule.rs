//! pycapsule.h: C pointers as objects.

use core::ffi::{CStr, c_char, c_int, c_void};

use crate::ffi::*;
use crate::modules::import;
use crate::object::{Object, Result};
use crate::runtime::{ThreadState, boundary, boundary_or};
use crate::types::capsule::{Capsule, Destructor as PyCapsule_Destructor};
use crate::types::exceptions::ATTRIBUTE_ERROR;

/// # Safety
/// `[nullable]`
unsafe fn legal<'a>(ts: &ThreadState, capsule: *mut PyObject, function: &str) -> Result<&'a Capsule> {
    // SAFETY: [nullable]
    Capsule::legal(ts, unsafe { Object::from_nullable(capsule) }, function)
}

/// A capsule around the pointer, which must not be NULL. The name must outlive it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCapsule_New(
    pointer: *mut c_void,
    name: *const c_char,
    destructor: Option<PyCapsule_Destructor>,
) -> *mut PyObject {
    boundary(|ts| Capsule::new(ts, pointer, name, destructor))
}

/// The pointer. `ValueError` if the name is not the capsule's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCapsule_GetPointer(capsule: *mut PyObject, name: *const c_char) -> *mut c_void {
    boundary(|ts| {
        // SAFETY: [nullable]
        let capsule = unsafe { legal(ts, capsule, "PyCapsule_GetPointer")? };
        // SAFETY: [nullable] [cstr]
        if !unsafe { capsule.is_named(name) } {
            return Err(Capsule::invalid(ts, "PyCapsule_GetPointer", "incorrect name"));
        }
        Ok(capsule.pointer.get())
    })
}

/// The destructor, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCapsule_GetDestructor(capsule: *mut PyObject) -> Option<PyCapsule_Destructor> {
    let function = |ts: &ThreadState| {
        // SAFETY: [nullable]
        let destructor = unsafe { legal(ts, capsule, "PyCapsule_GetDestructor")? }.destructor.get();
        Ok(destructor.map_or(core::ptr::null_mut(), |f| f as *mut c_void))
    };
    let pointer = boundary(function);
    // SAFETY: NULL or the function that was taken apart above.
    unsafe { core::mem::transmute::<*mut c_void, Option<PyCapsule_Destructor>>(pointer) }
}

/// The name, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCapsule_GetName(capsule: *mut PyObject) -> *const c_char {
    // SAFETY: [nullable]
    boundary(|ts| Ok(unsafe { legal(ts, capsule, "PyCapsule_GetName")? }.name.get()))
}

/// What `PyCapsule_SetContext` put there, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCapsule_GetContext(capsule: *mut PyObject) -> *mut c_void {
    // SAFETY: [nullable]
    boundary(|ts| Ok(unsafe { legal(ts, capsule, "PyCapsule_GetContext")? }.context.get()))
}

/// Whether the object is a capsule of that name with a pointer. Never fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCapsule_IsValid(capsule: *mut PyObject, name: *const c_char) -> c_int {
    // SAFETY: [nullable] [cstr]
    let capsule = unsafe { Object::from_nullable(capsule) }.and_then(|o| o.downcast_exact::<Capsule>());
    // SAFETY: [cstr]
    c_int::from(capsule.is_some_and(|c| !c.pointer.get().is_null() && unsafe { c.is_named(name) }))
}

/// The pointer of the capsule that a module has as an attribute: `"module.attribute"`.
///
/// `ImportError` if there is no such module, `AttributeError` if that is no capsule of that name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCapsule_Import(name: *const c_char, _no_block: c_int) -> *mut c_void {
    boundary(|ts| {
        // SAFETY: [cstr]
        let dotted = unsafe { CStr::from_ptr(name) }.to_string_lossy();
        let found = import::import_dotted(ts, &dotted)?;
        let capsule = found.downcast_exact::<Capsule>().filter(|c| !c.pointer.get().is_null());
        // SAFETY: [cstr]
        match capsule.filter(|c| unsafe { c.is_named(name) }) {
            Some(capsule) => Ok(capsule.pointer.get()),
            None => Err(ts.raise(&ATTRIBUTE_ERROR, format_args!("PyCapsule_Import \"{dotted}\" is not valid"))),
        }
    })
}

/// Changes the pointer, to another that is not NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCapsule_SetPointer(capsule: *mut PyObject, pointer: *mut c_void) -> c_int {
    boundary(|ts| {
        if pointer.is_null() {
            return Err(Capsule::invalid(ts, "PyCapsule_SetPointer", "null pointer"));
        }
        // SAFETY: [nullable]
        unsafe { legal(ts, capsule, "PyCapsule_SetPointer")? }.pointer.set(pointer);
        Ok(())
    })
}

/// Changes the name; the old one is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCapsule_SetName(capsule: *mut PyObject, name: *const c_char) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable]
        unsafe { legal(ts, capsule, "PyCapsule_SetName")? }.name.set(name);
        Ok(())
    })
}

/// Changes the destructor.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCapsule_SetDestructor(
    capsule: *mut PyObject,
    destructor: Option<PyCapsule_Destructor>,
) -> c_int {
    boundary_or(-1, |ts| {
        // SAFETY: [nullable]
        unsafe { legal(ts, capsule, "PyCapsule_SetDestructor")? }.destructor.set(destructor);
        Ok(())
    })
}

/// Changes the context.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCapsule_SetContext(capsule: *mut PyObject, context: *mut c_void) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable]
        unsafe { legal(ts, capsule, "PyCapsule_SetContext")? }.context.set(context);
        Ok(())
    })
}
