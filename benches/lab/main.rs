//! The lab: what immortality costs and what it saves, measured on this machine. `make lab` builds the library once for
//! each strategy (`src/object/strategy/`), measures them beside each other and beside the CPythons at hand, and
//! writes one page, the raw figures, and a summary on the terminal.
//!
//! * `strategies.rs` builds the libraries
//! * `../compare/` runs the kernels, each runtime in a process of its own, in turns
//! * `probe.rs` and `probe.c` are what else is measured in such a process; `experiments.rs` asks for it
//! * `results.rs` holds the figures; `page.rs`, `chart.rs` and `summary.rs` show them
//!
//! `LABFLAGS=--quick` measures less often, `OUT=FOLDER` writes elsewhere than to `target/lab`.

#[path = "../shared/mod.rs"]
mod shared;

#[path = "../compare/child.rs"]
mod child;
#[path = "../compare/measure.rs"]
mod measure;
#[path = "../compare/peer.rs"]
mod peer;

mod chart;
mod experiments;
mod page;
mod probe;
mod results;
mod strategies;
mod summary;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};

use peer::Peer;
use results::{Results, Row};

struct Options {
    quick: bool,
    out: PathBuf,
    /// Shows what was measured before.
    again: bool,
}

fn options(arguments: &[String]) -> Result<Option<Options>, String> {
    let mut options = Options { quick: false, out: strategies::folder(), again: false };
    let mut bench = false;
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--bench" => bench = true,
            "--quick" => options.quick = true,
            "--again" => options.again = true,
            "--out" => options.out = words.next().ok_or("--out wants a folder")?.into(),
            other => return Err(format!("{other}: the lab knows --quick, --again and --out FOLDER")),
        }
    }
    // `cargo test --benches` asks only whether it can run.
    Ok(bench.then_some(options))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("--kernels-of") => {
            child::serve(Path::new(&arguments[1]), Path::new(&arguments[2]));
            return ExitCode::SUCCESS;
        }
        Some("--probe") => return probe::answer(&arguments[1..]),
        _ => {}
    }
    match options(&arguments).and_then(|options| options.map_or(Ok(()), |options| run(&options))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    let raw = options.out.join("lab.json");
    let results = if options.again {
        Results::read(&raw)?
    } else {
        let libraries = strategies::build()?;
        measured(&libraries, options.quick)?
    };
    let say = |error: std::io::Error| format!("{}: {error}", options.out.display());
    fs::create_dir_all(&options.out).map_err(say)?;
    fs::write(&raw, results.json()).map_err(say)?;
    let page = options.out.join("lab.html");
    fs::write(&page, page::page(&results)).map_err(say)?;
    summary::print(&results);
    println!("\n{}\n{}", page.display(), raw.display());
    Ok(())
}

/// All experiments on all runtimes: our strategies, then the CPythons.
fn measured(libraries: &[(&'static str, PathBuf)], quick: bool) -> Result<Results, String> {
    let module = shared::build_kernels_with(&["benches/lab/probe.c"]);
    let mut peers: Vec<Peer> = libraries.iter().map(|(name, library)| Peer::new(name, library, &module)).collect();
    let cpythons = peer::cpythons(&module);
    let built = peer::of_pyenv(&cpythons, &module);
    peers.extend(cpythons.into_iter().chain(built));
    let mut results = Results::new(peers.iter().map(|peer| peer.name.clone()).collect(), libraries.len());
    kernels(&mut peers, &mut results, if quick { 9 } else { 41 });
    experiments::run(&peers, &mut results, quick);
    drop(peers);
    let _ = fs::remove_file(module);
    Ok(results)
}

fn kernels(peers: &mut [Peer], results: &mut Results, rounds: usize) {
    let names = peers.iter_mut().find_map(|peer| peer.kernels().ok()).expect("a runtime loads the kernels");
    let bar = bar("kernels", names.len());
    for (index, (question, name)) in names.into_iter().enumerate() {
        bar.set_message(name.clone());
        let mut figures = Vec::with_capacity(peers.len());
        for (figure, runtime) in measure::measure(peers, index, rounds).into_iter().zip(&results.names) {
            match figure {
                Ok(figure) => figures.push(Some([figure.least, figure.median])),
                Err(peer::Failure(why)) => {
                    results.notes.push(format!("{runtime}: {name}: {why}"));
                    figures.push(None);
                }
            }
        }
        results.kernels.push(Row { question, name, figures });
        bar.inc(1);
    }
    bar.finish_with_message("");
}

/// A bar that says what is being done.
fn bar(what: &'static str, steps: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix:>12} [{bar:32}] {pos}/{len} {elapsed} {msg}");
    let bar = ProgressBar::new(steps as u64).with_prefix(what).with_style(style.expect("a template"));
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    bar
}
