//! What both benchmark programs share: the kernels in `benches/kernels/*.c`, compiled
//! into one module as an extension would be, and a runtime to run them on.
//!
//! The module is bound lazily: a function that a runtime lacks ends the process only
//! when a kernel calls it. Two runtimes never meet in one process, since both export
//! the same names.

#![allow(dead_code, reason = "each program uses its part")]

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_long};
use std::path::{Path, PathBuf};
use std::process::Command;

use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_LAZY, RTLD_LOCAL, RTLD_NOW};

/// In this order: what the last leaves in the heap is in nobody's way.
pub const QUESTIONS: [&str; 9] =
    ["refcounts", "numbers", "strings", "containers", "calls", "types", "exceptions", "threads", "collector"];

/// A row of a table in `kernels.h`.
#[repr(C)]
struct Row {
    name: *const c_char,
    prepare: Option<unsafe extern "C" fn() -> c_int>,
    run: Option<unsafe extern "C" fn(c_long)>,
}

pub struct Kernel {
    pub question: &'static str,
    pub name: &'static str,
    row: &'static Row,
    prepared: Cell<bool>,
}

/// A runtime in this process. It is never unloaded.
pub struct Runtime {
    library: &'static Library,
}

impl Runtime {
    pub fn load(path: &Path) -> Result<Runtime, String> {
        // SAFETY: a Python runtime's constructors ask nothing of us.
        let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_GLOBAL) };
        let library = library.map_err(|error| error.to_string())?;
        Ok(Runtime { library: Box::leak(Box::new(library)) })
    }

    pub fn start(&self) {
        // SAFETY: the stable ABI's signature.
        unsafe { self.function::<unsafe extern "C" fn(c_int)>("Py_InitializeEx")(0) }
    }

    pub fn end(&self) -> bool {
        // SAFETY: the stable ABI's signature.
        unsafe { self.function::<unsafe extern "C" fn() -> c_int>("Py_FinalizeEx")() == 0 }
    }

    /// The kernels of the module at `path`, to be run once the runtime is started.
    pub fn kernels(&self, path: &Path) -> Result<Vec<Kernel>, String> {
        // SAFETY: the module has no constructors.
        let module = unsafe { Library::open(Some(path), RTLD_LAZY | RTLD_LOCAL) };
        let module: &'static Library = Box::leak(Box::new(module.map_err(|error| error.to_string())?));
        let mut kernels = Vec::new();
        for question in QUESTIONS {
            let table = format!("bench_{question}");
            // SAFETY: the table is an array of rows.
            let mut row = unsafe { *module.get::<*const Row>(table.as_bytes()).expect("a table for each file") };
            // SAFETY: a row with a name is followed by another; the module stays for good.
            while let Some(found) = unsafe { row.as_ref() }.filter(|row| !row.name.is_null()) {
                // SAFETY: the name is a literal.
                let name = unsafe { CStr::from_ptr(found.name) }.to_str().expect("ASCII");
                kernels.push(Kernel { question, name, row: found, prepared: Cell::new(false) });
                // SAFETY: as above.
                row = unsafe { row.add(1) };
            }
        }
        Ok(kernels)
    }

    /// Runs the operation `count` times.
    pub fn run(&self, kernel: &Kernel, count: u64) -> Result<(), String> {
        let count = c_long::try_from(count).expect("a count fits");
        if !kernel.prepared.replace(true) {
            // SAFETY: the runtime is started, and this thread holds its lock.
            let prepared = unsafe { kernel.row.prepare.expect("a kernel is complete")() };
            if prepared != 0 {
                self.report();
                return Err("cannot be prepared".to_owned());
            }
        }
        // SAFETY: as above.
        unsafe { kernel.row.run.expect("a kernel is complete")(count) };
        if self.report() { Err("raised an exception".to_owned()) } else { Ok(()) }
    }

    /// Prints and clears the exception, if there is one.
    fn report(&self) -> bool {
        // SAFETY: the stable ABI's signatures; the thread holds the lock.
        unsafe {
            let raised = !self.function::<unsafe extern "C" fn() -> *mut ()>("PyErr_Occurred")().is_null();
            if raised {
                self.function::<unsafe extern "C" fn()>("PyErr_Print")();
            }
            raised
        }
    }

    /// Whether the runtime exports a symbol.
    pub fn has(&self, name: &str) -> bool {
        // SAFETY: it is only looked for.
        unsafe { self.library.get::<*const ()>(name.as_bytes()) }.is_ok()
    }

    /// A function of the runtime, of the type that the caller names.
    pub fn function<F: Copy>(&self, name: &str) -> F {
        // SAFETY: the caller names the function's own type.
        let function = unsafe { self.library.get::<F>(name.as_bytes()) };
        *function.unwrap_or_else(|error| panic!("{error}"))
    }
}

/// `DEATHLESS_BENCH_RUNTIME`, or the library that cargo has just built beside this program.
pub fn our_library() -> PathBuf {
    let beside = || std::env::current_exe().expect("our path").with_file_name("libdeathless.so");
    std::env::var_os("DEATHLESS_BENCH_RUNTIME").map_or_else(beside, PathBuf::from)
}

/// Compiles the kernels against our headers, or those in `DEATHLESS_BENCH_INCLUDE`.
pub fn build_kernels() -> PathBuf {
    build_kernels_with(&[])
}

/// The same, with more C files in the module. Functions and loops begin on cache lines: what is called with them or without
/// then takes the same time.
pub fn build_kernels_with(more: &[&str]) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let module = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("kernels-{}.so", std::process::id()));
    let include = std::env::var_os("DEATHLESS_BENCH_INCLUDE").map_or_else(|| root.join("include"), PathBuf::from);
    let sources = QUESTIONS.map(|question| root.join(format!("benches/kernels/{question}.c")));
    let compiled = Command::new("cc")
        .args([
            "-std=c11",
            "-O2",
            "-falign-functions=64",
            "-falign-loops=64",
            "-fPIC",
            "-shared",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-Wl,-z,lazy",
            "-isystem",
        ])
        .arg(include)
        .args(&sources)
        .args(more.iter().map(|source| root.join(source)))
        .arg("-o")
        .arg(&module)
        .status();
    assert!(compiled.is_ok_and(|status| status.success()), "cc cannot compile benches/kernels/*.c");
    module
}
