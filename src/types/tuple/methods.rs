//! A tuple's slots, methods and construction; hashing and writing a run of items, which others share.

use super::Tuple;
use crate::ffi::*;
use crate::object::{Object, Owned, Result, Type, immortal};
use crate::protocol::args::{Args, with_tuple_and_dict};
use crate::protocol::compare::CompareOp;
use crate::protocol::{number, object};
use crate::runtime::ThreadState;
use crate::types::exceptions::{INDEX_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::slice::search_bound;
use crate::types::text::TextBuf;
use crate::types::{Dict, Slice, Str, bool as boolean, method, singletons, slot};

/// The hash of a sequence of items: the xxHash scheme that CPython uses, so that equal keys order sets alike.
pub fn hash_items(ts: &ThreadState, items: &[&Object]) -> Result<isize> {
    let acc = accumulate(ts, items)?.wrapping_add(items.len() as u64 ^ (PRIME_5 ^ 3527539));
    Ok(finish(acc))
}

/// The same for a number of items that is always the same, and does not count.
pub fn hash_parts(ts: &ThreadState, items: &[&Object]) -> Result<isize> {
    accumulate(ts, items).map(finish)
}

const PRIME_5: u64 = 2870177450012600261;

fn accumulate(ts: &ThreadState, items: &[&Object]) -> Result<u64> {
    const PRIME_1: u64 = 11400714785074694791;
    const PRIME_2: u64 = 14029467366897019727;
    let mut acc = PRIME_5;
    for item in items {
        let lane = object::hash(ts, item)? as u64;
        acc = acc.wrapping_add(lane.wrapping_mul(PRIME_2)).rotate_left(31).wrapping_mul(PRIME_1);
    }
    Ok(acc)
}

/// -1 stands for an error.
fn finish(acc: u64) -> isize {
    if acc == u64::MAX { 1546275796 } else { acc as isize }
}

/// `open`, the items' reprs with commas between, `close`. The items may change meanwhile, and one that C has not
/// filled in yet is `<NULL>`.
pub fn repr_items(
    ts: &ThreadState,
    item: impl Fn(usize) -> Option<Option<Owned<Object>>>,
    open: &str,
    close: &str,
) -> Result<Owned<Str>> {
    let mut text = TextBuf::new();
    ts.allocated(text.extend_str(open))?;
    let mut i = 0;
    while let Some(item) = item(i) {
        if i > 0 {
            ts.allocated(text.extend_str(", "))?;
        }
        match item {
            Some(item) => ts.allocated(text.extend(object::repr(ts, &item)?.chars()))?,
            None => ts.allocated(text.extend_str("<NULL>"))?,
        }
        i += 1;
    }
    ts.allocated(text.extend_str(close))?;
    Str::from_buf(ts, &text)
}

pub(super) fn repr(ts: &ThreadState, this: &Tuple) -> Result<Owned<Str>> {
    if this.is_empty() {
        return Str::new(ts, "()");
    }
    if !ts.enter_repr(this) {
        return Str::new(ts, "(...)");
    }
    let close = if this.len() == 1 { ",)" } else { ")" };
    let result = repr_items(ts, |i| this.place(i).map(|item| item.map(Owned::new)), "(", close);
    ts.leave_repr(this);
    result
}

pub(super) fn hash(ts: &ThreadState, this: &Tuple) -> Result<isize> {
    let known = this.ob_hash.get();
    if known != -1 {
        return Ok(known);
    }
    let hash = hash_items(ts, this.as_slice())?;
    // The bases of types that interpreters share are nobody's to write to.
    if !immortal::is_of_all(ts, this) {
        this.ob_hash.set(hash);
    }
    Ok(hash)
}

pub(super) fn compare(ts: &ThreadState, this: &Tuple, other: &Object, op: CompareOp) -> Result {
    let Some(other) = other.downcast::<Tuple>() else { return Ok(singletons::not_implemented()) };
    let (a, b) = (this.as_slice(), other.as_slice());
    for (x, y) in a.iter().zip(b) {
        if !object::equal(ts, x, y)? {
            return match op {
                CompareOp::Eq => Ok(boolean::from_bool(false)),
                CompareOp::Ne => Ok(boolean::from_bool(true)),
                _ => object::compare(ts, x, y, op),
            };
        }
    }
    Ok(boolean::from_bool(op.of(a.len().cmp(&b.len()))))
}

fn length(_ts: &ThreadState, this: &Tuple) -> Result<isize> {
    Ok(this.len() as isize)
}

fn item(ts: &ThreadState, this: &Tuple, i: isize) -> Result {
    match usize::try_from(i).ok().and_then(|i| this.get(i)) {
        Some(item) => Ok(Owned::new(item)),
        None => Err(ts.raise_str(&INDEX_ERROR, "tuple index out of range")),
    }
}

fn subscript(ts: &ThreadState, this: &Tuple, key: &Object) -> Result {
    if number::is_index(key) {
        let i = number::as_subscript(ts, key)?;
        return item(ts, this, if i < 0 { i + this.len() as isize } else { i });
    }
    let Some(slice) = key.downcast_exact::<Slice>() else {
        let name = key.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("tuple indices must be integers or slices, not {name}")));
    };
    let indices = slice.indices_of(ts, this.len())?;
    if indices.step == 1 {
        let start = indices.start as usize;
        return Ok(this.slice(ts, start, start + indices.len)?.upcast());
    }
    let items: Vec<&Object> = indices.iter().map(|i| this.as_slice()[i]).collect();
    Ok(Tuple::new(ts, &items)?.upcast())
}

fn concat(ts: &ThreadState, this: &Tuple, other: &Object) -> Result<Owned<Tuple>> {
    if this.is_empty()
        && let Some(other) = other.downcast_exact::<Tuple>()
    {
        return Ok(Owned::new(other));
    }
    let Some(other) = other.downcast::<Tuple>() else {
        let name = other.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("can only concatenate tuple (not \"{name}\") to tuple")));
    };
    if other.is_empty() && this.is_exact::<Tuple>() {
        return Ok(Owned::new(this));
    }
    Tuple::concat_slices(ts, this.as_slice(), other.as_slice(), 1)
}

fn repeat(ts: &ThreadState, this: &Tuple, times: isize) -> Result<Owned<Tuple>> {
    if (this.is_empty() || times == 1) && this.is_exact::<Tuple>() {
        return Ok(Owned::new(this));
    }
    if this.is_empty() || times <= 0 {
        return Ok(Tuple::empty());
    }
    Tuple::concat_slices(ts, &[], this.as_slice(), times as usize)
}

impl Tuple {
    /// `first`, then `rest` so many times.
    fn concat_slices(ts: &ThreadState, first: &[&Object], rest: &[&Object], times: usize) -> Result<Owned<Tuple>> {
        let n = rest.len().checked_mul(times).and_then(|n| n.checked_add(first.len()));
        let n = n.ok_or_else(|| ts.no_memory())?;
        // SAFETY: every item is written below, with a reference of its own.
        unsafe {
            let tuple = Tuple::with_size(ts, n)?;
            let p = tuple.items_ptr();
            let repeated = core::iter::repeat_n(rest, times).flatten();
            for (i, item) in first.iter().chain(repeated).enumerate() {
                item.incref();
                p.add(i).write(item.as_ptr());
            }
            crate::object::alloc::gc_track(&tuple);
            Ok(tuple)
        }
    }
}

fn contains(ts: &ThreadState, this: &Tuple, item: &Object) -> Result<bool> {
    for candidate in this.as_slice() {
        if object::equal(ts, candidate, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn count(ts: &ThreadState, this: &Tuple, item: &Object) -> Result<isize> {
    let mut n = 0;
    for candidate in this.as_slice() {
        n += isize::from(object::equal(ts, candidate, item)?);
    }
    Ok(n)
}

fn index(ts: &ThreadState, this: &Tuple, args: Args<'_>) -> Result<isize> {
    args.expect_positional(ts, "index", 1, 3)?;
    let n = this.len() as isize;
    let clip = |i: isize| if i < 0 { (i + n).max(0) } else { i.min(n) } as usize;
    let from = clip(search_bound(ts, args.get(1), 0)?);
    let to = clip(search_bound(ts, args.get(2), isize::MAX)?);
    for i in from..to {
        if object::equal(ts, this.as_slice()[i], args.positional[0])? {
            return Ok(i as isize);
        }
    }
    Err(ts.raise_str(&VALUE_ERROR, "tuple.index(x): x not in tuple"))
}

fn getnewargs(ts: &ThreadState, this: &Tuple) -> Result<Owned<Tuple>> {
    let copy = Tuple::new(ts, this.as_slice())?;
    Tuple::new(ts, &[&copy])
}

/// `tuple(…)` itself, by vectorcall.
pub(super) fn construct(ts: &ThreadState, _ty: &Type, args: Args<'_>) -> Result<Owned<Tuple>> {
    args.no_keywords(ts, "tuple")?;
    args.expect_positional(ts, "tuple", 0, 1)?;
    match args.get(0) {
        Some(iterable) => Tuple::from_iterable(ts, iterable),
        None => Ok(Tuple::empty()),
    }
}

pub(super) fn new(ts: &ThreadState, ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
    with_tuple_and_dict(ts, args, kwargs, |args| {
        if core::ptr::eq(ty, &super::PyTuple_Type) {
            return construct(ts, ty, args).map(Owned::upcast);
        }
        let own_init = ty.tp_init.get().map(|f| f as usize) != super::PyTuple_Type.tp_init.get().map(|f| f as usize);
        if !own_init {
            args.no_keywords(ts, "tuple")?;
        }
        args.expect_positional(ts, "tuple", 0, 1)?;
        let items = match args.get(0) {
            Some(iterable) => Tuple::from_iterable(ts, iterable)?,
            None => Tuple::empty(),
        };
        subclass_instance(ts, ty, &items)
    })
}

fn subclass_instance(ts: &ThreadState, ty: &Type, items: &Tuple) -> Result {
    let this = match ty.tp_alloc.get() {
        Some(alloc) => {
            // SAFETY: the type's own allocator.
            ts.check_result(None, unsafe { alloc(core::ptr::from_ref(ty).cast_mut(), items.len() as isize) })?
        }
        None => ts.alloc_instance(ty, items.len() as isize)?,
    };
    // SAFETY: a tuple's subtype has its layout, with room for the items.
    let tuple = unsafe { this.cast::<Tuple>() };
    tuple.ob_hash.set(-1);
    for (i, item) in items.as_slice().iter().enumerate() {
        item.incref();
        // SAFETY: as above.
        unsafe { tuple.items_ptr().add(i).write(item.as_ptr()) };
    }
    Ok(this)
}

#[unsafe(link_section = "immortal")]
pub(super) static AS_SEQUENCE: PySequenceMethods = PySequenceMethods {
    sq_length: slot::len(length),
    sq_concat: slot::binary(concat),
    sq_repeat: slot::ssizearg(repeat),
    sq_item: slot::ssizearg(item),
    sq_contains: slot::contains(contains),
    ..PySequenceMethods::EMPTY
};

#[unsafe(link_section = "immortal")]
pub(super) static AS_MAPPING: PyMappingMethods =
    PyMappingMethods { mp_length: slot::len(length), mp_subscript: slot::binary(subscript), ..PyMappingMethods::EMPTY };

pub(super) static METHODS: [PyMethodDef; 5] = [
    method::noargs(c"__getnewargs__", getnewargs, c"__getnewargs__($self, /)\n--\n\n"),
    method::positional(
        c"index",
        index,
        c"index($self, value, start=0, stop=sys.maxsize, /)\n--\n\nThe index of the first item equal to value.\n\nValueError if there is none.",
    ),
    method::one(c"count", count, c"count($self, value, /)\n--\n\nHow many items equal value."),
    crate::types::generic_alias::CLASS_GETITEM,
    slot::METHODS_END,
];
