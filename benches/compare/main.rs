//! Our library beside CPython's, kernel by kernel: `cargo bench --bench compare -- WORD`
//! measures the kernels whose name or file contains the word; all without one.
//!
//! Every runtime has a process of its own (`child.rs`), and they take turns, a
//! millisecond or two each, so that what else the machine does hits all alike. CPython 3.13 to
//! 3.15 are looked for where `get-peers` puts them: `DEATHLESS_PEERS` or `../peers/root`.

#[path = "../shared/mod.rs"]
mod shared;

mod child;
mod peer;
mod startup;
mod table;

use std::path::Path;

use peer::{Failure, Peer};
use table::{Figure, Table};

/// How often each runtime has its turn.
const ROUNDS: usize = 25;
/// How long a turn is to take.
const TURN_NS: f64 = 1.5e6;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("--kernels-of") => return child::serve(Path::new(&arguments[1]), Path::new(&arguments[2])),
        Some("--startup-of") => return startup::report(Path::new(&arguments[1])),
        _ => {}
    }
    // `cargo test --benches` asks only whether it can run.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let words: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word.as_str()));
    let module = shared::build_kernels();
    let mut peers = peer::at_hand(&shared::our_library(), &module);
    let mut table = Table::new(peers.iter().map(|peer| peer.name.clone()).collect());
    if wanted("startup") {
        startup::measure(&peers, &mut table);
    }
    let names = peers.iter_mut().find_map(|peer| peer.kernels().ok()).expect("a runtime loads the kernels");
    let mut last = "";
    for (index, (question, name)) in names.iter().enumerate() {
        if !wanted(name) && !wanted(question) {
            continue;
        }
        if question != last {
            table.heading(question);
            last = question;
        }
        let figures = measure(&mut peers, index);
        table.row(name, &figures);
    }
    table.end();
    let _ = std::fs::remove_file(module);
}

/// Nanoseconds an operation of the kernel, for each runtime.
fn measure(peers: &mut [Peer], index: usize) -> Vec<Result<Figure, Failure>> {
    let counts: Vec<Result<u64, Failure>> = peers.iter_mut().map(|peer| calibrate(peer, index)).collect();
    let mut samples: Vec<Result<Vec<f64>, Failure>> =
        counts.iter().map(|count| count.clone().map(|_| Vec::with_capacity(ROUNDS))).collect();
    for _ in 0..ROUNDS {
        for ((peer, count), taken) in peers.iter_mut().zip(&counts).zip(&mut samples) {
            let (Ok(count), Ok(sofar)) = (count, &mut *taken) else { continue };
            match peer.run(index, *count) {
                Ok(time) => sofar.push(time / *count as f64),
                Err(failure) => *taken = Err(failure),
            }
        }
    }
    samples.into_iter().map(|taken| taken.map(Figure::of)).collect()
}

/// How many operations fill a turn. The first run prepares; of the others the quicker of
/// two counts, for a hiccup would leave a count too small to be measured.
fn calibrate(peer: &mut Peer, index: usize) -> Result<u64, Failure> {
    let mut count = 1;
    peer.run(index, count)?;
    loop {
        let time = peer.run(index, count)?.min(peer.run(index, count)?);
        if time > TURN_NS / 8.0 {
            return Ok(((count as f64 * TURN_NS / time) as u64).max(1));
        }
        count *= 4;
    }
}
