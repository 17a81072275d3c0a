//! `typing.Union`: any of several classes, `int | str`.
//!
//! The order of the arguments is kept for the repr and does not count for equality. Arguments are told apart by hash
//! and `==`; those without a hash (`list[[]]`) by `==` alone, and a union with such has no hash either.

use core::cell::Cell;
use core::ffi::c_int;
use core::mem::offset_of;

use super::generic_alias::{GenericAlias, parameters, text};
use super::{STATIC_FLAGS, STATIC_TYPE, Set, Str, Tuple, entries, identifiers as id, method, singletons, slot, table};
use crate::ffi::*;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::protocol::compare::CompareOp;
use crate::protocol::{call, object, sequence};
use crate::runtime::ThreadState;
use crate::types::exceptions::TYPE_ERROR;

layout!(Union = UnionObject, UNION_TYPE);

/// `a | b` of classes, aliases, unions and `None`.
pub fn or(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    let joins = |o: &Object| {
        singletons::is_none(o)
            || o.downcast::<Type>().is_some()
            || o.downcast::<GenericAlias>().is_some()
            || o.downcast::<Union>().is_some()
    };
    if !joins(a) || !joins(b) {
        return Ok(singletons::not_implemented());
    }
    Builder::of(ts, &[a, b])
}

/// The arguments of a union that is being made, each once.
struct Builder {
    args: Vec<Owned<Object>>,
    hashable: Owned<Set>,
    unhashable: Vec<Owned<Object>>,
}

impl Builder {
    /// The union of the items: the item itself if there is but one.
    fn of(ts: &ThreadState, items: &[&Object]) -> Result {
        let hashable = Set::frozen_from_iterable(ts, None)?;
        let mut builder = Builder { args: Vec::new(), hashable, unhashable: Vec::new() };
        items.iter().try_for_each(|item| builder.add(ts, item))?;
        builder.finish(ts)
    }

    fn add(&mut self, ts: &ThreadState, item: &Object) -> Result<()> {
        if let Some(union) = item.downcast::<Union>() {
            return union.args().as_slice().iter().try_for_each(|item| self.add_one(ts, item));
        }
        if singletons::is_none(item) {
            return self.add_one(ts, singletons::NONE_TYPE.as_object());
        }
        self.add_one(ts, &*checked(ts, item)?)
    }

    fn add_one(&mut self, ts: &ThreadState, item: &Object) -> Result<()> {
        match object::hash(ts, item) {
            Ok(hash) => {
                if self.hashable.contains_with_hash(ts, item, hash)? {
                    return Ok(());
                }
                self.hashable.add_with_hash(ts, item, hash)?;
            }
            Err(raised) => {
                ts.recover(raised, &TYPE_ERROR)?;
                if contains(ts, &self.unhashable, item)? {
                    return Ok(());
                }
                self.unhashable.push(Owned::new(item));
            }
        }
        self.args.push(Owned::new(item));
        Ok(())
    }

    fn finish(mut self, ts: &ThreadState) -> Result {
        match self.args.len() {
            0 => return Err(ts.raise_str(&TYPE_ERROR, "Cannot take a Union of no types.")),
            1 => return Ok(self.args.remove(0)),
            _ => {}
        }
        // SAFETY: the type's instances have the layout; zeroed, and the fields set here.
        let union = unsafe { ts.alloc_instance(&UNION_TYPE, 0)?.cast_owned::<Union>() };
        union.args.store(Some(Tuple::from_owned(ts, self.args)?));
        union.hashable.store(Some(self.hashable));
        if !self.unhashable.is_empty() {
            union.unhashable.store(Some(Tuple::from_owned(ts, self.unhashable)?));
        }
        Ok(union.upcast())
    }
}

fn contains(ts: &ThreadState, items: &[Owned<Object>], item: &Object) -> Result<bool> {
    for other in items {
        if object::equal(ts, other, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// An argument as the module `typing` wants it. That module is asked about text alone, which it makes a reference to a
/// class that is still to come; what it says of the rest without type forms of its own is that it may be anything but
/// a tuple.
fn checked(ts: &ThreadState, item: &Object) -> Result {
    const MESSAGE: &str = "Union[arg, ...]: each arg must be a type.";
    if item.downcast::<Str>().is_some() {
        let import = super::iterators::builtin(ts, "__import__")?;
        let typing = call::call(ts, &import, &[&*Str::new(ts, "typing")?])?;
        let check = object::getattr(ts, &typing, &*Str::interned(ts, "_type_check")?)?;
        return call::call(ts, &check, &[item, &*Str::new(ts, MESSAGE)?]);
    }
    if item.is_exact::<Tuple>() {
        let repr: String = object::repr(ts, item)?.to_string().chars().take(100).collect();
        return Err(ts.raise(&TYPE_ERROR, format_args!("{MESSAGE} Got {repr}.")));
    }
    Ok(Owned::new(item))
}

impl Union {
    #[inline]
    pub fn args(&self) -> &Tuple {
        // SAFETY: a tuple, written when it was made; the collector clears nothing in it.
        unsafe { &*self.args.get().cast() }
    }

    fn hashable(&self) -> &Set {
        // SAFETY: as above, and a frozenset.
        unsafe { &*self.hashable.get().cast() }
    }

    fn unhashable(&self) -> Owned<Tuple> {
        // SAFETY: NULL or a tuple.
        self.unhashable.load().map_or_else(Tuple::empty, |tuple| unsafe { tuple.cast_owned() })
    }

    /// `|` with anything on the other side, which is checked as an argument.
    fn or(ts: &ThreadState, a: &Object, b: &Object) -> Result {
        Builder::of(ts, &[a, b])
    }

    fn repr(ts: &ThreadState, this: &Union) -> Result<Owned<Str>> {
        let args: Result<Vec<_>> = this.args().as_slice().iter().map(|arg| text::of_class(ts, arg)).collect();
        let args = args?;
        Str::build(ts, |out| text::join(out, &args, b" | "))
    }

    fn hash(ts: &ThreadState, this: &Union) -> Result<isize> {
        let unhashable = this.unhashable();
        for arg in unhashable.as_slice() {
            object::hash(ts, arg)?;
        }
        match unhashable.len() {
            0 => object::hash(ts, this.hashable()),
            // They have become hashable meanwhile, after the union was compared by them.
            n => Err(ts.raise(&TYPE_ERROR, format_args!("union contains {n} unhashable elements"))),
        }
    }

    fn compare(ts: &ThreadState, this: &Object, other: &Object, op: CompareOp) -> Result {
        match (this.downcast::<Union>(), other.downcast::<Union>(), op) {
            (Some(a), Some(b), CompareOp::Eq | CompareOp::Ne) => {
                Ok(super::bool::from_bool(a.equals(ts, b)? == (op == CompareOp::Eq)))
            }
            _ => Ok(singletons::not_implemented()),
        }
    }

    fn equals(&self, ts: &ThreadState, other: &Union) -> Result<bool> {
        if !object::equal(ts, self.hashable(), other.hashable())? {
            return Ok(false);
        }
        let (a, b) = (self.unhashable(), other.unhashable());
        if a.len() != b.len() {
            return Ok(false);
        }
        for arg in a.as_slice() {
            if !sequence::contains(ts, &b, arg)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A union has its type's module.
    fn getattro(ts: &ThreadState, this: &Union, name: &Object) -> Result {
        match name.downcast::<Str>() {
            Some(text) if text.equals(&id::__module__) => object::getattr(ts, this.ty(), text),
            _ => super::object::generic_getattr(ts, this, name),
        }
    }

    fn parameters(ts: &ThreadState, this: &Union) -> Result<Owned<Tuple>> {
        parameters::cached(ts, &this.parameters, this.args())
    }

    fn getitem(ts: &ThreadState, this: &Union, item: &Object) -> Result {
        let parameters = Union::parameters(ts, this)?;
        let args = parameters::substitute(ts, this, this.args(), &parameters, item)?;
        Builder::of(ts, args.as_slice())
    }

    fn class_getitem(ts: &ThreadState, _class: &Type, args: &Object) -> Result {
        match args.downcast::<Tuple>() {
            Some(args) => Builder::of(ts, args.as_slice()),
            None => Builder::of(ts, &[args]),
        }
    }

    fn mro_entries(ts: &ThreadState, this: &Union, _bases: &Object) -> Result<()> {
        Err(ts.raise(&TYPE_ERROR, format_args!("Cannot subclass {}", object::repr(ts, this)?)))
    }

    fn name(ts: &ThreadState, _this: &Union) -> Result<Owned<Str>> {
        Str::interned(ts, "Union")
    }

    fn origin(_ts: &ThreadState, _this: &Union) -> Result {
        Ok(Owned::immortal(UNION_TYPE.as_object()))
    }

    fn drop_fields(ts: &ThreadState, this: &Union) {
        if !this.weakreflist.get().is_null() {
            super::weakref::clear_references(ts, this);
        }
        for field in [&this.args, &this.hashable, &this.unhashable, &this.parameters] {
            drop(field.take_owned());
        }
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        visitor.field(&self.args)?;
        visitor.field(&self.hashable)?;
        visitor.field(&self.unhashable)?;
        visitor.field(&self.parameters)
    }
}

#[unsafe(link_section = "immortal")]
static NUMBER: PyNumberMethods = PyNumberMethods { nb_or: slot::binary(Union::or), ..PyNumberMethods::EMPTY };

#[unsafe(link_section = "immortal")]
static MAPPING: PyMappingMethods =
    PyMappingMethods { mp_subscript: slot::binary(Union::getitem), ..PyMappingMethods::EMPTY };

static METHODS: [PyMethodDef; 3] = [
    method::one(c"__mro_entries__", Union::mro_entries, c"Refused: a union is no base."),
    method::class(method::one(c"__class_getitem__", Union::class_getitem, c"The union of the classes.")),
    slot::METHODS_END,
];

static MEMBERS: [PyMemberDef; 2] =
    [slot::member(c"__args__", _Py_T_OBJECT, offset_of!(UnionObject, args), Py_READONLY), slot::MEMBERS_END];

static GETSET: [PyGetSetDef; 5] = [
    slot::getter(c"__name__", Union::name, c"The name of the type."),
    slot::getter(c"__qualname__", Union::name, c"The name of the type."),
    slot::getter(c"__origin__", Union::origin, c"The type."),
    slot::getter(c"__parameters__", Union::parameters, c"What is open in the arguments."),
    slot::GETSET_END,
];

#[unsafe(link_section = "immortal")]
pub static UNION_TYPE: Type = Type {
    tp_name: c"typing.Union".as_ptr(),
    tp_basicsize: size_of::<Union>() as isize,
    tp_weaklistoffset: offset_of!(UnionObject, weakreflist) as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION),
    tp_doc: Cell::new(c"Any of several classes.\n\nint | str is a union.".as_ptr()),
    tp_dealloc: slot::dealloc(Union::drop_fields),
    tp_traverse: slot::traverse(Union::visit),
    tp_repr: slot::unary(Union::repr),
    tp_hash: slot::hash(Union::hash),
    tp_richcompare: slot::richcompare(Union::compare),
    tp_getattro: slot::binary(Union::getattro),
    tp_as_number: Cell::new(table(&NUMBER)),
    tp_as_mapping: Cell::new(table(&MAPPING)),
    tp_methods: entries(&METHODS),
    tp_members: entries(&MEMBERS),
    tp_getset: entries(&GETSET),
    ..STATIC_TYPE
};
