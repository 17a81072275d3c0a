//! A thread in an interpreter.
//!
//! `&ThreadState` is proof of being attached: it is fetched once, at the door, and passed on. Whatever may
//! raise, allocate or run foreign code takes it.

use core::cell::{Cell, RefCell};
use core::ptr;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::error::Indicator;
use super::gil::Gil;
use super::{Interpreter, guard, tls};
use crate::ffi::PyObject;
use crate::object::counted::Counted;
use crate::object::heap::Heap;
use crate::object::{Owned, Raised, Result};

/// `prev`, `next` and `interp` lie where CPython's headers show them.
#[repr(C)]
pub struct ThreadState {
    pub prev: Cell<*mut ThreadState>,
    pub next: Cell<*mut ThreadState>,
    interp: *const Interpreter,
    /// Where objects are made: the interpreter's heap, or the process's while its own part is built.
    heap: Cell<*const Heap>,
    pub error: Indicator,
    /// The exception being handled, for `PyErr_GetHandledException`: NULL or owned.
    pub handled: Cell<*mut PyObject>,
    /// `PyThreadState_GetDict`: NULL or owned.
    pub dict: Cell<*mut PyObject>,
    /// The frame that runs, if one does (`types/code/call.rs`): NULL or owned.
    pub frame: Cell<*mut PyObject>,
    /// Ends of collectable objects under way, and those put off (see `object/dealloc.rs`).
    pub dealloc_depth: Cell<u32>,
    pub deferred_end: Cell<*mut PyObject>,
    /// Objects whose repr is being made, for `...` in containers that hold themselves.
    pub repr_stack: RefCell<Vec<*const PyObject>>,
    /// The lowest stack address at which foreign or recursive code may still be entered.
    stack_limit: Cell<usize>,
    stack_top: Cell<usize>,
    /// The thread that the bounds are of, as `pthread_self` says.
    stack_of: Cell<usize>,
    pub id: u64,
    /// How many `PyGILState_Ensure` are open; 1 from the start for a state that another function made.
    pub gilstate_counter: Cell<i32>,
    /// What another thread asked this one to raise: NULL or owned.
    pub asked_to_raise: Cell<*mut PyObject>,
    /// The interpreter's, kept for a thread that comes back after its end.
    gil: Counted<Gil>,
    /// Nobody may attach any more: the interpreter ends, and this is not the thread that ends it. Written under the
    /// GIL, and read when it was taken.
    ended: AtomicBool,
    /// Open `PyThreadState_Ensure`s.
    pub ensured: guard::Ensured,
}

/// Left free below the limit, for what a callee does without asking again.
const STACK_MARGIN: usize = 128 << 10;
/// What is used of a first thread's stack that may grow without limit.
const UNLIMITED_STACK: usize = 64 << 20;

impl ThreadState {
    pub(super) fn new(interp: *const Interpreter, id: u64) -> ThreadState {
        ThreadState {
            prev: Cell::new(ptr::null_mut()),
            next: Cell::new(ptr::null_mut()),
            interp,
            // SAFETY: an interpreter outlives its threads.
            heap: Cell::new(unsafe { (*interp).heap_ptr() }),
            error: Indicator::default(),
            handled: Cell::new(ptr::null_mut()),
            dict: Cell::new(ptr::null_mut()),
            frame: Cell::new(ptr::null_mut()),
            dealloc_depth: Cell::new(0),
            deferred_end: Cell::new(ptr::null_mut()),
            repr_stack: RefCell::new(Vec::new()),
            stack_limit: Cell::new(0),
            stack_top: Cell::new(usize::MAX),
            stack_of: Cell::new(0),
            id,
            gilstate_counter: Cell::new(1),
            asked_to_raise: Cell::new(ptr::null_mut()),
            // SAFETY: as above.
            gil: unsafe { (*interp).gil() },
            ended: AtomicBool::new(false),
            ensured: guard::Ensured::default(),
        }
    }

    /// Takes on the stack of the OS thread that attaches.
    #[inline]
    pub(super) fn adopt_stack(&self) {
        let thread = os_thread();
        if self.stack_of.get() != thread {
            let (low, high) = stack_bounds();
            self.stack_limit.set(low + STACK_MARGIN);
            self.stack_top.set(high);
            self.stack_of.set(thread);
        }
    }

    /// The OS thread that last attached.
    pub fn os_thread(&self) -> usize {
        self.stack_of.get()
    }

    #[inline(always)]
    pub fn gil(&self) -> &Counted<Gil> {
        &self.gil
    }

    /// From here on who attaches waits for ever.
    pub(super) fn end(&self) {
        self.ended.store(true, Relaxed);
    }

    #[inline(always)]
    pub(super) fn has_ended(&self) -> bool {
        self.ended.load(Relaxed)
    }

    /// Whether some other thread may come back to it.
    pub(super) fn is_of_another_thread(&self) -> bool {
        ![0, os_thread()].contains(&self.stack_of.get())
    }

    /// The attached thread state. The caller is attached: C code that calls in without is a fatal error, as
    /// it is in CPython.
    #[inline(always)]
    pub fn current<'a>() -> &'a ThreadState {
        let p = tls::get();
        if p.is_null() {
            not_attached();
        }
        // SAFETY: set by attaching, cleared by detaching, alive in between.
        unsafe { &*p }
    }

    #[inline]
    pub fn try_current<'a>() -> Option<&'a ThreadState> {
        // SAFETY: as above.
        unsafe { tls::get().as_ref() }
    }

    #[inline(always)]
    pub fn interp(&self) -> &Interpreter {
        // SAFETY: an interpreter outlives its threads.
        unsafe { &*self.interp }
    }

    pub fn interp_ptr(&self) -> *const Interpreter {
        self.interp
    }

    #[inline(always)]
    pub fn heap(&self) -> &Heap {
        // SAFETY: a heap outlives the threads that use it.
        unsafe { &*self.heap.get() }
    }

    /// Whether what is made at this time is to be shared by all interpreters.
    pub fn makes_for_all(&self) -> bool {
        !ptr::eq(self.heap.get(), self.interp().heap())
    }

    /// Runs `f` with objects being made in `heap`.
    pub fn with_heap<R>(&self, heap: &Heap, f: impl FnOnce() -> R) -> R {
        let before = self.heap.replace(heap);
        let result = f();
        self.heap.set(before);
        result
    }

    /// To be asked before recursing, and before calling what may recurse; `place` completes the sentence,
    /// such as `" while getting the repr of an object"`. `RecursionError` when the stack is nearly used up.
    #[inline]
    pub fn check_recursion(&self, place: &str) -> Result<()> {
        let here = ptr::from_ref(&place).addr();
        if here < self.stack_limit.get() && here > self.stack_limit.get() - STACK_MARGIN {
            return Err(self.stack_overflow(here, place));
        }
        Ok(())
    }

    #[cold]
    fn stack_overflow(&self, here: usize, place: &str) -> Raised {
        let used = (self.stack_top.get() - here) / 1024;
        self.raise(&crate::types::exceptions::RECURSION_ERROR, format_args!("Stack overflow (used {used} kB){place}"))
    }

    /// Enters the repr of `object`; `false` if it is under way already.
    pub fn enter_repr(&self, object: &PyObject) -> bool {
        let mut stack = self.repr_stack.borrow_mut();
        if stack.contains(&ptr::from_ref(object)) {
            return false;
        }
        stack.push(object);
        true
    }

    pub fn leave_repr(&self, object: &PyObject) {
        let mut stack = self.repr_stack.borrow_mut();
        if let Some(i) = stack.iter().rposition(|&p| ptr::eq(p, object)) {
            stack.remove(i);
        }
    }

    /// Gives back what the thread holds.
    pub fn clear(&self) {
        self.error.clear();
        for cell in [&self.handled, &self.dict, &self.asked_to_raise] {
            // SAFETY: NULL or owned.
            drop(unsafe { Owned::<PyObject>::from_stolen_nullable(cell.replace(ptr::null_mut())) });
        }
    }
}

#[cold]
#[inline(never)]
fn not_attached() -> ! {
    super::lifecycle::fatal(
        "deathless",
        "the function must be called with an active thread state, after Py_Initialize() and with the GIL held, \
         but the GIL is released (the current Python thread state is NULL)",
    )
}

/// `pthread_self`, without the call: it is the thread pointer, which the psABI has at the beginning of the thread's block.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub fn os_thread() -> usize {
    let p: usize;
    // SAFETY: reads the thread's own pointer to itself.
    unsafe {
        core::arch::asm!("mov {p}, qword ptr fs:[0]", p = out(reg) p, options(nostack, preserves_flags, readonly, pure))
    };
    p
}

/// `pthread_self`.
#[cfg(not(target_arch = "x86_64"))]
#[inline]
pub fn os_thread() -> usize {
    // SAFETY: asks for nothing but this thread's name.
    unsafe { libc::pthread_self() as usize }
}

unsafe extern "C" {
    /// Where the first thread's stack begins, as the loader found it.
    static __libc_stack_end: *const u8;
}

/// The lowest and highest address of this thread's stack, found out once: a thread may have many states.
fn stack_bounds() -> (usize, usize) {
    thread_local!(static BOUNDS: Cell<Option<(usize, usize)>> = const { Cell::new(None) });
    BOUNDS.get().unwrap_or_else(|| {
        let bounds = find_stack_bounds();
        BOUNDS.set(Some(bounds));
        bounds
    })
}

/// For the first thread the C library would read `/proc/self/maps`, a good part of a start; where its stack begins and
/// how large it may grow is known without.
fn find_stack_bounds() -> (usize, usize) {
    // SAFETY: plain queries on this process and thread, the attribute object given back.
    unsafe {
        if libc::gettid() == libc::getpid() {
            let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
            let known = libc::getrlimit(libc::RLIMIT_STACK, &mut limit) == 0 && limit.rlim_cur != libc::RLIM_INFINITY;
            let size = if known { limit.rlim_cur as usize } else { UNLIMITED_STACK };
            let high = __libc_stack_end.addr();
            return (high.saturating_sub(size), high);
        }
        let mut attr: libc::pthread_attr_t = core::mem::zeroed();
        if libc::pthread_getattr_np(libc::pthread_self(), &mut attr) != 0 {
            return (0, usize::MAX);
        }
        let mut low = ptr::null_mut();
        let mut size = 0;
        let ok = libc::pthread_attr_getstack(&attr, &mut low, &mut size) == 0;
        libc::pthread_attr_destroy(&mut attr);
        if ok { (low as usize, low as usize + size) } else { (0, usize::MAX) }
    }
}
