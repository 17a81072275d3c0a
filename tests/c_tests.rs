//! Runs `c_tests/test_<header>.c`: each file on our library, as C for a new and for an
//! old limited API and as C++, under valgrind, and on the CPythons that are at hand.
//!
//! CPython 3.15 is the oracle: what it printed is recorded in `c_tests/expected/`, and
//! every run on our library must print the same. `RECORD=1` records anew, where a 3.15
//! is at hand. Older CPythons run the tests too, without comparing messages; where they
//! differ, `c_tests/expected/older.tsv` says so. What does not pass on our library yet is in
//! `c_tests/open.tsv` with its reason, and in `strategies.tsv` what the strategy that it was built
//! with cannot promise; what is there and passes must leave it. 3.13 to 3.15 are looked for
//! in the folder that `get-peers` fills, which is `DEATHLESS_PEERS` or
//! `../peers/root`. A file that needs more than the oldest API says so: `/* NEEDS 3.13 */`,
//! or `FULL-API` if it is to be compiled without a limited one, which is 3.15's then. What starts
//! threads runs under helgrind as well. `SLOW` is set for programs that run under valgrind; `EXT_DIR` names a folder with
//! `c_tests/ext`, compiled alike, for those that ask for it.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Failed, Trial};

mod support;

use support::peers::{Peer, peers};
use support::root;

/// A limited API for which a test is compiled, and the compiler.
#[derive(Clone, Copy)]
struct Flavour {
    name: &'static str,
    compiler: &'static str,
    language: &'static [&'static str],
    /// Minor version of the limited API.
    api: u32,
}

impl Flavour {
    /// A limited API before 3.12 counts every object's references inline, those of immortals too.
    fn counts_inline(self) -> bool {
        self.api < 12
    }
}

const NEW: Flavour = Flavour { name: "c", compiler: "gcc", language: &["-std=c11"], api: 15 };
/// Counts references inline, on the whole word, without a check.
const OLD: Flavour = Flavour { name: "old", compiler: "gcc", language: &["-std=c11"], api: 6 };
const CPP: Flavour = Flavour { name: "cpp", compiler: "g++", language: &["-std=c++17", "-xc++"], api: 15 };

fn scratch() -> PathBuf {
    support::peers::scratch("c_tests")
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let peers = peers();
    if peers.iter().all(|peer| peer.minor != 15) {
        eprintln!("no CPython 3.15 at hand: comparing with what it printed when recorded");
    }
    let valgrind = works("valgrind");
    if !valgrind {
        eprintln!("no valgrind at hand: memory is not checked");
    }
    let mut trials = Vec::new();
    for source in sources() {
        trials.extend(trials_of(&source, &peers, valgrind));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn works(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

fn sources() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(root().join("c_tests"))
        .expect("c_tests")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension() == Some(OsStr::new("c")) && stem(path).starts_with("test_"))
        .collect();
    found.sort();
    found
}

fn stem(path: &Path) -> &str {
    path.file_stem().and_then(OsStr::to_str).expect("a file's name is UTF-8")
}

fn trials_of(source: &Path, peers: &[Peer], valgrind: bool) -> Vec<Trial> {
    let name = stem(source).to_owned();
    let needs = needed_minor(source);
    let open = open_tests(&name);
    let mut trials: Vec<Trial> = open
        .iter()
        .map(|(test, reason)| Trial::test(format!("open::{name}::{test}: {reason}"), || Ok(())).with_ignored_flag(true))
        .collect();
    for flavour in [NEW, OLD, CPP] {
        if flavour.api >= needs {
            let source = source.to_owned();
            let trial = Trial::test(format!("{}::{name}", flavour.name), move || on_our_library(&source, flavour));
            trials.push(trial);
        }
    }
    let (file, title) = (source.to_owned(), format!("valgrind::{name}"));
    let ignored = !valgrind || open.contains_key("*");
    trials.push(Trial::test(title, move || under_valgrind(&file)).with_ignored_flag(ignored));
    if is_threaded(source) {
        let (file, title) = (source.to_owned(), format!("helgrind::{name}"));
        // Only a debug build tells it of the library's locks; and where uses of what is shared are counted, every use of
        // two threads is a race.
        let ignored = ignored || !cfg!(debug_assertions) || support::strategy() != "immortal";
        trials.push(Trial::test(title, move || under_helgrind(&file)).with_ignored_flag(ignored));
    }
    let runs = |peer: &&Peer| peer.minor >= needs && !differs(peer.minor, &name).contains("*");
    for peer in peers.iter().filter(runs) {
        let (source, peer) = (source.to_owned(), peer.clone());
        let trial = Trial::test(format!("cpython3.{}::{name}", peer.minor), move || on_cpython(&source, &peer));
        trials.push(trial);
    }
    trials
}

/// The tests of a file that do not pass on our library yet, with the reason; `*` for a file that cannot be built.
fn open_tests(file: &str) -> BTreeMap<String, String> {
    let path = root().join("c_tests/open.tsv");
    let text = fs::read_to_string(path).expect("c_tests/open.tsv");
    let rows = text.lines().skip(1).map(|row| row.split_once('\t').expect("a test and a reason"));
    let open = rows.filter_map(|(test, reason)| {
        Some((test.strip_prefix(file)?.strip_prefix("::")?.to_owned(), reason.to_owned()))
    });
    open.chain(support::not_promised(file)).collect()
}

/// The names of the tests that are to pass: none where all are, for then the program needs none.
fn names_to_pass(source: &Path, open: &BTreeMap<String, String>) -> Result<Vec<String>, Failed> {
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let expected = by_test(&recorded(source)?);
    Ok(expected.into_keys().filter(|test| !open.contains_key(test)).collect())
}

fn read(source: &Path) -> String {
    fs::read_to_string(source).expect("a test is UTF-8")
}

fn wants_full_api(source: &Path) -> bool {
    read(source).contains("FULL-API")
}

/// From `/* NEEDS 3.13 */`; 2 if the file does not say.
fn needed_minor(source: &Path) -> u32 {
    let text = read(source);
    let Some((_, after)) = text.split_once("/* NEEDS 3.") else {
        return if wants_full_api(source) { 15 } else { 2 };
    };
    let digits = after.split_once(' ').expect("/* NEEDS 3.NN */").0;
    digits.parse().expect("/* NEEDS 3.NN */")
}

/// What the compiler and all the checks have to say on failure.
fn compile(
    source: &Path,
    program: &Path,
    flavour: Flavour,
    include: &[&OsStr],
    libraries: &[&OsStr],
) -> Result<(), Failed> {
    let mut command = Command::new(flavour.compiler);
    if !wants_full_api(source) {
        command.arg(format!("-DPy_LIMITED_API=0x03{:02X}0000", flavour.api));
    }
    let output = command
        .args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-g", "-O1"])
        .args(flavour.language)
        .arg("-I")
        .arg(root().join("c_tests/harness"))
        .args(include)
        .arg(source)
        .arg("-xnone")
        .args(libraries)
        .arg("-o")
        .arg(program)
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
}

/// Compiles `c_tests/ext` as the test is, into a folder beside the program, for a test that imports extension files: those
/// that every runtime can run.
fn compile_extensions(source: &Path, program: &Path, api: u32, include: &[&OsStr]) -> Result<(), Failed> {
    if !imports_files(source) {
        return Ok(());
    }
    let folder = extensions_of(program);
    fs::create_dir_all(&folder)?;
    for entry in fs::read_dir(root().join("c_tests/ext"))? {
        let extension = entry?.path();
        if read(&extension).contains("<deathless.h>") {
            continue;
        }
        let output = Command::new("gcc")
            .args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-g", "-O1", "-fPIC", "-shared"])
            .arg(format!("-DPy_LIMITED_API=0x03{api:02X}0000"))
            .args(include)
            .arg(&extension)
            .arg("-o")
            .arg(folder.join(format!("{}.abi3.so", stem(&extension))))
            .output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
    }
    Ok(())
}

fn imports_files(source: &Path) -> bool {
    read(source).contains("EXT_DIR")
}

fn extensions_of(program: &Path) -> PathBuf {
    // Not in the place of what stands behind a dot: that tells one CPython from another.
    let mut folder = program.as_os_str().to_owned();
    folder.push(".ext");
    PathBuf::from(folder)
}

/// The program, to be run on our library.
fn ours(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env("EXT_DIR", extensions_of(program));
    command
}

fn compile_for_ours(source: &Path, program: &Path, flavour: Flavour) -> Result<(), Failed> {
    let include = root().join("include");
    compile_extensions(source, program, flavour.api, &["-I".as_ref(), include.as_ref()])?;
    let lib = support::library_folder();
    let search = format!("-L{}", lib.display());
    let rpath = format!("-Wl,-rpath,{}", lib.display());
    compile(
        source,
        program,
        flavour,
        &["-I".as_ref(), include.as_ref()],
        &[search.as_ref(), rpath.as_ref(), "-ldeathless".as_ref()],
    )
}

/// What a program printed, if it went well.
fn run(command: &mut Command) -> Result<String, Failed> {
    let output = command.output()?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(printed);
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(format!("{}\n{printed}{errors}", output.status).into())
}

/// The same with the library's immortals sealed: nobody writes to them; or, where the program itself counts inline,
/// nobody else. Not sealed is what counts so often that each write cannot be looked at.
fn run_sealed(command: &mut Command, source: &Path, flavour: Flavour) -> Result<String, Failed> {
    let hammers = flavour.counts_inline() && read(source).contains("/* HAMMERS */");
    let seal = if hammers { "0" } else { support::seal_for(flavour.counts_inline()) };
    let output = command.env("DEATHLESS_SEAL", seal).output()?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    match support::seal_broken(&errors) {
        Some(sentence) => Err(sentence.into()),
        None if output.status.success() => Ok(printed),
        None => Err(format!("{}\n{printed}{errors}", output.status).into()),
    }
}

fn on_our_library(source: &Path, flavour: Flavour) -> Result<(), Failed> {
    let program = scratch().join(format!("{}_{}", stem(source), flavour.name));
    let open = open_tests(stem(source));
    let compiled = compile_for_ours(source, &program, flavour);
    if open.contains_key("*") {
        return if compiled.is_err() { Ok(()) } else { Err("builds: take it out of c_tests/open.tsv".into()) };
    }
    compiled?;
    let mut command = ours(&program);
    let printed = run_sealed(command.args(names_to_pass(source, &open)?), source, flavour)?;
    agrees_with_record(source, &printed, &open)?;
    let passes = |test: &&String| {
        let printed = run(ours(&program).arg(test));
        printed.is_ok_and(|printed| printed.contains(&format!("ok {test}\n")))
    };
    // What a strategy cannot promise shows where newer code counts; code for an old API may not notice.
    let not_promised = support::not_promised(stem(source));
    let shows = |test: &&String| flavour.name != OLD.name || !not_promised.contains_key(*test);
    match open.keys().filter(shows).find(passes) {
        Some(test) => Err(format!("{test} passes: take it out of c_tests/open.tsv or strategies.tsv").into()),
        None => Ok(()),
    }
}

fn under_valgrind(source: &Path) -> Result<(), Failed> {
    let program = scratch().join(format!("{}_valgrind", stem(source)));
    let flavour = if needed_minor(source) <= OLD.api { OLD } else { NEW };
    compile_for_ours(source, &program, flavour)?;
    run(Command::new("valgrind")
        .args(["--quiet", "--error-exitcode=99", "--fair-sched=yes", "--leak-check=full"])
        .args(["--errors-for-leak-kinds=definite,indirect", "--show-leak-kinds=definite,indirect"])
        .arg(&program)
        .args(names_to_pass(source, &open_tests(stem(source)))?)
        .env("PYTHONMALLOC", "malloc")
        .env("EXT_DIR", extensions_of(&program))
        .env("SLOW", "1"))
    .map(|_| ())
}

fn is_threaded(source: &Path) -> bool {
    read(source).contains("pthread_create")
}

/// No two threads touch the same memory but under a lock: `c_tests/helgrind.supp` says what it takes for that and is not.
fn under_helgrind(source: &Path) -> Result<(), Failed> {
    let program = scratch().join(format!("{}_helgrind", stem(source)));
    compile_for_ours(source, &program, NEW)?;
    let suppressions = root().join("c_tests/helgrind.supp");
    run(Command::new("valgrind")
        .args(["--tool=helgrind", "--quiet", "--error-exitcode=99", "--fair-sched=yes"])
        .arg(format!("--suppressions={}", suppressions.display()))
        .arg(&program)
        .args(names_to_pass(source, &open_tests(stem(source)))?)
        .env("SLOW", "1"))
    .map(|_| ())
}

fn expected_path(source: &Path) -> PathBuf {
    root().join(format!("c_tests/expected/{}.3.15.txt", stem(source)))
}

fn recorded(source: &Path) -> Result<String, Failed> {
    let path = expected_path(source);
    fs::read_to_string(&path)
        .map_err(|_| format!("{} is missing: RECORD=1 writes it, on a 3.15", path.display()).into())
}

/// Both ran every test that the other did not skip, with the same words; `open` ones aside.
fn agrees_with_record(source: &Path, printed: &str, open: &BTreeMap<String, String>) -> Result<(), Failed> {
    let (expected, printed) = (by_test(&recorded(source)?), by_test(printed));
    // A file whose tests all need a newer API has this one instead.
    if printed.contains_key("newer_api") {
        return Ok(());
    }
    for (test, expected) in expected.iter().filter(|(test, _)| !open.contains_key(*test)) {
        match printed.get(test) {
            Some(ours) if ours == expected => {}
            Some(ours) if is_skip(ours) || is_skip(expected) => {}
            Some(ours) => {
                return Err(format!("{test}\nCPython 3.15:\n{expected}\nhere:\n{ours}").into());
            }
            None => return Err(format!("{test} did not run").into()),
        }
    }
    Ok(())
}

fn is_skip(words: &str) -> bool {
    words.starts_with("skip ")
}

/// What was printed for each test: its own lines end with `ok`, `skip` or `FAIL`.
fn by_test(printed: &str) -> BTreeMap<String, String> {
    let mut tests = BTreeMap::new();
    let mut words = String::new();
    for line in printed.lines() {
        words.push_str(line);
        words.push('\n');
        let ends = ["ok ", "skip "].iter().find_map(|start| line.strip_prefix(start));
        if let Some(rest) = ends {
            let name = rest.split(':').next().unwrap_or(rest);
            tests.insert(name.to_owned(), std::mem::take(&mut words));
        }
    }
    tests
}

fn on_cpython(source: &Path, peer: &Peer) -> Result<(), Failed> {
    let api = peer.minor.min(NEW.api);
    let flavour = Flavour { name: "peer", api, ..NEW };
    let name = format!("{}_cpython3.{}", stem(source), peer.minor);
    let program = scratch().join(&name);
    let link = peer.link_options();
    compile(source, &program, flavour, &peer.include_options(), &link.each_ref().map(OsStr::new))?;
    compile_extensions(source, &program, api, &peer.include_options())?;
    let mut command = peer.command(&program)?;
    if imports_files(source) {
        command.env("EXT_DIR", peer.folder(&extensions_of(&program))?);
    }
    if peer.minor < 15 {
        return fails_only_where_it_differs(&mut command, &differs(peer.minor, stem(source)));
    }
    let printed = run(&mut command)?;
    if std::env::var_os("RECORD").is_some_and(|value| value == "1") {
        fs::write(expected_path(source), &printed)?;
    }
    agrees_with_record(source, &printed, &BTreeMap::new())
}

/// The tests of a file in which CPython before 3.15 is known to differ; `*` for all.
fn differs(minor: u32, file: &str) -> BTreeSet<String> {
    let path = root().join("c_tests/expected/older.tsv");
    let text = fs::read_to_string(path).expect("c_tests/expected/older.tsv");
    let rows = text.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter(|row| row[0] == file && minor < row[2].parse().expect("a minor version"))
        .map(|row| row[1].to_owned())
        .collect()
}

fn fails_only_where_it_differs(command: &mut Command, differs: &BTreeSet<String>) -> Result<(), Failed> {
    let output = command.output()?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let failures = printed.lines().filter_map(|line| line.strip_prefix("FAIL ")?.split(' ').next());
    let unknown: BTreeSet<&str> = failures.filter(|&test| !differs.contains(test)).collect();
    let complete = printed.trim_end().ends_with(" failed");
    if complete && unknown.is_empty() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(format!("{}: {unknown:?}\n{printed}{errors}", output.status).into())
}
