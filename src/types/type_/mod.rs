//! `type`: the machinery of types.
//!
//! * [`ready`]       making a type ready: namespace, MRO, inherited slots
//! * [`namespace`]   what a C type's namespace begins with
//! * [`builtin`]     the built-in types' part of starting the process
//! * [`statics`]     the static types of extensions, which interpreters share
//! * [`inherit`]     what a type takes over from its bases
//! * [`mro`]         C3, or a metaclass's own order
//! * [`layout`]      what instances look like, and whether bases agree on it
//! * [`subclasses`]  who derives from a type
//! * [`lookup`]      finding a name along the MRO, and the cache that makes it cheap
//! * [`slotdefs`]    which special method belongs to which slot
//! * [`slot_functions`], [`slot_functions_number`]  slots that look a special method up
//! * [`wrappers`]    special methods that call a slot
//! * [`dispatch`]    what fills a class's slots
//! * [`call`]        calling a type
//! * [`attributes`], [`methods`]  attributes of types
//! * [`new`]         `type(name, bases, dict)`
//! * [`spec`], [`from_spec`], [`slot_ids`]  types that C describes
//! * [`instance`]    instances of classes: their end, what the collector sees
//! * [`bases`]       assigning `__bases__` and `__class__`

use core::cell::Cell;
use core::ffi::CStr;

pub mod attributes;
pub mod bases;
pub mod builtin;
pub mod call;
pub mod dispatch;
pub mod from_spec;
pub mod inherit;
pub mod instance;
pub mod layout;
pub mod lookup;
pub mod methods;
pub mod mro;
pub mod namespace;
pub mod new;
pub mod ready;
pub mod slot_functions;
pub mod slot_functions_number;
pub mod slot_ids;
pub mod slotdefs;
pub mod spec;
pub mod statics;
pub mod subclasses;
pub mod wrappers;

use super::{STATIC_FLAGS, STATIC_TYPE, Tuple, entries, slot};
use crate::ffi::*;
use crate::object::{Class, Layout, Object, ObjectCell, Type};
use crate::runtime::ThreadState;
use crate::types::descr::wrapper::WrapperDescriptor;

/// Writes a field of a type that is not a cell: only while the type is being made, before others see it.
macro_rules! write_field {
    ($ty:expr, $field:ident, $value:expr) => {{
        let value = $value;
        // SAFETY: nobody else reads a type that is being made.
        unsafe { (&raw mut (*core::ptr::from_ref::<$crate::object::Type>($ty).cast_mut()).$field).write(value) }
    }};
}
pub(crate) use write_field;

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

    /// At most `max` bytes of the name, without the character that this would split: what messages show.
    pub fn limited_name(&self, max: usize) -> &str {
        let name = self.full_name();
        &name[..name.floor_char_boundary(max)]
    }

    /// The name without its module.
    pub fn short_name(&self) -> &str {
        let name = self.full_name();
        name.rsplit_once('.').map_or(name, |(_, last)| last)
    }

    /// As a type made at run time.
    #[inline]
    pub fn as_heap(&self) -> Option<&PyHeapTypeObject> {
        // SAFETY: the flag promises the longer layout.
        self.has(Py_TPFLAGS_HEAPTYPE).then(|| unsafe { &*core::ptr::from_ref(self).cast() })
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

/// `int | str` is a union.
#[unsafe(link_section = "immortal")]
static NUMBER: PyNumberMethods = PyNumberMethods { nb_or: slot::binary(super::union::or), ..PyNumberMethods::EMPTY };

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
    tp_vectorcall_offset: core::mem::offset_of!(PyTypeObject, tp_vectorcall) as isize,
    tp_weaklistoffset: core::mem::offset_of!(PyTypeObject, tp_weaklist) as isize,
    tp_dictoffset: core::mem::offset_of!(PyTypeObject, tp_dict) as isize,
    tp_call: slot::call(call::type_call),
    tp_repr: slot::unary(attributes::repr),
    tp_getattro: slot::binary(attributes::getattro),
    tp_setattro: slot::objobjarg(attributes::setattro),
    tp_traverse: slot::traverse(visit_fields),
    tp_clear: slot::clear(clear_fields),
    tp_is_gc: Cell::new(Some(is_collectable)),
    tp_dealloc: Cell::new(Some(new::dealloc)),
    tp_new: slot::new(new::type_new),
    tp_init: slot::init(new::type_init),
    tp_as_number: Cell::new(super::table(&NUMBER)),
    tp_methods: entries(&methods::METHODS),
    tp_members: entries(&methods::MEMBERS),
    tp_getset: entries(&methods::GETSET),
    ..STATIC_TYPE
};

/// A slot wrapper.
pub fn as_wrapper(object: &Object) -> Option<&WrapperDescriptor> {
    object.downcast_exact::<WrapperDescriptor>()
}

fn visit_fields(ty: &Type, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
    // What a static type hangs on to lives as long as the process, or as its interpreter.
    let Some(heap) = ty.as_heap() else { return Ok(()) };
    for field in [&ty.tp_dict, &ty.tp_cache, &ty.tp_mro, &ty.tp_bases, &heap.ht_module] {
        visitor.field(field)?;
    }
    visitor.field(&ty.tp_base)
}

/// Breaks cycles through a class; it stays usable as a bare type.
fn clear_fields(ty: &Type) {
    let Some(heap) = ty.as_heap() else { return };
    let ts = ThreadState::current();
    ty.modified(ts);
    if let Some(dict) = ty.own_dict() {
        dict.clear(ts);
    }
    drop(heap.ht_module.take_owned());
    drop(ty.tp_mro.take_owned());
}

/// Only heap types have the collector's header.
unsafe extern "C" fn is_collectable(a: *mut PyObject) -> core::ffi::c_int {
    // SAFETY: the collector's protocol: a type.
    let ty = unsafe { &*a.cast::<Type>() };
    core::ffi::c_int::from(ty.has(Py_TPFLAGS_HEAPTYPE))
}
