//! The process in which a runtime runs the kernels, as standard input says:
//! `list` answers with every kernel's question and name, `run INDEX COUNT` with the
//! nanoseconds of processor time that it took, or `error TEXT`.

use std::io::{Write, stdin, stdout};
use std::path::Path;

use crate::shared::{Kernel, Runtime};

pub fn serve(library: &Path, module: &Path) {
    let runtime = Runtime::load(library).unwrap_or_else(|error| fail(&error));
    runtime.start();
    let kernels = runtime.kernels(module).unwrap_or_else(|error| fail(&error));
    for line in stdin().lines() {
        let line = line.expect("the parent writes text");
        let words: Vec<&str> = line.split(' ').collect();
        let answer = match words[..] {
            ["run", index, count] => {
                let index: usize = index.parse().expect("an index");
                run(&runtime, &kernels[index], count.parse().expect("a count"))
            }
            _ => list(&kernels),
        };
        let mut out = stdout().lock();
        writeln!(out, "{answer}").and_then(|()| out.flush()).expect("the parent listens");
    }
}

fn fail(error: &str) -> ! {
    eprintln!("{error}");
    std::process::exit(1)
}

fn run(runtime: &Runtime, kernel: &Kernel, count: u64) -> String {
    let begun = processor_time();
    match runtime.run(kernel, count) {
        Ok(()) => (processor_time() - begun).to_string(),
        Err(error) => format!("error {error}"),
    }
}

/// Nanoseconds that this thread has had: those of other programs do not count.
fn processor_time() -> i64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the place is ours, and Linux has this clock.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

fn list(kernels: &[Kernel]) -> String {
    let names: Vec<String> = kernels.iter().map(|kernel| format!("{}\t{}", kernel.question, kernel.name)).collect();
    names.join("\x1f")
}
