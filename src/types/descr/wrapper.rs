//! `wrapper_descriptor`: a C slot as a special method (`int.__add__`), and `method-wrapper`, the same bound to an
//! object.

use core::cell::Cell;
use core::ffi::{c_int, c_void};

use super::{Descriptor, HasDescriptor, MEMBERS, doc, reduce_to_getattr};
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::protocol::compare::CompareOp;
use crate::runtime::ThreadState;
use crate::types::exceptions::TYPE_ERROR;
use crate::types::hash::hash_pointer;
use crate::types::type_::slotdefs::SlotDef;
use crate::types::{Dict, STATIC_FLAGS, STATIC_TYPE, Str, Tuple, bool as boolean, entries, method, singletons, slot};

layout!(WrapperDescriptor = PyWrapperDescrObject, PyWrapperDescr_Type);

/// A slot wrapper of `ty`, around the C function that the slot held.
pub fn new_wrapper(ts: &ThreadState, ty: &Type, base: &'static SlotDef, wrapped: *mut c_void) -> Result {
    // SAFETY: all fields are written.
    unsafe {
        let this = Descriptor::make::<WrapperDescriptor>(ts, &PyWrapperDescr_Type, ty, Owned::immortal(&**base.ident))?;
        this.d_base.set(core::ptr::from_ref(base).cast());
        this.d_wrapped.set(wrapped);
        ts.track_new(&this);
        Ok(this.upcast())
    }
}

impl WrapperDescriptor {
    #[inline(always)]
    pub fn base(&self) -> &'static SlotDef {
        // SAFETY: `new_wrapper` stored one.
        unsafe { &*self.d_base.get().cast::<SlotDef>() }
    }

    fn get(ts: &ThreadState, this: &WrapperDescriptor, object: Option<&Object>, _owner: Option<&Object>) -> Result {
        let Some(object) = object else { return Ok(Owned::new(this).upcast()) };
        this.common().check(ts, object)?;
        new_bound(ts, this, object)
    }

    fn call(ts: &ThreadState, this: &WrapperDescriptor, args: &Tuple, kwargs: Option<&Dict>) -> Result {
        let Some((&object, rest)) = args.as_slice().split_first() else {
            return Err(this.common().needs_argument(ts));
        };
        let ty = this.common().objclass();
        if !object.ty().is_subtype_of(ty) {
            let (name, ty, other) = (this.common().name(), ty.full_name(), object.ty().full_name());
            let message = format!("descriptor '{name}' requires a '{ty}' object but received a '{other}'");
            return Err(ts.raise_str(&TYPE_ERROR, &message));
        }
        let rest = Tuple::new(ts, rest)?;
        this.call_bound(ts, object, &rest, kwargs)
    }

    fn call_bound(&self, ts: &ThreadState, object: &Object, args: &Tuple, kwargs: Option<&Dict>) -> Result {
        let base = self.base();
        if !base.keywords && kwargs.is_some_and(|k| !k.is_empty()) {
            let name = base.name;
            return Err(ts.raise(&TYPE_ERROR, format_args!("wrapper {name}() takes no keyword arguments")));
        }
        // SAFETY: the wrapper that belongs to the slot whose function this is, with an instance of its type.
        unsafe { (base.wrapper)(ts, object, args, self.d_wrapped.get(), kwargs) }
    }

    fn repr(ts: &ThreadState, this: &WrapperDescriptor) -> Result<Owned<Str>> {
        this.common().repr_as(ts, "slot wrapper")
    }

    fn doc(ts: &ThreadState, this: &WrapperDescriptor) -> Result {
        doc::doc_of(ts, this.base().name.as_bytes(), Some(this.base().doc))
    }

    fn text_signature(ts: &ThreadState, this: &WrapperDescriptor) -> Result {
        doc::text_signature_of(ts, this.base().name.as_bytes(), Some(this.base().doc))
    }

    fn drop_fields(_ts: &ThreadState, this: &WrapperDescriptor) {
        this.common().drop_fields();
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        self.common().visit(visitor)
    }
}

static GETSET: [PyGetSetDef; 4] = [
    slot::getter(c"__doc__", WrapperDescriptor::doc, c""),
    slot::getter(c"__qualname__", Descriptor::qualname, c""),
    slot::getter(c"__text_signature__", WrapperDescriptor::text_signature, c""),
    slot::GETSET_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyWrapperDescr_Type: Type = Type {
    tp_name: c"wrapper_descriptor".as_ptr(),
    tp_basicsize: size_of::<WrapperDescriptor>() as isize,
    tp_flags: Cell::new(
        STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_METHOD_DESCRIPTOR | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    ),
    tp_dealloc: slot::dealloc(WrapperDescriptor::drop_fields),
    tp_traverse: slot::traverse(WrapperDescriptor::visit),
    tp_repr: slot::unary(WrapperDescriptor::repr),
    tp_call: slot::call(WrapperDescriptor::call),
    tp_descr_get: slot::descr_get(WrapperDescriptor::get),
    tp_methods: entries(&super::method::REDUCE),
    tp_members: entries(&MEMBERS),
    tp_getset: entries(&GETSET),
    ..STATIC_TYPE
};

layout!(BoundWrapper = MethodWrapperObject, METHOD_WRAPPER_TYPE);

/// `PyWrapper_New`.
pub fn new_bound(ts: &ThreadState, descriptor: &WrapperDescriptor, object: &Object) -> Result {
    // SAFETY: all fields are written.
    unsafe {
        let this = ts.new_object::<BoundWrapper>(&METHOD_WRAPPER_TYPE, size_of::<BoundWrapper>())?;
        this.descriptor.set(Owned::new(descriptor).into_raw());
        this.object.set(Owned::new(object).into_raw());
        gc_track(&this);
        Ok(this.upcast())
    }
}

impl BoundWrapper {
    #[inline(always)]
    fn descriptor(&self) -> &WrapperDescriptor {
        // SAFETY: `new_bound` stored one; the collector clears nothing in it.
        unsafe { &*self.descriptor.get().cast() }
    }

    #[inline(always)]
    fn receiver(&self) -> &Object {
        // SAFETY: as above.
        unsafe { &*self.object.get() }
    }

    fn call(ts: &ThreadState, this: &BoundWrapper, args: &Tuple, kwargs: Option<&Dict>) -> Result {
        this.descriptor().call_bound(ts, this.receiver(), args, kwargs)
    }

    fn repr(ts: &ThreadState, this: &BoundWrapper) -> Result<Owned<Str>> {
        let (name, object) = (this.descriptor().base().name, this.receiver());
        let text = format!("<method-wrapper '{name}' of {} object at {:p}>", object.ty().full_name(), object.as_ptr());
        Str::new(ts, &text)
    }

    fn hash(_ts: &ThreadState, this: &BoundWrapper) -> Result<isize> {
        let hash = hash_pointer(this.receiver()) ^ hash_pointer(this.descriptor());
        Ok(if hash == -1 { -2 } else { hash })
    }

    fn compare(_ts: &ThreadState, this: &BoundWrapper, other: &Object, op: CompareOp) -> Result {
        let other = match (other.downcast::<BoundWrapper>(), op) {
            (Some(other), CompareOp::Eq | CompareOp::Ne) => other,
            _ => return Ok(singletons::not_implemented()),
        };
        let same = this.descriptor().is(other.descriptor()) && this.receiver().is(other.receiver());
        Ok(boolean::from_bool(same == (op == CompareOp::Eq)))
    }

    fn objclass(_ts: &ThreadState, this: &BoundWrapper) -> Result {
        Ok(Owned::new(this.descriptor().common().objclass()).upcast())
    }

    fn name(ts: &ThreadState, this: &BoundWrapper) -> Result<Owned<Str>> {
        Str::interned(ts, this.descriptor().base().name)
    }

    fn doc(ts: &ThreadState, this: &BoundWrapper) -> Result {
        WrapperDescriptor::doc(ts, this.descriptor())
    }

    fn text_signature(ts: &ThreadState, this: &BoundWrapper) -> Result {
        WrapperDescriptor::text_signature(ts, this.descriptor())
    }

    fn qualname(ts: &ThreadState, this: &BoundWrapper) -> Result {
        Descriptor::qualname(ts, this.descriptor().common())
    }

    fn reduce(ts: &ThreadState, this: &BoundWrapper) -> Result<Owned<Tuple>> {
        reduce_to_getattr(ts, this.receiver(), this.descriptor().common().name())
    }

    fn drop_fields(_ts: &ThreadState, this: &BoundWrapper) {
        drop(this.descriptor.take_owned());
        drop(this.object.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        visitor.field(&self.descriptor)?;
        visitor.field(&self.object)
    }
}

static BOUND_GETSET: [PyGetSetDef; 6] = [
    slot::getter(c"__objclass__", BoundWrapper::objclass, c""),
    slot::getter(c"__name__", BoundWrapper::name, c""),
    slot::getter(c"__qualname__", BoundWrapper::qualname, c""),
    slot::getter(c"__doc__", BoundWrapper::doc, c""),
    slot::getter(c"__text_signature__", BoundWrapper::text_signature, c""),
    slot::GETSET_END,
];

static BOUND_MEMBERS: [PyMemberDef; 2] = [
    slot::member(c"__self__", _Py_T_OBJECT, core::mem::offset_of!(MethodWrapperObject, object), Py_READONLY),
    slot::MEMBERS_END,
];

static BOUND_METHODS: [PyMethodDef; 2] = [method::noargs(c"__reduce__", BoundWrapper::reduce, c""), slot::METHODS_END];

#[unsafe(link_section = "immortal")]
pub static METHOD_WRAPPER_TYPE: Type = Type {
    tp_name: c"method-wrapper".as_ptr(),
    tp_basicsize: size_of::<BoundWrapper>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION),
    tp_dealloc: slot::dealloc(BoundWrapper::drop_fields),
    tp_traverse: slot::traverse(BoundWrapper::visit),
    tp_repr: slot::unary(BoundWrapper::repr),
    tp_hash: slot::hash(BoundWrapper::hash),
    tp_richcompare: slot::richcompare(BoundWrapper::compare),
    tp_call: slot::call(BoundWrapper::call),
    tp_methods: entries(&BOUND_METHODS),
    tp_members: entries(&BOUND_MEMBERS),
    tp_getset: entries(&BOUND_GETSET),
    ..STATIC_TYPE
};
