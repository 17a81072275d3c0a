//! `dict`: insertion-ordered, open addressing.
//!
//! [`table`] holds the entries and the index; this file is what a dict does with them. Looking a key up may
//! run foreign `__eq__`, which may change the very table that is searched; a lookup notices and starts again.

use core::cell::Cell;
use core::ptr;

pub mod table;

use super::{STATIC_FLAGS, STATIC_TYPE, Str, slot};
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Object, Owned, Result, Type};
use crate::runtime::ThreadState;
use table::{Find, Table};

layout!(Dict = PyDictObject, PyDict_Type, Py_TPFLAGS_DICT_SUBCLASS);

impl Dict {
    pub fn new(ts: &ThreadState) -> Result<Owned<Dict>> {
        // SAFETY: all fields are written.
        unsafe {
            let dict = ts.new_object::<Dict>(&PyDict_Type, size_of::<Dict>())?;
            dict.ma_used.set(0);
            dict._ma_watcher_tag.set(0);
            dict.ma_keys.set(ptr::null_mut());
            dict.ma_values.set(ptr::null_mut());
            gc_track(&dict);
            Ok(dict)
        }
    }

    #[inline(always)]
    fn table(&self) -> Option<&Table> {
        // SAFETY: NULL or a table that the dict owns.
        unsafe { self.ma_keys.get().cast::<Table>().as_ref() }
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.ma_used.get() as usize
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a name: an exact str, so nothing foreign runs and nothing fails.
    #[inline]
    pub fn get_name(&self, name: &Str) -> Option<&Object> {
        let table = self.table()?;
        match table.find_str(name, name.hash()) {
            Some(i) => Some(table.value(i)),
            None if table.all_str() => None,
            None => table.find_str_among_all(name, name.hash()).map(|i| table.value(i)),
        }
    }

    /// The value of `key`. The reference is new, since a comparison may have changed the dict meanwhile.
    #[inline]
    pub fn get(&self, ts: &ThreadState, key: &Object) -> Result<Option<Owned<Object>>> {
        let hash = crate::protocol::object::hash(ts, key)?;
        self.get_with_hash(ts, key, hash)
    }

    #[inline]
    pub fn get_with_hash(&self, ts: &ThreadState, key: &Object, hash: isize) -> Result<Option<Owned<Object>>> {
        Ok(self.find(ts, key, hash)?.map(|(table, i)| Owned::new(table.value(i))))
    }

    /// The table and the entry of `key` in it.
    #[inline]
    fn find(&self, ts: &ThreadState, key: &Object, hash: isize) -> Result<Option<(&Table, usize)>> {
        loop {
            let Some(table) = self.table() else { return Ok(None) };
            if let Some(key) = key.downcast_exact::<Str>().filter(|_| table.all_str()) {
                return Ok(table.find_str(key, hash).map(|i| (table, i)));
            }
            match table.find(ts, key, hash, self)? {
                Find::Found(i) => return Ok(Some((table, i))),
                Find::Missing => return Ok(None),
                Find::Changed => continue,
            }
        }
    }

    pub fn set(&self, ts: &ThreadState, key: &Object, value: &Object) -> Result<()> {
        let hash = crate::protocol::object::hash(ts, key)?;
        self.set_with_hash(ts, key, hash, value)
    }

    pub fn set_with_hash(&self, ts: &ThreadState, key: &Object, hash: isize, value: &Object) -> Result<()> {
        match self.find(ts, key, hash)? {
            Some((table, i)) => drop(table.replace_value(i, Owned::new(value))),
            None => self.insert_new(ts, Owned::new(key), hash, Owned::new(value))?,
        }
        Ok(())
    }

    /// Adds a key that is known to be missing.
    fn insert_new(&self, ts: &ThreadState, key: Owned<Object>, hash: isize, value: Owned<Object>) -> Result<()> {
        let table = match self.table() {
            Some(table) if table.has_room() => table,
            _ => self.grow(ts)?,
        };
        table.push(key, hash, value);
        self.ma_used.set(self.ma_used.get() + 1);
        Ok(())
    }

    #[inline(never)]
    fn grow(&self, ts: &ThreadState) -> Result<&Table> {
        let new = Table::with_room_for(ts, (self.len() * 3).max(5))?;
        if let Some(old) = self.table() {
            // SAFETY: `new` is fresh and has room for all; `old`'s entries are moved, and then it is freed.
            unsafe { old.move_to(&*new, ts) };
        }
        self.ma_keys.set(new.cast());
        // SAFETY: just made.
        Ok(unsafe { &*new })
    }

    /// Removes `key`; `None` if it was missing.
    pub fn remove(&self, ts: &ThreadState, key: &Object) -> Result<Option<Owned<Object>>> {
        let hash = crate::protocol::object::hash(ts, key)?;
        let Some((table, i)) = self.find(ts, key, hash)? else { return Ok(None) };
        self.ma_used.set(self.ma_used.get() - 1);
        let (key, value) = table.remove(i);
        drop(key);
        Ok(Some(value))
    }

    pub fn set_name(&self, ts: &ThreadState, name: &Str, value: &Object) -> Result<()> {
        self.set_with_hash(ts, name, name.hash(), value)
    }

    /// The entry at or behind `position`, and the position to go on from.
    #[inline]
    pub fn next_entry(&self, position: usize) -> Option<(usize, &Object, &Object, isize)> {
        let table = self.table()?;
        table.next_entry(position).map(|i| (i + 1, table.key(i), table.value(i), table.entry_hash(i)))
    }

    /// All items as new references, for loops that run foreign code.
    pub fn items_vec(&self) -> Vec<(Owned<Object>, Owned<Object>)> {
        let mut items = Vec::with_capacity(self.len());
        let mut position = 0;
        while let Some((next, key, value, _)) = self.next_entry(position) {
            items.push((Owned::new(key), Owned::new(value)));
            position = next;
        }
        items
    }

    pub fn clear(&self, ts: &ThreadState) {
        let table = self.ma_keys.replace(ptr::null_mut()).cast::<Table>();
        self.ma_used.set(0);
        if !table.is_null() {
            // SAFETY: it was the dict's, and is not any more.
            unsafe { Table::drop_all(table, ts) };
        }
    }

    fn drop_entries(ts: &ThreadState, this: &Dict) {
        this.clear(ts);
    }

    fn visit_entries(&self, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        let mut position = 0;
        while let Some((next, key, value, _)) = self.next_entry(position) {
            visitor.object(key)?;
            visitor.object(value)?;
            position = next;
        }
        Ok(())
    }

    fn clear_entries(&self) {
        self.clear(ThreadState::current());
    }
}

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyDict_Type: Type = Type {
    tp_name: c"dict".as_ptr(),
    tp_basicsize: size_of::<Dict>() as isize,
    tp_flags: Cell::new(
        STATIC_FLAGS
            | Py_TPFLAGS_HAVE_GC
            | Py_TPFLAGS_BASETYPE
            | Py_TPFLAGS_DICT_SUBCLASS
            | Py_TPFLAGS_MAPPING
            | _Py_TPFLAGS_MATCH_SELF,
    ),
    tp_hash: slot::unhashable(),
    tp_dealloc: slot::dealloc(Dict::drop_entries),
    tp_traverse: slot::traverse(Dict::visit_entries),
    tp_clear: slot::clear(Dict::clear_entries),
    ..STATIC_TYPE
};
