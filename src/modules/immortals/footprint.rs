//! What an object takes in memory, told from its layout: nothing of the object's own is called.

use crate::ffi::{Py_TPFLAGS_HEAPTYPE, PyHeapTypeObject, PyMemberDef, PyModuleDef, PyVarObject, setentry};
use crate::object::alloc::GC_HEAD;
use crate::object::{Object, Type};
use crate::types::module::definition::PyModuleDef_Type;
use crate::types::{ByteArray, Bytes, Dict, Int, List, Set, Str, Tuple, is_plain};

/// Bytes of the object, of the collector's header before it, and of the blocks that are its alone.
pub fn of(object: &Object) -> usize {
    let ty = object.ty();
    let header = if ty.is_gc() && !object.is_static() { GC_HEAD } else { 0 };
    header + body(object, ty)
}

fn body(object: &Object, ty: &Type) -> usize {
    let basic = ty.tp_basicsize as usize;
    if let Some(text) = object.downcast::<Str>() {
        return text.size_of();
    }
    if let Some(tuple) = object.downcast_exact::<Tuple>() {
        return basic + tuple.len() * size_of::<usize>();
    }
    if let Some(int) = object.downcast::<Int>() {
        return 24 + 4 * int.digits().len().max(1);
    }
    if let Some(bytes) = object.downcast_exact::<Bytes>() {
        return basic + bytes.len();
    }
    if is_plain(object) {
        return basic;
    }
    if let Some(dict) = object.downcast::<Dict>() {
        return dict.size();
    }
    if let Some(list) = object.downcast::<List>() {
        return basic + list.allocated.get() as usize * size_of::<usize>();
    }
    if let Some(class) = object.downcast::<Type>() {
        return size_of_type(class);
    }
    if core::ptr::eq(ty, &PyModuleDef_Type) {
        return size_of::<PyModuleDef>();
    }
    if let Some(set) = object.downcast::<Set>() {
        return basic + if set.has_small_table() { 0 } else { (set.mask.get() as usize + 1) * size_of::<setentry>() };
    }
    if let Some(bytes) = object.downcast::<ByteArray>() {
        return basic + bytes.ob_alloc.get() as usize;
    }
    basic + items(object, ty)
}

fn size_of_type(class: &Type) -> usize {
    if !class.has(Py_TPFLAGS_HEAPTYPE) {
        return size_of::<Type>();
    }
    let members = class.ob_base.ob_size.get().max(0) as usize;
    size_of::<PyHeapTypeObject>() + members * size_of::<PyMemberDef>()
}

/// The items of an object of variable size.
fn items(object: &Object, ty: &Type) -> usize {
    if ty.tp_itemsize <= 0 {
        return 0;
    }
    // SAFETY: such a type's instances begin with the longer header.
    let n = unsafe { (*object.as_ptr().cast::<PyVarObject>()).ob_size.get() };
    n.unsigned_abs() * ty.tp_itemsize as usize
}
