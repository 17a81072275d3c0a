//! A dict's slots and methods, and its construction.

use super::{Dict, iterator, key_error, views};
use crate::ffi::*;
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::args::Args;
use crate::protocol::compare::CompareOp;
use crate::protocol::{call, object};
use crate::runtime::ThreadState;
use crate::types::exceptions::{KEY_ERROR, TYPE_ERROR};
use crate::types::text::TextBuf;
use crate::types::{Str, Tuple, bool as boolean, identifiers, method, singletons, slot};

pub(super) fn new(ts: &ThreadState, ty: &Type, _args: &Tuple, _kwargs: Option<&Dict>) -> Result {
    // Zeros are an empty dict.
    ts.alloc_instance(ty, 0)
}

pub(super) fn init(ts: &ThreadState, this: &Dict, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    let positional = Args::positional(args.as_slice());
    positional.expect_positional(ts, "dict", 0, 1)?;
    if let Some(source) = positional.get(0) {
        this.update(ts, source)?;
    }
    let Some(kwargs) = kwargs else { return Ok(()) };
    let mut position = 0;
    while let Some((next, key, _, _)) = kwargs.next_entry(position) {
        if key.downcast::<Str>().is_none() {
            return Err(ts.raise_str(&TYPE_ERROR, "keywords must be strings"));
        }
        position = next;
    }
    this.merge(ts, kwargs, true)
}

/// `dict(…)` itself, by vectorcall.
pub(super) fn construct(ts: &ThreadState, ty: &Type, args: Args<'_>) -> Result {
    args.expect_positional(ts, "dict", 0, 1)?;
    let made = if core::ptr::eq(ty, &super::PyDict_Type) { Dict::new(ts)?.upcast() } else { ts.alloc_instance(ty, 0)? };
    // SAFETY: an instance of dict or of a subtype.
    let dict = unsafe { made.cast::<Dict>() };
    update_from(ts, dict, args)?;
    Ok(made)
}

fn update_from(ts: &ThreadState, this: &Dict, args: Args<'_>) -> Result<()> {
    if let Some(source) = args.get(0) {
        this.update(ts, source)?;
    }
    args.keywords().try_for_each(|(name, value)| this.set(ts, name, value))
}

fn update(ts: &ThreadState, this: &Dict, args: Args<'_>) -> Result<()> {
    args.expect_positional(ts, "update", 0, 1)?;
    update_from(ts, this, args)
}

fn clear(ts: &ThreadState, this: &Dict) -> Result<()> {
    this.clear(ts);
    Ok(())
}

fn copy(ts: &ThreadState, this: &Dict) -> Result<Owned<Dict>> {
    this.copy(ts)
}

fn fromkeys(ts: &ThreadState, ty: &Type, args: Args<'_>) -> Result {
    args.expect_positional(ts, "fromkeys", 1, 2)?;
    Dict::from_keys(ts, ty, args.positional[0], args.get(1).unwrap_or(singletons::none_ref()))
}

fn get(ts: &ThreadState, this: &Dict, args: Args<'_>) -> Result {
    args.expect_positional(ts, "get", 1, 2)?;
    match this.get(ts, args.positional[0])? {
        Some(value) => Ok(value),
        None => Ok(args.get(1).map_or_else(singletons::none, Owned::new)),
    }
}

fn setdefault(ts: &ThreadState, this: &Dict, args: Args<'_>) -> Result {
    args.expect_positional(ts, "setdefault", 1, 2)?;
    let default = args.get(1).unwrap_or(singletons::none_ref());
    Ok(this.set_default(ts, args.positional[0], default)?.0)
}

fn pop(ts: &ThreadState, this: &Dict, args: Args<'_>) -> Result {
    args.expect_positional(ts, "pop", 1, 2)?;
    let key = args.positional[0];
    let found = if this.is_empty() { None } else { this.remove(ts, key)? };
    match (found, args.get(1)) {
        (Some(value), _) => Ok(value),
        (None, Some(default)) => Ok(Owned::new(default)),
        (None, None) => Err(key_error(ts, key)),
    }
}

fn popitem(ts: &ThreadState, this: &Dict) -> Result<Owned<Tuple>> {
    // Made first: without memory nothing is taken out.
    // SAFETY: both items are written before anyone sees the tuple.
    let pair = unsafe { Tuple::with_size(ts, 2)? };
    // SAFETY: as above; empty places are borne.
    unsafe { pair.items_ptr().write_bytes(0, 2) };
    let Some((key, value)) = this.pop_last(ts)? else {
        return Err(ts.raise_str(&KEY_ERROR, "popitem(): dictionary is empty"));
    };
    // SAFETY: as above.
    unsafe {
        pair.items_ptr().write(key.into_raw());
        pair.items_ptr().add(1).write(value.into_raw());
    }
    crate::object::alloc::gc_track(&pair);
    Ok(pair)
}

fn sizeof(_ts: &ThreadState, this: &Dict) -> Result<isize> {
    Ok(this.size() as isize)
}

fn length(_ts: &ThreadState, this: &Dict) -> Result<isize> {
    Ok(this.len() as isize)
}

fn contains(ts: &ThreadState, this: &Dict, key: &Object) -> Result<bool> {
    this.contains(ts, key)
}

/// `dict[key]`.
pub fn subscript(ts: &ThreadState, this: &Dict, key: &Object) -> Result {
    match this.get(ts, key)? {
        Some(value) => Ok(value),
        None => missing(ts, this, key),
    }
}

/// What a subclass's `__missing__` answers where there is no `key`.
#[cold]
#[inline(never)]
fn missing(ts: &ThreadState, this: &Dict, key: &Object) -> Result {
    if !this.is_exact::<Dict>()
        && let Some(missing) = object::lookup_special(ts, this, &identifiers::__missing__)?
    {
        return call::call(ts, &missing, &[key]);
    }
    Err(key_error(ts, key))
}

fn set_subscript(ts: &ThreadState, this: &Dict, key: &Object, value: Option<&Object>) -> Result<()> {
    match value {
        Some(value) => this.set(ts, key, value),
        None => this.delete(ts, key),
    }
}

impl Dict {
    /// `del dict[key]`.
    pub fn delete(&self, ts: &ThreadState, key: &Object) -> Result<()> {
        match self.remove(ts, key)? {
            Some(_) => Ok(()),
            None => Err(key_error(ts, key)),
        }
    }

    /// `==`: the same keys with equal values.
    pub fn equals(&self, ts: &ThreadState, other: &Dict) -> Result<bool> {
        if self.len() != other.len() {
            return Ok(false);
        }
        let mut position = 0;
        while let Some((next, key, value, hash)) = self.next_entry(position) {
            position = next;
            let (key, value) = (Owned::new(key), Owned::new(value));
            let Some(theirs) = other.get_with_hash(ts, &key, hash)? else { return Ok(false) };
            if !object::equal(ts, &theirs, &value)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

pub(super) fn compare(ts: &ThreadState, this: &Dict, other: &Object, op: CompareOp) -> Result {
    match (op, other.downcast::<Dict>()) {
        (CompareOp::Eq, Some(other)) => Ok(boolean::from_bool(this.equals(ts, other)?)),
        (CompareOp::Ne, Some(other)) => Ok(boolean::from_bool(!this.equals(ts, other)?)),
        _ => Ok(singletons::not_implemented()),
    }
}

pub(super) fn repr(ts: &ThreadState, this: &Dict) -> Result<Owned<Str>> {
    if this.is_empty() {
        return Str::new(ts, "{}");
    }
    if !ts.enter_repr(this) {
        return Str::new(ts, "{...}");
    }
    let result = write(ts, this);
    ts.leave_repr(this);
    result
}

fn write(ts: &ThreadState, this: &Dict) -> Result<Owned<Str>> {
    let mut text = TextBuf::new();
    let mut position = 0;
    while let Some((next, key, value, _)) = this.next_entry(position) {
        let (key, value) = (Owned::new(key), Owned::new(value));
        ts.allocated(text.extend_str(if text.is_empty() { "{" } else { ", " }))?;
        ts.allocated(text.extend(object::repr(ts, &key)?.chars()))?;
        ts.allocated(text.extend_str(": "))?;
        ts.allocated(text.extend(object::repr(ts, &value)?.chars()))?;
        position = next;
    }
    ts.allocated(text.extend_str("}"))?;
    Str::from_buf(ts, &text)
}

fn or(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    let (Some(a), Some(_)) = (a.downcast::<Dict>(), b.downcast::<Dict>()) else {
        return Ok(singletons::not_implemented());
    };
    let both = a.copy(ts)?;
    both.update(ts, b)?;
    Ok(both.upcast())
}

fn inplace_or(ts: &ThreadState, this: &Dict, other: &Object) -> Result {
    this.update(ts, other)?;
    Ok(Owned::new(this).upcast())
}

#[unsafe(link_section = "immortal")]
pub(super) static AS_NUMBER: PyNumberMethods =
    PyNumberMethods { nb_or: slot::binary(or), nb_inplace_or: slot::binary(inplace_or), ..PyNumberMethods::EMPTY };

#[unsafe(link_section = "immortal")]
pub(super) static AS_SEQUENCE: PySequenceMethods =
    PySequenceMethods { sq_contains: slot::contains(contains), ..PySequenceMethods::EMPTY };

#[unsafe(link_section = "immortal")]
pub(super) static AS_MAPPING: PyMappingMethods = PyMappingMethods {
    mp_length: slot::len(length),
    mp_subscript: slot::binary(subscript),
    mp_ass_subscript: slot::objobjarg(set_subscript),
};

pub(super) static METHODS: [PyMethodDef; 17] = [
    method::coexist(method::one(
        c"__contains__",
        contains,
        c"__contains__($self, key, /)\n--\n\nWhether the dict has that key.",
    )),
    method::coexist(method::one(c"__getitem__", subscript, c"__getitem__($self, key, /)\n--\n\nReturn self[key].")),
    method::noargs(c"__sizeof__", sizeof, c"__sizeof__($self, /)\n--\n\nThe size in memory, in bytes."),
    method::positional(
        c"get",
        get,
        c"get($self, key, default=None, /)\n--\n\nThe value of key, or default if there is none.",
    ),
    method::positional(
        c"setdefault",
        setdefault,
        c"setdefault($self, key, default=None, /)\n--\n\nThe value of key, which becomes default if there is none.",
    ),
    method::positional(
        c"pop",
        pop,
        c"pop($self, key, /)\npop($self, key, default, /)\n--\n\nRemove key and return its value.\n\nWithout such a key, default is returned, or KeyError raised.",
    ),
    method::noargs(
        c"popitem",
        popitem,
        c"popitem($self, /)\n--\n\nRemove the pair that was added last and return it as (key, value).\n\nKeyError if the dict is empty.",
    ),
    method::noargs(c"keys", views::keys, c"keys($self, /)\n--\n\nA view of the keys, as a set."),
    method::noargs(c"items", views::items, c"items($self, /)\n--\n\nA view of the pairs (key, value), as a set."),
    method::noargs(c"values", views::values, c"values($self, /)\n--\n\nA view of the values."),
    method::keywords(
        c"update",
        update,
        c"update($self, /, **kwargs)\nupdate($self, mapping, /, **kwargs)\nupdate($self, iterable, /, **kwargs)\n--\n\nTake over all items of a mapping or of an iterable of pairs, then the keywords.",
    ),
    method::class(method::positional(
        c"fromkeys",
        fromkeys,
        c"fromkeys($type, iterable, value=None, /)\n--\n\nA dict with the items of iterable as keys, all of that value.",
    )),
    method::noargs(c"clear", clear, c"clear($self, /)\n--\n\nRemove all items."),
    method::noargs(c"copy", copy, c"copy($self, /)\n--\n\nA shallow copy."),
    method::noargs(
        c"__reversed__",
        iterator::keys_backward,
        c"__reversed__($self, /)\n--\n\nAn iterator over the keys, the last first.",
    ),
    crate::types::generic_alias::CLASS_GETITEM,
    slot::METHODS_END,
];
