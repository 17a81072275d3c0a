//! What does it cost to start a runtime, and what is lost when it ends? Each sample is a
//! fresh process: a first start is not a second one.

use std::fs;
use std::path::Path;
use std::time::Instant;

use crate::measure::Figure;
use crate::peer::{Failure, Peer};
use crate::shared::Runtime;
use crate::table::Table;

const SAMPLES: usize = 7;
/// Cycles before memory is looked at, and those over which it is.
const WARM: usize = 5;
const CYCLES: usize = 40;

/// In the child: the first start and a cycle in nanoseconds, the bytes that a cycle loses.
pub fn report(library: &Path) {
    let runtime = Runtime::load(library).unwrap_or_else(|error| panic!("{error}"));
    let begun = Instant::now();
    runtime.start();
    let first = begun.elapsed().as_nanos();
    runtime.end();
    for _ in 0..WARM {
        cycle(&runtime);
    }
    let before = resident();
    let begun = Instant::now();
    for _ in 0..CYCLES {
        cycle(&runtime);
    }
    let each = begun.elapsed().as_nanos() / CYCLES as u128;
    let lost = (resident() - before) / CYCLES as i64;
    println!("{first} {each} {lost}");
}

fn cycle(runtime: &Runtime) {
    runtime.start();
    assert!(runtime.end(), "Py_FinalizeEx fails");
}

/// Bytes of this process's memory that are not in a file.
pub fn resident() -> i64 {
    let pages = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let field = |index: usize| pages.split(' ').nth(index).and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
    (field(1) - field(2)) * 4096
}

pub fn measure(peers: &[Peer], table: &mut Table) {
    let mut samples: Vec<Result<[Vec<f64>; 3], Failure>> = peers.iter().map(|_| Ok(Default::default())).collect();
    for _ in 0..SAMPLES {
        for (peer, taken) in peers.iter().zip(&mut samples) {
            let Ok(columns) = taken else { continue };
            match peer.figures("--startup-of") {
                Ok(figures) => {
                    columns.iter_mut().zip::<[f64; 3]>(figures).for_each(|(column, figure)| column.push(figure))
                }
                Err(failure) => *taken = Err(failure),
            }
        }
    }
    let figures = |index: usize| -> Vec<Result<Figure, Failure>> {
        samples.iter().map(|taken| taken.clone().map(|columns| Figure::of(columns[index].clone()))).collect()
    };
    table.heading("startup");
    table.row("start a runtime", &figures(0));
    table.row("start and end, a cycle", &figures(1));
    table.bytes("bytes lost by a cycle", &figures(2));
}
