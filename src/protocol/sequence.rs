//! Sequences, mappings, subscripts and iteration.

use core::ffi::c_int;

use crate::ffi::*;
use crate::object::{Object, Owned, Raised, Result};
use crate::protocol::{call, convert, number, object};
use crate::runtime::ThreadState;
use crate::types::exceptions::simple::StopIteration;
use crate::types::exceptions::{STOP_ITERATION, TYPE_ERROR};
use crate::types::generic_alias::GenericAlias;
use crate::types::weakref::type_text;
use crate::types::{Dict, Str, Tuple, dict, identifiers, singletons};

#[inline(always)]
fn sequence_of(object: &Object) -> Option<&PySequenceMethods> {
    // SAFETY: NULL or a live suite.
    unsafe { object.ty().tp_as_sequence.get().as_ref() }
}

#[inline(always)]
fn mapping_of(object: &Object) -> Option<&PyMappingMethods> {
    // SAFETY: NULL or a live suite.
    unsafe { object.ty().tp_as_mapping.get().as_ref() }
}

/// What C's `int` functions say: -1 is an exception.
fn done(status: i32) -> Result<()> {
    if status < 0 { Err(Raised::already()) } else { Ok(()) }
}

/// `len(object)`, by the sequence's slot or else the mapping's.
pub fn len(ts: &ThreadState, object: &Object) -> Result<isize> {
    let slot = sequence_of(object)
        .and_then(|s| s.sq_length.get())
        .or_else(|| mapping_of(object).and_then(|m| m.mp_length.get()));
    let Some(f) = slot else { return Err(type_error(ts, object, "object of type '", "' has no len()")) };
    // SAFETY: the type's own function for its instance.
    match unsafe { f(object.as_ptr()) } {
        n if n < 0 => Err(Raised::already()),
        n => Ok(n),
    }
}

#[cold]
fn type_error(ts: &ThreadState, object: &Object, before: &str, after: &str) -> Raised {
    let name = object.ty().full_name();
    ts.raise(&TYPE_ERROR, format_args!("{before}{name}{after}"))
}

/// An estimate of how many items iterating gives, as `operator.length_hint`.
pub fn length_hint(ts: &ThreadState, object: &Object, default: isize) -> Result<isize> {
    let has_len = sequence_of(object).is_some_and(|s| s.sq_length.get().is_some())
        || mapping_of(object).is_some_and(|m| m.mp_length.get().is_some());
    if has_len {
        match len(ts, object) {
            Ok(n) => return Ok(n),
            Err(raised) => ts.recover(raised, &TYPE_ERROR)?,
        }
    }
    let Some(method) = object::lookup_special(ts, object, &identifiers::__length_hint__)? else { return Ok(default) };
    let hint = match call::call(ts, &method, &[]) {
        Ok(hint) => hint,
        Err(raised) => return ts.recover(raised, &TYPE_ERROR).map(|()| default),
    };
    if crate::types::singletons::is_not_implemented(&hint) {
        return Ok(default);
    }
    let Some(int) = hint.downcast::<crate::types::Int>() else {
        return Err(type_error(ts, &hint, "__length_hint__ must be an integer, not ", ""));
    };
    match int.to_i64() {
        Some(n) if n < 0 => {
            Err(ts.raise_str(&crate::types::exceptions::VALUE_ERROR, "__length_hint__() should return >= 0"))
        }
        Some(n) => Ok(n as isize),
        None => number::as_ssize(ts, &hint, Some(&crate::types::exceptions::OVERFLOW_ERROR)),
    }
}

/// `object[key]`.
pub fn getitem(ts: &ThreadState, object: &Object, key: &Object) -> Result {
    if let Some(dict) = object.downcast_exact::<Dict>() {
        return dict::subscript(ts, dict, key);
    }
    if let Some(f) = mapping_of(object).and_then(|m| m.mp_subscript.get()) {
        // SAFETY: the type's own function for its instance.
        return ts.check_result(None, unsafe { f(object.as_ptr(), key.as_ptr()) });
    }
    if sequence_of(object).is_some_and(|s| s.sq_item.get().is_some()) {
        if number::is_index(key) {
            let i = number::as_subscript(ts, key)?;
            return get_index(ts, object, i);
        }
        return Err(type_error(ts, key, "sequence index must be integer, not '", "'"));
    }
    if let Some(class) = object.downcast::<crate::object::Type>() {
        return class_getitem(ts, class, key);
    }
    Err(type_error(ts, object, "'", "' object is not subscriptable"))
}

/// `C[key]` for a class without a metaclass that knows better: `C.__class_getitem__(key)`.
fn class_getitem(ts: &ThreadState, class: &crate::object::Type, key: &Object) -> Result {
    // `type[int]`; a `__class_getitem__` of `type` would be every class's.
    if core::ptr::eq(class, &crate::types::type_::PyType_Type) {
        return Ok(GenericAlias::new(ts, class.as_object(), key)?.upcast());
    }
    match object::find_attr(ts, class, &identifiers::__class_getitem__)? {
        Some(method) if !crate::types::singletons::is_none(&*method) => call::call(ts, &method, &[key]),
        _ => Err(ts.raise(&TYPE_ERROR, format_args!("type '{}' is not subscriptable", class.full_name()))),
    }
}

/// `object[key] = value`, or `del object[key]`.
pub fn setitem(ts: &ThreadState, object: &Object, key: &Object, value: Option<&Object>) -> Result<()> {
    let v = value.map_or(core::ptr::null_mut(), |v| v.as_ptr());
    if let Some(f) = mapping_of(object).and_then(|m| m.mp_ass_subscript.get()) {
        // SAFETY: the type's own function for its instance.
        return done(unsafe { f(object.as_ptr(), key.as_ptr(), v) });
    }
    if let Some(suite) = sequence_of(object) {
        if number::is_index(key) {
            let i = number::as_subscript(ts, key)?;
            return set_index(ts, object, i, value);
        }
        if suite.sq_ass_item.get().is_some() {
            return Err(type_error(ts, key, "sequence index must be integer, not '", "'"));
        }
    }
    let what = if value.is_some() {
        "' object does not support item assignment"
    } else {
        "' object does not support item deletion"
    };
    Err(type_error(ts, object, "'", what))
}

/// Counts a negative index from the end, for types that know their length.
fn from_end(ts: &ThreadState, object: &Object, i: isize) -> Result<isize> {
    if i >= 0 {
        return Ok(i);
    }
    match sequence_of(object).and_then(|s| s.sq_length.get()) {
        None => Ok(i),
        // SAFETY: the type's own function for its instance.
        Some(f) => match unsafe { f(object.as_ptr()) } {
            n if n < 0 => Err(Raised::already()),
            n => {
                let _ = ts;
                Ok(i + n)
            }
        },
    }
}

/// `sequence[i]` by the sequence's slot.
pub fn get_index(ts: &ThreadState, object: &Object, i: isize) -> Result {
    match sequence_of(object).and_then(|s| s.sq_item.get()) {
        Some(f) => {
            let i = from_end(ts, object, i)?;
            // SAFETY: the type's own function for its instance.
            ts.check_result(None, unsafe { f(object.as_ptr(), i) })
        }
        None if mapping_of(object).is_some_and(|m| m.mp_subscript.get().is_some()) => {
            Err(type_error(ts, object, "", " is not a sequence"))
        }
        None => Err(type_error(ts, object, "'", "' object does not support indexing")),
    }
}

/// `sequence[i] = value`, or `del sequence[i]`, by the sequence's slot.
pub fn set_index(ts: &ThreadState, object: &Object, i: isize, value: Option<&Object>) -> Result<()> {
    if let Some(f) = sequence_of(object).and_then(|s| s.sq_ass_item.get()) {
        let i = from_end(ts, object, i)?;
        // SAFETY: the type's own function for its instance.
        return done(unsafe { f(object.as_ptr(), i, value.map_or(core::ptr::null_mut(), |v| v.as_ptr())) });
    }
    let what = if value.is_some() { "does not support item assignment" } else { "doesn't support item deletion" };
    if mapping_of(object).is_some_and(|m| m.mp_ass_subscript.get().is_some()) {
        return Err(type_error(ts, object, "", " is not a sequence"));
    }
    let name = object.ty().full_name();
    Err(ts.raise(&TYPE_ERROR, format_args!("'{name}' object {what}")))
}

/// `item in container`.
pub fn contains(ts: &ThreadState, container: &Object, item: &Object) -> Result<bool> {
    if let Some(f) = sequence_of(container).and_then(|s| s.sq_contains.get()) {
        // SAFETY: the type's own function for its instance.
        return match unsafe { f(container.as_ptr(), item.as_ptr()) } {
            n if n < 0 => Err(Raised::already()),
            n => Ok(n != 0),
        };
    }
    let iterator = match iter(ts, container) {
        Ok(iterator) => iterator,
        Err(raised) => {
            ts.recover(raised, &TYPE_ERROR)?;
            return Err(type_error(ts, container, "argument of type '", "' is not a container or iterable"));
        }
    };
    while let Some(candidate) = next(ts, &iterator)? {
        if object::equal(ts, &candidate, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `iter(object)`.
pub fn iter(ts: &ThreadState, object: &Object) -> Result {
    if let Some(f) = object.ty().tp_iter.get() {
        // SAFETY: the type's own function for its instance.
        let iterator = ts.check_result(None, unsafe { f(object.as_ptr()) })?;
        if iterator.ty().tp_iternext.get().is_none() {
            return Err(convert::must_return(ts, object, "__iter__", "an iterator", &iterator));
        }
        return Ok(iterator);
    }
    if is_sequence(object) {
        return crate::types::iterators::sequence_iterator(ts, object);
    }
    Err(type_error(ts, object, "'", "' object is not iterable"))
}

/// `PySequence_Check`: items by index, and not a dict.
pub fn is_sequence(object: &Object) -> bool {
    !object.ty().has(Py_TPFLAGS_DICT_SUBCLASS) && sequence_of(object).is_some_and(|s| s.sq_item.get().is_some())
}

/// The next item of an iterator; nothing at its end, `StopIteration` included.
#[inline(always)]
pub fn next(ts: &ThreadState, iterator: &Object) -> Result<Option<Owned<Object>>> {
    match step(iterator) {
        Some(item) => Ok(Some(item)),
        None => end_of(ts, iterator),
    }
}

/// The next item of an iterator, if it gives one. Why not, [`end_of`] says: it alone needs the thread.
#[inline(always)]
pub fn step(iterator: &Object) -> Option<Owned<Object>> {
    let next = iterator.ty().tp_iternext.get()?;
    // SAFETY: the type's own function for its instance; NULL or a reference of ours.
    unsafe { Owned::from_stolen_nullable(next(iterator.as_ptr())) }
}

/// Whether an iterator that gave no item is at its end, or failed, or is none.
#[inline(never)]
pub fn end_of(ts: &ThreadState, iterator: &Object) -> Result<Option<Owned<Object>>> {
    if iterator.ty().tp_iternext.get().is_none() {
        return Err(type_error(ts, iterator, "'", "' object is not an iterator"));
    }
    if !ts.error.is_set() {
        return Ok(None);
    }
    ts.recover(Raised::already(), &STOP_ITERATION).map(|()| None)
}

/// Calls `f` with each item of `iterable`. Exact tuples and lists are walked without an iterator.
pub fn for_each(ts: &ThreadState, iterable: &Object, mut f: impl FnMut(Owned<Object>) -> Result<()>) -> Result<()> {
    if let Some(tuple) = iterable.downcast_exact::<Tuple>() {
        return tuple.as_slice().iter().try_for_each(|&item| f(Owned::new(item)));
    }
    let iterator = iter(ts, iterable)?;
    while let Some(item) = next(ts, &iterator)? {
        f(item)?;
    }
    Ok(())
}

/// All items of `iterable`.
pub fn collect(ts: &ThreadState, iterable: &Object) -> Result<Vec<Owned<Object>>> {
    let mut items = Vec::new();
    for_each(ts, iterable, |item| {
        items.try_reserve(1).map_err(|_| ts.no_memory())?;
        items.push(item);
        Ok(())
    })?;
    Ok(items)
}

/// `a + b` of sequences, or `a += b`, by the sequence's own slots first.
pub fn concat(ts: &ThreadState, a: &Object, b: &Object, inplace: bool) -> Result {
    let suite = sequence_of(a);
    let slot = suite.and_then(|s| if inplace { s.sq_inplace_concat.get() } else { None }.or(s.sq_concat.get()));
    if let Some(f) = slot {
        // SAFETY: the type's own function for its instance.
        return ts.check_result(None, unsafe { f(a.as_ptr(), b.as_ptr()) });
    }
    if is_sequence(a)
        && is_sequence(b)
        && let Some(sum) = number::ask_numbers(ts, number::ADD, a, b, inplace)?
    {
        return Ok(sum);
    }
    Err(type_error(ts, a, "'", "' object can't be concatenated"))
}

/// `a * n` of a sequence, or `a *= n`.
pub fn repeat(ts: &ThreadState, a: &Object, n: isize, inplace: bool) -> Result {
    let suite = sequence_of(a);
    let slot = suite.and_then(|s| if inplace { s.sq_inplace_repeat.get() } else { None }.or(s.sq_repeat.get()));
    if let Some(f) = slot {
        // SAFETY: the type's own function for its instance.
        return ts.check_result(None, unsafe { f(a.as_ptr(), n) });
    }
    if is_sequence(a) {
        let n = crate::types::Int::from_i64(ts, n as i64)?;
        if let Some(product) = number::ask_numbers(ts, number::MULTIPLY, a, &n, inplace)? {
            return Ok(product);
        }
    }
    Err(type_error(ts, a, "'", "' object can't be repeated"))
}

/// `len()` by the sequence's slot alone.
pub fn sequence_len(ts: &ThreadState, object: &Object) -> Result<isize> {
    if sequence_of(object).is_some_and(|s| s.sq_length.get().is_some()) {
        return len(ts, object);
    }
    let is_mapping = mapping_of(object).is_some_and(|m| m.mp_length.get().is_some());
    let (before, after) = if is_mapping { ("", " is not a sequence") } else { ("object of type '", "' has no len()") };
    Err(type_error(ts, object, before, after))
}

/// `len()` by the mapping's slot alone.
pub fn mapping_len(ts: &ThreadState, object: &Object) -> Result<isize> {
    if let Some(f) = mapping_of(object).and_then(|m| m.mp_length.get()) {
        // SAFETY: the type's own function for its instance.
        let n = unsafe { f(object.as_ptr()) };
        return if n < 0 { Err(Raised::already()) } else { Ok(n) };
    }
    let is_sequence = sequence_of(object).is_some_and(|s| s.sq_length.get().is_some());
    let (before, after) = if is_sequence { ("", " is not a mapping") } else { ("object of type '", "' has no len()") };
    Err(type_error(ts, object, before, after))
}

/// Whether `object[key]` is had by the mapping's slot.
pub fn has_subscript(object: &Object) -> bool {
    mapping_of(object).is_some_and(|m| m.mp_subscript.get().is_some())
}

/// Whether `object[key] = value` is had by the mapping's slot.
pub fn has_ass_subscript(object: &Object) -> bool {
    mapping_of(object).is_some_and(|m| m.mp_ass_subscript.get().is_some())
}

/// `PyIter_Check`.
pub fn is_iterator(object: &Object) -> bool {
    object.ty().tp_iternext.get().is_some()
}

/// Iterates as `contains` and its kin do: what cannot be iterated is no container.
fn iterate_for_search(ts: &ThreadState, object: &Object) -> Result {
    iter(ts, object).map_err(|raised| match ts.recover(raised, &TYPE_ERROR) {
        Ok(()) => type_error(ts, object, "argument of type '", "' is not iterable"),
        Err(raised) => raised,
    })
}

/// How many items equal `value`.
pub fn count(ts: &ThreadState, object: &Object, value: &Object) -> Result<isize> {
    let iterator = iterate_for_search(ts, object)?;
    let mut n: isize = 0;
    while let Some(item) = next(ts, &iterator)? {
        if object::equal(ts, &item, value)? {
            n += 1;
        }
    }
    Ok(n)
}

/// The index of the first item equal to `value`.
pub fn index_of(ts: &ThreadState, object: &Object, value: &Object) -> Result<isize> {
    let iterator = iterate_for_search(ts, object)?;
    let mut i = 0;
    while let Some(item) = next(ts, &iterator)? {
        if object::equal(ts, &item, value)? {
            return Ok(i);
        }
        i += 1;
    }
    Err(ts.raise_str(&crate::types::exceptions::VALUE_ERROR, "sequence.index(x): x not in sequence"))
}

/// `object[key]`, or nothing where that is a `KeyError`.
pub fn find_item(ts: &ThreadState, object: &Object, key: &Object) -> Result<Option<Owned<Object>>> {
    if let Some(dict) = object.downcast_exact::<crate::types::Dict>() {
        return dict.get(ts, key);
    }
    match getitem(ts, object, key) {
        Ok(value) => Ok(Some(value)),
        Err(raised) => ts.recover(raised, &crate::types::exceptions::KEY_ERROR).map(|()| None),
    }
}

/// `list(object.method())`, for keys, values and items.
pub fn listed(ts: &ThreadState, object: &Object, method: &Str) -> Result<Owned<crate::types::List>> {
    let view = call::call_method(ts, object, method, &[])?;
    let iterator = match iter(ts, &view) {
        Ok(iterator) => iterator,
        Err(raised) => {
            ts.recover(raised, &TYPE_ERROR)?;
            let (owner, got) = (type_text(ts, object.ty())?, type_text(ts, view.ty())?);
            let message = format!("{owner}.{method}() must return an iterable, not {got}");
            return Err(ts.raise_str(&TYPE_ERROR, &message));
        }
    };
    crate::types::List::from_iterable(ts, &iterator)
}

/// What came out of an iterator into which a value was sent.
pub const RETURNED: c_int = 0;
pub const YIELDED: c_int = 1;

/// `iterator.send(value)`; `None` into any iterator asks for its next item.
pub fn send(ts: &ThreadState, iterator: &Object, value: &Object) -> Result<(c_int, Owned<Object>)> {
    // SAFETY: NULL or a suite of a live type.
    let suite = unsafe { iterator.ty().tp_as_async.get().as_ref() };
    if let Some(send) = suite.and_then(|suite| suite.am_send.get()) {
        let mut result = core::ptr::null_mut();
        // SAFETY: the type's own function; it gives a new reference unless it fails.
        let kind = unsafe { send(iterator.as_ptr(), value.as_ptr(), &mut result) };
        // SAFETY: as above.
        return match unsafe { Owned::from_stolen_nullable(result) } {
            Some(result) => Ok((kind, result)),
            None => Err(Raised::already()),
        };
    }
    let sent = match iterator.ty().tp_iternext.get() {
        // SAFETY: the type's own function for its instance; NULL or a reference of ours.
        Some(next) if singletons::is_none(value) => unsafe { Owned::from_stolen_nullable(next(iterator.as_ptr())) },
        _ => call::call_method(ts, iterator, &identifiers::send, &[value]).ok(),
    };
    match sent {
        Some(sent) => Ok((YIELDED, sent)),
        None => Ok((RETURNED, StopIteration::take_value(ts)?)),
    }
}

/// `PyAIter_Check`.
pub fn is_async_iterator(object: &Object) -> bool {
    // SAFETY: NULL or a suite of a live type.
    let suite = unsafe { object.ty().tp_as_async.get().as_ref() };
    suite.is_some_and(|suite| suite.am_anext.get().is_some())
}

/// `aiter(object)`.
pub fn async_iter(ts: &ThreadState, object: &Object) -> Result {
    // SAFETY: NULL or a suite of a live type.
    let suite = unsafe { object.ty().tp_as_async.get().as_ref() };
    let Some(aiter) = suite.and_then(|suite| suite.am_aiter.get()) else {
        return Err(type_error(ts, object, "'", "' object is not an async iterable"));
    };
    // SAFETY: the type's own function for its instance; NULL or a reference of ours.
    let made = unsafe { Owned::from_stolen_nullable(aiter(object.as_ptr())) }.ok_or_else(Raised::already)?;
    if !is_async_iterator(&made) {
        return Err(object::wrong_result(ts, object, "__aiter__", "async iterator", &made));
    }
    Ok(made)
}
