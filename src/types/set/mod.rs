//! `set` and `frozenset`: one layout, two types.
//!
//! An open-addressed table of keys and hashes, the first eight places within the object. This file is the table:
//! lookup, adding, removing, resizing. [`ops`] are the operations on sets, [`methods`] what Python sees by name.
//!
//! The order in which a set is walked is that of its table, and programs see it. So a search takes the same path
//! as CPython's: a place and up to nine behind it, then on by the hash's upper bits; and tables grow alike.
//!
//! A place is free (no key, hash 0), in use, or removed (no key, hash -1, which no key has): a search goes on
//! behind the last. Comparing keys may run foreign code that changes the set; a search notices and starts again.

use core::cell::Cell;
use core::ptr;

mod iterator;
mod methods;
mod ops;

pub use iterator::PySetIter_Type;

use super::dict::{quick_hash, unhashable};
use super::{Int, STATIC_FLAGS, STATIC_TYPE, Str, entries, slot, table};
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Class, Object, Owned, Result, Type};
use crate::protocol::object;
use crate::runtime::ThreadState;

layout!(Set = PySetObject);

// SAFETY: both types' instances, and their subtypes', have this layout.
unsafe impl Class for PySetObject {
    #[inline(always)]
    fn class() -> &'static Type {
        &PySet_Type
    }
    #[inline]
    fn is_instance(object: &Object) -> bool {
        let ty = object.ty();
        ptr::eq(ty, &PySet_Type)
            || ptr::eq(ty, &PyFrozenSet_Type)
            || ty.is_subtype_of(&PySet_Type)
            || ty.is_subtype_of(&PyFrozenSet_Type)
    }
}

/// Places behind the first that are tried before the search jumps.
const LINEAR_PROBES: usize = 9;
const SMALL: usize = 8;
const FREE: setentry = setentry { key: ptr::null_mut(), hash: 0 };
const REMOVED: setentry = setentry { key: ptr::null_mut(), hash: -1 };

/// Places in the order of a search: runs of neighbours, each begun at a place that the hash gives.
struct Probe {
    mask: usize,
    perturb: usize,
    start: usize,
    at: usize,
    left: usize,
}

impl Probe {
    #[inline(always)]
    fn new(hash: isize, mask: usize) -> Probe {
        let start = hash as usize & mask;
        Probe { mask, perturb: hash as usize, start, at: start, left: run(start, mask) }
    }

    #[inline(always)]
    fn next(&mut self) -> usize {
        if self.left == 0 {
            self.perturb >>= 5;
            self.start = (self.start.wrapping_mul(5).wrapping_add(1).wrapping_add(self.perturb)) & self.mask;
            self.at = self.start;
            self.left = run(self.start, self.mask);
        }
        self.left -= 1;
        self.at += 1;
        self.at - 1
    }
}

#[inline(always)]
fn run(start: usize, mask: usize) -> usize {
    if start + LINEAR_PROBES <= mask { LINEAR_PROBES + 1 } else { 1 }
}

/// How a search ended: at the key, or at the place where it would be put.
enum Found {
    At(usize),
    Free(usize),
    /// Where a removed key was.
    Reusable(usize),
}

impl Set {
    pub fn new(ts: &ThreadState) -> Result<Owned<Set>> {
        Set::of_type(ts, &PySet_Type)
    }

    /// An empty set of one of the two types themselves.
    fn of_type(ts: &ThreadState, ty: &'static Type) -> Result<Owned<Set>> {
        // SAFETY: all fields are written.
        unsafe {
            let set = ts.new_object::<Set>(ty, size_of::<Set>())?;
            set.initialize();
            set.weakreflist.set(ptr::null_mut());
            // A frozenset is tracked once it has something that may be part of a cycle.
            if ptr::eq(ty, &PySet_Type) {
                ts.track_new(&set);
            }
            Ok(set)
        }
    }

    /// Makes fresh memory an empty set.
    fn initialize(&self) {
        self.fill.set(0);
        self.used.set(0);
        self.hash.set(-1);
        self.finger.set(0);
        self.use_small_table();
    }

    fn use_small_table(&self) {
        self.smalltable.iter().for_each(|e| e.set(FREE));
        self.mask.set(SMALL as isize - 1);
        self.table.set(self.small_table());
    }

    #[inline(always)]
    fn small_table(&self) -> *mut setentry {
        self.smalltable.as_ptr().cast::<setentry>().cast_mut()
    }

    #[inline(always)]
    pub fn has_small_table(&self) -> bool {
        ptr::eq(self.table.get(), self.small_table())
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.used.get() as usize
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline(always)]
    fn mask(&self) -> usize {
        self.mask.get() as usize
    }

    #[inline(always)]
    fn entry(&self, i: usize) -> setentry {
        debug_assert!(i <= self.mask());
        // SAFETY: within the table.
        unsafe { self.table.get().add(i).read() }
    }

    #[inline(always)]
    fn put(&self, i: usize, entry: setentry) {
        debug_assert!(i <= self.mask());
        // SAFETY: within the table.
        unsafe { self.table.get().add(i).write(entry) };
    }

    /// Makes a frozenset's hash; whether it has one.
    pub fn fill_hash(&self) -> bool {
        let frozen = self.ty().tp_hash.get().zip(PyFrozenSet_Type.tp_hash.get());
        let hashed = frozen.is_some_and(|(own, plain)| ptr::fn_addr_eq(own, plain));
        if hashed && self.hash.get() == -1 {
            self.hash.set(self.hash_of_keys());
        }
        hashed
    }

    /// Exactly a set or a frozenset.
    #[inline]
    pub fn is_exact_set(&self) -> bool {
        self.is_exact_mutable() || ptr::eq(self.ty(), &PyFrozenSet_Type)
    }

    /// Exactly a set.
    #[inline]
    pub fn is_exact_mutable(&self) -> bool {
        ptr::eq(self.ty(), &PySet_Type)
    }

    /// A set or an instance of its subclass: not a frozenset.
    pub fn is_mutable(object: &Object) -> bool {
        object.ty().is_subtype_of(&PySet_Type)
    }

    pub fn is_frozen(object: &Object) -> bool {
        object.ty().is_subtype_of(&PyFrozenSet_Type)
    }

    /// The key at or behind `position`, held, and the position to go on from.
    #[inline]
    pub fn next_entry(&self, position: usize) -> Option<(usize, Owned<Object>, isize)> {
        (position..=self.mask()).find_map(|i| {
            let entry = self.entry(i);
            // SAFETY: NULL or a key that the set owns.
            unsafe { Object::from_nullable(entry.key) }.map(|key| (i + 1, Owned::new(key), entry.hash))
        })
    }

    /// The hash of `key`, for which a set has a message of its own.
    #[inline]
    fn hash_key(ts: &ThreadState, key: &Object) -> Result<isize> {
        match quick_hash(key) {
            Some(hash) => Ok(hash),
            None => object::hash(ts, key).map_err(|raised| unhashable(ts, raised, key, "a set element")),
        }
    }

    /// Searches. Most searches end at the first place.
    #[inline(always)]
    fn find(&self, ts: &ThreadState, key: &Object, hash: isize) -> Result<Found> {
        let i = hash as usize & self.mask();
        let entry = self.entry(i);
        if ptr::eq(entry.key, key) {
            return Ok(Found::At(i));
        }
        if entry.key.is_null() && entry.hash == 0 {
            return Ok(Found::Free(i));
        }
        loop {
            if let Some(found) = self.search(ts, key, hash)? {
                return Ok(found);
            }
        }
    }

    /// The same with the keys' own `__eq__`; nothing if that changed the set.
    #[inline(never)]
    fn search(&self, ts: &ThreadState, key: &Object, hash: isize) -> Result<Option<Found>> {
        let mut probe = Probe::new(hash, self.mask());
        let mut removed = None;
        loop {
            let i = probe.next();
            let entry = self.entry(i);
            if entry.key.is_null() {
                if entry.hash == 0 {
                    return Ok(Some(removed.map_or(Found::Free(i), Found::Reusable)));
                }
                removed = Some(i);
                continue;
            }
            if entry.hash != hash {
                continue;
            }
            if ptr::eq(entry.key, key) {
                return Ok(Some(Found::At(i)));
            }
            // SAFETY: a key that the set owns.
            let candidate = unsafe { &*entry.key };
            let equal = match equal_without_calls(candidate, key) {
                Some(equal) => equal,
                None => match self.compare(ts, i, candidate, key)? {
                    Some(equal) => equal,
                    None => return Ok(None),
                },
            };
            if equal {
                return Ok(Some(Found::At(i)));
            }
        }
    }

    /// Equality by the keys' own `__eq__`; nothing if it changed the set.
    #[inline(never)]
    fn compare(&self, ts: &ThreadState, i: usize, candidate: &Object, key: &Object) -> Result<Option<bool>> {
        let (table, mask) = (self.table.get(), self.mask());
        let candidate = Owned::new(candidate);
        let equal = object::equal(ts, &candidate, key)?;
        let same_table = ptr::eq(self.table.get(), table) && self.mask() == mask;
        Ok((same_table && ptr::eq(self.entry(i).key, candidate.as_ptr())).then_some(equal))
    }

    #[inline]
    pub fn contains_with_hash(&self, ts: &ThreadState, key: &Object, hash: isize) -> Result<bool> {
        Ok(matches!(self.find(ts, key, hash)?, Found::At(_)))
    }

    #[inline]
    pub fn contains(&self, ts: &ThreadState, key: &Object) -> Result<bool> {
        self.contains_with_hash(ts, key, Set::hash_key(ts, key)?)
    }

    #[inline]
    pub fn add(&self, ts: &ThreadState, key: &Object) -> Result<()> {
        self.add_with_hash(ts, key, Set::hash_key(ts, key)?)
    }

    pub fn add_with_hash(&self, ts: &ThreadState, key: &Object, hash: isize) -> Result<()> {
        match self.find(ts, key, hash)? {
            Found::At(_) => {}
            Found::Reusable(i) => {
                self.put(i, setentry { key: Owned::new(key).into_raw(), hash });
                self.used.set(self.used.get() + 1);
            }
            Found::Free(i) => {
                self.put(i, setentry { key: Owned::new(key).into_raw(), hash });
                self.fill.set(self.fill.get() + 1);
                self.used.set(self.used.get() + 1);
                if self.fill.get() * 5 >= self.mask.get() * 3 {
                    self.grow(ts).inspect_err(|_| {
                        // Without memory the set stays as it was.
                        self.put(i, FREE);
                        self.fill.set(self.fill.get() - 1);
                        self.used.set(self.used.get() - 1);
                        // SAFETY: the reference that was put there above.
                        drop(unsafe { Owned::<Object>::from_stolen(key.as_ptr()) });
                    })?;
                }
            }
        }
        Ok(())
    }

    /// Makes room after an addition.
    #[inline(never)]
    fn grow(&self, ts: &ThreadState) -> Result<()> {
        let used = self.len();
        self.resize(ts, if used > 50_000 { used * 2 } else { used * 4 })
    }

    /// Moves to a table of more than `n` places, without what was removed.
    fn resize(&self, ts: &ThreadState, n: usize) -> Result<()> {
        let places = n.checked_add(1).and_then(usize::checked_next_power_of_two).ok_or_else(|| ts.no_memory())?;
        let places = places.max(SMALL);
        let mut small = [FREE; SMALL];
        let (old, old_places) = (self.table.get(), self.mask() + 1);
        let old_is_small = self.has_small_table();
        let new = if places > SMALL {
            let bytes = places.checked_mul(size_of::<setentry>()).ok_or_else(|| ts.no_memory())?;
            let new = ts.alloc(bytes)?.as_ptr();
            // SAFETY: the block has that size; zeros are free places.
            unsafe { new.write_bytes(0, bytes) };
            new.cast()
        } else {
            small.as_mut_ptr()
        };
        for i in 0..old_places {
            // SAFETY: within the old table; the new one has room for all.
            unsafe {
                let entry = old.add(i).read();
                if !entry.key.is_null() {
                    insert_clean(new, places - 1, entry);
                }
            }
        }
        if places > SMALL {
            self.table.set(new);
        } else {
            self.smalltable.iter().zip(small).for_each(|(to, from)| to.set(from));
            self.table.set(self.small_table());
        }
        self.mask.set(places as isize - 1);
        self.fill.set(self.used.get());
        if !old_is_small {
            // SAFETY: the set's own block, its entries moved.
            unsafe { ts.free(old.cast()) };
        }
        Ok(())
    }

    /// Takes `key` out; whether it was there.
    pub fn remove_with_hash(&self, ts: &ThreadState, key: &Object, hash: isize) -> Result<bool> {
        let Found::At(i) = self.find(ts, key, hash)? else { return Ok(false) };
        drop(self.take(i));
        Ok(true)
    }

    pub fn discard(&self, ts: &ThreadState, key: &Object) -> Result<bool> {
        self.remove_with_hash(ts, key, Set::hash_key(ts, key)?)
    }

    fn take(&self, i: usize) -> Owned<Object> {
        let entry = self.entry(i);
        self.put(i, REMOVED);
        self.used.set(self.used.get() - 1);
        // SAFETY: a place in use owned its key.
        unsafe { Owned::from_stolen(entry.key) }
    }

    /// Takes any key out: the first behind where the last one was.
    pub fn pop(&self) -> Option<Owned<Object>> {
        if self.is_empty() {
            return None;
        }
        let mask = self.mask();
        let mut i = self.finger.get() as usize & mask;
        while self.entry(i).key.is_null() {
            i = if i == mask { 0 } else { i + 1 };
        }
        self.finger.set(i as isize + 1);
        Some(self.take(i))
    }

    /// Empties the set. What it held is dropped once it is empty.
    pub fn clear(&self, ts: &ThreadState) {
        if self.fill.get() == 0 && self.has_small_table() {
            return;
        }
        let (old, places, was_small) = (self.table.get(), self.mask() + 1, self.has_small_table());
        let small: [setentry; SMALL] = core::array::from_fn(|i| self.smalltable[i].get());
        self.fill.set(0);
        self.used.set(0);
        self.hash.set(-1);
        self.use_small_table();
        let old = if was_small { small.as_ptr() } else { old.cast_const() };
        for i in 0..places {
            // SAFETY: the old table's places; what they owned is ours now.
            drop(unsafe { Owned::<Object>::from_stolen_nullable((*old.add(i)).key) });
        }
        if !was_small {
            // SAFETY: the set's own block until now.
            unsafe { ts.free(old.cast_mut().cast()) };
        }
    }

    /// Bytes of the set and its table.
    pub fn size(&self) -> usize {
        let table = if self.has_small_table() { 0 } else { (self.mask() + 1) * size_of::<setentry>() };
        self.ty().tp_basicsize as usize + table
    }

    /// Exchanges all that two sets hold.
    fn swap(&self, other: &Set) {
        let small = [self.has_small_table(), other.has_small_table()];
        self.fill.swap(&other.fill);
        self.used.swap(&other.used);
        self.mask.swap(&other.mask);
        self.table.swap(&other.table);
        self.smalltable.iter().zip(&other.smalltable).for_each(|(a, b)| a.swap(b));
        if small[1] {
            self.table.set(self.small_table());
        }
        if small[0] {
            other.table.set(other.small_table());
        }
        self.hash.set(-1);
        other.hash.set(-1);
    }

    fn drop_keys(ts: &ThreadState, this: &Set) {
        super::weakref::clear_references_of(ts, this);
        this.clear(ts);
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        for i in 0..=self.mask() {
            // SAFETY: NULL or a key that the set owns.
            if let Some(key) = unsafe { Object::from_nullable(self.entry(i).key) } {
                visitor.object(key)?;
            }
        }
        Ok(())
    }

    fn clear_slot(&self) {
        self.clear(ThreadState::current());
    }

    /// Has a frozenset tracked if anything in it may be part of a cycle.
    fn track_if_needed(&self) {
        let mut position = 0;
        while let Some((next, key, _)) = self.next_entry(position) {
            if key.ty().is_gc() {
                return gc_track(self);
            }
            position = next;
        }
    }
}

/// Enters what is known to be new in a table with nothing removed.
///
/// # Safety
/// `table` has `mask` + 1 places, one of them free.
#[inline(always)]
unsafe fn insert_clean(table: *mut setentry, mask: usize, entry: setentry) {
    let mut probe = Probe::new(entry.hash, mask);
    loop {
        // SAFETY: within the table.
        let place = unsafe { &mut *table.add(probe.next()) };
        if place.key.is_null() {
            *place = entry;
            return;
        }
    }
}

/// Equality of keys whose types are known to run no foreign code.
#[inline(always)]
fn equal_without_calls(a: &Object, b: &Object) -> Option<bool> {
    if let (Some(a), Some(b)) = (a.downcast_exact::<Str>(), b.downcast_exact::<Str>()) {
        return Some(a.equals(b));
    }
    match (a.downcast_exact::<Int>(), b.downcast_exact::<Int>()) {
        (Some(a), Some(b)) if a.is_compact() && b.is_compact() => Some(a.compact_value() == b.compact_value()),
        _ => None,
    }
}

#[allow(clippy::declare_interior_mutable_const)]
const TEMPLATE: Type = Type {
    tp_basicsize: size_of::<Set>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE | _Py_TPFLAGS_MATCH_SELF),
    tp_weaklistoffset: core::mem::offset_of!(PySetObject, weakreflist) as isize,
    tp_dealloc: slot::dealloc(Set::drop_keys),
    tp_traverse: slot::traverse(Set::visit),
    tp_clear: slot::clear(Set::clear_slot),
    tp_repr: slot::unary(methods::repr),
    tp_as_sequence: Cell::new(table(&methods::AS_SEQUENCE)),
    tp_richcompare: slot::richcompare(ops::compare),
    tp_iter: slot::unary(iterator::new),
    ..STATIC_TYPE
};

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PySet_Type: Type = Type {
    tp_name: c"set".as_ptr(),
    tp_doc: Cell::new(
        c"set(iterable=(), /)\n--\n\nA collection of different items, in no order: empty or of the items of an iterable."
            .as_ptr(),
    ),
    tp_as_number: Cell::new(table(&methods::SET_NUMBER)),
    tp_hash: slot::unhashable(),
    tp_methods: entries(&methods::SET_METHODS),
    tp_init: slot::init(methods::init),
    tp_new: slot::new(methods::new_set),
    tp_vectorcall: slot::vectorcall(methods::construct_set),
    ..TEMPLATE
};

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyFrozenSet_Type: Type = Type {
    tp_name: c"frozenset".as_ptr(),
    tp_doc: Cell::new(
        c"frozenset(iterable=(), /)\n--\n\nA set that does not change: empty or of the items of an iterable.".as_ptr(),
    ),
    tp_as_number: Cell::new(table(&methods::FROZENSET_NUMBER)),
    tp_hash: slot::hash(methods::hash),
    tp_methods: entries(&methods::FROZENSET_METHODS),
    tp_new: slot::new(methods::new_frozenset),
    tp_vectorcall: slot::vectorcall(methods::construct_frozenset),
    ..TEMPLATE
};
