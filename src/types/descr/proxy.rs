//! `mappingproxy`: a mapping that can only be read through it, such as a type's `__dict__`.

use core::cell::Cell;
use core::ffi::c_int;

use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::protocol::args::{Args, Signature, with_tuple_and_dict};
use crate::protocol::call::call_method;
use crate::protocol::compare::CompareOp;
use crate::protocol::{number, object, sequence};
use crate::runtime::ThreadState;
use crate::types::exceptions::TYPE_ERROR;
use crate::types::{
    Dict, STATIC_FLAGS, STATIC_TYPE, Str, Tuple, entries, identifiers, method, singletons, slot, table,
};

layout!(MappingProxy = MappingProxyObject, PyDictProxy_Type);

/// `mappingproxy(mapping)`.
pub fn new_proxy(ts: &ThreadState, mapping: &Object) -> Result<Owned<MappingProxy>> {
    if !is_mapping(mapping) {
        let name = mapping.ty().full_name();
        let message = format!("mappingproxy() argument must be a mapping, not {name}");
        return Err(ts.raise_str(&TYPE_ERROR, &message));
    }
    // SAFETY: all fields are written.
    unsafe {
        let this = ts.new_object::<MappingProxy>(&PyDictProxy_Type, size_of::<MappingProxy>())?;
        this.mapping.set(Owned::new(mapping).into_raw());
        gc_track(&this);
        Ok(this)
    }
}

/// What has `__getitem__` and is neither list nor tuple.
fn is_mapping(object: &Object) -> bool {
    let ty = object.ty();
    // SAFETY: NULL or a live suite.
    let subscript = unsafe { ty.tp_as_mapping.get().as_ref() }.is_some_and(|m| m.mp_subscript.get().is_some());
    subscript && !ty.has(Py_TPFLAGS_LIST_SUBCLASS | Py_TPFLAGS_TUPLE_SUBCLASS)
}

const SIGNATURE: Signature = Signature { name: "mappingproxy", params: &["mapping"], required: 1, max_positional: 1 };

/// An operand: what a proxy stands for, and anything else as it is.
fn unwrap(operand: &Object) -> Owned<Object> {
    match operand.downcast_exact::<MappingProxy>() {
        Some(proxy) => Owned::new(proxy.target()),
        None => Owned::new(operand),
    }
}

impl MappingProxy {
    #[inline]
    fn target(&self) -> &Object {
        // SAFETY: written when it was made; the collector clears nothing in it.
        unsafe { &*self.mapping.get() }
    }

    fn new(ts: &ThreadState, _ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result<Owned<MappingProxy>> {
        with_tuple_and_dict(ts, args, kwargs, |args| {
            let [mapping]: [Option<&Object>; 1] = SIGNATURE.bind(ts, args)?;
            new_proxy(ts, mapping.unwrap_or(singletons::none_ref()))
        })
    }

    fn repr(ts: &ThreadState, this: &MappingProxy) -> Result<Owned<Str>> {
        let inner = object::repr(ts, this.target())?;
        Str::new(ts, &format!("mappingproxy({inner})"))
    }

    fn str(ts: &ThreadState, this: &MappingProxy) -> Result<Owned<Str>> {
        object::str(ts, this.target())
    }

    fn hash(ts: &ThreadState, this: &MappingProxy) -> Result<isize> {
        object::hash(ts, this.target())
    }

    fn richcompare(ts: &ThreadState, this: &MappingProxy, other: &Object, op: CompareOp) -> Result {
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(singletons::not_implemented());
        }
        let other = unwrap(other);
        object::compare(ts, this.target(), &other, op)
    }

    fn iter(ts: &ThreadState, this: &MappingProxy) -> Result {
        sequence::iter(ts, this.target())
    }

    fn len(ts: &ThreadState, this: &MappingProxy) -> Result<isize> {
        sequence::len(ts, this.target())
    }

    fn getitem(ts: &ThreadState, this: &MappingProxy, key: &Object) -> Result {
        sequence::getitem(ts, this.target(), key)
    }

    fn contains(ts: &ThreadState, this: &MappingProxy, key: &Object) -> Result<bool> {
        sequence::contains(ts, this.target(), key)
    }

    fn get(ts: &ThreadState, this: &MappingProxy, args: Args<'_>) -> Result {
        args.expect_positional(ts, "get", 1, 2)?;
        let default = args.get(1).unwrap_or(singletons::none_ref());
        call_method(ts, this.target(), &identifiers::get, &[args.positional[0], default])
    }

    fn keys(ts: &ThreadState, this: &MappingProxy) -> Result {
        call_method(ts, this.target(), &identifiers::keys, &[])
    }

    fn values(ts: &ThreadState, this: &MappingProxy) -> Result {
        call_method(ts, this.target(), &identifiers::values, &[])
    }

    fn items(ts: &ThreadState, this: &MappingProxy) -> Result {
        call_method(ts, this.target(), &identifiers::items, &[])
    }

    fn copy(ts: &ThreadState, this: &MappingProxy) -> Result {
        call_method(ts, this.target(), &identifiers::copy, &[])
    }

    fn reversed(ts: &ThreadState, this: &MappingProxy) -> Result {
        call_method(ts, this.target(), &identifiers::__reversed__, &[])
    }

    fn drop_fields(_ts: &ThreadState, this: &MappingProxy) {
        drop(this.mapping.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        visitor.field(&self.mapping)
    }
}

fn or(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    let (a, b) = (unwrap(a), unwrap(b));
    number::binary(ts, number::OR, &a, &b)
}

fn inplace_or(ts: &ThreadState, this: &Object, _other: &Object) -> Result {
    let name = this.ty().full_name();
    Err(ts.raise(&TYPE_ERROR, format_args!("'|=' is not supported by {name}; use '|' instead")))
}

#[unsafe(link_section = "immortal")]
static NUMBER: PyNumberMethods =
    PyNumberMethods { nb_or: slot::binary(or), nb_inplace_or: slot::binary(inplace_or), ..PyNumberMethods::EMPTY };

#[unsafe(link_section = "immortal")]
static SEQUENCE: PySequenceMethods =
    PySequenceMethods { sq_contains: slot::contains(MappingProxy::contains), ..PySequenceMethods::EMPTY };

#[unsafe(link_section = "immortal")]
static MAPPING: PyMappingMethods = PyMappingMethods {
    mp_length: slot::len(MappingProxy::len),
    mp_subscript: slot::binary(MappingProxy::getitem),
    ..PyMappingMethods::EMPTY
};

static METHODS: [PyMethodDef; 8] = [
    method::positional(
        c"get",
        MappingProxy::get,
        c"get($self, key, default=None, /)\n--\n\nThe value of the key, or the default if there is none.",
    ),
    method::noargs(c"keys", MappingProxy::keys, c"keys($self, /)\n--\n\nA view of the mapping's keys."),
    method::noargs(c"values", MappingProxy::values, c"values($self, /)\n--\n\nA view of the mapping's values."),
    method::noargs(c"items", MappingProxy::items, c"items($self, /)\n--\n\nA view of the mapping's items."),
    method::noargs(c"copy", MappingProxy::copy, c"copy($self, /)\n--\n\nA shallow copy of the mapping."),
    method::noargs(
        c"__reversed__",
        MappingProxy::reversed,
        c"__reversed__($self, /)\n--\n\nThe keys in reverse order.",
    ),
    crate::types::generic_alias::CLASS_GETITEM,
    slot::METHODS_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyDictProxy_Type: Type = Type {
    tp_name: c"mappingproxy".as_ptr(),
    tp_basicsize: size_of::<MappingProxy>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_MAPPING),
    tp_doc: Cell::new(c"mappingproxy(mapping)\n--\n\nA mapping that can be read but not changed.".as_ptr()),
    tp_dealloc: slot::dealloc(MappingProxy::drop_fields),
    tp_traverse: slot::traverse(MappingProxy::visit),
    tp_repr: slot::unary(MappingProxy::repr),
    tp_str: slot::unary(MappingProxy::str),
    tp_hash: slot::hash(MappingProxy::hash),
    tp_richcompare: slot::richcompare(MappingProxy::richcompare),
    tp_iter: slot::unary(MappingProxy::iter),
    tp_as_number: Cell::new(table(&NUMBER)),
    tp_as_sequence: Cell::new(table(&SEQUENCE)),
    tp_as_mapping: Cell::new(table(&MAPPING)),
    tp_methods: entries(&METHODS),
    tp_new: slot::new(MappingProxy::new),
    ..STATIC_TYPE
};
