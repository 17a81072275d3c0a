//! The fault: one instruction is let through, and what it changed is seen.
//!
//! A write to a sealed page ends in [`on_fault`]: the page is opened and the processor's trap flag set, so that after
//! this one instruction comes [`on_trap`], which compares the word with what it was and closes the page. Between the
//! two the thread owns [`OWNER`], and no signal reaches it; other threads that fault wait. An instruction that writes to
//! two pages faults twice before it is done, so a step may have several pages open.
//!
//! `on_fault` does next to nothing and runs on the thread's alternate stack, where it has one, so that faults that are
//! not ours (an overflow of the stack) can be passed on. `on_trap` runs where the instruction did: reports need room.

use core::cell::UnsafeCell;
use core::ffi::{c_int, c_void};
use core::mem::MaybeUninit;
use core::ptr;
use core::sync::atomic::{AtomicPtr, AtomicU64, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};
use std::io;

use super::{COUNT, OPEN, STATE, page_of, regions, writes};

/// What a write did to the word that it met.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    Up,
    Down,
    Other,
}

/// A write to a sealed page.
#[derive(Clone, Copy, Debug)]
pub struct Write {
    pub instruction: usize,
    /// The byte at which it began.
    pub address: usize,
    /// The aligned word around that, before and after.
    pub word: usize,
    pub before: u64,
    pub after: u64,
    pub change: Change,
}

/// Instructions reach two pages at most, of each of two operands.
const MAX_OPEN: usize = 4;

/// The step under way. Used by the owner alone.
struct Step {
    pages: [usize; MAX_OPEN],
    open: usize,
    instruction: usize,
    address: usize,
    before: u64,
    mask: u64,
    traced: bool,
}

struct Shared(UnsafeCell<Step>);
// SAFETY: used by the owner alone.
unsafe impl Sync for Shared {}
static STEP: Shared = Shared(UnsafeCell::new(Step {
    pages: [0; MAX_OPEN],
    open: 0,
    instruction: 0,
    address: 0,
    before: 0,
    mask: 0,
    traced: false,
}));

/// Process and thread that a step belongs to; 0 for none. With the process, since a child that is forked while another
/// thread steps inherits a step that nobody will finish.
static OWNER: AtomicU64 = AtomicU64::new(0);

fn me() -> u64 {
    // SAFETY: plain queries.
    unsafe { (libc::getpid() as u64) << 32 | libc::gettid() as u64 }
}

fn acquire(me: u64) {
    loop {
        match OWNER.compare_exchange_weak(0, me, Acquire, Relaxed) {
            Ok(_) => return,
            Err(other) if other != 0 && other >> 32 != me >> 32 => {
                if OWNER.compare_exchange(other, me, Acquire, Relaxed).is_ok() {
                    // SAFETY: ours now.
                    close_pages(unsafe { &mut *STEP.0.get() });
                    return;
                }
            }
            // SAFETY: gives the processor to the owner.
            Err(_) => drop(unsafe { libc::sched_yield() }),
        }
    }
}

/// Runs `f` while no instruction is let through, and no signal comes. Not to be nested.
pub(super) fn exclusive<R>(f: impl FnOnce() -> R) -> R {
    // SAFETY: whole sets; the mask is put back below.
    let mask = unsafe {
        let (mut all, mut mask): (libc::sigset_t, libc::sigset_t) = (core::mem::zeroed(), core::mem::zeroed());
        libc::sigfillset(&mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &all, &mut mask);
        mask
    };
    acquire(me());
    let result = f();
    OWNER.store(0, Release);
    // SAFETY: as above.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &mask, ptr::null_mut()) };
    result
}

fn close_pages(step: &mut Step) {
    for &page in &step.pages[..step.open] {
        drop(regions::close(&page_of(page)));
    }
    step.open = 0;
}

/// What a signal leads to where it is not ours.
struct Previous(UnsafeCell<MaybeUninit<libc::sigaction>>);
// SAFETY: written by `install` while no handler of ours is installed.
unsafe impl Sync for Previous {}
static PREVIOUS: [Previous; 2] = [const { Previous(UnsafeCell::new(MaybeUninit::zeroed())) }; 2];

type Handler = extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void);
const HANDLERS: [(c_int, Handler, c_int); 2] =
    [(libc::SIGSEGV, on_fault, libc::SA_ONSTACK), (libc::SIGTRAP, on_trap, 0)];

static STOP_WITH: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());

pub(super) fn install(stop: fn(Write) -> !) -> io::Result<()> {
    STOP_WITH.store(stop as *mut c_void, Release);
    for ((signal, handler, flags), previous) in HANDLERS.into_iter().zip(&PREVIOUS) {
        // SAFETY: whole structures; the handlers are made for their signals.
        let status = unsafe {
            let mut action: libc::sigaction = core::mem::zeroed();
            action.sa_sigaction = handler as libc::sighandler_t;
            action.sa_flags = libc::SA_SIGINFO | flags;
            libc::sigemptyset(&mut action.sa_mask);
            libc::sigaction(signal, &action, (*previous.0.get()).as_mut_ptr())
        };
        if status != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

/// Gives the signals back, unless somebody else has taken them since: then ours passes on what comes.
pub(super) fn uninstall() {
    for ((signal, handler, _), previous) in HANDLERS.into_iter().zip(&PREVIOUS) {
        // SAFETY: whole structures; `install` filled the previous one.
        unsafe {
            let mut action: libc::sigaction = core::mem::zeroed();
            let known = libc::sigaction(signal, ptr::null(), &mut action) == 0;
            if known && action.sa_sigaction == handler as libc::sighandler_t {
                libc::sigaction(signal, (*previous.0.get()).as_ptr(), ptr::null_mut());
            }
        }
    }
}

/// The part of the context that is needed: registers, and the mask of which the kernel keeps only 64 bits.
struct Context<'a>(&'a mut libc::ucontext_t);

/// The processor traps after each instruction.
const TRAP_FLAG: i64 = 1 << 8;
/// In the error code of a page fault: it was a write.
const FAULT_WRITE: i64 = 1 << 1;

impl Context<'_> {
    /// # Safety
    /// What the kernel handed to a handler.
    unsafe fn new<'a>(context: *mut c_void) -> Context<'a> {
        // SAFETY: the caller's promise.
        Context(unsafe { &mut *context.cast() })
    }

    fn register(&mut self, register: c_int) -> &mut i64 {
        &mut self.0.uc_mcontext.gregs[register as usize]
    }

    fn mask(&mut self) -> &mut u64 {
        // SAFETY: the mask begins with the bits of the 64 signals.
        unsafe { &mut *(&raw mut self.0.uc_sigmask).cast::<u64>() }
    }
}

/// Every signal but those by which an instruction can end.
const BLOCKED: u64 = !(bit(libc::SIGSEGV)
    | bit(libc::SIGTRAP)
    | bit(libc::SIGBUS)
    | bit(libc::SIGILL)
    | bit(libc::SIGFPE)
    | bit(libc::SIGSYS));

const fn bit(signal: c_int) -> u64 {
    1 << (signal - 1)
}

extern "C" fn on_fault(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: as the kernel handed them over.
    let (address, mut of) = unsafe { ((*info).si_addr().addr(), Context::new(context)) };
    let write = *of.register(libc::REG_ERR) & FAULT_WRITE != 0;
    // SAFETY: as above.
    let ours = write && unsafe { (*info).si_code } == SEGV_ACCERR && regions::contain(address);
    // Where the seal was lifted meanwhile, the instruction works now.
    let done = ours && (STATE.load(Acquire) == OPEN || begin(address, &mut of));
    if !done {
        // SAFETY: as above.
        unsafe { pass_on(0, signal, info, context) };
    }
}

/// Why an access faulted: the page is there, but not for this.
const SEGV_ACCERR: c_int = 2;

/// Opens the page and has the instruction run once, unless the page is open by now, or was never sealed; `false` where that cannot be.
fn begin(address: usize, of: &mut Context<'_>) -> bool {
    let me = me();
    let first = OWNER.load(Relaxed) != me;
    if first {
        acquire(me);
        if !regions::contain(address) || regions::are_open_at(address) {
            OWNER.store(0, Release);
            return true;
        }
    }
    // SAFETY: ours.
    let step = unsafe { &mut *STEP.0.get() };
    if step.open == MAX_OPEN || regions::open(&page_of(address)).is_err() {
        close_pages(step);
        OWNER.store(0, Release);
        return false;
    }
    step.pages[step.open] = address;
    step.open += 1;
    if first {
        let word = (address & !7) as *const u64;
        step.address = address;
        step.instruction = *of.register(libc::REG_RIP) as usize;
        // SAFETY: in a page of ours.
        step.before = unsafe { word.read_volatile() };
        step.mask = core::mem::replace(of.mask(), BLOCKED);
        step.traced = *of.register(libc::REG_EFL) & TRAP_FLAG != 0;
        *of.register(libc::REG_EFL) |= TRAP_FLAG;
    }
    true
}

extern "C" fn on_trap(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    if OWNER.load(Relaxed) != me() {
        // SAFETY: as the kernel handed them over.
        return unsafe { pass_on(1, signal, info, context) };
    }
    // SAFETY: as the kernel handed it over; the step is ours.
    let (mut of, step) = unsafe { (Context::new(context), &mut *STEP.0.get()) };
    let write = finish(step);
    if !step.traced {
        *of.register(libc::REG_EFL) &= !TRAP_FLAG;
    }
    *of.mask() = step.mask;
    let counts = STATE.load(Acquire) == COUNT;
    if counts {
        writes::add(&write);
    }
    OWNER.store(0, Release);
    if !counts {
        // SAFETY: `install` put a function of that type there.
        let stop = unsafe { core::mem::transmute::<*mut c_void, fn(Write) -> !>(STOP_WITH.load(Acquire)) };
        stop(write)
    }
}

fn finish(step: &mut Step) -> Write {
    let word = step.address & !7;
    // SAFETY: in a page of ours.
    let after = unsafe { (word as *const u64).read_volatile() };
    close_pages(step);
    let change = match after.wrapping_sub(step.before) as i64 {
        1..=0xFFFF_FFFF => Change::Up,
        -0xFFFF_FFFF..=-1 => Change::Down,
        _ => Change::Other,
    };
    Write { instruction: step.instruction, address: step.address, word, before: step.before, after, change }
}

/// Does what would have been done without us.
///
/// # Safety
/// `info` and `context` as the kernel handed them over; `which` is the signal's place in [`PREVIOUS`].
unsafe fn pass_on(which: usize, signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: `install` filled it before this handler ran; the handler in it is made for what it is given.
    unsafe {
        let previous = (*PREVIOUS[which].0.get()).assume_init_ref();
        match previous.sa_sigaction {
            libc::SIG_DFL | libc::SIG_IGN => {
                // An instruction that faults does so again; what was sent is sent again.
                libc::signal(signal, libc::SIG_DFL);
                if (*info).si_code <= 0 || signal == libc::SIGTRAP {
                    libc::raise(signal);
                }
            }
            handler if previous.sa_flags & libc::SA_SIGINFO != 0 => {
                core::mem::transmute::<libc::sighandler_t, Handler>(handler)(signal, info, context);
            }
            handler => core::mem::transmute::<libc::sighandler_t, extern "C" fn(c_int)>(handler)(signal),
        }
    }
}
