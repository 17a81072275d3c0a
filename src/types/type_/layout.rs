//! What instances look like in memory, and whether several bases agree on it.

use crate::ffi::*;
use crate::object::{Object, Raised, Result, Type};
use crate::runtime::ThreadState;
use crate::types::exceptions::TYPE_ERROR;
use crate::types::object::PyBaseObject_Type;

/// Whether instances of `ty` have fields that those of `base` lack, a dict and weak references put at the end by a
/// class statement aside.
fn adds_fields(ty: &Type, base: &Type) -> bool {
    const POINTER: isize = size_of::<*mut PyObject>() as isize;
    let mut size = ty.tp_basicsize;
    if ty.tp_itemsize != 0 || base.tp_itemsize != 0 {
        return size != base.tp_basicsize && !(ty.has(Py_TPFLAGS_HEAPTYPE) && only_adds_dict(ty, base))
            || ty.tp_itemsize != base.tp_itemsize;
    }
    if ty.has(Py_TPFLAGS_HEAPTYPE) {
        if base.tp_weaklistoffset == 0 && ty.tp_weaklistoffset != 0 && ty.tp_weaklistoffset + POINTER == size {
            size -= POINTER;
        }
        if base.tp_dictoffset == 0 && ty.tp_dictoffset != 0 && ty.tp_dictoffset + POINTER == size {
            size -= POINTER;
        }
    }
    size != base.tp_basicsize
}

/// A variable-size class keeps its dict behind the items.
fn only_adds_dict(ty: &Type, base: &Type) -> bool {
    ty.tp_dictoffset < 0 && base.tp_dictoffset == 0 && ty.tp_basicsize - 8 == base.tp_basicsize
}

/// The nearest of the type and its bases that decides the layout.
pub fn solid_base(ty: &Type) -> &Type {
    let Some(base) = ty.base() else { return ty };
    // Upwards while nothing is added; compared with the next solid one, not only with the direct base.
    let base = solid_base(base);
    if adds_fields(ty, base) { ty } else { base }
}

/// The base whose layout the new type extends, after checking that the others fit.
pub fn best_base<'a>(ts: &ThreadState, bases: &'a [&'a Object]) -> Result<&'a Type> {
    let mut best: Option<(&Type, &Type)> = None;
    for base in bases {
        let Some(base) = base.downcast::<Type>() else {
            let name = base.ty().full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("bases must be types; got '{name}'")));
        };
        if !base.has(Py_TPFLAGS_READY) {
            super::ready::ready(ts, base)?;
        }
        if !base.has(Py_TPFLAGS_BASETYPE) {
            let name = base.full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("type '{name}' is not an acceptable base type")));
        }
        let candidate = solid_base(base);
        best = match best {
            Some((winner, _)) if candidate.is_subtype_of(winner) && !core::ptr::eq(candidate, winner) => {
                Some((candidate, base))
            }
            Some((winner, chosen)) if winner.is_subtype_of(candidate) => Some((winner, chosen)),
            Some(_) => return Err(conflict(ts)),
            None => Some((candidate, base)),
        };
    }
    Ok(best.map_or(&PyBaseObject_Type, |(_, base)| base))
}

#[cold]
fn conflict(ts: &ThreadState) -> Raised {
    ts.raise_str(&TYPE_ERROR, "multiple bases have instance lay-out conflict")
}
