//! `types.GenericAlias`: a class with arguments, `list[int]`.
//!
//! It is called and asked for attributes as the class itself, but for the few names that are its own. This file is the
//! type; [`parameters`] what is left open in an alias and filled in by subscripting it, [`text`] how classes read in
//! one, [`iterator`] `*alias`. `typing.Union` (`types::union`) is made of the same parts.

use core::cell::Cell;
use core::ffi::c_int;
use core::mem::offset_of;

pub mod iterator;
pub mod parameters;
pub mod text;

use super::descr::call_by_vectorcall;
use super::{Dict, STATIC_FLAGS, STATIC_TYPE, Str, Tuple, entries, identifiers as id, method, slot, table, union};
use crate::ffi::*;
use crate::object::{Object, ObjectCell, Owned, Raised, Result, Type};
use crate::protocol::compare::CompareOp;
use crate::protocol::{call, object};
use crate::runtime::{ThreadState, boundary};
use crate::types::exceptions::{ATTRIBUTE_ERROR, TYPE_ERROR};
use crate::types::singletons;
use crate::types::str::StaticStr;
use crate::types::type_::methods::keys;

layout!(GenericAlias = GenericAliasObject, Py_GenericAliasType);

/// Attributes that are the alias's own; all others are its origin's.
static OWN_NAMES: [&StaticStr; 8] = [
    &id::__origin__,
    &id::__args__,
    &id::__unpacked__,
    &id::__parameters__,
    &id::__typing_unpacked_tuple_args__,
    &id::__mro_entries__,
    &id::__reduce_ex__,
    &id::__reduce__,
];

/// Attributes that an alias must not take from its origin: it is no class, and copying it copies the alias.
static HIDDEN_NAMES: [&StaticStr; 4] = [&id::__class__, &id::__bases__, &id::__copy__, &id::__deepcopy__];

/// `__class_getitem__` of the built-in classes that can be given arguments.
pub const CLASS_GETITEM: PyMethodDef =
    method::class(method::one(c"__class_getitem__", class_getitem, c"The class with arguments, as a generic alias."));

fn class_getitem(ts: &ThreadState, class: &Type, args: &Object) -> Result<Owned<GenericAlias>> {
    GenericAlias::new(ts, class.as_object(), args)
}

impl GenericAlias {
    /// `origin[args]`; a tuple is several arguments.
    pub fn new(ts: &ThreadState, origin: &Object, args: &Object) -> Result<Owned<GenericAlias>> {
        GenericAlias::of_type(ts, &Py_GenericAliasType, origin, args)
    }

    fn of_type(ts: &ThreadState, ty: &Type, origin: &Object, args: &Object) -> Result<Owned<GenericAlias>> {
        let args = match args.downcast::<Tuple>() {
            Some(args) => Owned::new(args),
            None => Tuple::new(ts, &[args])?,
        };
        // SAFETY: the type's instances, and its subtypes', have the layout; zeroed, and the fields set here.
        let this = unsafe { ts.alloc_instance(ty, 0)?.cast_owned::<GenericAlias>() };
        this.origin.store(Some(Owned::new(origin)));
        this.args.store(Some(args));
        this.vectorcall.set(Some(vectorcall));
        Ok(this)
    }

    /// `*alias`, as iterating over an alias gives it.
    fn starred(ts: &ThreadState, alias: &GenericAlias) -> Result<Owned<GenericAlias>> {
        let starred = GenericAlias::new(ts, alias.origin(), alias.args())?;
        starred.starred.set(true);
        Ok(starred)
    }

    #[inline]
    pub fn origin(&self) -> &Object {
        // SAFETY: written when it was made; the collector clears nothing in it.
        unsafe { &*self.origin.get() }
    }

    #[inline]
    pub fn args(&self) -> &Tuple {
        // SAFETY: as above, and a tuple.
        unsafe { &*self.args.get().cast() }
    }

    fn parameters(ts: &ThreadState, this: &GenericAlias) -> Result<Owned<Tuple>> {
        parameters::cached(ts, &this.parameters, this.args())
    }

    fn make(ts: &ThreadState, ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result<Owned<GenericAlias>> {
        if kwargs.is_some_and(|k| !k.is_empty()) {
            return Err(ts.raise_str(&TYPE_ERROR, "GenericAlias() takes no keyword arguments"));
        }
        match args.as_slice() {
            [origin, args] => GenericAlias::of_type(ts, ty, origin, args),
            other => Err(ts.raise(&TYPE_ERROR, format_args!("GenericAlias expected 2 arguments, got {}", other.len()))),
        }
    }

    fn repr(ts: &ThreadState, this: &GenericAlias) -> Result<Owned<Str>> {
        let origin = text::of_class(ts, this.origin())?;
        let args = text::of_items(ts, this.args())?;
        Str::build(ts, |out| {
            if this.starred.get() {
                out.push_ascii(b"*")?;
            }
            out.extend(origin.chars())?;
            out.push_ascii(b"[")?;
            match args.as_slice() {
                [] => out.push_ascii(b"()")?,
                args => text::join(out, args, b", ")?,
            }
            out.push_ascii(b"]")
        })
    }

    fn hash(ts: &ThreadState, this: &GenericAlias) -> Result<isize> {
        let hash = object::hash(ts, this.origin())? ^ object::hash(ts, this.args())?;
        Ok(if hash == -1 { -2 } else { hash })
    }

    fn compare(ts: &ThreadState, this: &Object, other: &Object, op: CompareOp) -> Result {
        let (a, b) = match (this.downcast::<GenericAlias>(), other.downcast::<GenericAlias>(), op) {
            (Some(a), Some(b), CompareOp::Eq | CompareOp::Ne) => (a, b),
            _ => return Ok(singletons::not_implemented()),
        };
        let same = a.starred.get() == b.starred.get()
            && object::equal(ts, a.origin(), b.origin())?
            && object::equal(ts, a.args(), b.args())?;
        Ok(super::bool::from_bool(same == (op == CompareOp::Eq)))
    }

    fn getattro(ts: &ThreadState, this: &GenericAlias, name: &Object) -> Result {
        let own = |names: &[&StaticStr], text: &Str| names.iter().any(|n| text.equals(n));
        match name.downcast::<Str>() {
            Some(text) if !own(&OWN_NAMES, text) && !own(&HIDDEN_NAMES, text) => {
                object::getattr(ts, this.origin(), text)
            }
            _ => super::object::generic_getattr(ts, this, name),
        }
    }

    /// An alias of the same origin with what is open filled in.
    fn getitem(ts: &ThreadState, this: &GenericAlias, item: &Object) -> Result<Owned<GenericAlias>> {
        let parameters = GenericAlias::parameters(ts, this)?;
        let args = parameters::substitute(ts, this, this.args(), &parameters, item)?;
        let filled = GenericAlias::new(ts, this.origin(), &args)?;
        filled.starred.set(this.starred.get());
        Ok(filled)
    }

    fn mro_entries(ts: &ThreadState, this: &GenericAlias, _bases: &Object) -> Result<Owned<Tuple>> {
        Tuple::new(ts, &[this.origin()])
    }

    fn instance_check(ts: &ThreadState, _this: &GenericAlias, _instance: &Object) -> Result<()> {
        Err(ts.raise_str(&TYPE_ERROR, "isinstance() argument 2 cannot be a parameterized generic"))
    }

    fn subclass_check(ts: &ThreadState, _this: &GenericAlias, _class: &Object) -> Result<()> {
        Err(ts.raise_str(&TYPE_ERROR, "issubclass() argument 2 cannot be a parameterized generic"))
    }

    /// The class again with its arguments; a starred one is what iterating over that gives first.
    fn reduce(ts: &ThreadState, this: &GenericAlias) -> Result<Owned<Tuple>> {
        if this.starred.get() {
            let plain = GenericAlias::new(ts, this.origin(), this.args())?;
            return super::iterators::reduce_of(ts, "next", &*iterator::new(ts, &plain)?);
        }
        let args = Tuple::new(ts, &[this.origin(), this.args()])?;
        Tuple::new(ts, &[super::class_object::<GenericAlias>(), &args])
    }

    fn dir(ts: &ThreadState, this: &GenericAlias) -> Result {
        let names = Dict::new(ts)?;
        let none = singletons::none_ref();
        for &name in object::dir(ts, this.origin())?.as_slice() {
            names.set(ts, name, none)?;
        }
        for name in OWN_NAMES {
            names.set(ts, name.as_str_object(), none)?;
        }
        keys(ts, &names)
    }

    /// The arguments of `*tuple[...]`.
    fn unpacked_tuple_args(_ts: &ThreadState, this: &GenericAlias) -> Result {
        let starred_tuple = this.starred.get() && this.origin().is(super::class_object::<Tuple>());
        Ok(if starred_tuple { Owned::new(this.args()).upcast() } else { singletons::none() })
    }

    fn drop_fields(ts: &ThreadState, this: &GenericAlias) {
        if !this.weakreflist.get().is_null() {
            super::weakref::clear_references(ts, this);
        }
        drop(this.origin.take_owned());
        drop(this.args.take_owned());
        drop(this.parameters.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        visitor.field(&self.origin)?;
        visitor.field(&self.args)?;
        visitor.field(&self.parameters)
    }
}

type Obj = *mut PyObject;

/// Calls the origin, and lets an instance that can remember know by which alias it was made.
unsafe extern "C" fn vectorcall(callable: Obj, args: *const Obj, nargsf: usize, kwnames: Obj) -> Obj {
    boundary(|ts| {
        // SAFETY: the vectorcall protocol, which is handed on as it came.
        let (this, made) = unsafe {
            let this = &*callable.cast::<GenericAlias>();
            (this, call::vectorcall(ts, this.origin(), args, nargsf, kwnames.cast::<Tuple>().as_ref())?)
        };
        object::setattr(ts, &made, &id::__orig_class__, Some(this)).or_else(|raised| forgive(ts, raised))?;
        Ok(made)
    })
}

/// An instance that takes no attribute says so by one of these.
fn forgive(ts: &ThreadState, raised: Raised) -> Result<()> {
    if ts.raised_is(&ATTRIBUTE_ERROR) {
        return ts.recover(raised, &ATTRIBUTE_ERROR);
    }
    ts.recover(raised, &TYPE_ERROR)
}

#[unsafe(link_section = "immortal")]
static NUMBER: PyNumberMethods = PyNumberMethods { nb_or: slot::binary(union::or), ..PyNumberMethods::EMPTY };

#[unsafe(link_section = "immortal")]
static MAPPING: PyMappingMethods =
    PyMappingMethods { mp_subscript: slot::binary(GenericAlias::getitem), ..PyMappingMethods::EMPTY };

static METHODS: [PyMethodDef; 6] = [
    method::one(c"__mro_entries__", GenericAlias::mro_entries, c"The bases that a class with the alias as a base has."),
    method::one(c"__instancecheck__", GenericAlias::instance_check, c"Refused: arguments are not looked at."),
    method::one(c"__subclasscheck__", GenericAlias::subclass_check, c"Refused: arguments are not looked at."),
    method::noargs(c"__reduce__", GenericAlias::reduce, c"Say how to make such an alias again."),
    method::noargs(c"__dir__", GenericAlias::dir, c"The names of the origin's attributes and of the alias's own."),
    slot::METHODS_END,
];

static MEMBERS: [PyMemberDef; 4] = [
    slot::member(c"__origin__", _Py_T_OBJECT, offset_of!(GenericAliasObject, origin), Py_READONLY),
    slot::member(c"__args__", _Py_T_OBJECT, offset_of!(GenericAliasObject, args), Py_READONLY),
    slot::member(c"__unpacked__", Py_T_BOOL, offset_of!(GenericAliasObject, starred), Py_READONLY),
    slot::MEMBERS_END,
];

static GETSET: [PyGetSetDef; 3] = [
    slot::getter(c"__parameters__", GenericAlias::parameters, c"What is open in the arguments."),
    slot::getter(c"__typing_unpacked_tuple_args__", GenericAlias::unpacked_tuple_args, c""),
    slot::GETSET_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static Py_GenericAliasType: Type = Type {
    tp_name: c"types.GenericAlias".as_ptr(),
    tp_basicsize: size_of::<GenericAlias>() as isize,
    tp_weaklistoffset: offset_of!(GenericAliasObject, weakreflist) as isize,
    tp_vectorcall_offset: offset_of!(GenericAliasObject, vectorcall) as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_VECTORCALL),
    tp_doc: Cell::new(
        c"GenericAlias(origin, args, /)\n--\n\nA class with arguments, as subscripting the class gives it.".as_ptr(),
    ),
    tp_dealloc: slot::dealloc(GenericAlias::drop_fields),
    tp_traverse: slot::traverse(GenericAlias::visit),
    tp_repr: slot::unary(GenericAlias::repr),
    tp_hash: slot::hash(GenericAlias::hash),
    tp_richcompare: slot::richcompare(GenericAlias::compare),
    tp_call: slot::call(call_by_vectorcall),
    tp_getattro: slot::binary(GenericAlias::getattro),
    tp_iter: slot::unary(iterator::new),
    tp_as_number: Cell::new(table(&NUMBER)),
    tp_as_mapping: Cell::new(table(&MAPPING)),
    tp_methods: entries(&METHODS),
    tp_members: entries(&MEMBERS),
    tp_getset: entries(&GETSET),
    tp_new: slot::new(GenericAlias::make),
    ..STATIC_TYPE
};
