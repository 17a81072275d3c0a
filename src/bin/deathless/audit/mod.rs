//! `deathless audit`: which functions of an extension module leak references or give away what they do not own.
//!
//! The expressions of a script run many times over on a library that keeps the ledger; `books.rs` reads it, before and
//! after each expression. What grows or shrinks in every round is explained in `verdict.rs` and shown by `show.rs`.

mod books;
mod show;
mod verdict;

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::abi::{self, Version};
use crate::args::Audit;
use crate::elf::{Counting, Extension, module_name};
use crate::eval::{Scope, calls_within};
use crate::object::{Fault, Outcome};
use crate::runtime::{self, api};
use crate::{FAILED, module, report};

use books::{Books, Reader};
use verdict::{Habits, Measured};

/// Rounds before the first that counts: caches fill, names are interned, types are made.
const WARM_UP: usize = 4;
/// How often a part of an expression runs by itself.
const CONTROLS: usize = 3;

pub fn command(options: &Audit) -> Result<ExitCode, String> {
    let extension = Extension::read(&options.file)?;
    let shown = options.file.display();
    let Some(entry) = extension.entry(&options.file) else {
        return Err(format!("{shown} is no extension module: it exports no PyInit_ or PyModExport_ function"));
    };
    let caveat = match extension.counting() {
        Counting::Inline | Counting::Both => {
            return Err(format!(
                "{shown} counts references inline, without calling the runtime (it imports _Py_Dealloc): \
                 no books can be kept of it. It is out of reach for an audit, unless it is built for limited API 3.12 or later"
            ));
        }
        Counting::Calls => None,
        Counting::Never => Some(
            "it calls none of the functions that count; should it count up inline, which its file does not tell, \
             then what it returns looks as if it were not owned",
        ),
    };
    let lines = script(&options.script)?;
    let library = runtime::open_ledger(options.runtime.as_deref())?;
    runtime::start()?;
    let name = module_name(entry).unwrap_or(entry);
    let outcome = in_runtime(options, name, &lines, &library);
    runtime::stop();
    let audited = outcome?;
    let floor = options.lowest.or_else(|| lowest(&extension));
    let tolerant = floor.is_some_and(|version| version >= IMMORTAL_SINCE);
    let report = show::Report::new(options, &library, audited, caveat, tolerant);
    print!("{}", if options.json { report.json() } else { report.text() });
    Ok(if report.faults() == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// Since when None, True and their like are immortal on every CPython.
const IMMORTAL_SINCE: Version = Version::new(3, 12);

/// The lowest version that has all that the module imports; `None` for one that left the stable ABI.
fn lowest(extension: &Extension) -> Option<Version> {
    let added = abi::added();
    let versions = extension.imports.iter().map(|name| added.get(name.as_str()).copied());
    versions.collect::<Option<Vec<Version>>>()?.into_iter().max()
}

/// The expressions: lines of a file, of standard input, or of the argument itself.
fn script(argument: &str) -> Result<Vec<String>, String> {
    let path = Path::new(argument);
    let text = if argument == "-" {
        io::read_to_string(io::stdin()).map_err(|error| format!("cannot read the script: {error}"))?
    } else if path.exists() {
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?
    } else if Path::new(argument).extension().is_some_and(|e| e == "expr") {
        return Err(format!("no such file: {argument}"));
    } else {
        argument.to_owned()
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let lines: Vec<String> = lines.map(str::to_owned).collect();
    if lines.is_empty() { Err("the script has no expression".to_owned()) } else { Ok(lines) }
}

/// What the rounds showed.
pub struct Audited {
    pub expressions: usize,
    pub findings: Vec<verdict::Finding>,
    pub rounds: usize,
    /// Names of the immortals among the findings.
    pub names: std::collections::HashMap<usize, String>,
    /// How many blocks of memory more are allocated after each round, at the least.
    pub growth: i64,
    /// Expressions that the evaluator does not know, and so did not run.
    pub not_run: Vec<String>,
    /// Functions of modules that are not in the books.
    pub unheard: u64,
}

/// All handles die in here, before the runtime ends.
fn in_runtime(options: &Audit, name: &str, lines: &[String], library: &Path) -> Result<Audited, String> {
    let no_books =
        || format!("{} keeps no ledger: it was built without it. {}", library.display(), runtime::HOW_TO_GET_A_LEDGER);
    let mut reader = Reader::open().ok_or_else(no_books)?;
    let mut modules = options.modules.clone();
    let alias = modules.iter().position(|(_, path)| same_file(path, &options.file));
    if alias.is_none() {
        modules.push((name.to_owned(), options.file.clone()));
    }
    let names = module::load_all(&modules)?;
    let mut scope = Scope::new(names);
    let mut auditor =
        Auditor { scope: &mut scope, reader: &mut reader, progress: Progress::new(), not_run: Vec::new() };
    auditor.audit(lines, options.rounds)
}

fn same_file(one: &Path, other: &PathBuf) -> bool {
    std::fs::canonicalize(one).ok() == std::fs::canonicalize(other).ok()
}

struct Auditor<'a> {
    scope: &'a mut Scope,
    reader: &'a mut Reader,
    progress: Progress,
    not_run: Vec<String>,
}

impl Auditor<'_> {
    fn audit(&mut self, lines: &[String], rounds: usize) -> Result<Audited, String> {
        for round in 0..WARM_UP {
            self.progress.show("warming up", round, WARM_UP);
            lines.iter().try_for_each(|line| self.run(line))?;
        }
        self.not_run.sort();
        self.not_run.dedup();
        let mut expressions: Vec<Measured> =
            lines.iter().map(|line| Measured { source: line.clone(), books: Books::default() }).collect();
        let mut changes = Vec::new();
        let mut blocks = vec![allocated()?];
        let mut before = self.reader.read();
        for round in 0..rounds {
            self.progress.show("measuring", round, rounds);
            let mut change = Books::default();
            for measured in &mut expressions {
                self.run(&measured.source)?;
                let after = self.reader.read();
                let difference = after.since(&before);
                measured.books.add(&difference);
                change.add(&difference);
                before = after;
            }
            changes.push(change);
            blocks.push(allocated()?);
        }
        let kinds = verdict::drifting(&changes);
        let mut habits = Habits::default();
        expressions.iter().for_each(|measured| habits.learn(measured));
        self.controls(&expressions, &kinds)?.iter().for_each(|measured| habits.learn(measured));
        let findings = verdict::find(&habits, &expressions, &kinds);
        self.progress.clear();
        let immortals = findings.iter().map(|finding| finding.kind.immortal).filter(|&address| address != 0);
        let names = immortals.map(|address| (address, show::name_of_immortal(address))).collect();
        let not_run = std::mem::take(&mut self.not_run);
        let growth = blocks.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap_or(0).max(0);
        Ok(Audited { expressions: lines.len(), findings, rounds, names, growth, not_run, unheard: before.unheard })
    }

    /// Runs the parts of the expressions that drift by themselves: what functions do there tells what they do anyway.
    fn controls(&mut self, expressions: &[Measured], kinds: &[books::Kind]) -> Result<Vec<Measured>, String> {
        let mut controls = Vec::new();
        let drifts = |measured: &&Measured| measured.books.totals().keys().any(|kind| kinds.contains(kind));
        for measured in expressions.iter().filter(drifts) {
            for part in calls_within(&measured.source) {
                self.progress.show("trying parts", controls.len(), controls.len() + 1);
                self.run(&part)?;
                let before = self.reader.read();
                for _ in 0..CONTROLS {
                    self.run(&part)?;
                }
                controls.push(Measured { source: part, books: self.reader.read().since(&before) });
            }
        }
        Ok(controls)
    }

    /// One expression, and the end of what it made.
    fn run(&mut self, source: &str) -> Result<(), String> {
        match self.scope.last_value(source) {
            Err(Fault::Unsupported(_)) => self.not_run.push(source.to_owned()),
            Err(fault) => drop(report::describe(fault)),
            Ok(_) => {}
        }
        api().PyGC_Collect().map_err(report::describe).map(drop)
    }
}

/// How many blocks of memory the runtime's objects have.
fn allocated() -> Result<i64, String> {
    let count = || -> Outcome<String> {
        let sys = api().PyImport_ImportModule(c"sys")?;
        let count = api().attribute(&sys, c"getallocatedblocks")?;
        report::repr(&api().PyObject_Call(&count, &api().PyTuple_New(0)?, None)?)
    };
    let text = count().map_err(report::describe)?;
    text.parse().map_err(|_| format!("sys.getallocatedblocks() says {text}"))
}

/// How far the work is, on a terminal.
struct Progress {
    shown: bool,
}

impl Progress {
    fn new() -> Progress {
        Progress { shown: io::stderr().is_terminal() }
    }

    fn show(&self, what: &str, done: usize, of: usize) {
        if self.shown {
            eprint!("\r\x1b[K{what}: {}/{of}", done + 1);
            let _ = io::stderr().flush();
        }
    }

    fn clear(&self) {
        if self.shown {
            eprint!("\r\x1b[K");
        }
    }
}
