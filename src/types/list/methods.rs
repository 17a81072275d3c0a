//! What Python sees of a list by name, and its construction.

use super::{List, iterator, sort};
use crate::ffi::*;
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::args::{Args, Signature, as_c_ssize, with_tuple_and_dict};
use crate::protocol::object;
use crate::runtime::ThreadState;
use crate::types::exceptions::{INDEX_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::slice::search_bound;
use crate::types::{Dict, Tuple, method, singletons, slot};

pub(super) fn new(ts: &ThreadState, ty: &Type, _args: &Tuple, _kwargs: Option<&Dict>) -> Result {
    // Zeros are an empty list.
    ts.alloc_instance(ty, 0)
}

pub(super) fn init(ts: &ThreadState, this: &List, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    with_tuple_and_dict(ts, args, kwargs, |args| {
        if this.is_exact::<List>() || core::ptr::eq(init_of(this.ty()), init_of(&super::PyList_Type)) {
            args.no_keywords(ts, "list")?;
        }
        args.expect_positional(ts, "list", 0, 1)?;
        this.clear(ts);
        match args.get(0) {
            Some(iterable) => this.extend(ts, iterable),
            None => Ok(()),
        }
    })
}

fn init_of(ty: &Type) -> *const () {
    ty.tp_init.get().map_or(core::ptr::null(), |f| f as *const ())
}

/// `list(…)` itself, by vectorcall.
pub(super) fn construct(ts: &ThreadState, _ty: &Type, args: Args<'_>) -> Result<Owned<List>> {
    args.no_keywords(ts, "list")?;
    args.expect_positional(ts, "list", 0, 1)?;
    match args.get(0) {
        Some(iterable) => List::from_iterable(ts, iterable),
        None => List::with_room(ts, 0),
    }
}

fn append(ts: &ThreadState, this: &List, item: &Object) -> Result<()> {
    this.append(ts, Owned::new(item))
}

fn clear(ts: &ThreadState, this: &List) -> Result<()> {
    this.clear(ts);
    Ok(())
}

fn copy(ts: &ThreadState, this: &List) -> Result<Owned<List>> {
    List::new(ts, this.as_slice())
}

fn count(ts: &ThreadState, this: &List, item: &Object) -> Result<isize> {
    let (mut n, mut i) = (0, 0);
    while let Some(candidate) = this.get(i) {
        if candidate.is(item) || object::equal(ts, &Owned::new(candidate), item)? {
            n += 1;
        }
        i += 1;
    }
    Ok(n)
}

fn extend(ts: &ThreadState, this: &List, iterable: &Object) -> Result<()> {
    this.extend(ts, iterable)
}

fn index(ts: &ThreadState, this: &List, args: Args<'_>) -> Result<isize> {
    args.expect_positional(ts, "index", 1, 3)?;
    let n = this.len() as isize;
    let clip = |i: isize| if i < 0 { (i + n).max(0) } else { i } as usize;
    let from = clip(search_bound(ts, args.get(1), 0)?);
    let to = clip(search_bound(ts, args.get(2), isize::MAX)?);
    match this.position(ts, args.positional[0], from, to)? {
        Some(i) => Ok(i as isize),
        None => Err(ts.raise_str(&VALUE_ERROR, "list.index(x): x not in list")),
    }
}

fn insert(ts: &ThreadState, this: &List, args: Args<'_>) -> Result<()> {
    args.expect_positional(ts, "insert", 2, 2)?;
    let i = as_c_ssize(ts, args.positional[0])?;
    this.insert(ts, i, args.positional[1])
}

fn pop(ts: &ThreadState, this: &List, args: Args<'_>) -> Result {
    args.expect_positional(ts, "pop", 0, 1)?;
    let i = match args.get(0) {
        Some(i) => as_c_ssize(ts, i)?,
        None => -1,
    };
    let n = this.len() as isize;
    if n == 0 {
        return Err(ts.raise_str(&INDEX_ERROR, "pop from empty list"));
    }
    let i = if i < 0 { i + n } else { i };
    if !(0..n).contains(&i) {
        return Err(ts.raise_str(&INDEX_ERROR, "pop index out of range"));
    }
    Ok(this.take(i as usize))
}

fn remove(ts: &ThreadState, this: &List, item: &Object) -> Result<()> {
    match this.position(ts, item, 0, usize::MAX)? {
        Some(i) if i < this.len() => {
            drop(this.take(i));
            Ok(())
        }
        Some(_) => Ok(()),
        None => Err(ts.raise_str(&VALUE_ERROR, "list.remove(x): x not in list")),
    }
}

/// `list.reverse()`.
pub fn reverse(_ts: &ThreadState, this: &List) -> Result<()> {
    // SAFETY: the items are pointers; no foreign code runs.
    unsafe { core::slice::from_raw_parts_mut(this.items(), this.len()) }.reverse();
    Ok(())
}

static SORT: Signature = Signature { name: "sort", params: &["key", "reverse"], required: 0, max_positional: 0 };

fn sort_method(ts: &ThreadState, this: &List, args: Args<'_>) -> Result<()> {
    let [key, reverse] = SORT.bind(ts, args)?;
    let reverse = match reverse {
        Some(flag) => object::is_true(ts, flag)?,
        None => false,
    };
    sort::sort(ts, this, key.filter(|k| !singletons::is_none(*k)), reverse)
}

fn reversed(ts: &ThreadState, this: &List) -> Result {
    iterator::backward(ts, this)
}

fn size_of_list(_ts: &ThreadState, this: &List) -> Result<isize> {
    Ok(this.ty().tp_basicsize + 8 * this.allocated.get())
}

fn subscript(ts: &ThreadState, this: &List, key: &Object) -> Result {
    List::subscript(ts, this, key)
}

impl List {
    /// The items' block; dangling but aligned when there is none.
    fn items(&self) -> *mut *mut PyObject {
        let p = self.ob_item.get();
        if p.is_null() { core::ptr::dangling_mut() } else { p }
    }
}

/// `PyList_SetSlice` with nothing to put in, or any iterable.
pub fn set_slice(ts: &ThreadState, this: &List, from: isize, to: isize, value: Option<&Object>) -> Result<()> {
    let n = this.len() as isize;
    let from = from.clamp(0, n);
    let to = to.clamp(from, n);
    let new = match value {
        None => Vec::new(),
        Some(value) => match crate::protocol::sequence::iter(ts, value) {
            Ok(_) => crate::protocol::sequence::collect(ts, value)?,
            Err(raised) => {
                ts.recover(raised, &TYPE_ERROR)?;
                return Err(ts.raise_str(&TYPE_ERROR, "can only assign an iterable"));
            }
        },
    };
    this.splice(ts, from as usize, to as usize, new)
}

pub(super) static METHODS: [PyMethodDef; 16] = [
    method::coexist(method::one(c"__getitem__", subscript, c"__getitem__($self, index, /)\n--\n\nReturn self[index].")),
    method::noargs(c"__reversed__", reversed, c"__reversed__($self, /)\n--\n\nAn iterator from the last item to the first."),
    method::noargs(c"__sizeof__", size_of_list, c"__sizeof__($self, /)\n--\n\nSize of the list in memory, in bytes."),
    method::noargs(c"clear", clear, c"clear($self, /)\n--\n\nRemove all items."),
    method::noargs(c"copy", copy, c"copy($self, /)\n--\n\nA new list of the same items."),
    method::one(c"append", append, c"append($self, object, /)\n--\n\nAdd object at the end."),
    method::positional(c"insert", insert, c"insert($self, index, object, /)\n--\n\nPut object in before index."),
    method::one(c"extend", extend, c"extend($self, iterable, /)\n--\n\nAdd all items of iterable at the end."),
    method::positional(c"pop", pop, c"pop($self, index=-1, /)\n--\n\nTake the item at index out and return it; the last one by default.\n\nIndexError if there is none."),
    method::one(c"remove", remove, c"remove($self, value, /)\n--\n\nRemove the first item equal to value.\n\nValueError if there is none."),
    method::positional(c"index", index, c"index($self, value, start=0, stop=sys.maxsize, /)\n--\n\nThe index of the first item equal to value.\n\nValueError if there is none."),
    method::one(c"count", count, c"count($self, value, /)\n--\n\nHow many items equal value."),
    method::noargs(c"reverse", reverse, c"reverse($self, /)\n--\n\nReverse the items in place."),
    method::keywords(c"sort", sort_method, c"sort($self, /, *, key=None, reverse=False)\n--\n\nSort the items in place, equal ones kept in order.\n\nWith key, by what it returns for each item; with reverse, from large to small."),
    crate::types::generic_alias::CLASS_GETITEM,
    slot::METHODS_END,
];
