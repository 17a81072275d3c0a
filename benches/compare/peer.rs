//! The runtimes that are compared, each with the process in which it lives.

#![allow(dead_code, reason = "each program uses its part")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Why a runtime gives no figure.
#[derive(Clone, Debug)]
pub struct Failure(pub String);

pub struct Peer {
    pub name: String,
    library: PathBuf,
    module: PathBuf,
    program: PathBuf,
    chroot: Option<PathBuf>,
    process: Option<Process>,
}

struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// Our library first, then the CPythons; or another build of ours, which `DEATHLESS_BENCH_BESIDE` names.
pub fn at_hand(ours: &Path, module: &Path) -> Vec<Peer> {
    let mut peers = vec![Peer::new("deathless", ours, module)];
    match std::env::var_os("DEATHLESS_BENCH_BESIDE") {
        Some(other) => peers.push(Peer::new("beside", Path::new(&other), module)),
        None => peers.extend(cpythons(module)),
    }
    peers
}

/// Debian's CPython, then those that `get-peers` brought.
pub fn cpythons(module: &Path) -> Vec<Peer> {
    let mut peers = Vec::new();
    let folder = std::env::var_os("DEATHLESS_PEERS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../peers/root"), PathBuf::from);
    // SAFETY: geteuid has no preconditions.
    let is_root = unsafe { libc::geteuid() } == 0;
    for minor in 11..=15 {
        let library = PathBuf::from(format!("/usr/lib/x86_64-linux-gnu/libpython3.{minor}.so.1.0"));
        let mut peer = Peer::of(&format!("CPython 3.{minor}"), &library, module);
        let inside = folder.join(library.strip_prefix("/").expect("it begins with it"));
        if library.exists() {
            peers.push(peer);
        } else if is_root && inside.exists() {
            peer.module = copied(&folder, module);
            peer.program = copied(&folder, &peer.program);
            peer.chroot = Some(folder.clone());
            peers.push(peer);
        }
    }
    peers
}

/// The CPythons with immortals that pyenv built and `known` lacks. Pyenv does not optimise as distributions do, so these
/// are for what does not depend on it.
pub fn of_pyenv(known: &[Peer], module: &Path) -> Vec<Peer> {
    let Some(home) = std::env::home_dir() else { return Vec::new() };
    let folders = fs::read_dir(home.join(".pyenv/versions")).into_iter().flatten().flatten();
    let folders: Vec<PathBuf> = folders.map(|entry| entry.path()).collect();
    let library = |minor: u32| {
        let file = format!("lib/libpython3.{minor}.so.1.0");
        folders.iter().map(|folder| folder.join(&file)).find(|library| library.exists())
    };
    (12..=15)
        .filter(|minor| known.iter().all(|peer| peer.name != format!("CPython 3.{minor}")))
        .filter_map(|minor| Some(Peer::of(&format!("CPython 3.{minor} (pyenv)"), &library(minor)?, module)))
        .collect()
}

/// Copies a file to where the folder's own programs see it.
fn copied(folder: &Path, file: &Path) -> PathBuf {
    let inside = Path::new("/tmp").join(file.file_name().expect("a file"));
    fs::copy(file, folder.join(inside.strip_prefix("/").expect("it begins with it"))).expect("the copy");
    inside
}

impl Peer {
    /// A runtime that runs where we do.
    pub fn new(name: &str, library: &Path, module: &Path) -> Peer {
        assert!(library.exists(), "{} is missing", library.display());
        Peer::of(name, library, module)
    }

    fn of(name: &str, library: &Path, module: &Path) -> Peer {
        let (library, module) = (library.to_owned(), module.to_owned());
        let program = std::env::current_exe().expect("our path");
        Peer { name: name.to_owned(), library, module, program, chroot: None, process: None }
    }

    /// The same runtime, to live in a process of its own.
    pub fn another(&self) -> Peer {
        let (library, module, program) = (self.library.clone(), self.module.clone(), self.program.clone());
        Peer { name: self.name.clone(), library, module, program, chroot: self.chroot.clone(), process: None }
    }

    /// The question and the name of every kernel.
    pub fn kernels(&mut self) -> Result<Vec<(String, String)>, Failure> {
        let answer = self.ask("list")?;
        Ok(answer
            .split('\x1f')
            .filter_map(|pair| pair.split_once('\t'))
            .map(|(question, name)| (question.to_owned(), name.to_owned()))
            .collect())
    }

    /// Runs a kernel; nanoseconds.
    pub fn run(&mut self, index: usize, count: u64) -> Result<f64, Failure> {
        let answer = self.ask(&format!("run {index} {count}"))?;
        answer.parse().map_err(|_| Failure(answer.trim_start_matches("error ").to_owned()))
    }

    /// This program again, with the runtime's library to work on.
    pub fn command(&self, role: &str) -> Command {
        let mut command = match &self.chroot {
            None => Command::new(&self.program),
            Some(folder) => {
                let mut command = Command::new("chroot");
                command.arg(folder).arg(&self.program);
                command
            }
        };
        command.arg(role).arg(&self.library).env("PYTHONHASHSEED", "0").env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }

    /// The figures that this program prints in that role.
    pub fn figures<const N: usize>(&self, role: &str) -> Result<[f64; N], Failure> {
        let output = self.command(role).output().map_err(|error| Failure(error.to_string()))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let figures: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        figures.try_into().map_err(|_| {
            let words = String::from_utf8_lossy(&output.stderr).into_owned();
            Failure(format!("{} {}", output.status, words.lines().last().unwrap_or("")))
        })
    }

    /// A process that has died is started anew for the next question.
    fn ask(&mut self, question: &str) -> Result<String, Failure> {
        let mut process = match self.process.take() {
            Some(process) => process,
            None => self.start(),
        };
        let mut answer = String::new();
        let asked = writeln!(process.input, "{question}").and_then(|()| process.input.flush());
        if asked.is_ok() && process.output.read_line(&mut answer).is_ok_and(|read| read > 0) {
            self.process = Some(process);
            return Ok(answer.trim_end().to_owned());
        }
        Err(process.last_words())
    }

    /// The same, with the module of the kernels.
    pub fn command_with_module(&self, role: &str) -> Command {
        let mut command = self.command(role);
        command.arg(&self.module);
        command
    }

    fn start(&self) -> Process {
        let mut command = self.command_with_module("--kernels-of");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("this program can be started again");
        let input = child.stdin.take().expect("a pipe");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        Process { child, input, output }
    }
}

impl Process {
    fn last_words(mut self) -> Failure {
        drop(self.input);
        let mut words = String::new();
        let _ = self.child.stderr.take().expect("a pipe").read_to_string(&mut words);
        let status = self.child.wait().expect("it was started");
        let last = words.lines().last().unwrap_or("");
        Failure(match last.split_once("undefined symbol: ") {
            Some((_, symbol)) => format!("lacks {symbol}"),
            None => format!("{status} {last}"),
        })
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            drop(process.input);
            let _ = process.child.wait();
        }
        if let Some(folder) = &self.chroot {
            for file in [&self.module, &self.program] {
                let _ = fs::remove_file(folder.join(file.strip_prefix("/").expect("it begins with it")));
            }
        }
    }
}
