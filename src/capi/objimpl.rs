//! objimpl.h: making objects, and the collector. The memory functions are in `pymem.rs`.

use core::ffi::{c_int, c_void};

use crate::ffi::{Py_ssize_t, PyObject, PyTypeObject, PyVarObject};
use crate::object::alloc::{GC_HEAD, gc_is_tracked, gc_track, gc_untrack, init_header, instance_size};
use crate::object::collector::{self, OLDEST, Why};
use crate::object::{Object, Owned, Result, Type};
use crate::runtime::{Lent, ThreadState, boundary, lifecycle};

/// A fresh object of `ty` with `items` items, header and size written, the rest as it came.
fn fresh(ts: &ThreadState, ty: &Type, items: Option<Py_ssize_t>) -> Result<Owned<Object>> {
    let size = instance_size(ty, items.unwrap_or(0)).ok_or_else(|| ts.no_memory())?;
    // SAFETY: the caller of the C function writes the fields.
    let object = unsafe { ts.new_object::<Object>(ty, size)? };
    if let Some(items) = items {
        // SAFETY: asked for by the `Var` functions, for layouts that begin with that header.
        unsafe { (*object.as_ptr().cast::<PyVarObject>()).ob_size.set(items) };
    }
    Ok(object)
}

/// Writes a header into memory that the caller has, which becomes an object.
///
/// # Safety
/// As for [`init_header`].
unsafe fn begin(ts: &ThreadState, object: *mut PyObject, ty: &Type) {
    let heap = ts.heap();
    if heap.keeps_book() {
        heap.becomes_object(object.cast());
    }
    // SAFETY: the caller's promise.
    unsafe { init_header(object, ty) };
}

/// Writes the header of an object whose memory the caller has. `MemoryError` if that is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_Init(object: *mut PyObject, ty: *mut PyTypeObject) -> *mut PyObject {
    boundary(|ts| {
        if object.is_null() {
            return Err(ts.no_memory());
        }
        // SAFETY: [live] a type, and memory for an instance of it.
        unsafe { begin(ts, object, &*ty) };
        // SAFETY: [live] now, and its first reference is the caller's.
        Ok(unsafe { Owned::<Object>::from_stolen(object) })
    })
}

/// The same with a size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_InitVar(
    object: *mut PyVarObject,
    ty: *mut PyTypeObject,
    size: Py_ssize_t,
) -> *mut PyVarObject {
    boundary(|ts| {
        if object.is_null() {
            return Err(ts.no_memory());
        }
        // SAFETY: [live] a type, and memory for an instance of it.
        unsafe {
            begin(ts, object.cast(), &*ty);
            (&raw mut (*object).ob_size).write(core::cell::Cell::new(size));
        }
        // SAFETY: [live] now, and its first reference is the caller's.
        Ok(unsafe { Owned::<Object>::from_stolen(object.cast()) })
    })
    .cast()
}

/// A new object of a type that takes no part in collection; its fields are the caller's to write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _PyObject_New(ty: *mut PyTypeObject) -> *mut PyObject {
    // SAFETY: [live].
    boundary(|ts| fresh(ts, unsafe { &*ty }, None))
}

/// The same with `items` items.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _PyObject_NewVar(ty: *mut PyTypeObject, items: Py_ssize_t) -> *mut PyVarObject {
    // SAFETY: [live].
    boundary(|ts| fresh(ts, unsafe { &*ty }, Some(items))).cast()
}

/// A new collectable object, not tracked yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _PyObject_GC_New(ty: *mut PyTypeObject) -> *mut PyObject {
    boundary(|ts| {
        collector::collect_if_due(ts);
        // SAFETY: [live].
        fresh(ts, unsafe { &*ty }, None)
    })
}

/// The same with `items` items. `SystemError` for a negative number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _PyObject_GC_NewVar(ty: *mut PyTypeObject, items: Py_ssize_t) -> *mut PyVarObject {
    boundary(|ts| {
        if items < 0 {
            return Err(super::bad_argument(ts));
        }
        collector::collect_if_due(ts);
        // SAFETY: [live].
        fresh(ts, unsafe { &*ty }, Some(items))
    })
    .cast()
}

/// Resizes an untracked object; NULL with `MemoryError` if that fails, the object then unchanged.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _PyObject_GC_Resize(object: *mut PyVarObject, items: Py_ssize_t) -> *mut PyVarObject {
    boundary(|ts| {
        // SAFETY: [live].
        let ty = unsafe { Object::from_raw(object.cast()) }.ty();
        let size = instance_size(ty, items).ok_or_else(|| ts.no_memory())?;
        // SAFETY: [live] an untracked object that only the caller knows; its block begins with the collector's header.
        unsafe {
            let block = object.cast::<u8>().sub(GC_HEAD);
            let moved = ts.heap().realloc(block, size + GC_HEAD);
            if moved.is_null() {
                return Err(ts.no_memory());
            }
            let object = moved.add(GC_HEAD).cast::<PyVarObject>();
            (*object).ob_size.set(items);
            Ok(Lent(object.cast()))
        }
    })
    .cast()
}

/// Gives a collectable object's memory back.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GC_Del(object: *mut c_void) {
    // SAFETY: [live] memory of a collectable object of which no reference is left.
    unsafe {
        gc_untrack(Object::from_raw(object.cast()));
        ThreadState::current().heap().free(object.cast::<u8>().sub(GC_HEAD));
    }
}

/// Has the collector look at an object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GC_Track(object: *mut c_void) {
    // SAFETY: [live] a collectable object.
    gc_track(unsafe { Object::from_raw(object.cast()) });
}

/// Has the collector look at an object no more; nothing happens if it does not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GC_UnTrack(object: *mut c_void) {
    // SAFETY: [live] a collectable object.
    gc_untrack(unsafe { Object::from_raw(object.cast()) });
}

/// Whether the collector looks at the object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GC_IsTracked(object: *mut PyObject) -> c_int {
    // SAFETY: [live].
    c_int::from(gc_is_tracked(unsafe { Object::from_raw(object) }))
}

/// Whether the object's finalizer has run.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GC_IsFinalized(object: *mut PyObject) -> c_int {
    // SAFETY: [live].
    c_int::from(collector::is_finalized(unsafe { Object::from_raw(object) }))
}

/// Calls `tp_finalize`, once for a collectable object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_CallFinalizer(object: *mut PyObject) {
    // SAFETY: [live].
    collector::call_finalizer(ThreadState::current(), unsafe { Object::from_raw(object) });
}

/// Calls `tp_finalize` from `tp_dealloc`; -1 if the object lives on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_CallFinalizerFromDealloc(object: *mut PyObject) -> c_int {
    // SAFETY: the object's `tp_dealloc` calls, with a count of zero.
    let object = unsafe { Object::from_raw(object) };
    if object.refcount() != 0 {
        let message = "PyObject_CallFinalizerFromDealloc called on object with a non-zero refcount";
        lifecycle::fatal("_PyObject_AssertFailed", message);
    }
    // SAFETY: as above.
    if unsafe { collector::finalize_in_dealloc(ThreadState::current(), object) } { -1 } else { 0 }
}

/// A full collection; how many objects were found to be garbage. 0 while collections are disabled.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyGC_Collect() -> Py_ssize_t {
    let ts = ThreadState::current();
    if ts.interp().gc.is_enabled() { collector::collect(ts, OLDEST, Why::Usual) as Py_ssize_t } else { 0 }
}

/// Lets collections begin by themselves; whether they did before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyGC_Enable() -> c_int {
    set_enabled(true)
}

/// Lets no collection begin; whether they did before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyGC_Disable() -> c_int {
    set_enabled(false)
}

fn set_enabled(enabled: bool) -> c_int {
    let gc = &ThreadState::current().interp().gc;
    let before = gc.is_enabled();
    gc.enable(enabled);
    c_int::from(before)
}

/// Whether collections begin by themselves.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyGC_IsEnabled() -> c_int {
    c_int::from(ThreadState::current().interp().gc.is_enabled())
}

/// Calls `callback` with every object that the collector looks at, until it returns 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnstable_GC_VisitObjects(
    callback: unsafe extern "C" fn(*mut PyObject, *mut c_void) -> c_int,
    arg: *mut c_void,
) {
    // SAFETY: the callback takes any object and this argument.
    ThreadState::current().interp().gc.visit(|object| unsafe { callback(object.as_ptr(), arg) } != 0);
}
