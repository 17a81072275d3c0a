//! The table of a dict: entries in insertion order, and an index into them by hash.
//!
//! One block of the heap: this header, then the index (a power of two of places, each one, two or four bytes
//! wide, by how many entries there can be), then the entries. A place holds an entry's number, or says that
//! it never held one (the end of a search), or that its entry was removed. At most two thirds of the places
//! are ever used, so a search ends. A table never grows; the dict makes a new one.

use core::cell::Cell;
use core::ptr;

use crate::object::{Object, Owned, Result};
use crate::runtime::ThreadState;
use crate::types::{Dict, Str};

#[repr(C)]
struct Entry {
    hash: Cell<isize>,
    /// NULL once removed.
    key: Cell<*mut Object>,
    value: Cell<*mut Object>,
}

#[repr(C, align(8))]
pub struct Table {
    /// Places in the index, as a power of two, and the bytes of one.
    log2_places: u8,
    place_bytes: u8,
    /// Every key so far was an exact str: then equality of keys runs no foreign code.
    all_str: Cell<bool>,
    room: u32,
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

impl Table {
    /// A table with room for at least `n` entries.
    pub fn with_room_for(ts: &ThreadState, n: usize) -> Result<*mut Table> {
        let places = (n * 3 / 2 + 1).next_power_of_two().max(8);
        let room = places * 2 / 3;
        let place_bytes = if room < 0xFE {
            1
        } else if room < 0xFFFE {
            2
        } else {
            4
        };
        if room > u32::MAX as usize - 2 {
            return Err(ts.no_memory());
        }
        let index = places * place_bytes;
        let size = size_of::<Table>() + index + room * size_of::<Entry>();
        let table = ts.alloc(size)?.as_ptr().cast::<Table>();
        // SAFETY: the block has that size.
        unsafe {
            table.write(Table {
                log2_places: places.trailing_zeros() as u8,
                place_bytes: place_bytes as u8,
                all_str: Cell::new(true),
                room: room as u32,
                used: Cell::new(0),
            });
            table.add(1).cast::<u8>().write_bytes(0xFF, index);
        }
        Ok(table)
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
        // SAFETY: `i` is masked; the sign-extension turns the two marks into their values.
        unsafe {
            match self.place_bytes {
                1 => mark(self.index().add(i).read() as usize, 0xFF),
                2 => mark(self.index().cast::<u16>().add(i).read() as usize, 0xFFFF),
                _ => mark(self.index().cast::<u32>().add(i).read() as usize, 0xFFFF_FFFF),
            }
        }
    }

    #[inline(always)]
    fn set_place(&self, i: usize, entry: usize) {
        // SAFETY: as above; truncation turns the marks into all ones, and all ones but the last bit.
        unsafe {
            match self.place_bytes {
                1 => self.index().add(i).write(entry as u8),
                2 => self.index().cast::<u16>().add(i).write(entry as u16),
                _ => self.index().cast::<u32>().add(i).write(entry as u32),
            }
        }
    }

    #[inline(always)]
    fn entry(&self, i: usize) -> &Entry {
        debug_assert!(i < self.room as usize);
        // SAFETY: entries follow the index; only used ones are asked for.
        unsafe {
            let index = (1usize << self.log2_places) * usize::from(self.place_bytes);
            &*self.index().add(index).cast::<Entry>().add(i)
        }
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

    #[inline]
    pub fn entry_hash(&self, i: usize) -> isize {
        self.entry(i).hash.get()
    }

    #[inline(always)]
    pub fn all_str(&self) -> bool {
        self.all_str.get()
    }

    #[inline(always)]
    pub fn has_room(&self) -> bool {
        self.used.get() < self.room
    }

    /// Searches in a table whose keys are all exact strs. Identity first, then hash, then text.
    #[inline]
    pub fn find_str(&self, name: &Str, hash: isize) -> Option<usize> {
        if !self.all_str() {
            return None;
        }
        self.find_str_among_all(name, hash)
    }

    /// The same among any keys: others are passed over.
    #[inline]
    pub fn find_str_among_all(&self, name: &Str, hash: isize) -> Option<usize> {
        let mask = self.mask();
        let mut perturb = hash as usize;
        let mut i = perturb & mask;
        loop {
            let n = self.place(i);
            if n < REMOVED {
                let entry = self.entry(n);
                let key = entry.key.get();
                if ptr::eq(key, name.as_ptr()) {
                    return Some(n);
                }
                // SAFETY: an indexed entry's key lives.
                if entry.hash.get() == hash && unsafe { &*key }.downcast_exact::<Str>().is_some_and(|k| k.equals(name))
                {
                    return Some(n);
                }
            } else if n == EMPTY {
                return None;
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
                    // SAFETY: an indexed entry's key lives; held while foreign code runs.
                    let candidate = Owned::new(unsafe { &*candidate });
                    let equal = crate::protocol::object::equal(ts, &candidate, key)?;
                    let unchanged =
                        ptr::eq(dict.ma_keys.get().cast(), self) && ptr::eq(self.entry(n).key.get(), &*candidate);
                    match (unchanged, equal) {
                        (false, _) => return Ok(Find::Changed),
                        (true, true) => return Ok(Find::Found(n)),
                        (true, false) => {}
                    }
                }
            } else if n == EMPTY {
                return Ok(Find::Missing);
            }
            perturb >>= 5;
            i = (i * 5 + perturb + 1) & mask;
        }
    }

    /// Adds an entry whose key is known to be missing; there is room.
    #[inline]
    pub fn push(&self, key: Owned<Object>, hash: isize, value: Owned<Object>) {
        if !key.is_exact::<Str>() {
            self.all_str.set(false);
        }
        let n = self.used.get() as usize;
        let entry = self.entry(n);
        entry.hash.set(hash);
        entry.key.set(key.into_raw());
        entry.value.set(value.into_raw());
        self.used.set(n as u32 + 1);
        self.index_entry(n, hash);
    }

    #[inline(always)]
    fn index_entry(&self, n: usize, hash: isize) {
        let mask = self.mask();
        let mut perturb = hash as usize;
        let mut i = perturb & mask;
        while self.place(i) < REMOVED {
            perturb >>= 5;
            i = (i * 5 + perturb + 1) & mask;
        }
        self.set_place(i, n);
    }

    #[inline]
    pub fn replace_value(&self, i: usize, value: Owned<Object>) -> Owned<Object> {
        // SAFETY: the entry owned the old value.
        unsafe { Owned::from_stolen(self.entry(i).value.replace(value.into_raw())) }
    }

    /// Takes an entry out; its number stays unused.
    pub fn remove(&self, n: usize) -> (Owned<Object>, Owned<Object>) {
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

    /// The first entry at or behind `position` that is in use.
    #[inline]
    pub fn next_entry(&self, position: usize) -> Option<usize> {
        (position..self.used.get() as usize).find(|&i| !self.entry(i).key.get().is_null())
    }

    /// Moves all entries to a fresh, larger table, and frees this one.
    ///
    /// # Safety
    /// `new` is empty and has room; `self` is not used afterwards.
    pub unsafe fn move_to(&self, new: &Table, ts: &ThreadState) {
        new.all_str.set(self.all_str());
        let mut position = 0;
        let mut count = 0;
        while let Some(i) = self.next_entry(position) {
            let (from, to) = (self.entry(i), new.entry(count));
            to.hash.set(from.hash.get());
            to.key.set(from.key.get());
            to.value.set(from.value.get());
            new.index_entry(count, from.hash.get());
            count += 1;
            position = i + 1;
        }
        new.used.set(count as u32);
        // SAFETY: made by this heap, and its entries have moved.
        unsafe { ts.free(ptr::from_ref(self).cast_mut().cast()) };
    }

    /// Drops all entries, and frees the table.
    ///
    /// # Safety
    /// The table belongs to no dict any more.
    pub unsafe fn drop_all(table: *mut Table, ts: &ThreadState) {
        // SAFETY: the caller's promise.
        unsafe {
            let this = &*table;
            let mut position = 0;
            while let Some(i) = this.next_entry(position) {
                let entry = this.entry(i);
                drop(Owned::<Object>::from_stolen(entry.key.get()));
                drop(Owned::<Object>::from_stolen(entry.value.get()));
                position = i + 1;
            }
            ts.free(table.cast());
        }
    }
}

/// Widens a stored number, and the two marks with it.
#[inline(always)]
fn mark(stored: usize, all_ones: usize) -> usize {
    if stored >= all_ones - 1 { stored.wrapping_sub(all_ones).wrapping_sub(1) } else { stored }
}

const _: () = assert!(size_of::<Table>() == 16);
