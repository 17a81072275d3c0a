//! An interpreter's tracked objects by age, and when to look at which.
//!
//! The scheme is CPython 3.15's, which went back to it from an incremental one. What was just made is in the youngest of
//! three generations; what survives a collection moves up to the next. A collection of the youngest is due when so many
//! more objects were tracked than untracked since the last, one of the middle after so many of the youngest, one of the
//! oldest, that is, of everything, after so many of the middle; but not before what waits there for its first look is a
//! quarter of what was left by the last one. So the cost of a collection is that of the young, and all that full ones
//! cost, taken together, is a constant share of what was allocated.
//!
//! A fourth ring holds what is frozen: no collection looks at it.

use core::cell::Cell;
use core::ffi::c_int;
use core::sync::atomic::{AtomicIsize, Ordering::Relaxed};

use super::super::alloc::try_box;
use super::Observer;
use super::head::GcHead;
use crate::ffi::PyObject;
use crate::object::{Object, Owned};

pub const GENERATIONS: usize = 3;
/// The generation of what survived most; a collection of it looks at everything.
pub const OLDEST: usize = GENERATIONS - 1;
const FROZEN: usize = GENERATIONS;

/// What the collections of a generation came to.
#[derive(Clone, Copy, Default)]
pub struct Stats {
    pub collections: usize,
    pub collected: usize,
    pub uncollectable: usize,
    /// Objects that were looked at.
    pub candidates: usize,
    /// Seconds.
    pub duration: f64,
}

/// An interpreter's collector.
pub struct Collector {
    /// The generations, then what is frozen. Boxed, since members point at their ring's head.
    rings: Box<[GcHead; GENERATIONS + 1]>,
    /// Objects tracked since the last collection, less those that were untracked, though never below zero.
    count: Cell<isize>,
    /// A collection is due above this count.
    due: Cell<isize>,
    /// The same where the fast paths look, until somebody else interrupts.
    limit: AtomicIsize,
    enabled: Cell<bool>,
    pub(super) collecting: Cell<bool>,
    thresholds: [Cell<c_int>; GENERATIONS],
    /// Collections of the generation before since the last of this one; the first place is not used.
    collections: [Cell<c_int>; GENERATIONS],
    /// What survived the last full collection, and what has come to the oldest generation since.
    survivors: Cell<usize>,
    pending: Cell<usize>,
    stats: [Cell<Stats>; GENERATIONS],
    /// `gc.set_debug`.
    pub debug: Cell<c_int>,
    /// The lists `gc.garbage` and `gc.callbacks`: NULL or owned.
    pub garbage: Cell<*mut PyObject>,
    pub callbacks: Cell<*mut PyObject>,
    /// Who is told what happens in a collection.
    pub observer: Cell<Option<Observer>>,
}

/// CPython 3.15's.
const THRESHOLDS: [c_int; GENERATIONS] = [2000, 10, 10];

impl Collector {
    /// `None` without memory.
    pub fn new() -> Option<Collector> {
        let rings = try_box(|| [(); GENERATIONS + 1].map(|()| GcHead::ring()))?;
        rings.iter().for_each(GcHead::close);
        let gc = Collector {
            rings,
            count: Cell::new(0),
            due: Cell::new(0),
            limit: AtomicIsize::new(0),
            enabled: Cell::new(true),
            collecting: Cell::new(false),
            thresholds: THRESHOLDS.map(Cell::new),
            collections: Default::default(),
            survivors: Cell::new(0),
            pending: Cell::new(0),
            stats: Default::default(),
            debug: Cell::new(0),
            garbage: Cell::new(core::ptr::null_mut()),
            callbacks: Cell::new(core::ptr::null_mut()),
            observer: Cell::new(None),
        };
        gc.set_limit();
        Some(gc)
    }

    /// Enters an object that was just made.
    #[inline(always)]
    pub(in crate::object) fn link_new(&self, item: &GcHead) {
        self.count.set(self.count.get() + 1);
        self.rings[0].push_new(item);
    }

    /// Enters an object that is not tracked.
    #[inline(always)]
    pub(in crate::object) fn link(&self, item: &GcHead) {
        self.count.set(self.count.get() + 1);
        self.rings[0].push(item);
    }

    /// Takes a tracked object out, of whatever generation it is.
    #[inline(always)]
    pub(in crate::object) fn unlink(&self, item: &GcHead) {
        // It is never negative.
        self.count.set((self.count.get() as usize).saturating_sub(1) as isize);
        item.unlink();
    }

    /// Whether a collection is due, or somebody interrupts.
    #[inline(always)]
    pub(super) fn wants_look(&self) -> bool {
        self.count.get() > self.limit.load(Relaxed)
    }

    /// Whether a collection is due.
    pub(super) fn is_due(&self) -> bool {
        self.count.get() > self.due.get()
    }

    /// Has the thread that runs look at the GIL where it would look whether to collect. Needs no GIL.
    pub fn interrupt(&self) {
        self.limit.store(isize::MIN, Relaxed);
    }

    /// The interruption was seen.
    pub(super) fn go_on(&self) {
        self.limit.store(self.due.get(), Relaxed);
    }

    pub fn is_enabled(&self) -> bool {
        self.enabled.get()
    }

    /// Lets collections begin by themselves, or not.
    pub fn enable(&self, enabled: bool) {
        self.enabled.set(enabled);
        self.set_limit();
    }

    pub fn is_collecting(&self) -> bool {
        self.collecting.get()
    }

    /// As many more objects than this, or collections of the generation before, make one of each generation due.
    pub fn thresholds(&self) -> [c_int; GENERATIONS] {
        self.thresholds.each_ref().map(Cell::get)
    }

    /// Sets as many as are given, from the youngest on. No collection begins by itself if the first is 0.
    pub fn set_thresholds(&self, thresholds: &[c_int]) {
        for (place, &threshold) in self.thresholds.iter().zip(thresholds) {
            place.set(threshold);
        }
        self.set_limit();
    }

    /// What is held against the thresholds.
    pub fn counts(&self) -> [isize; GENERATIONS] {
        let mut counts = self.collections.each_ref().map(|n| n.get() as isize);
        counts[0] = self.count.get();
        counts
    }

    pub fn stats(&self) -> [Stats; GENERATIONS] {
        self.stats.each_ref().map(Cell::get)
    }

    pub(super) fn set_limit(&self) {
        let threshold = self.thresholds[0].get();
        let may_begin = self.enabled.get() && !self.collecting.get() && threshold != 0;
        self.due.set(if may_begin { threshold as isize } else { isize::MAX });
        self.go_on();
    }

    /// The oldest generation that is due.
    pub(super) fn due_generation(&self) -> usize {
        let is_due = |&g: &usize| {
            self.counts()[g] > self.thresholds[g].get() as isize
                && (g != OLDEST || self.pending.get() >= self.survivors.get() / 4)
        };
        (0..GENERATIONS).rev().find(is_due).unwrap_or(0)
    }

    /// Moves a generation and the younger ones into `ring`, and counts the collection.
    pub(super) fn take_out(&self, generation: usize, ring: &GcHead) {
        if let Some(next) = self.collections.get(generation + 1) {
            next.set(next.get().saturating_add(1));
        }
        self.clear_counts(generation);
        for younger in self.rings[..=generation].iter().rev() {
            younger.append_to(ring);
        }
    }

    fn clear_counts(&self, generation: usize) {
        self.count.set(0);
        self.collections[..=generation].iter().for_each(|n| n.set(0));
    }

    /// Where what survives a collection of that generation goes.
    pub(super) fn older(&self, generation: usize) -> &GcHead {
        &self.rings[(generation + 1).min(OLDEST)]
    }

    /// So many were found to be reachable.
    pub(super) fn note_survivors(&self, generation: usize, survivors: usize) {
        match generation {
            OLDEST => {
                self.pending.set(0);
                self.survivors.set(survivors);
            }
            g if g + 1 == OLDEST => self.pending.set(self.pending.get() + survivors),
            _ => {}
        }
    }

    pub(super) fn note_collection(&self, generation: usize, collection: &Stats) {
        let stats = &self.stats[generation];
        let before = stats.get();
        stats.set(Stats {
            collections: before.collections + 1,
            collected: before.collected + collection.collected,
            uncollectable: before.uncollectable + collection.uncollectable,
            candidates: before.candidates + collection.candidates,
            duration: before.duration + collection.duration,
        });
    }

    /// No collection looks at what is tracked now, until [`unfreeze`](Self::unfreeze).
    pub fn freeze(&self) {
        self.take_out(OLDEST, &self.rings[FROZEN]);
    }

    /// What is frozen goes to the oldest generation.
    pub fn unfreeze(&self) {
        self.rings[FROZEN].append_to(&self.rings[OLDEST]);
    }

    /// How many objects are frozen.
    pub fn count_frozen(&self) -> usize {
        self.rings[FROZEN].len()
    }

    /// How many objects each generation has.
    pub fn sizes(&self) -> [usize; GENERATIONS] {
        core::array::from_fn(|g| self.rings[g].len())
    }

    /// Calls `f` with every object of a generation, the youngest being 0. It neither tracks nor runs anything foreign.
    pub fn look_at(&self, generation: usize, mut f: impl FnMut(&Object)) {
        self.rings[generation].for_each(|head| f(head.object()));
    }

    /// The same with every tracked object, those that are frozen included.
    pub fn look(&self, mut f: impl FnMut(&Object)) {
        for ring in self.rings.iter() {
            ring.for_each(|head| f(head.object()));
        }
    }

    /// Calls `visit` with every tracked object, those that are frozen included, until it says `false`. None is
    /// collected meanwhile.
    pub fn visit(&self, mut visit: impl FnMut(&Object) -> bool) {
        let (collecting, enabled) = (self.collecting.replace(true), self.enabled.replace(false));
        self.set_limit();
        let _ = self.rings.iter().all(|ring| visit_ring(ring, &mut visit));
        self.collecting.set(collecting);
        self.enabled.set(enabled);
        self.set_limit();
    }

    /// Nothing is tracked any more: what was goes by other ways.
    pub fn forget_survivors(&self) {
        self.clear_counts(OLDEST);
        self.survivors.set(0);
        self.pending.set(0);
    }

    /// The interpreter ends: nothing stays frozen or saved, and nobody is told.
    pub fn end(&self) {
        use crate::object::ObjectCell;
        self.debug.set(0);
        self.unfreeze();
        drop((self.garbage.take_owned(), self.callbacks.take_owned()));
    }
}

/// Whether `visit` never said `false`. The next object is held before the last one is given up, which may end others.
fn visit_ring(ring: &GcHead, visit: &mut impl FnMut(&Object) -> bool) -> bool {
    let mut at = ring.first().map(|head| Owned::new(head.object()));
    while let Some(object) = at {
        if !visit(&object) {
            return false;
        }
        let next = crate::object::alloc::gc_head(&object).next();
        // It may have been untracked, and then nothing says what comes next.
        let more = !next.is_null() && !core::ptr::eq(next, ring);
        // SAFETY: a head in a ring lives.
        at = more.then(|| Owned::new(unsafe { (*next).object() }));
    }
    true
}
