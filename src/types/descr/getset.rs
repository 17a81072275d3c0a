//! `getset_descriptor`: an attribute computed by C functions.

use core::cell::Cell;
use core::ffi::c_int;

use super::{Descriptor, HasDescriptor, MEMBERS, doc};
use crate::ffi::*;
use crate::object::{Object, Owned, Raised, Result, Type};
use crate::runtime::ThreadState;
use crate::types::{STATIC_FLAGS, STATIC_TYPE, Str, entries, slot};

layout!(GetSetDescriptor = PyGetSetDescrObject, PyGetSetDescr_Type);

/// A descriptor of `ty` for the definition, which outlives it.
#[allow(clippy::not_unsafe_ptr_arg_deref, reason = "a definition lives as long as its type, by C's contract")]
pub fn new_getset(ts: &ThreadState, ty: &Type, name: Owned<Str>, def: *const PyGetSetDef) -> Result {
    // SAFETY: all fields are written.
    unsafe {
        let this = Descriptor::make::<GetSetDescriptor>(ts, &PyGetSetDescr_Type, ty, name)?;
        this.d_getset.set(def.cast_mut());
        ts.track_new(&this);
        Ok(this.upcast())
    }
}

impl GetSetDescriptor {
    #[inline(always)]
    fn def(&self) -> &PyGetSetDef {
        // SAFETY: a definition outlives its descriptor.
        unsafe { &*self.d_getset.get() }
    }

    fn get(ts: &ThreadState, this: &GetSetDescriptor, object: Option<&Object>, _owner: Option<&Object>) -> Result {
        let Some(object) = object else { return Ok(Owned::new(this).upcast()) };
        this.common().check(ts, object)?;
        let def = this.def();
        match def.get {
            // SAFETY: the definition's own function for an instance of its type.
            Some(get) => ts.check_result(Some(this), unsafe { get(object.as_ptr(), def.closure) }),
            None => Err(this.common().not_accessible(ts, "readable")),
        }
    }

    fn set(ts: &ThreadState, this: &GetSetDescriptor, object: &Object, value: Option<&Object>) -> Result<()> {
        this.common().check(ts, object)?;
        let def = this.def();
        let Some(set) = def.set else { return Err(this.common().not_accessible(ts, "writable")) };
        let value = value.map_or(core::ptr::null_mut(), |v| v.as_ptr());
        // SAFETY: the definition's own function for an instance of its type.
        match unsafe { set(object.as_ptr(), value, def.closure) } {
            0 => Ok(()),
            _ => Err(Raised::already()),
        }
    }

    fn repr(ts: &ThreadState, this: &GetSetDescriptor) -> Result<Owned<Str>> {
        this.common().repr_as(ts, "attribute")
    }

    fn doc(ts: &ThreadState, this: &GetSetDescriptor) -> Result {
        // SAFETY: NULL or NUL-terminated, by the definition.
        doc::plain(ts, unsafe { doc::c_doc(this.def().doc) })
    }

    fn drop_fields(_ts: &ThreadState, this: &GetSetDescriptor) {
        this.common().drop_fields();
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        self.common().visit(visitor)
    }
}

static GETSET: [PyGetSetDef; 3] = [
    slot::getter(c"__doc__", GetSetDescriptor::doc, c""),
    slot::getter(c"__qualname__", Descriptor::qualname, c""),
    slot::GETSET_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyGetSetDescr_Type: Type = Type {
    tp_name: c"getset_descriptor".as_ptr(),
    tp_basicsize: size_of::<GetSetDescriptor>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION),
    tp_dealloc: slot::dealloc(GetSetDescriptor::drop_fields),
    tp_traverse: slot::traverse(GetSetDescriptor::visit),
    tp_repr: slot::unary(GetSetDescriptor::repr),
    tp_descr_get: slot::descr_get(GetSetDescriptor::get),
    tp_descr_set: slot::objobjarg(GetSetDescriptor::set),
    tp_members: entries(&MEMBERS),
    tp_getset: entries(&GETSET),
    ..STATIC_TYPE
};
