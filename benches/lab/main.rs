//! The lab: what immortality costs and what it saves, measured on this machine. `make lab` builds the library once for
//! each strategy (`src/object/strategy/`), measures them beside each other and beside the CPythons at hand, and
//! writes one page, the raw figures, and a summary on the terminal.
//!
//! * `strategies.rs` builds the libraries
//! * `../compare/` runs the kernels, each runtime in a process of its own, in turns
//! * `probe.rs` and `probe.c` are what else is measured in such a process; `experiments.rs` asks for it
//! * `results.rs` holds the figures; `page.rs`, `chart.rs` and `summary.rs` show them
//!
//! `LABFLAGS=--quick` measures less often, `OUT=FOLDER` writes elsewhere than to `target/lab`. `--kernels WORD` has
//! `immortal` beside `plain` alone, at the kernels whose names contain the word, and only prints what they take.

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

use measure::Figure;
use peer::Peer;
use results::{Results, Row};
use strategies::Built;

struct Options {
    quick: bool,
    out: PathBuf,
    /// Shows what was measured before.
    again: bool,
    /// Measures these kernels, and nothing else.
    kernels: Option<String>,
}

fn options(arguments: &[String]) -> Result<Option<Options>, String> {
    let mut options = Options { quick: false, out: strategies::folder(), again: false, kernels: None };
    let mut bench = false;
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--bench" => bench = true,
            "--quick" => options.quick = true,
            "--again" => options.again = true,
            "--out" => options.out = words.next().ok_or("--out wants a folder")?.into(),
            "--kernels" => options.kernels = Some(words.next().cloned().unwrap_or_default()),
            other => {
                return Err(format!("{other}: the lab knows --quick, --again, --out FOLDER and --kernels WORD"));
            }
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
    if let Some(word) = &options.kernels {
        let libraries = strategies::build(&["immortal", "plain"])?;
        let module = shared::build_kernels();
        let (mut results, mut processes) = processes(&libraries, &module, Vec::new());
        kernels(&mut processes, &mut results, if options.quick { QUICK_ROUNDS } else { ROUNDS }, word);
        let _ = fs::remove_file(module);
        if results.kernels.is_empty() {
            return Err(format!("no kernel's name contains '{word}'"));
        }
        summary::print_kernels(&results);
        return Ok(());
    }
    let raw = options.out.join("lab.json");
    let results = if options.again {
        Results::read(&raw)?
    } else {
        let libraries = strategies::build(&strategies::STRATEGIES)?;
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

/// How often each process has its turn at a kernel.
const ROUNDS: usize = 11;
const QUICK_ROUNDS: usize = 5;

/// Every runtime has several processes, whose memory lies otherwise each time; a strategy's have each another layout of
/// its library.
type Processes = Vec<Vec<Peer>>;

fn processes(libraries: &[Built], module: &Path, others: Vec<Peer>) -> (Results, Processes) {
    let of = |built: &Built| built.layouts.iter().map(|layout| Peer::new(built.name, layout, module)).collect();
    let mut processes: Processes = libraries.iter().map(of).collect();
    let count = processes.first().map_or(1, Vec::len);
    processes.extend(others.into_iter().map(|other| {
        let mut runtime: Vec<Peer> = (1..count).map(|_| other.another()).collect();
        runtime.push(other);
        runtime
    }));
    let names = processes.iter().map(|runtime| runtime[0].name.clone()).collect();
    (Results::new(names, libraries.len()), processes)
}

/// All experiments on all runtimes: our strategies, then the CPythons.
fn measured(libraries: &[Built], quick: bool) -> Result<Results, String> {
    let module = shared::build_kernels_with(&["benches/lab/probe.c"]);
    let mut cpythons = peer::cpythons(&module);
    cpythons.extend(peer::of_pyenv(&cpythons, &module));
    let (mut results, mut processes) = processes(libraries, &module, cpythons);
    kernels(&mut processes, &mut results, if quick { QUICK_ROUNDS } else { ROUNDS }, "");
    let peers: Vec<&Peer> = processes.iter().map(|runtime| &runtime[0]).collect();
    experiments::run(&peers, &mut results, quick);
    drop(processes);
    let _ = fs::remove_file(module);
    Ok(results)
}

/// How often a kernel in which the strategies differ is measured anew.
const AGAIN: usize = 8;
/// By how much.
const DIFFERS: f64 = 0.02;

/// Those whose name contains the word.
fn kernels(processes: &mut Processes, results: &mut Results, rounds: usize, word: &str) {
    let names =
        processes.iter_mut().flatten().find_map(|peer| peer.kernels().ok()).expect("a runtime loads the kernels");
    let wanted = names.into_iter().enumerate().filter(|(_, (_, name))| name.contains(word)).collect::<Vec<_>>();
    let bar = bar("kernels", wanted.len());
    for (index, (question, name)) in wanted {
        bar.set_message(name.clone());
        let mut figures = figures(processes, index, rounds);
        // Some take two times, now this and now that, by where a process's memory happens to lie.
        for _ in 0..AGAIN {
            if !differ(&figures[..results.ours]) {
                break;
            }
            let strategies = &mut processes[..results.ours];
            strategies.iter_mut().flatten().for_each(Peer::end);
            for (sofar, figure) in figures.iter_mut().zip(self::figures(strategies, index, rounds)) {
                if let (Ok(sofar), Ok(figure)) = (sofar, figure) {
                    *sofar = [sofar[0].min(figure[0]), sofar[1].min(figure[1])];
                }
            }
        }
        for (figure, runtime) in figures.iter().zip(&results.names) {
            if let Err(peer::Failure(why)) = figure {
                results.notes.push(format!("{runtime}: {name}: {why}"));
            }
        }
        let figures = figures.into_iter().map(Result::ok).collect();
        results.kernels.push(Row { question, name, figures });
        bar.inc(1);
    }
    bar.finish_with_message("");
}

/// A figure for each runtime.
fn figures(processes: &mut [Vec<Peer>], index: usize, rounds: usize) -> Vec<Result<[f64; 2], peer::Failure>> {
    let mut taken = measure::measure(processes.iter_mut().flatten(), index, rounds).into_iter();
    processes.iter().map(|runtime| least(taken.by_ref().take(runtime.len()))).collect()
}

/// Whether `immortal` and `plain`, the first two, take different times.
fn differ(figures: &[Result<[f64; 2], peer::Failure>]) -> bool {
    let [Ok(immortal), Ok(plain), ..] = figures else { return false };
    (immortal[0] / plain[0] - 1.0).abs() > DIFFERS
}

/// The least of a runtime's processes, and the least of their medians.
fn least(figures: impl Iterator<Item = Result<Figure, peer::Failure>>) -> Result<[f64; 2], peer::Failure> {
    figures.collect::<Result<Vec<_>, _>>().map(|figures| {
        let of = |part: fn(&Figure) -> f64| figures.iter().map(part).fold(f64::INFINITY, f64::min);
        [of(|figure| figure.least), of(|figure| figure.median)]
    })
}

/// A bar that says what is being done.
fn bar(what: &'static str, steps: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix:>12} [{bar:32}] {pos}/{len} {elapsed} {msg}");
    let bar = ProgressBar::new(steps as u64).with_prefix(what).with_style(style.expect("a template"));
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    bar
}
