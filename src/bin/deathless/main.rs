//! `deathless`, the command line: a client of the C API like any other.
//!
//! It links to no runtime. `runtime.rs` opens one with `dlopen`, ours or
//! CPython's, and each command talks to it by the functions in `api.rs`.

mod abi;
mod api;
mod args;
mod audit;
mod elf;
mod eval;
mod faults;
mod immortals;
mod interpreters;
mod leaks;
mod module;
mod object;
mod report;
mod run;
mod runtime;
mod seal;
/// The library's own, compiled into this program too: it links to no runtime, and runs in one process with it.
#[path = "../../runtime/site.rs"]
mod site;

use std::process::ExitCode;

use args::Command;

/// Exit code: the expression raised an exception.
const FAILED: u8 = 1;
/// Exit code: the command could not do its work.
const UNUSABLE: u8 = 2;

fn main() -> ExitCode {
    // SAFETY: a reader that goes away ends this program, as it does any other filter.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
    let outcome = args::parse(std::env::args_os()).and_then(|command| match command {
        Command::Print(text) => {
            print!("{text}");
            Ok(ExitCode::SUCCESS)
        }
        Command::Version => {
            println!("deathless {}", env!("CARGO_PKG_VERSION"));
            Ok(ExitCode::SUCCESS)
        }
        Command::Audit(options) => audit::command(&options),
        Command::Eval(options) => eval::command(&options),
        Command::Faults(options) => faults::command(&options),
        Command::Immortals(options) => immortals::command(&options),
        Command::Interpreters(options) => interpreters::command(&options),
        Command::Run(options) => run::command(&options),
    });
    outcome.unwrap_or_else(|sentence| {
        eprintln!("deathless: {sentence}");
        ExitCode::from(UNUSABLE)
    })
}
