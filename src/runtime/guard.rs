//! What keeps an interpreter from ending, and attaching to it from any thread.
//!
//! A guard is a promise that its interpreter is there: who ends it waits until the last guard is closed, and from then
//! on none is given out. A view only names an interpreter, which may have ended meanwhile.

use core::cell::{Cell, RefCell};
use core::ptr::{self, NonNull};
use core::sync::atomic::Ordering;

use super::{Interpreter, ThreadState, gil, interpreters, lifecycle, tls};
use crate::object::alloc::try_push;
use crate::object::lock::{Mutex, futex::Word};

/// How many guards an interpreter has.
#[derive(Default)]
pub struct Guards {
    state: Mutex<State>,
    /// How many were closed, for who waits.
    closed: Word,
}

#[derive(Default)]
struct State {
    open: usize,
    /// No more are given out.
    refused: bool,
    /// How many forks ago the interpreter was made. Guards from before the last one count no more.
    forks: u32,
}

impl Guards {
    /// One more; none once the interpreter is ending. Says after how many forks.
    fn open(&self) -> Option<u32> {
        let mut state = self.state.lock();
        if state.refused {
            return None;
        }
        state.open += 1;
        Some(state.forks)
    }

    fn close(&self, forks: u32) {
        let mut state = self.state.lock();
        if forks != state.forks {
            return;
        }
        state.open -= 1;
        // Still locked: the interpreter may end as soon as the lock is free.
        self.closed.fetch_add(1, Ordering::Relaxed);
        self.closed.wake_all();
    }

    /// Gives no more out, if none is open.
    pub(super) fn refuse(&self) -> bool {
        let mut state = self.state.lock();
        state.refused |= state.open == 0;
        state.refused
    }

    /// In the child of a fork: who would close them is no more.
    pub(super) fn forget(&self) {
        let mut state = self.state.lock();
        state.open = 0;
        state.forks += 1;
    }

    /// Waits until none is open, without the GIL.
    pub(super) fn wait(&self) {
        gil::detached(|| {
            loop {
                let closed = self.closed.load(Ordering::Relaxed);
                if self.state.lock().open == 0 {
                    break;
                }
                self.closed.wait(closed, None);
            }
        });
    }
}

/// A promise that an interpreter is there, until it is dropped.
pub struct Guard {
    interp: *const Interpreter,
    /// As [`Guards::open`] said.
    forks: u32,
}

impl Guard {
    /// None once the interpreter is ending.
    pub fn new(interp: &Interpreter) -> Option<Guard> {
        // Made only where one was opened: its drop closes one.
        interp.guards.open().map(|forks| Guard { interp, forks })
    }

    fn interp(&self) -> &Interpreter {
        // SAFETY: what the guard is there for.
        unsafe { &*self.interp }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.interp().guards.close(self.forks);
    }
}

/// The name of an interpreter.
pub struct View {
    id: i64,
}

impl View {
    pub fn of(interp: &Interpreter) -> View {
        View { id: interp.id }
    }

    /// The main interpreter, whether it is there or not.
    pub fn of_main() -> View {
        View { id: 0 }
    }

    /// A guard for it; none if it has ended or is ending.
    pub fn guard(&self) -> Option<Guard> {
        interpreters::with(self.id, Guard::new)?
    }
}

/// Open `PyThreadState_Ensure`s of a thread state.
#[derive(Default)]
pub struct Ensured {
    depth: Cell<usize>,
    /// Made by one of them.
    is_ours: Cell<bool>,
    /// What was the thread's own state before that.
    own_before: Cell<Option<NonNull<ThreadState>>>,
    /// Guards that were opened for one of them, with its depth.
    guards: RefCell<Vec<(usize, Guard)>>,
}

/// What is returned where no thread state was attached.
static NONE_ATTACHED: u8 = 0;

fn none_attached() -> *const ThreadState {
    (&raw const NONE_ATTACHED).cast()
}

/// `PyThreadState_Ensure`: attaches this thread to the guard's interpreter, and says from what it was detached, for
/// [`release`]; `None` without memory.
pub fn ensure(guard: &Guard) -> Option<*const ThreadState> {
    let interp = guard.interp();
    let current = tls::get();
    let own = tls::own();
    // SAFETY: this thread's states, or NULL.
    let of_interp = |ts: *const ThreadState| unsafe { ts.as_ref() }.filter(|t| ptr::eq(t.interp_ptr(), interp));
    let state = match of_interp(current).or_else(|| of_interp(own)) {
        Some(state) => state,
        None => {
            let state = interp.new_thread()?;
            state.ensured.is_ours.set(true);
            state.ensured.own_before.set(NonNull::new(own.cast_mut()));
            state
        }
    };
    // SAFETY: a state of this thread, or a new one.
    unsafe { gil::swap(state) };
    state.ensured.depth.set(state.ensured.depth.get() + 1);
    Some(if current.is_null() { none_attached() } else { current })
}

/// `PyThreadState_EnsureFromView`: the same with a guard that is closed by the matching [`release`].
pub fn ensure_from_view(view: &View) -> Option<*const ThreadState> {
    let guard = view.guard()?;
    let before = ensure(&guard)?;
    let ensured = &ThreadState::current().ensured;
    let entry = (ensured.depth.get(), guard);
    if !try_push(&mut ensured.guards.borrow_mut(), entry) {
        // SAFETY: what was ensured just now.
        unsafe { release(before) };
        return None;
    }
    Some(before)
}

/// `PyThreadState_Release`: undoes the matching [`ensure`], whose answer is `before`.
///
/// # Safety
/// That, or anything where nothing was ensured: that is a fatal error.
pub unsafe fn release(before: *const ThreadState) {
    let ts = ThreadState::current();
    let depth = ts.ensured.depth.get();
    if depth == 0 {
        lifecycle::fatal(
            "PyThreadState_Release",
            "PyThreadState_Release() called more times than PyThreadState_Ensure()",
        );
    }
    ts.ensured.depth.set(depth - 1);
    let guard = ts.ensured.guards.borrow_mut().pop_if(|(of, _)| *of == depth);
    if depth == 1 && ts.ensured.is_ours.get() {
        let own_before = ts.ensured.own_before.get();
        ts.clear();
        // SAFETY: attached to it, and made for the call that is being undone.
        unsafe { gil::delete_current(ts) };
        tls::set_own(own_before.map_or(ptr::null(), |p| p.as_ptr().cast_const()));
    }
    let before = if ptr::eq(before, none_attached()) { ptr::null() } else { before };
    // SAFETY: the state that this thread was attached to before.
    unsafe { gil::swap(before) };
    // Last, since the interpreter may end at once.
    drop(guard);
}
