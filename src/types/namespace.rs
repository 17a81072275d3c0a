//! `types.SimpleNamespace`: attributes, and a repr that shows them.

use core::cell::Cell;
use core::fmt::Write;

use super::{Dict, STATIC_FLAGS, STATIC_TYPE, Str, Tuple, entries, method, slot};
use crate::ffi::*;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::protocol::args::Args;
use crate::protocol::compare::CompareOp;
use crate::protocol::{call, object};
use crate::runtime::ThreadState;
use crate::types::exceptions::TYPE_ERROR;
use crate::types::singletons;

layout!(Namespace = NamespaceObject, NAMESPACE_TYPE);

impl Namespace {
    /// An empty one.
    pub fn new(ts: &ThreadState) -> Result<Owned<Namespace>> {
        Namespace::of_type(ts, &NAMESPACE_TYPE)
    }

    fn of_type(ts: &ThreadState, ty: &Type) -> Result<Owned<Namespace>> {
        let dict = Dict::new(ts)?;
        // SAFETY: the type's instances, and its subtypes', have the layout; zeroed, and the dict set here.
        let this = unsafe { ts.alloc_instance(ty, 0)?.cast_owned::<Namespace>() };
        this.dict.store(Some(dict));
        Ok(this)
    }

    pub fn dict(&self) -> Owned<Dict> {
        // SAFETY: set when it was made, a dict, and not taken while the namespace is in use.
        unsafe { self.dict.load().expect("a namespace has a dict").cast_owned() }
    }

    fn make(ts: &ThreadState, ty: &Type, _args: &Tuple, _kwargs: Option<&Dict>) -> Result<Owned<Namespace>> {
        Namespace::of_type(ts, ty)
    }

    fn init(ts: &ThreadState, this: &Namespace, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
        if args.len() > 1 {
            let (name, n) = (this.ty().short_name(), args.len());
            return Err(ts.raise(&TYPE_ERROR, format_args!("{name} expected at most 1 argument, got {n}")));
        }
        if let Some(source) = args.get(0) {
            let dict = call::call(ts, super::class_object::<Dict>(), &[source])?;
            // SAFETY: what calling `dict` gives.
            this.update(ts, unsafe { dict.cast() })?;
        }
        kwargs.map_or(Ok(()), |kwargs| this.update(ts, kwargs))
    }

    fn update(&self, ts: &ThreadState, source: &Dict) -> Result<()> {
        let items = source.items_vec();
        if items.iter().any(|(key, _)| key.downcast::<Str>().is_none()) {
            return Err(ts.raise_str(&TYPE_ERROR, "keywords must be strings"));
        }
        let dict = self.dict();
        items.iter().try_for_each(|(key, value)| dict.set(ts, key, value))
    }

    fn repr(ts: &ThreadState, this: &Namespace) -> Result<Owned<Str>> {
        let exact = core::ptr::eq(this.ty(), &NAMESPACE_TYPE);
        let name = if exact { "namespace" } else { this.ty().full_name() };
        if !ts.enter_repr(this) {
            return Str::new(ts, &format!("{name}(...)"));
        }
        let result = Namespace::repr_items(ts, this);
        ts.leave_repr(this);
        Str::new(ts, &format!("{name}({})", result?))
    }

    fn repr_items(ts: &ThreadState, this: &Namespace) -> Result<String> {
        let mut text = String::new();
        for (key, value) in this.dict().items_vec() {
            let Some(key) = key.downcast::<Str>().filter(|k| !k.is_empty()) else { continue };
            let value = object::repr(ts, &value)?;
            let comma = if text.is_empty() { "" } else { ", " };
            if write!(text, "{comma}{key}={value}").is_err() {
                return Err(ts.no_memory());
            }
        }
        Ok(text)
    }

    fn compare(ts: &ThreadState, this: &Object, other: &Object, op: CompareOp) -> Result {
        match (this.downcast::<Namespace>(), other.downcast::<Namespace>()) {
            (Some(a), Some(b)) => object::compare(ts, &a.dict(), &b.dict(), op),
            _ => Ok(singletons::not_implemented()),
        }
    }

    fn reduce(ts: &ThreadState, this: &Namespace) -> Result<Owned<Tuple>> {
        let (empty, dict) = (Tuple::empty(), this.dict());
        Tuple::new(ts, &[this.ty(), &empty, &dict])
    }

    fn replace(ts: &ThreadState, this: &Namespace, args: Args<'_>) -> Result {
        if !args.positional.is_empty() {
            return Err(ts.raise_str(&TYPE_ERROR, "__replace__() takes no positional arguments"));
        }
        let result = call::call(ts, this.ty(), &[])?;
        let Some(copy) = result.downcast::<Namespace>() else {
            let (wanted, got) = (this.ty().full_name(), result.ty().full_name());
            let message = format_args!("expect {wanted} type, but {wanted}() returned '{got}' object");
            return Err(ts.raise(&TYPE_ERROR, message));
        };
        copy.update(ts, &this.dict())?;
        let dict = copy.dict();
        args.keywords().try_for_each(|(name, value)| dict.set(ts, name, value))?;
        Ok(result)
    }

    fn drop_fields(_ts: &ThreadState, this: &Namespace) {
        drop(this.dict.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        visitor.field(&self.dict)
    }

    /// Empties the dict, and leaves it in place: finalizers may still look.
    fn clear(&self) {
        if !self.dict.get().is_null() {
            self.dict().clear(ThreadState::current());
        }
    }
}

static METHODS: [PyMethodDef; 3] = [
    method::noargs(c"__reduce__", Namespace::reduce, c"Say how to make such a namespace again."),
    method::keywords(
        c"__replace__",
        Namespace::replace,
        c"__replace__($self, /, **changes)\n--\n\nA copy with some attributes set anew.",
    ),
    slot::METHODS_END,
];

static MEMBERS: [PyMemberDef; 2] = [
    slot::member(c"__dict__", _Py_T_OBJECT, core::mem::offset_of!(NamespaceObject, dict), Py_READONLY),
    slot::MEMBERS_END,
];

#[unsafe(link_section = "immortal")]
pub static NAMESPACE_TYPE: Type = Type {
    tp_name: c"types.SimpleNamespace".as_ptr(),
    tp_basicsize: size_of::<Namespace>() as isize,
    tp_dictoffset: core::mem::offset_of!(NamespaceObject, dict) as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE),
    tp_doc: Cell::new(
        c"SimpleNamespace(mapping_or_iterable=(), /, **kwargs)\n--\n\nAn object that holds what it is given as attributes."
            .as_ptr(),
    ),
    tp_new: slot::new(Namespace::make),
    tp_init: slot::init(Namespace::init),
    tp_hash: slot::unhashable(),
    tp_repr: slot::unary(Namespace::repr),
    tp_richcompare: slot::richcompare(Namespace::compare),
    tp_dealloc: slot::dealloc(Namespace::drop_fields),
    tp_traverse: slot::traverse(Namespace::visit),
    tp_clear: slot::clear(Namespace::clear),
    tp_methods: entries(&METHODS),
    tp_members: entries(&MEMBERS),
    ..STATIC_TYPE
};
