//! Functions that walk through things.

use crate::ffi::PyMethodDef;
use crate::object::{Object, Owned, Result};
use crate::protocol::args::Args;
use crate::protocol::compare::CompareOp;
use crate::protocol::{call, object, sequence};
use crate::runtime::ThreadState;
use crate::types::exceptions::{STOP_ITERATION, TYPE_ERROR, VALUE_ERROR};
use crate::types::{List, iterators, method, singletons};

pub const ALL: PyMethodDef = method::one(c"all", all, c"all($module, iterable, /)\n--\n\nWhether every item is true.");
pub const ANY: PyMethodDef = method::one(c"any", any, c"any($module, iterable, /)\n--\n\nWhether some item is true.");
pub const ITER: PyMethodDef = method::static_positional(
    c"iter",
    iter,
    c"iter(iterable) -> iterator\niter(callable, sentinel) -> iterator\n\nAn iterator over the items, or over the results up to the sentinel.",
);
pub const LEN: PyMethodDef = method::one(c"len", len, c"len($module, obj, /)\n--\n\nHow many items there are.");
pub const MAX: PyMethodDef = method::static_keywords(
    c"max",
    max,
    c"max(iterable, *[, default=obj, key=func]) -> value\nmax(arg1, arg2, *args, *[, key=func]) -> value\n\nThe largest item.",
);
pub const MIN: PyMethodDef = method::static_keywords(
    c"min",
    min,
    c"min(iterable, *[, default=obj, key=func]) -> value\nmin(arg1, arg2, *args, *[, key=func]) -> value\n\nThe smallest item.",
);
pub const NEXT: PyMethodDef = method::static_positional(
    c"next",
    next,
    c"next(iterator[, default])\n\nThe next item, or the default where there is none.",
);
pub const SORTED: PyMethodDef = method::static_keywords(
    c"sorted",
    sorted,
    c"sorted($module, iterable, /, *, key=None, reverse=False)\n--\n\nA new list of all items in ascending order.",
);

fn all(ts: &ThreadState, _module: &Object, iterable: &Object) -> Result<bool> {
    let iterator = sequence::iter(ts, iterable)?;
    while let Some(item) = sequence::next(ts, &iterator)? {
        if !object::is_true(ts, &item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn any(ts: &ThreadState, _module: &Object, iterable: &Object) -> Result<bool> {
    let iterator = sequence::iter(ts, iterable)?;
    while let Some(item) = sequence::next(ts, &iterator)? {
        if object::is_true(ts, &item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn iter(ts: &ThreadState, args: Args<'_>) -> Result {
    args.expect_positional(ts, "iter", 1, 2)?;
    let object = args.positional[0];
    let Some(sentinel) = args.get(1) else { return sequence::iter(ts, object) };
    if object.ty().tp_call.get().is_none() {
        return Err(ts.raise_str(&TYPE_ERROR, "iter(v, w): v must be callable"));
    }
    iterators::call_iterator(ts, object, sentinel)
}

fn len(ts: &ThreadState, _module: &Object, object: &Object) -> Result<isize> {
    sequence::len(ts, object)
}

fn next(ts: &ThreadState, args: Args<'_>) -> Result {
    args.expect_positional(ts, "next", 1, 2)?;
    let iterator = args.positional[0];
    if !sequence::is_iterator(iterator) {
        let name = iterator.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("'{name}' object is not an iterator")));
    }
    let function = iterator.ty().tp_iternext.get().expect("an iterator has it");
    // SAFETY: the type's own function for its instance; NULL with or without an exception ends the iteration.
    let item = unsafe { Owned::from_stolen_nullable(function(iterator.as_ptr())) };
    match (item, args.get(1)) {
        (Some(item), _) => Ok(item),
        (None, default) if ts.error.is_set() => match default {
            Some(default) if ts.raised_is(&STOP_ITERATION) => {
                ts.error.clear();
                Ok(Owned::new(default))
            }
            _ => crate::object::alloc::failed(),
        },
        (None, Some(default)) => Ok(Owned::new(default)),
        (None, None) => Err(ts.raise_bare(&STOP_ITERATION)),
    }
}

fn max(ts: &ThreadState, args: Args<'_>) -> Result {
    extreme(ts, args, "max", CompareOp::Gt)
}

fn min(ts: &ThreadState, args: Args<'_>) -> Result {
    extreme(ts, args, "min", CompareOp::Lt)
}

/// The item that compares as `op` with all others; the first of equal ones.
fn extreme(ts: &ThreadState, args: Args<'_>, name: &str, op: CompareOp) -> Result {
    if args.positional.is_empty() {
        return Err(ts.raise(&TYPE_ERROR, format_args!("{name} expected at least 1 argument, got 0")));
    }
    let (mut key, mut default) = (None, None);
    for (keyword, value) in args.keywords() {
        match () {
            () if keyword.equals_text("key") => key = Some(value),
            () if keyword.equals_text("default") => default = Some(value),
            () => {
                let message = format_args!("{name}() got an unexpected keyword argument '{keyword}'");
                return Err(ts.raise(&TYPE_ERROR, message));
            }
        }
    }
    let key = key.filter(|k| !singletons::is_none(*k));
    let mut best = None;
    let mut offer = |item: Owned<Object>| better(ts, &mut best, item, key, op);
    if args.len() > 1 {
        if default.is_some() {
            let message = format_args!("Cannot specify a default for {name}() with multiple positional arguments");
            return Err(ts.raise(&TYPE_ERROR, message));
        }
        args.positional.iter().try_for_each(|&item| offer(Owned::new(item)))?;
    } else {
        sequence::for_each(ts, args.positional[0], offer)?;
    }
    match (best, default) {
        (Some((item, _)), _) => Ok(item),
        (None, Some(default)) => Ok(Owned::new(default)),
        (None, None) => Err(ts.raise(&VALUE_ERROR, format_args!("{name}() iterable argument is empty"))),
    }
}

type Best = Option<(Owned<Object>, Owned<Object>)>;

/// Keeps `item`, with what it is compared by, if it is better than the best so far.
fn better(ts: &ThreadState, best: &mut Best, item: Owned<Object>, key: Option<&Object>, op: CompareOp) -> Result<()> {
    let value = match key {
        Some(key) => call::call(ts, key, &[&item])?,
        None => item.clone(),
    };
    let replace = match best {
        None => true,
        Some((_, than)) => {
            let answer = object::compare(ts, &value, than, op)?;
            object::is_true(ts, &answer)?
        }
    };
    if replace {
        drop(best.replace((item, value)));
    }
    Ok(())
}

fn sorted(ts: &ThreadState, args: Args<'_>) -> Result<Owned<List>> {
    args.expect_positional(ts, "sorted", 1, 1)?;
    let list = List::from_iterable(ts, args.positional[0])?;
    let sort = object::getattr(ts, &list, &crate::types::identifiers::sort)?;
    call::call_with_names(ts, &sort, args.values, 0, args.names)?;
    Ok(list)
}
