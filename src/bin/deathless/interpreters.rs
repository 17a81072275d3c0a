//! `deathless interpreters`: many interpreters with a GIL of their own, and several threads that work in them.
//!
//! Each thread makes its share, works in them in turn, and ends them. So a thread never waits for another's GIL, and
//! what keeps two threads from doing twice as much as one is what the runtime shares.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::io::{self, IsTerminal};
use std::process::ExitCode;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Barrier, Mutex};
use std::time::{Duration, Instant};

use crate::args::Interpreters;
use crate::leaks;
use crate::module;
use crate::object::{Obj, Outcome};
use crate::runtime::{self, api};

/// C's `PyThreadState` and `PyInterpreterState`, of which only the address is known.
type State = *mut c_void;

/// `PyInterpreterConfig`, the same in every CPython since 3.12.
#[repr(C)]
struct Config {
    use_main_obmalloc: c_int,
    allow_fork: c_int,
    allow_exec: c_int,
    allow_threads: c_int,
    allow_daemon_threads: c_int,
    check_multi_interp_extensions: c_int,
    gil: c_int,
}

/// An interpreter with a GIL and memory of its own.
const ISOLATED: Config = Config {
    use_main_obmalloc: 0,
    allow_fork: 0,
    allow_exec: 0,
    allow_threads: 1,
    allow_daemon_threads: 0,
    check_multi_interp_extensions: 1,
    gil: 2,
};

/// `PyStatus`.
#[repr(C)]
struct Status {
    kind: c_int,
    function: *const c_char,
    message: *const c_char,
    exit_code: c_int,
}

/// The functions that work on states rather than objects.
#[derive(Clone, Copy)]
struct Functions {
    new_interpreter: unsafe extern "C" fn(*mut State, *const Config) -> Status,
    end_interpreter: unsafe extern "C" fn(State),
    interpreter: unsafe extern "C" fn() -> State,
    new_state: unsafe extern "C" fn(State) -> State,
    clear_state: unsafe extern "C" fn(State),
    delete_current: unsafe extern "C" fn(),
    detach: unsafe extern "C" fn() -> State,
    attach: unsafe extern "C" fn(State),
}

impl Functions {
    fn find() -> Result<Functions, String> {
        fn get<F: Copy>(name: &str) -> Result<F, String> {
            let address = api().raw(name).map_err(|fault| fault.sentence())?;
            // SAFETY: the type is that of the function of this name.
            Ok(unsafe { std::mem::transmute_copy::<*mut c_void, F>(&address) })
        }
        if api().raw("Py_NewInterpreterFromConfig").is_err() {
            return Err("this runtime has no interpreters with a GIL of their own: it does not export \
                 Py_NewInterpreterFromConfig, which came with CPython 3.12"
                .to_owned());
        }
        Ok(Functions {
            new_interpreter: get("Py_NewInterpreterFromConfig")?,
            end_interpreter: get("Py_EndInterpreter")?,
            interpreter: get("PyInterpreterState_Get")?,
            new_state: get("PyThreadState_New")?,
            clear_state: get("PyThreadState_Clear")?,
            delete_current: get("PyThreadState_DeleteCurrent")?,
            detach: get("PyEval_SaveThread")?,
            attach: get("PyEval_RestoreThread")?,
        })
    }
}

pub fn command(options: &Interpreters) -> Result<ExitCode, String> {
    let library = runtime::open(options.runtime.as_deref())?;
    let functions = Functions::find().map_err(|sentence| format!("{}: {sentence}", library.display()))?;
    if options.leaks {
        leaks::begin(&library)?;
    }
    runtime::start()?;
    // SAFETY: the runtime is started, and this thread attached to its main interpreter.
    let main = unsafe { (functions.interpreter)() };
    // SAFETY: as above.
    let state = unsafe { (functions.detach)() };
    let outcome = Fleet::new(options, functions, main).run();
    // SAFETY: this thread's own state.
    unsafe { (functions.attach)(state) };
    runtime::stop();
    let figures = outcome?;
    let left = options.leaks.then(leaks::json);
    print!("{}", if options.json { figures.json(left.as_deref()) } else { figures.table() });
    if options.leaks && !options.json {
        leaks::report();
    }
    Ok(ExitCode::SUCCESS)
}

/// One that a thread has made.
struct Interpreter {
    /// The thread's state of it.
    state: State,
    /// To be given up while the thread is attached to it.
    modules: Vec<(String, Obj)>,
}

/// What all threads share.
struct Fleet<'a> {
    options: &'a Interpreters,
    functions: Functions,
    main: State,
    /// All threads and the one that measures pass it between two steps.
    gate: Barrier,
    made: AtomicU64,
    ended: AtomicU64,
    rounds: AtomicU64,
    /// Nanoseconds of processor time that the working threads had for them.
    worked: AtomicU64,
    stop: AtomicBool,
    trouble: Mutex<Option<String>>,
}

// SAFETY: the main interpreter's state is only handed to functions that any thread may call.
unsafe impl Sync for Fleet<'_> {}

impl<'a> Fleet<'a> {
    fn new(options: &'a Interpreters, functions: Functions, main: State) -> Fleet<'a> {
        Fleet {
            options,
            functions,
            main,
            gate: Barrier::new(options.threads + 1),
            made: AtomicU64::new(0),
            ended: AtomicU64::new(0),
            rounds: AtomicU64::new(0),
            worked: AtomicU64::new(0),
            stop: AtomicBool::new(false),
            trouble: Mutex::new(None),
        }
    }

    fn run(&self) -> Result<Figures, String> {
        let (count, threads) = (self.options.count as u64, self.options.threads);
        let before = resident();
        std::thread::scope(|scope| {
            for index in 0..threads {
                scope.spawn(move || self.thread(index));
            }
            self.gate.wait();
            let making = self.watch("made", &self.made, count);
            let memory = resident() - before;
            let one = self.measure(1);
            let all = if threads > 1 { self.measure(threads) } else { one };
            let ending = self.watch("ended", &self.ended, count);
            let figures = Figures { count, threads, making, ending, memory, one, all };
            match self.trouble.lock().expect("no thread panics").take() {
                Some(sentence) => Err(sentence),
                None => Ok(figures),
            }
        })
    }

    /// Lets the threads go about a step, shows how far they are, and says how long it took.
    fn watch(&self, what: &str, done: &AtomicU64, count: u64) -> Duration {
        let show_progress = io::stderr().is_terminal();
        let begun = Instant::now();
        self.gate.wait();
        while show_progress && done.load(Ordering::Relaxed) < count && !self.is_in_trouble() {
            eprint!("\r{:>8} of {count} interpreters {what} ", done.load(Ordering::Relaxed));
            std::thread::sleep(Duration::from_millis(20));
        }
        self.gate.wait();
        let took = begun.elapsed();
        if show_progress {
            eprint!("\r\x1b[K");
        }
        took
    }

    /// Has so many threads work for a while.
    fn measure(&self, threads: usize) -> Throughput {
        self.rounds.store(0, Ordering::Relaxed);
        self.worked.store(0, Ordering::Relaxed);
        self.stop.store(self.is_in_trouble(), Ordering::Relaxed);
        let begun = Instant::now();
        self.gate.wait();
        std::thread::sleep(self.options.time);
        self.stop.store(true, Ordering::Relaxed);
        self.gate.wait();
        let (rounds, time) = (self.rounds.load(Ordering::Relaxed) as f64, begun.elapsed().as_secs_f64());
        let worked = self.worked.load(Ordering::Relaxed) as f64 / 1e9;
        Throughput {
            a_second: rounds / time,
            a_processor_second: rounds / worked,
            had: (worked / time / threads as f64).min(1.0),
        }
    }

    fn is_in_trouble(&self) -> bool {
        self.trouble.lock().expect("no thread panics").is_some()
    }

    /// Notes what stands in the way; only the first such is told.
    fn fail(&self, sentence: String) {
        self.stop.store(true, Ordering::Relaxed);
        self.trouble.lock().expect("no thread panics").get_or_insert(sentence);
    }

    /// What each thread does, a step between two passages of the gate.
    fn thread(&self, index: usize) {
        let Functions { new_state, attach, clear_state, delete_current, end_interpreter, .. } = self.functions;
        // SAFETY: the main interpreter lives throughout; the state is this thread's.
        let base = unsafe { new_state(self.main) };
        let share =
            self.options.count / self.options.threads + usize::from(index < self.options.count % self.options.threads);
        self.gate.wait();
        self.gate.wait();
        let states = self.make(base, share);
        self.gate.wait();
        for phase in 0..if self.options.threads > 1 { 2 } else { 1 } {
            self.gate.wait();
            if phase == 1 || index == 0 {
                self.work(&states);
            }
            self.gate.wait();
        }
        self.gate.wait();
        for Interpreter { state, modules } in states {
            // SAFETY: this thread's state of an interpreter that nobody else uses.
            unsafe { attach(state) };
            drop(modules);
            // SAFETY: as above; no handle of the interpreter is left.
            unsafe { end_interpreter(state) };
            self.ended.fetch_add(1, Ordering::Relaxed);
        }
        // SAFETY: this thread's state of the main interpreter.
        unsafe {
            attach(base);
            clear_state(base);
            delete_current();
        }
        self.gate.wait();
    }

    /// Makes so many interpreters, with the modules in them; this thread is attached to none of them afterwards.
    fn make(&self, base: State, share: usize) -> Vec<Interpreter> {
        let Functions { new_interpreter, attach, detach, .. } = self.functions;
        let mut states = Vec::with_capacity(share);
        while states.len() < share && !self.is_in_trouble() {
            let mut state = ptr::null_mut();
            // SAFETY: `base` is this thread's; a failure leaves this thread attached to it.
            let status = unsafe {
                attach(base);
                new_interpreter(&raw mut state, &ISOLATED)
            };
            let is_made = status.kind == 0 && !state.is_null();
            if is_made {
                match module::load_all(&self.options.modules) {
                    Ok(modules) => {
                        states.push(Interpreter { state, modules });
                        self.made.fetch_add(1, Ordering::Relaxed);
                    }
                    Err(sentence) => {
                        self.fail(sentence);
                        states.push(Interpreter { state, modules: Vec::new() });
                    }
                }
            } else {
                let why = if status.message.is_null() {
                    "it does not say why".to_owned()
                } else {
                    // SAFETY: a message is a C string that lives on.
                    unsafe { CStr::from_ptr(status.message) }.to_string_lossy().into_owned()
                };
                self.fail(format!("interpreter {} cannot be made: {why}", self.made.load(Ordering::Relaxed) + 1));
            }
            // SAFETY: attached to the new one, or else to `base`.
            unsafe { detach() };
        }
        states
    }

    /// Works in one interpreter after the other, until it is to stop.
    fn work(&self, interpreters: &[Interpreter]) {
        let Functions { attach, detach, .. } = self.functions;
        let begun = processor_time();
        for &Interpreter { state, .. } in interpreters.iter().cycle() {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            // SAFETY: this thread's state.
            unsafe { attach(state) };
            let outcome = round();
            let sentence = outcome.err().map(crate::report::describe);
            // SAFETY: as above.
            unsafe { detach() };
            match sentence {
                None => self.rounds.fetch_add(1, Ordering::Relaxed),
                Some(sentence) => return self.fail(format!("the work fails: {sentence}")),
            };
        }
        self.worked.fetch_add(processor_time() - begun, Ordering::Relaxed);
    }
}

/// A bit of everything, most of all references to what every interpreter shares: numbers and strs are made, put into
/// lists and dicts beside None and True, sorted and looked up; an exception is raised and caught.
fn round() -> Outcome<()> {
    let api = api();
    let none = api.constant("_Py_NoneStruct")?;
    let truth = api.constant("_Py_TrueStruct")?;
    let (list, dict) = (api.PyList_New(0)?, api.PyDict_New()?);
    for number in 0..100 {
        let value = api.PyLong_FromUnsignedLongLong(number * 7919 % 1009)?;
        api.PyList_Append(&list, &value)?;
        api.PyDict_SetItem(&dict, &api.PyObject_Str(&value)?, if number % 2 == 0 { &none } else { &truth })?;
        api.PyDict_SetItem(&dict, &value, &none)?;
    }
    let sort = api.attribute(&list, c"sort")?;
    api.PyObject_Call(&sort, &api.PyTuple_New(0)?, None)?;
    api.PyObject_Repr(&api.PyList_AsTuple(&list)?)?;
    let missing: Outcome<Obj> = api.PyObject_GetItem(&dict, &truth);
    if missing.is_err() {
        api.PyErr_Clear()?;
    }
    Ok(())
}

/// Nanoseconds that this thread has had.
fn processor_time() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the place is ours, and Linux has this clock.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// Bytes of this process's memory that are not in a file.
fn resident() -> i64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let field = |index: usize| pages.split(' ').nth(index).and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
    (field(1) - field(2)) * 4096
}

struct Figures {
    count: u64,
    threads: usize,
    making: Duration,
    ending: Duration,
    /// Bytes that all take together.
    memory: i64,
    /// With one thread, and with all.
    one: Throughput,
    all: Throughput,
}

/// How many rounds are got through.
#[derive(Clone, Copy)]
struct Throughput {
    a_second: f64,
    /// In a second that one thread is at work: what it would be, had each thread a processor.
    a_processor_second: f64,
    /// How much of a processor each thread had.
    had: f64,
}

/// Less of a processor than this, and other programs have a part in the figures.
const UNDISTURBED: f64 = 0.95;

impl Figures {
    /// Microseconds of the clock for each interpreter.
    fn each(&self, time: Duration) -> f64 {
        time.as_secs_f64() * 1e6 / self.count as f64
    }

    fn table(&self) -> String {
        let Figures { count, threads, making, ending, memory, one, all } = self;
        let mut table = format!(
            "{count} interpreters with a GIL of their own, {threads} thread{}\n\n",
            if *threads == 1 { "" } else { "s" }
        );
        let mut row = |what: &str, figure: String| table += &format!("{what:16} {figure:>14}\n");
        row("made in", format!("{:.1} ms", making.as_secs_f64() * 1e3));
        row("  each", format!("{:.1} us", self.each(*making)));
        row("memory", format!("{:.1} MB", *memory as f64 / 1e6));
        row("  each", format!("{:.1} KB", *memory as f64 / 1024.0 / *count as f64));
        row("1 thread", format!("{:.0} rounds/s", one.a_second));
        if *threads > 1 {
            row(&format!("{threads} threads"), format!("{:.0} rounds/s", all.a_second));
            row("  scaling", format!("{:.2}", all.a_second / one.a_second));
        }
        row("ended in", format!("{:.1} ms", ending.as_secs_f64() * 1e3));
        row("  each", format!("{:.1} us", self.each(*ending)));
        if one.had.min(all.had) < UNDISTURBED {
            table += &format!(
                "\nThe threads did not have a processor each: one alone had {:.0} % of one, of {threads} each {:.0} %. By \
                 processor time\nthe scaling is {:.2}.\n",
                one.had * 100.0,
                all.had * 100.0,
                *threads as f64 * all.a_processor_second / one.a_processor_second
            );
        }
        table
    }

    /// With what was left, if that was asked for.
    fn json(&self, left: Option<&str>) -> String {
        let left = left.map(|left| format!(", \"left\": {left}")).unwrap_or_default();
        let Figures { count, threads, making, ending, memory, one, all } = self;
        format!(
            "{{\"interpreters\": {count}, \"threads\": {threads}, \"making_seconds\": {}, \"ending_seconds\": {}, \
             \"memory_bytes\": {memory}, \"one_thread\": {}, \"all_threads\": {}{left}}}\n",
            making.as_secs_f64(),
            ending.as_secs_f64(),
            one.json(),
            all.json()
        )
    }
}

impl Throughput {
    fn json(&self) -> String {
        let Throughput { a_second, a_processor_second, had } = self;
        format!(
            "{{\"rounds_per_second\": {a_second}, \"rounds_per_processor_second\": {a_processor_second}, \
             \"share_of_a_processor\": {had}}}"
        )
    }
}
