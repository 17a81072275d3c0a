//! The heap walk: makes immortal everything that the interpreter holds.
//!
//! Three steps. *Tracing* marks what is found with the immortal flag alone, the count left as it is, and lists it; the
//! list is the worklist too, so nothing recurses, and the mark says whether an object is in it. *Filling* writes what
//! reading would write later ([`super::caches`]). Both may run out of memory: then the marks are taken off again and
//! nothing has happened. *Committing* cannot fail: words become canonical, headers leave the collector's ring, and
//! the heap's pages are closed.
//!
//! Found is: what the collector tracks (what extensions' static types hang on to is among it, in the interpreter that
//! readied them), what the interpreter's own cells hold, interned strs, what objects that were immortal before hold, and
//! what any of these reaches: through `tp_traverse`, through an instance's type, and through the few fields that
//! `tp_traverse` is not told of. What only C's own
//! variables or a type without `tp_traverse` hold, and is no container, nobody can find.

use core::ptr::NonNull;
use core::sync::atomic::Ordering::Relaxed;

use super::{caches, footprint, reach};
use crate::ffi::FLAG_IMMORTAL;
use crate::object::alloc::{gc_is_tracked, gc_untrack};
use crate::object::immortal;
use crate::object::{Object, Result};
use crate::runtime::{Interpreter, ThreadState};
use crate::types::Str;
use crate::types::exceptions::RUNTIME_ERROR;

/// What became immortal.
#[derive(Clone, Copy, Default)]
pub struct Walked {
    pub objects: usize,
    pub bytes: usize,
}

/// Makes everything that the current interpreter holds immortal. `RuntimeError` where that cannot be now,
/// `MemoryError` where there is not enough; nothing has become immortal then.
pub fn immortalize_heap(ts: &ThreadState) -> Result<Walked> {
    check_state(ts)?;
    // Who looks into one later writes to pages as well.
    crate::types::type_::builtin::complete();
    let interp = ts.interp();
    let mut found = Found::default();
    let done = found.roots(interp) && found.trace() && interp.walked.borrow_mut().try_reserve(1).is_ok();
    if !done {
        found.unmark();
        return Err(ts.no_memory());
    }
    if let Err(raised) = caches::fill(ts, &found.objects) {
        found.unmark();
        return Err(raised);
    }
    let walked = found.commit();
    interp.gc.forget_survivors();
    interp.heap().retire();
    found.objects.shrink_to_fit();
    interp.walked.borrow_mut().push(found.objects);
    Ok(walked)
}

fn check_state(ts: &ThreadState) -> Result<()> {
    let interp = ts.interp();
    let why = match () {
        () if interp.is_finalizing() => "the interpreter is ending",
        () if interp.gc.is_collecting() => "a collection is under way",
        () if interp.any_thread(|other| other.dealloc_depth.get() > 0) => "an object is being ended",
        () => return Ok(()),
    };
    Err(ts.raise(&RUNTIME_ERROR, format_args!("the heap cannot be made immortal while {why}")))
}

#[derive(Default)]
struct Found {
    objects: Vec<NonNull<Object>>,
}

impl Found {
    /// Marks and lists what is not immortal yet; `false` without memory.
    #[inline]
    fn add(&mut self, object: &Object) -> bool {
        if object.is_immortal() {
            return true;
        }
        if self.objects.len() == self.objects.capacity() && self.objects.try_reserve(1).is_err() {
            return false;
        }
        let flags = &object.ob_refcnt.flags;
        flags.store(flags.load(Relaxed) | FLAG_IMMORTAL, Relaxed);
        self.objects.push(NonNull::from(object));
        true
    }

    fn roots(&mut self, interp: &Interpreter) -> bool {
        let mut whole = true;
        interp.gc.look(|object| {
            whole = whole && self.add(object);
        });
        whole
            && interp.interned().all(|name| self.add(name))
            && interp.visit_cells(&mut |object| self.add(object))
            && interp.promoted.borrow().iter().all(|(object, _)| self.reach(*object))
    }

    fn trace(&mut self) -> bool {
        let mut next = 0;
        while let Some(&object) = self.objects.get(next) {
            if !self.reach(object) {
                return false;
            }
            next += 1;
        }
        true
    }

    /// Adds what an object holds.
    fn reach(&mut self, object: NonNull<Object>) -> bool {
        // SAFETY: listed objects live.
        reach::from(unsafe { object.as_ref() }, &mut |held| self.add(held))
    }

    fn unmark(&mut self) {
        for object in &self.objects {
            // SAFETY: listed objects live.
            let flags = &unsafe { object.as_ref() }.ob_refcnt.flags;
            flags.store(flags.load(Relaxed) & !FLAG_IMMORTAL, Relaxed);
        }
    }

    fn commit(&self) -> Walked {
        let mut walked = Walked { objects: self.objects.len(), bytes: 0 };
        for object in &self.objects {
            // SAFETY: listed objects live.
            let object = unsafe { object.as_ref() };
            immortal::share(object);
            if gc_is_tracked(object) {
                gc_untrack(object);
            }
            if let Some(text) = object.downcast::<Str>().filter(|text| text.is_interned()) {
                text.set_interned_for_ever();
            }
            walked.bytes += footprint::of(object);
        }
        walked
    }
}
