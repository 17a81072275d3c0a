//! In the process of a runtime: one experiment, whose figures are printed as words.
//!
//! `--probe LIBRARY MODULE WHAT ARGUMENT…`; what is asked of C is in `probe.c`.

use std::ffi::{CStr, c_char, c_int, c_long, c_void};
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use libloading::os::unix::{Library, RTLD_LAZY, RTLD_LOCAL};

use crate::shared::Runtime;

pub fn answer(arguments: &[String]) -> ExitCode {
    let [library, module, what, rest @ ..] = arguments else {
        eprintln!("--probe LIBRARY MODULE WHAT ARGUMENT…");
        return ExitCode::FAILURE;
    };
    let numbers: Vec<c_long> = rest.iter().map(|word| word.parse().expect("a number")).collect();
    match probe(Path::new(library), Path::new(module), what, &numbers) {
        Ok(words) => {
            println!("{words}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn probe(library: &Path, module: &Path, what: &str, numbers: &[c_long]) -> Result<String, String> {
    let before = Memory::now();
    let runtime = Runtime::load(library)?;
    runtime.start();
    let started = Memory::now();
    if what == "memory" {
        return Ok(format!("{} {}", started.private_dirty - before.private_dirty, started.pss - before.pss));
    }
    // SAFETY: the module has no constructors.
    let module = unsafe { Library::open(Some(module), RTLD_LAZY | RTLD_LOCAL) };
    let probe = Probe { runtime, module: Box::leak(Box::new(module.map_err(|error| error.to_string())?)) };
    match (what, numbers) {
        ("traffic", &[rounds, pairs]) => probe.traffic(rounds, pairs),
        ("fork", &[how, records]) => probe.fork(how, records),
        ("unbalanced", &[form, count]) => probe.unbalanced(form, count),
        ("immortals", &[]) => probe.immortals(),
        _ => Err(format!("{what}: no such experiment")),
    }
}

struct Probe {
    runtime: Runtime,
    module: &'static Library,
}

/// The row that `deathless_visit_immortals` shows.
#[repr(C)]
struct Immortal {
    texts: [*const c_char; 4],
    object: *const c_void,
    bytes: usize,
    mortal_cost: u64,
}

impl Probe {
    /// A function of `probe.c`, of the type that the caller names.
    fn function<F: Copy>(&self, name: &str) -> F {
        // SAFETY: as said.
        *unsafe { self.module.get::<F>(name.as_bytes()) }.expect("probe.c has it")
    }

    /// Whether the runtime exports it.
    fn offers(&self, name: &str) -> bool {
        self.runtime.has(name)
    }

    /// Nanoseconds of processor time for a pair, with one thread and with two, and whether each thread had an interpreter.
    ///
    /// The machine may be busy: of the rounds those count in which all threads ran throughout.
    fn traffic(&self, rounds: c_long, pairs: c_long) -> Result<String, String> {
        type Traffic = unsafe extern "C" fn(c_int, c_long, c_int, *mut f64, *mut f64) -> c_int;
        let traffic = self.function::<Traffic>("probe_traffic");
        if !self.offers("deathless_strategy") && !self.offers("Py_NewInterpreterFromConfig") {
            // SAFETY: before any thread.
            unsafe { self.function::<unsafe extern "C" fn()>("probe_guard")() };
        }
        let mut own = true;
        let mut took: [Vec<f64>; 2] = Default::default();
        let mut tries = 0;
        while took[1].len() < rounds as usize && tries < 30 * rounds {
            tries += 1;
            for threads in [1, 2] {
                let (mut processor, mut together) = (0.0, 0.0);
                // SAFETY: the runtime is started and this thread holds its lock.
                own &= unsafe { traffic(threads, pairs, 1, &mut processor, &mut together) } != 0;
                if together > 0.8 {
                    took[threads as usize - 1].push(processor * 1e9 / (3 * pairs) as f64);
                }
            }
        }
        let [Some(one), Some(two)] = took.map(|mut column| {
            column.sort_by(f64::total_cmp);
            column.get(column.len() / 2).copied()
        }) else {
            return Err("two cores were never free at once".to_owned());
        };
        Ok(format!("{one} {two} {}", i32::from(own)))
    }

    /// KiB that a forked child dirties: 0, using what came with the runtime; 1, reading `records` tuples; 2, the same
    /// after the heap walk; 3, doing nothing.
    fn fork(&self, how: c_long, records: c_long) -> Result<String, String> {
        type Step = unsafe extern "C" fn() -> c_int;
        let (use_, read) = (self.function::<Step>("probe_use"), self.function::<Step>("probe_read"));
        if how == 1 || how == 2 {
            // SAFETY: the runtime is started and this thread holds its lock.
            if unsafe { self.function::<unsafe extern "C" fn(c_long) -> c_int>("probe_build")(records) } != 0 {
                return Err("the data cannot be built".to_owned());
            }
        }
        // SAFETY: as above.
        if how == 2 && unsafe { self.function::<Step>("probe_walk")() } == 0 {
            return Err("no heap walk".to_owned());
        }
        let mut ends = [0; 2];
        // SAFETY: one thread; the child runs only what follows.
        unsafe {
            assert_eq!(libc::pipe(ends.as_mut_ptr()), 0, "a pipe");
            let child = libc::fork();
            if child == 0 {
                let before = Memory::now();
                let status = match how {
                    0 => use_(),
                    3 => 0,
                    _ => read(),
                };
                let dirtied = Memory::now().private_dirty - before.private_dirty;
                libc::write(ends[1], (&raw const dirtied).cast(), size_of::<i64>());
                libc::_exit(status);
            }
            let (mut dirtied, mut status) = (0i64, 0);
            libc::waitpid(child, &mut status, 0);
            if status != 0 {
                return Err(format!("the child ended with {status}"));
            }
            libc::read(ends[0], (&raw mut dirtied).cast(), size_of::<i64>());
            Ok(dirtied.to_string())
        }
    }

    /// Counts None by a form of code, without balance: how many immortals had drifted, for those who can say, else -1.
    fn unbalanced(&self, form: c_long, count: c_long) -> Result<String, String> {
        type Unbalanced = unsafe extern "C" fn(c_int, c_long) -> c_int;
        // SAFETY: the runtime is started and this thread holds its lock.
        if unsafe { self.function::<Unbalanced>("probe_unbalanced")(form as c_int, count) } != 0 {
            return Err("None is no longer None".to_owned());
        }
        if !self.offers("deathless_check_immortals") {
            return Ok("-1".to_owned());
        }
        let mut drifted = 0usize;
        // SAFETY: the function's own type; as above.
        unsafe {
            let check = "deathless_check_immortals";
            self.runtime.function::<unsafe extern "C" fn(*mut usize) -> c_int>(check)(&mut drifted);
            let healed = self.runtime.function::<unsafe extern "C" fn() -> u64>("deathless_heal_count")();
            Ok(healed.max(drifted as u64).to_string())
        }
    }

    /// Every kind of immortal: how many, their bytes, and what a mortal would have given back.
    fn immortals(&self) -> Result<String, String> {
        type Kinds = Vec<(String, [u64; 3])>;
        unsafe extern "C" fn visit(row: *const Immortal, kinds: *mut c_void) -> c_int {
            // SAFETY: shown for the call; the vector is ours; the kind is a C string.
            let (row, kinds, kind) =
                unsafe { (&*row, &mut *kinds.cast::<Kinds>(), CStr::from_ptr((*row).texts[0]).to_string_lossy()) };
            let place = kinds.iter().position(|(name, _)| *name == kind).unwrap_or_else(|| {
                kinds.push((kind.into_owned(), [0; 3]));
                kinds.len() - 1
            });
            let figures = &mut kinds[place].1;
            *figures = [figures[0] + 1, figures[1] + row.bytes as u64, figures[2] + row.mortal_cost];
            0
        }
        if !self.offers("deathless_visit_immortals") {
            return Err("it does not say".to_owned());
        }
        let mut kinds = Kinds::new();
        type Visit = unsafe extern "C" fn(*const Immortal, *mut c_void) -> c_int;
        type VisitAll = unsafe extern "C" fn(Visit, *mut c_void) -> c_int;
        // SAFETY: the function's own type; the visitor takes the vector.
        unsafe { self.runtime.function::<VisitAll>("deathless_visit_immortals")(visit, (&raw mut kinds).cast()) };
        let row = |(kind, [count, bytes, cost]): (String, [u64; 3])| format!("{kind}\t{count}\t{bytes}\t{cost}");
        Ok(kinds.into_iter().map(row).collect::<Vec<_>>().join("\x1f"))
    }
}

/// KiB of this process, as the kernel adds them up.
struct Memory {
    private_dirty: i64,
    pss: i64,
}

impl Memory {
    fn now() -> Memory {
        let text = fs::read_to_string("/proc/self/smaps_rollup").unwrap_or_default();
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
        };
        Memory { private_dirty: field("Private_Dirty:"), pss: field("Pss:") }
    }
}
