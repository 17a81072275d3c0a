//! Evaluates a file of expressions on a runtime and compares answers.
//!
//! The evaluator is `deathless eval -f FILE` throughout: on our library, and with
//! `--runtime` on a CPython, so that the same calls of the C API are compared. A
//! crash costs one line: the rest is evaluated again without it.

#![allow(dead_code, reason = "each test uses its part")]

pub mod peers;
pub mod wheels;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{CStr, c_char};
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use libtest_mimic::Failed;
use object::{Object, ObjectSymbol};

/// Longer than the slowest file takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
/// How many crashes of one file are worth a new start.
const MAX_CRASHES: usize = 25;
/// How many mismatches a failure shows.
const SHOWN: usize = 12;

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What evaluates the expressions.
#[derive(Clone)]
pub enum Runtime {
    Ours,
    /// A CPython's shared library.
    Library(PathBuf),
    /// One that runs only inside a folder, which holds a whole system.
    Inside {
        folder: PathBuf,
        library: PathBuf,
    },
}

/// An extension module that the expressions use.
#[derive(Clone)]
pub struct Module {
    pub name: String,
    pub file: PathBuf,
}

/// The lines of a file that are answered.
pub fn expressions(text: &str) -> Vec<String> {
    text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

/// The library under test: `DEATHLESS_TEST_LIBRARY`, or what cargo has just built beside this program.
pub fn our_library() -> PathBuf {
    let beside = || std::env::current_exe().expect("our path").with_file_name("libdeathless.so");
    std::env::var_os("DEATHLESS_TEST_LIBRARY").map_or_else(beside, PathBuf::from)
}

/// The strategy that the library under test was built with, as it says itself.
pub fn strategy() -> &'static str {
    static STRATEGY: OnceLock<String> = OnceLock::new();
    // SAFETY: the library's constructors ask nothing of us, and its function has this type.
    STRATEGY.get_or_init(|| unsafe {
        let library = libloading::Library::new(our_library()).expect("our library loads");
        let name = library.get::<unsafe extern "C" fn() -> *const c_char>(b"deathless_strategy").expect("it says");
        let name = CStr::from_ptr(name()).to_str().expect("ASCII").to_owned();
        // Its thread-local storage stays in use.
        std::mem::forget(library);
        name
    })
}

/// `DEATHLESS_SEAL` for a test of our library: nobody is to write to its immortals; or, where who uses it counts
/// inline, nobody else. A strategy that counts references to them cannot seal them.
pub fn seal_for(counts_inline: bool) -> &'static str {
    match strategy() {
        "immortal" if counts_inline => "count",
        "immortal" => "1",
        _ => "0",
    }
}

/// What the strategy under test cannot promise, by `c_tests/strategies.tsv`: tests or expressions of `file`, with the
/// reason.
pub fn not_promised(file: &str) -> BTreeMap<String, String> {
    let strategy = strategy();
    let text = fs::read_to_string(root().join("c_tests/strategies.tsv")).expect("c_tests/strategies.tsv");
    let rows = text.lines().skip(1).map(|row| row.splitn(4, '\t').collect::<Vec<_>>());
    rows.map(|row| <[&str; 4]>::try_from(row).expect("strategy, file, test and a reason"))
        .filter(|[who, of, ..]| who.split(' ').any(|who| who == strategy) && *of == file)
        .map(|[.., test, reason]| (test.to_owned(), reason.to_owned()))
        .collect()
}

pub fn read(path: &Path) -> Result<String, Failed> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// A folder in which our library has the names that programs ask for: one for each library that is tested, since test
/// programs of one build run side by side, on different ones perhaps.
pub fn library_folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let built = our_library();
        let mut hasher = DefaultHasher::new();
        built.hash(&mut hasher);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("lib-{:016x}", hasher.finish()));
        fs::create_dir_all(&folder).expect("target/tmp is writable");
        for name in ["libdeathless.so", "libdeathless.so.0"] {
            // Another test program may do the same at this time.
            let link = folder.join(format!("{name}.{}", std::process::id()));
            let _ = fs::remove_file(&link);
            symlink(&built, &link).and_then(|()| fs::rename(&link, folder.join(name))).expect("target/tmp is writable");
        }
        folder
    })
}

/// Compiles a program of `c_tests/interpreters/` and links it to our library.
pub fn interpreters_program(name: &str) -> PathBuf {
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let folder = library_folder().display().to_string();
    let output = Command::new("gcc")
        .args(["-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-g", "-O1", "-I"])
        .arg(root().join("include"))
        .arg("-I")
        .arg(root().join("c_tests/harness"))
        .arg(root().join("c_tests/interpreters").join(name).with_extension("c"))
        .args(["-L", &folder, &format!("-Wl,-rpath,{folder}"), "-ldeathless", "-o"])
        .arg(&program)
        .output()
        .expect("gcc");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    program
}

/// A new folder of this process and this evaluation alone, where the runtime sees it.
pub fn scratch(runtime: &Runtime) -> std::io::Result<PathBuf> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let below = match runtime {
        Runtime::Inside { folder, .. } => folder.join("tmp"),
        _ => PathBuf::from(env!("CARGO_TARGET_TMPDIR")),
    };
    let folder = below.join(format!("deathless-expressions-{}-{number}", std::process::id()));
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// One answer for each expression, in their order.
pub fn evaluate(runtime: &Runtime, module: Option<&Module>, lines: &[String]) -> Result<Vec<String>, Failed> {
    let folder = scratch(runtime)?;
    let answers = surviving(runtime, module, lines, &folder);
    let _ = fs::remove_dir_all(&folder);
    answers
}

fn surviving(
    runtime: &Runtime,
    module: Option<&Module>,
    lines: &[String],
    folder: &Path,
) -> Result<Vec<String>, Failed> {
    let mut crashed: BTreeMap<usize, String> = BTreeMap::new();
    loop {
        let left: Vec<usize> = (0..lines.len()).filter(|index| !crashed.contains_key(index)).collect();
        let text: Vec<&str> = left.iter().map(|&index| lines[index].as_str()).collect();
        let (mut answers, end) = run(runtime, module, &text.join("\n"), folder)?;
        let complete = answers.len() == left.len();
        if !complete && crashed.len() < MAX_CRASHES && !left.is_empty() {
            // The answer before the crash may be cut short, but then has no line's end.
            let at = answers.len().min(left.len() - 1);
            crashed.insert(left[at], format!("<{end}>"));
            continue;
        }
        if complete && !end.is_empty() {
            return Err(format!("after the last line: {end}").into());
        }
        answers.resize(left.len(), "<not run: too many crashes>".to_owned());
        let mut answers = answers.into_iter();
        let all = (0..lines.len()).map(|index| crashed.remove(&index).or_else(|| answers.next()));
        return Ok(all.map(Option::unwrap_or_default).collect());
    }
}

/// The whole lines that were printed, and how it ended if not well.
fn run(runtime: &Runtime, module: Option<&Module>, text: &str, folder: &Path) -> Result<(Vec<String>, String), Failed> {
    let input = folder.join("input.expr");
    fs::write(&input, format!("{text}\n"))?;
    let mut command = evaluator(runtime, module, folder, &input)?;
    let (stdout, stderr) = (folder.join("stdout"), folder.join("stderr"));
    command.stdin(Stdio::null()).stdout(File::create(&stdout)?).stderr(File::create(&stderr)?);
    let status = wait(&mut command)?;
    let printed = String::from_utf8_lossy(&fs::read(&stdout)?).into_owned();
    let mut lines: Vec<String> = printed.split('\n').map(str::to_owned).collect();
    lines.pop();
    let errors = String::from_utf8_lossy(&fs::read(&stderr)?).into_owned();
    let last = errors.trim_end().lines().last().unwrap_or_default();
    if let Some(sentence) = seal_broken(&errors) {
        return Err(sentence.into());
    }
    match status {
        Some(status) if status.success() => Ok((lines, String::new())),
        Some(status) if status.code() == Some(2) => Err(format!("{status}: {errors}").into()),
        Some(status) => Ok((lines, format!("{status} {last}"))),
        None => Ok((lines, format!("no answer for {} s", PATIENCE.as_secs()))),
    }
}

/// Whether the module changes the counts of immortals itself: then the seal on them lets writes pass and says whose
/// they were.
fn counts_inline(module: &Module) -> bool {
    let Ok(bytes) = fs::read(&module.file) else { return false };
    let file = object::File::parse(&*bytes).expect("a module is an ELF file");
    let mut symbols = file.dynamic_symbols();
    symbols.any(|symbol| symbol.is_undefined() && symbol.name() == Ok("_Py_Dealloc"))
}

/// What a run said on stderr of the seal on the library's immortals, if it was not on, or the library itself wrote to
/// one. (A module's write that stops the process shows as a crash.)
pub fn seal_broken(errors: &str) -> Option<String> {
    let unsealed = |line: &&str| line.starts_with("deathless: ") && line.contains("sealed");
    let by_library = |line: &&str| line.contains(" was written to by ") && line.contains("libdeathless.so");
    let found = errors.lines().find(|line| unsealed(line) || by_library(line))?;
    let report: Vec<&str> = errors.lines().skip_while(|&line| line != found).take(8).collect();
    Some(report.join("\n"))
}

fn wait(command: &mut Command) -> Result<Option<ExitStatus>, Failed> {
    let mut child = command.spawn()?;
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

/// The evaluator of a file's expressions, or of those that come by its standard input (`-`); `folder` is where the
/// runtime finds what it needs.
pub fn evaluator(runtime: &Runtime, module: Option<&Module>, folder: &Path, input: &Path) -> Result<Command, Failed> {
    let mut command = command(runtime, module, folder, input)?;
    command
        .env("PYTHONHASHSEED", "0")
        .env("LC_ALL", "C.UTF-8")
        .env("RUST_BACKTRACE", "0")
        .env_remove("PYTHONHOME")
        .env_remove("PYTHONPATH")
        .env_remove("DEATHLESS_LIBRARY");
    if let Runtime::Ours = runtime {
        command.env("DEATHLESS_SEAL", seal_for(module.is_some_and(counts_inline)));
    }
    Ok(command)
}

fn command(runtime: &Runtime, module: Option<&Module>, folder: &Path, input: &Path) -> Result<Command, Failed> {
    let program = Path::new(env!("CARGO_BIN_EXE_deathless"));
    let option = |file: &Path, name: &str| format!("{name}={}", file.display());
    let mut command;
    match runtime {
        Runtime::Ours | Runtime::Library(_) => {
            let ours = our_library();
            let library = if let Runtime::Library(path) = runtime { path } else { &ours };
            command = Command::new(program);
            command.arg("eval").arg("--runtime").arg(library).arg("-f").arg(input);
            if let Some(module) = module {
                command.arg("-m").arg(option(&module.file, &module.name));
            }
        }
        Runtime::Inside { folder: system, library } => {
            // What is no path inside is no path: `-`.
            let inside =
                |path: &Path| path.strip_prefix(system).map_or(path.to_owned(), |rest| Path::new("/").join(rest));
            let copy = folder.join("deathless");
            // By another process: a child that is started meanwhile would inherit the file,
            // open for writing, and the kernel runs no such file.
            if !Command::new("cp").arg(program).arg(&copy).status()?.success() {
                return Err(format!("cannot copy {} to {}", program.display(), copy.display()).into());
            }
            command = Command::new("chroot");
            command.arg(system).arg(inside(&copy)).arg("eval").arg("--runtime").arg(library);
            command.arg("-f").arg(inside(input));
            if let Some(module) = module {
                let file = folder.join(module.file.file_name().expect("a file"));
                fs::copy(&module.file, &file)?;
                command.arg("-m").arg(option(&inside(&file), &module.name));
            }
        }
    }
    Ok(command)
}

/// CPython 3.15, where `get-peers` has filled its folder: `DEATHLESS_PEERS` or `../peers/root`.
pub fn cpython_3_15() -> Option<Runtime> {
    let folder = std::env::var_os("DEATHLESS_PEERS").map_or_else(|| root().join("../peers/root"), PathBuf::from);
    // The folder as the kernel knows it: a relative one is not inside itself.
    let folder = fs::canonicalize(folder).ok()?;
    let library = Path::new("/usr/lib/x86_64-linux-gnu/libpython3.15.so.1.0");
    // SAFETY: geteuid has no preconditions.
    let is_root = unsafe { libc::geteuid() } == 0;
    let there = folder.join(library.strip_prefix("/").expect("absolute")).exists();
    (is_root && there).then(|| Runtime::Inside { folder, library: library.to_owned() })
}

/// The installed `libpython3.<minor>`, of pyenv or of the system.
pub fn cpython(minor: u32) -> Option<PathBuf> {
    let file = format!("libpython3.{minor}.so.1.0");
    let mut folders: Vec<PathBuf> = pyenv(minor).into_iter().map(|prefix| prefix.join("lib")).collect();
    folders.push(PathBuf::from("/usr/lib/x86_64-linux-gnu"));
    folders.into_iter().map(|folder| folder.join(&file)).find(|path| path.exists())
}

/// The folders of pyenv's Pythons 3.<minor>.
pub fn pyenv(minor: u32) -> Vec<PathBuf> {
    let Some(home) = std::env::home_dir() else {
        return Vec::new();
    };
    let versions = fs::read_dir(home.join(".pyenv/versions")).into_iter().flatten().flatten();
    let start = format!("3.{minor}.");
    versions.filter(|entry| entry.file_name().to_string_lossy().starts_with(&start)).map(|e| e.path()).collect()
}

/// `PyErr_BadInternalCall` names a file and a line of the runtime's own source.
pub fn normal(answer: &str) -> String {
    const BAD: &str = "bad argument to internal function";
    match answer.split_once(BAD) {
        Some((place, rest)) if place.starts_with("SystemError: ") && place.contains(".c:") => {
            format!("SystemError: {BAD}{rest}")
        }
        _ => answer.to_owned(),
    }
}

/// `differences.tsv`: for the expressions of `file`, the answer that counts instead.
pub fn differences(path: &Path, file: &str, lines: &[String]) -> Result<BTreeMap<String, String>, Failed> {
    let mut found = BTreeMap::new();
    for row in read(path)?.lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let &[name, expression, answer, reason] = columns.as_slice() else {
            return Err(format!("{}: four columns: {row}", path.display()).into());
        };
        if reason.is_empty() {
            return Err(format!("{}: a reason: {row}", path.display()).into());
        }
        if name == file {
            if !lines.iter().any(|line| line == expression) {
                return Err(format!("{}: no such expression: {row}", path.display()).into());
            }
            found.insert(expression.to_owned(), answer.to_owned());
        }
    }
    Ok(found)
}

/// What was compared, and where the answers differ.
pub struct Comparison {
    pub total: usize,
    /// (line, expected, found)
    pub mismatches: Vec<(String, String, String)>,
}

impl Comparison {
    pub fn new(lines: &[String], expected: &[String], found: &[String]) -> Comparison {
        let mut mismatches = Vec::new();
        for ((line, expected), found) in lines.iter().zip(expected).zip(found) {
            if normal(expected) != normal(found) {
                mismatches.push((line.clone(), expected.clone(), found.clone()));
            }
        }
        Comparison { total: lines.len(), mismatches }
    }

    pub fn agreed(&self) -> usize {
        self.total - self.mismatches.len()
    }

    /// The verdict on our library, whose open expressions are known.
    pub fn verdict_of_ours(mut self, folder: &Path, file: &str) -> Result<(), Failed> {
        let mut open = open(folder, file)?;
        open.extend(not_promised(file).into_keys());
        if open.contains("*") {
            return match self.agreed() {
                0 => Ok(()),
                n => Err(format!("{n} of {} agree now: write open.tsv anew with --update-open", self.total).into()),
            };
        }
        let differing: BTreeSet<String> = self.mismatches.iter().map(|(line, ..)| line.clone()).collect();
        if let Some(line) = open.iter().find(|line| !differing.contains(*line)) {
            return Err(format!("agrees now, take it out of open.tsv or strategies.tsv: {line}").into());
        }
        self.mismatches.retain(|(line, ..)| !open.contains(line));
        self.verdict()
    }

    pub fn verdict(&self) -> Result<(), Failed> {
        if self.mismatches.is_empty() {
            return Ok(());
        }
        let mut text = format!("{} of {} agree\n", self.agreed(), self.total);
        let shown = if std::env::var_os("DEATHLESS_ALL_MISMATCHES").is_some() { usize::MAX } else { SHOWN };
        for (line, expected, found) in self.mismatches.iter().take(shown) {
            text.push_str(&format!("{line}\n   expected  {expected}\n   found     {found}\n"));
        }
        if self.mismatches.len() > shown {
            text.push_str("… DEATHLESS_ALL_MISMATCHES=1 shows the rest\n");
        }
        Err(text.into())
    }
}

/// The expressions that do not agree yet, by file: `open.tsv`. `*` stands for all of a file's, where the module
/// does not load. Nothing is excused by it: an expression that agrees must not be in it, and none that is not in
/// it may disagree. `--update-open` writes it.
pub fn open(folder: &Path, file: &str) -> Result<BTreeSet<String>, Failed> {
    let path = folder.join("open.tsv");
    if !path.exists() {
        return Ok(BTreeSet::new());
    }
    let text = read(&path)?;
    let rows = text.lines().skip(1).filter_map(|row| row.split_once('\t'));
    Ok(rows.filter(|(name, _)| *name == file).map(|(_, expression)| expression.to_owned()).collect())
}

/// Writes `open.tsv` anew, if the command line asks for `--update-open`.
pub fn update_open(
    folder: &Path,
    names: &[String],
    compare: impl Fn(&str) -> Result<Comparison, Failed>,
) -> Result<bool, Failed> {
    if !std::env::args().any(|argument| argument == "--update-open") {
        return Ok(false);
    }
    let mut text = "file\texpression\n".to_owned();
    for name in names {
        let comparison = compare(name)?;
        if comparison.agreed() == 0 && comparison.total > 0 {
            text.push_str(&format!("{name}\t*\n"));
            continue;
        }
        let lines: BTreeSet<&String> = comparison.mismatches.iter().map(|(line, ..)| line).collect();
        for line in lines {
            text.push_str(&format!("{name}\t{line}\n"));
        }
    }
    let path = folder.join("open.tsv");
    if text.lines().count() == 1 {
        let _ = fs::remove_file(path);
    } else {
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(true)
}

/// Prints `file agreed/total` for each, if the command line asks for `--progress`.
/// What stands after it chooses files by a part of their name.
pub fn progress(names: &[String], compare: impl Fn(&str) -> Result<Comparison, Failed>) -> bool {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--progress");
    if arguments.next().is_none() {
        return false;
    }
    let wanted: Vec<String> = arguments.collect();
    let (mut agreed, mut total) = (0, 0);
    for name in names {
        if !wanted.is_empty() && !wanted.iter().any(|part| name.contains(part.as_str())) {
            continue;
        }
        match compare(name) {
            Ok(comparison) => {
                println!("{name:40} {:6}/{}", comparison.agreed(), comparison.total);
                agreed += comparison.agreed();
                total += comparison.total;
            }
            Err(failed) => println!("{name:40} {}", failed.message().unwrap_or("failed").trim_end()),
        }
    }
    println!("{:40} {agreed:6}/{total}", "together");
    true
}

/// The files of a folder that end with `.expr`, without that, sorted.
pub fn corpora(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".expr").map(str::to_owned))
        .collect();
    names.sort();
    names
}

/// Says why a run could not be finished.
pub fn give_up(failed: &Failed) -> std::process::ExitCode {
    eprintln!("{}", failed.message().unwrap_or("failed").trim_end());
    std::process::ExitCode::FAILURE
}
