//! The corpus of expressions, `c_tests/expressions/*.expr`, on our library: each line
//! answers as CPython 3.15's record beside it says, or as `differences.tsv` has it.
//!
//! `cargo test --test expressions -- --progress [PART…]` prints how many lines of
//! each file agree. Where a 3.15 is at hand, the same evaluator runs on it too and
//! has to agree with the record: `cpython3.15::…`.

mod support;

use std::path::PathBuf;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use support::{Comparison, Runtime, differences, evaluate, expressions, read};

fn folder() -> PathBuf {
    support::root().join("c_tests/expressions")
}

/// The expressions of a file, and what CPython 3.15 answered to each.
fn recorded(name: &str) -> Result<(Vec<String>, Vec<String>), Failed> {
    let lines = expressions(&read(&folder().join(format!("{name}.expr")))?);
    let record = read(&folder().join(format!("{name}.3.15")))?;
    let answers: Vec<String> = record.split_terminator('\n').map(str::to_owned).collect();
    if answers.len() != lines.len() {
        return Err(format!("{} expressions, {} answers recorded", lines.len(), answers.len()).into());
    }
    Ok((lines, answers))
}

fn ours(name: &str) -> Result<Comparison, Failed> {
    let (lines, mut expected) = recorded(name)?;
    let differ = differences(&folder().join("differences.tsv"), name, &lines)?;
    for (line, answer) in lines.iter().zip(&mut expected) {
        if let Some(ours) = differ.get(line) {
            ours.clone_into(answer);
        }
    }
    let found = evaluate(&Runtime::Ours, None, &lines)?;
    Ok(Comparison::new(&lines, &expected, &found))
}

fn cpython(runtime: &Runtime, name: &str) -> Result<Comparison, Failed> {
    let (lines, expected) = recorded(name)?;
    let found = evaluate(runtime, None, &lines)?;
    Ok(Comparison::new(&lines, &expected, &found))
}

fn main() -> ExitCode {
    let names = support::corpora(&folder());
    if support::progress(&names, ours) {
        return ExitCode::SUCCESS;
    }
    match support::update_open(&folder(), &names, ours) {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(failed) => return support::give_up(&failed),
    }
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    let peer = support::cpython_3_15();
    if peer.is_none() {
        eprintln!("no CPython 3.15 at hand: its record is taken on trust");
    }
    for name in names {
        if let Some(peer) = peer.clone() {
            let file = name.clone();
            trials.push(Trial::test(format!("cpython3.15::{name}"), move || cpython(&peer, &file)?.verdict()));
        }
        trials.push(Trial::test(format!("ours::{name}"), move || ours(&name)?.verdict_of_ours(&folder(), &name)));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}
