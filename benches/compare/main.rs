//! Our library beside CPython's, kernel by kernel: `cargo bench --bench compare -- WORD`
//! measures the kernels whose name or file contains the word; all without one.
//!
//! Every runtime has a process of its own (`child.rs`), and they take turns, a
//! millisecond or two each, so that what else the machine does hits all alike. CPython 3.13 to
//! 3.15 are looked for where `get-peers` puts them: `DEATHLESS_PEERS` or `../peers/root`. In their place another build
//! of ours is measured if `DEATHLESS_BENCH_BESIDE` is the path of its library.

#[path = "../shared/mod.rs"]
mod shared;

mod child;
mod interpreters;
mod measure;
mod peer;
mod startup;
mod table;

use std::path::Path;

use table::Table;

/// How often each runtime has its turn.
const ROUNDS: usize = 25;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("--kernels-of") => return child::serve(Path::new(&arguments[1]), Path::new(&arguments[2])),
        Some("--interpreters-of") => return interpreters::report(Path::new(&arguments[1])),
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
    if wanted("interpreters") {
        interpreters::measure(&peers, &mut table);
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
        let figures = measure::measure(&mut peers, index, ROUNDS);
        table.row(name, &figures);
    }
    table.end();
    let _ = std::fs::remove_file(module);
}
