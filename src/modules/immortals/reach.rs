//! What an object holds: what its `tp_traverse` shows, and the few references that it does not.

use core::cell::Cell;
use core::ffi::{c_int, c_void};

use crate::ffi::{_Py_T_OBJECT, Py_T_OBJECT_EX, Py_TPFLAGS_HEAPTYPE, PyMemberDef, PyObject};
use crate::object::{Object, ObjectCell, Type};
use crate::types::descr::member;
use crate::types::module::Module;
use crate::types::type_::namespace::members;
use crate::types::{ByteArray, Dict, List, Tuple, is_plain};

/// Calls `f` with each object that `object` holds, its type included if that is counted, until it says `false`; whether
/// it never did.
#[inline]
pub fn from<F: FnMut(&Object) -> bool>(object: &Object, f: &mut F) -> bool {
    if is_plain(object) {
        return true;
    }
    let ty = object.ty();
    if ty.has(Py_TPFLAGS_HEAPTYPE) && !f(ty) {
        return false;
    }
    let Some(traverse) = ty.tp_traverse.get() else { return from_untraversed(object, f) };
    // SAFETY: the type's own function for its instance, with a visitor of the right type.
    let whole = unsafe { traverse(object.as_ptr(), visit::<F>, core::ptr::from_mut(f).cast()) } == 0;
    whole && from_untold(object, f)
}

fn field<P>(field: &Cell<*mut P>, f: &mut impl FnMut(&Object) -> bool) -> bool {
    field.peek().is_none_or(f)
}

/// The fields that `tp_traverse` passes over, since they cannot be part of a cycle.
fn from_untold(object: &Object, f: &mut impl FnMut(&Object) -> bool) -> bool {
    if let Some(heap) = object.downcast::<Type>().and_then(Type::as_heap) {
        return [&heap.ht_name, &heap.ht_qualname, &heap.ht_slots].into_iter().all(|cell| field(cell, f));
    }
    if object.is_exact::<Tuple>() || object.is_exact::<List>() || object.is_exact::<Dict>() {
        return true;
    }
    object.downcast::<Module>().is_none_or(|module| field(&module.name, f))
}

/// A type without `tp_traverse` may still tell of objects by its members.
fn from_untraversed(object: &Object, f: &mut impl FnMut(&Object) -> bool) -> bool {
    if let Some(bytes) = object.downcast::<ByteArray>() {
        return field(&bytes.ob_bytes_object, f);
    }
    let bases = core::iter::successors(Some(object.ty()), |ty| ty.base());
    let of_objects = |def: &&PyMemberDef| def.r#type == Py_T_OBJECT_EX || def.r#type == _Py_T_OBJECT;
    bases.flat_map(members).filter(of_objects).all(|def| {
        // SAFETY: a member of the object's type: NULL or owned.
        let cell: &Cell<*mut PyObject> = unsafe { &*member::place(object.as_ptr().cast(), def).cast() };
        field(cell, f)
    })
}

unsafe extern "C" fn visit<F: FnMut(&Object) -> bool>(object: *mut PyObject, f: *mut c_void) -> c_int {
    // SAFETY: called by `from` only, with its function and a live object.
    let whole = unsafe { (*f.cast::<F>())(&*object) };
    if whole { 0 } else { -1 }
}
