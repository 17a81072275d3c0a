//! `deathless audit` on modules whose faults are known, on the same modules without them, and on the wheels.
//!
//! The ledger is a build of its own: it is made here, into `target/ledger`. What an audit has to find stands in
//! `c_tests/audit/faults.c` beside each fault.

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};
use std::sync::OnceLock;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

use support::wheels::{WHEELS, Wheel, folder, oracle};
use support::{Module, evaluate, read, root};

type Tried = Result<(), Failed>;

/// The library with the ledger, built on first use.
fn ledger() -> Result<&'static Path, Failed> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        eprintln!("building the library with the ledger, into target/ledger");
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target").join("ledger");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--lib", "--features", "ledger", "--target-dir"]).arg(&target);
        let status = cargo.current_dir(root()).status().map_err(|error| format!("cargo: {error}"))?;
        let library = target.join("debug/libdeathless.so");
        if status.success() { Ok(library) } else { Err("the library with the ledger cannot be built".to_owned()) }
    });
    built.as_deref().map_err(|why| why.clone().into())
}

/// A module of `c_tests/audit`, compiled with debug information against our headers for a limited API.
fn compile(source: &str, api: u32, flags: &[&str]) -> Result<PathBuf, Failed> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("audit-{source}-{api}{}", flags.concat()));
    std::fs::create_dir_all(&folder)?;
    let module = folder.join(format!("{source}.so"));
    let output = Command::new("gcc")
        .args(["-std=c11", "-g", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"])
        .arg(format!("-DPy_LIMITED_API=0x03{api:02x}0000"))
        .args(flags)
        .arg("-I")
        .arg(root().join("include"))
        .arg("-o")
        .arg(&module)
        .arg(root().join(format!("c_tests/audit/{source}.c")))
        .output()?;
    match output.status.success() {
        true => Ok(module),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned().into()),
    }
}

fn audit(library: &Path, script: &Path, module: &Path, options: &[&str]) -> Result<Output, Failed> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deathless"));
    command.arg("audit").args(options).arg("--runtime").arg(library);
    command.arg("--script").arg(script).arg(module);
    Ok(command.env_remove("DEATHLESS_LIBRARY").env("RUST_BACKTRACE", "0").output()?)
}

fn script(source: &str) -> PathBuf {
    root().join(format!("c_tests/audit/{source}.expr"))
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The report as JSON, whose exit code must say whether there are findings.
fn report(output: &Output) -> Result<Value, Failed> {
    let report: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("{error}: {}{}", String::from_utf8_lossy(&output.stdout), stderr(output)))?;
    let expected = i32::from(!list(&report["findings"]).is_empty());
    match output.status.code() == Some(expected) {
        true => Ok(report),
        false => Err(format!("{} with {}", output.status, report["findings"]).into()),
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// What the source says that an audit finds.
struct Fault<'a> {
    line: usize,
    /// The line is that of the function rather than of a call in it.
    of_function: bool,
    function: &'a str,
    direction: &'a str,
    amount: i64,
    object: &'a str,
}

fn faults(source: &str) -> Vec<Fault<'_>> {
    let marked = source.lines().enumerate().filter_map(|(index, line)| {
        let (_, text) = line.split_once(" FAULT")?;
        let of_function = text.starts_with("_IN ");
        let text = text.trim_start_matches("_IN").trim_end_matches("*/").trim();
        let mut words = text.splitn(4, ' ');
        let (function, direction) = (words.next()?, words.next()?);
        let amount = words.next()?.parse().ok()?;
        Some(Fault { line: index + 1, of_function, function, direction, amount, object: words.next()? })
    });
    marked.collect()
}

impl Fault<'_> {
    fn is(&self, finding: &Value) -> bool {
        let at = |line: &Value| {
            let line = line.as_str().and_then(|text| text.rsplit_once("faults.c:"));
            line.and_then(|(_, number)| number.parse::<usize>().ok())
        };
        let on_line = match self.of_function {
            // The comment stands before a short function; the compiler says which of its lines comes first.
            true => at(&finding["line"]).is_some_and(|line| (self.line..self.line + 7).contains(&line)),
            false => list(&finding["sites"]).iter().any(|site| at(&site["line"]) == Some(self.line)),
        };
        on_line
            && finding["function"].as_str().is_some_and(|name| name.contains(self.function))
            && finding["direction"] == self.direction
            && finding["amount"] == self.amount
            && finding["each"] == "call"
            && finding["object"] == self.object
            && list(&finding["or"]).is_empty()
    }
}

/// Each fault is found, with its line, and nothing else is.
fn every_fault_is_named(api: u32) -> Tried {
    let module = compile("faults", api, &[])?;
    let report = report(&audit(ledger()?, &script("faults"), &module, &["--json", "--for", "3.11"])?)?;
    let mut left: Vec<&Value> = list(&report["findings"]).iter().collect();
    let text = read(&root().join("c_tests/audit/faults.c"))?;
    let faults = faults(&text);
    if faults.len() < 15 {
        return Err(format!("{} faults are marked", faults.len()).into());
    }
    for fault in &faults {
        let Some(place) = left.iter().position(|finding| fault.is(finding)) else {
            return Err(format!("not found: {}, line {}\n{left:#?}", fault.function, fault.line).into());
        };
        left.remove(place);
    }
    if left.is_empty() { Ok(()) } else { Err(format!("found where there is none: {left:#?}").into()) }
}

fn nothing_is_found(source: &str, api: u32, flags: &[&str], options: &[&str]) -> Tried {
    let module = compile(source, api, flags)?;
    let options = [&["--json"], options].concat();
    let output = audit(ledger()?, &script(source), &module, &options)?;
    let report = report(&output)?;
    if !list(&report["findings"]).is_empty() || !list(&report["not_run"]).is_empty() {
        return Err(format!("{report:#}").into());
    }
    Ok(())
}

/// What `Py_RETURN_NONE` does is a fault unless the module is meant for 3.12 and later.
fn constants_may_be_returned_where_they_are_immortal() -> Tried {
    let module = compile("faults", 12, &[])?;
    let of = |options: &[&str], part: &str| -> Result<Vec<String>, Failed> {
        let report = report(&audit(ledger()?, &script("faults"), &module, options)?)?;
        let objects = list(&report[part]).iter().map(|finding| finding["object"].as_str().unwrap_or("").to_owned());
        Ok(objects.filter(|object| ["None", "NotImplemented"].contains(&object.as_str())).collect())
    };
    let faults = of(&["--json"], "findings")?;
    let tolerated = of(&["--json", "--for", "3.12"], "relies_on_immortality")?;
    let left = of(&["--json", "--for", "3.12"], "findings")?;
    match faults == tolerated && !faults.is_empty() && left.is_empty() {
        true => Ok(()),
        false => Err(format!("{faults:?}, {tolerated:?}, {left:?}").into()),
    }
}

/// The report for people has the same, in words.
fn the_report_is_in_sentences() -> Tried {
    let module = compile("faults", 12, &[])?;
    let output = audit(ledger()?, &script("faults"), &module, &["--rounds", "3"])?;
    let text = String::from_utf8_lossy(&output.stdout);
    for part in [
        "28 expressions, 3 rounds",
        "list_on_error_path: 1 reference to list leaked each call",
        "+1 given by PyList_New, at ",
        "stolen_and_released: 1 reference to 7 (immortal here) over-released each call",
        "-1 taken over by PyList_SetItem, at ",
        "-1 counted by _Py_DecRef, at ",
        "15 balances drift with the number of calls",
    ] {
        if !text.contains(part) {
            return Err(format!("no '{part}' in\n{text}").into());
        }
    }
    Ok(())
}

/// A reference that a thread of the module's own loses is its file's, by the line on which it is made; one that it gives
/// up for a function of the module's is no fault.
fn what_a_module_does_on_its_threads() -> Tried {
    let module = compile("threads", 12, &[])?;
    let report = report(&audit(ledger()?, &script("threads"), &module, &["--json"])?)?;
    let [finding] = list(&report["findings"]) else { return Err(format!("{report:#}").into()) };
    let text = read(&root().join("c_tests/audit/threads.c"))?;
    let line = 1 + text.lines().position(|line| line.contains("FAULT")).ok_or("no line is marked")?;
    let place = format!("threads.c:{line}");
    let is_there = |site: &Value| site["line"].as_str().is_some_and(|at| at.ends_with(&place));
    let is_it = finding["function"] == "threads of threads.so"
        && (&finding["object"], &finding["direction"]) == (&"list".into(), &"leaked".into())
        && (&finding["amount"], &finding["each"]) == (&1.into(), &"thread".into())
        && list(&finding["sites"]).iter().any(is_there);
    if is_it { Ok(()) } else { Err(format!("{finding:#}").into()) }
}

/// More functions than there are thunks: the others are counted, and the report says that they were not heard.
fn a_module_with_more_functions_than_thunks() -> Tried {
    let module = compile("crowd", 12, &[])?;
    let json = report(&audit(ledger()?, &script("crowd"), &module, &["--json", "--rounds", "2"])?)?;
    let count = json["functions_not_in_the_books"].as_u64().unwrap_or(0);
    let found = list(&json["findings"]).iter().any(|f| f["function"].as_str().is_some_and(|name| name.contains("f0")));
    if !found || !(600..1000).contains(&count) {
        return Err(format!("{json:#}").into());
    }
    let output = audit(ledger()?, &script("crowd"), &module, &["--rounds", "2"])?;
    let text = String::from_utf8_lossy(&output.stdout);
    let sentence = format!("{count} functions of the modules, those first called last, are not in the books: ");
    if text.contains(&sentence) { Ok(()) } else { Err(text.into_owned().into()) }
}

fn refused(output: &Output, sentence: &str) -> Tried {
    let said = stderr(output);
    match output.status.code() == Some(2) && said.contains(sentence) && output.stdout.is_empty() {
        true => Ok(()),
        false => Err(format!("{}: {said}", output.status).into()),
    }
}

fn a_module_that_counts_inline_is_out_of_reach() -> Tried {
    let module = compile("faults", 11, &["-DFIXED"])?;
    refused(&audit(ledger()?, &script("faults"), &module, &[])?, "counts references inline")
}

fn a_library_without_the_ledger_says_so() -> Tried {
    let module = compile("faults", 12, &["-DFIXED"])?;
    refused(
        &audit(&support::our_library(), &script("faults"), &module, &[])?,
        "keeps no ledger: it was built without it",
    )
}

/// What is known to be wrong with a wheel.
struct Known {
    wheel: &'static str,
    function: &'static str,
    object: &'static str,
    /// On a CPython, says how many references are too many after [`CALLS`] calls of the second.
    count: &'static str,
    call: &'static str,
}

const CALLS: usize = 25;

/// Faults of the wheels, each of which CPython's own counts confirm in the same test.
const KNOWN: [Known; 1] = [Known {
    wheel: "rbloom",
    function: "tp_dealloc of rbloom.Bloom",
    object: "type rbloom.Bloom",
    count: "sys.getrefcount(rbloom.Bloom)",
    call: "rbloom.Bloom(10, 0.1)",
}];

fn confirm(known: &Known, module: &Module) -> Tried {
    let Some(oracle) = oracle() else { return Ok(()) };
    let count = |name: &str| format!("{name} = {}", known.count);
    let mut lines = vec!["import sys".to_owned(), known.call.to_owned(), count("before")];
    lines.extend(std::iter::repeat_n(known.call.to_owned(), CALLS));
    lines.extend([count("after"), "after - before".to_owned()]);
    let answers = evaluate(&oracle, Some(module), &lines)?;
    match answers.last() {
        Some(answer) if *answer == CALLS.to_string() => Ok(()),
        other => Err(format!("CPython counts {other:?} references more after {CALLS} calls").into()),
    }
}

fn wheel(wheel: &Wheel) -> Tried {
    let module = wheel.module();
    let script = folder().join(format!("{}.expr", wheel.name));
    let output = audit(ledger()?, &script, &module.file, &["--json", "--rounds", "4"])?;
    if stderr(&output).contains("counts references inline") {
        return refused(&output, "out of reach");
    }
    let report = report(&output)?;
    let mut left: Vec<&Value> = list(&report["findings"]).iter().collect();
    for known in KNOWN.iter().filter(|known| known.wheel == wheel.name) {
        let is_it = |finding: &&Value| finding["function"] == known.function && finding["object"] == known.object;
        let place = left.iter().position(is_it).ok_or_else(|| format!("{} is not found", known.function))?;
        left.remove(place);
        confirm(known, &module)?;
    }
    if left.is_empty() { Ok(()) } else { Err(format!("{left:#?}").into()) }
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        Trial::test("every_fault_is_named::api_3_12", || every_fault_is_named(12)),
        Trial::test("every_fault_is_named::api_3_15", || every_fault_is_named(15)),
        Trial::test("the_twins_are_clean::api_3_12", || nothing_is_found("faults", 12, &["-DFIXED"], &[])),
        Trial::test("the_twins_are_clean::api_3_15", || nothing_is_found("faults", 15, &["-DFIXED"], &[])),
        Trial::test("functions_that_hand_out_or_take_over", || nothing_is_found("api", 15, &[], &["--for", "3.15"])),
        Trial::test("constants_may_be_returned", constants_may_be_returned_where_they_are_immortal),
        Trial::test("the_report_is_in_sentences", the_report_is_in_sentences),
        Trial::test("what_a_module_does_on_its_threads", what_a_module_does_on_its_threads),
        Trial::test("its_threads_twin_is_clean", || nothing_is_found("threads", 12, &["-DFIXED"], &[])),
        Trial::test("more_functions_than_thunks", a_module_with_more_functions_than_thunks),
        Trial::test("a_module_that_counts_inline", a_module_that_counts_inline_is_out_of_reach),
        Trial::test("a_library_without_the_ledger", a_library_without_the_ledger_says_so),
    ];
    let listing = arguments.list;
    for it in &WHEELS {
        let skipped = !listing && it.fetch().inspect_err(|why| eprintln!("skipped: {}: {why}", it.name)).is_err();
        trials.push(Trial::test(format!("wheel::{}", it.name), || wheel(it)).with_ignored_flag(skipped));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}
