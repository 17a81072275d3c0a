//! Modules that CPython 3.13 built for itself, unmodified, on our library:
//! `c_tests/dynload/MODULE[.TOPIC].expr` against 3.13's own library in the same test.
//!
//! Where 3.15 answers otherwise than 3.13, `differences.tsv` says how and why, and
//! 3.15 counts; where a 3.15 is at hand, it has to agree: `cpython3.15::…`. Where we
//! differ from both on purpose, `ours.tsv` says so.
//! `cargo test --test dynload -- --progress [PART…]` prints how many lines agree.

mod support;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use support::{Comparison, Module, Runtime, differences, evaluate, expressions, read};

fn folder() -> PathBuf {
    support::root().join("c_tests/dynload")
}

/// A CPython 3.13 of which both the library and the modules are there.
#[derive(Clone)]
struct Oracle {
    library: PathBuf,
    modules: PathBuf,
}

fn oracle() -> Option<Oracle> {
    let prefixes = support::pyenv(13).into_iter();
    let found = prefixes.map(|prefix| Oracle {
        library: prefix.join("lib/libpython3.13.so.1.0"),
        modules: prefix.join("lib/python3.13/lib-dynload"),
    });
    found.into_iter().find(|oracle| oracle.library.exists() && module(oracle, "_testlimitedcapi").file.exists())
}

fn module(oracle: &Oracle, corpus: &str) -> Module {
    let name = corpus.split('.').next().expect("a first part");
    let file = oracle.modules.join(format!("{name}.cpython-313-x86_64-linux-gnu.so"));
    Module { name: name.to_owned(), file }
}

fn compare(runtime: &Runtime, oracle: &Oracle, name: &str) -> Result<Comparison, Failed> {
    let lines = expressions(&read(&folder().join(format!("{name}.expr")))?);
    let module = module(oracle, name);
    let mut expected = evaluate(&Runtime::Library(oracle.library.clone()), Some(&module), &lines)?;
    let differ = differences(&folder().join("differences.tsv"), name, &lines)?;
    let intended = match runtime {
        Runtime::Ours => differences(&folder().join("ours.tsv"), name, &lines)?,
        _ => BTreeMap::new(),
    };
    for (line, answer) in lines.iter().zip(&mut expected) {
        if let Some(counts) = intended.get(line).or(differ.get(line)) {
            counts.clone_into(answer);
        }
    }
    let found = evaluate(runtime, Some(&module), &lines)?;
    Ok(Comparison::new(&lines, &expected, &found))
}

fn main() -> ExitCode {
    let Some(oracle) = oracle() else {
        eprintln!("skipped: no CPython 3.13 with a shared library and _testlimitedcapi in ~/.pyenv/versions");
        return ExitCode::SUCCESS;
    };
    let names = support::corpora(&folder());
    if support::progress(&names, |name| compare(&Runtime::Ours, &oracle, name)) {
        return ExitCode::SUCCESS;
    }
    match support::update_open(&folder(), &names, |name| compare(&Runtime::Ours, &oracle, name)) {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(failed) => return support::give_up(&failed),
    }
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    let mut runtimes = vec![("ours", Runtime::Ours)];
    runtimes.extend(support::cpython_3_15().map(|runtime| ("cpython3.15", runtime)));
    for name in names {
        for (title, runtime) in &runtimes {
            let (name, runtime, oracle) = (name.clone(), runtime.clone(), oracle.clone());
            let ours = *title == "ours";
            trials.push(Trial::test(format!("{title}::{name}"), move || {
                let comparison = compare(&runtime, &oracle, &name)?;
                if ours { comparison.verdict_of_ours(&folder(), &name) } else { comparison.verdict() }
            }));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}
