//! `method`: a callable bound to the object that it gets as its first argument.

use core::cell::Cell;
use core::ffi::c_int;
use core::mem::offset_of;

use smallvec::SmallVec;

use super::descr::{call_by_vectorcall, reduce_to_getattr};
use super::{Dict, STATIC_FLAGS, STATIC_TYPE, Str, Tuple, entries, identifiers, method, singletons, slot};
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::protocol::compare::CompareOp;
use crate::protocol::object::{find_attr, getattr};
use crate::runtime::{ThreadState, boundary};
use crate::types::exceptions::{SYSTEM_ERROR, TYPE_ERROR};
use crate::types::hash::hash_pointer;

layout!(BoundMethod = PyMethodObject, PyMethod_Type);

/// `function` bound to `object`.
pub fn new_bound_method(ts: &ThreadState, function: &Object, object: &Object) -> Result<Owned<BoundMethod>> {
    // SAFETY: all fields are written.
    unsafe {
        let this = ts.new_object::<BoundMethod>(&PyMethod_Type, size_of::<BoundMethod>())?;
        this.im_func.set(Owned::new(function).into_raw());
        this.im_self.set(Owned::new(object).into_raw());
        this.im_weakreflist.set(core::ptr::null_mut());
        this.vectorcall.set(Some(call));
        gc_track(&this);
        Ok(this)
    }
}

type Obj = *mut PyObject;

/// Calls the function with the object put before the arguments: in the place that the caller offers, or in a
/// copy of the array.
unsafe extern "C" fn call(callable: Obj, args: *const Obj, nargsf: usize, kwnames: Obj) -> Obj {
    // SAFETY: the vectorcall protocol: `args[-1]` is ours for the call where the flag says so.
    boundary(|ts| unsafe {
        let this = &*callable.cast::<BoundMethod>();
        let n = nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET;
        let names = kwnames.cast::<Tuple>().as_ref();
        let function = this.function();
        if nargsf & PY_VECTORCALL_ARGUMENTS_OFFSET != 0 {
            let first = args.cast_mut().sub(1);
            let before = first.replace(this.im_self.get());
            let result = crate::protocol::call::vectorcall(ts, function, first, n + 1, names);
            first.write(before);
            return result;
        }
        let total = n + names.map_or(0, Tuple::len);
        let mut all: SmallVec<[Obj; 8]> = SmallVec::with_capacity(total + 1);
        all.push(this.im_self.get());
        if total != 0 {
            all.extend_from_slice(core::slice::from_raw_parts(args, total));
        }
        crate::protocol::call::vectorcall(ts, function, all.as_ptr(), n + 1, names)
    })
}

impl BoundMethod {
    #[inline(always)]
    pub fn function(&self) -> &Object {
        // SAFETY: written when it was made; the collector clears nothing in it.
        unsafe { &*self.im_func.get() }
    }

    #[inline(always)]
    pub fn receiver(&self) -> &Object {
        // SAFETY: as above.
        unsafe { &*self.im_self.get() }
    }

    #[allow(clippy::new_ret_no_self, reason = "makes the object, not the layout")]
    fn new(ts: &ThreadState, _ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
        if kwargs.is_some_and(|k| !k.is_empty()) {
            return Err(ts.raise_str(&TYPE_ERROR, "method() takes no keyword arguments"));
        }
        let [function, object] = args.as_slice() else {
            let n = args.len();
            return Err(ts.raise(&TYPE_ERROR, format_args!("method expected 2 arguments, got {n}")));
        };
        if function.ty().tp_call.get().is_none() {
            return Err(ts.raise_str(&TYPE_ERROR, "first argument must be callable"));
        }
        if singletons::is_none(*object) {
            return Err(ts.raise_str(&TYPE_ERROR, "instance must not be None"));
        }
        Ok(new_bound_method(ts, function, object)?.upcast())
    }

    /// The method's own attributes first, then those of its function.
    fn getattro(ts: &ThreadState, this: &BoundMethod, name: &Object) -> Result {
        if let Some(text) = name.downcast::<Str>()
            && let Some(descriptor) = this.ty().lookup(ts, text).map(Owned::new)
        {
            return crate::protocol::object::bind(ts, &descriptor, this);
        }
        match name.downcast::<Str>() {
            Some(name) => getattr(ts, this.function(), name),
            None => super::object::generic_getattr(ts, this, name),
        }
    }

    fn get(_ts: &ThreadState, this: &BoundMethod, _object: Option<&Object>, _owner: Option<&Object>) -> Result {
        // Bound already.
        Ok(Owned::new(this).upcast())
    }

    fn repr(ts: &ThreadState, this: &BoundMethod) -> Result<Owned<Str>> {
        let mut name = None;
        for attribute in [&identifiers::__qualname__, &identifiers::__name__] {
            if let Some(found) = find_attr(ts, this.function(), attribute)? {
                name = found.downcast::<Str>().map(|s| s.to_string());
                break;
            }
        }
        let name = name.as_deref().unwrap_or("?");
        let object = crate::protocol::object::repr(ts, this.receiver())?;
        Str::new(ts, &format!("<bound method {name} of {object}>"))
    }

    fn hash(ts: &ThreadState, this: &BoundMethod) -> Result<isize> {
        let hash = hash_pointer(this.receiver()) ^ crate::protocol::object::hash(ts, this.function())?;
        Ok(if hash == -1 { -2 } else { hash })
    }

    fn compare(ts: &ThreadState, this: &BoundMethod, other: &Object, op: CompareOp) -> Result {
        let other = match (other.downcast::<BoundMethod>(), op) {
            (Some(other), CompareOp::Eq | CompareOp::Ne) => other,
            _ => return Ok(singletons::not_implemented()),
        };
        let same = crate::protocol::object::equal(ts, this.function(), other.function())?
            && this.receiver().is(other.receiver());
        Ok(super::bool::from_bool(same == (op == CompareOp::Eq)))
    }

    fn reduce(ts: &ThreadState, this: &BoundMethod) -> Result<Owned<Tuple>> {
        let name = getattr(ts, this.function(), &identifiers::__name__)?;
        match name.downcast::<Str>() {
            Some(name) => reduce_to_getattr(ts, this.receiver(), name),
            None => Err(ts.raise_str(&SYSTEM_ERROR, "bad argument to internal function")),
        }
    }

    fn doc(ts: &ThreadState, this: &BoundMethod) -> Result {
        Ok(find_attr(ts, this.function(), &identifiers::__doc__)?.unwrap_or_else(singletons::none))
    }

    fn drop_fields(ts: &ThreadState, this: &BoundMethod) {
        if !this.im_weakreflist.get().is_null() {
            super::weakref::clear_references(ts, this);
        }
        drop(this.im_func.take_owned());
        drop(this.im_self.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        visitor.field(&self.im_func)?;
        visitor.field(&self.im_self)
    }
}

static METHODS: [PyMethodDef; 2] = [method::noargs(c"__reduce__", BoundMethod::reduce, c""), slot::METHODS_END];

static MEMBERS: [PyMemberDef; 3] = [
    slot::member(c"__func__", _Py_T_OBJECT, offset_of!(PyMethodObject, im_func), Py_READONLY),
    slot::member(c"__self__", _Py_T_OBJECT, offset_of!(PyMethodObject, im_self), Py_READONLY),
    slot::MEMBERS_END,
];

static GETSET: [PyGetSetDef; 2] = [slot::getter(c"__doc__", BoundMethod::doc, c""), slot::GETSET_END];

#[unsafe(link_section = "immortal")]
pub static PyMethod_Type: Type = Type {
    tp_name: c"method".as_ptr(),
    tp_basicsize: size_of::<BoundMethod>() as isize,
    tp_vectorcall_offset: offset_of!(PyMethodObject, vectorcall) as isize,
    tp_weaklistoffset: offset_of!(PyMethodObject, im_weakreflist) as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL),
    tp_doc: Cell::new(
        c"method(function, instance, /)\n--\n\nA function bound to the instance that it gets first.".as_ptr(),
    ),
    tp_dealloc: slot::dealloc(BoundMethod::drop_fields),
    tp_traverse: slot::traverse(BoundMethod::visit),
    tp_repr: slot::unary(BoundMethod::repr),
    tp_hash: slot::hash(BoundMethod::hash),
    tp_richcompare: slot::richcompare(BoundMethod::compare),
    tp_call: slot::call(call_by_vectorcall),
    tp_getattro: slot::binary(BoundMethod::getattro),
    tp_descr_get: slot::descr_get(BoundMethod::get),
    tp_methods: entries(&METHODS),
    tp_members: entries(&MEMBERS),
    tp_getset: entries(&GETSET),
    tp_new: slot::new(BoundMethod::new),
    ..STATIC_TYPE
};
