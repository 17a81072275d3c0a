//! `list.sort`: stable, in place.
//!
//! Keys of one kind whose order is total and runs no foreign code (ints of a machine word, floats without NaN,
//! strs) go to the standard library's sort. All others are merged here: it must bear an order that
//! contradicts itself, an `__lt__` that raises, and must ask `a < b` only. While it runs the list is empty, so that foreign
//! code cannot see it half sorted; what it then does to the list is a `ValueError`.

use core::cmp::Ordering;
use core::mem::swap;

use super::List;
use crate::object::{Object, Owned, Result};
use crate::protocol::call;
use crate::protocol::compare::CompareOp;
use crate::protocol::object::compare_bool;
use crate::runtime::ThreadState;
use crate::types::exceptions::VALUE_ERROR;
use crate::types::{Float, Int, Str};

/// An item with what it is sorted by.
struct Keyed {
    /// `None` where the item is its own key.
    key: Option<Owned<Object>>,
    item: Owned<Object>,
}

impl Keyed {
    fn key(&self) -> &Object {
        self.key.as_deref().unwrap_or(&self.item)
    }
}

pub fn sort(ts: &ThreadState, list: &List, key: Option<&Object>, reverse: bool) -> Result<()> {
    let n = list.len();
    let mut items: Vec<Keyed> = Vec::new();
    items.try_reserve_exact(n).map_err(|_| ts.no_memory())?;
    // The list gives its items up for the time being.
    let block = list.ob_item.replace(core::ptr::null_mut());
    let allocated = list.allocated.replace(-1);
    list.ob_base.ob_size.set(0);
    for i in 0..n {
        // SAFETY: the items were the list's.
        items.push(Keyed { key: None, item: unsafe { Owned::from_stolen(block.add(i).read()) } });
    }
    let result = sort_items(ts, &mut items, key, reverse);
    let changed = list.allocated.get() != -1 || !list.ob_item.get().is_null();
    let meanwhile = (list.ob_item.replace(block), list.ob_base.ob_size.replace(n as isize));
    list.allocated.set(allocated);
    for (i, keyed) in items.into_iter().enumerate() {
        // SAFETY: the block has room for all.
        unsafe { block.add(i).write(keyed.item.into_raw()) };
    }
    discard(ts, meanwhile);
    result?;
    if changed {
        return Err(ts.raise_str(&VALUE_ERROR, "list modified during sort"));
    }
    Ok(())
}

/// What foreign code put into the list while it was being sorted.
fn discard(ts: &ThreadState, (block, n): (*mut *mut Object, isize)) {
    if block.is_null() {
        return;
    }
    // SAFETY: the list owned both.
    unsafe {
        for i in 0..n as usize {
            drop(Owned::<Object>::from_stolen_nullable(block.add(i).read()));
        }
        ts.free(block.cast());
    }
}

fn sort_items(ts: &ThreadState, items: &mut [Keyed], key: Option<&Object>, reverse: bool) -> Result<()> {
    if let Some(function) = key {
        for keyed in items.iter_mut() {
            keyed.key = Some(call::call(ts, function, &[&keyed.item])?);
        }
    }
    // Reversing before and after keeps equal items in order.
    if reverse {
        items.reverse();
    }
    let result = if sort_alike(items) { Ok(()) } else { merge_sort(ts, items) };
    if reverse {
        items.reverse();
    }
    result
}

/// Sorts keys of one kind with a total order; `false` if they are not.
fn sort_alike(items: &mut [Keyed]) -> bool {
    let Some(first) = items.first() else { return true };
    if first.key().is_exact::<Str>() && items.iter().all(|k| k.key().is_exact::<Str>()) {
        items.sort_by(|a, b| compare_strs(a.key(), b.key()));
        return true;
    }
    if first.key().is_exact::<Int>() {
        return sort_by_value(items, |key| key.downcast_exact::<Int>()?.to_i64(), i64::cmp);
    }
    if first.key().is_exact::<Float>() {
        let value = |key: &Object| key.downcast_exact::<Float>().map(Float::value).filter(|v| !v.is_nan());
        return sort_by_value(items, value, |a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
    }
    false
}

fn compare_strs(a: &Object, b: &Object) -> Ordering {
    match (a.downcast_exact::<Str>(), b.downcast_exact::<Str>()) {
        (Some(a), Some(b)) => a.chars().compare(b.chars()),
        _ => Ordering::Equal,
    }
}

fn sort_by_value<V: Copy>(
    items: &mut [Keyed],
    value: impl Fn(&Object) -> Option<V>,
    order: impl Fn(&V, &V) -> Ordering,
) -> bool {
    let mut values = Vec::new();
    if values.try_reserve_exact(items.len()).is_err() {
        return false;
    }
    for (i, keyed) in items.iter().enumerate() {
        match value(keyed.key()) {
            Some(v) => values.push((v, i)),
            None => return false,
        }
    }
    values.sort_by(|a, b| order(&a.0, &b.0));
    permute(items, values.into_iter().map(|(_, i)| i).collect());
    true
}

/// Puts at each place `i` the item that was at `from[i]`, following cycles.
fn permute(items: &mut [Keyed], mut from: Vec<usize>) {
    for start in 0..from.len() {
        let mut at = start;
        while from[at] != start {
            let next = from[at];
            items.swap(at, next);
            from[at] = at;
            at = next;
        }
        from[at] = at;
    }
}

/// Runs shorter than this are made by insertion.
const RUN: usize = 24;

/// Merges natural runs pairwise, bottom up. Every state in between is a permutation of the items, so an
/// error may end it anywhere.
fn merge_sort(ts: &ThreadState, items: &mut [Keyed]) -> Result<()> {
    let mut runs = Vec::new();
    let mut at = 0;
    while at < items.len() {
        let end = find_run(ts, items, at)?;
        runs.try_reserve(1).map_err(|_| ts.no_memory())?;
        runs.push(at..end);
        at = end;
    }
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        for pair in runs.chunks(2) {
            if let [a, b] = pair {
                merge(ts, &mut items[a.start..b.end], a.len())?;
            }
            merged.push(pair[0].start..pair[pair.len() - 1].end);
        }
        swap(&mut runs, &mut merged);
    }
    Ok(())
}

fn less(ts: &ThreadState, a: &Keyed, b: &Keyed) -> Result<bool> {
    compare_bool(ts, a.key(), b.key(), CompareOp::Lt)
}

/// Where the ascending run that begins at `start` ends; a descending one is reversed, a short one extended.
fn find_run(ts: &ThreadState, items: &mut [Keyed], start: usize) -> Result<usize> {
    let n = items.len();
    let mut end = start + 1;
    if end == n {
        return Ok(n);
    }
    let descending = less(ts, &items[end], &items[start])?;
    end += 1;
    while end < n && less(ts, &items[end], &items[end - 1])? == descending {
        end += 1;
    }
    if descending {
        items[start..end].reverse();
    }
    let target = (start + RUN).min(n);
    while end < target {
        insert_last(ts, &mut items[start..=end])?;
        end += 1;
    }
    Ok(end)
}

/// Sorts the last item into the sorted ones before it, behind its equals.
fn insert_last(ts: &ThreadState, items: &mut [Keyed]) -> Result<()> {
    let last = items.len() - 1;
    let (mut low, mut high) = (0, last);
    while low < high {
        let middle = (low + high) / 2;
        if less(ts, &items[last], &items[middle])? {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    items[low..].rotate_right(1);
    Ok(())
}

/// Merges two sorted runs, the first `middle` items and the rest.
fn merge(ts: &ThreadState, items: &mut [Keyed], middle: usize) -> Result<()> {
    if !less(ts, &items[middle], &items[middle - 1])? {
        return Ok(());
    }
    // Which of the two runs each place is to be filled from; the items move once all is known.
    let mut order: Vec<usize> = Vec::new();
    order.try_reserve_exact(items.len()).map_err(|_| ts.no_memory())?;
    let (mut left, mut right) = (0, middle);
    while left < middle && right < items.len() {
        if less(ts, &items[right], &items[left])? {
            order.push(right);
            right += 1;
        } else {
            order.push(left);
            left += 1;
        }
    }
    order.extend(left..middle);
    order.extend(right..items.len());
    permute(items, order);
    Ok(())
}
