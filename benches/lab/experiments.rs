//! What is asked of every runtime besides the kernels. An experiment that a runtime cannot do leaves no figure, and a
//! note with the reason.

use std::os::unix::process::ExitStatusExt;

use crate::peer::Peer;
use crate::results::{Outcome, Results};

/// The four kinds of code that touch a reference word, up and down; in the order of `probe_unbalanced`.
pub const FORMS: [&str; 8] = [
    "limited API up to 3.11, counting up",
    "limited API up to 3.11, counting down",
    "full API 3.12 and 3.13, up",
    "full API 3.12 and 3.13, down",
    "full API 3.14 and 3.15, up",
    "full API 3.14 and 3.15, down",
    "limited API since 3.12 (calls), up",
    "limited API since 3.12 (calls), down",
];

/// How far out of balance.
const UNBALANCED: usize = 1 << 24;
/// Each sample of memory is a fresh process; the median counts.
const SAMPLES: usize = 5;

pub fn run(peers: &[&Peer], results: &mut Results, quick: bool) {
    let samples = if quick { 3 } else { SAMPLES };
    results.records = if quick { 100_000 } else { 300_000 };
    let bar = crate::bar("experiments", peers.len() * 5);
    for peer in peers {
        let step = |what: &'static str| {
            bar.set_message(format!("{}: {what}", peer.name));
            bar.inc(1);
        };
        step("memory at start-up");
        let memory = median(samples, || figures(peer, "memory", &[])).map(|f| [f[0], f[1]]);
        step("two threads on shared objects");
        let traffic = figures(peer, "traffic", &[if quick { 9 } else { 45 }, 150_000]).map(|f| [f[0], f[1], f[2]]);
        step("pages dirtied after a fork");
        let fork = |how| median(samples, || figures(peer, "fork", &[how, results.records])).map(|f| f[0]);
        let nothing = fork(3);
        let fork: [Result<f64, String>; 3] = [0, 1, 2].map(|how| {
            let dirtied = fork(how)?;
            Ok((dirtied - nothing.clone()?).max(0.0))
        });
        step("code that counts without balance");
        let unbalanced = (0..FORMS.len()).map(|form| outcome(peer, form)).collect();
        step("its immortals");
        if let Ok(text) = ask(peer, "immortals", &[])
            && results.immortals.is_empty()
        {
            results.immortals = text.split('\x1f').filter_map(kind).collect();
        }
        results.memory.push(memory.map_err(|why| results.notes.push(format!("{}: memory: {why}", peer.name))).ok());
        results.traffic.push(traffic.map_err(|why| results.notes.push(format!("{}: threads: {why}", peer.name))).ok());
        results.fork.push(fork.map(Result::ok));
        results.unbalanced.push(unbalanced);
    }
    bar.finish_with_message("");
}

fn kind(row: &str) -> Option<(String, [u64; 3])> {
    let mut fields = row.split('\t');
    let kind = fields.next()?.to_owned();
    let mut number = || fields.next()?.parse().ok();
    Some((kind, [number()?, number()?, number()?]))
}

/// The words that a fresh process prints, or why there are none.
fn ask(peer: &Peer, what: &str, arguments: &[usize]) -> Result<String, String> {
    let mut command = peer.command_with_module("--probe");
    command.arg(what).args(arguments.iter().map(usize::to_string));
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let said = errors.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    Err(match output.status.signal() {
        Some(_) => format!("the process is killed ({said})"),
        None => said.to_owned(),
    })
}

fn figures(peer: &Peer, what: &str, arguments: &[usize]) -> Result<Vec<f64>, String> {
    let words = ask(peer, what, arguments)?;
    words.split_whitespace().map(|word| word.parse().map_err(|_| words.clone())).collect()
}

/// Each figure's median.
fn median(samples: usize, sample: impl Fn() -> Result<Vec<f64>, String>) -> Result<Vec<f64>, String> {
    let taken = (0..samples).map(|_| sample()).collect::<Result<Vec<_>, _>>()?;
    let middle = |place: usize| {
        let mut column: Vec<f64> = taken.iter().map(|row| row[place]).collect();
        column.sort_by(f64::total_cmp);
        column[column.len() / 2]
    };
    Ok((0..taken[0].len()).map(middle).collect())
}

fn outcome(peer: &Peer, form: usize) -> Outcome {
    match figures(peer, "unbalanced", &[form, UNBALANCED]) {
        Ok(drifted) if drifted[0] < 0.0 => Outcome::Survives,
        Ok(drifted) if drifted[0] == 0.0 => Outcome::Untouched,
        Ok(_) => Outcome::Healed,
        Err(why) => Outcome::Ends(why),
    }
}
