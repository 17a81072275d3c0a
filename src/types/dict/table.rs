//! The table of a dict: entries in insertion order, and an index into them by hash.
//!
//! One block of the heap: this header, then the index (a power of two of places, each one, two or four bytes
//! wide, by how many entries there can be), then the entries. A place holds an entry's number, or says that
//! it never held one (the end of a search), or that its entry was removed. At most two thirds of the places
//! are ever used, so a search ends. A table never grows; the dict makes a new one.
//!
//! Dicts that are copies of one another share a table ([`Table::share`]) until one of them is changed: it then gets its
//! own. Only tables of names and plain values are shared: those hold nothing, so that nobody misses that a
//! copy does not refer to them once more: not the collector, which counts, and no finalizer.

use core::cell::Cell;
use core::ptr;

use crate::object::{Object, Owned, Result};
use crate::runtime::ThreadState;
use crate::types::bool::{is_false, is_true};
use crate::types::singletons::is_none;
use crate::types::{Dict, Int, Str, is_plain};

#[repr(C)]
struct Entry {
    hash: Cell<isize>,
    /// NULL once removed.
    key: Cell<*mut Object>,
    value: Cell<*mut Object>,
}

impl Entry {
    /// Whether its value holds nothing and ends without being noticed.
    fn is_plain(&self) -> bool {
        // SAFETY: a used entry's value lives.
        let value = unsafe { &*self.value.get() };
        is_plain(value) || is_none(value) || is_true(value) || is_false(value)
    }
}

#[repr(C, align(8))]
pub struct Table {
    /// Places in the index, and bytes of it, as powers of two.
    log2_places: u8,
    log2_index: u8,
    /// Every key so far was an exact str: then equality of keys runs no foreign code.
    all_str: Cell<bool>,
    /// Some value so far was one whose references are counted. Else copying and dropping pass the values over.
    counts_values: Cell<bool>,
    /// Every value is plain, as a copy has found out; to be asked again after a change.
    is_plain: Cell<bool>,
    /// How many dicts besides one have this table. Then it is not to be changed.
    sharers: Cell<u16>,
    /// How many entries may still be added. A removed one leaves its place used, so it does not come back.
    usable: Cell<u32>,
    /// Entries so far, removed ones included.
    used: Cell<u32>,
}

const EMPTY: usize = usize::MAX;
const REMOVED: usize = usize::MAX - 1;

/// How a search by foreign comparison ended.
pub enum Find {
    Found(usize),
    Missing,
    /// A comparison changed the dict.
    Changed,
}

/// Entries that an index of so many places bears.
const fn room_of(log2_places: u8) -> usize {
    (1 << log2_places) * 2 / 3
}

impl Table {
    /// A table with room for at least `n` entries.
    pub fn with_room_for(ts: &ThreadState, n: usize) -> Result<*mut Table> {
        if n > u32::MAX as usize / 2 {
            return Err(ts.no_memory());
        }
        let log2_places = (n * 3 / 2 + 1).next_power_of_two().max(8).trailing_zeros() as u8;
        let room = room_of(log2_places);
        let log2_width = match room {
            0..0xFE => 0,
            0xFE..0xFFFE => 1,
            _ => 2,
        };
        let log2_index = log2_places + log2_width;
        let size = size_of::<Table>() + (1 << log2_index) + room * size_of::<Entry>();
        let table = ts.alloc(size)?.as_ptr().cast::<Table>();
        // SAFETY: the block has that size.
        unsafe {
            table.write(Table {
                log2_places,
                log2_index,
                all_str: Cell::new(true),
                counts_values: Cell::new(false),
                is_plain: Cell::new(false),
                sharers: Cell::new(0),
                usable: Cell::new(room as u32),
                used: Cell::new(0),
            });
            table.add(1).cast::<u8>().write_bytes(0xFF, 1 << log2_index);
        }
        Ok(table)
    }

    /// Bytes of the whole block.
    pub fn size(&self) -> usize {
        size_of::<Table>() + (1 << self.log2_index) + room_of(self.log2_places) * size_of::<Entry>()
    }

    #[inline(always)]
    fn index(&self) -> *mut u8 {
        // SAFETY: the index follows the header.
        unsafe { ptr::from_ref(self).add(1).cast::<u8>().cast_mut() }
    }

    #[inline(always)]
    fn mask(&self) -> usize {
        (1 << self.log2_places) - 1
    }

    #[inline(always)]
    fn place(&self, i: usize) -> usize {
        // SAFETY: `i` is masked.
        unsafe {
            match self.log2_index - self.log2_places {
                0 => mark(self.index().add(i).read() as usize, 0xFF),
                1 => mark(self.index().cast::<u16>().add(i).read() as usize, 0xFFFF),
                _ => mark(self.index().cast::<u32>().add(i).read() as usize, 0xFFFF_FFFF),
            }
        }
    }

    #[inline(always)]
    fn set_place(&self, i: usize, entry: usize) {
        // SAFETY: as above; truncation turns the marks into all ones, and all ones but the last bit.
        unsafe {
            match self.log2_index - self.log2_places {
                0 => self.index().add(i).write(entry as u8),
                1 => self.index().cast::<u16>().add(i).write(entry as u16),
                _ => self.index().cast::<u32>().add(i).write(entry as u32),
            }
        }
    }

    #[inline(always)]
    fn entry(&self, i: usize) -> &Entry {
        debug_assert!(i < room_of(self.log2_places));
        // SAFETY: entries follow the index; only used ones are asked for.
        unsafe { &*self.index().add(1 << self.log2_index).cast::<Entry>().add(i) }
    }

    #[inline]
    pub fn key(&self, i: usize) -> &Object {
        // SAFETY: a used entry's key lives.
        unsafe { &*self.entry(i).key.get() }
    }

    #[inline]
    pub fn value(&self, i: usize) -> &Object {
        // SAFETY: a used entry's value lives.
        unsafe { &*self.entry(i).value.get() }
    }

    #[inline(always)]
    pub fn all_str(&self) -> bool {
        self.all_str.get()
    }

    #[inline(always)]
    pub fn has_room(&self) -> bool {
        self.usable.get() > 0
    }

    /// How many entries may still be added.
    pub fn usable(&self) -> usize {
        self.usable.get() as usize
    }

    /// Entries so far, removed ones included.
    #[inline(always)]
    pub fn entry_count(&self) -> usize {
        self.used.get() as usize
    }

    /// Searches for an exact str: the entry, or the free place that the search ended at. Keys that are no
    /// exact strs are passed over. Identity first, then hash, then text.
    #[inline(always)]
    pub fn probe_str(&self, name: &Str, hash: isize) -> core::result::Result<usize, usize> {
        let mask = self.mask();
        let mut perturb = hash as usize;
        let mut i = perturb & mask;
        loop {
            let n = self.place(i);
            if n < REMOVED {
                let entry = self.entry(n);
                if ptr::eq(entry.key.get(), name.as_ptr()) {
                    return Ok(n);
                }
                // Most searches end with the very object, or with none: this loop calls nothing, and needs no frame.
                if entry.hash.get() == hash {
                    return self.probe_text(name, hash);
                }
            } else if n == EMPTY {
                return Err(i);
            }
            perturb >>= 5;
            i = (i * 5 + perturb + 1) & mask;
        }
    }

    /// The same search, comparing texts as well.
    #[inline(never)]
    fn probe_text(&self, name: &Str, hash: isize) -> core::result::Result<usize, usize> {
        self.probe(hash, |key| key.equals(name))
    }

    /// The same for ASCII text that is no object yet.
    #[inline]
    pub fn find_ascii(&self, text: &[u8], hash: isize) -> Option<usize> {
        let equal = |key: &Str| key.as_ascii().is_some_and(|k| k.as_bytes() == text);
        self.probe(hash, equal).ok()
    }

    #[inline(always)]
    fn probe(&self, hash: isize, equal: impl Fn(&Str) -> bool) -> core::result::Result<usize, usize> {
        let mask = self.mask();
        let mut perturb = hash as usize;
        let mut i = perturb & mask;
        loop {
            let n = self.place(i);
            if n < REMOVED {
                let entry = self.entry(n);
                // SAFETY: an indexed entry's key lives.
                let key = || unsafe { &*entry.key.get() };
                if entry.hash.get() == hash && key().downcast_exact::<Str>().is_some_and(&equal) {
                    return Ok(n);
                }
            } else if n == EMPTY {
                return Err(i);
            }
            perturb >>= 5;
            i = (i * 5 + perturb + 1) & mask;
        }
    }

    /// Searches with the keys' own `__eq__`.
    pub fn find(&self, ts: &ThreadState, key: &Object, hash: isize, dict: &Dict) -> Result<Find> {
        let mask = self.mask();
        let mut perturb = hash as usize;
        let mut i = perturb & mask;
        loop {
            let n = self.place(i);
            if n < REMOVED {
                let entry = self.entry(n);
                let candidate = entry.key.get();
                if ptr::eq(candidate, key) {
                    return Ok(Find::Found(n));
                }
                if entry.hash.get() == hash {
                    // SAFETY: an indexed entry's key lives.
                    let candidate = unsafe { &*candidate };
                    let equal = match equal_without_calls(candidate, key) {
                        Some(equal) => equal,
                        None => match self.compare(ts, (n, candidate), key, dict)? {
                            Some(equal) => equal,
                            None => return Ok(Find::Changed),
                        },
                    };
                    if equal {
                        return Ok(Find::Found(n));
                    }
                }
            } else if n == EMPTY {
                return Ok(Find::Missing);
            }
            perturb >>= 5;
            i = (i * 5 + perturb + 1) & mask;
        }
    }

    /// Equality by the keys' own `__eq__`; nothing if it changed the dict. Another table may have been made where
    /// this one was, so what is left of this one is looked at with care.
    #[inline(never)]
    fn compare(
        &self,
        ts: &ThreadState,
        (n, candidate): (usize, &Object),
        key: &Object,
        dict: &Dict,
    ) -> Result<Option<bool>> {
        let mask = self.mask();
        let candidate = Owned::new(candidate);
        let equal = crate::protocol::object::equal(ts, &candidate, key)?;
        let unchanged = dict.table().is_some_and(|table| ptr::eq(table, self))
            && self.mask() == mask
            && n < self.entry_count()
            && ptr::eq(self.entry(n).key.get(), &*candidate);
        Ok(unchanged.then_some(equal))
    }

    /// Adds an entry whose key is known to be missing; there is room.
    #[inline]
    pub fn push(&self, key: Owned<Object>, hash: isize, value: Owned<Object>) {
        let place = self.free_place(hash);
        self.push_at(place, key, hash, value);
    }

    /// The same where the free place is known.
    #[inline(always)]
    pub fn push_at(&self, place: usize, key: Owned<Object>, hash: isize, value: Owned<Object>) {
        if !key.is_exact::<Str>() {
            self.all_str.set(false);
        }
        self.heed_value(&value);
        let n = self.used.get() as usize;
        let entry = self.entry(n);
        entry.hash.set(hash);
        entry.key.set(key.into_raw());
        entry.value.set(value.into_raw());
        self.used.set(n as u32 + 1);
        self.usable.set(self.usable.get() - 1);
        self.set_place(place, n);
    }

    #[inline(always)]
    fn heed_value(&self, value: &Object) {
        debug_assert!(!self.is_common());
        self.is_plain.set(false);
        if !value.is_never_counted() {
            self.counts_values.set(true);
        }
    }

    #[inline(always)]
    fn free_place(&self, hash: isize) -> usize {
        let mask = self.mask();
        let mut perturb = hash as usize;
        let mut i = perturb & mask;
        while self.place(i) < REMOVED {
            perturb >>= 5;
            i = (i * 5 + perturb + 1) & mask;
        }
        i
    }

    #[inline]
    pub fn replace_value(&self, i: usize, value: Owned<Object>) -> Owned<Object> {
        self.heed_value(&value);
        // SAFETY: the entry owned the old value.
        unsafe { Owned::from_stolen(self.entry(i).value.replace(value.into_raw())) }
    }

    /// Takes an entry out; its number stays unused.
    pub fn remove(&self, n: usize) -> (Owned<Object>, Owned<Object>) {
        debug_assert!(!self.is_common());
        let entry = self.entry(n);
        let mask = self.mask();
        let mut perturb = entry.hash.get() as usize;
        let mut i = perturb & mask;
        while self.place(i) != n {
            perturb >>= 5;
            i = (i * 5 + perturb + 1) & mask;
        }
        self.set_place(i, REMOVED);
        // SAFETY: the entry owned both.
        unsafe {
            (
                Owned::from_stolen(entry.key.replace(ptr::null_mut())),
                Owned::from_stolen(entry.value.replace(ptr::null_mut())),
            )
        }
    }

    /// The used entries, removed ones among them.
    #[inline(always)]
    fn entries(&self) -> &[Entry] {
        // SAFETY: entries follow the index, so many of them written.
        unsafe {
            let first = self.index().add(1 << self.log2_index).cast::<Entry>();
            core::slice::from_raw_parts(first, self.entry_count())
        }
    }

    /// The first entry at or behind `position` that is in use.
    #[inline]
    pub fn next_entry(&self, position: usize) -> Option<usize> {
        self.next_item(position).map(|(i, ..)| i)
    }

    /// The same, with its key, value and hash.
    #[inline]
    pub fn next_item(&self, position: usize) -> Option<(usize, &Object, &Object, isize)> {
        let entries = self.entries();
        let mut i = position;
        while let Some(entry) = entries.get(i) {
            // SAFETY: a used entry's key and value live; a removed one has no key.
            if let Some(key) = unsafe { Object::from_nullable(entry.key.get()) } {
                // SAFETY: as above.
                return Some((i, key, unsafe { &*entry.value.get() }, entry.hash.get()));
            }
            i += 1;
        }
        None
    }

    /// The last entry before `position` that is in use.
    #[inline]
    pub fn previous_entry(&self, position: usize) -> Option<usize> {
        (0..position.min(self.entry_count())).rev().find(|&i| !self.entry(i).key.get().is_null())
    }

    /// Forgets the removed entries from `n` on: nothing behind is in use.
    pub fn truncate(&self, n: usize) {
        self.used.set(n as u32);
    }

    #[inline(always)]
    pub fn is_common(&self) -> bool {
        self.sharers.get() != 0
    }

    /// Lets one more dict have this table, in which no entry was removed, if nothing in it is more than a plain value.
    pub fn share(&self) -> bool {
        if !self.is_plain.get() {
            if !self.all_str() || !self.entries().iter().all(Entry::is_plain) {
                return false;
            }
            self.is_plain.set(true);
        }
        let Some(sharers) = self.sharers.get().checked_add(1) else { return false };
        self.sharers.set(sharers);
        true
    }

    /// A copy of the whole table, in which no entry was removed, with references of its own.
    pub fn duplicate(&self, ts: &ThreadState) -> Result<*mut Table> {
        let size = self.size() - (room_of(self.log2_places) - self.entry_count()) * size_of::<Entry>();
        let copy = ts.alloc(self.size())?.as_ptr();
        // SAFETY: a block of the same size; what lies behind the used entries is not looked at.
        let copy = unsafe {
            copy.copy_from_nonoverlapping(ptr::from_ref(self).cast(), size);
            &*copy.cast::<Table>()
        };
        copy.sharers.set(0);
        // SAFETY: a used entry's key and value live.
        self.entries().iter().for_each(|entry| unsafe { (*entry.key.get()).incref() });
        if self.counts_values.get() {
            // SAFETY: as above.
            self.entries().iter().for_each(|entry| unsafe { (*entry.value.get()).incref() });
        }
        Ok(ptr::from_ref(copy).cast_mut())
    }

    /// Moves all entries to a fresh, larger table, and frees this one.
    ///
    /// # Safety
    /// `new` is empty and has room; `self` is not used afterwards.
    pub unsafe fn move_to(&self, new: &Table, ts: &ThreadState) {
        new.all_str.set(self.all_str());
        new.counts_values.set(self.counts_values.get());
        let mut position = 0;
        let mut count = 0;
        while let Some(i) = self.next_entry(position) {
            let (from, to) = (self.entry(i), new.entry(count));
            to.hash.set(from.hash.get());
            to.key.set(from.key.get());
            to.value.set(from.value.get());
            new.set_place(new.free_place(from.hash.get()), count);
            count += 1;
            position = i + 1;
        }
        new.used.set(count as u32);
        new.usable.set(new.usable.get() - count as u32);
        // SAFETY: made by this heap, and its entries have moved.
        unsafe { ts.free(ptr::from_ref(self).cast_mut().cast()) };
    }

    /// Takes the table from a dict. Unless others share it, all its entries are dropped, and it is freed.
    ///
    /// # Safety
    /// The dict does not have it any more.
    pub unsafe fn release(table: *mut Table, ts: &ThreadState) {
        // SAFETY: the caller's promise.
        unsafe {
            if (*table).is_common() {
                (*table).sharers.set((*table).sharers.get() - 1);
                return;
            }
            let counts_values = (*table).counts_values.get();
            for entry in (*table).entries().iter().filter(|entry| !entry.key.get().is_null()) {
                drop(Owned::<Object>::from_stolen(entry.key.get()));
                if counts_values {
                    drop(Owned::<Object>::from_stolen(entry.value.get()));
                }
            }
            ts.free(table.cast());
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

/// Widens a stored number, and the two marks with it.
#[inline(always)]
fn mark(stored: usize, all_ones: usize) -> usize {
    if stored >= all_ones - 1 { stored.wrapping_sub(all_ones).wrapping_sub(1) } else { stored }
}

const _: () = assert!(size_of::<Table>() == 16);
