//! What parses text at run time, fuzzed against CPython 3.15: the same generated expression is evaluated by our library
//! and by CPython's, and the answers must be equal. Where no 3.15 is at hand, ours must answer: without a crash, a hang,
//! or an exception that is set beside a value.
//!
//! An ordinary run has the same few cases each time. `FUZZ_CASES=N` asks for as many of each area, `FUZZ_SEED=N` for
//! others; `make fuzz` does both, with a seed that it prints. What is found shows as the smallest expression that
//! differs too; once mended it belongs into `c_tests/expressions/`, with 3.15's answer.
//!
//! One area a file. Generators follow the grammar of what is parsed, and then spoil some of it: `text.rs`. `search.rs`
//! compares and shrinks, `evaluator.rs` keeps the processes.

mod arithmetic;
mod bytes_methods;
mod codecs;
mod evaluator;
mod format_spec;
mod literals;
mod memoryviews;
mod numbers;
mod percent;
mod search;
mod slices;
mod str_format;
mod str_methods;
#[path = "../support/mod.rs"]
mod support;
mod text;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

use search::{Area, Effort};

fn areas() -> Vec<Area> {
    let mut areas = vec![format_spec::area(), str_format::area(), memoryviews::area(), str_methods::area()];
    areas.extend([bytes_methods::area(), slices::area(), arithmetic::area(), literals::area()]);
    areas.extend(numbers::areas());
    areas.extend(codecs::areas());
    areas.extend(percent::areas());
    areas
}

fn main() -> ExitCode {
    let effort = Effort::from_environment();
    let peer = search::peer();
    if peer.is_none() {
        eprintln!("no CPython 3.15 at hand: nothing is compared, ours must only answer");
    }
    let kind = if peer.is_some() { "" } else { "not compared" };
    let trial = |area: Area| {
        let peer = peer.clone();
        Trial::test(area.name, move || area.search(effort, peer)).with_kind(kind)
    };
    libtest_mimic::run(&Arguments::from_args(), areas().into_iter().map(trial).collect()).exit_code()
}
