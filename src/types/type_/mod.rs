//! `type`: the machinery of types.
//!
//! * [`lookup`]  finding a name along the MRO, and the cache that makes it cheap

use core::cell::Cell;
use core::ffi::CStr;

pub mod lookup;

use super::{STATIC_FLAGS, STATIC_TYPE, Tuple};
use crate::ffi::*;
use crate::object::{Class, Layout, Object, ObjectCell, Type};

// SAFETY: a type begins with the variable-size header.
unsafe impl Layout for PyTypeObject {}
// SAFETY: whatever has the flag is a type.
unsafe impl Class for PyTypeObject {
    #[inline(always)]
    fn class() -> &'static Type {
        &PyType_Type
    }
    #[inline(always)]
    fn is_instance(object: &Object) -> bool {
        object.ty().has(Py_TPFLAGS_TYPE_SUBCLASS)
    }
}

impl core::ops::Deref for PyTypeObject {
    type Target = Object;
    #[inline(always)]
    fn deref(&self) -> &Object {
        self.as_object()
    }
}

impl Type {
    #[inline(always)]
    pub fn has(&self, flag: core::ffi::c_ulong) -> bool {
        self.tp_flags.get() & flag != 0
    }

    /// `tp_name` as text.
    pub fn full_name(&self) -> &str {
        // SAFETY: every type has a name that lives as long as it.
        unsafe { CStr::from_ptr(self.tp_name) }.to_str().unwrap_or("?")
    }

    /// The name without its module.
    pub fn short_name(&self) -> &str {
        let name = self.full_name();
        name.rsplit_once('.').map_or(name, |(_, last)| last)
    }

    #[inline]
    pub fn mro(&self) -> Option<&Tuple> {
        // SAFETY: NULL or a tuple of types.
        self.tp_mro.peek().map(|t| unsafe { t.cast() })
    }

    #[inline]
    pub fn base(&self) -> Option<&Type> {
        // SAFETY: NULL or a live type.
        unsafe { self.tp_base.get().as_ref() }
    }

    /// Whether this is `other` or derives from it.
    #[inline]
    pub fn is_subtype_of(&self, other: &Type) -> bool {
        if core::ptr::eq(self, other) {
            return true;
        }
        match self.mro() {
            Some(mro) => mro.as_slice().iter().any(|t| t.is(other)),
            None => {
                let mut at = self.base();
                while let Some(base) = at {
                    if core::ptr::eq(base, other) {
                        return true;
                    }
                    at = base.base();
                }
                false
            }
        }
    }
}

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyType_Type: Type = Type {
    tp_name: c"type".as_ptr(),
    tp_basicsize: size_of::<PyHeapTypeObject>() as isize,
    tp_itemsize: size_of::<PyMemberDef>() as isize,
    tp_flags: Cell::new(
        STATIC_FLAGS
            | Py_TPFLAGS_HAVE_GC
            | Py_TPFLAGS_BASETYPE
            | Py_TPFLAGS_TYPE_SUBCLASS
            | Py_TPFLAGS_HAVE_VECTORCALL
            | Py_TPFLAGS_ITEMS_AT_END,
    ),
    ..STATIC_TYPE
};
