//! What a program is told while the collector works: on `sys.stderr`, by `gc.callbacks`, in `gc.garbage`.

use super::{list_in, put_stats};
use crate::modules::sys;
use crate::object::collector::{DEBUG_STATS, Event, Stats, Why};
use crate::object::{Object, ObjectCell, Owned, Result};
use crate::protocol::call;
use crate::runtime::{ThreadState, unraisable};
use crate::types::{Dict, Int, List, Str};

/// The collector's [`Observer`](crate::object::collector::Observer).
pub fn observe(ts: &ThreadState, event: Event<'_>) {
    match event {
        Event::Begins { generation, why } => {
            call_back(ts, why, "start", generation, &Stats::default());
            if prints_stats(ts) {
                print_sizes(ts, generation);
            }
        }
        Event::Collectable(object) => print_object(ts, "collectable", object),
        Event::Uncollectable(object) => print_object(ts, "uncollectable", object),
        Event::Saved(object) => {
            let kept = list_in(ts, &ts.interp().gc.garbage).and_then(|list| list.append(ts, Owned::new(object)));
            if kept.is_err() {
                ts.error.clear();
            }
        }
        Event::Ends { generation, why, stats } => {
            if prints_stats(ts) {
                print_stats(ts, stats);
            }
            call_back(ts, why, "stop", generation, stats);
        }
    }
}

fn prints_stats(ts: &ThreadState) -> bool {
    ts.interp().gc.debug.get() & DEBUG_STATS != 0
}

fn print_sizes(ts: &ThreadState, generation: usize) {
    let gc = &ts.interp().gc;
    let sizes: String = gc.sizes().iter().map(|size| format!(" {size}")).collect();
    let frozen = gc.count_frozen();
    sys::write_stderr(ts, &format!("gc: collecting generation {generation}...\n"));
    let sizes = format!("gc: objects in each generation:{sizes}\ngc: objects in permanent generation: {frozen}\n");
    sys::write_stderr(ts, &sizes);
}

fn print_stats(ts: &ThreadState, stats: &Stats) {
    let Stats { collected, uncollectable, duration, .. } = *stats;
    let unreachable = collected + uncollectable;
    let text = format!("gc: done, {unreachable} unreachable, {uncollectable} uncollectable, {duration:.4}s elapsed\n");
    sys::write_stderr(ts, &text);
}

fn print_object(ts: &ThreadState, what: &str, object: &Object) {
    let text = format!("gc: {what} <{} {:p}>\n", object.ty().full_name(), object.as_ptr());
    sys::write_stderr(ts, &text);
}

fn call_back(ts: &ThreadState, why: Why, phase: &str, generation: usize, stats: &Stats) {
    let callbacks = ts.interp().gc.callbacks.load();
    let Some(callbacks) = callbacks.as_ref().and_then(|list| list.downcast::<List>()) else { return };
    if why == Why::Ending || callbacks.is_empty() {
        return;
    }
    let Ok((phase, info)) = told(ts, phase, generation, stats) else {
        return unraisable::report_saying(ts, "Exception ignored on invoking gc callbacks", None);
    };
    let mut next = 0;
    while let Some(callback) = callbacks.get(next).map(Owned::new) {
        next += 1;
        if call::call(ts, &callback, &[&*phase, &*info]).is_err() {
            unraisable::report_while(ts, "calling GC callback", Some(&callback));
        }
    }
}

/// What a callback is given.
fn told(ts: &ThreadState, phase: &str, generation: usize, stats: &Stats) -> Result<(Owned<Str>, Owned<Dict>)> {
    let info = Dict::new(ts)?;
    info.set_text(ts, "generation", &*Int::from_i64(ts, generation as i64)?)?;
    put_stats(ts, &info, stats)?;
    Ok((Str::new(ts, phase)?, info))
}
