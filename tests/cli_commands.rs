//! The command line, tried as a user would.
//!
//! The runtime is CPython's shared library where one is installed; a test that
//! needs it says so and passes where none is. What is asked here holds for every
//! CPython since 3.11. The registry of immortals is tried on a small library in
//! C, whose answers are known.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn deathless(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_deathless"))
        .args(arguments)
        .env_remove("DEATHLESS_LIBRARY")
        .output()
        .expect("the command runs")
}

fn stdout(output: &Output) -> &str {
    str::from_utf8(&output.stdout).expect("UTF-8")
}

fn stderr(output: &Output) -> &str {
    str::from_utf8(&output.stderr).expect("UTF-8")
}

fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// An installed CPython as (library, version), newest first.
fn cpython() -> Option<(String, String)> {
    let found = (11..=15).rev().find_map(|minor| {
        let path = format!("/usr/lib/x86_64-linux-gnu/libpython3.{minor}.so.1.0");
        Path::new(&path).exists().then(|| (path, format!("3.{minor}")))
    });
    if found.is_none() {
        eprintln!("skipped: no libpython 3.11 to 3.15 is installed");
    }
    found
}

/// What `eval -f` answers to each line.
fn answers(runtime: &str, name: &str, lines: &[&str]) -> Vec<String> {
    let file = scratch(name);
    fs::write(&file, lines.join("\n")).expect("a scratch file");
    let file = file.to_str().expect("a plain path");
    let output = deathless(&["eval", "--runtime", runtime, "-f", file]);
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output).lines().map(str::to_owned).collect()
}

/// Each source line beside its expected answer.
fn check(name: &str, cases: &[(&str, &str)]) {
    let Some((runtime, _)) = cpython() else {
        return;
    };
    let sources: Vec<&str> = cases.iter().map(|(source, _)| *source).collect();
    let got = answers(&runtime, name, &sources);
    assert_eq!(got.len(), cases.len(), "one answer a line: {got:#?}");
    for ((source, expected), got) in cases.iter().zip(&got) {
        assert_eq!(got, expected, "{source}");
    }
}

#[test]
fn literals() {
    check(
        "literals.txt",
        &[
            ("12345678901234567890123", "12345678901234567890123"),
            ("0xffff_ffff_ffff_ffff_ff, 0o17, 0b11", "(4722366482869645213695, 15, 3)"),
            ("1e400, 2.5, 3j", "(inf, 2.5, 3j)"),
            (r"'\ud83d\ude00', 'caf\u00e9' 'x'", r"('\ud83d\ude00', 'caféx')"),
            (r"r'\ud800', b'\xff' rb'\n'", r"('\\ud800', b'\xff\\n')"),
            ("None, True, False, ...", "(None, True, False, Ellipsis)"),
            ("[*range(3), *'ab'], (*[1], 2), {*[1], 1}", "([0, 1, 2, 'a', 'b'], (1, 2), {1})"),
            ("{**{'a': 1}, 'b': 2, **{'a': 3}}", "{'a': 3, 'b': 2}"),
            ("f'{1.5:.{1+1}f} {\"a\"!r:>5} {1+1=} {{}}'", "\"1.50   'a' 1+1=2 {}\""),
        ],
    );
}

#[test]
fn operators() {
    check(
        "operators.txt",
        &[
            ("2**70 - 7 // 2 % 5 << 3 | 1 ^ 6 & 3", "9444732965739290427371"),
            ("-2**2, ~5, +True, not 0", "(-4, -6, 1, True)"),
            ("1 < 2 < 3 != 4, 1 < 2 > 3 < (1/0)", "(True, False)"),
            ("0 or [] or 'z', 1 and 0 and 1/0", "('z', 0)"),
            ("1 if [] else 2", "2"),
            ("1 in [1], 1 not in [1], None is None, [] is not []", "(True, False, True, True)"),
            ("'abcdef'[1:5:2], 'abc'[-1], [1, 2, 3][::-1]", "('bd', 'c', [3, 2, 1])"),
            ("(y := 5) + y", "10"),
        ],
    );
}

#[test]
fn statements() {
    check(
        "statements.txt",
        &[
            ("x = y = [1, 2, 3]", "ok"),
            ("# a comment is not answered\nx += [4]; x", "[1, 2, 3, 4]"),
            ("\n\nx is y", "True"),
            ("x[1:3] = 'ab'; del x[0]; x", "['a', 'b', 4]"),
            ("x[0] *= 3; x", "['aaa', 'b', 4]"),
            ("a, *b, (c, d) = 1, 2, 3, 'xy'; a, b, c, d", "(1, [2, 3], 'x', 'y')"),
            ("del x", "ok"),
            ("x", "NameError: name 'x' is not defined"),
            ("import os.path as p; p.basename('/a/b')", "'b'"),
            ("a, b = 5", "TypeError: cannot unpack non-iterable int object"),
            ("a, b = [1]", "ValueError: not enough values to unpack (expected 2, got 1)"),
        ],
    );
}

#[test]
fn calls() {
    check(
        "calls.txt",
        &[
            ("dict(a=1, **{'b': 2})", "{'a': 1, 'b': 2}"),
            ("'{} {x}'.format(*[1], x=2)", "'1 2'"),
            ("dict(a=1, **{'a': 2})", "TypeError: dict() got multiple values for keyword argument 'a'"),
            ("dict(**5)", "TypeError: Value after ** must be a mapping, not int"),
            ("print(*5)", "TypeError: Value after * must be an iterable, not int"),
            ("[*5]", "TypeError: Value after * must be an iterable, not int"),
            ("{*5}", "TypeError: 'int' object is not iterable"),
            ("{**5}", "TypeError: 'int' object is not a mapping"),
            ("1(2)", "TypeError: 'int' object is not callable"),
        ],
    );
}

#[test]
fn exceptions() {
    check(
        "exceptions.txt",
        &[
            ("1/0", "ZeroDivisionError: division by zero"),
            ("{}['x']", "KeyError: 'x'"),
            ("import json; json.loads('')", "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)"),
            ("iter([]).__next__()", "StopIteration"),
            ("import sys; sys.exit(3)", "SystemExit: 3"),
            ("e = ValueError('a\\nb')", "ok"),
            ("e.add_note('n1\\nn2'); e.add_note('n3')", "None"),
            (
                "import concurrent.futures as c; f = c.Future(); f.set_exception(e); f.result()",
                "ValueError: a\\nb\\nn1\\nn2\\nn3",
            ),
            ("1 +", "SyntaxError: Expected an expression"),
            ("lambda: 1", "deathless eval does not know lambda"),
        ],
    );
}

#[test]
fn one_expression() {
    let Some((runtime, _)) = cpython() else {
        return;
    };
    let eval = |source: &str| deathless(&["eval", "--runtime", &runtime, source]);
    let output = eval("x = 2; x; x ** 10");
    assert_eq!((stdout(&output), output.status.code()), ("2\n1024\n", Some(0)));
    let output = eval("1; 1/0; 2");
    assert_eq!(stdout(&output), "1\nZeroDivisionError: division by zero\n");
    assert_eq!(output.status.code(), Some(1));
    let output = eval("print('first') or 'second'");
    assert_eq!(stdout(&output), "first\n'second'\n");
}

/// Every line leaves the runtime as it found it, errors included.
#[test]
fn nothing_leaks() {
    let Some((runtime, _)) = cpython() else {
        return;
    };
    let work = [
        "1/0; 2",
        "x.nope",
        "x[1:2](*x, a=x, **5)",
        "[x, *x, *5]",
        "{x: x}",
        "{**{'a': x}, **x}",
        "f'{x!r:{x}}'",
        "x < x < x",
        "dict(a=x, **{'a': x})",
        "nope",
        "a, b = x",
        "1 +",
        "x.b = x",
        "x[0] += x",
        "(x, x)[5]",
        "import nope",
        "x",
        "'\\ud800' + x",
        "del nope",
        "a = b = x; del a; del b",
        "a, b, c = x; del a, b, c",
        "(a := x, *x); del a",
    ];
    let rounds = work.repeat(60);
    let measure = ["sys.getrefcount(x)", "sys.getallocatedblocks()"];
    let prepare = ["x = [1000, 2000, 3000]", "import sys"];
    let segment = [&rounds[..], &measure].concat();
    let lines = [&prepare[..], &segment.repeat(6)].concat();
    let got = answers(&runtime, "leaks.txt", &lines);
    let after = |segment_number: usize| prepare.len() + segment_number * segment.len();
    let number = |index: usize| got[index].parse::<i64>().expect("a number");
    assert_eq!(number(after(1) - 2), number(after(6) - 2), "references to x");
    // A leak grows in every segment; a cache of CPython's own grows in some.
    let grown = (2..=6).map(|i| number(after(i) - 1) - number(after(i - 1) - 1)).min().unwrap_or(0);
    assert!(grown <= 4, "{grown} blocks in each {} lines", rounds.len());
}

#[test]
fn extension_modules() {
    let Some((runtime, version)) = cpython() else {
        return;
    };
    let Some(module) = dynload(&version, "xxlimited.") else {
        return;
    };
    let option = format!("some.xx={module}");
    let source = "xx.foo(1, 2), xx.Xxo().demo('y')";
    let output = deathless(&["eval", "--runtime", &runtime, "-m", &option, source]);
    assert_eq!(output.status.code(), Some(2));
    let sentence = "ImportError: dynamic module does not define module export function (PyInit_xx";
    assert!(stderr(&output).contains(sentence), "{}", stderr(&output));

    let option = format!("some.xxlimited={module}");
    let source = "xxlimited.foo(1, 2), xxlimited.Xxo().demo('y')";
    let output = deathless(&["eval", "--runtime", &runtime, "-m", &option, source]);
    assert_eq!(stdout(&output), "(3, 'y')\n", "{}", stderr(&output));

    let output = deathless(&["run", "--runtime", &runtime, &module]);
    for part in [
        "PyInit_xxlimited, multi-phase\n",
        "stable ABI   3.1",
        "has every symbol",
        "loading      worked",
        "This is a template module just for instruction.",
        "foo                      builtin_function_or_method",
        "Xxo                      type",
    ] {
        assert!(stdout(&output).contains(part), "{part}\n{}", stdout(&output));
    }
}

fn dynload(version: &str, start: &str) -> Option<String> {
    let folder = fs::read_dir(format!("/usr/lib/python{version}/lib-dynload")).ok()?;
    let mut paths = folder.filter_map(|entry| entry.ok()?.path().into_os_string().into_string().ok());
    let found = paths.find(|path| path.contains(&format!("/{start}")));
    if found.is_none() {
        eprintln!("skipped: no {start} in lib-dynload");
    }
    found
}

#[test]
fn mistakes_get_a_sentence() {
    let this_program = env!("CARGO_BIN_EXE_deathless");
    for (arguments, part) in [
        (
            &["frobnicate"][..],
            "no command 'frobnicate'; there are audit, eval, faults, immortals, interpreters, run, help",
        ),
        (&["eval"], "give an expression, in quotes, or -f FILE"),
        (&["eval", "1", "2"], "give one expression"),
        (&["eval", "-m", "x", "1"], "-m wants NAME=FILE.so, not 'x'"),
        (&["eval", "--runtime", "/nonexistent.so", "1"], "no such file: /nonexistent.so"),
        (&["eval", "--runtime", "/etc/passwd", "1"], "cannot open the runtime /etc/passwd"),
        (&["immortals", "--by", "size"], "--by wants kind, type or owner, not 'size'"),
        (&["run", "/nonexistent.so"], "no such file: /nonexistent.so"),
        (&["run", "/etc/passwd"], "/etc/passwd is not an ELF shared object"),
        (&["run", this_program], "is no extension module"),
        (&["--frob"], "invalid option '--frob'"),
    ] {
        let output = deathless(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(part), "{arguments:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "");
    }
}

#[test]
fn every_command_explains_itself() {
    for command in ["audit", "eval", "faults", "immortals", "interpreters", "run"] {
        let by_option = deathless(&[command, "--help"]);
        let by_command = deathless(&["help", command]);
        assert!(stdout(&by_option).contains(&format!("deathless {command}")));
        assert_eq!(by_option.stdout, by_command.stdout);
        assert!(stdout(&deathless(&["--help"])).contains(command));
    }
    let version = format!("deathless {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(stdout(&deathless(&["--version"])), version);
}

/// The command is a client: it must bring no symbol of the API of its own.
#[test]
fn the_program_exports_nothing_of_the_api() {
    let program = env!("CARGO_BIN_EXE_deathless");
    let Ok(output) = Command::new("nm").args(["-D", "--defined-only", program]).output() else {
        eprintln!("skipped: no nm");
        return;
    };
    assert!(output.status.success(), "{}", stderr(&output));
    let mut names = stdout(&output).lines().filter_map(|line| line.split(' ').next_back());
    let found = names.find(|name| name.trim_start_matches('_').starts_with("Py"));
    assert_eq!(found, None);
}

const REGISTRY: &str = r#"
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
typedef struct { const char *kind, *type_name, *owner, *origin; void *object; size_t bytes;
                 uint64_t mortal_cost; int64_t drift; uint64_t heals; int64_t healed; const void *registry; } row;
void Py_InitializeEx(int signals) { (void)signals; }
void Py_IncRef(void *object) { (void)object; }
void Py_DecRef(void *object) { (void)object; }
int deathless_visit_immortals(int (*visit)(const row *, void *), void *arg) {
    static const row rows[] = {
        {"type", "odd", "process", "image", (void *)64, 400, 0, 0, 0, 0, "an odd one"},
        {"int", "int", "process", "a \"quoted\"\norigin", NULL, 32, 0, -7, 0, 0, "minus\none"},
        {"int", "int", "main", "overflow", NULL, 28, 28, 0, 2, 1000, "0"},
    };
    for (int i = 0; i < 3; i++) if (visit(&rows[i], arg)) break;
    return 0;
}
size_t deathless_immortal_name(const row *row, char *buffer, size_t size) {
    return (size_t)snprintf(buffer, size, "%s", (const char *)row->registry);
}
"#;

#[test]
fn immortals() {
    let source = scratch("registry.c");
    let library = scratch("libregistry.so");
    fs::write(&source, REGISTRY).expect("a scratch file");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source);
    assert!(compiler.status().expect("a C compiler").success());
    let library = library.to_str().expect("a plain path");
    let run = |options: &[&str]| deathless(&[&["immortals", "--runtime", library], options].concat());

    let table = run(&[]);
    let rows: Vec<Vec<&str>> = stdout(&table).lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[1], ["int", "2", "60", "28"]);
    assert_eq!(rows[2], ["type", "1", "400", "0"]);
    assert_eq!(rows[3], ["total", "3", "460", "28"]);

    let by_variable = Command::new(env!("CARGO_BIN_EXE_deathless"))
        .arg("immortals")
        .env("DEATHLESS_LIBRARY", library)
        .output()
        .expect("the command runs");
    assert_eq!(by_variable.stdout, table.stdout);

    let list = run(&["--list"]);
    assert!(stdout(&list).contains("an odd one  (image)"), "{}", stdout(&list));

    for (by, first) in
        [("kind", ["int", "2", "60", "28"]), ("type", ["int", "2", "60", "28"]), ("owner", ["main", "1", "28", "28"])]
    {
        let table = run(&["--by", by]);
        let rows: Vec<Vec<&str>> = stdout(&table).lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(rows[0][0], by);
        assert_eq!(rows[1], first);
    }

    let drift = run(&["--drift"]);
    let rows: Vec<Vec<&str>> = stdout(&drift).lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[1], ["-7", "0", "+0", "int", "minus\\none"]);
    assert_eq!(rows[2], ["+0", "2", "+1000", "int", "0"]);
    assert_eq!(rows[3], [""; 0]);

    let json = run(&["--json"]);
    let kinds = concat!(
        r#"{"kinds":[{"kind":"int","objects":2,"bytes":60,"mortal_cost":28},"#,
        r#"{"kind":"type","objects":1,"bytes":400,"mortal_cost":0}],"#,
        r#""total":{"objects":3,"bytes":460,"mortal_cost":28}}"#,
        "\n"
    );
    assert_eq!(stdout(&json), kinds);
    let json = run(&["--json", "--list"]);
    let named = r#""origin":"a \"quoted\"\u000aorigin","name":"minus\\none","bytes":32,"mortal_cost":0,"drift":-7"#;
    assert!(stdout(&json).contains(named), "{}", stdout(&json));
}

#[test]
fn a_runtime_without_the_registry() {
    let Some((runtime, _)) = cpython() else {
        return;
    };
    let output = deathless(&["immortals", "--runtime", &runtime]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("does not tell which objects are immortal"));
}

#[test]
fn interpreters() {
    let output = deathless(&["interpreters", "--count", "5", "--threads", "2", "--time", "0.05", "--json"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let figures: serde_json::Value = serde_json::from_str(stdout(&output)).expect("JSON");
    assert_eq!((&figures["interpreters"], &figures["threads"]), (&5.into(), &2.into()));
    for (threads, most) in [("one_thread", 1.0), ("all_threads", 2.0)] {
        let figure = |name: &str| figures[threads][name].as_f64().expect("a number");
        assert!(figure("rounds_per_second") > 0.0, "{figures}");
        assert!(figure("rounds_per_processor_second") > 0.0, "{figures}");
        assert!((0.0..=most).contains(&figure("share_of_a_processor")), "{figures}");
    }
    let output = deathless(&["interpreters", "--count", "3", "--threads", "1", "--time", "0.01"]);
    assert!(stdout(&output).starts_with("3 interpreters with a GIL of their own, 1 thread\n"), "{}", stdout(&output));
    for arguments in [["interpreters", "--threads", "0"], ["interpreters", "--time", "-1"]] {
        let output = deathless(&arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains("; see deathless interpreters --help"), "{}", stderr(&output));
    }
    let Some((runtime, version)) = cpython() else {
        return;
    };
    let output = deathless(&["interpreters", "--runtime", &runtime, "--count", "2", "--time", "0.01"]);
    if version == "3.11" {
        assert!(
            stderr(&output).contains("this runtime has no interpreters with a GIL of their own"),
            "{}",
            stderr(&output)
        );
    } else {
        assert!(stdout(&output).starts_with("2 interpreters"), "{}", stderr(&output));
    }
}

/// `eval` of one expression shows where its exception passed through; `-f` answers with a line, as ever.
#[test]
fn a_traceback_is_shown() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (source, built) = (root.join("c_tests/ext/passing.c"), scratch("passing.abi3.so"));
    let compiled = Command::new("gcc")
        .args(["-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", "-DPy_LIMITED_API=0x03060000", "-I"])
        .arg(root.join("include"))
        .arg(&source)
        .arg("-o")
        .arg(&built)
        .status();
    assert!(compiled.expect("gcc runs").success());
    let library = std::env::current_exe().expect("a test has a file").with_file_name("libdeathless.so");
    let (library, file) = (library.to_str().expect("a plain path"), source.to_str().expect("a plain path"));
    let module = format!("passing={}", built.display());
    let call = format!("passing.fail('deeper', {file:?}, 1)");
    let output = deathless(&["eval", "--runtime", library, "-m", &module, &call]);
    let expected = format!(
        "Traceback (most recent call last):\n  File \"passing.c\", line 1, in fail\n  \
         File \"{file}\", line 1, in deeper\n    \
         /* A module whose function raises, and says that the exception passed through it. */\n\
         ValueError: failed\n"
    );
    assert_eq!(stdout(&output), expected, "{}", stderr(&output));
    let lines = scratch("passing.txt");
    fs::write(&lines, call).expect("a scratch file");
    let lines = lines.to_str().expect("a plain path");
    let output = deathless(&["eval", "--runtime", library, "-m", &module, "-f", lines]);
    assert_eq!(stdout(&output), "ValueError: failed\n", "{}", stderr(&output));
}
