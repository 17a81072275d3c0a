//! `list`.
//!
//! Items lie in one block that grows by an eighth and a little, as CPython's does. Dropping an item may run
//! foreign code that changes the list: whatever drops several takes them out first ([`List::splice`]).
//!
//! [`methods`] is what Python sees by name, [`sort`] the sort, [`iterator`] both iterators.

use core::cell::Cell;
use core::ptr;

pub mod iterator;
mod methods;
pub mod sort;

pub use methods::{reverse, set_slice};

use super::{STATIC_FLAGS, STATIC_TYPE, Slice, Str, Tuple, entries, singletons, slot, table};
use crate::ffi::*;
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::compare::CompareOp;
use crate::protocol::{number, object, sequence};
use crate::runtime::ThreadState;
use crate::types::exceptions::{INDEX_ERROR, TYPE_ERROR, VALUE_ERROR};

layout!(List = PyListObject, PyList_Type, Py_TPFLAGS_LIST_SUBCLASS);

impl List {
    /// An empty list with room for `room` items.
    pub fn with_room(ts: &ThreadState, room: usize) -> Result<Owned<List>> {
        let items = if room == 0 {
            ptr::null_mut()
        } else {
            let bytes = room.checked_mul(8).filter(|&b| b <= isize::MAX as usize).ok_or_else(|| ts.no_memory())?;
            ts.alloc(bytes)?.as_ptr()
        };
        // SAFETY: all fields are written; on failure the block goes back.
        unsafe {
            let list = match ts.new_object::<List>(&PyList_Type, size_of::<List>()) {
                Ok(list) => list,
                Err(raised) => {
                    if !items.is_null() {
                        ts.free(items);
                    }
                    return Err(raised);
                }
            };
            list.ob_base.ob_size.as_ptr().write(0);
            list.ob_item.as_ptr().write(items.cast());
            list.allocated.as_ptr().write(room as isize);
            ts.track_new(&list);
            Ok(list)
        }
    }

    pub fn new(ts: &ThreadState, items: &[&Object]) -> Result<Owned<List>> {
        let list = List::with_room(ts, items.len())?;
        for (i, item) in items.iter().enumerate() {
            item.incref();
            // SAFETY: there is room.
            unsafe { list.ob_item.get().add(i).write(item.as_ptr()) };
        }
        list.ob_base.ob_size.set(items.len() as isize);
        Ok(list)
    }

    /// A list that takes over `items`.
    pub fn from_owned(ts: &ThreadState, items: Vec<Owned<Object>>) -> Result<Owned<List>> {
        let list = List::with_room(ts, items.len())?;
        let n = items.len();
        for (i, item) in items.into_iter().enumerate() {
            // SAFETY: there is room.
            unsafe { list.ob_item.get().add(i).write(item.into_raw()) };
        }
        list.ob_base.ob_size.set(n as isize);
        Ok(list)
    }

    /// A list of all items of `iterable`.
    pub fn from_iterable(ts: &ThreadState, iterable: &Object) -> Result<Owned<List>> {
        let list = List::with_room(ts, 0)?;
        list.extend(ts, iterable)?;
        Ok(list)
    }

    /// Shows `n` places that hold nothing yet, for C to fill in.
    pub fn expose_empty(&self, n: usize) {
        if n > 0 {
            // SAFETY: made with that much room.
            unsafe { self.ob_item.get().write_bytes(0, n) };
        }
        self.ob_base.ob_size.set(n as isize);
    }

    /// Puts `item`, or nothing, into place `i`, which may hold nothing.
    pub fn fill(&self, ts: &ThreadState, i: isize, item: Option<Owned<Object>>) -> Result<()> {
        if i < 0 || i as usize >= self.len() {
            return Err(ts.raise_str(&INDEX_ERROR, "list assignment index out of range"));
        }
        let item = item.map_or(ptr::null_mut(), Owned::into_raw);
        // SAFETY: within, and the old item, if any, was the list's.
        drop(unsafe { Owned::<Object>::from_stolen_nullable(self.ob_item.get().add(i as usize).replace(item)) });
        Ok(())
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.ob_base.ob_size.get() as usize
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The items, until anything may change the list.
    #[inline(always)]
    pub fn as_slice(&self) -> &[&Object] {
        if self.is_empty() {
            return &[];
        }
        // SAFETY: so many items are there; a live pointer and a reference look alike.
        unsafe { core::slice::from_raw_parts(self.ob_item.get().cast(), self.len()) }
    }

    #[inline(always)]
    pub fn get(&self, i: usize) -> Option<&Object> {
        if i >= self.len() {
            return None;
        }
        // SAFETY: within.
        Some(unsafe { &**self.ob_item.get().add(i) })
    }

    /// The item at `i`, which C may not have filled in yet.
    pub fn place(&self, i: usize) -> Option<Option<&Object>> {
        // SAFETY: within; NULL or a live item.
        (i < self.len()).then(|| unsafe { Object::from_nullable(*self.ob_item.get().add(i)) })
    }

    /// Makes room for `n` items in all; the length stays.
    fn reserve(&self, ts: &ThreadState, n: usize) -> Result<()> {
        // Less than 0 while the list is being sorted: then there is no room.
        if usize::try_from(self.allocated.get()).is_ok_and(|allocated| n <= allocated) {
            return Ok(());
        }
        let room = n.checked_add((n >> 3) + 6).map(|room| room & !3);
        let bytes = room.and_then(|room| room.checked_mul(8)).filter(|&b| b <= isize::MAX as usize);
        let bytes = bytes.ok_or_else(|| ts.no_memory())?;
        let old = self.ob_item.get().cast::<u8>();
        // SAFETY: the block is the list's own, or there is none.
        let new = unsafe { if old.is_null() { ts.heap().alloc(bytes) } else { ts.heap().realloc(old, bytes) } };
        if new.is_null() {
            return Err(ts.no_memory());
        }
        self.ob_item.set(new.cast());
        self.allocated.set((bytes / 8) as isize);
        Ok(())
    }

    #[inline]
    pub fn append(&self, ts: &ThreadState, item: Owned<Object>) -> Result<()> {
        let n = self.len();
        if n as isize >= self.allocated.get() {
            self.reserve(ts, n + 1)?;
        }
        // SAFETY: there is room.
        unsafe { self.ob_item.get().add(n).write(item.into_raw()) };
        self.ob_base.ob_size.set(n as isize + 1);
        Ok(())
    }

    /// The same, if nothing has to be made for it.
    #[inline(always)]
    pub fn append_in_room(&self, item: &Object) -> bool {
        let n = self.len();
        let fits = (n as isize) < self.allocated.get();
        if fits {
            // SAFETY: there is room.
            unsafe { self.ob_item.get().add(n).write(item.as_ptr()) };
            self.ob_base.ob_size.set(n as isize + 1);
            item.incref();
        }
        fits
    }

    /// Puts `item` in before `i`, which is clipped, counting from the end if negative.
    pub fn insert(&self, ts: &ThreadState, i: isize, item: &Object) -> Result<()> {
        let n = self.len();
        let i = if i < 0 { i.saturating_add(n as isize).max(0) } else { i.min(n as isize) } as usize;
        self.reserve(ts, n + 1)?;
        // SAFETY: there is room for one more behind the last.
        unsafe {
            let p = self.ob_item.get().add(i);
            ptr::copy(p, p.add(1), n - i);
            item.incref();
            p.write(item.as_ptr());
        }
        self.ob_base.ob_size.set(n as isize + 1);
        Ok(())
    }

    /// `list[i] = item`; `IndexError` if there is no such item.
    pub fn set(&self, ts: &ThreadState, i: isize, item: Owned<Object>) -> Result<()> {
        if i < 0 || i as usize >= self.len() {
            return Err(ts.raise_str(&INDEX_ERROR, "list assignment index out of range"));
        }
        // SAFETY: within, and the old item was the list's.
        drop(unsafe { Owned::<Object>::from_stolen(self.ob_item.get().add(i as usize).replace(item.into_raw())) });
        Ok(())
    }

    /// Adds all items of `iterable`.
    pub fn extend(&self, ts: &ThreadState, iterable: &Object) -> Result<()> {
        let known = match iterable.downcast_exact::<List>() {
            Some(list) => Some(list.as_slice()),
            None => iterable.downcast_exact::<Tuple>().map(Tuple::as_slice),
        };
        if let Some(items) = known {
            let (n, more) = (self.len(), items.len());
            self.reserve(ts, n + more)?;
            // The items of the list itself may have moved.
            let source = if iterable.is(self) { self.ob_item.get().cast_const() } else { items.as_ptr().cast() };
            for i in 0..more {
                // SAFETY: both within; the list has room.
                unsafe {
                    let item = source.add(i).read();
                    (*item).incref();
                    self.ob_item.get().add(n + i).write(item);
                }
            }
            self.ob_base.ob_size.set((n + more) as isize);
            return Ok(());
        }
        let iterator = sequence::iter(ts, iterable)?;
        let hint = sequence::length_hint(ts, iterable, 8)?;
        // A hint may be far too large: what then is missing shows later.
        let _ = self.reserve(ts, self.len().saturating_add(hint as usize)).map_err(|_| ts.error.clear());
        while let Some(item) = sequence::next(ts, &iterator)? {
            self.append(ts, item)?;
        }
        Ok(())
    }

    /// Replaces items `from..to` by `new` (new references), and drops the old ones when all is in place.
    pub fn splice(&self, ts: &ThreadState, from: usize, to: usize, new: Vec<Owned<Object>>) -> Result<()> {
        let n = self.len();
        let (from, to) = (from.min(n), to.clamp(from.min(n), n));
        let total = n - (to - from) + new.len();
        let mut old: Vec<*mut PyObject> = Vec::new();
        old.try_reserve_exact(to - from).map_err(|_| ts.no_memory())?;
        self.reserve(ts, total)?;
        // SAFETY: all within what is reserved; every item is moved exactly once.
        unsafe {
            let p = self.ob_item.get();
            old.extend((from..to).map(|i| p.add(i).read()));
            if !p.is_null() {
                ptr::copy(p.add(to), p.add(from + new.len()), n - to);
            }
            for (i, item) in new.into_iter().enumerate() {
                p.add(from + i).write(item.into_raw());
            }
        }
        self.ob_base.ob_size.set(total as isize);
        drop_all(old);
        Ok(())
    }

    /// Takes item `i` out.
    pub fn take(&self, i: usize) -> Owned<Object> {
        let n = self.len();
        // SAFETY: within; the items behind it close the gap.
        unsafe {
            let p = self.ob_item.get().add(i);
            let item = p.read();
            ptr::copy(p.add(1), p, n - i - 1);
            self.ob_base.ob_size.set(n as isize - 1);
            Owned::from_stolen(item)
        }
    }

    /// Removes everything.
    pub fn clear(&self, ts: &ThreadState) {
        let n = self.len();
        let items = self.ob_item.replace(ptr::null_mut());
        self.ob_base.ob_size.set(0);
        self.allocated.set(0);
        if items.is_null() {
            return;
        }
        // SAFETY: the items and their block were the list's.
        unsafe {
            for i in (0..n).rev() {
                let item = items.add(i).read();
                // C may have left a place empty.
                if !item.is_null() && !(*item).is_uncounted() {
                    (*item).decref();
                }
            }
            ts.free(items.cast());
        }
    }

    /// A new list of items `from..to`.
    pub fn slice(&self, ts: &ThreadState, from: usize, to: usize) -> Result<Owned<List>> {
        let n = self.len();
        let from = from.min(n);
        List::new(ts, &self.as_slice()[from..to.clamp(from, n)])
    }

    fn subscript(ts: &ThreadState, this: &List, key: &Object) -> Result {
        if number::is_index(key) {
            let i = number::as_subscript(ts, key)?;
            let i = if i < 0 { i + this.len() as isize } else { i };
            return this.item(ts, i);
        }
        let Some(slice) = key.downcast_exact::<Slice>() else { return Err(bad_key(ts, key)) };
        let indices = slice.indices_of(ts, this.len())?;
        let items = this.as_slice();
        let list = List::with_room(ts, indices.len)?;
        for i in indices.iter() {
            list.append(ts, Owned::new(items[i]))?;
        }
        Ok(list.upcast())
    }

    #[inline]
    fn item(&self, ts: &ThreadState, i: isize) -> Result {
        match usize::try_from(i).ok().and_then(|i| self.get(i)) {
            Some(item) => Ok(Owned::new(item)),
            None => Err(ts.raise_str(&INDEX_ERROR, "list index out of range")),
        }
    }

    fn item_slot(ts: &ThreadState, this: &List, i: isize) -> Result {
        this.item(ts, i)
    }

    fn set_item_slot(ts: &ThreadState, this: &List, i: isize, value: Option<&Object>) -> Result<()> {
        match value {
            Some(value) => this.set(ts, i, Owned::new(value)),
            None if i < 0 || i as usize >= this.len() => {
                Err(ts.raise_str(&INDEX_ERROR, "list assignment index out of range"))
            }
            None => {
                drop(this.take(i as usize));
                Ok(())
            }
        }
    }

    fn set_subscript(ts: &ThreadState, this: &List, key: &Object, value: Option<&Object>) -> Result<()> {
        if number::is_index(key) {
            let i = number::as_subscript(ts, key)?;
            let i = if i < 0 { i + this.len() as isize } else { i };
            return List::set_item_slot(ts, this, i, value);
        }
        let Some(slice) = key.downcast_exact::<Slice>() else { return Err(bad_key(ts, key)) };
        let bounds = slice.unpack(ts)?;
        let new = match value {
            None => Vec::new(),
            Some(value) => match sequence::iter(ts, value) {
                Ok(_) => sequence::collect(ts, value)?,
                Err(raised) => {
                    ts.recover(raised, &TYPE_ERROR)?;
                    return Err(ts.raise_str(&TYPE_ERROR, "must assign iterable to extended slice"));
                }
            },
        };
        // Collecting the values may have changed the list's length.
        let indices = bounds.adjust(this.len() as isize);
        if indices.step == 1 {
            let start = indices.start as usize;
            return this.splice(ts, start, start + indices.len, new);
        }
        match value {
            None => this.delete_extended(ts, indices),
            Some(_) => this.assign_extended(ts, indices, new),
        }
    }

    fn assign_extended(&self, ts: &ThreadState, indices: super::slice::Indices, new: Vec<Owned<Object>>) -> Result<()> {
        if new.len() != indices.len {
            return Err(ts.raise(
                &VALUE_ERROR,
                format_args!(
                    "attempt to assign sequence of size {} to extended slice of size {}",
                    new.len(),
                    indices.len
                ),
            ));
        }
        let p = self.ob_item.get();
        // SAFETY: all indexes are within.
        let old = indices.iter().zip(new).map(|(i, item)| unsafe { p.add(i).replace(item.into_raw()) }).collect();
        drop_all(old);
        Ok(())
    }

    fn delete_extended(&self, ts: &ThreadState, indices: super::slice::Indices) -> Result<()> {
        if indices.len == 0 {
            return Ok(());
        }
        let mut old: Vec<*mut PyObject> = Vec::new();
        old.try_reserve_exact(indices.len).map_err(|_| ts.no_memory())?;
        let stride = indices.step.unsigned_abs();
        let first =
            if indices.step < 0 { indices.start as usize - stride * (indices.len - 1) } else { indices.start as usize };
        let (n, p) = (self.len(), self.ob_item.get());
        let mut to = first;
        for from in first..n {
            // SAFETY: both within, `to` never ahead of `from`.
            unsafe {
                let item = p.add(from).read();
                let offset = from - first;
                if offset % stride == 0 && offset / stride < indices.len {
                    old.push(item);
                } else {
                    p.add(to).write(item);
                    to += 1;
                }
            }
        }
        self.ob_base.ob_size.set(to as isize);
        drop_all(old);
        Ok(())
    }

    fn concat(ts: &ThreadState, this: &List, other: &Object) -> Result<Owned<List>> {
        let Some(other) = other.downcast::<List>() else {
            let name = other.ty().full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("can only concatenate list (not \"{name}\") to list")));
        };
        let list = List::with_room(ts, this.len() + other.len())?;
        for &item in this.as_slice().iter().chain(other.as_slice()) {
            list.append(ts, Owned::new(item))?;
        }
        Ok(list)
    }

    fn repeat(ts: &ThreadState, this: &List, times: isize) -> Result<Owned<List>> {
        let times = times.max(0) as usize;
        let total = this.len().checked_mul(times).ok_or_else(|| ts.no_memory())?;
        let list = List::with_room(ts, total)?;
        for _ in 0..if this.is_empty() { 0 } else { times } {
            for &item in this.as_slice() {
                list.append(ts, Owned::new(item))?;
            }
        }
        Ok(list)
    }

    fn inplace_concat(ts: &ThreadState, this: &List, other: &Object) -> Result {
        this.extend(ts, other)?;
        Ok(Owned::new(this))
    }

    fn inplace_repeat(ts: &ThreadState, this: &List, times: isize) -> Result {
        if times <= 0 {
            this.clear(ts);
            return Ok(Owned::new(this));
        }
        let n = this.len();
        let total = n.checked_mul(times as usize).ok_or_else(|| ts.no_memory())?;
        this.reserve(ts, total)?;
        for i in n..total {
            let item = this.as_slice()[i - n];
            this.append(ts, Owned::new(item))?;
        }
        Ok(Owned::new(this))
    }

    /// `item in list`, or how it is compared: identity, then `==`. The list may change meanwhile.
    pub fn position(&self, ts: &ThreadState, item: &Object, from: usize, to: usize) -> Result<Option<usize>> {
        let mut i = from;
        while i < to.min(self.len()) {
            let candidate = self.as_slice()[i];
            if candidate.is(item) || object::equal(ts, &Owned::new(candidate), item)? {
                return Ok(Some(i));
            }
            i += 1;
        }
        Ok(None)
    }

    fn contains(ts: &ThreadState, this: &List, item: &Object) -> Result<bool> {
        Ok(this.position(ts, item, 0, usize::MAX)?.is_some())
    }

    fn compare(ts: &ThreadState, this: &List, other: &Object, op: CompareOp) -> Result {
        let Some(other) = other.downcast::<List>() else { return Ok(singletons::not_implemented()) };
        if this.len() != other.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(super::bool::from_bool(op == CompareOp::Ne));
        }
        let mut i = 0;
        // Comparing items may change both lists.
        while let (Some(a), Some(b)) = (this.get(i), other.get(i)) {
            if !a.is(b) {
                let (a, b) = (Owned::new(a), Owned::new(b));
                if !object::equal(ts, &a, &b)? {
                    return match op {
                        CompareOp::Eq => Ok(super::bool::from_bool(false)),
                        CompareOp::Ne => Ok(super::bool::from_bool(true)),
                        _ => object::compare(ts, &a, &b, op),
                    };
                }
            }
            i += 1;
        }
        Ok(super::bool::from_bool(op.of(this.len().cmp(&other.len()))))
    }

    fn repr(ts: &ThreadState, this: &List) -> Result<Owned<Str>> {
        if this.is_empty() {
            return Str::new(ts, "[]");
        }
        if !ts.enter_repr(this) {
            return Str::new(ts, "[...]");
        }
        let result = super::tuple::repr_items(ts, |i| this.place(i).map(|item| item.map(Owned::new)), "[", "]");
        ts.leave_repr(this);
        result
    }

    fn iter(ts: &ThreadState, this: &List) -> Result {
        iterator::forward(ts, this)
    }

    fn length(_ts: &ThreadState, this: &List) -> Result<isize> {
        Ok(this.len() as isize)
    }

    fn drop_items(ts: &ThreadState, this: &List) {
        this.clear(ts);
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        for i in 0..self.len() {
            // SAFETY: an item, or NULL where C left a place empty.
            if let Some(item) = unsafe { Object::from_nullable(self.ob_item.get().add(i).read()) } {
                visitor.object(item)?;
            }
        }
        Ok(())
    }

    fn clear_slot(&self) {
        self.clear(ThreadState::current());
    }
}

/// Drops what was taken out, the last first, as CPython does.
fn drop_all(items: Vec<*mut PyObject>) {
    for item in items.into_iter().rev() {
        // SAFETY: taken out of a list, which gave its reference up.
        drop(unsafe { Owned::<Object>::from_stolen_nullable(item) });
    }
}

#[cold]
fn bad_key(ts: &ThreadState, key: &Object) -> crate::object::Raised {
    let name = key.ty().full_name();
    ts.raise(&TYPE_ERROR, format_args!("list indices must be integers or slices, not {name}"))
}

#[unsafe(link_section = "immortal")]
static AS_SEQUENCE: PySequenceMethods = PySequenceMethods {
    sq_length: slot::len(List::length),
    sq_concat: slot::binary(List::concat),
    sq_repeat: slot::ssizearg(List::repeat),
    sq_item: slot::ssizearg(List::item_slot),
    sq_ass_item: slot::ssizeobjarg(List::set_item_slot),
    sq_contains: slot::contains(List::contains),
    sq_inplace_concat: slot::binary(List::inplace_concat),
    sq_inplace_repeat: slot::ssizearg(List::inplace_repeat),
    ..PySequenceMethods::EMPTY
};

#[unsafe(link_section = "immortal")]
static AS_MAPPING: PyMappingMethods = PyMappingMethods {
    mp_length: slot::len(List::length),
    mp_subscript: slot::binary(List::subscript),
    mp_ass_subscript: slot::objobjarg(List::set_subscript),
};

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyList_Type: Type = Type {
    tp_name: c"list".as_ptr(),
    tp_basicsize: size_of::<List>() as isize,
    tp_flags: Cell::new(
        STATIC_FLAGS
            | Py_TPFLAGS_HAVE_GC
            | Py_TPFLAGS_BASETYPE
            | Py_TPFLAGS_LIST_SUBCLASS
            | Py_TPFLAGS_SEQUENCE
            | _Py_TPFLAGS_MATCH_SELF,
    ),
    tp_doc: Cell::new(
        c"list(iterable=(), /)\n--\n\nA mutable sequence, empty or of the items of an iterable.".as_ptr(),
    ),
    tp_dealloc: slot::dealloc(List::drop_items),
    tp_traverse: slot::traverse(List::visit),
    tp_clear: slot::clear(List::clear_slot),
    tp_repr: slot::unary(List::repr),
    tp_as_sequence: Cell::new(table(&AS_SEQUENCE)),
    tp_as_mapping: Cell::new(table(&AS_MAPPING)),
    tp_hash: slot::unhashable(),
    tp_richcompare: slot::richcompare(List::compare),
    tp_iter: slot::unary(List::iter),
    tp_methods: entries(&methods::METHODS),
    tp_init: slot::init(methods::init),
    tp_new: slot::new(methods::new),
    tp_vectorcall: slot::vectorcall(methods::construct),
    ..STATIC_TYPE
};
