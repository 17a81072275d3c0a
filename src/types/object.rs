//! `object`: the root of all types, and the slots that all inherit.

use core::cell::Cell;
use core::ffi::c_void;

use super::{Dict, STATIC_FLAGS, STATIC_TYPE, Str, Tuple};
use crate::ffi::*;
use crate::object::alloc::GC_HEAD;
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::compare::CompareOp;
use crate::runtime::{ThreadState, boundary};
use crate::types::hash::hash_pointer;

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyBaseObject_Type: Type = Type {
    tp_name: c"object".as_ptr(),
    tp_basicsize: size_of::<Object>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_BASETYPE),
    tp_base: Cell::new(core::ptr::null_mut()),
    ..STATIC_TYPE
};

/// `<name object at 0x…>`.
pub fn repr_of(ts: &ThreadState, this: &Object) -> Result<Owned<Str>> {
    Str::new(ts, &format!("<{} object at {:p}>", this.ty().full_name(), this.as_ptr()))
}

/// `str(x)` is `repr(x)` unless the type says otherwise.
pub fn str_of(ts: &ThreadState, this: &Object) -> Result<Owned<Str>> {
    crate::protocol::object::repr(ts, this)
}

/// By address.
pub fn hash_of(_ts: &ThreadState, this: &Object) -> Result<isize> {
    Ok(hash_pointer(this))
}

/// Identity; `!=` is the inverse of what `==` says.
pub fn richcompare_of(ts: &ThreadState, this: &Object, other: &Object, op: CompareOp) -> Result {
    match op {
        CompareOp::Eq if this.is(other) => Ok(super::bool::from_bool(true)),
        CompareOp::Ne => {
            let Some(compare) = this.ty().tp_richcompare.get() else { return Ok(super::singletons::not_implemented()) };
            // SAFETY: the type's own function for its instance.
            let equal = unsafe { compare(this.as_ptr(), other.as_ptr(), Py_EQ) };
            let equal = ts.check_result(None, equal)?;
            if equal.is(&super::singletons::_Py_NotImplementedStruct) {
                return Ok(equal);
            }
            Ok(super::bool::from_bool(!crate::protocol::object::is_true(ts, &equal)?))
        }
        _ => Ok(super::singletons::not_implemented()),
    }
}

/// `tp_alloc` of all types that have none of their own.
pub unsafe extern "C" fn generic_alloc(ty: *mut Type, items: isize) -> *mut PyObject {
    // SAFETY: C hands over a live type.
    boundary(|ts| ts.alloc_instance(unsafe { &*ty }, items))
}

/// `tp_free` of all types: the collector's header goes with the object. Its type still tells whether there
/// is one.
pub unsafe extern "C" fn generic_free(object: *mut c_void) {
    let ts = ThreadState::current();
    // SAFETY: the object's memory is intact, and its type alive.
    unsafe {
        let is_gc = (*object.cast::<PyObject>()).ty().is_gc();
        ts.free(if is_gc { object.cast::<u8>().sub(GC_HEAD) } else { object.cast() });
    }
}

/// `PyObject_GenericGetAttr`: a data descriptor of the type, then the instance's dict, then what else the
/// type has.
pub fn generic_getattr(ts: &ThreadState, this: &Object, name: &Object) -> Result {
    let Some(name) = name.downcast::<Str>() else { return Err(attribute_name_type(ts, name)) };
    let ty = this.ty();
    let found = ty.lookup(ts, name).map(Owned::new);
    if let Some(descriptor) = &found {
        let dty = descriptor.ty();
        if dty.tp_descr_set.get().is_some() && dty.tp_descr_get.get().is_some() {
            return crate::protocol::object::bind(ts, descriptor, this);
        }
    }
    if let Some(dict) = dict_of(this)
        && let Some(value) = Owned::new(dict).get(ts, name)?
    {
        return Ok(value);
    }
    match found {
        Some(descriptor) => crate::protocol::object::bind(ts, &descriptor, this),
        None => Err(crate::protocol::object::no_attribute(ts, ty, name)),
    }
}

/// `PyObject_GenericSetAttr`: a data descriptor of the type, else the instance's dict.
pub fn generic_setattr(ts: &ThreadState, this: &Object, name: &Object, value: Option<&Object>) -> Result<()> {
    let Some(name) = name.downcast::<Str>() else { return Err(attribute_name_type(ts, name)) };
    let ty = this.ty();
    let found = ty.lookup(ts, name).map(Owned::new);
    if let Some(set) = found.as_ref().and_then(|d| d.ty().tp_descr_set.get()) {
        let descriptor = found.as_ref().map_or(core::ptr::null_mut(), |d| d.as_ptr());
        let value = value.map_or(core::ptr::null_mut(), |v| v.as_ptr());
        // SAFETY: the descriptor's own function.
        return match unsafe { set(descriptor, this.as_ptr(), value) } {
            0 => Ok(()),
            _ => Err(crate::object::Raised::already()),
        };
    }
    let Some(cell) = dict_cell(this) else { return Err(cannot_set(ts, ty, name, found.is_some())) };
    match value {
        Some(value) => {
            let dict = ensure_dict(ts, cell)?;
            let name = Str::intern(ts, Owned::new(name))?;
            dict.set(ts, &name, value)
        }
        None => match crate::object::ObjectCell::load(cell) {
            // SAFETY: an instance's dict is a dict.
            Some(dict) if unsafe { dict.cast::<Dict>() }.remove(ts, name)?.is_some() => Ok(()),
            _ => Err(crate::protocol::object::no_attribute(ts, ty, name)),
        },
    }
}

#[cold]
fn cannot_set(ts: &ThreadState, ty: &Type, name: &Str, read_only: bool) -> crate::object::Raised {
    use crate::types::exceptions::ATTRIBUTE_ERROR;
    let type_name = ty.short_name();
    if read_only {
        return ts.raise(&ATTRIBUTE_ERROR, format_args!("'{type_name}' object attribute '{name}' is read-only"));
    }
    ts.raise(
        &ATTRIBUTE_ERROR,
        format_args!("'{type_name}' object has no attribute '{name}' and no __dict__ for setting new attributes"),
    )
}

#[cold]
fn attribute_name_type(ts: &ThreadState, name: &Object) -> crate::object::Raised {
    let ty = name.ty().short_name();
    ts.raise(&crate::types::exceptions::TYPE_ERROR, format_args!("attribute name must be string, not '{ty}'"))
}

/// Where the instance keeps its dict, if its type gives it one.
pub fn dict_cell(this: &Object) -> Option<&Cell<*mut PyObject>> {
    let ty = this.ty();
    let offset = match ty.tp_dictoffset {
        0 => return None,
        offset if offset > 0 => offset,
        // From the end of a variable-size object.
        offset => {
            // SAFETY: a negative offset is for types with items only.
            let items = unsafe { (*this.as_ptr().cast::<PyVarObject>()).ob_size.get() };
            crate::object::alloc::instance_size(ty, items.abs())? as isize + offset
        }
    };
    // SAFETY: the type says that a dict pointer is there.
    Some(unsafe { &*this.as_ptr().byte_offset(offset).cast() })
}

/// The instance's dict, if it has one already.
pub fn dict_of(this: &Object) -> Option<&Dict> {
    // SAFETY: an instance's dict is a dict.
    dict_cell(this).and_then(crate::object::ObjectCell::peek).map(|d| unsafe { d.cast() })
}

/// The dict in `cell`, made if there is none.
pub fn ensure_dict(ts: &ThreadState, cell: &Cell<*mut PyObject>) -> Result<Owned<Dict>> {
    use crate::object::ObjectCell;
    if cell.get().is_null() {
        let dict = Dict::new(ts)?;
        cell.store(Some(dict));
    }
    // SAFETY: an instance's dict is a dict, and there is one now.
    Ok(unsafe { cell.load().expect("just stored").cast_owned() })
}

/// `object.__init__`.
pub fn init_of(_ts: &ThreadState, _this: &Object, _args: &Tuple, _kwargs: Option<&Dict>) -> Result<()> {
    Ok(())
}
