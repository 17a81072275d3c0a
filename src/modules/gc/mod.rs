//! The `gc` module: the interpreter's collector, seen and set by a program.
//!
//! * [`observe`] what is printed and called while the collector works
//! * [`objects`] which objects there are, and who holds whom
//!
//! All that it shows and sets is the interpreter's own ([`Collector`](crate::object::collector::Collector)); the module
//! itself keeps nothing.

mod objects;
mod observe;

use core::cell::Cell;
use core::ffi::c_int;

pub use observe::observe;

use crate::ffi::PyMethodDef;
use crate::object::collector::{
    self, DEBUG_COLLECTABLE, DEBUG_SAVEALL, DEBUG_STATS, DEBUG_UNCOLLECTABLE, GENERATIONS, OLDEST, Stats, Why,
};
use crate::object::{Object, ObjectCell, Owned, Result};
use crate::protocol::args::{Args, Signature};
use crate::runtime::ThreadState;
use crate::types::exceptions::{TYPE_ERROR, VALUE_ERROR};
use crate::types::int::convert;
use crate::types::module::Module;
use crate::types::{Dict, Float, Int, List, Str, Tuple, method, slot};

const CONSTANTS: [(&str, c_int); 5] = [
    ("DEBUG_STATS", DEBUG_STATS),
    ("DEBUG_COLLECTABLE", DEBUG_COLLECTABLE),
    ("DEBUG_UNCOLLECTABLE", DEBUG_UNCOLLECTABLE),
    ("DEBUG_SAVEALL", DEBUG_SAVEALL),
    ("DEBUG_LEAK", DEBUG_COLLECTABLE | DEBUG_UNCOLLECTABLE | DEBUG_SAVEALL),
];

pub fn make(ts: &ThreadState) -> Result<Owned<Module>> {
    let name = Str::interned(ts, "gc")?;
    let module = super::make(ts, &name, c"The collector of objects that only hold each other.", &METHODS, 40)?;
    let dict = module.dict();
    let gc = &ts.interp().gc;
    dict.set_name(ts, &*Str::interned(ts, "garbage")?, &*list_in(ts, &gc.garbage)?)?;
    dict.set_name(ts, &*Str::interned(ts, "callbacks")?, &*list_in(ts, &gc.callbacks)?)?;
    for (name, value) in CONSTANTS {
        dict.set_name(ts, &*Str::interned(ts, name)?, &*Int::from_i64(ts, value.into())?)?;
    }
    Ok(module)
}

/// One of the collector's lists, made when it is first wanted.
fn list_in(ts: &ThreadState, cell: &Cell<*mut crate::ffi::PyObject>) -> Result<Owned<List>> {
    if cell.peek().is_none() {
        cell.store(Some(List::new(ts, &[])?));
    }
    let list = cell.load().expect("stored above");
    // SAFETY: lists are stored there.
    Ok(unsafe { list.cast_owned::<List>() })
}

fn enable(ts: &ThreadState, _module: &Object) -> Result<()> {
    ts.interp().gc.enable(true);
    Ok(())
}

fn disable(ts: &ThreadState, _module: &Object) -> Result<()> {
    ts.interp().gc.enable(false);
    Ok(())
}

fn isenabled(ts: &ThreadState, _module: &Object) -> Result<bool> {
    Ok(ts.interp().gc.is_enabled())
}

fn collect(ts: &ThreadState, args: Args<'_>) -> Result<isize> {
    const SIGNATURE: Signature = Signature { name: "collect", params: &["generation"], required: 0, max_positional: 1 };
    let [generation] = SIGNATURE.bind(ts, args)?;
    let generation: c_int =
        generation.map_or(Ok(OLDEST as c_int), |generation| convert::as_signed(ts, generation, "int"))?;
    match usize::try_from(generation) {
        Ok(generation) if generation < GENERATIONS => Ok(collector::collect(ts, generation, Why::Usual) as isize),
        _ => Err(ts.raise_str(&VALUE_ERROR, "invalid generation")),
    }
}

fn set_debug(ts: &ThreadState, _module: &Object, flags: &Object) -> Result<()> {
    ts.interp().gc.debug.set(convert::as_signed(ts, flags, "int")?);
    Ok(())
}

fn get_debug(ts: &ThreadState, _module: &Object) -> Result<isize> {
    Ok(ts.interp().gc.debug.get() as isize)
}

fn set_threshold(ts: &ThreadState, args: Args<'_>) -> Result<()> {
    args.no_keywords(ts, "set_threshold")?;
    if args.is_empty() || args.len() > GENERATIONS {
        return Err(ts.raise_str(&TYPE_ERROR, "gc.set_threshold requires 1 to 3 arguments"));
    }
    let mut thresholds = [0; GENERATIONS];
    for (place, threshold) in thresholds.iter_mut().zip(args.positional) {
        *place = convert::narrow(ts, convert::as_signed(ts, threshold, "long")?, "signed integer")?;
    }
    ts.interp().gc.set_thresholds(&thresholds[..args.len()]);
    Ok(())
}

fn get_threshold(ts: &ThreadState, _module: &Object) -> Result<Owned<Tuple>> {
    numbers(ts, ts.interp().gc.thresholds().map(|n| n as isize))
}

fn get_count(ts: &ThreadState, _module: &Object) -> Result<Owned<Tuple>> {
    numbers(ts, ts.interp().gc.counts())
}

fn numbers(ts: &ThreadState, numbers: [isize; GENERATIONS]) -> Result<Owned<Tuple>> {
    let items = numbers.into_iter().map(|n| Ok(Int::from_i64(ts, n as i64)?.upcast()));
    Tuple::from_owned(ts, items.collect::<Result<Vec<_>>>()?)
}

fn get_stats(ts: &ThreadState, _module: &Object) -> Result<Owned<List>> {
    let all = List::new(ts, &[])?;
    for stats in ts.interp().gc.stats() {
        let dict = Dict::new(ts)?;
        dict.set_text(ts, "collections", &*Int::from_i64(ts, stats.collections as i64)?)?;
        put_stats(ts, &dict, &stats)?;
        all.append(ts, dict.upcast())?;
    }
    Ok(all)
}

/// What statistics and callbacks are both told.
fn put_stats(ts: &ThreadState, dict: &Dict, stats: &Stats) -> Result<()> {
    let counts =
        [("collected", stats.collected), ("uncollectable", stats.uncollectable), ("candidates", stats.candidates)];
    for (name, count) in counts {
        dict.set_text(ts, name, &*Int::from_i64(ts, count as i64)?)?;
    }
    dict.set_text(ts, "duration", &*Float::new(ts, stats.duration)?)
}

fn is_tracked(_ts: &ThreadState, _module: &Object, object: &Object) -> Result<bool> {
    Ok(crate::object::alloc::gc_is_tracked(object))
}

fn is_finalized(_ts: &ThreadState, _module: &Object, object: &Object) -> Result<bool> {
    Ok(collector::is_finalized(object))
}

fn freeze(ts: &ThreadState, _module: &Object) -> Result<()> {
    ts.interp().gc.freeze();
    Ok(())
}

fn unfreeze(ts: &ThreadState, _module: &Object) -> Result<()> {
    ts.interp().gc.unfreeze();
    Ok(())
}

fn get_freeze_count(ts: &ThreadState, _module: &Object) -> Result<isize> {
    Ok(ts.interp().gc.count_frozen() as isize)
}

static METHODS: [PyMethodDef; 19] = [
    method::noargs(c"enable", enable, c"enable($module, /)\n--\n\nLet collections begin by themselves."),
    method::noargs(c"disable", disable, c"disable($module, /)\n--\n\nLet no collection begin by itself."),
    method::noargs(c"isenabled", isenabled, c"isenabled($module, /)\n--\n\nWhether collections begin by themselves."),
    method::one(
        c"set_debug",
        set_debug,
        c"set_debug($module, flags, /)\n--\n\nSet what is printed to sys.stderr or kept in collections: the sum of\nDEBUG_STATS, DEBUG_COLLECTABLE, DEBUG_UNCOLLECTABLE and DEBUG_SAVEALL.",
    ),
    method::noargs(
        c"get_debug",
        get_debug,
        c"get_debug($module, /)\n--\n\nWhat is printed and kept: a sum of DEBUG_ constants.",
    ),
    method::noargs(
        c"get_count",
        get_count,
        c"get_count($module, /)\n--\n\nWhat is held against the thresholds, for each generation.",
    ),
    method::static_keywords(
        c"set_threshold",
        set_threshold,
        c"set_threshold(threshold0, [threshold1, [threshold2]])\nSet when collections begin by themselves; with a first threshold of 0, never.",
    ),
    method::noargs(
        c"get_threshold",
        get_threshold,
        c"get_threshold($module, /)\n--\n\nWhen a collection of each generation begins.",
    ),
    method::static_keywords(
        c"collect",
        collect,
        c"collect($module, /, generation=2)\n--\n\nCollect a generation and the younger ones; how many objects were unreachable.",
    ),
    method::static_keywords(
        c"get_objects",
        objects::get_objects,
        c"get_objects($module, /, generation=None)\n--\n\nThe objects that the collector looks at, of one generation or of all.",
    ),
    method::noargs(
        c"get_stats",
        get_stats,
        c"get_stats($module, /)\n--\n\nWhat the collections of each generation came to, a dict for each.",
    ),
    method::one(
        c"is_tracked",
        is_tracked,
        c"is_tracked($module, obj, /)\n--\n\nWhether the collector looks at the object.",
    ),
    method::one(
        c"is_finalized",
        is_finalized,
        c"is_finalized($module, obj, /)\n--\n\nWhether the object's finalizer has run.",
    ),
    method::static_positional(
        c"get_referrers",
        objects::get_referrers,
        c"get_referrers($module, /, *objs)\n--\n\nThe objects that hold one of these.",
    ),
    method::static_positional(
        c"get_referents",
        objects::get_referents,
        c"get_referents($module, /, *objs)\n--\n\nWhat these objects hold.",
    ),
    method::noargs(
        c"freeze",
        freeze,
        c"freeze($module, /)\n--\n\nHave no collection look at what is tracked now.",
    ),
    method::noargs(
        c"unfreeze",
        unfreeze,
        c"unfreeze($module, /)\n--\n\nHave collections look at what is frozen again.",
    ),
    method::noargs(
        c"get_freeze_count",
        get_freeze_count,
        c"get_freeze_count($module, /)\n--\n\nHow many objects are frozen.",
    ),
    slot::METHODS_END,
];
