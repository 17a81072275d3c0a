//! The collector: finds objects that only hold each other, and ends them.
//!
//! * [`head`]        the header of an object, and the rings of headers
//! * [`generations`] an interpreter's rings, and when to look at which
//! * [`reach`]       what nothing outside a ring reaches
//! * [`show`]        what an object holds
//! * [`garbage`]     weak references, finalizers, `tp_clear`, and their order
//!
//! No step recurses and none allocates for the objects it looks at: rings are relinked in place. A collection begins only
//! where foreign code may run anyway ([`collect_if_due`]), never within an allocation. What the `gc` module shows of
//! one (debugging output, callbacks, `gc.garbage`) is told to an [`Observer`] that the module sets.

pub mod garbage;
pub mod generations;
pub mod head;
mod reach;
mod show;

use core::ffi::c_int;
use std::time::Instant;

pub use garbage::{call_finalizer, finalize_in_dealloc, is_finalized};
pub use generations::{Collector, GENERATIONS, OLDEST, Stats};
pub(super) use head::traverse;
pub use head::{GcHead, has_header};

pub use show::shown;

use super::{Object, ObjectCell};
use crate::runtime::{ThreadState, gil, ledger, unraisable};
use crate::types::weakref;

/// `gc.DEBUG_STATS`: what each collection comes to is told.
pub const DEBUG_STATS: c_int = 1;
/// `gc.DEBUG_COLLECTABLE`: garbage is told of.
pub const DEBUG_COLLECTABLE: c_int = 2;
/// `gc.DEBUG_UNCOLLECTABLE`: what cannot be collected is told of.
pub const DEBUG_UNCOLLECTABLE: c_int = 4;
/// `gc.DEBUG_SAVEALL`: garbage is kept in `gc.garbage`.
pub const DEBUG_SAVEALL: c_int = 32;

/// What happens in a collection.
pub enum Event<'a> {
    Begins {
        generation: usize,
        why: Why,
    },
    /// Asked for by `DEBUG_COLLECTABLE`.
    Collectable(&'a Object),
    /// Asked for by `DEBUG_UNCOLLECTABLE`.
    Uncollectable(&'a Object),
    /// To be kept in `gc.garbage`.
    Saved(&'a Object),
    Ends {
        generation: usize,
        why: Why,
        stats: &'a Stats,
    },
}

/// Who is told. It may run foreign code, and handles errors itself.
pub type Observer = fn(&ThreadState, Event<'_>);

/// Why a collection begins.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It is due, or asked for.
    Usual,
    /// The interpreter ends: callbacks are not called any more.
    Ending,
}

fn tell(ts: &ThreadState, event: Event<'_>) {
    if let Some(observer) = ts.interp().gc.observer.get() {
        observer(ts, event);
    }
}

/// Collects if it is time, and lets another thread run that has waited for long. To be called where foreign code may
/// run.
#[inline(always)]
pub fn collect_if_due(ts: &ThreadState) {
    if ts.interp().gc.wants_look() {
        look_up(ts);
    }
}

#[cold]
#[inline(never)]
fn look_up(ts: &ThreadState) {
    let gc = &ts.interp().gc;
    gc.go_on();
    gil::hand_over_if_wanted(ts);
    if gc.is_due() {
        collect(ts, gc.due_generation(), Why::Usual);
    }
}

/// Collects a generation and the younger ones, and says how many objects were found to be unreachable: 0 while another
/// collection is under way.
pub fn collect(ts: &ThreadState, generation: usize, why: Why) -> usize {
    let gc = &ts.interp().gc;
    if gc.collecting.replace(true) {
        return 0;
    }
    gc.set_limit();
    let _door = ledger::Door::open();
    let found = ts.preserving_error(|| observed(ts, gc, generation, why));
    gc.collecting.set(false);
    gc.set_limit();
    found
}

/// Collects everything, as an interpreter does at its end; how many objects were found to be garbage.
pub fn collect_at_end(ts: &ThreadState) -> usize {
    collect(ts, OLDEST, Why::Ending)
}

fn observed(ts: &ThreadState, gc: &Collector, generation: usize, why: Why) -> usize {
    let is_watched = || gc.debug.get() != 0 || gc.callbacks.peek().is_some();
    if is_watched() {
        tell(ts, Event::Begins { generation, why });
    }
    let started = Instant::now();
    let mut stats = run(ts, gc, generation);
    if ts.error.is_set() {
        unraisable::report_saying(ts, "Exception ignored in garbage collection", None);
    }
    stats.duration = started.elapsed().as_secs_f64();
    gc.note_collection(generation, &stats);
    if is_watched() {
        tell(ts, Event::Ends { generation, why, stats: &stats });
    }
    stats.collected + stats.uncollectable
}

fn run(ts: &ThreadState, gc: &Collector, generation: usize) -> Stats {
    let [young, unreachable] = [(); 2].map(|()| GcHead::ring());
    [&young, &unreachable].into_iter().for_each(GcHead::close);
    let old = gc.older(generation);
    gc.take_out(generation, &young);
    let mut stats = Stats { candidates: reach::separate(&young, &unreachable), ..Stats::default() };
    let found = Found::look_over(&unreachable);
    gc.note_survivors(generation, stats.candidates - found.objects);
    young.append_to(old);
    if found.objects > 0 {
        end_unreachable(ts, gc, &unreachable, old, &found, &mut stats);
    }
    stats
}

/// What there is among unreachable objects.
#[derive(Default)]
struct Found {
    objects: usize,
    /// Those with a `tp_del`.
    legacy: bool,
    finalizers: bool,
    /// Those that weak references may refer to, and weak references.
    weak: bool,
}

impl Found {
    fn look_over(unreachable: &GcHead) -> Found {
        let mut found = Found::default();
        unreachable.for_each(|head| {
            let ty = head.object().ty();
            found.objects += 1;
            found.legacy |= ty.tp_del.get().is_some();
            found.finalizers |= ty.tp_finalize.get().is_some();
            found.weak |= weakref::concerns(head.object());
        });
        found
    }
}

/// Ends what is unreachable, but for what is of old or becomes reachable again.
fn end_unreachable(
    ts: &ThreadState,
    gc: &Collector,
    unreachable: &GcHead,
    old: &GcHead,
    found: &Found,
    stats: &mut Stats,
) {
    let [rest, legacy] = [(); 2].map(|()| GcHead::ring());
    [&rest, &legacy].into_iter().for_each(GcHead::close);
    if found.legacy {
        spare_legacy(unreachable, &legacy);
        stats.uncollectable = legacy.len();
    }
    let debug = gc.debug.get();
    if debug & DEBUG_COLLECTABLE != 0 {
        garbage::for_each_held(unreachable, |object| tell(ts, Event::Collectable(object)));
    }
    if found.weak {
        stats.collected = garbage::call_back(ts, unreachable, old);
    }
    if found.finalizers {
        garbage::finalize(ts, unreachable);
    }
    if found.finalizers || found.weak || debug != 0 {
        // Foreign code ran, and some may be reachable again.
        reach::separate(unreachable, &rest);
    } else {
        unreachable.append_to(&rest);
    }
    unreachable.append_to(old);
    if found.finalizers || found.weak {
        garbage::kill_references(ts, &rest);
    }
    stats.collected += rest.len();
    garbage::take_apart(ts, &rest, old, gc.debug.get() & DEBUG_SAVEALL != 0);
    keep_legacy(ts, &legacy, gc.debug.get());
    legacy.append_to(old);
}

/// What has a `tp_del`, the finalizer of old, is never collected, nor is what it reaches.
fn spare_legacy(unreachable: &GcHead, legacy: &GcHead) {
    unreachable.for_each(|head| {
        if head.object().ty().tp_del.get().is_some() {
            head.move_back(legacy);
        }
    });
    reach::rescue(legacy);
}

fn keep_legacy(ts: &ThreadState, legacy: &GcHead, debug: c_int) {
    garbage::for_each_held(legacy, |object| {
        if debug & DEBUG_UNCOLLECTABLE != 0 {
            tell(ts, Event::Uncollectable(object));
        }
        if debug & DEBUG_SAVEALL != 0 || object.ty().tp_del.get().is_some() {
            tell(ts, Event::Saved(object));
        }
    });
}
