//! Filling a dict from mappings, from pairs, and from keywords.

use super::Dict;
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::call::call;
use crate::protocol::{object, sequence};
use crate::runtime::ThreadState;
use crate::types::exceptions::{RUNTIME_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::{List, Set, Tuple, identifiers};

impl Dict {
    /// `self.update(source)`: a mapping if it has `keys`, else pairs.
    pub fn update(&self, ts: &ThreadState, source: &Object) -> Result<()> {
        if let Some(other) = source.downcast_exact::<Dict>() {
            return self.merge_dict(ts, other, true);
        }
        if object::find_attr(ts, source, &identifiers::keys)?.is_some() {
            return self.merge(ts, source, true);
        }
        self.merge_pairs(ts, source, true)
    }

    /// Takes over the items of a mapping; keys that are here already only if `replace`.
    pub fn merge(&self, ts: &ThreadState, source: &Object, replace: bool) -> Result<()> {
        if let Some(other) = source.downcast::<Dict>().filter(|d| iterates_as_dict(d.ty())) {
            return self.merge_dict(ts, other, replace);
        }
        let keys = sequence::listed(ts, source, &identifiers::keys)?;
        let mut i = 0;
        while let Some(key) = keys.get(i) {
            let key = Owned::new(key);
            i += 1;
            if !replace && self.contains(ts, &key)? {
                continue;
            }
            let value = sequence::getitem(ts, source, &key)?;
            self.set(ts, &key, &value)?;
        }
        Ok(())
    }

    fn merge_dict(&self, ts: &ThreadState, other: &Dict, replace: bool) -> Result<()> {
        if core::ptr::eq(self, other) || other.is_empty() {
            return Ok(());
        }
        if self.is_empty() {
            return self.to_change(ts)?.copy_entries(ts, other);
        }
        self.reserve(ts, other.len())?;
        let n = other.len();
        let mut position = 0;
        while let Some((next, key, value, hash)) = other.next_entry(position) {
            position = next;
            let (key, value) = (Owned::new(key), Owned::new(value));
            if replace || !self.contains_with_hash(ts, &key, hash)? {
                self.set_with_hash(ts, &key, hash, &value)?;
            }
            if other.len() != n {
                return Err(ts.raise_str(&RUNTIME_ERROR, "dict mutated during update"));
            }
        }
        Ok(())
    }

    /// Takes over pairs of key and value.
    pub fn merge_pairs(&self, ts: &ThreadState, pairs: &Object, replace: bool) -> Result<()> {
        let iterator = sequence::iter(ts, pairs)?;
        let mut i = 0;
        while let Some(item) = sequence::next(ts, &iterator)? {
            let (key, value) = pair(ts, &item, i)?;
            if replace {
                self.set(ts, &key, &value)?;
            } else {
                self.set_default(ts, &key, &value)?;
            }
            i += 1;
        }
        Ok(())
    }

    /// `ty.fromkeys(iterable, value)`.
    pub fn from_keys(ts: &ThreadState, ty: &Type, iterable: &Object, value: &Object) -> Result {
        let made = call(ts, ty.as_object(), &[])?;
        let dict = made.downcast_exact::<Dict>();
        if let Some(dict) = dict.filter(|d| d.is_empty()) {
            if let Some(keys) = iterable.downcast_exact::<Dict>() {
                dict.reserve(ts, keys.len())?;
                let mut position = 0;
                while let Some((next, key, _, hash)) = keys.next_entry(position) {
                    position = next;
                    dict.set_with_hash(ts, &Owned::new(key), hash, value)?;
                }
                return Ok(made);
            }
            if let Some(keys) = iterable.downcast_exact_set() {
                dict.reserve(ts, keys.len())?;
                let mut position = 0;
                while let Some((next, key, hash)) = keys.next_entry(position) {
                    position = next;
                    dict.set_with_hash(ts, &key, hash, value)?;
                }
                return Ok(made);
            }
        }
        let iterator = sequence::iter(ts, iterable)?;
        while let Some(key) = sequence::next(ts, &iterator)? {
            match dict {
                Some(dict) => dict.set(ts, &key, value)?,
                None => sequence::setitem(ts, &made, &key, Some(value))?,
            }
        }
        Ok(made)
    }
}

/// A dict's subclass whose `__iter__` is the dict's own: then its items are those in the table.
fn iterates_as_dict(ty: &Type) -> bool {
    let own = super::PyDict_Type.tp_iter.get().map(|f| f as usize);
    ty.tp_iter.get().map(|f| f as usize) == own
}

/// The `i`-th of a sequence of pairs.
fn pair(ts: &ThreadState, item: &Object, i: usize) -> Result<(Owned<Object>, Owned<Object>)> {
    if let Some(pair) = item.downcast_exact::<Tuple>()
        && let [key, value] = pair.as_slice()
    {
        return Ok((Owned::new(key), Owned::new(value)));
    }
    let items = match List::from_iterable(ts, item) {
        Ok(items) => items,
        Err(raised) => {
            ts.recover(raised, &TYPE_ERROR)?;
            let raised = ts.raise_str(&TYPE_ERROR, "object is not iterable");
            let note = format!("Cannot convert dictionary update sequence element #{i} to a sequence");
            return Err(crate::protocol::object::add_note(ts, raised, &note));
        }
    };
    match items.as_slice() {
        [key, value] => Ok((Owned::new(key), Owned::new(value))),
        other => {
            let n = other.len();
            let message = format!("dictionary update sequence element #{i} has length {n}; 2 is required");
            Err(ts.raise_str(&VALUE_ERROR, &message))
        }
    }
}

/// An exact set or frozenset.
trait AsExactSet {
    fn downcast_exact_set(&self) -> Option<&Set>;
}

impl AsExactSet for Object {
    fn downcast_exact_set(&self) -> Option<&Set> {
        self.downcast::<Set>().filter(|s| s.is_exact_set())
    }
}
