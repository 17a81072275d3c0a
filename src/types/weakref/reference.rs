//! `weakref.ref`, which can be derived from.

use core::cell::Cell;
use core::ffi::c_int;
use core::mem::offset_of;
use core::ptr;

use super::{WeakReference, is_weak, make, type_text};
use crate::ffi::*;
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::compare::CompareOp;
use crate::protocol::object::{compare, find_attr};
use crate::runtime::{ThreadState, boundary};
use crate::types::exceptions::TYPE_ERROR;
use crate::types::{
    Dict, STATIC_FLAGS, STATIC_TYPE, Str, Tuple, bool as boolean, descr, entries, identifiers, singletons, slot,
};

type Obj = *mut PyObject;

/// Calling a reference gives its object, or `None`.
pub(super) const CALL: vectorcallfunc = call;

unsafe extern "C" fn call(callable: Obj, _args: *const Obj, nargsf: usize, kwnames: Obj) -> Obj {
    // SAFETY: the vectorcall protocol.
    boundary(|ts| unsafe {
        let n = nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET;
        if !kwnames.is_null() && !(*kwnames.cast::<Tuple>()).is_empty() {
            return Err(ts.raise_str(&TYPE_ERROR, "weakref() takes no keyword arguments"));
        }
        if n != 0 {
            return Err(ts.raise(&TYPE_ERROR, format_args!("weakref expected 0 arguments, got {n}")));
        }
        let this = &*callable.cast::<WeakReference>();
        Ok(this.referent().unwrap_or_else(singletons::none))
    })
}

/// The object and the callback among the arguments of `__new__` or `__init__`.
fn arguments<'a>(ts: &ThreadState, function: &str, args: &'a Tuple) -> Result<(&'a Object, Option<&'a Object>)> {
    let items = args.as_slice();
    crate::protocol::args::Args::positional(items).expect_positional(ts, function, 1, 2)?;
    Ok((items[0], items.get(1).copied()))
}

impl WeakReference {
    fn new(ts: &ThreadState, ty: &Type, args: &Tuple, _kwargs: Option<&Dict>) -> Result<Owned<WeakReference>> {
        let (object, callback) = arguments(ts, "__new__", args)?;
        make(ts, ty, object, callback)
    }

    fn init(ts: &ThreadState, _this: &WeakReference, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
        if kwargs.is_some_and(|k| !k.is_empty()) {
            return Err(ts.raise_str(&TYPE_ERROR, "ref() takes no keyword arguments"));
        }
        arguments(ts, "__init__", args).map(drop)
    }

    fn repr(ts: &ThreadState, this: &WeakReference) -> Result<Owned<Str>> {
        let at = this.as_ptr();
        let Some(object) = this.referent() else { return Str::new(ts, &format!("<weakref at {at:p}; dead>")) };
        let ty = type_text(ts, object.ty())?;
        let to = object.as_ptr();
        let name = find_attr(ts, &object, &identifiers::__name__)?;
        let text = match name.as_ref().and_then(|n| n.downcast::<Str>()) {
            Some(name) => format!("<weakref at {at:p}; to '{ty}' at {to:p} ({name})>"),
            None => format!("<weakref at {at:p}; to '{ty}' at {to:p}>"),
        };
        Str::new(ts, &text)
    }

    /// That of the object, kept for when it is gone.
    fn hash(ts: &ThreadState, this: &WeakReference) -> Result<isize> {
        if this.hash.get() != -1 {
            return Ok(this.hash.get());
        }
        let Some(object) = this.referent() else {
            return Err(ts.raise_str(&TYPE_ERROR, "weak object has gone away"));
        };
        let hash = crate::protocol::object::hash(ts, &object)?;
        this.hash.set(hash);
        Ok(hash)
    }

    /// By the objects while both live, by identity afterwards.
    fn richcompare(ts: &ThreadState, this: &WeakReference, other: &Object, op: CompareOp) -> Result {
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) || !is_weak(other) {
            return Ok(singletons::not_implemented());
        }
        // SAFETY: all weak references have one layout.
        let other = unsafe { other.cast::<WeakReference>() };
        match (this.referent(), other.referent()) {
            (Some(a), Some(b)) => compare(ts, &a, &b, op),
            _ => Ok(boolean::from_bool(ptr::eq(this, other) == (op == CompareOp::Eq))),
        }
    }
}

static METHODS: [PyMethodDef; 2] = [crate::types::generic_alias::CLASS_GETITEM, slot::METHODS_END];

static MEMBERS: [PyMemberDef; 2] = [
    slot::member(c"__callback__", _Py_T_OBJECT, offset_of!(PyWeakReference, wr_callback), Py_READONLY),
    slot::MEMBERS_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static _PyWeakref_RefType: Type = Type {
    tp_name: c"weakref.ReferenceType".as_ptr(),
    tp_basicsize: size_of::<WeakReference>() as isize,
    tp_vectorcall_offset: offset_of!(PyWeakReference, vectorcall) as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_BASETYPE),
    tp_dealloc: slot::dealloc(WeakReference::drop_fields),
    tp_traverse: slot::traverse(WeakReference::visit),
    tp_clear: slot::clear(WeakReference::clear),
    tp_repr: slot::unary(WeakReference::repr),
    tp_hash: slot::hash(WeakReference::hash),
    tp_richcompare: slot::richcompare(WeakReference::richcompare),
    tp_call: slot::call(descr::call_by_vectorcall),
    tp_methods: entries(&METHODS),
    tp_members: entries(&MEMBERS),
    tp_init: slot::init(WeakReference::init),
    tp_new: slot::new(WeakReference::new),
    ..STATIC_TYPE
};

/// The parts of a reference that proxies share.
pub(super) fn visit(this: &WeakReference, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
    this.visit(visitor)
}
