//! The operations on sets: union and its kin, comparison, hashing, construction from any iterable.
//!
//! Where the other operand is a set or an exact dict, its stored hashes are used; any other iterable is walked.
//! In all loops foreign `__eq__` may change either set: keys are held, positions are looked at anew.

use super::{PyFrozenSet_Type, PySet_Type, Set, insert_clean};
use crate::ffi::setentry;
use crate::object::alloc::gc_track;
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::compare::CompareOp;
use crate::protocol::{object, sequence};
use crate::runtime::ThreadState;
use crate::types::{Dict, bool as boolean, singletons};

impl Set {
    /// The set that an operation on `this` answers with: of one of the two types themselves.
    fn like(&self, ts: &ThreadState) -> Result<Owned<Set>> {
        let ty: &'static Type = if Set::is_frozen(self) { &PyFrozenSet_Type } else { &PySet_Type };
        Set::of_type(ts, ty)
    }

    /// A new set of all items of `iterable`.
    pub fn from_iterable(ts: &ThreadState, iterable: &Object) -> Result<Owned<Set>> {
        let set = Set::new(ts)?;
        set.update(ts, iterable)?;
        Ok(set)
    }

    /// A new frozenset of all items of `iterable`; an exact frozenset itself.
    pub fn frozen_from_iterable(ts: &ThreadState, iterable: Option<&Object>) -> Result<Owned<Set>> {
        let set = match iterable.map(|i| (i, i.downcast::<Set>())) {
            None => return Set::of_type(ts, &PyFrozenSet_Type),
            Some((_, Some(frozen))) if core::ptr::eq(frozen.ty(), &PyFrozenSet_Type) => return Ok(Owned::new(frozen)),
            Some((iterable, _)) => {
                let set = Set::of_type(ts, &PyFrozenSet_Type)?;
                set.update(ts, iterable)?;
                set
            }
        };
        set.track_if_needed();
        Ok(set)
    }

    /// A new set of the same items, of the same built-in type.
    pub fn copy(&self, ts: &ThreadState) -> Result<Owned<Set>> {
        let copy = self.like(ts)?;
        copy.merge(ts, self)?;
        copy.finish();
        Ok(copy)
    }

    /// Adds to a frozenset that nobody else has seen yet.
    pub fn add_to_new_frozenset(&self, ts: &ThreadState, key: &Object) -> Result<()> {
        self.add(ts, key)?;
        if key.ty().is_gc() {
            gc_track(self);
        }
        Ok(())
    }

    /// To be called on a new set before others see it.
    fn finish(&self) {
        if core::ptr::eq(self.ty(), &PyFrozenSet_Type) {
            self.track_if_needed();
        }
    }

    /// Adds all items of `source`.
    pub fn update(&self, ts: &ThreadState, source: &Object) -> Result<()> {
        if let Some(other) = source.downcast::<Set>() {
            return self.merge(ts, other);
        }
        if let Some(dict) = source.downcast_exact::<Dict>() {
            self.make_room(ts, dict.len())?;
            let mut position = 0;
            while let Some((next, key, _, hash)) = dict.next_entry(position) {
                position = next;
                self.add_with_hash(ts, &Owned::new(key), hash)?;
            }
            return Ok(());
        }
        let iterator = sequence::iter(ts, source)?;
        while let Some(key) = sequence::next(ts, &iterator)? {
            self.add(ts, &key)?;
        }
        Ok(())
    }

    /// One resize, where many are to come.
    fn make_room(&self, ts: &ThreadState, more: usize) -> Result<()> {
        if (self.fill.get() as usize + more) * 5 >= self.mask() * 3 {
            self.resize(ts, (self.len() + more) * 2)?;
        }
        Ok(())
    }

    /// Adds all items of another set.
    fn merge(&self, ts: &ThreadState, other: &Set) -> Result<()> {
        if core::ptr::eq(self, other) || other.is_empty() {
            return Ok(());
        }
        self.make_room(ts, other.len())?;
        if self.fill.get() == 0 {
            self.merge_into_empty(other);
            return Ok(());
        }
        let mut position = 0;
        while let Some((next, key, hash)) = other.next_entry(position) {
            position = next;
            self.add_with_hash(ts, &key, hash)?;
        }
        Ok(())
    }

    /// Nothing can be equal to what is added: no comparison is needed.
    fn merge_into_empty(&self, other: &Set) {
        let same_places = self.mask() == other.mask() && other.fill.get() == other.used.get();
        for i in 0..=other.mask() {
            let entry: setentry = other.entry(i);
            // SAFETY: NULL or a key that the other set owns.
            let Some(key) = (unsafe { Object::from_nullable(entry.key) }) else { continue };
            key.incref();
            if same_places {
                self.put(i, entry);
            } else {
                // SAFETY: this table has room for all, and nothing was removed from it.
                unsafe { insert_clean(self.table.get(), self.mask(), entry) };
            }
        }
        self.fill.set(other.used.get());
        self.used.set(other.used.get());
    }

    /// What is in both.
    pub fn intersection(&self, ts: &ThreadState, other: &Object) -> Result<Owned<Set>> {
        if self.is(other) {
            return self.copy(ts);
        }
        let result = self.like(ts)?;
        if let Some(other) = other.downcast::<Set>() {
            let (walked, asked) = if other.len() > self.len() { (self, other) } else { (other, self) };
            let mut position = 0;
            while let Some((next, key, hash)) = walked.next_entry(position) {
                position = next;
                if asked.contains_with_hash(ts, &key, hash)? {
                    result.add_with_hash(ts, &key, hash)?;
                }
            }
        } else {
            let iterator = sequence::iter(ts, other)?;
            while let Some(key) = sequence::next(ts, &iterator)? {
                let hash = object::hash(ts, &key)?;
                if self.contains_with_hash(ts, &key, hash)? {
                    result.add_with_hash(ts, &key, hash)?;
                }
            }
        }
        result.finish();
        Ok(result)
    }

    /// Keeps what is in `other` as well.
    pub fn intersection_update(&self, ts: &ThreadState, other: &Object) -> Result<()> {
        let result = self.intersection(ts, other)?;
        self.swap(&result);
        Ok(())
    }

    /// Removes what is in `other`.
    pub fn difference_update(&self, ts: &ThreadState, other: &Object) -> Result<()> {
        if self.is(other) {
            self.clear(ts);
            return Ok(());
        }
        if let Some(other) = other.downcast::<Set>() {
            // Where the other is much larger, only what is in both is walked.
            let other = if other.len() >> 3 > self.len() { self.intersection(ts, other)? } else { Owned::new(other) };
            let mut position = 0;
            while let Some((next, key, hash)) = other.next_entry(position) {
                position = next;
                self.remove_with_hash(ts, &key, hash)?;
            }
        } else {
            let iterator = sequence::iter(ts, other)?;
            while let Some(key) = sequence::next(ts, &iterator)? {
                self.discard(ts, &key)?;
            }
        }
        // More than a quarter of the places removed: they are done away with.
        if (self.fill.get() - self.used.get()) as usize > self.mask() / 4 {
            self.grow(ts)?;
        }
        Ok(())
    }

    /// What is not in `other`.
    pub fn difference(&self, ts: &ThreadState, other: &Object) -> Result<Owned<Set>> {
        let (set, dict) = (other.downcast::<Set>(), other.downcast_exact::<Dict>());
        let size = set.map(Set::len).or(dict.map(Dict::len));
        if size.is_none_or(|n| self.len() >> 2 > n) {
            let result = self.like(ts)?;
            result.merge(ts, self)?;
            result.difference_update(ts, other)?;
            result.finish();
            return Ok(result);
        }
        let result = self.like(ts)?;
        let mut position = 0;
        while let Some((next, key, hash)) = self.next_entry(position) {
            position = next;
            let common = match (set, dict) {
                (Some(set), _) => set.contains_with_hash(ts, &key, hash)?,
                (None, Some(dict)) => dict.contains_with_hash(ts, &key, hash)?,
                (None, None) => false,
            };
            if !common {
                result.add_with_hash(ts, &key, hash)?;
            }
        }
        result.finish();
        Ok(result)
    }

    /// Keeps what is in exactly one of both.
    pub fn symmetric_difference_update(&self, ts: &ThreadState, other: &Object) -> Result<()> {
        if self.is(other) {
            self.clear(ts);
            return Ok(());
        }
        if let Some(dict) = other.downcast_exact::<Dict>() {
            let mut position = 0;
            while let Some((next, key, _, hash)) = dict.next_entry(position) {
                position = next;
                self.toggle(ts, &Owned::new(key), hash)?;
            }
            return Ok(());
        }
        let other = match other.downcast::<Set>() {
            Some(other) => Owned::new(other),
            None => {
                let other_set = self.like(ts)?;
                other_set.update(ts, other)?;
                other_set
            }
        };
        let mut position = 0;
        while let Some((next, key, hash)) = other.next_entry(position) {
            position = next;
            self.toggle(ts, &key, hash)?;
        }
        Ok(())
    }

    fn toggle(&self, ts: &ThreadState, key: &Object, hash: isize) -> Result<()> {
        if !self.remove_with_hash(ts, key, hash)? {
            self.add_with_hash(ts, key, hash)?;
        }
        Ok(())
    }

    /// What is in exactly one of both.
    pub fn symmetric_difference(&self, ts: &ThreadState, other: &Object) -> Result<Owned<Set>> {
        let result = self.like(ts)?;
        result.update(ts, other)?;
        result.symmetric_difference_update(ts, self)?;
        result.finish();
        Ok(result)
    }

    pub fn union(&self, ts: &ThreadState, others: &[&Object]) -> Result<Owned<Set>> {
        let result = self.like(ts)?;
        result.merge(ts, self)?;
        for other in others.iter().filter(|o| !self.is(o)) {
            result.update(ts, other)?;
        }
        result.finish();
        Ok(result)
    }

    pub fn is_disjoint(&self, ts: &ThreadState, other: &Object) -> Result<bool> {
        if self.is(other) {
            return Ok(self.is_empty());
        }
        if let Some(other) = other.downcast::<Set>().filter(|s| s.is_exact_set()) {
            let (walked, asked) = if other.len() > self.len() { (self, other) } else { (other, self) };
            let mut position = 0;
            while let Some((next, key, hash)) = walked.next_entry(position) {
                position = next;
                if asked.contains_with_hash(ts, &key, hash)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        let iterator = sequence::iter(ts, other)?;
        while let Some(key) = sequence::next(ts, &iterator)? {
            if self.contains(ts, &key)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub fn is_subset(&self, ts: &ThreadState, other: &Object) -> Result<bool> {
        let Some(other) = other.downcast::<Set>() else {
            return Ok(self.intersection(ts, other)?.len() == self.len());
        };
        if self.len() > other.len() {
            return Ok(false);
        }
        let mut position = 0;
        while let Some((next, key, hash)) = self.next_entry(position) {
            position = next;
            if !other.contains_with_hash(ts, &key, hash)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub fn is_superset(&self, ts: &ThreadState, other: &Object) -> Result<bool> {
        if let Some(other) = other.downcast::<Set>() {
            return other.is_subset(ts, self);
        }
        let iterator = sequence::iter(ts, other)?;
        while let Some(key) = sequence::next(ts, &iterator)? {
            if !self.contains(ts, &key)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The hash of the set as a value: of all keys' hashes, in no order.
    pub fn hash_of_keys(&self) -> isize {
        let shuffle = |h: isize| {
            let h = h as usize;
            ((h ^ 89869747) ^ (h << 16)).wrapping_mul(3644798167)
        };
        let mut hash = 0;
        let mut position = 0;
        while let Some((next, _, h)) = self.next_entry(position) {
            hash ^= shuffle(h);
            position = next;
        }
        hash ^= (self.len() + 1).wrapping_mul(1927868237);
        hash ^= (hash >> 11) ^ (hash >> 25);
        hash = hash.wrapping_mul(69069).wrapping_add(907133923);
        if hash == usize::MAX { 590923713 } else { hash as isize }
    }
}

pub(super) fn compare(ts: &ThreadState, this: &Set, other: &Object, op: CompareOp) -> Result {
    let Some(other) = other.downcast::<Set>() else { return Ok(singletons::not_implemented()) };
    let result = match op {
        CompareOp::Eq => equal(ts, this, other)?,
        CompareOp::Ne => !equal(ts, this, other)?,
        CompareOp::Le => this.is_subset(ts, other)?,
        CompareOp::Ge => other.is_subset(ts, this)?,
        CompareOp::Lt => this.len() < other.len() && this.is_subset(ts, other)?,
        CompareOp::Gt => other.len() < this.len() && other.is_subset(ts, this)?,
    };
    Ok(boolean::from_bool(result))
}

fn equal(ts: &ThreadState, a: &Set, b: &Set) -> Result<bool> {
    let (x, y) = (a.hash.get(), b.hash.get());
    if a.len() != b.len() || (x != -1 && y != -1 && x != y) {
        return Ok(false);
    }
    a.is_subset(ts, b)
}
