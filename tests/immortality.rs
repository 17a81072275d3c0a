//! Immortality as C programs meet it: `c_tests/immortality/`.
//!
//! * `fork.c`   what a forked child dirties after the heap walk; CPython's figure beside it
//! * `walk.c`   what the heap walk does, where it refuses, how it ends; under valgrind as well
//! * `stick.c`  immortals under modules for every API (`hammer.c`) that count without balance
//! * `registry.c`  every way to become immortal is in the registry
//!
//! `THOROUGH=1` has every module of `stick.c` count 2^33 references up and 2^34 down, some minutes.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::{Mutex, PoisonError};

use libtest_mimic::{Arguments, Failed, Trial};

mod support;

use support::peers::{self, Peer};
use support::{library_folder, root};

/// What a child may dirty after the walk, in KB.
const MAX_DIRTY: i64 = 100;
/// What it dirties at least where every object is written to.
const ALL_DIRTY: i64 = 30_000;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        Trial::test("a_forked_child_dirties_no_page_of_what_was_walked", after_the_walk),
        Trial::test("without_the_walk_it_dirties_them_all", without_the_walk),
        Trial::test("a_module_that_counts_inline_without_a_check_dirties_them", modules_after_the_walk),
        Trial::test("walk", || run(Command::new(ours("walk", &[])?).arg("100")).map(|_| ())),
        Trial::test("walk::without_pages", || {
            run(Command::new(ours("walk", &[])?).arg("3").env("PYTHONMALLOC", "malloc")).map(|_| ())
        }),
        Trial::test("registry", || run(&mut registry()?).map(|_| ())),
        Trial::test("stick", stick),
        Trial::test("stick::drift_is_shown", drift_is_shown),
        Trial::test("stick::without_pages", || run(stick_command("1000")?.env("PYTHONMALLOC", "malloc")).map(|_| ())),
    ];
    if works("valgrind") {
        trials.push(Trial::test("valgrind::walk", || {
            under_valgrind(Command::new(ours("walk", &[])?).args(["2", "with-all-memory"]))
        }));
        trials.push(Trial::test("valgrind::registry", || under_valgrind(&mut registry()?)));
        trials.push(Trial::test("valgrind::stick", || under_valgrind(&mut stick_command("100")?)));
    } else {
        eprintln!("no valgrind at hand: memory is not checked");
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn works(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

fn scratch() -> PathBuf {
    peers::scratch("immortality")
}

fn source(name: &str) -> PathBuf {
    root().join(format!("c_tests/immortality/{name}.c"))
}

/// Compiles with what C programs are held to.
fn compile(source: &Path, built: &Path, options: &[&OsStr]) -> Result<(), Failed> {
    let output = Command::new("gcc")
        .args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-g", "-O2"])
        .arg(source)
        .args(options)
        .arg("-o")
        .arg(built)
        .output()?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned().into()) }
}

/// Compiles once in this run; a run beside it finds what it has begun to use unchanged.
fn compile_once(source: &Path, name: &str, options: &[&OsStr]) -> Result<PathBuf, Failed> {
    static BUILT: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let path = scratch().join(name);
    if !built.contains(name) {
        let fresh = scratch().join(format!("{name}.{}", std::process::id()));
        compile(source, &fresh, options)?;
        fs::rename(&fresh, &path)?;
        built.insert(name.to_owned());
    }
    Ok(path)
}

/// A program for our library.
fn ours(name: &str, options: &[&str]) -> Result<PathBuf, Failed> {
    let (include, lib) = (root().join("include"), library_folder());
    let link = [format!("-L{}", lib.display()), format!("-Wl,-rpath,{}", lib.display()), "-ldeathless".to_owned()];
    let mut all: Vec<&OsStr> = ["-DPy_LIMITED_API=0x030f0000", "-I"].map(OsStr::new).to_vec();
    all.push(include.as_os_str());
    all.extend(options.iter().map(OsStr::new));
    all.extend(link.iter().map(OsStr::new));
    compile_once(&source(name), name, &all)
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

fn under_valgrind(command: &mut Command) -> Result<(), Failed> {
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--quiet", "--error-exitcode=99", "--leak-check=full"])
        .args(["--errors-for-leak-kinds=definite,indirect", "--show-leak-kinds=definite,indirect"])
        .arg(command.get_program())
        .args(command.get_args())
        .env("PYTHONMALLOC", "malloc");
    run(&mut valgrind).map(|_| ())
}

/// The number behind a word that was printed.
fn number(printed: &str, word: &str) -> Result<i64, Failed> {
    let line = printed.lines().find_map(|line| line.strip_prefix(word));
    line.and_then(|rest| rest.trim().parse().ok()).ok_or_else(|| format!("no {word}: {printed}").into())
}

fn after_the_walk() -> Result<(), Failed> {
    let printed = run(Command::new(ours("fork", &["-DWALK"])?).arg("walk"))?;
    let (dirtied, objects) = (number(&printed, "dirtied")?, number(&printed, "objects")?);
    let a_tenth = number(&printed, "nanoseconds")? * 10 / objects;
    eprintln!("after the heap walk: {dirtied} KB; {}.{} ns an object", a_tenth / 10, a_tenth % 10);
    if objects < 4 * 300_000 || number(&printed, "bytes")? < objects * 24 {
        return Err(format!("the walk found too little: {printed}").into());
    }
    if dirtied < MAX_DIRTY { Ok(()) } else { Err(format!("{dirtied} KB dirtied").into()) }
}

/// Here and on every CPython at hand.
fn without_the_walk() -> Result<(), Failed> {
    let printed = run(Command::new(ours("fork", &["-DWALK"])?).arg("plain"))?;
    eprintln!("without: {} KB", number(&printed, "dirtied")?);
    if number(&printed, "dirtied")? < ALL_DIRTY {
        return Err(format!("without the walk the child dirtied less than it must: {printed}").into());
    }
    for peer in peers::peers() {
        let built = format!("fork_cpython3.{}", peer.minor);
        let api = format!("-DPy_LIMITED_API=0x03{:02x}0000", peer.minor);
        let link = peer.link_options();
        let mut options: Vec<&OsStr> = vec![api.as_ref()];
        options.extend(peer.include_options());
        options.extend(link.iter().map(OsStr::new));
        let built = compile_once(&source("fork"), &built, &options)?;
        let dirtied = number(&run(peer.command(&built)?.arg("plain"))?, "dirtied")?;
        eprintln!("CPython 3.{}: {dirtied} KB", peer.minor);
        if dirtied < ALL_DIRTY {
            return Err(format!("CPython 3.{} dirtied less than it must: {dirtied} KB", peer.minor).into());
        }
    }
    Ok(())
}

/// A module for limited API 3.6 writes to every object that it uses, one for 3.12 does not.
fn modules_after_the_walk() -> Result<(), Failed> {
    for (name, api, dirties) in [("3.6", 0x0306_0000, true), ("3.12", 0x030c_0000, false)] {
        let module = module_for_ours(&format!("fork_hammer_{name}"), api, &[])?;
        let printed = run(Command::new(ours("fork", &["-DWALK"])?).arg("walk").arg(&module))?;
        let dirtied = number(&printed, "dirtied")?;
        eprintln!("used through a module for limited API {name}: {dirtied} KB");
        if (dirtied >= ALL_DIRTY) != dirties || (dirtied < MAX_DIRTY) == dirties {
            return Err(format!("limited API {name}: {dirtied} KB").into());
        }
    }
    Ok(())
}

/// `hammer.c` against our headers.
fn module_for_ours(name: &str, api: u32, options: &[&str]) -> Result<PathBuf, Failed> {
    let include = root().join("include");
    let api = format!("-DPy_LIMITED_API={api:#x}");
    let mut all: Vec<&OsStr> = vec!["-I".as_ref(), include.as_os_str(), api.as_ref()];
    all.extend(options.iter().map(OsStr::new));
    module(name, &all)
}

fn module(name: &str, options: &[&OsStr]) -> Result<PathBuf, Failed> {
    let all: Vec<&OsStr> = ["-shared", "-fPIC"].map(OsStr::new).iter().chain(options).copied().collect();
    compile_once(&source("hammer"), &format!("{name}.so"), &all)
}

/// `hammer.c` for every API: our headers for the limited ones, and CPython's own, as far as they are at hand.
fn modules() -> Result<Vec<(String, PathBuf)>, Failed> {
    let mut modules = Vec::new();
    for minor in [2, 8, 11, 12, 15] {
        let name = format!("limited-3.{minor}");
        modules.push((name.clone(), module_for_ours(&name, 0x0300_0000 | minor << 16, &[])?));
    }
    let peers = peers::peers();
    for minor in [12, 13, 14, 15] {
        match peers.iter().find(|peer| peer.minor == minor) {
            Some(peer) => modules.push(full_api(peer)?),
            None => eprintln!("no headers of CPython 3.{minor} at hand: its full API is left out"),
        }
    }
    for minor in [6, 8, 11] {
        let Some(headers) = pyenv_headers(minor) else { continue };
        let (name, api) = (format!("limited-3.2-by-3.{minor}"), OsStr::new("-DPy_LIMITED_API=0x03020000"));
        let built = module(&name, &[api, "-isystem".as_ref(), headers.as_os_str()])?;
        modules.push((name, built));
    }
    Ok(modules)
}

fn full_api(peer: &Peer) -> Result<(String, PathBuf), Failed> {
    let name = format!("full-3.{}", peer.minor);
    let built = module(&name, &peer.include_options())?;
    Ok((name, built))
}

fn pyenv_headers(minor: u32) -> Option<PathBuf> {
    let versions = fs::read_dir(std::env::home_dir()?.join(".pyenv/versions")).ok()?;
    let headers = versions
        .flatten()
        .flat_map(|entry| ["", "m"].map(|suffix| entry.path().join(format!("include/python3.{minor}{suffix}"))));
    headers.into_iter().find(|path| path.join("Python.h").exists())
}

fn stick_command(times: &str) -> Result<Command, Failed> {
    let mut command = Command::new(ours("stick", &[])?);
    command.arg(times);
    for (name, file) in modules()? {
        command.arg(format!("{name}={}", file.display()));
    }
    Ok(command)
}

fn stick() -> Result<(), Failed> {
    let times = if std::env::var_os("THOROUGH").is_some() { "0x200000000" } else { "0x400000" };
    let printed = run(&mut stick_command(times)?)?;
    // Those that count inline on the whole word drift on everything, those that call on nothing.
    for line in printed.lines().filter(|line| line.starts_with("limited-")) {
        let inline = !line.starts_with("limited-3.12") && !line.starts_with("limited-3.15");
        if line.ends_with("drifted 0") == inline {
            return Err(format!("{line}\n{printed}").into());
        }
    }
    Ok(())
}

/// `deathless immortals --drift` names what a module did while it was imported.
fn drift_is_shown() -> Result<(), Failed> {
    let module = module_for_ours("at_import", 0x0308_0000, &["-DAT_IMPORT=1000"])?;
    let asked = |module: Option<&Path>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deathless"));
        command.args(["immortals", "--drift"]);
        if let Some(module) = module {
            command.arg("-m").arg(format!("hammer={}", module.display()));
        }
        run(command.env("DEATHLESS_LIBRARY", library_folder().join("libdeathless.so")))
    };
    let printed = asked(Some(&module))?;
    let found = printed
        .lines()
        .any(|line| line.split_whitespace().collect::<Vec<_>>() == ["+1000", "0", "+0", "NoneType", "None"]);
    if !found {
        return Err(printed.into());
    }
    let printed = asked(None)?;
    if printed == "no immortal has drifted\n" { Ok(()) } else { Err(printed.into()) }
}

fn registry() -> Result<Command, Failed> {
    let mut command = Command::new(ours("registry", &[])?);
    command.arg(module_for_ours("registry_hammer", 0x0308_0000, &[])?);
    Ok(command)
}
