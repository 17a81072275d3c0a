//! object.h: types.

#![allow(non_upper_case_globals)]

use core::ffi::{c_int, c_uint, c_ulong, c_void};

use super::{bad_argument, hand_out};
use crate::ffi::slots::{Py_tp_base, Py_tp_bases, Py_tp_doc, Py_tp_members, Py_tp_token};
use crate::ffi::*;
use crate::object::{Object, ObjectCell, Owned, Raised, Result, Type};
use crate::runtime::{ThreadState, boundary, ledger};
use crate::types::exceptions::{SYSTEM_ERROR, TYPE_ERROR};
use crate::types::module::Module;
use crate::types::object::generic_alloc;
use crate::types::type_::{attributes, from_spec, ready, slot_ids, slotdefs, spec};

/// # Safety
/// `[live]` and a type.
unsafe fn ty<'a>(ty: *mut PyTypeObject) -> &'a Type {
    // SAFETY: [live] the caller's promise.
    unsafe { &*ty }
}

/// # Safety
/// `[nullable]`
unsafe fn nullable<'a>(object: *mut PyObject) -> Option<&'a Object> {
    // SAFETY: [nullable] the caller's promise.
    unsafe { Object::from_nullable(object) }
}

/// Finishes a static type: everything is inherited, and its dict is filled. The type becomes immortal.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_Ready(r#type: *mut PyTypeObject) -> c_int {
    // SAFETY: [live] a type, static or under construction.
    boundary(|ts| ready::ready(ts, unsafe { ty(r#type) }))
}

/// A heap type as `spec` says. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_FromSpec(spec: *mut PyType_Spec) -> *mut PyObject {
    // SAFETY: [live] the spec and what it points to.
    unsafe { make(spec, core::ptr::null_mut(), core::ptr::null_mut(), core::ptr::null_mut()) }
}

/// The same with bases: a tuple, a single type, or NULL for what the spec says. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_FromSpecWithBases(spec: *mut PyType_Spec, bases: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live] as above; [nullable] the bases.
    unsafe { make(spec, core::ptr::null_mut(), core::ptr::null_mut(), bases) }
}

/// The same for a type that belongs to `module`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_FromModuleAndSpec(
    module: *mut PyObject,
    spec: *mut PyType_Spec,
    bases: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: [live] as above; [nullable] module and bases.
    unsafe { make(spec, core::ptr::null_mut(), module, bases) }
}

/// The same with a metaclass, which may be NULL. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_FromMetaclass(
    metaclass: *mut PyTypeObject,
    module: *mut PyObject,
    spec: *mut PyType_Spec,
    bases: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: [live] as above; [nullable] the rest.
    unsafe { make(spec, metaclass, module, bases) }
}

/// # Safety
/// `[live]` the spec and what it points to; `[nullable]` the rest.
unsafe fn make(
    spec: *mut PyType_Spec,
    metaclass: *mut PyTypeObject,
    module: *mut PyObject,
    bases: *mut PyObject,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: the caller's promise.
        let definition = unsafe { spec::from_spec(ts, spec, metaclass.as_ref(), nullable(module), nullable(bases))? };
        from_spec::make(ts, &definition)
    })
}

/// A heap type as an array of slots says, which ends with slot 0. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_FromSlots(slots: *mut PySlot) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live] the slots and what they point to.
        let definition = unsafe { spec::from_slots(ts, slots)? };
        from_spec::make(ts, &definition)
    })
}

/// `tp_alloc` of most types: a zeroed instance, tracked if collectable. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_GenericAlloc(r#type: *mut PyTypeObject, nitems: Py_ssize_t) -> *mut PyObject {
    // SAFETY: [live] the type.
    unsafe { generic_alloc(r#type, nitems) }
}

/// `tp_new` of types that only allocate. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_GenericNew(
    r#type: *mut PyTypeObject,
    _args: *mut PyObject,
    _kwds: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: [live] the type, whose own function allocates.
    unsafe {
        match ty(r#type).tp_alloc.get() {
            Some(alloc) => alloc(r#type, 0),
            None => generic_alloc(r#type, 0),
        }
    }
}

/// Takes back all that is remembered of lookups. There is nothing to do: a version that is given up is never
/// given out again. The last version that was given out.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_ClearCache() -> c_uint {
    crate::types::type_::lookup::last_version()
}

/// `tp_flags`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_GetFlags(r#type: *mut PyTypeObject) -> c_ulong {
    // SAFETY: [live] the type.
    unsafe { ty(r#type) }.tp_flags.get()
}

/// Tells that the type's dict or bases were changed behind its back.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_Modified(r#type: *mut PyTypeObject) {
    // SAFETY: [live] the type.
    unsafe { ty(r#type) }.modified(ThreadState::current());
}

/// Whether `a` is `b` or derives from it. Never fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_IsSubtype(a: *mut PyTypeObject, b: *mut PyTypeObject) -> c_int {
    // SAFETY: [live] both types.
    unsafe { c_int::from(ty(a).is_subtype_of(ty(b))) }
}

/// Makes the type immutable; `TypeError` if a base is mutable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_Freeze(r#type: *mut PyTypeObject) -> c_int {
    // SAFETY: [live] the type.
    boundary(|ts| from_spec::freeze(ts, unsafe { ty(r#type) }))
}

/// What fills a slot: NULL if nothing does. `SystemError` for a number that is no slot.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_GetSlot(r#type: *mut PyTypeObject, slot: c_int) -> *mut c_void {
    // SAFETY: [live] the type.
    boundary(|ts| slot_value(ts, unsafe { ty(r#type) }, slot))
}

fn slot_value(ts: &ThreadState, ty: &Type, slot: c_int) -> Result<*mut c_void> {
    let id = u16::try_from(slot).ok().filter(|&id| id <= slot_ids::LAST).unwrap_or(u16::MAX);
    let id = slot_ids::modern(id);
    match id {
        Py_tp_base => return Ok(ty.tp_base.get().cast()),
        Py_tp_bases => return Ok(ty.tp_bases.get().cast()),
        Py_tp_doc => return Ok(ty.tp_doc.get().cast_mut().cast()),
        Py_tp_members => return Ok(ty.tp_members.cast()),
        Py_tp_token => return Ok(ty.as_heap().map_or(core::ptr::null_mut(), |h| h.ht_token.get())),
        _ => {}
    }
    match slot_ids::offset(id) {
        Some(offset) => Ok(ledger::target(slotdefs::slot_value(ty, offset).cast_mut().cast())),
        None if id == u16::MAX => Err(ts.raise_str(&SYSTEM_ERROR, "invalid slot (Py_slot_invalid, 65535)")),
        None => {
            let name = slot_ids::name(id);
            Err(ts.raise(&SYSTEM_ERROR, format_args!("invalid PyType_GetSlot slot {id} ({name})")))
        }
    }
}

/// `__name__`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_GetName(r#type: *mut PyTypeObject) -> *mut PyObject {
    // SAFETY: [live] the type.
    boundary(|ts| attributes::name(ts, unsafe { ty(r#type) }))
}

/// `__qualname__`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_GetQualName(r#type: *mut PyTypeObject) -> *mut PyObject {
    // SAFETY: [live] the type.
    boundary(|ts| attributes::qualname(ts, unsafe { ty(r#type) }))
}

/// `module.qualname`, without the modules `builtins` and `__main__`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_GetFullyQualifiedName(r#type: *mut PyTypeObject) -> *mut PyObject {
    // SAFETY: [live] the type.
    boundary(|ts| attributes::fully_qualified(ts, unsafe { ty(r#type) }))
}

/// `__module__`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_GetModuleName(r#type: *mut PyTypeObject) -> *mut PyObject {
    // SAFETY: [live] the type.
    boundary(|ts| attributes::module(ts, unsafe { ty(r#type) }))
}

/// The module that the type was made with. Borrowed; `TypeError` if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_GetModule(r#type: *mut PyTypeObject) -> *mut PyObject {
    // SAFETY: [live] the type.
    boundary(|ts| module_of(ts, unsafe { ty(r#type) }))
}

fn module_of<'a>(ts: &ThreadState, ty: &'a Type) -> Result<&'a Object> {
    let name = ty.full_name();
    let Some(heap) = ty.as_heap() else {
        return Err(ts.raise(&TYPE_ERROR, format_args!("PyType_GetModule: Type '{name}' is not a heap type")));
    };
    heap.ht_module
        .peek()
        .ok_or_else(|| ts.raise(&TYPE_ERROR, format_args!("PyType_GetModule: Type '{name}' has no associated module")))
}

/// The state of that module: NULL if it has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_GetModuleState(r#type: *mut PyTypeObject) -> *mut c_void {
    boundary(|ts| {
        // SAFETY: [live] the type.
        let module = module_of(ts, unsafe { ty(r#type) })?;
        match module.downcast::<Module>() {
            Some(module) => Ok(module.state.get()),
            None => Err(bad_argument(ts)),
        }
    })
}

/// The module, of those of the type and its bases, that has the token.
fn module_by_token<'a>(ty: &'a Type, token: *const c_void) -> Option<&'a Object> {
    let of = |t: &'a Type| t.as_heap().and_then(|h| h.ht_module.peek());
    let has = |m: &&Object| m.downcast::<Module>().is_some_and(|m| core::ptr::eq(m.token.get(), token));
    core::iter::once(ty).chain(ty.mro_types().iter().skip(1).copied()).filter_map(of).find(has)
}

fn no_module(ts: &ThreadState, function: &str, ty: &Type) -> Raised {
    let name = ty.full_name();
    ts.raise(&TYPE_ERROR, format_args!("{function}: No superclass of '{name}' has the given module"))
}

/// The module made from `def` that the type or a base of it belongs to. Borrowed; `TypeError` if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_GetModuleByDef(r#type: *mut PyTypeObject, def: *mut PyModuleDef) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live] the type.
        let ty = unsafe { ty(r#type) };
        module_by_token(ty, def.cast()).ok_or_else(|| no_module(ts, "PyType_GetModuleByDef", ty))
    })
}

/// The same by the module's token. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_GetModuleByToken(r#type: *mut PyTypeObject, token: *const c_void) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live] the type.
        let ty = unsafe { ty(r#type) };
        module_by_token(ty, token).map(Owned::new).ok_or_else(|| no_module(ts, "PyType_GetModuleByToken", ty))
    })
}

/// The same for a collector's functions: borrowed, and no exception.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_GetModuleByToken_DuringGC(
    r#type: *mut PyTypeObject,
    token: *const c_void,
) -> *mut PyObject {
    // SAFETY: [live] the type.
    module_by_token(unsafe { ty(r#type) }, token).map_or(core::ptr::null_mut(), Object::as_ptr)
}

/// `PyType_GetModule` for a collector's functions: borrowed, and no exception.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_GetModule_DuringGC(r#type: *mut PyTypeObject) -> *mut PyObject {
    // SAFETY: [live] the type.
    let heap = unsafe { ty(r#type) }.as_heap();
    heap.map_or(core::ptr::null_mut(), |h| h.ht_module.get())
}

/// `PyType_GetModuleState` for a collector's functions: no exception.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_GetModuleState_DuringGC(r#type: *mut PyTypeObject) -> *mut c_void {
    // SAFETY: [live] the type.
    let module = unsafe { ty(r#type) }.as_heap().and_then(|h| h.ht_module.peek());
    module.and_then(Object::downcast::<Module>).map_or(core::ptr::null_mut(), |m| m.state.get())
}

/// The type or the first base of it that has the token: 1 and a new reference in `result` (which may be NULL), or 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_GetBaseByToken(
    r#type: *mut PyTypeObject,
    token: *mut c_void,
    result: *mut *mut PyTypeObject,
) -> c_int {
    if !result.is_null() {
        // SAFETY: [out]
        unsafe { result.write(core::ptr::null_mut()) };
    }
    boundary::<bool>(|ts| {
        if token.is_null() {
            return Err(ts.raise_str(&SYSTEM_ERROR, "PyType_GetBaseByToken called with token=NULL"));
        }
        // SAFETY: [live] an object.
        let object = unsafe { Object::from_raw(r#type.cast()) };
        let Some(ty) = object.downcast::<Type>() else {
            let name = object.ty().full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("expected a type, got a '{name}' object")));
        };
        let found = from_spec::base_by_token(ty, token);
        if let (Some(found), false) = (found, result.is_null()) {
            // SAFETY: [out]
            unsafe { result.write(hand_out(Some(Owned::new(found))).cast()) };
        }
        Ok(found.is_some())
    })
}

/// The same for a collector's functions: the reference in `result` is borrowed, and there is no exception.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_GetBaseByToken_DuringGC(
    r#type: *mut PyTypeObject,
    token: *mut c_void,
    result: *mut *mut PyTypeObject,
) -> c_int {
    // SAFETY: [live] the type.
    let found = from_spec::base_by_token(unsafe { ty(r#type) }, token).filter(|_| !token.is_null());
    if !result.is_null() {
        // SAFETY: [out]
        unsafe { result.write(found.map_or(core::ptr::null_mut(), |t| core::ptr::from_ref(t).cast_mut())) };
    }
    c_int::from(found.is_some())
}

/// The data that `cls` added to its base's instances, in `object`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GetTypeData(object: *mut PyObject, cls: *mut PyTypeObject) -> *mut c_void {
    // SAFETY: [live] both.
    unsafe { from_spec::type_data(Object::from_raw(object), ty(cls)) }
}

/// The same for a collector's functions.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GetTypeData_DuringGC(object: *mut PyObject, cls: *mut PyTypeObject) -> *mut c_void {
    // SAFETY: [live] both.
    unsafe { from_spec::type_data(Object::from_raw(object), ty(cls)) }
}

/// How many bytes those are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyType_GetTypeDataSize(cls: *mut PyTypeObject) -> Py_ssize_t {
    // SAFETY: [live] the type.
    from_spec::type_data_size(unsafe { ty(cls) })
}
