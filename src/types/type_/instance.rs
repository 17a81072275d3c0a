//! Instances of classes: their end, and what the collector sees of them.
//!
//! A class adds to its base at most slots (members at the end of the type), a dict and a list of weak references.
//! The functions here deal with those of the class and of all classes among its bases, then hand over to the first
//! base that has functions of its own.

use core::cell::Cell;
use core::ffi::{c_int, c_void};

use crate::ffi::*;
use crate::object::alloc::{gc_track, gc_untrack};
use crate::object::collector::finalize_in_dealloc;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::runtime::ThreadState;
use crate::types::object::{dict_cell, ensure_dict};
use crate::types::slot::{self, Obj};
use crate::types::{Dict, weakref};

/// The members that `__slots__` made: they stand behind the type itself.
pub fn own_members(ty: &Type) -> &[PyMemberDef] {
    let n = ty.ob_base.ob_size.get();
    if n <= 0 || !ty.has(Py_TPFLAGS_HEAPTYPE) {
        return &[];
    }
    // SAFETY: a heap type is made with room for as many definitions as its size says.
    unsafe { core::slice::from_raw_parts(members_ptr(ty), n as usize) }
}

/// Where a heap type keeps its member definitions.
pub fn members_ptr(ty: &Type) -> *mut PyMemberDef {
    let at = ty.as_object().ty().tp_basicsize;
    core::ptr::from_ref(ty).cast_mut().cast::<u8>().wrapping_offset(at).cast()
}

/// The object fields of an instance that the class's `__slots__` made.
fn slot_cells<'a>(ty: &'a Type, this: &'a Object) -> impl Iterator<Item = &'a Cell<*mut PyObject>> {
    own_members(ty).iter().filter(|m| m.r#type == Py_T_OBJECT_EX && m.flags & Py_READONLY == 0).map(|m| {
        // SAFETY: a member of the instance's type: NULL or owned.
        unsafe { &*crate::types::descr::member::place(this.as_ptr().cast(), m).cast() }
    })
}

/// A class and its bases for as long as `is_class` holds. Instances come and go: no list of them is made.
fn classes(ty: &Type, is_class: fn(&Type) -> bool) -> impl Iterator<Item = &Type> {
    core::iter::successors(Some(ty), |t| t.base()).take_while(move |t| is_class(t))
}

/// The first of a class and its bases for which `is_class` does not hold.
fn base_of(ty: &Type, is_class: fn(&Type) -> bool) -> Option<&Type> {
    core::iter::successors(Some(ty), |t| t.base()).find(|t| !is_class(t))
}

fn ends_here(ty: &Type) -> bool {
    ty.tp_dealloc.get().is_some_and(|f| core::ptr::fn_addr_eq(f, dealloc as destructor))
}

fn traversed_here(ty: &Type) -> bool {
    ty.tp_traverse.get().is_some_and(|f| core::ptr::fn_addr_eq(f, traverse as traverseproc))
}

fn cleared_here(ty: &Type) -> bool {
    ty.tp_clear.get().is_some_and(|f| core::ptr::fn_addr_eq(f, clear as inquiry))
}

/// `tp_dealloc` of classes.
///
/// # Safety
/// C's protocol: an instance without references.
pub unsafe extern "C" fn dealloc(a: Obj) {
    let ts = ThreadState::current();
    // SAFETY: the memory is still that of an instance.
    let this = unsafe { &*a };
    let ty = this.ty();
    let is_gc = ty.is_gc();
    let base = base_of(ty, ends_here);
    if is_gc {
        gc_untrack(this);
    }
    // SAFETY: the count is zero, and this is the end.
    if ty.tp_finalize.get().is_some() && unsafe { finalize_in_dealloc(ts, this) } {
        if is_gc {
            gc_track(this);
        }
        return;
    }
    if ty.tp_weaklistoffset != 0 && base.is_none_or(|b| b.tp_weaklistoffset == 0) {
        weakref::clear_references(ts, this);
    }
    for class in classes(ty, ends_here) {
        slot_cells(class, this).for_each(|cell| drop(cell.take_owned()));
    }
    if ty.tp_dictoffset != 0
        && base.is_none_or(|b| b.tp_dictoffset == 0)
        && let Some(cell) = dict_cell(this)
    {
        drop(cell.take_owned());
    }
    let base = base.unwrap_or(&crate::types::object::PyBaseObject_Type);
    let owns_type = ty.has(Py_TPFLAGS_HEAPTYPE) && !base.has(Py_TPFLAGS_HEAPTYPE);
    // The base's function untracks what it believes to be tracked.
    if is_gc && base.is_gc() {
        gc_track(this);
    }
    if let Some(end) = base.tp_dealloc.get() {
        // SAFETY: the base's own function for an instance of a subtype.
        unsafe { end(a) };
    }
    if owns_type {
        // SAFETY: the instance's reference to its type.
        unsafe { ty.as_object().decref() };
    }
}

/// `tp_traverse` of classes.
///
/// # Safety
/// The collector's protocol.
pub unsafe extern "C" fn traverse(a: Obj, visit: visitproc, arg: *mut c_void) -> c_int {
    // SAFETY: the collector's protocol.
    let (this, visitor) = unsafe { (&*a, slot::Visitor::new(visit, arg)) };
    let ty = this.ty();
    let base = base_of(ty, traversed_here);
    let result = (|| {
        for class in classes(ty, traversed_here) {
            slot_cells(class, this).try_for_each(|cell| visitor.field(cell))?;
        }
        if base.is_none_or(|b| b.tp_dictoffset != ty.tp_dictoffset)
            && let Some(cell) = dict_cell(this)
        {
            visitor.field(cell)?;
        }
        let base_traverses = base.is_some_and(|b| b.tp_traverse.get().is_some() && b.has(Py_TPFLAGS_HEAPTYPE));
        if ty.has(Py_TPFLAGS_HEAPTYPE) && !base_traverses { visitor.object(ty.as_object()) } else { Ok(()) }
    })();
    if let Err(code) = result {
        return code;
    }
    match base.and_then(|b| b.tp_traverse.get()) {
        // SAFETY: the base's own function for an instance of a subtype.
        Some(function) => unsafe { function(a, visit, arg) },
        None => 0,
    }
}

/// `tp_clear` of classes.
///
/// # Safety
/// The collector's protocol.
pub unsafe extern "C" fn clear(a: Obj) -> c_int {
    // SAFETY: the collector's protocol.
    let this = unsafe { &*a };
    let ty = this.ty();
    let base = base_of(ty, cleared_here);
    for class in classes(ty, cleared_here) {
        slot_cells(class, this).for_each(|cell| drop(cell.take_owned()));
    }
    if base.is_none_or(|b| b.tp_dictoffset != ty.tp_dictoffset)
        && let Some(cell) = dict_cell(this)
    {
        drop(cell.take_owned());
    }
    match base.and_then(|b| b.tp_clear.get()) {
        // SAFETY: the base's own function for an instance of a subtype.
        Some(function) => unsafe { function(a) },
        None => 0,
    }
}

/// `__dict__` of an instance.
fn get_dict(ts: &ThreadState, this: &Object) -> Result {
    match dict_cell(this) {
        Some(cell) => Ok(ensure_dict(ts, cell)?.upcast()),
        None => Err(no_attribute(ts, this, "__dict__")),
    }
}

fn no_attribute(ts: &ThreadState, this: &Object, name: &str) -> crate::object::Raised {
    let ty = this.ty().full_name();
    ts.raise(
        &crate::types::exceptions::ATTRIBUTE_ERROR,
        format_args!("This object has no {name}, it is of type '{ty}'"),
    )
}

fn set_dict(ts: &ThreadState, this: &Object, value: Option<&Object>) -> Result<()> {
    let Some(cell) = dict_cell(this) else { return Err(no_attribute(ts, this, "__dict__")) };
    let Some(value) = value else {
        drop(cell.take_owned());
        return Ok(());
    };
    if value.downcast::<Dict>().is_none() {
        let name = value.ty().full_name();
        return Err(ts.raise(
            &crate::types::exceptions::TYPE_ERROR,
            format_args!("__dict__ must be set to a dictionary, not a '{name}'"),
        ));
    }
    cell.store(Some(Owned::new(value)));
    Ok(())
}

/// `__weakref__`: the first weak reference.
fn get_weakref(ts: &ThreadState, this: &Object) -> Result {
    let offset = this.ty().tp_weaklistoffset;
    if offset == 0 {
        return Err(no_attribute(ts, this, "__weakref__"));
    }
    // SAFETY: the type says that the list stands there: NULL or its first reference.
    let first: &Cell<*mut PyObject> = unsafe { &*this.as_ptr().byte_offset(offset).cast() };
    Ok(first.load().unwrap_or_else(crate::types::singletons::none))
}

const DICT: PyGetSetDef = slot::getset(c"__dict__", get_dict, set_dict, c"The instance's attributes.");
const WEAKREF: PyGetSetDef = slot::getter(c"__weakref__", get_weakref, c"Weak references to the object.");

static BOTH: [PyGetSetDef; 3] = [DICT, WEAKREF, slot::GETSET_END];
static DICT_ONLY: [PyGetSetDef; 2] = [DICT, slot::GETSET_END];
pub(crate) static WEAKREF_ONLY: [PyGetSetDef; 2] = [WEAKREF, slot::GETSET_END];

/// What a class that adds a dict or weak references shows of them.
pub fn getset(dict: bool, weakrefs: bool) -> *mut PyGetSetDef {
    match (dict, weakrefs) {
        (true, true) => BOTH.as_ptr().cast_mut(),
        (true, false) => DICT_ONLY.as_ptr().cast_mut(),
        (false, true) => WEAKREF_ONLY.as_ptr().cast_mut(),
        (false, false) => core::ptr::null_mut(),
    }
}
