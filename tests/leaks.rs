//! What interpreters leave behind is named, and nothing else is: by `c_tests/interpreters/leaks.c`, whose leaks are known,
//! on CPython's own modules, and on the wheels.

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use support::wheels::WHEELS;
use support::{interpreters_program, our_library};

fn run(arguments: [&str; 3], environment: &[(&str, &str)]) -> Output {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    let program = PROGRAM.get_or_init(|| interpreters_program("leaks"));
    let mut command = Command::new(program);
    command.args(arguments).env_remove("PYTHONMALLOC").env_remove("DEATHLESS_LEAKS");
    let output = command.envs(environment.iter().copied()).output().expect("the program runs");
    assert!(output.status.success(), "{}: {}", output.status, stderr(&output));
    output
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The type of what is left, how much of it, and how much of that was leaked rather than held by what was.
const LEFT: [&str; 10] = [
    "object bytes 2 2",
    "object dict 1 0",
    "object int 2 0",
    "object leaky.Foo 3 3",
    "object list 1 1",
    "object object 1 1",
    "object tuple 2 0",
    "object type 1 0",
    "parts - 3 0",
    "raw - 1 0",
];

/// What was told to the program's own visitor, without the bytes and without the type's names, which an interpreter of
/// the old kind may have from the main one.
fn told(whose: &str, where_: &str, what: &str) -> Vec<String> {
    let text = stdout(&run([where_, what, "rows"], &[]));
    let lines = text.lines().filter_map(|line| line.strip_prefix(&format!("told: {whose} ")));
    let rows = lines.filter_map(|line| line.rsplit_once(' ')).map(|(row, _)| row.to_owned());
    rows.filter(|row| !row.starts_with("object str ")).collect()
}

#[test]
fn what_is_left_in_an_interpreter_is_named() {
    for (whose, where_) in [("0", "main"), ("1", "isolated"), ("1", "legacy")] {
        assert_eq!(told(whose, where_, "leaks"), LEFT, "{where_}");
    }
}

#[test]
fn immortals_are_not_among_them() {
    for (whose, where_) in [("0", "main"), ("1", "isolated")] {
        assert_eq!(told(whose, where_, "walked leaks"), LEFT, "{where_}");
        assert_eq!(stdout(&run([where_, "walked clean", "rows"], &[])), "", "{where_}");
    }
}

#[test]
fn the_others_leave_nothing() {
    for where_ in ["isolated", "legacy"] {
        assert_eq!(told("0", where_, "leaks"), [""; 0], "{where_}");
    }
}

#[test]
fn a_clean_program_leaves_nothing() {
    for where_ in ["main", "isolated", "legacy"] {
        assert_eq!(stdout(&run([where_, "clean", "rows"], &[])), "", "{where_}");
    }
}

#[test]
fn the_environment_asks_for_a_table() {
    let clean = stderr(&run(["isolated", "clean", "table"], &[("DEATHLESS_LEAKS", "1")]));
    let line = |id: u32| format!("deathless: interpreter {id} has ended: nothing was left\n");
    assert_eq!(clean, line(1) + &line(0));
    let leaky = stderr(&run(["isolated", "leaks", "table"], &[("DEATHLESS_LEAKS", "1")]));
    assert!(leaky.starts_with("deathless: interpreter 1 has ended: 15 objects and 1 block of memory were left, "));
    for row in LEFT.iter().filter(|row| row.starts_with("object ")) {
        let mut words = row.split(' ').skip(1);
        let found = leaky.lines().find(|line| line.split_whitespace().take(3).eq(words.clone()));
        assert!(found.is_some(), "{:?} in {leaky}", words.next());
    }
    assert!(leaky.contains("(PyMem_Malloc and its like)          1 "), "{leaky}");
    assert!(leaky.ends_with(&line(0)), "{leaky}");
}

#[test]
fn who_cannot_count_says_so() {
    let output = run(["main", "leaks", "nobody"], &[("DEATHLESS_LEAKS", "1"), ("PYTHONMALLOC", "malloc")]);
    let sentence = "deathless: DEATHLESS_LEAKS=1: objects cannot be counted where PYTHONMALLOC asks for malloc";
    assert!(stderr(&output).starts_with(sentence), "{}", stderr(&output));
    assert_eq!(stderr(&run(["main", "leaks", "nobody"], &[("DEATHLESS_LEAKS", "0")])), "");
}

/// The last part of what `deathless run --leaks` prints, with exit code 0, or 1 where an expression fails.
fn left_after(module: &Path, expressions: &[&str], code: i32) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deathless"));
    command.args(["run", "--leaks", "--runtime"]).arg(our_library()).arg(module).args(expressions);
    let output = command.env_remove("PYTHONMALLOC").env_remove("DEATHLESS_SEAL").output().expect("the command runs");
    assert_eq!(output.status.code(), Some(code), "{}{}", stdout(&output), stderr(&output));
    let text = stdout(&output);
    text.split_once("\nleft behind\n").unwrap_or_else(|| panic!("{text}")).1.to_owned()
}

fn left_by(module: &Path, expressions: &[&str]) -> String {
    left_after(module, expressions, 0)
}

const NOTHING: &str = "  nothing was left\n";

/// The types of which something was leaked, with how many.
fn leaked(table: &str) -> Vec<(String, usize)> {
    let row = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        Some((words[0].to_owned(), words.get(2)?.parse().ok().filter(|&n| n > 0)?))
    };
    table.lines().filter_map(row).collect()
}

#[test]
fn cpython_s_own_modules_leave_what_they_leak() {
    let Some(prefix) = support::pyenv(13).into_iter().next() else {
        println!("skipped: the modules of CPython 3.13 are not at hand");
        return;
    };
    let file =
        |name: &str| prefix.join("lib/python3.13/lib-dynload").join(format!("{name}.cpython-313-x86_64-linux-gnu.so"));
    for name in ["_statistics", "fcntl", "resource", "termios", "xxlimited", "_testlimitedcapi"] {
        assert_eq!(left_by(&file(name), &[]), NOTHING, "{name}");
    }
    // Its exception is in a variable of the file's.
    assert_eq!(leaked(&left_by(&file("xxlimited_35"), &[])), [("type".to_owned(), 1)]);
    // It takes a reference to what it inserts, and so does PyList_Insert.
    let inserting = left_by(&file("_testlimitedcapi"), &["_testlimitedcapi.list_insert([1], 0, [2])"]);
    assert_eq!(leaked(&inserting), [("list".to_owned(), 1)]);
}

/// What loading a wheel leaves behind. CPython 3.13 keeps the types and modules as well, once the module is gone from
/// `sys.modules` and a collection has run.
const WHEELS_LEAVE: [(&str, &[(&str, usize)]); 8] = [
    // PyO3 keeps the module, and types and names that it has made, in variables of the file's.
    ("bcrypt", &[("module", 1), ("type", 1)]),
    ("nh3", &[("str", 1), ("type", 2)]),
    ("psutil", &[]),
    // Its exceptions are in variables of the file's.
    ("pylsqpack", &[("type", 4)]),
    ("rbloom", &[("module", 1), ("str", 7), ("type", 2)]),
    ("safetensors", &[("str", 8), ("type", 5)]),
    ("tornado", &[]),
    ("tree-sitter-python", &[]),
];

#[test]
fn wheels_leave_what_they_leak() {
    for wheel in &WHEELS {
        if let Err(why) = wheel.fetch() {
            println!("skipped: {}: {why}", wheel.name);
            continue;
        }
        let (_, expected) = WHEELS_LEAVE.iter().find(|(name, _)| *name == wheel.name).expect("each wheel has its line");
        let expected: Vec<(String, usize)> = expected.iter().map(|&(name, count)| (name.to_owned(), count)).collect();
        let module = wheel.module();
        assert_eq!(leaked(&left_by(&module.file, &[])), expected, "{}", wheel.name);
        if wheel.name == "psutil" {
            // It makes its list before it looks at its arguments, and returns without giving it up.
            let call = format!("{}.disk_partitions(5)", module.name);
            assert_eq!(leaked(&left_after(&module.file, &[&call], 1)), [("list".to_owned(), 1)]);
        }
    }
}

#[test]
fn interpreters_that_only_work_leave_nothing() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deathless"));
    command.args(["interpreters", "--leaks", "--count", "4", "--time", "0.01", "--runtime"]).arg(our_library());
    let output = command.env_remove("PYTHONMALLOC").output().expect("the command runs");
    assert!(stdout(&output).ends_with(&format!("\nleft behind\n{NOTHING}")), "{}{}", stdout(&output), stderr(&output));
    let output = command.arg("--json").output().expect("the command runs");
    assert!(stdout(&output).contains(", \"left\": []}"), "{}", stdout(&output));
}
