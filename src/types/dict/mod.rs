//! `dict`: insertion-ordered, open addressing.
//!
//! [`table`] holds the entries and the index; this file is what a dict does with them, [`merge`] how it is filled
//! from others, [`methods`] what Python sees by name; [`shared`] is about the dicts of types that interpreters share.
//! Looking a key up may run foreign `__eq__`, which may change the very table that is searched; a lookup notices and
//! starts again. Only the rebuilding of a table moves entries, so positions stay good while values alone are changed. A
//! table may be several dicts' ([`Table::share`]): [`Dict::unshare`] stands before every change of one.

use core::cell::Cell;
use core::ptr;

pub mod iterator;
pub mod merge;
mod methods;
pub mod shared;
pub mod table;
pub mod views;

pub use methods::subscript;

use super::{Int, List, STATIC_FLAGS, STATIC_TYPE, Str, Tuple, entries, slot};
use crate::ffi::*;
use crate::object::{Object, Owned, Raised, Result, Type};
use crate::runtime::ThreadState;
use crate::types::exceptions::{KEY_ERROR, TYPE_ERROR};
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
            ts.track_new(&dict);
            Ok(dict)
        }
    }

    /// An empty dict with room for `n` entries.
    pub fn with_room(ts: &ThreadState, n: usize) -> Result<Owned<Dict>> {
        let dict = Dict::new(ts)?;
        dict.reserve(ts, n)?;
        Ok(dict)
    }

    /// The entries; none where there are none, or where they are another dict's ([`shared`]).
    #[inline(always)]
    fn own_table(&self) -> Option<&Table> {
        // SAFETY: NULL or a table that the dict owns.
        unsafe { self.ma_keys.get().cast::<Table>().as_ref() }
    }

    /// The entries, whoever's they are. What is searched most often begins with [`Dict::own_table`], and comes here where
    /// there is none.
    #[inline]
    fn table(&self) -> Option<&Table> {
        self.current().own_table()
    }

    /// The dict's own table, whose entries are to be changed, and which is no other dict's from here on. They stay where
    /// they are.
    #[inline(always)]
    fn unshare<'a>(&'a self, ts: &ThreadState, table: &'a Table) -> Result<&'a Table> {
        if table.is_common() { self.replace_table(ts, table) } else { Ok(table) }
    }

    #[cold]
    #[inline(never)]
    fn replace_table(&self, ts: &ThreadState, table: &Table) -> Result<&Table> {
        let own = table.duplicate(ts)?;
        let common = self.ma_keys.replace(own.cast());
        // SAFETY: one was the dict's until now, the other is.
        unsafe {
            Table::release(common.cast(), ts);
            Ok(&*own)
        }
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.current().ma_used.get() as usize
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether every key is known to be an exact str: then looking one up runs no foreign code.
    #[inline]
    pub fn has_only_names(&self) -> bool {
        match self.own_table() {
            Some(table) => table.all_str(),
            None => !self.is_shared(),
        }
    }

    /// The value of a name: an exact str, so nothing foreign runs and nothing fails.
    #[inline]
    pub fn get_name(&self, name: &Str) -> Option<&Object> {
        let Some(table) = self.own_table() else {
            return if self.is_shared() { self.get_name_shared(name) } else { None };
        };
        table.probe_str(name, name.hash()).ok().map(|i| table.value(i))
    }

    /// The value of a name given as UTF-8. Only where a key might be equal to it that is no exact str does it
    /// become an object.
    pub fn get_text(&self, ts: &ThreadState, text: &str) -> Result<Option<&Object>> {
        let Some(table) = self.own_table() else {
            return if self.is_shared() { self.get_text_shared(ts, text) } else { Ok(None) };
        };
        if table.all_str() && text.is_ascii() {
            let hash = super::hash::hash_bytes(text.as_bytes());
            return Ok(table.find_ascii(text.as_bytes(), hash).map(|i| table.value(i)));
        }
        let key = Str::new(ts, text)?;
        Ok(self.find(ts, &key, key.hash())?.map(|(table, i)| table.value(i)))
    }

    /// The hash of `key`, for which a dict has a message of its own.
    #[inline(always)]
    pub fn hash_key(ts: &ThreadState, key: &Object) -> Result<isize> {
        match quick_hash(key) {
            Some(hash) => Ok(hash),
            None => Dict::ask_hash(ts, key),
        }
    }

    #[inline(never)]
    fn ask_hash(ts: &ThreadState, key: &Object) -> Result<isize> {
        crate::protocol::object::hash(ts, key).map_err(|raised| unhashable(ts, raised, key, "a dict key"))
    }

    /// The value of `key`. The reference is new, since a comparison may have changed the dict meanwhile.
    #[inline]
    pub fn get(&self, ts: &ThreadState, key: &Object) -> Result<Option<Owned<Object>>> {
        Ok(self.find_key(ts, key)?.map(|(table, i)| Owned::new(table.value(i))))
    }

    /// The same without a reference of its own: good until anything else happens to the dict.
    #[inline(always)]
    pub fn peek(&self, ts: &ThreadState, key: &Object) -> Result<Option<&Object>> {
        Ok(self.find_key(ts, key)?.map(|(table, i)| table.value(i)))
    }

    #[inline]
    pub fn get_with_hash(&self, ts: &ThreadState, key: &Object, hash: isize) -> Result<Option<Owned<Object>>> {
        Ok(self.get_borrowed(ts, key, hash)?.map(Owned::new))
    }

    /// The same without a reference of its own: good until anything else happens to the dict.
    #[inline]
    pub fn get_borrowed(&self, ts: &ThreadState, key: &Object, hash: isize) -> Result<Option<&Object>> {
        Ok(self.find(ts, key, hash)?.map(|(table, i)| table.value(i)))
    }

    #[inline]
    pub fn contains(&self, ts: &ThreadState, key: &Object) -> Result<bool> {
        Ok(self.find_key(ts, key)?.is_some())
    }

    #[inline]
    pub fn contains_with_hash(&self, ts: &ThreadState, key: &Object, hash: isize) -> Result<bool> {
        Ok(self.find(ts, key, hash)?.is_some())
    }

    /// The table and the entry of `key` in it.
    #[inline(always)]
    fn find_key(&self, ts: &ThreadState, key: &Object) -> Result<Option<(&Table, usize)>> {
        // A name in a dict of names, as in most searches: nothing foreign runs, and nothing fails.
        if let Some(name) = key.downcast_exact::<Str>()
            && let Some(table) = self.own_table().filter(|t| t.all_str())
        {
            return Ok(table.probe_str(name, name.hash()).ok().map(|i| (table, i)));
        }
        self.find_by_equality(ts, key, Dict::hash_key(ts, key)?)
    }

    /// The same where the hash is known.
    #[inline(always)]
    fn find(&self, ts: &ThreadState, key: &Object, hash: isize) -> Result<Option<(&Table, usize)>> {
        match self.own_table() {
            Some(table) if table.all_str() => {
                if let Some(key) = key.downcast_exact::<Str>() {
                    return Ok(table.probe_str(key, hash).ok().map(|i| (table, i)));
                }
            }
            None if !self.is_shared() => return Ok(None),
            _ => {}
        }
        self.find_by_equality(ts, key, hash)
    }

    #[inline(never)]
    fn find_by_equality(&self, ts: &ThreadState, key: &Object, hash: isize) -> Result<Option<(&Table, usize)>> {
        loop {
            let Some(table) = self.table() else { return Ok(None) };
            match table.find(ts, key, hash, self)? {
                Find::Found(i) => return Ok(Some((table, i))),
                Find::Missing => return Ok(None),
                Find::Changed => continue,
            }
        }
    }

    #[inline]
    pub fn set(&self, ts: &ThreadState, key: &Object, value: &Object) -> Result<()> {
        self.set_with_hash(ts, key, Dict::hash_key(ts, key)?, value)
    }

    /// Gives a name in a dict of names a new value; `false`, and nothing done, where that is not what there is.
    /// The old value ends when all is done: the dict need not be held.
    #[inline(always)]
    pub fn replace_name(&self, name: &Str, value: &Object) -> bool {
        let is_quick = |table: &&Table| table.all_str() && !table.is_common() && name.is_exact::<Str>();
        let Some(table) = self.own_table().filter(is_quick) else { return false };
        let Ok(i) = table.probe_str(name, name.hash()) else { return false };
        drop(table.replace_value(i, Owned::new(value)));
        true
    }

    #[inline]
    pub fn set_name(&self, ts: &ThreadState, name: &Str, value: &Object) -> Result<()> {
        self.set_with_hash(ts, name, name.hash(), value)
    }

    pub fn set_with_hash(&self, ts: &ThreadState, key: &Object, hash: isize, value: &Object) -> Result<()> {
        if let Some(table) = self.own_table().filter(|t| t.all_str())
            && let Some(name) = key.downcast_exact::<Str>()
        {
            match table.probe_str(name, hash) {
                Ok(i) => drop(self.unshare(ts, table)?.replace_value(i, Owned::new(value))),
                Err(place) if table.has_room() => {
                    self.unshare(ts, table)?.push_at(place, Owned::new(key), hash, Owned::new(value));
                    self.ma_used.set(self.ma_used.get() + 1);
                }
                Err(_) => self.insert_new(ts, Owned::new(key), hash, Owned::new(value))?,
            }
            return Ok(());
        }
        if self.is_shared() {
            return self.to_change(ts)?.set_with_hash(ts, key, hash, value);
        }
        match self.find(ts, key, hash)? {
            Some((table, i)) => drop(self.unshare(ts, table)?.replace_value(i, Owned::new(value))),
            None => self.insert_new(ts, Owned::new(key), hash, Owned::new(value))?,
        }
        Ok(())
    }

    /// Sets the value of a name given as UTF-8; a new key is an interned str.
    pub fn set_text(&self, ts: &ThreadState, text: &str, value: &Object) -> Result<()> {
        if let Some(table) = self.own_table().filter(|t| t.all_str() && text.is_ascii())
            && let Some(i) = table.find_ascii(text.as_bytes(), super::hash::hash_bytes(text.as_bytes()))
        {
            drop(self.unshare(ts, table)?.replace_value(i, Owned::new(value)));
            return Ok(());
        }
        self.set_name(ts, &*Str::interned(ts, text)?, value)
    }

    /// The value of `key`, which becomes `default` if there is none; and whether there was one.
    pub fn set_default(&self, ts: &ThreadState, key: &Object, default: &Object) -> Result<(Owned<Object>, bool)> {
        let hash = Dict::hash_key(ts, key)?;
        if let Some((table, i)) = self.find(ts, key, hash)? {
            return Ok((Owned::new(table.value(i)), true));
        }
        if self.is_shared() {
            return self.to_change(ts)?.set_default(ts, key, default);
        }
        self.insert_new(ts, Owned::new(key), hash, Owned::new(default))?;
        Ok((Owned::new(default), false))
    }

    /// Adds a key that is known to be missing.
    fn insert_new(&self, ts: &ThreadState, key: Owned<Object>, hash: isize, value: Owned<Object>) -> Result<()> {
        let table = match self.own_table() {
            Some(table) if table.has_room() => self.unshare(ts, table)?,
            _ => self.rebuild(ts, (self.len() * 3).max(5))?,
        };
        table.push(key, hash, value);
        self.ma_used.set(self.ma_used.get() + 1);
        Ok(())
    }

    /// Moves to a table with room for `n` entries, all that there are among them.
    #[inline(never)]
    fn rebuild(&self, ts: &ThreadState, n: usize) -> Result<&Table> {
        let old = self.own_table().map(|table| self.unshare(ts, table)).transpose()?;
        let new = Table::with_room_for(ts, n)?;
        if let Some(old) = old {
            // SAFETY: `new` is fresh and has room for all; `old`'s entries are moved, and then it is freed.
            unsafe { old.move_to(&*new, ts) };
        }
        self.ma_keys.set(new.cast());
        // SAFETY: just made.
        Ok(unsafe { &*new })
    }

    /// Makes room for `more` new keys.
    pub fn reserve(&self, ts: &ThreadState, more: usize) -> Result<()> {
        if more > self.own_table().map_or(0, Table::usable) {
            let this = self.to_change(ts)?;
            this.rebuild(ts, this.len() + more)?;
        }
        Ok(())
    }

    /// Removes `key`; `None` if it was missing.
    pub fn remove(&self, ts: &ThreadState, key: &Object) -> Result<Option<Owned<Object>>> {
        self.remove_with_hash(ts, key, Dict::hash_key(ts, key)?)
    }

    pub fn remove_with_hash(&self, ts: &ThreadState, key: &Object, hash: isize) -> Result<Option<Owned<Object>>> {
        if self.is_shared() {
            return self.to_change(ts)?.remove_with_hash(ts, key, hash);
        }
        let Some((table, i)) = self.find(ts, key, hash)? else { return Ok(None) };
        let table = self.unshare(ts, table)?;
        self.ma_used.set(self.ma_used.get() - 1);
        let (key, value) = table.remove(i);
        drop(key);
        Ok(Some(value))
    }

    /// Removes the entry that was added last.
    pub fn pop_last(&self, ts: &ThreadState) -> Result<Option<(Owned<Object>, Owned<Object>)>> {
        let this = self.to_change(ts)?;
        let Some(table) = this.own_table() else { return Ok(None) };
        let Some(i) = table.previous_entry(table.entry_count()) else { return Ok(None) };
        let table = this.unshare(ts, table)?;
        this.ma_used.set(this.ma_used.get() - 1);
        let entry = table.remove(i);
        table.truncate(i);
        Ok(Some(entry))
    }

    /// A new dict of the same entries.
    pub fn copy(&self, ts: &ThreadState) -> Result<Owned<Dict>> {
        let copy = Dict::new(ts)?;
        copy.copy_entries(ts, self)?;
        Ok(copy)
    }

    /// Takes over the entries of `other`; this one is empty. The table becomes that of both where that can be: what is
    /// immortal shares none, since others may have it that nothing may be written to.
    fn copy_entries(&self, ts: &ThreadState, other: &Dict) -> Result<()> {
        let other = other.current();
        let Some(table) = other.own_table().filter(|_| other.ma_used.get() != 0) else { return Ok(()) };
        let is_tight = other.len() == table.entry_count() && table.usable() <= 3 * other.len();
        let copy = if is_tight && !other.is_immortal() && table.share() {
            ptr::from_ref(table).cast_mut()
        } else if is_tight {
            table.duplicate(ts)?
        } else {
            let copy = Table::with_room_for(ts, other.len())?;
            let mut position = 0;
            while let Some((next, key, value, hash)) = other.next_entry(position) {
                // SAFETY: just made, with room for all.
                unsafe { (*copy).push(Owned::new(key), hash, Owned::new(value)) };
                position = next;
            }
            copy
        };
        self.ma_used.set(other.len() as isize);
        let old = self.ma_keys.replace(copy.cast()).cast::<Table>();
        if !old.is_null() {
            // SAFETY: it was this dict's, and is not any more.
            unsafe { Table::release(old, ts) };
        }
        Ok(())
    }

    /// Bytes of the dict and its table.
    pub fn size(&self) -> usize {
        self.ty().tp_basicsize as usize + self.table().map_or(0, Table::size)
    }

    /// The entry at or behind `position`, and the position to go on from.
    #[inline]
    pub fn next_entry(&self, position: usize) -> Option<(usize, &Object, &Object, isize)> {
        if self.is_shared() { self.next_entry_shared(position) } else { self.next_own_entry(position) }
    }

    /// The same for a dict that is known not to be shared.
    #[inline]
    pub fn next_own_entry(&self, position: usize) -> Option<(usize, &Object, &Object, isize)> {
        let table = self.own_table()?;
        table.next_item(position).map(|(i, key, value, hash)| (i + 1, key, value, hash))
    }

    /// The last entry before `position`, and where it is.
    #[inline]
    fn previous_entry(&self, position: usize) -> Option<(usize, &Object, &Object)> {
        let table = self.table()?;
        table.previous_entry(position).map(|i| (i, table.key(i), table.value(i)))
    }

    /// Entries so far, removed ones included: positions of [`Dict::next_entry`] end here.
    fn entry_count(&self) -> usize {
        self.table().map_or(0, Table::entry_count)
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

    /// A list of what `f` makes of each item.
    pub fn listed(
        &self,
        ts: &ThreadState,
        f: impl Fn(&ThreadState, &Object, &Object) -> Result<Owned<Object>>,
    ) -> Result<Owned<List>> {
        let list = List::with_room(ts, self.len())?;
        let mut position = 0;
        while let Some((next, key, value, _)) = self.next_entry(position) {
            list.append(ts, f(ts, key, value)?)?;
            position = next;
        }
        Ok(list)
    }

    pub fn clear(&self, ts: &ThreadState) {
        if self.is_shared() {
            return self.clear_shared(ts);
        }
        let table = self.ma_keys.replace(ptr::null_mut()).cast::<Table>();
        self.ma_used.set(0);
        if !table.is_null() {
            // SAFETY: it was the dict's, and is not any more.
            unsafe { Table::release(table, ts) };
        }
    }

    fn drop_entries(ts: &ThreadState, this: &Dict) {
        match this.take_of_process() {
            Some(entries) => drop(entries),
            None => this.clear(ts),
        }
    }

    fn visit_entries(&self, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        if let Some(entries) = self.of_process() {
            return visitor.object(entries);
        }
        let mut position = 0;
        while let Some((next, key, value, _)) = self.next_entry(position) {
            visitor.object(value)?;
            visitor.object(key)?;
            position = next;
        }
        Ok(())
    }

    fn clear_entries(&self) {
        self.clear(ThreadState::current());
    }
}

/// The hash of the most usual keys: names, and ints of one digit.
#[inline(always)]
pub fn quick_hash(key: &Object) -> Option<isize> {
    if let Some(name) = key.downcast_exact::<Str>() {
        return Some(name.hash());
    }
    key.downcast_exact::<Int>().filter(|n| n.is_compact()).map(|n| match n.compact_value() {
        -1 => -2,
        value => value as isize,
    })
}

/// The message for a key or element that cannot be hashed, in place of its type's own.
#[cold]
pub fn unhashable(ts: &ThreadState, raised: Raised, key: &Object, place: &str) -> Raised {
    if !ts.error.ty().is_some_and(|ty| ptr::eq(ty, &TYPE_ERROR)) {
        return raised;
    }
    let Some(why) = ts.take_raised() else { return raised };
    if !why.ty().is_subtype_of(&TYPE_ERROR) {
        // There was no memory to make it.
        ts.restore(why);
        return raised;
    }
    let text = crate::protocol::object::str(ts, &why);
    let (Ok(why), Ok(name)) = (text, super::weakref::type_text(ts, key.ty())) else { return Raised::already() };
    ts.raise(&TYPE_ERROR, format_args!("cannot use '{name}' as {place} ({why})"))
}

/// `KeyError(key)`, whatever the key is.
#[cold]
pub fn key_error(ts: &ThreadState, key: &Object) -> Raised {
    if key.is_exact::<Str>() {
        return ts.raise_value(&KEY_ERROR, Owned::new(key));
    }
    // A tuple, None or an exception would be taken for arguments.
    match Tuple::new(ts, &[key]) {
        Ok(args) => ts.raise_value(&KEY_ERROR, args.upcast()),
        Err(raised) => raised,
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
    tp_doc: Cell::new(
        c"dict(**kwargs)\ndict(mapping, /, **kwargs)\ndict(iterable, /, **kwargs)\n--\n\nA mapping of keys to values, in the order in which the keys came.".as_ptr(),
    ),
    tp_repr: slot::unary(methods::repr),
    tp_as_number: Cell::new(super::table(&methods::AS_NUMBER)),
    tp_as_sequence: Cell::new(super::table(&methods::AS_SEQUENCE)),
    tp_as_mapping: Cell::new(super::table(&methods::AS_MAPPING)),
    tp_hash: slot::unhashable(),
    tp_richcompare: slot::richcompare(methods::compare),
    tp_iter: slot::unary(iterator::keys),
    tp_methods: entries(&methods::METHODS),
    tp_init: slot::init(methods::init),
    tp_new: slot::new(methods::new),
    tp_vectorcall: slot::vectorcall(methods::construct),
    tp_dealloc: slot::dealloc(Dict::drop_entries),
    tp_traverse: slot::traverse(Dict::visit_entries),
    tp_clear: slot::clear(Dict::clear_entries),
    ..STATIC_TYPE
};
