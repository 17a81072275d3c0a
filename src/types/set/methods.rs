//! What Python sees of sets by name, their slots and construction.

use super::{PyFrozenSet_Type, PySet_Type, Set};
use crate::ffi::*;
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::args::Args;
use crate::protocol::{call, object};
use crate::runtime::ThreadState;
use crate::types::dict::key_error;
use crate::types::exceptions::{KEY_ERROR, TYPE_ERROR};
use crate::types::text::TextBuf;
use crate::types::{Dict, List, Str, Tuple, identifiers, method, singletons, slot};

pub(super) fn new_set(ts: &ThreadState, ty: &Type, _args: &Tuple, _kwargs: Option<&Dict>) -> Result {
    instance(ts, ty)
}

/// An empty set of a type that may be a subclass.
fn instance(ts: &ThreadState, ty: &Type) -> Result {
    let this = match ty.tp_alloc.get() {
        // SAFETY: the type's own allocator.
        Some(alloc) => ts.check_result(None, unsafe { alloc(core::ptr::from_ref(ty).cast_mut(), 0) })?,
        None => ts.alloc_instance(ty, 0)?,
    };
    // SAFETY: a subtype has a set's layout.
    unsafe { this.cast::<Set>() }.initialize();
    Ok(this)
}

pub(super) fn init(ts: &ThreadState, this: &Set, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    if kwargs.is_some_and(|k| !k.is_empty()) {
        return Err(no_keywords(ts, "set"));
    }
    let args = Args::positional(args.as_slice());
    args.expect_positional(ts, this.ty().full_name(), 0, 1)?;
    this.clear(ts);
    this.hash.set(-1);
    match args.get(0) {
        Some(iterable) => this.update(ts, iterable),
        None => Ok(()),
    }
}

#[cold]
fn no_keywords(ts: &ThreadState, name: &str) -> crate::object::Raised {
    ts.raise(&TYPE_ERROR, format_args!("{name}() takes no keyword arguments"))
}

/// `set(…)` itself, by vectorcall.
pub(super) fn construct_set(ts: &ThreadState, ty: &Type, args: Args<'_>) -> Result {
    args.no_keywords(ts, "set")?;
    args.expect_positional(ts, ty.full_name(), 0, 1)?;
    let this = if core::ptr::eq(ty, &PySet_Type) { Set::new(ts)?.upcast() } else { instance(ts, ty)? };
    if let Some(iterable) = args.get(0) {
        // SAFETY: just made.
        unsafe { this.cast::<Set>() }.update(ts, iterable)?;
    }
    Ok(this)
}

pub(super) fn construct_frozenset(ts: &ThreadState, ty: &Type, args: Args<'_>) -> Result {
    args.no_keywords(ts, "frozenset")?;
    args.expect_positional(ts, "frozenset", 0, 1)?;
    make_frozenset(ts, ty, args.get(0))
}

fn make_frozenset(ts: &ThreadState, ty: &Type, iterable: Option<&Object>) -> Result {
    if core::ptr::eq(ty, &PyFrozenSet_Type) {
        return Ok(Set::frozen_from_iterable(ts, iterable)?.upcast());
    }
    let this = instance(ts, ty)?;
    if let Some(iterable) = iterable {
        // SAFETY: just made.
        unsafe { this.cast::<Set>() }.update(ts, iterable)?;
    }
    Ok(this)
}

pub(super) fn new_frozenset(ts: &ThreadState, ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
    let init_of = |ty: &Type| ty.tp_init.get().map(|f| f as usize);
    if init_of(ty) == init_of(&PyFrozenSet_Type) && kwargs.is_some_and(|k| !k.is_empty()) {
        return Err(no_keywords(ts, "frozenset"));
    }
    let args = Args::positional(args.as_slice());
    args.expect_positional(ts, ty.full_name(), 0, 1)?;
    make_frozenset(ts, ty, args.get(0))
}

pub(super) fn hash(_ts: &ThreadState, this: &Set) -> Result<isize> {
    let known = this.hash.get();
    if known != -1 {
        return Ok(known);
    }
    let hash = this.hash_of_keys();
    this.hash.set(hash);
    Ok(hash)
}

pub(super) fn repr(ts: &ThreadState, this: &Set) -> Result<Owned<Str>> {
    let name = this.ty().full_name();
    if this.is_empty() {
        return Str::new(ts, &format!("{name}()"));
    }
    if !ts.enter_repr(this) {
        return Str::new(ts, &format!("{name}(...)"));
    }
    let result = write(ts, this, if this.is_exact_mutable() { None } else { Some(name) });
    ts.leave_repr(this);
    result
}

fn write(ts: &ThreadState, this: &Set, name: Option<&str>) -> Result<Owned<Str>> {
    let keys = List::from_iterable(ts, this)?;
    let mut text = TextBuf::new();
    if let Some(name) = name {
        ts.allocated(text.extend_str(name))?;
        ts.allocated(text.extend_str("("))?;
    }
    let mut i = 0;
    while let Some(key) = keys.get(i) {
        ts.allocated(text.extend_str(if i == 0 { "{" } else { ", " }))?;
        ts.allocated(text.extend(object::repr(ts, &Owned::new(key))?.chars()))?;
        i += 1;
    }
    ts.allocated(text.extend_str(if name.is_some() { "})" } else { "}" }))?;
    Str::from_buf(ts, &text)
}

fn length(_ts: &ThreadState, this: &Set) -> Result<isize> {
    Ok(this.len() as isize)
}

/// The hash by which to search for `key`: a set, though it has none, is searched for as the frozenset of the same
/// items.
fn search_hash(ts: &ThreadState, key: &Object) -> Result<isize> {
    Set::hash_key(ts, key).or_else(|raised| match key.downcast::<Set>().filter(|_| Set::is_mutable(key)) {
        Some(set) if ts.raised_is(&TYPE_ERROR) => {
            ts.error.clear();
            Ok(set.hash_of_keys())
        }
        _ => Err(raised),
    })
}

fn contains(ts: &ThreadState, this: &Set, key: &Object) -> Result<bool> {
    this.contains_with_hash(ts, key, search_hash(ts, key)?)
}

fn add(ts: &ThreadState, this: &Set, key: &Object) -> Result<()> {
    this.add(ts, key)
}

fn remove(ts: &ThreadState, this: &Set, key: &Object) -> Result<()> {
    if this.remove_with_hash(ts, key, search_hash(ts, key)?)? { Ok(()) } else { Err(key_error(ts, key)) }
}

fn discard(ts: &ThreadState, this: &Set, key: &Object) -> Result<()> {
    this.remove_with_hash(ts, key, search_hash(ts, key)?).map(drop)
}

impl Set {
    /// `set.pop()`.
    pub fn pop_any(&self, ts: &ThreadState) -> Result {
        self.pop().ok_or_else(|| ts.raise_str(&KEY_ERROR, "pop from an empty set"))
    }
}

fn pop(ts: &ThreadState, this: &Set) -> Result {
    this.pop_any(ts)
}

fn clear(ts: &ThreadState, this: &Set) -> Result<()> {
    this.clear(ts);
    Ok(())
}

fn copy(ts: &ThreadState, this: &Set) -> Result<Owned<Set>> {
    if core::ptr::eq(this.ty(), &PyFrozenSet_Type) { Ok(Owned::new(this)) } else { this.copy(ts) }
}

fn update(ts: &ThreadState, this: &Set, args: Args<'_>) -> Result<()> {
    args.positional.iter().try_for_each(|other| this.update(ts, other))
}

fn union(ts: &ThreadState, this: &Set, args: Args<'_>) -> Result<Owned<Set>> {
    this.union(ts, args.positional)
}

fn intersection(ts: &ThreadState, this: &Set, args: Args<'_>) -> Result<Owned<Set>> {
    let [first, rest @ ..] = args.positional else { return copy(ts, this) };
    rest.iter().try_fold(this.intersection(ts, first)?, |result, other| result.intersection(ts, other))
}

fn intersection_update(ts: &ThreadState, this: &Set, args: Args<'_>) -> Result<()> {
    let result = intersection(ts, this, args)?;
    this.swap(&result);
    Ok(())
}

fn difference(ts: &ThreadState, this: &Set, args: Args<'_>) -> Result<Owned<Set>> {
    let [first, rest @ ..] = args.positional else { return copy(ts, this) };
    let result = this.difference(ts, first)?;
    rest.iter().try_for_each(|other| result.difference_update(ts, other))?;
    Ok(result)
}

fn difference_update(ts: &ThreadState, this: &Set, args: Args<'_>) -> Result<()> {
    args.positional.iter().try_for_each(|other| this.difference_update(ts, other))
}

fn symmetric_difference(ts: &ThreadState, this: &Set, other: &Object) -> Result<Owned<Set>> {
    this.symmetric_difference(ts, other)
}

fn symmetric_difference_update(ts: &ThreadState, this: &Set, other: &Object) -> Result<()> {
    this.symmetric_difference_update(ts, other)
}

fn isdisjoint(ts: &ThreadState, this: &Set, other: &Object) -> Result<bool> {
    this.is_disjoint(ts, other)
}

fn issubset(ts: &ThreadState, this: &Set, other: &Object) -> Result<bool> {
    this.is_subset(ts, other)
}

fn issuperset(ts: &ThreadState, this: &Set, other: &Object) -> Result<bool> {
    this.is_superset(ts, other)
}

fn sizeof(_ts: &ThreadState, this: &Set) -> Result<isize> {
    Ok(this.size() as isize)
}

fn reduce(ts: &ThreadState, this: &Set) -> Result<Owned<Tuple>> {
    let keys = List::from_iterable(ts, this)?;
    let args = Tuple::new(ts, &[&keys])?;
    let state = call::call_method(ts, this, &identifiers::__getstate__, &[])?;
    Tuple::new(ts, &[this.ty().as_object(), &args, &state])
}

/// Both operands, if both are sets.
fn both<'a>(a: &'a Object, b: &'a Object) -> Option<(&'a Set, &'a Set)> {
    a.downcast::<Set>().zip(b.downcast::<Set>())
}

fn and(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    match both(a, b) {
        Some((a, b)) => Ok(a.intersection(ts, b)?.upcast()),
        None => Ok(singletons::not_implemented()),
    }
}

fn or(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    match both(a, b) {
        Some((a, b)) => Ok(a.union(ts, &[b.as_object()])?.upcast()),
        None => Ok(singletons::not_implemented()),
    }
}

fn xor(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    match both(a, b) {
        Some((a, b)) => Ok(a.symmetric_difference(ts, b)?.upcast()),
        None => Ok(singletons::not_implemented()),
    }
}

fn subtract(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    match both(a, b) {
        Some((a, b)) => Ok(a.difference(ts, b)?.upcast()),
        None => Ok(singletons::not_implemented()),
    }
}

/// An in-place operator: `operation` if the other operand is a set.
fn inplace(this: &Set, other: &Object, operation: impl FnOnce() -> Result<()>) -> Result {
    if other.downcast::<Set>().is_none() {
        return Ok(singletons::not_implemented());
    }
    operation()?;
    Ok(Owned::new(this).upcast())
}

fn inplace_and(ts: &ThreadState, this: &Set, other: &Object) -> Result {
    inplace(this, other, || this.intersection_update(ts, other))
}

fn inplace_or(ts: &ThreadState, this: &Set, other: &Object) -> Result {
    inplace(this, other, || this.update(ts, other))
}

fn inplace_xor(ts: &ThreadState, this: &Set, other: &Object) -> Result {
    inplace(this, other, || this.symmetric_difference_update(ts, other))
}

fn inplace_subtract(ts: &ThreadState, this: &Set, other: &Object) -> Result {
    inplace(this, other, || this.difference_update(ts, other))
}

#[unsafe(link_section = "immortal")]
pub(super) static AS_SEQUENCE: PySequenceMethods = PySequenceMethods {
    sq_length: slot::len(length),
    sq_contains: slot::contains(contains),
    ..PySequenceMethods::EMPTY
};

#[unsafe(link_section = "immortal")]
pub(super) static FROZENSET_NUMBER: PyNumberMethods = PyNumberMethods {
    nb_subtract: slot::binary(subtract),
    nb_and: slot::binary(and),
    nb_xor: slot::binary(xor),
    nb_or: slot::binary(or),
    ..PyNumberMethods::EMPTY
};

#[unsafe(link_section = "immortal")]
pub(super) static SET_NUMBER: PyNumberMethods = PyNumberMethods {
    nb_subtract: slot::binary(subtract),
    nb_and: slot::binary(and),
    nb_xor: slot::binary(xor),
    nb_or: slot::binary(or),
    nb_inplace_subtract: slot::binary(inplace_subtract),
    nb_inplace_and: slot::binary(inplace_and),
    nb_inplace_xor: slot::binary(inplace_xor),
    nb_inplace_or: slot::binary(inplace_or),
    ..PyNumberMethods::EMPTY
};

const CONTAINS: PyMethodDef = method::coexist(method::one(
    c"__contains__",
    contains,
    c"__contains__($self, object, /)\n--\n\nWhether the item is in the set.",
));
const REDUCE: PyMethodDef = method::noargs(c"__reduce__", reduce, c"__reduce__($self, /)\n--\n\nWhat pickling needs.");
const SIZEOF: PyMethodDef =
    method::noargs(c"__sizeof__", sizeof, c"__sizeof__($self, /)\n--\n\nThe size in memory, in bytes.");
const COPY: PyMethodDef = method::noargs(c"copy", copy, c"copy($self, /)\n--\n\nA shallow copy.");
const DIFFERENCE: PyMethodDef = method::positional(
    c"difference",
    difference,
    c"difference($self, /, *others)\n--\n\nA new set of what is in none of the others.",
);
const INTERSECTION: PyMethodDef = method::positional(
    c"intersection",
    intersection,
    c"intersection($self, /, *others)\n--\n\nA new set of what is in all of the others as well.",
);
const ISDISJOINT: PyMethodDef = method::one(
    c"isdisjoint",
    isdisjoint,
    c"isdisjoint($self, other, /)\n--\n\nWhether the set and an iterable have nothing in common.",
);
const ISSUBSET: PyMethodDef =
    method::one(c"issubset", issubset, c"issubset($self, other, /)\n--\n\nWhether all items are in the other.");
const ISSUPERSET: PyMethodDef = method::one(
    c"issuperset",
    issuperset,
    c"issuperset($self, other, /)\n--\n\nWhether all of the other's items are in it.",
);
const SYMMETRIC_DIFFERENCE: PyMethodDef = method::one(
    c"symmetric_difference",
    symmetric_difference,
    c"symmetric_difference($self, other, /)\n--\n\nA new set of what is in exactly one of both.",
);
const UNION: PyMethodDef =
    method::positional(c"union", union, c"union($self, /, *others)\n--\n\nA new set of the items of all.");

pub(super) static FROZENSET_METHODS: [PyMethodDef; 13] = [
    CONTAINS,
    COPY,
    DIFFERENCE,
    INTERSECTION,
    ISDISJOINT,
    ISSUBSET,
    ISSUPERSET,
    REDUCE,
    SIZEOF,
    SYMMETRIC_DIFFERENCE,
    UNION,
    crate::types::generic_alias::CLASS_GETITEM,
    slot::METHODS_END,
];

pub(super) static SET_METHODS: [PyMethodDef; 22] = [
    CONTAINS,
    COPY,
    DIFFERENCE,
    INTERSECTION,
    ISDISJOINT,
    ISSUBSET,
    ISSUPERSET,
    REDUCE,
    SIZEOF,
    SYMMETRIC_DIFFERENCE,
    UNION,
    method::one(c"add", add, c"add($self, object, /)\n--\n\nPut an item into the set, unless it is there."),
    method::noargs(c"clear", clear, c"clear($self, /)\n--\n\nRemove all items."),
    method::one(c"discard", discard, c"discard($self, object, /)\n--\n\nRemove an item if it is there."),
    method::positional(
        c"difference_update",
        difference_update,
        c"difference_update($self, /, *others)\n--\n\nRemove what is in any of the others.",
    ),
    method::positional(
        c"intersection_update",
        intersection_update,
        c"intersection_update($self, /, *others)\n--\n\nKeep what is in all of the others as well.",
    ),
    method::noargs(
        c"pop",
        pop,
        c"pop($self, /)\n--\n\nRemove any item and return it.\n\nKeyError if the set is empty.",
    ),
    method::one(c"remove", remove, c"remove($self, object, /)\n--\n\nRemove an item.\n\nKeyError if it is not there."),
    method::one(
        c"symmetric_difference_update",
        symmetric_difference_update,
        c"symmetric_difference_update($self, other, /)\n--\n\nKeep what is in exactly one of both.",
    ),
    method::positional(c"update", update, c"update($self, /, *others)\n--\n\nAdd the items of all others."),
    crate::types::generic_alias::CLASS_GETITEM,
    slot::METHODS_END,
];
