//! `deathless faults`: what becomes of an expression when memory runs out.
//!
//! Each line is evaluated over and over, with the first, the second, the third … of its allocations refused, until
//! none is left. Either the line's own answer or `MemoryError` must come of it, and no block may be lost. A child
//! process does it, so that a crash ends one line and not the command; the parent then goes on behind the allocation
//! that it was.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::args::Faults;
use crate::eval::Scope;
use crate::object::{Fault, Outcome};
use crate::runtime::{self, api};
use crate::{FAILED, module};

/// In C: `Py_ssize_t deathless_fail_allocation(Py_ssize_t nth)`, see `deathless.h`.
type FailAllocation = unsafe extern "C" fn(isize) -> isize;
const FAIL_ALLOCATION: &str = "deathless_fail_allocation";

/// The exit codes of a child.
const SOUND: i32 = 0;
const UNSOUND: i32 = 1;

pub fn command(options: &Faults) -> Result<ExitCode, String> {
    let library = runtime::open(options.runtime.as_deref())?;
    let Ok(address) = api().raw(FAIL_ALLOCATION) else {
        return Err(format!(
            "{} cannot refuse memory on purpose: it does not export {FAIL_ALLOCATION}",
            library.display()
        ));
    };
    // SAFETY: the function of this name in `deathless.h`.
    let refuse = Refuse(unsafe { std::mem::transmute::<*mut std::ffi::c_void, FailAllocation>(address) });
    runtime::start()?;
    let outcome = module::load_all(&options.modules).and_then(|modules| {
        let mut scope = Scope::new(modules);
        try_all(&mut scope, options, refuse)
    });
    runtime::stop();
    outcome
}

#[derive(Default)]
struct Tally {
    lines: u64,
    refused: u64,
    crashes: u64,
    unsound: u64,
}

fn try_all(scope: &mut Scope, options: &Faults, refuse: Refuse) -> Result<ExitCode, String> {
    let lines = options.input.lines()?;
    let show_progress = io::stderr().is_terminal();
    let mut tally = Tally::default();
    let at = Shared::new()?;
    for line in &lines {
        tally.lines += 1;
        if show_progress {
            eprint!("\r{:>6} of {} lines, {} allocations refused", tally.lines, lines.len(), tally.refused);
        }
        // Once for the caches that a first time fills, which are no loss.
        let expected = scope.last_answer(line);
        at.set(0);
        try_line(scope, line, &expected, refuse, &at, &mut tally)?;
        tally.refused += at.get();
    }
    if show_progress {
        eprint!("\r\x1b[K");
    }
    let Tally { lines, refused, crashes, unsound } = tally;
    println!("{lines} lines, {refused} allocations refused: {crashes} crashes, {unsound} wrong answers or losses");
    Ok(if crashes + unsound == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// Goes on with children until one of them gets to the end.
fn try_line(
    scope: &mut Scope,
    line: &str,
    expected: &str,
    refuse: Refuse,
    at: &Shared,
    tally: &mut Tally,
) -> Result<(), String> {
    loop {
        let _ = io::stdout().flush();
        // SAFETY: this process has one thread; the child ends without returning.
        let child = unsafe { libc::fork() };
        match child {
            -1 => return Err(format!("cannot make a process: {}", io::Error::last_os_error())),
            0 => {
                let sound = try_in_child(scope, line, expected, refuse, at);
                let _ = io::stdout().flush();
                // SAFETY: leaves at once: what the parent holds is not the child's to end.
                unsafe { libc::_exit(if sound { SOUND } else { UNSOUND }) }
            }
            _ => {}
        }
        let mut status = 0;
        // SAFETY: our own child, and a place for its status.
        unsafe { libc::waitpid(child, &raw mut status, 0) };
        if libc::WIFEXITED(status) {
            tally.unsound += u64::from(libc::WEXITSTATUS(status) != SOUND);
            return Ok(());
        }
        tally.crashes += 1;
        println!("CRASH by signal {} at allocation {}: {line}", libc::WTERMSIG(status), at.get());
    }
}

/// Refuses one allocation after another; whether all went well.
fn try_in_child(scope: &mut Scope, line: &str, expected: &str, refuse: Refuse, at: &Shared) -> bool {
    // What the line itself keeps, such as a value under a name, is no loss.
    let kept = blocks_kept(scope, line).max(0);
    let mut sound = true;
    loop {
        let nth = at.get() + 1;
        at.set(nth);
        let Attempt { answer, reached, mut lost } = attempt(scope, line, refuse, nth);
        if !reached {
            at.set(nth - 1);
            return sound;
        }
        if answer != expected && !answer.starts_with("MemoryError") {
            println!("WRONG at allocation {nth}: {line}\n      {answer}\n      instead of MemoryError or {expected}");
            sound = false;
        }
        if lost > kept {
            // A value left half changed takes its blocks once; a loss comes again.
            lost = attempt(scope, line, refuse, nth).lost;
        }
        if lost > kept {
            println!("LOST {lost} blocks at allocation {nth}: {line}");
            sound = false;
        }
    }
}

struct Attempt {
    answer: String,
    /// Whether the line came to the allocation that was to be refused.
    reached: bool,
    /// How many more blocks are in use than before.
    lost: isize,
}

fn attempt(scope: &mut Scope, line: &str, refuse: Refuse, nth: u64) -> Attempt {
    let before = live_blocks();
    refuse.nth(nth as isize);
    let mut asked = 0;
    let answer = scope.last_answer_after(line, || asked = refuse.nth(0));
    let lost = before.zip(live_blocks()).map_or(0, |(before, after)| after - before);
    Attempt { answer, reached: asked >= nth as isize, lost }
}

fn blocks_kept(scope: &mut Scope, line: &str) -> isize {
    let before = live_blocks();
    scope.last_answer(line);
    before.zip(live_blocks()).map_or(0, |(before, after)| after - before)
}

/// `sys.getallocatedblocks()`
fn live_blocks() -> Option<isize> {
    let count = || -> Outcome<isize> {
        let sys = api().PyImport_ImportModule(c"sys")?;
        let function = api().attribute(&sys, c"getallocatedblocks")?;
        let number = api().PyObject_Call(&function, &api().PyTuple_New(0)?, None)?;
        let text = crate::report::repr(&number)?;
        text.parse().map_err(|_| Fault::Unsupported("no number of blocks".to_owned()))
    };
    count().ok()
}

#[derive(Clone, Copy)]
struct Refuse(FailAllocation);

impl Refuse {
    /// Has the `nth` allocation from now on refused, none for 0; how many were asked for since the last call.
    fn nth(self, nth: isize) -> isize {
        // SAFETY: the runtime is started, and this thread attached to it.
        unsafe { self.0(nth) }
    }
}

/// A number that a child and its parent both see.
struct Shared(&'static AtomicU64);

impl Shared {
    fn new() -> Result<Shared, String> {
        let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
        // SAFETY: a fresh mapping, never given back.
        let place = unsafe { libc::mmap(std::ptr::null_mut(), 4096, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0) };
        if place == libc::MAP_FAILED {
            return Err(format!("no memory to share with a child: {}", io::Error::last_os_error()));
        }
        // SAFETY: page-aligned, zeroed, and there for ever.
        Ok(Shared(unsafe { &*place.cast::<AtomicU64>() }))
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn set(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }
}
