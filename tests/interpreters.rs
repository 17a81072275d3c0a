//! Interpreters, by programs in `c_tests/interpreters/`. Nothing mutable crosses them: `crossing.c` tries, and a debug
//! build of the library must say who, what and where. `refused.c` makes one while its heap
//! refuses blocks, `exhausted.c` while the whole process runs out of memory.

mod support;

use support::wheels::WHEELS;
use support::{Module, interpreters_program as compiled};

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

fn run(how: &str) -> Output {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    let program = PROGRAM.get_or_init(|| compiled("crossing"));
    Command::new(program).arg(how).env_remove("PYTHONMALLOC").output().expect("the program runs")
}

/// Hands an object over in that way; what is said of it must begin and go on so.
fn is_refused(how: &str, function: &str, object: &str, numbers: &str) {
    if !cfg!(debug_assertions) {
        println!("skipped: a release build does not look whose an object is");
        return;
    }
    let output = run(how);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.signal(), Some(libc::SIGABRT), "{said}");
    let begin = format!("Fatal Python error: {function}: the '{object}' object at 0x");
    assert!(said.starts_with(&begin), "{said}");
    assert!(said.contains(numbers), "{said}");
}

const OF_MAIN: &str = " belongs to interpreter 0, and is handed over in interpreter 1\n";

#[test]
fn an_argument_of_another_interpreter_is_refused() {
    is_refused("borrowed", "PyObject_Size", "list", OF_MAIN);
}

#[test]
fn an_item_of_another_interpreter_is_refused() {
    is_refused("item", "PyList_Append", "str", OF_MAIN);
}

#[test]
fn a_stolen_reference_to_an_object_of_another_interpreter_is_refused() {
    is_refused("stolen", "PyTuple_SetItem", "list", OF_MAIN);
}

#[test]
fn dropping_a_reference_to_an_object_of_another_interpreter_is_refused() {
    is_refused("dropped", "Py_DecRef", "list", OF_MAIN);
}

#[test]
fn a_large_object_of_another_interpreter_is_refused() {
    is_refused("large", "PyBytes_AsString", "bytes", OF_MAIN);
    is_refused("large tuple", "PyTuple_GetItem", "tuple", OF_MAIN);
}

#[test]
fn the_main_interpreter_is_no_exception() {
    is_refused("back", "PyDict_Clear", "dict", " belongs to interpreter 1, and is handed over in interpreter 0\n");
}

#[test]
fn what_is_immortal_crosses() {
    let output = run("shared");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "went unnoticed\n");
}

#[test]
fn one_that_cannot_be_made_leaves_nothing() {
    let output = Command::new(compiled("refused")).env_remove("PYTHONMALLOC").output().expect("the program runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}: {said}{}", output.status, String::from_utf8_lossy(&output.stderr));
    let figures: Vec<i64> = said.split(' ').filter_map(|word| word.parse().ok()).collect();
    let [failed, refused, blocks, bytes] = figures[..] else { panic!("{said}") };
    assert!(refused >= 50 && failed == refused, "{said}");
    assert!(blocks == 0 && bytes <= 64 << 10, "{said}");
}

/// With every call of malloc and mmap failing in turn: how many of them made an attempt fail, cleanly.
fn failed_without_memory(what: &str) -> i64 {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    let program = PROGRAM.get_or_init(|| compiled("exhausted"));
    let mut command = Command::new(program);
    command.arg(what).env_remove("PYTHONMALLOC").env_remove("RUST_BACKTRACE").env_remove("DEATHLESS_SEAL");
    let output = command.output().expect("the program runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{what}: {}: {said}{}", output.status, String::from_utf8_lossy(&output.stderr));
    said.trim().parse().expect("a number")
}

#[test]
fn without_memory_an_interpreter_is_not_made() {
    // Its GIL, memory, collector, itself, its place in a list, and what its modules are made of.
    assert!(failed_without_memory("isolated") >= 6);
    assert!(failed_without_memory("legacy") >= 4);
    assert!(failed_without_memory("bare") >= 2);
}

#[test]
fn without_memory_a_thread_gets_no_state() {
    assert!(failed_without_memory("state") >= 1);
    assert!(failed_without_memory("ensure") >= 1);
}

#[test]
fn without_memory_there_are_no_locks_nor_guards() {
    assert_eq!(failed_without_memory("handles"), 4);
}

#[test]
fn without_memory_the_start_ends_with_words() {
    assert!(failed_without_memory("start") >= 10);
}

/// How many bytes so many cycles of starting and ending lose.
fn lost_by_cycles(of: &str, count: u32) -> i64 {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    let program = PROGRAM.get_or_init(|| compiled("cycles"));
    let mut command = Command::new(program);
    let output = command.args([of, &count.to_string()]).env_remove("PYTHONMALLOC").output().expect("the program runs");
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}: {errors}", output.status);
    said.trim().parse().expect("a number")
}

/// What the C library's malloc may have taken for good; one byte a cycle would be more.
const PAGES: i64 = 2 * 4096;

#[test]
fn ten_thousand_runtimes_leave_nothing_of_what_a_module_leaks() {
    let lost = lost_by_cycles("runtime", 10_000);
    assert!(lost <= PAGES, "{lost} bytes");
}

#[test]
fn ten_thousand_interpreters_leave_nothing_of_what_a_module_leaks() {
    let lost = lost_by_cycles("interpreter", 10_000);
    assert!(lost <= PAGES, "{lost} bytes");
}

/// What comes of loading the module in ten interpreters at once: [`LOADED`], or why not. CPython does it with one
/// thread, since 3.13.0 may crash where two load what is to be refused; ours with two.
fn in_ten(module: &Module, runtime: Option<&Path>) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deathless"));
    command.args(["interpreters", "--count", "10", "--time", "0.01", "-m"]);
    command.arg(format!("{}={}", module.name, module.file.display())).arg("--runtime");
    match runtime {
        Some(library) => command.arg(library).args(["--threads", "1"]),
        None => command.arg(support::our_library()).args(["--threads", "2"]),
    };
    let output = command.env_remove("DEATHLESS_SEAL").output().expect("the command runs");
    let said = [output.stdout, output.stderr].concat();
    let first = String::from_utf8_lossy(&said).lines().next().unwrap_or_default().to_owned();
    match output.status.code() {
        Some(0) if first.starts_with("10 interpreters") => LOADED.to_owned(),
        Some(_) => first,
        None => format!("{}: {first}", output.status),
    }
}

const LOADED: &str = "loaded";

/// Every module fares as on CPython 3.13: loaded ten times over, or refused with its words. Some fare one way, some the
/// other.
fn fare_as_on_cpython(modules: &[Module], expect_loaded: bool) {
    let prefix = support::pyenv(13).into_iter().next();
    let Some(library) = prefix.map(|p| p.join("lib/libpython3.13.so.1.0")).filter(|l| l.exists()) else {
        println!("skipped: no CPython 3.13 with a shared library is at hand");
        return;
    };
    let mut loaded = 0;
    for module in modules {
        let (expected, found) = (in_ten(module, Some(&library)), in_ten(module, None));
        assert_eq!(found, expected, "{}", module.name);
        loaded += usize::from(found == LOADED);
    }
    assert_eq!(loaded > 0, expect_loaded, "{loaded} of {} loaded", modules.len());
    assert!(loaded < modules.len(), "none was refused");
}

#[test]
fn cpython_s_own_modules_load_in_ten_or_are_refused() {
    let names = ["_posixshmem", "_statistics", "fcntl", "resource", "termios", "xxlimited"];
    let refused = ["_testclinic_limited", "_testlimitedcapi", "xxlimited_35"];
    let folders = support::pyenv(13).into_iter().map(|prefix| prefix.join("lib/python3.13/lib-dynload"));
    let files = folders.take(1).flat_map(|folder| {
        names.iter().chain(&refused).map(move |name| Module {
            name: (*name).to_owned(),
            file: folder.join(format!("{name}.cpython-313-x86_64-linux-gnu.so")),
        })
    });
    let modules: Vec<Module> = files.filter(|module| module.file.exists()).collect();
    if modules.is_empty() {
        println!("skipped: the modules of CPython 3.13 are not at hand");
        return;
    }
    fare_as_on_cpython(&modules, true);
}

#[test]
fn wheels_are_refused_as_by_cpython() {
    let fetched = WHEELS.iter().filter(|wheel| match wheel.fetch() {
        Ok(_) => true,
        Err(why) => {
            println!("skipped: {}: {why}", wheel.name);
            false
        }
    });
    let modules: Vec<Module> = fetched.map(|wheel| wheel.module()).collect();
    if !modules.is_empty() {
        fare_as_on_cpython(&modules, false);
    }
}
